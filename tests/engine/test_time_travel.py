"""However one comes to a cursor, what stands there is the same to the last bit: against a fresh replay of the session,
and against a plain loop that applies the edits as it goes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine import Stepper, Unit, open_session
from engine.activations import Array
from engine.cursor import Cursor
from engine.edits import DataEdit, Edit, LearningRateEdit, ParameterEdit
from engine.iteration import Iteration, initial_state
from engine.optimizers import OPTIMIZERS
from engine.parameters import Parameters
from engine.quantities import parse
from engine.spec import Spec
from engine.timeline import Checkpoints
from engine.trace import Trace
from tests.engine import reference
from tests.engine.checks import losses_of, state_of, test_losses_of
from tests.engine.networks import SessionMapping, random_session
from tests.engine.textbook_order import operations

FURTHEST = 45  # moves that would lead further are left out
NETS: dict[str, Callable[[], SessionMapping]] = {
    "gradient descent, all samples": lambda: small(3, optimizer="gradient_descent", batch="all"),
    "adam, one sample": lambda: small(4, optimizer="adam", batch="one", layers=2),
    "adam, smaller last batch": lambda: small(5, optimizer="adam", batch="smaller_last", hidden="tanh", bias="shared"),
    "adam, softmax": lambda: small(6, optimizer="adam", batch="smaller_last", loss="cross_entropy", layers=2),
    "momentum, shuffled, l1": lambda: small(7, optimizer="momentum", penalty="l1", **SHUFFLED, layers=2),
    "nesterov, slopes, l2": lambda: small(8, optimizer="nesterov", penalty="l2", batch="one", **SLOPES),
    "adagrad, shuffled, slopes": lambda: small(9, optimizer="adagrad", penalty="none", **SHUFFLED, **SLOPES),
    "rmsprop, all samples": lambda: small(10, optimizer="rmsprop", batch="all", penalty="both", held_back=2, layers=2),
    "adamw, shuffled, slopes, both": lambda: small(11, optimizer="adamw", penalty="both", **SHUFFLED, **SLOPES),
}
SHUFFLED: dict[str, Any] = {"batch": "smaller_last", "shuffle": True, "held_back": 2}
SLOPES: dict[str, Any] = {"hidden": "prelu", "layers": 2, "loss": "huber"}
BUDGETS = {name: (8, 2, 4)[place % 3] for place, name in enumerate(NETS)}
"""How many states the checkpoints may hold."""


def small(seed: int, **fixed: Any) -> SessionMapping:
    """A random session with at most 120 operations an iteration."""
    rng = Random(seed)
    while len(operations(session := random_session(rng, **fixed), 1)) > 120:
        pass
    return session


def tight_stepper(session: SessionMapping, states: int) -> Stepper:
    """A stepper whose checkpoints hold so many states, so that they are halved soon."""
    opened = open_session(session)
    return Stepper(opened, budget=states * initial_state(opened.spec, Parameters(opened.spec.network)).nbytes)


def plain_traces(session: SessionMapping, edits: list[Edit]) -> Iterator[Trace]:
    """The traces of iterations 1, 2, ... of a plain run."""
    return (trace for trace, _ in plain_run(session, edits))


def plain_run(session: SessionMapping, edits: list[Edit]) -> Iterator[tuple[Trace, str]]:
    """Trace and test loss, by hex, of iterations 1, 2, ...: fresh buffers each time, edits set when their iteration
    begins."""
    spec = open_session(session).spec
    parameters = Parameters(spec.network)
    inputs, targets = (np.array(rows, float).T.copy() for rows in (spec.data.inputs, spec.data.targets))
    state, rate, t = initial_state(spec, parameters), spec.optimizer.learning_rate, 0
    while True:
        t += 1
        for edit in edits:
            if edit.iteration != t:
                continue
            match edit:
                case ParameterEdit(_, quantity, value):
                    state[parameters.copies(quantity)] = value
                case DataEdit(_, sample, quantity, value):
                    data = inputs if quantity.kind == "x" else targets
                    data[quantity.indices[0] - 1, sample - 1] = value
                case LearningRateEdit(_, value):
                    rate = value
        rows = reference.batch_rows(session, t)
        iteration = Iteration(spec, parameters, len(rows))
        iteration.old[...], iteration.inputs[...], iteration.targets[...] = state, inputs[:, rows], targets[:, rows]
        iteration.run(t, rate)
        held_back = range(reference.samples(session), inputs.shape[1])
        test_loss = "nan"
        if held_back:
            test = Iteration(spec, parameters, len(held_back))
            test.old[...], test.inputs[...], test.targets[...] = state, inputs[:, held_back], targets[:, held_back]
            test_loss = test.mean_loss().hex()
        yield iteration.trace(t, rows, rate), test_loss
        state = iteration.new.copy()


def bits(trace: Trace) -> list[bytes]:
    """Every array of a trace, byte by byte."""
    spec = trace.spec
    names = ("parameter", *OPTIMIZERS[spec.optimizer.name].slots)
    arrays: list[Array] = [trace.X(), trace.Y(), trace.losses, np.array([trace.batch_loss, trace.penalty])]
    arrays += [trace.flat(which, name) for which in ("old", "new") for name in names]
    for l in range(1, spec.network.last + 1):
        arrays += [trace.Z(l), trace.A(l), trace.dA(l), trace.D(l), trace.dZ(l)]
    arrays += [np.array([trace.new("gradient", name) for name in trace.parameters.names()])]
    return [np.ascontiguousarray(array).tobytes() for array in arrays]


def assert_as_if_replayed(stepper: Stepper, session: SessionMapping, edits: list[Edit]) -> None:
    """All that stands at the cursor, against a fresh stepper of the same session and against the plain loop."""
    fresh = Stepper(stepper.session)
    assert fresh.cursor == stepper.cursor
    assert state_of(stepper, session) == state_of(fresh, session)
    losses = losses_of(stepper)
    assert losses[: len(fresh.losses())] == losses_of(fresh)
    tests = test_losses_of(stepper)
    assert len(tests) == (len(losses) if session["data"].get("test_fraction") else 0)
    assert tests[: len(fresh.losses())] == test_losses_of(fresh)
    expected, expected_tests = [], []
    for trace, test_loss in plain_run(session, edits):
        expected.append(float(trace.batch_loss).hex())
        expected_tests.append(test_loss)
        if trace.iteration == stepper.cursor.iteration:
            assert bits(stepper.frame.trace) == bits(trace)
        if trace.iteration >= max(stepper.cursor.iteration, len(losses)):
            break
    assert losses == expected[: len(losses)]
    assert tests == expected_tests[: len(tests)]


Placed = tuple[list[Edit], tuple[int, int, int]]  # edits and cursor


class Travels(RuleBasedStateMachine):
    """A user who moves, edits, undoes and redoes; the model beside it keeps edits, stacks and cursor in plain lists."""

    session: SessionMapping
    states: int

    def __init__(self) -> None:
        super().__init__()
        self.stepper = tight_stepper(self.session, self.states)
        self.edits: list[Edit] = []
        self.undone: list[tuple[Placed, Placed]] = []
        self.done: list[tuple[Placed, Placed]] = []
        self.furthest = 0
        self.counts = [len(operations(self.session, t)) for t in range(1, FURTHEST + 20)]

    @property
    def cursor(self) -> Cursor:
        return self.stepper.cursor

    def passed(self) -> int:
        """Iterations whose batch loss is computed at or before the cursor."""
        t, k, _ = self.cursor
        rows = operations(self.session, t)
        last_loss = max(number for number, row in enumerate(rows, 1) if row.phase == "loss")
        return t if k >= last_loss else t - 1

    def moved(self) -> None:
        self.furthest = max(self.furthest, self.passed())

    @precondition(lambda self: self.cursor.iteration < FURTHEST)
    @rule(unit=st.sampled_from(Unit), times=st.integers(1, 4))
    def go_on(self, unit: Unit, times: int) -> None:
        for _ in range(times):
            self.stepper.next(unit)
        self.moved()

    @rule(unit=st.sampled_from(Unit), times=st.integers(1, 4))
    def go_back(self, unit: Unit, times: int) -> None:
        for _ in range(times):
            self.stepper.previous(unit)

    @rule(t=st.integers(1, FURTHEST), share=st.floats(0, 1))
    def seek(self, t: int, share: float) -> None:
        self.stepper.seek(t, round(share * self.counts[t - 1]))
        self.moved()

    @precondition(lambda self: self.cursor.iteration < FURTHEST)
    @rule(iterations=st.integers(1, 9))
    def run(self, iterations: int) -> None:
        self.stepper.run(iterations)
        self.moved()

    @precondition(lambda self: self.cursor.iteration < FURTHEST - 12)
    @rule(taken=st.integers(0, 5))
    def begin_a_long_seek_and_stop(self, taken: int) -> None:
        """What the window does when the user cancels: the cursor stays, unless all was done in fewer slices."""
        before, goal = self.cursor, Cursor(self.cursor.iteration + 12)
        moves = self.stepper.seeking(goal)
        finished = taken > 0 and any(next(moves, None) is None for _ in range(taken))
        del moves
        assert self.cursor == (goal if finished else before)
        self.moved()

    @rule(share=st.floats(0, 1, exclude_max=True), value=st.floats(-1, 1), of_next=st.booleans())
    def edit_a_parameter(self, share: float, value: float, of_next: bool) -> None:
        names = reference.names(self.session)
        name = parse(names[int(share * len(names))])
        self._edit(lambda t: ParameterEdit(t, name, value), str(name), value, None, of_next)

    @rule(kind=st.sampled_from("xy"), share=st.floats(0, 1, exclude_max=True), value=st.sampled_from([0.0, 0.5, 1.0]))
    def edit_data(self, kind: str, share: float, value: float) -> None:
        rows = self.session["data"]["inputs"]
        sample, name = 1 + int(share * len(rows)), parse(f"{kind}[1]")
        self._edit(lambda t: DataEdit(t, sample, name, value), str(name), value, sample, False)

    @rule(value=st.floats(0.001, 0.5))
    def edit_the_learning_rate(self, value: float) -> None:
        self._edit(lambda t: LearningRateEdit(t, value), "learning_rate", value, None, False)

    def _edit(
        self, made: Callable[[int], Edit], name: str, value: float, sample: int | None, of_next: bool
    ) -> None:
        before: Placed = (self.edits, tuple(self.cursor))  # type: ignore[assignment]
        place = (self.cursor.iteration + 1, 0, 0) if of_next else tuple(self.cursor)
        self.stepper.edit(name, value, sample=sample, of_next=of_next)
        edit = made(place[0])
        others = [other for other in self.edits if target(other) != target(edit)]
        self.edits = [*others, edit]
        assert self.cursor == place
        self.done.append((before, (self.edits, place)))
        self.undone.clear()
        self.furthest = self.passed()

    @rule()
    def undo(self) -> None:
        self.stepper.undo()
        if self.done:
            self.undone.append(self.done.pop())
            self._stands_at(self.undone[-1][0])

    @rule()
    def redo(self) -> None:
        self.stepper.redo()
        if self.undone:
            self.done.append(self.undone.pop())
            self._stands_at(self.done[-1][1])

    def _stands_at(self, placed: Placed) -> None:
        self.edits, place = placed
        assert self.cursor == place
        self.furthest = self.passed()

    @invariant()
    def the_state_is_that_of_a_replay(self) -> None:
        assert sorted(self.stepper.session.edits, key=repr) == sorted(self.edits, key=repr)
        assert len(self.stepper.losses()) == self.furthest
        assert (self.stepper.to_undo is not None) == bool(self.done)
        assert (self.stepper.to_redo is not None) == bool(self.undone)
        assert_as_if_replayed(self.stepper, self.session, self.edits)


def target(edit: Edit) -> tuple[object, ...]:
    """What an edit sets, and when."""
    return edit.iteration, getattr(edit, "quantity", "learning_rate"), getattr(edit, "sample", None)


def check_travels(name: str, examples: int, steps: int) -> None:
    """Some journeys through one of NETS."""
    machine = type("TravelsOfANet", (Travels,), {"session": NETS[name](), "states": BUDGETS[name]})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # a failure is shown at once: making it smaller takes minutes
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_the_nets_differ_in_everything() -> None:
    sessions = [net() for net in NETS.values()]
    assert {session["optimizer"]["name"] for session in sessions} == set(OPTIMIZERS)
    assert {session["batch"]["shuffle"] for session in sessions} == {True, False}
    assert len({tuple(rate > 0 for rate in session["penalty"].values()) for session in sessions}) == 4
    assert any(name.startswith("slope") for session in sessions for name in reference.names(session))
    assert any("test_fraction" in session["data"] for session in sessions)


@pytest.mark.parametrize("name", NETS)
def test_travels(name: str) -> None:
    check_travels(name, examples=4, steps=25)


@pytest.mark.parametrize("name", NETS)
def test_running_is_stepping(name: str) -> None:
    """The plain loop, run, and every unit: the same bits after the same iterations."""
    session, iterations = NETS[name](), 6
    expected = [bits(trace) for trace, _ in zip(plain_traces(session, []), range(iterations), strict=False)]
    run = tight_stepper(session, 2)
    for t in range(iterations):
        run.run(1)
        assert bits(run.frame.trace) == expected[t]
    for unit in (Unit.OPERATION, Unit.NEURON, Unit.LAYER, Unit.SAMPLE, Unit.PHASE, Unit.ITERATION):
        stepper, found = tight_stepper(session, 2), {}
        while stepper.cursor != run.cursor:
            stepper.next(unit)
            if stepper.frame.next_operation is None:
                found[stepper.cursor.iteration] = bits(stepper.frame.trace)
        assert list(found.values()) == expected
        assert state_of(stepper, session) == state_of(run, session)
        assert losses_of(stepper) == losses_of(run)
        assert test_losses_of(stepper) == test_losses_of(run)


@pytest.mark.parametrize("name", NETS)
def test_the_way_back_shows_what_the_way_there_showed(name: str) -> None:
    session = NETS[name]()
    stepper = tight_stepper(session, 2)
    places = [stepper.cursor]
    seen = {stepper.cursor: state_of(stepper, session)}
    while stepper.cursor.iteration < 4:
        stepper.next(Unit.LAYER)
        places.append(stepper.cursor)
        seen[stepper.cursor] = state_of(stepper, session)
    stepper.run(20)
    stepper.seek(*places[-1])
    back = [stepper.cursor]
    while stepper.cursor != Cursor():
        stepper.previous(Unit.LAYER)
        back.append(stepper.cursor)
        if stepper.cursor in seen:
            assert state_of(stepper, session) == seen[stepper.cursor]
    finished = {place for place in places if place.operation == len(operations(session, place.iteration))}
    assert set(places) - finished <= set(back)


@pytest.mark.parametrize("states", [2, 4, 10])
def test_far_seeks_with_few_checkpoints(states: int) -> None:
    check_far_seeks(NETS["adam, smaller last batch"](), states, iterations=200)


def check_far_seeks(session: SessionMapping, states: int, iterations: int) -> None:
    """Some of the iterations in any order; then again with an edit in the middle, unknown to earlier ones."""
    expected = [bits(trace) for trace, _ in zip(plain_traces(session, []), range(iterations), strict=False)]
    stepper = tight_stepper(session, states)
    stepper.run(iterations)
    for t in Random(states).sample(range(1, iterations + 1), min(iterations, 60)):
        stepper.seek(t, 3)
        assert bits(stepper.frame.trace) == expected[t - 1]
    middle = iterations // 2
    stepper.seek(middle)
    name = reference.names(session)[0]
    stepper.edit(name, 0.25)
    edits: list[Edit] = [ParameterEdit(middle, parse(name), 0.25)]
    again = [bits(trace) for trace, _ in zip(plain_traces(session, edits), range(iterations), strict=False)]
    for t in (iterations, middle - 1, middle + 1, middle, 1, iterations - 1):
        stepper.seek(t)
        assert bits(stepper.frame.trace) == again[t - 1]
    assert again[: middle - 1] == expected[: middle - 1]
    assert again[middle - 1] != expected[middle - 1]


@pytest.mark.parametrize("states", [2, 3, 4, 7, 16])
@pytest.mark.parametrize("iterations", [1, 2, 3, 15, 16, 17, 500])
def test_checkpoints_stay_within_their_budget(states: int, iterations: int) -> None:
    """Every state kept is that of its own iteration, and a replay from it takes at most two strides."""
    checkpoints = Checkpoints(np.full(3, 1.0), budget=states * 24)
    for t in range(2, iterations + 1):
        checkpoints.keep(t, np.full(3, float(t)))
    kept = set()
    for t in range(1, iterations + 1):
        start, state = checkpoints.before(t)
        assert start <= t
        assert t - start < 2 * checkpoints.stride
        assert state.tolist() == [float(start)] * 3
        kept.add(start)
    assert len(kept) <= states
    assert len(kept) >= min(iterations, states) // 2
    forget = (iterations + 1) // 2
    checkpoints.forget_after(forget)
    assert checkpoints.before(iterations)[0] <= forget
    assert checkpoints.before(forget)[0] in kept


def test_a_session_is_a_value() -> None:
    """A session kept from before stands where it stood, whatever was done since."""
    session = NETS["adam, one sample"]()
    stepper = Stepper(open_session(session))
    stepper.run(3)
    kept, state = stepper.session, state_of(stepper, session)
    name = reference.names(session)[-1]
    stepper.edit(name, 0.5)
    stepper.run(5)
    stepper.change(replace(stepper.session.spec, seed=9))
    assert kept.edits == ()
    assert state_of(Stepper(kept), session) == state


def test_traces_are_read_only() -> None:
    trace = Stepper(open_session(NETS["adam, softmax"]())).frame.trace
    spec: Spec = trace.spec
    arrays = [trace.X(), trace.Y(), trace.losses, trace.new_state(), trace.flat("old", "parameter")]
    for l in range(1, spec.network.last + 1):
        arrays += [trace.Z(l), trace.A(l), trace.dA(l), trace.D(l), trace.dZ(l)]
    assert not any(array.flags.writeable for array in arrays)
