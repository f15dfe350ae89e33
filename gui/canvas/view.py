"""The canvas as a widget: shows a frame. At rest all is quiet; what was read is marked, what was written outlined."""

from collections.abc import Mapping
from math import inf

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.frame import Frame
from engine.network import Network
from engine.quantities import Quantity
from gui import text
from gui.brush import Brush
from gui.canvas.flat import FlatNeurons
from gui.canvas.geometry import LEGEND, Geometry, full_height, full_width
from gui.canvas.neighbours import FIRST, Direction, neighbour, placed
from gui.canvas.picture import draw
from gui.canvas.pictures import Pictures, has_pictures
from gui.canvas.pointing import quantity_at
from gui.canvas.rest import RestLines
from gui.canvas.scene import Scene, geometry_of
from gui.canvas.seats import room_of
from gui.digits import USUAL
from gui.focus import Focus
from gui.scaled import Scaled
from gui.theme import theme_of

EMPTY = Network(0, ())
LEAST_ZOOM, ZOOM_STEP, CLICK = 8.0, 1.2, 4
REASON = Qt.FocusReason
BY_KEYBOARD = (REASON.TabFocusReason, REASON.BacktabFocusReason, REASON.ShortcutFocusReason)
PASSING = (REASON.ActiveWindowFocusReason, REASON.PopupFocusReason, REASON.MenuBarFocusReason)
ARROWS: Mapping[int, Direction] = {
    Qt.Key.Key_Left: Direction.LEFT, Qt.Key.Key_Right: Direction.RIGHT, Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}  # fmt: skip
LEAST_ROOM = QSizeF(560, 215)
"""In less room than this labels would meet: then a part of the network is shown."""


