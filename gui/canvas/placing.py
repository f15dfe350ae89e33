"""Finds places for labels: moved until they touch nothing, left out where there is no room, never shrunk.

All places that a label may take are tried at once: rectangles are rows (left, top, right, bottom) of an array, lines
rows (x1, y1, x2, y2).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import hypot

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF

from engine.activations import Array

Mask = NDArray[np.bool_]
Row = tuple[float, float, float, float]
Shifts = list[tuple[float, float]]
Choices = tuple[tuple[Shifts, bool], ...]
"""Shifts to be tried one after another, and whether a place must be clear of lines."""
LABEL_HEIGHT, CHIP_HEIGHT = 18.0, 22.0
CLEAR = 8.0
"""How far a badge stands from what it belongs to."""
ALONG = np.array([[0.3], [0.26], [0.34], [0.22], [0.4], [0.5], [0.6], [0.7], [0.16]])
AIR = np.array([-2.0, -6.0, 2.0, 6.0])
"""What a chip or badge keeps clear of lines on each side."""


def _nearest_first(across: int, heights: Iterable[float], step: int = 20) -> Shifts:
    """Shifts to both sides and to the heights, the nearest first, or those to the first height."""
    heights = list(heights)
    shifts = [(float(dx), float(dy)) for dx in range(-across, across + 1, step) for dy in heights]
    return sorted(shifts, key=lambda shift: hypot(shift[0], 1.5 * (shift[1] - heights[0])))


NEAR, FAR = _nearest_first(60, (0.0, -20.0, 20.0)), _nearest_first(160, (0.0, -26.0, 26.0, 52.0, -52.0))
AROUND, ANYWHERE = _nearest_first(90, range(-72, 73, 8), 10), _nearest_first(140, range(-96, 97, 8), 20)
ALONGSIDE = [shift for shift in AROUND if abs(shift[0]) <= 60]
"""Beyond a line's ends a badge would seem to belong to the node there."""
CHIP_OF_LINE: Choices = ((NEAR, True), (NEAR, False), (FAR, False))
CHIP_OF_NODE: Choices = ((NEAR, True), (FAR, True), (NEAR, False), (FAR, False))
BADGE_OF_NODE: Choices = ((NEAR, True), (AROUND, True), (NEAR, False), (ANYWHERE, False))
BADGE_OF_LINE: Choices = ((NEAR, True), (ALONGSIDE, True), (NEAR, False), (ANYWHERE, False))


class Places:
    """The rectangles that are taken on a canvas of one size, and its lines. Labels keep off both and off one another;
    chips and badges stand on a line only where there is no other room near."""

    def __init__(self, area: QRectF, lines: Iterable[QLineF] = ()) -> None:
        self.area, self.taken = area, list[QRectF]()
        self._taken_rows: list[Row] = []
        self._line_rows = _rows([_line_row(line) for line in lines])
        self._line_bytes = self._line_rows.tobytes()

    def take(self, rect: QRectF) -> None:
        self.taken.append(rect)
        self._taken_rows.append(_row(rect))

    def label_on(self, line: QLineF, widths: Sequence[float]) -> tuple[int, QRectF] | None:
        """A label on a slanted line, or above a level one, below one in the lower half; clear of the other lines. Of
        these widths the first that has room, by its place, and where."""
        found = _on_line(_line_row(line), tuple(widths), _row(self.area), tuple(self._taken_rows), self._line_bytes)
        if found is None:
            return None
        place, (left, top, right, bottom) = found
        self.take(QRectF(left, top, right - left, bottom - top))
        return place, self.taken[-1]

    def chip_at(self, anchors: Sequence[QPointF], width: float, on_line: bool) -> QRectF | None:
        """A chip whose lower edge's middle is one of the anchors, or near one. One that belongs to a line rather stands
        on it than far away, where it would seem to belong to another."""
        return self._first(anchors, QSizeF(width, CHIP_HEIGHT), CHIP_OF_LINE if on_line else CHIP_OF_NODE)

    def badge_near(self, rect: QRectF, sizes: Sequence[QSizeF]) -> QRectF | None:
        """A badge of the first of these sizes that has room above or below a rectangle (that of a line's middle has no
        size) or near it, at best where no line passes through it."""
        x = rect.center().x()
        for choice in BADGE_OF_LINE if rect.isNull() else BADGE_OF_NODE:
            for size in sizes:
                anchors = [QPointF(x, rect.top() - CLEAR), QPointF(x, rect.bottom() + CLEAR + size.height())]
                found = self._first(anchors, size, (choice,))
                if found is not None:
                    return found
        return None

    def _first(self, anchors: Sequence[QPointF], size: QSizeF, choices: Choices) -> QRectF | None:
        """The first free place among the choices, where these ask for it one that no line passes through."""
        for shifts, is_clear in choices:
            rects = self._around(anchors, size, shifts)
            rects = rects[_is_free(rects, _row(self.area), _rows(self._taken_rows))]
            if is_clear:
                rects = rects[~crosses(rects + AIR, self._line_rows).any(axis=1)]
            rect = self._taken_first(rects)
            if rect is not None:
                return rect
        return None

    def _around(self, anchors: Sequence[QPointF], size: QSizeF, shifts: Shifts) -> Array:
        """Rectangles with their lower edge's middle at the shifted anchors, none beyond the sides of the area."""
        at = (np.array(shifts)[:, None] + [(anchor.x(), anchor.y()) for anchor in anchors]).reshape(-1, 2)
        width, height = size.width(), size.height()
        left = np.maximum(np.minimum(at[:, 0] - width / 2, self.area.right() - width), self.area.left())
        return np.column_stack((left, at[:, 1] - height, left + width, at[:, 1]))

    def _taken_first(self, rects: Array) -> QRectF | None:
        """The first of the rectangles, taken; None where there is none."""
        if not len(rects):
            return None
        left, top, right, bottom = rects[0].tolist()
        self.take(QRectF(left, top, right - left, bottom - top))
        return self.taken[-1]


