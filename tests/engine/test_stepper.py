"""The step controller, sentence by sentence of the interface of version 1: values at the cursor, edits, Python."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import Stepper, Unit, open_session
from engine.cursor import Cursor
from engine.edits import DataEdit, LearningRateEdit, ParameterEdit
from engine.expressions import plain
from engine.quantities import parse
from engine.spec import OptimizerChoice
from tests.engine.checks import losses_of, state_of
from tests.engine.networks import SessionMapping, complete_session
from tests.engine.reference import is_frozen


def batch_session(**fields: Any) -> SessionMapping:
    """Three samples in batches of two, so that an epoch's second batch has one; 2-2-1, Adam."""
    layers = [
        {"neurons": 2, "activation": "tanh", "bias": "per_neuron"},
        {"neurons": 1, "activation": "identity", "bias": "shared"},
    ]
    given = {
        "initial": {
            "kind": "values",
            "weights": [[[0.1, -0.2], [0.3, 0.4]], [[0.5, -0.6]]],
            "biases": [[0.05, -0.1], [0.2]],
        },
        "loss": "half_squared_error",
        "optimizer": {"name": "adam", "learning_rate": 0.1},
        "data": {"kind": "values", "inputs": [[1.0, 2.0], [-1.0, 0.5], [0.3, -2.0]], "targets": [[1.0], [0.0], [2.0]]},
        "batch": {"size": 2, "shuffle": False},
    }
    return complete_session(2, layers, **given | fields)


def standing(iteration: int = 1, operation: int = 0, factor: int = 0, **fields: Any) -> Stepper:
    """A stepper on the batch session at a cursor."""
    stepper = Stepper(open_session(batch_session(**fields)))
    stepper.seek(iteration, operation, factor)
    return stepper


def number_of(stepper: Stepper, name: str, sample: int | None = None) -> int:
    """The number, from 1, of the operation that writes a quantity of a sample in this iteration."""
    frame = stepper.frame
    position = None if sample is None else frame.position(sample)
    k = frame.program.writer(parse(name), position)
    assert k is not None
    return k + 1


def everything(stepper: Stepper) -> tuple[Any, ...]:
    """All that a stepper holds and shows: session, values, losses."""
    return stepper.session, state_of(stepper, batch_session()), losses_of(stepper)


# Values at the cursor.


def test_what_is_not_yet_written_has_no_value() -> None:
    stepper = standing(3)  # its batch is that of iteration 1, so a stale value would look right
    for name in ("z[1,1]", "a[2,1]", "loss", "batch_loss", "dL/da[2,1]", "da/dz[1,1]", "dL/dz[1,2]"):
        assert stepper.value(name) is None, name
    for name in ("dL/dw[1,1,1]", "dL/db[1,2]", "dL/db[2]", "grad[w[2,1,1]]", "first_moment_hat[w[1,1,1]]"):
        assert stepper.value(name) is None, name


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("z[1,1]", 1),
        ("a[2,1]", 2),
        ("loss", 2),
        ("batch_loss", None),
        ("dL/da[1,2]", 1),
        ("da/dz[1,1]", 2),
        ("dL/dz[2,1]", 1),
        ("dL/dw[1,2,1]", 2),
        ("dL/db[2]", 2),
        ("grad[b[2]]", None),
        ("second_moment_hat[w[1,2,2]]", None),
    ],
)
def test_a_value_comes_with_its_operation(name: str, sample: int | None) -> None:
    stepper = standing(3)
    number = number_of(stepper, name, sample)
    stepper.seek(3, number - 1)
    assert stepper.value(name, sample=sample) is None
    stepper.next(Unit.OPERATION)
    assert stepper.value(name, sample=sample) is not None
    assert stepper.operation is not None
    assert stepper.value(name, sample=sample) == stepper.operation.value
    stepper.previous(Unit.OPERATION)
    assert stepper.value(name, sample=sample) is None


@pytest.mark.parametrize("name", ["w[1,2,1]", "b[1,2]", "b[2]", "first_moment[w[1,2,1]]", "second_moment[b[2]]"])
def test_parameters_and_slots_are_old_until_their_update(name: str) -> None:
    stepper = standing(2, 0)
    number, old = number_of(stepper, name), stepper.value(name)
    stepper.seek(3)
    new = stepper.value(name)
    assert None not in (old, new)
    assert old != new
    for operation, expected in [(number - 1, old), (number, new)]:
        stepper.seek(2, operation)
        assert stepper.value(name) == expected
    if name in stepper.parameters():
        assert stepper.parameters()[name] == new
        stepper.seek(2, number - 1)
        assert stepper.parameters()[name] == old


