"""One training iteration: forward, loss, backward, update. The only vectorised mathematics.

Everything is bound once to its buffers when a run begins; an iteration then is a list of calls. Running, stepping and
replay use the same list, so a step shows exactly the numbers that running produced. Buffers are (neurons, samples), so
that sums run along contiguous samples; a trace shows them transposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from threadpoolctl import threadpool_limits

from engine.activations import Array, vjp
from engine.losses import LOSSES
from engine.optimizers import GRADIENT, OPTIMIZERS, PARAMETER, Call, bind, constants_of
from engine.parameters import Parameters
from engine.quantities import Quantity
from engine.spec import Spec

# Two BLAS threads give other bits than one, and small products only become slower.
threadpool_limits(limits=1, user_api="blas")


def state_size(spec: Spec, parameters: Parameters) -> int:
    """Numbers that go from one iteration to the next: the parameters and the optimizer's slots."""
    return parameters.size * (1 + len(OPTIMIZERS[spec.optimizer.name].slots))


def initial_state(spec: Spec, parameters: Parameters) -> Array:
    """The state before the first iteration: initial values, and slots of 0."""
    state = np.zeros(state_size(spec, parameters))
    state[: parameters.size] = parameters.flat(spec.initial)
    return state


def _shapes(spec: Spec, parameters: Parameters, samples: int) -> dict[str, tuple[int, ...]]:
    """Name and shape of every buffer of an iteration over `samples` samples. A1 is the input's activation with, last, a
    row of ones, which the bias is multiplied with."""
    sizes, state = spec.network.sizes, state_size(spec, parameters)
    shapes: dict[str, tuple[int, ...]] = {"A0": (sizes[0] + 1, samples), "Y": (sizes[-1], samples)}
    for l in range(1, len(sizes)):
        shapes[f"A{l}"] = (sizes[l] + 1, samples)
        shapes |= {f"{name}{l}": (sizes[l], samples) for name in ("Z", "dA", "D", "dZ")}
    shapes |= {"losses": (samples,), "batch_loss": (1,), "old": (state,), "new": (state,)}
    optimizer = OPTIMIZERS[spec.optimizer.name]
    shapes[GRADIENT] = (parameters.size,)
    return shapes | {s.name: (parameters.size,) for s in optimizer.stages[:-1] if s.name not in optimizer.slots}


