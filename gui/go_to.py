"""Go to: any operation of any iteration."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QWidget

from engine.frame import Frame
from gui import text

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
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow("Iteration", self.iteration)
        form.addRow(f"Operation (0 to {frame.program.count:,})", self.operation)
        form.addRow(buttons)
        self.operation.setFocus()
        self.operation.selectAll()
