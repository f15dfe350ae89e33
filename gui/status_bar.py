"""The status bar: what was said last, the notice of values that are not finite, what comes next, and the digits."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from gui.digits import Digits
from gui.notice import NotFiniteNotice
from gui.theme import ui_font


class StatusBar(QStatusBar):
    """`words` stand in it first; `digits_chosen` takes how many digits the equation is to write."""

    def __init__(self, words: str, digits_chosen: Callable[[int], object]) -> None:
        super().__init__()
        self.said, self.notice, self.coming = QLabel(words), NotFiniteNotice(), QLabel()
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for label in (self.said, self.coming):
            label.setFont(ui_font(12))
        self.addWidget(self.said, 1)
        for widget in (self.notice, self.coming, Digits(digits_chosen)):
            self.addPermanentWidget(widget)
