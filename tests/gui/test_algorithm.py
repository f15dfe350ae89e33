"""The algorithm: one line lit at every operation, in the order of the textbook, and the step that belongs to it."""

from itertools import groupby, pairwise
from random import Random
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from engine import Stepper, open_session
from gui.panels.algorithm import Algorithm, AlgorithmModel, rows_of
from gui.text import algorithm
from gui.theme import DARK, LIGHT, palette_of
from tests.engine.networks import complete_session, random_session
from tests.gui.conftest import OpenWindow, Source, softmax_session
from tests.gui.recording import drawn_by

SET, LOOP, FORWARD, LOSS, DELTA, GRADIENTS, DELTAS, THEIRS, MEAN, UPDATE = range(10)
LINE_OF_KIND = {
    "pre_activation": (FORWARD, FORWARD), "activation": (FORWARD, FORWARD), "sample_loss": (LOSS, LOSS),
    "batch_loss": (LOSS, LOSS), "loss_derivative": (DELTA, DELTA), "activation_gradient": (DELTAS, DELTAS),
    "activation_derivative": (DELTA, DELTAS), "delta": (DELTA, DELTAS), "weight_gradient": (GRADIENTS, THEIRS),
    "bias_gradient": (GRADIENTS, THEIRS), "mean_gradient": (MEAN, MEAN), "parameter_update": (UPDATE, UPDATE),
    "first_moment": (UPDATE, UPDATE), "second_moment": (UPDATE, UPDATE), "first_moment_hat": (UPDATE, UPDATE),
    "second_moment_hat": (UPDATE, UPDATE),
}  # fmt: skip
"""What each kind of operation is in a textbook's loop: in the last layer, in a hidden one."""


def adam_session() -> dict[str, Any]:
    """2-3-2, a batch of three, Adam."""
    layers = [{"neurons": 3, "activation": "tanh", "bias": "per_neuron"},
              {"neurons": 2, "activation": "sigmoid", "bias": "per_neuron"}]  # fmt: skip
    weights = [[[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]], [[0.7, -0.8, 0.9], [0.2, 0.1, -0.3]]]
    return complete_session(
        2,
        layers,
        initial={"kind": "values", "weights": weights, "biases": [[0.1, 0.2, 0.3], [0.0, -0.1]]},
        loss="half_squared_error",
        optimizer={"name": "adam", "learning_rate": 0.01},
        data={"kind": "values", "inputs": [[1.0, 0.5], [-0.5, 0.2], [0.3, -1.0]], "targets": [[1.0, 0.0]] * 3},
    )


def single_layer() -> dict[str, Any]:
    """Two inputs, one output, one sample."""
    return complete_session(
        2,
        [{"neurons": 1, "activation": "sigmoid", "bias": "per_neuron"}],
        initial={"kind": "values", "weights": [[[0.1, -0.2]]], "biases": [[0.1]]},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.01},
        data={"kind": "values", "inputs": [[1.0, 0.5]], "targets": [[1.0]]},
    )


def lines_lit(source: Source, iteration: int = 1) -> list[tuple[str, int]]:
    """Phase and line of every operation; each has exactly one, and exactly one step."""
    stepper, found = Stepper(open_session(source)), []
    last = stepper.session.spec.network.last
    for k in range(1, stepper.frame_of(iteration).program.count + 1):
        stepper.seek(iteration, k)
        rows, operation = rows_of(stepper.frame), stepper.frame.operation
        assert operation is not None
        lit = [place for place, row in enumerate(rows[:10]) if row.is_current]
        assert lit == [LINE_OF_KIND[operation.kind][operation.layer != last]], (k, operation.kind)
        assert rows[lit[0]].is_in_use
        assert sum(row.is_current for row in rows[10:]) == 1
        found.append((operation.phase, lit[0]))
    return found


