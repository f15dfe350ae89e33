"""A walk by FACTOR in the matrix form: which cells it has come to, which are to come, and the sum or product so far.

The products of document 003's chain to w1, and the terms of its first z, are those of the document.
"""

import pytest

from engine import Stepper, Unit, open_session
from engine.frame import Frame
from gui.equation.matrix import Grid, matrix_form
from gui.equation.view import Equation
from tests.gui.recording import drawn_by

pytestmark = pytest.mark.usefixtures("application")
CHAIN_OF_W1 = {2: "0.1385", 3: "0.0554", 4: "0.01337"}
"""The product of so many of its five factors, in four digits."""


def walked(done: int, factors: int) -> Frame:
    """Document 003 after so many operations, and as many parts of the next one."""
    stepper = Stepper(open_session("seed-003"))
    stepper.seek(1, done)
    for _ in range(factors):
        stepper.next(Unit.FACTOR)
    return stepper.frame


def cells_of(frame: Frame) -> tuple[list[set[tuple[int, int]]], list[set[tuple[int, int]]]]:
    """Of each grid the cells that are lit, and those to come."""
    grids = [part for part in matrix_form(frame) if isinstance(part, Grid)]
    return [set(grid.lit) - grid.coming for grid in grids], [set(grid.coming) for grid in grids]


def words_on(frame: Frame) -> list[str]:
    equation = Equation()
    equation.resize(640, 232)
    equation.show_frame(frame)
    equation.matrix.setChecked(True)
    return [item.text for item in drawn_by(equation)]


def test_a_sum_is_lit_term_by_term() -> None:
    """z = W x + b for the first of two neurons: w1 x1, then w2 x2, then b1."""
    z, w1, w2, x1, x2, b1 = (0, 0), (0, 0), (0, 1), (0, 0), (1, 0), (0, 0)
    lit, coming = cells_of(walked(0, 1))
    assert lit == [set(), {w1}, {x1}, set()]
    assert coming == [{z}, {w2}, {x2}, {b1}]
    assert cells_of(walked(0, 2)) == ([set(), {w1, w2}, {x1, x2}, set()], [{z}, set(), set(), {b1}])
    lit, coming = cells_of(walked(0, 3))
    assert lit == [{z}, {w1, w2}, {x1, x2}, {b1}]
    assert coming == [set()] * 4
    assert {"sum so far", "0.0275"} <= set(words_on(walked(0, 2)))  # 0.15 · 0.05 + 0.2 · 0.1


@pytest.mark.parametrize("factors", CHAIN_OF_W1)
def test_along_the_chain_of_a_weight_delta_is_lit_when_its_last_factor_is_reached(factors: int) -> None:
    frame = walked(19, factors)
    (_, delta, x), coming = cells_of(frame)
    assert delta == ({(0, 0)} if factors == 4 else set())
    assert x == set()
    assert coming[0] == {(0, 0)}
    words = words_on(frame)
    written = words[words.index("product so far") + 1]
    assert f"{float(written):.4g}" == f"{float(CHAIN_OF_W1[factors]):.4g}"


CHAIN_OF_DELTA = {1: "0.7414", 2: "0.1385", 3: "0.0554"}
"""The same for the delta of the first hidden neuron: dL/dy, its slope, w5, and last its own slope."""


def number_after(words: list[str], name: str) -> float:
    return float(words[words.index(name) + 1])


@pytest.mark.parametrize("factors", CHAIN_OF_DELTA)
def test_along_the_chain_of_a_delta_each_product_is_the_documents(factors: int) -> None:
    """delta = dL/da ⊙ f'(z): dL/da is lit when w5, its last factor, is reached, f'(z) and delta are still to come."""
    frame = walked(15, factors)
    (delta, upstream, slope), coming = cells_of(frame)
    assert upstream == ({(0, 0)} if factors == 3 else set())
    assert (delta, slope) == (set(), set())
    assert coming[0] == coming[2] == {(0, 0)}
    expected = CHAIN_OF_DELTA[factors]
    assert round(number_after(words_on(frame), "product so far"), 4) == float(expected)


def test_the_walks_end_at_the_figures_of_the_document() -> None:
    """Delta 0.0134, and with x1 the gradient 0.00067."""
    delta, gradient = words_on(walked(15, 4)), words_on(walked(19, 5))
    assert cells_of(walked(15, 4)) == ([{(0, 0)}] * 3, [set()] * 3)
    assert round(number_after(delta, "[1]"), 4) == 0.0134
    assert round(number_after(gradient, "[1]"), 5) == 0.00067


def test_no_cell_is_to_come_when_nothing_is_walked() -> None:
    assert not any(cells_of(walked(20, 0))[1])
    assert "product so far" not in words_on(walked(20, 0))
