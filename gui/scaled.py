"""Widgets that are drawn in units of their own, so that all they show grows together."""

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtWidgets import QWidget


class Scaled(QWidget):
    """A widget whose painter, room and pointer are in units of `scale` pixels (1 at first). It paints all of its ground
    itself, so that what lies behind it need not be painted first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scale = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def rescale(self, scale: float) -> None:
        """Show everything `scale` times as large as at first."""
        self.scale = scale
        self.update()

    def room(self) -> QSizeF:
        """How many whole units the widget is wide and high."""
        return QSizeF(self.width() // self.scale, self.height() // self.scale)

    def in_units(self, point: QPointF) -> QPointF:
        """A point of the widget in its units."""
        return point / self.scale
