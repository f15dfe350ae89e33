"""Go to: any operation of any iteration."""

from PySide6.QtWidgets import QDialog, QFormLayout, QSpinBox, QWidget

from engine.frame import Frame
from gui import text
from gui.widgets import Choices

LAST_ITERATION = 10_000_000


class GoTo(QDialog):
    """Asks for an iteration and how many of its operations are done there."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.GO_TO_TITLE)
        self.iteration, self.operation = QSpinBox(), QSpinBox()
        self.iteration.setRange(1, LAST_ITERATION)
        self.iteration.setValue(frame.cursor.iteration)
        self.operation.setRange(0, frame.program.count)
        self.operation.setValue(frame.cursor.operation)
        form = QFormLayout(self)
        form.addRow(text.ITERATION, self.iteration)
        form.addRow(text.operation_field(frame.program.count), self.operation)
        form.addRow(Choices(self, text.GO))
        self.operation.setFocus()
        self.operation.selectAll()
