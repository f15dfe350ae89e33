"""What the user changed, and at the start of which iteration: a parameter, an input or target, the learning rate.

Edits are a log, never applied to the spec; replaying it is what makes undo and time travel exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np

from engine.activations import Array
from engine.checks import SpecError, check_finite
from engine.network import Initial, Network, Scheme, initial_values
from engine.network import has_parameter as network_has
from engine.quantities import Quantity
from engine.spec import Data, Spec, check_learning_rate, check_target


@dataclass(frozen=True)
class ParameterEdit:
    """Sets a weight, bias or slope at the iteration's start."""

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
Start: TypeAlias = Initial | Scheme


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
    if not 1 <= sample <= len(spec.data.inputs):
        raise SpecError("edit", f"the data has no sample {sample}; samples are 1 to {len(spec.data.inputs)}")
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
    """The spec with the edits of iteration 1 written into initial values, data and learning rate; what is edited was
    typed from then on, and no longer drawn, generated or read from a file."""
    given = spec.initial_values
    weights = [[list(row) for row in layer] for layer in given.weights]
    biases = [list(layer) for layer in given.biases]
    slopes: list[float | None] = [None] * spec.network.last
    if isinstance(spec.initial, Initial) and spec.initial.slopes:
        slopes = list(spec.initial.slopes)
    inputs, targets = ([list(row) for row in rows] for rows in (spec.data.inputs, spec.data.targets))
    optimizer = spec.optimizer
    for edit in edits:
        match edit:
            case ParameterEdit(1, Quantity("w", (l, j, i)), value):
                weights[l - 1][j - 1][i - 1] = value
            case ParameterEdit(1, Quantity("b", (l, *j)), value):
                biases[l - 1][j[0] - 1 if j else 0] = value
            case ParameterEdit(1, Quantity("slope", (l,)), value):
                slopes[l - 1] = value
            case DataEdit(1, sample, Quantity(kind, (i,)), value):
                (inputs if kind == "x" else targets)[sample - 1][i - 1] = value
            case LearningRateEdit(1, value):
                optimizer = optimizer._replace(learning_rate=value)
    # A slope that nobody gave stays its layer's constant, so that a change of the constant still counts.
    given_slopes = tuple(slopes) if any(slope is not None for slope in slopes) else ()
    initial = Initial(tuple(tuple(map(tuple, layer)) for layer in weights), tuple(map(tuple, biases)), given_slopes)
    data = Data(tuple(map(tuple, inputs)), tuple(map(tuple, targets)), None, spec.data.test_fraction)
    first = {type(edit) for edit in edits if edit.iteration == 1}
    return replace(
        spec,
        initial=initial if ParameterEdit in first else spec.initial,
        data=data if DataEdit in first else spec.data,
        optimizer=optimizer,
    )


def carried(given: Start, old: Start, kept: Start) -> Start:
    """`given`, but a layer's values that it has unchanged from `old` are those of `kept`."""
    if given == old:
        return kept
    if isinstance(given, Scheme) or isinstance(old, Scheme) or isinstance(kept, Scheme):
        return given

    def layers(given: tuple[L, ...], old: tuple[L, ...], kept: tuple[L, ...]) -> tuple[L, ...]:
        return tuple(kept[l] if layer in old[l : l + 1] else layer for l, layer in enumerate(given))

    return Initial(
        layers(given.weights, old.weights, kept.weights),
        layers(given.biases, old.biases, kept.biases),
        kept.slopes if given.slopes == old.slopes else given.slopes,
    )


FILLED_BY = Scheme("xavier_uniform")
"""What draws the values of a layer that has none which fit: all 0 would keep its neurons alike for ever."""


def fitted(initial: Start, network: Network, seed: int) -> Start:
    """Initial values for another network: a layer keeps what fits its shape, the others are drawn. A scheme stays."""
    if isinstance(initial, Scheme):
        return initial
    fresh = initial_values(network, FILLED_BY, seed)
    weights, biases, slopes = [], [], []
    for l, layer in enumerate(network.layers):
        old_weights = initial.weights[l] if l < len(initial.weights) else ()
        old_biases = initial.biases[l] if l < len(initial.biases) else ()
        old_slope = initial.slopes[l] if l < len(initial.slopes) else None
        fits = len(old_weights) == layer.neurons and all(len(row) == network.sizes[l] for row in old_weights)
        weights.append(old_weights if fits else fresh.weights[l])
        biases.append(old_biases if len(old_biases) == layer.bias_count else fresh.biases[l])
        slopes.append(old_slope if layer.has_slope else None)
    return Initial(tuple(weights), tuple(biases), tuple(slopes) if initial.slopes else ())


def begun_anew(spec: Spec, old: Spec, edits: Iterable[Edit]) -> Spec:
    """`spec` for a new run in place of that of `old` and its edits: those of iteration 1 go into it, as far as it does
    not itself set something else."""
    kept, optimizer = folded(old, edits), spec.optimizer
    initial = carried(spec.initial, old.initial, kept.initial)
    data = kept.data if spec.data == old.data else spec.data
    if optimizer.learning_rate == old.optimizer.learning_rate:
        optimizer = optimizer._replace(learning_rate=kept.optimizer.learning_rate)
    return replace(spec, initial=fitted(initial, spec.network, spec.seed), data=data, optimizer=optimizer)


def data_value(spec: Spec, edits: Edits, iteration: int, sample: int, quantity: Quantity) -> float:
    """An input or target of a sample (row of the data, from 1) as it stands in an iteration."""
    rows = spec.data.inputs if quantity.kind == "x" else spec.data.targets
    value = rows[sample - 1][quantity.indices[0] - 1]
    for edit in edits:
        match edit:
            case DataEdit(at, row, name, edited) if at <= iteration and (row, name) == (sample, quantity):
                value = edited
    return value


def data_at(spec: Spec, edits: Edits, iteration: int) -> tuple[Array, Array]:
    """Inputs (rows, inputs) and targets (rows, outputs) of all rows of the data as they stand in an iteration."""
    inputs, targets = np.array(spec.data.inputs), np.array(spec.data.targets)
    for edit in edits:
        match edit:
            case DataEdit(at, row, Quantity(kind, (i,)), value) if at <= iteration:
                (inputs if kind == "x" else targets)[row - 1, i - 1] = value
    return inputs, targets
