"""Numbers on the canvas: the digits asked for where there is room, fewer where there is not, and never a label lost
that has room."""

from itertools import pairwise
from random import Random

import pytest

from gui.main_window import MainWindow
from tests.engine.networks import complete_session, random_initial
from tests.gui.conftest import OpenWindow
from tests.gui.recording import drawn_by

ROUNDED = {2: "0.19", 5: "0.18682", 9: "0.186815602", 17: "0.18681560180895948"}
"""dŷ/dz of document 003, 0.18681560180895948, by hand."""


def words_on(window: MainWindow) -> list[str]:
    return [item.text for item in drawn_by(window.canvas)]


@pytest.mark.parametrize("digits", ROUNDED)
def test_what_was_written_has_the_digits_asked_for(open_window: OpenWindow, digits: int) -> None:
    window = open_window()
    window.show_digits(digits)
    window.controller.seek(1, 9)
    assert ROUNDED[digits] in words_on(window)


def test_a_capsule_writes_as_many_digits_as_it_has_room_for(open_window: OpenWindow) -> None:
    """The z of document 003's output is 1.10590596705977; half a capsule holds some six figures."""
    window = open_window()
    window.controller.seek(1, 9)
    for digits, expected in ((2, {"1.1"}), (3, {"1.11"}), (17, {f"{1.10590596705977:.{n}g}" for n in (5, 6, 7)})):
        window.show_digits(digits)
        assert expected & set(words_on(window))


@pytest.mark.parametrize(("operation", "weight"), [(10, "0.4"), (11, "0.45"), (20, "0.15"), (23, "0.3")])
def test_a_weight_keeps_its_number_where_its_gradient_stands(
    open_window: OpenWindow, operation: int, weight: str
) -> None:
    """The gradients of w5, w6, w1 and w4 of document 003 in a window of 1280 x 800."""
    window = open_window()
    window.resize(1280, 800)
    window.controller.seek(1, operation)
    assert weight in words_on(window)


@pytest.mark.parametrize("size", [(1280, 800), (1280, 760), (1440, 900)])
def test_a_weight_keeps_its_number_beside_its_term(open_window: OpenWindow, size: tuple[int, int]) -> None:
    """The first sums of document 003: w1 is 0.15, w2 0.2, w3 0.25, w4 0.3, w5 0.4 and w6 0.45."""
    window = open_window()
    window.resize(*size)
    for operation, weights in ((1, ("0.15", "0.2")), (3, ("0.25", "0.3")), (5, ("0.4", "0.45"))):
        window.controller.seek(1, operation)
        assert set(weights) <= set(words_on(window)), operation


def test_a_badge_with_a_new_weight_says_it_alone(open_window: OpenWindow) -> None:
    """w4 of document 003 becomes 0.29925."""
    window = open_window()
    window.controller.seek(1, 28)
    assert words_on(window).count("0.29925") == 1


@pytest.mark.parametrize(("hidden", "has_details"), [(1, True), (2, True), (5, False), (7, False)])
def test_the_heads_of_columns_do_not_meet(open_window: OpenWindow, hidden: int, has_details: bool) -> None:
    """Of many narrow columns the names stand alone."""
    layers = [{"neurons": 1, "activation": "sigmoid", "bias": "per_neuron"} for _ in range(hidden + 1)]
    data = {"kind": "values", "inputs": [[0.5]], "targets": [[1.0]]}
    window = open_window(complete_session(
        1, layers, initial=random_initial(Random(1), 1, layers), loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1}, data=data,
    ), 1280, 800)  # fmt: skip
    words = ("Inputs", "Hidden", "Output", "Loss", "sigmoid")
    heads = sorted((item for item in drawn_by(window.canvas) if item.text.startswith(words) or "layer" in item.text),
                   key=lambda item: item.x)  # fmt: skip
    assert len([head for head in heads if head.text == "Hidden"]) == hidden
    assert any("sigmoid" in head.text for head in heads) == has_details
    assert all(left.x + left.width < right.x for left, right in pairwise(heads))