class Canvas(Scaled):
    """Draws the network of the frame it is shown, with its values at the cursor.

    The pointer over a value tells its formula; a click selects it in every panel; a double click asks to go to the
    operation that writes it. The wheel zooms, dragging pans: more room, so more detail, with text at its size.
    """

    go_requested = Signal(object)
    select_requested = Signal(object)
    hover_requested = Signal(tuple)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._focus, self._digits = Focus(), USUAL
        self._pictures: Pictures | None = None
        self._geometry = Geometry(EMPTY, 0.0, 0.0)
        self._flat = FlatNeurons()
        self._rest = RestLines(self)
        self._rest.painted.connect(self.update)
        self._is_by_keyboard, self._unseen = False, 0.0
        self._zoom, self._offset, self._grabbed, self._pressed = 1.0, QPointF(), QPointF(), QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(LEAST_ROOM.toSize())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Network")

    def sizeHint(self) -> QSize:
        return QSize(640, 330)

    def show_frame(self, frame: Frame) -> None:
        """Draw another frame."""
        self._frame = frame
        self.setAccessibleDescription(text.spoken(frame))
        self.update()

    def announce(self, is_running: bool) -> None:
        """Have a screen reader, where there is one, say the operation shown; in a run it could not follow."""
        if QAccessible.isActive() and not is_running:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleDescription()))

    def show_focus(self, focus: Focus) -> None:
        """Mark the quantity selected and the ones under the pointer."""
        self._focus = focus
        self.update()

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits where there is room for them."""
        self._digits = count
        self.update()

    def show_pictures(self, is_shown: bool) -> None:
        """Draw in each neuron what it answers to every input, or its function's shape."""
        self._pictures = Pictures() if is_shown else None
        self.update()

    @property
    def is_busy(self) -> bool:
        """Whether there are lines that are still being painted."""
        return self._rest.is_busy

    def fit(self) -> None:
        """Show the whole network."""
        self._look(1.0, QPointF())

    def larger(self) -> None:
        self.zoom(ZOOM_STEP, self._middle())

    def smaller(self) -> None:
        self.zoom(1 / ZOOM_STEP, self._middle())

    def _middle(self) -> QPointF:
        return self.in_units(QPointF(self.rect().center()))

    def show_legend(self, is_shown: bool) -> None:
        """With the line that says what lines, fills and outlines mean; without it that lies below what is seen."""
        self._unseen = 0.0 if is_shown else LEGEND
        self._look(self._zoom, self._offset)

    def room(self) -> QSizeF:
        return super().room() + QSizeF(0, self._unseen)

    def rescale(self, scale: float) -> None:
        super().rescale(scale)
        self._look(self._zoom, self._offset)

    def zoom(self, factor: float, at: QPointF) -> None:
        """Zoom by a factor; the point `at` of the widget stays where it is."""
        zoom = min(max(self._zoom * factor, 1.0), self._largest_zoom())
        before, after, held = self._extent(self._zoom), self._extent(zoom), self._offset + at
        wider, higher = after.width() / before.width(), after.height() / before.height()
        self._look(zoom, QPointF(held.x() * wider, held.y() * higher) - at)

    def _largest_zoom(self) -> float:
        """Far enough in for every neuron to show all that it can."""
        neurons = max(self._frame.session.spec.network.sizes) if self._frame is not None else 1
        return max(LEAST_ZOOM, full_height(neurons) / self.room().height())

    def quantity_at(self, point: QPointF) -> Quantity | None:
        """The quantity drawn at a point of the widget."""
        return None if self._frame is None else quantity_at(self._places(self._frame), point + self._offset)

    def _places(self, frame: Frame) -> Geometry:
        """Where everything lies; the same object as long as it is the same place."""
        network = frame.session.spec.network
        has_room = self._pictures is not None and has_pictures(network)
        geometry = geometry_of(network, self._scene_size(), has_room, self._focus.selected)
        if geometry != self._geometry:
            self._geometry = geometry
        return self._geometry

    def _scene_size(self) -> QSize:
        """The size of the zoomed network in whole pixels."""
        return self._extent(self._zoom).toSize()

    def _extent(self, zoom: float) -> QSizeF:
        """The same at any zoom; a large network is no wider than its columns need, so that they stay in sight."""
        widest = inf if self._frame is None else full_width(self._frame.session.spec.network)
        room = self.room().expandedTo(LEAST_ROOM)
        return QSizeF(min(room.width() * zoom, max(room.width(), widest)), room.height() * zoom)

    def _look(self, zoom: float, offset: QPointF) -> None:
        """Show the part of the zoomed network that begins at `offset`, as far as there is one."""
        self._zoom = zoom
        beyond = QSizeF(self._scene_size()) - self.room()
        self._offset = QPointF(max(min(offset.x(), beyond.width()), 0.0), max(min(offset.y(), beyond.height()), 0.0))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.paint_on(painter, self._rest)
            if self.hasFocus() and self._is_by_keyboard:
                painter.resetTransform()
                Brush(painter, theme_of(self.palette())).outline(QRectF(self.rect()).adjusted(1, 1, -1, -1), 0)

    def paint_on(self, painter: QPainter, rest: RestLines | None = None) -> None:
        """Paint what is shown; `rest` keeps the picture of many lines from one time to the next."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_of(self.palette())
        painter.fillRect(self.rect(), QColor(theme.surface))
        if self._frame is not None:
            painter.scale(self.scale, self.scale)
            painter.translate(-self._offset)
            sight, places = QRectF(self._offset, self.room()), self._places(self._frame)
            flat = self._flat.of(self._frame)
            scene = Scene(self._frame, places, painter, theme, self._focus, self._pictures, sight, flat, self._digits)
            draw(scene, rest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._look(self._zoom, self._offset)

    def take_keyboard(self) -> None:
        """Have the keyboard because a key asks for it."""
        self.setFocus(REASON.ShortcutFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring shows where the keyboard is, if it came here by a key; another window or a menu changes nothing."""
        if event.reason() not in PASSING:
            self._is_by_keyboard = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)

    def _lets_go(self, event: QEvent) -> bool:
        """Whether Escape was pressed while something is selected."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return is_escape and self._focus.selected is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl with an arrow moves the selection, Enter goes to the operation that wrote it, Escape lets it go."""
        selected = self._focus.selected
        direction = ARROWS.get(event.key()) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        if direction is not None and self._frame is not None:
            self._select_next(self._frame, direction)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and selected is not None:
            self.go_requested.emit(selected)
        elif self._lets_go(event):
            self.select_requested.emit(None)
        else:
            super().keyPressEvent(event)

    def _select_next(self, frame: Frame, direction: Direction) -> None:
        """Select what lies next to the selection, or where the operation shown has written; bring it into sight."""
        network, selected = frame.session.spec.network, self._focus.selected
        if selected is None:
            quantity = placed(frame.operation.quantity) if frame.operation is not None else FIRST
        else:
            quantity = neighbour(network, selected, direction)
        self.select_requested.emit(quantity)
        self.said.emit(text.selected(frame, quantity))
        self._bring_into_sight(frame, quantity)

    def _bring_into_sight(self, frame: Frame, quantity: Quantity) -> None:
        room = room_of(self._places(frame), quantity)
        sight = QRectF(self._offset, self.room())
        if room is not None and not sight.contains(room):
            self._look(self._zoom, self._offset + room.center() - sight.center())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(ZOOM_STEP ** (event.angleDelta().y() / 120), self.in_units(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, as opposed to a drag, selects what it meets, or nothing."""
        if (event.position() - self._pressed).manhattanLength() < CLICK:
            self.select_requested.emit(self.quantity_at(self.in_units(event.position())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look(self._zoom, self._offset + self.in_units(self._grabbed - event.position()))
            self._grabbed = event.position()
        else:
            quantity = self.quantity_at(self.in_units(event.position()))
            self.hover_requested.emit(() if quantity is None else (quantity,))

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_requested.emit(())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        quantity = self.quantity_at(self.in_units(event.position()))
        if quantity is not None:
            self.go_requested.emit(quantity)

    def tip_of_selection(self) -> tuple[QPoint, str]:
        """The tip of the quantity selected, or that was written last, and where it lies in the widget."""
        frame, quantity = self._frame, self._focus.selected
        if quantity is None and frame is not None and frame.operation is not None:
            quantity = placed(frame.operation.quantity)
        if frame is None or quantity is None:
            return QPoint(), ""
        room = room_of(self._places(frame), quantity) or QRectF(self._offset, QSizeF())
        return ((room.center() - self._offset) * self.scale).toPoint(), self._flat.tip(frame, quantity)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._lets_go(event):
            event.accept()  # or the window takes it
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._frame is not None:
            quantity = self.quantity_at(self.in_units(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), self._flat.tip(self._frame, quantity) if quantity else "", self)
            return True
        return super().event(event)
