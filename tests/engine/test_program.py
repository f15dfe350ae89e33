"""Where operation k is, where units begin and end, and where next and previous lead, against the slow, explicit list
made from the text of the format of version 1."""

from collections.abc import Mapping
from itertools import groupby
from random import Random
from typing import Any

import pytest

from engine import Stepper, Unit, open_session
from engine.batches import rows_of
from engine.program import PHASES
from engine.quantities import parse
from tests.engine import reference
from tests.engine.networks import SessionMapping, complete_session, random_session
from tests.engine.textbook_order import Row, operations

Place = tuple[int, int, int]  # iteration, operation, factor

LEVELS = {
    Unit.NEURON: lambda row: (row.phase, row.sample, row.layer, row.part),
    Unit.LAYER: lambda row: (row.phase, row.sample, row.layer),
    Unit.SAMPLE: lambda row: (row.phase, row.sample),
    Unit.PHASE: lambda row: row.phase,
    Unit.ITERATION: lambda row: (),
}
"""What operations of one iteration agree in to stand in the same unit."""


def slow_spans(rows: list[Row], unit: Unit) -> list[tuple[int, int]]:
    """For each operation the first of its unit and the one after the last."""
    if unit in (Unit.FACTOR, Unit.OPERATION):
        return [(k, k + 1) for k in range(len(rows))]
    found: list[tuple[int, int]] = []
    for _, run in groupby(rows, key=LEVELS[unit]):
        start, length = len(found), len(list(run))
        found += [(start, start + length)] * length
    return found


class SlowWalk:
    """Where every move leads, looked up in lists over the first iterations of a session."""

    def __init__(self, session: Mapping[str, Any], iterations: int) -> None:
        self.rows = {t: operations(session, t) for t in range(1, iterations + 1)}
        self.spans = {(t, unit): slow_spans(rows, unit) for t, rows in self.rows.items() for unit in LEVELS}
        samples, seen, self.epochs = reference.samples(session), 0, {}
        for t in self.rows:
            self.epochs[t] = seen // samples + 1
            seen += len(reference.batch_rows(session, t))
        self.stops = [stop for t in self.rows for stop in self._stops(t)]

    def _stops(self, t: int) -> list[Place]:
        """Every place that FACTOR stops at in iteration t."""
        rows = self.rows[t]
        return [*((t, k, f) for k, row in enumerate(rows) for f in range(row.parts)), (t, len(rows), 0)]

    def next(self, place: Place, unit: Unit) -> Place:
        t, k, _ = place
        if unit is Unit.FACTOR:
            return self.stops[self.stops.index(place) + 1]
        if k == len(self.rows[t]):
            if unit is Unit.OPERATION:
                return t + 1, 0, 0
            t, k = t + 1, 0
        if unit is Unit.EPOCH:
            end = max(other for other, epoch in self.epochs.items() if epoch == self.epochs[t])
            return end, len(self.rows[end]), 0
        return t, k + 1 if unit is Unit.OPERATION else self.spans[t, unit][k][1], 0

    def previous(self, place: Place, unit: Unit) -> Place:
        t, k, factor = place
        if place == (1, 0, 0):
            return place
        if unit is Unit.FACTOR:
            return self.stops[self.stops.index(place) - 1]
        last = k if factor else k - 1
        if last < 0:
            if unit is Unit.OPERATION:
                return t - 1, len(self.rows[t - 1]), 0
            t, last = t - 1, len(self.rows[t - 1]) - 1
        if unit is Unit.EPOCH:
            return min(other for other, epoch in self.epochs.items() if epoch == self.epochs[t]), 0, 0
        return t, last if unit is Unit.OPERATION else self.spans[t, unit][last][0], 0


def check_program(session: SessionMapping) -> None:
    """Every operation of the first and of a smaller batch: what it is, what it writes, its units; and the writers."""
    stepper = Stepper(open_session(session))
    for t in {1, reference.batches(session)}:
        stepper.seek(t)
        program, expected = stepper.frame.program, operations(session, t)
        samples = [row + 1 for row in reference.batch_rows(session, t)]
        assert program.count == len(expected)
        for k, row in enumerate(expected):
            here = program.locate(k)
            sample = None if here.s is None else samples[here.s]
            quantity = program.quantity(here)
            found = (here.section.phase, sample, here.block.layer, here.kind, str(quantity))
            assert found == (row.phase, row.sample, row.layer, row.kind, row.quantity)
            assert program.writer(quantity, here.s) == k
            operation = stepper.frame.narrator.describe(k)
            assert (operation.iteration, operation.number, operation.sample) == (t, k + 1, row.sample)
            assert (operation.kind, operation.phase, operation.layer) == (row.kind, row.phase, row.layer)
        for unit in LEVELS:
            assert [program.span(k, unit) for k in range(program.count)] == slow_spans(expected, unit), unit
        with pytest.raises(IndexError):
            program.locate(program.count)
        with pytest.raises(IndexError):
            program.locate(-1)


