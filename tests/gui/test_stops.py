"""Stops in the window: the panel, the marks in the list of operations, the key, running, and what is not finite."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine import open_session
from engine.cursor import Cursor
from engine.program import Unit
from engine.quantities import parse as quantity
from engine.stops import Breakpoint, Condition, PhaseStart, parse
from gui import text
from gui.breakpoints import margin
from gui.controller import FASTEST
from gui.main_window import MainWindow
from gui.panels.operations import Operations
from gui.panels.stops import StopsPanel
from gui.stops_model import REMOVE, STOP, TICK
from gui.theme import theme_of
from tests.gui.conftest import OpenWindow, softmax_session
from tests.gui.recording import drawn_by
from tests.gui.test_controller import linear_session

QUICKEST_UNIT = 60
W1, W5 = quantity("w[1,1,1]"), quantity("w[2,1,1]")


def panel_of(window: MainWindow, qtbot: QtBot) -> StopsPanel:
    """The panel, in front and laid out."""
    panel = window.panels["stops"]
    assert isinstance(panel, StopsPanel)
    window.show_panel("stops")
    qtbot.waitUntil(lambda: not panel.visibleRegion().isEmpty())
    return panel


def listing_of(window: MainWindow) -> Operations:
    listing = window.panels["operations"]
    assert isinstance(listing, Operations)
    return listing


def place(listing: Operations, row: int, x: int) -> QPoint:
    """A point in a row."""
    rect: QRect = listing.visualRect(listing.model().index(row, 0))
    return QPoint(x, rect.center().y())


def ran(window: MainWindow, qtbot: QtBot, speed: int) -> Cursor:
    """Where a run at a speed stops by itself."""
    window.controller.choose_speed(speed)
    window.controller.run()
    qtbot.waitUntil(lambda: not window.controller.is_running)
    return window.controller.frame.cursor


def is_red(label: QLabel) -> bool:
    return label.palette().color(label.foregroundRole()).name().upper() == theme_of(label.palette()).error.upper()


TYPED = [
    ("loss < 0.01", Condition(quantity("loss"), "<", 0.01)),
    ("L < 0,01", Condition(quantity("loss"), "<", 0.01)),
    ("w5 >= 1/3", Condition(W5, ">=", 1 / 3)),
    ("|dL/dw5| < 1e-6", Condition(quantity("dL/dw[2,1,1]"), "<", 1e-6, True)),
    ("|∂L/∂w5| < 1e−6", Condition(quantity("dL/dw[2,1,1]"), "<", 1e-6, True)),
    ("z_h1 not finite", Condition(quantity("z[1,1]"), "not finite")),
    ("zh1", Breakpoint(quantity("z[1,1]"))),
    ("ŷ > 0.7", Condition(quantity("a[2,1]"), ">", 0.7)),
    ("w[1,1,1]", Breakpoint(W1)),
    ("backward", PhaseStart("backward")),
]


@pytest.mark.parametrize(("typed", "stop"), TYPED)
def test_what_is_typed_in_names_or_symbols_becomes_a_stop(
    open_window: OpenWindow, qtbot: QtBot, typed: str, stop: object
) -> None:
    window = open_window()
    panel = panel_of(window, qtbot)
    assert panel.pages.currentIndex() == 0
    assert panel.field.hasFocus()
    panel.field.insert(typed)
    assert not is_red(panel.reason)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert list(window.controller.held.items()) == [(stop, True)]
    assert panel.field.text() == ""
    assert panel.pages.currentIndex() == 1


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("loss <", "A number is missing behind '<'."),
        ("loss < 1..2", "1..2 is not a number."),
        ("lost < 2", "'lost' is no quantity"),
        ("w9 < 2", "'w9' is no quantity"),
        ("w[9,1,1] < 2", "The network has no w[9,1,1]."),
        ("x[1] > 0", "No operation writes x[1] here."),
        ("not finite", "Every run stops there anyway."),
    ],
)
def test_what_is_no_stop_is_red_and_says_why_and_stays(
    open_window: OpenWindow, qtbot: QtBot, typed: str, reason: str
) -> None:
    window = open_window()
    panel = panel_of(window, qtbot)
    panel.field.insert(typed)
    assert panel.reason.text().startswith(reason)
    assert is_red(panel.reason)
    assert not panel.add.isEnabled()
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert window.controller.held == {}
    assert panel.field.text() == typed
    panel.field.clear()
    assert not is_red(panel.reason)
    assert panel.reason.text() == text.STOP_HINT


def test_the_quantity_selected_is_put_into_the_line_unless_one_is_writing(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    panel = panel_of(window, qtbot)
    window.controller.select(W5)
    assert panel.field.text() == "w5 "
    qtbot.keyClicks(panel.field, "> 1")
    window.controller.select(W1)
    assert panel.field.text() == "w5 > 1"
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert list(window.controller.held) == [Condition(W5, ">", 1.0)]


def test_rows_are_switched_and_removed_by_mouse_and_by_key(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    panel, controller = panel_of(window, qtbot), window.controller
    stops = [parse(words) for words in ("loss < 0.01", "z[1,1]", "backward")]
    for stop in stops:
        controller.add_stop(stop)
    table, index = panel.table, panel.model.index
    assert [index(row, STOP).data() for row in range(3)] == ["L < 0.01", "after z_h1", "before backward"]
    tick = table.visualRect(index(1, TICK))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(tick.left() + 19, tick.center().y()))
    assert list(controller.held.values()) == [True, False, True]
    table.setFocus()
    table.setCurrentIndex(index(2, STOP))
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert list(controller.held.values()) == [True, False, False]
    assert table.currentIndex().row() == 2
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert list(controller.held) == stops[:2]
    cross = table.visualRect(index(0, REMOVE)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cross)
    assert list(controller.held) == stops[1:2]


def test_what_another_network_does_not_have_is_kept_and_grey(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    panel = panel_of(window, qtbot)
    window.controller.add_stop(parse("w[2,1,2] > 100"))
    assert panel.model.has_effect(0)
    window.controller.begin(open_session(linear_session(0.01)))
    assert not panel.model.has_effect(0)
    tip = panel.model.index(0, STOP).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "w[2,1,2] > 100. It stops nothing here: the network has no w[2,1,2]."
    assert text.NOT_REACHED in [item.text for item in drawn_by(panel.table.viewport())]
    window.controller.choose_limit(3)
    assert ran(window, qtbot, FASTEST).iteration == 3
    window.controller.open("seed-003")
    assert panel.model.has_effect(0)
    assert text.NOT_REACHED not in [item.text for item in drawn_by(panel.table.viewport())]


def test_a_click_on_a_number_sets_a_breakpoint_and_goes_nowhere(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    listing, controller = listing_of(window), window.controller
    inside, outside = round(margin(controller.frame)) - 4, round(margin(controller.frame)) + 30
    qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=place(listing, 3, inside))
    qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=place(listing, 7, inside))
    assert list(controller.held) == [Breakpoint(quantity("z[1,2]")), PhaseStart("loss")]
    assert controller.frame.cursor == (1, 0, 0)
    colors = [listing.grab().toImage().pixelColor(place(listing, row, inside + 6)) for row in (3, 4)]
    assert colors[0].lightness() < 128 < colors[1].lightness()
    qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=place(listing, 3, inside))
    assert list(controller.held) == [PhaseStart("loss")]
    qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=place(listing, 3, outside))
    assert controller.frame.cursor == (1, 3, 0)
    controller.seek(1, 5)
    qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=place(listing, 3, inside))
    qtbot.mouseDClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=place(listing, 3, inside))
    assert controller.frame.cursor == (1, 5, 0)


def test_keys_set_a_breakpoint_at_the_operation_shown_and_at_the_current_row(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    """Of several samples the one of the operation."""
    window = open_window(softmax_session())
    controller, listing = window.controller, listing_of(window)
    qtbot.keyClick(window.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert controller.held == {}
    assert controller.said == text.NO_OPERATION_TO_STOP_AT
    controller.next()
    for held in ([Breakpoint(quantity("z[1,1]"), 1)], []):
        qtbot.keyClick(window.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        assert list(controller.held) == held
    listing.setFocus()
    listing.setCurrentIndex(listing.model().index(5, 0))  # the fourth, below the headings of phase and sample
    qtbot.keyClick(listing, Qt.Key.Key_B)
    assert list(controller.held) == [Breakpoint(quantity("a[1,2]"), 1)]
    qtbot.keyClick(listing, Qt.Key.Key_B)
    controller.add_stop(parse("a[1,2]"))  # of any sample: it is what the mark stands for
    qtbot.keyClick(listing, Qt.Key.Key_B)
    assert controller.held == {}


def test_the_list_says_which_stop_holds_where_one_stands(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Document 003: operation 1 writes z_h1, 7 the loss, 0.27481; the backward phase begins after it."""
    window = open_window()
    panel, controller = panel_of(window, qtbot), window.controller
    for words in ("loss < 0.3", "loss < 0.2", "z[1,1]", "backward"):
        controller.add_stop(parse(words))

    def here() -> list[int]:
        said = [str(panel.model.index(row, STOP).data()) for row in range(4)]
        return [row for row, words in enumerate(said) if words.endswith(", here")]

    places: dict[int, list[int]] = {0: [], 1: [2], 2: [], 6: [], 7: [0, 3], 8: []}
    for operation, rows in places.items():
        controller.seek(1, operation)
        assert here() == rows, operation
    controller.seek(1, 7)
    controller.switch_stop(parse("backward"), False)
    assert here() == [0]  # what is off stops nothing
    drawn = {item.text for item in drawn_by(panel.table.viewport(), panel.table.viewport().rect())}
    assert text.STOP_IS_HERE in drawn
    controller.seek(1, 0)
    controller.choose_unit(Unit.FACTOR)
    controller.next()  # z_h1 is begun and not yet written
    assert here() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("loss < 0.2745", "Stopped: L is 0.2"),
        ("abs dL/dw[2,1,1] < 0.0821", "Stopped: |dL/dw5| is 0.08"),
        ("z[1,2]", "Stopped at the breakpoint z_h2 in iteration 1."),
        ("update", "Stopped at the start of update in iteration 1."),
    ],
)
def test_every_pace_stops_at_the_same_place_and_says_why(
    open_window: OpenWindow, qtbot: QtBot, typed: str, said: str
) -> None:
    window = open_window()
    window.controller.add_stop(parse(typed))
    window.controller.choose_unit(Unit.ITERATION)
    fast = ran(window, qtbot, FASTEST)
    words = window.said.text()
    assert words.startswith(said)
    assert words.endswith(f"in iteration {fast.iteration}.")
    assert window.actions_by_name["run"].text() == "Run"
    window.controller.to_start()
    assert ran(window, qtbot, QUICKEST_UNIT) == fast
    assert window.said.text() == words
    window.controller.to_start()
    window.controller.choose_unit(Unit.PHASE)
    window.controller.choose_limit(fast.iteration)
    assert ran(window, qtbot, QUICKEST_UNIT) == fast


