"""The reference itself, held against PyTorch's stored figures, a published example and plain differences."""

import json
import math
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.networks import SessionMapping, complete_session, near_kink, random_session

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "figures" / "torch.json").read_text("utf-8"))


def case_name(case: dict[str, Any]) -> str:
    """What a test of this case is called."""
    return str(case["name"])


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
    found = reference.gradient(session, reference.initial_parameters(session), reference.batch_rows(session, 1))
    assert list(found) == list(case["gradients"])
    largest = max(abs(g) for g in found.values())
    assert largest > 0 or reference.layers_of(session)[-1]["activation"] == "binary_step"
    assert found == pytest.approx(case["gradients"], rel=0, abs=1e-12 * largest)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_textbook_updates_lead_where_pytorchs_do(case: dict[str, Any]) -> None:
    """Ten updates; a hundred where everything is in them, with each optimizer."""
    states = list(reference.train(case["session"], case["iterations"] if "l1 and l2" in case["name"] else 10))
    assert set(states[0]) == {kind for kind in states[0] if kind in case}
    for kind in states[0]:
        for after, expected in case[kind].items():
            if int(after) > len(states):
                continue
            tolerance = 1e-12 if int(after) == 1 else 1e-9
            assert states[int(after) - 1][kind] == pytest.approx(expected, rel=tolerance, abs=1e-12), (kind, after)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_the_losses_are_pytorchs(case: dict[str, Any]) -> None:
    session, losses = case["session"], case["batch_loss"]
    parameters = {0: reference.by_name(session, reference.initial_parameters(session))}
    parameters |= {int(after): values for after, values in case["parameters"].items() if int(after) < len(losses)}
    for after, values in parameters.items():
        rows = reference.batch_rows(session, after + 1)
        found = reference.batch_loss(session, reference.from_names(session, values), rows)
        assert found == pytest.approx(losses[after], rel=1e-13)


@pytest.mark.parametrize("case", [case for case in CASES if case["session"]["frozen"]], ids=case_name)
def test_what_is_frozen_stands_still(case: dict[str, Any]) -> None:
    session = case["session"]
    start = reference.by_name(session, reference.initial_parameters(session))
    last = max(case["parameters"], key=int)
    moved = {name for name, value in case["parameters"][last].items() if value != start[name]}
    assert moved == {name for name in start if not reference.is_frozen(session, name)}


@pytest.mark.parametrize("seed", range(30))
def test_complex_step_and_central_differences_agree(seed: int) -> None:
    session = smooth_session(seed)
    parameters, rows = reference.initial_parameters(session), range(len(session["data"]["inputs"]))
    loss = reference.batch_loss(session, parameters, rows)
    exact = reference.gradient(session, parameters, rows)
    numeric = reference.central_differences(session, parameters, rows)
    for name, a in exact.items():
        b = numeric[name]
        assert abs(a - b) <= 1e-7 * max(abs(a), abs(b)) + 1e-9 * max(1, abs(loss)), name


def test_the_published_example_of_two_neurons() -> None:
    """The figures that the document "Forward & Backpropagation" prints for two inputs, two neurons, one output."""
    session = CASES[0]["session"]
    parameters = reference.initial_parameters(session)
    (z1, a1), (z2, a2) = reference.forward(reference.layers_of(session), parameters, [0.05, 0.1])
    assert z1 == pytest.approx([0.3775, 0.3925], abs=1e-15)
    assert a1 == pytest.approx([0.5933, 0.5969], abs=5e-5)
    assert z2 == pytest.approx([1.1059], abs=5e-5)
    assert a2 == pytest.approx([0.7514], abs=5e-5)
    assert reference.losses(session, parameters, [0]) == pytest.approx([0.2748], abs=5e-5)
    found = reference.gradient(session, parameters, [0])
    assert [found["w[2,1,1]"], found["w[2,1,2]"]] == pytest.approx([0.0822, 0.0827], abs=5e-5)


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_binary_cross_entropy_has_its_derivative_at_zero(y: float) -> None:
    """At z = 0 every piece of the formula has a kink; together they give a - y = 1/2 - y."""
    session = plain_session("sigmoid", "binary_cross_entropy", 0.0, 2.0, [y])
    assert gradient_of(session) == pytest.approx([(0.5 - y) * 2], abs=1e-15)


