"""Sets a matrix form in lines and paints it: symbols above, grids of numbers below in brackets, operators between."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor

from engine.frame import Frame
from gui import formula, text
from gui.brush import Brush, advance
from gui.equation.cells import FOLDED
from gui.equation.matrix import Cells, Grid, Operator, matrix_form
from gui.theme import ui_font

MOST_SHOWN, NARROWEST = 6, 24.0
ROW, GAP, INSET, PADDING, SYMBOL, FIGURES = 22.0, 10.0, 6.0, 14.0, 17, 12
HEAD, LINE_GAP, BRACKET = 30.0, 14.0, 5.0
BETWEEN, BELOW, ACROSS = "⋯", "⋮", "⋱"


def chosen(count: int, lit: set[int], first: int = 2) -> list[int | None]:
    """Which rows or columns are shown: all, or the `first`, as many of the lit and the last, with None for dots."""
    if count <= MOST_SHOWN:
        return list(range(count))
    keep = sorted({*range(first), count - 1, *sorted(lit)[: max(first, 1)]})
    shown: list[int | None] = []
    for before, place in zip([-1, *keep], keep, strict=False):
        if place > before + 1:
            shown.append(None)
        shown.append(place)
    return shown


class Column(NamedTuple):
    """One column of a grid, its numbers aligned at the point: how wide its integer parts and its decimals are."""

    words: Sequence[str]
    whole: float
    decimals: float

    @property
    def width(self) -> float:
        return self.whole + self.decimals + PADDING


class PlacedCell(NamedTuple):
    """One cell of a grid: where it stands, its column, what is written there, and its row and column in the matrix;
    None for dots."""

    rect: QRectF
    column: Column
    word: str
    at: tuple[int, int] | None


def column_of(words: Sequence[str]) -> Column:
    """A column of numbers and dots."""
    numbers = [word for word in words if word not in (BELOW, ACROSS, BETWEEN)]
    wholes = [_width(_whole(word)) for word in numbers]
    decimals = [_width(word) - _width(_whole(word)) for word in numbers]
    whole, decimal = max(wholes, default=_width(BETWEEN)), max(decimals, default=0.0)
    return Column(words, whole, max(decimal, NARROWEST - whole if numbers else 0.0))


def _whole(word: str) -> str:
    """What stands to the left of the point."""
    return word.partition(".")[0] if "." in word else word


def _width(word: str) -> float:
    return advance(word, ui_font(FIGURES))


class SizedGrid:
    """A grid with the rows and columns that are shown."""

    def __init__(self, grid: Grid, digits: int, first: int) -> None:
        self.grid = grid
        self.rows = chosen(len(grid.cells), {row for row, _ in grid.lit})
        self.places = chosen(len(grid.cells[0]), {column for _, column in grid.lit}, first)
        self.columns = [column_of([_written(grid.cells, i, j, digits) for i in self.rows]) for j in self.places]
        symbol = formula.layout(grid.symbol, SYMBOL, text.number)
        mark = formula.text_box(grid.mark, 12)
        self.symbol = formula.row([symbol, formula.Box(8, 0, 0, mark.moved(0, -7))]) if grid.mark else symbol
        self.inner = sum(column.width for column in self.columns) + 2 * INSET
        self.width = max(self.inner, self.symbol.width)
        self.height = len(self.rows) * ROW

    def placed(self, x: float, middle: float) -> Iterator["PlacedCell"]:
        """Its cells, the grid beginning at x and standing around `middle`."""
        left = x + (self.width - self.inner) / 2 + INSET
        for column, j in zip(self.columns, self.places, strict=True):
            for r, (word, i) in enumerate(zip(column.words, self.rows, strict=True)):
                rect = QRectF(left, middle - self.height / 2 + r * ROW, column.width, ROW)
                yield PlacedCell(rect, column, word, None if i is None or j is None else (i, j))
            left += column.width

    @property
    def numbers(self) -> list[float]:
        """The values that are shown."""
        shown = [self.grid.cells[i][j] for i in self.rows if i is not None for j in self.places if j is not None]
        return [value for value in shown if value is not None]


def _written(cells: Cells, i: int | None, j: int | None, digits: int) -> str:
    if i is None:
        return BELOW if j is not None else ACROSS
    return BETWEEN if j is None else text.number(cells[i][j], digits)


class Form:
    """A matrix form as it is set in a width: with fewer columns where it is too wide, then in lines that are broken
    before an operator."""

    def __init__(self, frame: Frame, width: float, digits: int) -> None:
        parts = matrix_form(frame, digits)
        for first in (2, 1, 0):
            sized = [SizedGrid(part, digits, first) if isinstance(part, Grid) else part for part in parts]
            self.lines = _broken(sized, width)
            if len(self.lines) <= 1:
                break
        shown = [value for part in sized if isinstance(part, SizedGrid) for value in part.numbers]
        self.equals = "≈" if any(text.is_rounded(value, digits) for value in shown) else "="

    @cached_property
    def size(self) -> QSizeF:
        """What it needs."""
        heights = [_tallest(line) + HEAD + LINE_GAP for line in self.lines]
        return QSizeF(max(map(_line_width, self.lines), default=0.0), sum(heights))

    def paint(self, brush: Brush, x: float, top: float) -> None:
        """Line by line from (x, top) on."""
        for part, left, above, middle in self._placed(x, top):
            if isinstance(part, SizedGrid):
                _paint_grid(brush, part, left, above, middle)
            else:
                below = self.equals if part.numbers == "=" else part.numbers
                for sign, baseline in ((part.symbols, above + 16), (below, middle + 5)):
                    box = formula.text_box(sign, SYMBOL)
                    aside = (_part_width(part) - box.width) / 2
                    formula.paint(brush.painter, box, left + aside, baseline, QColor(brush.theme.ink))

    def value_at(self, point: QPointF, x: float, top: float) -> float | None:
        """The value whose number stands at a point, where the form begins at (x, top)."""
        for part, left, _, middle in self._placed(x, top):
            if isinstance(part, SizedGrid):
                for cell in part.placed(left, middle):
                    if cell.at is not None and cell.rect.contains(point):
                        return part.grid.cells[cell.at[0]][cell.at[1]]
        return None

    def _placed(self, start: float, top: float) -> Iterator[tuple[SizedGrid | Operator, float, float, float]]:
        """Each part with its left side, the top of its line, and the middle of the line's numbers."""
        for line in self.lines:
            x, tallest = start, _tallest(line)
            for part in line:
                yield part, x, top, top + HEAD + tallest / 2
                x += _part_width(part) + GAP
            top += tallest + HEAD + LINE_GAP


