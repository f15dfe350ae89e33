"""Finds places for labels: moved until they touch nothing, left out where there is no room, never shrunk."""

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF

Shifts = list[tuple[float, float]]
LABEL_HEIGHT, CHIP_HEIGHT, BADGE_HEIGHT = 18.0, 22.0, 42.0
ALONG = (0.3, 0.26, 0.34, 0.22, 0.4, 0.5, 0.6, 0.7, 0.16)
CHIP_SHIFTS = [
    (dx, dy) for dy in (0.0, -26.0, 26.0, 52.0, -52.0) for dx in (0.0, -24.0, 24.0, -48.0, 48.0, -80.0, 80.0)
]
BADGE_SHIFTS = [
    (dx, dy) for dy in (-34.0, -58.0, 20.0, 44.0, -82.0, 68.0) for dx in (0.0, -40.0, 40.0, -80.0, 80.0, 120.0, -120.0)
]


class Places:
    """The rectangles that are taken on a canvas of one size; labels keep off them and off one another."""

    def __init__(self, area: QRectF) -> None:
        self.area, self.taken = area, list[QRectF]()

    def take(self, rect: QRectF) -> None:
        self.taken.append(rect)

    def label_on(self, line: QLineF, width: float, others: Iterable[QLineF]) -> QRectF | None:
        """A label on a slanted line or above a level one, clear of the other lines."""
        level, lines = abs(line.dy()) < 1, list(others)
        sides = (-16.0, 16.0) if level else (0.0,)
        for share, side in ((share, side) for side in sides for share in ALONG):
            at = line.pointAt(0.2 + share if level else share)
            rect = QRectF(at.x() - width / 2 - 4, at.y() - LABEL_HEIGHT / 2 + side, width + 8, LABEL_HEIGHT)
            if self._is_free(rect) and not any(crosses(rect, other) for other in lines):
                self.take(rect)
                return rect
        return None

    def chip_above(self, anchor: QPointF, width: float) -> QRectF | None:
        """A chip whose lower edge's middle is the anchor, or near it."""
        return self._shifted(anchor, width, CHIP_HEIGHT, CHIP_SHIFTS)

    def badge_near(self, anchor: QPointF, width: float, line: QLineF | None = None) -> QRectF | None:
        """A badge of two lines above the anchor, or near it; where it can be, clear of the line it belongs to."""
        base = anchor + QPointF(0, BADGE_HEIGHT / 2)
        beside = self._shifted(base, width, BADGE_HEIGHT, BADGE_SHIFTS, line) if line is not None else None
        return beside or self._shifted(base, width, BADGE_HEIGHT, BADGE_SHIFTS)

    def _shifted(
        self, anchor: QPointF, width: float, height: float, shifts: Shifts, line: QLineF | None = None
    ) -> QRectF | None:
        for dx, dy in shifts:
            rect = QRectF(anchor.x() - width / 2 + dx, anchor.y() - height + dy, width, height)
            rect.moveLeft(min(max(rect.left(), self.area.left()), self.area.right() - width))
            if self._is_free(rect) and (line is None or not crosses(rect.adjusted(0, -8, 0, 8), line)):
                self.take(rect)
                return rect
        return None

    def _is_free(self, rect: QRectF) -> bool:
        return self.area.contains(rect) and not any(rect.intersects(other) for other in self.taken)


def crosses(rect: QRectF, line: QLineF) -> bool:
    """Whether a line passes through a rectangle."""
    if rect.contains(line.p1()) or rect.contains(line.p2()):
        return True
    corners = [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]
    sides = [QLineF(corners[i], corners[(i + 1) % 4]) for i in range(4)]
    return any(line.intersects(side)[0] == QLineF.IntersectionType.BoundedIntersection for side in sides)
