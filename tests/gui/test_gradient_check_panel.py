"""The gradient check as a panel: its rows against the trace, its slices, its nudge, and what it asks for."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.expressions import plain
from engine.gradient_check import GradientRow, Nudge, check_gradients
from engine.quantities import parse
from engine.trace import Trace
from gui import gradually, text
from gui.main_window import MainWindow
from gui.panels import gradient_check
from gui.panels.gradient_check import ANALYTIC, APART, NUMERIC, SYMBOL, VERDICT, GradientCheck
from gui.theme import DARK, palette_of
from tests.engine import reference
from tests.engine.networks import complete_session, random_initial, random_numbers
from tests.gui.conftest import OpenWindow, softmax_session
from tests.gui.recording import drawn_by, parsed

LEFT = Qt.MouseButton.LeftButton


def shown(window: MainWindow) -> GradientCheck:
    """The panel, opened as from the View menu."""
    dock = next(dock for dock in window.docks if dock.objectName() == "gradient_check")
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    panel = window.panels["gradient_check"]
    assert isinstance(panel, GradientCheck)
    return panel


def wait(qtbot: QtBot, panel: GradientCheck) -> None:
    qtbot.waitUntil(lambda: panel.isVisible() and not panel.checking.is_active, timeout=60_000)


def large_session() -> dict[str, Any]:
    """64-64-64-10: 8,970 parameters, and one sample."""
    rng = Random(1)
    layers = [{"neurons": n, "activation": "tanh", "bias": "per_neuron"} for n in (64, 64, 10)]
    return complete_session(
        64,
        layers,
        initial=random_initial(rng, 64, layers),
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.01},
        data={"kind": "values", "inputs": [random_numbers(rng, 64, 1)], "targets": [random_numbers(rng, 10, 1)]},
    )


def test_it_is_closed_and_idle_until_asked_for(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Trace] = []
    monkeypatch.setattr(gradient_check, "check_gradients", lambda trace: counted(trace, checked))
    window = open_window("seed-003")
    window.controller.seek(3, 5)
    assert checked == []
    panel = shown(window)
    assert [trace.iteration for trace in checked] == [3]
    window.controller.seek(3, 20)
    assert [trace.iteration for trace in checked] == [3]
    window.controller.seek(4)
    window.controller.edit("w[2,1,1]", 0.7)
    assert [trace.iteration for trace in checked] == [3, 4, 4]
    panel.hide()
    window.controller.seek(5)
    assert len(checked) == 3


def counted(trace: Trace, checked: list[Trace]) -> Iterator[GradientRow]:
    checked.append(trace)
    return check_gradients(trace)


@pytest.mark.parametrize("source", ["seed-003", softmax_session()], ids=["seed-003", "softmax"])
def test_rows_are_the_traces_gradients_and_the_textbooks_differences(
    open_window: OpenWindow, qtbot: QtBot, source: Any
) -> None:
    window = open_window(source)
    panel, frame = shown(window), window.controller.frame
    wait(qtbot, panel)
    names = list(frame.parameters())
    assert panel.model.rowCount() == len(names)
    quotients = textbook(source) if isinstance(source, dict) else {}
    for row, name in enumerate(names):
        cells = [str(panel.model.index(row, column).data()) for column in range(5)]
        analytic = frame.trace.new("gradient", name)
        assert cells[SYMBOL] == plain(frame.narrator.symbol(name))
        assert parsed(cells[ANALYTIC].replace("e−", "e-")) == pytest.approx(analytic, rel=1e-4)
        assert parsed(cells[NUMERIC].replace("e−", "e-")) == pytest.approx(quotients.get(str(name), analytic), rel=1e-4)
        assert cells[VERDICT] == "agrees"
        assert "e−1" in cells[APART] or cells[APART] == "0"
    assert panel.headline.text() == f"{len(names)} gradients: {len(names)} agree"
    assert panel.iteration.text() == "iteration 1"


def textbook(session: dict[str, Any]) -> dict[str, float]:
    """The central differences of the textbook's loss by name."""
    parameters = reference.initial_parameters(session)
    return reference.central_differences(session, parameters, reference.batch_rows(session, 1))


