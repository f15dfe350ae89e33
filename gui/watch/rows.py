"""The list of watched quantities: what its keys and the pointer do."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gui import text
from gui.brush import Brush
from gui.theme import theme_of
from gui.watch.model import WatchModel
from gui.watch.painting import ROW, RowPainting, Scale, last_shown, nearest_known, plot_of
from gui.widgets import as_list, choosing_rows

Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Paints a row; the current one, which the buttons are about, is tinted."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, WatchModel)
        theme, rect = theme_of(option.palette), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.accent_tint))
        brush = Brush(painter, theme)
        RowPainting(brush, model.shown(index.row()), rect).draw()
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -2, -1), 3, 1)
        painter.restore()


class WatchRows(QTableView):
    """The rows. A click on a curve goes to its iteration, elsewhere on a row it selects the quantity."""

    go_requested = Signal(int, int)
    select_requested = Signal(int)
    back_requested = Signal(int)
    removed = Signal(int)

    def __init__(self, model: WatchModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        as_list(self, ROW)
        choosing_rows(self)
        self.setAccessibleName(text.WATCHED)

    def point_at(self, event: QMouseEvent) -> tuple[int, int] | None:
        """The row and the iteration with a value nearest to the pointer; None outside the curves."""
        index, place = self.indexAt(event.position().toPoint()), event.position()
        if not index.isValid() or self._model.frame is None:
            return None
        plot = plot_of(QRectF(self.visualRect(index)))
        if not plot.adjusted(-4, -8, 4, 8).contains(place):
            return None
        shown = self._model.shown(index.row())
        iteration = Scale(plot, last_shown(shown.frame)).iteration(place.x())
        nearest = nearest_known(shown.values, iteration)
        return None if nearest is None else (index.row(), nearest)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        if (point := self.point_at(event)) is not None:
            self.go_requested.emit(*point)
        else:
            self.select_requested.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The value of the iteration under the pointer is read."""
        super().mouseMoveEvent(event)
        self._hover(self.point_at(event))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, point: tuple[int, int] | None) -> None:
        if point != self._model.hovered:
            self._model.hovered = point
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes back to the last change of sign, Delete watches no more."""
        asked = {
            Qt.Key.Key_Return: self.back_requested, Qt.Key.Key_Enter: self.back_requested,
            Qt.Key.Key_Delete: self.removed,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if asked is not None and self.currentIndex().isValid():
            asked.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
