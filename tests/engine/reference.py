"""A textbook network: its losses and their gradient, written from the definitions, to hold the engine against.

It shares nothing with the engine and forms no derivative by hand. A session is the mapping of a session file whose
initial values and data stand in it; one sample is computed at a time, `W[j, i]` leads from neuron i to neuron j, and
every function also takes complex numbers. Definitions: Goodfellow, Bengio, Courville, Deep Learning (2016), chapter 6.
Complex step: Squire and Trapp, SIAM Review 40 (1998). A new activation, loss or kind of bias is one entry of its table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Session = Mapping[str, Any]
Vector = NDArray[Any]  # float64, or complex128 in a complex step
Matrix = NDArray[Any]
Differentiate = Callable[[Callable[[Any], Any], float], float]  # (f, x) -> f'(x)

COMPLEX_STEP = 1e-30


# Piecewise functions: the real part chooses the branch. At z = 0 both below take the lower one, so that
# positive_part(z) - z*y + log1p(exp(-magnitude(z))) has its right derivative there too.


def where_positive(z: Vector, above: ArrayLike, otherwise: ArrayLike) -> Vector:
    """`above` where the real part of z is over 0, else `otherwise`."""
    chosen: Vector = np.where(z.real > 0, above, otherwise)
    return chosen


def positive_part(z: Vector) -> Vector:
    """max(0, z); derivative 0 at 0."""
    return where_positive(z, z, 0)


def magnitude(z: Vector) -> Vector:
    """|z| of a real z."""
    return where_positive(z, z, -z)


# Activations: pre-activations of a layer (n,) -> activations (n,); a constant is an argument with its default.


def identity(z: Vector) -> Vector:
    """Leaves z as it is."""
    return z


def sigmoid(z: Vector) -> Vector:
    """1 / (1 + exp(-z)), with the exponential of a negative number only."""
    small: Vector = np.exp(-magnitude(z))
    a: Vector = where_positive(z, 1, small) / (1 + small)
    return a


def softmax(z: Vector) -> Vector:
    """exp(z_k) / sum of exp(z_j), the largest z subtracted first."""
    powers: Vector = np.exp(z - z.real.max())
    a: Vector = powers / powers.sum()
    return a


ACTIVATIONS: dict[str, Callable[..., Vector]] = {
    "identity": identity,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": positive_part,
    "softmax": softmax,
}


# Losses of one sample: output pre-activations z (n,), output activations a (n,), targets y (n,) -> a number.


def log_sum_exp(z: Vector) -> Any:
    """log of the sum of exp(z_k), the largest z taken out first."""
    largest = z.real.max()
    return largest + np.log(np.exp(z - largest).sum())


def half_squared_error(z: Vector, a: Vector, y: Vector) -> Any:
    """Half the sum of (a_k - y_k)^2."""
    return ((a - y) * (a - y)).sum() / 2


def binary_cross_entropy(z: Vector, a: Vector, y: Vector) -> Any:
    """-sum of y_k log a_k + (1 - y_k) log(1 - a_k) where a is the sigmoid of z, written in z."""
    return (positive_part(z) - z * y + np.log1p(np.exp(-magnitude(z)))).sum()


def cross_entropy(z: Vector, a: Vector, y: Vector) -> Any:
    """-sum of y_k log a_k where a is the softmax of z, written in z."""
    return (y * (log_sum_exp(z) - z)).sum()


LOSSES: dict[str, Callable[[Vector, Vector, Vector], Any]] = {
    "half_squared_error": half_squared_error,
    "binary_cross_entropy": binary_cross_entropy,
    "cross_entropy": cross_entropy,
}


# Kinds of bias: the biases of a layer, as stored, and its number of neurons n -> one bias a neuron (n,).

BIASES: dict[str, Callable[[Vector, int], Vector]] = {
    "per_neuron": lambda biases, neurons: biases.reshape(neurons),
    "shared": lambda biases, neurons: biases.reshape(1).repeat(neurons),
    "none": lambda biases, neurons: np.zeros(neurons),
}


def initial_parameters(session: Session) -> tuple[list[Matrix], list[Vector]]:
    """The weights (n, inputs of the layer) and stored biases (n,), (1,) or (0,) that the session starts with."""
    initial = session["initial"]
    return [np.array(w, float) for w in initial["weights"]], [np.array(b, float) for b in initial["biases"]]


def activate(activation: str | Mapping[str, Any], z: Vector) -> Vector:
    """Apply an activation given by its name, or by a mapping of its name and constants."""
    if isinstance(activation, str):
        return ACTIVATIONS[activation](z)
    constants = dict(activation)
    return ACTIVATIONS[constants.pop("name")](z, **constants)


def forward(
    session: Session, weights: Sequence[Matrix], biases: Sequence[Vector], x: ArrayLike
) -> list[tuple[Vector, Vector]]:
    """(z, a) of every layer for one sample's inputs x: z = W a + b with the activations a of the layer before."""
    computed = []
    a = np.asarray(x, float)
    for layer, weight, bias in zip(session["network"]["layers"], weights, biases, strict=True):
        z = weight @ a + BIASES[layer.get("bias", "per_neuron")](bias, layer["neurons"])
        a = activate(layer["activation"], z)
        computed.append((z, a))
    return computed


