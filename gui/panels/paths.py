"""All ways from the loss to a gradient, the largest first: each with its neurons, its factors, its product and share.

There may be millions of ways, so twenty are listed at a time, and none while the panel is not in sight.
"""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.expressions import Expression, plain
from engine.frame import Frame
from engine.paths import GRADIENTS
from engine.quantities import Quantity, gradient_of
from engine.trace import Trace
from engine.ways import ways
from gui import formula, text
from gui.brush import Brush, advance
from gui.focus import Focus
from gui.theme import theme_of, ui_font
from gui.ways_list import EDGE, LEFT, ROW, PathsModel, WayDelegate
from gui.widgets import as_list, choosing_rows

HEAD = 64


def gradient_shown(frame: Frame, focus: Focus) -> Quantity | None:
    """The gradient selected, or that of the parameter selected; else the one that the operation shown writes."""
    selected = focus.selected
    if selected is not None:
        parameter = selected if selected.is_parameter else selected.parameter
        selected = gradient_of(parameter) if parameter else selected
    written = frame.operation.quantity if frame.operation else None
    return next((quantity for quantity in (selected, written) if quantity and quantity.kind in GRADIENTS), None)


class _Table(QTableView):
    """The ways; the one under the pointer, or else the current one, is the one that is lit."""

    def __init__(self, model: PathsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(WayDelegate(self))
        as_list(self, ROW)
        choosing_rows(self)
        self.setAccessibleName(text.WAYS_NAME)


class _Head(QWidget):
    """The gradient, over how many ways it is the sum, where there is room for it, and its value; below it the heads of
    the columns."""

    def __init__(self, model: PathsModel, table: QTableView) -> None:
        super().__init__()
        self._model, self._table = model, table
        self.setFixedHeight(HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, frame, found = theme_of(self.palette()), self._model.frame, self._model.ways
        if frame is None or found is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush = Brush(painter, theme)
            painter.fillRect(self.rect(), QColor(theme.surface))
            box = formula.layout(frame.narrator.symbol(found.quantity), 16, text.number, True)
            formula.paint(painter, box, 12, 25, QColor(theme.ink))
            total, bold = text.number(found.total, self._model.digits), ui_font(13, 600)
            words, start = f"= {text.ways_counted(found.count)} =", 12 + box.width + 8
            if start + advance(words, ui_font(13)) + 6 + advance(total, bold) > self.width() - EDGE:
                words = "="
            end = brush.words(words, start, 25, ui_font(13), theme.ink_2)
            brush.words(total, end + 6, 25, bold, theme.ink)
            painter.fillRect(QRectF(0, HEAD - 24, self.width(), 24), QColor(theme.header))
            way, numbers = text.WAY_HEADS
            font, right = ui_font(11), self._table.viewport().width() - EDGE
            brush.words(way, LEFT, HEAD - 8, font, theme.ink_3)
            brush.words(numbers, right - advance(numbers, font), HEAD - 8, font, theme.ink_3)


class _Empty(QWidget):
    """What stands here where there are no ways: what will be here, and how to get it."""

    def __init__(self) -> None:
        super().__init__()
        self._labels = [QLabel(words) for words in (text.NO_WAYS, text.NO_WAYS_HOW)]
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._labels[1].setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.addStretch(1)
        for label in self._labels:
            label.setWordWrap(True)
            label.setFont(ui_font(12))
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)

    @property
    def words(self) -> str:
        return " ".join(label.text() for label in self._labels)

    def say(self, *lines: str) -> None:
        """Two lines."""
        for label, words in zip(self._labels, lines, strict=True):
            label.setText(words)


class Paths(QWidget):
    """The ways as a panel; the one under the pointer or selected is to be lit."""

    way_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._focus = Focus()
        self._trace: Trace | None = None
        self._shown: object = None
        self.model = PathsModel(self)
        self.table = _Table(self.model)
        self.table.entered.connect(self._light)
        self.table.selectionModel().currentRowChanged.connect(self._light)
        self.table.viewport().installEventFilter(self)
        self.head, self._empty = _Head(self.model, self.table), _Empty()
        self.covered = QLabel()
        self.covered.setWordWrap(True)
        self.more = QPushButton(text.MORE_WAYS)
        self.more.setToolTip(text.MORE_WAYS_TIP)
        self.more.setAccessibleName(text.MORE_WAYS_TIP)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self._list_more)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addWidget(self.covered, 1)
        foot.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(listing)
        self.setAccessibleName("Paths")

    def sizeHint(self) -> QSize:
        return QSize(376, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 160)

    @property
    def is_empty(self) -> bool:
        """Whether a line stands here in place of ways."""
        return self._stack.currentIndex() == 0

    @property
    def said(self) -> str:
        """What stands here where there are no ways."""
        return self._empty.words

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.model.digits = count
        self._count()
        self._fit_rows()
        self.table.viewport().update()

    def show_frame(self, frame: Frame) -> None:
        """The ways to the gradient that the frame's operation writes, or to the one selected."""
        self._frame = frame
        self._refresh()

    def show_focus(self, focus: Focus) -> None:
        """Another quantity is selected; what is only hovered changes nothing here."""
        is_other, self._focus = focus.selected != self._focus.selected, focus
        if is_other:
            self._refresh()

    def _refresh(self) -> None:
        """List anew what another frame or selection shows, if the panel is in sight."""
        frame = self._frame
        if frame is None or not self.isVisible():
            return
        quantity, s = gradient_shown(frame, self._focus), frame.position()
        is_written = quantity is not None and s is not None and frame.is_written(quantity)
        # A trace is told by which it is: comparing two would compare their arrays.
        shown = frame.session.notation, quantity, s, is_written
        if frame.trace is self._trace and shown == self._shown:
            self.table.setCurrentIndex(QModelIndex())
            return
        self._trace, self._shown = frame.trace, shown
        found = ways(frame.narrator, quantity, s) if is_written and quantity and s is not None else None
        self.model.show_ways(frame, found)
        self.table.scrollToTop()
        if found is None:
            name = quantity and plain(frame.narrator.symbol(quantity))
            self._empty.say(*text.no_ways(name or ""))
        self._stack.setCurrentIndex(0 if found is None else 1)
        self._count()
        self._fit_rows()

    def _count(self) -> None:
        """How many ways are listed, and what they cover; the button only where there are more."""
        found, listed = self.model.ways, self.model.listed
        if found is None:
            return
        covered = text.ways_covered(len(listed), found, found.covered(listed))
        self.covered.setText(" ".join(filter(None, (covered, text.ways_cancel(found, self.model.digits)))))
        self.more.setVisible(len(listed) < found.count)
        self.head.setAccessibleName(f"{plain(self._symbol())} = {text.ways_counted(found.count)}")
        self.head.update()

    def _fit_rows(self) -> None:
        """Each row as high as its numbers ask for."""
        for row in range(self.model.rowCount()):
            self.table.setRowHeight(row, self.model.height(row, self.table.viewport().width()))

    def _symbol(self) -> Expression:
        assert self._frame is not None
        assert self.model.ways is not None
        return self._frame.narrator.symbol(self.model.ways.quantity)

    def _list_more(self) -> None:
        self.model.more()
        self._count()
        self._fit_rows()

    def _light(self, index: QModelIndex) -> None:
        self.way_requested.emit(self.model.listed[index.row()] if index.isValid() else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer has left the table: the current row is lit again, if there is one. In another width, factors take
        other room."""
        if event.type() == QEvent.Type.Leave:
            self._light(self.table.currentIndex())
        elif event.type() == QEvent.Type.Resize:
            self._fit_rows()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.table.setCurrentIndex(QModelIndex())
        self.way_requested.emit(None)
