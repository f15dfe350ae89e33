"""The gradient checker: right gradients pass, a derivative that is wrong by 0.05 % does not."""

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
import pytest

from engine import Stepper
from engine.activations import ACTIVATIONS, Activation, Array
from engine.commands import main
from engine.files.session_file import from_mapping, save
from engine.gradient_check import GradientRow, check_gradients, nudge
from engine.quantities import parse
from engine.session import Session
from engine.trace import Trace
from tests.engine import reference
from tests.engine.networks import random_session
from tests.engine.session_texts import session_with


def rows_of(session: Session, iteration: int = 1) -> list[GradientRow]:
    return list(check_gradients(Stepper(session).frame_of(iteration).trace))


def trace_of(session: Session, iteration: int = 1) -> Trace:
    return Stepper(session).frame_of(iteration).trace


def test_random_sessions_pass_in_parameter_order() -> None:
    for seed in range(60):
        session = from_mapping(random_session(Random(seed)))
        for iteration in (1, 3):
            rows = rows_of(session, iteration)
            assert [row.quantity for row in rows] == list(trace_of(session).parameters.names())
            assert all(row.is_close for row in rows), (seed, iteration)


def test_it_looks_at_the_iteration_with_its_edits_and_its_batch() -> None:
    stepper = Stepper(session_with(batch={"size": 2}))
    stepper.seek(2)
    stepper.edit("w[2,1,1]", -3.0)
    stepper.edit("y[1]", 0.9, sample=3)
    trace = stepper.frame_of(2).trace
    assert trace.rows == range(2, 3)
    rows = {str(row.quantity): row for row in check_gradients(trace)}
    assert all(row.is_close for row in rows.values())
    delta = (trace.A(2) - 0.9) * trace.A(2) * (1 - trace.A(2))
    assert rows["b[2]"].analytic == pytest.approx(delta.item(), rel=1e-12)


def test_a_shared_bias_is_one_parameter() -> None:
    layers = [{"neurons": 3, "activation": "sigmoid", "bias": "shared"}, {"neurons": 1, "activation": "sigmoid"}]
    mapping = {"kind": "values", "weights": [[[0.1, 0.2]] * 3, [[0.7, 0.8, 0.9]]], "biases": [[0.1], [0.4]]}
    rows = rows_of(session_with(network={"inputs": 2, "layers": layers}, initial=mapping))
    assert [str(row.quantity) for row in rows if row.quantity.kind == "b"] == ["b[1]", "b[2,1]"]
    assert all(row.is_close for row in rows)


def wrong_by(factor: float) -> Callable[[Activation], Activation]:
    def changed(activation: Activation) -> Activation:
        right = activation.derivative
        assert right is not None

        def derivative(z: Array, a: Array, p: Mapping[str, float | Array], out: Array) -> None:
            right(z, a, p, out)
            np.multiply(out, factor, out)

        return activation._replace(derivative=derivative)

    return changed


SLOPED = [name for name, entry in ACTIVATIONS.items() if entry.is_elementwise and name != "binary_step"]  # its f' is 0


