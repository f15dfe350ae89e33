"""The operations of one iteration, listed one by one from the text of the format of version 1, "Order of operations".

The slow, explicit way: loops over a session's mapping that share nothing with the engine. With each operation stand
its unit (phase, sample, layer, part) and how many parts FACTOR walks through in it ("Cursor and units").
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from tests.engine import reference
from tests.engine.networks import activation_name
from tests.engine.reference import is_frozen

MOMENTS = {"first_moment": 2, "second_moment": 2, "first_moment_hat": 2, "second_moment_hat": 2}
STAGES = {
    "gradient_descent": {"w": 2},
    "momentum": {"velocity": 2, "w": 2},
    "nesterov": {"velocity": 2, "w": 3},  # w - η gradient - η μ velocity
    "adagrad": {"square_sum": 2, "w": 2},
    "rmsprop": {"square_average": 2, "w": 2},
    "adam": {**MOMENTS, "w": 2},
    "adamw": {**MOMENTS, "w": 3},  # w - η λ w - η first_moment_hat / (...)
}
"""What an optimizer writes for one parameter, in order (w stands for the parameter itself), and how many parts each
stage has: its terms; the corrected moments have one term, of two factors."""

COMBINED = ("binary_cross_entropy", "cross_entropy")
"""Losses whose delta is narrated as a (times the sum of y) minus y: two terms."""


class Row(NamedTuple):
    """One operation: where it stands, what it writes (sample: row of the data, from 1), and FACTOR's parts."""

    phase: str
    sample: int | None
    layer: int | None
    part: tuple[Any, ...]
    kind: str
    quantity: str
    parts: int


class Net:
    """What the order needs to know of a session: sizes, kinds of layer, and the ways from the loss."""

    def __init__(self, session: Mapping[str, Any]) -> None:
        self.session = session
        self.layers = session["network"]["layers"]
        self.last = len(self.layers)
        self.sizes = [session["network"]["inputs"], *(layer["neurons"] for layer in self.layers)]
        self.ways_to_a, self.ways_to_z = self._ways()
        self.rates = [rate for rate in session["penalty"].values() if rate]

    def has_means(self, samples: int) -> bool:
        """Whether batch loss and mean gradients are written: with several samples, or with a penalty."""
        return samples > 1 or bool(self.rates)

    def neurons(self, l: int) -> range:
        return range(1, self.sizes[l] + 1)

    def is_softmax(self, l: int) -> bool:
        return activation_name(self.layers[l - 1]) == "softmax"

    def has_slope(self, l: int) -> bool:
        return activation_name(self.layers[l - 1]) == "prelu"

    def bias(self, l: int) -> str:
        return str(self.layers[l - 1].get("bias", "per_neuron"))

    def _ways(self) -> tuple[Callable[[int], int], Callable[[int], int]]:
        """How many ways lead from the loss to an activation, and to a pre-activation, of layer l."""

        @cache
        def to_a(l: int) -> int:
            return 1 if l == self.last else sum(to_z(l + 1) for _ in self.neurons(l + 1))

        @cache
        def to_z(l: int) -> int:
            return sum(to_a(l) for _ in self.neurons(l)) if self.is_softmax(l) else to_a(l)

        return to_a, to_z

    def chain_to_a(self, l: int) -> int:
        """Factors from the loss to an activation along one way: dL/da of the output, then da/dz and dz/da a layer."""
        return 1 if l == self.last else self.chain_to_a(l + 1) + 2


def operations(session: Mapping[str, Any], iteration: int) -> list[Row]:
    """All operations of an iteration, in order."""
    net = Net(session)
    samples = [row + 1 for row in reference.batch_rows(session, iteration)]
    found = [row for sample in samples for row in _forward(net, sample)]
    found += [Row("loss", sample, None, ("loss",), "sample_loss", "loss", 1) for sample in samples]
    found += _of_batch(net, len(samples))
    found += [row for sample in samples for row in _backward(net, sample)]
    if net.has_means(len(samples)):
        for name in reference.names(session):
            terms = len(samples) + len(net.rates) * name.startswith("w")  # one term alone is one factor, without 1/m
            part = (name,)
            found.append(Row("backward", None, layer_of(name), part, "mean_gradient", f"grad[{name}]", terms))
    return found + list(_update(session))


def _of_batch(net: Net, samples: int) -> Iterator[Row]:
    """The penalty, then the loss of the batch."""
    if net.rates:
        weights = sum(n * inputs for n, inputs in zip(net.sizes[1:], net.sizes, strict=False))
        factors = 2 if net.session["penalty"]["l1"] else 3  # of one term alone: l1·|w|, or l2/2·w·w
        terms = weights * len(net.rates)
        yield Row("loss", None, None, ("penalty",), "penalty", "penalty", terms if terms > 1 else factors)
    if net.has_means(samples):
        parts = samples + bool(net.rates)
        yield Row("loss", None, None, ("batch_loss",), "batch_loss", "batch_loss", parts)


