"""Every weight and bias: value at the iteration's start (editable), gradient, change and new value side by side."""

from math import ceil

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.edits import Entry
from engine.frame import Frame
from engine.quantities import LEARNING_RATE, PARAMETER_GRADIENTS, Quantity
from gui import formula, text
from gui.brush import Brush
from gui.copying import copies
from gui.digits import USUAL
from gui.entries import EntryError, parse_number
from gui.focus import Focus, parameter_of
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
from gui.theme import theme_of, ui_font

SCROLL_BAR, ROOM_FOR_WORDS, DIGIT = 16, 330, 8
"""Widths: of a scroll bar, of a panel in which words have room, of a figure."""


class ParameterDelegate(QStyledItemDelegate):
    """Paints rows with digits aligned at the decimal point; colours a wrong entry while it is typed."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ParametersModel)
        assert model.frame is not None
        theme = theme_of(option.palette)
        brush, rect = Brush(painter, theme), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layer = model.layer_at(index.row())
        if layer is not None:
            if index.column() == FROZEN:
                self._heading(brush, rect, model.frame, layer)
        else:
            self._cell(brush, rect, model, index, option)
        painter.restore()

    def _heading(self, brush: Brush, rect: QRectF, frame: Frame, layer: int) -> None:
        network = frame.session.spec.network
        brush.painter.setClipping(False)
        x = brush.words(text.layer_tab(layer), rect.left() + 12, rect.top() + 19, ui_font(12, 600), brush.theme.ink)
        words = text.layer_is(layer == network.last, network.layers[layer - 1].activation)
        brush.words(words, x + 8, rect.top() + 19, ui_font(12), brush.theme.ink_3)

    def _cell(
        self, brush: Brush, rect: QRectF, model: ParametersModel, index: Index, option: QStyleOptionViewItem
    ) -> None:
        assert model.frame is not None
        theme, column = brush.theme, index.column()
        operation, name = model.frame.operation, model.parameter_at(index.row())
        written = operation.quantity if operation and not model.frame.cursor.factor else None
        is_row = written is not None and name == parameter_of(written)
        focus = model.focus
        if is_row:
            brush.painter.fillRect(rect, QColor(theme.accent_tint))
        elif name in map(parameter_of, focus.hovered):
            brush.painter.fillRect(rect, QColor(theme.hover))
        brush.painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(theme.border))
        if column == FROZEN:
            super().paint(brush.painter, option, index)
        elif column == SYMBOL:
            box = _symbol(model.frame, name)
            formula.paint(brush.painter, box, rect.left() + 4, rect.top() + 19, QColor(theme.ink))
            if focus.selected is not None and name == parameter_of(focus.selected):
                brush.outline(rect.adjusted(0, 3, -2, -3), 5, 1, dashed=True)
        else:
            if is_row and column == _column_of(written):
                brush.outline(rect.adjusted(1, 3, -2, -3), 5)
            ink = theme.ink_3 if column == VALUE and model.is_frozen(index.row()) else theme.ink
            brush.number(model.number_at(index.row(), column), rect, ink, range(model.digits, 1, -1))
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -2, -1), 3, 1)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFont(ui_font(12))
        editor.textEdited.connect(lambda typed: self._check(editor, typed))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What is being typed stays while frames come and go."""
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def _check(self, editor: QLineEdit, typed: str) -> None:
        """Red ink, a line below and the reason as a tooltip while the entry is no number."""
        palette, theme, font, reason = editor.palette(), theme_of(editor.palette()), editor.font(), ""
        try:
            parse_number(typed)
        except EntryError as error:
            reason = str(error)
        palette.setColor(palette.ColorRole.Text, QColor(theme.error if reason else theme.ink))
        font.setUnderline(bool(reason))
        editor.setPalette(palette)
        editor.setFont(font)
        editor.setToolTip(reason)


def _symbol(frame: Frame, name: Quantity) -> formula.Box:
    return formula.layout(frame.narrator.symbol(name), 14, text.number)


def widest_symbol(frame: Frame) -> int:
    """The width of the widest symbol in pixels: numbers grow through the network, so the last ones of layers tell."""
    parameters = frame.trace.parameters
    last = [parameters.first(l + 1) - 1 for l in range(1, parameters.network.last + 1)]
    names = (*map(parameters.name, last), parameters.weight(parameters.weight_count - 1))
    return ceil(max(_symbol(frame, name).width for name in names))


def _column_of(written: Quantity | None) -> int | None:
    """The column that shows what was written."""
    if written is None:
        return None
    if written.is_parameter:
        return NEW
    return GRADIENT if written.kind in (*PARAMETER_GRADIENTS, "grad") else None


class _Table(QTableView):
    """The table; Ctrl+V pastes from the current row on."""

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
        self.optimizer = QLabel()
        self.rate = QLineEdit()
        self.rate.setAccessibleName(text.LEARNING_RATE)
        self.rate.setFixedWidth(80)
        self.rate.editingFinished.connect(self._set_rate)
        self._rate_words = QLabel(text.LEARNING_RATE)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(6)
        foot.addWidget(self.optimizer, 1)
        foot.addWidget(self._rate_words)
        foot.addWidget(QLabel(text.ETA_IS))
        foot.addWidget(self.rate)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        parts.addWidget(self.table, 1)
        parts.addLayout(foot)

    def sizeHint(self) -> QSize:
        return QSize(sum(WIDTHS) + SCROLL_BAR, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def show_frame(self, frame: Frame) -> None:
        self.model.show_frame(frame)
        self.optimizer.setText(text.optimizer(frame))
        if not self.rate.hasFocus() or not self.rate.isModified():
            self.rate.setText(text.typed(frame.learning_rate))
        written = frame.operation.quantity if frame.operation else None
        name = written and parameter_of(written)
        if name:
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
        more = max(self.model.digits - USUAL, 0) if column >= VALUE else 0
        return WIDTHS[column] + DIGIT * more

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
