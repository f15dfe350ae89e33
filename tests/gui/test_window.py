"""The real window, stepped by its keys: at every stop every text that it draws is held against the frame."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.cursor import Cursor
from engine.program import Unit
from gui.canvas.geometry import Geometry
from gui.main_window import MainWindow
from gui.theme import LIGHT
from tests.gui import expected
from tests.gui.checks import check_all, seat_of
from tests.gui.conftest import OpenWindow, softmax_session
from tests.gui.recording import drawn_by, pairs, parsed

# Document 003, iteration 1: operation, symbol, the digits that it prints.
PRINTED = {
    1: "0.3775", 2: "0.5933", 3: "0.3925", 4: "0.5969", 5: "1.1059", 6: "0.7514", 7: "0.2748",
    8: "0.7414", 9: "0.1868", 10: "0.1385", 11: "0.0822", 12: "0.0827", 13: "0.1385",
    14: "0.0554", 15: "0.2413", 16: "0.0134", 17: "0.0623", 19: "0.0150",
    20: "0.00067", 22: "0.00075", 23: "0.00150", 24: "0.0284",
    29: "0.3358", 30: "0.3589", 31: "0.4087",
}  # fmt: skip


def printed_as(text: str, figure: str) -> bool:
    """Whether a drawn number, rounded to the digits of a printed figure, is that figure."""
    number = parsed(text)
    return number is not None and f"{number:.{len(figure.partition('.')[2])}f}" == figure


def result_in(window: MainWindow) -> str:
    """The result in the equation: the last text in the semibold font of results."""
    return [item.text for item in drawn_by(window.equation) if item.family == "STIX Two Text SemiBold"][-1]


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000)], ids=str)
def test_every_text_is_the_frames_on_the_way_through_seed_003_and_back(
    open_window: OpenWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window("seed-003", *size)
    check_all(window)
    for operation in range(1, 33):
        qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
        assert window.controller.frame.cursor == Cursor(1, operation)
        check_all(window)
    for operation in reversed(range(32)):
        qtbot.keyClick(window.canvas, Qt.Key.Key_Left)
        assert window.controller.frame.cursor == Cursor(1, operation)
        check_all(window)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left)
    assert window.controller.frame.cursor == Cursor(1, 0)


def test_results_are_the_printed_figures_of_document_003(open_window: OpenWindow) -> None:
    window = open_window()
    for operation in range(1, 33):
        window.controller.next()
        if operation in PRINTED:
            assert printed_as(result_in(window), PRINTED[operation]), operation


def test_operation_20_shows_the_chain_that_document_003_prints(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 20)
    drawn = drawn_by(window.equation)
    factors = [item.text for item in drawn if item.pixels == 17 and item.text != "·"]
    assert [printed_as(*pair) for pair in zip(factors, ("0.7414", "0.1868", "0.4", "0.2413", "0.05"), strict=True)]
    so_far = [item.text for item in drawn if item.family == "Inter" and item.pixels == 12][2:]
    products = ("0.7414", "0.1385", "0.0554", "0.0134", "0.00067")
    assert all(printed_as(*pair) for pair in zip(so_far, products, strict=True)), so_far
    assert [item.text for item in drawn_by(window.position)][-2:] == [
        "Backward, operation 20 of 32", "epoch 1, iteration 1, sample 1",
    ]  # fmt: skip


def test_operation_20_has_the_same_numbered_chips_on_canvas_and_equation(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 20)
    chips = {pair.place: pair.number for pair in pairs(drawn_by(window.canvas))[0] if pair.place}
    numbers = [item.text for item in drawn_by(window.equation) if item.pixels == 17 and item.text != "·"]
    assert chips == dict(zip("12345", numbers, strict=True))


def test_the_number_of_a_factor_stands_on_its_colour_in_canvas_and_equation(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 20)
    for widget in (window.canvas, window.equation):
        image = widget.grab().toImage()
        places = [item for item in drawn_by(widget) if item.pixels == 10 and not item.is_math]
        assert sorted(item.text for item in places) == list("12345")
        for item in places:
            beside = image.pixelColor(round(item.x) - 3, round(item.y) - 3)
            assert beside == LIGHT.chip(int(item.text) - 1), (widget, item)


def test_what_was_written_is_outlined_and_nothing_else(open_window: OpenWindow) -> None:
    """In the forward phase and at the loss, where everything written has a seat."""
    window = open_window()
    accent = QColor(LIGHT.accent)
    for operation in range(8):
        window.controller.seek(1, operation)
        frame, image = window.controller.frame, window.canvas.grab().toImage()
        geometry = Geometry(frame.session.spec.network, float(window.canvas.width()), float(window.canvas.height()))
        outlined = []
        for quantity in expected.seats(frame):
            seat = seat_of(geometry, quantity, frame)
            assert seat is not None
            y, x = round(seat.center().y()), round(seat.left())
            if any(image.pixelColor(x + dx, y) == accent for dx in range(-2, 8)):
                outlined.append(quantity)
        assert outlined == ([frame.operation.quantity] if frame.operation else [])


def test_factors_walk_through_the_chain_with_the_running_product(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.controller.seek(1, 19)
    qtbot.keyClick(window.canvas, Qt.Key.Key_1)
    assert window.controller.unit is Unit.FACTOR
    for factor, product in enumerate(("0.74137", "0.1385", "0.0554", "0.0134"), 1):
        qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
        assert window.controller.frame.cursor == Cursor(1, 19, factor)
        check_all(window)
        on_canvas = [pair.number for pair in pairs(drawn_by(window.canvas))[0]]
        assert any(number and number != "–" and abs(float(number) - float(product)) < 5e-5 for number in on_canvas)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    assert window.controller.frame.cursor == Cursor(1, 20)


def test_all_weights_are_labelled_where_nothing_is_lit_and_there_is_room(open_window: OpenWindow) -> None:
    window = open_window()
    found = [pair.name for pair in pairs(drawn_by(window.canvas))[0]]
    assert {"w1", "w2", "w3", "w4", "w5", "w6"} <= set(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_texts_are_the_same_in_both_themes(open_window: OpenWindow, theme: str) -> None:
    window = open_window()
    window.controller.seek(1, 20)
    if theme == "dark":
        window.change_theme()
    try:
        check_all(window)
    finally:
        if theme == "dark":
            window.change_theme()


def test_a_value_that_is_not_written_is_a_dash_and_never_the_last_iterations(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(2)
    check_all(window)
    dashed = {pair.name for pair in pairs(drawn_by(window.canvas))[0] if pair.number == "–"}
    assert dashed == {"zh1", "ah1", "zh2", "ah2", "zout", "yˆ", "L"}


def test_drawn_numbers_lie_inside_the_widget(open_window: OpenWindow) -> None:
    window = open_window(softmax_session())
    for operation in range(0, window.controller.frame.program.count, 29):
        window.controller.seek(1, operation)
        for widget in (window.canvas, window.position):
            area = QRectF(widget.rect())
            for item in drawn_by(widget):
                assert area.contains(QPointF(item.x, item.y)), item
                assert item.x + item.width <= area.right() + 0.5, item


def test_a_panel_behind_another_takes_the_frame_once_it_is_in_front(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, taken = open_window(), list[int]()
    monkeypatch.setattr(window.panels["data"], "show_frame", lambda frame: taken.append(frame.cursor.operation))
    window.controller.seek(1, 3)
    window.controller.seek(1, 5)
    assert not taken
    window.show_panel("data")
    assert taken == [5]
    window.controller.seek(1, 6)
    assert taken == [5, 6]
    window.show_panel("parameters")
    window.controller.seek(1, 7)
    assert taken == [5, 6]


def test_what_comes_next_keeps_its_room_until_something_is_said(open_window: OpenWindow) -> None:
    """Longer words widen it, shorter ones move nothing; a message gets what is not needed."""
    window, widths = open_window(), []
    for operation in (0, 4, 5):  # of document 003: a sum of three terms, one with longer names, an application
        window.controller.seek(1, operation)
        widths.append(window.coming.width())
    assert widths[0] < widths[1] == widths[2]
    window.controller.say("Saved.")
    needed = window.coming.fontMetrics().horizontalAdvance(window.coming.text())
    assert needed <= window.coming.width() < widths[0]
