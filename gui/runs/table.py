"""Parameters of two runs side by side as a model, and how a cell is painted."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from engine.expressions import plain
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import Brush, advance
from gui.copying import FULL
from gui.focus import Focus
from gui.reading_table import ROW, ReadingModel
from gui.runs.differences import Differences
from gui.theme import theme_of, ui_font

SYMBOL, FIRST, SECOND, DIFFERENCE = range(4)
WIDTHS = (70, 96, 96, 98)
PAD, SIZE = 12, 14
Index = QModelIndex | QPersistentModelIndex


class DifferencesModel(ReadingModel):
    """A row a parameter that both runs have; rows are made as they are looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: Differences | None = None
        self.heads = ("", "", "", "")
        self.focus = Focus()
        self._is_by_size = False

    def show_differences(self, shown: Differences | None) -> None:
        """Others, or none; where only the values are others, what is in sight stays."""
        old, self.shown = self.shown, shown
        if shown and old and shown.names is old.names and shown.notation == old.notation and not self._is_by_size:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, DIFFERENCE))
        else:
            self.beginResetModel()
            self.endResetModel()

    def sort_by_size(self, is_by_size: bool) -> None:
        """The largest difference first, or in parameter order."""
        self.beginResetModel()
        self._is_by_size = is_by_size
        self.endResetModel()

    def place_at(self, row: int) -> int:
        """The place of a row's parameter in parameter order."""
        assert self.shown is not None
        return int(self.shown.by_size[row]) if self._is_by_size else row

    def parameter_at(self, row: int) -> Quantity:
        assert self.shown is not None
        return self.shown.names[self.place_at(row)]

    def number_at(self, row: int, column: int) -> float:
        assert self.shown is not None
        numbers = {FIRST: self.shown.first, SECOND: self.shown.second, DIFFERENCE: self.shown.values}[column]
        return float(numbers[self.place_at(row)])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.shown is None else len(self.shown.names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(WIDTHS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, FULL) or self.shown is None:
            return None
        if column == SYMBOL:
            return plain(self.shown.symbol(self.place_at(row)))
        number = self.number_at(row, column)
        return text.cell(number, self.digits) if role == Qt.ItemDataRole.DisplayRole else repr(number)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.ToolTipRole and section == DIFFERENCE:
            return text.DIFFERENCE_TIP
        return self.heads[section] if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None


class DifferencesDelegate(QStyledItemDelegate):
    """Paints a cell; the largest difference is in semibold on a tint."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, row = index.model(), index.row()
        assert isinstance(model, DifferencesModel)
        assert model.shown is not None
        rect, theme, place = QRectF(option.rect), theme_of(option.palette), model.place_at(row)
        is_largest, parameter = place == model.shown.largest, model.parameter_at(row)
        brush = Brush(painter, theme)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_largest:
            painter.fillRect(rect, QColor(theme.accent_tint))
        elif parameter in model.focus.hovered:
            painter.fillRect(rect, QColor(theme.hover))
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.border))
        if index.column() == SYMBOL:
            box = formula.layout(model.shown.symbol(place), SIZE, text.number, slashed=True)
            formula.paint(painter, box, rect.left() + PAD, rect.top() + 19, QColor(theme.ink))
            if parameter == model.focus.selected:
                brush.outline(QRectF(rect.left() + 6, rect.top() + 3, box.width + 14, ROW - 6), 5, 1, dashed=True)
        else:
            is_bold = is_largest and index.column() == DIFFERENCE
            self._number(brush, str(index.data()), rect, is_bold)
        painter.restore()

    def _number(self, brush: Brush, number: str, rect: QRectF, is_bold: bool) -> None:
        """Right of the middle its decimals, so that the points stand below one another."""
        font = ui_font(12, 600 if is_bold else 400)
        before = advance(number.partition(".")[0], font)
        brush.words(number, rect.left() + max(24 - before, 2), rect.top() + 18, font, brush.theme.ink)
