"""The ring around the list, table or area that a key has brought the keyboard to."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from shiboken6 import isValid

from gui.scrolling import Scrolling
from gui.style import draw_ring

SCROLLED = (QAbstractItemView, Scrolling)
"""What scrolls has no frame of its own, and its current row may be out of sight."""


class Ring(QWidget):
    """Lies over its parent and leaves the mouse to it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(parent.rect())
        parent.installEventFilter(self)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            draw_ring(self.rect(), self.palette(), painter, 0)


class Rings(QObject):
    """Gives what has the keyboard its ring; a click, which shows by itself where it was, gives none."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._ring: Ring | None = None
        self._last: QWidget | None = None
        self._is_by_key = False
        application.focusChanged.connect(self._change)

    def _change(self, before: QWidget | None, now: QWidget | None) -> None:
        if self._ring is not None and isValid(self._ring):  # or it went with what it was around
            self._ring.deleteLater()
        self._ring = None
        if now is None:
            return
        if now is not self._last:  # or it is back from another window or a menu
            self._last, self._is_by_key = now, not QGuiApplication.mouseButtons()
        if self._is_by_key and isinstance(now, SCROLLED) and QApplication.activePopupWidget() is None:
            self._ring = Ring(now)
