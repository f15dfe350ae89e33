"""What stands in the status bar: what was said last, a value that is not finite, what comes next, the digits."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from gui.digits import Digits
from gui.notice import NotFiniteNotice
from gui.theme import ui_font


class SteadyLabel(QLabel):
    """As wide as the widest of its words so far: other words move nothing, and the window is not laid out for them."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def setText(self, words: str) -> None:
        super().setText(words)
        if self.fontMetrics().horizontalAdvance(words) > self.minimumWidth():
            self.give_back()

    def give_back(self) -> None:
        """The room that its words do not need, to what is said beside it."""
        self.setMinimumSize(0, 0)  # or it would count as needed
        self.setFixedSize(self.sizeHint())


def fill(
    bar: QStatusBar, said: str, digits: int, show_digits: Callable[[int], object]
) -> tuple[QLabel, NotFiniteNotice, SteadyLabel]:
    """The labels for what was said and for what comes, and the notice between them."""
    saying, notice, coming = QLabel(said), NotFiniteNotice(), SteadyLabel()
    saying.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    for label in (saying, coming):
        label.setFont(ui_font(12))
    bar.addWidget(saying, 1)
    for part in (notice, coming, Digits(digits, show_digits)):
        bar.addPermanentWidget(part)
    return saying, notice, coming