def test_slots_begin_at_0() -> None:
    stepper = standing()
    assert [stepper.value(f"{slot}[w[1,1,1]]") for slot in ("first_moment", "second_moment")] == [0.0, 0.0]


def test_the_chosen_sample_is_that_of_the_operation_last_done() -> None:
    stepper = standing()
    assert stepper.frame.sample == 1  # at the start the batch's first
    for name, sample in [("z[1,1]", 1), ("z[1,1]", 2), ("loss", 1), ("dL/dz[2,1]", 2)]:
        stepper.seek(1, number_of(stepper, name, sample))
        assert stepper.frame.sample == sample
    for name in ("batch_loss", "grad[w[1,1,1]]", "w[2,1,2]"):  # these have none: the last sample passed
        stepper.seek(1, number_of(stepper, name))
        assert stepper.frame.sample == 2
        assert stepper.value("z[1,1]") == stepper.value("z[1,1]", sample=2) != stepper.value("z[1,1]", sample=1)
    stepper.seek(2)
    assert stepper.frame.sample == 3


def test_a_sample_outside_the_batch_has_no_computed_values() -> None:
    stepper = standing(1)
    stepper.next(Unit.ITERATION)
    for name in ("z[1,1]", "loss", "dL/dw[1,1,1]"):
        assert stepper.value(name, sample=3) is None
        assert stepper.value(name, sample=2) is not None
    assert stepper.value("x[2]", sample=3) == -2.0
    assert stepper.value("y[1]", sample=3) == 2.0
    with pytest.raises(ValueError, match="no sample 4"):
        stepper.value("z[1,1]", sample=4)
    with pytest.raises(ValueError, match="no sample 0"):
        stepper.value("z[1,1]", sample=0)


def test_a_batch_of_one_answers_for_the_batch() -> None:
    """batch_loss and grad[..] have no operations of their own there."""
    stepper = standing(2)
    stepper.next(Unit.ITERATION)
    assert stepper.value("batch_loss") == stepper.value("loss", sample=3) == stepper.losses()[1]
    assert stepper.value("grad[w[1,2,1]]") == stepper.value("dL/dw[1,2,1]", sample=3)
    stepper.seek(2, number_of(stepper, "loss", 3) - 1)
    assert stepper.value("batch_loss") is None
    stepper.next(Unit.OPERATION)
    assert stepper.value("batch_loss") == stepper.value("loss")
    assert stepper.value("grad[w[1,2,1]]") is None


@pytest.mark.parametrize(
    "name",
    ["z[3,1]", "a[1,3]", "w[1,1,3]", "b[2,1]", "b[1]", "x[3]", "y[2]", "dL/dw[2,2,1]", "grad[b[2,1]]", "z[1]", "q", ""],
)
def test_what_the_network_does_not_have_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match=r"quantity|no |indices"):
        standing().value(name)


# Edits.


def test_an_edit_belongs_to_the_start_of_the_iteration_shown_and_the_cursor_stays() -> None:
    stepper = standing(2)
    number = number_of(stepper, "dL/dw[1,1,1]", 3)
    stepper.seek(2, number)
    stepper.edit("w[1,1,1]", 0.75)
    assert stepper.cursor == (2, number, 0)
    assert stepper.session.edits == (ParameterEdit(2, parse("w[1,1,1]"), 0.75),)
    assert stepper.value("w[1,1,1]") == 0.75
    start = Stepper(replace(stepper.session, cursor=Cursor(2)))
    assert start.value("w[1,1,1]") == 0.75
    others = {name: value for name, value in start.parameters().items() if name != "w[1,1,1]"}
    plain = standing(2).parameters()
    assert others == {name: plain[name] for name in others}


def test_the_iteration_is_computed_anew() -> None:
    """z[1,1] = w·x + w·x + b of sample 1 with the new weight, exactly: 1.0·2.0 in place of 0.1·1.0."""
    stepper = standing(1)
    stepper.seek(1, number_of(stepper, "z[1,1]", 1))
    assert stepper.value("z[1,1]") == pytest.approx(0.1 * 1.0 - 0.2 * 2.0 + 0.05, rel=1e-15)
    stepper.edit("w[1,1,1]", 2.0)
    assert stepper.value("z[1,1]") == pytest.approx(2.0 * 1.0 - 0.2 * 2.0 + 0.05, rel=1e-15)