@pytest.mark.parametrize("group", range(4))
def test_operations_of_random_networks(group: int) -> None:
    for seed in range(group, 120, 4):
        check_program(random_session(Random(seed)))


@pytest.mark.parametrize("seed", range(60))
def test_runs_are_contiguous(seed: int) -> None:
    """No unit stands in two places of an iteration: so "the unit that holds an operation" is a run."""
    rows = operations(random_session(Random(seed)), 1)
    for unit, key in LEVELS.items():
        starts = [key for key, _ in groupby(rows, key=key)]
        assert len(starts) == len(set(starts)), unit


def test_the_phases_stand_one_after_another() -> None:
    for seed in range(40):
        session = random_session(Random(seed))
        rows = operations(session, 1)
        phases = Stepper(open_session(session)).frame.program.phases()
        assert [phase for phase, _, _ in phases] == [phase for phase, _ in groupby(rows, key=LEVELS[Unit.PHASE])]
        assert {phase for phase, _, _ in phases} <= set(PHASES)
        assert [(start, stop) for _, start, stop in phases] == list(dict.fromkeys(slow_spans(rows, Unit.PHASE)))


def test_the_two_neuron_example_has_32_operations() -> None:
    """Document 003: 6 + 1 + 17 + 8, the counts that formats.md states."""
    program = Stepper(open_session("seed-003")).frame.program
    assert program.count == 32
    assert program.phases() == [("forward", 0, 6), ("loss", 6, 7), ("backward", 7, 24), ("update", 24, 32)]
    written = [str(program.quantity(program.locate(k))) for k in range(32)]
    assert written == [
        "z[1,1]", "a[1,1]", "z[1,2]", "a[1,2]", "z[2,1]", "a[2,1]", "loss",
        "dL/da[2,1]", "da/dz[2,1]", "dL/dz[2,1]", "dL/dw[2,1,1]", "dL/dw[2,1,2]", "dL/db[2]",
        "dL/da[1,1]", "da/dz[1,1]", "dL/dz[1,1]", "dL/da[1,2]", "da/dz[1,2]", "dL/dz[1,2]",
        "dL/dw[1,1,1]", "dL/dw[1,1,2]", "dL/dw[1,2,1]", "dL/dw[1,2,2]", "dL/db[1]",
        "w[1,1,1]", "w[1,1,2]", "w[1,2,1]", "w[1,2,2]", "b[1]", "w[2,1,1]", "w[2,1,2]", "b[2]",
    ]  # fmt: skip


def test_the_chains_of_the_two_neuron_example() -> None:
    """Five factors for w1, three for w5, and FACTOR walks through each of them."""
    stepper = Stepper(open_session("seed-003"))
    for number, parts in [(11, 3), (20, 5), (25, 2), (7, 1), (1, 3)]:
        stepper.seek(1, number - 1)
        places = []
        while stepper.cursor.operation < number:
            stepper.next(Unit.FACTOR)
            places.append(tuple(stepper.cursor))
        assert places == [*((1, number - 1, f) for f in range(1, parts)), (1, number, 0)]


def small_prelu(**fields: Any) -> SessionMapping:
    """1-2-1 neurons, the hidden ones with a trained slope and no bias; one sample."""
    layers = [
        {"neurons": 2, "activation": "prelu", "bias": "none"},
        {"neurons": 1, "activation": "identity", "bias": "per_neuron"},
    ]
    given = {
        "initial": {"kind": "values", "weights": [[[0.5], [-0.5]], [[1.0, 2.0]]], "biases": [[], [0.1]]},
        "loss": "half_squared_error",
        "optimizer": {"name": "momentum", "learning_rate": 0.1},
        "data": {"kind": "values", "inputs": [[1.0]], "targets": [[0.3]]},
    }
    return complete_session(1, layers, **given | fields)


FORWARD = ["z[1,1]", "a[1,1]", "z[1,2]", "a[1,2]", "z[2,1]", "a[2,1]", "loss"]
BACKWARD = [
    "dL/da[2,1]", "da/dz[2,1]", "dL/dz[2,1]", "dL/dw[2,1,1]", "dL/dw[2,1,2]", "dL/db[2,1]",
    "dL/da[1,1]", "da/dz[1,1]", "dL/dz[1,1]", "dL/da[1,2]", "da/dz[1,2]", "dL/dz[1,2]",
    "dL/dw[1,1,1]", "dL/dw[1,2,1]", "dL/dslope[1]",
]  # fmt: skip
ORDER = ["w[1,1,1]", "w[1,2,1]", "slope[1]", "w[2,1,1]", "w[2,1,2]", "b[2,1]"]
UPDATE = [quantity for name in ORDER for quantity in (f"velocity[{name}]", name)]
MEANS = [f"grad[{name}]" for name in ORDER]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [*FORWARD, *BACKWARD, *UPDATE]),
        (  # with a penalty one sample, too, has a batch loss and mean gradients
            {"penalty": {"l1": 0.1, "l2": 0.0}},
            [*FORWARD, "penalty", "batch_loss", *BACKWARD, *MEANS, *UPDATE],
        ),
        (  # what is frozen keeps its gradients and has no update
            {"penalty": {"l1": 0.0, "l2": 0.2}, "frozen": ["slope[1]", "w[2]"]},
            [*FORWARD, "penalty", "batch_loss", *BACKWARD, *MEANS, *UPDATE[:4], *UPDATE[-2:]],
        ),
    ],
)
def test_the_order_with_penalty_and_slope(fields: dict[str, Any], expected: list[str]) -> None:
    """Written out by hand from the text of the format."""
    program = Stepper(open_session(small_prelu(**fields))).frame.program
    assert [str(program.quantity(program.locate(k))) for k in range(program.count)] == expected
    check_program(small_prelu(**fields))


