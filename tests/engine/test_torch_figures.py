"""Training by the engine, through the stepper, against PyTorch's stored figures (figures/torch.json)."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from engine import Stepper, Unit, open_session
from tests.engine import reference
from tests.engine.networks import is_allowed

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "figures" / "torch.json").read_text("utf-8"))
FIGURES = ("parameters", "velocity", "square_sum", "square_average", "first_moment", "second_moment")
ONE_UPDATE, TRAJECTORY = 1e-12, 1e-9


def case_name(case: dict[str, Any]) -> str:
    """What a test of this case is called."""
    return str(case["name"])


def shown(stepper: Stepper, kind: str, names: list[str]) -> dict[str, float | None]:
    """Parameters, or a slot of each, at the cursor."""
    if kind == "parameters":
        return dict(stepper.parameters())
    return {name: stepper.value(f"{kind}[{name}]") for name in names}


def assert_near(found: dict[str, float | None], expected: dict[str, float], tolerance: float) -> None:
    """Each to the tolerance, relative to itself where it is larger than 1, and all in parameter order."""
    assert list(found) == list(expected)
    assert found == pytest.approx(expected, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_the_first_gradient(case: dict[str, Any]) -> None:
    """When all phases before the update are done, the gradients are there."""
    stepper = Stepper(open_session(case["session"]))
    while stepper.frame.next_operation and stepper.frame.next_operation.phase != "update":
        stepper.next(Unit.SAMPLE)
    found = {name: stepper.value(f"grad[{name}]") for name in case["gradients"]}
    largest = max(map(abs, case["gradients"].values()))
    assert found == pytest.approx(case["gradients"], rel=0, abs=1e-12 * largest)


@pytest.mark.parametrize("unit", [Unit.PHASE, Unit.ITERATION])
@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_the_trajectory(case: dict[str, Any], unit: Unit) -> None:
    check_trajectory(case, unit)


def check_trajectory(case: dict[str, Any], unit: Unit) -> None:
    """Parameters and slots where PyTorch's are stored, on the way; the loss of every iteration."""
    stepper = Stepper(open_session(case["session"]))
    compared = 0
    for iteration in range(1, case["iterations"] + 1):
        while stepper.frame.next_operation or stepper.cursor.iteration < iteration:
            stepper.next(unit)
        assert stepper.cursor.iteration == iteration
        for kind in FIGURES:
            expected = case.get(kind, {}).get(str(iteration))
            if expected is not None:
                tolerance = ONE_UPDATE if iteration == 1 else TRAJECTORY
                assert_near(shown(stepper, kind, list(expected)), expected, tolerance)
                compared += 1
    assert stepper.losses() == pytest.approx(case["batch_loss"], rel=TRAJECTORY, abs=TRAJECTORY)
    assert stepper.losses()[0] == pytest.approx(case["batch_loss"][0], rel=ONE_UPDATE)
    assert compared == sum(len(case.get(kind, {})) for kind in FIGURES) > 2


def test_the_cases_cover_the_registries() -> None:
    """Every optimizer over 100 updates; every activation, hidden and as output, with each loss that follows it."""
    sessions = [case["session"] for case in CASES]
    long = {case["session"]["optimizer"]["name"] for case in CASES if case["iterations"] == 100}
    assert long == set(reference.OPTIMIZERS)
    custom = {s["optimizer"]["name"] for s in sessions if len(s["optimizer"]) > 2}
    assert custom == {name for name, optimizer in reference.OPTIMIZERS.items() if optimizer.defaults}
    layers = [(reference.layers_of(s), s["loss"]) for s in sessions]
    pairs = {(last["activation"], loss) for (*_, last), loss in layers}
    assert pairs == {pair for pair in product(reference.ACTIVATIONS, reference.LOSSES) if is_allowed(*pair)}
    hidden = {(layer["activation"], loss) for (*below, _), loss in layers for layer in below}
    assert hidden == set(product(reference.ACTIVATIONS, reference.LOSSES))


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["session"]["optimizer"]["name"] == "gradient_descent"], ids=case_name
)
def test_one_update_from_the_same_state(case: dict[str, Any]) -> None:
    """A second update from PyTorch's own parameters after the first, which gradient descent needs nothing else for."""
    stepper = Stepper(open_session(case["session"]))
    stepper.seek(2)
    for name, value in case["parameters"]["1"].items():
        stepper.edit(name, value)
    stepper.next(Unit.ITERATION)
    assert_near(dict(stepper.parameters()), case["parameters"]["2"], ONE_UPDATE)
    assert stepper.losses()[1] == pytest.approx(case["batch_loss"][1], rel=ONE_UPDATE)
