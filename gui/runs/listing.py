"""The present run and those left, a row each, as a model, and how a row is painted."""

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from engine.activations import Array
from engine.frame import Frame
from gui import text
from gui.brush import Brush, in_lines
from gui.digits import USUAL
from gui.loss.curves import highest_of, placed, thinned
from gui.loss.plot import DASHES
from gui.runs.run import Compared, Runs
from gui.theme import theme_of, ui_font

ROW, LINE, MOST_LINES, SMALL, BOX = 48, 16, 3, 11, 16
PICTURE = QRectF(40, 10, 64, 28)
"""Where the small curve stands in a row; words stand behind it."""
POINTS, WORDS, EDGE = 128, 118, 12
Index = QModelIndex | QPersistentModelIndex


def small_curve(losses: Array) -> QPolygonF:
    """A curve in the picture's rectangle, from 0 to its highest loss."""
    iterations, drawn = thinned(placed(losses, is_log=False), POINTS)
    x = PICTURE.left() + (iterations - 1) / max(len(losses) - 1, 1) * PICTURE.width()
    y = PICTURE.bottom() - drawn / (highest_of(drawn) or 1.0) * PICTURE.height()
    return QPolygonF([QPointF(*point) for point in np.column_stack((x, y)).tolist()])


class RunsModel(QAbstractListModel):
    """The present run in the first row, then the ones left."""

    choose_requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.runs, self.digits = Runs(), USUAL
        self._curves: dict[Compared, QPolygonF] = {}

    def show_frame(self, frame: Frame) -> None:
        """The present run goes on."""
        self.frame = frame
        self._curves.pop(None, None)
        self.dataChanged.emit(self.index(0), self.index(0))

    def show_runs(self, runs: Runs) -> None:
        """Other runs, or others of them chosen."""
        is_other = runs.left != self.runs.left
        if is_other:
            self.beginResetModel()
        self.runs = runs
        if is_other:
            self._curves = {run: curve for run, curve in self._curves.items() if run in runs.left}
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def run_at(self, row: int) -> Compared:
        return self.runs.left[row - 1] if row else None

    def curve_at(self, row: int) -> QPolygonF:
        """The small curve of a run, made once."""
        run = self.run_at(row)
        if run not in self._curves:
            self._curves[run] = small_curve(self._losses(run))
        return self._curves[run]

    def _losses(self, run: Compared) -> Array:
        return run.losses if run else self.frame.losses if self.frame else np.zeros(0)

    def name_at(self, row: int) -> str:
        run = self.run_at(row)
        return run.name if run else text.PRESENT_RUN

    def size_at(self, row: int) -> str:
        """How far the run came."""
        run, losses = self.run_at(row), self._losses(self.run_at(row))
        tests = self.frame.test_losses if self.frame else np.zeros(0)
        present = float(tests[-1]) if len(tests) else None
        return text.run_size(losses, run.test_loss if run else present, self.digits)

    def lines(self, row: int, width: float) -> list[str]:
        """How far the run came, as it is written in a list so wide; what has no room in three lines ends in dots."""
        return in_lines(self.size_at(row), ui_font(SMALL), width - WORDS - EDGE, MOST_LINES)

    def height(self, width: float) -> int:
        """How high all rows are in a list so wide."""
        return ROW + LINE * (max(len(self.lines(row, width)) for row in range(self.rowCount())) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.runs.left) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.CheckStateRole:
            is_chosen = self.run_at(index.row()) in self.runs.chosen
            return Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return f"{self.name_at(index.row())}: {self.size_at(index.row())}"
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.choose_requested.emit(self.run_at(index.row()))
        return True


class RunDelegate(QStyledItemDelegate):
    """Paints a run: whether it is chosen, its small curve, what it was and how far it came."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(300, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, row = index.model(), index.row()
        assert isinstance(model, RunsModel)
        theme, rect = theme_of(option.palette), QRectF(option.rect)
        brush = Brush(painter, theme)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flags = QStyle.StateFlag
        brush.row(rect, bool(option.state & flags.State_Selected), bool(option.state & flags.State_MouseOver))
        self._box(painter, option, index)
        self._curve(brush, model, row, rect)
        self._words(brush, model, row, rect)
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -1, -2), 3, 1)
        painter.restore()

    def _box(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QStyleOptionButton()
        box.rect = self._box_rect(option.rect)
        box.palette = option.palette
        is_on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        box.state = QStyle.StateFlag.State_On if is_on else QStyle.StateFlag.State_Off
        QApplication.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter)

    def _box_rect(self, rect: QRect) -> QRect:
        return QRect(rect.left() + EDGE, rect.top() + (ROW - BOX) // 2, BOX, BOX)

    def _curve(self, brush: Brush, model: RunsModel, row: int, rect: QRectF) -> None:
        """As the loss plot draws it: in its own colour and dash where it is compared."""
        run, curve = model.run_at(row), model.curve_at(row)
        place = model.runs.place(run)
        color = QColor(brush.theme.ink_2) if place is None else brush.theme.compared(place)
        brush.painter.setPen(QPen(color, 1.5, DASHES[place or 0]))
        moved = curve.translated(rect.topLeft())
        if curve.size() == 1:
            brush.painter.drawEllipse(moved.first(), 1.5, 1.5)
        brush.painter.drawPolyline(moved)

    def _words(self, brush: Brush, model: RunsModel, row: int, rect: QRectF) -> None:
        """What it was above how far it came; what is too long ends in dots."""
        x, y, width = rect.left() + WORDS, rect.top() + 20, rect.width() - WORDS - EDGE
        bold, small = ui_font(12, 400 if row else 600), ui_font(SMALL)
        brush.words(in_lines(model.name_at(row), bold, width, 1)[0], x, y, bold, brush.theme.ink)
        for place, line in enumerate(model.lines(row, rect.width())):
            brush.words(line, x, y + 17 + LINE * place, small, brush.theme.ink_2)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click on the box, or Space, chooses the run or lets it go."""
        match event:
            case QMouseEvent() if event.type() == QEvent.Type.MouseButtonRelease:
                is_meant = event.position().x() < option.rect.left() + PICTURE.left()
            case QKeyEvent() if event.type() == QEvent.Type.KeyPress:
                is_meant = event.key() == Qt.Key.Key_Space
            case _:
                is_meant = False
        return is_meant and model.setData(index, None, Qt.ItemDataRole.CheckStateRole)
