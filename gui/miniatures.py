"""The small pictures of sessions: their network, their data beside it, or the valley that their optimizer goes down."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from engine.activations import Array
from engine.frame import Frame
from engine.session import Session
from engine.spec import Data
from gui import text
from gui.brush import Brush
from gui.canvas.nodes import shape
from gui.theme import ui_font
from gui.valley import draw_valley, is_valley, valley

Miniature: TypeAlias = Callable[[Brush, QRectF], None]
"""Paints itself into a rectangle."""

MARGIN, LARGEST_ROW, LARGEST_GAP, LARGEST_NODE, MANY = 14.0, 44.0, 84.0, 10.0, 12
SMALL = 6.0
"""Neurons up to this radius are drawn without curve and bias."""
VALUE = QRectF(0, 0, 34, 22)
"""The room of an input or target with its number."""
Scale: TypeAlias = Callable[[float, float], QPointF]


def miniature(session: Session, preview: Callable[[Session], Frame]) -> Miniature:
    """The picture that says most of a session."""
    spec = session.spec
    if is_valley(spec):
        return partial(draw_valley, valley(spec))
    frame = preview(session)
    return partial(draw_data_and_network if len(spec.data.inputs) > 1 else draw_network, frame)


def draw_data_and_network(frame: Frame, brush: Brush, room: QRectF) -> None:
    """The data in a square at the left, the network at the right."""
    side = room.height()
    draw_data(frame, brush, QRectF(room.left(), room.top(), side, side).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
    brush.line(QLineF(room.left() + side, room.top() + MARGIN, room.left() + side, room.bottom() - MARGIN),
               brush.theme.border, 1)  # fmt: skip
    draw_network(frame, brush, room.adjusted(side, 0, 0, 0))


# The network


def draw_network(frame: Frame, brush: Brush, room: QRectF) -> None:
    """Inputs as squares, neurons as circles with the curve of their activation, weights by sign and size; a single
    sample stands in its place in numbers."""
    network, data = frame.session.spec.network, frame.session.spec.data
    radius = min(LARGEST_NODE, 0.34 * _row(room, max(network.sizes)))
    if len(data.inputs) == 1:
        room = room.adjusted(VALUE.width() - radius, 0, -VALUE.width(), 0)
    places = [_column(room, radius, l, network.sizes) for l in range(len(network.sizes))]
    _draw_weights(brush, places, _weights(frame))
    for layer, column in zip(network.layers, places[1:], strict=True):
        for place in column:
            if layer.bias != "none" and radius > SMALL:
                _draw_bias(brush, place, radius)
            _draw_neuron(brush, place, radius, layer.activation)
    if len(data.inputs) == 1:
        _draw_sample(brush, places, data)
    else:
        for place in places[0]:
            square = QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius)
            brush.box(square, 3, brush.theme.node, brush.theme.node_line)


def _draw_sample(brush: Brush, places: Sequence[Sequence[QPointF]], data: Data) -> None:
    """The numbers of the first sample: its inputs in their boxes, the targets behind the outputs."""
    for place, value in zip(places[0], data.inputs[0], strict=True):
        box = VALUE.translated(place - VALUE.center())
        brush.box(box, 4, brush.theme.node, brush.theme.node_line)
        brush.centred(text.number(value), box, ui_font(11), brush.theme.ink)
    for place, value in zip(places[-1], data.targets[0], strict=True):
        brush.words(text.number(value), place.x() + LARGEST_NODE + 8, place.y() + 4, ui_font(11), brush.theme.ink_3)


def _draw_bias(brush: Brush, place: QPointF, radius: float) -> None:
    foot = place + QPointF(0, radius + 7)
    brush.line(QLineF(place, foot), brush.theme.node_line, 1.25)
    brush.fill(QRectF(foot.x() - 2, foot.y() - 2, 4, 4), 1, QColor(brush.theme.node_line))


def _weights(frame: Frame) -> list[Array]:
    """The weights of every layer before the first iteration."""
    flat, parameters = frame.parameter_vector, frame.trace.parameters
    return [parameters.weights(flat, l) for l in range(1, frame.session.spec.network.last + 1)]


def _row(room: QRectF, neurons: int) -> float:
    """The distance of two neurons of a layer."""
    return min((room.height() - 2 * MARGIN) / neurons, LARGEST_ROW)


def _column(room: QRectF, radius: float, layer: int, sizes: Sequence[int]) -> list[QPointF]:
    """The middles of a layer's neurons; layers count from 0, the inputs."""
    last = len(sizes) - 1
    gap = min((room.width() - 2 * (MARGIN + radius)) / last, LARGEST_GAP)
    x, row = room.center().x() + (layer - last / 2) * gap, _row(room, sizes[layer])
    return [QPointF(x, room.center().y() + (j - (sizes[layer] - 1) / 2) * row) for j in range(sizes[layer])]