def test_an_edit_after_the_update_still_belongs_to_the_start() -> None:
    """The finished iteration is computed anew from the edited value; the parameter shown is the new one."""
    stepper = standing(1)
    stepper.next(Unit.ITERATION)
    stepper.edit("w[1,1,1]", 0.75)
    done, direct = stepper.parameters(), standing()
    direct.edit("w[1,1,1]", 0.75)
    direct.next(Unit.ITERATION)
    assert done == direct.parameters()
    assert done["w[1,1,1]"] != 0.75
    stepper.seek(1)
    assert stepper.value("w[1,1,1]") == 0.75


def test_of_next_edits_the_next_iteration_and_moves_to_its_start() -> None:
    stepper = standing(2)
    stepper.next(Unit.ITERATION)
    before = stepper.parameters()
    stepper.edit("w[1,1,1]", 0.75, of_next=True)
    assert stepper.cursor == (3, 0, 0)
    assert stepper.session.edits == (ParameterEdit(3, parse("w[1,1,1]"), 0.75),)
    assert stepper.parameters() == before | {"w[1,1,1]": 0.75}
    stepper.undo()
    assert stepper.cursor.iteration == 2
    assert stepper.parameters() == before


def test_an_edit_keeps_slots_and_t() -> None:
    """By hand from Adam's algorithm: after the edit of iteration 3, m = 0.9 m + 0.1 g, divided by 1 - 0.9^3."""
    stepper = standing(3)
    slots = {name: stepper.value(name) for name in ("first_moment[w[1,1,1]]", "second_moment[w[1,1,1]]")}
    stepper.edit("w[1,1,1]", 0.75)
    assert {name: stepper.value(name) for name in slots} == slots
    m, v = slots.values()
    assert m is not None
    assert v is not None
    stepper.next(Unit.ITERATION)
    g = stepper.value("grad[w[1,1,1]]")
    assert g is not None
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    m_hat, v_hat = m / (1 - 0.9**3), v / (1 - 0.999**3)
    assert stepper.value("w[1,1,1]") == pytest.approx(0.75 - 0.1 * m_hat / (v_hat**0.5 + 1e-8), rel=1e-12)


def test_t_counts_iterations_not_layers_or_steps() -> None:
    """Adam's corrections of both layers in iteration 2 divide by 1 - 0.9² and 1 - 0.999², however one came there."""
    stepper = standing(2)
    stepper.previous(Unit.PHASE)
    for _ in range(5):
        stepper.next(Unit.LAYER)
        stepper.previous(Unit.NEURON)
    stepper.seek(2)
    stepper.next(Unit.ITERATION)
    for name in stepper.parameters():
        for slot, beta in [("first_moment", 0.9), ("second_moment", 0.999)]:
            raw, corrected = stepper.value(f"{slot}[{name}]"), stepper.value(f"{slot}_hat[{name}]")
            assert raw is not None
            assert corrected == pytest.approx(raw / (1 - beta**2), rel=1e-12)


def test_moments_of_parameters_of_equal_shape_are_apart() -> None:
    """After one iteration m is 0.1 g of its own parameter: 2-2-2 with two equal layers, not keyed by shape."""
    layers = [{"neurons": 2, "activation": "tanh", "bias": "per_neuron"} for _ in range(2)]
    weights = [[[0.1, -0.2], [0.3, 0.4]], [[0.5, -0.6], [0.7, 0.8]]]
    session = batch_session(
        network={"inputs": 2, "layers": layers},
        initial={"kind": "values", "weights": weights, "biases": [[0.1, 0.2], [0.3, 0.4]]},
        data={"kind": "values", "inputs": [[1.0, 2.0]], "targets": [[1.0, -1.0]]},
        batch={"size": "all", "shuffle": False},
    )
    stepper = Stepper(open_session(session))
    stepper.next(Unit.ITERATION)
    for name in stepper.parameters():
        gradient = stepper.value(f"grad[{name}]")
        assert gradient
        assert stepper.value(f"first_moment[{name}]") == pytest.approx(0.1 * gradient, rel=1e-12)


def test_a_parameter_is_set_once_and_a_rate_holds_from_there_on() -> None:
    stepper = standing(2)
    stepper.edit("learning_rate", 0.025)
    stepper.edit("w[1,1,1]", 0.75)
    rates = {}
    for t in (1, 2, 3, 5):
        stepper.seek(t)
        rates[t] = stepper.frame.learning_rate
    assert rates == {1: 0.1, 2: 0.025, 3: 0.025, 5: 0.025}
    stepper.seek(3)
    assert stepper.value("w[1,1,1]") != 0.75


