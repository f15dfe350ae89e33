"""Draws a watched quantity: its symbol and value, and below them its curve over the iterations."""

from dataclasses import dataclass, field
from functools import cached_property
from math import floor
from typing import NamedTuple, TypeVar

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from engine.activations import Array
from engine.frame import Frame
from engine.watching import Watched
from gui import formula, text
from gui.brush import Brush, advance, in_lines
from gui.digits import USUAL
from gui.loss.curves import Curve, placed, thinned
from gui.theme import ui_font

ROW, LEFT, TOP, FOOT, AXIS = 84, 12.0, 36.0, 12.0, 72.0
"""Height of a row; where its curve begins, how far it stays from the row's ends, and what the numbers at the right
take."""
FEWEST = 10
"""Iterations that an axis has at least."""
GAP, CLEAR = 12, 14
"""Pixels from a name to its value, and from one number at the axis to the next."""

Number = TypeVar("Number", float, Array)


def plot_of(row: QRectF) -> QRectF:
    """Where in a row the curve is drawn."""
    return row.adjusted(LEFT, TOP, -AXIS, -FOOT)


class Scale(NamedTuple):
    """Iterations from 1 across a rectangle, values up it."""

    rect: QRectF
    last: int
    low: float = 0.0
    high: float = 0.0

    def x(self, iteration: Number) -> Number:
        return self.rect.left() + self.rect.width() * (iteration - 1) / (self.last - 1)

    def y(self, value: Number) -> Number:
        """One value alone lies in the middle. Halves, as the difference of two large numbers may be too large."""
        low, height = self.low / 2, self.high / 2 - self.low / 2
        share = (value / 2 - low) / height if height else value - self.low + 0.5
        return self.rect.bottom() - self.rect.height() * share

    def iteration(self, x: float) -> int:
        """The iteration at a place, which may be left or right of all."""
        return round(1 + (x - self.rect.left()) / self.rect.width() * (self.last - 1))


def last_shown(frame: Frame) -> int:
    """The last iteration on the axis, which all curves share."""
    return max(len(frame.losses), frame.cursor.iteration, FEWEST)


def nearest_known(values: Array, iteration: int) -> int | None:
    """The iteration with a value that lies nearest to one; None where there is none."""
    known = np.flatnonzero(~np.isnan(values)) + 1
    return int(known[np.abs(known - iteration).argmin()]) if len(known) else None


@dataclass(frozen=True)
class RowShown:
    """What is drawn of a row. reason: why the network does not have it, and nothing else then. values: those of the
    iterations known, as far as they are computed. count: to how many they will come. hovered: the iteration under the
    pointer. digits: how many of the value in words count."""

    frame: Frame
    one: Watched
    reason: str
    values: Array = field(default_factory=lambda: np.empty(0))
    count: int = 0
    hovered: int | None = None
    is_selected: bool = False
    digits: int = USUAL


