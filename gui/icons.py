"""The icons of actions: a few strokes each, on a field of 16, in the ink of the theme; and the application's own."""

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from resources import FOLDER

Stroke = tuple[tuple[float, float], ...]

STROKES: Mapping[str, tuple[Stroke, ...]] = {
    "start": (((3.5, 3), (3.5, 13)), ((12, 3), (6.5, 8), (12, 13))),
    "previous": (((10, 3), (5, 8), (10, 13)),),
    "next": (((6, 3), (11, 8), (6, 13)),),
    "end": (((12.5, 3), (12.5, 13)), ((4, 3), (9.5, 8), (4, 13))),
    "pause": (((5.5, 3.5), (5.5, 12.5)), ((10.5, 3.5), (10.5, 12.5))),
    "undo": (((6, 3), (2.5, 6.5), (6, 10)), ((2.5, 6.5), (10, 6.5), (13, 9), (12, 12.5), (8.5, 13))),
    "go_to": (((8, 2), (8, 5)), ((8, 11), (8, 14)), ((2, 8), (5, 8)), ((11, 8), (14, 8))),
    "help": (
        ((5.5, 5.5), (6, 3.8), (8, 3), (10, 3.8), (10.5, 5.5), (10, 7), (8.6, 8.2), (8, 9.8)),
        ((8, 12.8), (8, 13)),
    ),
    "redo": (((10, 3), (13.5, 6.5), (10, 10)), ((13.5, 6.5), (6, 6.5), (3, 9), (4, 12.5), (7.5, 13))),
}
SCALES = (1, 2, 3)


def application_icon() -> QIcon:
    """The icon of windows and of the menu entry; RuntimeError if it cannot be read."""
    pixmap = QPixmap(str(FOLDER / "icons" / "chainstep.svg"))
    if pixmap.isNull():
        raise RuntimeError("the icon could not be loaded")
    return QIcon(pixmap)


@lru_cache(maxsize=64)
def icon(name: str, color: str, faint: str) -> QIcon:
    """The icon of a name in a colour, and in a faint one for actions that cannot be done now."""
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, faint)):
        for scale in SCALES:
            result.addPixmap(_pixmap(name, QColor(ink), scale), mode)
    return result


def _pixmap(name: str, ink: QColor, scale: int) -> QPixmap:
    pixmap = QPixmap(16 * scale, 16 * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    if name == "run":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF([QPointF(4.5, 3), QPointF(13, 8), QPointF(4.5, 13)]))
    elif name == "go_to":
        painter.setPen(QPen(ink, 1.5))
        painter.drawEllipse(QPointF(8, 8), 4.5, 4.5)
    elif name == "theme":
        painter.setPen(QPen(ink, 1.5))
        painter.drawEllipse(QPointF(8, 8), 5.5, 5.5)
        half = QPainterPath(QPointF(8, 2.5))
        half.arcTo(QRectF(2.5, 2.5, 11, 11), 90, -180)
        painter.fillPath(half, ink)
    painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in STROKES.get(name, ()):
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in stroke]))
    painter.end()
    return pixmap
