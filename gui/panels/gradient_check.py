"""Every gradient of the iteration beside a difference quotient of the loss, and a nudge of one parameter.

The quotients are computed only while someone looks, some milliseconds at a time.
"""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.expressions import plain
from engine.frame import Frame
from engine.gradient_check import GradientRow, check_gradients
from engine.optimizers import GRADIENT
from engine.quantities import Quantity
from engine.trace import Trace
from gui import formula, text
from gui.brush import Brush
from gui.copying import FULL
from gui.focus import Focus, parameter_of
from gui.gradually import Gradually
from gui.nudge import NudgeForm
from gui.reading_table import LEAST, SCROLL_BAR, ReadingModel, ReadingTable
from gui.theme import theme_of, ui_font

SYMBOL, ANALYTIC, NUMERIC, APART, VERDICT = range(5)
WIDTHS, GAP = (46, 84, 84, 86, 60), 4
"""Widths of the columns, and how far a number stays from the next one."""
Index = QModelIndex | QPersistentModelIndex


class CheckModel(ReadingModel):
    """A row a parameter in parameter order; what is not yet checked has a dash."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.focus = Focus()
        self.rows: list[GradientRow] = []

    @property
    def trace(self) -> Trace | None:
        """The trace that the rows are of."""
        return self.frame.trace if self.frame else None

    def begin(self, frame: Frame) -> None:
        """Rows of another iteration are to come."""
        anew = self.frame is None or self.frame.session.spec is not frame.session.spec
        if anew:
            self.beginResetModel()
        self.frame, self.rows = frame, []
        if anew:
            self.endResetModel()

    def add(self, rows: list[GradientRow]) -> None:
        """More rows; the view repaints what is in sight of them."""
        first = len(self.rows)
        self.rows += rows
        if rows:
            self.dataChanged.emit(self.index(first, 0), self.index(len(self.rows) - 1, VERDICT))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.frame is None else self.frame.program.parameters.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(WIDTHS)

    def parameter_at(self, row: int) -> Quantity:
        assert self.frame is not None
        return self.frame.program.parameters.name(row)

    def row_at(self, row: int) -> GradientRow | None:
        return self.rows[row] if row < len(self.rows) else None

    def number_at(self, row: int, column: int) -> float | None:
        """The number in a cell; None where there is none yet."""
        assert self.frame is not None
        if column == ANALYTIC:
            return self.frame.trace.new(GRADIENT, self.parameter_at(row))
        found = self.row_at(row)
        return None if found is None else found.numeric if column == NUMERIC else found.difference

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.frame is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, FULL):
            return None
        row, column = index.row(), index.column()
        found = self.row_at(row)
        if role == FULL:
            number = None if column in (SYMBOL, VERDICT) else self.number_at(row, column)
            return None if number is None else repr(number)
        if role == Qt.ItemDataRole.ToolTipRole:
            if column in (SYMBOL, VERDICT):
                return (text.kink(self.frame, found) if found else "") or None
            return text.DASH if self.number_at(row, column) is None else repr(self.number_at(row, column))
        if column == SYMBOL:
            return plain(self.frame.narrator.symbol(self.parameter_at(row)))
        if column == VERDICT:
            return text.verdict(found)
        return text.cell(self.number_at(row, column), self.digits)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        words = {Qt.ItemDataRole.DisplayRole: text.CHECK_HEADS, Qt.ItemDataRole.ToolTipRole: text.CHECK_TIPS}
        shown = words.get(Qt.ItemDataRole(role)) if orientation is Qt.Orientation.Horizontal else None
        return shown[section] if shown else None


class CheckDelegate(QStyledItemDelegate):
    """Paints a cell; the row of the operation shown is tinted, the symbol selected is outlined."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, CheckModel)
        assert model.frame is not None
        theme, rect, name = theme_of(option.palette), QRectF(option.rect), model.parameter_at(index.row())
        brush, operation, focus = Brush(painter, theme), model.frame.operation, model.focus
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if operation is not None and name == parameter_of(operation.quantity):
            painter.fillRect(rect, QColor(theme.accent_tint))
        elif name in map(parameter_of, focus.hovered):
            painter.fillRect(rect, QColor(theme.hover))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(theme.border))
        if index.column() == SYMBOL:
            box = formula.layout(model.frame.narrator.symbol(name), 14, text.number)
            formula.paint(painter, box, rect.left() + 12, rect.top() + 19, QColor(theme.ink))
            if focus.selected is not None and name == parameter_of(focus.selected):
                brush.outline(rect.adjusted(5, 3, -2, -3), 5, 1, dashed=True)
        elif index.column() == VERDICT:
            found = model.row_at(index.row())
            ink = theme.ink_2 if found is None or found.is_close else theme.error
            brush.words(text.verdict(found), rect.left(), rect.top() + 18, ui_font(12), ink)
        else:
            number = model.number_at(index.row(), index.column())
            brush.number(number, rect.adjusted(0, 0, -GAP, 0), theme.ink, range(model.digits, 1, -1))
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -2, -1), 3, 1)
        painter.restore()


