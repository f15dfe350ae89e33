"""Sets an equation in lines: a row of symbols over a row of numbers, broken at its operators where the width ends.

What has room stands on one line. A sum that has not is broken into equal cells; then symbols and numbers share a chip,
the sums so far go, and the middle folds, until the result is in sight.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from PySide6.QtCore import QPointF, QRectF

from engine.expressions import Application, Expression, Fraction, Number, Power, Product, Sum, negative, sign_and_rest
from engine.frame import Frame
from engine.paths import path_count
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import advance
from gui.equation.cells import ENDS, MOST_CELLS, MOST_PATHS, MOST_UNFOLDED, Cell, cells_of, over_branches
from gui.equation.form import Form
from gui.theme import math_font

SYMBOL, RULE, NUMBER, RESULT = 18, 13, 17, 18
TOP, SIDE, GAP, HEADER = 38.0, 16.0, 6.0, 32
EQUALS, RESULT_HEIGHT, RESULT_INDENT = 26.0, 32.0, 32.0
FEW, ROOMY = 4, 290.0
"""So few cells need not be judged by their small sizes; a height in which two lines of large cells have room."""
MOST_IN_LINE, NARROWEST = 6, 40.0
ROOM_BESIDE = 32.0
"""What a chip as wide as the panel needs at its sides."""
SENTENCE_LINE, WIDE_LETTER = 18.0, 8.0
"""How high a line of the sentence is, and how wide a letter of it at most on average."""
CHAIN, CHAIN_INDENT, CHAIN_GAP, WORDS_LINE = 13, 64.0, 2.0, 18.0
"""Of the sum over ways: its size, where it begins, the space below a line of it, and the height of its words."""


@dataclass(frozen=True)
class Fit:
    """How closely cells are set: gap of a dot, padding within a chip, whether chips show their local rule, whether
    lines may be broken. `symbol` and `number` are sizes in pixels. `is_stacked`: symbols and numbers share a chip;
    `has_totals`: the product or sum so far stands below it; `is_broken`: the numbers of a product stand below one
    another."""

    dot: float
    padding: float
    has_rules: bool = True
    has_lines: bool = False
    symbol: int = SYMBOL
    number: int = NUMBER
    is_stacked: bool = False
    has_totals: bool = True
    is_broken: bool = False


ON_ONE_LINE = (Fit(18, 22), Fit(14, 16), Fit(12, 12), Fit(12, 10, False), Fit(9, 5, False))
IN_LINES = (
    Fit(18, 22, False, True),
    Fit(12, 10, False, True, 15, 14, True),
    Fit(12, 10, False, True, 15, 14, True, False),
    Fit(12, 10, False, True, 15, 14, True, False, True),
)
"""From wide to narrow; the first one that has room is taken."""
UNFOLDED = (Fit(12, 10, False, True, 15, 14, True, True, True),)


@dataclass(frozen=True)
class Sized:
    """A cell with its formulas laid out, as closely as `fit` says."""

    cell: Cell
    symbol: formula.Box
    numbers: formula.Box
    rule: formula.Box | None
    fit: Fit

    @cached_property
    def width(self) -> float:
        beside = 12.0 if self.cell.number else 0.0
        widest = max(self.symbol.width + beside, self.numbers.width, self.rule.width if self.rule else 0.0, NARROWEST)
        return widest + self.fit.padding

    @property
    def joint_width(self) -> float:
        """What joins it to the cell before."""
        return {"": 0.0, "·": self.fit.dot}.get(self.cell.joint, EQUALS)


@dataclass(frozen=True)
class Placed:
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
        if fit.is_stacked:
            between = 10.0 if max(tallest, lowest) > 2 * fit.symbol and len(cells) == 1 else 4.0
            self.upper, self.gap, self.lower = max(tallest, 16.0) + between, 0.0, max(lowest, 16.0) + between
        else:
            self.upper, self.gap = 72.0 if has_rules else max(48.0, tallest + 14), GAP
            self.lower = max(28.0, lowest + 6)
        self.under = self.upper + self.gap + self.lower
        named = any(cell.cell.so_far_name for cell in cells)
        self.line = self.under + (8.0 if not fit.has_totals else 42.0 if named else 24.0)
        self.axis = 30.0 if has_rules else self.under / 2 + 5 if fit.is_stacked else self.upper / 2 + GAP
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


@dataclass(frozen=True)
class ChainSet:
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
        if self.is_unfolded:
            return UNFOLDED
        in_lines = IN_LINES if self.height > ROOMY else IN_LINES[1:]
        return in_lines if self._is_long(cells) else (*ON_ONE_LINE, *in_lines)

    def _is_long(self, cells: list[Cell]) -> bool:
        """Whether cells surely need several lines, judged by their small sizes: so they need not be laid out large."""
        small = [self._laid_out(cell, IN_LINES[-2]) for cell in cells] if len(cells) > FEW else []
        return self.start + sum(cell.width + cell.joint_width for cell in small) > self.width

    def _block(self, cells: list[Cell], fit: Fit) -> Block:
        sized = [self._laid_out(cell, fit) for cell in cells]
        return Block(sized, fit, self.start, self.width, RESULT_INDENT + self.result_width + 8)

    def _laid_out(self, cell: Cell, fit: Fit) -> Sized:
        symbol, rule = self._set(cell.symbol, fit.symbol), None
        if cell.rule is not None and fit.has_rules:
            rule = formula.layout(cell.rule, RULE, self.number, slashed=True)
        return Sized(cell, symbol, self._numbers_of(cell, fit), rule, fit)

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

    def _set(self, expression: Expression, pixels: int, opens: bool = True) -> formula.Box:
        """Laid out once for all the ways that are tried."""
        key = (id(expression), pixels, opens)
        if key not in self._boxes:
            self._boxes[key] = expression, self._in_width(expression, pixels, opens)
        return self._boxes[key][1]

    def _in_width(self, expression: Expression, pixels: int, opens: bool) -> formula.Box:
        """On one line, or broken where that is wider than the panel."""
        box = formula.layout(expression, pixels, self.number, opens=opens)
        room = self.width - self.start - ROOM_BESIDE
        return box if box.width <= room else formula.broken(expression, pixels, self.number, room, opens)

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
        """Of one line if it surely fits, else of two."""
        operation, chain = self.frame.operation, self.frame.chain
        if operation is None or operation.kind == "activation" or chain is not None:
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

    @property
    def can_fold(self) -> bool:
        """Whether terms are folded, or were before they were unfolded."""
        return self.is_unfolded or any(placed.sized.cell.is_fold for placed in self.block.placed)

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
        return TOP + 6 + self.form.size.height() if as_matrix else self.block.bottom + self._below


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
                yield from numbers_in(part)
