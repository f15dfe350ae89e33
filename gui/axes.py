"""The frame of a plot: from values to places and back, round figures along the edges, and how it is drawn."""

from itertools import pairwise
from math import ceil, floor, inf, isfinite, log10
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPolygonF

from engine.activations import Array
from gui import formula, text
from gui.brush import Brush, advance
from gui.theme import ui_font

TICK, SYMBOL = 11, 15
LARGEST = 1e12
"""What lies further out is drawn at this many ranges from the middle."""


class Span(NamedTuple):
    """The smallest and the largest value of an axis."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    def wider(self, share: float) -> "Span":
        """With a margin at both ends; of a single value one unit, or its own size."""
        margin = self.width * share or max(1.0, abs(self.low))
        return Span(self.low - margin, self.high + margin)


def ticks(span: Span, most: int = 5) -> list[float]:
    """At most so many round numbers in a span, 0 among them if it lies there: multiples of 1, 2 or 5 times a power of
    ten."""
    if not 0 < span.width < LARGEST**2:
        return []
    power = 10.0 ** floor(log10(span.width / most))
    step = next(f * power for f in (1, 2, 5, 10, 20) if floor(span.width / (f * power)) + 1 <= most)
    return [number * step + 0.0 for number in range(ceil(span.low / step), floor(span.high / step) + 1)]


class Axes(NamedTuple):
    """A plot's rectangle in pixels and the values along its two sides; y grows upwards."""

    rect: QRectF
    x: Span
    y: Span

    def point(self, x: float, y: float) -> QPointF:
        """Where a pair of values lies."""
        right = _share(x, self.x) * self.rect.width()
        return QPointF(self.rect.left() + right, self.rect.bottom() - _share(y, self.y) * self.rect.height())

    def pieces(self, x: Array, y: Array, jump: float = inf) -> list[QPolygonF]:
        """A curve through pairs of values (points,), in a piece for each stretch without a value that is not finite and
        without a jump between neighbours."""
        across = self.rect.left() + (x - self.x.low) / self.x.width * self.rect.width()
        shares = np.clip((y - self.y.low) / self.y.width, -LARGEST, LARGEST)
        ends = np.flatnonzero(~np.isfinite(y) | (np.abs(np.diff(y, prepend=y[:1])) > jump))
        up = self.rect.bottom() - shares * self.rect.height()
        points = [QPointF(*pair) for pair in zip(across.tolist(), up.tolist(), strict=True)]
        bounds = [0, *ends.tolist(), len(points)]
        stretches = (slice(a + (not isfinite(y[a])), b) for a, b in pairwise(bounds) if a < b)
        return [QPolygonF(points[stretch]) for stretch in stretches if len(points[stretch]) > 1]

    def values(self, point: QPointF) -> tuple[float, float]:
        """Which pair of values lies at a point."""
        right = (point.x() - self.rect.left()) / self.rect.width()
        up = (self.rect.bottom() - point.y()) / self.rect.height()
        return self.x.low + right * self.x.width, self.y.low + up * self.y.width

    def draw_ticks(self, brush: Brush, is_named: bool = False) -> None:
        """Round figures below and at the left; at its upper end that axis has a name, where they have names."""
        font = ui_font(TICK)
        for value in ticks(self.x):
            x, words = self.point(value, self.y.low).x(), text.number(value, 3)
            brush.words(words, x - advance(words, font) / 2, self.rect.bottom() + 15, font, brush.theme.ink_3)
        drop = QFontMetricsF(font).capHeight() / 2
        for value in ticks(self.y):
            y, words = self.point(self.x.low, value).y(), text.number(value, 3)
            if is_named and y < self.rect.top() + 22:
                continue
            brush.words(words, self.rect.left() - 7 - advance(words, font), y + drop, font, brush.theme.ink_3)

    def draw_grid(self, brush: Brush) -> None:
        """Hairlines at the round figures, the two axes a little stronger."""
        rect, theme = self.rect, brush.theme
        for value in ticks(self.x):
            x = round(self.point(value, 0).x()) + 0.5
            brush.line(QLineF(x, rect.top(), x, rect.bottom()), theme.border_strong if value == 0 else theme.border, 1)
        for value in ticks(self.y):
            y = round(self.point(0, value).y()) + 0.5
            brush.line(QLineF(rect.left(), y, rect.right(), y), theme.border_strong if value == 0 else theme.border, 1)

    def draw_names(self, brush: Brush, across: formula.Box, up: formula.Box) -> None:
        """The symbol of the axis below at its right end, of the one at the left above its upper end."""
        color = brush.theme.ink
        right, bottom = self.rect.right() - across.width, self.rect.bottom() + 32
        formula.paint(brush.painter, across, right, bottom, QColor(color))
        formula.paint(brush.painter, up, self.rect.left() - 8 - up.width, self.rect.top() + 3, QColor(color))


def _share(value: float, span: Span) -> float:
    share = (value - span.low) / span.width if span.width else 0.5
    return min(max(share, -LARGEST), LARGEST) if isfinite(share) else 0.5
