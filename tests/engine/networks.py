"""Random sessions over every choice that a session file offers, small enough for the reference to differentiate.

A session is a plain mapping, complete and valid, that JSON can hold as it is; the same `random.Random` gives the same
session.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import Any, NamedTuple

import numpy as np

from tests.engine import reference
from tests.engine.reference import whole_layer

SessionMapping = dict[str, Any]

BATCHES = ("all", "one", "smaller_last")  # all samples; one at a time; several, and fewer in an epoch's last batch
PENALTIES: dict[str, tuple[float, float]] = {"none": (0, 0), "l1": (0.1, 0), "l2": (0, 0.2), "both": (0.05, 0.1)}
"""Rates of l1 and l2 up to which a random session draws its own."""

OUTPUT_OF_LOSS = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}  # any other loss takes any output
KINKED = {"binary_step", "relu", "leaky_relu", "prelu", "elu", "selu"}  # f, f' or f'' jumps at z = 0
KINKS_OF_LOSS = {"mean_absolute_error": (0.0,), "huber": (-1.0, 1.0)}  # errors at which a derivative jumps
CONSTANTS = {"leaky_relu": ("slope", 0.02, 0.4), "prelu": ("slope", 0.05, 0.5), "elu": ("alpha", 0.5, 1.5)}
"""The constant of an activation, and between which numbers a random session draws it."""
HYPERPARAMETERS = {
    "momentum": (0.3, 0.95), "decay": (0.5, 0.99), "beta1": (0.5, 0.95), "beta2": (0.8, 0.999), "eps": (1e-9, 1e-3),
    "weight_decay": (0.001, 0.1),
}  # fmt: skip


class Combination(NamedTuple):
    """One choice of everything that has a registry; `random_session(rng, **combination._asdict())` draws from it."""

    hidden: str
    output: str
    loss: str
    bias: str
    optimizer: str
    batch: str
    penalty: str
    shuffle: bool
    frozen: bool


def is_allowed(output: str, loss: str) -> bool:
    """Whether a session may have this loss after this output activation."""
    return OUTPUT_OF_LOSS.get(loss, output) == output


def all_combinations() -> Iterator[Combination]:
    """Of the registries' product those pairs that meet in the mathematics: every activation as output with each loss
    that it may have, and in a hidden layer with each loss; every optimizer with each kind of batch and penalty, with
    and without frozen parameters. Whatever else there is takes turns, every kind of bias among it."""
    activations, optimizers = list(reference.ACTIVATIONS), list(reference.OPTIMIZERS)
    free = [loss for loss in reference.LOSSES if loss not in OUTPUT_OF_LOSS]
    layers = [
        (activations[(place + 5 * turn) % len(activations)], output, loss)
        for turn, loss in enumerate(free)
        for place, output in enumerate(activations)
    ]
    layers += [(hidden, output, loss) for loss, output in OUTPUT_OF_LOSS.items() for hidden in activations]
    updates = list(product(optimizers, BATCHES, PENALTIES, (False, True)))
    biases = list(reference.BIASES)
    # 78 kinds of layers and 168 of updates: every one of both stands in some combination.
    for n, (optimizer, batch, penalty, frozen) in enumerate(updates):
        hidden, output, loss = layers[n % len(layers)]
        bias, shuffle = biases[(n + n // len(layers)) % len(biases)], n % 5 == 0
        yield Combination(hidden, output, loss, bias, optimizer, batch, penalty, shuffle, frozen)


def all_layers() -> Iterator[Combination]:
    """Every hidden activation with every output activation and every loss that it may have; biases, optimizers, batches
    and penalties take turns."""
    turns = product(reference.ACTIVATIONS, reference.ACTIVATIONS, reference.LOSSES)
    allowed = ((hidden, output, loss) for hidden, output, loss in turns if is_allowed(output, loss))
    rest = list(product(reference.BIASES, reference.OPTIMIZERS, BATCHES, PENALTIES))
    for n, (hidden, output, loss) in enumerate(allowed):
        bias, optimizer, batch, penalty = rest[97 * n % len(rest)]  # 97 has no factor in common with their number
        yield Combination(hidden, output, loss, bias, optimizer, batch, penalty, n % 2 == 0, False)


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
        biases.append(random_numbers(rng, reference.STORED_BIASES[layer["bias"]](neurons), 0.8))
        inputs = neurons
    return {"kind": "values", "weights": weights, "biases": biases}


def random_start(rng: Random, inputs: int, layers: list[dict[str, Any]]) -> dict[str, Any]:
    """Mostly initial values, sometimes with slopes of their own; sometimes a scheme, with or without a seed."""
    if rng.random() < 0.2:
        seed = {"seed": rng.randrange(2**32)} if rng.random() < 0.5 else {}
        return {"kind": "scheme", "scheme": rng.choice(list(reference.SCHEMES)), **seed}
    initial = random_initial(rng, inputs, layers)
    trained = [activation_name(layer) in reference.TRAINED_SLOPES for layer in layers]
    if not any(trained) or rng.random() < 0.5:
        return initial
    return initial | {"slopes": [rng.uniform(0.05, 0.5) if has_slope else None for has_slope in trained]}


def random_activation(rng: Random, name: str) -> str | dict[str, Any]:
    """The activation's name; sometimes with a constant of its own."""
    if name not in CONSTANTS or rng.random() < 0.5:
        return name
    constant, low, high = CONSTANTS[name]
    return {"name": name, constant: rng.uniform(low, high)}


