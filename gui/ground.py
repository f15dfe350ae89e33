"""The window on the screen, which is there before its contents are."""

from PySide6.QtCore import QEventLoop, QSettings, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from gui.sizes import room_for

PATIENCE = 100
"""Milliseconds that the contents wait for an empty window to be seen, where a desktop shows it late."""


class Ground(QWidget):
    """A window as large as the last time, else 1280 x 800 or what the screen has, and empty until it holds its
    contents. It has their title, and closes as they close."""

    painted = Signal()

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self._settings = settings
        self._contents: QMainWindow | None = None
        self.resize(QSize(1280, 800).boundedTo(room_for(self)))
        geometry = settings.value("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)

    def appear(self) -> None:
        """Show it, and wait until it is seen."""
        loop = QEventLoop()
        self.painted.connect(loop.quit)
        QTimer.singleShot(PATIENCE, loop, loop.quit)
        self.show()
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def hold(self, contents: QMainWindow) -> None:
        """Give the contents all its room."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(contents)
        contents.resize(self.size())
        contents.windowTitleChanged.connect(self.setWindowTitle)
        self._contents = contents

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only where the contents may be left."""
        if self._contents is None or not self._contents.close():
            event.ignore()
            return
        self._settings.setValue("geometry", self.saveGeometry())
        event.accept()
