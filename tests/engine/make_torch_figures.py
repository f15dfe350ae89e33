# mypy: disable-error-code="import-not-found"
"""Writes figures/torch.json: small networks trained by PyTorch, for the engine's numbers to be held against.

PyTorch is no dependency of the project. Where it is installed, beside numpy and scipy, the figures are made again from
the project's folder by `python -m tests.engine.make_torch_figures`; the stored ones are of PyTorch 2.13. All is float64
on one thread; gradients are PyTorch's own, of the penalty too, and so is the arithmetic of its optimizers. Batches are
taken in data order, a batch's loss is the mean over its samples plus the penalty, and a frozen parameter is put back
after each update.

Each case: name; session (a complete session file); iterations; batch_loss, one number an iteration; gradients of
iteration 1, of frozen parameters too; parameters, and the optimizer's slots, by iteration ("1" holds those after the
first update). All but the losses are mappings from a parameter's name to its number. A case of 100 updates stands for
each optimizer and kind of network; the others, one for each activation with each loss and for other hyperparameters,
end after 10.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.engine.networks import SessionMapping, complete_session, random_initial, random_numbers
from tests.engine.reference import (
    Parameters,
    batch_rows,
    by_name,
    initial_parameters,
    is_frozen,
    layers_of,
    names,
)

FIGURES = Path(__file__).parent / "figures" / "torch.json"
LONG, SHORT = 100, 10
PARAMETERS_AFTER = (1, 2, SHORT, LONG)
SLOTS_AFTER = (1, 2, LONG)

Tensor = Any  # torch.Tensor, where torch is installed
Layers = list[dict[str, Any]]

# Pre-activations (batch, n) and constants -> activations. PyTorch has no step function with 1 at 0.
ACTIVATIONS: dict[str, Callable[..., Tensor]] = {
    "identity": lambda z: z,
    "binary_step": lambda z: torch.heaviside(z, torch.ones((), dtype=torch.float64)).detach() + 0 * z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z, slope=0.01: functional.leaky_relu(z, slope),
    "prelu": lambda z, slope: functional.prelu(z, slope),
    "elu": lambda z, alpha=1.0: functional.elu(z, alpha),
    "selu": functional.selu,
    "softplus": lambda z: functional.softplus(z, threshold=1000),
    "swish": functional.silu,
    "gelu": functional.gelu,
    "softmax": lambda z: torch.softmax(z, dim=1),
}


def means(loss: Callable[..., Tensor]) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """The mean over the outputs of a loss that PyTorch takes of activations and targets."""
    return lambda z, a, y: loss(a, y, reduction="none").mean(dim=1)


# Output pre-activations z, activations a and targets y, each (batch, outputs) -> sample losses (batch,).
LOSSES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "half_squared_error": lambda z, a, y: functional.mse_loss(a, y, reduction="none").sum(dim=1) / 2,
    "mean_squared_error": means(functional.mse_loss),
    "mean_absolute_error": means(functional.l1_loss),
    "huber": means(functional.huber_loss),
    "binary_cross_entropy": lambda z, a, y: functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(
        dim=1
    ),
    "cross_entropy": lambda z, a, y: functional.cross_entropy(z, y, reduction="none"),
}


def adams(optimizer: Callable[..., Any]) -> Callable[..., Any]:
    """Adam or AdamW with the project's names for its hyperparameters."""
    return lambda p, lr, beta1=0.9, beta2=0.999, **others: optimizer(p, lr=lr, betas=(beta1, beta2), **others)


