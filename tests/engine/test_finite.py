"""Numbers that blow up: the first operation whose value is not finite is found, running stops there, and the way back
is what it was."""

from math import isfinite
from random import Random
from typing import Any

import pytest

from engine import Stepper, Unit, open_session
from engine.cursor import Cursor
from engine.stops import NOT_FINITE
from tests.engine.checks import losses_of, state_of
from tests.engine.networks import OUTPUT_OF_LOSS, SessionMapping, activation_name, complete_session, random_session

ITERATIONS = 6
WAYS = ("rate", "weights", "inputs", "gradients")


def blown(rng: Random, how: str) -> SessionMapping:
    """A random session that something in it is too large for."""
    session = random_session(rng)
    match how:
        case "gradients":  # z is small, the error large, its square not yet too large
            session = random_session(rng, layers=1, output="identity", loss="half_squared_error")
            session["initial"] = {"kind": "scheme", "scheme": "zeros"}
            session["data"]["inputs"] = [[1e200 for _ in row] for row in session["data"]["inputs"]]
            session["data"]["targets"] = [[-1e150 for _ in row] for row in session["data"]["targets"]]
        case "rate":
            session["optimizer"]["learning_rate"] = rng.choice((1e6, 1e200, 1.7e308))
        case "weights":
            edit = {"kind": "parameter", "iteration": 2, "quantity": "w[1,1,1]"}
            session["edits"] = [edit | {"value": rng.choice((1e200, -1e308, 1.7e308))}]
        case "inputs":
            session["data"]["inputs"][0][0] = rng.choice((1e200, -1.7e308))
    return session


def first_by_walking(stepper: Stepper, iterations: int) -> Cursor | None:
    """The place just after the first operation that is described with a value that is not finite."""
    spec = stepper.session.spec
    output = activation_name({"activation": spec.network.layers[-1].activation})
    is_combined = OUTPUT_OF_LOSS.get(spec.loss) == output
    for iteration in range(1, iterations + 1):
        stepper.seek(iteration)
        for k in range(stepper.frame.program.count):
            operation = stepper.frame.narrator.describe(k)
            is_reason = operation.kind in ("loss_derivative", "activation_derivative") and is_combined
            if not isfinite(operation.value) and not (is_reason and operation.layer == spec.network.last):
                return Cursor(iteration, k + 1)
    return None


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("seed", range(15))
def test_a_run_stops_at_the_first_operation_that_is_not_finite_and_goes_back(how: str, seed: int) -> None:
    session = blown(Random(f"{how} {seed}"), how)
    expected = first_by_walking(Stepper(open_session(session)), ITERATIONS)
    stepper = Stepper(open_session(session))
    start = state_of(stepper, session)
    stepper.run(ITERATIONS)
    assert stepper.frame.not_finite == expected
    assert stepper.cursor == (expected or Cursor(ITERATIONS, stepper.frame.program.count))
    assert stepper.stopped_by == (NOT_FINITE if expected else None)
    if expected:
        losses = losses_of(stepper)
        stepper.previous()
        assert stepper.operation is None or isfinite(stepper.operation.value)
        fresh = Stepper(open_session(session))
        fresh.seek(*stepper.cursor)
        assert state_of(stepper, session) == state_of(fresh, session)
        stepper.seek(1)
        assert state_of(stepper, session) == start
        stepper.run(ITERATIONS)
        assert stepper.cursor == expected
        assert losses_of(stepper) == losses


def test_the_cases_blow_up_in_every_phase() -> None:
    """So that the test above tests something."""
    phases = set()
    for how in WAYS:
        for seed in range(15):
            stepper = Stepper(open_session(blown(Random(f"{how} {seed}"), how)))
            stepper.run(ITERATIONS)
            phases |= {stepper.operation.phase} if stepper.stopped_by and stepper.operation else set()
    assert phases == {"forward", "loss", "backward", "update"}


