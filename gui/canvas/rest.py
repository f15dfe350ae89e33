"""Many lines at rest: painted into a picture of their own, which later frames only show again.

Some thousands take longer than a frame, so they are painted in slices; until they are done the picture before stands.
"""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPixmap

from engine.activations import Array
from gui.canvas.scene import Scene
from gui.gradually import Gradually
from gui.theme import mix

STEPS = 8
"""How many shades and widths a sign has, from 0 to the largest weight."""
AT_ONCE, SLICE = 400, 100
SHARE, FAINT_SHARE = 0.55, 0.22
"""How much of its colour a line keeps; less while one neuron is looked at."""


class RestLines(QObject):
    """Shows the lines of scenes that have many, and paints them where weights, places or colours are others."""

    painted = Signal()
    """Lines that were on their way are there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture, self._corner = QPixmap(), QPointF()
        self._shown: tuple[object, ...] = ()
        self._coming: tuple[object, ...] = ()
        self._gradually: Gradually[None] = Gradually(lambda _: None, self)

    @property
    def is_busy(self) -> bool:
        """Whether there are lines on their way."""
        return self._gradually.is_active

    def draw(self, scene: Scene) -> None:
        """The lines, or those painted last while others are on their way."""
        self._want(scene)
        if self._shown and self._shown[:-2] == _looks_of(scene)[:-2]:
            scene.brush.painter.drawPixmap(self._corner, self._picture)

    def _want(self, scene: Scene) -> None:
        """Begin to paint what the scene shows, unless it stands already or lines of the same places are on their way:
        while weights change without end, a picture that is never finished would show none of them."""
        looks = _looks_of(scene)
        is_on_its_way = self._gradually.is_active and self._coming[:-1] == looks[:-1]
        if looks != self._shown and not is_on_its_way:
            self._coming = looks
            with QSignalBlocker(self):  # what is done at once is drawn at once
                self._gradually.begin(self._painting(scene, looks))
                if scene.geometry.edge_count <= AT_ONCE:
                    self._gradually.finish()

    def _painting(self, scene: Scene, looks: tuple[object, ...]) -> Iterator[None]:
        ratio = _ratio(scene)
        picture = QPixmap((scene.sight.size() * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        bundles = [*bundles_of(scene)]
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-scene.sight.topLeft())
            for pen, lines in bundles:
                painter.setPen(pen)
                for start in range(0, len(lines), SLICE):
                    painter.drawLines(lines[start : start + SLICE])
                    yield
        self._picture, self._corner, self._shown = picture, scene.sight.topLeft(), looks
        self.painted.emit()


def _looks_of(scene: Scene) -> tuple[object, ...]:
    """Everything that the picture depends on; last the part of the canvas in sight, and the weights."""
    sight, ratio = scene.sight, _ratio(scene)
    steps = b"".join(_steps(scene, layer).tobytes() for layer in _layers(scene))
    return scene.geometry, scene.theme.name, ratio, (sight.x(), sight.y(), sight.width(), sight.height()), steps


def _ratio(scene: Scene) -> float:
    """How many pixels of the device a unit of the scene takes."""
    painter = scene.brush.painter
    return float(painter.device().devicePixelRatioF() * painter.worldTransform().m11())


def _layers(scene: Scene) -> Iterator[int]:
    return filter(scene.geometry.draws_edges, range(1, scene.network.last + 1))


def _steps(scene: Scene, layer: int) -> Array:
    """The weights of a layer in STEPS of the largest, row by row."""
    return np.rint(scene.shares(layer).ravel() * STEPS)


def bundles_of(scene: Scene) -> Iterator[tuple[QPen, list[QLineF]]]:
    """The lines in sight, those of one pen together: the strong over the weak, and of equal ones the dashed, through
    which the others are still seen."""
    for layer in _layers(scene):
        lines, steps = scene.geometry.lines(layer), _steps(scene, layer)
        is_seen = _is_in(scene.sight, lines)
        for step in sorted(np.unique(steps[is_seen]).tolist(), key=lambda step: (abs(step), -step)):
            rows = lines[is_seen & (steps == step)].tolist()
            yield _pen(scene, step / STEPS), [QLineF(*row) for row in rows]


def _is_in(sight: QRectF, lines: Array) -> Array:
    x, y = np.sort(lines[:, 0::2], axis=1), np.sort(lines[:, 1::2], axis=1)
    across = (x[:, 0] <= sight.right()) & (x[:, 1] >= sight.left())
    return np.asarray(across & (y[:, 0] <= sight.bottom()) & (y[:, 1] >= sight.top()))


def _pen(scene: Scene, share: float) -> QPen:
    """Pale, wider where the weight is larger, dashed where it is negative."""
    color = scene.theme.weight(max(-0.4, min(0.4, share)))
    faint = SHARE if scene.geometry.chosen is None else FAINT_SHARE
    pen = QPen(mix(scene.theme.surface, color.name(), faint), 0.6 + abs(share))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if share < 0:
        pen.setDashPattern([part / pen.widthF() for part in (5.0, 3.0)])
    return pen
