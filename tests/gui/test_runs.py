"""Runs that were left: which are kept and how they are named, how two are compared, and the way back to one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import Stepper, Unit, open_session
from engine.activations import Array
from engine.cursor import Cursor
from engine.edits import fitted
from engine.quantities import parse
from engine.session import Session
from engine.spec import OptimizerChoice
from gui import gradually, text
from gui.controller import Controller, slices
from gui.main_window import MainWindow
from gui.panels.loss import LossPlot
from gui.panels.runs import RunsPanel
from gui.runs import run as run_module
from gui.runs.differences import Differences
from gui.runs.listing import ROW, RunsModel
from gui.runs.run import MOST_RUNS, Run, Runs, is_lost
from gui.runs.table import DIFFERENCE, FIRST, SECOND, SYMBOL
from gui.theme import DARK, LIGHT, Theme, palette_of
from tests.engine import reference
from tests.gui.conftest import OpenWindow, softmax_session

W5 = parse("w[2,1,1]")
SYMBOLS = {
    "w[1,1,1]": "w1", "w[1,1,2]": "w2", "w[1,2,1]": "w3", "w[1,2,2]": "w4", "b[1]": "b1", "w[2,1,1]": "w5",
    "w[2,1,2]": "w6", "b[2]": "b2",
}  # fmt: skip
LEFT, Key = Qt.MouseButton.LeftButton, Qt.Key
ADAM = OptimizerChoice("adam", 0.05)


class Listener:
    """A controller with its runs and what sets two of them apart, as it has sent them."""

    def __init__(self, source: Any = "seed-003") -> None:
        self.controller = Controller(open_session(source))
        self.sent: list[Runs] = []
        self.differences: list[Differences | int] = []
        self.controller.runs_changed.connect(self.sent.append)
        self.controller.differences_changed.connect(self.differences.append)

    @property
    def runs(self) -> Runs:
        return self.sent[-1] if self.sent else Runs()

    @property
    def left(self) -> list[tuple[str, int]]:
        """Names and lengths, the last one left first."""
        return [(run.name, len(run.losses)) for run in self.runs.left]

    @property
    def shown(self) -> Differences:
        """What was sent last."""
        last = self.differences[-1]
        assert isinstance(last, Differences)
        return last

    @property
    def session(self) -> Session:
        return self.controller.frame.session

    def change(self, optimizer: OptimizerChoice = ADAM) -> None:
        self.controller.change(replace(self.session.spec, optimizer=optimizer))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is near is done at once on a slow machine, too."""
    monkeypatch.setattr(slices, "AT_ONCE", 60.0)
    monkeypatch.setattr(gradually, "SLICE", 60.0)


@pytest.fixture
def listen(application: Any) -> Callable[..., Listener]:
    return Listener


def bits(losses: Array) -> list[str]:
    return [float(loss).hex() for loss in losses]


# Which are kept


def test_an_edit_leaves_the_run_that_it_ends(listen: Callable[..., Listener]) -> None:
    listener = listen()
    controller = listener.controller
    controller.seek(12, 32)
    losses, spec = bits(controller.frame.losses), listener.session.spec
    controller.seek(3, 5)
    controller.edit(W5, 0.9)
    assert listener.left == [("Before w5 = 0.9, iteration 3", 12)]
    run = listener.runs.left[0]
    assert (run.session.spec, run.session.edits, run.session.cursor) == (spec, (), Cursor(12, 32))
    controller.seek(40)
    assert bits(run.losses) == losses
    assert not run.losses.flags.writeable
    assert run.losses.base is None, "a piece of a larger array would keep all of it"


