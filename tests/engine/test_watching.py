"""Watched quantities: their values against stepping there and against the textbook, and where a sign changed."""

from itertools import islice
from math import inf, isfinite, nan
from random import Random
from typing import Any

import numpy as np
import pytest

from engine import Stepper, open_session
from engine.batches import rows_of
from engine.edits import DataEdit, Edits, LearningRateEdit, ParameterEdit
from engine.frame import Frame
from engine.quantities import Quantity, parse
from engine.session import Session
from engine.timeline import Timeline
from engine.watching import (
    Watched,
    check_watched,
    last_change_of_sign,
    parse_watched,
    position,
    watching,
    written_after,
)
from tests.engine import reference
from tests.engine.networks import random_session

SEVERAL: dict[str, Any] = {"batch": "smaller_last", "shuffle": True}


def everything(frame: Frame) -> list[Watched]:
    """All that the frame's operations write, all parameters, frozen or not, and what is given; of every sample."""
    program, spec = frame.program, frame.session.spec
    names = [program.quantity(program.locate(k)) for k in range(program.count)]
    names += [*program.parameters.names(), *map(parse, ("batch_loss", "x[1]", "y[1]"))]
    samples = range(1, spec.samples + 1)
    return [
        Watched(name, sample) for name in dict.fromkeys(names)
        for sample in (samples if name.is_of_sample else (None,))
    ]  # fmt: skip


def values(session: Session, those: list[Watched], iterations: int) -> np.ndarray[Any, Any]:
    """(iterations, quantities)."""
    items = list(islice(watching(Timeline(session.spec, session.edits), those), iterations))
    assert [t for t, _ in items] == list(range(1, iterations + 1))
    return np.array([found for _, found in items])


def shown(frame: Frame, one: Watched) -> float:
    """What stands there at the end of an iteration; nan where there is none."""
    if one.sample is not None and one.sample - 1 not in frame.trace.rows:
        return nan
    value = frame.value(one.quantity, one.sample)
    return nan if value is None else value


@pytest.mark.parametrize(
    ("seed", "choices"),
    [(1, SEVERAL | {"optimizer": "adam"}), (2, SEVERAL | {"output": "softmax"}), (3, {"batch": "one", "frozen": True}),
     (4, {"hidden": "prelu", "batch": "all", "penalty": "both", "bias": "shared"}), (5, {"held_back": 2})],
)  # fmt: skip
def test_every_value_is_the_one_at_the_end_of_its_iteration(seed: int, choices: dict[str, Any]) -> None:
    """To the last bit, also from an edit on."""
    session = open_session(random_session(Random(seed), **choices))
    stepper = Stepper(session)
    stepper.seek(4)
    stepper.edit("w[1,1,1]", 0.75)
    stepper.edit("x[1]", -0.5, 1)
    stepper.edit("learning_rate", 0.03)
    frames = [stepper.frame_of(t) for t in range(1, 9)]
    those = everything(frames[0])
    expected = [[shown(frame, one) for one in those] for frame in frames]
    np.testing.assert_array_equal(values(stepper.session, those, 8), expected, strict=True)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_parameters_and_slots_are_the_textbooks(optimizer: str) -> None:
    text = random_session(Random(6), optimizer=optimizer, hidden="tanh", batch="smaller_last", shuffle=True, frozen=[])
    session = open_session(text)
    steps = list(reference.train(text, 5))
    names = [(kind, name) for kind, found in steps[0].items() for name in found]
    those = [Watched(parse(name if kind == "parameters" else f"{kind}[{name}]")) for kind, name in names]
    expected = [[step[kind][name] for kind, name in names] for step in steps]
    np.testing.assert_allclose(values(session, those, 5), expected, rtol=1e-9, atol=1e-12)


def test_a_sample_has_a_value_only_in_its_own_batches() -> None:
    """Four samples one at a time, not shuffled: the second is in every fourth batch."""
    text = random_session(Random(7), batch="all", held_back=0)
    data = {"kind": "values", "inputs": text["data"]["inputs"][:1] * 4, "targets": text["data"]["targets"][:1] * 4}
    session = open_session({**text, "data": data, "batch": {"size": 1, "shuffle": False}})
    found = values(session, [Watched(parse("loss"), 2)], 8)
    assert np.isfinite(found[:, 0]).tolist() == [False, True, False, False] * 2


def test_it_goes_on_from_a_checkpoint_with_other_edits() -> None:
    """As the window does it after an edit: what comes is what a timeline from the start has."""
    session = open_session(random_session(Random(8), **SEVERAL))
    those = everything(Stepper(session).frame)[::7]
    timeline = Timeline(session.spec, (), 4000)
    for _ in islice(watching(timeline, those), 300):
        pass
    inputs = session.spec.network.inputs
    edits: Edits = (
        DataEdit(120, 1, Quantity("x", (inputs,)), 0.25),
        ParameterEdit(120, parse("w[1,1,1]"), -0.125), LearningRateEdit(200, 0.01),
    )  # fmt: skip
    timeline.change(edits)
    first = timeline.nearest(120)
    assert 1 < first <= 120
    found = list(islice(watching(timeline, those, first), 150))
    anew = list(islice(watching(Timeline(session.spec, edits), those), first + 149))[first - 1 :]
    assert [t for t, _ in found] == [t for t, _ in anew]
    np.testing.assert_array_equal([value for _, value in found], [value for _, value in anew])


