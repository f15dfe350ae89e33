"""Which quantity lies beside another on the canvas: so a selection moves with the keyboard.

From left to right stand inputs, then layer by layer weights, pre-activations with biases, and activations with deltas;
last the loss and the targets.
"""

from collections.abc import Sequence
from enum import Enum

from engine.network import Network, has_parameter
from engine.quantities import LOSS, Quantity
from gui.focus import parameter_of


class Direction(Enum):
    """Where to, in columns and rows."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)


FIRST = Quantity("x", (1,))


def neighbour(network: Network, quantity: Quantity, direction: Direction) -> Quantity:
    """The quantity that lies next; itself at the edge. Of what has no place of its own, such as a gradient of a
    weight, the one at whose place it is shown."""
    quantity = placed(quantity)
    across, down = direction.value
    if across:
        return _beside(network, quantity, across)
    column = _column(network, quantity)
    row = column.index(quantity) + down
    return column[min(max(row, 0), len(column) - 1)]


def placed(quantity: Quantity) -> Quantity:
    """The quantity that stands where this one is shown; the first input for what is shown nowhere."""
    quantity = parameter_of(quantity) or quantity
    match quantity:
        case Quantity("dL/da" | "da/dz", at):
            return Quantity("a", at)
        case Quantity("x" | "y" | "w" | "b" | "slope" | "z" | "a" | "dL/dz"):
            return quantity
    return LOSS if quantity.kind in ("loss", "batch_loss", "penalty") else FIRST


def _beside(network: Network, quantity: Quantity, across: int) -> Quantity:
    """The next one to the right (1) or left (-1): along the lines, of several the first."""
    kind, at, _ = quantity
    is_right, last = across > 0, network.last
    match kind, at:
        case "x", (i,):
            return Quantity("w", (1, 1, i)) if is_right else quantity
        case "w", (l, j, i):
            return Quantity("z", (l, j)) if is_right else _source(l, i)
        case ("z" | "b" | "slope"), (l, *own):
            j = own[0] if own else 1
            return Quantity("a", (l, j)) if is_right else Quantity("w", (l, j, 1))
        case ("a" | "dL/dz"), (l, j) if is_right:
            return LOSS if l == last else Quantity("w", (l + 1, 1, j))
        case ("a" | "dL/dz"), _:
            return Quantity("z", at)
        case "y", (k,):
            return quantity if is_right else Quantity("a", (last, k))
    return quantity if is_right else Quantity("a", (last, 1))


def _source(layer: int, source: int) -> Quantity:
    return Quantity("x", (source,)) if layer == 1 else Quantity("a", (layer - 1, source))


def _column(network: Network, quantity: Quantity) -> Sequence[Quantity]:
    """Everything that stands in one column with a quantity, from above."""
    kind, at, _ = quantity
    sizes = network.sizes
    match kind:
        case "x":
            return [Quantity("x", (i,)) for i in range(1, sizes[0] + 1)]
        case "w":
            l = at[0]
            neurons, sources = range(1, sizes[l] + 1), range(1, sizes[l - 1] + 1)
            return [Quantity("w", (l, j, i)) for j in neurons for i in sources]
        case "z" | "b" | "slope":
            return [q for q in _sums(network, at[0]) if q.kind == "z" or has_parameter(network, q)]
        case "a" | "dL/dz":
            return [Quantity(kind, (at[0], j)) for j in range(1, sizes[at[0]] + 1) for kind in ("a", "dL/dz")]
    return [LOSS, *(Quantity("y", (k,)) for k in range(1, sizes[-1] + 1))]


def _sums(network: Network, l: int) -> Sequence[Quantity]:
    """The pre-activations of a layer and what may stand beside them: a slope, a shared bias, a bias each."""
    neurons = range(1, network.sizes[l] + 1)
    pairs = [(Quantity("z", (l, j)), Quantity("b", (l, j))) for j in neurons]
    (first, own), *others = pairs
    return [Quantity("slope", (l,)), first, Quantity("b", (l,)), own, *(q for pair in others for q in pair)]
