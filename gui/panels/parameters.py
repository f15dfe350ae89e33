"""Every weight and bias: value at the iteration's start (editable), gradient, change and new value side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.edits import Entry
from engine.frame import Frame
from engine.quantities import LEARNING_RATE
from gui import text
from gui.copying import copies
from gui.digits import more_room
from gui.entries import EntryError, parse_number
from gui.focus import Focus, is_elsewhere, parameter_of
from gui.parameters_model import (
    CHANGE,
    FROZEN,
    GRADIENT,
    HEADS,
    NEW,
    ROW,
    SYMBOL,
    VALUE,
    WIDTHS,
    Index,
    ParametersModel,
)
from gui.parameters_painting import ParameterDelegate, widest_symbol

SCROLL_BAR, ROOM_FOR_WORDS = 16, 330
"""Widths: of a scroll bar, of a panel in which words have room."""


class _Table(QTableView):
    """The table; Ctrl+V pastes from the current row on."""

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Of rows in sight alone, unless an entry is open, which may be out of sight: where some are not, Qt would
        paint all columns."""
        if self.state() is not QTableView.State.EditingState:
            top, bottom = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
            first = first.sibling(max(first.row(), top), first.column())
            last = last.sibling(min(last.row(), bottom) if bottom >= 0 else last.row(), last.column())
        if first.row() <= last.row():
            super().dataChanged(first, last, roles)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """By a key to the first value: the heading above it takes no keyboard, so that no key would lead on from it."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.setCurrentIndex(self.model().index(1, VALUE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model = self.model()
        if event.matches(QKeySequence.StandardKey.Paste) and isinstance(model, ParametersModel):
            if self.currentIndex().isValid():
                model.paste(self.currentIndex().row(), QApplication.clipboard().text())
        elif not copies(self, event):
            super().keyPressEvent(event)


class ParametersTable(QWidget):
    """The table as a panel. Emits what the user wants; the new values come back in a frame."""

    select_requested = Signal(object)
    hover_requested = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ParametersModel(self)
        self.edit_requested, self.freeze_requested = self.model.edit_requested, self.model.freeze_requested
        self.edit_next_requested, self.refused = self.model.edit_next_requested, self.model.refused
        self.table = _Table()
        self._fill_table()
        self.optimizer = QLabel()
        self.rate = QLineEdit()
        self._rate_words = QLabel(text.LEARNING_RATE)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        parts.addWidget(self.table, 1)
        parts.addLayout(self._foot())

    def _fill_table(self) -> None:
        """The model, how its rows and columns are shown, and what the pointer does."""
        self.table.setModel(self.model)
        self.table.setItemDelegate(ParameterDelegate(self.table))
        self.table.setShowGrid(False)
        self.table.setFrameShape(QTableView.Shape.NoFrame)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setAccessibleName("Parameters")
        self.table.setTabKeyNavigation(False)
        self.table.setMouseTracking(True)
        self.table.entered.connect(self._hover)
        self.table.clicked.connect(self._select)
        self.table.viewport().installEventFilter(self)
        self.table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(20)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width)
        head.setStretchLastSection(True)
        self.model.modelReset.connect(self._span_headings)

    def _foot(self) -> QHBoxLayout:
        """The optimizer and its learning rate, below the table."""
        self.rate.setAccessibleName(text.LEARNING_RATE)
        self.rate.setFixedWidth(80)
        self.rate.editingFinished.connect(self._set_rate)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(6)
        foot.addWidget(self.optimizer, 1)
        foot.addWidget(self._rate_words)
        foot.addWidget(QLabel(text.ETA_IS))
        foot.addWidget(self.rate)
        return foot

    def sizeHint(self) -> QSize:
        return QSize(sum(WIDTHS) + SCROLL_BAR, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def show_frame(self, frame: Frame) -> None:
        has_moved = is_elsewhere(self.model.frame, frame)
        self.model.show_frame(frame)
        self.optimizer.setText(text.optimizer(frame))
        if not self.rate.hasFocus() or not self.rate.isModified():
            self.rate.setText(text.typed(frame.learning_rate))
        written = frame.operation.quantity if frame.operation else None
        name = written and parameter_of(written)
        if name and has_moved:
            aside = self.table.horizontalScrollBar().value()
            self.table.scrollTo(self.model.index(self.model.row_of(name), SYMBOL))
            self.table.horizontalScrollBar().setValue(aside)  # only up and down

    def _set_rate(self) -> None:
        """Ask for the learning rate that was typed; a wrong one is refused and the old one stays."""
        frame = self.model.frame
        if frame is None or not self.rate.isModified():
            return
        typed = self.rate.text()
        self.rate.setModified(False)
        self.rate.setText(text.typed(frame.learning_rate))
        try:
            value = parse_number(typed)
        except EntryError as error:
            self.refused.emit(f"{error} Still {text.number(frame.learning_rate)}.")
            return
        if value != frame.learning_rate:
            self.edit_requested.emit([Entry(LEARNING_RATE, value)])

    def show_focus(self, focus: Focus) -> None:
        """Select the row of the parameter selected, or of the one whose gradient is; tint those under the pointer."""
        is_other, self.model.focus = focus.selected != self.model.focus.selected, focus
        self.table.viewport().update()
        name = focus.selected and parameter_of(focus.selected)
        if not is_other or self.model.frame is None or name is None:
            return
        if self.table.currentIndex().row() != self.model.row_of(name):
            self.table.setCurrentIndex(self.model.index(self.model.row_of(name), VALUE))

    def _select(self, index: QModelIndex) -> None:
        """A click on a row selects the parameter, on its gradient the gradient; a tick selects nothing."""
        if index.isValid() and index.column() != FROZEN:
            self.select_requested.emit(self.model.quantity_at(index))

    def _hover(self, index: QModelIndex) -> None:
        quantity = self.model.quantity_at(index)
        self.hover_requested.emit(() if quantity is None else (quantity,))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer has left the table, or the table has another width."""
        if event.type() == QEvent.Type.Leave:
            self.hover_requested.emit(())
        elif event.type() == QEvent.Type.Resize:
            self._fit_columns()
        return False

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.model.digits = count
        self._span_headings()
        self._fit_columns()
        self.table.viewport().update()

    def _width(self, column: int) -> int:
        """How wide a column is for the digits asked for."""
        return WIDTHS[column] + (more_room(self.model.digits) if column >= VALUE else 0)

    def _fit_columns(self) -> None:
        """The last column takes the rest; where there is too little for all, the table scrolls sideways."""
        head = self.table.horizontalHeader()
        needed = sum(head.sectionSize(column) for column in range(NEW)) + self._width(NEW)
        head.setStretchLastSection(self.table.viewport().width() >= needed)
        if not head.stretchLastSection():
            self.table.setColumnWidth(NEW, self._width(NEW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow panel the symbol says it alone."""
        super().resizeEvent(event)
        self._rate_words.setVisible(self.width() >= ROOM_FOR_WORDS)

    def _span_headings(self) -> None:
        self.table.clearSpans()
        for row in self.model._headings:
            self.table.setSpan(row, 0, 1, len(HEADS))
        if self.model.frame is not None:
            wider = max(widest_symbol(self.model.frame) + 8 - WIDTHS[SYMBOL], 0)
            self.table.setColumnWidth(SYMBOL, WIDTHS[SYMBOL] + wider)
            self.table.setColumnWidth(VALUE, self._width(VALUE))
            for column in (GRADIENT, CHANGE):  # of their room the last column, which takes the rest, keeps its own
                self.table.setColumnWidth(column, self._width(column) - min(wider // 2, 14))
