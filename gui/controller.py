"""Stands between the stepper and the window: takes what the user wants, emits frames, runs in small slices."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from engine.activations import Array
from engine.edits import folded
from engine.files.examples import open_session
from engine.files.session_file import SessionFileError, save
from engine.frame import Frame
from engine.program import Unit
from engine.quantities import Quantity
from engine.session import Session
from engine.spec import Data, Spec, frozen_parameters
from engine.stepper import Stepper
from gui import text

FIRST_EXAMPLE = "seed-003"
SLICE = 0.008
REFRESH = 0.05
MOST_ABANDONED = 5
FASTEST = 0
SPEEDS = (1, 2, 4, 10, 30, FASTEST)
"""Units a second; FASTEST runs whole iterations as fast as they go."""
FOR_EVER = 10**9


class Controller(QObject):
    """Drives one session; every change ends in a frame."""

    frame_changed = Signal(Frame)
    unit_changed = Signal(Unit)
    running_changed = Signal(bool)
    abandoned_changed = Signal(list)
    focus_changed = Signal(object)
    message = Signal(str)

    def __init__(self, session: Session, source: str = "", parent: QObject | None = None) -> None:
        """source: the example's name or the file's path that the session is from; empty for one just entered."""
        super().__init__(parent)
        self._stepper = Stepper(session)
        self.unit, self.speed, self.source = Unit.OPERATION, SPEEDS[2], source
        self._saved: Session | None = session
        self._abandoned: list[Array] = []
        self._moves: Iterator[int] | None = None
        self._shown = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    @property
    def path(self) -> Path | None:
        """The session's file, if it has one."""
        return Path(self.source) if self.source and Path(self.source).is_file() else None

    @property
    def frame(self) -> Frame:
        return self._stepper.frame

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    @property
    def is_changed(self) -> bool:
        """Whether there are edits that are not saved; where the cursor stands does not count."""
        session, saved = self._stepper.session, self._saved
        return saved is None or (session.spec, session.edits) != (saved.spec, saved.edits)

    @property
    def can_undo(self) -> bool:
        return self._stepper.can_undo

    @property
    def can_redo(self) -> bool:
        return self._stepper.can_redo

    def show(self) -> None:
        """Emit the frame at the cursor."""
        self._shown = perf_counter()
        self.frame_changed.emit(self.frame)

    def say(self, message: str) -> None:
        """Tell the user something in one line."""
        self.message.emit(message)

    def choose_unit(self, unit: Unit) -> None:
        """What next, previous and run cover from now on."""
        if unit is not self.unit:
            self.unit = unit
            self.unit_changed.emit(unit)

    def choose_speed(self, speed: int) -> None:
        """One of SPEEDS; takes effect at once while running."""
        self.speed = speed
        if self.is_running:
            self.pause()
            self.run()

    def next(self, unit: Unit | None = None) -> None:
        """To the end of a unit, by default the chosen one."""
        self._move(lambda: self._stepper.next(unit or self.unit))

    def previous(self, unit: Unit | None = None) -> None:
        """To the start of a unit, by default the chosen one."""
        self._move(lambda: self._stepper.previous(unit or self.unit))

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
        self._move(lambda: self._stepper.seek(iteration, operation))

    def seek_iteration(self, iteration: int) -> None:
        """The same place as now in another iteration, as far as it has one."""
        if iteration != self._stepper.cursor.iteration:
            count = self._stepper.frame_of(iteration).program.count
            self.seek(iteration, min(self._stepper.cursor.operation, count))

    def go_to(self, quantity: Quantity) -> None:
        """The operation of this iteration that writes a quantity, if there is one."""
        k = self.frame.program.writer(quantity, self.frame.position())
        if k is not None:
            self.seek_operation(k + 1)

    def select(self, quantity: Quantity | None) -> None:
        """The quantity that every panel marks; None for none."""
        self.focus_changed.emit(quantity)

    def run_or_pause(self) -> None:
        if self.is_running:
            self.pause()
        else:
            self.run()

    def run(self) -> None:
        """Go on by the chosen unit at the chosen speed until paused."""
        if self.speed == FASTEST:
            self._moves = self._stepper.running(FOR_EVER)
        self._timer.start(0 if self.speed == FASTEST else round(1000 / self.speed))
        self.running_changed.emit(True)

    def pause(self) -> None:
        """Stop running, at the end of an iteration where it runs fastest."""
        if self.is_running:
            self._timer.stop()
            self._moves = None
            self.running_changed.emit(False)
            self.show()

    def edit(self, quantity: Quantity | str, value: float, sample: int | None = None) -> None:
        """Change a value from the start of this iteration on; what cannot be done is said."""
        self._change(lambda: self._stepper.edit(quantity, value, sample), text.edited(str(quantity), value))

    def freeze(self, parameter: Quantity, frozen: bool) -> None:
        """Freeze a parameter or let it go; a new run begins."""
        spec = self._spec
        named = [name for entry in spec.frozen for name in frozen_parameters(spec.network, entry) if name != parameter]
        names = tuple(map(str, [*named, parameter] if frozen else named))
        self._change(lambda: self._stepper.change(replace(spec, frozen=names)), text.frozen(str(parameter), frozen))

    def add_row(self) -> None:
        """One more sample, a copy of the last one; a new run begins."""
        data = self._data_now()
        longer = Data((*data.inputs, data.inputs[-1]), (*data.targets, data.targets[-1]))
        spec = replace(self._spec, data=longer)
        self._change(lambda: self._stepper.change(spec), text.rows_changed(len(longer.inputs)))

    def remove_row(self, sample: int) -> None:
        """Without a sample (row of the data, from 1); a new run begins."""
        data = self._data_now()
        if not 1 <= sample <= len(data.inputs) or len(data.inputs) == 1:
            self.say(text.NO_ROW)
            return
        kept = [row for row in range(len(data.inputs)) if row != sample - 1]
        shorter = Data(tuple(data.inputs[row] for row in kept), tuple(data.targets[row] for row in kept))
        size = self._spec.batch_size
        spec = replace(self._spec, data=shorter, batch_size=min(size, len(kept)) if size else None)
        self._change(lambda: self._stepper.change(spec), text.rows_changed(len(kept)))

    @property
    def _spec(self) -> Spec:
        return self._stepper.session.spec

    def _data_now(self) -> Data:
        """The data with the edits of iteration 1, with which a new run begins."""
        return folded(self._spec, self._stepper.session.edits).data

    def undo(self) -> None:
        self.pause()
        if self.can_undo:
            self._change(self._stepper.undo, text.UNDONE)

    def redo(self) -> None:
        self.pause()
        if self.can_redo:
            self._change(self._stepper.redo, text.REDONE)

    def show_in(self, notation: str) -> None:
        """Write quantities in another notation; the run goes on as it was."""
        self.pause()
        self._stepper.show_in(notation)
        self.show()

    def rescue(self, folder: Path) -> Path:
        """Save the session as it stands beside the user's own files; OSError where that fails."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"rescued{text.SESSION_SUFFIX}"
        save(self._stepper.session, path)
        return path

    def open(self, source: str | Path) -> bool:
        """Open an example or a file; the session in hand stays where that fails."""
        try:
            session = open_session(source)
            self._begin(session, session, str(source))
        except (SessionFileError, ValueError) as error:
            self.message.emit(f"Not opened: {error}")
            return False
        self.message.emit(f"Opened {source}.")
        return True

    def begin(self, session: Session) -> None:
        """Begin with a session that is not a file yet."""
        self._begin(session, None, "")
        self.message.emit(text.FIRST_HINT)

    @staticmethod
    def preview(session: Session) -> Frame:
        """The first frame of a session that is only being entered."""
        return Stepper(session).frame

    def _begin(self, session: Session, saved: Session | None, source: str) -> None:
        self.pause()
        self._stepper = Stepper(session)
        self._saved, self.source, self._abandoned = saved, source, []
        self.abandoned_changed.emit([])
        self.show()

    def save(self, path: Path) -> bool:
        """Save the session; says so, or why not."""
        self.pause()
        session, frame = self._stepper.session, self.frame
        known = len(frame.losses) >= session.cursor.iteration
        try:
            save(session, path, frame.trace.batch_loss if known and isfinite(frame.trace.batch_loss) else None)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            self.message.emit(f"Not saved: {path}: {reason or error}.")
            return False
        self._saved, self.source = session, str(path)
        self.message.emit(f"Saved {path}.")
        self.show()
        return True

    def _move(self, move: Callable[[], None]) -> None:
        self.pause()
        try:
            move()
        except ValueError as error:
            self.message.emit(str(error))
        self.show()

    def _change(self, change: Callable[[], None], done: str) -> None:
        """Do a change; keep the curve that it leaves behind."""
        self.pause()
        before = self.frame.losses
        try:
            change()
        except ValueError as error:
            self.message.emit(f"Not changed: {error}.")
            return
        if len(before) > len(self.frame.losses):
            self._abandoned = [*self._abandoned[1 - MOST_ABANDONED :], before]
            self.abandoned_changed.emit(self._abandoned)
        self.message.emit(done)
        self.show()

    def _tick(self) -> None:
        """One unit, or as many iterations as fit into a slice."""
        if self._moves is None:
            self._stepper.next(self.unit)
            self.show()
            self._stop_unless_finite()
            return
        end = perf_counter() + SLICE
        for _ in self._moves:
            if perf_counter() >= end:
                break
        else:
            self.pause()
            self._stop_unless_finite()
            return
        if perf_counter() - self._shown >= REFRESH:
            self.show()

    def _stop_unless_finite(self) -> None:
        losses = self.frame.losses
        if len(losses) and not isfinite(losses[-1]):
            self.pause()
            self.message.emit(text.not_finite(len(losses)))
