"""The reference itself, held against PyTorch's stored figures, a published example and plain differences."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.networks import SessionMapping, complete_session, near_kink, random_session, whole_layer

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "figures" / "torch.json").read_text("utf-8"))


def case_name(case: dict[str, Any]) -> str:
    """What a test of this case is called."""
    return str(case["name"])


def named_gradient(session: SessionMapping, values: dict[str, float], iteration: int) -> dict[str, float]:
    """The gradient of an iteration's batch by parameter name, at these parameters."""
    weights, biases = from_names(session, values)
    rows = reference.batch_rows(session, iteration)
    return reference.by_name(session, *reference.gradient(session, weights, biases, rows))


def from_names(session: SessionMapping, values: dict[str, float]) -> tuple[list[Any], list[Any]]:
    """Weights and biases in their shapes from numbers in parameter order."""
    weights, biases = reference.initial_parameters(session)
    numbers = iter(values.values())
    for weight, bias in zip(weights, biases, strict=True):
        for array in (weight, bias):
            array[...] = np.reshape([next(numbers) for _ in range(array.size)], array.shape)
    return weights, biases


def is_frozen(session: SessionMapping, name: str) -> bool:
    """Whether the parameter, or its whole layer, is frozen."""
    return name in session["frozen"] or whole_layer(name) in session["frozen"]


def train(session: SessionMapping, iterations: int) -> Iterator[dict[str, dict[str, float]]]:
    """The state after each update, one number at a time by the formulas of gradient descent and of Adam.

    Adam: Kingma and Ba (2015), algorithm 1, with beta1 0.9, beta2 0.999, epsilon 1e-8.
    """
    values = reference.by_name(session, *reference.initial_parameters(session))
    m, v = dict.fromkeys(values, 0.0), dict.fromkeys(values, 0.0)
    rate = session["optimizer"]["learning_rate"]
    for t in range(1, iterations + 1):
        gradient = named_gradient(session, values, t)
        for name in (n for n in values if not is_frozen(session, n)):
            g = gradient[name]
            if session["optimizer"]["name"] == "gradient_descent":
                values[name] -= rate * g
                continue
            m[name] = 0.9 * m[name] + (1 - 0.9) * g
            v[name] = 0.999 * v[name] + (1 - 0.999) * g * g
            m_hat, v_hat = m[name] / (1 - 0.9**t), v[name] / (1 - 0.999**t)
            values[name] -= rate * m_hat / (math.sqrt(v_hat) + 1e-8)
        yield {"parameters": dict(values), "first_moment": dict(m), "second_moment": dict(v)}


def plain_session(activation: str, loss: str, weight: float, x: float, y: list[float]) -> SessionMapping:
    """One input, one layer of as many neurons as targets, all weights equal, no biases, one sample."""
    return complete_session(
        1,
        [{"neurons": len(y), "activation": activation, "bias": "none"}],
        initial={"kind": "values", "weights": [[[weight] for _ in y]], "biases": [[]]},
        loss=loss,
        optimizer={"name": "gradient_descent", "learning_rate": 0.5},
        data={"kind": "values", "inputs": [[x]], "targets": [y]},
    )


def smooth_session(seed: int) -> SessionMapping:
    """The first random session of this seed that has no kink nearby."""
    rng = Random(seed)
    while near_kink(session := random_session(rng)):
        pass
    return session


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_the_gradient_is_pytorchs(case: dict[str, Any]) -> None:
    session = case["session"]
    found = named_gradient(session, reference.by_name(session, *reference.initial_parameters(session)), 1)
    assert list(found) == list(case["gradients"])
    largest = max(abs(g) for g in found.values())
    assert largest > 0
    assert found == pytest.approx(case["gradients"], rel=0, abs=1e-12 * largest)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_textbook_updates_lead_where_pytorchs_do(case: dict[str, Any]) -> None:
    states = list(train(case["session"], case["iterations"]))
    for kind in {"parameters", "first_moment", "second_moment"} & case.keys():
        for after, expected in case[kind].items():
            tolerance = 1e-12 if int(after) == 1 else 1e-9
            assert states[int(after) - 1][kind] == pytest.approx(expected, rel=tolerance, abs=1e-12), (kind, after)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_the_losses_are_pytorchs(case: dict[str, Any]) -> None:
    session, losses = case["session"], case["batch_loss"]
    assert len(losses) == case["iterations"] == 100
    parameters = {0: reference.by_name(session, *reference.initial_parameters(session))}
    parameters |= {int(after): values for after, values in case["parameters"].items() if int(after) < len(losses)}
    for after, values in parameters.items():
        rows = reference.batch_rows(session, after + 1)
        found = reference.losses(session, *from_names(session, values), rows).mean()
        assert found == pytest.approx(losses[after], rel=1e-13)


@pytest.mark.parametrize("case", [case for case in CASES if case["session"]["frozen"]], ids=case_name)
def test_what_is_frozen_stands_still(case: dict[str, Any]) -> None:
    session = case["session"]
    start = reference.by_name(session, *reference.initial_parameters(session))
    moved = {name for name, value in case["parameters"]["100"].items() if value != start[name]}
    assert moved == {name for name in start if not is_frozen(session, name)}


