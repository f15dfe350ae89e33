"""One training iteration: forward, loss, backward, update. The only vectorised mathematics.

Everything is bound once to its buffers when a run begins; an iteration then is a list of calls. Running, stepping and
replay use the same list, so a step shows exactly the numbers that running produced. Buffers are (neurons, samples), so
that sums run along contiguous samples; a trace shows them transposed.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isnan, prod

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.activations import Activation, Array, Slope
from engine.losses import LOSSES
from engine.network import Network
from engine.optimizers import GRADIENT, OPTIMIZERS, PARAMETER, Call, bind, constants_of
from engine.parameters import Parameters
from engine.spec import Penalty, Spec
from engine.trace import Trace

# Two BLAS threads give other bits than one, and small products only become slower.
threadpool_limits(limits=1, user_api="blas")


def state_size(spec: Spec, parameters: Parameters) -> int:
    """Numbers that go from one iteration to the next: the parameters and the optimizer's slots."""
    return parameters.size * (1 + len(OPTIMIZERS[spec.optimizer.name].slots))


def initial_state(spec: Spec, parameters: Parameters) -> Array:
    """The state before the first iteration: initial values, and slots of 0."""
    state = np.zeros(state_size(spec, parameters))
    state[: parameters.size] = parameters.flat(spec.initial_values)
    return state


def _shapes(spec: Spec, parameters: Parameters, samples: int) -> dict[str, tuple[int, ...]]:
    """Name and shape of every buffer of an iteration over `samples` samples. A1 is the input's activation with, last, a
    row of ones, which the bias is multiplied with.

    From Z1 on stands what shows that something is not finite. An activation that is not makes the next layer's z or the
    loss so, and whatever is not in the backward phase makes a gradient so: 0·inf is nan.
    """
    sizes, state, optimizer = spec.network.sizes, state_size(spec, parameters), OPTIMIZERS[spec.optimizer.name]
    layers = range(1, len(sizes))
    shapes: dict[str, tuple[int, ...]] = {"A0": (sizes[0] + 1, samples), "Y": (sizes[-1], samples)}
    for l in layers:
        shapes[f"A{l}"] = (sizes[l] + 1, samples)
        shapes |= {f"{name}{l}": (sizes[l], samples) for name in ("dA", "D", "dZ")}
    shapes |= {"losses": (samples,), "penalty": (1,), "old": (state,)}
    shapes |= {f"Z{l}": (sizes[l], samples) for l in layers}
    shapes |= {"batch_loss": (1,), GRADIENT: (parameters.size,), "new": (state,)}
    return shapes | {s.name: (parameters.size,) for s in optimizer.stages[:-1] if s.name not in optimizer.slots}


