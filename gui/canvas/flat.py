"""Neurons that hardly any gradient passes, whatever the sample: saturated, dead, or flat everywhere."""

from collections.abc import Mapping

import numpy as np

from engine.calculator import is_flat
from engine.frame import Frame
from engine.optimizers import PARAMETER
from engine.quantities import Quantity
from engine.trace import Trace
from gui import text
from gui.prediction.answers import Predictors, Rows

MOST_ROWS = 256
"""Of more rows that are trained on so many are looked at, evenly spread."""
Neuron = tuple[int, int]
"""Layer and neuron, from 1."""


class FlatNeurons:
    """Those of a frame's iteration, at the parameters it begins with; found anew only for another iteration."""

    def __init__(self) -> None:
        self._trace: Trace | None = None
        self._words: Mapping[Neuron, str] = {}
        self._rows, self._predictors = Rows(), Predictors()

    def of(self, frame: Frame) -> Mapping[Neuron, str]:
        """What each of them is called."""
        if frame.trace is not self._trace:
            self._trace, self._words = frame.trace, self._found(frame)
        return self._words

    def tip(self, frame: Frame, quantity: Quantity) -> str:
        """What a quantity is; of a neuron that hardly any gradient passes that, too."""
        match quantity:
            case Quantity("z" | "a", (l, j)) if word := self.of(frame).get((l, j)):
                return f"{text.tip(frame, quantity)}\n{text.flat_neuron(word)}"
        return text.tip(frame, quantity)

    def _found(self, frame: Frame) -> Mapping[Neuron, str]:
        spec, trace = frame.session.spec, frame.trace
        inputs = self._rows.of(frame)[0][: spec.samples]
        inputs = inputs[:: -(-len(inputs) // MOST_ROWS)]
        predictor = self._predictors.of(spec.network, trace.parameters, len(inputs))
        predictor.activations(trace.flat("old", PARAMETER), inputs)
        found: dict[Neuron, str] = {}
        for l, z in enumerate(predictor.pre_activations(), 1):
            function = spec.network.layers[l - 1].function
            are_flat = is_flat(function, z.ravel(), trace.constants(l)).reshape(z.shape).all(axis=0)
            found |= {(l, int(j) + 1): function.when_flat for j in np.flatnonzero(are_flat)}
        return found
