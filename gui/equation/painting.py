"""Paints an equation as it is set, or its matrix form."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF

from engine.expressions import Expression
from engine.operations import Operation
from engine.paths import path_count
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import Brush, advance
from gui.equation.cells import MOST_PATHS, Cell, written_out
from gui.equation.matrix import matrix_form, paint_form
from gui.equation.setting import GAP, NUMBER, RESULT, RULE, SIDE, SYMBOL, TOP, Setting, Sized
from gui.theme import math_font, ui_font

HEADER = 32


class Painting:
    """One equation on one painter."""

    def __init__(self, setting: Setting, brush: Brush, height: float, hovered: tuple[Quantity, ...] = ()) -> None:
        self.setting, self.brush, self.theme, self.height = setting, brush, brush.theme, height
        self.frame, self.width, self.hovered = setting.frame, setting.width, set(hovered)
        self.walked = setting.frame.cursor.factor or len(setting.cells)

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
        start = self.setting.start
        formula.paint(self.brush.painter, self.setting.left, SIDE, TOP + self.setting.axis, QColor(self.theme.ink))
        self._operator("←" if operation.phase == "update" else "=", start - 22, TOP + self.setting.axis)
        self._operator("=", start - 22, self._number_baseline(TOP))
        x, top = start, TOP
        for place, (cell, x, top) in enumerate(self.setting.placed()):
            self._joint(cell, x, top)
            rect = QRectF(x + cell.joint_width, top, cell.width, self.setting.upper)
            if place < self.walked:
                self._cell(cell, rect)
            else:
                self._ghost(cell, rect)
            if self.hovered.intersection(cell.cell.reads):
                self.brush.outline(self.setting.chip(cell, x, top).adjusted(-3, -3, 3, 3), 10, 1)
            x = rect.right()
        self._result(x, top)
        if len(self.setting.cells) > 1 and self.setting.cells[0].cell.so_far is not None:
            words = "product so far" if self.setting.cells[1].cell.joint == "·" else "sum so far"
            self.brush.words(words, SIDE, TOP + self.setting.under + 16, ui_font(11), self.theme.ink_3)
        return top + self.setting.line

    def _number_baseline(self, top: float) -> float:
        return top + self.setting.under - self.setting.lower / 2 + 6

    def _operator(self, sign: str, x: float, baseline: float) -> None:
        formula.paint(self.brush.painter, formula.text_box(sign, SYMBOL), x, baseline, QColor(self.theme.ink))

    def _joint(self, cell: Sized, x: float, top: float) -> None:
        if cell.cell.joint:
            box = formula.text_box(cell.cell.joint, NUMBER)
            for baseline in (top + self.setting.axis, self._number_baseline(top)):
                middle = x + (cell.joint_width - box.width) / 2
                formula.paint(self.brush.painter, box, middle, baseline, QColor(self.theme.ink))

    def _cell(self, sized: Sized, rect: QRectF) -> None:
        cell, ink, painter = sized.cell, QColor(self.theme.chip_ink), self.brush.painter
        below = QRectF(rect.left(), rect.bottom() + GAP, rect.width(), self.setting.lower)
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

    def _ghost(self, sized: Sized, rect: QRectF) -> None:
        """A factor that is still to come: its outline and its symbol, no numbers."""
        below = QRectF(rect.left(), rect.bottom() + GAP, rect.width(), self.setting.lower)
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
        rect = QRectF(x + 30, top + self.setting.under - self.setting.lower / 2 - 16, self.setting.result_width, 32)
        self.brush.outline(rect, 8)
        level = rect.center().y() + QFontMetricsF(font).capHeight() / 2
        self.brush.words(self.setting.result, rect.left() + 14, level, font, self.theme.ink)

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
