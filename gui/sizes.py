"""The sizes that the window can be shown in, from 100 to 300 percent.

Qt scales a whole application only as it starts. So a size chosen is kept for the next start, and what is drawn in units
of its own takes it at once.
"""

import os
from collections.abc import Mapping

from PySide6.QtCore import QSettings

from gui.scaled import Scaled

SIZES = (100, 125, 150, 200, 250, 300)
FACTOR = "QT_SCALE_FACTOR"


def kept_size(settings: QSettings | None) -> int:
    """The size chosen the last time, in percent; 100 if none was."""
    kept = str(settings.value("size")) if settings is not None else ""
    return next((size for size in SIZES if str(size) == kept), SIZES[0])


def enlarge_application(settings: QSettings) -> None:
    """Let Qt show everything in the size kept, on top of what the system asks for; before the application is made."""
    try:
        asked = float(os.environ.get(FACTOR, ""))
    except ValueError:  # Qt takes no notice of it either
        asked = 1.0
    os.environ[FACTOR] = str(asked * kept_size(settings) / 100)


class Sizes:
    """The size chosen, for widgets of a window that was started in the size kept in `settings`; each widget is given
    with the scale that it has room for."""

    def __init__(self, widgets: Mapping[Scaled, float], settings: QSettings | None) -> None:
        self._widgets, self._settings = widgets, settings
        self.size = self._started = kept_size(settings)

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown in the size chosen, not only what takes it at once."""
        return self.size == self._started

    def step(self, by: int) -> None:
        """To the next size (1), or the one before (-1)."""
        place = SIZES.index(self.size) + by
        self.size = SIZES[min(max(place, 0), len(SIZES) - 1)]
        for widget, largest in self._widgets.items():
            widget.rescale(min(self.size / self._started, largest))
        if self._settings is not None:
            self._settings.setValue("size", self.size)
