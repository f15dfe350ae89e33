"""Changes of a spec that begin a new run: rows of the data, frozen parameters."""

from dataclasses import replace

from engine.network import frozen_parameters
from engine.quantities import Quantity
from engine.spec import Spec


def with_frozen(spec: Spec, parameter: Quantity, is_frozen: bool) -> Spec:
    """The spec with a parameter frozen or let go; a layer frozen as a whole is named one by one then."""
    named = [name for entry in spec.frozen for name in frozen_parameters(spec.network, entry) if name != parameter]
    return replace(spec, frozen=tuple(map(str, [*named, parameter] if is_frozen else named)))


def with_row(spec: Spec) -> Spec:
    """The spec with one more sample, a copy of the last one."""
    data = spec.data
    more = data._replace(inputs=(*data.inputs, data.inputs[-1]), targets=(*data.targets, data.targets[-1]), source=None)
    return replace(spec, data=more)


def without_row(spec: Spec, sample: int) -> Spec:
    """The spec without a sample (row of the data, from 1); a batch is no larger than what is left."""
    data, size = spec.data, spec.batch_size
    kept = [row for row in range(len(data.inputs)) if row != sample - 1]
    inputs, targets = tuple(data.inputs[row] for row in kept), tuple(data.targets[row] for row in kept)
    fewer = data._replace(inputs=inputs, targets=targets, source=None)
    return replace(spec, data=fewer, batch_size=min(size, len(kept) - fewer.held_back) if size else None)
