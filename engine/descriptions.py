"""The description of operation k of an iteration, read off its trace when it is asked for.

DESCRIPTIONS says, kind by kind, what is multiplied and added. That is what panels show, the CSV writes and the tests
hold against the arrays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.expressions import Expression, Fraction, Number
from engine.iteration import Trace
from engine.losses import LOSSES
from engine.notation import Notation
from engine.operations import MINUS, ONE, Factor, Lazy, Operation, Read, Term
from engine.optimizers import GRADIENT, OPTIMIZERS, PARAMETER, Constant, Function, Now, Old, Part
from engine.program import Location, Program
from engine.quantities import BATCH_LOSS, LOSS, Quantity, gradient_of, mean_gradient_of
from engine.spec import Layer

Leaf: TypeAlias = Callable[[Quantity], Expression]


class Narrator:
    """Describes the operations of one trace in one notation."""

    def __init__(self, trace: Trace, program: Program, notation: Notation) -> None:
        self.trace, self.program, self.notation = trace, program, notation
        self.network = trace.spec.network

    def describe(self, k: int) -> Operation:
        """Operation k, from 0; IndexError beyond the iteration's operations."""
        here = self.program.locate(k)
        quantity = self.program.quantity(here)
        sample = None if here.s is None else self.row(here.s)
        description = DESCRIPTIONS.get(here.kind, _stage)(self, here, quantity)
        value = self.stored(quantity, here.s)
        substituted = None
        if isinstance(description, Applied):
            factor = Factor(description.write(self.symbol), value, self._reads_of(description, sample))
            substituted = description.write(lambda leaf: Number(self.stored(leaf, here.s)))
            terms: Sequence[Term] = ((factor,),)
        else:
            terms = description
        return Operation(
            self.trace.iteration, k + 1, here.section.phase, here.kind, here.block.layer, sample,
            quantity, self.symbol(quantity), value, terms, substituted,
        )  # fmt: skip

    def _reads_of(self, application: "Applied", sample: int | None) -> tuple[Read, ...]:
        """The leaves that an application's formula really uses."""
        used: dict[Quantity, None] = {}

        def note(leaf: Quantity) -> Expression:
            used[leaf] = None
            return Number(0)

        application.write(note)
        return tuple(Read(leaf, sample) for leaf in used)

    def row(self, s: int) -> int:
        """The row of the data, from 1, of the sample at position s of the batch."""
        return self.trace.rows[s] + 1

    def symbol(self, quantity: Quantity) -> Expression:
        """How a quantity is written. What has one name for sample and batch (a batch of one) is the sample's."""
        if self.trace.samples == 1 and quantity.kind == "grad" and quantity.parameter:
            return self.notation.symbol(gradient_of(quantity.parameter))
        return self.notation.symbol(LOSS if self.trace.samples == 1 and quantity == BATCH_LOSS else quantity)

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
        """The value that this iteration has computed for `quantity`, of the sample at position s where it has one; for
        parameters and slots the new one. Gradients of one sample of several are formed here, from the stored delta."""
        trace, (kind, indices, parameter) = self.trace, quantity
        if parameter:
            return trace.new(GRADIENT if kind == "grad" else kind, parameter)
        if quantity.is_parameter:
            return trace.new(PARAMETER, quantity)
        if quantity == BATCH_LOSS:
            return trace.batch_loss
        if s is None:
            raise ValueError(f"{quantity} belongs to a sample")
        if kind in _STORED:
            layer, place = (indices[0], indices[-1] - 1) if indices else (0, 0)
            return float(_STORED[kind](trace, layer, s, place))
        if trace.samples == 1:
            return trace.new(GRADIENT, Quantity(kind.removeprefix("dL/d"), indices))
        deltas = trace.dZ(indices[0])[s]
        if kind == "dL/dw":
            return float(deltas[indices[1] - 1]) * float(trace.A(indices[0] - 1)[s, indices[2] - 1])
        if len(indices) == 2:
            return float(deltas[indices[1] - 1])
        with np.errstate(all="ignore"):  # deltas of a diverged run
            return float(deltas.sum())


_STORED: Mapping[str, Callable[[Trace, int, int, int], float]] = {
    "x": lambda trace, l, s, i: trace.X()[s, i],
    "y": lambda trace, l, s, k: trace.Y()[s, k],
    "z": lambda trace, l, s, j: trace.Z(l)[s, j],
    "a": lambda trace, l, s, j: trace.A(l)[s, j],
    "dL/da": lambda trace, l, s, j: trace.dA(l)[s, j],
    "da/dz": lambda trace, l, s, j: trace.D(l)[s, j],
    "dL/dz": lambda trace, l, s, j: trace.dZ(l)[s, j],
    "loss": lambda trace, l, s, _: trace.losses[s],
}
"""Where the value of a sample's quantity lies in the trace: layer, sample's position, index from 0."""