def _forward(net: Net, sample: int) -> Iterator[Row]:
    for l in range(1, net.last + 1):
        terms = net.sizes[l - 1] + (net.bias(l) != "none")
        z_parts = terms if terms > 1 else 2  # one term alone: its two factors, w and a

        def z(j: int, part: tuple[Any, ...], l: int = l, parts: int = z_parts) -> Row:
            return Row("forward", sample, l, part, "pre_activation", f"z[{l},{j}]", parts)

        def a(j: int, part: tuple[Any, ...], l: int = l) -> Row:
            return Row("forward", sample, l, part, "activation", f"a[{l},{j}]", 1)

        if net.is_softmax(l):
            yield from (z(j, ("z", j)) for j in net.neurons(l))
            yield from (a(j, ("a", j)) for j in net.neurons(l))
        else:
            for j in net.neurons(l):
                yield z(j, (j,))
                yield a(j, (j,))


def _backward(net: Net, sample: int) -> Iterator[Row]:
    for l in range(net.last, 0, -1):
        yield from _deltas(net, sample, l)
        chain = net.chain_to_a(l) + 2 if net.ways_to_z(l) == 1 else 2
        for j in net.neurons(l):
            for i in net.neurons(l - 1):
                quantity = f"dL/dw[{l},{j},{i}]"
                yield Row("backward", sample, l, ("row", j), "weight_gradient", quantity, chain)
        if net.bias(l) == "shared":
            parts = net.sizes[l] if net.sizes[l] > 1 else chain
            yield Row("backward", sample, l, ("bias",), "bias_gradient", f"dL/db[{l}]", parts)
        if net.bias(l) == "per_neuron":
            for j in net.neurons(l):
                yield Row("backward", sample, l, ("bias", j), "bias_gradient", f"dL/db[{l},{j}]", chain)
        if net.has_slope(l):
            one_way = net.chain_to_a(l) + 1 if net.ways_to_a(l) == 1 else 2
            parts = net.sizes[l] if net.sizes[l] > 1 else one_way
            yield Row("backward", sample, l, ("slope",), "slope_gradient", f"dL/dslope[{l}]", parts)


def _deltas(net: Net, sample: int, l: int) -> Iterator[Row]:
    kind = "loss_derivative" if l == net.last else "activation_gradient"
    above = net.sizes[l + 1] if l < net.last else 1
    a_parts = net.chain_to_a(l) if net.ways_to_a(l) == 1 else above if above > 1 else 2
    softmax_terms = 2 if l == net.last and net.session["loss"] in COMBINED else net.sizes[l]
    several = softmax_terms if net.is_softmax(l) else 2
    z_parts = net.chain_to_a(l) + 1 if net.ways_to_z(l) == 1 else several

    def row(j: int, what: str, kind: str, parts: int) -> Row:
        part = (what, j) if net.is_softmax(l) else ("delta", j)
        return Row("backward", sample, l, part, kind, f"{what}[{l},{j}]", parts)

    if net.is_softmax(l):
        yield from (row(j, "dL/da", kind, a_parts) for j in net.neurons(l))
        yield from (row(j, "dL/dz", "delta", z_parts) for j in net.neurons(l))
        return
    for j in net.neurons(l):
        yield row(j, "dL/da", kind, a_parts)
        yield row(j, "da/dz", "activation_derivative", 1)
        yield row(j, "dL/dz", "delta", z_parts)


def _update(session: Mapping[str, Any]) -> Iterator[Row]:
    for name in reference.names(session):
        if is_frozen(session, name):
            continue
        for stage, parts in STAGES[session["optimizer"]["name"]].items():
            kind, quantity = ("parameter_update", name) if stage == "w" else (stage, f"{stage}[{name}]")
            yield Row("update", None, layer_of(name), (name,), kind, quantity, parts)


def layer_of(name: str) -> int:
    """The layer of a parameter: 2 of w[2,1,1], of b[2] and of slope[2]."""
    return int(name.split("[")[1].split(",")[0].rstrip("]"))


def cells(session: Mapping[str, Any], iteration: int) -> list[tuple[str, int | None]]:
    """Everything that an iteration computes, in no order: (quantity, sample), from the table of quantities."""
    net = Net(session)
    found: list[tuple[str, int | None]] = []
    samples = [row + 1 for row in reference.batch_rows(session, iteration)]
    for sample in samples:
        found.append(("loss", sample))
        for l in range(1, net.last + 1):
            kinds = ["z", "a", "dL/da", "dL/dz"] + ["da/dz"] * (not net.is_softmax(l))
            found += [(f"{kind}[{l},{j}]", sample) for kind in kinds for j in net.neurons(l)]
        found += [(f"dL/d{name}", sample) for name in reference.names(session)]
    if net.rates:
        found.append(("penalty", None))
    if net.has_means(len(samples)):
        found.append(("batch_loss", None))
        found += [(f"grad[{name}]", None) for name in reference.names(session)]
    for name in reference.names(session):
        stages = {} if is_frozen(session, name) else STAGES[session["optimizer"]["name"]]
        found += [(name if stage == "w" else f"{stage}[{name}]", None) for stage in stages]
    return found
