"""The iteration as a program listing: every operation with its formula and, up to the cursor, its value.

Rows are found by arithmetic and described when they are painted, so 300,000 cost what 32 cost.
"""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.expressions import Expression, Sum, plain
from engine.frame import Frame
from engine.operations import Operation
from engine.stops import PhaseStart, Stop
from gui import formula, text
from gui.breakpoints import MarginClicks, breakpoint_at, margin, mark
from gui.brush import Brush, advance
from gui.focus import Focus, operations_since
from gui.theme import theme_of, ui_font
from gui.widgets import as_list

ROW, SIZE, MOST_TERMS, MOST_FORMULAS = 24, 14, 6, 2000
Index = QModelIndex | QPersistentModelIndex


class OperationsModel(QAbstractListModel):
    """A heading a phase, and under it a row for every operation."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.focus = Focus()
        self.stops: dict[Stop, bool] = {}
        self._phases: list[tuple[str, int, int]] = []
        self._formulas: dict[int, formula.Box] = {}
        self._written: object = None

    def show_frame(self, frame: Frame) -> None:
        """Take another frame; rows are built anew only where the program is another. The view then repaints what is in
        sight: a signal for every one of 300,000 rows would take a second."""
        anew = self.frame is None or self.frame.program is not frame.program
        if anew:
            self.beginResetModel()
        self.frame, self._phases = frame, frame.program.phases()
        written = frame.program, frame.session.notation, frame.trace.rows
        if written != self._written or len(self._formulas) > MOST_FORMULAS:
            self._written, self._formulas = written, {}
        if anew:
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self.frame is None:
            return 0
        return self.frame.program.count + len(self._phases)

    def row_of(self, k: int) -> int:
        """The row of operation k, from 0."""
        return k + 1 + sum(1 for _, _, stop in self._phases if stop <= k)

    def operation_at(self, row: int) -> int | None:
        """The operation, from 0, in a row; None for a heading."""
        for place, (_, start, stop) in enumerate(self._phases):
            first = start + place
            if row == first:
                return None
            if row <= stop + place:
                return row - place - 1
        return None

    def phase_at(self, row: int) -> tuple[str, int, int]:
        """The phase of a heading's row: name, how many of its operations are done, how many there are."""
        assert self.frame is not None
        phase, start, stop = next((p, a, b) for i, (p, a, b) in enumerate(self._phases) if a + i == row)
        return phase, min(max(self.frame.cursor.operation - start, 0), stop - start), stop - start

    def headings(self) -> list[int]:
        """The rows of the phases' headings."""
        return [start + place for place, (_, start, _) in enumerate(self._phases)]

    def stop_at(self, row: int) -> Stop:
        """The stop of a row: that of a phase for its heading, else the operation's breakpoint, set or not."""
        k = self.operation_at(row)
        if k is None or self.frame is None:
            return PhaseStart(self.phase_at(row)[0])
        quantity, sample, _ = self.frame.narrator.result(k)
        return breakpoint_at(quantity, sample, self.stops, self.frame)

    def describe(self, k: int) -> Operation:
        assert self.frame is not None
        return self.frame.narrator.describe(k)

    def box_of(self, k: int) -> formula.Box:
        """Operation k in symbols on one line. It is the same at every cursor, so it is laid out once."""
        if k not in self._formulas:
            operation = self.describe(k)
            sign = " ← " if operation.phase == "update" else " = "
            left = formula.layout(operation.symbol, SIZE, text.number, slashed=True)
            right = formula.layout(beginning(operation.formula), SIZE, text.number, slashed=True)
            self._formulas[k] = formula.row([left, formula.text_box(sign, SIZE), right])
        return self._formulas[k]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.frame is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        k = self.operation_at(index.row())
        if k is None:
            phase, done, count = self.phase_at(index.row())
            return f"{text.PHASES[phase]}  {done:,} of {count:,}"
        operation = self.describe(k)
        value = text.number(operation.value) if k < self.frame.cursor.operation else text.DASH
        return f"{k + 1}  {plain(operation.symbol)} = {plain(operation.formula)}  {value}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_operation = self.operation_at(index.row()) is not None
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if is_operation else Qt.ItemFlag.NoItemFlags