# Parameters, learning rate and hyperparameters -> the optimizer. SLOTS: the names of the project for PyTorch's state.
OPTIMIZERS: dict[str, Callable[..., Any]] = {
    "gradient_descent": lambda p, lr: torch.optim.SGD(p, lr=lr),
    "momentum": lambda p, lr, momentum=0.9: torch.optim.SGD(p, lr=lr, momentum=momentum),
    "nesterov": lambda p, lr, momentum=0.9: torch.optim.SGD(p, lr=lr, momentum=momentum, nesterov=True),
    "adagrad": lambda p, lr, **others: torch.optim.Adagrad(p, lr=lr, **others),
    "rmsprop": lambda p, lr, decay=0.99, **others: torch.optim.RMSprop(p, lr=lr, alpha=decay, **others),
    "adam": adams(torch.optim.Adam),
    "adamw": adams(torch.optim.AdamW),
}
SLOTS: dict[str, dict[str, str]] = {
    "gradient_descent": {},
    "momentum": {"velocity": "momentum_buffer"},
    "nesterov": {"velocity": "momentum_buffer"},
    "adagrad": {"square_sum": "sum"},
    "rmsprop": {"square_average": "square_avg"},
    "adam": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
    "adamw": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
}
LEARNING_RATES = {"gradient_descent": 0.5, "momentum": 0.1, "nesterov": 0.1, "adagrad": 0.2, "rmsprop": 0.02}  # or 0.05
CUSTOM: dict[str, dict[str, float]] = {
    "momentum": {"momentum": 0.5},
    "nesterov": {"momentum": 0.7},
    "adagrad": {"eps": 0.01},
    "rmsprop": {"decay": 0.8, "eps": 0.001},
    "adam": {"beta1": 0.8, "beta2": 0.95, "eps": 0.001},
    "adamw": {"beta1": 0.7, "beta2": 0.9, "eps": 1e-6, "weight_decay": 0.2},
}
"""Other hyperparameters than PyTorch's defaults."""


def layer(neurons: int, activation: Any, bias: str = "per_neuron") -> dict[str, Any]:
    """A layer as a session file has it."""
    return {"neurons": neurons, "activation": activation, "bias": bias}


def rounded(values: Any) -> Any:
    """Nested lists of numbers to two decimals, so that a person can type them."""
    return [rounded(v) for v in values] if isinstance(values, list) else round(values, 2)


def network(seed: int, inputs: int, layers: Layers, loss: str, targets: list[list[float]], **fields: Any) -> Any:
    """A session of two-decimal initial values and inputs drawn from a seed, one sample for each row of targets."""
    rng = Random(seed)
    initial = random_initial(rng, inputs, layers)
    rows = [random_numbers(rng, inputs, 1.5) for _ in targets]
    return complete_session(
        inputs,
        layers,
        initial={key: rounded(v) if key != "kind" else v for key, v in initial.items()},
        loss=loss,
        data={"kind": "values", "inputs": rounded(rows), "targets": targets},
        **fields,
    )


def shared_biases() -> SessionMapping:
    """The two-input, two-neuron, one-output example with one bias a layer."""
    return complete_session(
        2,
        [layer(2, "sigmoid", "shared"), layer(1, "sigmoid", "shared")],
        initial={
            "kind": "values",
            "weights": [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45]]],
            "biases": [[0.35], [0.6]],
        },
        loss="half_squared_error",
        data={"kind": "values", "inputs": [[0.05, 0.1]], "targets": [[0.01]]},
    )


NUMBERS = [[0.3], [-0.2], [0.9], [0.5], [-0.6]]
PAIRS = [[0.1, 0.9], [0.8, 0.4], [0.5, 0.2]]
CLASSES = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.2, 0.5, 0.3], [0.0, 1.0, 0.0]]
BATCHES_OF_TWO = {"size": 2, "shuffle": False}
SIGMOID_PAIR: Layers = [layer(3, "tanh"), layer(2, "sigmoid")]


