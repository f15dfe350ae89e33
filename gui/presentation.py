"""Canvas and equation alone on the whole screen, below one line of where we are, for a room that looks on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import radians, tan

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QWidget

from gui.canvas.view import Canvas
from gui.equation.view import Equation
from gui.panels.position import Position

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


def text_size(picture: QSize) -> float:
    """The size of text, in pixels, that can be read on a picture: 20.5 on one of 1280 x 720. One that is wider than
    16:9 is lower than the room thinks, so its height counts."""
    width = min(picture.width(), picture.height() * 16 / 9)
    return DISTANCE * tan(ANGLE) / PICTURE * width / FIGURE


@dataclass(frozen=True)
class _Before:
    """How a window was before."""

    state: Qt.WindowState
    geometry: QRect
    docks: QByteArray
    split: QByteArray
    bars: Sequence[QWidget]
    scale: float


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
        window = self._window
        bars = [bar for bar in self._bars if not bar.isHidden()]
        docks, split = window.saveState(), self._split.saveState()
        self._before = _Before(window.windowState(), window.geometry(), docks, split, bars, self._canvas.scale)
        for widget in (*bars, *window.findChildren(QDockWidget)):
            widget.hide()
        self._equation.show_header(False)
        window.showFullScreen()
        self.fit()

    def fit(self) -> None:
        """Text as large as the window asks for, never smaller than at the desk; the canvas takes all the height that
        the equation leaves."""
        if self.is_on:
            self._canvas.rescale(self._scale(CANVAS))
            self._position.rescale(self._scale(POSITION))
            self._lower = round(SMALLEST * self._scale(EQUATION))
            self._split.setSizes([self._split.height() - self._lower, self._lower])
            self.fit_equation()

    def fit_equation(self) -> None:
        """The same for the equation shown: a long sum is smaller, so that it is seen whole."""
        if self.is_on:
            wanted = self._scale(EQUATION)
            for share in (1.0, 0.9, 0.8, 0.7, 0.0):
                self._equation.rescale(max(share * wanted, 1.0))
                if self._equation.minimumHeight() <= self._lower:
                    break

    def _scale(self, size: float) -> float:
        return max(text_size(self._window.size()) / size, 1.0)

    def leave(self) -> None:
        """Everything as it was before."""
        if self._before is None:
            return
        before, self._before = self._before, None
        self._window.setWindowState(before.state)
        if before.state == Qt.WindowState.WindowNoState:
            self._window.setGeometry(before.geometry)
        self._equation.show_header(True)
        for widget in (self._canvas, self._equation, self._position):
            widget.rescale(before.scale)
        for bar in before.bars:
            bar.show()
        self._window.restoreState(before.docks)
        self._split.restoreState(before.split)
