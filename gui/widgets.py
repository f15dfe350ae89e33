"""Small widgets of our own: the one filled button, and the heading of a dock."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gui.brush import Brush, advance
from gui.icons import icon
from gui.theme import theme_of, ui_font


class PrimaryButton(QToolButton):
    """The button that is meant to be pressed, in the accent; it shows its default action."""

    def sizeHint(self) -> QSize:
        return QSize(round(advance(self.text(), ui_font(13, 500))) + 52, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), theme_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(theme.accent)
        if self.isDown() or self.underMouse():
            color = color.darker(112)
        Brush(painter, theme).fill(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, color)
        Brush(painter, theme).words(self.text(), 14, self.height() / 2 + 5, ui_font(13, 500), theme.accent_on)
        icon("next", theme.accent_on, theme.accent_on).paint(painter, self.width() - 28, self.height() // 2 - 8, 16, 16)


class DockTitle(QWidget):
    """A dock's heading, with what the panel puts beside its title. It leaves mouse presses alone, so that dragging and
    the context menu keep working."""

    def __init__(self, title: str, header: QWidget | None = None) -> None:
        super().__init__()
        self.title = title
        row = QHBoxLayout(self)
        row.setContentsMargins(round(advance(title, ui_font(12, 600))) + 20, 0, 12, 0)
        if header is not None:
            row.addWidget(header)

    def sizeHint(self) -> QSize:
        return QSize(120, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), theme_of(self.palette())
        painter.fillRect(self.rect(), QColor(theme.header))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(theme.border))
        Brush(painter, theme).words(self.title, 12, 21, ui_font(12, 600), theme.ink)
