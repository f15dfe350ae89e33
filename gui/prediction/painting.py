"""Draws the answers of a network: the surface over two inputs, the curve over one, the data on it, the legend."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.activations import Array
from engine.expressions import Expression
from engine.prediction import THRESHOLD
from gui import formula, text
from gui.axes import SYMBOL, Axes, Span
from gui.brush import Brush, advance, in_lines
from gui.digits import USUAL
from gui.prediction.answers import Answer
from gui.prediction.images import contour, field_image, middle_of, regions_image, teeth
from gui.prediction.legend import TEETH_APART, TOOTH, draw_legend, fill_of
from gui.prediction.marks import RING, SHOWN, draw_cross, draw_mark, draw_shown_ring, draw_wrong_ring
from gui.theme import ui_font

LEFT, RIGHT, TOP, BELOW = 48.0, 14.0, 40.0, 104.0
SCORE, LINE, MOST_LINES = 13, 18, 4
"""The size of the score, how high a line of it is, and how many there are at most."""


def score_lines(answer: Answer, width: float, digits: int) -> list[str]:
    """What stands above the plot in a widget of a width."""
    return in_lines(text.score(answer, digits), ui_font(SCORE, 600), width - 24, MOST_LINES)


def axes_of(answer: Answer, width: float, height: float, digits: int = USUAL) -> Axes:
    """The plot in a widget of a size; a plane is no higher than wide."""
    top = TOP + LINE * (len(score_lines(answer, width, digits)) - 1)
    room = QRectF(LEFT, top, max(width - LEFT - RIGHT, 10.0), max(height - top - BELOW, 10.0))
    if answer.is_line:
        return Axes(room, answer.x, _heights(answer))
    room.setHeight(min(room.height(), room.width()))
    return Axes(room, answer.x, answer.y)


def _heights(answer: Answer) -> Span:
    """What a curve and the targets on it take, with a little air."""
    column = answer.targets[:, max(answer.question.output, 1) - 1]
    values = np.concatenate((answer.surface.ravel(), column))
    values = values[np.isfinite(values)]
    return Span(float(values.min(initial=0.0)), float(values.max(initial=0.0))).wider(0.08)


def _places(values: Array, span: Span, count: int) -> NDArray[np.intp]:
    """Where values lie on an axis of so many points."""
    shares = (values - span.low) / (span.width or 1.0)
    return np.clip(np.rint(shares * (count - 1)), 0, count - 1).astype(np.intp)


class Painting(NamedTuple):
    """One answer in one widget: its score in lines, the symbols of its axes and of its output, and the input that is
    tried, if any."""

    brush: Brush
    answer: Answer
    score: Sequence[str]
    axes: Axes
    across: Expression
    up: Expression
    output: Expression
    tried: tuple[float, ...] = ()

    @property
    def painter(self) -> QPainter:
        return self.brush.painter

    def draw(self) -> None:
        theme, answer, rect = self.brush.theme, self.answer, self.axes.rect
        for place, line in enumerate(self.score):
            self.brush.words(line, 12, 22 + LINE * place, ui_font(SCORE, 600), theme.ink)
        self.painter.save()
        self.painter.setClipRect(rect)
        if answer.is_line:
            self._curve()
        else:
            self._surface()
        self.painter.restore()
        self.painter.setPen(QPen(QColor(theme.border_strong), 1))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
        self.axes.draw_ticks(self.brush, is_named=True)
        up = self.output if answer.is_line else self.up
        self.axes.draw_names(self.brush, self._box(self.across), self._box(up))
        draw_legend(self.brush, answer, self._box(self.output), QRectF(12, rect.bottom() + 44, rect.right() - 12, 52))

    def _box(self, expression: Expression) -> formula.Box:
        return formula.layout(expression, SYMBOL, text.number)

    # The surface

    def _surface(self) -> None:
        """The image, whose grid's outermost points lie on the plot's edges; the border of the classes; the data."""
        answer, rect = self.answer, self.axes.rect
        columns = answer.surface.shape[1]
        half = (rect.width() / (columns - 1) / 2, rect.height() / (columns - 1) / 2)
        larger = rect.adjusted(-half[0], -half[1], half[0], half[1])
        self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, answer.question.output > 0)
        if answer.question.output:
            self.painter.drawImage(larger, field_image(answer.surface, answer.limits, self.brush.theme))
        else:
            self.painter.drawImage(rect, regions_image(answer.grid, self.brush.theme))
            self._names()
        if answer.meant is not None and answer.question.output:
            border = contour(answer.surface, THRESHOLD, self.axes)
            self.painter.setPen(QPen(QColor(self.brush.theme.ink), 1.5))
            self.painter.drawLines([*border, *teeth(border, TEETH_APART, TOOTH)])
        question = answer.question
        places = answer.inputs[:, [question.across - 1, question.up - 1]].tolist()
        self._samples([self.axes.point(x, y) for x, y in places])
        if len(self.tried) >= 2:
            draw_cross(self.painter, self.brush.theme, self.axes.point(*self._of(self.tried)))

    def _names(self) -> None:
        """The name of each class in its region, which is known so without its colour, off the data where it can be."""
        answer, x, y = self.answer, self.axes.x, self.axes.y
        largest, font = np.argmax(answer.grid, axis=0), ui_font(SCORE, 600)
        rows, columns = largest.shape
        across, up = answer.inputs[:, answer.question.across - 1], answer.inputs[:, answer.question.up - 1]
        is_free = np.ones_like(largest, dtype=bool)
        is_free[_places(up, y, rows), _places(across, x, columns)] = False
        for kind, name in enumerate(answer.names[: len(answer.grid)]):
            place = middle_of((largest == kind) & is_free)
            if place is not None:
                row, column = place
                at = self.axes.point(x.low + x.width * column / (columns - 1), y.low + y.width * row / (rows - 1))
                wide = advance(name, font) + 8
                left = min(max(at.x() - wide / 2, self.axes.rect.left()), self.axes.rect.right() - wide)
                self.brush.centred(name, QRectF(left, at.y() - 10, wide, 20), font, self.brush.theme.ink)

    def _of(self, inputs: tuple[float, ...]) -> tuple[float, float]:
        """The two inputs that lie on the axes."""
        return inputs[self.answer.question.across - 1], inputs[self.answer.question.up - 1]

    def _samples(self, points: list[QPointF]) -> None:
        """The data as marks, then rings around what is wrong and around the sample shown."""
        answer, theme, first_held = self.answer, self.brush.theme, len(points) - self.answer.held
        for row, at in enumerate(points):
            kind = 0 if answer.meant is None else int(answer.meant[row])
            draw_mark(self.painter, theme, kind, at, fill_of(answer, theme, row), row >= first_held)
        for row in answer.wrong.tolist():
            draw_wrong_ring(self.painter, theme, points[row], RING)
        if answer.shown >= 0:
            draw_shown_ring(self.painter, theme, points[answer.shown], SHOWN)

    # The curve

    def _curve(self) -> None:
        """The curve, the targets, and from each of them a line to the curve: the error."""
        answer, axes, theme = self.answer, self.axes, self.brush.theme
        axes.draw_grid(self.brush)
        if answer.meant is not None:
            level = axes.point(axes.x.low, THRESHOLD).y()
            self.brush.line(QLineF(axes.rect.left(), level, axes.rect.right(), level), theme.ink_3, 1, (5, 3))
        column = answer.question.output - 1
        rows = zip(answer.inputs[:, 0].tolist(), answer.targets[:, column].tolist(), strict=True)
        points = [axes.point(x, y) for x, y in rows]
        found = zip(answer.inputs[:, 0].tolist(), answer.predictions[:, column].tolist(), strict=True)
        for at, (x, y) in zip(points, found, strict=True):
            if isfinite(y):
                self.brush.line(QLineF(at, axes.point(x, y)), theme.ink_3, 1)
        self.painter.setPen(QPen(QColor(theme.ink), 2))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        across = np.linspace(axes.x.low, axes.x.high, answer.surface.size)
        for piece in axes.pieces(across, answer.surface[0]):
            self.painter.drawPolyline(piece)
        self._samples(points)
        if self.tried:
            y = float(np.interp(self.tried[0], across, answer.surface[0]))
            draw_cross(self.painter, theme, axes.point(self.tried[0], y))