def one_neuron(activation: str, weight: float, **fields: Any) -> SessionMapping:
    """a = f(w·10 + 0), target 0."""
    return complete_session(
        1,
        [{"neurons": 1, "activation": activation, "bias": "none"}],
        initial={"kind": "values", "weights": [[[weight]]], "biases": [[]]},
        **{
            "loss": "half_squared_error",
            "optimizer": {"name": "gradient_descent", "learning_rate": 0.5},
            "data": {"kind": "values", "inputs": [[10.0]], "targets": [[0.0]]},
        }
        | fields,
    )


def test_an_infinite_z_does_not_hide_behind_a_sigmoid_of_1() -> None:
    """10·1e308 is infinite, its sigmoid 1, the loss 0.5, the gradient 0 and the new weight the old one."""
    stepper = Stepper(open_session(one_neuron("sigmoid", 1e308)))
    stepper.run(5)
    assert stepper.cursor == (1, 1, 0)
    assert stepper.value("z[1,1]") == float("inf")
    stepper.next(Unit.ITERATION)
    assert stepper.value("loss") == 0.5
    assert stepper.value("w[1,1,1]") == 1e308


def test_a_saturated_reason_is_infinite_and_stops_nothing() -> None:
    """a = sigmoid(400) is 1 in floats: dL/da = (a - y) / (a (1 - a)) is 1/0, and delta is a - y = 1."""
    stepper = Stepper(open_session(one_neuron("sigmoid", 40.0, loss="binary_cross_entropy")))
    stepper.run(1)
    assert stepper.value("dL/da[1,1]") == float("inf")
    assert stepper.value("dL/dz[1,1]") == 1.0
    stepper.run(2)
    assert stepper.stopped_by is None
    assert stepper.cursor.iteration == 3


def test_a_weight_that_becomes_infinite_is_where_it_stops_not_what_comes_of_it() -> None:
    """z = a = 100, w = 10 - 1e307·100·10, which is below every float: 1.1e1 - 1e310."""
    rate = {"name": "gradient_descent", "learning_rate": 1e307}
    stepper = Stepper(open_session(one_neuron("identity", 10.0, optimizer=rate)))
    stepper.run(5)
    assert stepper.cursor == (1, stepper.frame.program.count, 0)
    assert stepper.operation is not None
    assert (str(stepper.operation.quantity), stepper.operation.value) == ("w[1,1,1]", float("-inf"))
    assert losses_of(stepper) == [(5000.0).hex()]


@pytest.mark.parametrize("unit", [Unit.OPERATION, Unit.ITERATION])
def test_a_run_beyond_it_goes_on_to_the_end_of_an_iteration(unit: Unit) -> None:
    stepper = Stepper(open_session(one_neuron("identity", 1e308)))
    stepper.seek(1, 3)
    assert stepper.frame.not_finite == (1, 1, 0)
    for iteration in (1, 2, 3):
        while not stepper.stopped_by:
            for _ in stepper.advancing(stepper.after(unit)):
                pass
        assert stepper.cursor == (iteration, stepper.frame.program.count, 0)
        assert stepper.stopped_by == NOT_FINITE
        stepper.stopped_by = None


def test_it_is_found_on_a_long_way_too_and_forgotten_when_an_edit_heals_it() -> None:
    rate = {"name": "gradient_descent", "learning_rate": 100.0}
    stepper = Stepper(open_session(one_neuron("identity", 1.0, optimizer=rate)))
    stepper.seek(300)
    bad = stepper.frame.not_finite
    assert bad
    assert 10 < bad.iteration < 300
    stepper.seek(*bad)
    assert stepper.operation is not None
    assert not isfinite(stepper.operation.value)
    stepper.seek(1)
    stepper.edit("learning_rate", 0.001)
    stepper.run(300)
    assert (stepper.frame.not_finite, stepper.stopped_by) == (None, None)
    assert stepper.cursor.iteration == 300
