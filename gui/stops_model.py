"""The stops as a model, a row each, and how a row is painted."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.frame import Frame
from engine.stops import Condition, PhaseStart, Stop, check_stop
from gui import formula, text
from gui.brush import Brush, advance
from gui.theme import theme_of, ui_font

TICK, STOP, REMOVE = range(3)
WIDTHS = (38, 290, 36)
EDGE = 9
SIZE, BASELINE = 15, 19
Index = QModelIndex | QPersistentModelIndex


class StopsModel(QAbstractTableModel):
    """Which stops there are, which are on, and which the network of the frame can reach."""

    switch_requested = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.stops: list[Stop] = []
        self._held: dict[Stop, bool] = {}
        self._shown: object = None
        self._why_not: dict[Stop, str] = {}

    def show_frame(self, frame: Frame) -> bool:
        """Take another frame; True where it has other symbols or another network, so that rows may say something
        else."""
        shown, self._shown = self._shown, (frame.session.spec, frame.session.notation)
        self.frame = frame
        if self._shown == shown:
            return False
        self.show_stops(self._held)
        return True

    def show_stops(self, held: dict[Stop, bool]) -> None:
        """Take other stops, with whether each is on."""
        self.beginResetModel()
        self._held, self.stops = held, list(held)
        self._why_not = {stop: why for stop in held if (why := self._refusal(stop))}
        self.endResetModel()

    def _refusal(self, stop: Stop) -> str:
        try:
            if self.frame is not None:
                check_stop(stop, self.frame.program)
        except ValueError as error:
            return str(error)
        return ""

    def is_on(self, row: int) -> bool:
        return self._held[self.stops[row]]

    def is_reached(self, row: int) -> bool:
        """Whether this network has what the stop names."""
        return self.stops[row] not in self._why_not

    def has_effect(self, row: int) -> bool:
        """Whether runs of this network stop there."""
        return self.is_on(row) and self.is_reached(row)

    def is_here(self, row: int) -> bool:
        """Whether a run that reaches where the frame stands is stopped by it."""
        return self.frame is not None and self.has_effect(row) and holds_at(self.stops[row], self.frame)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.stops)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(WIDTHS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == TICK else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if self.frame is None:
            return None
        if role == Qt.ItemDataRole.CheckStateRole and column == TICK:
            return Qt.CheckState.Checked if self.is_on(row) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return text.REMOVE_STOP if column == REMOVE else self._tip(row)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole) and column == STOP:
            here = f", {text.STOP_IS_HERE}" if self.is_here(row) else ""
            return text.stop_listed(self.frame, self.stops[row]) + here
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return text.REMOVE_STOP if column == REMOVE else self._tip(row)
        return None

    def _tip(self, row: int) -> str:
        """The stop in full, and why it has no effect, where it has none."""
        stop = self.stops[row]
        assert self.frame is not None
        if stop in self._why_not:
            return f"{text.stop_in_words(self.frame, stop)}. {text.does_not_apply(self._why_not[stop])}"
        return text.stop_in_words(self.frame, stop) if self.is_on(row) else text.STOP_IS_OFF

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A tick turns the stop on or off."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.switch_requested.emit(self.stops[index.row()], Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def box_of(self, row: int) -> formula.Box:
        """The stop on one line in the session's symbols."""
        assert self.frame is not None
        stop = self.stops[row]
        before, behind = (formula.text_box(words, SIZE) for words in text.around_listed(stop))
        if isinstance(stop, PhaseStart) or stop.quantity is None:
            return formula.row([before, behind])
        if not self.is_reached(row):  # a symbol would be that of something else
            return formula.row([before, formula.text_box(str(stop.quantity), SIZE), behind])
        symbol = formula.layout(self.frame.narrator.symbol(stop.quantity), SIZE, text.number, slashed=True)
        return formula.row([before, symbol, behind])


def holds_at(stop: Stop, frame: Frame) -> bool:
    """Whether the frame stands where a stop holds: before the first operation of a phase, just after an operation."""
    program, operation, done = frame.program, frame.operation, frame.cursor.operation
    if isinstance(stop, PhaseStart):
        return any((stop.phase, done) == (phase, start) for phase, start, _ in program.phases())
    if operation is None or frame.cursor.factor or stop.quantity is None:
        return False
    if program.writer(stop.quantity, frame.position(operation.sample)) != done - 1:
        return False
    return stop.holds(operation.value) if isinstance(stop, Condition) else stop.sample in (None, operation.sample)


class StopDelegate(QStyledItemDelegate):
    """Paints a row: tick, stop, and a cross that removes it; what has no effect is pale."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """The tick stands below the field above the list, where it is drawn and where it is clicked."""
        super().initStyleOption(option, index)
        if index.column() == TICK:
            option.rect.translate(EDGE, 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, StopsModel)
        theme, rect, row = theme_of(option.palette), QRectF(option.rect), index.row()
        brush = Brush(painter, theme)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if model.is_here(row):
            painter.fillRect(rect, QColor(theme.accent_tint))
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.border))
        if index.column() == TICK:
            super().paint(painter, option, index)
        elif index.column() == STOP:
            ink = theme.ink if model.has_effect(row) else theme.ink_3
            formula.paint(painter, model.box_of(row), rect.left() + 4, rect.top() + BASELINE, QColor(ink))
            note = text.STOP_IS_HERE if model.is_here(row) else "" if model.is_reached(row) else text.NOT_REACHED
            font = ui_font(11)
            brush.words(note, rect.right() - advance(note, font), rect.top() + BASELINE - 1, font, theme.ink_3)
        else:
            is_under = bool(option.state & QStyle.StateFlag.State_MouseOver)
            cross, font = "×", ui_font(15)
            left = rect.center().x() - advance(cross, font) / 2
            brush.words(cross, left, rect.top() + BASELINE, font, theme.ink if is_under else theme.ink_3)
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -2, -2), 3, 1)
        painter.restore()
