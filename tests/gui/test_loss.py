"""The loss plot: what it draws of the losses known, curves left behind, and the ways to travel in time on it."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from math import log10
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine import Unit, open_session
from engine.activations import Array
from engine.cursor import Cursor
from engine.frame import Frame
from engine.quantities import parse
from gui.loss import curves, plot
from gui.loss.curves import Thinning, placed, thinned
from gui.main_window import MainWindow
from gui.panels.loss import LossPlot
from gui.runs.run import Run, Runs
from gui.theme import LIGHT, ui_font
from tests.engine import reference
from tests.engine.networks import complete_session
from tests.gui.conftest import OpenWindow, penalized_session
from tests.gui.recording import says

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
W5 = parse("w[2,1,1]")
NAN, INF = float("nan"), float("inf")


def loss_of(window: MainWindow) -> LossPlot:
    panel = window.panels["loss"]
    assert isinstance(panel, LossPlot)
    return panel


def frame_of(window: MainWindow) -> Frame:
    return window.controller.frame


def plot_of(window: MainWindow) -> Any:
    """The plot widget; it is built with the first loss."""
    import pyqtgraph as pg

    return loss_of(window).findChild(pg.PlotWidget)


def items_of(window: MainWindow, kind: str) -> list[Any]:
    import pyqtgraph as pg

    return [item for item in plot_of(window).getPlotItem().items if isinstance(item, getattr(pg, kind))]


def curves_of(window: MainWindow) -> list[list[float]]:
    """The losses of each curve of more than the one point at the cursor, in the order of drawing."""
    drawn = [item.getOriginalDataset() for item in items_of(window, "PlotDataItem")]
    return [y.tolist() for x, y in drawn if y is not None and len(y) > 1]


def line_of(window: MainWindow) -> Any:
    return items_of(window, "InfiniteLine")[0]


def drawn_in(window: MainWindow) -> list[list[float]]:
    """Iterations and losses of the curve and of the point at the cursor, as the plot holds them, in that order."""
    datasets = [item.getOriginalDataset() for item in items_of(window, "PlotDataItem")]
    return [list(part) for x, y in datasets[:2] for part in (([], []) if y is None else (x, y))]


def vertical_range(window: MainWindow) -> tuple[float, float]:
    low, high = plot_of(window).getPlotItem().viewRange()[1]
    return low, high


def place_of(window: MainWindow, iteration: float) -> QPoint:
    """The point of the plot that stands for an iteration, half way up."""
    box = plot_of(window).getViewBox()
    scene = box.mapViewToScene(QPointF(iteration, sum(vertical_range(window)) / 2))
    return QPoint(plot_of(window).mapFromScene(scene))


def move(viewport: QWidget, place: QPoint, button: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """A move with a button down or none; QTest moves the pointer of the whole screen instead."""
    position, no_button = QPointF(place), Qt.MouseButton.NoButton
    everywhere = viewport.mapToGlobal(position)
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, position, everywhere, no_button, button, none))


def press(window: MainWindow, qtbot: QtBot, *keys: Qt.Key) -> list[int]:
    """The iterations that keys in the plot go to, one after another."""
    reached = []
    for key in keys:
        qtbot.keyClick(loss_of(window), key)
        reached.append(frame_of(window).cursor.iteration)
    return reached


def run_to(window: MainWindow, iteration: int, operation: int = 32) -> None:
    window.controller.seek(iteration, operation)


# Thinning


def checked_runs(losses: Array, points: Iterable[tuple[float, float]], size: int) -> None:
    """Each pair of points is the largest and the smallest loss of its run that has a place; runs without one have no
    points."""
    left = list(points)
    for start in range(0, len(losses), size):
        run = losses[start : start + size]
        finite = run[np.isfinite(run)]
        if len(finite):
            pair, left = left[:2], left[2:]
            assert [y for _, y in pair] == [max(finite), min(finite)]
            assert all(start + 1 <= x <= start + len(run) for x, _ in pair)
    assert left == []


def runs_of(count: int, points: int) -> list[tuple[int, int]]:
    """The runs of iterations that so many pairs of points stand for: all of one size but the last."""
    size = next(size for size in range(1, count + 1) if -(-count // size) == points // 2)
    return [(start, min(start + size, count)) for start in range(0, count, size)]


@pytest.mark.parametrize("count", [1, 2, 3999, 4000])
def test_few_losses_are_drawn_as_they_are(count: int) -> None:
    losses = np.random.default_rng(0).random(count)
    x, y = thinned(losses)
    assert x.tolist() == list(range(1, count + 1))
    assert y.tolist() == losses.tolist()


@pytest.mark.parametrize(("count", "most"), [(4001, 4000), (10_000, 4000), (100_003, 4000), (57, 10), (1000, 4)])
def test_many_losses_keep_the_smallest_and_the_largest_of_each_run(count: int, most: int) -> None:
    losses = np.random.default_rng(1).random(count)
    x, y = thinned(losses, most)
    assert len(x) == len(y) <= most
    assert len(x) >= most // 4
    assert np.all(np.diff(x) >= 0)
    for place, (start, stop) in enumerate(runs_of(count, len(x))):
        pair = slice(2 * place, 2 * place + 2)
        assert sorted(y[pair]) == [losses[start:stop].min(), losses[start:stop].max()]
        assert all(start + 1 <= at <= stop for at in x[pair])
    assert (y.max(), y.min()) == (losses.max(), losses.min())


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
@pytest.mark.parametrize("is_log", [False, True])
def test_a_run_with_what_is_not_finite_keeps_the_extremes_of_the_others(bad: float, is_log: bool) -> None:
    rng = np.random.default_rng(2)
    losses = rng.random(10_000) + 0.1
    losses[rng.integers(0, 10_000, 400)] = bad
    losses[50:80] = bad
    x, y = thinned(placed(losses, is_log), 2000)
    checked_runs(losses, zip(x, y, strict=True), 10)
    assert len(y) == 2 * (1000 - 3)


def test_losses_of_zero_have_no_place_on_a_logarithmic_scale_and_hide_no_others() -> None:
    losses = np.random.default_rng(3).random(10_000) + 0.1
    losses[::3] = 0.0
    assert thinned(placed(losses, is_log=False), 2000)[1].min() == 0.0
    x, y = thinned(placed(losses, is_log=True), 2000)
    checked_runs(np.where(losses > 0, losses, INF), zip(x, y, strict=True), 10)


@pytest.mark.parametrize("count", [0, 3, 10_000])
def test_losses_without_a_place_make_an_empty_curve(count: int) -> None:
    x, y = thinned(placed(np.full(count, NAN), is_log=False))
    assert (len(x), len(y)) == (0, 0)


def test_losses_that_all_have_a_place_are_not_copied() -> None:
    losses = np.ones(5)
    assert placed(losses, is_log=False) is losses
    assert placed(losses, is_log=True) is losses


@pytest.mark.parametrize("is_log", [False, True])
def test_losses_that_come_bit_by_bit_are_thinned_as_all_at_once(is_log: bool) -> None:
    rng = np.random.default_rng(6)
    losses = rng.random(3000)
    losses[rng.integers(0, 3000, 200)] = rng.choice([NAN, INF, 0.0], 200)
    drawn_of = np.where(losses > 0, losses, INF) if is_log else losses
    thinning, size = Thinning(is_log, most=40), 1
    for count in np.cumsum(rng.integers(1, 90, 60)).clip(max=3000).tolist():
        x, y = thinning.curve(losses[:count])
        while count > 40 and -(-count // size) > 20:
            size *= 2
        if count > 40:
            checked_runs(drawn_of[:count], zip(x, y, strict=True), size)
        else:
            assert y.tolist() == drawn_of[:count][np.isfinite(drawn_of[:count])].tolist()


def test_losses_of_another_run_or_fewer_are_thinned_anew() -> None:
    losses, thinning = np.random.default_rng(7).random(900), Thinning(most=40)
    for shown in (losses, losses[:500], losses.copy() + 1.0, losses):
        x, y = thinning.curve(shown)
        assert (y.min(), y.max()) == (shown.min(), shown.max())
        assert x.max() <= len(shown)


# What is drawn


def test_before_the_first_loss_the_panel_says_how_to_get_one(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    panel = loss_of(window)
    assert panel.stack.currentIndex() == 0
    assert "no iteration" in panel.known.text()
    window.controller.next(Unit.ITERATION)
    assert panel.stack.currentIndex() == 1
    window.controller.to_start()
    assert panel.stack.currentIndex() == 1
    assert "iteration 1 computed" in panel.known.text()


def test_the_curve_and_the_line_are_the_frames(open_window: OpenWindow) -> None:
    window = open_window()
    for iteration, operation in ((3, 32), (2, 0), (12, 32), (1, 5)):
        window.controller.seek(iteration, operation)
        frame = frame_of(window)
        assert curves_of(window) == [frame.losses.tolist()]
        assert line_of(window).value() == iteration
        assert f"{float(frame.losses[iteration - 1]):.5g}"[:6] in loss_of(window).readout.text()
    assert len(frame_of(window).losses) == 12


def test_dragging_the_line_goes_to_the_same_place_of_another_iteration(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(20, 17)
    line_of(window).setValue(5.4)
    assert frame_of(window).cursor == Cursor(5, 17)
    line_of(window).setValue(-3)
    assert frame_of(window).cursor == Cursor(1, 17)
    line_of(window).setValue(400)
    assert frame_of(window).cursor == Cursor(20, 17)
    assert len(frame_of(window).losses) == 20


def test_a_seek_moves_the_line_without_asking_for_another(open_window: OpenWindow) -> None:
    window = open_window()
    asked: list[int] = []
    loss_of(window).seek_requested.connect(asked.append)
    window.controller.seek(9, 32)
    window.controller.seek(2, 1)
    assert line_of(window).value() == 2
    assert asked == []


def test_an_edit_leaves_the_old_curve_as_a_faint_line(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.controller.seek(50, 32)
    old = frame_of(window).losses.tolist()
    assert len(old) == 50
    window.controller.seek(1)
    window.controller.edit(W5, 0.9)
    assert loss_of(window).stack.currentIndex() == 1
    assert curves_of(window) == [old]
    window.controller.seek(10, 32)
    new = frame_of(window).losses.tolist()
    assert len(new) == 10
    assert sorted(curves_of(window), key=len) == [new, old]
    assert new[0] != old[0]
    window.controller.begin(open_session("seed-003"))
    window.controller.seek(2, 32)
    assert curves_of(window) == [frame_of(window).losses.tolist()]


def test_a_logarithmic_scale_and_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.controller.seek(30, 32)
    box = loss_of(window).log
    for _ in range(2):
        box.click()
        window.grab()
    low, high = plot_of(window).getPlotItem().viewRange()[1]
    assert low <= 0
    assert high >= float(frame_of(window).losses.max())


def test_a_logarithmic_scale_chosen_before_the_first_loss_is_that_of_the_plot(open_window: OpenWindow) -> None:
    window = open_window()
    loss_of(window).log.click()
    run_to(window, 5)
    assert plot_of(window).getAxis("left").logMode


@pytest.mark.parametrize("height", [60, 120, 400])
@pytest.mark.parametrize("highest", [0.3, 0.12, 1000.0])
def test_labels_of_the_logarithmic_scale_keep_a_line_apart(
    open_window: OpenWindow, highest: float, height: int
) -> None:
    window = open_window()
    run_to(window, 2)
    loss_of(window).log.click()
    low, high = log10(0.05), log10(highest)
    labelled = sorted(plot_of(window).getAxis("left").tickValues(low, high, height)[0][1])
    apart = [(upper - lower) / (high - low) * height for lower, upper in pairwise(labelled)]
    assert labelled
    assert min(apart, default=height) >= QFontMetricsF(ui_font(11)).height()


def test_the_plot_is_made_in_its_size_before_there_is_a_loss_to_draw(open_window: OpenWindow, qtbot: QtBot) -> None:
    """No key press waits for it then, and what stands in its place stays."""
    window = open_window()
    qtbot.waitUntil(lambda: plot_of(window) is not None)
    assert plot_of(window).size() == loss_of(window).size()
    assert len(frame_of(window).losses) == 0
    assert loss_of(window).stack.currentIndex() == 0


def test_losses_of_zero_are_drawn_on_both_scales(open_window: OpenWindow) -> None:
    window = open_window(exact_session())
    window.controller.seek(12, 0)
    assert frame_of(window).losses.tolist() == [0.0] * 11
    loss_of(window).log.click()
    window.grab()
    loss_of(window).log.click()
    window.grab()


def test_losses_that_are_not_finite_are_drawn_on_both_scales(open_window: OpenWindow) -> None:
    window = open_window(linear_session(1e6))
    window.controller.seek(60, 0)
    losses = frame_of(window).losses
    finite = losses[np.isfinite(losses)].tolist()
    assert 0 < len(finite) < len(losses)
    for _ in range(2):
        window.grab()
        assert curves_of(window) == [finite]
        loss_of(window).log.click()


def test_a_loss_as_large_as_a_float_holds_is_drawn(open_window: OpenWindow) -> None:
    """What the axis is given has to stay finite."""
    window = open_window(linear_session(0.1, 1e77))
    window.controller.seek(2, 0)
    assert 1e307 < frame_of(window).losses[0] < float("inf")
    for _ in range(2):
        window.grab()
        loss_of(window).log.click()


# Curves left behind


def with_left(window: MainWindow, curves: list[Array], iteration: int = 5) -> None:
    """A window with so many iterations computed and curves left behind."""
    run_to(window, iteration)
    session = frame_of(window).session
    loss_of(window).show_runs(Runs(tuple(Run("", session, losses) for losses in curves)))
    window.controller.show()


def test_the_range_holds_curves_left_behind_and_lets_them_go(open_window: OpenWindow) -> None:
    window = open_window()
    with_left(window, [np.array([1.0, 7.5, INF, NAN]), np.array([3.0, 2.0])])
    low, high = vertical_range(window)
    assert low <= 0
    assert 7.5 <= high <= 9
    run_to(window, 2)
    assert vertical_range(window) == (low, high)
    with_left(window, [])
    own = float(frame_of(window).losses.max())
    assert own <= vertical_range(window)[1] <= 1.2 * own


def test_the_range_holds_a_curve_left_behind_by_an_edit(open_window: OpenWindow) -> None:
    """The first run begins far off, with 1.9 for every loss of the second."""
    window = open_window()
    window.controller.edit("b[2]", 9.0)
    run_to(window, 3)
    highest = float(frame_of(window).losses.max())
    window.controller.seek(1)
    window.controller.edit("b[2]", 0.6)
    run_to(window, 6)
    assert float(frame_of(window).losses.max()) < highest
    assert vertical_range(window)[1] >= highest


def test_curves_left_behind_are_thinned_only_when_they_change(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, lengths = open_window(), list[int]()
    with_left(window, [np.ones(5000), np.ones(6000)])

    def counted(losses: Array) -> tuple[Array, Array]:
        lengths.append(len(losses))
        return thinned(losses)

    monkeypatch.setattr(plot, "thinned", counted)
    for iteration in (4, 3, 7):
        run_to(window, iteration)
    assert set(lengths) == {1}  # the point at the cursor
    lengths.clear()
    loss_of(window).log.click()
    assert sorted(lengths) == [1, 5000, 6000]


def test_the_range_of_the_logarithmic_scale_holds_curves_left_behind(open_window: OpenWindow) -> None:
    window = open_window()
    with_left(window, [np.array([1e-6, 1000.0, INF])])
    loss_of(window).log.click()
    window.grab()
    low, high = vertical_range(window)
    assert low <= -6
    assert high >= 3


def test_curves_left_behind_have_their_place_on_both_scales(open_window: OpenWindow) -> None:
    window = open_window()
    with_left(window, [np.array([0.0, 2.0, NAN, 3.0])])
    assert [2.0, 3.0] not in curves_of(window)
    loss_of(window).log.click()
    assert [2.0, 3.0] in curves_of(window)
    loss_of(window).log.click()
    assert [0.0, 2.0, 3.0] in curves_of(window)


# Reading


def test_a_million_losses_are_read_exactly_and_drawn_thinned(open_window: OpenWindow) -> None:
    window = open_window()
    run_to(window, 3)
    losses = np.random.default_rng(4).random(1_000_000)
    frame = frame_with(frame_of(window), losses)
    loss_of(window).show_frame(frame)
    curve = drawn_in(window)[1]
    assert len(curve) <= curves.MOST_POINTS
    assert (max(curve), min(curve)) == (losses.max(), losses.min())
    point = drawn_in(window)[2:]
    assert point == [[3.0], [losses[2]]]
    for iteration in (2000, 123_456, 990_000):
        move(plot_of(window).viewport(), place_of(window, iteration))
        read = read_in(window)
        assert abs(read[0] - iteration) < 1_000_000 / 400
        assert says(read[1], float(losses[read[0] - 1]))


def frame_with(frame: Frame, losses: Array) -> Frame:
    return replace(frame, losses=losses)


def read_in(window: MainWindow) -> tuple[int, str]:
    """The iteration that the readout names, and its loss."""
    name, _, number = loss_of(window).readout.text().partition(": ")
    return int(name.removeprefix("iteration ").replace(",", "")), number


def test_the_pointer_reads_a_loss_and_leaves_the_cursors_behind(open_window: OpenWindow) -> None:
    window = open_window()
    run_to(window, 30)
    viewport = plot_of(window).viewport()
    for iteration in (1, 12, 30):
        move(viewport, place_of(window, iteration))
        assert read_in(window)[0] == iteration
        assert float(read_in(window)[1]) == frame_of(window).losses[iteration - 1], "to the last digit"
    move(viewport, place_of(window, 12))
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert read_in(window)[0] == 30
    move(viewport, QPoint(0, 5))
    assert read_in(window)[0] == 30
    assert frame_of(window).cursor == Cursor(30, 32)


# The ways to travel


@pytest.mark.parametrize("iteration", [1, 7, 19, 40])
def test_a_click_anywhere_goes_to_the_iteration_there(open_window: OpenWindow, qtbot: QtBot, iteration: int) -> None:
    window = open_window()
    run_to(window, 40, 17)
    for y in (-20, 0, 20):
        run_to(window, 3, 17)
        qtbot.mouseClick(plot_of(window).viewport(), LEFT, pos=place_of(window, iteration) + QPoint(0, y))
        assert frame_of(window).cursor == Cursor(iteration, 17)
        assert line_of(window).value() == iteration
    assert len(frame_of(window).losses) == 40


def test_a_click_beside_the_curve_goes_to_its_ends(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    run_to(window, 5)
    viewport = plot_of(window).viewport()
    qtbot.mouseClick(viewport, LEFT, pos=QPoint(1, 20))
    assert frame_of(window).cursor.iteration == 1
    qtbot.mouseClick(viewport, LEFT, pos=QPoint(viewport.width() - 2, 20))
    assert frame_of(window).cursor.iteration == 5
    assert len(frame_of(window).losses) == 5


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_other_buttons_go_nowhere(open_window: OpenWindow, qtbot: QtBot, button: Qt.MouseButton) -> None:
    window = open_window()
    run_to(window, 20)
    qtbot.mouseClick(plot_of(window).viewport(), button, pos=place_of(window, 5))
    assert frame_of(window).cursor.iteration == 20


def test_a_drag_takes_the_line_along_from_anywhere(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    run_to(window, 30)
    viewport = plot_of(window).viewport()
    asked: list[int] = []
    loss_of(window).seek_requested.connect(asked.append)
    qtbot.mousePress(viewport, LEFT, pos=place_of(window, 10))
    for iteration in (12, 12, 11, 25):
        move(viewport, place_of(window, iteration), LEFT)
        assert frame_of(window).cursor == Cursor(iteration, 32)
        assert read_in(window)[0] == iteration
    qtbot.mouseRelease(viewport, LEFT, pos=place_of(window, 25))
    move(viewport, place_of(window, 4))
    assert frame_of(window).cursor == Cursor(25, 32)
    assert asked == [10, 12, 11, 25]


def test_a_click_near_the_line_puts_it_back_on_its_iteration(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    run_to(window, 5)
    qtbot.mouseClick(plot_of(window).viewport(), LEFT, pos=place_of(window, 5.3))
    assert line_of(window).value() == 5
    assert frame_of(window).cursor == Cursor(5, 32)


def test_a_click_takes_the_focus_for_the_keys(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    run_to(window, 20)
    qtbot.mouseClick(plot_of(window).viewport(), LEFT, pos=place_of(window, 8))
    assert loss_of(window).hasFocus()
    qtbot.keyClick(loss_of(window), Key.Key_Escape)
    assert window.canvas.hasFocus()


def test_keys_travel_over_the_iterations_known(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    run_to(window, 37, 17)
    loss_of(window).setFocus()
    assert press(window, qtbot, Key.Key_Left, Key.Key_Left, Key.Key_Right) == [36, 35, 36]
    assert press(window, qtbot, *[Key.Key_PageUp] * 4) == [26, 16, 6, 1]
    assert press(window, qtbot, Key.Key_Left, Key.Key_PageDown, Key.Key_End) == [1, 11, 37]
    assert press(window, qtbot, Key.Key_Right, Key.Key_PageDown, Key.Key_Home) == [37, 37, 1]
    assert frame_of(window).cursor == Cursor(1, 17)
    assert len(frame_of(window).losses) == 37


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier])
def test_keys_with_others_held_do_nothing_here(
    open_window: OpenWindow, qtbot: QtBot, modifier: Qt.KeyboardModifier
) -> None:
    window = open_window()
    run_to(window, 9)
    loss_of(window).setFocus()
    qtbot.keyClick(loss_of(window), Key.Key_Left, modifier)
    assert frame_of(window).cursor.iteration == 9


def test_f10_steps_while_the_plot_has_the_focus(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    run_to(window, 9, 4)
    loss_of(window).setFocus()
    qtbot.keyClick(loss_of(window), Key.Key_F10)
    assert frame_of(window).cursor == Cursor(9, 5)


def test_the_plot_takes_the_focus_only_where_there_is_a_line_to_move(open_window: OpenWindow) -> None:
    window = open_window()
    panel = loss_of(window)
    assert panel.focusPolicy() == Qt.FocusPolicy.NoFocus
    run_to(window, 2)
    assert panel.focusPolicy() == Qt.FocusPolicy.StrongFocus
    window.controller.begin(open_session("seed-003"))
    assert panel.focusPolicy() == Qt.FocusPolicy.NoFocus


def accents(window: MainWindow) -> int:
    """How many pixels of the panel have the accent's colour."""
    image = loss_of(window).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(image.height(), -1)
    return int((pixels == QColor(LIGHT.accent).rgb()).sum())