@dataclass(frozen=True)
class Applied:
    """The application of a function. write(leaf): its formula, with leaf(quantity) for each quantity it reads."""

    write: Callable[[Leaf], Expression]


Description: TypeAlias = Sequence[Term] | Applied


def _pre_activation(n: Narrator, here: Location, q: Quantity) -> Description:
    """Sum of w·a(before), plus b."""
    l, j = q.indices
    sources, bias = n.network.sizes[l - 1], n.bias(l, j)

    def term(i: int) -> Term:
        if i == sources and bias:
            return (n.factor(bias, None),)
        return n.factor(Quantity("w", (l, j, i + 1)), None), n.factor(n.source(l - 1, i + 1), here.s)

    return Lazy(sources + (bias is not None), term)


def _activation(n: Narrator, here: Location, q: Quantity) -> Description:
    l, j = q.indices
    function = n.layer(l).function

    def write(leaf: Leaf) -> Expression:
        return function.formula(Lazy(n.network.sizes[l], lambda i: leaf(Quantity("z", (l, i + 1)))), j - 1)

    return Applied(write)


def _predictions(n: Narrator, leaf: Leaf) -> tuple[Sequence[Expression], Sequence[Expression]]:
    last, outputs = n.network.last, range(1, n.network.sizes[-1] + 1)
    return [leaf(Quantity("a", (last, k))) for k in outputs], [leaf(Quantity("y", (k,))) for k in outputs]


def _sample_loss(n: Narrator, here: Location, q: Quantity) -> Description:
    return Applied(lambda leaf: LOSSES[n.trace.spec.loss].formula(*_predictions(n, leaf)))


def _one_over_m(n: Narrator) -> Factor:
    m = n.trace.samples
    return Factor(Fraction(Number(1), Number(m)), 1.0 / m)


def _batch_loss(n: Narrator, here: Location, q: Quantity) -> Description:
    """Mean of the sample losses: sum of 1/m·loss."""
    return Lazy(n.trace.samples, lambda s: (_one_over_m(n), n.factor(LOSS, s, marked=True)))


def _loss_derivative(n: Narrator, here: Location, q: Quantity) -> Description:
    rule, target = LOSSES[n.trace.spec.loss].gradient_rule, Quantity("y", q.indices[1:])
    return Applied(lambda leaf: rule(leaf(Quantity("a", q.indices)), leaf(target)))


def _activation_gradient(n: Narrator, here: Location, q: Quantity) -> Description:
    """Sum over the next layer of dL/dz·w."""
    l, j = q.indices

    def term(k: int) -> Term:
        delta, weight = Quantity("dL/dz", (l + 1, k + 1)), Quantity("w", (l + 1, k + 1, j))
        return n.factor(delta, here.s), n.factor(weight, None)

    return Lazy(n.network.sizes[l + 1], term)


def _activation_derivative(n: Narrator, here: Location, q: Quantity) -> Description:
    rule = n.layer(q.indices[0]).function.rule
    if rule is None:
        raise ValueError(f"{q} is not written by any operation")
    return Applied(lambda leaf: rule(leaf(Quantity("z", q.indices)), leaf(Quantity("a", q.indices))))


def _delta(n: Narrator, here: Location, q: Quantity) -> Description:
    """dL/da·da/dz, or the sum over softmax's Jacobian; combined with its own loss, a - y (see numerics of losses)."""
    l, j = q.indices
    loss, function = LOSSES[n.trace.spec.loss], n.layer(l).function
    if l == n.network.last and loss.delta is not None:
        return _combined_delta(n, here, q)
    if function.is_elementwise:
        return ((n.factor(Quantity("dL/da", (l, j)), here.s), n.factor(Quantity("da/dz", (l, j)), here.s)),)

    def term(k: int) -> Term:
        return n.factor(Quantity("dL/da", (l, k + 1)), here.s), jacobian_entry(n, here.s, l, k + 1, j)

    return Lazy(n.network.sizes[l], term)


