"""The marks that samples are drawn with: a shape and a fill for each class, hollow where held out."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.theme import Theme

RADIUS, RING, SHOWN = 4.5, 7.5, 10.5


def _disc(path: QPainterPath) -> None:
    path.addEllipse(QPointF(), RADIUS, RADIUS)


def _polygon(corners: int, turned: float, size: float = 1.2) -> Callable[[QPainterPath], None]:
    """A regular polygon; `turned`: where its first corner lies, in turns from the right, downwards."""

    def add(path: QPainterPath) -> None:
        angles = [2 * pi * (turned + corner / corners) for corner in range(corners)]
        points = [QPointF(cos(angle), sin(angle)) * RADIUS * size for angle in angles]
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
        path.closeSubpath()

    return add


SHAPES: Sequence[Callable[[QPainterPath], None]] = (
    _disc, _polygon(4, 1 / 8), _polygon(3, -1 / 4, 1.4), _polygon(4, 0, 1.3), _polygon(3, 1 / 4, 1.4), _polygon(6, 0),
)  # fmt: skip
"""Disc, square, triangle, diamond, triangle downwards, hexagon; after six they begin again."""


def shape(place: int) -> QPainterPath:
    """The outline of the mark of class `place`, from 0, around the origin."""
    path = QPainterPath()
    SHAPES[place % len(SHAPES)](path)
    return path


def draw_mark(painter: QPainter, theme: Theme, path: QPainterPath, at: QPointF, fill: QColor, is_held: bool) -> None:
    """A mark; hollow, in the same colour's outline, where its sample is held out."""
    painter.save()
    painter.translate(at)
    painter.setPen(QPen(QColor(theme.surface), 4.0 if is_held else 2.5))
    painter.setBrush(QColor(theme.surface) if is_held else fill)
    painter.drawPath(path)
    painter.setPen(QPen(fill if is_held else QColor(theme.ink), 2.0 if is_held else 1.0))
    painter.drawPath(path)
    painter.restore()


def draw_ring(painter: QPainter, at: QPointF, radius: float, color: str, width: float) -> None:
    painter.setPen(QPen(QColor(color), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)


def draw_cross(painter: QPainter, theme: Theme, at: QPointF) -> None:
    """Where an input is tried: a cross in ink, with the surface around it."""
    for color, width in ((theme.surface, 4.5), (theme.ink, 2.0)):
        painter.setPen(QPen(QColor(color), width))
        for dx, dy in ((6, 0), (0, 6)):
            painter.drawLine(at - QPointF(dx, dy), at + QPointF(dx, dy))
