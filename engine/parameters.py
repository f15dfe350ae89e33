"""The flat vector of all weights, biases and slopes: where each stands, its views by layer, and its names.

A layer's block is one matrix (neurons, sources + 1) whose last column is the bias, so that z = [W b] [a; 1] is a single
product; a trained slope follows it. A shared bias stands there once a neuron, in equal copies. Names follow the
parameter order: layer by layer, weights row by row, then biases, then the slope.
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.network import Initial, Network, frozen_parameters
from engine.quantities import Quantity
from engine.spec import Spec


class Parameters:
    """Where the parameters of a network stand. `count` of them have names; the flat vector has `size` places."""

    def __init__(self, network: Network) -> None:
        self.network = network
        layers = list(zip(network.layers, network.sizes, strict=False))
        self._width = [sources + (layer.bias_count > 0) for layer, sources in layers]
        self._matrices = [layer.neurons * width for (layer, _), width in zip(layers, self._width, strict=True)]
        blocks = (size + layer.has_slope for (layer, _), size in zip(layers, self._matrices, strict=True))
        self._starts = list(accumulate(blocks, initial=0))
        counts = (layer.neurons * sources + layer.bias_count + layer.has_slope for layer, sources in layers)
        self._firsts = list(accumulate(counts, initial=0))
        self._weights = list(accumulate((l.neurons * sources for l, sources in layers), initial=0))
        self.size, self.count = self._starts[-1], self._firsts[-1]

    def first(self, layer: int) -> int:
        """The number, from 0, of the first parameter of `layer` in parameter order; first(L + 1) is `count`."""
        return self._firsts[layer - 1]

    def matrix(self, flat: Array, layer: int) -> Array:
        """The layer's block [W b] as a view (neurons, sources + 1), or (neurons, sources) without bias."""
        start = self._starts[layer - 1]
        return flat[start : start + self._matrices[layer - 1]].reshape(-1, self._width[layer - 1])

    def weights(self, flat: Array, layer: int) -> Array:
        """W of a layer as a view (out, in)."""
        return self.matrix(flat, layer)[:, : self.network.sizes[layer - 1]]

    def slope(self, flat: Array, layer: int) -> Array:
        """The trained slope of a layer as a view (), for a layer that has one."""
        return flat[self._starts[layer] - 1 : self._starts[layer]].reshape(())

    @cached_property
    def weight_places(self) -> NDArray[np.intp]:
        """Where the weights stand in the flat vector, in order."""
        flat = np.zeros(self.size)
        for layer in range(1, self.network.last + 1):
            self.weights(flat, layer)[...] = 1.0
        return np.flatnonzero(flat)

    @property
    def weight_count(self) -> int:
        return self._weights[-1]

    def weight(self, number: int) -> Quantity:
        """The weight that stands at `number`, from 0, among the weights in parameter order."""
        layer = bisect_right(self._weights, number)
        row, column = divmod(number - self._weights[layer - 1], self.network.sizes[layer - 1])
        return Quantity("w", (layer, row + 1, column + 1))

    def name(self, number: int) -> Quantity:
        """The parameter that stands at `number`, from 0, in parameter order."""
        layer = bisect_right(self._firsts, number)
        if number == self._firsts[layer] - 1 and self.network.layers[layer - 1].has_slope:
            return Quantity("slope", (layer,))
        neurons, sources = self.network.sizes[layer], self.network.sizes[layer - 1]
        row, column = divmod(number - self._firsts[layer - 1], sources)
        if row < neurons:
            return Quantity("w", (layer, row + 1, column + 1))
        if self.network.layers[layer - 1].bias == "shared":
            return Quantity("b", (layer,))
        return Quantity("b", (layer, number - self._firsts[layer - 1] - neurons * sources + 1))

    def number(self, name: Quantity) -> int:
        """The place, from 0, of a parameter in parameter order: the inverse of `name`."""
        layer, *rest = name.indices
        neurons, sources = self.network.sizes[layer], self.network.sizes[layer - 1]
        if name.kind == "slope":
            return self._firsts[layer] - 1
        if name.kind == "w":
            return self._firsts[layer - 1] + (rest[0] - 1) * sources + rest[1] - 1
        return self._firsts[layer - 1] + neurons * sources + (rest[0] - 1 if rest else 0)

    def index(self, name: Quantity) -> int:
        """Where a parameter stands in the flat vector; of a shared bias the first copy."""
        layer, *rest = name.indices
        if name.kind == "slope":
            return self._starts[layer] - 1
        row = rest[0] - 1 if rest else 0
        column = rest[1] - 1 if name.kind == "w" else self.network.sizes[layer - 1]
        return self._starts[layer - 1] + row * self._width[layer - 1] + column

    def copies(self, name: Quantity) -> slice:
        """All places of a parameter in the flat vector: several only for a shared bias."""
        first = self.index(name)
        if name.kind == "b" and len(name.indices) == 1:
            layer = name.indices[0]
            return slice(first, self._starts[layer - 1] + self._matrices[layer - 1], self._width[layer - 1])
        return slice(first, first + 1)

    def names(self) -> Iterator[Quantity]:
        """All parameters in parameter order."""
        return (self.name(number) for number in range(self.count))

    @cached_property
    def numbers(self) -> NDArray[np.intp]:
        """For each place of the flat vector the number, from 0, of the parameter that stands there."""
        flat = np.empty(self.size)
        for l, layer in enumerate(self.network.layers, 1):
            W = self.weights(flat, l)
            W[...] = self.first(l) + np.arange(W.size).reshape(W.shape)
            if layer.bias_count:
                self.matrix(flat, l)[:, -1] = self.first(l) + W.size + np.arange(layer.bias_count)
            if layer.has_slope:
                self.slope(flat, l)[...] = self.first(l + 1) - 1
        return flat.astype(np.intp)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """For each parameter in parameter order its index in the flat vector; of a shared bias that of the first."""
        return np.unique(self.numbers, return_index=True)[1]

    def flat(self, initial: Initial) -> Array:
        """The flat vector of initial values, every slope among them."""
        flat = np.empty(self.size)
        for layer, (weights, biases) in enumerate(zip(initial.weights, initial.biases, strict=True), 1):
            self.weights(flat, layer)[...] = weights
            if biases:
                self.matrix(flat, layer)[:, -1] = biases
        for layer, slope in enumerate(initial.slopes, 1):
            if slope is not None:
                self.slope(flat, layer)[...] = slope
        return flat

    def frozen(self, spec: Spec) -> NDArray[np.bool_]:
        """Which places of the flat vector no update touches."""
        mask = np.zeros(self.size, np.bool_)
        for entry in spec.frozen:
            for name in frozen_parameters(spec.network, entry):
                mask[self.copies(name)] = True
        return mask