def _combined_delta(n: Narrator, here: Location, q: Quantity) -> Description:
    prediction = n.factor(Quantity("a", q.indices), here.s)
    target = n.factor(Quantity("y", q.indices[1:]), here.s)
    scale = LOSSES[n.trace.spec.loss].delta_scale
    if scale is None:
        return (prediction,), (MINUS, target)
    names = [Quantity("y", (k,)) for k in range(1, n.network.sizes[-1] + 1)]
    targets = [n.factor(name, here.s) for name in names]
    written = scale([factor.symbol for factor in targets])
    total = Factor(written, sum(f.value for f in targets), tuple(read for f in targets for read in f.reads))
    return (prediction, total), (MINUS, target)


def jacobian_entry(n: Narrator, s: int | None, l: int, k: int, j: int) -> Factor:
    """da[l,k]/dz[l,j] of a softmax layer as a factor."""
    above, below = Quantity("a", (l, k)), Quantity("z", (l, j))
    reads = tuple(dict.fromkeys(Read(Quantity("a", (l, i)), n.row(s or 0)) for i in (k, j)))
    return Factor(n.notation.derivative(above, below), float(n.trace.jacobian(l, s or 0)[k - 1, j - 1]), reads)


def _weight_gradient(n: Narrator, here: Location, q: Quantity) -> Description:
    """dL/dz·a(before)."""
    l, j, i = q.indices
    return ((n.factor(Quantity("dL/dz", (l, j)), here.s), n.factor(n.source(l - 1, i), here.s)),)


def _bias_gradient(n: Narrator, here: Location, q: Quantity) -> Description:
    """dL/dz·1, summed over the neurons that share the bias."""
    l, *own = q.indices
    neurons = own or range(1, n.network.sizes[l] + 1)
    return Lazy(len(neurons), lambda j: (n.factor(Quantity("dL/dz", (l, neurons[j])), here.s), ONE))


def _mean_gradient(n: Narrator, here: Location, q: Quantity) -> Description:
    """Sum of 1/m·gradient of each sample."""
    assert q.parameter is not None
    gradient = gradient_of(q.parameter)
    return Lazy(n.trace.samples, lambda s: (_one_over_m(n), n.factor(gradient, s, marked=True)))


def _stage(n: Narrator, here: Location, q: Quantity) -> Description:
    """One of the optimizer's stages, from its own terms."""
    parameter = q.parameter or q
    name = PARAMETER if q.is_parameter else q.kind
    stage = next(stage for stage in OPTIMIZERS[n.trace.spec.optimizer.name].stages if stage.name == name)
    return [tuple(_part(n, part, parameter) for part in term) for term in stage.terms]


def _part(n: Narrator, part: Part, parameter: Quantity) -> Factor:
    def named(name: str) -> Quantity:
        return parameter if name == PARAMETER else Quantity(name, (), parameter)

    match part:
        case Old(name):
            return Factor(n.symbol(named(name)), n.trace.old(name, parameter), (Read(named(name)),))
        case Now("gradient"):
            return _gradient(n, parameter)
        case Now(name):
            return Factor(n.symbol(named(name)), n.trace.new(name, parameter), (Read(named(name)),))
        case Constant(symbol, value, is_negative):
            return Factor(symbol, value(n.trace.hyperparameters, n.trace.iteration), (), is_negative)
        case Function(of, symbol, compute):
            inner = n.symbol(named(of))
            return Factor(symbol(inner), _computed(n, of, compute, parameter), (Read(named(of)),))


def _gradient(n: Narrator, parameter: Quantity) -> Factor:
    """What the optimizer gets: the batch's mean, or the only sample's gradient."""
    alone = n.trace.samples == 1
    quantity = gradient_of(parameter) if alone else mean_gradient_of(parameter)
    return n.factor(quantity, 0 if alone else None)


def _computed(n: Narrator, of: str, compute: Callable[..., object], parameter: Quantity) -> float:
    out = np.array([n.trace.new(of, parameter)])
    with np.errstate(all="ignore"):  # as in the run
        compute(out, n.trace.hyperparameters, out)
    return float(out[0])


DESCRIPTIONS: Mapping[str, Callable[[Narrator, Location, Quantity], Description]] = {
    "pre_activation": _pre_activation,
    "activation": _activation,
    "sample_loss": _sample_loss,
    "batch_loss": _batch_loss,
    "loss_derivative": _loss_derivative,
    "activation_gradient": _activation_gradient,
    "activation_derivative": _activation_derivative,
    "delta": _delta,
    "weight_gradient": _weight_gradient,
    "bias_gradient": _bias_gradient,
    "mean_gradient": _mean_gradient,
}
"""What each kind of operation reads; every other kind is a stage of the optimizer."""
