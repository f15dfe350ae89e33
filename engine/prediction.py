"""What a network answers at any parameters, for many inputs at once: the forward computation without training.

It uses the calls of `engine.iteration.forward` on buffers of its own, so that a prediction is the number that an
iteration would have computed at the same parameters, and nothing of a session changes.
"""

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.iteration import forward
from engine.losses import LOSSES
from engine.network import Network
from engine.parameters import Parameters

THRESHOLD = 0.5
"""From this prediction on a single output says class 1."""


class Predictor:
    """The buffers of a forward computation over `samples` samples, (neurons, samples) as in an iteration."""

    def __init__(self, network: Network, parameters: Parameters, samples: int) -> None:
        self._last, self._samples = network.last, samples
        self._flat = np.zeros(parameters.size)
        shapes = {f"A{l}": (neurons + 1, samples) for l, neurons in enumerate(network.sizes)}
        shapes |= {f"Z{l}": (neurons, samples) for l, neurons in enumerate(network.sizes) if l}
        self._views = {name: np.ones(shape) for name, shape in shapes.items()}
        self._calls = forward(network, parameters, self._flat, self._views)

    def activations(self, flat: Array, inputs: Array) -> list[Array]:
        """The activations of layers 1 to L, each (samples, neurons), for inputs (samples, inputs) at the parameters
        `flat`. They are views: valid until the next call."""
        self._flat[...] = flat
        self._views["A0"][:-1] = inputs.T
        for call, arguments in self._calls:
            call(*arguments)
        return [self._views[f"A{l}"][:-1].T for l in range(1, self._last + 1)]

    def pre_activations(self) -> list[Array]:
        """Those of layers 1 to L, each (samples, neurons), for the activations computed last; views like these."""
        return [self._views[f"Z{l}"].T for l in range(1, self._last + 1)]

    def losses(self, loss: str, targets: Array) -> Array:
        """The loss of each sample (samples,) for the activations computed last; targets (samples, outputs)."""
        found = np.empty(self._samples)
        z, a = self._views[f"Z{self._last}"], self._views[f"A{self._last}"][:-1]
        LOSSES[loss].value(z, a, np.ascontiguousarray(targets.T), found)
        return found


def classes(targets: Array) -> NDArray[np.intp] | None:
    """The class of each sample (samples,) where all targets (samples, outputs) say one, else None. One output: 0 or 1;
    several: the output, from 0, whose target is 1 while the others are 0."""
    if not np.isin(targets, (0.0, 1.0)).all():
        return None
    if targets.shape[1] == 1:
        return targets[:, 0].astype(np.intp)
    return targets.argmax(axis=1) if (targets.sum(axis=1) == 1.0).all() else None


def decided(predictions: Array) -> NDArray[np.intp]:
    """The class that each prediction (samples, outputs) says (samples,): with one output 1 from THRESHOLD on, with
    several the largest, the first of equal ones; -1 where a prediction is not a number."""
    is_single = predictions.shape[1] == 1
    said = (predictions[:, 0] >= THRESHOLD).astype(np.intp) if is_single else predictions.argmax(axis=1)
    return np.where(np.isnan(predictions).any(axis=1), -1, said)


def accuracy(targets: Array, predictions: Array) -> tuple[int, int] | None:
    """How many predictions of how many say the class of their target, both (samples, outputs); None where targets are
    no classes."""
    meant = classes(targets)
    return None if meant is None else (int((decided(predictions) == meant).sum()), len(meant))
