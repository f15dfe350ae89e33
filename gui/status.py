"""What stands in the status bar: what was said last, a value that is not finite, what comes next, the digits."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from gui.digits import Digits
from gui.notice import NotFiniteNotice
from gui.theme import ui_font


def fill(
    bar: QStatusBar, said: str, digits: int, show_digits: Callable[[int], object]
) -> tuple[QLabel, NotFiniteNotice, QLabel]:
    """The labels for what was said and for what comes, and the notice between them."""
    saying, notice, coming = QLabel(said), NotFiniteNotice(), QLabel()
    saying.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    for label in (saying, coming):
        label.setFont(ui_font(12))
    bar.addWidget(saying, 1)
    for part in (notice, coming, Digits(digits, show_digits)):
        bar.addPermanentWidget(part)
    return saying, notice, coming
