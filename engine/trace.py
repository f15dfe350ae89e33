"""All arrays of one finished iteration: what an operation is described from, and what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.activations import Array
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS, PARAMETER
from engine.parameters import Parameters
from engine.quantities import Quantity
from engine.spec import Spec


def has_means(spec: Spec, samples: int) -> bool:
    """Whether an iteration over so many samples has a batch loss and mean gradients of its own: with one sample and no
    penalty they are the sample's."""
    return samples > 1 or bool(spec.penalty)


@dataclass(frozen=True)
class Trace:
    """All arrays of one finished iteration, read-only.

    `rows` are the batch's rows of the data, from 0; position s below counts within the batch, from 0.
    """

    spec: Spec
    parameters: Parameters
    iteration: int
    rows: Sequence[int]
    hyperparameters: Mapping[str, float]
    _views: Mapping[str, Array]

    @property
    def samples(self) -> int:
        return len(self.rows)

    def X(self) -> Array:
        """Inputs (samples, inputs)."""
        return self.A(0)

    def Y(self) -> Array:
        """Targets (samples, outputs)."""
        return self._of_samples["Y"]

    def Z(self, l: int) -> Array:
        """Pre-activations (samples, neurons)."""
        return self._of_samples[f"Z{l}"]

    def A(self, l: int) -> Array:
        """Activations (samples, neurons); of layer 0 the inputs."""
        return self._of_samples[f"A{l}"]

    def dA(self, l: int) -> Array:
        """Derivatives of the sample's loss by the activations (samples, neurons)."""
        return self._reason[0].T if self._is_combined(l) else self._of_samples[f"dA{l}"]

    def D(self, l: int) -> Array:
        """Derivatives of an elementwise activation function (samples, neurons)."""
        return self._reason[1].T if self._is_combined(l) else self._of_samples[f"D{l}"]

    def dZ(self, l: int) -> Array:
        """Deltas dL/dz (samples, neurons)."""
        return self._of_samples[f"dZ{l}"]

    @property
    def losses(self) -> Array:
        """The loss of each sample (samples,)."""
        return self._views["losses"]

    @property
    def penalty(self) -> float:
        return float(self._views["penalty"][0])

    @property
    def batch_loss(self) -> float:
        """The mean of the losses, plus the penalty."""
        return float(self._views["batch_loss"][0])

    @property
    def has_means(self) -> bool:
        """Whether batch loss and mean gradients are values of their own, not those of the only sample."""
        return has_means(self.spec, self.samples)

    def jacobian(self, l: int, s: int) -> Array:
        """da[k]/dz[j] of a softmax layer for the sample at position s, (k, j)."""
        jacobian = self.spec.network.layers[l - 1].function.jacobian
        if jacobian is None:
            raise ValueError(f"layer {l} has a derivative, no Jacobian")
        return jacobian(self._views[f"A{l}"][:-1, s : s + 1])[:, :, 0]

    def constants(self, l: int) -> dict[str, float]:
        """The constants of a layer's activation in this iteration; a trained one as it stood before the update."""
        layer = self.spec.network.layers[l - 1]
        trained = {"slope": self.old(PARAMETER, Quantity("slope", (l,)))} if layer.has_slope else {}
        return layer.all_constants | trained

    def slope_derivatives(self, l: int) -> Array:
        """da/dslope of a layer with a trained slope (samples, neurons)."""
        slope, z = self.spec.network.layers[l - 1].function.slope, self._views[f"Z{l}"]
        if slope is None:
            raise ValueError(f"layer {l} has no trained slope")
        derivatives = np.empty_like(z)
        slope.derivative(z, derivatives)
        return derivatives.T

    def old(self, name: str, parameter: Quantity) -> float:
        """A parameter (name 'parameter') or slot before the update."""
        return self.flat("old", name).item(self.parameters.index(parameter))

    def new(self, name: str, parameter: Quantity) -> float:
        """A parameter, a slot, another stage of the optimizer, or the gradient as this iteration left it."""
        return self.left(name).item(self.parameters.index(parameter))

    def left(self, name: str) -> Array:
        """The flat vector of a parameter, a slot, another stage, or the gradient as this iteration left it."""
        return self._views[name] if name in self._views else self.flat("new", name)

    def new_state(self) -> Array:
        """Parameters and slots after this iteration."""
        return self._views["new"]

    def flat(self, which: str, name: str) -> Array:
        """The flat vector of a parameter or slot, `which` being 'old' or 'new'."""
        return self._flats[which, name]

    @cached_property
    def _of_samples(self) -> dict[str, Array]:
        """What every sample has a row of, (samples, neurons), without the ones that the biases are multiplied with."""
        views = {name: view for name, view in self._views.items() if view.ndim == 2}
        return {name: (view[:-1] if name.startswith("A") else view).T for name, view in views.items()}

    @cached_property
    def _flats(self) -> dict[tuple[str, str], Array]:
        names, size = (PARAMETER, *OPTIMIZERS[self.spec.optimizer.name].slots), self.parameters.size
        return {
            (which, name): self._views[which][i * size : (i + 1) * size]
            for which in ("old", "new")
            for i, name in enumerate(names)
        }

    def _is_combined(self, l: int) -> bool:
        """Whether delta of this layer was computed in one piece, so that its factors were never needed for it."""
        return l == self.spec.network.last and LOSSES[self.spec.loss].delta is not None

    @cached_property
    def _reason(self) -> tuple[Array, Array]:
        """dL/da and da/dz of the output, (neurons, samples), where delta was computed from their combined form."""
        last = self.spec.network.last
        layer = self.spec.network.layers[-1]
        z, a, y = self._views[f"Z{last}"], self._views[f"A{last}"][:-1], self._views["Y"]
        dA, D = np.zeros_like(z), np.zeros_like(z)
        LOSSES[self.spec.loss].gradient(a, y, dA)
        if layer.function.derivative is not None:
            layer.function.derivative(z, a, layer.all_constants, D)
        dA.flags.writeable = D.flags.writeable = False
        return dA, D
