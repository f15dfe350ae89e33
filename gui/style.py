"""Fusion with check boxes that can be seen in the dark."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget

from gui.theme import theme_of

BOXES = (QStyle.PrimitiveElement.PE_IndicatorCheckBox, QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck)


class Style(QProxyStyle):
    """Draws check boxes in the theme's colours; everything else is Fusion's."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element in BOXES:
            _check_box(option, painter)
        else:
            super().drawPrimitive(element, option, painter, widget)


def _check_box(option: QStyleOption, painter: QPainter) -> None:
    theme, rect = theme_of(option.palette), QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
    is_on = bool(option.state & QStyle.StateFlag.State_On)
    has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.accent if is_on or has_focus else theme.ink_3), 1.25))
    painter.setBrush(QColor(theme.accent if is_on else theme.surface))
    painter.drawRoundedRect(rect, 3, 3)
    if is_on:
        painter.setPen(QPen(QColor(theme.accent_on), 1.75))
        corners = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.28))
        points = [QPointF(rect.left() + x * rect.width(), rect.top() + y * rect.height()) for x, y in corners]
        painter.drawPolyline(QPolygonF(points))
    painter.restore()
