"""The engine's losses and gradients against the textbook reference: complex step, central differences, exact tables."""

import math
from random import Random
from typing import Any

import pytest

from engine.activations import ACTIVATIONS
from engine.losses import LOSSES
from tests.engine import reference
from tests.engine.checks import (
    EXACT,
    EXACT_LOSSES,
    EXACT_PENALTIES,
    TINY,
    check_batch_gradients,
    check_central_differences,
    check_exact_loss,
    check_exact_penalty,
    check_exact_values,
    check_gradients,
    finished,
    one_neuron,
)
from tests.engine.networks import (
    KINKED,
    KINKS_OF_LOSS,
    SessionMapping,
    all_combinations,
    near_kink,
    random_session,
)

CHOICES = list(all_combinations())


def smooth_session(rng: Random) -> SessionMapping:
    """The next random session that has no kink nearby."""
    while near_kink(session := random_session(rng)):
        pass
    return session


@pytest.mark.parametrize("group", range(5))
def test_random_networks_by_the_complex_step(group: int) -> None:
    """500 networks: batch gradients, and those of every sample."""
    for seed in range(group, 500, 5):
        check_gradients(random_session(Random(seed)))


@pytest.mark.parametrize("group", range(4))
def test_every_combination_by_the_complex_step(group: int) -> None:
    for seed, combination in list(enumerate(CHOICES))[group::4]:
        check_gradients(random_session(Random(seed), **combination._asdict(), layers=2))


@pytest.mark.parametrize("group", range(5))
def test_random_networks_by_central_differences(group: int) -> None:
    """500 networks."""
    rng = Random(group)
    for _ in range(100):
        check_central_differences(smooth_session(rng))


@pytest.mark.parametrize("iteration", [2, 3, 5])
def test_gradients_belong_to_the_iterations_own_batch(iteration: int) -> None:
    for seed in range(12):
        check_batch_gradients(random_session(Random(seed), batch="smaller_last", frozen=[]), iteration)


@pytest.mark.parametrize(("activation", "z", "a", "slope"), EXACT)
def test_exact_values_at_kinks_and_far_out(activation: Any, z: float, a: float, slope: float) -> None:
    check_exact_values(activation, z, a, slope)


def test_the_exact_table_holds_every_kink() -> None:
    at_zero = {row[0] for row in EXACT if isinstance(row[0], str) and row[1] == 0}
    assert at_zero == set(reference.ACTIVATIONS) - {"identity", "softmax"}
    around = {row[0] for row in EXACT if isinstance(row[0], str) and abs(row[1]) == TINY}
    assert around == {name for name, activation in ACTIVATIONS.items() if activation.kinks} == KINKED
    assert {name: entry.kinks for name, entry in LOSSES.items() if entry.kinks} == KINKS_OF_LOSS


@pytest.mark.parametrize(("loss", "errors", "value", "derivatives"), EXACT_LOSSES)
def test_exact_losses_at_their_kinks(loss: str, errors: list[float], value: float, derivatives: list[float]) -> None:
    check_exact_loss(loss, errors, value, derivatives)


@pytest.mark.parametrize(("l1", "l2", "w", "value", "derivative"), EXACT_PENALTIES)
def test_exact_penalties(l1: float, l2: float, w: float, value: float, derivative: float) -> None:
    check_exact_penalty(l1, l2, w, value, derivative)


@pytest.mark.parametrize(
    ("z", "slope", "expected"),
    [
        (-2.0, 0.25, 5.0),  # a = -0.5, dL/da = -2.5, da/dslope = min(0, z) = -2
        (-2.0, -1.0, 0.0),  # a = 2, as it should be
        (0.0, 0.25, 0.0),
        (-0.0, 0.25, 0.0),
        (2.0, 0.25, 0.0),
    ],
)
def test_exact_gradients_of_a_slope(z: float, slope: float, expected: float) -> None:
    """One neuron with target 2; the step of 0.5 then goes from the slope that gave the gradient."""
    session = one_neuron("prelu", "half_squared_error", [z], [2.0])
    session["initial"]["slopes"] = [slope]
    stepper = finished(session)
    assert stepper.value("dL/dslope[1]") == stepper.value("grad[slope[1]]") == expected
    assert stepper.parameters()["slope[1]"] == slope - 0.5 * expected


@pytest.mark.parametrize(("z", "y"), [(800.0, 0.0), (800.0, 1.0), (-800.0, 0.0), (-800.0, 1.0), (800.0, 0.25)])
def test_saturated_binary_cross_entropy_never_stops_a_run(z: float, y: float) -> None:
    """delta = a - y and the loss in z stay finite where the two factors beside them are infinite and 0."""
    stepper = finished(one_neuron("sigmoid", "binary_cross_entropy", [z], [y]))
    a = 1.0 if z > 0 else 0.0
    assert stepper.value("loss") == ((1 - y) * z if z > 0 else -y * z)
    assert stepper.value("dL/dz[1,1]") == a - y
    assert stepper.value("da/dz[1,1]") == 0.0
    factor = stepper.value("dL/da[1,1]")
    assert factor is not None
    assert not math.isfinite(factor)
    stepper.run(1)
    assert stepper.cursor.iteration == 2


