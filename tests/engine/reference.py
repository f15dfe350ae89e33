"""A textbook network: its losses, its gradient and its optimizers, from the definitions, to hold the engine against.

It shares nothing with the engine and forms no derivative by hand. A session is the mapping of a session file whose data
stand in it; one sample is computed at a time, `W[j, i]` leads from neuron i to neuron j, and every function also takes
complex numbers. Definitions: Goodfellow, Bengio, Courville, Deep Learning (2016), chapters 6 to 8; newer functions: the
papers named beside them. Complex step: Squire and Trapp, SIAM Review 40 (1998). A new activation, loss, kind of bias,
initial scheme or optimizer is one entry of its table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import floor, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.random import RandomState
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

Session = Mapping[str, Any]
Vector = NDArray[Any]  # float64, or complex128 in a complex step
Matrix = NDArray[Any]
Differentiate = Callable[[Callable[[Any], Vector], float], Vector]  # (f, x) -> f'(x), each component of f

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


def distance(e: Vector) -> Vector:
    """|e| of an error or a weight; derivative 0 at 0."""
    return where_positive(e, e, where_positive(-e, -e, 0))


# Activations: pre-activations of a layer (n,) -> activations (n,); a constant is an argument with its default.


def identity(z: Vector) -> Vector:
    """Leaves z as it is."""
    return z


def binary_step(z: Vector) -> Vector:
    """1 for z >= 0, else 0."""
    chosen: Vector = np.where(z.real >= 0, 1.0, 0.0)
    return chosen


def sigmoid(z: Vector) -> Vector:
    """1 / (1 + exp(-z)), with the exponential of a negative number only."""
    small: Vector = np.exp(-magnitude(z))
    a: Vector = where_positive(z, 1, small) / (1 + small)
    return a


def leaky_relu(z: Vector, slope: Any = 0.01) -> Vector:
    """z for z > 0, else slope * z: Maas, Hannun, Ng (2013); with a trained slope PReLU: He, Zhang, Ren, Sun (2015)."""
    return where_positive(z, z, slope * z)


def elu(z: Vector, alpha: float = 1.0) -> Vector:
    """z for z > 0, else alpha * (exp(z) - 1): Clevert, Unterthiner, Hochreiter (2015)."""
    return where_positive(z, z, alpha * np.expm1(z))


def selu(z: Vector) -> Vector:
    """An elu with the two constants of Klambauer, Unterthiner, Mayr, Hochreiter (2017)."""
    return 1.0507009873554805 * elu(z, 1.6732632423543772)


def softplus(z: Vector) -> Vector:
    """log(1 + exp(z)), with the exponential of a negative number only."""
    return positive_part(z) + np.log1p(np.exp(-magnitude(z)))


def swish(z: Vector) -> Vector:
    """z * sigmoid(z): Ramachandran, Zoph, Le (2017)."""
    return z * sigmoid(z)


def gelu(z: Vector) -> Vector:
    """z times the normal distribution's share below z: Hendrycks, Gimpel (2016)."""
    a: Vector = z / 2 * (1 + erf(z / sqrt(2)))
    return a


def softmax(z: Vector) -> Vector:
    """exp(z_k) / sum of exp(z_j), the largest z subtracted first."""
    powers: Vector = np.exp(z - z.real.max())
    a: Vector = powers / powers.sum()
    return a


ACTIVATIONS: dict[str, Callable[..., Vector]] = {
    "identity": identity,
    "binary_step": binary_step,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": positive_part,
    "leaky_relu": leaky_relu,
    "prelu": leaky_relu,
    "elu": elu,
    "selu": selu,
    "softplus": softplus,
    "swish": swish,
    "gelu": gelu,
    "softmax": softmax,
}
TRAINED_SLOPES = {"prelu": 0.25}  # activations with a trained slope, and what it begins with


# Losses of one sample: output pre-activations z (n,), output activations a (n,), targets y (n,) -> a number.


def log_sum_exp(z: Vector) -> Any:
    """log of the sum of exp(z_k), the largest z taken out first."""
    largest = z.real.max()
    return largest + np.log(np.exp(z - largest).sum())


