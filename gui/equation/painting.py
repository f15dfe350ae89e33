"""Paints an equation as it is set, or its matrix form."""

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF

from engine.expressions import Expression
from engine.operations import Operation
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import Brush, advance
from gui.equation.block import NUMBER, SYMBOL, TOP, Placed, Sized
from gui.equation.cells import FOLDED, Cell, written_out
from gui.equation.setting import CHAIN_GAP, CHAIN_INDENT, FORM_AT, RESULT, RULE, SIDE, SO_FAR_LINE, WORDS_LINE, Setting
from gui.theme import math_font, ui_font

HEADER, NUMBER_ROOM = 32, 15.0
IN_SENTENCE, SPACE = 15, 5.0


@lru_cache(maxsize=1024)
def _word_width(word: str) -> float:
    return advance(word, ui_font(13))


class Painting:
    """One equation on one painter."""

    def __init__(self, setting: Setting, brush: Brush, height: float, hovered: tuple[Quantity, ...] = ()) -> None:
        self.setting, self.brush, self.theme, self.height = setting, brush, brush.theme, height
        self.block, self.fit = setting.block, setting.block.fit
        self.frame, self.width, self.hovered = setting.frame, setting.width, set(hovered)
        self.walked = setting.frame.cursor.factor

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
        if self.setting.form.lines:
            self.setting.form.paint(self.brush, *FORM_AT)
            self._so_far_below()
        else:
            self._empty(text.NO_MATRIX, text.NO_MATRIX_HOW)

    def paint_alone(self, as_matrix: bool) -> None:
        """The equation or its matrix form without heading and sentence."""
        if as_matrix and self.setting.form.lines:
            self.setting.form.paint(self.brush, SIDE, TOP)
        elif self.frame.operation is not None:
            self._equation(self.frame.operation)

    def _empty(self, what: str, how: str) -> None:
        """One line what there is, one line what to do."""
        middle = HEADER + (self.height - HEADER) / 2
        lines = ((what, middle - 20, 13, self.theme.ink_2), (how, middle + 4, 12, self.theme.ink_3))
        for words, y, size, color in lines:
            self.brush.centred(words, QRectF(0, y, self.width, 20), ui_font(size), color)

    def _equation(self, operation: Operation) -> float:
        """Left side, cells in lines, result; returns where the next line begins."""
        block, sign_x = self.block, self.setting.start - 22
        formula.paint(self.brush.painter, self.setting.left, SIDE, TOP + block.axis, QColor(self.theme.ink))
        self._operator("←" if operation.phase == "update" else "=", sign_x, TOP + block.axis)
        if not self.fit.is_stacked:
            self._operator(self.setting.sign, sign_x, TOP + block.number_axis)
        for placed in block.placed:
            self._joint(placed)
            if self.walked and placed.sized.cell.places.stop > self.walked:
                self._ghost(placed)
            else:
                self._cell(placed)
            if self.hovered.intersection(placed.sized.cell.reads):
                self.brush.outline(block.chip(placed).adjusted(-3, -3, 3, 3), 10, 1)
        if self.walked:
            self._so_far_beside()
        else:
            self._result()
        if self.fit.has_totals and len(block.placed) > 1 and block.placed[0].sized.cell.so_far is not None:
            self.brush.words(self._so_far_words, SIDE, TOP + block.under + 16, ui_font(11), self.theme.ink_3)
        return block.bottom

    def _operator(self, sign: str, x: float, baseline: float) -> None:
        formula.paint(self.brush.painter, formula.text_box(sign, SYMBOL), x, baseline, QColor(self.theme.ink))

    def _joint(self, placed: Placed) -> None:
        """What joins a cell to the one before, in the row of symbols and in that of numbers."""
        if placed.sized.cell.joint:
            box = formula.text_box(placed.sized.cell.joint, NUMBER)
            for baseline in dict.fromkeys((placed.top + self.block.axis, placed.top + self.block.number_axis)):
                x = placed.joint_middle - box.width / 2
                formula.paint(self.brush.painter, box, x, baseline, QColor(self.theme.ink))

    def _parts(self, placed: Placed) -> tuple[QRectF, QRectF]:
        """Where a cell's symbols stand, and where its numbers."""
        block = self.block
        above = QRectF(placed.x, placed.top, placed.width, block.upper)
        return above, QRectF(placed.x, placed.top + block.upper + block.gap, placed.width, block.lower)

    def _grounds(self, placed: Placed) -> tuple[QRectF, ...]:
        """The rectangles of a cell: one for symbols and one for numbers, or one for both."""
        return (self.block.chip(placed),) if self.fit.is_stacked else self._parts(placed)

    def _cell(self, placed: Placed) -> None:
        cell, ink, painter = placed.sized.cell, QColor(self.theme.chip_ink), self.brush.painter
        color = QColor(self.theme.chips[6]) if cell.color == FOLDED else self.theme.chip(cell.color)
        for part in self._grounds(placed):
            self.brush.fill(part, 8, color)
        above, below = self._parts(placed)
        self._symbol(placed.sized, above, ink)
        if placed.sized.rule:
            lowest = QRectF(above.left(), above.top() + self.block.above_rule, above.width(), 20)
            formula.paint_centred(painter, placed.sized.rule, lowest, ink)
        if cell.number is not None:
            self.brush.words(str(cell.number), above.left() + 7, above.top() + 14, ui_font(10, 600), ink)
        formula.paint_centred(painter, placed.sized.numbers, below, ink)
        if cell.so_far is not None and placed.sized.total:
            under = QRectF(below.left() - 20, below.bottom() + 3, below.width() + 40, 18)
            self.brush.centred(self.setting.number(cell.so_far), under, ui_font(12), self.theme.ink_2)
            self._name_so_far(cell, under.translated(0, 18))

    def _symbol(self, sized: Sized, above: QRectF, ink: QColor) -> None:
        """A cell's symbols in the middle, or as far to the right as its number in the chain needs."""
        aside = max(2 * (NUMBER_ROOM - (above.width() - sized.symbol.width) / 2), 0.0) if sized.cell.number else 0.0
        height = self.block.above_rule if sized.rule else above.height()
        rect = QRectF(above.left() + aside, above.top(), above.width() - aside, height)
        formula.paint_centred(self.brush.painter, sized.symbol, rect, ink)

    def _ghost(self, placed: Placed) -> None:
        """A factor that is still to come: its outline and its symbol, no numbers."""
        for part in self._grounds(placed):
            self.brush.box(part, 8, self.theme.surface, self.theme.border_strong, 1)
        self._symbol(placed.sized, self._parts(placed)[0], QColor(self.theme.ink_3))

    def _name_so_far(self, cell: Cell, rect: QRectF) -> None:
        if cell.so_far_name is not None:
            name = formula.layout(cell.so_far_name, RULE, self.setting.number, slashed=True)
            formula.paint_centred(self.brush.painter, name, rect, QColor(self.theme.ink_3))

    def _result(self) -> None:
        """The result in its outlined box."""
        rect, font = self.setting.result_rect, math_font(RESULT, result=True)
        self._operator(self.setting.result_sign, self.block.result_x + 10, self.block.result_baseline)
        self.brush.outline(rect, 8)
        level = rect.center().y() + QFontMetricsF(font).capHeight() / 2
        self.brush.words(self.setting.result, rect.left() + 14, level, font, self.theme.ink)

    def _so_far_beside(self) -> None:
        """Where no sums so far stand below the cells, that of the term just reached stands in the result's place."""
        if not self.fit.has_totals:
            self._so_far(self.block.result_x + 16, self.block.result_baseline)

    def _so_far_below(self) -> None:
        """A matrix form has no cells for sums and products so far, so they stand below it."""
        left, top = FORM_AT
        self._so_far(left, top + self.setting.form.size.height() + SO_FAR_LINE / 2)

    def _so_far(self, x: float, baseline: float) -> None:
        """The sum or product of what a walk has come to, if it is on its way."""
        reached = next((p.sized.cell for p in self.block.placed if p.sized.cell.places.stop == self.walked), None)
        if reached is None or reached.so_far is None:
            return
        x = self.brush.words(self._so_far_words, x, baseline, ui_font(11), self.theme.ink_3)
        self.brush.words(self.setting.number(reached.so_far), x + 8, baseline, ui_font(12), self.theme.ink_2)

    @property
    def _so_far_words(self) -> str:
        return text.SO_FAR[self.block.placed[1].sized.cell.joint]

    def _sentence(self, operation: Operation, top: float) -> None:
        """The rule's name and one sentence; before it, for a sum over a few ways, the chain in full."""
        chain = self.frame.chain
        if chain is not None and chain.branches:
            self._chain(top)
        y = top + self.setting.chain.height + 16
        name, sentence = text.rule(self.frame, operation)
        x = self.brush.words(f"{name}.", SIDE, y, ui_font(13, 600), self.theme.ink)
        x, y = self._flowing(sentence, x, y)
        if chain is not None and not chain.branches and len(chain.links) > len(operation.terms[0]):
            self._in_short(text.COMPUTED_AS, operation.formula, x, y)
        out = written_out(self.frame)
        if out is not None:
            self._in_short(text.WRITTEN_OUT, out, x, y)

    def _in_short(self, words: str, expression: Expression, x: float, y: float) -> None:
        """Words and a formula that end the sentence."""
        x, y = self._flowing(words, x, y)
        short = formula.layout(expression, IN_SENTENCE, self.setting.number, slashed=True)
        room = self.width - 2 * SIDE
        if short.width > room:
            short = formula.broken(expression, IN_SENTENCE, self.setting.number, room)
            x, y = SIDE - 6, y + 8 + short.ascent
        elif x + 6 + short.width > self.width - SIDE:
            x, y = SIDE - 6, y + 20
        formula.paint(self.brush.painter, short, x + 6, y, QColor(self.theme.ink))

    def _flowing(self, words: str, x: float, y: float) -> tuple[float, float]:
        """More words of the sentence, on the next line where one is full; returns where they end."""
        font, line = ui_font(13), ""
        x += SPACE
        end = x
        for word in words.split():
            width = _word_width(word)
            if end + width > self.width - SIDE:
                self.brush.words(line, x, y, font, self.theme.ink_2)
                x, y, line = SIDE, y + 18, ""
                end = x
            line += f"{word} "
            end += width + _word_width(" ")
        return self.brush.words(line.rstrip(), x, y, font, self.theme.ink_2), y

    def _chain(self, top: float) -> None:
        """The sum over all ways from the loss: symbols and numbers, or how many ways there are."""
        chain = self.setting.chain
        self.brush.words(text.CHAIN, SIDE, top + 13, ui_font(11), self.theme.ink_3)
        if chain.words:
            self.brush.words(chain.words, CHAIN_INDENT, top + 13, ui_font(12), self.theme.ink_2)
            top += WORDS_LINE
        for box in chain.boxes:
            formula.paint(self.brush.painter, box, CHAIN_INDENT, top + box.ascent, QColor(self.theme.ink))
            top += box.height + CHAIN_GAP
