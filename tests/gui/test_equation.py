"""The equation panel: what folds, what stays in sight, how many digits are written, and what is copied."""

from collections.abc import Callable
from itertools import combinations, pairwise
from math import fsum, inf, nan, prod
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.expressions import Expression, Number, Product, Sum, plain
from engine.frame import Frame
from engine.quantities import parse
from gui import formula, text
from gui.brush import advance
from gui.digits import Digits
from gui.equation.cells import _of_fold, cells_of, chain_text, equation_latex, over_branches, shown
from gui.equation.form import chosen
from gui.equation.matrix import Grid, Operator, matrix_form
from gui.equation.picture import SCALE
from gui.equation.setting import Setting, numbers_in
from gui.equation.view import Equation
from gui.scrolling import Scrolling
from gui.theme import DARK, LIGHT, palette_of, ui_font
from tests.engine.networks import complete_session
from tests.gui.conftest import OpenWindow, frame_at, penalized_session, softmax_session
from tests.gui.recording import drawn_by, letters, parsed

pytestmark = pytest.mark.usefixtures("application")
WIDTH, HEIGHT = 640, 232
"""Of the panel in a window of 1280 x 800."""


def random_numbers(seed: int, count: int) -> list[float]:
    generator = Random(seed)
    return [generator.uniform(-1, 1) for _ in range(count)]


WEIGHTS, INPUTS, BIAS = random_numbers(1, 64), random_numbers(2, 64), 0.123456789
TERMS = [w * x for w, x in zip(WEIGHTS, INPUTS, strict=True)]


def wide_session(samples: int = 1, outputs: int = 1, activation: str = "identity", **more: object) -> dict[str, Any]:
    """One layer on 64 inputs."""
    return complete_session(
        64,
        [{"neurons": outputs, "activation": activation, "bias": "per_neuron"}],
        initial={"kind": "values", "weights": [[WEIGHTS] * outputs], "biases": [[BIAS] * outputs]},
        data={"kind": "values", "inputs": [INPUTS] * samples, "targets": [[1.0] + [0.0] * (outputs - 1)] * samples},
        **({"loss": "half_squared_error", "optimizer": {"name": "adam", "learning_rate": 0.1}} | more),
    )


def frame_of(source: str | dict[str, Any], name: str, factor: int = 0) -> Frame:
    """The frame in which a quantity has just been computed, or of which so many parts are walked."""
    stepper = Stepper(open_session(source))
    quantity = parse(name)
    k = stepper.frame.program.writer(quantity, 0)
    k = stepper.frame.program.writer(quantity, None) if k is None else k
    assert k is not None
    stepper.seek(1, k if factor else k + 1, factor)
    return stepper.frame


def setting_of(frame: Frame, digits: int = 5, is_unfolded: bool = False) -> Setting:
    return Setting(frame, WIDTH, HEIGHT, digits, is_unfolded)


# Long sums


def test_a_sum_of_64_products_and_a_bias_folds_to_two_a_box_two_and_the_bias() -> None:
    setting = setting_of(frame_of(wide_session(), "z[1,1]"))
    cells = [placed.sized.cell for placed in setting.block.placed]
    assert [cell.places for cell in cells] == [
        range(1), range(1, 2), range(2, 62), range(62, 63), range(63, 64), range(64, 65)
    ]  # fmt: skip
    fold = cells[2]
    assert isinstance(fold.numbers, Number)
    assert fold.numbers.value == pytest.approx(fsum(TERMS[2:62]), rel=1e-14)
    assert fold.so_far == pytest.approx(fsum(TERMS[:62]), rel=1e-14)
    assert "60 terms" in letters_drawn(setting.frame)


def letters_drawn(frame: Frame, digits: int = 5) -> list[str]:
    """What a panel of the smallest size draws."""
    _area, equation = panel_on(frame, digits)
    return [item.text for item in drawn_by(equation)]


def panel_on(frame: Frame, digits: int = 5) -> tuple[QScrollArea, Equation]:
    """The panel as the window holds it."""
    equation = Equation()
    area = Scrolling(equation)
    area.resize(WIDTH, HEIGHT)
    area.show()
    equation.show_digits(digits)
    equation.show_frame(frame)
    return area, equation


