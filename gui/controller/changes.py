"""Changes of a spec that begin a new run: rows of the data, frozen parameters."""

from dataclasses import replace

from engine.quantities import Quantity
from engine.spec import Data, Spec, frozen_parameters


def with_frozen(spec: Spec, parameter: Quantity, is_frozen: bool) -> Spec:
    """The spec with a parameter frozen or let go; a layer frozen as a whole is named one by one then."""
    named = [name for entry in spec.frozen for name in frozen_parameters(spec.network, entry) if name != parameter]
    return replace(spec, frozen=tuple(map(str, [*named, parameter] if is_frozen else named)))


def with_row(spec: Spec) -> Spec:
    """The spec with one more sample, a copy of the last one."""
    data = spec.data
    return replace(spec, data=Data((*data.inputs, data.inputs[-1]), (*data.targets, data.targets[-1])))


def without_row(spec: Spec, sample: int) -> Spec:
    """The spec without a sample (row of the data, from 1); a batch is no larger than what is left."""
    kept = [row for row in range(spec.samples) if row != sample - 1]
    data = Data(tuple(spec.data.inputs[row] for row in kept), tuple(spec.data.targets[row] for row in kept))
    size = spec.batch_size
    return replace(spec, data=data, batch_size=min(size, len(kept)) if size else None)
