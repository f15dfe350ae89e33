"""Breakpoints in the list of operations: which belongs to a row, and how it is marked at the row's number."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

from engine.frame import Frame
from engine.quantities import Quantity
from engine.stops import Breakpoint, Stop
from gui.brush import Brush, advance
from gui.theme import ui_font


def breakpoint_at(quantity: Quantity, sample: int | None, stops: Iterable[Stop], frame: Frame) -> Breakpoint:
    """The one of `stops` that stops at the operation that writes a quantity of a sample (row of the data, from 1), or
    else the one to set: of that sample, where there are several."""
    own = Breakpoint(quantity, sample if frame.session.spec.samples > 1 else None)
    held = (stop for stop in stops if stop in (own, Breakpoint(quantity)))
    return next((stop for stop in held if isinstance(stop, Breakpoint)), own)


def margin(frame: Frame) -> float:
    """Where the numbers of the operations end; a click up to there sets a breakpoint."""
    return 10 + max(advance(str(frame.program.count), ui_font(11)), 16)


def mark(brush: Brush, rect: QRectF, is_on: bool) -> None:
    """A breakpoint; one that is turned off is hollow."""
    fill = QColor(brush.theme.ink_2) if is_on else QColor(Qt.GlobalColor.transparent)
    brush.box(rect.adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 2, fill, brush.theme.ink_2, 1)


class MarginClicks(QObject):
    """Takes the presses in a list's left margin, which then are no clicks on its rows. width: of the margin."""

    pressed = Signal(QModelIndex)

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view, self.width = view, 0.0
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent) or event.button() is not Qt.MouseButton.LeftButton:
            return False
        if event.position().x() > self.width:
            return False
        index = self._view.indexAt(event.position().toPoint())
        if event.type() is not QEvent.Type.MouseButtonRelease and index.isValid():
            self.pressed.emit(index)
        return True