@pytest.mark.parametrize("factor", [1, 2, 3, 31, 62, 63, 64])
def test_the_term_that_a_walk_has_come_to_stands_alone_and_in_sight(factor: int) -> None:
    """What lies before it and behind it folds apart, so that a box is wholly walked or not at all."""
    setting = setting_of(frame_of(wide_session(), "z[1,1]", factor))
    places = [placed.sized.cell.places for placed in setting.block.placed]
    assert range(factor - 1, factor) in places
    assert [place for part in places for place in part] == list(range(65))
    seen = setting.in_sight()
    assert seen.bottom() <= HEIGHT
    assert seen.right() <= WIDTH
    reached = next(p.sized.cell for p in setting.block.placed if p.sized.cell.places.stop == factor)
    assert reached.so_far == pytest.approx(fsum([*TERMS, BIAS][:factor]), rel=1e-12)


@pytest.mark.parametrize(
    ("count", "first", "last", "lit", "expected"),
    [
        (13, 2, 2, (), [(0, 1), (1, 2), (2, 11), (11, 12), (12, 13)]),
        (6, 2, 3, (), [(i, i + 1) for i in range(6)]),
        (9, 1, 1, (4,), [(0, 1), (1, 4), (4, 5), (5, 8), (8, 9)]),
        (3, 60, 60, (), [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_what_folds(count: int, first: int, last: int, lit: tuple[int, ...], expected: list[tuple[int, int]]) -> None:
    """A single term between two that are shown is no fold."""
    assert shown(count, first, last, lit) == [range(*ends) for ends in expected]


LONG: dict[str, Callable[[], Frame]] = {
    "64 inputs": lambda: frame_of(wide_session(), "z[1,1]"),
    "100 samples": lambda: frame_of(wide_session(100, batch={"size": 100}), "batch_loss"),
    "gradient of 100 samples": lambda: frame_of(wide_session(100, batch={"size": 100}), "grad[w[1,1,1]]"),
    "penalty": lambda: frame_of(wide_session(penalty={"l1": 0.01, "l2": 0.1}), "penalty"),
    "10 outputs": lambda: frame_of(wide_session(1, 10), "loss"),
    "softmax": lambda: frame_of(wide_session(1, 10, "softmax", loss="cross_entropy"), "a[1,2]"),
    "cross-entropy": lambda: frame_of(wide_session(1, 10, "softmax", loss="cross_entropy"), "loss"),
    "update by Adam": lambda: last_frame(wide_session()),
    "chain of five": lambda: frame_at("seed-003", 20),
    "sum over ways": lambda: frame_of(softmax_session(), "dL/da[1,1]"),
}


def last_frame(source: dict[str, Any]) -> Frame:
    return frame_at(source, frame_at(source, 0).program.count)


@pytest.mark.parametrize("digits", [2, 5, 17])
@pytest.mark.parametrize("name", LONG)
def test_the_result_is_in_sight_and_nothing_overlaps(name: str, digits: int) -> None:
    frame = LONG[name]()
    setting = setting_of(frame, digits)
    chips = [setting.block.chip(placed) for placed in setting.block.placed]
    assert not [pair for pair in combinations([*chips, setting.result_rect], 2) if pair[0].intersects(pair[1])]
    assert max(rect.right() for rect in (*chips, setting.result_rect)) <= WIDTH
    for placed in setting.block.placed:
        assert max(placed.sized.symbol.width, placed.sized.numbers.width) <= placed.width
        assert placed.sized.symbol.height <= setting.block.upper
        assert placed.sized.numbers.height <= setting.block.lower
    area, equation = panel_on(frame, digits)
    top = area.verticalScrollBar().value()
    result = equation._layout().result_rect
    assert top <= result.top()
    assert result.bottom() <= top + area.viewport().height()


@pytest.mark.parametrize("digits", [5, 17])
@pytest.mark.parametrize("operation", [2, 4, 6])
def test_a_function_written_out_is_drawn_within_the_panel(operation: int, digits: int) -> None:
    """tanh in a hidden layer of 3-4-3: four exponentials."""
    _area, equation = panel_on(frame_at(softmax_session(), operation), digits)
    drawn = drawn_by(equation)
    assert "Written" in " ".join(item.text for item in drawn)
    assert max(item.x + item.width for item in drawn) <= WIDTH
    assert max(item.y for item in drawn) <= equation.minimumHeight()


def test_a_click_on_the_fold_unfolds_and_one_on_a_term_folds_again(qtbot: QtBot) -> None:
    _area, equation = panel_on(frame_of(wide_session(), "z[1,1]"))
    qtbot.addWidget(equation)
    block = equation._layout().block
    fold = next(placed for placed in block.placed if placed.sized.cell.is_fold)
    qtbot.mouseClick(equation, Qt.MouseButton.LeftButton, pos=block.chip(fold).center().toPoint())
    block = equation._layout().block
    assert [placed.sized.cell.places for placed in block.placed] == [range(i, i + 1) for i in range(65)]
    assert "".join(letters("".join(item.text for item in drawn_by(equation)))).count("·") > 64
    qtbot.mouseClick(equation, Qt.MouseButton.LeftButton, pos=block.chip(block.placed[4]).center().toPoint())
    assert len(equation._layout().block.placed) == 6


def test_the_button_unfolds_by_the_keyboard_and_is_there_only_for_what_folds(qtbot: QtBot) -> None:
    _area, equation = panel_on(frame_of(wide_session(), "z[1,1]"))
    qtbot.addWidget(equation)
    assert equation.unfold.isVisibleTo(equation)
    qtbot.keyClick(equation.unfold, Qt.Key.Key_Space)
    assert len(equation._layout().block.placed) == 65
    equation.show_frame(frame_at("seed-003", 1))
    assert not equation.unfold.isVisibleTo(equation)
    assert equation._layout().block.fit == setting_of(frame_at("seed-003", 1)).block.fit


def test_an_unfolded_sum_shows_the_result_and_the_term_of_a_walk_too() -> None:
    area, equation = panel_on(frame_of(wide_session(), "z[1,1]"))
    equation.unfold.toggle()
    for frame in (frame_of(wide_session(), "z[1,1]", 40), frame_of(wide_session(), "z[1,1]", 3)):
        equation.show_frame(frame)
        top, seen = area.verticalScrollBar().value(), equation._layout().in_sight()
        assert top <= seen.top()
        assert seen.bottom() <= top + area.viewport().height()


def test_a_sum_of_thousands_shows_its_ends_only_and_counts_the_rest() -> None:
    """1,024 weights: nothing is added up, and unfolding stops at 60 terms on either side."""
    weights = random_numbers(3, 1024)
    source = complete_session(
        1024, [{"neurons": 1, "activation": "identity", "bias": "none"}],
        initial={"kind": "values", "weights": [[weights]], "biases": [[]]}, loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1}, penalty={"l1": 0.01, "l2": 0.0},
        data={"kind": "values", "inputs": [[0.5] * 1024], "targets": [[1.0]]},
    )  # fmt: skip
    frame = frame_of(source, "penalty")
    assert "1,020 terms" in letters_drawn(frame)
    cells = [placed.sized.cell for placed in setting_of(frame, is_unfolded=True).block.placed]
    assert len(cells) == 121
    assert cells[60].places == range(60, 964)


# Digits


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.4, 5, False), (0.3775, 5, False), (0.37749999999999995, 5, False), (0.000668396, 5, True), (1 / 3, 5, True),
        (1 / 3, 16, False), (1 / 3, 15, True), (0.0, 5, False), (123456.0, 5, True), (float("inf"), 5, False),
        (float("nan"), 5, False), (0.1 + 0.2, 9, False), (0.1 + 0.2, 16, True), (0.1 + 0.2, 17, False),
        (0.530750719186123, 12, True), (0.25, 17, False),
    ],
)  # fmt: skip
def test_what_counts_as_rounded(value: float, digits: int, expected: bool) -> None:
    assert text.is_rounded(value, digits) is expected


