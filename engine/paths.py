"""The chain of a gradient: its expansion down to the loss, link by link.

dL/dw5 = dL/dŷ · dŷ/dz_out · dz_out/dw5. Where several ways lead from the loss to a quantity, the chain begins with
the sum over them, and each of its branches is a chain again. The product after every link is itself a quantity of the
iteration (δ, dL/da ...), so a walk along the chain shows stored values only.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import NamedTuple

from engine.descriptions import Narrator, constants_written, jacobian_entry, slope_factor
from engine.expressions import Expression, Number, Product, Sum
from engine.network import Network
from engine.operations import Factor, Lazy, product_of, symbol_of
from engine.quantities import Quantity

GRADIENTS = ("dL/da", "dL/dz", "dL/dw", "dL/db", "dL/dslope")


class Link(NamedTuple):
    """One factor of a chain: the partial derivative, the local rule that gives it, the quantity that the product has
    become after it, and that quantity's stored value."""

    factor: Factor
    rule: Expression
    reached: Quantity
    product: float


class Chain(NamedTuple):
    """A gradient as a product of links; with several ways it begins with the sum over `branches`, made when asked."""

    quantity: Quantity
    sample: int
    value: float
    links: tuple[Link, ...] = ()
    branches: Sequence["Chain"] = ()

    def written(self, write: Callable[[Factor], Expression]) -> Expression:
        """The chain as an expression, each factor as `write` gives it."""
        factors: list[Expression] = [product_of((link.factor,), write) for link in self.links]
        if self.branches:
            branches = self.branches
            factors.insert(0, Sum(Lazy(len(branches), lambda i: branches[i].written(write))))
        return factors[0] if len(factors) == 1 else Product(tuple(factors))

    @property
    def symbols(self) -> Expression:
        """dL/dŷ·dŷ/dz_out·dz_out/dw5."""
        return self.written(symbol_of)

    @property
    def numbers(self) -> Expression:
        """0.7414·0.1868·0.5933."""
        return self.written(lambda factor: Number(factor.value))


def path_count(network: Network, quantity: Quantity) -> int:
    """How many ways lead from the loss to the quantity of a gradient."""
    kind, indices, _ = quantity
    l = indices[0]
    beyond = prod(layer.neurons * _spread(network, l + 1 + i) for i, layer in enumerate(network.layers[l:]))
    inside = 1 if kind in ("dL/da", "dL/dslope") else _spread(network, l)
    sharing = network.sizes[l] if kind != "dL/da" and len(indices) == 1 else 1
    return beyond * inside * sharing


def _spread(network: Network, l: int) -> int:
    """How many activations one pre-activation of the layer moves."""
    layer = network.layers[l - 1]
    return 1 if layer.function.is_elementwise else layer.neurons


def chain(narrator: Narrator, quantity: Quantity, s: int) -> Chain:
    """The chain of a gradient of the sample at position s of the batch; ValueError for any other quantity."""
    kind, indices, _ = quantity
    if kind not in GRADIENTS:
        raise ValueError(f"{quantity} is no gradient, so it has no chain")
    return CHAINS[kind](narrator, indices, s)


def _new(n: Narrator, quantity: Quantity, s: int, branches: Sequence[Chain] = ()) -> Chain:
    return Chain(quantity, n.row(s), n.stored(quantity, s), (), branches)


def _extended(
    n: Narrator, before: Chain, quantity: Quantity, s: int, factor: Factor, rule: Expression, alone: bool = True
) -> Chain:
    """The chain of `quantity`: that of the quantity before it, times one more factor. Where it is not `alone` it is one
    way of several, and its product only a part of the stored value."""
    value = n.stored(quantity, s) if alone else before.value * factor.value
    link = Link(factor, rule, quantity, value)
    return before._replace(quantity=quantity, value=value, links=(*before.links, link))


def _activation(n: Narrator, indices: tuple[int, ...], s: int) -> Chain:
    l, j = indices
    quantity = Quantity("dL/da", (l, j))
    if l == n.network.last:
        factor = n.factor(quantity, s)
        operation = n.describe(n.program.writer(quantity, s) or 0)
        return _extended(n, _new(n, quantity, s), quantity, s, factor, operation.formula)

    def through(k: int) -> Chain:
        """The way through neuron k of the next layer."""
        weight = n.factor(Quantity("w", (l + 1, k, j)), None)
        above = Quantity("z", (l + 1, k))
        factor = weight._replace(symbol=n.notation.derivative(above, Quantity("a", (l, j))))
        return _extended(n, _delta(n, (l + 1, k), s), quantity, s, factor, weight.symbol, neurons == 1)

    neurons = n.network.sizes[l + 1]
    return through(1) if neurons == 1 else _new(n, quantity, s, Lazy(neurons, lambda i: through(i + 1)))