def _views(flat: Array, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """The buffers as views into one flat array, so that all of them are copied at once."""
    views, start = {}, 0
    for name, shape in shapes.items():
        views[name] = flat[start : start + prod(shape)].reshape(shape)
        start += prod(shape)
    return views


def forward(network: Network, parameters: Parameters, flat: Array, views: Mapping[str, Array]) -> list[Call]:
    """z = W a + b and a = f(z), layer by layer, as calls on the buffers Z1, A1 ... of `views`, at the parameters that
    stand in `flat`."""
    calls: list[Call] = []
    for l, layer in enumerate(network.layers, 1):
        W = parameters.matrix(flat, l)
        source = views[f"A{l - 1}"][: W.shape[1]]
        z, a = views[f"Z{l}"], views[f"A{l}"][:-1]
        p = constants(network, parameters, flat, l)
        calls += [(W.dot, (source, z)), (layer.function.forward, (z, p, a))]
    return calls


def constants(network: Network, parameters: Parameters, flat: Array, l: int) -> dict[str, float | Array]:
    """The constants of a layer's activation; a trained one is a view into `flat`."""
    layer = network.layers[l - 1]
    trained = {"slope": parameters.slope(flat, l)} if layer.has_slope else {}
    return {**layer.all_constants, **trained}


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
        names = list(self._shapes)
        telling = sum(prod(self._shapes[name]) for name in names[names.index("Z1") :])
        self._telling, self._zeros, self.is_finite = self._flat[-telling:], np.zeros(telling), True
        self._loss = self._views["batch_loss"].reshape(())
        self._shares = np.full(samples, 1.0 / samples)  # the product with them is the mean, in one short call
        self._hyperparameters = spec.optimizer.all_hyperparameters
        self._constants = [(constant, np.zeros(())) for constant in constants_of(OPTIMIZERS[spec.optimizer.name])]
        self._forward = [*forward(spec.network, parameters, self.old, self._views), self._sample_losses()]
        self._calls = [*self._forward, *self._batch_loss(), *self._backward(), *self._update()]

    def run(self, iteration: int, learning_rate: float) -> float:
        """Compute `new` from `old`, `inputs` and `targets`; returns the batch's loss. `is_finite` then says whether all
        that was computed is finite."""
        self._hyperparameters["learning_rate"] = learning_rate
        for constant, number in self._constants:
            number[...] = constant.value(self._hyperparameters, iteration)
        for call, arguments in self._calls:
            call(*arguments)
        self.is_finite = not isnan(self._telling.dot(self._zeros))  # 0·inf and 0·nan are nan, and a sum keeps that
        return self._loss.item()

    def mean_loss(self) -> float:
        """The mean loss of the samples at the parameters `old`, without penalty; nothing else is computed."""
        for call, arguments in self._forward:
            call(*arguments)
        return float(self._views["losses"].dot(self._shares))

    def trace(self, iteration: int, rows: Sequence[int], learning_rate: float) -> "Trace":
        """A read-only copy of what `run` has just computed. rows: the batch's rows of the data, from 0."""
        flat = self._flat.copy()
        flat.flags.writeable = False
        hyperparameters = {**self._hyperparameters, "learning_rate": learning_rate}
        return Trace(self._spec, self._parameters, iteration, rows, hyperparameters, _views(flat, self._shapes))

    def glance(self, iteration: int, rows: Sequence[int]) -> "Trace":
        """What `run` has just computed, uncopied: to be read before it is called again, and handed to nobody."""
        return Trace(self._spec, self._parameters, iteration, rows, self._hyperparameters, self._views)

    def _sample_losses(self) -> Call:
        last, views = self._spec.network.last, self._views
        value = LOSSES[self._spec.loss].value
        return value, (views[f"Z{last}"], views[f"A{last}"][:-1], views["Y"], views["losses"])

    def _batch_loss(self) -> list[Call]:
        """The mean of the samples' losses, plus the penalty."""
        total = self._loss
        calls: list[Call] = [(self._views["losses"].dot, (self._shares, total))]
        if self._spec.penalty:
            penalty = self._views["penalty"][0:1].reshape(())
            calls.append((_penalty, (self.old, self._parameters.weight_places, self._spec.penalty, penalty)))
            calls.append((np.add, (total, penalty, total)))
        return calls

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
                    p = constants(self._spec.network, self._parameters, self.old, l)
                    calls.append((function.derivative, (z, a, p, D)))
                calls.append(_times_derivative(function, a, D, dA, dZ))
            dW = self._parameters.matrix(gradient, l)
            calls.append((dZ.dot, (views[f"A{l - 1}"][: dW.shape[1]].T, dW)))
            if self._spec.network.layers[l - 1].bias == "shared":
                calls.append((_fill_with_sum, (dW[:, -1],)))
            if function.slope is not None:
                calls.append((_slope_gradient, (function.slope, z, dA, self._parameters.slope(gradient, l))))
        if self._samples > 1:
            calls.append((np.multiply, (gradient, np.array(1.0 / self._samples), gradient)))
        if self._spec.penalty:
            places = self._parameters.weight_places
            calls.append((_add_penalty_gradient, (self.old, places, self._spec.penalty, gradient)))
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


def _times_derivative(activation: Activation, a: Array, D: Array, dA: Array, dZ: Array) -> Call:
    """dL/dz from dL/da: times the derivative, or summed over the Jacobian's column."""
    jacobian = activation.jacobian
    return (np.multiply, (dA, D, dZ)) if jacobian is None else (_times_jacobian, (jacobian, a, dA, dZ))


def _times_jacobian(jacobian: Callable[[Array], Array], a: Array, dA: Array, dZ: Array) -> None:
    np.einsum("kjm,km->jm", jacobian(a), dA, out=dZ)


def _slope_gradient(slope: Slope, z: Array, dA: Array, out: Array) -> None:
    """The sum over neurons and samples of dL/da · da/dslope."""
    derivatives = np.empty_like(z)
    slope.derivative(z, derivatives)
    out[...] = np.einsum("jm,jm->", dA, derivatives)


def _penalty(state: Array, places: NDArray[np.intp], rates: Penalty, out: Array) -> None:
    """l1·sum of |w| + l2/2·sum of w²; a rate of 0 leaves its term out, for 0·inf is no number."""
    w = state[places]
    l1 = rates.l1 * np.abs(w).sum() if rates.l1 else 0.0
    l2 = 0.5 * rates.l2 * (w @ w) if rates.l2 else 0.0
    out[...] = l1 + l2


def _add_penalty_gradient(state: Array, places: NDArray[np.intp], rates: Penalty, gradient: Array) -> None:
    """l1·sign(w) + l2·w, where the derivative of |w| at 0 is 0."""
    w = state[places]
    if rates.l1:
        gradient[places] += rates.l1 * np.sign(w)
    if rates.l2:
        gradient[places] += rates.l2 * w


def _fill_with_sum(column: Array) -> None:
    column[...] = column.sum()


def _keep(new: Array, old: Array, frozen: Array) -> None:
    np.copyto(new, old, where=frozen)
