"""What everything on the canvas is drawn from: the frame, its geometry, what is lit, and the places taken by labels."""

from functools import cached_property

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter

from engine.activations import Array
from engine.expressions import Expression
from engine.frame import Frame
from engine.network import Network
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import NUMBER_SIZE, SYMBOL_SIZE, Brush, Label, advance
from gui.canvas.geometry import Geometry
from gui.canvas.marks import Lit, Place, marks_of, marks_of_way, place_of
from gui.canvas.pictures import SIZE, Pictures, has_pictures
from gui.canvas.placing import Places
from gui.focus import Focus
from gui.theme import Theme, ui_font

NO_FOCUS = Focus()
MANY_LINES, MIDDLE_OF_PICTURE = 100, SIZE / 2 + 3


def geometry_of(network: Network, size: QSize, has_pictures: bool) -> Geometry:
    """Where everything lies; a picture takes more of a capsule than the shape of its function does."""
    middle = (MIDDLE_OF_PICTURE,) if has_pictures else ()
    return Geometry(network, float(size.width()), float(size.height()), *middle)


class Scene:
    """One frame on a canvas of one size, painted in one theme."""

    def __init__(
        self, frame: Frame, size: QSize, painter: QPainter, theme: Theme, focus: Focus = NO_FOCUS,
        pictures: Pictures | None = None,
    ) -> None:
        self.frame, self.network = frame, frame.session.spec.network
        self.pictures = pictures if pictures is not None and has_pictures(self.network) else None
        self.geometry = geometry_of(self.network, size, self.pictures is not None)
        if self.pictures is not None:
            self.pictures.show_frame(frame, theme)
        self.marks = marks_of(frame) if focus.way is None else marks_of_way(frame, focus.way)
        self.selected = None if focus.selected is None else place_of(focus.selected, self.network)
        places = (place_of(quantity, self.network) for quantity in focus.hovered)
        self.hovered = [place for place in places if place is not None]
        self.places = Places(QRectF(4, 34, size.width() - 8, size.height() - 64), self.lines())
        self.brush, self.theme = Brush(painter, theme), theme

    def label(self, expression: Expression, value: float | None, prefix: str = "") -> Label:
        """A symbol on one line with its value."""
        return Label(formula.layout(expression, SYMBOL_SIZE, text.number, True), text.number(value), prefix)

    def label_of(self, quantity: Quantity) -> Label:
        return self.label(self.frame.narrator.symbol(quantity), self.frame.value(quantity))

    def lit(self, *places: Place) -> Lit | None:
        """The mark on one of these places, if it was read."""
        return next((lit for lit in self.marks.read if lit.place in places), None)

    @cached_property
    def _weights(self) -> list[Array]:
        """The weights of layers 1 to L at the cursor."""
        weights, flat = self.frame.trace.parameters.weights, self.frame.parameter_vector
        return [weights(flat, l) for l in range(1, self.network.last + 1)]

    def weight(self, layer: int, neuron: int, source: int) -> float:
        """A weight at the cursor."""
        return float(self._weights[layer - 1][neuron - 1, source - 1])

    @cached_property
    def largest(self) -> float:
        """The largest weight of the iteration, rounded up to one digit, so that colours do not flicker."""
        trace = self.frame.trace
        flat = trace.flat("old", "parameter")
        layers = range(1, self.network.last + 1)
        return text.rounded_up(max(float(abs(trace.parameters.weights(flat, l)).max()) for l in layers))

    def neurons(self) -> list[tuple[int, int]]:
        """All computed neurons as (layer, neuron)."""
        sizes = self.network.sizes
        return [(l, j) for l in range(1, len(sizes)) for j in range(1, sizes[l] + 1)]

    def line_of(self, place: Place) -> QLineF | None:
        """The line that a place is, if it is one."""
        kind, layer, neuron, source = place
        if kind == "edge":
            return self.geometry.edge(layer, neuron, source)
        return self.geometry.loss_edge(neuron) if kind == "loss_edge" else None

    def lines(self) -> list[QLineF]:
        """All lines that are drawn, or none where there are too many to keep off."""
        edges = list(self.geometry.edges())
        if len(edges) > MANY_LINES:
            return []
        outputs = range(1, self.network.sizes[-1] + 1)
        boxes = ((self.geometry.bias(*at), at) for at in self.neurons())
        return [
            *(self.geometry.edge(*edge) for edge in edges), *map(self.geometry.loss_edge, outputs),
            self.geometry.target_edge, *(self.bias_line(box, *at) for box, at in boxes if box is not None),
        ]  # fmt: skip

    def bias_line(self, box: QRectF, layer: int, neuron: int) -> QLineF:
        """From a bias up to the z it enters."""
        x = box.center().x() - 4
        return QLineF(x, self.geometry.node(layer, neuron).bottom(), x, box.top())

    def anchor_of(self, place: Place) -> QPointF | None:
        """The point that a chip or badge for this place is put above."""
        line = self.line_of(place)
        if line is not None:
            return line.pointAt(0.5) + QPointF(0, -12)
        rect = self.rect_of(place)
        return None if rect is None else QPointF(rect.center().x(), rect.top() - 8)

    def chip_anchors(self, place: Place) -> list[QPointF]:
        """Where a chip for this place may stand: above or below a line near its middle, above or below a node."""
        line, rect = self.line_of(place), self.rect_of(place)
        if line is not None:
            return [line.pointAt(share) + QPointF(0, dy) for share in (0.5, 0.35, 0.65) for dy in (-12, 34)]
        if rect is None:
            return []
        x = rect.center().x()
        return [QPointF(x, rect.top() - 8), QPointF(x, rect.bottom() + 30)]

    def rect_of(self, place: Place) -> QRectF | None:
        kind, layer, neuron, _ = place
        match kind:
            case "z":
                return self.geometry.z_half(layer, neuron)
            case "a":
                return self.geometry.a_half(layer, neuron)
            case "delta":
                return self.geometry.delta(layer, neuron)
            case "node":
                return self.geometry.node(layer, neuron)
            case "bias":
                return self.geometry.bias(layer, neuron)
            case "slope":
                return self.geometry.slope(layer)
            case "loss":
                return self.geometry.loss
            case "target":
                return self.geometry.target
        return None

def fitting(value: float | None, width: float) -> str:
    """A number with as many digits as a width holds, at most five."""
    written = (text.number(value, digits) for digits in (5, 4, 3))
    return next((number for number in written if advance(number, ui_font(NUMBER_SIZE)) <= width), text.number(value, 2))
