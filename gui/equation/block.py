"""The cells of an equation in lines, set in one of several ways from wide to narrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QRectF

from gui import formula
from gui.equation.cells import Cell

SYMBOL, NUMBER = 18, 17
TOP, GAP = 38.0, 6.0
EQUALS, RESULT_HEIGHT = 26.0, 32.0
MOST_IN_LINE, NARROWEST, BETWEEN_TOTALS = 6, 40.0, 14.0


class Fit(NamedTuple):
    """How closely cells are set: gap of a dot, padding within a chip, whether chips show their local rule, whether
    lines may be broken. `symbol` and `number` are sizes in pixels. `is_stacked`: symbols and numbers share a chip;
    `has_totals`: the product or sum so far stands below it, `has_last_total`: also that of the last cell, which is the
    result; `is_broken`: the numbers of a product stand below one
    another."""

    dot: float
    padding: float
    has_rules: bool = True
    has_lines: bool = False
    symbol: int = SYMBOL
    number: int = NUMBER
    is_stacked: bool = False
    has_totals: bool = True
    has_last_total: bool = True
    is_broken: bool = False


ON_ONE_LINE = (
    Fit(18, 22), Fit(14, 16), Fit(12, 12), Fit(12, 10, False), Fit(9, 5, False),
    Fit(9, 5, False, has_last_total=False), Fit(9, 5, False, has_totals=False),
)  # fmt: skip
CLOSE = Fit(12, 10, has_rules=False, has_lines=True, symbol=15, number=14, is_stacked=True)
IN_LINES = (
    Fit(18, 22, has_rules=False, has_lines=True),
    CLOSE,
    CLOSE._replace(has_totals=False),
    CLOSE._replace(has_totals=False, is_broken=True),
)
"""From wide to narrow; the first one that has room is taken."""
UNFOLDED = (CLOSE._replace(is_broken=True),)


@dataclass(frozen=True)
class Sized:
    """A cell with its formulas laid out, as closely as `fit` says. total: the width of the product or sum so far; 0
    where it is not written."""

    cell: Cell
    symbol: formula.Box
    numbers: formula.Box
    rule: formula.Box | None
    total: float
    fit: Fit

    @cached_property
    def width(self) -> float:
        beside = 12.0 if self.cell.number else 0.0
        widest = max(self.symbol.width + beside, self.numbers.width, self.rule.width if self.rule else 0.0, NARROWEST)
        return max(widest + self.fit.padding, self.total + BETWEEN_TOTALS - self.joint_width)

    @property
    def joint_width(self) -> float:
        """What joins it to the cell before."""
        return {"": 0.0, "·": self.fit.dot}.get(self.cell.joint, EQUALS)


class Placed(NamedTuple):
    """A cell with where its chip begins, and how wide it is."""

    sized: Sized
    x: float
    top: float
    width: float
    begins_line: bool = False

    @property
    def joint_middle(self) -> float:
        """Where what joins it to the one before stands; on a new line under the equals sign."""
        return self.x - (17.0 if self.begins_line else self.sized.joint_width / 2)


class Block:
    """The cells of an equation in lines, set one way."""

    def __init__(self, cells: list[Sized], fit: Fit, start: float, width: float, room: float) -> None:
        """`room` is what the result needs behind the last cell."""
        self.cells, self.fit, self.start, self.width = cells, fit, start, width
        tallest = max((cell.symbol.height for cell in cells), default=0.0)
        lowest = max((cell.numbers.height for cell in cells), default=0.0)
        has_rules = any(cell.rule for cell in cells)
        self.above_rule = max(48.0, tallest + 1)
        if fit.is_stacked:
            between = 10.0 if max(tallest, lowest) > 2 * fit.symbol and len(cells) == 1 else 4.0
            self.upper, self.gap, self.lower = max(tallest, 16.0) + between, 0.0, max(lowest, 16.0) + between
        else:
            self.upper, self.gap = max(72.0, self.above_rule + 20) if has_rules else max(48.0, tallest + 14), GAP
            self.lower = max(28.0, lowest + 6)
        self.under = self.upper + self.gap + self.lower
        named = any(cell.cell.so_far_name for cell in cells)
        self.line = self.under + (8.0 if not fit.has_totals else 42.0 if named else 24.0)
        row = self.above_rule if has_rules else self.upper
        self.axis = self.under / 2 + 5 if fit.is_stacked else row / 2 + GAP
        self.number_axis = self.axis if fit.is_stacked else self.under - self.lower / 2 + 6
        self.placed = list(self._equal() if self._is_equal else self._running(room))
        last = self.placed[-1] if self.placed else None
        self.result_x, self.result_top = (last.x + last.width, last.top) if last else (start, TOP)
        self.overflows = self.result_x + room > width and bool(self.placed)
        self.result_is_below = self.overflows and fit.has_lines
        if self.result_is_below:
            self.result_x, self.result_top = start - EQUALS - 6, self.result_top + self.line

    @property
    def _is_equal(self) -> bool:
        """Whether it is a sum in lines: its cells are equally wide and stand below one another."""
        return self.fit.has_lines and len(self.cells) > 1 and self.cells[1].cell.joint != "·"

    def _equal(self) -> Iterator[Placed]:
        width = max(cell.width for cell in self.cells)
        count = int((self.width - self.start - 8 + EQUALS) // (width + EQUALS))
        count = max(min(count, MOST_IN_LINE), 1)
        for place, cell in enumerate(self.cells):
            line, column = divmod(place, count)
            x = self.start + column * (width + EQUALS)
            yield Placed(cell, x, TOP + line * self.line, width, column == 0)

    def _running(self, room: float) -> Iterator[Placed]:
        """Each cell as wide as it is; a line that is full goes on below, its operator under the equals sign."""
        x, top = self.start, TOP
        for place, cell in enumerate(self.cells):
            behind = room if place == len(self.cells) - 1 and not self.fit.has_lines else 8.0
            is_full = x > self.start and x + cell.joint_width + cell.width + behind > self.width
            x, top = (self.start, top + self.line) if is_full else (x + cell.joint_width, top)
            yield Placed(cell, x, top, cell.width, is_full)
            x += cell.width

    @property
    def right(self) -> float:
        """Where the longest line of cells ends."""
        return max((placed.x + placed.width for placed in self.placed), default=self.start)

    @property
    def result_baseline(self) -> float:
        """The baseline of the result, and of the sign before it."""
        return self.result_top + (RESULT_HEIGHT / 2 + 6 if self.result_is_below else self.number_axis)

    @property
    def is_one_line(self) -> bool:
        return all(placed.top == TOP for placed in self.placed) and not self.overflows

    @property
    def bottom(self) -> float:
        """Where what follows the cells and the result begins."""
        if self.result_is_below:
            return self.result_top + RESULT_HEIGHT + 4
        return self.result_top + self.line

    def chip(self, placed: Placed) -> QRectF:
        """A cell's symbols and numbers."""
        return QRectF(placed.x, placed.top, placed.width, self.under)
