"""The first operation of an iteration whose value is not finite, found in the arrays and not by describing operations.

What is infinite by convention does not count: the factors dL/da and da/dz of a delta that is computed in one piece
stand beside it only as its reason.
"""

from collections.abc import Callable, Mapping

import numpy as np

from engine.activations import Array
from engine.losses import LOSSES
from engine.optimizers import GRADIENT, PARAMETER
from engine.program import Block, Program, Section
from engine.trace import Trace

Values = Callable[[Trace, int], Array]


def first_not_finite(trace: Trace, program: Program) -> int | None:
    """The number, from 0, of the first operation that writes an inf or nan; None where all values are finite."""
    start = 0
    for section in program.sections:
        bad = [k for block in section.blocks for k in _of_block(trace, section, block)]
        if bad:
            return start + min(bad)
        start += section.count
    return None


def _of_block(trace: Trace, section: Section, block: Block) -> list[int]:
    """For each kind of a block the first operation that is not finite, counted from the section's start."""
    offset, kinds = section.starts[section.blocks.index(block)], block.kinds
    bad = []
    for place, kind in enumerate(kinds):
        values = _values(trace, section, block, kind)
        s, item = divmod(_first_bad(values), block.items)
        if s < len(values):
            bad.append(s * section.length + offset + item * len(kinds) + place)
    return bad


def _first_bad(values: Array) -> int:
    """Where the first value that is not finite stands, counted row by row; the number of values if there is none."""
    is_bad = ~np.isfinite(values)
    return int(is_bad.argmax()) if is_bad.any() else values.size


def _values(trace: Trace, section: Section, block: Block, kind: str) -> Array:
    """What the operations of one kind write (samples, items); outside the samples (1, items)."""
    l = block.layer or 0
    if kind in ("loss_derivative", "activation_derivative") and _is_reason(trace, l):
        return np.zeros((0, block.items))
    if section.phase == "update":
        return _updated(trace, l, PARAMETER if kind == "parameter_update" else kind)[np.newaxis]
    if kind == "mean_gradient" or (kind in _GRADIENTS and not trace.has_means):
        return _gradients(trace, l)[kind][np.newaxis]
    return VALUES[kind](trace, l)


def _is_reason(trace: Trace, l: int) -> bool:
    return l == trace.spec.network.last and LOSSES[trace.spec.loss].delta is not None


def _updated(trace: Trace, l: int, name: str) -> Array:
    """What an optimizer's stage leaves for the parameters of a layer that are not frozen, in parameter order."""
    places = trace.parameters
    of_layer = places.order[places.first(l) : places.first(l + 1)]
    return trace.left(name)[of_layer[~places.frozen(trace.spec)[of_layer]]]


def _gradients(trace: Trace, l: int) -> dict[str, Array]:
    """The gradients of a layer's parameters that the optimizer gets, in parameter order, by kind of operation."""
    places, first = trace.parameters, trace.parameters.first
    layer = trace.left(GRADIENT)[places.order[first(l) : first(l + 1)]]
    sizes = trace.spec.network.sizes
    weights = sizes[l] * sizes[l - 1]
    biases = weights + trace.spec.network.layers[l - 1].bias_count
    parts = (layer, layer[:weights], layer[weights:biases], layer[biases:])
    return dict(zip(("mean_gradient", *_GRADIENTS), parts, strict=True))


def _weight_gradients(trace: Trace, l: int) -> Array:
    """dL/dz·a(before) of each sample. Only the first sample whose largest product is not finite is multiplied out; the
    products before it are finite, and those after it do not come first."""
    deltas, sources = trace.dZ(l), trace.A(l - 1)
    largest = np.abs(deltas).max(axis=1) * np.abs(sources).max(axis=1)
    s = min(_first_bad(largest), len(deltas) - 1)
    products = np.zeros((s + 1, deltas.shape[1] * sources.shape[1]))
    products[s] = np.multiply.outer(deltas[s], sources[s]).ravel()
    return products


def _bias_gradients(trace: Trace, l: int) -> Array:
    deltas = trace.dZ(l)
    is_shared = trace.spec.network.layers[l - 1].bias == "shared"
    return np.array([[row.sum()] for row in deltas]) if is_shared else deltas


def _slope_gradients(trace: Trace, l: int) -> Array:
    return np.array([[dA @ slopes] for dA, slopes in zip(trace.dA(l), trace.slope_derivatives(l), strict=True)])


_GRADIENTS = ("weight_gradient", "bias_gradient", "slope_gradient")
VALUES: Mapping[str, Values] = {
    "pre_activation": Trace.Z,
    "activation": Trace.A,
    "sample_loss": lambda trace, l: trace.losses[:, np.newaxis],
    "penalty": lambda trace, l: np.array([[trace.penalty]]),
    "batch_loss": lambda trace, l: np.array([[trace.batch_loss]]),
    "loss_derivative": Trace.dA,
    "activation_gradient": Trace.dA,
    "activation_derivative": Trace.D,
    "delta": Trace.dZ,
    "weight_gradient": _weight_gradients,
    "bias_gradient": _bias_gradients,
    "slope_gradient": _slope_gradients,
}
"""What the operations of a kind write, for all samples of the batch and all items of a layer (samples, items)."""
