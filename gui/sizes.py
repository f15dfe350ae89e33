"""The sizes that the window can be shown in, from 100 to 300 percent.

Qt scales a whole application only as it starts. So a size chosen is kept for the next start, and what is drawn in units
of its own takes it at once. A window larger than its screen would hide its own edges: then only what scrolls by itself
takes the whole size.
"""

import os
from collections.abc import Mapping

from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import QWidget

from gui.scaled import Scaled

SIZES = (100, 125, 150, 200, 250, 300)
FACTOR = "QT_SCALE_FACTOR"
LARGEST = "largest_size"
"""The key of the largest size that the screen had room for when one was chosen."""
FRAME = 32
"""The height of what a desktop puts above a window."""


def kept_size(settings: QSettings | None) -> int:
    """The size chosen the last time, in percent; 100 if none was."""
    return _kept(settings, "size", SIZES[0])


def started_size(settings: QSettings | None) -> int:
    """The size that Qt shows everything in, in percent: the one kept, or the largest that the screen had room for."""
    return min(kept_size(settings), _kept(settings, LARGEST, SIZES[-1]))


def _kept(settings: QSettings | None, key: str, otherwise: int) -> int:
    kept = str(settings.value(key)) if settings is not None else ""
    return next((size for size in SIZES if str(size) == kept), otherwise)


def largest_size(room: QSize, least: QSize, size: int) -> int:
    """The largest size in which a window that needs `least` at `size` percent fits into `room`; the smallest of them
    where none does."""
    share = min(room.width() / least.width(), room.height() / least.height())
    return max((each for each in SIZES if each <= size * share), default=SIZES[0])


def enlarge_application(settings: QSettings) -> None:
    """Let Qt show everything in the size kept, on top of what the system asks for; before the application is made."""
    try:
        asked = float(os.environ.get(FACTOR, ""))
    except ValueError:  # Qt takes no notice of it either
        asked = 1.0
    os.environ[FACTOR] = str(asked * started_size(settings) / 100)


def room_for(window: QWidget) -> QSize:
    """What the screen has for a window, below what a desktop puts above it."""
    return window.screen().availableSize() - QSize(0, FRAME)


class Sizes:
    """The size chosen, for widgets of a window that was started in the size kept in `settings`, as far as there was
    room; each widget is given with the scale that it has room for."""

    def __init__(self, window: QWidget, widgets: Mapping[Scaled, float], settings: QSettings | None) -> None:
        self._window, self._widgets, self._settings = window, widgets, settings
        self.size, self._started = kept_size(settings), started_size(settings)
        self._rescale()

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown in the size chosen, not only what takes it at once."""
        return self.size == self._started

    @property
    def has_room(self) -> bool:
        """Whether the screen has room for everything in the size chosen."""
        return self.size <= self._largest()

    def step(self, by: int) -> None:
        """To the next size (1), or the one before (-1)."""
        place = SIZES.index(self.size) + by
        self.size = SIZES[min(max(place, 0), len(SIZES) - 1)]
        self._rescale()
        if self._settings is not None:
            self._settings.setValue("size", self.size)
            self._settings.setValue(LARGEST, self._largest())

    def _largest(self) -> int:
        return largest_size(room_for(self._window), self._window.minimumSizeHint(), self._started)

    def _rescale(self) -> None:
        for widget, largest in self._widgets.items():
            widget.rescale(min(self.size / self._started, largest))