def _broken(parts: Sequence[SizedGrid | Operator], width: float) -> list[list[SizedGrid | Operator]]:
    """Parts in lines; an operator and the grid behind it stay together."""
    lines: list[list[SizedGrid | Operator]] = [[]]
    for i, part in enumerate(parts):
        behind = parts[i + 1 : i + 2] if isinstance(part, Operator) else []
        if isinstance(part, Operator) and _line_width([*lines[-1], part, *behind]) > width:
            lines.append([])
        lines[-1].append(part)
    return [line for line in lines if line]


def _part_width(part: SizedGrid | Operator) -> float:
    return part.width if isinstance(part, SizedGrid) else formula.text_box(part.numbers, SYMBOL).width


def _line_width(line: Sequence[SizedGrid | Operator]) -> float:
    return sum(_part_width(part) + GAP for part in line)


def _tallest(line: Sequence[SizedGrid | Operator]) -> float:
    return max((part.height for part in line if isinstance(part, SizedGrid)), default=0.0)


def _paint_grid(brush: Brush, sized: SizedGrid, x: float, top: float, middle: float) -> None:
    formula.paint(
        brush.painter, sized.symbol, x + (sized.width - sized.symbol.width) / 2, top + 16, QColor(brush.theme.ink)
    )
    left = x + (sized.width - sized.inner) / 2
    _brackets(brush, QRectF(left, middle - sized.height / 2 - 2, sized.inner, sized.height + 4))
    for cell in sized.placed(x, middle):
        if cell.at in sized.grid.coming:
            brush.box(cell.rect.adjusted(1, 1, -1, -1), 4, brush.theme.surface, brush.theme.border_strong, 1)
        is_lit = cell.at in sized.grid.lit and cell.at not in sized.grid.coming
        _paint_cell(brush, cell, is_lit, None if cell.at is None else sized.grid.lit.get(cell.at))


def _brackets(brush: Brush, rect: QRectF) -> None:
    for side, inward in ((rect.left(), BRACKET), (rect.right(), -BRACKET)):
        brush.line(QLineF(side, rect.top(), side, rect.bottom()), brush.theme.ink, 1.25)
        for end in (rect.top(), rect.bottom()):
            brush.line(QLineF(side, end, side + inward, end), brush.theme.ink, 1.25)


def _paint_cell(brush: Brush, cell: PlacedCell, is_lit: bool, color: int | None) -> None:
    rect, inner = cell.rect, cell.rect.adjusted(1, 1, -1, -1)
    if is_lit and color is not None:
        brush.fill(inner, 4, QColor(brush.theme.chips[6]) if color == FOLDED else brush.theme.chip(color))
    elif is_lit:
        brush.outline(inner, 4)
    ink = brush.theme.chip_ink if is_lit and color is not None else brush.theme.ink
    if cell.at is None:
        box = formula.text_box(cell.word, FIGURES + 2)
        formula.paint(brush.painter, box, rect.center().x() - box.width / 2, rect.center().y() + 5, QColor(ink))
        return
    x = rect.left() + PADDING / 2 + cell.column.whole - _width(_whole(cell.word))
    brush.words(cell.word, x, rect.center().y() + 4.5, ui_font(FIGURES), ink)
