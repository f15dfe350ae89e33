"""Panels arranged by the keyboard: to a side of the window, into a window of their own, larger and smaller."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QSplitter, QWidget

from gui import keyboard, text

STEP = 40
"""By so many pixels a panel grows at a time."""


class Arranging(QObject):
    """Moves and sizes the panel that had the keyboard last: a menu that speaks of it has taken the keyboard away. The
    two parts of `split` in the middle of the window stay, and are sized at each other's cost."""

    said = Signal(str)

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget], split: QSplitter) -> None:
        super().__init__(window)
        self._window, self._docks, self._split = window, docks, split
        middle = (split.widget(place) for place in range(split.count()))
        self._parts: list[QWidget] = [*filter(None, middle), *docks]
        self._part = self._parts[0]
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._change)

    def _change(self, before: QWidget | None, now: QWidget | None) -> None:
        holds = (part for part in self._parts if now is not None and (part is now or part.isAncestorOf(now)))
        self._part = next(holds, self._part)

    def move(self, area: Qt.DockWidgetArea | None) -> None:
        """To a side of the window, as a tab in front of what is there, or (None) into a window of its own."""
        dock = self._part
        if not isinstance(dock, QDockWidget):
            self.said.emit(text.NO_PANEL)
            return
        if area is None:
            dock.setFloating(True)
            dock.move(dock.pos() + QPoint(STEP, STEP))  # beside where it was, so that it is seen to be a window
        else:
            self._dock(dock, area)
        keyboard.enter(dock.widget())

    def _dock(self, dock: QDockWidget, area: Qt.DockWidgetArea) -> None:
        there = [other for other in self._docks if other is not dock and self._is_at(other, area)]
        dock.setFloating(False)
        self._window.addDockWidget(area, dock)
        if there:
            self._window.tabifyDockWidget(there[0], dock)
        dock.show()
        dock.raise_()

    def _is_at(self, dock: QDockWidget, area: Qt.DockWidgetArea) -> bool:
        is_open = dock.toggleViewAction().isChecked() and not dock.isFloating()
        return is_open and self._window.dockWidgetArea(dock) is area

    def enlarge(self, by: int) -> None:
        """A step larger (1) or smaller (-1): wider, at the bottom higher, in a window of its own both."""
        part, step = self._part, by * STEP
        if not isinstance(part, QDockWidget):
            place, sizes = self._split.indexOf(part), self._split.sizes()
            sizes[place] += step
            sizes[1 - place] -= step
            self._split.setSizes(sizes)
        elif part.isFloating():
            part.resize(part.size() + QSize(step, step))
        elif self._window.dockWidgetArea(part) is Qt.DockWidgetArea.BottomDockWidgetArea:
            self._window.resizeDocks([part], [part.height() + step], Qt.Orientation.Vertical)
        else:
            self._window.resizeDocks([part], [part.width() + step], Qt.Orientation.Horizontal)

    def show_windows(self) -> None:
        """Show panels in windows of their own anew: one that was there before the main window would be covered by it at
        its first click."""
        for dock in self._docks:
            if dock.isFloating() and not dock.isHidden():
                QTimer.singleShot(0, dock, dock.hide)
                QTimer.singleShot(0, dock, dock.show)
                QTimer.singleShot(0, dock, dock.raise_)
