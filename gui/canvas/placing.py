"""Finds places for labels: moved until they touch nothing, left out where there is no room, never shrunk."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import hypot

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF

Shifts = list[tuple[float, float]]
Choices = tuple[tuple[Shifts, bool], ...]
"""Shifts to be tried one after another, and whether a place must be clear of lines."""
LABEL_HEIGHT, CHIP_HEIGHT = 18.0, 22.0
ALONG = (0.3, 0.26, 0.34, 0.22, 0.4, 0.5, 0.6, 0.7, 0.16)


def _nearest_first(across: int, heights: Sequence[float]) -> Shifts:
    """Shifts to both sides and to the heights, the nearest first."""
    shifts = [(float(dx), dy) for dx in range(-across, across + 1, 20) for dy in heights]
    return sorted(shifts, key=lambda shift: hypot(shift[0], 1.5 * (shift[1] - heights[0])))


NEAR, FAR = _nearest_first(60, (0.0, -20.0, 20.0)), _nearest_first(160, (0.0, -26.0, 26.0, 52.0, -52.0))
NEAR_BADGE, FAR_BADGE = _nearest_first(60, (-34.0, -58.0, 20.0, 44.0)), _nearest_first(120, (-34.0, -82.0, 68.0))
CHIP_OF_LINE: Choices = ((NEAR, True), (NEAR, False), (FAR, False))
CHIP_OF_NODE: Choices = ((NEAR, True), (FAR, True), (NEAR, False), (FAR, False))
BADGE: Choices = ((NEAR_BADGE, True), (NEAR_BADGE, False), (FAR_BADGE, False))


class Places:
    """The rectangles that are taken on a canvas of one size, and its lines. Labels keep off both and off one another;
    chips and badges stand on a line only where there is no other room near."""

    def __init__(self, area: QRectF, lines: Iterable[QLineF] = ()) -> None:
        self.area, self.taken = area, list[QRectF]()
        self._lines = list(lines)

    def take(self, rect: QRectF) -> None:
        self.taken.append(rect)

    def label_on(self, line: QLineF, width: float) -> QRectF | None:
        """A label on a slanted line or above a level one, clear of the other lines."""
        level = abs(line.dy()) < 1
        sides = (-16.0, 16.0) if level else (0.0,)
        for share, side in ((share, side) for side in sides for share in ALONG):
            at = line.pointAt(0.2 + share if level else share)
            rect = QRectF(at.x() - width / 2 - 4, at.y() - LABEL_HEIGHT / 2 + side, width + 8, LABEL_HEIGHT)
            if self._is_free(rect) and not any(crosses(rect, other) for other in self._lines if other != line):
                self.take(rect)
                return rect
        return None

    def chip_at(self, anchors: Sequence[QPointF], width: float, on_line: bool) -> QRectF | None:
        """A chip whose lower edge's middle is one of the anchors, or near one. One that belongs to a line rather stands
        on it than far away, where it would seem to belong to another."""
        return self._first(anchors, QSizeF(width, CHIP_HEIGHT), CHIP_OF_LINE if on_line else CHIP_OF_NODE)

    def badge_near(self, anchor: QPointF, width: float, height: float) -> QRectF | None:
        """A badge above the anchor, or near it."""
        return self._first([anchor + QPointF(0, height / 2)], QSizeF(width, height), BADGE)

    def _first(self, anchors: Sequence[QPointF], size: QSizeF, choices: Choices) -> QRectF | None:
        """The first free place among the choices, where these ask for it one that no line passes through."""
        for shifts, is_clear in choices:
            for rect in self._free(anchors, size, shifts):
                if not is_clear or self._is_clear(rect):
                    self.take(rect)
                    return rect
        return None

    def _free(self, anchors: Sequence[QPointF], size: QSizeF, shifts: Shifts) -> Iterator[QRectF]:
        for (dx, dy), anchor in product(shifts, anchors):
            rect = QRectF(anchor + QPointF(dx - size.width() / 2, dy - size.height()), size)
            rect.moveLeft(min(max(rect.left(), self.area.left()), self.area.right() - size.width()))
            if self._is_free(rect):
                yield rect

    def _is_clear(self, rect: QRectF) -> bool:
        """Whether no line passes through a place, with a little air around it."""
        airy = rect.adjusted(-2, -6, 2, 6)
        return not any(crosses(airy, line) for line in self._lines)

    def _is_free(self, rect: QRectF) -> bool:
        return self.area.contains(rect) and not any(rect.intersects(other) for other in self.taken)


def crosses(rect: QRectF, line: QLineF) -> bool:
    """Whether a line passes through a rectangle: they are apart if some axis separates them, across, along or the
    line's own."""
    x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
    x1, y1, x2, y2 = line.x1(), line.y1(), line.x2(), line.y2()
    if max(x1, x2) < x or min(x1, x2) > x + width or max(y1, y2) < y or min(y1, y2) > y + height:
        return False
    dx, dy = x2 - x1, y2 - y1
    away = abs(dx * (y + height / 2 - y1) - dy * (x + width / 2 - x1))
    return away <= (abs(dx) * height + abs(dy) * width) / 2
