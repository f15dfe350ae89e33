"""What lies at a point of the canvas."""

import numpy as np
from PySide6.QtCore import QPointF

from engine.activations import Array
from engine.quantities import LOSS, Quantity
from gui.canvas.geometry import Geometry

NEAR = 6.0
"""How near a line the pointer has to be, in pixels."""


def quantity_at(geometry: Geometry, point: QPointF) -> Quantity | None:
    """The quantity drawn at a point: nodes first, then the nearest weight within a few pixels."""
    if geometry.loss.contains(point):
        return LOSS
    if geometry.target.contains(point) and geometry.network.sizes[-1] == 1:
        return Quantity("y", (1,))
    if geometry.chosen is not None and geometry.node(*geometry.chosen).contains(point):
        return _quantity_in(geometry, *geometry.chosen, point)
    for layer, neurons in enumerate(geometry.network.sizes):
        slope = geometry.slope(layer)
        if slope is not None and slope.contains(point):
            return Quantity("slope", (layer,))
        for neuron in range(1, neurons + 1):
            if geometry.node(layer, neuron).contains(point):
                return _quantity_in(geometry, layer, neuron, point)
            if layer and geometry.has_delta(layer) and geometry.delta(layer, neuron).contains(point):
                return Quantity("dL/dz", (layer, neuron))
            box = geometry.bias(layer, neuron)
            if box is not None and box.contains(point):
                return geometry.bias_name(layer, neuron)
    edge = _edge_near(geometry, point)
    return None if edge is None else Quantity("w", edge)


def _quantity_in(geometry: Geometry, layer: int, neuron: int, point: QPointF) -> Quantity:
    if layer == 0:
        return Quantity("x", (neuron,))
    is_z = geometry.is_capsule(layer, neuron) and point.x() < geometry.node(layer, neuron).center().x()
    return Quantity("z" if is_z else "a", (layer, neuron))


def _edge_near(geometry: Geometry, point: QPointF) -> tuple[int, int, int] | None:
    """The weight whose line is the nearest within a few pixels, as (layer, neuron, source)."""
    closest, found = NEAR, None
    for layer in filter(geometry.draws_edges, range(1, len(geometry.network.sizes))):
        far = distances(geometry.lines(layer), point.x(), point.y())
        place = int(far.argmin())
        if far[place] < closest:
            row, column = divmod(place, geometry.network.sizes[layer - 1])
            closest, found = float(far[place]), (layer, row + 1, column + 1)
    return found


def distances(lines: Array, x: float, y: float) -> Array:
    """How far a point lies from the stretch of each line (x1, y1, x2, y2)."""
    x1, y1, x2, y2 = lines.T
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = np.clip(((x - x1) * dx + (y - y1) * dy) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    return np.asarray(np.hypot(x1 + share * dx - x, y1 + share * dy - y))