@lru_cache(maxsize=1024)
def _on_line(
    line: Row, widths: tuple[float, ...], area: Row, taken: tuple[Row, ...], lines: bytes
) -> tuple[int, Row] | None:
    """Where `Places.label_on` puts a label: from one frame to the next most of them stay. lines: rows as bytes."""
    x1, y1, x2, y2 = line
    start, along = np.array((x1, y1)), np.array((x2 - x1, y2 - y1))
    if abs(y2 - y1) < 1:
        outside = 16.0 if y1 > (area[1] + area[3]) / 2 else -16.0
        points = np.concatenate([start + (0.2 + ALONG) * along + (0.0, side) for side in (outside, -outside)])
    else:
        points = start + ALONG * along
    half = np.array([[(width / 2 + 4, LABEL_HEIGHT / 2)] for width in widths])
    rects = np.concatenate((points - half, points + half), axis=2).reshape(-1, 4)
    rows = np.frombuffer(lines).reshape(-1, 4)
    others = rows[(rows != line).any(axis=1)]
    is_clear = _is_free(rects, area, _rows(taken)) & ~crosses(rects, others).any(axis=1)
    if not is_clear.any():
        return None
    first = int(is_clear.argmax())
    left, top, right, bottom = rects[first].tolist()
    return first // len(points), (left, top, right, bottom)


def _is_free(rects: Array, area: Row, taken: Array) -> Mask:
    """Which rectangles lie within the area and meet none that is taken."""
    left, top, right, bottom = rects.T[:, :, None]
    first, upper, last, lower = area
    is_outside = (left < first) | (top < upper) | (right > last) | (bottom > lower)
    x1, y1, x2, y2 = taken.T
    meets = (left < x2) & (top < y2) & (right > x1) & (bottom > y1)
    return np.asarray(~(is_outside.ravel() | meets.any(axis=1)))


def crosses(rects: Array, lines: Array) -> Mask:
    """Which lines pass through which rectangles, (rectangles, lines): they are apart if some axis separates them,
    across, along or the line's own."""
    left, top, right, bottom = rects.T[:, :, None]
    x1, y1, x2, y2 = lines.T
    is_beside = (np.maximum(x1, x2) < left) | (np.minimum(x1, x2) > right)
    is_above = (np.maximum(y1, y2) < top) | (np.minimum(y1, y2) > bottom)
    dx, dy = x2 - x1, y2 - y1
    away = abs(dx * ((top + bottom) / 2 - y1) - dy * ((left + right) / 2 - x1))
    is_off = away > (abs(dx) * (bottom - top) + abs(dy) * (right - left)) / 2
    return np.asarray(~(is_beside | is_above | is_off))


def _row(rect: QRectF) -> Row:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _line_row(line: QLineF) -> Row:
    return line.x1(), line.y1(), line.x2(), line.y2()


def _rows(rows: Sequence[Row]) -> Array:
    return np.array(rows, dtype=float).reshape(-1, 4)
