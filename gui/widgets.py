"""Small widgets of our own: the one filled button, the end of a dialog, the slider of the speed, a dock's heading."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QMenuBar,
    QSlider,
    QTableView,
    QToolButton,
    QWidget,
)

from gui import text
from gui.brush import Brush, advance
from gui.icons import icon
from gui.theme import theme_of, ui_font

HANDLE = 8


class PrimaryButton(QToolButton):
    """The button that is meant to be pressed, in the accent; it shows its default action."""

    def sizeHint(self) -> QSize:
        return QSize(round(advance(self.text(), ui_font(13, 500))) + 52, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            color = QColor(theme.accent)
            if self.isDown() or self.underMouse():
                color = color.darker(112)
            Brush(painter, theme).fill(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, color)
            Brush(painter, theme).words(self.text(), 14, self.height() / 2 + 5, ui_font(13, 500), theme.accent_on)
            arrow = icon("next", theme.accent_on, theme.accent_on)
            arrow.paint(painter, self.width() - 28, self.height() // 2 - 8, 16, 16)


class Choices(QDialogButtonBox):
    """The end of a dialog: the button that does it, and Cancel; in words, without the style's pictures."""

    def __init__(self, dialog: QDialog, words: str) -> None:
        super().__init__()
        self.accepting = self.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
        self.addButton(text.CANCEL, QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        self.accepted.connect(dialog.accept)
        self.rejected.connect(dialog.reject)


class Pace(QSlider):
    """A slider drawn in the theme; in a dark one the style's own would hardly be seen."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPageStep(3)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, middle = theme_of(self.palette()), self.height() / 2
        span = self.width() - 2 * HANDLE
        x = HANDLE + span * (self.value() - self.minimum()) / max(self.maximum() - self.minimum(), 1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush = Brush(painter, theme)
            brush.fill(QRectF(HANDLE, middle - 2, span, 4), 2, QColor(theme.border_strong))
            brush.fill(QRectF(HANDLE, middle - 2, x - HANDLE, 4), 2, QColor(theme.accent))
            ring = theme.accent if self.hasFocus() else theme.ink_3
            brush.box(QRectF(x - 7, middle - 7, 14, 14), 7, theme.surface, ring, 2 if self.hasFocus() else 1.25)


class YieldingLabel(QLabel):
    """A line that leaves its room to what stands beside it, and then ends in dots."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def color_words(widget: QWidget, is_right: bool, palette: QPalette) -> None:
    """The words of a field or label, red where they were refused; `palette`: that of the widget around it."""
    if is_right:
        widget.setPalette(QPalette())
        return
    red = QPalette(palette)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
        red.setColor(role, QColor(theme_of(palette).error))
    widget.setPalette(red)


class DockTitle(QWidget):
    """A dock's heading, with what the panel puts beside its title; none where a tab says the title already. It leaves
    mouse presses alone, so that dragging and the context menu keep working."""

    close_requested = Signal()

    def __init__(self, title: str, header: QWidget | None = None) -> None:
        super().__init__()
        self.title, self._is_tab, self._has_header = title, False, header is not None
        row = QHBoxLayout(self)
        row.setContentsMargins(round(advance(title, ui_font(12, 600))) + 20, 0, 6, 0)
        if header is None:
            row.addStretch(1)
        else:
            row.addWidget(header)
        self._close = QToolButton()
        self._close.setText("×")
        self._close.setAutoRaise(True)
        self._close.setFixedSize(20, 20)
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.setToolTip(text.CLOSE_PANEL)
        self._close.setAccessibleName(f"{text.CLOSE} {title}")
        self._close.clicked.connect(self.close_requested)
        row.addWidget(self._close)

    def sizeHint(self) -> QSize:
        return QSize(120, 0 if self._is_tab else 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def show_as_tab(self, is_tab: bool) -> None:
        """Give the room to the panel where the dock has a tab."""
        if not self._has_header and is_tab != self._is_tab:
            self._is_tab = is_tab
            self._close.setVisible(not is_tab)
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.header))
            painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(theme.border))
            Brush(painter, theme).words(self.title, 12, 21, ui_font(12, 600), theme.ink)


def give_back(bar: QMenuBar, menu: QMenu, widget: QWidget) -> None:
    """A menu closed with Escape leaves the keyboard to the bar, which takes arrows: then the widget gets it."""
    menu.aboutToHide.connect(lambda: QTimer.singleShot(0, widget, lambda: bar.hasFocus() and widget.setFocus()))


def hairline() -> QFrame:
    """A line across that separates two parts of a panel."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line


def choosing_rows(table: QTableView) -> None:
    """One row is chosen, and the one under the pointer is tinted."""
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setMouseTracking(True)


def as_list(table: QTableView, row_height: int) -> None:
    """A table of one column that looks like a list: rows of one height, no heads, no grid, never scrolled sideways."""
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().hide()
    table.horizontalHeader().setStretchLastSection(True)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(row_height)
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