@pytest.mark.parametrize("source", ["seed-003", adam_session(), softmax_session()], ids=["003", "adam", "softmax"])
def test_every_operation_lights_one_line_and_phases_follow_one_another(source: Source) -> None:
    lit = lines_lit(source)
    assert [phase for phase, _ in groupby(lit, key=lambda pair: pair[0])] == ["forward", "loss", "backward", "update"]
    for phase, first in (("forward", FORWARD), ("loss", LOSS), ("backward", DELTA), ("update", UPDATE)):
        assert next(line for at, line in lit if at == phase) == first


def test_a_phase_goes_through_its_lines_in_order_for_each_sample() -> None:
    once = [DELTA, GRADIENTS, DELTAS, THEIRS]
    assert turns("seed-003", "backward") == once
    assert turns(adam_session(), "backward") == [*once * 3, MEAN]
    assert turns(adam_session(), "update") == [UPDATE]


def turns(source: Source, phase: str) -> list[int]:
    return [line for line, _ in groupby(line for at, line in lines_lit(source) if at == phase)]


@pytest.mark.parametrize(
    ("source", "unused"),
    [("seed-003", {MEAN}), (adam_session(), set()), (single_layer(), {DELTAS, THEIRS, MEAN})],
    ids=["003", "adam", "single"],
)
def test_lines_that_do_not_apply_are_dimmed(source: Source, unused: set[int]) -> None:
    rows = rows_of(Stepper(open_session(source)).frame)
    assert {place for place, row in enumerate(rows) if not row.is_in_use} == unused


def test_the_mean_is_dimmed_where_the_last_batch_has_one_sample() -> None:
    stepper = Stepper(open_session(softmax_session()))
    assert rows_of(stepper.frame_of(1))[MEAN].is_in_use
    assert not rows_of(stepper.frame_of(2))[MEAN].is_in_use


def test_the_start_and_the_loop_are_lines_too() -> None:
    stepper = Stepper(open_session("seed-003"))
    assert current(stepper) == [SET, 11]
    stepper.seek(2)
    assert current(stepper) == [LOOP, 11]


def current(stepper: Stepper) -> list[int]:
    return [place for place, row in enumerate(rows_of(stepper.frame)) if row.is_current]


STEPS_OF_003 = "2323 4 4 5 1 2 2 3 3 3 444444 44444 5 5 5 5 5 5 5 5".replace(" ", "")
"""Document 002's numbers for the 32 operations of document 003: 4 repeats 2 and 3 in the layers after the first."""


def test_steps_have_the_numbers_of_document_002() -> None:
    """Forward 1 to 5 with the loss as 5, backward 1 to 5 with the update as 5."""
    stepper, found = Stepper(open_session("seed-003")), ""
    for k in range(1, 33):
        stepper.seek(1, k)
        name, step = algorithm.steps_at_work(stepper.frame)
        assert name == ("Forward propagation" if k <= 7 else "Backward propagation")
        found += str(step)
    assert found == STEPS_OF_003


def test_a_line_that_is_lit_is_said(application: QApplication) -> None:
    model, stepper = AlgorithmModel(), Stepper(open_session("seed-003"))
    stepper.seek(1, 1)
    model.show_frame(stepper.frame)
    said = [str(model.data(model.index(row))) for row in range(model.rowCount())]
    assert [line for line in said if line.startswith("Now: ")] == [
        "Now: Forward, by layer z = Wa + b,  a = f(z)",
        "Now: 2. Multiply inputs by weights, add them, add the bias.",
    ]
    assert said[MEAN].endswith("(nothing to do here in this iteration)")


def test_the_panel_opens_from_the_view_menu_and_paints_its_lines(
    open_window: OpenWindow, application: QApplication
) -> None:
    window = open_window("seed-003")
    dock = next(dock for dock in window.docks if dock.objectName() == "algorithm")
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    panel = window.panels["algorithm"]
    assert isinstance(panel, Algorithm)
    assert panel.isVisible()
    assert panel.accessibleName() == "Algorithm"
    window.controller.seek(1, 8)
    for _ in range(2):
        drawn = {item.text for item in drawn_by(panel.viewport())}
        assert {line.words for line in algorithm.ALGORITHM} <= drawn
        assert "Backward propagation" in drawn
        application.setPalette(palette_of(DARK))