def networks() -> dict[str, SessionMapping]:
    """Kinds of network by name, still without an optimizer."""
    mse, prelu = "half_squared_error", {"name": "prelu", "slope": 0.1}
    return {
        "shared biases": shared_biases(),
        "softmax with cross-entropy, last batch smaller": network(
            1, 3, [layer(4, "tanh"), layer(3, "softmax")], "cross_entropy", CLASSES, batch=BATCHES_OF_TWO
        ),
        "softmax with squared error": network(2, 2, [layer(3, "tanh"), layer(3, "softmax")], mse, CLASSES[:4]),
        "softmax in a hidden layer": network(3, 2, [layer(3, "softmax"), layer(2, "sigmoid")], mse, PAIRS),
        "relu": network(21, 3, [layer(4, "relu"), layer(3, "relu"), layer(1, "identity")], mse, NUMBERS),
        "two outputs with binary cross-entropy": network(
            5, 2, SIGMOID_PAIR, "binary_cross_entropy", [[1.0, 0.0], [0.0, 1.0], [0.7, 1.0]]
        ),
        "no biases": network(6, 2, [layer(3, "tanh", "none"), layer(2, "sigmoid", "none")], mse, PAIRS),
        "a frozen layer": network(7, 2, SIGMOID_PAIR, mse, PAIRS, frozen=["w[1]", "b[1]"]),
        "a frozen weight": network(8, 2, SIGMOID_PAIR, mse, PAIRS, frozen=["w[1,2,1]"]),
        "linear": network(9, 3, [layer(2, "identity"), layer(1, "identity")], mse, NUMBERS, batch=BATCHES_OF_TWO),
        "trained slopes": network(
            10, 2, [layer(3, "prelu"), layer(2, prelu, "shared")], "mean_squared_error", PAIRS, batch=BATCHES_OF_TWO
        ),
        "a frozen slope, l2": network(
            11, 2, [layer(3, prelu), layer(2, "prelu")], "huber", PAIRS, frozen=["slope[1]"],
            penalty={"l1": 0.0, "l2": 0.1},
        ),
        "l1 and l2": network(12, 2, SIGMOID_PAIR, mse, PAIRS, penalty={"l1": 0.01, "l2": 0.05}, batch=BATCHES_OF_TWO),
    }  # fmt: skip


def short_networks() -> dict[str, SessionMapping]:
    """Every activation, hidden and as output, with the losses that make sense for it."""
    constants = {"leaky_relu": {"slope": 0.2}, "elu": {"alpha": 0.7}, "prelu": {"slope": 0.4}}
    found = {}
    for seed, name in enumerate(ACTIVATIONS, 100):
        given = {"name": name, **constants[name]} if name in constants else name
        for loss in ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber"):
            targets = [[3 * y for y in row] for row in PAIRS]  # errors beyond huber's 1, too
            layers = [layer(3, name), layer(2, given)]
            found[f"{name}, {loss}"] = network(seed, 2, layers, loss, targets, batch=BATCHES_OF_TWO)
        layers = [layer(3, given), layer(2, "sigmoid", "shared")]
        found[f"{name}, binary_cross_entropy"] = network(seed, 2, layers, "binary_cross_entropy", PAIRS)
        layers = [layer(3, given, "shared"), layer(3, "softmax", "none")]
        found[f"{name}, cross_entropy"] = network(seed, 2, layers, "cross_entropy", CLASSES[:3])
    return found


def sessions() -> dict[str, tuple[int, SessionMapping]]:
    """Iterations and session by name. All kinds of network with two optimizers, three kinds with each; a smaller rate
    where no activation bounds the gradient."""
    found = {}
    for optimizer in OPTIMIZERS:
        for name, session in networks().items():
            rate = LEARNING_RATES.get(optimizer, 0.05)
            chosen = min(rate, 0.05) if name in ("linear", "relu", "trained slopes") else rate
            of_all = optimizer in ("gradient_descent", "adam")
            if of_all or name in ("softmax with cross-entropy, last batch smaller", "a frozen slope, l2", "l1 and l2"):
                found[f"{name}, {optimizer}"] = (LONG, with_optimizer(session, optimizer, chosen))
        if optimizer in CUSTOM:
            session = with_optimizer(networks()["trained slopes"], optimizer, 0.03, **CUSTOM[optimizer])
            found[f"other hyperparameters, {optimizer}"] = (SHORT, session)
    for name, session in short_networks().items():
        found[name] = (SHORT, with_optimizer(session, "gradient_descent", 0.1))
    return {name: (count, session | {"title": name}) for name, (count, session) in found.items()}