@pytest.mark.parametrize(
    ("operation", "digits", "signs"),
    [(1, 5, "=="), (2, 5, "=≈"), (5, 5, "≈≈"), (20, 5, "≈≈"), (20, 17, "=="), (1, 3, "=≈")],
)
def test_a_rounded_number_is_only_nearly_equal(operation: int, digits: int, signs: str) -> None:
    """0.15·0.05 + 0.2·0.1 + 0.35 = 0.3775, but its sigmoid is 0.59327 only nearly."""
    setting = setting_of(frame_at("seed-003", operation), digits)
    assert setting.sign + setting.result_sign == signs


@pytest.mark.parametrize("digits", [2, 8, 17])
def test_every_number_of_the_panel_has_the_digits_asked_for(digits: int) -> None:
    """The chain of dL/dw1, whose factors and products the session stores."""
    frame = frame_at("seed-003", 20)
    assert frame.chain is not None
    values = {v for link in frame.chain.links for v in (link.factor.value, link.product)}
    found = [number for number in map(parsed, letters_drawn(frame, digits)) if number is not None]
    numbers = [number for number in found if number == number and number not in range(1, 6)]
    wanted = {float(f"{value:.{digits}g}") for value in values}
    assert {float(f"{n:.{digits}g}") for n in numbers} <= wanted
    assert float(f"{frame.chain.value:.{digits}g}") in numbers


