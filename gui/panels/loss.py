"""The loss by iteration: the curve, curves left behind, and the cursor as a line that is dragged to travel in time."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from engine.activations import Array
from engine.frame import Frame
from gui import text
from gui.brush import Brush
from gui.theme import theme_of, ui_font

MOST_POINTS = 4000
FEWEST = 10
NO_LIMIT, HIGHEST = -1e307, 1e300
"""No lower limit, as the plotting library itself begins; the highest loss that its axis can still hold."""
STEPS: Mapping[int, float] = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -inf, Qt.Key.Key_End: inf,
}  # fmt: skip
"""How many iterations a key takes the line on."""

Curve = tuple[Array, Array]
"""Iterations, and the loss of each."""


def placed(losses: Array, is_log: bool) -> Array:
    """The losses with nan for what has no place on the scale: what is not finite, and 0 on a logarithmic one."""
    has_place = np.isfinite(losses)
    if is_log:
        has_place &= losses > 0
    return losses if has_place.all() else np.where(has_place, losses, np.nan)


def thinned(losses: Array, most: int = MOST_POINTS) -> Curve:
    """A curve of at most `most` points that gives the same picture: of each run of iterations the largest and the
    smallest loss, in order. What is nan stays out."""
    if len(losses) <= most:
        iterations = np.arange(1, len(losses) + 1, dtype=float)
    else:
        iterations, losses = _extremes(losses, -(-len(losses) // (most // 2)))
    has_place = ~np.isnan(losses)
    return iterations[has_place], losses[has_place]


def _extremes(losses: Array, size: int) -> Curve:
    """Two points for each run of `size` iterations, in its middle: the largest and the smallest loss."""
    runs = np.arange(0, len(losses), size)
    middle = np.minimum(runs + size / 2, len(losses) - 1) + 1
    highest, lowest = np.fmax.reduceat(losses, runs), np.fmin.reduceat(losses, runs)
    return np.repeat(middle, 2), np.column_stack((highest, lowest)).ravel()


def highest_of(losses: Array) -> float:
    """The largest of the losses drawn; 0 where there is none."""
    return float(losses.max(initial=0.0))


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
    """The plot as a panel. It imports the plotting library when there is a first loss to draw."""

    seek_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot: Any = None
        self._tests: Any = None
        self._frame: Frame | None = None
        self._abandoned: Sequence[Array] = ()
        self._beside: Mapping[str, Array] = {}
        self._faint: list[Any] = []
        self._named: list[Any] = []
        self._highest_left = 0.0
        self.known = QLabel()
        self.readout = QLabel()
        self.log = QCheckBox("Log scale")
        self.log.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.log.toggled.connect(self._rescale)
        self.header = QWidget()
        head = QHBoxLayout(self.header)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.known)
        head.addStretch(1)
        head.addWidget(self.readout)
        head.addSpacing(16)
        head.addWidget(self.log)
        self.stack = QStackedLayout()
        self.stack.addWidget(_Empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.stack, 1)
        self.setAccessibleName("Loss")

    def sizeHint(self) -> QSize:
        return QSize(800, 76)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 76)

    def show_frame(self, frame: Frame) -> None:
        """Draw the losses known, and the cursor."""
        self._frame = frame
        self.known.setText(text.losses_known(frame) + (text.BESIDE if self._beside else ""))
        is_any = bool(len(frame.losses) or len(self._abandoned) or self._beside)
        if is_any and self._plot is None:
            self._build()
        self.stack.setCurrentIndex(1 if is_any else 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_any else Qt.FocusPolicy.NoFocus)
        if is_any:
            self._show_curve(frame)
            self._show_line(frame)
        self._read(frame.cursor.iteration)

    def show_abandoned(self, curves: Sequence[Array]) -> None:
        """Draw the losses of runs that edits have left, as faint lines."""
        self._abandoned = curves
        if self._plot is not None:
            for item in self._faint:
                self._plot.removeItem(item)
            drawn = [self._drawn(losses) for losses in curves]
            self._faint = [self._faint_curve(curve) for curve in drawn]
            self._highest_left = max((highest_of(losses) for _, losses in drawn), default=0.0)

    def show_beside(self, runs: Mapping[str, Array]) -> None:
        """Draw the losses of runs with other optimizers as faint lines, which the tooltip names."""
        self._beside = runs
        if self._plot is not None:
            for item in self._named:
                self._plot.removeItem(item)
            self._named = [self._faint_curve(self._drawn(losses), is_dashed=False) for losses in runs.values()]

    def _show_curve(self, frame: Frame) -> None:
        """The curve, the point at the cursor, and a range that holds them and the curves left behind."""
        curve, at = self._drawn(frame.losses), min(frame.cursor.iteration, len(frame.losses))
        self._curve.setData(*curve)
        _, point = self._drawn(frame.losses[max(at - 1, 0) : at])
        self._point.setData([at] * len(point), point)
        tests = self._drawn(frame.test_losses)
        if len(tests[0]) and self._tests is None:
            self._tests = self._plot.plot()
            self._restyle()
        if self._tests is not None:
            self._tests.setData(*tests)
        if not self.log.isChecked():
            others = (highest_of(self._drawn(losses)[1]) for losses in self._beside.values())
            highest = max(highest_of(curve[1]), highest_of(tests[1]), self._highest_left, *others)
            self._plot.setYRange(0, min(highest, HIGHEST) or 1.0, padding=0.06)
        shown = frame.losses if at or not self._abandoned else self._abandoned[-1]
        lengths = map(len, (shown, *self._beside.values()))
        self._plot.setXRange(1, max(*lengths, frame.cursor.iteration, FEWEST), padding=0.02)

    def _show_line(self, frame: Frame) -> None:
        """The line at the cursor, without asking to go there."""
        self._line.blockSignals(True)
        self._line.setBounds((1, max(len(frame.losses), frame.cursor.iteration)))
        self._line.setValue(frame.cursor.iteration)
        self._line.blockSignals(False)

    def _drawn(self, losses: Array) -> Curve:
        """What is drawn of so many losses on the scale chosen."""
        return thinned(placed(losses, self.log.isChecked()))

    def _read(self, iteration: int) -> None:
        """Say the exact loss of an iteration; where none is known, that of the cursor's."""
        if self._frame is not None:
            known = text.loss_at(self._frame, iteration)
            self.readout.setText(known or text.loss_at(self._frame, self._frame.cursor.iteration))
            if self._plot is not None:
                self._plot.setToolTip(text.losses_beside(self._beside, iteration))

    def _build(self) -> None:
        """The plot itself; pyqtgraph takes long to import, so it is imported once it is needed."""
        import pyqtgraph as pg

        self._pg = pg
        self._plot = pg.PlotWidget(background=None)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.getViewBox().setMouseEnabled(x=False, y=False)
        self._plot.getViewBox().setLimits(yMin=0)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.showGrid(x=False, y=True, alpha=0.15)
        self._curve = self._plot.plot()
        self._curve.setClipToView(True)
        self._point = self._plot.plot(symbol="o", symbolSize=8)
        self._line = pg.InfiniteLine(1, angle=90)
        self._line.sigPositionChanged.connect(lambda: self.seek_requested.emit(round(self._line.value())))
        self._plot.addItem(self._line)
        self._plot.viewport().installEventFilter(self)
        self.stack.addWidget(self._plot)
        self._restyle()
        self._show_left()

    def _show_left(self) -> None:
        """Draw all faint lines anew."""
        self.show_abandoned(self._abandoned)
        self.show_beside(self._beside)

    def _faint_curve(self, curve: Curve, is_dashed: bool = True) -> Any:
        style = Qt.PenStyle.DashLine if is_dashed else Qt.PenStyle.SolidLine
        pen = self._pg.mkPen(theme_of(self.palette()).faint, width=1, style=style)
        item = self._plot.plot(*curve, pen=pen)
        item.setZValue(-1)
        return item

    def _restyle(self) -> None:
        """Colours of the theme; the library's own settings do not reach what is drawn already."""
        theme = theme_of(self.palette())
        self._curve.setPen(self._pg.mkPen(theme.ink_2, width=1))
        if self._tests is not None:
            self._tests.setPen(self._pg.mkPen(theme.accent, width=1, style=Qt.PenStyle.DashLine))
        self._point.setSymbolBrush(theme.surface)
        self._point.setSymbolPen(self._pg.mkPen(theme.accent, width=2))
        self._show_focus()
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(self._pg.mkPen(theme.border))
            axis.setTextPen(self._pg.mkPen(theme.ink_3))
            axis.setStyle(tickFont=ui_font(11), maxTextLevel=0)
        self._plot.setBackground(QColor(theme.surface))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._plot is not None:
            self._restyle()
            self._show_left()
        super().changeEvent(event)

    def _rescale(self, is_log: bool) -> None:
        """To the other scale with nothing drawn, as what is drawn on one may have no place on the other."""
        if self._plot is None or self._frame is None:
            return
        tests = [] if self._tests is None else [self._tests]
        for item in (self._curve, self._point, *self._faint, *self._named, *tests):
            item.setData([], [])
        self._plot.getViewBox().setLimits(yMin=NO_LIMIT if is_log else 0)
        self._plot.setLogMode(y=is_log)
        self._plot.enableAutoRange(y=is_log)
        self._show_left()
        self.show_frame(self._frame)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse on the plot: it reads a loss, and with its button down it takes the line along, from anywhere."""
        if isinstance(event, QMouseEvent):
            iteration = self._iteration_at(event.position())
            if event.buttons() & Qt.MouseButton.LeftButton:
                self._line.setValue(iteration)
            else:
                self._read(iteration)
            return True
        if event.type() == QEvent.Type.Leave and self._frame is not None:
            self._read(self._frame.cursor.iteration)
        return super().eventFilter(watched, event)

    def _iteration_at(self, position: QPointF) -> int:
        """The iteration below a point of the plot, be it known or not."""
        x: float = self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(position.toPoint())).x()
        return round(x)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(event.key())
        if step is None or self._plot is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._line.setValue(self._line.value() + step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_focus()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._show_focus()
        super().focusOutEvent(event)

    def _show_focus(self) -> None:
        """With the keyboard's focus the line is wider and the plot has a frame."""
        if self._plot is None:
            return
        accent, is_here = theme_of(self.palette()).accent, self.hasFocus()
        self._line.setPen(self._pg.mkPen(accent, width=4 if is_here else 2))
        self._plot.getViewBox().setBorder(self._pg.mkPen(accent, width=2) if is_here else None)
