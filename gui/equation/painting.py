"""Sets an equation in lines and paints it: a row of symbols over a row of numbers, broken where the width ends."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF

from engine.expressions import Expression
from engine.frame import Frame
from engine.operations import Operation
from engine.paths import path_count
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import Brush, advance
from gui.equation.cells import MOST_PATHS, Cell, cells_of, written_out
from gui.equation.matrix import matrix_form, paint_form
from gui.theme import math_font, ui_font

SYMBOL, RULE, NUMBER, RESULT = 18, 13, 17, 18
TOP, SIDE, GAP, HEADER = 38.0, 16.0, 6.0, 32
EQUALS = 26.0


@dataclass(frozen=True)
class _Fit:
    """How closely cells are set: gap of a dot, padding within a chip, and whether chips show their local rule."""

    dot: float
    padding: float
    has_rules: bool = True


FITS = (_Fit(18, 22), _Fit(14, 16), _Fit(12, 12), _Fit(12, 10, False), _Fit(9, 5, False))
"""From wide to narrow; the first one that puts all on one line is taken, else lines are broken."""


@dataclass(frozen=True)
class _Sized:
    """A cell with its formulas laid out."""

    cell: Cell
    symbol: formula.Box
    numbers: formula.Box
    rule: formula.Box | None
    width: float
    joint_width: float


def _sized(cell: Cell, fit: _Fit) -> _Sized:
    symbol = formula.layout(cell.symbol, SYMBOL, text.number)
    numbers = formula.layout(cell.numbers, NUMBER, text.number)
    is_ruled = cell.rule is not None and fit.has_rules
    rule = formula.layout(cell.rule, RULE, text.number, slashed=True) if is_ruled and cell.rule else None
    beside = 12.0 if cell.number else 0.0
    width = max(symbol.width + beside, numbers.width, rule.width if rule else 0.0, 40.0) + fit.padding
    joint = formula.text_box(cell.joint, NUMBER).width
    joint_width = 0.0 if not cell.joint else fit.dot if cell.joint == "·" else max(EQUALS, joint + 12)
    return _Sized(cell, symbol, numbers, rule, width, joint_width)


class Painting:
    """One frame's equation on one painter: a row of symbols over a row of numbers, broken where the width ends."""

    def __init__(
        self, brush: Brush, frame: Frame, width: float, height: float, hovered: tuple[Quantity, ...] = ()
    ) -> None:
        self.hovered = set(hovered)
        self.brush, self.theme, self.frame, self.width, self.height = brush, brush.theme, frame, width, height
        self.result = text.number(frame.operation.value) if frame.operation else ""
        self.result_width = advance(self.result, math_font(RESULT, result=True)) + 28
        self.left = formula.layout(frame.operation.symbol, SYMBOL, text.number) if frame.operation else formula.space(0)
        self.start = SIDE + max(self.left.width, 40) + 30
        self.cells = self._fitted(cells_of(frame))
        self.walked = frame.cursor.factor or len(self.cells)
        has_rules = any(cell.rule for cell in self.cells)
        self.upper = 72.0 if has_rules else max([48.0, *(cell.symbol.height + 14 for cell in self.cells)])
        self.lower = max([28.0, *(cell.numbers.height + 6 for cell in self.cells)])
        self.axis = 30.0 if has_rules else self.upper / 2 + GAP
        named = any(cell.cell.so_far_name for cell in self.cells)
        self.line = self.upper + GAP + self.lower + (42 if named else 24)

    def _fitted(self, cells: list[Cell]) -> list[_Sized]:
        """The cells as wide as the panel allows."""
        for fit in FITS:
            sized = [_sized(cell, fit) for cell in cells]
            if self.start + sum(cell.width + cell.joint_width for cell in sized) + self._room <= self.width:
                return sized
        return [_sized(cell, FITS[0]) for cell in cells]

    @property
    def _room(self) -> float:
        """What the equals sign and the result need behind the cells."""
        return 30 + self.result_width + 8

    def paint(self, as_matrix: bool) -> None:
        operation = self.frame.operation
        self._header(operation)
        if operation is None:
            self._empty(text.NO_OPERATION, text.FIRST_HINT)
        elif as_matrix:
            self._matrix()
        else:
            self._sentence(operation, self._equation(operation))

    def _header(self, operation: Operation | None) -> None:
        painter, theme = self.brush.painter, self.theme
        painter.fillRect(QRectF(0, 0, self.width, HEADER), QColor(theme.header))
        for y in (0, HEADER - 1):
            painter.fillRect(QRectF(0, y, self.width, 1), QColor(theme.border))
        x = self.brush.words("Equation", 12, 20, ui_font(12, 600), theme.ink)
        if operation:
            self.brush.words(text.WHAT[operation.kind], x + 8, 20, ui_font(12), theme.ink_3)

    def _matrix(self) -> None:
        parts = matrix_form(self.frame)
        if parts:
            paint_form(self.brush, parts, SIDE, TOP + 6)
        else:
            self._empty(text.NO_MATRIX, text.NO_MATRIX_HOW)

    def _empty(self, what: str, how: str) -> None:
        """One line what there is, one line what to do."""
        middle = HEADER + (self.height - HEADER) / 2
        lines = ((what, middle - 20, 13, self.theme.ink_2), (how, middle + 4, 12, self.theme.ink_3))
        for words, y, size, color in lines:
            self.brush.centred(words, QRectF(0, y, self.width, 20), ui_font(size), color)

    def _equation(self, operation: Operation) -> float:
        """Left side, cells in lines, result; returns where the next line begins."""
        start = self.start
        formula.paint(self.brush.painter, self.left, SIDE, TOP + self.axis, QColor(self.theme.ink))
        self._operator("←" if operation.phase == "update" else "=", start - 22, TOP + self.axis)
        self._operator("=", start - 22, self._number_baseline(TOP))
        x, top = start, TOP
        for place, (cell, x, top) in enumerate(self._placed()):
            self._joint(cell, x, top)
            rect = QRectF(x + cell.joint_width, top, cell.width, self.upper)
            if place < self.walked:
                self._cell(cell, rect)
            else:
                self._ghost(cell, rect)
            if self.hovered.intersection(cell.cell.reads):
                self.brush.outline(self._chip(cell, x, top).adjusted(-3, -3, 3, 3), 10, 1)
            x = rect.right()
        self._result(x, top)
        if len(self.cells) > 1 and self.cells[0].cell.so_far is not None:
            words = "product so far" if self.cells[1].cell.joint == "·" else "sum so far"
            self.brush.words(words, SIDE, TOP + self.upper + GAP + self.lower + 16, ui_font(11), self.theme.ink_3)
        return top + self.line

    def _placed(self) -> list[tuple[_Sized, float, float]]:
        """Each cell with where it begins; a line that is full goes on below, its operator under the equals sign."""
        placed, x, top = [], self.start, TOP
        for place, cell in enumerate(self.cells):
            room = self._room if place == len(self.cells) - 1 else 8.0
            if x > self.start and x + cell.joint_width + cell.width + room > self.width:
                x, top = self.start - EQUALS, top + self.line
            placed.append((cell, x, top))
            x += cell.joint_width + cell.width
        return placed

    def _chip(self, cell: _Sized, x: float, top: float) -> QRectF:
        """A cell's symbols and numbers."""
        return QRectF(x + cell.joint_width, top, cell.width, self.upper + GAP + self.lower)

    def reads_at(self, point: QPointF) -> tuple[Quantity, ...]:
        """The quantities that the cell at a point reads."""
        hit = (cell.cell.reads for cell, x, top in self._placed() if self._chip(cell, x, top).contains(point))
        return next(hit, ())

    def needed_height(self) -> float:
        """The height that shows all: the lines of cells, the chain of a sum, and two lines for the sentence."""
        top = max((top for _, _, top in self._placed()), default=TOP)
        chain = self.frame.chain
        return top + self.line + 40 + (26 if chain is not None and chain.branches else 0)

    def _number_baseline(self, top: float) -> float:
        return top + self.upper + GAP + self.lower / 2 + 6

    def _operator(self, sign: str, x: float, baseline: float) -> None:
        formula.paint(self.brush.painter, formula.text_box(sign, SYMBOL), x, baseline, QColor(self.theme.ink))

    def _joint(self, cell: _Sized, x: float, top: float) -> None:
        if cell.cell.joint:
            box = formula.text_box(cell.cell.joint, NUMBER)
            for baseline in (top + self.axis, self._number_baseline(top)):
                middle = x + (cell.joint_width - box.width) / 2
                formula.paint(self.brush.painter, box, middle, baseline, QColor(self.theme.ink))

    def _cell(self, sized: _Sized, rect: QRectF) -> None:
        cell, ink, painter = sized.cell, QColor(self.theme.chip_ink), self.brush.painter
        below = QRectF(rect.left(), rect.bottom() + GAP, rect.width(), self.lower)
        for part in (rect, below):
            self.brush.fill(part, 8, self.theme.chip(cell.color))
        above = QRectF(rect.left(), rect.top(), rect.width(), 48 if sized.rule else rect.height())
        formula.paint_centred(painter, sized.symbol, above, ink)
        if sized.rule:
            formula.paint_centred(painter, sized.rule, QRectF(rect.left(), above.bottom(), rect.width(), 20), ink)
        if cell.number is not None:
            self.brush.words(str(cell.number), rect.left() + 7, rect.top() + 14, ui_font(10, 600), ink)
        formula.paint_centred(painter, sized.numbers, below, ink)
        if cell.so_far is not None:
            under = QRectF(below.left() - 20, below.bottom() + 3, below.width() + 40, 18)
            self.brush.centred(text.number(cell.so_far), under, ui_font(12), self.theme.ink_2)
            self._name_so_far(cell, under.translated(0, 18))

    def _ghost(self, sized: _Sized, rect: QRectF) -> None:
        """A factor that is still to come: its outline and its symbol, no numbers."""
        below = QRectF(rect.left(), rect.bottom() + GAP, rect.width(), self.lower)
        for part in (rect, below):
            self.brush.box(part, 8, self.theme.surface, self.theme.border_strong, 1)
        above = QRectF(rect.left(), rect.top(), rect.width(), 48 if sized.rule else rect.height())
        formula.paint_centred(self.brush.painter, sized.symbol, above, QColor(self.theme.ink_3))

    def _name_so_far(self, cell: Cell, rect: QRectF) -> None:
        if cell.so_far_name is not None:
            name = formula.layout(cell.so_far_name, RULE, text.number, slashed=True)
            formula.paint_centred(self.brush.painter, name, rect, QColor(self.theme.ink_3))

    def _result(self, x: float, top: float) -> None:
        """The result in its outlined box; nothing while the operation is only begun."""
        if self.frame.cursor.factor:
            return
        font = math_font(RESULT, result=True)
        baseline = self._number_baseline(top)
        self._operator("=", x + 10, baseline)
        rect = QRectF(x + 30, top + self.upper + GAP + self.lower / 2 - 16, self.result_width, 32)
        self.brush.outline(rect, 8)
        level = rect.center().y() + QFontMetricsF(font).capHeight() / 2
        self.brush.words(self.result, rect.left() + 14, level, font, self.theme.ink)

    def _sentence(self, operation: Operation, top: float) -> None:
        """The rule's name and one sentence; before it, for a sum over a few ways, the chain in full."""
        y, chain = top + 18, self.frame.chain
        if chain is not None and chain.branches:
            y = self._chain(y) + 26
        name, sentence = text.rule(self.frame, operation)
        x = self.brush.words(f"{name}.", SIDE, y, ui_font(13, 600), self.theme.ink)
        for word in sentence.split():
            x, y = self._next_word(word, x, y)
        if chain is not None and not chain.branches and len(chain.links) > len(operation.terms[0]):
            self._in_short(text.COMPUTED_AS, operation.formula, x, y)
        out = written_out(self.frame)
        if out is not None:
            self._in_short(text.WRITTEN_OUT, out, x, y)

    def _in_short(self, words: str, expression: Expression, x: float, y: float) -> None:
        """Words and a formula that end the sentence."""
        for word in words.split():
            x, y = self._next_word(word, x, y)
        short = formula.layout(expression, 15, text.number, slashed=True)
        if x + 6 + short.width > self.width - SIDE:
            x, y = SIDE - 6, y + 20
        formula.paint(self.brush.painter, short, x + 6, y, QColor(self.theme.ink))

    def _next_word(self, word: str, x: float, y: float) -> tuple[float, float]:
        """One more word of the sentence, on the next line where this one is full; returns where it ends."""
        font = ui_font(13)
        x += advance(" ", font) + 1
        if x + advance(word, font) > self.width - SIDE:
            x, y = SIDE, y + 18
        return self.brush.words(word, x, y, font, self.theme.ink_2), y

    def _chain(self, y: float) -> float:
        """The sum over all ways from the loss, or how many there are; returns its lowest baseline."""
        chain = self.frame.chain
        assert chain is not None
        ways = path_count(self.frame.session.spec.network, chain.quantity)
        self.brush.words("chain", SIDE, y + 6, ui_font(11), self.theme.ink_3)
        box = formula.layout(chain.symbols, 15, text.number) if ways <= MOST_PATHS else None
        if box is None or box.width > self.width - 80:
            self.brush.words(f"the sum over {ways:,} ways from the loss", 64, y + 6, ui_font(12), self.theme.ink_2)
            return y + 6
        formula.paint(self.brush.painter, box, 64, y + 8, QColor(self.theme.ink))
        return y + 12


