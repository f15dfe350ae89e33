"""The loss as a surface over the parameters, and the way that an optimizer takes down it."""

from collections.abc import Iterable

import numpy as np

from engine.activations import Array
from engine.iteration import Iteration
from engine.optimizers import PARAMETER
from engine.parameters import Parameters
from engine.spec import Spec
from engine.timeline import Timeline


def losses_at(spec: Spec, points: Iterable[Array]) -> Array:
    """The mean loss of the samples trained on at each of the points, flat vectors of parameters; without penalty."""
    parameters = Parameters(spec.network)
    forward = Iteration(spec, parameters, spec.samples)
    np.copyto(forward.inputs, np.array(spec.data.inputs[: spec.samples]).T)
    np.copyto(forward.targets, np.array(spec.data.targets[: spec.samples]).T)
    losses = []
    for point in points:
        forward.old[: parameters.size] = point
        losses.append(forward.mean_loss())
    return np.array(losses)


def way(spec: Spec, iterations: int) -> Array:
    """The parameters before the first iteration and after each of so many (iterations + 1, parameters)."""
    timeline = Timeline(spec)
    return np.array([timeline.trace(t).flat("old", PARAMETER) for t in range(1, iterations + 2)])
