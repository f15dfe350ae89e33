"""The loss by iteration: the curve, curves left behind, and the cursor as a line that is dragged to travel in time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
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


def thinned(losses: Array, most: int = MOST_POINTS) -> tuple[Array, Array]:
    """Iterations and losses of at most `most` points, so that the picture stays the same: of each run of iterations the
    smallest and the largest loss, in order."""
    count = len(losses)
    iterations = np.arange(1, count + 1, dtype=float)
    if count <= most:
        return iterations, losses
    size = -(-count // (most // 2))
    runs = np.arange(0, count, size)
    lowest, highest = np.minimum.reduceat(losses, runs), np.maximum.reduceat(losses, runs)
    middle = np.minimum(runs + size / 2, count - 1) + 1
    return np.repeat(middle, 2), np.column_stack((highest, lowest)).ravel()


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
        self._frame: Frame | None = None
        self._abandoned: Sequence[Array] = ()
        self._faint: list[Any] = []
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
        self.known.setText(text.losses_known(frame))
        if not len(frame.losses) and not self._abandoned:
            self.stack.setCurrentIndex(0)
            self.readout.clear()
            return
        if self._plot is None:
            self._build()
        self.stack.setCurrentIndex(1)
        self._curve.setData(*self._drawable(*thinned(frame.losses)))
        at = min(frame.cursor.iteration, len(frame.losses))
        self._point.setData(*self._drawable(np.array([at] if at else [], float), frame.losses[max(at - 1, 0) : at]))
        shown = frame.losses if at else self._abandoned[-1]
        if not self.log.isChecked():
            finite = shown[np.isfinite(shown)]
            self._plot.setYRange(0, min(float(finite.max(initial=0.0)), HIGHEST) or 1.0, padding=0.06)
        self._plot.setXRange(1, max(len(shown), FEWEST), padding=0.02)
        self._line.blockSignals(True)
        self._line.setBounds((1, max(len(frame.losses), frame.cursor.iteration)))
        self._line.setValue(frame.cursor.iteration)
        self._line.blockSignals(False)
        self.readout.setText(text.loss_at(frame, frame.cursor.iteration))

    def show_abandoned(self, curves: Sequence[Array]) -> None:
        """Draw the losses of runs that edits have left, as faint lines."""
        self._abandoned = curves
        if self._plot is not None:
            for item in self._faint:
                self._plot.removeItem(item)
            self._faint = [self._faint_curve(losses) for losses in curves]

    def _drawable(self, iterations: Array, losses: Array) -> tuple[Array, Array]:
        """Without what has no place on the scale: what is not finite, and 0 on a logarithmic one."""
        kept = np.isfinite(losses) & ((losses > 0) | (not self.log.isChecked()))
        return iterations[kept], losses[kept]

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
        self._line = pg.InfiniteLine(1, angle=90, movable=True)
        self._line.sigPositionChanged.connect(self._dragged)
        self._plot.addItem(self._line)
        self._plot.scene().sigMouseMoved.connect(self._hovered)
        self.stack.addWidget(self._plot)
        self._restyle()
        self.show_abandoned(self._abandoned)

    def _faint_curve(self, losses: Array) -> Any:
        pen = self._pg.mkPen(theme_of(self.palette()).faint, width=1, style=Qt.PenStyle.DashLine)
        item = self._plot.plot(*self._drawable(*thinned(losses)), pen=pen)
        item.setZValue(-1)
        return item

    def _restyle(self) -> None:
        """Colours of the theme; the library's own settings do not reach what is drawn already."""
        theme = theme_of(self.palette())
        self._curve.setPen(self._pg.mkPen(theme.ink_2, width=1))
        self._point.setSymbolBrush(theme.surface)
        self._point.setSymbolPen(self._pg.mkPen(theme.accent, width=2))
        self._line.setPen(self._pg.mkPen(theme.accent, width=2))
        self._line.setHoverPen(self._pg.mkPen(theme.accent, width=4))
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(self._pg.mkPen(theme.border))
            axis.setTextPen(self._pg.mkPen(theme.ink_3))
            axis.setStyle(tickFont=ui_font(11))
        self._plot.setBackground(QColor(theme.surface))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._plot is not None:
            self._restyle()
            self.show_abandoned(self._abandoned)
        super().changeEvent(event)

    def _rescale(self, is_log: bool) -> None:
        """To the other scale with nothing drawn, as what is drawn on one may have no place on the other."""
        if self._plot is None or self._frame is None:
            return
        for item in (self._curve, self._point, *self._faint):
            item.setData([], [])
        self._plot.getViewBox().setLimits(yMin=NO_LIMIT if is_log else 0)
        self._plot.setLogMode(y=is_log)
        self._plot.enableAutoRange(y=is_log)
        self.show_abandoned(self._abandoned)
        self.show_frame(self._frame)

    def _dragged(self) -> None:
        self.seek_requested.emit(max(round(self._line.value()), 1))

    def _hovered(self, position: object) -> None:
        """The exact loss at the iteration below the pointer."""
        if self._frame is not None:
            iteration = round(self._plot.getViewBox().mapSceneToView(position).x())
            known = 1 <= iteration <= len(self._frame.losses)
            self.readout.setText(text.loss_at(self._frame, iteration if known else self._frame.cursor.iteration))
