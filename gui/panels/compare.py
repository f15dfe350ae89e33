"""Figures that a source prints beside the computed ones: where they differ, digit by digit, and what explains it."""

from itertools import zip_longest

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.comparison import Comparison
from engine.frame import Frame
from gui import formula, text
from gui.brush import Brush, advance
from gui.focus import Focus
from gui.reading_table import LEAST, ROW, SCROLL_BAR, ReadingTable
from gui.theme import theme_of, ui_font

ITERATION, SYMBOL, PUBLISHED, COMPUTED, VERDICT = range(5)
WIDTHS = (60, 78, 80, 80, 62)
PAD, SIZE = 12, 14
POINT = 20
"""Where the decimal point of a figure stands, so that the same digits stand below one another."""
NUMBERS = (PUBLISHED, COMPUTED)
Index = QModelIndex | QPersistentModelIndex


class CompareModel(QAbstractTableModel):
    """A row a figure, in the source's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.focus = Focus()
        self.rows: list[Comparison] = []

    def show_rows(self, rows: list[Comparison]) -> None:
        """Show other rows; where only more have come, what is current stays."""
        is_more = self.rows == rows[: len(self.rows)]
        if not is_more:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif len(rows) > len(self.rows):
            self.beginInsertRows(QModelIndex(), len(self.rows), len(rows) - 1)
            self.rows = rows
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(WIDTHS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return text.note(row)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        figure = row.figure
        cells = str(figure.iteration), row.symbol, figure.value, row.computed, text.agreement(row)
        return cells[index.column()].replace("-", "−") if index.column() in NUMBERS else cells[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return text.COMPARE_HEADS[section] if role == Qt.ItemDataRole.DisplayRole else None


class CompareDelegate(QStyledItemDelegate):
    """Paints a cell; digits that differ are boxed and underlined."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, CompareModel)
        row, rect, theme = model.rows[index.row()], QRectF(option.rect), theme_of(option.palette)
        brush, frame, quantity = Brush(painter, theme), model.frame, row.figure.quantity
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.accent_tint))
        elif quantity in model.focus.hovered:
            painter.fillRect(rect, QColor(theme.hover))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(theme.border))
        if index.column() == SYMBOL and row.symbol and frame is not None:
            box = formula.layout(frame.narrator.symbol(quantity), SIZE, text.number, slashed=True)
            formula.paint(painter, box, rect.left() + PAD, rect.top() + 19, QColor(theme.ink))
            if quantity == model.focus.selected:
                brush.outline(QRectF(rect.left() + 6, rect.top() + 3, box.width + 14, ROW - 6), 5, 1, dashed=True)
        elif index.column() in NUMBERS:
            marks = row.marks if index.column() == COMPUTED and row.value is not None and not row.agrees else ""
            self._figure(brush, rect, str(index.data()), marks, theme.ink if row.is_explained else theme.error)
        else:
            is_red = index.column() == VERDICT and not row.is_explained
            left = rect.left() + (0 if index.column() == VERDICT else PAD)
            brush.words(str(index.data()), left, rect.top() + 18, ui_font(12), theme.error if is_red else theme.ink_2)
        painter.restore()

    def _figure(self, brush: Brush, rect: QRectF, figure: str, marks: str, ink: str) -> None:
        """A figure with its point at a fixed place; what is marked, digit by digit, is boxed and underlined."""
        font = ui_font(12)
        x = rect.left() + max(POINT - advance(figure.partition(".")[0], font), 2)
        for letter, mark in zip_longest(figure, marks, fillvalue=" "):
            width = advance(letter, font)
            if mark == "^":
                brush.painter.fillRect(QRectF(x, rect.top() + 5, width, 18), QColor(brush.theme.hover))
                brush.painter.fillRect(QRectF(x, rect.top() + 21, width, 2), QColor(ink))
            x = brush.words(letter, x, rect.top() + 18, font, ink)