def half_squared_error(z: Vector, a: Vector, y: Vector) -> Any:
    """Half the sum of (a_k - y_k)^2."""
    return ((a - y) * (a - y)).sum() / 2


def mean_squared_error(z: Vector, a: Vector, y: Vector) -> Any:
    """The mean of (a_k - y_k)^2."""
    return ((a - y) * (a - y)).mean()


def mean_absolute_error(z: Vector, a: Vector, y: Vector) -> Any:
    """The mean of |a_k - y_k|."""
    return distance(a - y).mean()


def huber(z: Vector, a: Vector, y: Vector) -> Any:
    """The mean of e^2 / 2 where |e| <= 1, else |e| - 1/2, with e = a_k - y_k: Huber (1964)."""
    size = distance(a - y)
    return np.where(size.real <= 1, size * size / 2, size - 0.5).mean()


def binary_cross_entropy(z: Vector, a: Vector, y: Vector) -> Any:
    """-sum of y_k log a_k + (1 - y_k) log(1 - a_k) where a is the sigmoid of z, written in z."""
    return (positive_part(z) - z * y + np.log1p(np.exp(-magnitude(z)))).sum()


def cross_entropy(z: Vector, a: Vector, y: Vector) -> Any:
    """-sum of y_k log a_k where a is the softmax of z, written in z."""
    return (y * (log_sum_exp(z) - z)).sum()


LOSSES: dict[str, Callable[[Vector, Vector, Vector], Any]] = {
    "half_squared_error": half_squared_error,
    "mean_squared_error": mean_squared_error,
    "mean_absolute_error": mean_absolute_error,
    "huber": huber,
    "binary_cross_entropy": binary_cross_entropy,
    "cross_entropy": cross_entropy,
}


# Kinds of bias: the biases of a layer, as stored, and its number of neurons n -> one bias a neuron (n,).

BIASES: dict[str, Callable[[Vector, int], Vector]] = {
    "per_neuron": lambda biases, neurons: biases.reshape(neurons),
    "shared": lambda biases, neurons: biases.reshape(1).repeat(neurons),
    "none": lambda biases, neurons: np.zeros(neurons),
}
STORED_BIASES: dict[str, Callable[[int], int]] = {"per_neuron": int, "shared": lambda n: 1, "none": lambda n: 0}


# Initial schemes: a random state, the layer's inputs and its neurons -> one weight.

SCHEMES: dict[str, Callable[[RandomState, int, int], float]] = {
    "zeros": lambda random, i, n: 0.0,
    "uniform": lambda random, i, n: random.uniform(-0.5, 0.5),
    "normal": lambda random, i, n: random.normal(0, 0.1),
    "xavier_uniform": lambda random, i, n: random.uniform(-sqrt(6 / (i + n)), sqrt(6 / (i + n))),
    "xavier_normal": lambda random, i, n: random.normal(0, sqrt(2 / (i + n))),
    "he_uniform": lambda random, i, n: random.uniform(-sqrt(6 / i), sqrt(6 / i)),
    "he_normal": lambda random, i, n: random.normal(0, sqrt(2 / i)),
}


class Parameters(NamedTuple):
    """Of every layer the weights (n, inputs of the layer), the stored biases (n,), (1,) or (0,), and the trained slope
    (1,) or (0,)."""

    weights: list[Matrix]
    biases: list[Vector]
    slopes: list[Vector]

    def arrays(self) -> Iterator[Vector]:
        """All arrays in parameter order: layer by layer weights, biases, slope."""
        return (array for layer in zip(*self, strict=True) for array in layer)

    def changed(self, array: Vector, index: tuple[int, ...], value: Any) -> "Parameters":
        """The same parameters with one number of one of the arrays replaced."""

        def copied(old: Vector) -> Vector:
            if old is not array:
                return old
            new = old.astype(type(value))
            new[index] = value
            return new

        return Parameters(*([copied(old) for old in arrays] for arrays in self))


def layers_of(session: Session) -> list[dict[str, Any]]:
    """The layers with their activation as a name and a mapping of constants, and their number of inputs."""
    found, inputs = [], session["network"]["inputs"]
    for layer in session["network"]["layers"]:
        given = layer["activation"]
        constants = {} if isinstance(given, str) else dict(given)
        name = constants.pop("name", given)
        bias = layer.get("bias", "per_neuron")
        found.append({**layer, "activation": name, "constants": constants, "inputs": inputs, "bias": bias})
        inputs = layer["neurons"]
    return found


