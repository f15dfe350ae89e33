"""What the user changed, and at the start of which iteration: a parameter, an input or target, the learning rate.

Edits are a log, never applied to the spec; replaying it is what makes undo and time travel exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias, TypeVar

from engine.quantities import Quantity
from engine.spec import Data, Initial, Network, Spec, SpecError, check_finite, check_learning_rate, check_target
from engine.spec import has_parameter as network_has


@dataclass(frozen=True)
class ParameterEdit:
    """Sets a weight or bias at the iteration's start."""

    iteration: int
    quantity: Quantity
    value: float


@dataclass(frozen=True)
class DataEdit:
    """Sets an input or target of a sample (row of the data, from 1) from the iteration on."""

    iteration: int
    sample: int
    quantity: Quantity
    value: float


@dataclass(frozen=True)
class LearningRateEdit:
    """Sets the learning rate from the iteration on."""

    iteration: int
    value: float


class Entry(NamedTuple):
    """What a person enters: a quantity, or "learning_rate", and the value it is to have; sample: row of the data, from
    1, for inputs and targets, None for the one shown."""

    quantity: Quantity | str
    value: float
    sample: int | None = None


L = TypeVar("L")
Edit: TypeAlias = ParameterEdit | DataEdit | LearningRateEdit
Edits: TypeAlias = tuple[Edit, ...]


def check_edit(spec: Spec, edit: Edit) -> None:
    """SpecError unless the edit fits the spec."""
    if edit.iteration < 1:
        raise SpecError("edit", f"an iteration from 1 expected, {edit.iteration} found")
    match edit:
        case ParameterEdit(_, quantity, value):
            if not network_has(spec.network, quantity):
                raise SpecError("edit", f"the network has no parameter {quantity}")
            check_finite(str(quantity), value)
        case DataEdit(_, sample, quantity, value):
            _check_data_edit(spec, sample, quantity, value)
        case LearningRateEdit(_, value):
            check_learning_rate(value)


def _check_data_edit(spec: Spec, sample: int, quantity: Quantity, value: float) -> None:
    width = {"x": spec.network.inputs, "y": spec.network.sizes[-1]}.get(quantity.kind, 0)
    if not 1 <= sample <= spec.samples:
        raise SpecError("edit", f"the data has no sample {sample}; samples are 1 to {spec.samples}")
    if len(quantity.indices) != 1 or not quantity.indices[0] <= width:
        raise SpecError("edit", f"the data has no {quantity}")
    if quantity.kind == "y":
        check_target(f"{quantity} of sample {sample}", spec.loss, value)
    check_finite(f"{quantity} of sample {sample}", value)


def _target(edit: Edit) -> tuple[object, ...]:
    """What an edit sets and when: two edits with the same target replace one another."""
    match edit:
        case ParameterEdit(iteration, quantity, _):
            return iteration, quantity
        case DataEdit(iteration, sample, quantity, _):
            return iteration, sample, quantity
        case LearningRateEdit(iteration, _):
            return iteration, "learning_rate"


def with_edit(edits: Edits, edit: Edit) -> Edits:
    """The log with one more edit, by iterations; an edit of the same quantity at the same iteration is replaced."""
    others = [other for other in edits if _target(other) != _target(edit)]
    return tuple(sorted([*others, edit], key=lambda other: other.iteration))


def first_difference(before: Edits, after: Edits) -> int | None:
    """The first iteration at which two logs differ; None if they say the same."""
    # 0.0 and -0.0 are equal and yet two values, so repr tells them apart.
    old, new = ({(edit, repr(edit.value)) for edit in edits} for edits in (before, after))
    return min((edit.iteration for edit, _ in old ^ new), default=None)


def folded(spec: Spec, edits: Iterable[Edit]) -> Spec:
    """The spec with the edits of iteration 1 written into initial values, data and learning rate."""
    weights = [[list(row) for row in layer] for layer in spec.initial.weights]
    biases = [list(layer) for layer in spec.initial.biases]
    inputs, targets = ([list(row) for row in rows] for rows in (spec.data.inputs, spec.data.targets))
    optimizer = spec.optimizer
    for edit in edits:
        match edit:
            case ParameterEdit(1, Quantity("w", (l, j, i)), value):
                weights[l - 1][j - 1][i - 1] = value
            case ParameterEdit(1, Quantity("b", (l, *j)), value):
                biases[l - 1][j[0] - 1 if j else 0] = value
            case DataEdit(1, sample, Quantity(kind, (i,)), value):
                (inputs if kind == "x" else targets)[sample - 1][i - 1] = value
            case LearningRateEdit(1, value):
                optimizer = replace(optimizer, learning_rate=value)
    initial = Initial(tuple(tuple(map(tuple, layer)) for layer in weights), tuple(map(tuple, biases)))
    data = Data(tuple(map(tuple, inputs)), tuple(map(tuple, targets)))
    return replace(spec, initial=initial, data=data, optimizer=optimizer)


def carried(given: Initial, old: Initial, kept: Initial) -> Initial:
    """`given`, but a layer's weights or biases that it has unchanged from `old` are those of `kept`."""

    def layers(given: tuple[L, ...], old: tuple[L, ...], kept: tuple[L, ...]) -> tuple[L, ...]:
        return tuple(kept[l] if layer in old[l : l + 1] else layer for l, layer in enumerate(given))

    weights = layers(given.weights, old.weights, kept.weights)
    return Initial(weights, layers(given.biases, old.biases, kept.biases))


def fitted(initial: Initial, network: Network) -> Initial:
    """Initial values for another network: a layer keeps what fits its shape; 0 stands where nothing does."""
    weights, biases = [], []
    for l, layer in enumerate(network.layers):
        sources = network.sizes[l]
        old_weights = initial.weights[l] if l < len(initial.weights) else ()
        old_biases = initial.biases[l] if l < len(initial.biases) else ()
        fits = len(old_weights) == layer.neurons and all(len(row) == sources for row in old_weights)
        weights.append(old_weights if fits else ((0.0,) * sources,) * layer.neurons)
        biases.append(old_biases if len(old_biases) == layer.bias_count else (0.0,) * layer.bias_count)
    return Initial(tuple(weights), tuple(biases))


def data_value(spec: Spec, edits: Edits, iteration: int, sample: int, quantity: Quantity) -> float:
    """An input or target of a sample (row of the data, from 1) as it stands in an iteration."""
    rows = spec.data.inputs if quantity.kind == "x" else spec.data.targets
    value = rows[sample - 1][quantity.indices[0] - 1]
    for edit in edits:
        match edit:
            case DataEdit(at, row, name, edited) if at <= iteration and (row, name) == (sample, quantity):
                value = edited
    return value
