"""The loss by iteration: the curve, runs that were left, and the cursor as a line that is dragged to travel in time."""

from collections.abc import Mapping
from math import inf

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedLayout, QWidget

from engine.frame import Frame
from gui import text
from gui.ahead import preparing
from gui.brush import Brush
from gui.digits import MOST, USUAL
from gui.loss.legend import Legend
from gui.loss.plot import Plot
from gui.runs.run import Runs
from gui.theme import theme_of, ui_font
from gui.widgets import YieldingLabel

STEPS: Mapping[int, float] = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -inf, Qt.Key.Key_End: inf,
}  # fmt: skip
"""How many iterations a key takes the line on."""


class _Empty(QWidget):
    """What stands here before there is a loss: what will be here, and how to get it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.surface))
            brush, middle = Brush(painter, theme), self.height() / 2
            lines = ((text.NO_LOSS, -20, theme.ink_2), (text.NO_LOSS_HOW, 2, theme.ink_3))
            for words, y, color in lines:
                brush.centred(words, QRectF(0, middle + y, self.width(), 20), ui_font(12), color)


class LossPlot(QWidget):
    """The plot as a panel. It imports the plotting library soon after the window is shown, or for a first loss."""

    seek_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot: Plot | None = None
        self._frame: Frame | None = None
        self._runs, self._digits = Runs(), USUAL
        self.known = YieldingLabel()
        self.readout = QLabel()
        self.legend = Legend()
        self.log = QCheckBox(text.LOG_SCALE)
        self.log.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.log.toggled.connect(self._rescale)
        self.header = QWidget()
        head = QHBoxLayout(self.header)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.known)
        head.addSpacing(16)
        head.addWidget(self.legend, 1)
        head.addWidget(self.readout)
        head.addSpacing(16)
        head.addWidget(self.log)
        self.stack = QStackedLayout(self)
        self.stack.addWidget(_Empty())
        self._ahead = preparing(self, self._prepare)
        self.setAccessibleName("Loss")

    def sizeHint(self) -> QSize:
        return QSize(800, 76)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 76)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        if self._frame is not None:
            self._read(self._frame.cursor.iteration, count)

    def show_frame(self, frame: Frame) -> None:
        """Draw the losses known, and the cursor."""
        self._frame = frame
        self.known.setText(text.losses_known(frame) + (text.DOTTED if self._runs.left and not self._runs.pair else ""))
        is_any = bool(len(frame.losses) or self._runs.left)
        plot = self._made() if is_any else None
        self.stack.setCurrentIndex(1 if plot else 0)  # it has its size before it draws
        if plot:
            plot.show_frame(frame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_any else Qt.FocusPolicy.NoFocus)
        self._read(frame.cursor.iteration, self._digits)

    def show_runs(self, runs: Runs) -> None:
        """Draw the losses of runs that were left; the heading names the two that are compared, the tooltip all."""
        self._runs = runs
        self.legend.show_runs(runs)
        if self._plot is not None:
            self._plot.show_runs(runs)
        if self._frame is not None:
            self.show_frame(self._frame)

    def _read(self, iteration: int, digits: int) -> None:
        """Say the loss of an iteration; where none is known, that of the cursor's."""
        if self._frame is not None:
            known = text.loss_at(self._frame, iteration, digits)
            self.readout.setText(known or text.loss_at(self._frame, self._frame.cursor.iteration, digits))
            if self._plot is not None:
                self._plot.widget.setToolTip("\n".join(self._beside(self._frame, iteration)))

    def _beside(self, frame: Frame, iteration: int) -> list[str]:
        """What was edited at the start of an iteration, and the losses that runs that were left had in it."""
        left = [(run.name, run.losses) for run in self._runs.left]
        said = text.edited_at_start(frame, iteration), text.losses_beside(left, iteration, self._digits)
        return [words for words in said if words]

    def tip_of_selection(self) -> tuple[QPoint, str]:
        """The loss at the line to its last digit, and what the pointer would be told there."""
        if self._frame is None or self._plot is None:
            return QPoint(), ""
        iteration = self._frame.cursor.iteration
        known = text.capital(text.loss_at(self._frame, iteration, MOST))
        return self._plot.place_of_line(), "\n".join(filter(None, (known, *self._beside(self._frame, iteration))))

    def _made(self) -> Plot:
        """The plot; it is made once it is needed."""
        if self._plot is None:
            self._plot = Plot(theme_of(self.palette()), self.seek_requested.emit)
            self._plot.widget.viewport().installEventFilter(self)
            self.stack.addWidget(self._plot.widget)
            if self.log.isChecked():
                self._plot.rescale(True)
            self._plot.show_runs(self._runs)
            self._show_focus()
        return self._plot

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ahead.start()

    def _prepare(self) -> None:
        """Make the plot in its size, so that no key press has to wait for it."""
        self._made().widget.resize(self.size())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._plot is not None:
            self._plot.restyle(theme_of(self.palette()))
            self._show_focus()
        super().changeEvent(event)

    def _rescale(self, is_log: bool) -> None:
        if self._plot is not None and self._frame is not None:
            self._plot.rescale(is_log)
            self.show_frame(self._frame)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse on the plot: it reads a loss, and with its button down it takes the line along, from anywhere."""
        if isinstance(event, QMouseEvent) and self._plot is not None:
            is_press = event.type() is QEvent.Type.MouseButtonPress
            mark = self._plot.mark_at(event.position()) if is_press or not event.buttons() else None
            iteration = mark or self._plot.iteration_at(event.position())
            if event.buttons() & Qt.MouseButton.LeftButton:
                self._plot.line.setValue(iteration)
            else:
                self._read(iteration, MOST)  # the pointer asks for the exact value
            return True
        if event.type() == QEvent.Type.Leave and self._frame is not None:
            self._read(self._frame.cursor.iteration, self._digits)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(event.key())
        if step is None or self._plot is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._plot.line.setValue(self._plot.line.value() + step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_focus()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._show_focus()
        super().focusOutEvent(event)

    def _show_focus(self) -> None:
        if self._plot is not None:
            self._plot.show_focus(self.hasFocus())
