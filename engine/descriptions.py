"""The description of operation k of an iteration, read off its trace when it is asked for.

DESCRIPTIONS says, kind by kind, what is multiplied and added. That is what panels show, the CSV writes and the tests
hold against the arrays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.expressions import Application, Expression, Fraction, Number, Symbol
from engine.losses import LOSSES
from engine.notation import Notation
from engine.operations import MINUS, ONE, Factor, Lazy, Operation, Read, Term
from engine.program import Location, Program
from engine.quantities import LOSS, PENALTY, Quantity, gradient_of
from engine.stages import stage_terms
from engine.trace import Trace
from engine.values import Values

Leaf: TypeAlias = Callable[[Quantity], Expression]


class Narrator(Values):
    """Describes the operations of one trace in one notation."""

    def __init__(self, trace: Trace, program: Program, notation: Notation) -> None:
        super().__init__(trace, notation)
        self.program = program

    def result(self, k: int) -> tuple[Quantity, int | None, float]:
        """What operation k, from 0, writes: the quantity, its sample (row of the data, from 1) and the value."""
        here = self.program.locate(k)
        quantity = self.program.quantity(here)
        return quantity, None if here.s is None else self.row(here.s), self.stored(quantity, here.s)

    def describe(self, k: int) -> Operation:
        """Operation k, from 0; IndexError beyond the iteration's operations."""
        here = self.program.locate(k)
        quantity, sample, value = self.result(k)
        description = DESCRIPTIONS.get(here.kind, _stage)(self, here, quantity)
        substituted = None
        if isinstance(description, Applied):
            factor = Factor(description.write(self.symbol), value, self._reads_of(description, sample))
            substituted = description.write(lambda leaf: Number(self.factor(leaf, here.s).value))
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
        return tuple(Read(leaf, None if leaf.is_parameter else sample) for leaf in used)


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
    layer = n.layer(l)

    def write(leaf: Leaf) -> Expression:
        zs = Lazy(layer.neurons, lambda i: leaf(Quantity("z", (l, i + 1))))
        return layer.function.formula(zs, j - 1, constants_written(n, l, leaf))

    return Applied(write)


def constants_written(n: Narrator, l: int, leaf: Leaf) -> dict[str, Expression]:
    """How the constants of a layer's activation are written: as numbers, a trained one as the quantity it is."""
    layer = n.layer(l)
    numbers: dict[str, Expression] = {name: Number(value) for name, value in layer.all_constants.items()}
    return numbers | ({"slope": leaf(Quantity("slope", (l,)))} if layer.has_slope else {})


def _predictions(n: Narrator, leaf: Leaf) -> tuple[Sequence[Expression], Sequence[Expression]]:
    last, outputs = n.network.last, range(1, n.network.sizes[-1] + 1)
    return [leaf(Quantity("a", (last, k))) for k in outputs], [leaf(Quantity("y", (k,))) for k in outputs]


def _sample_loss(n: Narrator, here: Location, q: Quantity) -> Description:
    return Applied(lambda leaf: LOSSES[n.trace.spec.loss].formula(*_predictions(n, leaf)))


def _mean(n: Narrator, quantity: Quantity, added: Sequence[Term]) -> Description:
    """Sum over the batch of 1/m·quantity, and what is added to the mean."""
    m = n.trace.samples
    share = Factor(Fraction(Number(1), Number(m)), 1.0 / m)

    def term(i: int) -> Term:
        if i >= m:
            return added[i - m]
        return (n.factor(quantity, i),) if m == 1 else (share, n.factor(quantity, i, marked=True))

    return Lazy(m + len(added), term)