@pytest.mark.parametrize("seed", range(30))
def test_complex_step_and_central_differences_agree(seed: int) -> None:
    session = smooth_session(seed)
    weights, biases = reference.initial_parameters(session)
    rows = range(len(session["data"]["inputs"]))
    loss = reference.losses(session, weights, biases, rows).mean()
    exact = reference.by_name(session, *reference.gradient(session, weights, biases, rows))
    numeric = reference.by_name(session, *reference.central_differences(session, weights, biases, rows))
    for name, a in exact.items():
        b = numeric[name]
        assert abs(a - b) <= 1e-7 * max(abs(a), abs(b)) + 1e-9 * max(1, abs(loss)), name


def test_the_published_example_of_two_neurons() -> None:
    """The figures that the document "Forward & Backpropagation" prints for two inputs, two neurons, one output."""
    session = CASES[0]["session"]
    weights, biases = reference.initial_parameters(session)
    (z1, a1), (z2, a2) = reference.forward(session, weights, biases, [0.05, 0.1])
    assert z1 == pytest.approx([0.3775, 0.3925], abs=1e-15)
    assert a1 == pytest.approx([0.5933, 0.5969], abs=5e-5)
    assert z2 == pytest.approx([1.1059], abs=5e-5)
    assert a2 == pytest.approx([0.7514], abs=5e-5)
    assert reference.losses(session, weights, biases, [0]) == pytest.approx([0.2748], abs=5e-5)
    (_, output), _ = reference.gradient(session, weights, biases, [0])
    assert output[0] == pytest.approx([0.0822, 0.0827], abs=5e-5)


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_binary_cross_entropy_has_its_derivative_at_zero(y: float) -> None:
    """At z = 0 every piece of the formula has a kink; together they give a - y = 1/2 - y."""
    session = plain_session("sigmoid", "binary_cross_entropy", 0.0, 2.0, [y])
    (found,), _ = reference.gradient(session, [[[0.0]]], [[]], [0])
    assert found == pytest.approx(np.array([[(0.5 - y) * 2]]), abs=1e-15)


def test_relu_has_derivative_zero_at_its_kink() -> None:
    session = plain_session("relu", "half_squared_error", 0.0, 2.0, [1.0])
    (found,), _ = reference.gradient(session, [[[0.0]]], [[]], [0])
    assert found.tolist() == [[0.0]]


@pytest.mark.parametrize("z", [-800.0, 800.0])
@pytest.mark.parametrize(
    ("activation", "loss", "y"),
    [
        ("sigmoid", "binary_cross_entropy", [0.0, 1.0]),
        ("softmax", "cross_entropy", [0.0, 1.0]),
        ("softmax", "half_squared_error", [0.0, 1.0]),
        ("tanh", "half_squared_error", [0.0, 1.0]),
    ],
)
def test_large_pre_activations_stay_finite(activation: str, loss: str, y: list[float], z: float) -> None:
    session = plain_session(activation, loss, z, 1.0, y)
    weights, biases = [np.array([[z], [-z]])], [np.zeros(0)]
    assert np.isfinite(reference.losses(session, weights, biases, [0])).all()
    assert np.isfinite(reference.gradient(session, weights, biases, [0])[0]).all()


def test_a_shared_bias_collects_the_layer() -> None:
    """Two linear neurons with targets 1 and 2, and outputs b: the derivative by b is (b - 1) + (b - 2)."""
    session = plain_session("identity", "half_squared_error", 0.0, 1.0, [1.0, 2.0])
    session["network"]["layers"][0]["bias"] = "shared"
    _, (found,) = reference.gradient(session, [[[0.0], [0.0]]], [[0.5]], [0])
    assert found == pytest.approx([-2.0])


@pytest.mark.parametrize(
    ("batch", "test_fraction", "expected"),
    [
        ({"size": "all", "shuffle": False}, 0.0, [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]),
        ({"size": 2, "shuffle": False}, 0.0, [[0, 1], [2, 3], [4], [0, 1]]),
        ({"size": 2, "shuffle": False}, 0.5, [[0, 1], [2], [0, 1]]),  # the last floor(0.5 * 5) = 2 rows held back
        ({"size": 1, "shuffle": False}, 0.0, [[0], [1], [2], [3], [4], [0]]),
    ],
)
def test_batches_in_data_order(batch: dict[str, Any], test_fraction: float, expected: list[list[int]]) -> None:
    session = {"data": {"inputs": [[0.0]] * 5, "test_fraction": test_fraction}, "batch": batch}
    assert [reference.batch_rows(session, t) for t in range(1, len(expected) + 1)] == expected


def test_shuffled_batches_take_every_row_once_an_epoch() -> None:
    session = {"data": {"inputs": [[0.0]] * 20}, "batch": {"size": 8, "shuffle": True}, "seed": 3}
    epochs = [[reference.batch_rows(session, 3 * e + k) for k in (1, 2, 3)] for e in range(3)]
    assert [[len(rows) for rows in epoch] for epoch in epochs] == [[8, 8, 4]] * 3
    assert all(sorted(row for rows in epoch for row in rows) == list(range(20)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]
