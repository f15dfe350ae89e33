"""The iteration as a program listing, with a filter in its heading."""

from PySide6.QtCore import QEvent, QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTableView, QWidget

from engine.frame import Frame
from engine.stops import Stop
from gui import text
from gui.ahead import preparing
from gui.breakpoints import MarginClicks, margin
from gui.brush import Brush, wrapped
from gui.copying import copies
from gui.focus import Focus, is_elsewhere, operations_since
from gui.formula_painting import prepare
from gui.gradually import Gradually
from gui.operations.field import FilterField
from gui.operations.filtering import Entry, Filter, entries, parse
from gui.operations.model import OperationsModel
from gui.operations.painting import ROW, OperationDelegate
from gui.theme import theme_of, ui_font
from gui.widgets import as_list

MOST_READ = 256
"""Of so many terms of a sum it is shown what they read."""


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
        self._entries: list[Entry] = []
        self._read_for: object = None
        self._reading = Gradually(self._take, self)
        self._ahead = preparing(self, self._prepare)
        self.filter = FilterField()
        self.filter.textChanged.connect(self._narrow)
        self.filter.entered.connect(self._read)
        self.filter.left.connect(self._enter)
        self.header = QWidget()
        row = QHBoxLayout(self.header)
        row.setContentsMargins(0, 0, 4, 0)
        row.addWidget(self.filter)

    def show_digits(self, count: int) -> None:
        """Write values with so many digits that count, 2 to 17."""
        self._model.digits = count
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(252, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 120)

    def show_frame(self, frame: Frame) -> None:
        """Show the operations of another frame, the current one in sight."""
        since, has_moved = operations_since(self._model.frame, frame), is_elsewhere(self._model.frame, frame)
        self._model.show_frame(frame)
        if self._model.filter != Filter():
            self._read()
        self._margin.width = margin(frame) + 4
        self._repaint(since)
        if has_moved or not self.currentIndex().isValid():  # rows that were built anew have none
            self._bring_current()

    def _bring_current(self) -> None:
        """The row of the operation shown becomes the current one; the list moves only if it is not in sight."""
        k = self._model.current
        row = 0 if k is None else min(self._model.row_of(k), self._model.rowCount() - 1)
        index = self._model.index(row)
        self.setCurrentIndex(index)
        sight, place = self.viewport().rect(), self.visualRect(index)
        if not sight.top() <= place.top() - ROW <= place.bottom() + ROW <= sight.bottom():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._ahead.start()

    def _prepare(self) -> None:
        """Set the formulas below those in sight, which one step may bring there all at once."""
        page = self.viewport().height() // ROW
        below = self.rowAt(0) + page
        for row in range(below, min(below + page, self._model.rowCount())):
            k = self._model.operation_at(row)
            if k is not None:
                prepare(self._model.box_of(k))

    def _narrow(self) -> None:
        """Show what the filter lets through, as far as it is known."""
        self._read()
        self._model.show_filter(parse(self.filter.text()), self._entries)
        self._bring_current()
        self.viewport().update()

    def _read(self) -> None:
        """Find out in slices what the operations of this program can be found by."""
        frame = self._model.frame
        if frame is not None and self._read_for != (frame.program, frame.session.notation):
            self._read_for, self._entries = (frame.program, frame.session.notation), []
            self._reading.begin(entries(frame))

    def _take(self, more: list[Entry]) -> None:
        """The first slice shows at once that something is found; the others are shown together."""
        is_first = not self._entries
        self._entries += more
        if self.filter.text() and (is_first or not self._reading.is_active):
            self._narrow()

    def _enter(self) -> None:
        """From the field to the first operation that it lets through."""
        self.setFocus()
        first = next((row for row in range(self._model.rowCount()) if self._model.operation_at(row) is not None), 0)
        self.setCurrentIndex(self._model.index(first))
        self.scrollTo(self._model.index(first))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._model.frame is not None and not self._model.rowCount() and not self._reading.is_active:
            self._say_no_match()

    def _say_no_match(self) -> None:
        theme, font, y = theme_of(self.palette()), ui_font(12), 24.0
        with QPainter(self.viewport()) as painter:
            for words, color in ((text.no_match(self.filter.text()), theme.ink_2), (text.NO_MATCH_HOW, theme.ink_3)):
                for line in wrapped(words, font, self.viewport().width() - 24):
                    Brush(painter, theme).centred(line, QRectF(0, y, self.viewport().width(), 18), font, color)
                    y += 18
                y += 6

    def show_stops(self, held: dict[Stop, bool]) -> None:
        """Mark the operations and phases at which runs stop."""
        self._model.stops = held
        self.viewport().update()

    def _toggle(self, index: QModelIndex) -> None:
        stop = self._model.stop_at(index.row())
        if stop is not None:
            self.stop_requested.emit(stop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """B sets a breakpoint at the current row, or takes it away."""
        if event.key() == Qt.Key.Key_B and not event.modifiers() and self.currentIndex().isValid():
            self._toggle(self.currentIndex())
        elif not copies(self, event):
            super().keyPressEvent(event)

    def _repaint(self, operations: range | None) -> None:
        """The rows of these operations and the headings, which count them; None: all rows."""
        height = self.viewport().height()
        if operations is None or len(operations) > height // ROW or self._model.filter != Filter():
            self.viewport().update()
            return
        headings = self._model.headings(self.rowAt(0), self.rowAt(0) + height // ROW + 1)
        for row in (*map(self._model.row_of, operations), *headings):
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
        """What the operation below the pointer writes and reads is outlined everywhere."""
        k = self._model.operation_at(index.row())
        if k is None:
            self.hover_requested.emit(())
            return
        operation = self._model.describe(k)
        reads = (read.quantity for read in operation.reads(MOST_READ))
        self.hover_requested.emit(tuple(dict.fromkeys((operation.quantity, *reads))))

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_requested.emit(())

    def _go(self, index: QModelIndex) -> None:
        k = self._model.operation_at(index.row())
        if k is not None:
            self.seek_requested.emit(k + 1)
