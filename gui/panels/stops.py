"""Where runs stop by themselves: breakpoints and conditions, to add, turn off and remove."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.frame import Frame
from engine.stops import Stop
from gui import text
from gui.focus import Focus
from gui.reading_table import LEAST, ReadingTable
from gui.stop_entry import StopReader
from gui.stops_model import REMOVE, WIDTHS, StopDelegate, StopsModel
from gui.theme import ui_font
from gui.widgets import color_words, hairline


class _Table(ReadingTable):
    """The stops; Space turns the current one on or off, Del removes it."""

    remove_requested = Signal(object)

    def __init__(self, model: StopsModel) -> None:
        super().__init__(model, StopDelegate(), WIDTHS, text.STOPS_NAME)
        self._stops = model
        self.horizontalHeader().hide()
        self.clicked.connect(self._click)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row < 0 or event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self._stops.switch_requested.emit(self._stops.stops[row], not self._stops.is_on(row))
        else:
            self.remove_requested.emit(self._stops.stops[row])

    def _click(self, index: QModelIndex) -> None:
        if index.column() == REMOVE:
            self.remove_requested.emit(self._stops.stops[index.row()])


class StopsPanel(QWidget):
    """A line to add a stop, and the stops there are."""

    add_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = StopReader()
        self.model = StopsModel(self)
        self.table = _Table(self.model)
        self.switch_requested, self.remove_requested = self.model.switch_requested, self.table.remove_requested
        self.field, self.add, self.reason = QLineEdit(), QPushButton(text.ADD_STOP), _words(text.STOP_HINT)
        self.field.setPlaceholderText(text.STOP_EXAMPLE)
        self.field.setAccessibleName(text.STOP_FIELD)
        self.field.textChanged.connect(self._judge)
        self.field.returnPressed.connect(self._add)
        self.add.setEnabled(False)
        self.add.clicked.connect(self._add)
        self.reason.setMinimumHeight(2 * 16)
        self.pages = QStackedWidget()
        empty = _words(f"{text.NO_STOPS}\n{text.NO_STOPS_HOW}", Qt.AlignmentFlag.AlignCenter)
        empty.setContentsMargins(24, 0, 24, 0)
        self.pages.addWidget(empty)
        self.pages.addWidget(self.table)
        self.setFocusProxy(self.field)
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.field, 1)
        line.addWidget(self.add)
        entry = QVBoxLayout()
        entry.setContentsMargins(12, 12, 12, 8)
        entry.setSpacing(6)
        entry.addLayout(line)
        entry.addWidget(self.reason)
        foot = _words(text.ALWAYS_STOPS)
        foot.setContentsMargins(12, 8, 12, 8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(entry)
        whole.addWidget(hairline())
        whole.addWidget(self.pages, 1)
        whole.addWidget(hairline())
        whole.addWidget(foot)

    def sizeHint(self) -> QSize:
        return QSize(sum(WIDTHS), 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, 160)

    def show_frame(self, frame: Frame) -> None:
        """Take the symbols, the network that decides which stops have an effect, and the place that one may hold at."""
        if self.model.show_frame(frame):
            self._judge()
        self.table.viewport().update()

    def show_stops(self, held: dict[Stop, bool]) -> None:
        """The stops there are, with whether each is on; the current row stays."""
        current = self.table.currentIndex()
        self.model.show_stops(held)
        self.pages.setCurrentIndex(1 if held else 0)
        if current.isValid() and held:
            self.table.setCurrentIndex(self.model.index(min(current.row(), len(held) - 1), current.column()))

    def show_focus(self, focus: Focus) -> None:
        """The quantity selected is put into the line, where nobody has written in it."""
        frame = self.model.frame
        if frame is not None and focus.selected is not None and not self.field.isModified():
            self.field.setText(f"{self._reader.name(focus.selected, frame)} ")

    def _read(self) -> Stop:
        assert self.model.frame is not None
        return self._reader.read(self.field.text(), self.model.frame)

    def _judge(self) -> None:
        """Red, and the reason, while what stands there is no stop."""
        is_right = True
        said = text.STOP_HINT
        if self.model.frame is not None and self.field.text().strip():
            try:
                said = text.stop_preview(self.model.frame, self._read())
            except ValueError as error:
                said, is_right = text.stop_refused(str(error)), False
        self.reason.setText(said)
        self.add.setEnabled(is_right and bool(self.field.text().strip()))
        for part in (self.field, self.reason):
            color_words(part, is_right, self.palette())
        roles = QPalette.ColorRole
        self.reason.setForegroundRole(roles.PlaceholderText if is_right else roles.WindowText)
        self.field.setAccessibleDescription(said)

    def _add(self) -> None:
        """Ask for the stop that was typed; what is none stays, and its reason with it."""
        if self.add.isEnabled():
            stop = self._read()
            self.field.clear()
            self.add_requested.emit(stop)


def _words(words: str, alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignTop) -> QLabel:
    label = QLabel(words)
    label.setFont(ui_font(12))
    label.setWordWrap(True)
    label.setAlignment(alignment)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
