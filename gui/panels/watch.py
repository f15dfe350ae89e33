"""Quantities watched over the iterations: value and curve of each, and the way back to where its sign changed last."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.cursor import Cursor
from engine.frame import Frame
from engine.watching import Watched, check_watched, last_change_of_sign, parse_watched
from gui import text
from gui.focus import Focus
from gui.theme import ui_font
from gui.watch.curves import Curves
from gui.watch.model import WatchModel
from gui.watch.rows import WatchRows
from gui.widgets import color_words


class Watch(QWidget):
    """The list as a panel. What is watched comes back from the controller."""

    watch_requested = Signal(object)
    unwatch_requested = Signal(object)
    seek_requested = Signal(int, int)
    select_requested = Signal(object)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._is_seen = False
        self.curves = Curves(self)
        self.model = WatchModel(self.curves, self)
        self.rows = WatchRows(self.model)
        self.rows.go_requested.connect(self._go)
        self.rows.back_requested.connect(self._go_back)
        self.rows.removed.connect(self._remove)
        self.rows.select_requested.connect(self._select)
        self.rows.selectionModel().currentRowChanged.connect(self._enable)
        self.name, self.add = QLineEdit(), QPushButton(text.WATCH)
        self.back, self.remove = QPushButton(text.BACK_TO_CHANGE), QPushButton(text.UNWATCH)
        self.pages = QStackedWidget()
        self.pages.addWidget(_empty())
        self.pages.addWidget(self.rows)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        parts.addLayout(self._head())
        parts.addWidget(self.pages, 1)
        parts.addLayout(self._foot())
        self.setFocusProxy(self.name)
        self._enable()

    def _head(self) -> QHBoxLayout:
        """The field for a name."""
        self.name.setPlaceholderText(text.WATCH_HINT)
        self.name.setAccessibleName(text.WATCH_NAME)
        self.name.setToolTip(text.WATCH_TIP)
        self.name.textEdited.connect(self._check)
        self.name.returnPressed.connect(self._add)
        self.add.clicked.connect(self._add)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.addWidget(self.name, 1)
        head.addWidget(self.add)
        return head

    def _foot(self) -> QHBoxLayout:
        """What can be done with the current row."""
        self.back.clicked.connect(lambda: self._go_back(self.rows.currentIndex().row()))
        self.remove.clicked.connect(lambda: self._remove(self.rows.currentIndex().row()))
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        for button, tip in ((self.back, text.BACK_TO_CHANGE_TIP), (self.remove, text.UNWATCH_TIP)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(tip)
            foot.addWidget(button)
        foot.addStretch(1)
        return foot

    def sizeHint(self) -> QSize:
        return QSize(376, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 160)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.model.digits = count
        self.rows.viewport().update()

    def show_frame(self, frame: Frame) -> None:
        """Values at the frame's cursor, and curves as far as its session has come."""
        self._frame = frame
        self.model.show_frame(frame)
        self._follow()

    def show_watched(self, those: tuple[Watched, ...]) -> None:
        """Other quantities are watched; the one just added, or beside the one just removed, is current."""
        row, is_more = self.rows.currentIndex().row(), len(those) > len(self.model.rows)
        self.model.show_rows(those)
        row = len(those) - 1 if is_more else min(row, len(those) - 1)
        self.rows.setCurrentIndex(self.model.index(row, 0))
        self.pages.setCurrentIndex(1 if those else 0)
        self._enable()
        self._follow()

    def show_focus(self, focus: Focus) -> None:
        """Outline the symbol of the quantity selected."""
        self.model.focus = focus
        self.rows.viewport().update()

    def show_running(self, is_running: bool) -> None:
        """A run has precedence over curves."""
        self.curves.run(is_running)

    def see(self, is_seen: bool) -> None:
        """The panel has come into sight, or out of it, where nothing is computed."""
        self._is_seen = is_seen
        if is_seen:
            self._follow()
        else:
            self.curves.stop()

    def _follow(self) -> None:
        if self._frame is not None and self._is_seen:
            self.curves.follow(self._frame, self.model.there())

    def _enable(self) -> None:
        """The buttons are about the current row, if there is one."""
        for button in (self.back, self.remove):
            button.setEnabled(self.rows.currentIndex().isValid())

    def _typed(self) -> Watched:
        """What is typed; ValueError with the reason if it cannot be watched."""
        assert self._frame is not None
        one = parse_watched(self.name.text(), self._frame.sample)
        check_watched(self._frame.program, one)
        return one

    def _check(self) -> str:
        """Red ink while what is typed cannot be watched, and the reason as a tooltip and as answer."""
        reason = ""
        try:
            self._typed()
        except ValueError as error:
            reason = text.not_there(str(error))
        is_right = not reason or not self.name.text()
        color_words(self.name, is_right, self.palette())
        self.name.setToolTip(text.WATCH_TIP if is_right else reason)
        return reason

    def _add(self) -> None:
        """Watch what is typed; what is wrong stays to be corrected."""
        if reason := self._check():
            self.said.emit(reason)
        else:
            one = self._typed()
            self.name.clear()
            self.watch_requested.emit(one)

    def _select(self, row: int) -> None:
        """Show everywhere which quantity it is, as far as the network has it."""
        if (one := self.model.rows[row]) in self.model.there():
            self.select_requested.emit(one.quantity)

    def _remove(self, row: int) -> None:
        self.unwatch_requested.emit(self.model.rows[row])

    def _go(self, row: int, iteration: int) -> None:
        """To the operation of an iteration that writes the quantity."""
        self.seek_requested.emit(iteration, self.curves.written_after(self.model.rows[row], iteration))

    def _go_back(self, row: int) -> None:
        """To where its sign changed last before the cursor; what is not there, or not yet known, is said."""
        one, frame = self.model.rows[row], self._frame
        assert frame is not None
        if one not in self.model.there():
            self.said.emit(str(self.model.index(row, 0).data()))
            return
        name, here = text.watched_name(frame, one), frame.cursor
        is_passed = Cursor(here.iteration, self.curves.written_after(one, here.iteration)) < here
        last = here.iteration if is_passed else here.iteration - 1
        values = self.curves.values(one)
        change = last_change_of_sign(values, last)
        if len(values) < last:
            self.said.emit(text.not_computed_so_far(name, len(values), last))
        elif change is None:
            self.said.emit(text.no_change_of_sign(name))
        else:
            self._go(row, change)
            self.said.emit(text.changed_sign(name, change, float(values[change - 1])))


def _empty() -> QLabel:
    """What stands here while nothing is watched, and how to begin."""
    label = QLabel(f"{text.NO_WATCHED}\n{text.NO_WATCHED_HOW}")
    label.setFont(ui_font(12))
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setContentsMargins(24, 0, 24, 0)
    label.setAutoFillBackground(True)
    label.setBackgroundRole(QPalette.ColorRole.Base)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
