"""Where everything on the canvas lies: a pure function of the network's shape and the size of the canvas.

A layer shows as much detail as it has room for: capsules with z and a, circles with a, dots by shade, one strip.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import inf

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF

from engine.activations import Array
from engine.network import Network
from engine.quantities import Quantity

HEAD, FOOT, MARGIN = 40.0, 46.0, 24.0
LEGEND = 30.0
"""The height of the line below the network, which lies within FOOT."""
CAPSULE, NARROW_CAPSULE, INPUT, LOSS_NODE, NODE_HEIGHT = 144.0, 120.0, 60.0, 76.0, 52.0
CHOSEN = 124.0
CIRCLE, DOT, STRIP = 40.0, 12.0, 26.0
MOST_CAPSULES, CAPSULE_ROW, WIDE_ROW, CIRCLE_ROW, DOT_ROW = 4, 64.0, 88.0, 44.0, 13.0
LARGEST_ROW, ROW_AIR = 160.0, 6.0
BIAS = (88.0, 24.0)
DELTA = (104.0, 16.0)
BELOW_DELTA = DELTA[1] + 6
BIAS_ROW = NODE_HEIGHT + BELOW_DELTA + BIAS[1] + 2
"""Rows at such a distance have room for a delta and a bias between them."""
BIAS_GAP = 34.0
SLOPE, SLOPE_TOP = (76.0, 20.0), 36.0
SMALLEST_GAP, EASY_GAP, FULL_GAP, LOSS_SHARE = 48.0, 120.0, 200.0, 0.6
MOST_EDGES = 12_000


class Detail(Enum):
    """How a layer is shown, from much room to little."""

    CAPSULE = "capsule"
    CIRCLE = "circle"
    DOT = "dot"
    STRIP = "strip"


@dataclass(frozen=True)
class Geometry:
    """Places in pixels. Layers count from 0, the input; neurons from 1. middle: half of what stands between z and a.
    chosen: a neuron (layer, neuron) that has a capsule even where its layer shows less."""

    network: Network
    width: float
    height: float
    middle: float = 9.0
    chosen: tuple[int, int] | None = None

    @cached_property
    def details(self) -> tuple[Detail, ...]:
        """The detail of every layer; capsules only where the columns leave room between them."""
        wanted = [self._wanted(n) for n in self.network.sizes]
        if self._gap(self._widths(wanted, narrow=True)) < SMALLEST_GAP:
            wanted = [Detail.CIRCLE if d is Detail.CAPSULE and l else d for l, d in enumerate(wanted)]
        return tuple(wanted)

    def _wanted(self, neurons: int) -> Detail:
        row = (self.height - HEAD - FOOT) / neurons
        if row >= (CAPSULE_ROW if neurons <= MOST_CAPSULES else WIDE_ROW):
            return Detail.CAPSULE
        if row >= CIRCLE_ROW:
            return Detail.CIRCLE
        return Detail.DOT if row >= DOT_ROW else Detail.STRIP

    def _gap(self, widths: list[float]) -> float:
        """What stays between two columns; the loss, whose line has no label, stands closer."""
        return (self.width - sum(widths)) / (len(widths) - 3 + LOSS_SHARE)

    def _widths(self, details: Sequence[Detail], narrow: bool) -> list[float]:
        """Widths of margin, input, layers, loss and margin."""
        layers = [min(_WIDTHS[d], NARROW_CAPSULE) if narrow else _WIDTHS[d] for d in details[1:]]
        margin, inputs, loss = (14.0, 50.0, 66.0) if narrow else (MARGIN, INPUT, LOSS_NODE)
        return [2 * margin, inputs, *layers, loss]

    @cached_property
    def _columns(self) -> list[tuple[float, float]]:
        """Left edge and width of every layer's column, and of the loss's."""
        widths = self._widths(self.details, narrow=False)
        if self._gap(widths) < EASY_GAP:
            widths = self._widths(self.details, narrow=True)
        gap = max(self._gap(widths), 8.0)
        columns, x = [], widths[0] / 2
        for width in widths[1:-1]:
            columns.append((x, width))
            x += width + gap
        return [*columns, (x - gap * (1 - LOSS_SHARE), widths[-1])]

    def column(self, layer: int) -> tuple[float, float]:
        """Left edge and width of a layer's column; layer L + 1 is the loss."""
        return self._columns[layer]

    @cached_property
    def _rows(self) -> list[float]:
        """The distance of two rows, layer by layer; as even as the room allows. Where a shared bias has no room between
        them, they stand further apart, and with them those of other layers of so many neurons."""
        room, sizes = self.height - HEAD - FOOT, self.network.sizes
        even = {n: min(room / n, LARGEST_ROW) for n in sizes}
        layers = zip(sizes[1:], self.network.layers, strict=True)
        shared = {n for n, layer in layers if n > 1 and layer.bias == "shared"}
        apart = {n: min(BIAS_ROW + 2, (room - NODE_HEIGHT - 2 * ROW_AIR) / (n - 1)) for n in shared}
        return [max(even[n], apart.get(n, 0.0)) for n in sizes]

    def node(self, layer: int, neuron: int) -> QRectF:
        """The rectangle of an input or neuron."""
        if (layer, neuron) == self.chosen:
            return self._capsule(layer, self._small_nodes(layer)[neuron - 1].center().y())
        return self._small_nodes(layer)[neuron - 1]

    def _small_nodes(self, layer: int) -> list[QRectF]:
        """The rectangles of a layer's nodes, none of them chosen."""
        if layer not in self._nodes:
            neurons, row = self.network.sizes[layer], self._rows[layer]
            first = HEAD + (self.height - HEAD - FOOT) / 2 - (neurons - 1) / 2 * row
            self._nodes[layer] = [self._node(layer, first + place * row) for place in range(neurons)]
        return self._nodes[layer]

    @cached_property
    def _nodes(self) -> dict[int, list[QRectF]]:
        return {}

    def _node(self, layer: int, y: float) -> QRectF:
        left, width = self._columns[layer]
        detail = self.details[layer]
        if detail is Detail.CAPSULE:
            return QRectF(left, y - NODE_HEIGHT / 2, width, NODE_HEIGHT)
        if detail is Detail.STRIP:
            return QRectF(left + (width - STRIP) / 2, y - self._rows[layer] / 2, STRIP, self._rows[layer])
        size = CIRCLE if detail is Detail.CIRCLE else DOT
        return QRectF(left + (width - size) / 2, y - size / 2, size, size)

    def _capsule(self, layer: int, y: float) -> QRectF:
        """The capsule of a chosen neuron, within the canvas."""
        left, width = self._columns[layer]
        y = min(max(y, HEAD + NODE_HEIGHT / 2), self.height - FOOT - NODE_HEIGHT / 2)
        return QRectF(left + (width - CHOSEN) / 2, y - NODE_HEIGHT / 2, CHOSEN, NODE_HEIGHT)

    def span(self, layer: int) -> QRectF:
        """From a layer's first node to its last."""
        return self.node(layer, 1).united(self.node(layer, self.network.sizes[layer]))

    @cached_property
    def loss(self) -> QRectF:
        """The loss, level with the middle of the outputs."""
        left, width = self._columns[-1]
        middle = HEAD + (self.height - HEAD - FOOT) / 2
        return QRectF(left, middle - NODE_HEIGHT / 2, width, NODE_HEIGHT)

    @cached_property
    def target(self) -> QRectF:
        """The target, below the loss and above the line of the legend."""
        room = self.height - LEGEND - NODE_HEIGHT - self.loss.bottom() - 4
        return self.loss.translated(0, NODE_HEIGHT + max(min(48.0, self.height / 8, room), 8.0))

    @cached_property
    def target_edge(self) -> QLineF:
        """The line from the loss to the target."""
        return QLineF(self.loss.center().x(), self.loss.bottom(), self.target.center().x(), self.target.top())

    def edge(self, layer: int, neuron: int, source: int) -> QLineF:
        """The line of weight w[layer, neuron, source]."""
        return QLineF(self.right(layer - 1, source), self.left(layer, neuron))

    def loss_edge(self, neuron: int) -> QLineF:
        """The line from an output to the loss."""
        return QLineF(self.right(self.network.last, neuron), QPointF(self.loss.left(), self.loss.center().y()))

    def left(self, layer: int, neuron: int) -> QPointF:
        node = self.node(layer, neuron)
        return QPointF(node.left(), node.center().y())

    def right(self, layer: int, neuron: int) -> QPointF:
        node = self.node(layer, neuron)
        return QPointF(node.right(), node.center().y())

    def z_half(self, layer: int, neuron: int) -> QRectF:
        """The part of a capsule that holds z; of a smaller node the whole."""
        node = self.node(layer, neuron)
        if not self.is_capsule(layer, neuron):
            return node
        return QRectF(node.left(), node.top(), node.width() / 2 - self.middle, node.height())

    def a_half(self, layer: int, neuron: int) -> QRectF:
        """The part of a capsule that holds a; of a smaller node the whole."""
        node = self.node(layer, neuron)
        if not self.is_capsule(layer, neuron):
            return node
        return QRectF(node.center().x() + self.middle, node.top(), node.width() / 2 - self.middle, node.height())

    def delta(self, layer: int, neuron: int) -> QRectF:
        """Where delta stands: below a capsule; of a smaller node the whole."""
        node = self.node(layer, neuron)
        if not self.has_delta(layer):
            return node
        gap = min(4.0, (self._rows[layer] - NODE_HEIGHT - DELTA[1]) / 2)
        return QRectF(node.center().x() - 24, node.bottom() + gap, *DELTA)

    def has_delta(self, layer: int) -> bool:
        """Whether delta has a place of its own, below the capsule."""
        return self.is_capsule(layer) and self._rows[layer] >= NODE_HEIGHT + DELTA[1]

    def is_capsule(self, layer: int, neuron: int | None = None) -> bool:
        """Whether all neurons of a layer, or this one of them, show z and a."""
        return self.details[layer] is Detail.CAPSULE or (layer > 0 and (layer, neuron) == self.chosen)

    def bias(self, layer: int, neuron: int) -> QRectF | None:
        """The box of a bias below the z it enters (of a shared one: below the first neuron); None without room, and
        where there is no such bias."""
        if self.bias_name(layer, neuron) is None or not self.is_capsule(layer):
            return None
        node = self.node(layer, neuron)
        last = neuron == self.network.sizes[layer]
        room = self.height - FOOT + 26 - node.bottom() if last else self._rows[layer] - NODE_HEIGHT
        if room < BIAS_ROW - NODE_HEIGHT:
            return None
        gap = max(BELOW_DELTA, min(BIAS_GAP, (room - BIAS[1]) / 2))
        return QRectF(node.left() + 2, node.bottom() + gap, *BIAS)

    def bias_name(self, layer: int, neuron: int) -> Quantity | None:
        """The bias that stands at a neuron: its own, or at the first one that of the layer."""
        kind = self.network.layers[layer - 1].bias if layer else "none"
        if kind == "none" or (kind == "shared" and neuron > 1):
            return None
        return Quantity("b", (layer,) if kind == "shared" else (layer, neuron))

    def slope(self, layer: int) -> QRectF | None:
        """The box of a layer's trained slope, below the name of its column; None where there is none, and without
        room above the first neuron."""
        if layer == 0 or not self.network.layers[layer - 1].has_slope:
            return None
        left, width = self._columns[layer]
        box = QRectF(left + (width - SLOPE[0]) / 2, SLOPE_TOP, *SLOPE)
        return box if box.bottom() < self.node(layer, 1).top() - 2 else None

    def lines(self, layer: int) -> Array:
        """The lines of all weights of a layer, row by row, as (weights, 4): x1, y1, x2, y2."""
        if layer not in self._lines:
            self._lines[layer] = self._lines_of(layer)
        return self._lines[layer]

    @cached_property
    def _lines(self) -> dict[int, Array]:
        return {}

    def _lines_of(self, layer: int) -> Array:
        neurons, sources = self.network.sizes[layer], self.network.sizes[layer - 1]
        starts = [self.right(layer - 1, i) for i in range(1, sources + 1)]
        ends = [self.left(layer, j) for j in range(1, neurons + 1)]
        return np.column_stack((
            np.tile([(p.x(), p.y()) for p in starts], (neurons, 1)),
            np.repeat([(p.x(), p.y()) for p in ends], sources, axis=0),
        ))  # fmt: skip

    @cached_property
    def edge_count(self) -> int:
        """How many weights have lines that are drawn one by one."""
        sizes = self.network.sizes
        return sum(sizes[l] * sizes[l - 1] for l in range(1, len(sizes)) if self.draws_edges(l))

    def edges(self) -> Iterator[tuple[int, int, int]]:
        """All weights as (layer, neuron, source) whose lines are drawn one by one."""
        sizes = self.network.sizes
        for layer in range(1, len(sizes)):
            if self.draws_edges(layer):
                for neuron in range(1, sizes[layer] + 1):
                    for source in range(1, sizes[layer - 1] + 1):
                        yield layer, neuron, source

    def draws_edges(self, layer: int) -> bool:
        """Whether a layer's weights are drawn line by line; between two strips they would only blur."""
        pair = (self.details[layer - 1], self.details[layer])
        return self.network.sizes[layer] * self.network.sizes[layer - 1] <= MOST_EDGES and pair != (Detail.STRIP,) * 2


def full_height(neurons: int) -> float:
    """How high a canvas has to be for so many neurons in a layer to be capsules."""
    return HEAD + FOOT + neurons * WIDE_ROW


def full_width(network: Network) -> float:
    """How wide a canvas has to be for layers of capsules with easy room between them; for small networks, which show
    capsules at any width, there is no such limit."""
    if max(network.sizes) <= MOST_CAPSULES:
        return inf
    return 2 * MARGIN + INPUT + network.last * CAPSULE + LOSS_NODE + (network.last + LOSS_SHARE) * FULL_GAP


_WIDTHS = {Detail.CAPSULE: CAPSULE, Detail.CIRCLE: 56.0, Detail.DOT: 40.0, Detail.STRIP: 40.0}
