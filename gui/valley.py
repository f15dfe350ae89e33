"""The loss over two weights as contour lines, and the way that the optimizer takes down it."""


from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF

from engine.activations import Array
from engine.spec import Spec
from engine.surface import losses_at, way
from gui.brush import Brush
from gui.theme import ui_font

ITERATIONS, GRID, LEVELS = 40, 41, 9
ROOM = np.array([1.35, 1.25])
"""How much further than its start each weight is shown to either side of 0."""


class Valley(NamedTuple):
    """half: how far w1 and w2 are shown to either side of 0. lines: pieces of contour lines (pieces, 2 ends, w1 and
    w2). way: the weights before the first and after each iteration (iterations + 1, 2)."""

    half: Array
    lines: Array
    way: Array


def is_valley(spec: Spec) -> bool:
    """Whether two weights from two inputs are all there is to train."""
    layer = spec.network.layers[0]
    return spec.network.sizes == (2, 1) and layer.bias == "none" and not layer.has_slope


def valley(spec: Spec) -> Valley:
    """The valley of a spec that has one. Its lines are those of the loss's root, which on a bowl are evenly apart."""
    points = way(spec, ITERATIONS)
    half = ROOM * np.where(points[0], np.abs(points[0]), 1.0)
    w1, w2 = (np.linspace(-h, h, GRID) for h in half)
    roots = np.sqrt(losses_at(spec, np.stack(np.meshgrid(w1, w2), axis=-1).reshape(-1, 2))).reshape(GRID, GRID)
    levels = roots.max() * np.arange(1, LEVELS) / LEVELS
    return Valley(half, np.concatenate([contour(w1, w2, roots, level) for level in levels]), points)


def contour(x: Array, y: Array, heights: Array, level: float) -> Array:
    """Where a surface has one height, as short pieces (pieces, 2 ends, x and y). heights: (len(y), len(x)).

    Every cell of the grid is two triangles; the plane through a triangle's corners is at the level on one piece.
    """
    X, Y = np.meshgrid(x, y)
    corners = np.stack((X, Y, heights - level), axis=-1)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, :-1], corners[1:, 1:]
    starts = np.concatenate([np.stack(t, axis=-2).reshape(-1, 3, 3) for t in ((a, b, c), (d, b, c))])
    ends = np.roll(starts, -1, axis=1)  # of the triangle's three sides
    is_crossed = (starts[..., 2] > 0) != (ends[..., 2] > 0)
    start, end = starts[is_crossed], ends[is_crossed]
    share = start[:, 2:] / (start[:, 2:] - end[:, 2:])
    pieces: Array = (start[:, :2] + share * (end[:, :2] - start[:, :2])).reshape(-1, 2, 2)
    return pieces


def draw_valley(valley: Valley, brush: Brush, room: QRectF) -> None:
    """w2 to the right, w1 upwards; the way begins at a ring and ends at the accent's dot."""
    painter, theme = brush.painter, brush.theme
    scale = np.array([-room.height(), room.width()]) / (2 * valley.half)
    middle = np.array([room.center().y(), room.center().x()])
    lines = QPainterPath()  # as one path, or where pieces meet they would be darker
    for (y1, x1), (y2, x2) in (middle + scale * valley.lines).tolist():
        lines.moveTo(x1, y1)
        lines.lineTo(x2, y2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(QColor(theme.border_strong), 1.1)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPath(lines)
    stops = [QPointF(x, y) for y, x in (middle + scale * valley.way).tolist()]
    painter.setPen(QPen(QColor(theme.ink_2), 1.25))
    painter.drawPolyline(QPolygonF(stops))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.ink_2))
    for stop in stops[1:-1]:
        painter.drawEllipse(stop, 1.75, 1.75)
    painter.setBrush(QColor(theme.accent))
    painter.drawEllipse(stops[-1], 4, 4)
    painter.setPen(QPen(QColor(theme.ink_2), 1.5))
    painter.setBrush(QColor(theme.surface))
    painter.drawEllipse(stops[0], 3.5, 3.5)
    for words, x in (("w₁ ↑", room.left() + 8), ("w₂ →", room.right() - 44)):
        rect = QRectF(x, room.bottom() - 26, 36, 18)
        brush.fill(rect, 4, QColor(theme.surface))
        brush.centred(words, rect, ui_font(11), theme.ink_3)
