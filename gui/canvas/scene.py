"""What everything on the canvas is drawn from: the frame, its geometry, what is lit, and the places taken by labels."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
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
from gui.canvas.seats import line_of, rect_of
from gui.digits import USUAL
from gui.focus import Focus
from gui.theme import Theme, ui_font

NO_FOCUS, NOWHERE = Focus(), ("", 0, 0, 0)
OF_NEURON = ("node", "z", "a", "delta")
"""Kinds of places that a neuron without room for a capsule shows as one."""
NONE_FLAT: Mapping[tuple[int, int], str] = {}
BESIDE_EDGE = 5.0
"""Air that a number keeps within its box, or its narrower half of a capsule."""
FEWEST_KNOWN = 3
MANY_LINES, MIDDLE_OF_PICTURE, BESIDE = 100, SIZE / 2 + 3, 100.0


def geometry_of(network: Network, size: QSize, has_pictures: bool, selected: Quantity | None = None) -> Geometry:
    """Where everything lies; a picture takes more of a capsule than the shape of its function does. A neuron that is
    selected in a layer which shows less than capsules has one all the same."""
    width, height = float(size.width()), float(size.height())
    middle = (MIDDLE_OF_PICTURE,) if has_pictures else ()
    geometry = Geometry(network, width, height, *middle)
    match selected:
        case Quantity("z" | "a" | "dL/da" | "da/dz" | "dL/dz", (l, j)) if not geometry.is_capsule(l):
            return replace(geometry, chosen=(l, j))
    return geometry


class Scene:
    """One frame on a canvas, painted in one theme. sight: the part of the canvas that is seen, all of it if None. flat:
    the neurons that hardly any gradient passes, and what they are called. digits: how many a number has where there is
    room for them."""

    def __init__(
        self, frame: Frame, geometry: Geometry, painter: QPainter, theme: Theme, focus: Focus = NO_FOCUS,
        pictures: Pictures | None = None, sight: QRectF | None = None, flat: Mapping[tuple[int, int], str] = NONE_FLAT,
        digits: int = USUAL,
    ) -> None:  # fmt: skip
        self.frame, self.network, self.geometry = frame, frame.session.spec.network, geometry
        self.pictures = pictures if pictures is not None and has_pictures(self.network) else None
        if self.pictures is not None:
            self.pictures.show_frame(frame, theme)
        self.marks = marks_of(frame) if focus.way is None else marks_of_way(frame, focus.way)
        self.selected = None if focus.selected is None else place_of(focus.selected, self.network)
        places = (place_of(quantity, self.network) for quantity in focus.hovered)
        self.hovered = [place for place in places if place is not None]
        self._flat, self.digits = flat, digits
        self.sight = sight or QRectF(0, 0, geometry.width, geometry.height)
        self.places = Places(QRectF(4, 34, geometry.width - 8, geometry.height - 64), self.lines())
        self.weight_labels: dict[tuple[int, int, int], tuple[Label, QRectF]] = {}
        self.brush, self.theme = Brush(painter, theme), theme

    def labels(self, expression: Expression, value: float | None, prefix: str = "") -> Iterator[Label]:
        """A symbol on one line with its value, from many digits to few."""
        symbol = formula.layout(expression, SYMBOL_SIZE, text.number, True)
        return (Label(symbol, number, prefix) for number in self.numbers(value))

    def label_in(self, box: QRectF, quantity: Quantity) -> Label:
        """A quantity's symbol with its value, as a box has room for it."""
        label = Label(self.symbol(quantity), "")
        return label._replace(number=self.fitting(self.frame.value(quantity), box.width() - label.width - BESIDE_EDGE))

    def numbers(self, value: float | None) -> Iterator[str]:
        """A number with the digits asked for, then with fewer, but not with so few that it is hard to know again."""
        return text.narrower(value, self.digits, FEWEST_KNOWN)

    def fitting(self, value: float | None, width: float) -> str:
        """A number with as many of these digits as a width holds."""
        font = ui_font(NUMBER_SIZE)
        for number in text.narrower(value, self.digits):
            if advance(number, font) <= width:
                break
        return number

    def symbol(self, quantity: Quantity) -> formula.Box:
        """A quantity's symbol on one line."""
        return formula.layout(self.frame.narrator.symbol(quantity), SYMBOL_SIZE, text.number, True)

    def lit(self, *places: Place) -> Lit | None:
        """The mark on one of these places, if it was read."""
        return next((lit for lit in self.marks.read if lit.place in places), None)

    @cached_property
    def lit_neurons(self) -> Mapping[tuple[int, int], Lit]:
        """The mark of each (layer, neuron) of which anything was read."""
        read = [lit for lit in self.marks.read if lit.place[0] in OF_NEURON]
        return {(lit.place[1], lit.place[2]): lit for lit in reversed(read)}

    @cached_property
    def _weights(self) -> list[Array]:
        """The weights of layers 1 to L at the cursor."""
        weights, flat = self.frame.trace.parameters.weights, self.frame.parameter_vector
        return [weights(flat, l) for l in range(1, self.network.last + 1)]

    def weight(self, layer: int, neuron: int, source: int) -> float:
        """A weight at the cursor."""
        return float(self._weights[layer - 1][neuron - 1, source - 1])

    def share(self, layer: int, neuron: int, source: int) -> float:
        """A weight as a share, -1 to 1, of the largest."""
        return max(-1.0, min(1.0, self.weight(layer, neuron, source) / self.largest))

    def shares(self, layer: int) -> Array:
        """All weights of a layer (out, in) as shares of the largest; 0 for what is not a number."""
        return np.clip(np.nan_to_num(self._weights[layer - 1] / self.largest), -1.0, 1.0)

    @cached_property
    def lit_edges(self) -> set[tuple[int, int, int]]:
        """The weights (layer, neuron, source) whose lines were read or written."""
        places = [*(mark.place for mark in self.marks.read), self.marks.written or NOWHERE]
        return {(layer, neuron, source) for kind, layer, neuron, source in places if kind == "edge"}

    @cached_property
    def full_edges(self) -> set[tuple[int, int, int]]:
        """The lit ones, and those that end in the neuron chosen."""
        return self.lit_edges.union(self.chosen_edges)

    @cached_property
    def chosen_edges(self) -> list[tuple[int, int, int]]:
        """The weights that end in the neuron chosen, if there is one."""
        if self.geometry.chosen is None:
            return []
        layer, neuron = self.geometry.chosen
        return [(layer, neuron, i) for i in range(1, self.network.sizes[layer - 1] + 1)]

    @cached_property
    def largest(self) -> float:
        """The largest weight of the iteration, rounded up to one digit, so that colours do not flicker."""
        trace = self.frame.trace
        return text.rounded_up(float(abs(trace.flat("old", "parameter")[trace.parameters.weight_places]).max()))

    def neurons(self) -> list[tuple[int, int]]:
        """All computed neurons as (layer, neuron)."""
        sizes = self.network.sizes
        return [(l, j) for l in range(1, len(sizes)) for j in range(1, sizes[l] + 1)]

    @cached_property
    def neurons_with_room(self) -> list[tuple[int, int]]:
        """Those in sight, or just out of it, of layers that show capsules, which have room for biases and deltas."""
        near = self.sight.adjusted(-BESIDE, -BESIDE, BESIDE, BESIDE)
        layers = filter(self.geometry.is_capsule, range(1, self.network.last + 1))
        neurons = ((l, j) for l in layers for j in range(1, self.network.sizes[l] + 1))
        return [neuron for neuron in neurons if near.intersects(self.geometry.node(*neuron))]

    def flat_word(self, layer: int, neuron: int) -> str:
        """Saturated, dead or flat, once this iteration has computed the neuron; else empty."""
        word = self._flat.get((layer, neuron), "")
        return word if word and self.handed_on(layer, neuron) is not None else ""

    @property
    def has_flat(self) -> bool:
        """Whether there is a neuron that is called so."""
        return any(self.flat_word(*neuron) for neuron in self._flat)

    def handed_on(self, layer: int, neuron: int) -> float | None:
        """What a neuron hands on at the cursor: its activation, None where it is not computed yet, or the input."""
        if layer == 0:
            return self.frame.value(Quantity("x", (neuron,)))
        values, done = self._activations[layer - 1]
        return values[neuron - 1] if neuron <= done else None

    @cached_property
    def _activations(self) -> list[tuple[list[float], int]]:
        """The activations of layers 1 to L, and how many of each are computed."""
        s, layers = self.frame.position(), range(1, self.network.last + 1)
        if s is None:
            return [([], 0) for _ in layers]
        return [(self.frame.trace.A(l)[s].tolist(), self._computed(l)) for l in layers]

    def _computed(self, layer: int) -> int:
        """How many activations of a layer are computed; they come one after another, so a few looks tell."""
        neurons = range(1, self.network.sizes[layer] + 1)
        return bisect_left(neurons, True, key=lambda j: not self.frame.is_written(Quantity("a", (layer, j))))

    def line_of(self, place: Place) -> QLineF | None:
        """The line that a place is, if it is one."""
        return line_of(self.geometry, place)

    def lines(self) -> list[QLineF]:
        """All lines that are drawn; where there are too many to keep off, those lit and those of the neuron chosen."""
        if self.geometry.edge_count > MANY_LINES:
            return [self.geometry.edge(*edge) for edge in sorted(self.full_edges)]
        edges = list(self.geometry.edges())
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
        """The rectangle that a place is, if it is one."""
        return rect_of(self.geometry, place)
