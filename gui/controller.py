"""Stands between the stepper and the window: takes what the user wants, emits frames, moves in small slices."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.activations import Array
from engine.cursor import START, Cursor
from engine.edits import Entry, folded
from engine.files.examples import names, open_with_witness
from engine.files.session_file import SessionFileError, Witness, save
from engine.frame import Frame
from engine.program import Unit
from engine.quantities import Quantity
from engine.session import Session
from engine.spec import Spec
from engine.stepper import Change, Stepper
from gui import text
from gui.changes import with_frozen, with_row, without_row
from gui.focus import Focus
from gui.slices import Slices

FIRST_EXAMPLE = "seed-003"
MOST_ABANDONED = 5
FASTEST = 0
SPEEDS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, FASTEST)
"""Units a second; FASTEST runs whole iterations as fast as they go."""
FOR_EVER = 10**12


class Controller(QObject):
    """Drives one session; every change ends in a frame."""

    frame_changed = Signal(Frame)
    unit_changed = Signal(Unit)
    running_changed = Signal(bool)
    abandoned_changed = Signal(list)
    focus_changed = Signal(Focus)
    session_changed = Signal(Session)
    message = Signal(str)

    def __init__(self, session: Session, source: str = "", witness: Witness | None = None) -> None:
        """source: the example's name or the file's path that the session is from; empty for one just entered. witness:
        what the machine that saved it had computed. ValueError where there is no such cursor."""
        super().__init__()
        self.said = ""
        self.unit, self.speed, self.limit = Unit.OPERATION, 4, 0
        self.focus = Focus()
        self._slices = Slices(self)
        self._slices.shown.connect(self.show)
        self._slices.running_changed.connect(self.running_changed)
        self._slices.message.connect(self.say)
        self._begin(session, session, source, "", witness)

    @property
    def path(self) -> Path | None:
        """The session's file, if it has one."""
        path = Path(self.source)
        return path if path.is_absolute() and path.is_file() else None

    @property
    def frame(self) -> Frame:
        """What the panels show: the stepper's frame, of the sample chosen."""
        frame = self._stepper.frame
        return frame if self.focus.sample is None else replace(frame, chosen=self.focus.sample)

    @property
    def is_running(self) -> bool:
        """Whether a run or a long way is going on."""
        return self._slices.is_active

    @property
    def is_changed(self) -> bool:
        """Whether there are edits that are not saved; where the cursor stands does not count."""
        session, saved = self._stepper.session, self._saved
        return saved is None or (session.spec, session.edits) != (saved.spec, saved.edits)

    @property
    def to_undo(self) -> str:
        """What undo takes back, in words; empty where there is nothing."""
        return self._in_words(self._stepper.to_undo)

    @property
    def to_redo(self) -> str:
        """What redo does again, in words; empty where there is nothing."""
        return self._in_words(self._stepper.to_redo)

    def _in_words(self, change: Change | None) -> str:
        return text.change(self._stepper.frame.narrator.symbol, *change) if change else ""

    def show(self) -> None:
        """Emit the frame at the cursor."""
        self.frame_changed.emit(self.frame)

    def say(self, message: str) -> None:
        """Tell the user something in one line."""
        self.said = message
        self.message.emit(message)

    def choose_unit(self, unit: Unit) -> None:
        """What next, previous and run cover from now on."""
        if unit is not self.unit:
            self.unit = unit
            self.unit_changed.emit(unit)

    def choose_speed(self, speed: int) -> None:
        """One of SPEEDS; takes effect at once while running."""
        self.speed = speed
        if self._slices.is_on_a_run:
            self.run()

    def choose_limit(self, iterations: int) -> None:
        """After how many iterations a run stops by itself; 0: it goes on until paused."""
        self.limit = iterations

    def next(self, unit: Unit | None = None) -> None:
        """To the end of a unit, by default the chosen one."""
        self._move(lambda: self._stepper.after(unit or self.unit))

    def previous(self, unit: Unit | None = None) -> None:
        """To the start of a unit, by default the chosen one."""
        self._move(lambda: self._stepper.before(unit or self.unit))

    def to_start(self) -> None:
        """The start of the session."""
        self.seek(1)

    def to_iteration_start(self) -> None:
        self.seek(self._stepper.cursor.iteration)

    def to_iteration_end(self) -> None:
        self.seek(self._stepper.cursor.iteration, self.frame.program.count)

    def seek_operation(self, operation: int) -> None:
        """The end of an operation, from 1, of this iteration."""
        self.seek(self._stepper.cursor.iteration, operation)

    def seek(self, iteration: int, operation: int = 0) -> None:
        self._move(lambda: Cursor(iteration, operation))

    def seek_iteration(self, iteration: int) -> None:
        """The same place as now in another iteration, as far as it has one."""
        if iteration != self._stepper.cursor.iteration:
            self.seek(iteration, min(self._stepper.cursor.operation, self._stepper.program(iteration).count))

    def go_to(self, quantity: Quantity) -> None:
        """The operation of this iteration that writes a quantity, if there is one."""
        k = self.frame.program.writer(quantity, self.frame.position())
        if k is not None:
            self.seek_operation(k + 1)

    def select(self, quantity: Quantity | None) -> None:
        """The quantity that every panel marks; None for none."""
        self._look_at(replace(self.focus, selected=quantity))

    def hover(self, quantities: tuple[Quantity, ...]) -> None:
        """The quantities under the pointer, which every panel lights."""
        self._look_at(replace(self.focus, hovered=quantities))

    def choose_sample(self, sample: int) -> None:
        """The sample (row of the data, from 1) whose values are shown until the next move."""
        if sample != self.frame.sample:
            self._look_at(replace(self.focus, sample=sample))
            self.show()

    def _look_at(self, focus: Focus) -> None:
        if focus != self.focus:
            self.focus = focus
            self.focus_changed.emit(focus)

    def run_or_pause(self) -> None:
        if self.is_running:
            self.pause()
        else:
            self.run()

    def run(self) -> None:
        """Go on by the chosen unit at the chosen speed until paused, or for as many iterations as the limit says."""
        self._move_on()
        iterations, is_fast = self.limit or FOR_EVER, self.speed == FASTEST
        end = self._stepper.after(Unit.ITERATION).iteration + iterations
        moves = self._stepper.running(iterations) if is_fast else self._pacing(end)
        self._slices.run(moves, self._say_unless_finite, 0 if is_fast else 1 / self.speed)

    def _pacing(self, end: int) -> Iterator[int | None]:
        """Unit by unit with a rest after each, up to the start of iteration `end` or a loss that is not finite."""
        cursor = self._stepper.after(self.unit)
        while cursor.iteration < end:
            yield from self._stepper.seeking(cursor)
            yield None
            if not self._is_finite:
                return
            cursor = self._stepper.after(self.unit)

    def pause(self) -> None:
        """Stop running, at the end of an iteration where it runs fastest, or a long way where it has come."""
        self._slices.pause()

    @property
    def _is_finite(self) -> bool:
        losses = self._stepper.frame.losses
        return not len(losses) or isfinite(losses[-1])

    def _say_unless_finite(self) -> None:
        if not self._is_finite:
            self.say(text.not_finite(len(self.frame.losses)))

    def edit(self, quantity: Quantity | str, value: float, sample: int | None = None) -> None:
        """Change a value from the start of this iteration on; what cannot be done is said."""
        self.enter([Entry(quantity, value, sample)])

    def enter(self, entries: Iterable[Entry]) -> None:
        """Several edits as one change, all or none."""
        self._change(lambda: self._stepper.editing(entries), text.edited)

    def enter_next(self, entries: Iterable[Entry]) -> None:
        """The same from the start of the next iteration on; the cursor moves there."""
        self._change(lambda: self._stepper.editing(entries, of_next=True), text.edited)

    def freeze(self, parameter: Quantity, is_frozen: bool) -> None:
        """Freeze a parameter or let it go; a new run begins."""
        self._change(lambda: self._stepper.changing(with_frozen(self._spec, parameter, is_frozen)), text.begun_anew)

    def add_row(self) -> None:
        """One more sample, a copy of the last one; a new run begins."""
        self._change(lambda: self._stepper.changing(with_row(self._now)), text.begun_anew)

    def remove_row(self, sample: int) -> None:
        """Without a sample (row of the data, from 1); a new run begins."""
        if 1 <= sample <= self._spec.samples > 1:
            self._change(lambda: self._stepper.changing(without_row(self._now, sample)), text.begun_anew)
        else:
            self.say(text.NO_ROW)

    @property
    def _spec(self) -> Spec:
        return self._stepper.session.spec

    @property
    def _now(self) -> Spec:
        """The spec with the edits of iteration 1, with which a new run begins."""
        return replace(self._spec, data=folded(self._spec, self._stepper.session.edits).data)

    def undo(self) -> None:
        self.pause()
        if words := self.to_undo:
            self._change(self._stepper.undoing, lambda _: text.undone(words))

    def redo(self) -> None:
        self.pause()
        if words := self.to_redo:
            self._change(self._stepper.redoing, lambda _: text.redone(words))

    def show_in(self, notation: str) -> None:
        """Write quantities in another notation; the run goes on as it was."""
        self.pause()
        self._stepper.show_in(notation)
        self.show()

    def open(self, source: str | Path) -> bool:
        """Open an example or a file; the session in hand stays where that fails."""
        try:
            session, witness = open_with_witness(source)
            self._begin(session, session, str(source), text.opened(str(source)), witness)
        except (SessionFileError, ValueError) as error:
            self.say(text.not_opened(error))
            return False
        return True

    def begin(self, session: Session) -> None:
        """Begin with a session that is not a file yet."""
        self._begin(session, None, "", text.FIRST_HINT)

    def recover(self, session: Session, source: str) -> None:
        """Go on with a session that was not saved; it still belongs to the file or example it is from."""
        self._begin(session, None, source, text.RECOVERED)

    @staticmethod
    def preview(session: Session) -> Frame:
        """The first frame of a session that is only being entered."""
        return Stepper(session).frame

    def _begin(
        self, session: Session, saved: Session | None, source: str, done: str = "", witness: Witness | None = None
    ) -> None:
        stepper = Stepper(replace(session, cursor=START))
        stepper.check(session.cursor)
        self.pause()
        self._stepper, self.focus = stepper, Focus()
        self._saved = saved
        self.source = source if not source or source in names() else str(Path(source).absolute())
        self._abandoned: list[Array] = []

        def arrived() -> None:
            difference = witness.difference(self._stepper.frame.trace.batch_loss) if witness else None
            if said := f"{done} {difference or ''}".strip():
                self.say(said)

        self.abandoned_changed.emit([])
        self.focus_changed.emit(self.focus)
        self.session_changed.emit(session)
        self._slices.travel(stepper.seeking(session.cursor), arrived)

    def save(self, path: Path) -> bool:
        """Save the session; says so, or why not."""
        self.pause()
        session, frame = self._stepper.session, self.frame
        known = len(frame.losses) >= session.cursor.iteration
        try:
            save(session, path, frame.trace.batch_loss if known and isfinite(frame.trace.batch_loss) else None)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            self.say(f"Not saved: {path}: {reason or error}.")
            return False
        self._saved, self.source = session, str(path.absolute())
        self.session_changed.emit(session)
        self.say(f"Saved {path}.")
        self.show()
        return True

    def _move_on(self) -> None:
        """What is shown from now on is the sample of the operation."""
        self.pause()
        self._look_at(replace(self.focus, sample=None))

    def _move(self, goal: Callable[[], Cursor]) -> None:
        self._move_on()
        try:
            self._slices.travel(self._stepper.seeking(goal()), lambda: None)
        except ValueError as error:
            self.say(str(error))

    def _change(self, change: Callable[[], Iterator[int]], done: Callable[[str], str]) -> None:
        """Do a change and say so: done(what was changed, in words)."""
        self.pause()
        before = self.frame.losses
        try:
            moves = change()
        except ValueError as error:
            self.say(f"Not changed: {error}.")
            return
        self._slices.travel(moves, lambda: self._changed(before, done))

    def _changed(self, before: Array, done: Callable[[str], str]) -> None:
        """Keep the curve of the run that was left."""
        if self.focus.sample is not None and self.focus.sample > self._spec.samples:
            self._look_at(replace(self.focus, sample=None))
        if len(before) > len(self.frame.losses):
            self._abandoned = [*self._abandoned[1 - MOST_ABANDONED :], before]
            self.abandoned_changed.emit(self._abandoned)
        self.session_changed.emit(self._stepper.session)
        self.say(done(self.to_undo))