def losses(session: Session, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], rows: Iterable[int]) -> Vector:
    """The loss of each sample in `rows`, zero-based rows of the session's data; complex where a parameter is."""
    W: list[Matrix] = [np.asarray(w) for w in weights]
    b: list[Vector] = [np.asarray(bias) for bias in biases]
    data, loss = session["data"], LOSSES[session["loss"]]
    found = []
    for row in rows:
        z, a = forward(session, W, b, data["inputs"][row])[-1]
        found.append(loss(z, a, np.asarray(data["targets"][row], float)))
    return np.array(found)


def complex_step(f: Callable[[Any], Any], x: float) -> float:
    """The derivative of f at x as Im f(x + ih) / h: no difference is taken, so nothing cancels."""
    return float(f(complex(x, COMPLEX_STEP)).imag / COMPLEX_STEP)


def central_difference(f: Callable[[Any], Any], x: float) -> float:
    """The derivative of f at x as (f(x + h) - f(x - h)) / 2h, h the cube root of the float's epsilon, scaled by x."""
    h = float(np.cbrt(np.finfo(float).eps)) * max(1.0, abs(x))
    above, below = x + h, x - h
    return float((f(above) - f(below)) / (above - below))


def differentiate(
    rule: Differentiate,
    session: Session,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    rows: Sequence[int],
) -> tuple[list[Matrix], list[Vector]]:
    """The mean loss over `rows` differentiated by one parameter at a time: (dW, db) in the parameters' shapes."""
    parameters = [np.asarray(p, float) for p in (*weights, *biases)]

    def mean_loss(k: int, index: tuple[int, ...], value: Any) -> Any:
        changed = parameters[k].astype(type(value))
        changed[index] = value
        replaced = [*parameters[:k], changed, *parameters[k + 1 :]]
        return losses(session, replaced[: len(weights)], replaced[len(weights) :], rows).mean()

    derivatives = [np.zeros_like(p) for p in parameters]
    for k, parameter in enumerate(parameters):
        for index in np.ndindex(parameter.shape):
            derivatives[k][index] = rule(partial(mean_loss, k, index), float(parameter[index]))
    return derivatives[: len(weights)], derivatives[len(weights) :]


def gradient(
    session: Session, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], rows: Sequence[int]
) -> tuple[list[Matrix], list[Vector]]:
    """(dW, db) of the mean loss over `rows` by the complex step."""
    return differentiate(complex_step, session, weights, biases, rows)


def central_differences(
    session: Session, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], rows: Sequence[int]
) -> tuple[list[Matrix], list[Vector]]:
    """(dW, db) of the mean loss over `rows` by central differences."""
    return differentiate(central_difference, session, weights, biases, rows)


def batch_rows(session: Session, iteration: int) -> list[int]:
    """The zero-based rows of iteration 1, 2, ...: held-back rows never, the last batch of an epoch may be smaller."""
    rows, batch = len(session["data"]["inputs"]), session.get("batch", {"size": "all"})
    samples = rows - int(session["data"].get("test_fraction", 0) * rows)
    size = samples if batch["size"] == "all" else batch["size"]
    batches = -(-samples // size)  # rounded up
    epoch, position = (iteration - 1) // batches + 1, (iteration - 1) % batches
    order = list(range(samples))
    if batch.get("shuffle", False):
        order = np.random.RandomState([session.get("seed", 0), epoch]).permutation(samples).tolist()
    return order[position * size : (position + 1) * size]


def names(session: Session) -> list[str]:
    """The names of the parameters in parameter order: layer by layer, weights row by row, then biases."""
    weights, biases = initial_parameters(session)
    found = []
    for number, (layer, weight, bias) in enumerate(zip(session["network"]["layers"], weights, biases, strict=True), 1):
        found += [f"w[{number},{j + 1},{i + 1}]" for j, i in np.ndindex(weight.shape)]
        shared = layer.get("bias", "per_neuron") == "shared"
        found += [f"b[{number}]"] if shared else [f"b[{number},{j + 1}]" for j in range(len(bias))]
    return found


def by_name(session: Session, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> dict[str, float]:
    """Arrays in the parameters' shapes as one mapping from parameter name to number, in parameter order."""
    numbers = [n for w, b in zip(weights, biases, strict=True) for n in (*np.ravel(w).tolist(), *np.ravel(b).tolist())]
    return dict(zip(names(session), numbers, strict=True))