class Compare(QWidget):
    """Headline, table and the note of the current figure as a panel; the rows come when it asks for them."""

    compare_requested = Signal(bool)
    go_requested = Signal(int, int)
    select_requested = Signal(object)
    hover_requested = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._asked: object = None
        self.model = CompareModel(self)
        self.headline, self.note, self.empty = QLabel(), QLabel(text.NO_FIGURE_CHOSEN), _empty()
        self.headline.setFont(ui_font(12, 600))
        self.headline.setWordWrap(True)
        self.headline.setContentsMargins(12, 8, 12, 8)
        self.note.setFont(ui_font(12))
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note.setContentsMargins(12, 8, 12, 8)
        self.note.setMinimumHeight(3 * 16 + 16)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.table = self._table()
        filled = QWidget()
        parts = QVBoxLayout(filled)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        for part, stretch in ((self.headline, 0), (self.table, 1), (self.note, 0)):
            parts.addWidget(part, stretch)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(filled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)

    def _table(self) -> ReadingTable:
        table = ReadingTable(self.model, CompareDelegate(), WIDTHS, text.PUBLISHED)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.entered.connect(lambda index: self.hover_requested.emit((self.row_at(index).figure.quantity,)))
        table.left.connect(lambda: self.hover_requested.emit(()))
        table.clicked.connect(lambda index: self.select_requested.emit(self.row_at(index).figure.quantity))
        table.activated.connect(self._go)
        table.selectionModel().currentRowChanged.connect(self._show_note)
        return table

    def sizeHint(self) -> QSize:
        return QSize(sum(WIDTHS) + SCROLL_BAR, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, 120)

    def row_at(self, index: QModelIndex) -> Comparison:
        return self.model.rows[index.row()]

    def show_frame(self, frame: Frame) -> None:
        """Ask for rows where spec, edits, figures or symbols are others than those of the rows here."""
        self._frame = self.model.frame = frame
        self.pages.setCurrentIndex(1 if frame.session.published else 0)
        if self.isVisible():
            self._ask()

    def show_focus(self, focus: Focus) -> None:
        """Mark the quantity selected and bring its first figure into sight; tint what is under the pointer."""
        is_other, self.model.focus = focus.selected != self.model.focus.selected, focus
        self.table.viewport().update()
        here = [place for place, row in enumerate(self.model.rows) if row.figure.quantity == focus.selected]
        if is_other and here and self.table.currentIndex().row() not in here:
            self.table.stand_in(here[0])

    def show_rows(self, rows: list[Comparison]) -> None:
        """The rows computed so far."""
        self.model.show_rows(rows)
        if self._frame is not None:
            self.headline.setText(text.compared(rows, len(self._frame.session.published)))
        self._show_note(self.table.currentIndex())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rows still to come need not be computed."""
        super().hideEvent(event)
        if self._frame is not None and len(self.model.rows) < len(self._frame.session.published):
            self._asked = None
            self.compare_requested.emit(False)

    def _ask(self) -> None:
        if self._frame is None:
            return
        session = self._frame.session
        wanted = session.spec, session.edits, session.published, session.notation
        if wanted != self._asked:
            self._asked = wanted
            self.compare_requested.emit(True)

    def _show_note(self, current: QModelIndex) -> None:
        self.note.setText(text.note(self.row_at(current)) if current.isValid() else text.NO_FIGURE_CHOSEN)

    def _go(self, index: QModelIndex) -> None:
        """To the operation that wrote the figure."""
        row = self.row_at(index)
        if row.operation is not None:
            self.go_requested.emit(row.figure.iteration, row.operation)


def _empty() -> QLabel:
    """What stands here while there are no figures, and how to get some."""
    label = QLabel(f"{text.NO_FIGURES}\n{text.NO_FIGURES_HOW}")
    label.setFont(ui_font(12))
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setContentsMargins(12, 0, 12, 0)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
