"""The network: layers, which parameters it has, and the values it begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from engine.activations import ACTIVATIONS, Activation
from engine.checks import SpecError, check_finite, check_name, check_whole
from engine.initializers import INITIALIZERS, drawn
from engine.notation import Shape
from engine.quantities import Quantity, parse

BIASES = ("per_neuron", "shared", "none")
MOST_NEURONS = 1024
MOST_LAYERS = 32
LARGEST_SEED = 2**32 - 1


class Layer(NamedTuple):
    """One computed layer. `constants` are those of its activation that differ from the default."""

    neurons: int
    activation: str
    bias: str = "per_neuron"
    constants: Mapping[str, float] = {}

    @property
    def function(self) -> Activation:
        return ACTIVATIONS[self.activation]

    @property
    def all_constants(self) -> dict[str, float]:
        """Every constant of the activation with its value; of a trained one the value it begins with."""
        return {**self.function.constants, **self.constants}

    @property
    def has_slope(self) -> bool:
        """Whether one of the constants is trained."""
        return self.function.slope is not None

    @property
    def bias_count(self) -> int:
        """How many biases the layer has: one a neuron, 1 if they share it, or 0."""
        return {"per_neuron": self.neurons, "shared": 1, "none": 0}[self.bias]


@dataclass(frozen=True)
class Network:
    inputs: int
    layers: tuple[Layer, ...]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of the layers 0 (the input) to L."""
        return (self.inputs, *(layer.neurons for layer in self.layers))

    @property
    def last(self) -> int:
        """L, the number of the output layer."""
        return len(self.layers)

    @property
    def shape(self) -> Shape:
        return Shape(self.sizes, tuple(layer.bias_count for layer in self.layers))


Row = tuple[float, ...]


class Initial(NamedTuple):
    """Values before the first iteration: weights[l-1][j-1][i-1], biases[l-1][j-1] (one if shared, none if none), and
    slopes[l-1], None where the layer has none; without slopes they are the constants of their layers."""

    weights: tuple[tuple[Row, ...], ...]
    biases: tuple[Row, ...]
    slopes: tuple[float | None, ...] = ()


class Scheme(NamedTuple):
    """Initial values that are drawn: one of INITIALIZERS; seed None is the session's."""

    name: str
    seed: int | None = None


def initial_values(network: Network, initial: Initial | Scheme, seed: int) -> Initial:
    """The values that a network begins with: those given, or those its scheme draws; every slope among them."""
    if isinstance(initial, Scheme):
        weights = drawn(initial.name, seed if initial.seed is None else initial.seed, network.sizes)
        layers = tuple(tuple(map(tuple, layer.tolist())) for layer in weights)
        initial = Initial(layers, tuple((0.0,) * layer.bias_count for layer in network.layers))
    given = initial.slopes or (None,) * network.last
    slopes = tuple(_slope(layer, value) for layer, value in zip(network.layers, given, strict=True))
    return initial._replace(slopes=slopes)


def _slope(layer: Layer, given: float | None) -> float | None:
    return layer.all_constants["slope"] if layer.has_slope and given is None else given


def check_network(network: Network) -> None:
    """SpecError unless its counts and names are known and its constants finite."""
    check_whole("network: inputs", network.inputs, 1, MOST_NEURONS)
    check_whole("network: number of layers", len(network.layers), 1, MOST_LAYERS)
    for number, layer in enumerate(network.layers, 1):
        place = f"layer {number}"
        check_whole(f"{place}: neurons", layer.neurons, 1, MOST_NEURONS)
        check_name(f"{place}: activation", layer.activation, ACTIVATIONS)
        check_name(f"{place}: bias", layer.bias, BIASES)
        for name, value in layer.constants.items():
            check_name(f"{place}: {layer.activation}", name, layer.function.constants)
            check_finite(f"{place}: {name}", value)


def check_initial(network: Network, initial: Initial | Scheme) -> None:
    """SpecError unless the values fit the network."""
    if isinstance(initial, Scheme):
        check_name("initial: scheme", initial.name, INITIALIZERS)
        check_whole("initial: seed", initial.seed or 0, 0, LARGEST_SEED)
        return
    for what, given in (("weights", initial.weights), ("biases", initial.biases)):
        if len(given) != network.last:
            raise SpecError(f"initial {what}", f"{network.last} layers expected, {len(given)} found")
    for number, layer in enumerate(network.layers, 1):
        place, weights, biases = f"layer {number}", initial.weights[number - 1], initial.biases[number - 1]
        wanted = (layer.neurons, network.sizes[number - 1])
        widths = {len(row) for row in weights}
        if len(weights) != wanted[0] or widths != {wanted[1]}:
            found = f"{len(weights)} x {' or '.join(map(str, sorted(widths)))}" if widths else "none"
            raise SpecError(f"{place}: weights", f"{wanted[0]} x {wanted[1]} expected, {found} found")
        if len(biases) != layer.bias_count:
            raise SpecError(f"{place}: biases", f"{layer.bias_count} expected, {len(biases)} found")
        for j, row in enumerate(weights, 1):
            for i, value in enumerate(row, 1):
                check_finite(f"w[{number},{j},{i}]", value)
        for j, value in enumerate(biases, 1):
            check_finite(f"layer {number}: bias {j}", value)
    _check_slopes(network, initial.slopes)


def _check_slopes(network: Network, slopes: tuple[float | None, ...]) -> None:
    if slopes and len(slopes) != network.last:
        raise SpecError("initial slopes", f"{network.last} layers expected, {len(slopes)} found")
    for number, (layer, value) in enumerate(zip(network.layers, slopes, strict=False), 1):
        if value is not None and not layer.has_slope:
            raise SpecError(f"layer {number}: slope", f"{layer.activation} has no trained slope; null belongs here")
        if value is not None:
            check_finite(f"slope[{number}]", value)


def has_parameter(network: Network, quantity: Quantity) -> bool:
    """Whether the network has this parameter; b[l] only where the layer shares its bias, b[l,j] only where not."""
    sizes = network.sizes
    match quantity:
        case Quantity("w", (l, j, i), None):
            return l <= network.last and j <= sizes[l] and i <= sizes[l - 1]
        case Quantity("b", (l,), None):
            return l <= network.last and network.layers[l - 1].bias == "shared"
        case Quantity("b", (l, j), None):
            return l <= network.last and network.layers[l - 1].bias == "per_neuron" and j <= sizes[l]
        case Quantity("slope", (l,), None):
            return l <= network.last and network.layers[l - 1].has_slope
    return False


def frozen_parameters(network: Network, name: str) -> list[Quantity]:
    """The parameters that one entry of `frozen` names; SpecError if there are none."""
    whole_layer = name.startswith("w[") and name.count(",") == 0
    try:
        quantity = parse(name[:-1] + ",1,1]" if whole_layer else name)
    except ValueError as error:
        raise SpecError("frozen", str(error)) from error
    layer = quantity.layer or 0
    if quantity.is_parameter and 1 <= layer <= network.last:
        neurons, sources = network.sizes[layer], network.sizes[layer - 1]
        if whole_layer:
            return [Quantity("w", (layer, j, i)) for j in range(1, neurons + 1) for i in range(1, sources + 1)]
        if has_parameter(network, quantity):
            return [quantity]
        if quantity == Quantity("b", (layer,)) and network.layers[layer - 1].bias == "per_neuron":
            return [Quantity("b", (layer, j)) for j in range(1, neurons + 1)]
    raise SpecError("frozen", f"the network has no parameter {name}")