def test_a_large_network_is_checked_in_slices(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No slice takes more rows than it may, and the window has its turn between two."""
    window = open_window(large_session())
    taken: list[int] = []
    panel = window.panels["gradient_check"]
    assert isinstance(panel, GradientCheck)
    take = panel.checking._take

    def recorded(rows: list[GradientRow]) -> None:
        taken.append(len(rows))
        take(rows)

    monkeypatch.setattr(panel.checking, "_take", recorded)
    shown(window)
    count = window.controller.frame.program.parameters.count
    assert count == 64 * 64 * 2 + 64 * 10 + 64 + 64 + 10
    assert panel.checking.is_active
    assert f"{count:,} gradients: " in panel.headline.text()
    assert panel.headline.text().endswith("checked …")
    assert panel.model.index(count - 1, VERDICT).data() == text.TO_COME
    wait(qtbot, panel)
    assert sum(taken) == count
    assert max(taken) <= gradually.MOST
    assert panel.headline.text() == f"{count:,} gradients: {count:,} agree"


def test_closing_it_ends_the_work_and_opening_it_begins_again(open_window: OpenWindow) -> None:
    window = open_window(large_session())
    panel = shown(window)
    assert panel.checking.is_active
    dock = next(dock for dock in window.docks if dock.objectName() == "gradient_check")
    dock.close()
    assert not panel.checking.is_active
    dock.toggleViewAction().trigger()
    assert panel.checking.is_active


def test_a_click_selects_everywhere_and_the_pointer_lights(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window)
    wait(qtbot, panel)
    names = list(window.controller.frame.parameters())
    place = panel.table.visualRect(panel.model.index(5, NUMERIC)).center()
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=place)
    assert window.controller.focus.selected == names[5]
    panel.table.entered.emit(panel.model.index(2, SYMBOL))
    assert window.controller.focus.hovered == (names[2],)
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.model.index(7, SYMBOL))
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert window.controller.focus.selected == names[7]


def test_the_nudge_is_of_the_selected_parameter(open_window: OpenWindow) -> None:
    """Document 003's network, against the textbook's gradient by the complex step."""
    window = open_window("seed-003")
    panel, slopes = shown(window), slopes_of_003()
    for selected, name, symbol in (("", "w[1,1,1]", "w1"), ("w[2,1,1]", "w[2,1,1]", "w5"), ("dL/db[2]", "b[2]", "b2")):
        if selected:
            window.controller.select(parse(selected))
        figures = figures_of(slopes[name] * 0.01)
        assert panel.nudge.what.text() == f"Move {symbol} by"
        assert re.match(rf"{symbol} \+ 0.01: the gradient predicts \+[0.]*{figures}", panel.nudge.said.text())
        assert "the loss moves by +" in panel.nudge.said.text()
        assert "of the prediction" in panel.nudge.why.text()


def slopes_of_003() -> dict[str, float]:
    with files("resources").joinpath("examples", "seed-003.chainstep.json").open(encoding="utf-8") as file:
        session = json.load(file)
    return reference.gradient(session, reference.initial_parameters(session), [0])


def figures_of(value: float) -> str:
    """The first five figures that count, as a pattern in which a point may stand behind each."""
    return r"\.?".join(f"{abs(value):.4e}".partition("e")[0].replace(".", ""))


def test_a_step_is_an_expression_and_a_wrong_one_is_refused(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window)
    enter(qtbot, panel, "-1/8")
    figures = figures_of(slopes_of_003()["w[1,1,1]"] / 8)
    assert re.match(f"w1 − 0.125: the gradient predicts −{figures}", panel.nudge.said.text())
    for wrong, reason in (("abc", "abc is not a number. Still -0.125."), ("0", f"{text.NO_STEP} Still -0.125.")):
        enter(qtbot, panel, wrong)
        assert window.said.text() == reason
        assert panel.nudge.step.text() == "-0.125"
        assert panel.nudge.said.text().startswith("w1 − 0.125")


def enter(qtbot: QtBot, panel: GradientCheck, typed: str) -> None:
    panel.nudge.step.setFocus()
    panel.nudge.step.selectAll()
    qtbot.keyClicks(panel.nudge.step, typed)
    qtbot.keyClick(panel.nudge.step, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (0.00082167, 0.00082862, ("+0.00082167", "+0.00082862")),
        (0.25, 0.25, ("+0.25000", "+0.25000")),
        (-1.5, -1.500000001, ("−1.500000000", "−1.500000001")),
        (2e-9, -3e-9, ("+2.0000 · 10⁻⁹", "−3.0000 · 10⁻⁹")),
        (0.0, 0.0, ("+0.0000", "+0.0000")),
        (1e-320, 0.0, ("+0.0000000000000000", "+0.0000000000000000")),
        (float("inf"), 1.0, ("∞", "1")),
    ],
)
def test_two_numbers_stand_in_one_format(first: float, second: float, shown: tuple[str, str]) -> None:
    assert text.side_by_side(first, second) == shown


def test_rounding_is_not_taken_for_a_bend() -> None:
    name = parse("w[1,1,1]")
    assert text.why_apart(Nudge(name, 1e-9, 1e-10, 1e-10 + 1e-17), 0.3) == text.why_apart(Nudge(name, 1, 2, 2), 0.3)
    assert "finite" in text.why_apart(Nudge(name, 1.0, 1.0, float("nan")), 0.3)
    assert text.why_apart(Nudge(name, 1.0, 1e9, 1e9 + 1e-6), 0.3) == text.why_apart(Nudge(name, 1, 2, 2), 0.3)
    assert "50 %" in text.why_apart(Nudge(name, 1.0, 1.0, 1.5), 0.3)


def test_what_is_off_and_what_is_at_a_kink_is_counted() -> None:
    name = parse("w[1,1,1]")
    good, off = GradientRow(name, 1.0, 1.0, 1e-9), GradientRow(name, 1.0, 2.0, 1e-9)
    kink = GradientRow(name, 1.0, 2.0, 1e-9, parse("z[1,1]"))
    assert text.checked([good, good, off, kink], 4) == "4 gradients: 2 agree, 1 is off, 1 at a kink"
    assert text.checked([good], 1) == "1 gradient: 1 agrees"
    assert [text.verdict(row) for row in (good, off, kink, None)] == ["agrees", "is off", "at a kink", "…"]


def test_it_paints_in_both_themes_at_the_narrow_width(
    open_window: OpenWindow, application: QApplication, qtbot: QtBot
) -> None:
    window = open_window("seed-003", 1280, 800)
    panel = shown(window)
    wait(qtbot, panel)
    assert panel.table.accessibleName()
    assert panel.nudge.step.accessibleName()
    for _ in range(2):
        drawn = [item.text for item in drawn_by(panel.table.viewport())]
        assert drawn.count("agrees") == 8
        assert {"0.082167", "0.13850"} <= set(drawn)
        application.setPalette(palette_of(DARK))
