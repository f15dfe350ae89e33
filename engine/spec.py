"""The frozen spec of a run: network, data, loss, optimizer, batches; and its validation.

Nothing in a spec changes while training runs. It is made of plain numbers and tuples, so it can be compared, kept and
written down; arrays are made from it when a run begins.
"""

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.activations import ACTIVATIONS, Activation
from engine.losses import LOSSES
from engine.notation import Shape
from engine.optimizers import OPTIMIZERS
from engine.quantities import Quantity, parse

BIASES = ("per_neuron", "shared", "none")
MOST_NEURONS = 1024
MOST_LAYERS = 32
LARGEST_SEED = 2**32 - 1


class SpecError(ValueError):
    """What is wrong in a spec: one sentence that begins with the place."""

    def __init__(self, place: str, cause: str) -> None:
        super().__init__(f"{place}: {cause}")


@dataclass(frozen=True)
class Layer:
    """One computed layer. `constants` are those of its activation that differ from the default."""

    neurons: int
    activation: str
    bias: str = "per_neuron"
    constants: Mapping[str, float] = field(default_factory=dict)

    @property
    def function(self) -> Activation:
        return ACTIVATIONS[self.activation]

    @property
    def bias_count(self) -> int:
        """How many biases the layer has: one a neuron, 1 if they share it, or 0."""
        return {"per_neuron": self.neurons, "shared": 1, "none": 0}[self.bias]


@dataclass(frozen=True)
class Network:
    inputs: int
    layers: tuple[Layer, ...]

    @property
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


@dataclass(frozen=True)
class Initial:
    """Values before the first iteration: weights[l-1][j-1][i-1], biases[l-1][j-1] (one if shared, none if none)."""

    weights: tuple[tuple[Row, ...], ...]
    biases: tuple[Row, ...]


@dataclass(frozen=True)
class Data:
    """One row a sample."""

    inputs: tuple[Row, ...]
    targets: tuple[Row, ...]


@dataclass(frozen=True)
class OptimizerChoice:
    """An optimizer by name, its learning rate, and those hyperparameters that differ from the default."""

    name: str
    learning_rate: float
    hyperparameters: Mapping[str, float] = field(default_factory=dict)

    @property
    def all_hyperparameters(self) -> dict[str, float]:
        """Every hyperparameter with its value, the learning rate among them."""
        defaults = OPTIMIZERS[self.name].defaults
        return {**defaults, **self.hyperparameters, "learning_rate": self.learning_rate}


@dataclass(frozen=True)
class Spec:
    """Everything that a run depends on. `batch_size` None takes all samples at once; `frozen` names parameters, or all
    weights or biases of a layer: w[1,1,1], w[1], b[2]."""

    network: Network
    initial: Initial
    loss: str
    optimizer: OptimizerChoice
    data: Data
    batch_size: int | None = None
    seed: int = 0
    frozen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises SpecError where the parts do not fit together."""
        _check_network(self.network)
        _check_loss(self.network, self.loss)
        _check_initial(self.network, self.initial)
        _check_optimizer(self.optimizer)
        _check_data(self)
        check_whole("seed", self.seed, 0, LARGEST_SEED)
        for name in self.frozen:
            frozen_parameters(self.network, name)

    @property
    def samples(self) -> int:
        return len(self.data.inputs)


def check_whole(place: str, value: int, low: int, high: int) -> None:
    """SpecError unless low <= value <= high."""
    if not low <= value <= high:
        raise SpecError(place, f"{low} to {high} expected, {value} found")


def check_finite(place: str, value: float) -> None:
    """SpecError unless the number is finite."""
    if not math.isfinite(value):
        raise SpecError(place, f"a finite number expected, {value} found")


def check_name(place: str, name: str, known: Iterable[str]) -> None:
    """SpecError unless the name is known; it lists the known ones and suggests the closest."""
    names = list(known)
    if name not in names:
        closest = difflib.get_close_matches(name, names, 1)
        hint = f" (did you mean '{closest[0]}'?)" if closest else ""
        raise SpecError(place, f"'{name}' is not known{hint}; known are {', '.join(names) or 'none'}")


def _check_network(network: Network) -> None:
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


def _check_loss(network: Network, name: str) -> None:
    check_name("loss", name, LOSSES)
    wanted, found = LOSSES[name].after, network.layers[-1].activation
    if wanted and wanted != found:
        raise SpecError("loss", f"{name} follows {wanted} only, but layer {network.last} is {found}")


def _check_initial(network: Network, initial: Initial) -> None:
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


def check_learning_rate(value: float) -> None:
    """SpecError unless it is a finite number above 0."""
    check_finite("learning_rate", value)
    if value <= 0:
        raise SpecError("learning_rate", f"a number above 0 expected, {value!r} found")


def _check_optimizer(choice: OptimizerChoice) -> None:
    check_name("optimizer", choice.name, OPTIMIZERS)
    check_learning_rate(choice.learning_rate)
    for name, value in choice.hyperparameters.items():
        optimizer = OPTIMIZERS[choice.name]
        check_name(f"optimizer {choice.name}", name, optimizer.defaults)
        check_finite(f"optimizer: {name}", value)
        low, high = optimizer.bounds[name]
        if not low <= value < high:
            raise SpecError(f"optimizer: {name}", f"a number from {low:g} to below {high:g} expected, {value!r} found")


def check_target(place: str, loss: str, value: float) -> None:
    """SpecError unless the loss makes sense for this target."""
    check_finite(place, value)
    low, high = LOSSES[loss].targets
    if not low <= value <= high:
        raise SpecError(place, f"{loss} needs targets from {low:g} to {high:g}, {value!r} found")


def _check_data(spec: Spec) -> None:
    inputs, targets, network = spec.data.inputs, spec.data.targets, spec.network
    if not inputs or len(inputs) != len(targets):
        raise SpecError(
            "data", f"as many input as target rows expected, and at least 1; {len(inputs)} and {len(targets)} found"
        )
    for sample, (x, y) in enumerate(zip(inputs, targets, strict=True), 1):
        for what, row, width in (("inputs", x, network.inputs), ("targets", y, network.sizes[-1])):
            if len(row) != width:
                raise SpecError(f"data: {what} of sample {sample}", f"{width} numbers expected, {len(row)} found")
        for i, value in enumerate(x, 1):
            check_finite(f"data: x[{i}] of sample {sample}", value)
        for k, value in enumerate(y, 1):
            check_target(f"data: y[{k}] of sample {sample}", spec.loss, value)
    if spec.batch_size is not None:
        check_whole("batch: size", spec.batch_size, 1, len(inputs))


def has_parameter(network: Network, quantity: Quantity) -> bool:
    """Whether the network has this weight or bias (b[l] only where the layer shares it, b[l,j] only where not)."""
    sizes = network.sizes
    match quantity:
        case Quantity("w", (l, j, i), None):
            return l <= network.last and j <= sizes[l] and i <= sizes[l - 1]
        case Quantity("b", (l,), None):
            return l <= network.last and network.layers[l - 1].bias == "shared"
        case Quantity("b", (l, j), None):
            return l <= network.last and network.layers[l - 1].bias == "per_neuron" and j <= sizes[l]
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
