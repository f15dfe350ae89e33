"""Paints a laid out formula."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from gui.boxes import ASCENT, AXIS, Box, Glyphs
from gui.theme import math_font

TALLEST, LINES = 2.6, 1.5
"""Of its size: what is higher is more than a fraction, or without a bar more than a line."""


def paint(painter: QPainter, box: Box, x: float, baseline: float, color: QColor) -> None:
    """Draw a box with its baseline's left end at (x, baseline)."""
    painter.setPen(color)
    for mark in box.marks:
        if isinstance(mark, Glyphs):
            painter.setFont(math_font(mark.pixels))
            place = QPointF(x + mark.x, baseline + mark.y)
            if mark.stretch == 1:
                painter.drawText(place, mark.text)
            else:
                _draw_stretched(painter, mark, place)
        else:
            # Snapped to whole pixels, or bars of one row look unequally thick.
            top, height = round(baseline + mark.y), max(round(mark.height), 1)
            painter.fillRect(QRectF(x + mark.x, top, mark.width, height), color)


def _draw_stretched(painter: QPainter, mark: Glyphs, place: QPointF) -> None:
    painter.save()
    painter.translate(place)
    painter.scale(1, mark.stretch)
    painter.drawText(QPointF(), mark.text)
    painter.restore()


def paint_centred(painter: QPainter, box: Box, rect: QRectF, color: QColor) -> None:
    """Draw a box in the middle of a rectangle; one without fractions by its figures' height, one of many lines by
    its own."""
    has_bar = any(not isinstance(mark, Glyphs) for mark in box.marks)
    axis = AXIS * _largest(box) if has_bar else (ASCENT - 0.06) * _largest(box) / 2
    if box.height > (TALLEST if has_bar else LINES) * _largest(box):
        axis = (box.ascent - box.descent) / 2
    paint(painter, box, rect.center().x() - box.width / 2, rect.center().y() + axis, color)


def _largest(box: Box) -> int:
    return max((mark.pixels for mark in box.marks if isinstance(mark, Glyphs)), default=0)