@pytest.mark.parametrize(("name", "sample", "old"), [("y[1]", 2, 0.0), ("x[2]", 3, -2.0)])
def test_data_hold_from_their_iteration_on_and_earlier_ones_keep_the_old(name: str, sample: int, old: float) -> None:
    stepper, untouched = standing(3), standing(5)
    stepper.edit(name, 1.5, sample=sample)
    assert stepper.session.edits == (DataEdit(3, sample, parse(name), 1.5),)
    for t, expected in [(1, old), (2, old), (3, 1.5), (4, 1.5), (6, 1.5)]:
        stepper.seek(t)
        assert stepper.value(name, sample=sample) == expected
    stepper.seek(5)
    assert losses_of(stepper)[:2] == losses_of(untouched)[:2]
    assert losses_of(stepper)[2:4] != losses_of(untouched)[2:4]


def test_an_edited_target_is_what_the_loss_reads() -> None:
    """Half of (ŷ - y)², where ŷ is untouched by y."""
    stepper = standing(1)
    stepper.next(Unit.ITERATION)
    prediction = stepper.value("a[2,1]", sample=2)
    stepper.edit("y[1]", -3.0, sample=2)
    assert prediction is not None
    assert stepper.value("a[2,1]", sample=2) == prediction
    assert stepper.value("loss", sample=2) == pytest.approx((prediction + 3) ** 2 / 2, rel=1e-15)


def test_the_sample_edited_by_default_is_the_one_shown() -> None:
    stepper = standing(1)
    stepper.seek(1, number_of(stepper, "z[1,1]", 2))
    stepper.edit("y[1]", 7.0)
    assert stepper.session.edits == (DataEdit(1, 2, parse("y[1]"), 7.0),)


def test_a_second_edit_of_the_same_quantity_and_iteration_replaces_the_first() -> None:
    stepper = standing(2)
    for value in (0.75, 0.5):
        stepper.edit("w[1,1,1]", value)
        stepper.edit("learning_rate", value)
        stepper.edit("x[1]", value, sample=3)
    stepper.edit("x[1]", 9.0, sample=1)
    w, x = parse("w[1,1,1]"), parse("x[1]")
    wanted = {ParameterEdit(2, w, 0.5), LearningRateEdit(2, 0.5), DataEdit(2, 3, x, 0.5), DataEdit(2, 1, x, 9.0)}
    assert set(stepper.session.edits) == wanted
    assert len(stepper.session.edits) == 4
    assert stepper.value("w[1,1,1]") == 0.5


def test_edits_at_later_iterations_stay_in_force() -> None:
    stepper = standing(4)
    stepper.edit("w[1,1,1]", 0.75)
    stepper.edit("y[1]", 5.0, sample=3)
    stepper.seek(2)
    stepper.edit("w[1,1,1]", -0.5)
    stepper.edit("y[1]", 4.0, sample=3)
    assert [edit.iteration for edit in stepper.session.edits] == [2, 2, 4, 4]
    stepper.seek(4)
    assert stepper.value("w[1,1,1]") == 0.75
    assert [value_at(stepper, t, "y[1]", 3) for t in (1, 2, 3, 4)] == [2.0, 4.0, 4.0, 5.0]


def value_at(stepper: Stepper, iteration: int, name: str, sample: int) -> float | None:
    stepper.seek(iteration)
    return stepper.value(name, sample=sample)


