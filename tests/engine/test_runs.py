"""What a run begins with and goes through: initial schemes, the order of the data, held-back rows, learning rates."""

from math import sqrt
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.random import RandomState

from engine import Stepper, Unit, open_session
from tests.engine import reference
from tests.engine.checks import check_test_losses, check_training
from tests.engine.networks import SessionMapping, complete_session, random_session

# Shuffled data.


def numbered(rows: int, size: int | str, seed: int, **data: Any) -> SessionMapping:
    """One linear neuron; row i of the data has input i and target 2i."""
    return complete_session(
        1,
        [{"neurons": 1, "activation": "identity", "bias": "per_neuron"}],
        initial={"kind": "values", "weights": [[[0.5]]], "biases": [[0.25]]},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.001},
        data={
            "kind": "values",
            "inputs": [[float(i)] for i in range(rows)],
            "targets": [[2.0 * i] for i in range(rows)],
            **data,
        },
        batch={"size": size, "shuffle": True},
        seed=seed,
    )


def batches_seen(session: SessionMapping, iterations: int) -> list[list[int]]:
    """The rows that each iteration computes with, told by their inputs and targets."""
    stepper, found = Stepper(open_session(session)), []
    for t in range(1, iterations + 1):
        stepper.seek(t)
        trace = stepper.frame.trace
        inputs = trace.X()[:, 0].tolist()
        assert trace.Y()[:, 0].tolist() == [2 * x for x in inputs]
        assert list(trace.rows) == inputs
        found.append([int(x) for x in inputs])
    return found


@pytest.mark.parametrize(("rows", "size"), [(7, 2), (6, 3), (5, 1), (9, 9), (10, 4)])
@pytest.mark.parametrize("seed", [0, 3, 2**32 - 1])
def test_an_epoch_takes_the_rows_in_its_own_order(rows: int, size: int, seed: int) -> None:
    check_order(rows, size, seed)