def test_no_session_has_an_operation_without_line_and_step() -> None:
    """Lines in use are exactly those that some operation lights, beside the start and the loop."""
    for seed in range(25):
        stepper, lit = Stepper(open_session(random_session(Random(seed)))), {SET, LOOP}
        for k in range(1, stepper.frame.program.count + 1):
            stepper.seek(1, k)
            rows = rows_of(stepper.frame)
            assert sum(row.is_current for row in rows[10:]) == 1
            lit |= {place for place, row in enumerate(rows[:10]) if row.is_current}
        assert lit == {place for place, row in enumerate(rows[:10]) if row.is_in_use}, seed


def test_the_line_lit_is_the_one_painted_on_the_accents_tint(open_window: OpenWindow) -> None:
    window = open_window("seed-003", 1280, 800)
    next(dock for dock in window.docks if dock.objectName() == "algorithm").toggleViewAction().trigger()
    panel = window.panels["algorithm"]
    assert isinstance(panel, Algorithm)
    model = panel.model()
    for k in range(33):
        window.controller.seek(1, k)
        image = panel.viewport().grab().toImage()
        lit = []
        for row in range(model.rowCount()):
            place = panel.visualRect(model.index(row, 0))
            if image.pixelColor(place.left() + 1, place.center().y()).name().upper() == LIGHT.accent:
                lit.append(row)
        assert lit == [place for place, row in enumerate(rows_of(window.controller.frame)) if row.is_current], k


def test_sentences_wrap_at_once_in_another_width(open_window: OpenWindow) -> None:
    """No row covers the next one, whatever the width."""
    window = open_window("seed-003", 1280, 800)
    next(dock for dock in window.docks if dock.objectName() == "algorithm").toggleViewAction().trigger()
    panel = window.panels["algorithm"]
    assert isinstance(panel, Algorithm)
    for width in (376, 250, 500):
        panel.resize(width, 500)
        QApplication.processEvents()
        rects = [panel.visualRect(panel.model().index(row, 0)) for row in range(panel.model().rowCount())]
        assert all(above.bottom() < below.top() for above, below in pairwise(rects)), width
        drawn = drawn_by(panel.viewport())
        assert all(item.x + item.width <= panel.viewport().width() for item in drawn if item.text.endswith("."))


def formulas(source: Source) -> list[str]:
    frame = Stepper(open_session(source)).frame
    return [algorithm.spoken_formula(algorithm.formula_of(line, frame)) for line in range(len(algorithm.ALGORITHM))]


def test_the_formulas_have_a_bias_and_a_penalty_only_where_there_is_one() -> None:
    without = single_layer()
    without["network"]["layers"][0]["bias"], without["initial"]["biases"] = "none", [[]]
    assert formulas(single_layer())[FORWARD].startswith("z = Wa + b,")
    assert formulas(without)[FORWARD].startswith("z = Wa,")
    assert formulas(single_layer())[GRADIENTS].endswith("dL/db = δ")
    assert "b" not in formulas(without)[GRADIENTS] + formulas(without)[THEIRS]
    penalized = adam_session() | {"penalty": {"l1": 0.0, "l2": 0.1}}
    assert formulas(penalized)[MEAN] == formulas(adam_session())[MEAN] + " + dR/dW"


def test_a_hidden_softmax_has_deltas_by_its_jacobian() -> None:
    hidden = adam_session()
    assert formulas(hidden)[DELTAS].endswith("⊙ f′(z_l)")
    hidden["network"]["layers"][0]["activation"] = "softmax"
    assert formulas(hidden)[DELTAS].startswith("δ_l = (da/dz)^T ")
    assert "⊙" not in formulas(hidden)[DELTAS]