def quantities_never_written(session: SessionMapping) -> list[str]:
    """Names that no operation of this session writes."""
    inputs = [f"x[{i + 1}]" for i in range(session["network"]["inputs"])]
    layers = enumerate(session["network"]["layers"], 1)
    softmax = [f"da/dz[{l},{j + 1}]" for l, layer in layers if layer["activation"] == "softmax" for j in range(2)]
    penalty = [] if any(session["penalty"].values()) else ["penalty"]
    others = [slot for optimizer in reference.OPTIMIZERS.values() for slot in optimizer.slots]
    own = reference.OPTIMIZERS[session["optimizer"]["name"]].slots
    return [*inputs, "y[1]", *softmax, *penalty, *(f"{slot}[b[1,1]]" for slot in others if slot not in own)]


def test_what_is_not_written_has_no_writer() -> None:
    for seed in range(40):
        session = random_session(Random(seed), frozen=["w[1]"])
        program = Stepper(open_session(session)).frame.program
        frozen = ["w[1,1,1]", "first_moment[w[1,1,1]]", "second_moment_hat[w[1,1,1]]"]
        for name in [*quantities_never_written(session), *frozen]:
            assert program.writer(parse(name), 0) is None, name
            assert program.writer(parse(name), None) is None, name


def check_walk(session: SessionMapping, iterations: int) -> None:
    """next and previous by every unit from every cursor of the iterations but the last epoch's."""
    stepper, walk = Stepper(open_session(session)), SlowWalk(session, iterations)
    last_epoch = max(walk.epochs.values())
    assert last_epoch > 2
    for place in walk.stops:
        if walk.epochs[place[0]] >= last_epoch - 1:
            break
        for unit in Unit:
            stepper.seek(*place)
            stepper.next(unit)
            assert stepper.cursor == walk.next(place, unit), (place, unit)
            stepper.seek(*place)
            stepper.previous(unit)
            assert stepper.cursor == walk.previous(place, unit), (place, unit)
    assert place[0] > 1


WALKS: list[dict[str, Any]] = [
    {"batch": "smaller_last", "layers": 2, "optimizer": "adam", "bias": "shared"},
    {"batch": "smaller_last", "layers": 2, "output": "softmax", "loss": "cross_entropy", "optimizer": "momentum"},
    {"batch": "one", "layers": 3, "hidden": "softmax", "bias": "per_neuron", "optimizer": "gradient_descent"},
    {"batch": "all", "layers": 3, "bias": "none", "optimizer": "rmsprop"},
    {"batch": "one", "layers": 2, "hidden": "prelu", "output": "prelu", "penalty": "both", "optimizer": "nesterov"},
    {"batch": "smaller_last", "layers": 1, "output": "prelu", "penalty": "l1", "shuffle": True, "optimizer": "adamw"},
    {"batch": "one", "layers": 2, "hidden": "prelu", "penalty": "l2", "frozen": ["slope[1]"], "optimizer": "adagrad"},
]


@pytest.mark.parametrize("case", range(len(WALKS)))
def test_next_and_previous_by_every_unit(case: int) -> None:
    rng = Random(case)
    while True:
        session = random_session(rng, **WALKS[case])
        batches = reference.batches(session)
        if sum(len(operations(session, t)) for t in range(1, batches + 1)) <= 200:
            break
    check_walk(session, 3 * batches)


@pytest.mark.parametrize("seed", range(30))
def test_batches_and_epochs(seed: int) -> None:
    check_epochs(random_session(Random(seed)))


def check_epochs(session: SessionMapping) -> None:
    """The rows of each iteration, and epochs as passes over the data."""
    stepper, walk = Stepper(open_session(session)), SlowWalk(session, 12)
    for t in range(1, 13):
        stepper.seek(t)
        assert list(rows_of(stepper.session.spec, t)) == reference.batch_rows(session, t)
        assert stepper.frame.epoch == walk.epochs[t]