class OperationDelegate(QStyledItemDelegate):
    """Paints a row: number, formula, value at the right edge; the current one on the accent's tint."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, OperationsModel)
        theme = theme_of(option.palette)
        brush, rect = Brush(painter, theme), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        k = model.operation_at(index.row())
        if k is None:
            self._heading(brush, rect, model, index.row())
        else:
            self._operation(brush, rect, model, k)
            if option.state & QStyle.StateFlag.State_HasFocus:
                brush.outline(rect.adjusted(1, 1, -1, -1), 3, 1)
        painter.restore()

    def _heading(self, brush: Brush, rect: QRectF, model: OperationsModel, row: int) -> None:
        phase, done, count = model.phase_at(row)
        theme, baseline = brush.theme, rect.top() + 16
        brush.painter.fillRect(rect, QColor(theme.header))
        is_on = model.stops.get(PhaseStart(phase))
        if is_on is not None:
            mark(brush, QRectF(rect.left() + 2, rect.top() + 8, 8, 8), is_on)
        brush.words(text.PHASES[phase], rect.left() + 12, baseline, ui_font(12, 600), theme.phases[phase].text)
        words, font = f"{done:,} of {count:,}", ui_font(11)
        brush.words(words, rect.right() - 8 - advance(words, font), baseline, font, theme.ink_3)

    def _operation(self, brush: Brush, rect: QRectF, model: OperationsModel, k: int) -> None:
        assert model.frame is not None
        theme, frame = brush.theme, model.frame
        quantity, sample, result = frame.narrator.result(k)
        is_of_sample = sample in (None, frame.sample)
        done = k < frame.cursor.operation
        if frame.operation is not None and k == frame.operation.number - 1:
            brush.painter.fillRect(rect, QColor(theme.accent_tint))
            brush.painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(theme.accent))
        elif is_of_sample and quantity in model.focus.hovered:
            brush.painter.fillRect(rect, QColor(theme.hover))
        if is_of_sample and quantity == model.focus.selected:
            brush.outline(rect.adjusted(4, 1, -5, -1), 5, 1, dashed=True)
        ink, number, small = theme.ink if done else theme.ink_3, str(k + 1), ui_font(11)
        left, width = rect.left() + margin(frame), advance(number, small)
        is_on = model.stops.get(breakpoint_at(quantity, sample, model.stops, frame))
        if is_on is not None:
            mark(brush, QRectF(left - width - 5, rect.top() + 4, width + 10, 16), is_on)
        brush.words(number, left - width, rect.top() + 16, small, theme.surface if is_on else theme.ink_3)
        value = text.number(result) if done else text.DASH
        right = rect.right() - 8 - advance(value, ui_font(12))
        brush.words(value, right, rect.top() + 16, ui_font(12), ink)
        room = QRectF(left + 10, rect.top(), right - left - 18, rect.height())
        self._formula(brush, model.box_of(k), room, ink)

    def _formula(self, brush: Brush, box: formula.Box, rect: QRectF, ink: str) -> None:
        """What is too long ends in dots."""
        dots = box.width > rect.width()
        brush.painter.setClipRect(rect.adjusted(0, 0, -14 if dots else 0, 0))
        formula.paint(brush.painter, box, rect.left(), rect.top() + 16, QColor(ink))
        brush.painter.setClipping(False)
        if dots:
            brush.words("…", rect.right() - 12, rect.top() + 16, ui_font(12), ink)


def beginning(expression: Expression) -> Expression:
    """As much of a long sum as a row can show; the rest would only be clipped."""
    if isinstance(expression, Sum) and len(expression.terms) > MOST_TERMS:
        return Sum(expression.terms[:MOST_TERMS])
    return expression


class Operations(QTableView):
    """The listing as a widget; a click asks to go to the operation, on its number to stop there."""

    seek_requested = Signal(int)
    hover_requested = Signal(tuple)
    stop_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = OperationsModel(self)
        self.setModel(self._model)
        self.setItemDelegate(OperationDelegate(self))
        as_list(self, ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setAccessibleName("Operations")
        self.clicked.connect(self._go)
        self.activated.connect(self._go)
        self.setMouseTracking(True)
        self.entered.connect(self._hover)
        self._margin = MarginClicks(self)
        self._margin.pressed.connect(self._toggle)

    def sizeHint(self) -> QSize:
        return QSize(252, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 120)

    def show_frame(self, frame: Frame) -> None:
        """Show the operations of another frame, the current one in sight."""
        since = operations_since(self._model.frame, frame)
        self._model.show_frame(frame)
        self._margin.width = margin(frame) + 4
        self._repaint(since)
        row = self._model.row_of(frame.operation.number - 1) if frame.operation else 0
        index = self._model.index(row)
        self.setCurrentIndex(index)
        sight = self.viewport().rect()
        place = self.visualRect(index)
        if not sight.top() <= place.top() - ROW <= place.bottom() + ROW <= sight.bottom():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def show_stops(self, held: dict[Stop, bool]) -> None:
        """Mark the operations and phases at which runs stop."""
        self._model.stops = held
        self.viewport().update()

    def _toggle(self, index: QModelIndex) -> None:
        self.stop_requested.emit(self._model.stop_at(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """B sets a breakpoint at the current row, or takes it away."""
        if event.key() == Qt.Key.Key_B and not event.modifiers() and self.currentIndex().isValid():
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _repaint(self, operations: range | None) -> None:
        """The rows of these operations and the headings, which count them; None: all rows."""
        if operations is None or len(operations) > self.viewport().height() // ROW:
            self.viewport().update()
            return
        for row in (*map(self._model.row_of, operations), *self._model.headings()):
            self.update(self._model.index(row))

    def show_focus(self, focus: Focus) -> None:
        """Bring the operation of this iteration into sight that writes the quantity selected; tint those hovered."""
        frame, quantity = self._model.frame, focus.selected
        is_other, self._model.focus = quantity != self._model.focus.selected, focus
        self.viewport().update()
        if not is_other:
            return
        k = None if frame is None or quantity is None else frame.program.writer(quantity, frame.position())
        if k is not None:
            self.scrollTo(self._model.index(self._model.row_of(k)))

    def _hover(self, index: QModelIndex) -> None:
        k = self._model.operation_at(index.row())
        self.hover_requested.emit(() if k is None else (self._model.describe(k).quantity,))

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_requested.emit(())

    def _go(self, index: QModelIndex) -> None:
        k = self._model.operation_at(index.row())
        if k is not None:
            self.seek_requested.emit(k + 1)
