"""Stops: what may be written, and the first place at which one holds, against a walk over all operations."""

import re
from math import isfinite
from random import Random

import pytest

from engine import Stepper, Unit, open_session
from engine.cursor import Cursor
from engine.quantities import Quantity, parse
from engine.stops import NOT_FINITE, Breakpoint, Condition, PhaseStart, Stop, Stops, check_stop
from engine.stops import parse as parse_stop
from tests.engine.elsewhere import run_elsewhere
from tests.engine.networks import SessionMapping, complete_session, random_session

W, LOSS = Quantity("w", (1, 1, 1)), Quantity("loss")

GOOD = [
    ("loss < 0.01", Condition(LOSS, "<", 0.01)),
    ("  loss<.01 ", Condition(LOSS, "<", 0.01)),
    ("batch_loss >= 2", Condition(Quantity("batch_loss"), ">=", 2.0)),
    ("batch_loss ≥ 2", Condition(Quantity("batch_loss"), ">=", 2.0)),
    ("w[1,1,1] <= -1e-3", Condition(W, "<=", -0.001)),
    ("w[1,1,1] ≤ −1e−3", Condition(W, "<=", -0.001)),
    ("w[1,1,1] > +1e300", Condition(W, ">", 1e300)),
    ("w[1,1,1] = 0", Condition(W, "=", 0.0)),
    ("w[1,1,1] == 0", Condition(W, "=", 0.0)),
    ("abs dL/dw[1,1,1] < 1e-6", Condition(Quantity("dL/dw", (1, 1, 1)), "<", 1e-6, True)),
    ("|grad[w[1,1,1]]| < 1e-6", Condition(Quantity("grad", (), W), "<", 1e-6, True)),
    ("not finite", NOT_FINITE),
    ("not  finite", NOT_FINITE),
    ("w[1,1,1] not finite", Condition(W, "not finite")),
    ("z[1,2]", Breakpoint(Quantity("z", (1, 2)))),
    ("z[1,2] of sample 3", Breakpoint(Quantity("z", (1, 2)), 3)),
    ("w[1,1,1]", Breakpoint(W)),
    ("backward", PhaseStart("backward")),
    (" update ", PhaseStart("update")),
]

BAD = [
    ("", "write a condition"),
    ("   ", "write a condition"),
    ("loss <", "a number is missing behind '<'"),
    ("< 0.01", "which quantity?"),
    ("abs < 0.01", "which quantity?"),
    ("|| < 0.01", "which quantity?"),
    ("loss < much", "'much' is no number"),
    ("loss < 1 < 2", "'1 < 2' is no number"),
    ("loss < nan", "'nan' is no finite number"),
    ("loss < 1e400", "'1e400' is no finite number"),
    ("loss ! 3", "'loss ! 3' is no quantity"),
    ("0.01 > loss", "'0.01' is no quantity"),
    ("lost < 0.01", "'lost' is no quantity"),
    ("w[1,1] < 0.01", "w has 3 indices, 2 found"),
    ("w[0,1,1] < 0.01", "whole numbers from 1"),
    ("loss not finite 3", "'3' stands behind 'not finite'"),
    ("z[1,2] of sample 0", "'0' is no sample"),
    ("z[1,2] of sample", "is no quantity"),
    ("sideways", "'sideways' is no quantity"),
    ("backward < 3", "'backward' is no quantity"),
]


@pytest.mark.parametrize(("text", "stop"), GOOD)
def test_a_stop_is_read_and_written(text: str, stop: Stop) -> None:
    assert parse_stop(text) == stop
    assert parse_stop(str(stop)) == stop


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_what_is_no_stop_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse_stop(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("w[3,1,1]", "the network has no w[3,1,1]"),
        ("z[1,9] < 0.5", "the network has no z[1,9]"),
        ("x[1] > 0", "no operation writes x[1]"),
        ("velocity[w[1,1,1]] > 0", "no operation writes velocity[w[1,1,1]]"),
        ("penalty > 0", "no operation writes penalty"),
        ("z[1,1] of sample 2", "no sample 2 is trained; samples are 1 to 1"),
    ],
)
def test_what_the_network_never_does_is_refused_and_stops_nothing(text: str, reason: str) -> None:
    stepper, stop = Stepper(open_session("seed-003")), parse_stop(text)
    with pytest.raises(ValueError, match=re.escape(reason)):
        check_stop(stop, stepper.frame.program)
    for _ in stepper.running(3, Stops([stop])):
        pass
    assert (stepper.stopped_by, stepper.cursor.iteration) == (None, 3)