def test_another_spec_undo_and_redo_leave_runs(listen: Callable[..., Listener]) -> None:
    listener = listen()
    controller = listener.controller
    controller.seek(8, 32)
    listener.change()
    descent = ("With optimizer = gradient descent, η = 0.5", 8)
    assert listener.left == [descent]
    controller.seek(5, 0)
    controller.undo()
    assert len(controller.frame.losses) == 8
    adam = ("With optimizer = Adam, η = 0.05", 4)
    assert listener.left == [adam], "the first run is the present one again"
    controller.redo()
    assert listener.left == [descent, adam]
    controller.seek(2, 0)
    controller.edit("learning_rate", 0.2)
    controller.seek(4, 64)
    controller.undo()
    assert listener.left == [("With η = 0.2, iteration 2", 4), descent, adam]


def test_an_edit_that_replaces_another_names_the_first(listen: Callable[..., Listener]) -> None:
    listener = listen()
    for value, iterations in ((0.9, 5), (0.7, 7)):
        listener.controller.edit(W5, value)
        listener.controller.seek(iterations, 32)
        listener.controller.to_start()
    listener.controller.edit("b[2]", 0.1)
    assert listener.left == [("Before b2 = 0.1, iteration 1", 7), ("With w5 = 0.9, iteration 1", 5)]


def test_nothing_is_left_where_nothing_is_lost(listen: Callable[..., Listener]) -> None:
    listener = listen()
    controller = listener.controller
    controller.edit(W5, 0.9)
    listener.change()
    controller.undo()
    controller.undo()
    controller.seek(6, 20)
    controller.edit(W5, 0.8)  # this iteration alone is computed anew
    controller.seek(6, 32)
    controller.enter_next([])
    controller.show_in("layered")
    assert listener.left == []


def test_a_run_done_again_is_listed_once(listen: Callable[..., Listener]) -> None:
    listener = listen()
    for iterations in (5, 9):
        listener.controller.seek(iterations, 32)
        listener.controller.to_start()
        listener.controller.edit(W5, 0.9)
        listener.controller.undo()
    assert listener.left == [("Before w5 = 0.9, iteration 1", 9)]


def test_only_optimizers_of_one_example_stay_beside_one_another(listen: Callable[..., Listener]) -> None:
    listener = listen("valley-adam")
    controller = listener.controller
    controller.seek(6, 0)
    controller.edit(parse("w[1,1,1]"), 0.5)
    controller.open("valley-momentum")
    assert listener.left == [("Adam, edited", 5)]
    controller.seek(4, 0)
    controller.open("valley-momentum")
    assert listener.left == [("Adam, edited", 5)], "what is opened again begins anew"
    controller.open("seed-003")
    assert listener.left == []


def run_of(losses: int, session: Session) -> Run:
    """A run with edits of its own, so that none holds another."""
    return Run(str(losses), session, np.ones(losses))


def sessions(count: int) -> list[Session]:
    stepper = Stepper(open_session("seed-003"))
    made = []
    for number in range(count):
        stepper.edit("w[2,1,1]", 0.1 * number)
        made.append(stepper.session)
    return made


def test_only_so_many_runs_and_bytes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs()
    for place, session in enumerate(sessions(MOST_RUNS + 3), 1):
        runs = runs.keeping(run_of(place, session))
    assert [len(run.losses) for run in runs.left] == list(range(MOST_RUNS + 3, 3, -1))
    monkeypatch.setattr(run_module, "MOST_BYTES", 8 * 100)
    large, small = (run_of(count, session) for count, session in zip((99, 1), sessions(2), strict=True))
    assert Runs().keeping(large).keeping(small).left == (small, large)
    assert Runs((small,)).keeping(run_of(100, sessions(3)[2])).left != (small,)
    kept = Runs((large, small)).keeping(run_of(2, sessions(3)[2])).left
    assert [len(run.losses) for run in kept] == [2]
    huge = run_of(101, sessions(3)[2])
    assert Runs((small,)).keeping(huge).left == (huge,), "the last one left is kept however large"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [], False), ([], [1.0], False), ([1.0], [], True), ([1.0, 2.0], [1.0, 2.0], False),
        ([1.0, 2.0], [1.0, 3.0], False), ([1.0, 2.0], [3.0, 2.0], True), ([1.0, 2.0], [1.0, 3.0, 4.0], True),
        ([1.0, float("nan")], [1.0, float("nan"), 2.0], False), ([1.0, 2.0, 3.0], [1.0, 2.0], True),
    ],
)  # fmt: skip
def test_losses_are_lost_where_others_take_their_place(
    before: list[float], after: list[float], expected: bool
) -> None:
    assert is_lost(np.array(before), np.array(after)) == expected