@dataclass(frozen=True)
class RowPainting:
    """A row in a rectangle."""

    brush: Brush
    shown: RowShown
    rect: QRectF

    def draw(self) -> None:
        theme, rect = self.brush.theme, self.rect
        self.brush.painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(theme.border))
        if self.shown.reason:
            self._words(str(self.shown.one), rect.left() + LEFT, theme.ink_2)
            self._in_place_of_a_curve(text.not_there(self.shown.reason))
            return
        self._head()
        if len(self.curve[0]):
            self._axis()
            self._curve()
            self._say_what_is_to_come()
        else:
            self._in_place_of_a_curve(text.NO_CURVE)
        self._mark(self.shown.frame.cursor.iteration, theme.accent)
        if self.shown.hovered is not None:
            self._mark(self.shown.hovered, theme.ink_3)

    @cached_property
    def curve(self) -> Curve:
        """Two points for each pixel at most."""
        return thinned(placed(self.shown.values, False), 2 * max(int(plot_of(self.rect).width()), 1))

    @cached_property
    def scale(self) -> Scale:
        values = self.curve[1]
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
        return Scale(plot_of(self.rect), last_shown(self.shown.frame), low, high)

    def _head(self) -> None:
        """Symbol and sample at the left; at the right the value at the cursor, or that under the pointer."""
        theme, frame, one = self.brush.theme, self.shown.frame, self.shown.one
        box = formula.layout(frame.narrator.symbol(one.quantity), 15, text.number, True)
        x = self.rect.left() + LEFT
        formula.paint(self.brush.painter, box, x, self.rect.top() + 23, QColor(theme.ink))
        if self.shown.is_selected:
            self.brush.outline(QRectF(x - 6, self.rect.top() + 5, box.width + 12, 26), 5, 1, dashed=True)
        sample, digits = text.watched_sample(frame, one), self.shown.digits
        self._words(sample, x + box.width, theme.ink_3)
        left = x + box.width + advance(sample, ui_font(12)) + GAP
        if (at := self.shown.hovered) is not None:
            self._right(text.watched_at(at, float(self.shown.values[at - 1]), digits), left, 400, theme.ink_2)
        else:
            self._right(text.watched_value(frame, one, digits), left, 600, theme.ink)

    def _in_place_of_a_curve(self, words: str) -> None:
        plot = plot_of(self.rect)
        self.brush.words(words, plot.left(), plot.center().y() + 4, ui_font(12), self.brush.theme.ink_3)

    def _words(self, words: str, x: float, color: str) -> None:
        self.brush.words(words, x, self.rect.top() + 23, ui_font(12), color)

    def _right(self, words: str, left: float, weight: int, color: str) -> None:
        """At the right, as far as there is room right of `left`: else without the iteration, then with dots."""
        font, end = ui_font(13, weight), self.rect.right() - LEFT
        words = words if advance(words, font) <= end - left else words.rpartition(": ")[2]
        (words,) = in_lines(words, font, end - left, 1)
        self.brush.words(words, end - advance(words, font), self.rect.top() + 23, font, color)

    def _axis(self) -> None:
        """The largest and the smallest value, and a line at 0 where it lies between them."""
        theme, scale = self.brush.theme, self.scale
        for value in dict.fromkeys((scale.high, scale.low)):
            self._number(value)
        if scale.low < 0 < scale.high:
            y, plot = scale.y(0.0), scale.rect
            self.brush.line(QLineF(plot.left(), y, plot.right(), y), theme.border_strong, 1, (3, 3))
            if plot.top() + CLEAR <= y <= plot.bottom() - CLEAR:
                self._number(0.0)

    def _number(self, value: float) -> None:
        """A number at the axis, with as many digits as have room."""
        font, x, y = ui_font(11), self.scale.rect.right() + 8, self.scale.y(value) + 4
        words = [text.cell(value, digits) for digits in (4, 3, 2)]
        fitting = (each for each in words if x + advance(each, font) <= self.rect.right() - 4)
        self.brush.words(next(fitting, words[-1]), x, y, font, self.brush.theme.ink_3)

    def _curve(self) -> None:
        iterations, values = self.curve
        places = self.scale.x(iterations).tolist(), self.scale.y(values).tolist()
        points = [QPointF(x, y) for x, y in zip(*places, strict=True)]
        painter = self.brush.painter
        painter.setPen(QPen(QColor(self.brush.theme.ink_2), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        if len(points) == 1:
            self._dot(points[0], self.brush.theme.ink_2)

    def _say_what_is_to_come(self) -> None:
        """Behind a curve that is still growing, where there is room."""
        words, font, plot = text.CURVE_TO_COME, ui_font(11), self.scale.rect
        x = plot.right() - 8 - advance(words, font)
        if len(self.shown.values) < self.shown.count and self.scale.x(float(len(self.shown.values))) < x - 8:
            self.brush.words(words, x, plot.center().y() + 4, font, self.brush.theme.ink_3)

    def _mark(self, iteration: int, color: str) -> None:
        """A line at an iteration, and a dot where it has a value."""
        x, plot, values = self.scale.x(iteration), self.scale.rect, self.shown.values
        middle = floor(x) + 0.5  # of a pixel, so that the line is sharp
        self.brush.line(QLineF(middle, plot.top() - 4, middle, plot.bottom() + 4), color, 1)
        value = float(values[iteration - 1]) if iteration <= len(values) else np.nan
        if np.isfinite(value):
            self._dot(QPointF(x, self.scale.y(value)), color)

    def _dot(self, place: QPointF, color: str) -> None:
        self.brush.painter.setPen(QPen(QColor(color), 1.5))
        self.brush.painter.setBrush(QColor(self.brush.theme.surface))
        self.brush.painter.drawEllipse(place, 3, 3)