def test_a_stop_set_while_running_counts(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.controller.choose_speed(FASTEST)
    window.controller.run()
    qtbot.waitUntil(lambda: window.controller.frame.cursor.iteration > 50)
    window.controller.add_stop(PhaseStart("backward"))
    qtbot.waitUntil(lambda: not window.controller.is_running)
    assert window.controller.frame.cursor.operation == 7


def test_one_click_goes_to_the_first_value_that_is_not_finite(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(linear_session(1e6))
    controller, notice = window.controller, window.notice
    controller.seek(30)
    bad = controller.frame.not_finite
    assert bad is not None
    assert 1 < bad.iteration < 30
    assert notice.isVisible()
    assert notice.text() == f"Not finite since iteration {bad.iteration} ›"
    qtbot.mouseClick(notice, Qt.MouseButton.LeftButton)
    assert controller.frame.cursor == bad
    assert not notice.isVisible()
    name, sentence = text.rule(controller.frame, controller.frame.operation)  # type: ignore[arg-type]
    assert name == text.NOT_FINITE_RULE
    assert "learning rate" in sentence
    controller.next()
    assert notice.isVisible()
    controller.seek(1)
    assert not notice.isVisible()
    controller.edit("learning_rate", 0.01)
    controller.seek(30)
    assert not notice.isVisible()


def test_stops_stay_where_another_session_is_opened_and_no_file_holds_them(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    before = window.controller.frame.session
    window.controller.add_stop(parse("loss < 0.01"))
    assert window.controller.frame.session == before
    assert not window.controller.is_changed
    window.controller.open("seed-000")
    assert list(window.controller.held) == [parse("loss < 0.01")]