@pytest.mark.parametrize(
    ("name", "value", "sample"),
    [
        ("z[1,1]", 1.0, None),
        ("w[1,1,3]", 1.0, None),
        ("b[1]", 1.0, None),
        ("y[2]", 1.0, 1),
        ("y[1]", 1.0, 4),
        ("y[1]", 1.0, 0),
        ("x[1]", float("nan"), 1),
        ("w[1,1,1]", float("inf"), None),
        ("learning_rate", 0.0, None),
        ("learning_rate", -0.1, None),
        ("nothing", 1.0, None),
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(name: str, value: float, sample: int | None) -> None:
    stepper = standing(2, 3)
    before = everything(stepper)
    with pytest.raises(ValueError, match=r"."):
        stepper.edit(name, value, sample=sample)
    assert everything(stepper) == before
    assert stepper.to_undo is None


def test_an_edit_to_minus_zero_is_taken() -> None:
    """0.0 and -0.0 are equal in Python and yet two values: the session says -0.0, so the parameter is -0.0."""
    stepper = standing(2)
    stepper.edit("w[1,1,1]", 0.0)
    stepper.edit("w[1,1,1]", -0.0)
    shown = stepper.value("w[1,1,1]")
    assert shown is not None
    assert shown.hex() == "-0x0.0p+0"
    stepper.undo()
    shown = stepper.value("w[1,1,1]")
    assert shown is not None
    assert shown.hex() == "0x0.0p+0"


# Undo and redo.

CHANGES: list[Callable[[Stepper], None]] = [
    lambda s: s.edit("w[2,1,1]", 0.9),
    lambda s: s.edit("y[1]", 0.9, sample=3),
    lambda s: s.edit("learning_rate", 0.9),
    lambda s: s.edit("b[2]", 0.9, of_next=True),
    lambda s: s.change(replace(s.session.spec, seed=5)),
    lambda s: s.change(replace(s.session.spec, optimizer=OptimizerChoice("gradient_descent", 0.2))),
]


@pytest.mark.parametrize("change", range(len(CHANGES)))
def test_undo_restores_what_was_just_before_and_redo_what_was_just_after(change: int) -> None:
    stepper = standing(4, 16, 1)
    stepper.edit("w[1,1,1]", 0.3)
    before = everything(stepper)
    CHANGES[change](stepper)
    after = everything(stepper) if change < 4 else stepper.session
    stepper.run(3)
    stepper.seek(2, 5)  # moves are not on the undo stack
    stepper.undo()
    assert everything(stepper) == before
    assert stepper.cursor == (4, 16, 1)
    stepper.run(2)
    stepper.redo()
    assert (everything(stepper) if change < 4 else stepper.session) == after


def test_undo_keeps_the_optimizers_slots() -> None:
    """An undo that forgets them would leave m at 0, and the next iteration elsewhere."""
    stepper, untouched = standing(3), standing(3)
    stepper.edit("w[1,1,1]", 0.9)
    stepper.next(Unit.ITERATION)
    stepper.undo()
    assert stepper.value("first_moment[w[2,1,1]]") == untouched.value("first_moment[w[2,1,1]]") != 0.0
    for one in (stepper, untouched):
        one.run(3)
    assert everything(stepper) == everything(untouched)


def test_a_new_edit_clears_redo_and_the_ends_of_the_stack_do_nothing() -> None:
    stepper = standing(2)
    stepper.undo()
    stepper.redo()
    assert stepper.cursor == (2, 0, 0)
    stepper.edit("w[1,1,1]", 0.5)
    stepper.edit("w[1,1,1]", 0.6)
    stepper.undo()
    assert stepper.value("w[1,1,1]") == 0.5
    assert None not in (stepper.to_undo, stepper.to_redo)
    stepper.edit("b[2]", 0.7)
    assert stepper.to_redo is None
    stepper.redo()
    assert (stepper.value("w[1,1,1]"), stepper.value("b[2]")) == (0.5, 0.7)
    for _ in range(5):
        stepper.undo()
    assert stepper.session == standing(2).session
    for _ in range(5):
        stepper.redo()
    assert (stepper.value("w[1,1,1]"), stepper.value("b[2]")) == (0.5, 0.7)


# Another spec.


def test_a_change_of_the_spec_begins_a_new_run_and_folds_the_edits_of_iteration_1() -> None:
    stepper = standing(1)
    stepper.edit("w[1,2,1]", 0.9)
    stepper.edit("b[1,2]", 0.8)
    stepper.edit("b[2]", 0.7)
    stepper.edit("x[2]", 0.6, sample=3)
    stepper.edit("y[1]", 0.5, sample=2)
    stepper.edit("learning_rate", 0.4)
    stepper.seek(3, 4)
    stepper.edit("w[2,1,1]", 0.3)
    stepper.edit("b[2]", 0.3)
    stepper.edit("x[1]", 0.3, sample=1)
    stepper.edit("learning_rate", 0.3)
    stepper.change(replace(stepper.session.spec, seed=1))
    spec = stepper.session.spec
    assert stepper.cursor == (1, 0, 0)
    assert stepper.session.edits == ()
    assert spec.initial_values.weights == (((0.1, -0.2), (0.9, 0.4)), ((0.5, -0.6),))
    assert spec.initial_values.biases == ((0.05, 0.8), (0.7,))
    assert spec.data.inputs == ((1.0, 2.0), (-1.0, 0.5), (0.3, 0.6))
    assert spec.data.targets == ((1.0,), (0.5,), (2.0,))
    assert (spec.optimizer.learning_rate, spec.seed) == (0.4, 1)
    assert stepper.losses().tolist() == []
    assert stepper.value("w[1,2,1]") == 0.9


@pytest.mark.parametrize(
    ("edited", "expected"), [(None, 0.5), ("w[1,1,1]", 0.5), ("b[2]", 0.5), ("slope[1]", 0.75)]
)
def test_a_new_constant_is_what_a_slope_begins_with(edited: str | None, expected: float) -> None:
    """Unless the slope itself was given: an edit of something else does not fix it."""
    layers = [{"neurons": 2, "activation": "prelu"}, {"neurons": 1, "activation": "tanh", "bias": "shared"}]
    network = {"inputs": 2, "layers": layers}
    stepper = Stepper(open_session(batch_session(network=network)))
    if edited:
        stepper.edit(edited, 0.75)
    spec = stepper.session.spec
    layer = spec.network.layers[0]._replace(constants={"slope": 0.5})
    stepper.change(replace(spec, network=replace(spec.network, layers=(layer, spec.network.layers[1]))))
    assert stepper.parameters()["slope[1]"] == expected
    if edited:
        assert stepper.parameters()[edited] == 0.75


def test_a_constant_counts_however_often_it_is_changed() -> None:
    """Where the session gives the slope of another layer only."""
    layers = [{"neurons": 2, "activation": "prelu"}, {"neurons": 1, "activation": "prelu", "bias": "shared"}]
    initial = batch_session()["initial"] | {"slopes": [0.3, None]}
    stepper = Stepper(open_session(batch_session(network={"inputs": 2, "layers": layers}, initial=initial)))
    for constant in (0.5, 0.125):
        spec = stepper.session.spec
        output = spec.network.layers[1]._replace(constants={"slope": constant})
        stepper.change(replace(spec, network=replace(spec.network, layers=(spec.network.layers[0], output))))
        parameters = stepper.parameters()
        assert (parameters["slope[1]"], parameters["slope[2]"]) == (0.3, constant)


def test_initial_values_are_kept_where_shapes_fit() -> None:
    """From 2-2-1 to 2-2-2: the first layer keeps its values, its edits of iteration 1 among them."""
    stepper = standing(1)
    stepper.edit("w[1,2,1]", 0.9)
    spec = stepper.session.spec
    output = spec.network.layers[1]._replace(neurons=2)
    network = replace(spec.network, layers=(spec.network.layers[0], output))
    initial = spec.initial_values._replace(weights=(spec.initial_values.weights[0], ((1.0, 2.0), (3.0, 4.0))))
    data = spec.data._replace(targets=((1.0, 0.0),) * 3)
    stepper.change(replace(spec, network=network, initial=initial, data=data))
    found = stepper.session.spec.initial_values
    assert found.weights == (((0.1, -0.2), (0.9, 0.4)), ((1.0, 2.0), (3.0, 4.0)))
    assert found.biases == ((0.05, -0.1), (0.2,))
    stepper.undo()
    assert stepper.value("w[1,2,1]") == 0.9
    assert stepper.session.spec == spec


def test_a_return_stands_where_the_other_session_stood_and_is_one_change() -> None:
    stepper = standing(6, 3)
    stepper.edit("w[2,1,1]", 0.9)
    stepper.run(2)
    left = everything(stepper)
    stepper.seek(2)
    stepper.change(replace(stepper.session.spec, optimizer=OptimizerChoice("momentum", 0.3)))
    stepper.run(3)
    before = everything(stepper)
    stepper.return_to(replace(left[0], title="another", notation="layered"))
    assert everything(stepper) == left
    assert stepper.session.title == before[0].title != "another"
    stepper.undo()
    assert everything(stepper) == before
    stepper.redo()
    assert everything(stepper) == left


def test_notation_is_no_change_of_the_run() -> None:
    stepper = standing(3, 5)
    before = everything(stepper)[1:]
    stepper.show_in("layered")
    assert stepper.session.notation == "layered"
    assert everything(stepper)[1:] == before
    assert stepper.to_undo is None
    assert stepper.cursor == (3, 5, 0)


# Python interface.


@pytest.mark.parametrize(
    "place", [(1, 10_000, 0), (0, 0, 0), (-1, 0, 0), (2, -1, 0), (1, 0, -1), (1, 0, 3), (1, 1, 1)]
)
def test_seek_beyond_an_iterations_operations_is_an_error(place: tuple[int, int, int]) -> None:
    """z[1,1] has three terms, so parts 0 to 2 of operation 1; a[1,1] is applied, so it has no part 1."""
    stepper = standing(2, 3)
    before = everything(stepper)
    with pytest.raises(ValueError, match=r"iteration|operation|parts"):
        stepper.seek(*place)
    assert everything(stepper) == before
    count = stepper.frame.program.count
    stepper.seek(2, count)
    with pytest.raises(ValueError, match="operations"):
        stepper.seek(2, count, 1)
    stepper.seek(1, 0, 2)
    assert stepper.cursor == (1, 0, 2)


def test_the_last_smaller_batch_has_fewer_operations() -> None:
    stepper = standing(1)
    counts = [stepper.frame_of(t).program.count for t in (1, 2, 3)]
    assert counts[0] == counts[2] > counts[1]
    with pytest.raises(ValueError, match="operations"):
        stepper.seek(2, counts[0])


def test_a_session_whose_cursor_lies_beyond_is_refused() -> None:
    session = open_session(batch_session())
    with pytest.raises(ValueError, match="operations"):
        Stepper(replace(session, cursor=Cursor(2, 9999)))


def test_the_operation_is_the_one_last_done() -> None:
    stepper = standing(1)
    assert stepper.operation is None
    assert stepper.frame.operation is None
    stepper.next(Unit.FACTOR)
    assert stepper.cursor == (1, 0, 1)
    assert stepper.operation is None
    assert stepper.frame.operation is not None
    assert stepper.frame.operation.number == 1
    stepper.next(Unit.OPERATION)
    stepper.next(Unit.OPERATION)
    assert stepper.operation is not None
    assert (stepper.operation.number, str(stepper.operation.quantity), stepper.operation.sample) == (2, "a[1,1]", 1)
    stepper.next(Unit.FACTOR)
    assert stepper.cursor == (1, 2, 1)
    assert stepper.operation is not None
    assert stepper.operation.number == 2
    assert stepper.frame.operation is not None
    assert stepper.frame.operation.number == 3
    stepper.previous(Unit.OPERATION)
    assert stepper.cursor == (1, 2, 0)


def test_parameters_stand_in_parameter_order() -> None:
    assert list(standing().parameters().items()) == [
        ("w[1,1,1]", 0.1), ("w[1,1,2]", -0.2), ("w[1,2,1]", 0.3), ("w[1,2,2]", 0.4), ("b[1,1]", 0.05), ("b[1,2]", -0.1),
        ("w[2,1,1]", 0.5), ("w[2,1,2]", -0.6), ("b[2]", 0.2),
    ]  # fmt: skip


@pytest.mark.parametrize("iterations", [1, 2, 7])
@pytest.mark.parametrize("start", [(1, 0, 0), (1, 6, 1), (3, 20, 0)])
def test_run_is_next_iteration_so_many_times(start: tuple[int, int, int], iterations: int) -> None:
    running, stepping = standing(*start), standing(*start)
    running.run(iterations)
    for _ in range(iterations):
        stepping.next(Unit.ITERATION)
    assert everything(running) == everything(stepping)
    assert running.cursor.iteration == start[0] + iterations - 1


def test_a_run_stops_where_a_value_is_not_finite_and_steps_back() -> None:
    """A first layer that is linear and a rate of 1e200: from iteration 2 on the weights of both layers are some 1e200,
    and z of the second is their product."""
    session = batch_session(optimizer={"name": "gradient_descent", "learning_rate": 1e200})
    session["network"]["layers"][0]["activation"] = "identity"
    stepper = Stepper(open_session(session))
    stepper.run(10)
    assert stepper.cursor.iteration == 2
    assert stepper.operation is not None
    assert (str(stepper.operation.quantity), stepper.operation.value) == ("z[2,1]", np.inf)
    assert [bool(finite) for finite in np.isfinite(stepper.losses())] == [True]
    stepper.previous(Unit.ITERATION)
    stepper.previous(Unit.ITERATION)
    assert stepper.cursor == (1, 0, 0)
    assert stepper.parameters() == standing().parameters()


@pytest.mark.parametrize("bias", ["shared", "per_neuron"])
@pytest.mark.parametrize("rate", [1e120, 1e200, 1e308])
def test_a_diverged_iteration_is_walked_like_any_other(bias: str, rate: float) -> None:
    """Every operation of the iterations around the first that is not finite has its texts; nothing warns."""
    layers = [{"neurons": n, "activation": "identity", "bias": bias} for n in (2, 2)]
    biases = [[0.1], [0.2]] if bias == "shared" else [[0.1, 0.2], [0.3, 0.4]]
    session = batch_session(
        network={"inputs": 2, "layers": layers},
        initial={"kind": "values", "weights": [[[0.1, -0.2], [0.3, 0.4]], [[0.5, -0.6], [0.7, 0.8]]], "biases": biases},
        data={"kind": "values", "inputs": [[1.0, 2.0], [0.0, 0.5]], "targets": [[1.0, 0.0], [0.0, 1.0]]},
        optimizer={"name": "gradient_descent", "learning_rate": rate},
    )
    stepper = Stepper(open_session(session))
    stepper.run(20)
    diverged = stepper.cursor.iteration
    assert diverged < 20
    assert stepper.operation is not None
    assert not np.isfinite(stepper.operation.value)
    stepper.seek(max(diverged - 1, 1))
    while stepper.cursor.iteration < diverged + 1:
        stepper.next(Unit.OPERATION)
        operation = stepper.operation
        if operation:
            assert plain(operation.formula)
            assert plain(operation.substitution)
            assert stepper.frame.chain is None or plain(stepper.frame.chain.numbers)


def test_losses_reach_to_the_furthest_computed() -> None:
    stepper = standing(1)
    assert len(stepper.losses()) == 0
    stepper.seek(1, number_of(stepper, "batch_loss") - 1)
    assert len(stepper.losses()) == 0
    stepper.next(Unit.OPERATION)
    assert stepper.losses().tolist() == [stepper.value("batch_loss")]
    stepper.run(6)
    assert len(stepper.losses()) == 6
    stepper.seek(2)
    assert len(stepper.losses()) == 6
    with pytest.raises(ValueError, match="read-only"):
        stepper.losses()[0] = 0.0


def test_losses_beyond_the_cursor_are_cache() -> None:
    """Opening, edit, undo and redo keep those up to the cursor."""
    stepper = standing(8)
    stepper.seek(5)
    assert len(stepper.losses()) == 7
    assert len(Stepper(stepper.session).losses()) == 4
    kept = losses_of(stepper)[:4]
    stepper.edit("w[1,1,1]", 0.5)
    assert losses_of(stepper) == kept
    stepper.run(3)
    after_edit = losses_of(stepper)
    assert len(after_edit) == 7
    stepper.undo()
    assert losses_of(stepper) == kept
    stepper.run(1)
    assert len(stepper.losses()) == 5
    stepper.redo()
    assert losses_of(stepper) == kept
    stepper.run(3)
    assert losses_of(stepper) == after_edit


def test_losses_handed_out_do_not_change_afterwards() -> None:
    stepper = standing(6)
    losses = stepper.losses()
    before = [float(loss).hex() for loss in losses]
    stepper.seek(2)
    stepper.edit("w[1,1,1]", 5.0)
    stepper.run(8)
    assert [float(loss).hex() for loss in losses] == before


@pytest.mark.parametrize("place", [(1, 0, 0), (1, 5, 0), (2, 2, 1), (4, 40, 0), (9, 0, 0)])
def test_a_new_stepper_on_the_session_stands_exactly_there(place: tuple[int, int, int]) -> None:
    stepper = standing(2)
    stepper.edit("w[1,1,1]", 0.5)
    stepper.edit("x[1]", -0.5, sample=3)
    stepper.seek(*place)
    other = Stepper(stepper.session)
    assert other.cursor == place
    assert other.session == stepper.session
    assert state_of(other, batch_session()) == state_of(stepper, batch_session())


def test_a_frame_does_not_change_when_the_stepper_moves() -> None:
    stepper = standing(2, 9)
    frame = stepper.frame
    before = {name: frame.value(parse(name)) for name in ("w[1,1,1]", "z[1,1]", "a[2,1]", "batch_loss")}
    stepper.edit("w[1,1,1]", 5.0)
    stepper.run(20)
    assert {name: frame.value(parse(name)) for name in before} == before
    assert frame.cursor == (2, 9, 0)


@pytest.mark.parametrize("frozen", [["w[1,1,1]"], ["w[1]", "b[1]"], ["b[2]"], ["b[1]"]])
def test_what_is_frozen_has_gradients_but_no_updates(frozen: list[str]) -> None:
    session = batch_session(frozen=frozen)
    stepper = Stepper(open_session(session))
    start = stepper.parameters()
    stepper.run(4)
    for name, value in stepper.parameters().items():
        assert stepper.value(f"grad[{name}]")
        assert (value == start[name]) == is_frozen(session, name), name
        assert (stepper.value(f"first_moment[{name}]") == 0.0) == is_frozen(session, name)
        assert (stepper.value(f"second_moment_hat[{name}]") is None) == is_frozen(session, name)


def test_the_vector_of_parameters_is_their_values_at_every_operation_of_the_update() -> None:
    """With a shared bias, a trained slope, frozen parameters at both ends and three stages a parameter."""
    session = batch_session(optimizer={"name": "adam", "learning_rate": 0.1}, frozen=["w[1,1,1]", "w[1,2,1]", "b[2]"])
    session["network"]["layers"][0] |= {"activation": "prelu", "bias": "shared"}
    session["initial"]["biases"][0] = [0.05]
    stepper = Stepper(open_session(session))
    places = stepper.frame.trace.parameters
    start = next(start for phase, start, _ in stepper.frame.program.phases() if phase == "update")
    for operation in range(start - 1, stepper.frame.program.count + 1):
        stepper.seek(1, operation)
        frame = stepper.frame
        for name in places.names():
            assert set(frame.parameter_vector[places.copies(name)].tolist()) == {frame.value(name)}
