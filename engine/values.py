"""Symbols and stored values of one iteration's quantities: what formulas are made of."""

from collections.abc import Callable, Mapping

from engine.expressions import Expression
from engine.network import Layer
from engine.notation import Notation
from engine.operations import Factor, Read
from engine.optimizers import GRADIENT, PARAMETER
from engine.quantities import BATCH_LOSS, LOSS, PENALTY, Quantity, gradient_of
from engine.trace import Trace


class Values:
    """The quantities of one trace in one notation."""

    def __init__(self, trace: Trace, notation: Notation) -> None:
        self.trace, self.notation = trace, notation
        self.network, self._has_means = trace.spec.network, trace.has_means

    def row(self, s: int) -> int:
        """The row of the data, from 1, of the sample at position s of the batch."""
        return self.trace.rows[s] + 1

    def symbol(self, quantity: Quantity) -> Expression:
        """How a quantity is written. What has one value for sample and batch (a batch of one) is the sample's."""
        if not self._has_means:
            if quantity.kind == "grad" and quantity.parameter:
                return self.notation.symbol(gradient_of(quantity.parameter))
            if quantity == BATCH_LOSS:
                return self.notation.symbol(LOSS)
        return self.notation.symbol(quantity)

    def factor(self, quantity: Quantity, s: int | None, marked: bool = False) -> Factor:
        """A factor that reads `quantity`; `marked` writes its sample, where several stand in one formula."""
        if quantity.is_parameter:
            return Factor(self.symbol(quantity), self.trace.old(PARAMETER, quantity), (Read(quantity),))
        sample = None if s is None else self.row(s)
        symbol = self.notation.symbol(quantity, sample) if marked else self.symbol(quantity)
        return Factor(symbol, self.stored(quantity, s), (Read(quantity, sample),))

    def source(self, l: int, i: int) -> Quantity:
        """What neuron i of layer l hands on: its activation, or the input."""
        return Quantity("a", (l, i)) if l else Quantity("x", (i,))

    def bias(self, l: int, j: int) -> Quantity | None:
        """The bias of neuron j of layer l, if it has one."""
        return {"per_neuron": Quantity("b", (l, j)), "shared": Quantity("b", (l,)), "none": None}[self.layer(l).bias]

    def layer(self, l: int) -> Layer:
        return self.network.layers[l - 1]

    def stored(self, quantity: Quantity, s: int | None) -> float:
        """The value that this iteration has computed for `quantity`: see `stored` below."""
        return stored(self.trace, quantity, s)


def stored(trace: Trace, quantity: Quantity, s: int | None) -> float:
    """The value that an iteration has computed for `quantity`, of the sample at position s where it has one; for
    parameters and slots the new one. Gradients of one sample of several are formed here, from the stored delta."""
    kind, indices, parameter = quantity
    if kind in _STORED and s is not None:
        layer, place = (indices[0], indices[-1] - 1) if indices else (0, 0)
        return _STORED[kind](trace, layer, s, place)
    if parameter:
        return trace.new(GRADIENT if kind == "grad" else kind, parameter)
    if quantity.is_parameter:
        return trace.new(PARAMETER, quantity)
    if quantity in _OF_BATCH:
        return _OF_BATCH[quantity](trace)
    if s is None:
        raise ValueError(f"{quantity} belongs to a sample")
    if not trace.has_means:
        return trace.new(GRADIENT, Quantity(kind.removeprefix("dL/d"), indices))
    if kind == "dL/dslope":
        return float(trace.dA(indices[0])[s] @ trace.slope_derivatives(indices[0])[s])
    deltas = trace.dZ(indices[0])[s]
    if kind == "dL/dw":
        return float(deltas[indices[1] - 1]) * float(trace.A(indices[0] - 1)[s, indices[2] - 1])
    if len(indices) == 2:
        return float(deltas[indices[1] - 1])
    return float(deltas.sum())


_OF_BATCH: Mapping[Quantity, Callable[[Trace], float]] = {
    PENALTY: lambda trace: trace.penalty,
    BATCH_LOSS: lambda trace: trace.batch_loss,
}
_STORED: Mapping[str, Callable[[Trace, int, int, int], float]] = {
    "x": lambda trace, l, s, i: trace.X().item(s, i),
    "y": lambda trace, l, s, k: trace.Y().item(s, k),
    "z": lambda trace, l, s, j: trace.Z(l).item(s, j),
    "a": lambda trace, l, s, j: trace.A(l).item(s, j),
    "dL/da": lambda trace, l, s, j: trace.dA(l).item(s, j),
    "da/dz": lambda trace, l, s, j: trace.D(l).item(s, j),
    "dL/dz": lambda trace, l, s, j: trace.dZ(l).item(s, j),
    "loss": lambda trace, l, s, _: trace.losses.item(s),
}
"""Where the value of a sample's quantity lies in the trace: layer, sample's position, index from 0."""