def test_the_focus_is_seen(open_window: OpenWindow) -> None:
    """A frame around the plot, so at least its width in pixels more."""
    window = open_window()
    run_to(window, 9)
    without = accents(window)
    loss_of(window).setFocus()
    assert accents(window) > without + loss_of(window).width()
    window.canvas.setFocus()
    assert accents(window) == without


def test_the_line_is_in_sight_at_the_iteration_after_the_last(open_window: OpenWindow) -> None:
    window = open_window()
    for iteration in (11, 12, 200):
        run_to(window, iteration, 0)
        low, high = plot_of(window).getPlotItem().viewRange()[0]
        assert low <= line_of(window).value() == iteration <= high


def linear_session(rate: float, weight: float = 0.5) -> dict[str, Any]:
    """One input, two layers of identity: nothing holds its numbers back."""
    layer = {"neurons": 1, "activation": "identity", "bias": "none"}
    return complete_session(
        1,
        [layer, layer],
        initial={"kind": "values", "weights": [[[weight]], [[weight]]], "biases": [[], []]},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": rate},
        data={"kind": "values", "inputs": [[1.0]], "targets": [[2.0]]},
    )


def exact_session() -> dict[str, Any]:
    """The prediction is the target from the beginning."""
    session = linear_session(0.1, 1.0)
    return session | {"data": {"kind": "values", "inputs": [[1.0]], "targets": [[1.0]]}}