def test_the_status_bar_sets_the_digits(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.controller.seek(1, 2)
    digits = window.findChild(Digits)
    assert digits is not None
    assert (digits.minimum(), digits.maximum(), digits.value()) == (2, 17, 5)
    assert window.equation._layout().result == "0.59327"
    for key, result in ((Qt.Key.Key_Up, "0.593270"), (Qt.Key.Key_Down, "0.59327"), (Qt.Key.Key_Down, "0.5933")):
        qtbot.keyClick(digits, key)
        assert window.equation._layout().result == result


# The sum over ways


@pytest.mark.parametrize(
    ("name", "lines", "ways"),
    [("dL/dz[2,1]", 2, ""), ("dL/dw[2,1,1]", 2, ""), ("dL/dw[1,1,1]", 1, "the sum over 9 ways from the loss")],
)
def test_the_sum_over_ways_has_its_numbers(name: str, lines: int, ways: str) -> None:
    """Three ways lead to an output's delta; nine to a hidden neuron, and the three through each output are one."""
    chain = setting_of(frame_of(softmax_session(), name)).chain
    assert (len(chain.boxes), chain.words) == (lines, ways)


def test_the_branches_of_a_chain_add_up_to_the_gradient() -> None:
    frame = frame_of(softmax_session(), "dL/dw[1,2,3]")
    assert frame.chain is not None
    assert frame.operation is not None
    expression = over_branches(frame.chain)
    assert isinstance(expression, Product)
    total, *common = expression.factors
    assert isinstance(total, Sum)
    assert fsum(numbers_in(total)) * prod(map(only_number, common)) == pytest.approx(frame.operation.value, rel=1e-12)


def only_number(expression: Expression) -> float:
    (number,) = numbers_in(expression)
    return number


# Copying


def test_the_menu_copies_a_number_in_full() -> None:
    """The fourth factor of the chain, shown as 0.24130, and the result."""
    frame = frame_at("seed-003", 20)
    _area, equation = panel_on(frame)
    setting = equation._layout()
    assert frame.chain is not None
    assert frame.operation is not None
    factor = frame.chain.links[3].factor.value
    for point, value in (
        (setting.block.chip(setting.block.placed[3]).center(), factor),
        (setting.result_rect.center(), frame.operation.value),
    ):
        action = equation.menu_at(point).actions()[0]
        assert text.number(value) in action.text()
        action.trigger()
        assert QApplication.clipboard().text() == repr(value)


def test_the_menu_copies_a_cell_of_a_matrix_in_full() -> None:
    """A hidden activation, where its number is drawn."""
    frame = frame_of(softmax_session(), "z[2,1]")
    _area, equation = panel_on(frame)
    equation.matrix.setChecked(True)
    value = frame.value(parse("a[1,2]"), frame.operation.sample if frame.operation else None)
    assert value is not None
    drawn = next(item for item in drawn_by(equation) if item.text == text.number(value))
    equation.menu_at(QPointF(drawn.x + 5, drawn.y - 4)).actions()[0].trigger()
    assert QApplication.clipboard().text() == repr(value)
    assert len(repr(value)) > len(text.number(value))


def test_the_copy_keys_take_the_equation_as_text(qtbot: QtBot) -> None:
    _area, equation = panel_on(frame_at("seed-003", 11))
    qtbot.keyClick(equation.matrix, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == equation.text()
    assert repr(frame_at("seed-003", 11).operation.value) in equation.text()  # type: ignore[union-attr]


@pytest.mark.parametrize("as_matrix", [False, True])
def test_a_picture_is_dark_on_white_and_three_times_as_large(application: QApplication, as_matrix: bool) -> None:
    _area, equation = panel_on(frame_at("seed-003", 20))
    equation.matrix.setChecked(as_matrix)
    application.setPalette(palette_of(DARK))
    size = equation._layout().form.size.width() if as_matrix else equation._layout().right - 16
    equation.copy_picture()
    application.setPalette(palette_of(LIGHT))
    image = application.clipboard().image()
    assert image.width() == pytest.approx(SCALE * (size + 24), abs=2)
    assert all(image.pixelColor(x, y).name() == "#ffffff" for x, y in frame_pixels(image))
    assert dark_pixels(image) > 1000


def frame_pixels(image: QImage) -> list[tuple[int, int]]:
    """The outermost pixels, where nothing may be cut."""
    right, bottom = image.width() - 1, image.height() - 1
    across = [(x, y) for x in range(right) for y in (0, bottom)]
    return across + [(x, y) for y in range(bottom) for x in (0, right)]


def dark_pixels(image: QImage) -> int:
    return sum(image.pixelColor(x, y).lightness() < 80 for x in range(image.width()) for y in range(image.height()))


def test_without_an_operation_there_is_nothing_to_copy() -> None:
    _area, equation = panel_on(frame_at("seed-003", 0))
    said: list[str] = []
    equation.said.connect(said.append)
    for copy in (equation.copy_text, equation.copy_latex, equation.copy_picture):
        copy()
    assert said == [text.NOTHING_TO_COPY] * 3


# The matrix form


def test_the_numbers_of_a_column_stand_with_their_points_below_one_another() -> None:
    """z has one column, W four, a and b one each."""
    _area, equation = panel_on(frame_of(softmax_session(), "z[2,1]"))
    equation.matrix.setChecked(True)
    numbers = [item for item in drawn_by(equation) if "." in item.text and not item.is_math]
    points = {round(item.x + advance(item.text.partition(".")[0], ui_font(12)), 1) for item in numbers}
    assert len(numbers) > 14
    assert len(points) <= 7


@pytest.mark.parametrize("digits", [5, 17])
@pytest.mark.parametrize("name", ["z[1,1]", "z[2,1]", "dL/da[1,2]", "dL/dw[1,2,3]", "dL/dz[1,2]"])
def test_a_matrix_form_stays_within_the_panel(name: str, digits: int) -> None:
    frame = frame_of(softmax_session(), name)
    assert Setting(frame, WIDTH, HEIGHT, digits).form.size.width() <= WIDTH
    _area, equation = panel_on(frame, digits)
    equation.matrix.setChecked(True)
    drawn = drawn_by(equation)
    assert max(item.x + item.width for item in drawn) <= WIDTH
    assert equation.minimumHeight() >= max(item.y for item in drawn)


def test_the_matrix_form_of_an_update_is_the_layers_weights_less_rate_times_gradient() -> None:
    """Cell by cell, where the update has come to: w1 and w2 of four, at the rate 0.5."""
    frame = frame_of("seed-003", "w[1,1,2]")
    new, arrow, old, step, gradient = matrix_form(frame)
    assert isinstance(arrow, Operator)
    assert isinstance(step, Operator)
    assert (arrow.symbols, step.numbers) == ("←", "− 0.5 ·")
    cells = [[part.cells[i][j] for part in (new, old, gradient) if isinstance(part, Grid)] for i, j in PLACES]
    for written, before, slope in cells[:2]:
        assert before is not None
        assert slope is not None
        assert written == pytest.approx(before - 0.5 * slope, rel=1e-14)
    assert [written for written, *_ in cells[2:]] == [None, None]


PLACES = [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize("source", [softmax_session(), penalized_session()])
def test_an_optimizer_with_a_memory_has_no_matrix_form_of_its_update(source: dict[str, Any]) -> None:
    assert matrix_form(last_frame(source)) == []


@pytest.mark.parametrize(
    ("count", "lit", "first", "expected"),
    [
        (6, {3}, 2, [0, 1, 2, 3, 4, 5]), (8, {4}, 2, [0, 1, None, 4, None, 7]), (8, {4}, 1, [0, None, 4, None, 7]),
        (8, {4}, 0, [None, 4, None, 7]), (64, {0, 1, 2, 3}, 2, [0, 1, None, 63]), (8, set(), 2, [0, 1, None, 7]),
    ],
)  # fmt: skip
def test_the_rows_of_a_large_matrix(count: int, lit: set[int], first: int, expected: list[int | None]) -> None:
    assert chosen(count, lit, first) == expected


# Formulas in lines


@pytest.mark.parametrize("width", [210, 300, 400])
def test_a_broken_formula_keeps_its_letters_and_its_width(width: float) -> None:
    formulas = [LONG[name]().operation for name in ("10 outputs", "softmax", "cross-entropy", "64 inputs")]
    for operation in formulas:
        assert operation is not None
        box = formula.broken(operation.substitution, 15, text.number, width)
        whole = formula.layout(operation.substitution, 15, text.number)
        assert box.width <= width
        assert box.width < whole.width
        assert sorted(glyphs_of(box)) == sorted(glyphs_of(whole))
        assert box.height > whole.height


def glyphs_of(box: formula.Box) -> str:
    return "".join(letters(mark.text) for mark in box.marks if isinstance(mark, formula.Glyphs))


def test_what_has_room_is_not_broken() -> None:
    operation = frame_at("seed-003", 1).operation
    assert operation is not None
    whole = formula.layout(operation.formula, 15, text.number)
    assert formula.broken(operation.formula, 15, text.number, 400) == whole


@pytest.mark.parametrize("width", [600.0, 640.0, 700.0, 900.0])
@pytest.mark.parametrize("iteration", [1, 46, 400])
def test_the_products_so_far_do_not_meet(width: float, iteration: int) -> None:
    for operation in range(8, 25):
        block = Setting(frame_at("seed-003", operation, iteration), width, 232.0).block
        middles = [(p.x + p.width / 2, p.sized.total / 2) for p in block.placed if p.sized.total]
        gaps = [right - left - w - v for (left, w), (right, v) in pairwise(middles)]
        assert min(gaps, default=9) > 5, operation


def test_the_last_product_so_far_goes_first_where_room_is_short() -> None:
    """It is the result, which stands beside it."""
    placed = Setting(frame_at("seed-003", 22, 46), 640.0, 232.0).block.placed
    assert [bool(p.sized.total) for p in placed] == [True, True, True, True, False]


def test_the_derivative_of_the_loss_is_written_as_the_difference_that_it_is() -> None:
    """Document 003: 0.7514 - 0.01 = 0.7414, and not dL/dŷ = dL/dŷ."""
    cell, *others = cells_of(frame_at("seed-003", 8))
    assert others == []
    assert (plain(cell.symbol), cell.number) == ("ŷ - y", None)
    prediction, target = numbers_in(cell.numbers)
    assert (round(prediction, 4), target) == (0.7514, 0.01)
    assert chain_text(frame_at("seed-003", 8)) == ""
    written = equation_latex(frame_at("seed-003", 8))
    assert written.startswith(r"\frac{\partial L}{\partial \hat{y}} = \hat{y} - y = 0.75")


@pytest.mark.parametrize(("values", "total"), [((1e308, 1e308, -1e308), inf), ((inf, 1.0, -inf), nan)])
def test_a_fold_of_terms_that_overflow_has_their_sum(values: tuple[float, ...], total: float) -> None:
    """As the engine adds them, in their order."""
    fold = _of_fold(range(3), values, values)
    assert isinstance(fold.numbers, Number)
    assert repr(fold.numbers.value) == repr(total)
