"""Stands between the stepper and the window: takes what the user wants, emits frames."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.files.examples import open_session
from engine.files.session_file import SessionFileError
from engine.frame import Frame
from engine.program import Unit
from engine.session import Session
from engine.stepper import Stepper

FIRST_EXAMPLE = "seed-003"


class Controller(QObject):
    """Drives one session; every change ends in a frame."""

    frame_changed = Signal(Frame)
    unit_changed = Signal(Unit)
    message = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stepper = Stepper(session)
        self.unit = Unit.OPERATION

    @property
    def frame(self) -> Frame:
        return self._stepper.frame

    def show(self) -> None:
        """Emit the frame at the cursor."""
        self.frame_changed.emit(self.frame)

    def choose_unit(self, unit: Unit) -> None:
        """What next and previous cover from now on."""
        if unit is not self.unit:
            self.unit = unit
            self.unit_changed.emit(unit)

    def next(self) -> None:
        self._stepper.next(self.unit)
        self.show()

    def previous(self) -> None:
        self._stepper.previous(self.unit)
        self.show()

    def next_phase(self) -> None:
        self._stepper.next(Unit.PHASE)
        self.show()

    def previous_phase(self) -> None:
        self._stepper.previous(Unit.PHASE)
        self.show()

    def next_iteration(self) -> None:
        self._stepper.next(Unit.ITERATION)
        self.show()

    def previous_iteration(self) -> None:
        self._stepper.previous(Unit.ITERATION)
        self.show()

    def to_start(self) -> None:
        """The start of the session."""
        self._stepper.seek(1)
        self.show()

    def to_iteration_start(self) -> None:
        self._stepper.seek(self._stepper.cursor.iteration)
        self.show()

    def to_iteration_end(self) -> None:
        self._stepper.seek(self._stepper.cursor.iteration, self.frame.program.count)
        self.show()

    def open(self, source: str | Path) -> None:
        """Open an example or a file; the session in hand stays where that fails."""
        try:
            self._stepper = Stepper(open_session(source))
        except (SessionFileError, ValueError) as error:
            self.message.emit(f"Not opened: {error}")
            return
        self.message.emit(f"Opened {source}.")
        self.show()
