"""The few things that canvas and lists are drawn with: lines, boxes, words, a symbol with its value."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gui import formula, text
from gui.theme import Theme, ui_font

NUMBER_SIZE, SYMBOL_SIZE, GAP = 12, 14, 6.0
BEHIND_EXPONENT = 2.0
"""A number with an exponent fills its cell sooner than others, and its end is read wrongly where a sign follows."""
CENTRE = Qt.AlignmentFlag.AlignCenter


class Label(NamedTuple):
    """A symbol with its value on one line, and before them the small number of a factor in its chain."""

    symbol: formula.Box
    number: str
    prefix: str = ""

    @property
    def width(self) -> float:
        prefix = 10.0 if self.prefix else 0.0
        return prefix + self.symbol_width + advance(self.number, ui_font(NUMBER_SIZE))

    @property
    def symbol_width(self) -> float:
        """The symbol with the gap behind it; nothing without a symbol."""
        return self.symbol.width + GAP if self.symbol.width else 0.0


@lru_cache(maxsize=4096)
def advance(words: str, font: QFont) -> float:
    """How wide words are in a font."""
    return QFontMetricsF(font).horizontalAdvance(words)


def wrapped(words: str, font: QFont, width: float) -> list[str]:
    """Words in lines no wider than `width`, as far as single words are not; no-break spaces keep words together."""
    lines: list[str] = []
    for word in filter(None, words.split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and advance(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def in_lines(words: str, font: QFont, width: float, most: int) -> list[str]:
    """Words in at most so many lines; what is still too long ends in dots."""
    lines, metrics = wrapped(words, font, width), QFontMetricsF(font)
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])] if len(lines) > most else lines
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in kept]


class Brush(NamedTuple):
    """A painter and the theme it paints in."""

    painter: QPainter
    theme: Theme

    def line(self, line: QLineF, color: QColor | str, width: float, dash: Sequence[float] = ()) -> None:
        """A line with square ends; `dash` in pixels."""
        pen = QPen(QColor(color), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dash:
            pen.setDashPattern([part / max(width, 1.0) for part in dash])
        self.painter.setPen(pen)
        self.painter.drawLine(line)

    def arrow(self, line: QLineF) -> None:
        """An arrowhead in the middle of a line, pointing to its end."""
        if line.length() < 24:
            return
        along = QPointF(line.dx(), line.dy()) / line.length()
        across = QPointF(-along.y(), along.x())
        tip = line.center() + along * 5
        self.painter.setPen(QPen(QColor(self.theme.surface), 1))
        self.painter.setBrush(QColor(self.theme.ink))
        self.painter.drawPolygon(QPolygonF([tip, tip - along * 10 + across * 4.5, tip - along * 10 - across * 4.5]))

    def box(self, rect: QRectF, radius: float, fill: QColor | str, outline: QColor | str, width: float = 1.25) -> None:
        self.painter.setBrush(QColor(fill))
        self.painter.setPen(QPen(QColor(outline), width))
        self.painter.drawRoundedRect(rect, radius, radius)

    def fill(self, rect: QRectF, radius: float, color: QColor) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(color)
        self.painter.drawRoundedRect(rect, radius, radius)

    def outline(self, rect: QRectF, radius: float, width: float = 2, dashed: bool = False) -> None:
        """The accent's outline: this was just written; thin: under the pointer; thin and dashed: selected."""
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        self.painter.setPen(QPen(QColor(self.theme.accent), width, style))
        self.painter.drawRoundedRect(rect, radius, radius)

    def row(self, rect: QRectF, is_selected: bool, is_hovered: bool) -> None:
        """The ground of a list's row and the line below it, within the row."""
        if is_selected:
            self.painter.fillRect(rect, QColor(self.theme.accent_tint))
            self.painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(self.theme.accent))
        elif is_hovered:
            self.painter.fillRect(rect, QColor(self.theme.hover))
        self.painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(self.theme.border))

    def words(self, words: str, x: float, baseline: float, font: QFont, color: QColor | str) -> float:
        """Words from x on; returns where they end."""
        self.painter.setFont(font)
        self.painter.setPen(QColor(color))
        self.painter.drawText(QPointF(x, baseline), words)
        return x + advance(words, font)

    def number(self, value: float | None, cell: QRectF, color: QColor | str, digits: Sequence[int]) -> None:
        """A number in a table's cell: the integer part to the left of a fixed point, the decimals to its right; the
        first of `digits` that has room says how many count."""
        font = ui_font(NUMBER_SIZE)
        for count in digits:
            number = text.cell(value, count)
            whole = number.partition(".")[0] if number[-1:].isdigit() else number
            x = cell.left() + max(14 - advance(whole, font), 2)
            if x + advance(number, font) <= cell.right() - (BEHIND_EXPONENT if "e" in number else 0.0):
                break
        self.words(number, x, cell.top() + 18, font, color)

    def centred(self, words: str, rect: QRectF, font: QFont, color: QColor | str) -> None:
        self.painter.setFont(font)
        self.painter.setPen(QColor(color))
        self.painter.drawText(rect, CENTRE, words)

    def label(self, label: Label, rect: QRectF, color: QColor | str) -> None:
        """A label in the middle of a rectangle, symbol and figures on one baseline."""
        font = ui_font(NUMBER_SIZE)
        x = rect.center().x() - label.width / 2
        baseline = rect.center().y() + QFontMetricsF(font).capHeight() / 2
        if label.prefix:
            self.words(label.prefix, x, baseline, ui_font(10, 600), color)
            x += 10
        formula.paint(self.painter, label.symbol, x, baseline, QColor(color))
        self.words(label.number, x + label.symbol_width, baseline, font, color)

    def stacked(self, symbol: formula.Box, number: str, rect: QRectF, color: QColor | str, word: str = "") -> None:
        """Symbol (and a small word behind it) above, number below, centred."""
        small = ui_font(11)
        more = advance(word, small) + 4 if word else 0.0
        x = rect.center().x() - (symbol.width + more) / 2
        formula.paint(self.painter, symbol, x, rect.top() + 22, QColor(color))
        if word:
            self.words(word, x + symbol.width + 4, rect.top() + 22, small, self.theme.ink_2)
        below = QRectF(rect.left() - 10, rect.top() + 28, rect.width() + 20, 20)
        self.centred(number, below, ui_font(NUMBER_SIZE), color)