def _draw_weights(brush: Brush, places: Sequence[Sequence[QPointF]], weights: Sequence[Array]) -> None:
    largest = text.rounded_up(max(float(abs(W).max()) for W in weights))
    width = 2.25 if sum(W.size for W in weights) <= MANY else 1.0
    for sources, column, W in zip(places, places[1:], weights, strict=False):
        for j, place in enumerate(column):
            for i, source in enumerate(sources):
                share = float(W[j, i]) / largest
                dash = (5, 3) if share < 0 else ()
                brush.line(QLineF(source, place), brush.theme.weight(share), 0.8 + width * abs(share), dash)


def _draw_neuron(brush: Brush, place: QPointF, radius: float, activation: str) -> None:
    painter, theme, heights = brush.painter, brush.theme, shape(activation)
    painter.setPen(QPen(QColor(theme.node_line), 1.25))
    painter.setBrush(QColor(theme.node))
    painter.drawEllipse(place, radius, radius)
    if radius > SMALL:
        xs = np.linspace(-0.6, 0.6, len(heights))
        curve = [place + QPointF(radius * x, -0.5 * radius * y) for x, y in zip(xs.tolist(), heights, strict=True)]
        painter.setPen(QPen(QColor(theme.ink_3), 1.25))
        painter.drawPolyline(QPolygonF(curve))


# The data


def draw_data(frame: Frame, brush: Brush, room: QRectF) -> None:
    """Classes over the last two inputs; a target over its one input, with the line that the network begins with."""
    spec = frame.session.spec
    X, Y = np.array(spec.data.inputs), np.array(spec.data.targets)
    if spec.network.inputs > 1:
        place = _scale(room, X[:, -2], X[:, -1])
        classes = Y.argmax(axis=1) if Y.shape[1] > 1 else (Y[:, 0] > 0.5).astype(int)
        for (x, y), number in zip(X[:, -2:].tolist(), classes.tolist(), strict=True):
            _mark(brush, place(x, y), number, 3.5 if len(X) < MANY else 1.9)
        return
    x, predictions = frame.trace.X()[:, 0], frame.trace.A(spec.network.last)[:, 0]
    place = _scale(room, X[:, 0], np.concatenate((Y[:, 0], predictions)))
    order = np.argsort(x)
    line = [place(*point) for point in zip(x[order].tolist(), predictions[order].tolist(), strict=True)]
    brush.painter.setPen(QPen(QColor(brush.theme.faint), 1.5))
    brush.painter.drawPolyline(QPolygonF(line))
    for point in zip(X[:, 0].tolist(), Y[:, 0].tolist(), strict=True):
        _mark(brush, place(*point), 1, 3.5 if len(X) < MANY else 1.9)


def _scale(room: QRectF, x: Array, y: Array) -> Scale:
    """From data to the rectangle that holds them all; equal values lie in its middle."""

    def place(value: float, values: Array) -> float:
        low, high = float(values.min()), float(values.max())
        return (value - low) / (high - low) if high > low else 0.5

    return lambda a, b: QPointF(room.left() + place(a, x) * room.width(), room.bottom() - place(b, y) * room.height())


def _mark(brush: Brush, place: QPointF, number: int, size: float) -> None:
    """A point of class 0 as a ring, of class 1 as a disc, of class 2 as a square."""
    painter, color = brush.painter, brush.theme.group(number)
    painter.setPen(QPen(color, 1.25) if number == 0 else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if number == 0 else color)
    if number == 2:
        painter.drawRect(QRectF(place.x() - size, place.y() - size, 2 * size, 2 * size))
    else:
        painter.drawEllipse(place, size, size)