def gradient_of(session: SessionMapping) -> list[float]:
    """The gradient of the first sample's loss, plus the penalty's, at the initial values."""
    return list(reference.gradient(session, reference.initial_parameters(session), [0]).values())


@pytest.mark.parametrize(
    ("activation", "derivative"),
    [
        ("binary_step", 0.0),
        ("relu", 0.0),
        ("leaky_relu", 0.01),
        ("prelu", 0.25),
        ("elu", 1.0),
        ("selu", 1.7580993408473766),
        ("softplus", 0.5),
        ("swish", 0.5),
        ("gelu", 0.5),
    ],
)
def test_derivatives_at_zero(activation: str, derivative: float) -> None:
    """The table of the conventions; the weight 0 leads from an input of 2, the target is far away."""
    session = plain_session(activation, "half_squared_error", 0.0, 2.0, [5.0])
    a = {"binary_step": 1.0, "softplus": math.log(2)}.get(activation, 0.0)
    assert gradient_of(session)[0] == pytest.approx((a - 5) * derivative * 2, rel=1e-15)


@pytest.mark.parametrize(
    ("loss", "error", "derivative"),
    [
        ("mean_absolute_error", 0.0, 0.0),
        ("mean_absolute_error", 1e-300, 0.5),
        ("mean_absolute_error", -1e-300, -0.5),
        ("huber", 1.0, 0.5),
        ("huber", 2.0, 0.5),
        ("huber", -1.5, -0.5),
        ("huber", 0.5, 0.25),
        ("mean_squared_error", 3.0, 3.0),
    ],
)
def test_derivatives_of_losses(loss: str, error: float, derivative: float) -> None:
    """Of two outputs that are means over both: the first one's own derivative."""
    session = plain_session("identity", loss, error, 1.0, [0.0, 0.0])
    assert gradient_of(session)[0] == derivative


def test_the_penalty_of_weights_alone() -> None:
    """0.1 |w| + 0.5/2 w², 0.1 sign(w) + 0.5 w; sign(0) = 0; none for the bias."""
    layers = [{"neurons": 1, "activation": "identity", "bias": "per_neuron"}]
    session = plain_session("identity", "half_squared_error", 0.0, 0.0, [0.25]) | {"penalty": {"l1": 0.1, "l2": 0.5}}
    session["network"] = {"inputs": 3, "layers": layers}
    session["initial"] = {"kind": "values", "weights": [[[-2.0, 0.0, 4.0]]], "biases": [[0.25]]}
    session["data"]["inputs"] = [[0.0, 0.0, 0.0]]
    parameters = reference.initial_parameters(session)
    assert reference.penalty(session, parameters) == pytest.approx(0.1 * 6 + 0.25 * 20, rel=1e-15)
    assert gradient_of(session) == pytest.approx([-0.1 - 1.0, 0.0, 0.1 + 2.0, 0.0], rel=1e-15)


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
    session["initial"]["weights"] = [[[z], [-z]]]
    assert np.isfinite(reference.losses(session, reference.initial_parameters(session), [0])).all()
    assert np.isfinite(gradient_of(session)).all()


def test_a_shared_bias_collects_the_layer() -> None:
    """Two linear neurons with targets 1 and 2, and outputs b: the derivative by b is (b - 1) + (b - 2)."""
    session = plain_session("identity", "half_squared_error", 0.0, 1.0, [1.0, 2.0])
    session["network"]["layers"][0]["bias"] = "shared"
    session["initial"]["biases"] = [[0.5]]
    assert gradient_of(session)[-1] == pytest.approx(-2.0)


def test_a_slope_collects_the_negative_part_of_the_layer() -> None:
    """Two neurons with z = -2 and slope 0.25, targets 1 and 2: (-0.5 - 1)(-2) + (-0.5 - 2)(-2) = 8."""
    session = plain_session("prelu", "half_squared_error", -2.0, 1.0, [1.0, 2.0])
    assert reference.names(session) == ["w[1,1,1]", "w[1,2,1]", "slope[1]"]
    assert gradient_of(session)[-1] == pytest.approx(8.0)


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
