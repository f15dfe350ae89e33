"""What the plotting library draws of the losses: the curve, point and line at the cursor, and the runs left."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from engine.activations import Array
from engine.frame import Frame
from gui.loss.curves import Curve, Thinning, highest_of, is_continued, placed, thinned
from gui.runs.run import Compared, Runs
from gui.theme import Theme, ui_font

FEWEST, MARK = 10, 11
NO_LIMIT, HIGHEST = -1e307, 1e300
"""No lower limit, as the plotting library itself begins; the highest loss that its axis can still hold."""
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashDotLine)
"""Of the two runs that are compared."""


class Plot:
    """The library's widget and its items. It takes long to import, so it is made when there is a first loss to draw.

    go_to: takes the iteration that the line is brought to.
    """

    def __init__(self, theme: Theme, go_to: Callable[[int], None]) -> None:
        import pyqtgraph as pg

        from gui.loss.axes import LossAxis

        self._pg, self._theme, self._is_log = pg, theme, False
        self._tests: Any = None
        self._shown: Frame | None = None
        self._losses, self._test_losses = Thinning(), Thinning()
        self._runs = Runs()
        self._left: list[Any] = []
        self._edited: list[int] = []
        self._pointed: tuple[int, list[float]] | None = None
        self._highest_left = 0.0
        self.widget = pg.PlotWidget(background=None, axisItems={"left": LossAxis()})
        self.widget.setMenuEnabled(False)
        self.widget.hideButtons()
        self._box = self.widget.getViewBox()
        self._box.setMouseEnabled(x=False, y=False)
        self._box.setLimits(yMin=0)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.showGrid(x=False, y=True, alpha=1.0)
        self._curve = self.widget.plot()
        self._point = self.widget.plot(symbol="o", symbolSize=8)
        self._edits = self.widget.plot(symbol="d", symbolSize=MARK, pen=None)
        self.line = pg.InfiniteLine(1, angle=90)
        self.line.sigPositionChanged.connect(lambda: go_to(round(self.line.value())))
        self.widget.addItem(self.line)
        self.restyle(theme)

    def show_frame(self, frame: Frame) -> None:
        """The losses known and the cursor; what is drawn already is left alone."""
        if self._shown is None or not _is_same(self._shown, frame):
            self._show_curve(frame)
            self._show_line(frame)
            self._prepare()
            self._shown = frame

    def _prepare(self) -> None:
        """What the library would only work out while it paints, and have itself painted again for it."""
        self.widget.scene().prepareForPaint()
        self.line.boundingRect()

    def show_runs(self, runs: Runs) -> None:
        """Draw the losses of runs that were left: faint and dotted, but those compared in colours of their own."""
        self._runs, self._shown = runs, None
        self._draw_left()
        self._restyle_curves()

    def _draw_left(self) -> None:
        for item in self._left:
            self.widget.removeItem(item)
        drawn = [self._drawn(run.losses) for run in self._runs.left]
        self._highest_left = max((highest_of(losses) for _, losses in drawn), default=0.0)
        self._left = []
        for run, curve in zip(self._runs.left, drawn, strict=True):
            item = self.widget.plot(*curve, pen=self._pen(run))
            item.setZValue(-1 if self._runs.is_compared(run) else -2)
            self._left.append(item)

    def _show_curve(self, frame: Frame) -> None:
        """The curve, the point at the cursor, and a range that holds them and the curves left behind."""
        curve, at = self._losses.curve(frame.losses), min(frame.cursor.iteration, len(frame.losses))
        self._curve.setData(*curve)
        point = at, self._drawn(frame.losses[max(at - 1, 0) : at])[1].tolist()
        if point != self._pointed:
            self._pointed = point
            self._point.setData([at] * len(point[1]), point[1])
        tests = self._test_losses.curve(frame.test_losses)
        self._mark_edits(frame)
        if len(tests[0]) and self._tests is None:
            self._tests = self.widget.plot()
            self._restyle_curves()
        if self._tests is not None:
            self._tests.setData(*tests)
        if not self._is_log:
            highest = max(highest_of(curve[1]), highest_of(tests[1]), self._highest_left)
            self.widget.setYRange(0, min(highest, HIGHEST) or 1.0, padding=0.06)
        shown = [run.losses for run in self._runs.left if self._runs.is_compared(run)]
        if not at:
            shown += [run.losses for run in self._runs.left[:1]]
        last = max(map(len, (frame.losses, *shown)))
        self.widget.setXRange(1, end_of(max(last, frame.cursor.iteration, FEWEST)), padding=0.02)

    def _mark_edits(self, frame: Frame) -> None:
        """A diamond on the curve at every iteration that begins with an edit."""
        if not frame.session.edits and not self._edited:
            return
        edited = np.unique([edit.iteration for edit in frame.session.edits]).astype(int)
        known = edited[edited <= len(frame.losses)]
        losses = placed(frame.losses[known - 1], self._is_log)
        has_place = ~np.isnan(losses)
        self._edited = known[has_place].tolist()
        self._edits.setData(known[has_place], losses[has_place])

    def mark_at(self, position: QPointF) -> int | None:
        """The iteration of an edit's mark below a point of the widget; None where there is none."""
        shown = self._edits.getData()[1]
        for iteration, loss in zip(self._edited, shown if shown is not None else (), strict=True):
            place = self.widget.mapFromScene(self._box.mapViewToScene(QPointF(iteration, loss)))
            if (QPointF(place) - position).manhattanLength() <= MARK:
                return int(iteration)
        return None

    def _show_line(self, frame: Frame) -> None:
        """The line at the cursor, without asking to go there."""
        self.line.blockSignals(True)
        self.line.setBounds((1, max(len(frame.losses), frame.cursor.iteration)))
        self.line.setValue(frame.cursor.iteration)
        self.line.blockSignals(False)

    def _drawn(self, losses: Array) -> Curve:
        """What is drawn of so many losses on the scale chosen."""
        return thinned(placed(losses, self._is_log))

    def _pen(self, run: Compared) -> Any:
        """What a run's curve is drawn with: told apart by colour and dash where it is compared."""
        place = self._runs.place(run)
        if place is not None:
            return self._pg.mkPen(self._theme.compared(place), width=1, style=DASHES[place])
        if run is None:
            return self._pg.mkPen(self._theme.ink_2, width=1)
        return self._pg.mkPen(self._theme.faint, width=1, style=Qt.PenStyle.DotLine)

    def restyle(self, theme: Theme) -> None:
        """Colours of the theme; the library's own settings do not reach what is drawn already."""
        self._theme = theme
        self._restyle_curves()
        for name in ("left", "bottom"):
            axis = self.widget.getAxis(name)
            axis.setPen(self._pg.mkPen(theme.border))
            axis.setTextPen(self._pg.mkPen(theme.ink_3))
            axis.setStyle(tickFont=ui_font(11), maxTickLevel=0, maxTextLevel=0, autoReduceTextSpace=False)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # drawing one anew takes 3 ms
        self.widget.setBackground(QColor(theme.surface))
        self._draw_left()

    def _restyle_curves(self) -> None:
        self._curve.setPen(self._pen(None))
        if self._tests is not None:
            self._tests.setPen(self._pg.mkPen(self._theme.accent, width=1, style=Qt.PenStyle.DashLine))
        self._edits.setSymbolBrush(self._theme.ink_2)
        self._edits.setSymbolPen(self._pg.mkPen(self._theme.surface, width=1))
        self._point.setSymbolBrush(self._theme.surface)
        self._point.setSymbolPen(self._pg.mkPen(self._theme.accent, width=2))

    def rescale(self, is_log: bool) -> None:
        """To the other scale with nothing drawn, as what is drawn on one may have no place on the other; the next frame
        is to be shown at once."""
        self._is_log, self._shown, self._pointed = is_log, None, None
        self._losses, self._test_losses = Thinning(is_log), Thinning(is_log)
        tests = [] if self._tests is None else [self._tests]
        for item in (self._curve, self._point, self._edits, *self._left, *tests):
            item.setData([], [])
        self._box.setLimits(yMin=NO_LIMIT if is_log else 0)
        self.widget.setLogMode(y=is_log)
        self.widget.enableAutoRange(y=is_log)
        self._draw_left()

    def show_focus(self, is_here: bool) -> None:
        """With the keyboard's focus the line is wider and the plot has a frame."""
        accent = self._theme.accent
        self.line.setPen(self._pg.mkPen(accent, width=4 if is_here else 2))
        self._box.setBorder(self._pg.mkPen(accent, width=2) if is_here else None)

    def place_of_line(self) -> QPoint:
        """Where the line stands in the widget, at the middle of its height."""
        x = self._box.mapViewToScene(QPointF(self.line.value(), 0.0)).x()
        return QPoint(self.widget.mapFromScene(QPointF(x, 0.0)).x(), self.widget.height() // 2)

    def iteration_at(self, position: QPointF) -> int:
        """The iteration below a point of the widget, be it known or not."""
        x: float = self._box.mapSceneToView(self.widget.mapToScene(position.toPoint())).x()
        return round(x)


def end_of(last: int) -> int:
    """Where the axis of so many iterations ends: a little beyond, so that a run does not draw it anew for each."""
    step = 1 << max(last.bit_length() - 7, 0)
    return -(-last // step) * step


def _is_same(before: Frame, frame: Frame) -> bool:
    """Whether the plot shows the same of two frames."""
    if before.session.edits is not frame.session.edits:
        return False
    if before.cursor.iteration != frame.cursor.iteration or len(before.losses) != len(frame.losses):
        return False
    pairs = (before.losses, frame.losses), (before.test_losses, frame.test_losses)
    return all(is_continued(*pair) for pair in pairs)
