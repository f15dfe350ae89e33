"""Draws a layer whose function takes all its pre-activations at once: z and a as bars, and a row of the Jacobian."""

from dataclasses import replace
from math import isfinite
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from engine.expressions import Expression, Fraction, Symbol
from gui import formula, text
from gui.brush import Brush, advance
from gui.digits import more_room
from gui.function.subject import Subject
from gui.theme import ui_font

ROW, HEAD = 24.0, 26.0
MOST_ROWS = 8
LEAST, NUMBER = 320, 62
"""Widths in pixels: of all in which numbers of the usual digits have room, and of such a number."""
COLUMNS = ((0.09, 0.31), (0.44, 0.31), (0.78, 0.22))
"""Where the columns for z, a and the Jacobian begin, and how wide they are, as shares of the width that
more digits than usual leave."""


def rows_of(subject: Subject) -> range:
    """The neurons that are drawn: those around this one where not all have room."""
    neurons = subject.neurons
    first = min(max(subject.neuron - MOST_ROWS // 2, 1), max(len(neurons) - MOST_ROWS + 1, 1))
    return range(first, min(first + MOST_ROWS, len(neurons) + 1))


def least_width(digits: int) -> int:
    """In less, numbers of so many digits would touch."""
    return LEAST + len(COLUMNS) * more_room(digits)


def height_of(subject: Subject) -> float:
    return HEAD + ROW * len(rows_of(subject)) + 24.0


class BarsPainting(NamedTuple):
    """The table of a layer in a rectangle."""

    brush: Brush
    subject: Subject
    rect: QRectF
    digits: int

    def draw(self) -> None:
        theme, rows, top = self.brush.theme, rows_of(self.subject), self.rect.top() + HEAD
        self._heads()
        row = self.subject.jacobian_row()
        for place, neuron in enumerate(rows):
            line = QRectF(self.rect.left(), top + place * ROW, self.rect.width(), ROW)
            if neuron == self.subject.neuron:
                self.brush.painter.fillRect(line, QColor(theme.accent_tint))
                self.brush.painter.fillRect(QRectF(line.left(), line.top(), 3, ROW), QColor(theme.accent))
            self._words(str(neuron), line.left() + 10, line, theme.ink_3)
            self._bar(line, 0, self.subject.value("z", neuron), self._largest("z", rows))
            self._bar(line, 1, self.subject.value("a", neuron), 1.0)
            derivative = None if row is None else float(row[neuron - 1])
            self._number(line, 2, derivative)
        more = len(self.subject.neurons) - len(rows)
        if more:
            self._words(text.MORE_NEURONS.format(more), self.rect.left() + 10,
                        QRectF(self.rect.left(), top + len(rows) * ROW, 100, ROW), theme.ink_3)  # fmt: skip

    def _heads(self) -> None:
        """What the columns hold: z and a of every neuron, and the derivative of this neuron's a by that z."""
        color, z, a = QColor(self.brush.theme.ink), Symbol("z"), self.subject.symbol("a")
        above = replace(a, differential=True) if isinstance(a, Symbol) else a
        heads: tuple[Expression, ...] = (z, Symbol("a"), Fraction(above, replace(z, differential=True)))
        for column, head in enumerate(heads):
            box = formula.layout(head, 14, text.number, True)
            x = self._column(column)[1] - box.width - 4
            formula.paint(self.brush.painter, box, x, self.rect.top() + 17, color)

    def _column(self, column: int) -> tuple[float, float]:
        """Where a column begins and ends; each is wider by what more digits take."""
        more = more_room(self.digits)
        room, (share, width) = self.rect.width() - len(COLUMNS) * more, COLUMNS[column]
        left = self.rect.left() + share * room + column * more
        return left, left + width * room + more

    def _largest(self, kind: str, rows: range) -> float:
        sizes = [abs(value) for neuron in rows if (value := self.subject.value(kind, neuron)) is not None]
        return max((size for size in sizes if isfinite(size)), default=0.0) or 1.0

    def _bar(self, line: QRectF, column: int, value: float | None, largest: float) -> None:
        """A bar from the column's left for its size, in the colour of its sign, and the number."""
        left, right = self._column(column)
        room = right - left - NUMBER - more_room(self.digits)
        if value is not None and isfinite(value):
            size = max(min(abs(value) / largest, 1.0) * room, 1.0)
            color = self.brush.theme.weight(0.7 if value >= 0 else -0.7)
            self.brush.fill(QRectF(left, line.top() + 7, size, ROW - 14), 2, color)
        self._number(line, column, value)

    def _number(self, line: QRectF, column: int, value: float | None) -> None:
        words, right = text.cell(value, self.digits), self._column(column)[1] - 4
        color = self.brush.theme.ink if value is not None else self.brush.theme.ink_3
        self._words(words, right - advance(words, ui_font(12)), line, color)

    def _words(self, words: str, x: float, line: QRectF, color: str) -> None:
        self.brush.words(words, x, line.center().y() + 4, ui_font(12), color)
