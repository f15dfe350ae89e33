"""Canvas and equation alone on the whole screen, below one line of where we are, for a room that looks on."""

from collections.abc import Mapping, Sequence
from math import radians, tan
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QWidget

from gui.canvas.view import Canvas
from gui.equation.view import Equation
from gui.panels.position import Position
from gui.scaled import Scaled

DISTANCE, PICTURE, ANGLE = 8.0, 2.0, radians(10 / 60)
"""From how many metres figures are to be read on a picture so many metres wide, and the angle that their height then
fills: ten minutes of arc, twice the smallest that a normal eye can read."""
FIGURE = 0.727
"""How high the figures of the interface's font are, as a share of its size."""
SMALLEST = 200
"""The height of an equation without its heading at first: a chain with its rules and one sentence."""
CANVAS, EQUATION, POSITION = 12.0, 15.0, 15.0
"""The size of that font which is as high as the figures of each widget are at first; the words of the position may be
smaller than the figures."""
SHARES = (1.0, 0.9, 0.8, 0.73)
"""How much smaller a long sum may be, down to its size at the desk on a picture of 1280 x 720."""


def text_size(picture: QSize) -> float:
    """The size of text, in pixels, that can be read on a picture: 20.5 on one of 1280 x 720. One that is wider than
    16:9 is lower than the room thinks, so its height counts."""
    width = min(picture.width(), picture.height() * 16 / 9)
    return DISTANCE * tan(ANGLE) / PICTURE * width / FIGURE


class _Before(NamedTuple):
    """How a window was before."""

    state: Qt.WindowState
    geometry: QRect
    docks: QByteArray
    split: QByteArray
    least: Sequence[QSize]
    bars: Sequence[QWidget]
    scales: Mapping[Scaled, float]


class Presentation:
    """Hides what is around the middle of a window (`bars` and every dock), and gives it back as it was. `split` lies
    between canvas and equation."""

    def __init__(
        self, window: QMainWindow, bars: Sequence[QWidget], split: QSplitter,
        canvas: Canvas, equation: Equation, position: Position,
    ) -> None:  # fmt: skip
        self._window, self._bars, self._split = window, bars, split
        self._canvas, self._equation, self._position = canvas, equation, position
        self._before: _Before | None = None
        self._lower = 0

    @property
    def is_on(self) -> bool:
        return self._before is not None

    def begin(self) -> None:
        """The middle alone, on the whole screen."""
        window, screen = self._window, self._window.window()
        bars = [bar for bar in self._bars if not bar.isHidden()]
        least = [part.minimumSize() for part in self._parts()]
        scales: dict[Scaled, float] = {
            widget: widget.scale for widget in (self._canvas, self._equation, self._position)
        }
        self._before = _Before(
            screen.windowState(), screen.geometry(), window.saveState(), self._split.saveState(), least, bars, scales
        )  # fmt: skip
        for part in self._parts():
            part.setMinimumSize(1, 1)  # the screen decides how much room there is
        for widget in (*bars, *window.findChildren(QDockWidget)):
            widget.hide()
        self._equation.show_header(False)
        self._canvas.show_legend(False)
        self._split.refresh()
        if (layout := window.layout()) is not None:
            layout.activate()  # or the window would still keep room for what is hidden
        screen.showFullScreen()
        self.fit()

    def fit(self) -> None:
        """Text as large as the window asks for; the canvas takes all the height that the equation leaves."""
        if self.is_on:
            self._canvas.rescale(self._scale(CANVAS))
            self._position.rescale(self._scale(POSITION))
            self._lower = round(SMALLEST * self._scale(EQUATION))
            self._split.setSizes([self._split.height() - self._lower, self._lower])
            self.fit_equation()

    def fit_equation(self) -> None:
        """The same for the equation shown: a long sum is smaller, so that it is seen whole."""
        if self.is_on:
            for share in SHARES:
                self._equation.rescale(share * self._scale(EQUATION))
                if self._equation.minimumHeight() <= self._lower:
                    break

    def _parts(self) -> list[QWidget]:
        """The canvas, and the area that the equation scrolls in."""
        return [part for place in (0, 1) if (part := self._split.widget(place)) is not None]

    def _scale(self, size: float) -> float:
        return text_size(self._window.size()) / size

    def leave(self) -> None:
        """Everything as it was before."""
        if self._before is None:
            return
        before, self._before = self._before, None
        screen = self._window.window()
        screen.setWindowState(before.state)
        if before.state == Qt.WindowState.WindowNoState:
            screen.setGeometry(before.geometry)
        self._equation.show_header(True)
        self._canvas.show_legend(True)
        for widget, scale in before.scales.items():
            widget.rescale(scale)
        for bar in before.bars:
            bar.show()
        for part, least in zip(self._parts(), before.least, strict=True):
            part.setMinimumSize(least)
        self._window.restoreState(before.docks)
        self._split.restoreState(before.split)
