"""Random sessions over every choice that a session file offers, small enough for the reference to differentiate.

A session is a plain mapping, complete and valid, that JSON can hold as it is; the same `random.Random` gives the same
session.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from random import Random
from typing import Any, NamedTuple

import numpy as np

from tests.engine import reference

SessionMapping = dict[str, Any]

OPTIMIZERS = ("gradient_descent", "adam")
BATCHES = ("all", "one", "smaller_last")  # all samples; one at a time; several, and fewer in an epoch's last batch

OUTPUT_OF_LOSS = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}  # any other loss takes any output
KINKED = {"relu"}  # activations without a derivative at z = 0


class Combination(NamedTuple):
    """One choice of everything that has a registry; `random_session(rng, **combination._asdict())` draws from it."""

    hidden: str
    output: str
    loss: str
    bias: str
    optimizer: str
    batch: str


def is_allowed(output: str, loss: str) -> bool:
    """Whether a session may have this loss after this output activation."""
    return OUTPUT_OF_LOSS.get(loss, output) == output


def all_combinations(
    activations: Iterable[str] = tuple(reference.ACTIVATIONS),
    losses: Iterable[str] = tuple(reference.LOSSES),
    biases: Iterable[str] = tuple(reference.BIASES),
    optimizers: Iterable[str] = OPTIMIZERS,
    batches: Iterable[str] = BATCHES,
) -> Iterator[Combination]:
    """Every combination of the given names that is allowed; each activation stands in hidden layers and the output."""
    activations = tuple(activations)  # it is gone through twice
    for choice in product(activations, activations, losses, biases, optimizers, batches):
        combination = Combination(*choice)
        if is_allowed(combination.output, combination.loss):
            yield combination


def complete_session(inputs: int, layers: list[dict[str, Any]], **fields: Any) -> SessionMapping:
    """A session with every top-level key: `fields` over the defaults. Needs initial, loss, optimizer and data."""
    defaults = {
        "format": "chainstep-session",
        "version": 1,
        "title": "",
        "source": "",
        "network": {"inputs": inputs, "layers": layers},
        "notation": "sequential",
        "penalty": {"l1": 0.0, "l2": 0.0},
        "batch": {"size": "all", "shuffle": False},
        "seed": 0,
        "frozen": [],
        "edits": [],
        "cursor": {"iteration": 1, "operation": 0, "factor": 0},
        "published": [],
    }
    return defaults | fields


def random_numbers(rng: Random, count: int, bound: float) -> list[float]:
    """`count` numbers between -bound and bound."""
    return [rng.uniform(-bound, bound) for _ in range(count)]


def random_initial(rng: Random, inputs: int, layers: list[dict[str, Any]]) -> dict[str, Any]:
    """Initial values: weights (n, inputs of the layer) that keep z near 1 in size, and the biases of each kind."""
    weights, biases = [], []
    for layer in layers:
        neurons = layer["neurons"]
        weights.append([random_numbers(rng, inputs, 2 / inputs**0.5) for _ in range(neurons)])
        stored = {"per_neuron": neurons, "shared": 1, "none": 0}[layer["bias"]]
        biases.append(random_numbers(rng, stored, 0.8))
        inputs = neurons
    return {"kind": "values", "weights": weights, "biases": biases}


def one_hot(rng: Random, outputs: int) -> list[float]:
    """A single 1 among zeros."""
    hot = rng.randrange(outputs)
    return [float(k == hot) for k in range(outputs)]


def soft_targets(rng: Random, outputs: int) -> list[float]:
    """Positive numbers that sum to 1."""
    shares = [rng.uniform(0.1, 1) for _ in range(outputs)]
    return [share / sum(shares) for share in shares]


def random_targets(rng: Random, loss: str, outputs: int) -> list[float]:
    """One sample's targets, of a kind that the loss is meant for."""
    if loss == "cross_entropy":
        return rng.choice((one_hot, soft_targets))(rng, outputs)
    if loss == "binary_cross_entropy":
        return [rng.choice((0.0, 1.0, rng.random())) for _ in range(outputs)]
    return random_numbers(rng, outputs, 1)


