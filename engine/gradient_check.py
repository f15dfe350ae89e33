"""Every gradient of an iteration against central differences of its batch loss.

The difference quotient knows nothing of the chain rule: it only runs the forward computation twice, a little to the
left and a little to the right. Where both agree, backpropagation has done what it claims.
"""

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np

from engine.iteration import Iteration
from engine.losses import LOSSES
from engine.network import has_parameter
from engine.optimizers import GRADIENT, PARAMETER
from engine.quantities import Quantity
from engine.trace import Trace

STEP = float(np.cbrt(np.finfo(np.float64).eps))
RELATIVE, ABSOLUTE = 1e-7, 1e-9
KINK_DISTANCE = 1e-4


class GradientRow(NamedTuple):
    """One parameter: the gradient that backpropagation gives, the difference quotient, and how far apart they may be.

    kink: a pre-activation it moves, or the weight itself, that lies so close to a kink that the quotient means nothing;
    else None.
    """

    quantity: Quantity
    analytic: float
    numeric: float
    tolerance: float
    kink: Quantity | None = None

    @property
    def difference(self) -> float:
        return abs(self.analytic - self.numeric)

    @property
    def is_close(self) -> bool:
        """Whether the two agree; what lies at a kink is not judged. A value that is not finite agrees with nothing."""
        return self.kink is not None or (isfinite(self.difference) and self.difference <= self.tolerance)


class Nudge(NamedTuple):
    """A parameter moved by a step: the change of the batch loss that its gradient predicts, and the one it makes."""

    quantity: Quantity
    step: float
    predicted: float
    moved: float

    @property
    def difference(self) -> float:
        return self.moved - self.predicted


def nudge(trace: Trace, quantity: Quantity, step: float) -> Nudge:
    """What the gradient says of a step of one parameter, and what the step does; a shared bias moves as one.

    At the iteration's old parameters, on its own batch. ValueError unless the network has such a parameter.
    """
    if not (quantity.is_parameter and has_parameter(trace.spec.network, quantity)):
        raise ValueError(f"the network has no parameter {quantity}")
    losses = _Losses(trace)
    value = trace.old(PARAMETER, quantity)
    moved = losses.at(quantity, value + step) - losses.at(quantity, value)
    return Nudge(quantity, step, trace.new(GRADIENT, quantity) * step, moved)


def check_gradients(trace: Trace) -> Iterator[GradientRow]:
    """A row a parameter, in parameter order, frozen ones too; a bias that a layer shares is one parameter.

    All at the iteration's old parameters, on its own batch with the edits that hold in it.
    """
    losses, kinks = _Losses(trace), _near_kinks(trace)
    for name in trace.parameters.names():
        value = trace.old(PARAMETER, name)
        h = STEP * max(1.0, abs(value))
        numeric = (losses.at(name, value + h) - losses.at(name, value - h)) / ((value + h) - (value - h))
        analytic = trace.new(GRADIENT, name)
        largest = max(abs(analytic), abs(numeric))
        tolerance = RELATIVE * largest + ABSOLUTE * max(1.0, abs(trace.batch_loss))
        kink = next((z for z in kinks if _moves(name, z)), None)
        if trace.spec.penalty.l1 and name.kind == "w" and 0 < abs(value) < KINK_DISTANCE:
            kink = name  # |w| has a kink at 0
        yield GradientRow(name, analytic, numeric, tolerance, kink)


class _Losses:
    """The batch loss of a trace's iteration as a function of one parameter, all others as they were."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._iteration = Iteration(trace.spec, trace.parameters, trace.samples)
        np.copyto(self._iteration.inputs, trace.X().T)
        np.copyto(self._iteration.targets, trace.Y().T)
        self._start = trace.flat("old", PARAMETER)
        self._iteration.old[: trace.parameters.size] = self._start

    def at(self, parameter: Quantity, value: float) -> float:
        """The loss with this value of the parameter."""
        places = self._trace.parameters.copies(parameter)
        self._iteration.old[places] = value
        loss = self._iteration.run(self._trace.iteration, self._trace.hyperparameters["learning_rate"])
        self._iteration.old[places] = self._start[places]
        return loss


def _near_kinks(trace: Trace) -> list[Quantity]:
    """The pre-activations that some sample brings close to a kink of their activation function, and those of outputs
    whose error is close to a kink of the loss."""
    found = []
    last = trace.spec.network.last
    for kink in LOSSES[trace.spec.loss].kinks:
        near = np.any(np.abs(trace.A(last) - trace.Y() - kink) < KINK_DISTANCE, axis=0)
        found += [Quantity("z", (last, int(k) + 1)) for k in np.flatnonzero(near)]
    for l, layer in enumerate(trace.spec.network.layers, 1):
        for kink in layer.function.kinks:
            near = np.any(np.abs(trace.Z(l) - kink) < KINK_DISTANCE, axis=0)
            found += [Quantity("z", (l, int(j) + 1)) for j in np.flatnonzero(near)]
    return found


def _moves(parameter: Quantity, z: Quantity) -> bool:
    """Whether a pre-activation may depend on a parameter: one of its own neuron, or any of an earlier layer."""
    layer, *rest = parameter.indices
    is_own = layer == z.indices[0] and (not rest or rest[0] == z.indices[1])
    return is_own or layer < z.indices[0]
