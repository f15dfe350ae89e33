"""Draws an elementwise function and its derivative, with one neuron's point and tangent."""

from math import isfinite
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.activations import Array
from engine.calculator import values
from gui import text
from gui.axes import Axes, Span
from gui.brush import Brush
from gui.function.subject import Subject
from gui.theme import ui_font

LEAST_REACH, POINTS = 6.0, 361
JUMP = 0.25
"""Two neighbouring points that lie further apart, as a share of the height, are no curve but a jump."""


def reach(z: float | None) -> float:
    """How far from 0 the curve is drawn: 6, or further where this neuron's z lies outside."""
    return LEAST_REACH if z is None or not isfinite(z) or abs(z) < 0.9 * LEAST_REACH else text.rounded_up(1.1 * abs(z))


class Curves(NamedTuple):
    """z, f(z) and f'(z) over the range drawn, each (POINTS,)."""

    z: Array
    a: Array
    derivative: Array

    @classmethod
    def of(cls, subject: Subject) -> "Curves":
        end = reach(subject.z)
        z = np.linspace(-end, end, POINTS)
        return cls(z, *values(subject.function, z, subject.constants))

    def axes(self, rect: QRectF) -> Axes:
        both = np.concatenate((self.a, self.derivative))
        both = both[np.isfinite(both)]
        low, high = min(float(both.min()), 0.0), max(float(both.max()), 0.0)
        return Axes(rect, Span(float(self.z[0]), float(self.z[-1])), Span(low, high).wider(0.08))


def tangent(z: float, a: float, slope: float, axes: Axes, length: float = 130.0) -> QLineF:
    """The straight line through (z, a) with a slope, `length` pixels long on the plot."""
    at, on = axes.point(z, a), axes.point(z + axes.x.width, a + slope * axes.x.width)
    line = QLineF(at, on)
    if not isfinite(line.length()) or not line.length():
        return QLineF(at, at)
    share = QPointF(line.dx(), line.dy()) * (length / 2 / line.length())
    return QLineF(at - share, at + share)


class CurvePainting(NamedTuple):
    """The plot of an elementwise function in a rectangle."""

    brush: Brush
    subject: Subject
    rect: QRectF

    def draw(self) -> None:
        found, theme, painter = Curves.of(self.subject), self.brush.theme, self.brush.painter
        axes = found.axes(self.rect)
        axes.draw_grid(self.brush)
        axes.draw_ticks(self.brush)
        painter.save()
        painter.setClipRect(self.rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.ink_3), 1.5, Qt.PenStyle.DashLine))
        _draw(painter, axes, found.z, found.derivative)
        painter.setPen(QPen(QColor(theme.ink), 2))
        _draw(painter, axes, found.z, found.a)
        self._point(axes)
        painter.restore()
        self._key()

    def _point(self, axes: Axes) -> None:
        """This neuron's point with its tangent, and its slope on the other curve; only z while a is not computed."""
        subject, theme, painter = self.subject, self.brush.theme, self.brush.painter
        z, a, slope = subject.z, subject.a, subject.derivative
        if z is None or not isfinite(z):
            return
        x = axes.point(z, 0).x()
        self.brush.line(QLineF(x, self.rect.top(), x, self.rect.bottom()), theme.accent, 1, (3, 3))
        if a is None or slope is None or not (isfinite(a) and isfinite(slope)):
            return
        self.brush.line(tangent(z, a, slope, axes), theme.accent, 2)
        painter.setPen(QPen(QColor(theme.ink_3), 1.5))
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(axes.point(z, slope), 3.5, 3.5)
        painter.setPen(QPen(QColor(theme.surface), 1.5))
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(axes.point(z, a), 5, 5)

    def _key(self) -> None:
        """Which curve is which."""
        theme, y, x = self.brush.theme, self.rect.bottom() + 30, self.rect.left()
        entries: list[tuple[str, str, float, tuple[float, ...]]] = [
            ("f(z)", theme.ink, 2.0, ()), ("f′(z)", theme.ink_3, 1.5, (4, 3)), (text.TANGENT, theme.accent, 2.0, ()),
        ]  # fmt: skip
        for words, color, width, dash in entries if self.subject.derivative is not None else entries[:2]:
            self.brush.line(QLineF(x, y - 4, x + 18, y - 4), color, width, dash)
            x = self.brush.words(words, x + 24, y, ui_font(11), theme.ink_2) + 16


def _draw(painter: QPainter, axes: Axes, z: Array, heights: Array) -> None:
    """A curve, broken where it jumps."""
    for piece in axes.pieces(z, heights, JUMP * axes.y.width):
        painter.drawPolyline(piece)