def _penalty(n: Narrator, here: Location, q: Quantity) -> Description:
    """Sum over the weights of l1·|w|, then of l2/2·w·w, where the rate is not 0."""
    rates, count = n.trace.spec.penalty, n.trace.parameters.weight_count
    forms = [form for rate, form in ((rates.l1, _l1_term), (rates.l2, _l2_term)) if rate]

    def term(i: int) -> Term:
        return forms[i // count](n, n.trace.parameters.weight(i % count))

    return Lazy(count * len(forms), term)


def _l1_term(n: Narrator, weight: Quantity) -> Term:
    """l1·|w|."""
    w = n.factor(weight, None)
    return Factor(_L1, n.trace.spec.penalty.l1), _function_of(w, "abs", abs)


def _l2_term(n: Narrator, weight: Quantity) -> Term:
    """l2/2·w·w."""
    w = n.factor(weight, None)
    return Factor(Fraction(_L2, Number(2)), 0.5 * n.trace.spec.penalty.l2), w, w


def _penalty_gradient(n: Narrator, weight: Quantity) -> list[Term]:
    """l1·sign(w) and l2·w, where the rate is not 0; nothing for biases and slopes."""
    rates, w = n.trace.spec.penalty, n.factor(weight, None)
    terms = (
        (rates.l1, (Factor(_L1, rates.l1), _function_of(w, "sign", np.sign))),
        (rates.l2, (Factor(_L2, rates.l2), w)),
    )
    return [term for rate, term in terms if rate and weight.kind == "w"]


def _function_of(factor: Factor, name: str, compute: Callable[[float], float]) -> Factor:
    return factor._replace(symbol=Application(name, (factor.symbol,)), value=float(compute(factor.value)))


_L1, _L2 = Symbol("λ", "1", tight=True), Symbol("λ", "2", tight=True)


def _batch_loss(n: Narrator, here: Location, q: Quantity) -> Description:
    """Mean of the sample losses: sum of 1/m·loss, plus the penalty."""
    return _mean(n, LOSS, ((n.factor(PENALTY, None),),) if n.trace.spec.penalty else ())


def _loss_derivative(n: Narrator, here: Location, q: Quantity) -> Description:
    rule, target = LOSSES[n.trace.spec.loss].gradient_rule, Quantity("y", q.indices[1:])
    outputs = n.network.sizes[-1]
    return Applied(lambda leaf: rule(leaf(Quantity("a", q.indices)), leaf(target), outputs))


def _activation_gradient(n: Narrator, here: Location, q: Quantity) -> Description:
    """Sum over the next layer of dL/dz·w."""
    l, j = q.indices

    def term(k: int) -> Term:
        delta, weight = Quantity("dL/dz", (l + 1, k + 1)), Quantity("w", (l + 1, k + 1, j))
        return n.factor(delta, here.s), n.factor(weight, None)

    return Lazy(n.network.sizes[l + 1], term)


def _activation_derivative(n: Narrator, here: Location, q: Quantity) -> Description:
    l, _ = q.indices
    rule = n.layer(l).function.rule
    if rule is None:
        raise ValueError(f"{q} is not written by any operation")
    z, a = Quantity("z", q.indices), Quantity("a", q.indices)
    return Applied(lambda leaf: rule(leaf(z), leaf(a), constants_written(n, l, leaf)))


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


def slope_factor(n: Narrator, s: int | None, l: int, j: int) -> Factor:
    """da[l,j]/dslope[l] as a factor."""
    written = n.notation.derivative(Quantity("a", (l, j)), Quantity("slope", (l,)))
    value = float(n.trace.slope_derivatives(l)[s or 0, j - 1])
    return Factor(written, value, (Read(Quantity("z", (l, j)), n.row(s or 0)),))


def _slope_gradient(n: Narrator, here: Location, q: Quantity) -> Description:
    """Sum over the layer's neurons of dL/da·da/dslope."""
    (l,) = q.indices

    def term(j: int) -> Term:
        return n.factor(Quantity("dL/da", (l, j + 1)), here.s), slope_factor(n, here.s, l, j + 1)

    return Lazy(n.network.sizes[l], term)


def _mean_gradient(n: Narrator, here: Location, q: Quantity) -> Description:
    """Sum of 1/m·gradient of each sample, plus the penalty's."""
    assert q.parameter is not None
    return _mean(n, gradient_of(q.parameter), _penalty_gradient(n, q.parameter))


def _stage(n: Narrator, here: Location, q: Quantity) -> Description:
    """One of the optimizer's stages, from its own terms."""
    return stage_terms(n, q)


DESCRIPTIONS: Mapping[str, Callable[[Narrator, Location, Quantity], Description]] = {
    "pre_activation": _pre_activation,
    "activation": _activation,
    "sample_loss": _sample_loss,
    "penalty": _penalty,
    "batch_loss": _batch_loss,
    "loss_derivative": _loss_derivative,
    "activation_gradient": _activation_gradient,
    "activation_derivative": _activation_derivative,
    "delta": _delta,
    "weight_gradient": _weight_gradient,
    "bias_gradient": _bias_gradient,
    "slope_gradient": _slope_gradient,
    "mean_gradient": _mean_gradient,
}
"""What each kind of operation reads; every other kind is a stage of the optimizer."""
