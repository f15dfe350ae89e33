"""All ways from the loss to a quantity: a gradient is the sum of their products. Counted exactly, listed largest first.

A network of 64 neurons in each of ten layers has 64^10 ways, so nothing is listed before it is asked for. What lies
below a neuron can enlarge a way at most by a known factor (dynamic programming over the layers), and a best-first
search that follows these bounds finds the next largest way without looking at the others.

Sizes are compared by their logarithms, which neither overflow nor vanish. A way with a factor 0 has no size and comes
last; infinite factors, and those that are not a number, count as larger than all others, so their ways come first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import heappop, heappush
from math import inf, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.descriptions import Narrator, jacobian_entry, slope_factor
from engine.losses import LOSSES
from engine.operations import Factor, Lazy
from engine.optimizers import PARAMETER
from engine.paths import GRADIENTS, path_count
from engine.quantities import PARAMETER_GRADIENTS, Quantity

AT_ACTIVATION = ("dL/da", "dL/dslope")
"""Gradients whose ways end at an activation, before its function is passed."""
HUGE = 1e6
"""The logarithm that stands for what is not finite; that of the largest product of finite factors is below it."""


@dataclass(frozen=True)
class Way:
    """One way from the loss to the quantity.

    neurons: (layer, neuron) from the output down; a softmax layer stands twice, with the activation that the way takes
    and with the pre-activation it goes on to. factors: one partial derivative a link, made when asked for. share: of
    the gradient; ways that cancel have shares below 0 and above 1, and nan stands where the gradient is 0.
    """

    quantity: Quantity
    neurons: tuple[tuple[int, int], ...]
    product: float
    share: float = field(compare=False)
    factors: Sequence[Factor] = field(compare=False)


class Stage(NamedTuple):
    """The links into one row of neurons: matrix (neurons before, neurons here) times scale (neurons here,).

    names: the neurons here, from 1. Two arrays, so that a layer's weights need not be copied.
    """

    layer: int
    names: Sequence[int]
    matrix: Array
    scale: Array


class Ways:
    """All ways from the loss of the sample at position s of the batch to `quantity`.

    count: how many, exactly. total: the stored gradient. popped: how often the search has taken up a beginning.
    """

    def __init__(self, narrator: Narrator, quantity: Quantity, s: int) -> None:
        """ValueError for a quantity that is no gradient of a sample."""
        if quantity.kind not in GRADIENTS:
            raise ValueError(f"{quantity} is no gradient, so no ways lead to it")
        self.quantity, self.sample = quantity, narrator.row(s)
        self.count = path_count(narrator.network, quantity)
        self.total = narrator.stored(quantity, s)
        self.popped = 0
        self._narrator, self._s = narrator, s
        self._stages = _stages(narrator, quantity, s)

    @cached_property
    def magnitude(self) -> float:
        """The sum of |product| over all ways; nan where a factor is not finite."""
        below = np.ones(len(self._stages[-1].names))
        for stage in reversed(self._stages):
            below = np.abs(stage.matrix) @ (np.abs(stage.scale) * below)
        return float(below[0]) if np.isfinite(below[0]) else nan

    def covered(self, ways: Sequence[Way]) -> float:
        """The share of all magnitudes that these ways have; nan where that means nothing."""
        return min(sum(abs(way.product) for way in ways) / self.magnitude, 1.0) if self.magnitude > 0 else nan

    def largest_first(self) -> Iterator[Way]:
        """Every way once, by |product| from the largest on, as exactly as floats tell."""
        for places in self._search():
            yield self._way(places)

    @cached_property
    def _bounds(self) -> list[Array]:
        """For each stage the logarithm of the largest |product| of what can follow each of its neurons."""
        bounds = [np.zeros(len(self._stages[-1].names))]
        for stage in self._stages[:0:-1]:
            sizes = _sizes(stage.matrix) + (_sizes(stage.scale) + bounds[0])
            bounds.insert(0, sizes.max(axis=1))
        return bounds

    @cached_property
    def _ranked(self) -> "_Ranking":
        return _Ranking(self._stages, self._bounds)

    def _search(self) -> Iterator[tuple[int, ...]]:
        """The ways as one place a stage, from 0.

        An entry is a beginning of a way, rank r among those that leave its last neuron but one. Its best continuation
        is exactly as large as itself, so sizes only fall, and ways of one size are finished one by one.
        """
        # -size of the best way with this beginning, -depth, places before the last, rank of the last
        heap: list[tuple[float, int, tuple[int, ...], int]] = [(-float(self._ranked.of(0, 0)[1][0]), -1, (), 0)]
        while heap:
            size, depth, before, rank = heappop(heap)
            self.popped += 1
            order, sizes = self._ranked.of(len(before), before[-1] if before else 0)
            if rank + 1 < len(order):
                heappush(heap, (size + _fall(sizes[rank], sizes[rank + 1]), depth, before, rank + 1))
            places = (*before, int(order[rank]))
            if len(places) == len(self._stages):
                yield places
            else:
                heappush(heap, (size, depth - 1, places, 0))

    def _way(self, places: tuple[int, ...]) -> Way:
        product, before = 1.0, 0
        for stage, place in zip(self._stages, places, strict=True):
            product *= float(stage.matrix[before, place]) * float(stage.scale[place])
            before = place
        named = [(stage.layer, stage.names[place]) for stage, place in zip(self._stages, places, strict=True)]
        neurons = tuple(named)
        factors = _factors(self._narrator, self.quantity, self._s, neurons)
        return Way(self.quantity, neurons, product, product / self.total if self.total else nan, factors)


class _Ranking:
    """What leaves a neuron, largest first; sorted once, when the search first comes there."""

    def __init__(self, stages: Sequence[Stage], bounds: Sequence[Array]) -> None:
        def of(depth: int, before: int) -> tuple[NDArray[np.intp], Array]:
            stage = stages[depth]
            sizes = _sizes(stage.matrix[before]) + _sizes(stage.scale) + bounds[depth]
            order = np.argsort(-sizes, kind="stable")
            return order, sizes[order]

        self.of = lru_cache(maxsize=None)(of)


def _sizes(numbers: Array) -> Array:
    """log |number|: -inf for 0, HUGE for what is not finite."""
    logarithms: Array = np.where(np.isfinite(numbers), np.log(np.abs(numbers)), HUGE)
    return logarithms


def _fall(larger: float, smaller: float) -> float:
    """By how much the next one is smaller; two that are 0 do not differ."""
    return 0.0 if larger == smaller else inf if smaller == -inf else float(larger - smaller)


def ways(narrator: Narrator, quantity: Quantity, s: int) -> Ways:
    """The ways to a gradient of the sample at position s of the batch; ValueError for any other quantity."""
    return Ways(narrator, quantity, s)


def _ends(n: Narrator, quantity: Quantity, s: int) -> tuple[Sequence[int], float | Array]:
    """The neurons where the ways end, and the last factor, which may also be one for each of them (neurons,)."""
    l, *own = quantity.indices
    if quantity.kind == "dL/dslope":
        return range(1, n.network.sizes[l] + 1), n.trace.slope_derivatives(l)[s]
    if quantity.kind == "dL/dw":
        return own[:1], n.stored(n.source(l - 1, own[1]), s)
    # What belongs to a whole layer, as a shared bias does, acts through all of its neurons.
    return own or range(1, n.network.sizes[l] + 1), 1.0


def _stages(n: Narrator, quantity: Quantity, s: int) -> list[Stage]:
    """The rows of neurons from the output down to where the ways end."""
    end = quantity.indices[0]
    neurons, last_factor = _ends(n, quantity, s)
    passes = quantity.kind not in AT_ACTIVATION
    stages: list[Stage] = []
    for l in range(n.network.last, end - 1, -1):
        stages += _layer(n, l, s, passes or l > end)
    last = stages[-1]
    columns = [j - 1 for j in neurons]
    stages[-1] = last._replace(names=neurons, matrix=last.matrix[:, columns], scale=last.scale[columns] * last_factor)
    return stages


def _layer(n: Narrator, l: int, s: int, passes: bool) -> list[Stage]:
    """The stages of one layer: its activations; its pre-activations too, where the ways pass its function. An
    elementwise function leads each activation to its own pre-activation, so one stage holds both."""
    trace, is_last, ones = n.trace, l == n.network.last, np.ones(n.network.sizes[l])
    names = range(1, n.network.sizes[l] + 1)
    into = trace.dA(l)[s : s + 1] if is_last else trace.parameters.weights(trace.flat("old", PARAMETER), l + 1)
    if not passes:
        return [Stage(l, names, into, ones)]
    if n.layer(l).function.is_elementwise:
        if is_last:  # the stored delta: of a combined loss its factors may be 0 times infinity
            return [Stage(l, names, trace.dZ(l)[s : s + 1], ones)]
        return [Stage(l, names, into, trace.D(l)[s])]
    if is_last and LOSSES[trace.spec.loss].delta is not None:
        # -y_k/a_k · a_k([k=j] - a_j), written so that nothing is divided by an a_k that may be 0
        a = trace.A(l)[s]
        return [Stage(l, names, trace.Y()[s : s + 1], ones), Stage(l, names, a - np.eye(len(a)), ones)]
    return [Stage(l, names, into, ones), Stage(l, names, trace.jacobian(l, s), ones)]


def _factors(n: Narrator, quantity: Quantity, s: int, neurons: tuple[tuple[int, int], ...]) -> Sequence[Factor]:
    """The factors along a way, as the chain of a gradient writes them."""
    kinds: list[tuple[str, int, int, int]] = []  # what is derived, layer, neuron above, neuron
    end, above = quantity.indices[0], 0
    passes = quantity.kind not in AT_ACTIVATION
    for place, (l, j) in enumerate(neurons):
        is_second = place > 0 and neurons[place - 1][0] == l
        kinds.append(("jacobian" if is_second else "a", l, above, j))
        if not is_second and (passes or l > end) and n.layer(l).function.is_elementwise:
            kinds.append(("derivative", l, j, j))
        above = j
    if quantity.kind in PARAMETER_GRADIENTS:
        kinds.append(("parameter", end, above, above))
    return Lazy(len(kinds), lambda i: _factor(n, quantity, s, *kinds[i]))


def _factor(n: Narrator, quantity: Quantity, s: int, kind: str, l: int, above: int, j: int) -> Factor:
    a, z = Quantity("a", (l, j)), Quantity("z", (l, j))
    match kind:
        case "a" if l == n.network.last:
            return n.factor(Quantity("dL/da", (l, j)), s)
        case "a":
            weight = n.factor(Quantity("w", (l + 1, above, j)), None)
            return weight._replace(symbol=n.notation.derivative(Quantity("z", (l + 1, above)), a))
        case "derivative":
            return n.factor(Quantity("da/dz", (l, j)), s)
        case "jacobian":
            return jacobian_entry(n, s, l, above, j)
    parameter = Quantity(quantity.kind.removeprefix("dL/d"), quantity.indices)
    if parameter.kind == "slope":
        return slope_factor(n, s, l, j)
    symbol = n.notation.derivative(z, parameter)
    if parameter.kind == "b":
        return Factor(symbol, 1)
    return n.factor(n.source(l - 1, parameter.indices[2]), s)._replace(symbol=symbol)