@pytest.mark.parametrize("y", [[0.0, 1.0], [0.25, 0.75], [1.0, 1.0], [0.5, 0.0]])
def test_softmax_with_cross_entropy_far_out(y: list[float]) -> None:
    """delta = a sum(y) - y: targets need not sum to 1. The loss by log-sum-exp is 1600 for the neuron behind."""
    stepper = finished(one_neuron("softmax", "cross_entropy", [800.0, -800.0], y))
    assert stepper.value("loss") == 1600.0 * y[1]
    assert [stepper.value(f"dL/dz[1,{k}]") for k in (1, 2)] == [sum(y) - y[0], -y[1]]


def test_cross_entropy_of_equal_outputs() -> None:
    """Three equal z: a = 1/3 each, loss ln 3, delta 1/3 - y."""
    stepper = finished(one_neuron("softmax", "cross_entropy", [0.5, 0.5, 0.5], [0.0, 1.0, 0.0]))
    assert stepper.value("loss") == pytest.approx(math.log(3), rel=1e-15)
    deltas = [stepper.value(f"dL/dz[1,{k}]") for k in (1, 2, 3)]
    assert deltas == pytest.approx([1 / 3, -2 / 3, 1 / 3], rel=1e-15)


def two_linear_neurons(bias: str) -> Any:
    """Outputs z = w x + b with x = 2, weights 3 and 4, biases 0.5; targets 1 and 2; two equal samples."""
    session = one_neuron("identity", "half_squared_error", [3.0, 4.0], [1.0, 2.0])
    session["network"]["layers"][0]["bias"] = bias
    session["initial"]["biases"] = [{"shared": [0.5], "per_neuron": [0.5, 0.5], "none": []}[bias]]
    session["data"] = {"kind": "values", "inputs": [[2.0], [2.0]], "targets": [[1.0, 2.0], [1.0, 2.0]]}
    return session


def test_a_bias_is_updated_once() -> None:
    """Not once per incoming weight: the errors are 5.5 and 6.5, a shared bias has their sum, once."""
    stepper = finished(two_linear_neurons("shared"))
    assert stepper.value("grad[b[1]]") == 12.0
    assert stepper.parameters() == {"w[1,1,1]": 3.0 - 0.5 * 11, "w[1,2,1]": 4.0 - 0.5 * 13, "b[1]": 0.5 - 0.5 * 12}
    stepper = finished(two_linear_neurons("per_neuron"))
    assert [stepper.value(f"grad[b[1,{j}]]") for j in (1, 2)] == [5.5, 6.5]
    assert [stepper.parameters()[f"b[1,{j}]"] for j in (1, 2)] == [0.5 - 0.5 * 5.5, 0.5 - 0.5 * 6.5]


def test_a_bias_of_a_neuron_with_many_weights_is_updated_once() -> None:
    """One linear neuron, three inputs of 1: error 0.5; the bias moves by 0.5 times the rate, not three times that."""
    session = one_neuron("identity", "half_squared_error", [0.0], [0.0])
    session["network"] = {"inputs": 3, "layers": [{"neurons": 1, "activation": "identity", "bias": "per_neuron"}]}
    session["initial"] = {"kind": "values", "weights": [[[0.0, 0.0, 0.0]]], "biases": [[0.5]]}
    session["data"] = {"kind": "values", "inputs": [[1.0, 1.0, 1.0]], "targets": [[0.0]]}
    assert finished(session).parameters()["b[1,1]"] == 0.25


def test_hidden_deltas_use_the_old_weights() -> None:
    """1-1-1, linear, w1 = 2, w2 = 3, x = 1, y = 5: the error is 1, so w1's gradient is 1·3·1 = 3 with the old w2; with
    w2 already updated (3 - 0.5·2 = 2) it would be 2."""
    layers: list[dict[str, Any]] = [{"neurons": 1, "activation": "identity", "bias": "none"} for _ in range(2)]
    session = one_neuron("identity", "half_squared_error", [2.0], [5.0])
    session["network"] = {"inputs": 1, "layers": layers}
    session["initial"] = {"kind": "values", "weights": [[[2.0]], [[3.0]]], "biases": [[], []]}
    stepper = finished(session)
    assert stepper.value("dL/dw[1,1,1]") == 3.0
    assert stepper.parameters() == {"w[1,1,1]": 2.0 - 0.5 * 3.0, "w[2,1,1]": 3.0 - 0.5 * 2.0}
