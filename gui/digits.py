"""How many digits the panels write, chosen in the status bar and kept for the next start."""

from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QSpinBox

from gui import text
from gui.theme import ui_font

FEWEST, USUAL, MOST = 2, 5, 17
"""Seventeen tell any two floats apart."""
DIGIT = 8
"""How wide a figure is at most, in pixels."""


@runtime_checkable
class WithDigits(Protocol):
    """A panel that writes as many digits as it is told."""

    def show_digits(self, count: int) -> None: ...


def more_room(count: int) -> int:
    """By how many pixels a number of so many digits may be wider than one of the usual ones."""
    return DIGIT * max(count - USUAL, 0)


def kept_digits(settings: QSettings | None) -> int:
    """The number chosen the last time; the usual one if none was."""
    kept = str(settings.value("digits")) if settings is not None else ""
    return next((count for count in range(FEWEST, MOST + 1) if str(count) == kept), USUAL)


def show_digits(count: int, panels: Iterable[object], settings: QSettings | None) -> None:
    """Tell every panel that writes digits how many, and keep the number."""
    for panel in panels:
        if isinstance(panel, WithDigits):
            panel.show_digits(count)
    if settings is not None:
        settings.setValue("digits", count)


class Digits(QSpinBox):
    """A field for 2 to 17 digits; `chosen` is called with every other number."""

    def __init__(self, count: int, chosen: Callable[[int], object]) -> None:
        super().__init__()
        self.setRange(FEWEST, MOST)
        self.setValue(count)
        self.setPrefix(text.DIGITS_BEFORE)
        self.setToolTip(text.DIGITS_TIP)
        self.setAccessibleName(text.DIGITS_NAME)
        self.setFont(ui_font(12))
        self.setFixedHeight(18)  # no higher than the words beside it
        self.setFrame(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.valueChanged.connect(chosen)