# The way back


def test_a_return_computes_the_very_same_losses_and_is_undone(listen: Callable[..., Listener]) -> None:
    listener = listen()
    controller = listener.controller
    controller.seek(4, 32)
    controller.edit("b[2]", 0.3)
    controller.seek(15, 32)
    controller.seek(2)
    listener.change()
    controller.seek(7, 10)
    before, in_hand = listener.session, bits(controller.frame.losses)
    (run,) = listener.runs.left
    kept, parameters = bits(run.losses), after(run)
    controller.return_to(run)
    assert bits(controller.frame.losses) == kept
    assert controller.frame.parameters() == parameters
    assert controller.frame.cursor == Cursor(15, 32)
    assert listener.session.spec == run.session.spec
    assert listener.session.edits == run.session.edits
    assert listener.left == [("With optimizer = Adam, η = 0.05", len(in_hand))]
    assert bits(listener.runs.left[0].losses) == in_hand
    assert controller.said == f"Returned to: {run.name}. Ctrl+Z takes it back."
    controller.undo()
    assert listener.session == before
    assert [name for name, _ in listener.left] == ["With optimizer = gradient descent, η = 0.5"]


def after(run: Run) -> dict[Any, float]:
    """The parameters at the end of a run, by a stepper that has never left it."""
    stepper = Stepper(run.session)
    return stepper.frame.parameters()


def test_after_a_return_the_session_is_still_that_of_its_file(listen: Callable[..., Listener]) -> None:
    listener = listen("valley-adam")
    controller = listener.controller
    controller.seek(9, 0)
    controller.open("valley-momentum")
    title = listener.session.title
    controller.return_to(listener.runs.left[0])
    assert (listener.session.title, controller.source) == (title, "valley-momentum")
    assert controller.is_changed
    assert listener.session.spec.optimizer.name == "adam"


