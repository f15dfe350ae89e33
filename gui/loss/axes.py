"""The axis of a logarithmic loss, without labels that lie on one another."""

from collections.abc import Iterable

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF

from gui.brush import advance
from gui.theme import ui_font

FONT_SIZE = 11
USUAL = "0.00000"
"""A label so long has room from the first drawing on; a longer one has the whole plot drawn again."""


class LossAxis(pg.AxisItem):  # type: ignore[misc]
    """As the library's, which labels 0.09 and 0.1 even where they have one line of room between them."""

    def __init__(self) -> None:
        super().__init__("left")
        self.textWidth = advance(USUAL, ui_font(FONT_SIZE))

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float | None, list[float]]]:
        """Ticks by level, coarsest first; only the first are labelled. `size` is the axis's length in pixels."""
        levels: list[tuple[float | None, list[float]]] = super().tickValues(minVal, maxVal, size)
        if not self.logMode or not levels:
            return levels
        least = QFontMetricsF(ui_font(FONT_SIZE)).height() * (maxVal - minVal) / max(size, 1)
        (spacing, values), *finer = levels
        return [(spacing, apart(values, least)), *finer]


def apart(values: Iterable[float], least: float) -> list[float]:
    """Those of the values, from the highest down, that keep so great a distance from the one kept before."""
    kept: list[float] = []
    for value in sorted(values, reverse=True):
        if not kept or kept[-1] - value >= least:
            kept.append(value)
    return kept