# The test loss


def dashed_of(window: MainWindow) -> list[list[float]]:
    """The losses of the curves drawn dashed in the accent, not those left behind."""
    pens = [(item, item.opts["pen"]) for item in items_of(window, "PlotDataItem")]
    return [
        item.getOriginalDataset()[1].tolist()
        for item, pen in pens
        if isinstance(pen, QPen) and pen.style() is Qt.PenStyle.DashLine and pen.color() == QColor(LIGHT.accent)
    ]


def test_the_test_loss_is_drawn_dashed_named_in_the_header_and_read_on_hovering(open_window: OpenWindow) -> None:
    session = penalized_session()
    window = open_window(session)
    window.controller.seek(5, 0)
    parameters = [reference.by_name(session, reference.initial_parameters(session))]
    parameters += [state["parameters"] for state in reference.train(session, 3)]
    expected = [float(reference.test_loss(session, reference.from_names(session, names))) for names in parameters]
    (dashed,) = dashed_of(window)
    assert dashed == pytest.approx(expected, rel=1e-9)
    assert loss_of(window).known.text() == "iterations 1 to 4 computed; solid: batch, dashed: test"
    for iteration in (2, 4):
        move(plot_of(window).viewport(), place_of(window, iteration))
        said = loss_of(window).readout.text()
        assert said.startswith(f"iteration {iteration}: ")
        assert says(said.rpartition(" ")[2], expected[iteration - 1])
        assert "test (dashed)" in said


def test_without_rows_held_back_there_is_one_line_and_no_word_of_a_test(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(5, 0)
    assert dashed_of(window) == []
    assert loss_of(window).known.text() == "iterations 1 to 4 computed"
    assert "test" not in loss_of(window).readout.text()