def random_optimizer(rng: Random, name: str) -> dict[str, Any]:
    """The optimizer with a learning rate; sometimes with hyperparameters of its own."""
    defaults = reference.OPTIMIZERS[name].defaults
    own = [h for h in defaults if rng.random() < 0.5] if rng.random() < 0.5 else []
    chosen = {h: rng.uniform(*HYPERPARAMETERS[h]) for h in own}
    return {"name": name, "learning_rate": rng.uniform(0.01, 0.5), **chosen}


def random_penalty(rng: Random, kind: str) -> dict[str, float]:
    """Rates of one of PENALTIES; 0 where that has 0."""
    return {name: rng.uniform(rate / 4, rate) for name, rate in zip(("l1", "l2"), PENALTIES[kind], strict=True)}


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


def random_frozen(rng: Random, session: Mapping[str, Any], some: bool | None) -> list[str]:
    """Often nothing; else single parameters, a slope, or all weights or biases of one layer."""
    names = reference.names(session)
    whole_layers = sorted({whole_layer(name) for name in names})
    choices = [rng.sample(names, min(2, len(names) - 1)), [rng.choice(whole_layers)], [rng.choice(whole_layers)]]
    return [] if some is False or (some is None and rng.random() < 0.5) else rng.choice(choices) or [names[0]]


def random_layers(rng: Random, count: int, hidden: str | None, output: str, bias: str | None) -> list[dict[str, Any]]:
    """`count` layers of 1 to 5 neurons (2 to 5 for softmax, which is constant for one), the last one the output."""
    layers = []
    for number in range(1, count + 1):
        activation = output if number == count else hidden or rng.choice(list(reference.ACTIVATIONS))
        neurons = rng.randint(2 if activation == "softmax" else 1, 5)
        kind = bias or rng.choice(list(reference.BIASES))
        layers.append({"neurons": neurons, "activation": random_activation(rng, activation), "bias": kind})
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
    penalty: str | None = None,
    shuffle: bool | None = None,
    held_back: int | None = None,
    layers: int | None = None,
    inputs: int | None = None,
    frozen: list[str] | bool | None = None,
) -> SessionMapping:
    """A random session; what is given is kept, for all hidden layers or all layers where it concerns several.

    What is not given is drawn: activations, losses, biases and optimizers from the reference's tables, 1 to 4 layers (2
    to 4 where `hidden` is given), 1 to 4 inputs. `batch` is one of BATCHES, `penalty` one of PENALTIES; frozen True is
    something or other. Some sessions hold rows back, some draw their initial values.
    """
    output, loss = random_output(rng, output, loss)
    inputs = inputs or rng.randint(1, 4)
    rows = random_layers(rng, layers or rng.randint(2 if hidden else 1, 4), hidden, output, bias)
    samples, size = random_batch(rng, batch or rng.choice(BATCHES))
    held_back = rng.choice((0, 0, 1, 2)) if held_back is None else held_back
    count = samples + held_back
    data: dict[str, Any] = {
        "kind": "values",
        "inputs": [random_numbers(rng, inputs, 1.5) for _ in range(count)],
        "targets": [random_targets(rng, loss, rows[-1]["neurons"]) for _ in range(count)],
    }
    session = complete_session(
        inputs,
        rows,
        title="A random session",
        initial=random_start(rng, inputs, rows),
        loss=loss,
        penalty=random_penalty(rng, penalty or rng.choice(("none", *PENALTIES))),
        optimizer=random_optimizer(rng, optimizer or rng.choice(list(reference.OPTIMIZERS))),
        data=data | ({"test_fraction": (held_back + 0.5) / count} if held_back else {}),
        batch={"size": size, "shuffle": rng.random() < 0.3 if shuffle is None else shuffle},
        seed=rng.choice((0, 7, 2**32 - 1)),
    )
    return session | {"frozen": frozen if isinstance(frozen, list) else random_frozen(rng, session, frozen)}


def activation_name(layer: Mapping[str, Any]) -> str:
    """The name of a layer's activation, which may be given with constants."""
    activation = layer["activation"]
    return str(activation if isinstance(activation, str) else activation["name"])


def near_kink(session: Mapping[str, Any], distance: float = 1e-4) -> bool:
    """Whether any sample, at the initial values, brings a pre-activation within `distance` of its activation's kink or
    an error within that of the loss's; or a weight is so close to the kink of an l1 penalty.

    There a derivative by differences means nothing.
    """
    parameters, layers = reference.initial_parameters(session), reference.layers_of(session)
    kinks = KINKS_OF_LOSS.get(session["loss"], ())

    def is_near(values: Any, kink: float = 0.0) -> bool:
        return bool(np.any(np.abs(values - kink) < distance))

    if session["penalty"]["l1"] and any(map(is_near, parameters.weights)):
        return True
    for x, y in zip(session["data"]["inputs"], session["data"]["targets"], strict=True):
        computed = reference.forward(layers, parameters, x)
        if any(is_near(computed[-1][1] - np.array(y), kink) for kink in kinks):
            return True
        if any(l["activation"] in KINKED and is_near(z) for l, (z, _) in zip(layers, computed, strict=True)):
            return True
    return False
