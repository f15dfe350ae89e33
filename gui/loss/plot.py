"""What the plotting library draws of the losses: the curve, the point and the line at the cursor, faint lines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from engine.activations import Array
from engine.frame import Frame
from gui.loss.curves import Curve, highest_of, placed, thinned
from gui.theme import Theme, ui_font

FEWEST = 10
NO_LIMIT, HIGHEST = -1e307, 1e300
"""No lower limit, as the plotting library itself begins; the highest loss that its axis can still hold."""


class Plot:
    """The library's widget and its items. It takes long to import, so it is made when there is a first loss to draw.

    go_to: takes the iteration that the line is brought to.
    """

    def __init__(self, theme: Theme, go_to: Callable[[int], None]) -> None:
        import pyqtgraph as pg

        self._pg, self._theme, self._is_log = pg, theme, False
        self._tests: Any = None
        self._abandoned: Sequence[Array] = ()
        self._beside: Mapping[str, Array] = {}
        self._faint: list[Any] = []
        self._named: list[Any] = []
        self._highest_left = 0.0
        self.widget = pg.PlotWidget(background=None)
        self.widget.setMenuEnabled(False)
        self.widget.hideButtons()
        self._box = self.widget.getViewBox()
        self._box.setMouseEnabled(x=False, y=False)
        self._box.setLimits(yMin=0)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.showGrid(x=False, y=True, alpha=0.15)
        self._curve = self.widget.plot()
        self._curve.setClipToView(True)
        self._point = self.widget.plot(symbol="o", symbolSize=8)
        self.line = pg.InfiniteLine(1, angle=90)
        self.line.sigPositionChanged.connect(lambda: go_to(round(self.line.value())))
        self.widget.addItem(self.line)
        self.restyle(theme)

    def show_frame(self, frame: Frame) -> None:
        """The losses known and the cursor."""
        self._show_curve(frame)
        self._show_line(frame)

    def show_abandoned(self, curves: Sequence[Array]) -> None:
        """Draw the losses of runs that edits have left, as faint lines."""
        self._abandoned = curves
        drawn = [self._drawn(losses) for losses in curves]
        self._faint = self._replaced(self._faint, drawn, Qt.PenStyle.DashLine)
        self._highest_left = max((highest_of(losses) for _, losses in drawn), default=0.0)

    def show_beside(self, runs: Mapping[str, Array]) -> None:
        """Draw the losses of runs with other optimizers as faint lines."""
        self._beside = runs
        self._named = self._replaced(self._named, map(self._drawn, runs.values()), Qt.PenStyle.SolidLine)

    def _show_curve(self, frame: Frame) -> None:
        """The curve, the point at the cursor, and a range that holds them and the curves left behind."""
        curve, at = self._drawn(frame.losses), min(frame.cursor.iteration, len(frame.losses))
        self._curve.setData(*curve)
        _, point = self._drawn(frame.losses[max(at - 1, 0) : at])
        self._point.setData([at] * len(point), point)
        tests = self._drawn(frame.test_losses)
        if len(tests[0]) and self._tests is None:
            self._tests = self.widget.plot()
            self._restyle_curves()
        if self._tests is not None:
            self._tests.setData(*tests)
        if not self._is_log:
            others = (highest_of(self._drawn(losses)[1]) for losses in self._beside.values())
            highest = max(highest_of(curve[1]), highest_of(tests[1]), self._highest_left, *others)
            self.widget.setYRange(0, min(highest, HIGHEST) or 1.0, padding=0.06)
        shown = frame.losses if at or not self._abandoned else self._abandoned[-1]
        lengths = map(len, (shown, *self._beside.values()))
        self.widget.setXRange(1, max(*lengths, frame.cursor.iteration, FEWEST), padding=0.02)

    def _show_line(self, frame: Frame) -> None:
        """The line at the cursor, without asking to go there."""
        self.line.blockSignals(True)
        self.line.setBounds((1, max(len(frame.losses), frame.cursor.iteration)))
        self.line.setValue(frame.cursor.iteration)
        self.line.blockSignals(False)

    def _drawn(self, losses: Array) -> Curve:
        """What is drawn of so many losses on the scale chosen."""
        return thinned(placed(losses, self._is_log))

    def _replaced(self, items: list[Any], curves: Iterable[Curve], style: Qt.PenStyle) -> list[Any]:
        """Faint lines in place of others."""
        for item in items:
            self.widget.removeItem(item)
        return [self._faint_curve(curve, style) for curve in curves]

    def _faint_curve(self, curve: Curve, style: Qt.PenStyle) -> Any:
        item = self.widget.plot(*curve, pen=self._pg.mkPen(self._theme.faint, width=1, style=style))
        item.setZValue(-1)
        return item

    def _show_left(self) -> None:
        """Draw all faint lines anew."""
        self.show_abandoned(self._abandoned)
        self.show_beside(self._beside)

    def restyle(self, theme: Theme) -> None:
        """Colours of the theme; the library's own settings do not reach what is drawn already."""
        self._theme = theme
        self._restyle_curves()
        for name in ("left", "bottom"):
            axis = self.widget.getAxis(name)
            axis.setPen(self._pg.mkPen(theme.border))
            axis.setTextPen(self._pg.mkPen(theme.ink_3))
            axis.setStyle(tickFont=ui_font(11), maxTextLevel=0)
        self.widget.setBackground(QColor(theme.surface))
        self._show_left()

    def _restyle_curves(self) -> None:
        self._curve.setPen(self._pg.mkPen(self._theme.ink_2, width=1))
        if self._tests is not None:
            self._tests.setPen(self._pg.mkPen(self._theme.accent, width=1, style=Qt.PenStyle.DashLine))
        self._point.setSymbolBrush(self._theme.surface)
        self._point.setSymbolPen(self._pg.mkPen(self._theme.accent, width=2))

    def rescale(self, is_log: bool) -> None:
        """To the other scale with nothing drawn, as what is drawn on one may have no place on the other; the next frame
        is to be shown at once."""
        self._is_log = is_log
        tests = [] if self._tests is None else [self._tests]
        for item in (self._curve, self._point, *self._faint, *self._named, *tests):
            item.setData([], [])
        self._box.setLimits(yMin=NO_LIMIT if is_log else 0)
        self.widget.setLogMode(y=is_log)
        self.widget.enableAutoRange(y=is_log)
        self._show_left()

    def show_focus(self, is_here: bool) -> None:
        """With the keyboard's focus the line is wider and the plot has a frame."""
        accent = self._theme.accent
        self.line.setPen(self._pg.mkPen(accent, width=4 if is_here else 2))
        self._box.setBorder(self._pg.mkPen(accent, width=2) if is_here else None)

    def iteration_at(self, position: QPointF) -> int:
        """The iteration below a point of the widget, be it known or not."""
        x: float = self._box.mapSceneToView(self.widget.mapToScene(position.toPoint())).x()
        return round(x)
