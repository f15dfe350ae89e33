"""The panel of watched quantities: what it lists and draws, what it follows, and where it leads."""

import json
from importlib.resources import files
from math import isnan, nan

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.quantities import parse
from engine.session import Session
from engine.watching import Watched, parse_watched
from gui.controller.moves import FASTEST
from gui.main_window import MainWindow
from gui.panels.watch import Watch
from gui.theme import DARK, LIGHT, palette_of
from gui.watch.curves import Curve, Curves
from gui.watch.painting import Scale, last_shown, nearest_known, plot_of
from tests.engine import reference
from tests.gui.conftest import OpenWindow, softmax_session
from tests.gui.recording import drawn_by, letters

Key = Qt.Key
W5, Z3, LOSS = "w[2,1,1]", "z[2,1]", "loss"
ALL = (W5, Z3, LOSS, "dL/dz[1,1]", "grad[w[1,1,1]]", "batch_loss")


def shown(window: MainWindow, *names: str) -> Watch:
    """The panel, opened as from the View menu, with these quantities watched."""
    dock = next(dock for dock in window.docks if dock.objectName() == "watch")
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    for name in names:
        window.controller.watch(parse_watched(name, 1))
    panel = window.panels["watch"]
    assert isinstance(panel, Watch)
    return panel


def wait(qtbot: QtBot, window: MainWindow, panel: Watch) -> None:
    """Until the run has come to its end and every curve to what it can know."""
    qtbot.waitUntil(lambda: not window.controller.is_running and not panel.curves.is_active, timeout=30_000)


def row_text(panel: Watch, row: int = 0) -> str:
    return str(panel.model.index(row, 0).data())


def known(panel: Watch, name: str, sample: int = 1) -> list[float]:
    """The curve that is drawn."""
    return panel.model.known(parse_watched(name, sample)).tolist()


def stepped(session: Session, one: Watched, iterations: int) -> list[float]:
    """What a stepper shows at the ends of the iterations."""
    stepper, found = Stepper(session), []
    for t in range(1, iterations + 1):
        frame = stepper.frame_of(t)
        is_there = one.sample is None or one.sample - 1 in frame.trace.rows
        value = frame.value(one.quantity, one.sample) if is_there else nan
        assert value is not None
        found.append(value)
    return found


def assert_as_stepped(window: MainWindow, panel: Watch, iterations: int) -> None:
    for one in panel.model.rows:
        expected = stepped(window.controller.frame.session, one, iterations)
        np.testing.assert_array_equal(panel.model.known(one), expected, str(one))


def test_an_empty_panel_says_how_to_begin(open_window: OpenWindow) -> None:
    window = open_window("seed-003")
    panel = shown(window)
    assert panel.pages.currentIndex() == 0
    empty = panel.pages.currentWidget()
    assert isinstance(empty, QLabel)
    assert "Ctrl+D" in empty.text()
    assert not panel.back.isEnabled()
    assert not panel.remove.isEnabled()


