"""Moves one parameter by a step and says what the gradient predicts of the loss, and what the loss does."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.expressions import plain
from engine.frame import Frame
from engine.gradient_check import Nudge, nudge
from engine.quantities import Quantity
from gui import text
from gui.digits import USUAL
from gui.entries import EntryError, parse_number
from gui.theme import ui_font

FIRST_STEP = 0.01


class NudgeForm(QWidget):
    """The parameter's symbol, a field for the step, and two lines that say what comes of it."""

    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._quantity: Quantity | None = None
        self._asked: object = None
        self._length, self._digits = FIRST_STEP, USUAL
        self.what, self.said, self.why = QLabel(), _lines(2), _lines(3)
        self.why.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.step = QLineEdit(text.typed(FIRST_STEP))
        self.step.setAccessibleName(text.NUDGE_STEP)
        self.step.setToolTip(text.NUDGE_TIP)
        self.step.setFixedWidth(96)
        self.step.editingFinished.connect(self._take)
        head = QHBoxLayout()
        head.addWidget(self.what)
        head.addWidget(self.step)
        head.addStretch(1)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(12, 8, 12, 8)
        parts.setSpacing(6)
        parts.addLayout(head)
        parts.addWidget(self.said)
        parts.addWidget(self.why)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        if self._frame is not None and self._quantity is not None:
            self.show_nudge(self._frame, self._quantity)

    def show_nudge(self, frame: Frame, quantity: Quantity) -> None:
        """Nudge a parameter in the iteration of a frame; within an iteration what is said stays."""
        asked = quantity, self._length, self._digits, frame.session.notation
        is_same = self._frame is not None and self._frame.trace is frame.trace and asked == self._asked
        self._frame, self._quantity, self._asked = frame, quantity, asked
        if is_same:
            return
        symbol = plain(frame.narrator.symbol(quantity))
        found: Nudge = nudge(frame.trace, quantity, self._length)
        self.what.setText(f"{text.NUDGE} {symbol} {text.NUDGE_BY}")
        self.said.setText(text.nudged(symbol, found, self._digits))
        self.why.setText(text.why_apart(found, frame.trace.batch_loss, self._digits))
        self.step.setAccessibleDescription(f"{self.said.text()} {self.why.text()}")

    def _take(self) -> None:
        """The step that was typed; a wrong one is refused and the old one stays."""
        if self._frame is None or self._quantity is None or not self.step.isModified():
            return
        try:
            length = parse_number(self.step.text())
            if length == 0:
                raise EntryError(text.NO_STEP)
        except EntryError as error:
            self.refused.emit(f"{error} Still {text.typed(self._length)}.")
        else:
            self._length = length
        self.step.setText(text.typed(self._length))
        self.show_nudge(self._frame, self._quantity)


def _lines(count: int) -> QLabel:
    """A label with room for so many lines, so that nothing beside it moves with what it says."""
    label = QLabel()
    label.setFont(ui_font(12))
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setMinimumHeight(16 * count)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
