"""The activation function at work: its curve and slope at this neuron's z, and a calculator for any function."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.frame import Frame
from gui import text
from gui.focus import Focus
from gui.function.calculator import Calculator
from gui.function.view import FunctionView
from gui.scrolling import Scrolling
from gui.widgets import hairline


class FunctionPanel(QWidget):
    """The picture of the neuron looked at, and beneath it the calculator."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view, self.calculator = FunctionView(), Calculator()
        self.area = Scrolling(self.view, is_sideways=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addWidget(hairline())
        column.addWidget(self.calculator)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName(text.FUNCTION)

    def sizeHint(self) -> QSize:
        return QSize(376, 560)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.view.show_digits(count)
        self.calculator.show_digits(count)

    def show_frame(self, frame: Frame) -> None:
        """The function of the neuron at work at the cursor, unless another is looked at."""
        self.view.show_frame(frame)
        self._offer()

    def show_focus(self, focus: Focus) -> None:
        """The function of the neuron looked at."""
        self.view.show_focus(focus)
        self._offer()

    def _offer(self) -> None:
        subject = self.view.subject()
        if subject is not None:
            self.calculator.offer(subject.name)
