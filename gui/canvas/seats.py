"""Where on the canvas a place lies: on a line or in a rectangle."""

from PySide6.QtCore import QLineF, QRectF

from engine.quantities import Quantity
from gui.canvas.geometry import Geometry
from gui.canvas.marks import Place, place_of


def line_of(geometry: Geometry, place: Place) -> QLineF | None:
    """The line that a place is, if it is one."""
    kind, layer, neuron, source = place
    if kind == "edge":
        return geometry.edge(layer, neuron, source)
    return geometry.loss_edge(neuron) if kind == "loss_edge" else None


def rect_of(geometry: Geometry, place: Place) -> QRectF | None:
    """The rectangle that a place is, if it is one and there is room for it."""
    kind, layer, neuron, _ = place
    match kind:
        case "z":
            return geometry.z_half(layer, neuron)
        case "a":
            return geometry.a_half(layer, neuron)
        case "delta":
            return geometry.delta(layer, neuron)
        case "node":
            return geometry.node(layer, neuron)
        case "bias":
            return geometry.bias(layer, neuron)
        case "slope":
            return geometry.slope(layer)
        case "loss":
            return geometry.loss
        case "target":
            return geometry.target
    return None


def room_of(geometry: Geometry, quantity: Quantity) -> QRectF | None:
    """The rectangle that a quantity is shown in, or of a weight's line its middle."""
    place = place_of(quantity, geometry.network)
    line = None if place is None else line_of(geometry, place)
    if line is not None:
        return QRectF(line.center(), line.center())
    return None if place is None else rect_of(geometry, place)
