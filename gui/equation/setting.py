"""Sets an equation in lines: a row of symbols over a row of numbers, broken where the width ends."""

from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from engine.frame import Frame
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import advance
from gui.equation.cells import Cell, cells_of
from gui.theme import math_font

SYMBOL, RULE, NUMBER, RESULT = 18, 13, 17, 18
TOP, SIDE, GAP, HEADER = 38.0, 16.0, 6.0, 32
EQUALS = 26.0


@dataclass(frozen=True)
class Fit:
    """How closely cells are set: gap of a dot, padding within a chip, and whether chips show their local rule."""

    dot: float
    padding: float
    has_rules: bool = True


FITS = (Fit(18, 22), Fit(14, 16), Fit(12, 12), Fit(12, 10, False), Fit(9, 5, False))
"""From wide to narrow; the first one that puts all on one line is taken, else lines are broken."""


@dataclass(frozen=True)
class Sized:
    """A cell with its formulas laid out, as closely as `fit` says."""

    cell: Cell
    symbol: formula.Box
    numbers: formula.Box
    full_rule: formula.Box | None
    fit: Fit = FITS[0]

    @property
    def rule(self) -> formula.Box | None:
        """Its local rule, where there is room for rules."""
        return self.full_rule if self.fit.has_rules else None

    @cached_property
    def width(self) -> float:
        beside = 12.0 if self.cell.number else 0.0
        widest = max(self.symbol.width + beside, self.numbers.width, self.rule.width if self.rule else 0.0, 40.0)
        return widest + self.fit.padding

    @cached_property
    def joint_width(self) -> float:
        """What joins it to the cell before."""
        if not self.cell.joint:
            return 0.0
        joint = formula.text_box(self.cell.joint, NUMBER).width
        return self.fit.dot if self.cell.joint == "·" else max(EQUALS, joint + 12)


def _laid_out(cell: Cell) -> Sized:
    symbol = formula.layout(cell.symbol, SYMBOL, text.number)
    numbers = formula.layout(cell.numbers, NUMBER, text.number)
    rule = formula.layout(cell.rule, RULE, text.number, slashed=True) if cell.rule is not None else None
    return Sized(cell, symbol, numbers, rule)


class Setting:
    """One frame's equation as it is set in a width."""

    def __init__(self, frame: Frame, width: float) -> None:
        self.frame, self.width = frame, width
        self.result = text.number(frame.operation.value) if frame.operation else ""
        self.result_width = advance(self.result, math_font(RESULT, result=True)) + 28
        self.left = formula.layout(frame.operation.symbol, SYMBOL, text.number) if frame.operation else formula.space(0)
        self.start = SIDE + max(self.left.width, 40) + 30
        self.cells = self._fitted(cells_of(frame))
        has_rules = any(cell.rule for cell in self.cells)
        self.upper = 72.0 if has_rules else max([48.0, *(cell.symbol.height + 14 for cell in self.cells)])
        self.lower = max([28.0, *(cell.numbers.height + 6 for cell in self.cells)])
        self.under = self.upper + GAP + self.lower
        self.axis = 30.0 if has_rules else self.upper / 2 + GAP
        named = any(cell.cell.so_far_name for cell in self.cells)
        self.line = self.under + (42 if named else 24)

    def _fitted(self, cells: list[Cell]) -> list[Sized]:
        """The cells as wide as the panel allows."""
        laid_out = list(map(_laid_out, cells))
        for fit in FITS:
            sized = [replace(cell, fit=fit) for cell in laid_out]
            if self.start + sum(cell.width + cell.joint_width for cell in sized) + self._room <= self.width:
                return sized
        return laid_out

    @property
    def _room(self) -> float:
        """What the equals sign and the result need behind the cells."""
        return 30 + self.result_width + 8

    def placed(self) -> list[tuple[Sized, float, float]]:
        """Each cell with where it begins; a line that is full goes on below, its operator under the equals sign."""
        placed, x, top = [], self.start, TOP
        for place, cell in enumerate(self.cells):
            room = self._room if place == len(self.cells) - 1 else 8.0
            if x > self.start and x + cell.joint_width + cell.width + room > self.width:
                x, top = self.start - EQUALS, top + self.line
            placed.append((cell, x, top))
            x += cell.joint_width + cell.width
        return placed

    def chip(self, cell: Sized, x: float, top: float) -> QRectF:
        """A cell's symbols and numbers."""
        return QRectF(x + cell.joint_width, top, cell.width, self.under)

    def reads_at(self, point: QPointF) -> tuple[Quantity, ...]:
        """The quantities that the cell at a point reads."""
        hit = (cell.cell.reads for cell, x, top in self.placed() if self.chip(cell, x, top).contains(point))
        return next(hit, ())

    def needed_height(self) -> float:
        """The height that shows all: the lines of cells, the chain of a sum, and two lines for the sentence."""
        top = max((top for _, _, top in self.placed()), default=TOP)
        chain = self.frame.chain
        return top + self.line + 40 + (26 if chain is not None and chain.branches else 0)
