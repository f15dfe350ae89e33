"""The canvas as a widget: shows a frame. At rest all is quiet; what was read is marked, what was written outlined."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.frame import Frame
from engine.quantities import Quantity
from gui import text
from gui.canvas.geometry import Geometry
from gui.canvas.picture import draw
from gui.canvas.scene import Scene
from gui.theme import theme_of


class Canvas(QWidget):
    """Draws the network of the frame it is shown, with its values at the cursor. The pointer over a value tells its
    formula; a double click asks to go to the operation that writes it."""

    go_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(560, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Network")
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(640, 330)

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

    def quantity_at(self, point: QPointF) -> Quantity | None:
        """The quantity drawn at a point of the canvas."""
        if self._frame is None:
            return None
        geometry = Geometry(self._frame.session.spec.network, float(self.width()), float(self.height()))
        return geometry.quantity_at(point)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        quantity = self.quantity_at(event.position())
        if quantity is not None:
            self.go_requested.emit(quantity)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._frame is not None:
            quantity = self.quantity_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text.tip(self._frame, quantity) if quantity else "", self)
            return True
        return super().event(event)