def initial_parameters(session: Session) -> Parameters:
    """What the session starts with: its values, or those its scheme draws layer by layer, row by row, biases 0."""
    initial, layers = session["initial"], layers_of(session)
    given = initial.get("slopes") or [None] * len(layers)
    if initial["kind"] == "scheme":
        random, draw = RandomState(initial.get("seed", session.get("seed", 0))), SCHEMES[initial["scheme"]]
        shapes = [(layer["neurons"], layer["inputs"]) for layer in layers]
        weights = [np.array([[draw(random, i, n) for _ in range(i)] for _ in range(n)]) for n, i in shapes]
        biases = [np.zeros(STORED_BIASES[l["bias"]](l["neurons"])) for l in layers]
    else:
        weights = [np.array(w, float) for w in initial["weights"]]
        biases = [np.array(b, float) for b in initial["biases"]]
    slopes = [np.array(slope_of(layer, value), float) for layer, value in zip(layers, given, strict=True)]
    return Parameters(weights, biases, slopes)


def slope_of(layer: Mapping[str, Any], given: float | None) -> list[float]:
    """The slope that a layer trains, if it does: what is given, else its constant, else the activation's default."""
    if layer["activation"] not in TRAINED_SLOPES:
        return []
    default = layer["constants"].get("slope", TRAINED_SLOPES[layer["activation"]])
    return [default if given is None else given]


def forward(layers: list[dict[str, Any]], parameters: Parameters, x: ArrayLike) -> list[tuple[Vector, Vector]]:
    """(z, a) of each of these layers for one sample's inputs x: z = W a + b with a of the layer before."""
    computed = []
    a = np.asarray(x, float)
    for layer, weight, bias, slope in zip(layers, *parameters, strict=True):
        z = weight @ a + BIASES[layer["bias"]](bias, layer["neurons"])
        constants = {**layer["constants"], "slope": slope[0]} if len(slope) else layer["constants"]
        a = ACTIVATIONS[layer["activation"]](z, **constants)
        computed.append((z, a))
    return computed


def losses(session: Session, parameters: Parameters, rows: Iterable[int]) -> Vector:
    """The loss of each sample in `rows`, zero-based rows of the session's data; complex where a parameter is."""
    data, loss, layers = session["data"], LOSSES[session["loss"]], layers_of(session)
    found = []
    for row in rows:
        z, a = forward(layers, parameters, data["inputs"][row])[-1]
        found.append(loss(z, a, np.asarray(data["targets"][row], float)))
    return np.array(found)


def penalty(session: Session, parameters: Parameters) -> Any:
    """l1 * sum of |w| + l2/2 * sum of w^2 over the weights."""
    rates = {"l1": 0.0, "l2": 0.0} | session.get("penalty", {})
    return sum(rates["l1"] * distance(w).sum() + rates["l2"] / 2 * (w * w).sum() for w in parameters.weights)


def batch_loss(session: Session, parameters: Parameters, rows: Iterable[int]) -> Any:
    """The mean of the samples' losses, plus the penalty."""
    return losses(session, parameters, rows).mean() + penalty(session, parameters)


def test_loss(session: Session, parameters: Parameters) -> Any:
    """The mean loss of the rows held back, without penalty."""
    return losses(session, parameters, range(samples(session), len(session["data"]["inputs"]))).mean()


test_loss.__test__ = False  # type: ignore[attr-defined]  # a loss, no test


def complex_step(f: Callable[[Any], Vector], x: float) -> Vector:
    """The derivative of f at x as Im f(x + ih) / h: no difference is taken, so nothing cancels."""
    return f(complex(x, COMPLEX_STEP)).imag / COMPLEX_STEP


def central_difference(f: Callable[[Any], Vector], x: float) -> Vector:
    """The derivative of f at x as (f(x + h) - f(x - h)) / 2h, h the cube root of the float's epsilon, scaled by x."""
    h = float(np.cbrt(np.finfo(float).eps)) * max(1.0, abs(x))
    above, below = x + h, x - h
    return (f(above) - f(below)) / (above - below)