class GradientCheck(QWidget):
    """Headline, table and nudge as a panel."""

    select_requested = Signal(object)
    hover_requested = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self.model = CheckModel(self)
        self.checking: Gradually[GradientRow] = Gradually(self._take, self)
        self.headline, self.iteration, self.nudge = QLabel(), QLabel(), NudgeForm()
        self.refused = self.nudge.refused
        self.headline.setFont(ui_font(12, 600))
        self.headline.setWordWrap(True)
        self.iteration.setFont(ui_font(12))
        self.iteration.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.addWidget(self.headline, 1)
        head.addWidget(self.iteration)
        self.table = ReadingTable(self.model, CheckDelegate(), WIDTHS, text.CHECK, (ANALYTIC, NUMERIC, APART))
        self.table.entered.connect(lambda index: self.hover_requested.emit((self.model.parameter_at(index.row()),)))
        self.table.left.connect(lambda: self.hover_requested.emit(()))
        self.table.clicked.connect(self._select)
        self.table.activated.connect(self._select)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        parts.addLayout(head)
        parts.addWidget(self.table, 1)
        parts.addWidget(self.nudge)

    def sizeHint(self) -> QSize:
        return QSize(sum(WIDTHS) + SCROLL_BAR, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, 120)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.table.show_digits(count)
        self.nudge.show_digits(count)

    def show_frame(self, frame: Frame) -> None:
        """Check the gradients of another iteration; within one they stay as they are."""
        self._frame = frame
        if self.isVisible():
            self._look()

    def show_focus(self, focus: Focus) -> None:
        """Mark the parameter selected and nudge it; tint those under the pointer."""
        is_other, self.model.focus = focus.selected != self.model.focus.selected, focus
        self.table.viewport().update()
        if is_other and self.isVisible():
            self._look()
            self._stand()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()
        self._stand()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks; what is not yet checked waits."""
        super().hideEvent(event)
        self.checking.stop()

    def _look(self) -> None:
        frame = self._frame
        if frame is None:
            return
        is_complete = self.checking.is_active or len(self.model.rows) == self.model.rowCount()
        if self.model.trace is frame.trace and is_complete:
            self.model.frame = frame
        else:
            self.model.begin(frame)
            self.checking.begin(check_gradients(frame.trace))
        self.iteration.setText(text.of_iteration(frame))
        self.nudge.show_nudge(frame, self._chosen())
        self.table.viewport().update()

    def _chosen(self) -> Quantity:
        """The parameter selected, or whose gradient is; else the first."""
        selected = self.model.focus.selected
        return (parameter_of(selected) if selected else None) or self.model.parameter_at(0)

    def _stand(self) -> None:
        """Stand in the row of the parameter chosen."""
        if self._frame is not None:
            self.table.stand_in(self._frame.program.parameters.number(self._chosen()))

    def _take(self, rows: list[GradientRow]) -> None:
        self.model.add(rows)
        self.headline.setText(text.checked(self.model.rows, self.model.rowCount()))

    def _select(self, index: QModelIndex) -> None:
        self.select_requested.emit(self.model.parameter_at(index.row()))