def check_order(rows: int, size: int, seed: int) -> None:
    """numpy.random.RandomState([seed, e]).permutation(N), cut into batches; every row once an epoch."""
    batches = -(-rows // size)
    found = batches_seen(numbered(rows, size, seed), 3 * batches)
    for e in (1, 2, 3):
        order = RandomState([seed, e]).permutation(rows).tolist()
        epoch = found[(e - 1) * batches : e * batches]
        assert epoch == [order[k : k + size] for k in range(0, rows, size)]
        assert sorted(row for batch in epoch for row in batch) == list(range(rows))
    if rows > 1:
        assert len({str(found[e * batches : (e + 1) * batches]) for e in range(3)}) > 1


def test_all_samples_at_once_are_shuffled_too() -> None:
    found = batches_seen(numbered(6, "all", 4), 2)
    assert found == [RandomState([4, e]).permutation(6).tolist() for e in (1, 2)]


# Rows held back.


@pytest.mark.parametrize(
    ("fraction", "rows", "held_back"),
    [(0.5, 5, 2), (0.2, 10, 2), (0.29, 10, 2), (0.3, 10, 3), (0.09, 10, 0), (0.99, 10, 9)],
)
@pytest.mark.parametrize("shuffle", [True, False])
def test_the_last_rows_are_held_back_before_any_shuffle(
    fraction: float, rows: int, held_back: int, shuffle: bool
) -> None:
    check_held_back(fraction, rows, held_back, shuffle)


def check_held_back(fraction: float, rows: int, held_back: int, shuffle: bool) -> None:
    """Two epochs take each of the other rows once, and every iteration has a test loss."""
    session = numbered(rows, 1, 5, test_fraction=fraction)
    session["batch"]["shuffle"] = shuffle
    trained = rows - held_back
    found = batches_seen(session, 2 * trained)
    orders = [RandomState([5, e]).permutation(trained).tolist() if shuffle else list(range(trained)) for e in (1, 2)]
    assert found == [[row] for order in orders for row in order]
    stepper = Stepper(open_session(session))
    stepper.run(2)
    assert len(stepper.frame.test_losses) == (2 if held_back else 0)


def test_the_test_loss_of_one_neuron() -> None:
    """w = 0.5, b = 0.25; held back are rows 3 and 4: (1.75 - 6)²/2 and (2.25 - 8)²/2, their mean, at the parameters
    before the first update; the penalty is not in it."""
    session = numbered(5, 3, 0, test_fraction=0.4) | {"penalty": {"l1": 1.0, "l2": 1.0}}
    stepper = Stepper(open_session(session))
    stepper.next(Unit.ITERATION)
    assert stepper.frame.test_losses.tolist() == [(4.25**2 / 2 + 5.75**2 / 2) / 2]


@pytest.mark.parametrize("seed", range(30))
def test_test_losses_on_the_way(seed: int) -> None:
    """At the parameters before each update, against the textbook; stepping shows the same."""
    session = random_session(Random(seed), frozen=[])
    rows = len(session["data"]["inputs"]) + 2
    session["data"]["inputs"] = (session["data"]["inputs"] * 3)[:rows]
    session["data"]["targets"] = (session["data"]["targets"] * 3)[:rows]
    session["data"]["test_fraction"] = 2.5 / rows
    stepper = Stepper(open_session(session))
    parameters = []
    for _ in range(4):
        parameters.append(reference.from_names(session, stepper.parameters()))
        stepper.next(Unit.ITERATION)
    check_test_losses(stepper, session, parameters)


# Training with everything on, against the textbook's optimizers.


@pytest.mark.parametrize("optimizer", reference.OPTIMIZERS)
@pytest.mark.parametrize("penalty", ["none", "l1", "l2", "both"])
def test_training_is_the_textbooks(optimizer: str, penalty: str) -> None:
    """Eight updates with shuffled, smaller last batches, trained slopes, held-back rows and frozen parameters."""
    for seed in range(3):
        session = random_session(
            Random(seed), optimizer=optimizer, penalty=penalty, batch="smaller_last", shuffle=True, hidden="prelu",
            layers=2, frozen=[[], ["slope[1]"], ["w[2]"]][seed],
        )  # fmt: skip
        check_training(session, 8)


# Initial schemes.


def drawn(scheme: str, **fields: Any) -> tuple[list[Any], list[float]]:
    """The weights of a 3-4-2 network, and its biases and slope."""
    layers = [
        {"neurons": 4, "activation": {"name": "prelu", "slope": 0.5}, "bias": "per_neuron"},
        {"neurons": 2, "activation": "tanh", "bias": "shared"},
    ]
    session = complete_session(
        3,
        layers,
        initial={"kind": "scheme", "scheme": scheme, **fields},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={"kind": "values", "inputs": [[1.0, 2.0, 3.0]], "targets": [[0.0, 1.0]]},
        seed=5,
    )
    values = Stepper(open_session(session)).parameters()
    weights = [[[values[f"w[{l},{j},{i}]"] for i in range(1, m + 1)] for j in range(1, n + 1)] for l, n, m in SHAPES]
    return weights, [value for name, value in values.items() if not name.startswith("w")]


SHAPES = [(1, 4, 3), (2, 2, 4)]  # layer, neurons, inputs


def rows_of(draws: list[float]) -> list[Any]:
    """Twenty draws as the weights of the two layers: layer by layer, row by row."""
    first = [draws[3 * j : 3 * j + 3] for j in range(4)]
    return [first, [draws[12 + 4 * j : 16 + 4 * j] for j in range(2)]]


@pytest.mark.parametrize(("fields", "seed"), [({}, 5), ({"seed": 0}, 0), ({"seed": 7}, 7)])
def test_the_draws_of_every_scheme(fields: dict[str, int], seed: int) -> None:
    """One RandomState draws all layers; without a seed of its own the scheme takes the session's."""
    unit = RandomState(seed).uniform(-1, 1, 20).tolist()
    normal = RandomState(seed).normal(0, 1, 20).tolist()
    for scheme, draws, first, second in [
        ("zeros", [0.0] * 20, 0.0, 0.0),
        ("uniform", unit, 0.5, 0.5),
        ("normal", normal, 0.1, 0.1),
        ("xavier_uniform", unit, sqrt(6 / 7), 1.0),
        ("xavier_normal", normal, sqrt(2 / 7), sqrt(1 / 3)),
        ("he_uniform", unit, sqrt(2), sqrt(1.5)),
        ("he_normal", normal, sqrt(2 / 3), sqrt(0.5)),
    ]:
        weights, others = drawn(scheme, **fields)
        expected = rows_of([draw * (first if place < 12 else second) for place, draw in enumerate(draws)])
        for found, wanted in zip(weights, expected, strict=True):
            assert np.array(found) == pytest.approx(np.array(wanted), rel=1e-14, abs=1e-15), scheme
        assert others == [0.0] * 4 + [0.5] + [0.0]


@pytest.mark.parametrize(
    ("scheme", "draw"),
    [
        ("uniform", lambda random: random.uniform(-0.5, 0.5)),
        ("normal", lambda random: random.normal(0.0, 0.1)),
        ("he_normal", lambda random: random.normal(0.0, sqrt(2 / 3))),
    ],
)
def test_draws_are_exact(scheme: str, draw: Any) -> None:
    """The first layer number by number, to the last bit."""
    random = RandomState(9)
    assert drawn(scheme, seed=9)[0][0] == [[draw(random) for _ in range(3)] for _ in range(4)]


BOUNDS = {"uniform": 0.5, "xavier_uniform": sqrt(6 / 128), "he_uniform": sqrt(6 / 64)}
DEVIATIONS = {"normal": 0.1, "xavier_normal": sqrt(2 / 128), "he_normal": sqrt(2 / 64)}


@pytest.mark.parametrize("scheme", [*BOUNDS, *DEVIATIONS])
def test_bounds_and_deviations(scheme: str) -> None:
    """64 x 64 weights: a uniform draw fills its range, a normal one has its deviation to within 5 %."""
    session = complete_session(
        64,
        [{"neurons": 64, "activation": "tanh", "bias": "none"}],
        initial={"kind": "scheme", "scheme": scheme},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={"kind": "values", "inputs": [[0.0] * 64], "targets": [[0.0] * 64]},
    )
    weights = np.array(list(Stepper(open_session(session)).parameters().values()))
    assert abs(weights.mean()) < 0.05 * weights.std()
    if scheme in BOUNDS:
        assert 0.99 * BOUNDS[scheme] < np.abs(weights).max() <= BOUNDS[scheme]
        assert weights.std() == pytest.approx(BOUNDS[scheme] / sqrt(3), rel=0.05)
    else:
        assert weights.std() == pytest.approx(DEVIATIONS[scheme], rel=0.05)
        assert np.abs(weights).max() > 3 * DEVIATIONS[scheme]


# Learning rates.


def test_learning_rates_on_the_way() -> None:
    """Linear, x = 1, y = 0, w = 1: an update multiplies w by 1 - rate; the rate holds from its iteration on."""
    session = numbered(1, "all", 0)
    session["network"]["layers"][0]["bias"] = "none"
    session |= {
        "initial": {"kind": "values", "weights": [[[1.0]]], "biases": [[]]},
        "data": {"kind": "values", "inputs": [[1.0]], "targets": [[0.0]]},
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.5},
        "edits": [
            {"kind": "learning_rate", "iteration": 3, "value": 0.25},
            {"kind": "learning_rate", "iteration": 4, "value": 0.75},
        ],
    }
    stepper = Stepper(open_session(session))
    found = []
    for _ in range(5):
        stepper.next(Unit.ITERATION)
        found.append(stepper.parameters()["w[1,1,1]"])
    assert found == [0.5, 0.25, 0.1875, 0.046875, 0.01171875]


@pytest.mark.parametrize("optimizer", reference.OPTIMIZERS)
def test_a_new_learning_rate_leaves_slots_and_t_alone(optimizer: str) -> None:
    """A rate that is 1000 times smaller from iteration 3 on: the slots go on as if nothing had been done to them, up to
    the gradient, and the step of iteration 3 is 1000 times smaller."""
    session = random_session(Random(2), optimizer=optimizer, batch="one", penalty="none", shuffle=False, frozen=[])
    plain, edited = Stepper(open_session(session)), Stepper(open_session(session))
    edited.seek(3)
    edited.edit("learning_rate", session["optimizer"]["learning_rate"] / 1000)
    before = edited.parameters()
    for stepper in (plain, edited):
        stepper.seek(3)
        stepper.next(Unit.ITERATION)
    for slot in reference.OPTIMIZERS[optimizer].slots:
        for name in before:
            assert edited.value(f"{slot}[{name}]") == plain.value(f"{slot}[{name}]")
    for name, start in before.items():
        step, small = plain.parameters()[name] - start, edited.parameters()[name] - start
        assert small == pytest.approx(step / 1000, rel=1e-9, abs=1e-15)
