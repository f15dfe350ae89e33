"""Stands between the stepper and the window: takes what the user wants, emits frames."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path

from PySide6.QtCore import Signal

from engine.comparison import Comparison, comparing
from engine.cursor import START, Cursor
from engine.edits import Entry, folded
from engine.files.examples import names, open_with_witness
from engine.files.session_file import SessionFileError, Witness, save
from engine.frame import Frame
from engine.quantities import Quantity
from engine.session import Change, Session
from engine.spec import Spec
from engine.stepper import Stepper
from gui import text
from gui.controller.changes import with_frozen, with_row, without_row
from gui.controller.moves import Moves
from gui.controller.replays import Replays
from gui.focus import Focus
from gui.gradually import Gradually
from gui.runs.run import Compared, Run, Runs, is_lost

FIRST_EXAMPLE = "seed-003"


class Controller(Moves):
    """Drives one session: its moves, its changes, where it is from and what of it is saved."""

    compared_changed = Signal(list)
    runs_changed = Signal(Runs)
    differences_changed = Signal(object)
    session_changed = Signal(Session)

    def __init__(self, session: Session, source: str = "", witness: Witness | None = None) -> None:
        """source: the example's name or the file's path that the session is from; empty for one just entered. witness:
        what the machine that saved it had computed. ValueError where there is no such cursor."""
        super().__init__(_at_the_start(session))
        self._compared: list[Comparison] = []
        self._comparing: Gradually[Comparison | None] = Gradually(self._take_compared, self)
        self.runs, self._is_comparing = Runs(), False
        self._replays = Replays(self.differences_changed.emit, self)
        self.frame_changed.connect(self._compare_runs)
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

    def return_to(self, run: Run) -> None:
        """Make a run that was left the present one, as one change; the one in hand is left for it."""
        self._change(lambda: self._stepper.returning(run.session), lambda _: text.returned(run.name))

    def choose_run(self, run: Compared) -> None:
        """Choose a run to be compared, None being the present one, or let it go."""
        self._show_runs(self.runs.choosing(run))

    def compare_runs(self, is_wanted: bool) -> None:
        """Compute the parameters of the two runs chosen; differences_changed has what sets them apart, and on the
        way the iteration last done. Not wanted: stop."""
        self._is_comparing = is_wanted
        self._compare_runs()

    def _compare_runs(self) -> None:
        """Follow what is shown, but not while that runs."""
        pair = self.runs.pair
        if pair is None or not self._is_comparing:
            self._replays.stop()
        elif not self.is_running:
            self._replays.compare(pair, self._stepper)

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
        runs, left = self.runs, self._in_hand
        if len(left.losses):
            runs = runs.keeping(left.called(text.run_of(left.session)))
        self._stepper = stepper
        self._show_runs(runs.beside(session.spec))
        self._hold(session, saved, source, done, witness)

    def _hold(self, session: Session, saved: Session | None, source: str, done: str, witness: Witness | None) -> None:
        """Go to the cursor of the session that the stepper has been given."""
        self._saved, self.focus = saved, Focus()
        self.source = source if not source or source in names() else str(Path(source).absolute())
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
            self.say(text.not_saved(path, reason or error))
            return False
        self._saved, self.source = session, str(path.absolute())
        self.session_changed.emit(session)
        self.say(text.saved(path))
        self.show()
        return True

    def _change(self, change: Callable[[], Iterator[int]], done: Callable[[str], str]) -> None:
        """Do a change and say so: done(what was changed, in words)."""
        self.pause()
        before = self._in_hand
        try:
            moves = change()
        except ValueError as error:
            self.say(text.not_changed(error))
            return
        self._slices.travel(moves, lambda: self._changed(before, done))

    def _changed(self, before: Run, done: Callable[[str], str]) -> None:
        """Keep the run that was left."""
        now, left = self._in_hand, None
        if is_lost(before.losses, now.losses):
            left = before.called(text.run_left(self.frame.narrator.symbol, before.session, now.session))
        self._show_runs(self.runs.followed(left, now))
        self.session_changed.emit(self._stepper.session)
        self.say(done(self.to_undo))

    @property
    def _in_hand(self) -> Run:
        """The present run as it would be left."""
        frame, count = self.frame, len(self.frame.losses)
        end = Cursor(max(count, 1), self._stepper.program(max(count, 1)).count)
        test_loss = float(frame.test_losses[-1]) if len(frame.test_losses) else None
        return Run(text.PRESENT_RUN, replace(frame.session, cursor=end), frame.losses, test_loss)

    def _show_runs(self, runs: Runs) -> None:
        if runs is not self.runs:
            self.runs = runs
            self.runs_changed.emit(runs)
            self._compare_runs()


def _at_the_start(session: Session) -> Stepper:
    """A stepper at the session's start, from where the way to its cursor is followed; ValueError where that is none."""
    stepper = Stepper(replace(session, cursor=START))
    stepper.check(session.cursor)
    return stepper