def random_stop(rng: Random, stepper: Stepper) -> Stop:
    """A stop of some quantity, held against a number that it has or nearly has in one of the first iterations."""
    stepper.seek(rng.randint(1, 5))
    program = stepper.frame.program
    operation = stepper.frame.narrator.describe(rng.randrange(program.count))
    kind = rng.randrange(6)
    if kind == 0:
        return PhaseStart(rng.choice(("forward", "loss", "backward", "update")))
    if kind == 1:
        return Breakpoint(operation.quantity, rng.choice((None, operation.sample)))
    value = operation.value if isfinite(operation.value) else 0.0
    number = rng.choice((value, value + rng.uniform(-0.1, 0.1), 0.0))
    return Condition(operation.quantity, rng.choice(("<", "<=", ">", ">=", "=")), number, rng.random() < 0.3)


def alone(quantity: Quantity, stepper: Stepper) -> Quantity:
    """What a quantity of the batch is called where the batch is one sample and nothing is added."""
    if stepper.frame.trace.has_means:
        return quantity
    if quantity.parameter and quantity.kind == "grad":
        return parse(f"dL/d{quantity.parameter}")
    return LOSS if quantity.kind == "batch_loss" else quantity


def holds(stop: Stop, stepper: Stepper) -> bool:
    """Whether the stop holds where the stepper stands after one step."""
    operation, coming = stepper.operation, stepper.frame.next_operation
    match stop:
        case PhaseStart(phase):
            before = operation.phase if operation else None
            return coming is not None and coming.phase == phase and before != phase
        case Breakpoint(quantity, sample):
            if operation is None or operation.quantity != alone(quantity, stepper):
                return False
            return sample in (None, operation.sample)
        case Condition(quantity, comparator, number, is_absolute):
            if operation is None or quantity is None or operation.quantity != alone(quantity, stepper):
                return False
            value = abs(operation.value) if is_absolute else operation.value
            return {
                "<": value < number, "<=": value <= number, "=": value == number,
                ">": value > number, ">=": value >= number,
            }[comparator]  # fmt: skip


def by_walking(stepper: Stepper, stops: list[Stop], last: int) -> Cursor:
    """Operation by operation from the cursor to the first place where a stop holds, or to the end of an iteration. A
    condition that holds where the walk begins counts only once it has not held."""
    passed = {stop for stop in stops if isinstance(stop, Condition) and holds(stop, stepper)}
    while stepper.cursor != (last, stepper.frame.program.count, 0):
        stepper.next(Unit.OPERATION)
        if any(holds(stop, stepper) for stop in stops if stop not in passed):
            break
        passed = {stop for stop in passed if not is_asked(stop, stepper) or holds(stop, stepper)}
    return stepper.cursor


def is_asked(stop: Stop, stepper: Stepper) -> bool:
    """Whether the operation just done writes the quantity of a condition."""
    if not isinstance(stop, Condition) or stop.quantity is None or stepper.operation is None:
        return False
    return stepper.operation.quantity == alone(stop.quantity, stepper)