def random_batch(rng: Random, kind: str) -> tuple[int, int | str]:
    """(number of samples, batch size) of one of BATCHES; no batch has more than five samples."""
    if kind == "all":
        return rng.randint(1, 5), "all"
    if kind == "one":
        return rng.randint(2, 5), 1
    size = rng.randint(2, 5)
    return size * rng.randint(1, 2) + rng.randint(1, size - 1), size


def whole_layer(name: str) -> str:
    """What freezes a parameter with all of its layer: w[1] for w[1,2,3], b[1] for b[1,2] and for b[1]."""
    return name.split(",")[0].rstrip("]") + "]"


def random_frozen(rng: Random, session: Mapping[str, Any]) -> list[str]:
    """Often nothing; else single parameters, or all weights or biases of one layer."""
    names = reference.names(session)
    whole_layers = sorted({whole_layer(name) for name in names})
    return rng.choice(([], [], rng.sample(names, min(2, len(names) - 1)), [rng.choice(whole_layers)]))


def random_layers(rng: Random, count: int, hidden: str | None, output: str, bias: str | None) -> list[dict[str, Any]]:
    """`count` layers of 1 to 5 neurons (2 to 5 for softmax, which is constant for one), the last one the output."""
    layers = []
    for number in range(1, count + 1):
        activation = output if number == count else hidden or rng.choice(list(reference.ACTIVATIONS))
        neurons = rng.randint(2 if activation == "softmax" else 1, 5)
        kind = bias or rng.choice(list(reference.BIASES))
        layers.append({"neurons": neurons, "activation": activation, "bias": kind})
    return layers


def random_output(rng: Random, output: str | None, loss: str | None) -> tuple[str, str]:
    """(output activation, loss): an allowed pair that keeps what is given."""
    outputs = [output] if output else list(reference.ACTIVATIONS)
    losses = [loss] if loss else list(reference.LOSSES)
    pairs = [pair for pair in product(outputs, losses) if is_allowed(*pair)]
    if not pairs:
        raise ValueError(f"{loss} after {output} is not allowed")
    return rng.choice(pairs)


def random_session(
    rng: Random,
    *,
    hidden: str | None = None,
    output: str | None = None,
    loss: str | None = None,
    bias: str | None = None,
    optimizer: str | None = None,
    batch: str | None = None,
    layers: int | None = None,
    inputs: int | None = None,
    frozen: list[str] | None = None,
) -> SessionMapping:
    """A random session; what is given is kept, for all hidden layers or all layers where it concerns several.

    What is not given is drawn: activations, losses and biases from the reference's tables, 1 to 4 layers (2 to 4 where
    `hidden` is given), 1 to 4 inputs. `batch` is one of BATCHES.
    """
    output, loss = random_output(rng, output, loss)
    inputs = inputs or rng.randint(1, 4)
    rows = random_layers(rng, layers or rng.randint(2 if hidden else 1, 4), hidden, output, bias)
    samples, size = random_batch(rng, batch or rng.choice(BATCHES))
    session = complete_session(
        inputs,
        rows,
        title="A random session",
        initial=random_initial(rng, inputs, rows),
        loss=loss,
        optimizer={"name": optimizer or rng.choice(OPTIMIZERS), "learning_rate": rng.uniform(0.01, 0.5)},
        data={
            "kind": "values",
            "inputs": [random_numbers(rng, inputs, 1.5) for _ in range(samples)],
            "targets": [random_targets(rng, loss, rows[-1]["neurons"]) for _ in range(samples)],
        },
        batch={"size": size, "shuffle": False},
    )
    return session | {"frozen": random_frozen(rng, session) if frozen is None else frozen}


def activation_name(layer: Mapping[str, Any]) -> str:
    """The name of a layer's activation, which may be given with constants."""
    activation = layer["activation"]
    return str(activation if isinstance(activation, str) else activation["name"])


def near_kink(session: Mapping[str, Any], distance: float = 1e-4) -> bool:
    """Whether any sample brings a pre-activation of a kinked activation within `distance` of 0 at the initial values.

    There a derivative by differences means nothing.
    """
    weights, biases = reference.initial_parameters(session)
    kinked = [activation_name(layer) in KINKED for layer in session["network"]["layers"]]
    for x in session["data"]["inputs"]:
        computed = reference.forward(session, weights, biases, x)
        if any(k and bool(np.any(np.abs(z) < distance)) for k, (z, _) in zip(kinked, computed, strict=True)):
            return True
    return False
