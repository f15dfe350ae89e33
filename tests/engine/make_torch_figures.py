# mypy: disable-error-code="import-not-found"
"""Writes figures/torch.json: small networks trained by PyTorch, for the engine's numbers to be held against.

PyTorch is no dependency of the project. Where it is installed, beside numpy, the figures are made again from the
project's folder by `python -m tests.engine.make_torch_figures`; the stored ones are of PyTorch 2.13. All is float64 on
one thread; gradients are PyTorch's own, and so is the arithmetic of its optimizers. Batches are taken in data order, a
batch's loss is the mean over its samples, and a parameter is frozen by handing the optimizer a gradient of 0 for it.

Each case: name; session (a complete session file); iterations; batch_loss, one number an iteration; gradients of
iteration 1, of frozen parameters too; parameters, and for adam first_moment and second_moment, by iteration ("1" holds
those after the first update). All but the losses are mappings from a parameter's name to its number.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch.nn import functional

from tests.engine.networks import SessionMapping, complete_session, random_initial, random_numbers
from tests.engine.reference import batch_rows, by_name

FIGURES = Path(__file__).parent / "figures" / "torch.json"
ITERATIONS = 100
PARAMETERS_AFTER = (1, 2, 10, 100)
SLOTS_AFTER = (1, 2, 100)
LEARNING_RATES = {"gradient_descent": 0.5, "adam": 0.05}

Tensor = Any  # torch.Tensor, where torch is installed
Layers = list[dict[str, Any]]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softmax": lambda z: torch.softmax(z, dim=1),
}

# Output pre-activations z, activations a and targets y, each (batch, outputs) -> sample losses (batch,).
LOSSES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "half_squared_error": lambda z, a, y: functional.mse_loss(a, y, reduction="none").sum(dim=1) / 2,
    "binary_cross_entropy": lambda z, a, y: functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(
        dim=1
    ),
    "cross_entropy": lambda z, a, y: functional.cross_entropy(z, y, reduction="none"),
}

# Parameters and a learning rate -> the optimizer. SLOTS: the names of the project for PyTorch's state.
OPTIMIZERS: dict[str, Callable[[list[Tensor], float], Any]] = {
    "gradient_descent": lambda parameters, rate: torch.optim.SGD(parameters, lr=rate),
    "adam": lambda parameters, rate: torch.optim.Adam(parameters, lr=rate),
}
SLOTS: dict[str, dict[str, str]] = {
    "gradient_descent": {},
    "adam": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
}


def layer(neurons: int, activation: str, bias: str = "per_neuron") -> dict[str, Any]:
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


def networks() -> dict[str, SessionMapping]:
    """The sessions by name, still without an optimizer."""
    sigmoid_pair: Layers = [layer(3, "tanh"), layer(2, "sigmoid")]
    numbers = [[0.3], [-0.2], [0.9], [0.5], [-0.6]]
    pairs = [[0.1, 0.9], [0.8, 0.4], [0.5, 0.2]]
    classes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.2, 0.5, 0.3], [0.0, 1.0, 0.0]]
    batches_of_two = {"size": 2, "shuffle": False}
    mse = "half_squared_error"
    return {
        "shared biases": shared_biases(),
        "softmax with cross-entropy, last batch smaller": network(
            1, 3, [layer(4, "tanh"), layer(3, "softmax")], "cross_entropy", classes, batch=batches_of_two
        ),
        "softmax with squared error": network(2, 2, [layer(3, "tanh"), layer(3, "softmax")], mse, classes[:4]),
        "softmax in a hidden layer": network(3, 2, [layer(3, "softmax"), layer(2, "sigmoid")], mse, pairs),
        "relu": network(21, 3, [layer(4, "relu"), layer(3, "relu"), layer(1, "identity")], mse, numbers),
        "two outputs with binary cross-entropy": network(
            5, 2, sigmoid_pair, "binary_cross_entropy", [[1.0, 0.0], [0.0, 1.0], [0.7, 1.0]]
        ),
        "no biases": network(6, 2, [layer(3, "tanh", "none"), layer(2, "sigmoid", "none")], mse, pairs),
        "a frozen layer": network(7, 2, sigmoid_pair, mse, pairs, frozen=["w[1]", "b[1]"]),
        "a frozen weight": network(8, 2, sigmoid_pair, mse, pairs, frozen=["w[1,2,1]"]),
        "linear": network(9, 3, [layer(2, "identity"), layer(1, "identity")], mse, numbers, batch=batches_of_two),
    }


def sessions() -> dict[str, SessionMapping]:
    """Every network with every optimizer; a smaller rate where no activation bounds the gradient."""
    found = {}
    for optimizer, rate in LEARNING_RATES.items():
        for name, session in networks().items():
            chosen = min(rate, 0.05) if name in ("linear", "relu") else rate
            title = f"{name}, {optimizer}"
            settings = {"name": optimizer, "learning_rate": chosen}
            found[title] = session | {"title": title, "optimizer": settings}
    return found


def tensor(values: Any) -> Tensor:
    """Numbers in float64."""
    return torch.tensor(values, dtype=torch.float64)


def sample_losses(session: SessionMapping, weights: list[Tensor], biases: list[Tensor], rows: list[int]) -> Tensor:
    """The losses (batch,) of these rows; a shared bias is one number that every neuron of the layer adds."""
    a = tensor([session["data"]["inputs"][row] for row in rows])
    y = tensor([session["data"]["targets"][row] for row in rows])
    for row, weight, bias in zip(session["network"]["layers"], weights, biases, strict=True):
        z = a @ weight.T + bias if len(bias) else a @ weight.T
        a = ACTIVATIONS[row["activation"]](z)
    return LOSSES[session["loss"]](z, a, y)


def state(optimizer: Any, key: str, parameter: Tensor) -> Tensor:
    """What the optimizer keeps under this key for a parameter."""
    return optimizer.state[parameter][key]


def train(session: SessionMapping) -> dict[str, Any]:
    """The figures of one session."""
    weights = [tensor(w).requires_grad_() for w in session["initial"]["weights"]]
    biases = [tensor(b).requires_grad_() for b in session["initial"]["biases"]]
    chosen = session["optimizer"]["name"]
    optimizer = OPTIMIZERS[chosen]([*weights, *biases], session["optimizer"]["learning_rate"])

    def named(of: Callable[[Tensor], Tensor]) -> dict[str, float]:
        return by_name(session, [of(w).tolist() for w in weights], [of(b).tolist() for b in biases])

    figures: dict[str, Any] = {"batch_loss": [], "parameters": {}, **{slot: {} for slot in SLOTS[chosen]}}
    for iteration in range(1, ITERATIONS + 1):
        optimizer.zero_grad()
        loss = sample_losses(session, weights, biases, batch_rows(session, iteration)).mean()
        loss.backward()
        for empty in (b for b in biases if b.grad is None):  # a layer without biases
            empty.grad = torch.zeros_like(empty)
        figures["batch_loss"].append(loss.item())
        if iteration == 1:
            figures["gradients"] = named(lambda p: p.grad)
        freeze(session["frozen"], weights, biases)
        optimizer.step()
        if iteration in PARAMETERS_AFTER:
            figures["parameters"][str(iteration)] = named(lambda p: p.detach())
        if iteration in SLOTS_AFTER:
            for slot, key in SLOTS[chosen].items():
                figures[slot][str(iteration)] = named(partial(state, optimizer, key))
    return figures


def freeze(frozen: list[str], weights: list[Tensor], biases: list[Tensor]) -> None:
    """Set the gradients of frozen parameters to 0: neither optimizer here then moves them or their slots."""
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True), 1):
        for j, row in enumerate(weight.grad, 1):
            for i in range(1, len(row) + 1):
                if {f"w[{number}]", f"w[{number},{j},{i}]"} & set(frozen):
                    row[i - 1] = 0.0
        for j in range(1, len(bias) + 1):
            if {f"b[{number}]", f"b[{number},{j}]"} & set(frozen):
                bias.grad[j - 1] = 0.0


def main() -> None:
    """Train every session and write the file, one case a line."""
    torch.set_num_threads(1)
    cases = [
        {"name": name, "session": session, "iterations": ITERATIONS, **train(session)}
        for name, session in sessions().items()
    ]
    lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
