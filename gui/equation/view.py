"""The operation as an equation: symbols, the same with numbers, the result; for a gradient the chain from the loss."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QWidget

from engine.frame import Frame
from gui import text
from gui.brush import Brush
from gui.equation.cells import chain_text, equation_latex, equation_text
from gui.equation.painting import HEADER, Painting
from gui.equation.setting import Setting
from gui.focus import Focus
from gui.scaled import Scaled
from gui.theme import theme_of, ui_font

SMALLEST, LEAST_WIDTH = 232, 540


class Equation(Scaled):
    """Paints the equation of the operation shown. The pointer over a chip lights what it reads, in every panel."""

    hover_requested = Signal(tuple)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._focus = Focus()
        self._setting: Setting | None = None
        self._top = 0
        self.setMouseTracking(True)
        self.matrix = self._button("Matrix form", text.MATRIX_TIP)
        self.matrix.setCheckable(True)
        self.matrix.toggled.connect(lambda _: self.update())
        copies = [self._button("Copy text", text.COPY_TEXT), self._button("LaTeX", text.COPY_LATEX)]
        for button, write in zip(copies, (self.text, self.latex), strict=True):
            button.clicked.connect(lambda _=False, write=write: self._copy(write()))
        head = QHBoxLayout(self)
        head.setContentsMargins(0, 2, 8, 0)
        head.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._buttons = (self.matrix, *copies)
        for button in self._buttons:
            head.addWidget(button)
        self.setMinimumSize(LEAST_WIDTH, SMALLEST)
        self.setAccessibleName("Equation")

    def sizeHint(self) -> QSize:
        return QSize(640, SMALLEST)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self.setAccessibleDescription(self.text())
        self._fit()
        self.update()

    def show_focus(self, focus: Focus) -> None:
        """Outline the chips that read what is under the pointer."""
        self._focus = focus
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_equation = self._frame is not None and not self.matrix.isChecked()
        self.hover_requested.emit(self._layout().reads_at(self.in_units(event.position())) if is_equation else ())

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_requested.emit(())

    def _layout(self) -> Setting:
        """The equation as it is set; anew only for another frame or width."""
        assert self._frame is not None
        set_now = self._setting
        if set_now is None or set_now.frame is not self._frame or set_now.width != self.room().width():
            self._setting = set_now = Setting(self._frame, self.room().width())
        return set_now

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """As high as the lines need, so that the area around it scrolls where they do not fit."""
        if self._frame is not None:
            needed = max(SMALLEST, self._layout().needed_height()) - self._top
            self.setMinimumHeight(round(self.scale * needed))

    def rescale(self, scale: float) -> None:
        if scale == self.scale:
            return
        super().rescale(scale)
        self.setMinimumWidth(round(LEAST_WIDTH * scale))
        for button in self._buttons:
            button.setFont(ui_font(round(12 * scale)))
            button.setFixedHeight(round(28 * scale))
        self._fit()

    def show_header(self, is_shown: bool) -> None:
        """With the line above the equation and its buttons, or without."""
        self._top = 0 if is_shown else HEADER
        for button in self._buttons:
            button.setVisible(is_shown)
        self._fit()

    def in_units(self, point: QPointF) -> QPointF:
        return super().in_units(point) + QPointF(0, self._top)

    def _copy(self, words: str) -> None:
        if words:
            QApplication.clipboard().setText(words)
        self.said.emit(text.COPIED if words else text.NOTHING_TO_COPY)

    def text(self) -> str:
        """The equation in full precision, and below it the chain of a gradient."""
        if self._frame is None:
            return ""
        return "\n".join(part for part in (equation_text(self._frame), chain_text(self._frame)) if part)

    def latex(self) -> str:
        """The equation as LaTeX: the chain of a gradient where it has one, else symbols, numbers and result."""
        return "" if self._frame is None else equation_latex(self._frame)

    def _button(self, words: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setFont(ui_font(12))
        button.setFixedHeight(28)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.surface))
            if self._frame is not None:
                painter.scale(self.scale, self.scale)
                painter.translate(0, -self._top)
                height = self.room().height() + self._top
                painting = Painting(self._layout(), Brush(painter, theme), height, self._focus.hovered)
                painting.paint(self.matrix.isChecked())