def _delta(n: Narrator, indices: tuple[int, ...], s: int) -> Chain:
    l, j = indices
    quantity, function = Quantity("dL/dz", (l, j)), n.layer(l).function
    if function.rule is not None:
        a, z = Quantity("a", (l, j)), Quantity("z", (l, j))
        factor = n.factor(Quantity("da/dz", (l, j)), s)
        rule = function.rule(n.symbol(z), n.symbol(a), constants_written(n, l, n.symbol))
        return _extended(n, _activation(n, (l, j), s), quantity, s, factor, rule)

    def through(k: int) -> Chain:
        """The way through activation k of the softmax."""
        above, below = n.symbol(Quantity("a", (l, k))), n.symbol(Quantity("a", (l, j)))
        rule = function.jacobian_rule
        written = rule(above, below, k == j) if rule else above
        entry = jacobian_entry(n, s, l, k, j)
        return _extended(n, _activation(n, (l, k), s), quantity, s, entry, written, neurons == 1)

    neurons = n.network.sizes[l]
    return through(1) if neurons == 1 else _new(n, quantity, s, Lazy(neurons, lambda i: through(i + 1)))


def _weight(n: Narrator, indices: tuple[int, ...], s: int) -> Chain:
    l, j, i = indices
    source = n.factor(n.source(l - 1, i), s)
    written = n.notation.derivative(Quantity("z", (l, j)), Quantity("w", indices))
    quantity = Quantity("dL/dw", indices)
    return _extended(n, _delta(n, (l, j), s), quantity, s, source._replace(symbol=written), source.symbol)


def _bias(n: Narrator, indices: tuple[int, ...], s: int) -> Chain:
    l, *own = indices
    quantity, bias = Quantity("dL/db", indices), Quantity("b", indices)

    def through(j: int) -> Chain:
        """The way through neuron j; the derivative of a sum by what is added is 1."""
        written = n.notation.derivative(Quantity("z", (l, j)), bias)
        return _extended(n, _delta(n, (l, j), s), quantity, s, Factor(written, 1), Number(1), len(neurons) == 1)

    neurons = own or range(1, n.network.sizes[l] + 1)
    if len(neurons) == 1:
        return through(neurons[0])
    return _new(n, quantity, s, Lazy(len(neurons), lambda i: through(neurons[i])))


def _slope(n: Narrator, indices: tuple[int, ...], s: int) -> Chain:
    (l,) = indices
    quantity, rule = Quantity("dL/dslope", indices), n.layer(l).function.slope
    assert rule is not None

    def through(j: int) -> Chain:
        """The way through neuron j of the layer."""
        written = rule.rule(n.symbol(Quantity("z", (l, j))))
        return _extended(
            n, _activation(n, (l, j), s), quantity, s, slope_factor(n, s, l, j), written, neurons == 1
        )

    neurons = n.network.sizes[l]
    return through(1) if neurons == 1 else _new(n, quantity, s, Lazy(neurons, lambda i: through(i + 1)))


CHAINS: Mapping[str, Callable[[Narrator, tuple[int, ...], int], Chain]] = {
    "dL/da": _activation,
    "dL/dz": _delta,
    "dL/dw": _weight,
    "dL/db": _bias,
    "dL/dslope": _slope,
}
LAST_LINKS = {"dL/da": 1, "dL/dz": 2, "dL/dw": 3, "dL/db": 3, "dL/dslope": 2}
"""How many links the chain of a gradient has within its own layer."""


def parts(narrator: Narrator, k: int) -> int:
    """How many parts FACTOR walks through in operation k: the links of a gradient's chain where there is one way from
    the loss; otherwise the factors of one term, the terms of several, and 1 for an application."""
    operation = narrator.describe(k)
    quantity = operation.quantity
    if quantity.kind in GRADIENTS and path_count(narrator.network, quantity) == 1:
        after = 2 * (narrator.network.last - quantity.indices[0])
        return after + LAST_LINKS[quantity.kind]
    return len(operation.terms) if len(operation.terms) > 1 else len(operation.terms[0])
