"""The canvas as a widget: shows a frame. At rest all is quiet; what was read is marked, what was written outlined."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.frame import Frame
from gui import text
from gui.canvas.picture import draw
from gui.canvas.scene import Scene
from gui.theme import theme_of


class Canvas(QWidget):
    """Draws the network of the frame it is shown, with its values at the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(560, 320)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Network")

    def sizeHint(self) -> QSize:
        return QSize(900, 420)

    def show_frame(self, frame: Frame) -> None:
        """Draw another frame."""
        self._frame = frame
        self.setAccessibleDescription(text.spoken(frame))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_of(self.palette())
        painter.fillRect(self.rect(), QColor(theme.surface))
        if self._frame is not None:
            draw(Scene(self._frame, self.size(), painter, theme))