def test_a_run_that_diverges_is_followed_without_a_word() -> None:
    text = random_session(Random(9), hidden="relu", output="identity", loss="mean_squared_error", bias="shared")
    session = open_session({**text, "optimizer": {"name": "gradient_descent", "learning_rate": 1e9}})
    those = everything(Stepper(session).frame)
    found = values(session, those, 60)
    assert np.isfinite(found[0]).any()
    assert not np.isfinite(found[-1, [one.quantity.kind == "batch_loss" for one in those]]).any()


def test_written_after_counts_the_operations_up_to_the_one_that_writes() -> None:
    session = open_session(random_session(Random(3), **SEVERAL))
    stepper = Stepper(session)
    for t in (1, 2, 5):
        frame = stepper.frame_of(t)
        program, rows = frame.program, rows_of(session.spec, t)
        for k in range(program.count):
            here = program.locate(k)
            sample = None if here.s is None else rows[here.s] + 1
            assert written_after(program, rows, Watched(program.quantity(here), sample)) == k + 1
        assert written_after(program, rows, Watched(parse("x[1]"), 1)) == program.count


def slow_last_change(numbers: list[float], last: int) -> int | None:
    """Walking through them one by one."""
    found, side = None, None
    for place, number in enumerate(numbers[:last], 1):
        if isfinite(number) and number != 0:
            if side is not None and (number > 0) != side:
                found = place
            side = number > 0
    return found


@pytest.mark.parametrize(
    ("numbers", "last", "expected"),
    [
        ([], 0, None),
        ([1], 1, None),
        ([1, 2, -1, -2], 4, 3),
        ([1, 2, -1, 2], 4, 4),
        ([1, 2, -1, 2], 3, 3),
        ([1, 2, -1, 2], 2, None),
        ([1, 0, -1], 3, 3),
        ([1, 0, -1], 2, None),
        ([1, 0, 1], 3, None),
        ([0, 0, -1], 3, None),
        ([-1, nan, nan, 1, nan], 5, 4),
        ([-1, inf, -1], 3, None),
        ([1, -inf, -1], 3, 3),
        ([5e-324, -5e-324, -0.0], 3, 2),
        ([1, -1], 9, 2),
    ],
)
def test_the_last_change_of_sign(numbers: list[float], last: int, expected: int | None) -> None:
    assert last_change_of_sign(np.array(numbers, dtype=float), last) == expected
    assert slow_last_change(numbers, last) == expected


def test_the_last_change_of_sign_of_many_rows_is_that_of_walking_through_them() -> None:
    rng = Random(1)
    for _ in range(200):
        numbers = [rng.choice((-1.5, -0.0, 0.0, 2.5, nan, inf)) for _ in range(rng.randint(0, 12))]
        for last in range(len(numbers) + 1):
            assert last_change_of_sign(np.array(numbers), last) == slow_last_change(numbers, last), (numbers, last)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("w[1,1,1]", "w[1,1,1]"),
        (" dL/dz[2,1] ", "dL/dz[2,1] of sample 2"),
        ("dL/dz[2,1] of  sample 3", "dL/dz[2,1] of sample 3"),
        ("loss", "loss of sample 2"),
        ("batch_loss", "batch_loss"),
        ("grad[w[1,1,1]]", "grad[w[1,1,1]]"),
    ],
)
def test_what_is_typed(typed: str, expected: str) -> None:
    found = parse_watched(typed, 2)
    assert str(found) == expected
    assert parse_watched(expected, 7) == found


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "'' is no quantity"),
        ("w5", "'w5' is no quantity"),
        ("w[1,1]", "w has 3 indices, 2 found"),
        ("loss of sample 0", "'0' is no sample"),
        ("loss of sample two", "'two' is no sample"),
        ("w[1,1,1] of sample 2", "w[1,1,1] belongs to no sample"),
    ],
)
def test_what_is_typed_wrong_has_a_reason(typed: str, reason: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011
        parse_watched(typed, 1)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("w[3,1,1]", "the network has no w[3,1,1]"),
        ("loss of sample 2", "no sample 2 is trained; samples are 1 to 1"),
        ("penalty", "nothing computes penalty here"),
        ("velocity[w[1,1,1]]", "nothing computes velocity[w[1,1,1]] here"),
    ],
)
def test_what_has_no_value_in_a_network_cannot_be_watched(name: str, reason: str) -> None:
    program = Stepper(open_session("seed-003")).frame.program
    check_watched(program, Watched(parse("w[2,1,2]")))
    with pytest.raises(ValueError) as error:  # noqa: PT011
        check_watched(program, parse_watched(name, 1))
    assert str(error.value) == reason


def test_the_place_of_a_sample_in_a_batch() -> None:
    assert position((4, 0, 2), Watched(parse("loss"), 3)) == 2
    assert position((4, 0, 2), Watched(parse("loss"), 2)) is None
    assert position(range(5), Watched(parse("w[1,1,1]"))) is None