def derivatives(
    rule: Differentiate, session: Session, parameters: Parameters, rows: Sequence[int]
) -> tuple[list[dict[str, float]], dict[str, float]]:
    """The loss of each sample of `rows`, and their batch's loss, differentiated by one parameter at a time."""

    def all_losses(array: Vector, index: tuple[int, ...], value: Any) -> Vector:
        changed = parameters.changed(array, index, value)
        found = losses(session, changed, rows)
        return np.array([*found, found.mean() + penalty(session, changed)])

    columns = [
        rule(partial(all_losses, array, index), float(array[index]))
        for array in parameters.arrays()
        for index in np.ndindex(array.shape)
    ]
    named = [dict(zip(names(session), row, strict=True)) for row in np.array(columns, float).T.tolist()]
    return named[:-1], named[-1]


def gradient(session: Session, parameters: Parameters, rows: Sequence[int]) -> dict[str, float]:
    """The gradient of the batch's loss over `rows` by the complex step, by parameter in parameter order."""
    return derivatives(complex_step, session, parameters, rows)[1]


def central_differences(session: Session, parameters: Parameters, rows: Sequence[int]) -> dict[str, float]:
    """The gradient of the batch's loss over `rows` by central differences, by parameter in parameter order."""
    return derivatives(central_difference, session, parameters, rows)[1]


def samples(session: Session) -> int:
    """How many rows are trained on: all but the last floor(test_fraction * N)."""
    rows = len(session["data"]["inputs"])
    return rows - floor(session["data"].get("test_fraction", 0) * rows)