@pytest.mark.parametrize("name", SLOPED)
@pytest.mark.parametrize("factor", [1.0005, 0.9995])
def test_a_derivative_wrong_by_a_two_thousandth_is_caught(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = [{"neurons": 3, "activation": name}, {"neurons": 1, "activation": "identity", "bias": "shared"}]
    session = session_with(network={"inputs": 2, "layers": layers})
    assert all(row.is_close for row in rows_of(session))
    save(session, tmp_path / "session")
    monkeypatch.setitem(ACTIVATIONS, name, wrong_by(factor)(ACTIVATIONS[name]))
    rows = rows_of(session)
    assert any(not row.is_close for row in rows)
    assert main(["check", str(tmp_path / "session")]) == 1
    assert f"{sum(not row.is_close for row in rows)} are off" in capsys.readouterr().out


def at_a_kink(z: float) -> list[GradientRow]:
    """A hidden layer of three ReLU neurons, whose second one has this pre-activation."""
    network = {
        "inputs": 2,
        "layers": [{"neurons": 2, "activation": "tanh"}, {"neurons": 3, "activation": "relu"},
                   {"neurons": 1, "activation": "identity"}],
    }  # fmt: skip
    weights = [[[0.1, 0.2], [0.3, 0.4]], [[1.0, 1.0], [0.0, 0.0], [1.0, -3.0]], [[0.7, 0.8, 0.9]]]
    initial = {"kind": "values", "weights": weights, "biases": [[0.0, 0.0], [0.1, z, 0.3], [0.0]]}
    return rows_of(session_with(network=network, initial=initial))


@pytest.mark.parametrize("z", [0.0, 0.9e-4, -0.9e-4])
def test_what_moves_a_kink_is_named_and_not_judged(z: float) -> None:
    kinks = {str(row.quantity): row.kink for row in at_a_kink(z)}
    own = {"w[2,2,1]", "w[2,2,2]", "b[2,2]"}
    assert {name for name, kink in kinks.items() if kink} == own | {name for name in kinks if name[2] == "1"}
    assert {kink for kink in kinks.values() if kink} == {parse("z[2,2]")}
    assert all(row.is_close for row in at_a_kink(z))


@pytest.mark.parametrize("z", [1.1e-4, -1.1e-4])
def test_beside_a_kink_everything_is_judged(z: float) -> None:
    rows = at_a_kink(z)
    assert not any(row.kink for row in rows)
    assert all(row.is_close for row in rows)


def test_what_is_not_finite_agrees_with_nothing() -> None:
    for analytic, numeric in ((float("nan"), 0.0), (float("inf"), 0.0), (float("inf"), float("inf"))):
        row = GradientRow(parse("w[1,1,1]"), analytic, numeric, float("inf"))
        assert not row.is_close


NUDGED = (("w[2,1,1]", 0.01), ("w[1,2,1]", -0.5), ("b[2]", 1.5), ("b[1]", 0.25))


@pytest.mark.parametrize(("name", "step"), NUDGED)
def test_a_nudge_is_the_textbooks_difference_of_losses(name: str, step: float) -> None:
    """Document 003's network; both losses and the gradient from the definitions, by the complex step."""
    session = mapping_of("seed-003")
    slopes = reference.gradient(session, reference.initial_parameters(session), [0])
    moved = loss_of(session, {name: step}) - loss_of(session, {})
    found = nudge(trace_of(from_mapping(session)), parse(name), step)
    assert (str(found.quantity), found.step) == (name, step)
    assert found.predicted == pytest.approx(slopes[name] * step, rel=1e-12)
    assert found.moved == pytest.approx(moved, rel=1e-12)
    assert found.difference == pytest.approx(moved - slopes[name] * step, rel=1e-9)


def test_a_nudge_of_w5_is_the_gradient_that_document_003_prints() -> None:
    """It prints 0.0822 for w5; a short step moves the loss by that much of its length."""
    found = nudge(trace_of(from_mapping(mapping_of("seed-003"))), parse("w[2,1,1]"), 1e-4)
    assert f"{found.predicted / 1e-4:.4f}" == f"{found.moved / 1e-4:.4f}" == "0.0822"


def test_a_nudge_is_of_the_batch_with_its_edits() -> None:
    stepper = Stepper(session_with(batch={"size": 2}))
    stepper.seek(2)
    stepper.edit("y[1]", 0.9, sample=3)
    trace = stepper.frame_of(2).trace
    found = nudge(trace, parse("b[2]"), 0.1)
    after = 1 / (1 + np.exp(-(trace.Z(2) + 0.1)))
    assert found.moved == pytest.approx((((after - 0.9) ** 2 - (trace.A(2) - 0.9) ** 2) / 2).item(), rel=1e-12)


def test_random_sessions_nudged_as_the_textbook_has_it() -> None:
    for seed in range(12):
        session = random_session(Random(seed))
        rows = reference.batch_rows(session, 1)
        for name in reference.names(session):
            found = nudge(trace_of(from_mapping(session)), parse(name), 0.125)
            moved = loss_of(session, {name: 0.125}, rows) - loss_of(session, {}, rows)
            assert found.moved == pytest.approx(moved, rel=1e-9, abs=1e-14), (seed, name)


def test_what_the_network_does_not_have_is_not_nudged() -> None:
    trace = trace_of(session_with())
    for name in ("w[9,1,1]", "z[1,1]", "b[1]"):
        with pytest.raises(ValueError, match="no parameter"):
            nudge(trace, parse(name), 0.1)


def mapping_of(example: str) -> dict[str, Any]:
    """An example's session file as it stands."""
    with files("resources").joinpath("examples", f"{example}.chainstep.json").open(encoding="utf-8") as file:
        return dict(json.load(file))


def loss_of(session: dict[str, Any], steps: dict[str, float], rows: Sequence[int] = (0,)) -> float:
    """The textbook's loss of a batch of some rows, with some parameters moved."""
    parameters = reference.initial_parameters(session)
    for name, step in steps.items():
        layer, *at = parse(name).indices
        if name.startswith("slope"):
            parameters.slopes[layer - 1][0] += step
        elif name.startswith("w"):
            parameters.weights[layer - 1][at[0] - 1, at[1] - 1] += step
        else:
            parameters.biases[layer - 1][at[0] - 1 if at else 0] += step
    return float(reference.batch_loss(session, parameters, rows))