def with_optimizer(session: SessionMapping, name: str, rate: float, **hyperparameters: float) -> SessionMapping:
    """The session with its optimizer."""
    return session | {"optimizer": {"name": name, "learning_rate": rate, **hyperparameters}}


def tensor(values: Any) -> Tensor:
    """Numbers in float64."""
    return torch.tensor(values, dtype=torch.float64)


def batch_loss(session: SessionMapping, parameters: Parameters, rows: list[int]) -> Tensor:
    """The mean loss of these rows plus the penalty; a shared bias is one number that every neuron of the layer adds."""
    a = tensor([session["data"]["inputs"][row] for row in rows])
    y = tensor([session["data"]["targets"][row] for row in rows])
    for row, weight, bias, slope in zip(layers_of(session), *parameters, strict=True):
        z = a @ weight.T + bias if len(bias) else a @ weight.T
        constants = {**row["constants"], "slope": slope} if len(slope) else row["constants"]
        a = ACTIVATIONS[row["activation"]](z, **constants)
    l1, l2 = session["penalty"]["l1"], session["penalty"]["l2"]
    weights: list[Tensor] = list(parameters.weights)
    penalty = sum(l1 * w.abs().sum() + l2 / 2 * w.square().sum() for w in weights)
    return LOSSES[session["loss"]](z, a, y).mean() + penalty


def train(session: SessionMapping, iterations: int) -> dict[str, Any]:
    """The figures of one session."""
    parameters = Parameters(*([tensor(p).requires_grad_() for p in kind] for kind in initial_parameters(session)))
    tensors: list[Tensor] = list(parameters.arrays())
    hyperparameters = dict(session["optimizer"])
    chosen, rate = hyperparameters.pop("name"), hyperparameters.pop("learning_rate")
    optimizer = OPTIMIZERS[chosen](tensors, rate, **hyperparameters)

    def named(of: Callable[[Tensor], Tensor]) -> dict[str, float]:
        return by_name(session, Parameters(*([of(p).detach().numpy() for p in kind] for kind in parameters)))

    frozen = [(tensors[k], index) for k, index, name in places(session) if is_frozen(session, name)]
    start = [p[index].item() for p, index in frozen]
    figures: dict[str, Any] = {"batch_loss": [], "parameters": {}, **{slot: {} for slot in SLOTS[chosen]}}
    for iteration in range(1, iterations + 1):
        optimizer.zero_grad()
        loss = batch_loss(session, parameters, batch_rows(session, iteration))
        loss.backward()
        for empty in (p for p in tensors if p.grad is None):  # a layer without biases or slope
            empty.grad = torch.zeros_like(empty)
        figures["batch_loss"].append(loss.item())
        if iteration == 1:
            figures["gradients"] = named(lambda p: p.grad)
        for p, index in frozen:
            p.grad[index] = 0.0  # its slots then stay 0
        optimizer.step()
        with torch.no_grad():
            for (p, index), value in zip(frozen, start, strict=True):
                p[index] = value
        if iteration in PARAMETERS_AFTER:
            figures["parameters"][str(iteration)] = named(lambda p: p)
        if iteration in SLOTS_AFTER:
            for slot, key in SLOTS[chosen].items():
                figures[slot][str(iteration)] = named(lambda p, key=key: optimizer.state[p][key])  # type: ignore[misc]
    return figures


def places(session: SessionMapping) -> Iterator[tuple[int, tuple[int, ...], str]]:
    """Where each parameter stands: number of its array, index in it, and its name."""
    named = iter(names(session))
    for k, array in enumerate(initial_parameters(session).arrays()):
        for index in np.ndindex(array.shape):
            yield k, index, next(named)


def main() -> None:
    """Train every session and write the file, one case a line."""
    torch.set_num_threads(1)
    cases = [
        {"name": name, "session": session, "iterations": iterations, **train(session, iterations)}
        for name, (iterations, session) in sessions().items()
    ]
    lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