def test_ctrl_d_watches_what_is_selected_and_leaves_the_keyboard_where_it_is(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window("seed-003")
    panel = window.panels["watch"]
    qtbot.keyClick(window.canvas, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.said.text().startswith("Select a quantity first")
    window.controller.select(parse(W5))
    qtbot.keyClick(window.canvas, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(panel, Watch)
    assert panel.isVisible()
    assert window.canvas.hasFocus()
    assert row_text(panel) == "w5 = 0.4, no value yet"
    assert window.said.text() == "w5 is watched in the panel Watch."
    window.controller.select(None)
    window.controller.seek(1, 5)
    window.actions_by_name["watch"].trigger()
    assert list(map(str, panel.model.rows)) == [W5, "z[2,1] of sample 1"]
    assert row_text(panel, 1) == "z_out = 1.1059, 1 value"  # document 003
    window.actions_by_name["watch"].trigger()
    assert len(panel.model.rows) == 2
    assert panel.rows.currentIndex().row() == 1


def test_what_is_watched_before_the_panel_is_opened_stands_there(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    window.controller.watch(parse_watched(W5, 1))
    window.controller.watch(parse_watched("w[9,9,9]", 1))
    window.controller.seek(5, 0)
    panel = shown(window)
    wait(qtbot, window, panel)
    assert row_text(panel) == f"w5 = {textbook(W5, 4)[-1]:.5g}, curve of 4 iterations"
    assert row_text(panel, 1) == "w[9,9,9]: The network has no w[9,9,9]."
    assert panel.rows.rowHeight(1) == panel.rows.rowHeight(0) > 0


def test_a_name_is_typed_red_while_it_is_wrong(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(softmax_session())
    panel = shown(window)
    red = palette_of(LIGHT)
    for typed, reason in (
        ("w[1,1", "'w[1,1' is no quantity; write for example z[1,2] or w[1,2,1]."),
        ("w[9,1,1]", "The network has no w[9,1,1]."),
        ("velocity[w[1,1,1]]", "Nothing computes velocity[w[1,1,1]] here."),
        ("loss of sample 4", "No sample 4 is trained; samples are 1 to 3."),
    ):
        panel.name.clear()
        qtbot.keyClicks(panel.name, typed)
        assert panel.name.toolTip() == reason
        assert panel.name.palette().text().color().name().upper() == LIGHT.error != red.text().color().name()
        qtbot.keyClick(panel.name, Key.Key_Return)
        assert window.said.text() == reason
        assert panel.name.text() == typed
        assert not window.controller.watched
    panel.name.clear()
    qtbot.keyClicks(panel.name, "dL/dz[1,4] of sample 3")
    assert panel.name.palette().text().color().name().upper() == LIGHT.ink
    qtbot.keyClick(panel.name, Key.Key_Return)
    assert list(map(str, window.controller.watched)) == ["dL/dz[1,4] of sample 3"]
    assert panel.name.text() == ""


def test_the_buttons_and_keys_remove_the_current_row(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window, W5, Z3, LOSS)
    panel.rows.setCurrentIndex(panel.model.index(1, 0))
    qtbot.keyClick(panel.rows, Key.Key_Delete)
    assert list(map(str, window.controller.watched)) == [W5, "loss of sample 1"]
    assert panel.rows.currentIndex().row() == 1
    qtbot.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
    assert panel.pages.currentIndex() == 0
    assert not panel.remove.isEnabled()


def test_a_curve_shows_no_iteration_before_its_operation(open_window: OpenWindow) -> None:
    window = open_window("seed-003")
    panel = shown(window, *ALL)
    for iteration in (1, 2):
        for operation in range(window.controller.frame.program.count + 1):
            window.controller.seek(iteration, operation)
            frame = window.controller.frame
            for one in panel.model.rows:
                is_written = frame.is_written(one.quantity, one.sample)
                assert len(panel.model.known(one)) == iteration - (not is_written), (frame.cursor, str(one))
    window.controller.seek(3, 10)
    window.controller.seek(1, 0)
    assert {name: len(known(panel, name)) for name in ALL} == dict.fromkeys(ALL, 3)


def test_it_follows_a_run_an_edit_and_an_undo(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.gradually.MOST", 20)
    window = open_window("seed-003")
    panel = shown(window, *ALL)
    window.controller.choose_limit(300)
    window.controller.choose_speed(FASTEST)
    window.controller.run()
    wait(qtbot, window, panel)
    assert_as_stepped(window, panel, 300)
    window.controller.seek(120, 3)
    before = {name: known(panel, name) for name in ALL}
    window.controller.edit("w[1,2,1]", -1.5)
    window.controller.seek(150, 32)
    wait(qtbot, window, panel)
    assert_as_stepped(window, panel, 150)
    assert known(panel, LOSS)[:119] == before[LOSS][:119]
    assert known(panel, LOSS)[119] != before[LOSS][119]
    window.controller.undo()
    window.controller.seek(300, 32)
    wait(qtbot, window, panel)
    assert {name: known(panel, name) for name in ALL} == before


def test_another_session_begins_anew_and_what_it_does_not_have_is_kept(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(softmax_session())
    names = (W5, "w[2,3,4]", "first_moment[w[1,1,1]]", "loss of sample 3")
    panel = shown(window, *names)
    window.controller.seek(9, 0)
    wait(qtbot, window, panel)
    assert all(len(known(panel, name)) == 8 for name in names)
    window.controller.open("seed-003")
    window.controller.seek(4, 0)
    wait(qtbot, window, panel)
    assert [row_text(panel, row) for row in range(4)] == [
        f"w5 = {textbook(W5, 3)[-1]:.5g}, curve of 3 iterations",
        "w[2,3,4]: The network has no w[2,3,4].",
        "first_moment[w[1,1,1]]: Nothing computes first_moment[w[1,1,1]] here.",
        "loss of sample 3: No sample 3 is trained; samples are 1 to 1.",
    ]
    drawn = [item.text for item in drawn_by(panel.rows.viewport())]
    assert "The network has no w[2,3,4]." in drawn
    assert known(panel, W5) == pytest.approx(textbook(W5, 3), rel=1e-12)
    panel.rows.setCurrentIndex(panel.model.index(1, 0))
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert window.said.text() == "w[2,3,4]: The network has no w[2,3,4]."
    assert window.controller.frame.cursor == (4, 0, 0)
    click(qtbot, panel, panel.rows.visualRect(panel.model.index(1, 0)).topLeft() + QPoint(20, 12))
    assert window.controller.focus.selected is None


def click(qtbot: QtBot, panel: Watch, place: QPoint) -> None:
    qtbot.mouseClick(panel.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)


def textbook(name: str, iterations: int) -> list[float]:
    """A parameter of document 003 after each iteration, by the textbook."""
    session = json.loads(files("resources").joinpath("examples/seed-003.chainstep.json").read_text("utf-8"))
    return [step["parameters"][name] for step in reference.train(session, iterations)]


def test_back_to_the_last_change_of_sign(open_window: OpenWindow, qtbot: QtBot) -> None:
    """w5 of document 003 begins at 0.4 and once becomes negative; another is made by an edit."""
    window = open_window("seed-003")
    panel = shown(window, W5)
    window.controller.seek(60, 2)
    wait(qtbot, window, panel)
    signs = [value > 0 for value in textbook(W5, 60)]
    change = signs.index(False) + 1
    assert signs == [True] * (change - 1) + [False] * (61 - change)
    panel.rows.setFocus()
    qtbot.keyClick(panel.rows, Key.Key_Return)
    frame = window.controller.frame
    assert frame.cursor.iteration == change
    assert frame.operation is not None
    assert (frame.operation.quantity, frame.cursor.factor) == (parse(W5), 0)
    assert frame.operation.value < 0
    assert window.said.text() == f"w5 changed its sign here, in iteration {change}: it became {frame_value(window)}."
    there = frame.cursor
    qtbot.keyClick(panel.rows, Key.Key_Return)
    assert window.controller.frame.cursor == there
    assert window.said.text() == "w5 has not changed its sign before this place."
    window.controller.seek(there.iteration, there.operation - 1)
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert window.controller.frame.cursor == (there.iteration, there.operation - 1, 0)
    window.controller.seek(40)
    window.controller.edit(parse(W5), 2.0)
    window.controller.seek(41, 0)
    wait(qtbot, window, panel)
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert window.controller.frame.cursor == (40, there.operation, 0)


def frame_value(window: MainWindow) -> str:
    value = window.controller.frame.value(parse(W5))
    return f"{value:.5g}".replace("-", "−")


def test_a_way_back_that_is_not_computed_yet_is_said(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.gradually.MOST", 5)
    window = open_window("seed-003")
    panel = shown(window, W5)
    window.controller.seek(60, 2)
    assert len(known(panel, W5)) < 59
    qtbot.keyClick(panel.rows, Key.Key_Return)
    assert window.said.text().startswith("The curve of w5 is computed up to iteration ")
    assert window.controller.frame.cursor == (60, 2, 0)
    wait(qtbot, window, panel)


def place_of(panel: Watch, row: int, iteration: int) -> QPoint:
    """Where an iteration lies on a row's curve."""
    plot = plot_of(QRectF(panel.rows.visualRect(panel.model.index(row, 0))))
    assert panel.model.frame is not None
    return QPoint(round(Scale(plot, last_shown(panel.model.frame)).x(iteration)), round(plot.center().y()))


def test_the_pointer_reads_a_curve_and_a_click_goes_there(open_window: OpenWindow, qtbot: QtBot) -> None:
    """A sample of every second batch is read and found in its own iterations only."""
    window = open_window(softmax_session())
    panel = shown(window, "batch_loss", "dL/dz[2,1] of sample 3")
    window.controller.seek(20, 0)
    wait(qtbot, window, panel)
    values = known(panel, "dL/dz[2,1]", 3)
    assert [isnan(value) for value in values] == [True, False] * 9 + [True]
    viewport: QWidget = panel.rows.viewport()
    qtbot.mouseMove(viewport, place_of(panel, 1, 8))
    drawn = [item.text for item in drawn_by(viewport)]
    assert f"iteration 8: {values[7]:.5g}".replace("-", "−") in drawn
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    QApplication.sendEvent(panel.rows, QEvent(QEvent.Type.Leave))
    assert panel.model.hovered is None
    click(qtbot, panel, place_of(panel, 1, 8))
    frame = window.controller.frame
    assert frame.operation is not None
    assert (frame.cursor.iteration, frame.operation.quantity, frame.sample) == (8, parse("dL/dz[2,1]"), 3)
    assert panel.rows.currentIndex().row() == 1
    assert f"{values[7]:.5g}".replace("-", "−") in [item.text for item in drawn_by(viewport)]


def test_the_pointer_on_a_curve_that_an_edit_cuts_short_reads_no_more(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window, W5)
    window.controller.seek(20, 0)
    wait(qtbot, window, panel)
    qtbot.mouseMove(panel.rows.viewport(), place_of(panel, 0, 15))
    assert panel.model.hovered == (0, 15)
    window.controller.seek(3, 0)
    window.controller.edit("w[1,1,1]", 0.25)
    drawn = [item.text for item in drawn_by(panel.rows.viewport())]
    assert not any(words.startswith("iteration") for words in drawn)


def test_a_curve_that_still_grows_says_so(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.gradually.MOST", 5)
    window = open_window("seed-003")
    panel = shown(window, W5)
    window.controller.seek(60, 2)
    assert "the rest follows" in [item.text for item in drawn_by(panel.rows.viewport())]
    wait(qtbot, window, panel)
    assert "the rest follows" not in [item.text for item in drawn_by(panel.rows.viewport())]


def test_a_click_beside_the_curve_selects_the_quantity(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window, W5, Z3)
    window.controller.seek(3, 0)
    rect = panel.rows.visualRect(panel.model.index(1, 0))
    click(qtbot, panel, rect.topLeft() + QPoint(20, 12))
    assert window.controller.focus.selected == parse(Z3)
    assert window.controller.frame.cursor == (3, 0, 0)


def test_a_row_says_symbol_value_largest_and_smallest(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window, W5)
    window.controller.seek(50, 32)
    wait(qtbot, window, panel)
    values = textbook(W5, 50)
    drawn = [letters(item.text) for item in drawn_by(panel.rows.viewport())]
    ends = [f"{value:#.4g}".replace("-", "−") for value in (max(values), min(values))]
    assert drawn == ["w", "5", f"{values[-1]:.5g}".replace("-", "−"), *ends, "0"]


@pytest.mark.parametrize("is_closed", [True, False])
def test_nothing_is_computed_out_of_sight(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, is_closed: bool
) -> None:
    """Neither in a closed panel nor in one behind another's tab, where work was going on."""
    monkeypatch.setattr("gui.gradually.MOST", 5)
    window = open_window("seed-003")
    panel = shown(window, W5)
    window.controller.seek(30, 0)
    dock = next(dock for dock in window.docks if dock.objectName() == "watch")
    if is_closed:
        dock.hide()
    else:
        window.show_panel("parameters")
    qtbot.waitUntil(lambda: not panel.curves.is_active)
    window.controller.seek(40, 0)
    QApplication.processEvents()
    assert len(panel.curves.values(Watched(parse(W5)))) < 29
    window.show_panel("watch")
    wait(qtbot, window, panel)
    assert_as_stepped(window, panel, 39)


def test_it_paints_light_and_dark(open_window: OpenWindow, application: QApplication) -> None:
    window = open_window("seed-003")
    panel = shown(window, W5, "dL/dz[1,1]", "w[7,7,7]")
    window.controller.seek(30, 0)
    colors = []
    for theme in (LIGHT, DARK):
        application.setPalette(palette_of(theme))
        QApplication.processEvents()
        image = panel.rows.viewport().grab().toImage()
        names = {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(4, 80, 2)}
        assert {theme.surface, theme.accent} <= names
        colors.append(names)
    assert LIGHT.surface not in colors[1]


@pytest.mark.parametrize(
    ("low", "high", "value", "y"),
    [(0, 10, 10, 20), (0, 10, 0, 60), (-1, 1, 0, 40), (3, 3, 3, 40), (-1.7e308, 1.7e308, 0, 40)],
)
def test_the_scale_of_values(low: float, high: float, value: float, y: float) -> None:
    scale = Scale(QRectF(10, 20, 90, 40), 10, low, high)
    assert scale.y(value) == pytest.approx(y)


def test_the_scale_of_iterations() -> None:
    scale = Scale(QRectF(10, 20, 90, 40), 10)
    assert [scale.x(t) for t in (1, 5.5, 10)] == [10, 55, 100]
    assert [scale.iteration(x) for x in (10, 15.1, 100, 110, 0)] == [1, 2, 10, 11, 0]


@pytest.mark.parametrize(
    ("values", "iteration", "expected"),
    [([], 3, None), ([nan], 1, None), ([1.0, nan, nan, 2.0], 2, 1), ([1.0, nan, nan, 2.0], 3, 4), ([1.0, 2.0], 9, 2)],
)
def test_the_nearest_iteration_with_a_value(values: list[float], iteration: int, expected: int | None) -> None:
    assert nearest_known(np.array(values), iteration) == expected


def test_a_curve_grows_and_forgets() -> None:
    curve, numbers = Curve(), np.arange(5000.0)
    for first in range(1, 5001, 700):
        curve.put(first, numbers[first - 1 : first + 699])
    assert curve.values.tolist() == numbers.tolist()
    curve.forget_from(11)
    assert curve.count == 10
    curve.put(5, numbers[4:8])
    assert curve.values.tolist() == numbers[:10].tolist()


def test_a_run_has_precedence(application: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its frames is followed by one slice, and the rest by many when it is over."""
    monkeypatch.setattr("gui.gradually.MOST", 20)
    stepper, curves, one = Stepper(open_session("seed-003")), Curves(), Watched(parse(W5))
    curves.run(True)
    for frame in (1, 2, 3):
        stepper.run(100)
        curves.follow(stepper.frame, [one])
        QApplication.processEvents()
        assert 0 < len(curves.values(one)) <= 20 * frame
        assert not curves.is_active
    curves.run(False)
    qtbot.waitUntil(lambda: not curves.is_active)
    curves.run(True)
    assert curves.values(one).tolist() == stepped(stepper.session, one, 300)


def test_an_edit_keeps_what_was_computed_before_it(application: QApplication, qtbot: QtBot) -> None:
    """And a quantity that comes later leaves the curves of the others whole."""
    stepper, curves = Stepper(open_session("seed-003")), Curves()
    one, other = Watched(parse(W5)), Watched(parse(Z3), 1)
    stepper.seek(100)
    curves.follow(stepper.frame, [one])
    qtbot.waitUntil(lambda: not curves.is_active)
    stepper.seek(90)
    stepper.edit("b[2,1]" if "b[2,1]" in stepper.parameters() else "b[2]", 0.5)
    curves.run(True)
    curves.follow(stepper.frame, [one])
    assert len(curves.values(one)) >= 89
    curves.follow(stepper.frame, [one, other])
    assert len(curves.values(one)) >= 89
    curves.run(False)
    qtbot.waitUntil(lambda: not curves.is_active)
    for each in (one, other):
        assert curves.values(each).tolist() == stepped(stepper.session, each, 90)
