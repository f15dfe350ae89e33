"""A small picture in each neuron: what it answers to every input, over two inputs as an image, over one as a curve."""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from engine.activations import Array
from engine.frame import Frame
from engine.network import Network
from gui.axes import Span
from gui.brush import Brush
from gui.prediction.answers import Predictors, Rows, plane_of, span_of
from gui.prediction.images import field_image
from gui.theme import Theme

SIZE, SIDE, POINTS = 30.0, 20, 41
MOST_INPUTS, MOST_MULTIPLICATIONS = 2, 20_000
"""Pictures are drawn for networks with so many inputs that need no more multiplications for one sample."""


def has_pictures(network: Network) -> bool:
    """Whether a network's neurons can have pictures."""
    cost = sum(below * above for below, above in pairwise(network.sizes))
    return network.inputs <= MOST_INPUTS and cost <= MOST_MULTIPLICATIONS


class Pictures:
    """The pictures of a frame's neurons; computed anew only where parameters, data or theme have changed, and an image
    made only when it is drawn."""

    def __init__(self) -> None:
        self._at: tuple[object, ...] = ()
        self._kept: object = None  # what `_at` names by identity, so that nothing else gets its identity
        self._rows, self._predictors = Rows(), Predictors()
        self._activations: list[Array] = []
        self._images: dict[tuple[int, int], QImage] = {}

    def show_frame(self, frame: Frame, theme: Theme) -> None:
        """Take the parameters at the frame's cursor."""
        network, flat = frame.session.spec.network, frame.parameter_vector
        inputs, _ = self._rows.of(frame)
        at = (id(inputs), id(network), theme.name, flat.tobytes())
        if at == self._at:
            return
        self._at, self._kept, self._images = at, (inputs, network), {}
        spans = [span_of(column) for column in inputs.T]
        points = _points(spans)
        predictor = self._predictors.of(network, frame.trace.parameters, len(points))
        self._activations = predictor.activations(flat, points)

    def values(self, layer: int, neuron: int) -> Array:
        """A neuron's activation over the inputs: (SIDE, SIDE), y upwards, or (1, POINTS) for one input."""
        found = self._activations[layer - 1][:, neuron - 1]
        return found.reshape(1, -1) if len(found) == POINTS else found.reshape(SIDE, SIDE)

    def draw(self, brush: Brush, layer: int, neuron: int, centre: QPointF) -> None:
        """A square with round corners."""
        rect = QRectF(centre.x() - SIZE / 2, centre.y() - SIZE / 2, SIZE, SIZE)
        path = QPainterPath()
        path.addRoundedRect(rect, 4, 4)
        self._fill(brush, layer, neuron, rect, path)
        brush.painter.setPen(QPen(QColor(brush.theme.node_line), 1))
        brush.painter.setBrush(Qt.BrushStyle.NoBrush)
        brush.painter.drawPath(path)

    def draw_round(self, brush: Brush, layer: int, neuron: int, rect: QRectF) -> None:
        """A disc."""
        path = QPainterPath()
        path.addEllipse(rect)
        self._fill(brush, layer, neuron, rect, path)

    def _fill(self, brush: Brush, layer: int, neuron: int, rect: QRectF, path: QPainterPath) -> None:
        values, painter = self.values(layer, neuron), brush.painter
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        if len(values) == 1:
            painter.fillRect(rect, QColor(brush.theme.surface))
            painter.setPen(QPen(QColor(brush.theme.ink), 1.5))
            painter.drawPolyline(QPolygonF(_curve(values[0], rect)))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(rect, self._image(layer, neuron, brush.theme))
        painter.restore()

    def _image(self, layer: int, neuron: int, theme: Theme) -> QImage:
        if (layer, neuron) not in self._images:
            values = self.values(layer, neuron)
            self._images[layer, neuron] = field_image(values, own_range(values), theme)
        return self._images[layer, neuron]


def own_range(values: Array) -> Span:
    """From the smallest to the largest value; around a constant one unit, so that it lies in the middle."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    return Span(low, high) if high - low > 1e-12 * max(1.0, abs(high)) else Span(low - 0.5, low + 0.5)


def _points(spans: list[Span]) -> Array:
    """The inputs (points, inputs) of the pictures."""
    if len(spans) == 1:
        return np.linspace(spans[0].low, spans[0].high, POINTS)[:, None]
    return np.column_stack(plane_of(spans[0], spans[1], SIDE))


def _curve(values: Array, rect: QRectF) -> list[QPointF]:
    """A curve over its own range, with a little air."""
    span = own_range(values).wider(0.12)
    step = rect.width() / (len(values) - 1)
    shares = ((value - span.low) / span.width for value in np.nan_to_num(values, nan=span.low).tolist())
    return [QPointF(rect.left() + i * step, rect.bottom() - s * rect.height()) for i, s in enumerate(shares)]
