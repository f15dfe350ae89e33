"""How many digits the equation writes, chosen in the status bar."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox

from gui import text
from gui.theme import ui_font

FEWEST, USUAL, MOST = 2, 5, 17
"""Seventeen tell any two floats apart."""


class Digits(QSpinBox):
    """A field for 2 to 17 digits; `chosen` is called with every other number."""

    def __init__(self, chosen: Callable[[int], object]) -> None:
        super().__init__()
        self.setRange(FEWEST, MOST)
        self.setValue(USUAL)
        self.setPrefix(text.DIGITS_BEFORE)
        self.setToolTip(text.DIGITS_TIP)
        self.setAccessibleName(text.DIGITS_NAME)
        self.setFont(ui_font(12))
        self.setFixedHeight(18)  # no higher than the words beside it
        self.setFrame(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.valueChanged.connect(chosen)
