"""However one comes to a cursor, what stands there is the same to the last bit: against a fresh replay of the session,
and against a plain loop that applies the edits as it goes."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Stepper, Unit, open_session
from engine.cursor import Cursor
from engine.optimizers import OPTIMIZERS
from engine.spec import Spec
from engine.timeline import Checkpoints
from tests.engine import reference
from tests.engine.checks import losses_of, state_of, test_losses_of
from tests.engine.plain_loop import Plain, bits, tight_stepper
from tests.engine.textbook_order import operations
from tests.engine.travels import NETS, check_far_seeks, check_travels


def test_the_nets_differ_in_everything() -> None:
    sessions = [net() for net in NETS.values()]
    assert {session["optimizer"]["name"] for session in sessions} == set(OPTIMIZERS)
    assert {session["batch"]["shuffle"] for session in sessions} == {True, False}
    assert len({tuple(rate > 0 for rate in session["penalty"].values()) for session in sessions}) == 4
    assert any(name.startswith("slope") for session in sessions for name in reference.names(session))
    assert any("test_fraction" in session["data"] for session in sessions)


@pytest.mark.parametrize("name", NETS)
def test_travels(name: str) -> None:
    check_travels(name, examples=34, steps=50)


@pytest.mark.parametrize("name", NETS)
def test_running_is_stepping(name: str) -> None:
    """The plain loop, run, and every unit: the same bits after the same iterations."""
    session, iterations = NETS[name](), 6
    expected = [computed.arrays for computed in Plain(session).run([], iterations)]
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


@pytest.mark.parametrize("is_elsewhere", [False, True])
@pytest.mark.parametrize("states", [2, 4, 10])
def test_far_seeks_with_few_checkpoints(states: int, is_elsewhere: bool) -> None:
    check_far_seeks(NETS["adam, smaller last batch"](), states, 200, is_elsewhere)


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


@pytest.mark.parametrize("name", NETS)
def test_new_settings_stand_at_the_start_from_the_first_slice_on(name: str) -> None:
    """The cursor of the run that was left may not even exist in the new one, and a long way may lead there."""
    stepper = Stepper(open_session(NETS[name]()))
    stepper.run(9)
    moves = stepper.changing(replace(stepper.session.spec, batch_size=1, seed=9))
    next(moves, None)
    assert stepper.cursor == Cursor()
    assert len(stepper.losses()) == 0


def test_traces_are_read_only() -> None:
    trace = Stepper(open_session(NETS["adam, softmax"]())).frame.trace
    spec: Spec = trace.spec
    arrays = [trace.X(), trace.Y(), trace.losses, trace.new_state(), trace.flat("old", "parameter")]
    for l in range(1, spec.network.last + 1):
        arrays += [trace.Z(l), trace.A(l), trace.dA(l), trace.D(l), trace.dZ(l)]
    assert not any(array.flags.writeable for array in arrays)