def batches(session: Session) -> int:
    """How many batches an epoch has."""
    size = session.get("batch", {}).get("size", "all")
    return 1 if size == "all" else -(-samples(session) // size)  # rounded up


def batch_rows(session: Session, iteration: int) -> list[int]:
    """The zero-based rows of iteration 1, 2, ...: held-back rows never, the last batch of an epoch may be smaller."""
    count, batch = samples(session), session.get("batch", {"size": "all"})
    size = count if batch["size"] == "all" else batch["size"]
    epoch, position = (iteration - 1) // batches(session) + 1, (iteration - 1) % batches(session)
    order = list(range(count))
    if batch.get("shuffle", False):
        order = RandomState([session.get("seed", 0), epoch]).permutation(count).tolist()
    return order[position * size : (position + 1) * size]


def names(session: Session) -> list[str]:
    """The names of the parameters in parameter order: layer by layer, weights row by row, then biases, then slope."""
    found = []
    for number, layer in enumerate(layers_of(session), 1):
        neurons, bias = range(1, layer["neurons"] + 1), layer["bias"]
        found += [f"w[{number},{j},{i}]" for j in neurons for i in range(1, layer["inputs"] + 1)]
        found += {"per_neuron": [f"b[{number},{j}]" for j in neurons], "shared": [f"b[{number}]"], "none": []}[bias]
        found += [f"slope[{number}]"] * (layer["activation"] in TRAINED_SLOPES)
    return found


def by_name(session: Session, parameters: Parameters) -> dict[str, float]:
    """Arrays in the parameters' shapes as one mapping from parameter name to number, in parameter order."""
    numbers = [number for array in parameters.arrays() for number in np.ravel(array).tolist()]
    return dict(zip(names(session), numbers, strict=True))


def from_names(session: Session, values: Mapping[str, float]) -> Parameters:
    """The arrays of parameters given by name."""
    parameters = initial_parameters(session)
    numbers = iter([values[name] for name in names(session)])
    for array in parameters.arrays():
        array[...] = np.reshape([next(numbers) for _ in range(array.size)], array.shape)
    return parameters


def whole_layer(name: str) -> str:
    """What freezes a parameter with all of its kind in its layer: w[1] for w[1,2,3], b[1] for b[1,2] and for b[1]."""
    return name.split(",")[0].rstrip("]") + "]"


def is_frozen(session: Session, name: str) -> bool:
    """Whether the parameter, or its whole layer, is frozen."""
    return bool({name, whole_layer(name)} & set(session.get("frozen", [])))


# Optimizers: slots s of one parameter (changed in place), its value w, gradient g, hyperparameters h and iteration t ->
# the new value. Kingma, Ba (2015), algorithm 1; Loshchilov, Hutter (2019), algorithm 2; Duchi, Hazan, Singer (2011);
# Sutskever and others (2013); Hinton's lecture 6e (2012); in the form that PyTorch's documentation gives them.


def gradient_descent(s: dict[str, float], w: float, g: float, h: Mapping[str, float], t: int) -> float:
    return w - h["learning_rate"] * g


def momentum(s: dict[str, float], w: float, g: float, h: Mapping[str, float], t: int) -> float:
    s["velocity"] = h["momentum"] * s["velocity"] + g
    return w - h["learning_rate"] * s["velocity"]


def nesterov(s: dict[str, float], w: float, g: float, h: Mapping[str, float], t: int) -> float:
    s["velocity"] = h["momentum"] * s["velocity"] + g
    return w - h["learning_rate"] * (g + h["momentum"] * s["velocity"])


def adagrad(s: dict[str, float], w: float, g: float, h: Mapping[str, float], t: int) -> float:
    s["square_sum"] += g * g
    return w - h["learning_rate"] * g / (sqrt(s["square_sum"]) + h["eps"])


def rmsprop(s: dict[str, float], w: float, g: float, h: Mapping[str, float], t: int) -> float:
    s["square_average"] = h["decay"] * s["square_average"] + (1 - h["decay"]) * g * g
    return w - h["learning_rate"] * g / (sqrt(s["square_average"]) + h["eps"])


def adam(s: dict[str, float], w: float, g: float, h: Mapping[str, float], t: int) -> float:
    s["first_moment"] = h["beta1"] * s["first_moment"] + (1 - h["beta1"]) * g
    s["second_moment"] = h["beta2"] * s["second_moment"] + (1 - h["beta2"]) * g * g
    m_hat, v_hat = s["first_moment"] / (1 - h["beta1"] ** t), s["second_moment"] / (1 - h["beta2"] ** t)
    return w - h["learning_rate"] * m_hat / (sqrt(v_hat) + h["eps"])


def adamw(s: dict[str, float], w: float, g: float, h: Mapping[str, float], t: int) -> float:
    return adam(s, w - h["learning_rate"] * h["weight_decay"] * w, g, h, t)


class Optimizer(NamedTuple):
    """How one parameter is updated, its slots, and the hyperparameters with their defaults."""

    update: Callable[[dict[str, float], float, float, Mapping[str, float], int], float]
    slots: tuple[str, ...] = ()
    defaults: Mapping[str, float] = {}


MOMENTS = ("first_moment", "second_moment")
BETAS = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": Optimizer(gradient_descent),
    "momentum": Optimizer(momentum, ("velocity",), {"momentum": 0.9}),
    "nesterov": Optimizer(nesterov, ("velocity",), {"momentum": 0.9}),
    "adagrad": Optimizer(adagrad, ("square_sum",), {"eps": 1e-10}),
    "rmsprop": Optimizer(rmsprop, ("square_average",), {"decay": 0.99, "eps": 1e-8}),
    "adam": Optimizer(adam, MOMENTS, BETAS),
    "adamw": Optimizer(adamw, MOMENTS, {**BETAS, "weight_decay": 0.01}),
}


def train(session: Session, iterations: int) -> Iterator[dict[str, dict[str, float]]]:
    """After each update the parameters and the slots, by name; edits are left out."""
    optimizer = OPTIMIZERS[session["optimizer"]["name"]]
    h = {**optimizer.defaults, **session["optimizer"]}
    values = by_name(session, initial_parameters(session))
    slots = {name: dict.fromkeys(optimizer.slots, 0.0) for name in values}
    for t in range(1, iterations + 1):
        found = gradient(session, from_names(session, values), batch_rows(session, t))
        for name in values:
            if not is_frozen(session, name):
                values[name] = optimizer.update(slots[name], values[name], found[name], h, t)
        state = {slot: {name: slots[name][slot] for name in values} for slot in optimizer.slots}
        yield {"parameters": dict(values), **state}
