"""The marks that samples are drawn with: a shape and a fill for each class, hollow where held out."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil, cos, pi, sin

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from gui.theme import THEMES, Theme

RADIUS, RING, SHOWN, HALF = 4.5, 7.5, 10.5, 9.0


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


def draw_mark(painter: QPainter, theme: Theme, place: int, at: QPointF, fill: QColor, is_held: bool) -> None:
    """The mark of class `place`; hollow, in the same colour's outline, where its sample is held out."""
    image = _image(theme.name, place % len(SHAPES), fill.name(), is_held, painter.device().devicePixelRatio())
    painter.drawImage(at - QPointF(HALF, HALF), image)


@lru_cache(maxsize=512)
def _image(theme_name: str, place: int, color: str, is_held: bool, ratio: float) -> QImage:
    """A mark drawn once, since there may be thousands."""
    theme, fill, path = THEMES[theme_name], QColor(color), shape(place)
    side = ceil(2 * HALF * ratio)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(ratio)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(HALF, HALF)
        painter.setPen(QPen(QColor(theme.surface), 4.0 if is_held else 2.5))
        painter.setBrush(QColor(theme.surface) if is_held else fill)
        painter.drawPath(path)
        painter.setPen(QPen(fill if is_held else QColor(theme.ink), 2.0 if is_held else 1.0))
        painter.drawPath(path)
    return image


def draw_wrong_ring(painter: QPainter, theme: Theme, at: QPointF, radius: float) -> None:
    """Around a sample whose class is not the one predicted: dotted, so that not only red tells it from the other."""
    _draw_ring(painter, at, radius, QPen(QColor(theme.error), 2.0, Qt.PenStyle.DotLine))


def draw_shown_ring(painter: QPainter, theme: Theme, at: QPointF, radius: float) -> None:
    """Around the sample that the canvas shows."""
    _draw_ring(painter, at, radius, QPen(QColor(theme.accent), 2.0))


def _draw_ring(painter: QPainter, at: QPointF, radius: float, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)


def draw_cross(painter: QPainter, theme: Theme, at: QPointF) -> None:
    """Where an input is tried: a cross in ink, with the surface around it."""
    for color, width in ((theme.surface, 4.5), (theme.ink, 2.0)):
        painter.setPen(QPen(QColor(color), width))
        for dx, dy in ((6, 0), (0, 6)):
            painter.drawLine(at - QPointF(dx, dy), at + QPointF(dx, dy))
