"""The operation as an equation: symbols, the same with numbers, the result; for a gradient the chain from the loss."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QScrollArea, QToolButton, QWidget

from engine.frame import Frame
from gui import text
from gui.brush import Brush
from gui.digits import USUAL
from gui.equation.cells import chain_text, equation_latex, equation_text
from gui.equation.painting import HEADER, Painting
from gui.equation.picture import picture_of
from gui.equation.setting import Setting
from gui.focus import Focus
from gui.scaled import Scaled
from gui.theme import theme_of, ui_font

SMALLEST, LEAST_WIDTH = 232, 540


class Equation(Scaled):
    """Paints the equation of the operation shown. The pointer over a chip lights what it reads, in every panel; a click
    on folded terms unfolds them."""

    hover_requested = Signal(tuple)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._focus = Focus()
        self._setting: Setting | None = None
        self._digits = USUAL
        self._top = 0
        self.setMouseTracking(True)
        self.unfold = self._button(text.UNFOLD, text.UNFOLD_TIP)
        self.matrix = self._button(text.MATRIX, text.MATRIX_TIP)
        for button in (self.unfold, self.matrix):
            button.setCheckable(True)
            button.toggled.connect(lambda _: self._show_anew())
        self.unfold.hide()
        copies = [
            self._copy_button(text.COPY, text.COPY_TEXT, self.copy_text),
            self._copy_button(text.LATEX, text.COPY_LATEX, self.copy_latex),
            self._copy_button(text.PICTURE, text.COPY_PICTURE, self.copy_picture),
        ]
        head = QHBoxLayout(self)
        head.setContentsMargins(0, 2, 8, 0)
        head.setSpacing(2)
        head.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._buttons = (self.matrix, *copies)
        for button in (self.unfold, *self._buttons):
            head.addWidget(button)
        self.setMinimumSize(LEAST_WIDTH, SMALLEST)
        self.setAccessibleName("Equation")

    def sizeHint(self) -> QSize:
        return QSize(640, SMALLEST)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self.setAccessibleDescription(self.text())
        self._show_anew()
        self._scroll()

    def show_focus(self, focus: Focus) -> None:
        """Outline the chips that read what is under the pointer."""
        self._focus = focus
        self.update()

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        self._show_anew()

    def _show_anew(self) -> None:
        self._setting = None
        self._fit()
        self.update(QRegion(self.rect()).subtracted(self.childrenRegion()))  # the buttons stay as they are

    def _scroll(self) -> None:
        """The result, or the cell that a walk has come to, into sight, where the equation is higher than its area."""
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport else None
        if isinstance(area, QScrollArea) and self.minimumHeight() > area.viewport().height():
            self.resize(self.width(), self.minimumHeight())
            seen = self._layout().in_sight()
            for y in (seen.bottom(), seen.top()):
                area.ensureVisible(0, round((y - self._top) * self.scale), 0, 8)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_equation = self._frame is not None and not self.matrix.isChecked()
        point = self.in_units(event.position())
        self.hover_requested.emit(self._layout().reads_at(point) if is_equation else ())
        can_click = is_equation and self._folds_at(point)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_click else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_requested.emit(())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken here, or the release would not come."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on folded terms unfolds them, a click on one of them folds them again."""
        is_equation = self._frame is not None and not self.matrix.isChecked()
        point = self.in_units(event.position())
        if event.button() == Qt.MouseButton.LeftButton and is_equation and self._folds_at(point):
            self.unfold.toggle()

    def _folds_at(self, point: QPointF) -> bool:
        setting = self._layout()
        cell = setting.cell_at(point)
        return cell is not None and (cell.is_fold or setting.is_spread)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_at(self.in_units(QPointF(event.pos()))).popup(event.globalPos())

    def menu_at(self, point: QPointF) -> QMenu:
        """What can be copied: the numbers at a point, each in full, and the whole equation."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for value in self._values_at(point):
            shown = text.COPY_NUMBER.format(text.number(value, self._digits))
            menu.addAction(shown, partial(self._copy, repr(value)))
        menu.addSeparator()
        menu.addAction(text.COPY_TEXT, self.copy_text)
        menu.addAction(text.COPY_LATEX, self.copy_latex)
        menu.addAction(text.COPY_PICTURE, self.copy_picture)
        return menu

    def _values_at(self, point: QPointF) -> list[float]:
        if self._frame is None:
            return []
        setting = self._layout()
        return setting.form_values_at(point) if self.matrix.isChecked() else setting.values_at(point)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy takes the equation as text."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_text()
        else:
            super().keyPressEvent(event)

    def _layout(self) -> Setting:
        """The equation as it is set; anew only for another frame, size or number of digits."""
        assert self._frame is not None
        width, height = self.room().width(), self._height_in_sight()
        setting = self._setting
        if setting is None or (setting.width, setting.height) != (width, height):
            self._setting = setting = Setting(self._frame, width, height, self._digits, self.unfold.isChecked())
        return setting

    def _height_in_sight(self) -> float:
        """That of the area it scrolls in, and of what is above it where the heading is not shown."""
        area = self.parentWidget()
        return float((area.height() if area else self.height()) // self.scale) + self._top

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """As high as the lines need, so that the area around it scrolls where they do not fit."""
        if self._frame is not None:
            setting = self._layout()
            self.unfold.setVisible(setting.can_fold and not self.matrix.isChecked() and not self._top)
            needed = max(SMALLEST, setting.needed_height(self.matrix.isChecked())) - self._top
            self.setMinimumHeight(round(self.scale * needed))

    def rescale(self, scale: float) -> None:
        if scale == self.scale:
            return
        super().rescale(scale)
        self.setMinimumWidth(round(LEAST_WIDTH * scale))
        for button in (self.unfold, *self._buttons):
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

    def copy_text(self) -> None:
        """The equation to the clipboard as plain text."""
        self._copy(self.text())

    def copy_latex(self) -> None:
        """The equation to the clipboard as LaTeX."""
        self._copy(self.latex())

    def copy_picture(self) -> None:
        """The equation, or its matrix form, to the clipboard as a picture in light colours."""
        if self._frame is not None and self._frame.operation is not None:
            picture = picture_of(self._layout(), self.matrix.isChecked())
            QApplication.clipboard().setImage(picture)
            self.said.emit(text.COPIED)
        else:
            self.said.emit(text.NOTHING_TO_COPY)

    def text(self) -> str:
        """The equation in full precision, and below it the chain of a gradient."""
        if self._frame is None:
            return ""
        return "\n".join(part for part in (equation_text(self._frame), chain_text(self._frame)) if part)

    def latex(self) -> str:
        """The equation as LaTeX: the chain of a gradient where it has one, else symbols, numbers and result."""
        return "" if self._frame is None else equation_latex(self._frame)

    def _copy_button(self, words: str, tip: str, copy: Callable[[], None]) -> QToolButton:
        button = self._button(words, tip)
        button.clicked.connect(copy)
        return button

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
