"""Paints a laid out formula."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QGlyphRun, QPainter, QRawFont, QTextLayout

from gui.boxes import ASCENT, AXIS, Bar, Box, Glyphs, Mark
from gui.theme import math_font

TALLEST, LINES = 2.6, 1.5
"""Of its size: what is higher is more than a fraction, or without a bar more than a line."""
Shaped = tuple[QRawFont, list[int], list[QPointF]]
"""Glyphs of a font, and where their baselines begin."""


def paint(painter: QPainter, box: Box, x: float, baseline: float, color: QColor) -> None:
    """Draw a box with its baseline's left end at (x, baseline)."""
    painter.setPen(color)
    draw_letters(painter, box.marks, QPointF(x, baseline))
    for mark in box.marks:
        if isinstance(mark, Bar):
            # Snapped to whole pixels, or bars of one row look unequally thick.
            top, height = round(baseline + mark.y), max(round(mark.height), 1)
            painter.fillRect(QRectF(x + mark.x, top, mark.width, height), color)


def prepare(box: Box) -> None:
    """Shape the texts of a box that is to be painted soon."""
    _runs(box.marks)


def draw_letters(painter: QPainter, marks: tuple[Mark, ...], at: QPointF) -> None:
    """Draw everything but the bars."""
    for run in _runs(marks):
        painter.drawGlyphRun(at, run)
    for mark in marks:
        if isinstance(mark, Glyphs) and mark.stretch != 1:
            _draw_stretched(painter, mark, at + QPointF(mark.x, mark.y))


@lru_cache(maxsize=1024)
def _runs(marks: tuple[Mark, ...]) -> tuple[QGlyphRun, ...]:
    """One run for each font, without what is stretched: shaping texts takes longer than drawing them, and a formula is
    drawn again and again."""
    found: dict[tuple[str, float], Shaped] = {}
    for mark in marks:
        if isinstance(mark, Glyphs) and mark.stretch == 1:
            at = QPointF(mark.x, mark.y)
            for name, shaped in _shaped(mark.text, mark.pixels):
                _, glyphs, places = found.setdefault(name, (shaped[0], [], []))
                glyphs += shaped[1]
                places += [place + at for place in shaped[2]]
    return tuple(_run(*shaped) for shaped in found.values())


def _run(font: QRawFont, glyphs: list[int], places: list[QPointF]) -> QGlyphRun:
    run = QGlyphRun()
    run.setRawFont(font)
    run.setGlyphIndexes(glyphs)
    run.setPositions(places)
    return run


@lru_cache(maxsize=1024)
def _shaped(text: str, pixels: int) -> list[tuple[tuple[str, float], Shaped]]:
    """By name and size of each font that has them."""
    layout = QTextLayout(text, math_font(pixels))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    up = QPointF(0, line.ascent())
    runs = layout.glyphRuns()
    return [(_name(run), (run.rawFont(), run.glyphIndexes(), [at - up for at in run.positions()])) for run in runs]


def _name(run: QGlyphRun) -> tuple[str, float]:
    return run.rawFont().familyName(), run.rawFont().pixelSize()


def _draw_stretched(painter: QPainter, mark: Glyphs, place: QPointF) -> None:
    painter.save()
    painter.setFont(math_font(mark.pixels))
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
