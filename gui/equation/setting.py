"""Sets an equation in lines: a row of symbols over a row of numbers, broken at its operators where the width ends.

What has room stands on one line. A sum that has not is broken into equal cells; then symbols and numbers share a chip,
the sums so far go, and the middle folds, until the result is in sight.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from engine.expressions import (
    MINUS_ONE,
    Application,
    Expression,
    Fraction,
    Number,
    Power,
    Product,
    Sum,
    negative,
    sign_and_rest,
)
from engine.frame import Frame
from engine.paths import path_count
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import advance
from gui.equation.block import IN_LINES, ON_ONE_LINE, RESULT_HEIGHT, SYMBOL, TOP, UNFOLDED, Block, Fit, Sized
from gui.equation.cells import ENDS, MOST_CELLS, MOST_PATHS, MOST_UNFOLDED, Cell, cells_of, over_branches
from gui.equation.form import Form
from gui.theme import math_font, ui_font

RULE, RESULT = 13, 18
SIDE, RESULT_INDENT = 16.0, 32.0
FORM_AT = (SIDE, TOP + 6)
"""Where a matrix form begins."""
SO_FAR_LINE = 24.0
"""The line below a matrix form with the sum or product so far."""
FEW, ROOMY = 4, 290.0
"""So few cells need not be judged by their small sizes; a height in which two lines of large cells have room."""
ROOM_BESIDE = 32.0
"""What a chip as wide as the panel needs at its sides."""
SENTENCE_LINE, WIDE_LETTER, MANY_DIGITS = 18.0, 8.0, 10
"""How high a line of the sentence is, how wide a letter of it at most on average, and from which number of digits on
a function that is written out stands on lines of its own."""
CHAIN, CHAIN_INDENT, CHAIN_GAP, WORDS_LINE = 13, 64.0, 2.0, 18.0
"""Of the sum over ways: its size, where it begins, the space below a line of it, and the height of its words."""


class ChainSet(NamedTuple):
    """The sum over all ways from the loss below the cells: words for ways that are not written, and formulas."""

    words: str
    boxes: tuple[formula.Box, ...]

    @property
    def height(self) -> float:
        """What it needs, with what keeps it clear of the sentence."""
        words = WORDS_LINE if self.words else 0.0
        return words + sum(box.height + CHAIN_GAP for box in self.boxes)


class Setting:
    """One frame's equation as it is set in a width and a height, with so many digits; `is_unfolded` shows the terms of
    a long sum."""

    def __init__(
        self, frame: Frame, width: float, height: float, digits: int = 5, is_unfolded: bool = False
    ) -> None:
        self.frame, self.width, self.height, self.digits = frame, width, height, digits
        self.number: Callable[[float], str] = partial(text.number, digits=digits)
        self.is_unfolded = is_unfolded
        operation = frame.operation
        self.result = self.number(operation.value) if operation else ""
        self.result_width = advance(self.result, math_font(RESULT, result=True)) + 28
        self.left = formula.layout(operation.symbol, SYMBOL, self.number) if operation else formula.space(0)
        self.start = SIDE + max(self.left.width, 40) + 30
        self._boxes: dict[tuple[int, int, bool], tuple[Expression, formula.Box]] = {}
        self.block = self._fitted()
        self.sign = "≈" if any(map(self.is_rounded, self._numbers())) else "="
        self.result_sign = "≈" if self.sign == "≈" or (operation and self.is_rounded(operation.value)) else "="

    def is_rounded(self, value: float) -> bool:
        """Whether a value is written with fewer digits than it has."""
        return text.is_rounded(value, self.digits)

    def _numbers(self) -> Iterator[float]:
        for placed in self.block.placed:
            yield from numbers_in(placed.sized.cell.numbers)

    def _fitted(self) -> Block:
        """The first way of setting the cells that has room; else the closest one."""
        for block in self._ways():
            if block.is_one_line or (block.fit.has_lines and block.bottom + self._below <= self.height):
                return block
        return block

    def _ways(self) -> Iterator[Block]:
        """From wide to narrow, and a sum that is too long for that folded."""
        operation = self.frame.operation
        count = len(operation.terms) if operation else 0
        endings: tuple[int | None, ...] = (None,) if self.is_unfolded or count <= 1 else (None, ENDS, 1)
        if count > MOST_CELLS:
            endings = (MOST_UNFOLDED,) if self.is_unfolded else endings[1:]
        for ends in endings:
            cells = cells_of(self.frame, ends)
            for fit in self._fits(cells):
                yield self._block(cells, fit)

    def _fits(self, cells: list[Cell]) -> tuple[Fit, ...]:
        """The ways that may have room."""
        if self.is_unfolded and len(cells) > MOST_CELLS:
            return UNFOLDED
        in_lines = IN_LINES if self.height > ROOMY else IN_LINES[1:]
        in_lines = (*in_lines, *UNFOLDED) if self.is_unfolded else in_lines
        return in_lines if self._is_long(cells) else (*ON_ONE_LINE, *in_lines)

    def _is_long(self, cells: list[Cell]) -> bool:
        """Whether cells surely need several lines, judged by their small sizes: so they need not be laid out large."""
        small = [self._laid_out(cell, IN_LINES[-2]) for cell in cells] if len(cells) > FEW else []
        return self.start + sum(cell.width + cell.joint_width for cell in small) > self.width

    def _block(self, cells: list[Cell], fit: Fit) -> Block:
        sized = [self._laid_out(cell, fit, cell is cells[-1]) for cell in cells]
        return Block(sized, fit, self.start, self.width, RESULT_INDENT + self.result_width + 8)

    def _laid_out(self, cell: Cell, fit: Fit, is_last: bool = False) -> Sized:
        rule = self._set(cell.rule, RULE, slashed=True) if cell.rule is not None and fit.has_rules else None
        has_total = cell.so_far is not None and fit.has_totals and (fit.has_last_total or not is_last)
        total = advance(self.number(cell.so_far or 0.0), ui_font(12)) if has_total else 0.0
        return Sized(cell, self._set(cell.symbol, fit.symbol), self._numbers_of(cell, fit), rule, total, fit)

    def _numbers_of(self, cell: Cell, fit: Fit) -> formula.Box:
        """Behind an operator a negative number stands in parentheses."""
        opens = not cell.joint
        if not (fit.is_broken and isinstance(cell.numbers, Product) and _is_of_numbers(cell.numbers)):
            return self._set(cell.numbers, fit.number, opens)
        sign, rest = sign_and_rest(cell.numbers)
        first, *others = rest.factors if isinstance(rest, Product) else (rest,)
        first = negative(first) if sign == "-" else first
        dot = formula.text_box("· ", fit.number)
        rows = [formula.row([dot, self._set(factor, fit.number, False)]) for factor in others]
        return formula.stack([self._set(first, fit.number, opens), *rows], fit.number)

    def _set(self, expression: Expression, pixels: int, opens: bool = True, slashed: bool = False) -> formula.Box:
        """Laid out once for all the ways that are tried."""
        key = (id(expression), pixels, opens)
        if key not in self._boxes:
            box = formula.layout(expression, pixels, self.number, slashed, opens)
            room = self.width - self.start - ROOM_BESIDE
            if box.width > room and not slashed:
                box = formula.broken(expression, pixels, self.number, room, opens)
            self._boxes[key] = expression, box
        return self._boxes[key][1]

    @property
    def result_rect(self) -> QRectF:
        """The box of the result."""
        top = self.block.result_baseline - 6 - RESULT_HEIGHT / 2
        return QRectF(self.block.result_x + RESULT_INDENT, top, self.result_width, RESULT_HEIGHT)

    @property
    def _below(self) -> float:
        """What stands below the cells: the chain of a sum, and the sentence."""
        return self._sentence_height + self.chain.height

    @cached_property
    def chain(self) -> "ChainSet":
        """The sum over all ways from the loss, of a gradient that has several; else nothing."""
        chain = self.frame.chain
        if chain is None or not chain.branches:
            return ChainSet("", ())
        room, ways = self.width - CHAIN_INDENT - SIDE, path_count(self.frame.session.spec.network, chain.quantity)
        if ways <= MOST_PATHS:
            symbols = formula.layout(chain.symbols, CHAIN, self.number)
            numbers = self._chain_numbers(chain.numbers)
            if max(symbols.width, numbers.width) <= room:
                return ChainSet("", (symbols, numbers))
        words = text.ways_from_the_loss(ways)
        if len(chain.branches) > MOST_PATHS:
            return ChainSet(words, ())
        numbers = self._chain_numbers(over_branches(chain))
        return ChainSet(words, (numbers,) if numbers.width <= room else ())

    def _chain_numbers(self, expression: Expression) -> formula.Box:
        sign = "≈" if any(map(self.is_rounded, numbers_in(expression))) else "="
        return formula.row([formula.text_box(f"{sign} ", CHAIN), formula.layout(expression, CHAIN, self.number)])

    @cached_property
    def _sentence_height(self) -> float:
        """Of one line if it surely fits, else of two; a function that is written out in many digits needs more."""
        operation, chain = self.frame.operation, self.frame.chain
        if operation is not None and operation.kind == "activation":
            return (2 if self.digits < MANY_DIGITS else 4) * SENTENCE_LINE
        if operation is None or chain is not None:
            return 2 * SENTENCE_LINE
        words = " ".join(text.rule(self.frame, operation))
        return (1 if len(words) * WIDE_LETTER < self.width - 2 * SIDE else 2) * SENTENCE_LINE + 4

    def cell_at(self, point: QPointF) -> Cell | None:
        """The cell at a point."""
        hit = (placed.sized.cell for placed in self.block.placed if self.block.chip(placed).contains(point))
        return next(hit, None)

    def reads_at(self, point: QPointF) -> tuple[Quantity, ...]:
        """The quantities that the cell at a point reads."""
        cell = self.cell_at(point)
        return cell.reads if cell else ()

    def values_at(self, point: QPointF) -> list[float]:
        """The values whose numbers stand at a point or near it: those of a cell, or the result."""
        operation, cell = self.frame.operation, self.cell_at(point)
        if operation and not self.frame.cursor.factor and self.result_rect.contains(point):
            return [operation.value]
        return list(dict.fromkeys(numbers_in(cell.numbers))) if cell else []

    def in_sight(self) -> QRectF:
        """What has to be seen: the result, or the cell that a walk has come to."""
        walked = self.frame.cursor.factor
        reached = (self.block.chip(p) for p in self.block.placed if p.sized.cell.places.stop == walked)
        return next(reached, self.result_rect)

    def form_values_at(self, point: QPointF) -> list[float]:
        """The value whose number in the matrix form stands at a point."""
        value = self.form.value_at(point, *FORM_AT)
        return [] if value is None else [value]

    @property
    def is_spread(self) -> bool:
        """Whether terms stand alone that would be folded, had they not been unfolded."""
        return self.block.fit in UNFOLDED

    @property
    def can_fold(self) -> bool:
        """Whether terms are folded, or were before they were unfolded."""
        return self.is_spread or any(placed.sized.cell.is_fold for placed in self.block.placed)

    @cached_property
    def form(self) -> Form:
        """The matrix form; without lines where there is none."""
        return Form(self.frame, self.width - 2 * SIDE, self.digits)

    @property
    def right(self) -> float:
        """Where cells and result end."""
        return max(self.result_rect.right(), self.block.right)

    def needed_height(self, as_matrix: bool) -> float:
        """The height that shows all."""
        if not as_matrix:
            return self.block.bottom + self._below
        return FORM_AT[1] + self.form.size.height() + (SO_FAR_LINE if self.frame.cursor.factor else 0.0)


def _is_of_numbers(product: Product) -> bool:
    return all(isinstance(factor, Number) for factor in product.factors)


def numbers_in(expression: Expression) -> Iterator[float]:
    """The numbers that an expression writes."""
    match expression:
        case Number(value):
            yield value
        case Fraction(above, below):
            yield from numbers_in(above)
            yield from numbers_in(below)
        case Power(base, exponent):
            yield from numbers_in(base)
            yield from numbers_in(exponent)
        case Product(parts) | Sum(parts) | Application(_, parts):
            for part in parts:
                if part != MINUS_ONE:  # which is written as a sign
                    yield from numbers_in(part)
