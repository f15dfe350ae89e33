"""Which neuron's function is shown, and its numbers at the cursor."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from engine.activations import Activation, Array
from engine.calculator import is_flat, jacobian, numbers, values, written
from engine.descriptions import constants_written
from engine.expressions import Expression, Number
from engine.frame import Frame
from engine.network import Network
from engine.quantities import Quantity
from gui.focus import Focus

Neuron = tuple[int, int]
"""Layer and neuron, from 1."""
MOST_WRITTEN = 4
"""A layer of more neurons is not written out."""
OF_NEURON = ("z", "a", "dL/da", "da/dz", "dL/dz")


def neuron_of(quantity: Quantity | None, network: Network) -> Neuron | None:
    """The neuron that a quantity belongs to; a weight belongs to the one it leads to, what a layer shares to its
    first."""
    if quantity is None:
        return None
    kind, indices, parameter = quantity
    if parameter is not None:
        return neuron_of(parameter, network)
    if kind in OF_NEURON or kind.removeprefix("dL/d") in ("w", "b", "slope"):
        return indices[0], indices[1] if len(indices) > 1 else 1
    return (network.last, indices[0]) if kind == "y" else None


def neuron_shown(frame: Frame, focus: Focus) -> Neuron:
    """The neuron under the pointer, or the one selected, or the one at work in the operation; else an output."""
    network, operation = frame.session.spec.network, frame.operation
    wanted = (*focus.hovered, focus.selected, operation.quantity if operation else None)
    found = (neuron_of(quantity, network) for quantity in wanted)
    neuron = next((neuron for neuron in found if neuron), None)
    return neuron or ((network.last, 1) if operation else (1, 1))


class Subject(NamedTuple):
    """A neuron's function with what the frame says of it; z, a and derivative are None while they are unknown.

    In a layer whose function is not elementwise all its neurons' z belong to it, and a row of the Jacobian says how
    this neuron's a moves with each of them.
    """

    frame: Frame
    layer: int
    neuron: int

    @property
    def name(self) -> str:
        return self.frame.session.spec.network.layers[self.layer - 1].activation

    @property
    def function(self) -> Activation:
        return self.frame.session.spec.network.layers[self.layer - 1].function

    @property
    def constants(self) -> Mapping[str, float]:
        return self.frame.trace.constants(self.layer)

    def quantity(self, kind: str, neuron: int = 0) -> Quantity:
        return Quantity(kind, (self.layer, neuron or self.neuron))

    def symbol(self, kind: str, neuron: int = 0) -> Expression:
        return self.frame.narrator.symbol(self.quantity(kind, neuron))

    def value(self, kind: str, neuron: int = 0) -> float | None:
        return self.frame.value(self.quantity(kind, neuron))

    @property
    def z(self) -> float | None:
        return self.value("z")

    @property
    def a(self) -> float | None:
        return self.value("a")

    @property
    def neurons(self) -> range:
        """The numbers of the layer's neurons."""
        return range(1, self.frame.session.spec.network.sizes[self.layer] + 1)

    @property
    def derivative(self) -> float | None:
        """f'(z) of an elementwise function, once z is known."""
        z = self.z
        if z is None or not self.function.is_elementwise:
            return None
        return float(values(self.function, np.array([z]), self.constants)[1][0])

    @property
    def is_flat(self) -> bool:
        return self.z is not None and bool(is_flat(self.function, np.array([self.z]), self.constants)[0])

    def jacobian_row(self) -> Array | None:
        """How this neuron's a moves with the z of each neuron of its layer, once all a are known."""
        known = [self.value("a", neuron) for neuron in self.neurons]
        if self.function.is_elementwise or None in known:
            return None
        return np.asarray(jacobian(self.function, np.array(known, float))[self.neuron - 1])

    def value_parts(self) -> Iterator[Expression]:
        """What stands between the equals signs of a = f(z) = ... = number."""
        zs, named = [self.symbol("z", neuron) for neuron in self.neurons], self._symbols
        yield self.symbol("a")
        if not self.function.is_elementwise and len(zs) > MOST_WRITTEN:
            return
        known = [self.value("z", neuron) for neuron in self.neurons]
        if self.z is None or (not self.function.is_elementwise and None in known):
            yield from written(self.function, zs, self.neuron - 1, named)
            return
        yield written(self.function, zs, self.neuron - 1, named)[0]
        filled: list[Expression] = [Number(0.0 if value is None else value) for value in known]
        yield from written(self.function, filled, self.neuron - 1, numbers(self.constants))
        if self.a is not None:
            yield Number(self.a)

    def derivative_parts(self) -> Iterator[Expression]:
        """What stands between the equals signs of da/dz = f'(z) = ... = number."""
        rule, z, a = self.function.rule, self.z, self.a
        if rule is None:
            return
        yield self.symbol("da/dz")
        yield rule(self.symbol("z"), self.symbol("a"), self._symbols)
        if z is not None and a is not None and self.derivative is not None:
            yield rule(Number(z), Number(a), numbers(self.constants))
            yield Number(self.derivative)

    @property
    def _symbols(self) -> Mapping[str, Expression]:
        """How the constants are written: by name where the function has it, for example alpha."""
        narrator = self.frame.narrator
        return constants_written(narrator, self.layer, narrator.symbol)

    def jacobian_parts(self, other: int) -> Iterator[Expression]:
        """The two sides of the derivative of this neuron's a by the z of neuron `other`."""
        rule = self.function.jacobian_rule
        if rule is not None:
            yield self.frame.narrator.notation.derivative(self.quantity("a"), self.quantity("z", other))
            yield rule(self.symbol("a"), self.symbol("a", other), other == self.neuron)
