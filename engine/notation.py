"""The symbols a session uses for its quantities: w5, w with two indices, or w with the layer above it.

Worked examples number their weights in different ways; a learner with one on paper must find its own letters here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from engine.expressions import Expression, Fraction, Symbol
from engine.quantities import BATCH_LOSS, LOSS, Quantity

LOSS_SYMBOL = Symbol("L")
BATCH_LOSS_SYMBOL = Symbol("L", accent="bar")
PENALTY_SYMBOL = Symbol("R")
LEARNING_RATE_SYMBOL = Symbol("η")
SLOT_LETTERS = {
    "velocity": ("v", ""), "square_sum": ("s", ""), "square_average": ("s", ""),
    "first_moment": ("m", ""), "second_moment": ("v", ""),
    "first_moment_hat": ("m", "hat"), "second_moment_hat": ("v", "hat"),
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What symbols depend on: neurons of layers 0 to L, and how many biases layers 1 to L have."""

    sizes: tuple[int, ...]
    biases: tuple[int, ...]

    @property
    def last(self) -> int:
        return len(self.sizes) - 1

    @property
    def outputs(self) -> int:
        return self.sizes[-1]

    def weights_before(self, layer: int) -> int:
        """How many weights the layers below `layer` have together."""
        return self._weights_before[layer - 1]

    @cached_property
    def _weights_before(self) -> list[int]:
        return list(accumulate((self.sizes[l] * self.sizes[l - 1] for l in range(1, len(self.sizes))), initial=0))

    def biases_before(self, layer: int) -> int:
        return sum(self.biases[: layer - 1])

    def neurons_before(self, layer: int) -> int:
        """How many computed neurons the layers below `layer` have together."""
        return list(accumulate(self.sizes[1:], initial=0))[layer - 1]


def _comma(*indices: int) -> str:
    """12, or 3,10 as soon as one index has two digits."""
    return ("," if max(indices) > 9 else "").join(map(str, indices))


def _sequential_weight(shape: Shape, l: int, j: int, i: int) -> Symbol:
    number = shape.weights_before(l) + (j - 1) * shape.sizes[l - 1] + i
    return Symbol("w", str(number), tight=True)


def _sequential_bias(shape: Shape, l: int, j: int) -> Symbol:
    return Symbol("b", str(shape.biases_before(l) + j), tight=True)


def _sequential_neuron(shape: Shape, letter: str, l: int, j: int) -> Symbol:
    if l == shape.last:
        return Symbol(letter, "out" if shape.outputs == 1 else f"o{j}")
    return Symbol(letter, f"h{j}" if shape.last == 2 else f"h{l},{j}")


def _indexed_weight(shape: Shape, l: int, j: int, i: int) -> Symbol:
    return Symbol("w", _comma(shape.neurons_before(l) + j, i), tight=True)


def _indexed_neuron(shape: Shape, letter: str, l: int, j: int) -> Symbol:
    return Symbol(letter, str(shape.neurons_before(l) + j), tight=True)


def _layered_weight(shape: Shape, l: int, j: int, i: int) -> Symbol:
    return Symbol("w", _comma(j, i), f"[{l}]")


def _layered_bias(shape: Shape, l: int, j: int) -> Symbol:
    shared = shape.biases[l - 1] == 1 and shape.sizes[l] > 1
    return Symbol("b", "" if shared else str(j), f"[{l}]")


def _layered_neuron(shape: Shape, letter: str, l: int, j: int) -> Symbol:
    return Symbol(letter, str(j), f"[{l}]")


def _plain_slope(shape: Shape, l: int) -> Symbol:
    return Symbol("α", str(l), tight=True)


def _layered_slope(shape: Shape, l: int) -> Symbol:
    return Symbol("α", superscript=f"[{l}]")


def _plain_data(shape: Shape, letter: str, accent: str, k: int, alone: bool) -> Symbol:
    return Symbol(letter, "" if alone else str(k), accent=accent, tight=True)


def _layered_data(shape: Shape, letter: str, accent: str, k: int, alone: bool) -> Symbol:
    return Symbol(letter, str(k), accent=accent)