def _views(flat: Array, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """The buffers as views into one flat array, so that all of them are copied at once."""
    views, start = {}, 0
    for name, shape in shapes.items():
        views[name] = flat[start : start + prod(shape)].reshape(shape)
        start += prod(shape)
    return views


class Iteration:
    """The buffers and the calls of an iteration over a batch of `samples` samples."""

    def __init__(self, spec: Spec, parameters: Parameters, samples: int) -> None:
        self._spec, self._parameters, self._samples = spec, parameters, samples
        self._shapes = _shapes(spec, parameters, samples)
        self._flat = np.zeros(sum(map(prod, self._shapes.values())))
        self._views = _views(self._flat, self._shapes)
        self.old, self.new, self.inputs = self._views["old"], self._views["new"], self._views["A0"][:-1]
        self.targets = self._views["Y"]
        for l in range(spec.network.last + 1):
            self._views[f"A{l}"][-1] = 1.0
        self._hyperparameters = spec.optimizer.all_hyperparameters
        self._constants = [(constant, np.zeros(())) for constant in constants_of(OPTIMIZERS[spec.optimizer.name])]
        self._calls = [*self._forward(), *self._loss(), *self._backward(), *self._update()]

    @np.errstate(all="ignore")
    def run(self, iteration: int, learning_rate: float) -> float:
        """Compute `new` from `old`, `inputs` and `targets`; returns the batch's loss."""
        self._hyperparameters["learning_rate"] = learning_rate
        for constant, number in self._constants:
            number[...] = constant.value(self._hyperparameters, iteration)
        for call, arguments in self._calls:
            call(*arguments)
        return float(self._views["batch_loss"][0])

    def trace(self, iteration: int, rows: Sequence[int], learning_rate: float) -> "Trace":
        """A read-only copy of what `run` has just computed. rows: the batch's rows of the data, from 0."""
        flat = self._flat.copy()
        flat.flags.writeable = False
        hyperparameters = {**self._hyperparameters, "learning_rate": learning_rate}
        return Trace(self._spec, self._parameters, iteration, rows, hyperparameters, _views(flat, self._shapes))

    def _forward(self) -> list[Call]:
        """z = W a + b and a = f(z), layer by layer."""
        calls: list[Call] = []
        for l, layer in enumerate(self._spec.network.layers, 1):
            W = self._parameters.matrix(self.old, l)
            source = self._views[f"A{l - 1}"][: W.shape[1]]
            z, a = self._views[f"Z{l}"], self._views[f"A{l}"][:-1]
            calls += [(W.dot, (source, z)), (layer.function.forward, (z, self._constants_of(l), a))]
        return calls

    def _constants_of(self, l: int) -> dict[str, float]:
        layer = self._spec.network.layers[l - 1]
        return {**layer.function.constants, **layer.constants}

    def _loss(self) -> list[Call]:
        """The loss of each sample, and their mean."""
        last, views = self._spec.network.last, self._views
        value = LOSSES[self._spec.loss].value
        return [
            (value, (views[f"Z{last}"], views[f"A{last}"][:-1], views["Y"], views["losses"])),
            (np.mean, (views["losses"], None, None, views["batch_loss"][0:1].reshape(()))),
        ]

    def _backward(self) -> list[Call]:
        """dL/da, dL/dz and the mean gradients, from the last layer to the first, all at the old parameters."""
        calls: list[Call] = []
        views, last, loss = self._views, self._spec.network.last, LOSSES[self._spec.loss]
        gradient = views[GRADIENT]
        for l in range(last, 0, -1):
            function = self._spec.network.layers[l - 1].function
            z, a, dA, D, dZ = (views[f"{name}{l}"] for name in ("Z", "A", "dA", "D", "dZ"))
            a = a[:-1]
            if l < last:
                W = self._parameters.weights(self.old, l + 1)
                calls.append((W.T.dot, (views[f"dZ{l + 1}"], dA)))
            elif loss.delta is None:
                calls.append((loss.gradient, (a, views["Y"], dA)))
            if l == last and loss.delta is not None:
                calls.append((loss.delta, (a, views["Y"], dZ)))
            else:
                if function.derivative is not None:
                    calls.append((function.derivative, (z, a, self._constants_of(l), D)))
                calls.append((vjp, (function, a, D, dA, dZ)))
            dW = self._parameters.matrix(gradient, l)
            calls.append((dZ.dot, (views[f"A{l - 1}"][: dW.shape[1]].T, dW)))
            if self._spec.network.layers[l - 1].bias == "shared":
                calls.append((_fill_with_sum, (dW[:, -1],)))
        if self._samples > 1:
            calls.append((np.multiply, (gradient, 1.0 / self._samples, gradient)))
        return calls

    def _update(self) -> list[Call]:
        """The optimizer's stages; frozen places keep what they had."""
        optimizer, size = OPTIMIZERS[self._spec.optimizer.name], self._parameters.size
        names = (PARAMETER, *optimizer.slots)
        old = {name: self.old[i * size : (i + 1) * size] for i, name in enumerate(names)}
        new = {name: self.new[i * size : (i + 1) * size] for i, name in enumerate(names)}
        constants = {id(constant): number for constant, number in self._constants}
        calls = bind(optimizer, old, {**self._views, **new}, constants, self._hyperparameters)
        frozen = self._parameters.frozen(self._spec)
        if frozen.any():
            calls += [(_keep, (new[name], old[name], frozen)) for name in names]
        return calls


def _fill_with_sum(column: Array) -> None:
    column[...] = column.sum()


def _keep(new: Array, old: Array, frozen: Array) -> None:
    np.copyto(new, old, where=frozen)


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
        return self._views["Y"].T

    def Z(self, l: int) -> Array:
        """Pre-activations (samples, neurons)."""
        return self._views[f"Z{l}"].T

    def A(self, l: int) -> Array:
        """Activations (samples, neurons); of layer 0 the inputs."""
        return self._views[f"A{l}"][:-1].T

    def dA(self, l: int) -> Array:
        """Derivatives of the sample's loss by the activations (samples, neurons)."""
        return (self._reason[0] if self._is_combined(l) else self._views[f"dA{l}"]).T

    def D(self, l: int) -> Array:
        """Derivatives of an elementwise activation function (samples, neurons)."""
        return (self._reason[1] if self._is_combined(l) else self._views[f"D{l}"]).T

    def dZ(self, l: int) -> Array:
        """Deltas dL/dz (samples, neurons)."""
        return self._views[f"dZ{l}"].T

    @property
    def losses(self) -> Array:
        """The loss of each sample (samples,)."""
        return self._views["losses"]

    @property
    def batch_loss(self) -> float:
        return float(self._views["batch_loss"][0])

    def jacobian(self, l: int, s: int) -> Array:
        """da[k]/dz[j] of a softmax layer for the sample at position s, (k, j)."""
        jacobian = self.spec.network.layers[l - 1].function.jacobian
        if jacobian is None:
            raise ValueError(f"layer {l} has a derivative, no Jacobian")
        return jacobian(self._views[f"A{l}"][:-1, s : s + 1])[:, :, 0]

    def old(self, name: str, parameter: Quantity) -> float:
        """A parameter (name 'parameter') or slot before the update."""
        return float(self._state("old", name)[self.parameters.index(parameter)])

    def new(self, name: str, parameter: Quantity) -> float:
        """A parameter, a slot, another stage of the optimizer, or the gradient as this iteration left it."""
        stored = self._views[name] if name in self._views else self._state("new", name)
        return float(stored[self.parameters.index(parameter)])

    def new_state(self) -> Array:
        """Parameters and slots after this iteration."""
        return self._views["new"]

    def flat(self, which: str, name: str) -> Array:
        """The flat vector of a parameter or slot, `which` being 'old' or 'new'."""
        return self._state(which, name)

    def _state(self, which: str, name: str) -> Array:
        size = self.parameters.size
        place = (PARAMETER, *OPTIMIZERS[self.spec.optimizer.name].slots).index(name)
        return self._views[which][place * size : (place + 1) * size]

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
        with np.errstate(all="ignore"):
            LOSSES[self.spec.loss].gradient(a, y, dA)
            if layer.function.derivative is not None:
                layer.function.derivative(z, a, {**layer.function.constants, **layer.constants}, D)
        dA.flags.writeable = D.flags.writeable = False
        return dA, D
