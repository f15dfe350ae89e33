"""Stands between the stepper and the window: takes what the user wants, emits frames."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path

from PySide6.QtCore import Signal

from engine.activations import Array
from engine.comparison import Comparison, comparing
from engine.cursor import START
from engine.edits import Entry, folded
from engine.files.examples import names, open_with_witness
from engine.files.session_file import SessionFileError, Witness, save
from engine.frame import Frame
from engine.quantities import Quantity
from engine.session import Session
from engine.spec import Spec
from engine.stepper import Change, Stepper
from gui import text
from gui.controller.changes import with_frozen, with_row, without_row
from gui.controller.moves import Moves
from gui.focus import Focus
from gui.gradually import Gradually

FIRST_EXAMPLE = "seed-003"
MOST_ABANDONED = 5


class Controller(Moves):
    """Drives one session: its moves, its changes, where it is from and what of it is saved."""

    abandoned_changed = Signal(list)
    compared_changed = Signal(list)
    beside_changed = Signal(dict)
    session_changed = Signal(Session)

    def __init__(self, session: Session, source: str = "", witness: Witness | None = None) -> None:
        """source: the example's name or the file's path that the session is from; empty for one just entered. witness:
        what the machine that saved it had computed. ValueError where there is no such cursor."""
        super().__init__(_at_the_start(session))
        self._compared: list[Comparison] = []
        self._comparing: Gradually[Comparison | None] = Gradually(self._take_compared, self)
        self._beside: dict[str, Array] = {}
        self._hold(session, session, source, "", witness)

    @property
    def path(self) -> Path | None:
        """The session's file, if it has one."""
        path = Path(self.source)
        return path if path.is_absolute() and path.is_file() else None

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

    def change(self, spec: Spec) -> None:
        """Begin a new run with other settings."""
        self._change(lambda: self._stepper.changing(spec), text.begun_anew)

    def add_row(self) -> None:
        """One more sample, a copy of the last one; a new run begins."""
        self._change(lambda: self._stepper.changing(with_row(self._now)), text.begun_anew)

    def remove_row(self, sample: int) -> None:
        """Without a sample (row of the data, from 1); a new run begins."""
        if 1 <= sample <= len(self._spec.data.inputs) > 1:
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

    def compare(self, is_wanted: bool) -> None:
        """Compute the session's published figures, some milliseconds at a time; compared_changed has those so far. Not
        wanted: stop."""
        self._comparing.stop()
        if is_wanted:
            self._compared = []
            self._comparing.begin(comparing(self._stepper.session))

    def _take_compared(self, rows: list[Comparison | None]) -> None:
        self._compared = [*self._compared, *(row for row in rows if row is not None)]
        self.compared_changed.emit(self._compared)

    @staticmethod
    def preview(session: Session) -> Frame:
        """The first frame of a session that is only being entered."""
        return Stepper(session).frame

    def _begin(
        self, session: Session, saved: Session | None, source: str, done: str = "", witness: Witness | None = None
    ) -> None:
        """Leave the session in hand for another; ValueError where that has no such cursor, and nothing is left."""
        stepper = _at_the_start(session)
        self.pause()
        self._beside = self._runs_beside(session.spec)
        self.beside_changed.emit(self._beside)
        self._stepper = stepper
        self._hold(session, saved, source, done, witness)

    def _runs_beside(self, spec: Spec) -> dict[str, Array]:
        """The losses of the sessions that were opened one after the other until now and differ from a spec in nothing
        but their optimizer, by its name."""
        held, losses = self._stepper.session, self.frame.losses
        if replace(held.spec, optimizer=spec.optimizer) != spec:
            return {}
        run = {held.spec.optimizer.name: losses} if len(losses) and not held.edits else {}
        return {name: losses for name, losses in (self._beside | run).items() if name != spec.optimizer.name}

    def _hold(self, session: Session, saved: Session | None, source: str, done: str, witness: Witness | None) -> None:
        """Go to the cursor of the session that the stepper has been given."""
        self._saved, self.focus = saved, Focus()
        self.source = source if not source or source in names() else str(Path(source).absolute())
        self._abandoned: list[Array] = []
        self.abandoned_changed.emit([])
        self.focus_changed.emit(self.focus)
        self.session_changed.emit(session)
        self._slices.travel(self._stepper.seeking(session.cursor), lambda: self._greet(done, witness))

    def _greet(self, done: str, witness: Witness | None) -> None:
        """Say what is done, and by how much this machine's loss differs from the one saved with the session."""
        trace = self._stepper.frame.trace
        difference = witness.difference(trace.batch_loss) if witness and witness.iteration == trace.iteration else None
        if said := f"{done} {difference or ''}".strip():
            self.say(said)

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


def _at_the_start(session: Session) -> Stepper:
    """A stepper at the session's start, from where the way to its cursor is followed; ValueError where that is none."""
    stepper = Stepper(replace(session, cursor=START))
    stepper.check(session.cursor)
    return stepper