class Style(NamedTuple):
    """How one notation writes weights, biases, neurons (z, a, δ), data (x, y, ŷ) and trained slopes."""

    weight: Callable[[Shape, int, int, int], Symbol]
    bias: Callable[[Shape, int, int], Symbol]
    neuron: Callable[[Shape, str, int, int], Symbol]
    data: Callable[[Shape, str, str, int, bool], Symbol]
    slope: Callable[[Shape, int], Symbol]


MOST_KEPT = 2**14
"""Symbols are asked for again at every step; so many are kept, those of a network with 9,000 weights."""
NOTATIONS = {
    "sequential": Style(_sequential_weight, _sequential_bias, _sequential_neuron, _plain_data, _plain_slope),
    "indexed": Style(_indexed_weight, _sequential_bias, _indexed_neuron, _plain_data, _plain_slope),
    "layered": Style(_layered_weight, _layered_bias, _layered_neuron, _layered_data, _layered_slope),
}


@dataclass(frozen=True)
class Notation:
    """The symbols of one network in one of the NOTATIONS."""

    name: str
    shape: Shape

    @cached_property
    def symbol(self) -> Callable[..., Expression]:
        """symbol(quantity, sample=None): the symbol of `quantity`; `sample` is written only where several samples stand
        in one formula."""
        return lru_cache(maxsize=MOST_KEPT)(self._symbol)

    def _symbol(self, quantity: Quantity, sample: int | None = None) -> Expression:
        kind, indices, parameter = quantity
        if kind in SLOT_LETTERS and parameter:
            letter, accent = SLOT_LETTERS[kind]
            return Symbol(letter, self._named(parameter), accent=accent)
        if kind == "grad" and parameter:
            return self.derivative(BATCH_LOSS, parameter)
        if kind == "da/dz":
            return Fraction(*(self._differential(Quantity(part, indices), sample) for part in "az"))
        if kind.startswith("dL/d") and kind != "dL/dz":
            return self.derivative(LOSS, Quantity(kind.removeprefix("dL/d"), indices), sample)
        return self._named(quantity, sample)

    def derivative(self, above: Quantity, below: Quantity, sample: int | None = None) -> Fraction:
        """The partial derivative of one quantity by another: ∂z_out/∂w5; of what stands above, `sample` is written."""
        return Fraction(self._differential(above, sample), self._differential(below, None))

    @cached_property
    def _differential(self) -> Callable[[Quantity, int | None], Symbol]:
        """∂ before a quantity's letter; the same ones stand in the derivatives of all samples."""
        return lru_cache(maxsize=MOST_KEPT)(lambda q, sample: replace(self._named(q, sample), differential=True))

    def _named(self, quantity: Quantity, sample: int | None = None) -> Symbol:
        """The symbol of a quantity that has a letter of its own."""
        style, shape = NOTATIONS[self.name], self.shape
        kind, indices, _ = quantity
        match kind, indices:
            case "loss", ():
                symbol = LOSS_SYMBOL
            case "batch_loss", ():
                symbol = BATCH_LOSS_SYMBOL
            case "penalty", ():
                symbol = PENALTY_SYMBOL
            case "slope", (l,):
                symbol = style.slope(shape, l)
            case "w", (l, j, i):
                symbol = style.weight(shape, l, j, i)
            case "b", (l, *j):
                symbol = style.bias(shape, l, j[0] if j else 1)
            case "x", (i,):
                symbol = style.data(shape, "x", "", i, False)
            case "y", (k,):
                symbol = style.data(shape, "y", "", k, shape.outputs == 1)
            case "a", (l, k) if l == shape.last:
                symbol = style.data(shape, "y", "hat", k, shape.outputs == 1)
            case ("z" | "a" | "dL/dz"), (l, j):
                symbol = style.neuron(shape, "δ" if kind == "dL/dz" else kind, l, j)
            case _:
                raise ValueError(f"{quantity} has no letter of its own")
        return symbol if sample is None else replace(symbol, sample=sample)


@lru_cache(maxsize=8)
def notation_of(name: str, shape: Shape) -> Notation:
    """The notation of one of NOTATIONS for networks of this shape, the same one each time, so that it keeps its symbols
    from one description to the next."""
    return Notation(name, shape)
