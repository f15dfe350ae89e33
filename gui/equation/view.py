"""The operation as an equation: symbols, the same with numbers, the result; for a gradient the chain from the loss."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QWidget

from engine.frame import Frame
from gui import text
from gui.brush import Brush
from gui.equation.cells import chain_text, equation_latex, equation_text
from gui.equation.painting import Painting
from gui.theme import theme_of, ui_font

SMALLEST = 232


class Equation(QWidget):
    """Paints the equation of the operation shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self.matrix = self._button("Matrix form", text.MATRIX_TIP)
        self.matrix.setCheckable(True)
        self.matrix.toggled.connect(lambda _: self.update())
        copies = [self._button("Copy text", text.COPY_TEXT), self._button("LaTeX", text.COPY_LATEX)]
        for button, write in zip(copies, (self.text, self.latex), strict=True):
            button.clicked.connect(lambda _=False, write=write: QApplication.clipboard().setText(write()))
        head = QHBoxLayout(self)
        head.setContentsMargins(0, 2, 8, 0)
        head.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        for button in (self.matrix, *copies):
            head.addWidget(button)
        self.setMinimumSize(560, SMALLEST)
        self.setAccessibleName("Equation")

    def sizeHint(self) -> QSize:
        return QSize(640, SMALLEST)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self.setAccessibleDescription(self.text())
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """As high as the lines need, so that the area around it scrolls where they do not fit."""
        if self._frame is not None:
            picture = Painting(Brush(QPainter(), theme_of(self.palette())), self._frame, float(self.width()), 0.0)
            self.setMinimumHeight(max(SMALLEST, round(picture.needed_height())))

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
        painter, theme = QPainter(self), theme_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.surface))
        if self._frame is not None:
            picture = Painting(Brush(painter, theme), self._frame, float(self.width()), float(self.height()))
            picture.paint(self.matrix.isChecked())