@pytest.mark.parametrize("seed", range(40))
def test_a_run_stops_at_the_first_place_that_a_walk_finds_at_every_pace(seed: int) -> None:
    """And goes on from there to the next one."""
    rng = Random(seed)
    session: SessionMapping = random_session(rng, layers=rng.randint(1, 2))
    walking, running, pacing, away = (Stepper(open_session(session)) for _ in range(4))
    stops = [random_stop(rng, walking) for _ in range(rng.randint(1, 3))]
    start = Cursor(rng.randint(1, 2), rng.randint(0, 3))
    unit = rng.choice([unit for unit in Unit if unit is not Unit.EPOCH])
    for stepper in (walking, running, pacing, away):
        stepper.seek(*start)
    for _ in range(3):
        together = Stops(stops)
        pacing.mind(together)
        last = running.after(Unit.ITERATION).iteration + 1
        expected = by_walking(walking, stops, last)
        for _ in running.running(2, Stops(stops)):
            pass
        assert running.cursor == expected, [*map(str, stops)]
        while not pacing.stopped_by and pacing.cursor != (last, pacing.frame.program.count, 0):
            for _ in pacing.advancing(pacing.after(unit), together):
                pass
        assert (pacing.cursor, pacing.stopped_by) == (expected, running.stopped_by)
        assert running.stopped_by is None or any(running.stopped_by == stop and holds(stop, running) for stop in stops)
        run_first_iteration(away, together := Stops(stops), last)
        run_elsewhere(away, last, rng, together)
        assert (away.cursor, away.stopped_by) == (expected, running.stopped_by)
        pacing.stopped_by = away.stopped_by = None


def run_first_iteration(stepper: Stepper, stops: Stops, last: int) -> None:
    """To the end of the iteration that comes, as a run begins that goes on elsewhere."""
    stepper.mind(stops)
    next(stepper.advancing(Cursor(last, stepper.program(last).count), stops))


def test_the_operation_shown_is_the_one_that_did_it() -> None:
    stepper = Stepper(open_session("seed-003"))
    for _ in stepper.running(10**6, Stops([parse_stop("loss < 0.01")])):
        pass
    assert stepper.operation is not None
    assert stepper.operation.quantity == parse("loss")
    assert stepper.operation.value < 0.01
    before = stepper.cursor.iteration
    assert (stepper.losses() >= 0.01).sum() == before - 1
    for _ in stepper.running(30, Stops([parse_stop("loss < 0.01")])):
        pass
    assert stepper.cursor.iteration == before + 29, "it goes on past a condition that holds still"
    stepper.seek(before - 2)
    for _ in stepper.running(30, Stops([parse_stop("loss < 0.01")])):
        pass
    assert stepper.cursor.iteration == before
    stepper.seek(before + 5)
    for _ in stepper.running(30, Stops([parse_stop("loss < 0.01")])):
        pass
    assert stepper.cursor.iteration == before + 5, "a run from elsewhere is stopped, for the condition holds"


def test_an_epoch_in_one_go_stops_on_the_way() -> None:
    session = random_session(Random(3), batch="one", layers=1)
    stepper = Stepper(open_session(session))
    for _ in stepper.advancing(stepper.after(Unit.EPOCH), Stops([parse_stop("w[1,1,1]"), parse_stop("loss")])):
        pass
    assert str(stepper.stopped_by) == "loss"
    assert stepper.cursor.iteration == 1


def test_stops_changed_on_the_way_count_at_once() -> None:
    stepper, stops = Stepper(open_session("seed-003")), Stops()
    for iteration in stepper.running(10, stops):
        if iteration == 4:
            stops.change([PhaseStart("backward")])
    assert stepper.frame.next_operation is not None
    assert (stepper.cursor.iteration, stepper.frame.next_operation.phase) == (5, "backward")


@pytest.mark.parametrize(
    ("typed", "first", "then"),
    [
        ("z[1,1] not finite", "not finite", "not finite"),  # the same place: what every run has goes first
        ("a[1,1] not finite", "not finite", "a[1,1] not finite"),  # beyond it a condition stops before the end does
        ("update", "not finite", "update"),
    ],
)
def test_stops_beside_what_is_not_finite(typed: str, first: str, then: str) -> None:
    """z = 10·1e308 is infinite, and so is a."""
    session = complete_session(
        1,
        [{"neurons": 1, "activation": "identity", "bias": "none"}],
        initial={"kind": "values", "weights": [[[1e308]]], "biases": [[]]},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.5},
        data={"kind": "values", "inputs": [[10.0]], "targets": [[0.0]]},
    )
    stepper, stops = Stepper(open_session(session)), Stops([parse_stop(typed)])
    for stopped_by in (first, then):
        for _ in stepper.running(10, stops):
            pass
        assert str(stepper.stopped_by) == stopped_by
    assert stepper.cursor.iteration == 1
