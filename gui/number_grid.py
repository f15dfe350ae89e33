"""A table of numbers that a person edits: expressions and decimal commas are taken, blocks are pasted from a
spreadsheet, a wrong entry is refused in a sentence and the old value stays."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView, QWidget

from gui import text
from gui.copying import FULL, copies
from gui.digits import USUAL
from gui.entries import EntryError, parse_number
from gui.theme import theme_of

Index = QModelIndex | QPersistentModelIndex
Rows = list[list[float]]
Cell = tuple[int, int, float]
NARROWEST, PADDING, MOST_MEASURED = 60, 20, 3000
"""Widths in pixels: of a column at least, and what it is wider than its words. Among so many numbers the widest are
looked for; what is wider further down ends in dots."""


class NumberModel(QAbstractTableModel):
    """Rows of numbers with a heading a column and a row. set_numbers takes the cells that an edit or a paste changes,
    each as (row, column, value), all at once."""

    refused = Signal(str)

    def __init__(self, set_numbers: Callable[[list[Cell]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._set_numbers = set_numbers
        self._marked: int | None = None
        self.digits = USUAL
        self._rows: Sequence[Sequence[float]] = []
        self._columns: Sequence[str] = []
        self._names: Sequence[str] = []

    def show(self, rows: Sequence[Sequence[float]], columns: Sequence[str], names: Sequence[str]) -> None:
        """Show other numbers; the selection stays where shape and headings do."""
        if (len(rows), list(columns), list(names)) == (len(self._rows), list(self._columns), list(self._names)):
            is_other, self._rows = rows != self._rows, rows
            if rows and columns and is_other:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(columns) - 1))
            return
        self.beginResetModel()
        self._rows, self._columns, self._names = rows, columns, names
        self.endResetModel()

    def mark(self, row: int | None) -> None:
        """Tint one row: it is the one that the other panels show."""
        if row != self._marked:
            self._marked = row
            if self._rows and self._columns:
                last = self.index(len(self._rows) - 1, len(self._columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.BackgroundRole])

    def widest(self, column: int) -> str:
        """The longest number of a column as it is written."""
        rows = self._rows[: max(MOST_MEASURED // len(self._columns), 1)]
        numbers = (text.number(row[column], self.digits) for row in rows)
        return max(numbers, key=len, default="")

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.BackgroundRole and index.row() == self._marked:
            return QColor(theme_of(QGuiApplication.palette()).accent_tint)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole, FULL):
            return None
        value = self._rows[index.row()][index.column()]
        return text.number(value, self.digits) if role == Qt.ItemDataRole.DisplayRole else text.typed(value)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = self._columns if orientation is Qt.Orientation.Horizontal else self._names
        return names[section] if section < len(names) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        old = self._rows[index.row()][index.column()]
        try:
            number = parse_number(str(value))
        except EntryError as error:
            self.refused.emit(f"{error} Still {text.typed(old)}.")
            return False
        if number != old:
            self._set_numbers([(index.row(), index.column(), number)])
        return True

    def paste(self, row: int, column: int, block: str) -> None:
        """A block of a spreadsheet from a cell on; nothing is set unless all of it is numbers and fits."""
        try:
            cells = [[parse_number(cell) for cell in line.split("\t")] for line in block.rstrip("\r\n").splitlines()]
        except EntryError as error:
            self.refused.emit(text.not_pasted(error))
            return
        width = max(map(len, cells), default=0)
        if row + len(cells) > self.rowCount() or column + width > self.columnCount():
            left = self.rowCount() - row, self.columnCount() - column
            self.refused.emit(text.does_not_fit(len(cells), width, *left))
            return
        places = ((row + i, column + j, number) for i, line in enumerate(cells) for j, number in enumerate(line))
        changed = [(i, j, number) for i, j, number in places if number != self._rows[i][j]]
        if changed:
            self._set_numbers(changed)


class NumberGrid(QTableView):
    """The table; Ctrl+V pastes from the current cell on."""

    def __init__(self, model: NumberModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setDefaultSectionSize(NARROWEST)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(26)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        model.modelReset.connect(self._fit)
        model.dataChanged.connect(self._fit_changed)
        self._fit()

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.numbers.digits = count
        self._fit()
        self.viewport().update()

    def _fit_changed(self, first: Index, last: Index, roles: Sequence[int]) -> None:
        """Other numbers may be wider; another tint is not."""
        for column in range(self.numbers.columnCount() if not roles else 0):
            self.setColumnWidth(column, max(self.columnWidth(column), self._width(column)))

    def _fit(self) -> None:
        for column in range(self.numbers.columnCount()):
            self.setColumnWidth(column, self._width(column))

    def _width(self, column: int) -> int:
        """As wide as its heading and its numbers ask for."""
        heading = str(self.numbers.headerData(column, Qt.Orientation.Horizontal))
        words = max(map(self.fontMetrics().horizontalAdvance, (heading, self.numbers.widest(column))))
        return max(NARROWEST, words + PADDING)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self.currentIndex().isValid():
            current = self.currentIndex()
            self.numbers.paste(current.row(), current.column(), QApplication.clipboard().text())
        elif not copies(self, event):
            super().keyPressEvent(event)
