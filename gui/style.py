"""Fusion with check boxes and fields whose outlines can be seen in the dark, and with quiet tabs and scroll bars."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QComboBox,
    QProxyStyle,
    QPushButton,
    QScrollBar,
    QSlider,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from gui.theme import theme_of

BOXES = (QStyle.PrimitiveElement.PE_IndicatorCheckBox, QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck)

RINGED = (QPushButton, QToolButton, QComboBox, QSlider)
"""These have a ring around all of them in place of the style's rectangle within."""


class Style(QProxyStyle):
    """Check boxes, fields, tabs, scroll bars and the keyboard's ring in the theme's colours; all else is Fusion's."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element in BOXES:
            _check_box(option, painter)
        elif element is QStyle.PrimitiveElement.PE_FrameLineEdit:
            _field(option, painter)
        elif element is QStyle.PrimitiveElement.PE_FrameFocusRect:
            if not isinstance(widget, RINGED):
                draw_ring(option.rect, option.palette, painter)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if isinstance(widget, QScrollBar) and isinstance(option, QStyleOptionSlider):
            self._scroll_bar(option, painter, widget)
            return
        super().drawComplexControl(control, option, painter, widget)
        if control is QStyle.ComplexControl.CC_SpinBox:
            _field(option, painter)
        elif isinstance(widget, RINGED) and option.state & QStyle.StateFlag.State_HasFocus:
            draw_ring(option.rect, option.palette, painter)

    def _scroll_bar(self, option: QStyleOptionSlider, painter: QPainter, widget: QScrollBar) -> None:
        """Flat: a rounded handle, darker under the pointer, between two arrows."""
        theme, bar = theme_of(option.palette), QStyle.ComplexControl.CC_ScrollBar
        is_level = option.orientation is Qt.Orientation.Horizontal
        is_held = bool(option.activeSubControls & QStyle.SubControl.SC_ScrollBarSlider)
        painter.save()
        painter.fillRect(option.rect, QColor(theme.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        handle = QRectF(self.subControlRect(bar, option, QStyle.SubControl.SC_ScrollBarSlider, widget))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.ink_3 if is_held else theme.faint))
        painter.drawRoundedRect(handle.adjusted(*((1, 4, -1, -4) if is_level else (4, 1, -4, -1))), 3, 3)
        painter.setPen(QPen(QColor(theme.ink_3), 1.5))
        for arrow, sign in ((QStyle.SubControl.SC_ScrollBarSubLine, -1), (QStyle.SubControl.SC_ScrollBarAddLine, 1)):
            middle = QRectF(self.subControlRect(bar, option, arrow, widget)).center()
            corners = ((-3.5, -1.5 * sign), (0.0, 1.5 * sign), (3.5, -1.5 * sign))
            points = [middle + (QPointF(y, x) if is_level else QPointF(x, y)) for x, y in corners]
            painter.drawPolyline(QPolygonF(points))
        painter.restore()

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element is QStyle.ControlElement.CE_TabBarTabShape:
            _tab(option, painter)
            return
        super().drawControl(element, option, painter, widget)
        is_button = element is QStyle.ControlElement.CE_PushButton
        if is_button and option.state & QStyle.StateFlag.State_HasFocus:
            draw_ring(option.rect, option.palette, painter)


def _field(option: QStyleOption, painter: QPainter) -> None:
    """The outline of a field, in the accent where it has the focus."""
    theme, rect = theme_of(option.palette), QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
    has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.accent if has_focus else theme.border_strong), 2 if has_focus else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, 3, 3)
    painter.restore()


def draw_ring(rect: QRect, palette: QPalette, painter: QPainter, radius: float = 3) -> None:
    """Where the keyboard is: the accent, just within a rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme_of(palette).accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def _tab(option: QStyleOption, painter: QPainter) -> None:
    """No box: the accent below the tab that is shown, a hairline below the others."""
    theme, rect = theme_of(option.palette), QRectF(option.rect)
    is_shown = bool(option.state & QStyle.StateFlag.State_Selected)
    painter.fillRect(rect, QColor(theme.header))
    height = 2 if is_shown else 1
    color = theme.accent if is_shown else theme.border
    painter.fillRect(QRectF(rect.left(), rect.bottom() - height, rect.width(), height), QColor(color))
    if option.state & QStyle.StateFlag.State_HasFocus:
        draw_ring(option.rect, option.palette, painter)


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
