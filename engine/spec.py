"""The frozen spec of a run: network, data, loss, penalty, optimizer, batches; and its validation.

Nothing in a spec changes while training runs. It is made of plain numbers and tuples, so it can be compared, kept and
written down; arrays are made from it when a run begins.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from engine.checks import SpecError, check_finite, check_name, check_range, check_whole
from engine.datasets import DATASETS, MOST_NOISE, MOST_SAMPLES, generated
from engine.losses import LOSSES
from engine.network import (
    LARGEST_SEED,
    Initial,
    Network,
    Row,
    Scheme,
    check_initial,
    check_network,
    frozen_parameters,
    initial_values,
)
from engine.optimizers import OPTIMIZERS
from engine.quantities import Quantity


class Generator(NamedTuple):
    """Where generated data come from: one of DATASETS with its arguments."""

    name: str
    samples: int
    noise: float
    seed: int


class Columns(NamedTuple):
    """Where data from a CSV file come from: its path beside the session, and the names of its columns."""

    path: str
    inputs: tuple[str, ...]
    targets: tuple[str, ...]


Source: TypeAlias = Generator | Columns


class Data(NamedTuple):
    """One row a sample. `source`: where the rows come from, None where they are typed. `test_fraction`: the share of
    the rows, counted from the last one, that is held back from training."""

    inputs: tuple[Row, ...]
    targets: tuple[Row, ...]
    source: Source | None = None
    test_fraction: float = 0.0

    @property
    def held_back(self) -> int:
        """How many of the last rows are never trained on."""
        return math.floor(self.test_fraction * len(self.inputs))

    def column(self, quantity: Quantity) -> str:
        """The column of a CSV file that an input or target comes from; empty without one, and for other quantities."""
        if not isinstance(self.source, Columns) or quantity.kind not in ("x", "y"):
            return ""
        names = self.source.inputs if quantity.kind == "x" else self.source.targets
        return names[quantity.indices[0] - 1]


def generated_data(source: Generator, test_fraction: float = 0.0) -> Data:
    """The rows that a generator makes; SpecError unless its arguments make sense."""
    check_name("data: name", source.name, DATASETS)
    check_whole("data: samples", source.samples, 1, MOST_SAMPLES)
    check_range("data: noise", source.noise, 0.0, math.nextafter(MOST_NOISE, math.inf))
    check_whole("data: seed", source.seed, 0, LARGEST_SEED)
    return Data(*generated(source.name, source.samples, source.noise, source.seed), source, test_fraction)


class Penalty(NamedTuple):
    """What large weights cost: l1·sum of |w| + l2/2·sum of w². Biases and slopes are not in it."""

    l1: float = 0.0
    l2: float = 0.0

    def __bool__(self) -> bool:
        return self.l1 != 0 or self.l2 != 0


NO_PENALTY = Penalty()


class OptimizerChoice(NamedTuple):
    """An optimizer by name, its learning rate, and those hyperparameters that differ from the default."""

    name: str
    learning_rate: float
    hyperparameters: Mapping[str, float] = {}

    @property
    def all_hyperparameters(self) -> dict[str, float]:
        """Every hyperparameter with its value, the learning rate among them."""
        defaults = OPTIMIZERS[self.name].defaults
        return {**defaults, **self.hyperparameters, "learning_rate": self.learning_rate}


@dataclass(frozen=True)
class Spec:
    """Everything that a run depends on. `batch_size` None takes all samples at once; `shuffle` takes them in another
    order in each epoch; `frozen` names parameters, or all weights or biases of a layer: w[1,1,1], w[1], b[2]."""

    network: Network
    initial: Initial | Scheme
    loss: str
    optimizer: OptimizerChoice
    data: Data
    batch_size: int | None = None
    seed: int = 0
    frozen: tuple[str, ...] = ()
    penalty: Penalty = NO_PENALTY
    shuffle: bool = False

    def __post_init__(self) -> None:
        """Raises SpecError where the parts do not fit together."""
        check_network(self.network)
        check_whole("seed", self.seed, 0, LARGEST_SEED)
        _check_loss(self.network, self.loss)
        check_initial(self.network, self.initial)
        check_range("penalty: l1", self.penalty.l1, 0.0)
        check_range("penalty: l2", self.penalty.l2, 0.0)
        _check_optimizer(self.optimizer)
        _check_data(self)
        for name in self.frozen:
            frozen_parameters(self.network, name)

    @cached_property
    def samples(self) -> int:
        """How many rows of the data are trained on: all that are not held back."""
        return len(self.data.inputs) - self.data.held_back

    @cached_property
    def initial_values(self) -> Initial:
        """The values before the first iteration, drawn where a scheme draws them, every slope among them."""
        return initial_values(self.network, self.initial, self.seed)


def _check_loss(network: Network, name: str) -> None:
    check_name("loss", name, LOSSES)
    wanted, found = LOSSES[name].after, network.layers[-1].activation
    if wanted and wanted != found:
        raise SpecError("loss", f"{name} follows {wanted} only, but layer {network.last} is {found}")


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
        check_range(f"optimizer: {name}", value, *optimizer.bounds[name])


def check_target(place: str, loss: str, value: float) -> None:
    """SpecError unless the loss makes sense for this target."""
    check_finite(place, value)
    low, high = LOSSES[loss].targets
    if not low <= value <= high:
        raise SpecError(place, f"{loss} needs targets from {low:g} to {high:g}, {value!r} found")


def _check_data(spec: Spec) -> None:
    inputs, targets, sizes = spec.data.inputs, spec.data.targets, spec.network.sizes
    check_range("data: test_fraction", spec.data.test_fraction, 0.0, 1.0)
    if not inputs or len(inputs) != len(targets):
        raise SpecError(
            "data", f"as many input as target rows expected, and at least 1; {len(inputs)} and {len(targets)} found"
        )
    for sample, (x, y) in enumerate(zip(inputs, targets, strict=True), 1):
        for what, row, width in (("inputs", x, sizes[0]), ("targets", y, sizes[-1])):
            if len(row) != width:
                raise SpecError(f"data: {what} of sample {sample}", f"{width} numbers expected, {len(row)} found")
        if not all(map(math.isfinite, x)):  # the names of the places are made only where one is told
            for i, value in enumerate(x, 1):
                check_finite(f"data: x[{i}] of sample {sample}", value)
        for k, value in enumerate(y, 1):
            check_target(f"data: y[{k}] of sample {sample}", spec.loss, value)
    if spec.batch_size is not None:
        check_whole("batch: size", spec.batch_size, 1, spec.samples)


