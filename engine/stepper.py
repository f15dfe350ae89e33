"""The step controller: moves the cursor, keeps the edits and their undo, and hands out frames.

Long moves are generators that yield between iterations, so that a window can take them in slices; the plain methods
exhaust them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.activations import Array
from engine.batches import batches_per_epoch
from engine.cursor import START, Cursor, after, before
from engine.descriptions import Narrator
from engine.edits import (
    DataEdit,
    Edit,
    Entry,
    LearningRateEdit,
    ParameterEdit,
    begun_anew,
    check_edit,
    with_edit,
)
from engine.frame import Frame
from engine.notation import notation_of
from engine.operations import Operation
from engine.paths import parts
from engine.program import Program, Unit
from engine.quantities import BATCH_LOSS, LEARNING_RATE, Quantity, parse
from engine.running import Departure, Passage
from engine.session import Change, Session
from engine.spec import Spec
from engine.stops import ENTERED, NO_STOPS, Stop, Stops
from engine.timeline import CHECKPOINT_BYTES, Timeline
from engine.trace import Trace


class Stepper:
    """Drives one session. It stands at the session's cursor from the beginning.

    budget: bytes for checkpoints. Raises ValueError where the cursor lies beyond its iteration's operations.
    """

    def __init__(self, session: Session, budget: int = CHECKPOINT_BYTES) -> None:
        self._budget = budget
        self._timeline = Timeline(session.spec, session.edits, budget)
        self._session, self._cursor = session, Cursor()
        self._frame: Frame | None = None
        self._furthest = START
        self.stopped_by: Stop | None = None
        """What the last run stopped at; None where it came to its end."""
        self._undo, self._redo = list[Change](), list[Change]()
        self.seek(*session.cursor)

    @property
    def session(self) -> Session:
        return replace(self._session, cursor=self._cursor)

    @property
    def cursor(self) -> Cursor:
        return self._cursor

    @property
    def frame(self) -> Frame:
        """Everything that can be shown at the cursor."""
        if self._frame is None:
            self._frame = replace(self.frame_of(self.cursor.iteration), session=self.session)
        return self._frame

    def frame_of(self, iteration: int) -> Frame:
        """The frame of a finished iteration, wherever the cursor stands; it does not move."""
        program = self.program(iteration)
        session = replace(self._session, cursor=Cursor(iteration, program.count))
        narrator = self._narrator(self._timeline.trace(iteration))
        known = self._losses_passed(self._furthest)
        losses, tests = self._timeline.losses(known), self._timeline.test_losses(known)
        return Frame(session, narrator.trace, program, narrator, losses, tests, not_finite=self._timeline.not_finite)

    @property
    def operation(self) -> Operation | None:
        """The operation last done; None at an iteration's start."""
        return self.frame.narrator.describe(self.cursor.operation - 1) if self.cursor.operation else None

    def value(self, quantity: str | Quantity, sample: int | None = None) -> float | None:
        """The value of a quantity at the cursor, None where it is not yet written: see Frame.value."""
        return self.frame.value(parse(quantity) if isinstance(quantity, str) else quantity, sample)

    def parameters(self) -> dict[str, float]:
        """All parameters at the cursor by name, in parameter order."""
        return {str(name): value for name, value in self.frame.parameters().items()}

    def losses(self) -> Array:
        """The batch loss of iterations 1 to the furthest computed, read-only."""
        return self.frame.losses

    def test_loss(self, iteration: int) -> float | None:
        """The test loss of an iteration that has been computed; None where no row is held back."""
        known = self._timeline.test_losses(iteration)
        return float(known[-1]) if len(known) else None

    def after(self, unit: Unit) -> Cursor:
        """The end of the unit that holds the next operation."""
        return after(self.cursor, unit, self.program, self._parts)

    def before(self, unit: Unit) -> Cursor:
        """The start of the unit that holds the last operation done; at the very start the cursor itself."""
        return before(self.cursor, unit, self.program, self._parts)

    def next(self, unit: Unit = Unit.OPERATION) -> None:
        """Go to the end of the unit that holds the next operation."""
        self._exhaust(self.seeking(self.after(unit)))

    def previous(self, unit: Unit = Unit.OPERATION) -> None:
        """Go to the start of the unit that holds the last operation done; at the very start nothing happens."""
        self._exhaust(self.seeking(self.before(unit)))

    def seek(self, iteration: int, operation: int = 0, factor: int = 0) -> None:
        """Go to a cursor; ValueError if there is none such."""
        self._exhaust(self.seeking(Cursor(iteration, operation, factor)))

    def seeking(self, cursor: Cursor) -> Iterator[int]:
        """`seek` in slices: yields the iteration computed last. The cursor moves when all is done."""
        self.check(cursor)
        yield from self._timeline.approach(cursor.iteration)
        self._stand_at(cursor)

    def run(self, iterations: int) -> None:
        """next(Unit.ITERATION) so many times; stops early only at a value that is not finite, see `advancing`."""
        self._exhaust(self.running(iterations))

    def running(self, iterations: int, stops: Stops = NO_STOPS) -> Iterator[int]:
        """`run` in slices: yields each iteration as it is finished; the cursor moves along."""
        self.mind(stops)
        if iterations:
            last = self.after(Unit.ITERATION).iteration + iterations - 1
            yield from self.advancing(Cursor(last, self.program(last).count), stops)

    def mind(self, stops: Stops) -> None:
        """A run with these stops begins here."""
        stops.begin(self.cursor, self.frame.program, self.frame.narrator)

    def advancing(self, goal: Cursor, stops: Stops = NO_STOPS) -> Iterator[int]:
        """On to a later cursor in slices, but no further than the first place where one of `stops` holds or a value is
        not finite; `stopped_by` then says which. Only what is done on the way counts."""
        self.stopped_by = None
        t, after = self.cursor.iteration, self.cursor.operation
        if after == self.program(t).count:
            t, after = t + 1, ENTERED
        while t <= goal.iteration and not self.stopped_by:
            self._timeline.run(t)
            program, bad = self.program(t), self._timeline.not_finite
            end = goal if t == goal.iteration else Cursor(t, program.count)
            cursor, self.stopped_by = stops.halt(Cursor(t, after), end, program, self._glance, bad)
            self._stand_at(cursor)
            yield t
            t, after = t + 1, ENTERED

    def departing(self, last: int, stops: Stops) -> Departure | None:
        """What a run to the end of iteration `last` goes on with elsewhere, behind the finished iteration at the
        cursor; None where it is over."""
        if self.stopped_by or self.cursor.iteration >= last:
            return None
        state = self._timeline.trace(self.cursor.iteration).new_state()
        return Departure(self.session, state, last, stops, self._timeline.thin())

    @property
    def stride(self) -> int:
        """Every so many iterations a state is kept."""
        return self._timeline.stride

    def arrive(self, passage: Passage) -> None:
        """Stand where a run elsewhere, of this session, has come to."""
        self._timeline.take(passage.stretch)
        self._timeline.run(passage.cursor.iteration)
        self.stopped_by = passage.stopped_by
        self._stand_at(passage.cursor)

    def edit(self, quantity: str | Quantity, value: float, sample: int | None = None, of_next: bool = False) -> None:
        """Set a parameter, an input or target, or "learning_rate" from the start of this iteration on.

        The cursor stays and the iteration is computed anew. sample: row of the data, from 1, for inputs and targets; by
        default the one shown. of_next: the edit belongs to the next iteration, and the cursor moves to its start.
        ValueError (SpecError) for what the network does not have or a value that makes no sense."""
        self._exhaust(self.editing([Entry(quantity, value, sample)], of_next))

    def editing(self, entries: Iterable[Entry], of_next: bool = False) -> Iterator[int]:
        """`edit` of several quantities as one change, all of them or none, in slices."""
        cursor = Cursor(self.cursor.iteration + 1) if of_next else self.cursor
        edits = self._session.edits
        for entry in entries:
            edit = self._edit_of(entry, cursor.iteration)
            check_edit(self._session.spec, edit)
            edits = with_edit(edits, edit)
        return self._do(replace(self.session, edits=edits, cursor=cursor))

    def change(self, spec: Spec) -> None:
        """Begin a new run at iteration 1 with another spec. Edits of iteration 1 are folded into it, as far as the new
        spec does not itself set something else; later ones end with the old run."""
        self._exhaust(self.changing(spec))

    def changing(self, spec: Spec) -> Iterator[int]:
        """`change` in slices."""
        new = begun_anew(spec, self._session.spec, self._session.edits)
        return self._do(replace(self._session, spec=new, edits=(), cursor=Cursor()))

    def return_to(self, session: Session) -> None:
        """Take spec, edits and cursor of another session as one change; what it is called stays."""
        self._exhaust(self.returning(session))

    def returning(self, session: Session) -> Iterator[int]:
        """`return_to` in slices."""
        return self._do(replace(self.session, spec=session.spec, edits=session.edits, cursor=session.cursor))

    def show_in(self, notation: str) -> None:
        """Write quantities in another notation: a way of showing, no change of the run."""
        self._session = replace(self._session, notation=notation)
        self._frame = None

    @property
    def to_undo(self) -> Change | None:
        """The change that undo takes back."""
        return self._undo[-1] if self._undo else None

    @property
    def to_redo(self) -> Change | None:
        """The change that redo does again."""
        return self._redo[-1] if self._redo else None

    def undo(self) -> None:
        """Back to the session as it was just before the last change, cursor included."""
        self._exhaust(self.undoing())

    def undoing(self) -> Iterator[int]:
        """`undo` in slices. The change is taken back at once, the cursor stands on its way until all is done."""
        if self._undo:
            self._redo.append(self._undo.pop())
            yield from self._becoming(self._redo[-1].before)

    def redo(self) -> None:
        """Forward to the session as it was just after the change undone last."""
        self._exhaust(self.redoing())

    def redoing(self) -> Iterator[int]:
        """`redo` in slices, as `undoing`."""
        if self._redo:
            self._undo.append(self._redo.pop())
            yield from self._becoming(self._undo[-1].after)

    def _edit_of(self, entry: Entry, iteration: int) -> Edit:
        quantity, value, sample = entry.quantity, float(entry.value), entry.sample
        if quantity == LEARNING_RATE:
            return LearningRateEdit(iteration, value)
        name = parse(quantity) if isinstance(quantity, str) else quantity
        if name.kind in ("x", "y"):
            return DataEdit(iteration, self.frame.sample if sample is None else sample, name, value)
        return ParameterEdit(iteration, name, value)

    def _do(self, session: Session) -> Iterator[int]:
        self._undo.append(Change(self.session, session))
        self._redo.clear()
        return self._becoming(session)

    def _becoming(self, session: Session) -> Iterator[int]:
        """Stand exactly at `session`; losses beyond its cursor belong to what was left. On the way there the cursor
        stands at the nearest start of an iteration that needs no replay."""
        if session.spec == self._session.spec:
            self._timeline.change(session.edits)
        else:
            self._timeline = Timeline(session.spec, session.edits, self._budget)
        self._session = replace(session, notation=self._session.notation)
        self._furthest = START
        near = self._timeline.nearest(session.cursor.iteration)
        self._stand_at(Cursor(near))
        if near < session.cursor.iteration:
            yield near
        yield from self.seeking(session.cursor)

    def _stand_at(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._furthest = max(self._furthest, cursor)
        self._frame = None

    def _losses_passed(self, cursor: Cursor) -> int:
        """How many iterations have their batch loss at or before the cursor."""
        k = self.program(cursor.iteration).writer(BATCH_LOSS, None)
        return cursor.iteration - (k is None or k >= cursor.operation)

    def check(self, cursor: Cursor) -> None:
        """ValueError unless there is such a cursor."""
        t, k, factor = cursor
        if t < 1 or k < 0 or factor < 0:
            raise ValueError(f"no iteration {t}, operation {k}, factor {factor}: they begin at 1, 0 and 0")
        count = self.program(t).count
        if k > count or (factor and k == count):
            raise ValueError(f"iteration {t} has {count} operations, no {k + (factor > 0)}")
        # An iteration of the first epoch with as many samples has the same operations, and no long way leads there.
        near = t if t == self._cursor.iteration else (t - 1) % batches_per_epoch(self._session.spec) + 1
        parts = self._parts(near, k) if factor else 1
        if factor >= parts:
            raise ValueError(f"operation {k + 1} has {parts} parts, not more than {factor}")

    def program(self, iteration: int) -> Program:
        """The operations of an iteration."""
        return self._timeline.program(iteration)

    def _glance(self, iteration: int) -> Narrator:
        """Of an iteration just computed, to be asked before the next one."""
        return self._narrator(self._timeline.glance(iteration))

    def _narrator(self, trace: Trace) -> Narrator:
        notation = notation_of(self._session.notation, self._session.spec.network.shape)
        return Narrator(trace, self.program(trace.iteration), notation)

    def _parts(self, iteration: int, k: int) -> int:
        return parts(self._narrator(self._timeline.trace(iteration)), k)

    @staticmethod
    def _exhaust(moves: Iterator[int]) -> None:
        for _ in moves:
            pass