def test_a_return_that_is_stopped_on_the_way_keeps_the_run(
    listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = listen()
    controller = listener.controller
    controller.seek(300, 32)
    controller.seek(1)
    listener.change()
    monkeypatch.setattr(slices, "AT_ONCE", 0.0)
    controller.return_to(listener.runs.left[0])
    assert controller.is_running
    controller.pause()
    assert listener.session.spec.optimizer.name == "gradient_descent"
    assert len(controller.frame.losses) < 300
    assert [len(run.losses) for run in listener.runs.left] == [300]


# Two compared


def two_rates(listener: Listener) -> None:
    """A run of 6 iterations at a learning rate of 0.1, and the present one of 4 at 0.4; both are chosen."""
    controller = listener.controller
    controller.seek(6)
    controller.to_iteration_end()
    controller.to_start()
    listener.change(listener.session.spec.optimizer._replace(learning_rate=0.4))
    controller.seek(4)
    controller.to_iteration_end()
    controller.choose_run(listener.runs.left[0])


def session_at(rate: float) -> dict[str, Any]:
    return softmax_session() | {"optimizer": {"name": "adam", "learning_rate": rate}}


def expected_at(rate: float, iterations: int) -> list[float]:
    session = session_at(rate)
    if not iterations:
        return list(reference.by_name(session, reference.initial_parameters(session)).values())
    return list([*reference.train(session, iterations)][-1]["parameters"].values())


def test_two_runs_are_compared_at_the_end_of_the_last_iteration_of_both(listen: Callable[..., Listener]) -> None:
    listener = listen(session_at(0.1))
    controller = listener.controller
    two_rates(listener)
    assert listener.differences == []
    controller.compare_runs(True)
    for iteration in (4, 5, 6, 6):  # the left run has no more than 6
        shown = listener.shown
        assert (shown.iteration, shown.left_out) == (iteration, 0)
        assert [str(name) for name in shown.names] == reference.names(session_at(0.1))
        assert shown.first == pytest.approx(expected_at(0.4, iteration), rel=1e-9)
        assert shown.second == pytest.approx(expected_at(0.1, iteration), rel=1e-9)
        assert shown.values.tolist() == (shown.second - shown.first).tolist()
        controller.next(Unit.ITERATION)


def test_a_long_way_to_the_parameters_is_gone_in_slices_and_can_be_left(
    listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    listener = listen(session_at(0.1))
    two_rates(listener)
    monkeypatch.setattr(gradually, "SLICE", 0.0)
    listener.controller.compare_runs(True)
    assert listener.differences == [2], "the first one is computed with the stepper"
    listener.controller.choose_run(None)
    listener.controller.choose_run(None)
    qtbot.waitUntil(lambda: isinstance(listener.differences[-1], Differences))
    assert listener.differences[:-1] == [2, 2, 3, 4], "left and begun anew"
    shown = listener.shown
    assert shown.first == pytest.approx(expected_at(0.1, 4), rel=1e-9)


def test_where_nothing_is_computed_the_starts_are_compared(listen: Callable[..., Listener]) -> None:
    listener = listen()
    controller = listener.controller
    controller.seek(3, 32)
    controller.to_start()
    controller.edit(W5, 0.9)
    controller.choose_run(listener.runs.left[0])
    controller.compare_runs(True)
    shown = listener.shown
    assert shown.iteration == 0
    values = {str(name): value for name, value in zip(shown.names, shown.values.tolist(), strict=True)}
    assert {name: value for name, value in values.items() if value} == {"w[2,1,1]": 0.4 - 0.9}
    largest = shown.largest
    assert largest is not None
    assert shown.names[largest] == W5


def test_moves_within_the_iterations_known_compute_nothing_again(listen: Callable[..., Listener]) -> None:
    listener = listen(session_at(0.1))
    two_rates(listener)
    listener.controller.compare_runs(True)
    count = len(listener.differences)
    for iteration in (1, 3, 4):
        listener.controller.seek(iteration, 2)
    assert len(listener.differences) == count
    listener.controller.compare_runs(False)
    listener.controller.seek(6, 2)
    assert len(listener.differences) == count


def test_parameters_that_only_one_network_has_are_left_out(listen: Callable[..., Listener]) -> None:
    listener = listen()
    controller = listener.controller
    controller.seek(3, 32)
    spec = listener.session.spec
    first, *others = spec.network.layers
    network = replace(spec.network, layers=(first._replace(neurons=3), *others))
    controller.change(replace(spec, network=network, initial=fitted(spec.initial, network, spec.seed)))
    controller.seek(2, 0)
    controller.choose_run(listener.runs.left[0])
    controller.compare_runs(True)
    shown = listener.shown
    # 2-2-1 with a shared bias in each layer within 2-3-1: two weights into the third neuron, and one out of it.
    assert shown.left_out == 3
    assert sorted(map(str, shown.names)) == sorted(reference_names())
    assert "3 parameters that only one has" in text.compared_at(shown.iteration, shown.left_out)
    assert shown.notation.name == "layered"


def reference_names() -> list[str]:
    return [str(name) for name in Stepper(open_session("seed-003")).frame.parameters()]


def test_differences_go_by_size_with_what_is_no_number_last() -> None:
    notation = Stepper(open_session("seed-003")).frame.narrator.notation
    names = [parse(f"w[1,1,{i}]") for i in range(1, 5)]
    inf = float("inf")
    first, second = np.array([1.0, inf, 0.0, 2.0]), np.array([1.5, inf, -3.0, 2.0])
    shown = Differences((None, None), 1, names, first, second, notation, 0)
    assert shown.by_size.tolist() == [2, 0, 3, 1]
    assert shown.largest == 2
    assert Differences((None, None), 1, names, first, first, notation, 0).largest is None


def test_of_three_chosen_the_first_is_let_go() -> None:
    a, b = (run_of(count, session) for count, session in zip((3, 4), sessions(2), strict=True))
    runs = Runs((a, b))
    assert runs.pair is None
    assert runs.choosing(a).pair == (None, a)
    assert runs.choosing(a).choosing(b).pair == (a, b)
    assert runs.choosing(a).choosing(None).chosen == (a,)
    assert runs.choosing(a).choosing(a).chosen == (None,)
    assert runs.choosing(a).keeping(run_of(5, b.session)).chosen == (None, a)


# The panel


def panel_of(window: MainWindow) -> RunsPanel:
    panel = window.panels["runs"]
    assert isinstance(panel, RunsPanel)
    return panel


def model_of(window: MainWindow) -> RunsModel:
    return panel_of(window).model


def rows(window: MainWindow) -> list[str]:
    model = model_of(window)
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def ticked(window: MainWindow) -> list[int]:
    model, role = model_of(window), Qt.ItemDataRole.CheckStateRole
    return [row for row in range(model.rowCount()) if model.index(row).data(role) == Qt.CheckState.Checked]


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """Two runs left, of 12 and 9 iterations, and the present one of 5; the panel in front."""
    window = open_window(width=1280, height=800)
    controller = window.controller
    for iterations, value in ((12, 0.9), (9, 0.7), (5, None)):
        controller.seek(iterations, 32)
        if value:
            controller.seek(2)
            controller.edit(W5, value)
    window.show_panel("runs")
    return window


def test_before_a_run_is_left_the_panel_says_how_one_comes_here(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.show_panel("runs")
    panel = panel_of(window)
    qtbot.waitUntil(panel.empty.isVisible)
    assert text.NO_RUNS in panel.empty.text()
    window.controller.seek(4, 0)
    window.controller.to_start()
    window.controller.edit(W5, 0.9)
    assert panel.list.isVisible()
    assert not panel.empty.isVisible()


def test_a_row_says_what_a_run_was_and_how_far_it_came(window: MainWindow) -> None:
    plain = Stepper(open_session("seed-003"))
    plain.run(12)
    assert rows(window)[2] == f"Before w5 = 0.9, iteration 2: 12 iterations, loss {text.number(plain.losses()[-1])}"
    assert rows(window)[1].startswith("With w5 = 0.9, iteration 2: 9 iterations, loss ")
    assert rows(window)[0].startswith("Present run: 5 iterations, loss ")
    window.controller.seek(7, 0)
    assert rows(window)[0].startswith("Present run: 6 iterations, loss ")


def test_a_row_says_the_test_loss_where_rows_are_held_back(open_window: OpenWindow) -> None:
    held_back = softmax_session()
    held_back["data"] = held_back["data"] | {"test_fraction": 0.34}
    window = open_window(held_back)
    window.show_panel("runs")
    window.controller.seek(3, 0)
    test = float(window.controller.frame.test_losses[-1])
    window.controller.to_start()
    window.controller.edit("learning_rate", 0.5)
    assert rows(window)[1].endswith(f", test {text.number(test)}")


def test_runs_are_ticked_with_a_click_and_with_space(window: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(window)
    assert ticked(window) == [0]
    assert panel.said.text() == text.CHOOSE_TWO
    viewport = panel.list.viewport()
    qtbot.mouseClick(viewport, LEFT, pos=QPoint(20, ROW + ROW // 2))
    assert ticked(window) == [0, 1]
    qtbot.mouseClick(viewport, LEFT, pos=QPoint(200, 2 * ROW + ROW // 2))
    assert ticked(window) == [0, 1], "a click on the words only makes the row the current one"
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Key.Key_Space)
    assert ticked(window) == [1, 2]
    assert not window.controller.is_running
    qtbot.keyClick(panel.list, Key.Key_Space)
    assert ticked(window) == [1]


def test_the_table_has_both_runs_values_and_marks_the_largest_difference(window: MainWindow, qtbot: QtBot) -> None:
    panel, (second, first) = panel_of(window), model_of(window).runs.left
    for run in (None, first, second):
        window.controller.choose_run(run)
    assert panel.said.text() == "At the end of iteration 9, the last that both have."
    table = panel.differences
    expected = []
    for run in (first, second):
        stepper = Stepper(run.session)
        stepper.seek(9, 32)
        expected.append(list(stepper.frame.parameters().items()))
    assert table.rowCount() == len(expected[0])
    for row, ((name, old), (_, new)) in enumerate(zip(*expected, strict=True)):
        numbers = [table.number_at(row, column) for column in (FIRST, SECOND, DIFFERENCE)]
        assert numbers == [old, new, new - old]
        assert table.index(row, SYMBOL).data() == SYMBOLS[str(name)]
    heads = [table.headerData(column, Qt.Orientation.Horizontal) for column in (FIRST, SECOND)]
    assert heads == [first.name, second.name]
    panel.by_size.click()
    sizes = [abs(table.number_at(row, DIFFERENCE)) for row in range(table.rowCount())]
    assert sizes == sorted(sizes, reverse=True)
    assert table.shown is not None
    assert table.place_at(0) == table.shown.largest


def test_a_click_on_a_parameter_selects_it_where_the_present_network_has_it(window: MainWindow, qtbot: QtBot) -> None:
    panel, controller = panel_of(window), window.controller
    controller.choose_run(model_of(window).runs.left[0])
    row = list(SYMBOLS).index("w[2,1,1]")
    place = panel.table.visualRect(panel.differences.index(row, FIRST)).center()
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=place)
    assert controller.focus.selected == W5
    window.grab()
    spec = controller.frame.session.spec
    first, *others = spec.network.layers
    network = replace(spec.network, layers=(first._replace(neurons=1), *others))
    controller.choose_run(model_of(window).runs.left[1])
    controller.select(None)
    controller.change(replace(spec, network=network, initial=fitted(spec.initial, network, spec.seed)))
    for parameter, expected in (("w[2,1,1]", W5), ("w[1,2,1]", None)):
        panel.table.clicked.emit(panel.differences.index(list(SYMBOLS).index(parameter), FIRST))
        assert controller.focus.selected == expected


def test_return_makes_the_current_run_the_present_one_and_the_two_stay_compared(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel, run = panel_of(window), model_of(window).runs.left[1]
    window.controller.choose_run(run)
    panel.list.setCurrentIndex(panel.model.index(0))
    assert not panel.back.isEnabled()
    qtbot.keyClick(panel.list, Key.Key_Return)
    assert rows(window)[0].startswith("Present run: 5")
    panel.list.setCurrentIndex(panel.model.index(2))
    assert panel.back.isEnabled()
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Key.Key_Return)
    assert bits(window.controller.frame.losses) == bits(run.losses)
    assert [row.partition(":")[0] for row in rows(window)] == [
        "Present run", "With w5 = 0.7, iteration 2", "With w5 = 0.9, iteration 2"
    ]  # fmt: skip
    assert model_of(window).runs.pair == (model_of(window).runs.left[0], None)
    assert window.actions_by_name["undo"].isEnabled()


def test_while_the_panel_is_out_of_sight_no_parameters_are_computed(window: MainWindow) -> None:
    sent: list[Differences | int] = []
    window.controller.differences_changed.connect(sent.append)
    window.show_panel("parameters")
    dock = next(dock for dock in window.docks if dock.objectName() == "runs")
    dock.hide()
    window.controller.choose_run(model_of(window).runs.left[0])
    assert sent == []
    window.show_panel("runs")
    assert isinstance(sent[-1], Differences)


def test_behind_another_tab_the_panel_keeps_up_with_what_is_compared(window: MainWindow, qtbot: QtBot) -> None:
    panel, (nearer, further) = panel_of(window), model_of(window).runs.left
    window.controller.choose_run(further)
    window.show_panel("parameters")
    qtbot.waitUntil(lambda: panel.visibleRegion().isEmpty())
    for run in (further, nearer):
        window.controller.choose_run(run)
    window.controller.seek(8, 32)
    window.show_panel("runs")
    qtbot.waitUntil(lambda: not panel.visibleRegion().isEmpty())
    assert panel.said.text() == "At the end of iteration 8, the last that both have."
    stepper = Stepper(nearer.session)
    stepper.seek(8, 32)
    shown = [panel.differences.number_at(row, SECOND) for row in range(panel.differences.rowCount())]
    assert shown == list(stepper.frame.parameters().values())


# In the plot of the losses


def pens_of(window: MainWindow) -> dict[int, tuple[str, Qt.PenStyle]]:
    """Colour and style of each curve, by its length."""
    import pyqtgraph as pg

    widget = window.panels["loss"].findChild(pg.PlotWidget)
    assert widget is not None
    drawn = [(item.getOriginalDataset()[1], item.opts["pen"]) for item in widget.getPlotItem().listDataItems()]
    return {len(y): (pen.color().name().upper(), pen.style()) for y, pen in drawn if y is not None and len(y) > 1}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_two_curves_are_told_apart_by_colour_dash_and_name(
    window: MainWindow, application: QApplication, theme: Theme
) -> None:
    application.setPalette(palette_of(theme))
    application.processEvents()
    panel = window.panels["loss"]
    assert isinstance(panel, LossPlot)
    solid, dotted = Qt.PenStyle.SolidLine, Qt.PenStyle.DotLine
    plain = {12: (theme.faint, dotted), 9: (theme.faint, dotted), 5: (theme.ink_2, solid)}
    assert pens_of(window) == plain
    assert panel.known.text() == "iterations 1 to 5 computed; dotted: runs left"
    run = model_of(window).runs.left[1]
    window.controller.choose_run(run)
    (first, one), (second, other) = pens_of(window)[5], pens_of(window)[12]
    assert len({first, second, theme.faint, QColor(theme.ink_2).name().upper()}) == 4
    assert len({one, other, dotted, Qt.PenStyle.DashLine}) == 4, "dashed is the test loss"
    assert pens_of(window)[9] == plain[9]
    assert panel.legend.accessibleName() == f"Solid: Present run; dash-dotted: {run.name}"
    assert panel.known.text() == "iterations 1 to 5 computed"
    window.grab()
    window.controller.choose_run(None)
    assert pens_of(window) == plain
    assert panel.legend.accessibleName() == ""


def test_the_range_reaches_to_the_end_of_both(window: MainWindow) -> None:
    import pyqtgraph as pg

    def end() -> float:
        return float(window.panels["loss"].findChild(pg.PlotWidget).getPlotItem().viewRange()[0][1])  # type: ignore[union-attr]

    assert end() < 12
    window.controller.choose_run(model_of(window).runs.left[1])
    assert 12 <= end() < 13


def test_a_step_leaves_the_curves_of_other_runs_alone(window: MainWindow) -> None:
    import pyqtgraph as pg

    widget = window.panels["loss"].findChild(pg.PlotWidget)
    assert widget is not None
    items, changed = widget.getPlotItem().listDataItems(), list[object]()
    others = [item for item in items if item.zValue() < 0]
    assert len(others) == 2
    for item in others:
        item.sigPlotChanged.connect(changed.append)
    window.controller.seek(8, 3)
    assert [item for item in widget.getPlotItem().listDataItems() if item.zValue() < 0] == others
    assert changed == []
