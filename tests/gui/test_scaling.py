"""The sizes of the window: chosen by keys, kept for the next start, and taken by what is drawn at once."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, QSettings, QSize, Qt
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from engine import open_session
from gui import sizes
from gui.actions import ACTIONS, TOOLBAR
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.menus import PANEL_GROUPS
from gui.panels.parameters import ParametersTable
from gui.parameters_model import WIDTHS
from gui.sizes import FACTOR, SIZES, enlarge_application, kept_size, largest_size
from tests.gui.conftest import OpenWindow
from tests.gui.recording import drawn_by

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def window_with(qtbot: QtBot, settings: QSettings) -> MainWindow:
    window = MainWindow(Controller(open_session("seed-003")), settings)
    qtbot.addWidget(window)
    window.controller.show()
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
    return window


def test_keys_go_through_the_sizes_and_stop_at_both_ends(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    for factor in (1.25, 1.5, 2.0, 2.5, 3.0, 3.0):
        qtbot.keyClick(window.canvas, Key.Key_Plus, CONTROL)
        assert (window.canvas.scale, window.equation.scale) == (factor, factor)
    for factor in (2.5, 2.0, 1.5, 1.25, 1.0, 1.0):
        qtbot.keyClick(window.canvas, Key.Key_Minus, CONTROL)
        assert (window.canvas.scale, window.equation.scale) == (factor, factor)


def test_a_size_is_kept_and_the_next_start_is_in_it(
    application: QApplication, qtbot: QtBot, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's own factor counts too; the window does not enlarge again what Qt has enlarged."""
    monkeypatch.setattr(sizes, "room_for", lambda window: QSize(3840, 2160))
    monkeypatch.setenv(FACTOR, "1.5")
    window = window_with(qtbot, settings)
    window.change_size(1)
    window.change_size(1)
    assert "150 %" in window.said.text()
    assert "again" in window.said.text()
    enlarge_application(settings)
    assert float(os.environ[FACTOR]) == 2.25
    again = window_with(qtbot, settings)
    assert again.canvas.scale == 1.0
    again.change_size(-1)
    assert again.canvas.scale == pytest.approx(1.25 / 1.5)
    again.change_size(1)
    assert again.said.text() == "Size 150 %."


def test_a_start_enlarges_no_more_than_the_screen_has_room_for(
    application: QApplication, qtbot: QtBot, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a screen of 1280 x 800 the smallest window fits in 100 percent only: at the next start menus, lists and tables
    are in that, network and equation in the size chosen."""
    monkeypatch.setattr(sizes, "room_for", lambda window: QSize(1280, 768))
    monkeypatch.setenv(FACTOR, "1")
    window = window_with(qtbot, settings)
    window.change_size(1)
    assert window.said.text() == "Size 125 %: menus, lists and tables stay as large as the screen has room for."
    enlarge_application(settings)
    assert float(os.environ[FACTOR]) == 1.0
    again = window_with(qtbot, settings)
    assert (again.canvas.scale, again.equation.scale) == (1.25, 1.25)
    again.change_size(-1)
    assert (again.canvas.scale, again.said.text()) == (1.0, "Size 100 %.")


@pytest.mark.parametrize(
    ("room", "least", "size", "largest"),
    [
        ((1280, 768), (1000, 700), 100, 100), ((1920, 1048), (1000, 694), 100, 150),
        ((3840, 2128), (1000, 694), 100, 300),
        ((853, 501), (1000, 694), 150, 100), ((1280, 699), (1000, 694), 150, 150), ((640, 480), (1000, 694), 100, 100),
    ],
)  # fmt: skip
def test_the_largest_size_that_a_screen_has_room_for(
    room: tuple[int, int], least: tuple[int, int], size: int, largest: int
) -> None:
    """Both are in the units of the size that the application was started in: 1920 in 150 percent are 1280 of them."""
    assert largest_size(QSize(*room), QSize(*least), size) == largest


@pytest.mark.parametrize("kept", ["", "large", "110", "-100", "1e3", None])
def test_a_size_that_is_none_of_them_is_100(settings: QSettings, kept: str | None) -> None:
    settings.setValue("size", kept)
    assert kept_size(settings) == 100


@pytest.mark.parametrize("asked", ["", "large"])
def test_a_factor_that_is_no_number_is_1(settings: QSettings, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FACTOR, asked)
    settings.setValue("size", 200)
    enlarge_application(settings)
    assert float(os.environ[FACTOR]) == 2.0


def test_the_sizes_go_from_100_to_300() -> None:
    assert (SIZES[0], SIZES[-1]) == (100, 300)
    assert all(low < high for low, high in pairwise(SIZES))


@pytest.mark.parametrize("size", SIZES)
def test_numbers_on_the_canvas_never_meet_at_any_size(open_window: OpenWindow, size: int) -> None:
    """Where there is no room for the whole network a part is shown, so they stay as far apart as in the least
    room; and the window does not grow."""
    window = open_window("seed-003", 1280, 800)
    window.controller.seek(1, 32)
    for _ in range(SIZES.index(size)):
        window.change_size(1)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1280, 800)
    drawn = [item for item in drawn_by(window.canvas) if not item.is_math]
    legend = next(item.y for item in drawn if item.text.startswith("weight"))  # it covers what goes on below
    ink = [QRectF(item.x, item.y - 6, item.width, 6) for item in drawn if item.y < legend - 12]
    assert not [(a, b) for place, a in enumerate(ink) for b in ink[place + 1 :] if a.intersects(b)]


def test_the_position_keeps_its_segments_and_its_words_apart_at_the_largest_size(open_window: OpenWindow) -> None:
    window = open_window("seed-003", 1000, 800)
    for _ in SIZES:
        window.change_size(1)
    QApplication.processEvents()
    rects = [rect for _, rect, _ in window.position.segments()]
    assert all(left.right() < right.left() for left, right in pairwise(rects))
    words = [item for item in drawn_by(window.position) if "operation" in item.text]
    assert rects[-1].right() < min(item.x for item in words)


def test_plus_and_minus_zoom_where_they_are_pressed_on_the_canvas(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    middle = QPointF(window.canvas.rect().center())
    for key in (Key.Key_Plus, Key.Key_Equal):
        qtbot.keyClick(window.canvas, key)
    assert window.canvas._zoom == pytest.approx(1.44)
    assert (window.canvas._offset + middle).x() == pytest.approx(1.44 * middle.x())
    for _ in range(3):
        qtbot.keyClick(window.canvas, Key.Key_Minus)
    assert (window.canvas._zoom, window.canvas._offset) == (1.0, QPointF())


def test_the_view_menu_has_every_command_and_every_panel_once_in_groups(open_window: OpenWindow) -> None:
    window = open_window()
    view = next(action.menu() for action in window.menuBar().actions() if action.text() == "&View")
    assert isinstance(view, QMenu)
    entries = view.actions()
    words = [entry.text() for entry in entries if not entry.isSeparator()]
    assert len(words) == len(set(words)) == sum(record.menu == "View" for record in ACTIONS) + len(window.docks)
    panels = "".join("|" if entry.isSeparator() else "p" for entry in entries).rpartition("|" + "p" * 3 + "|")
    assert panels[1] + panels[2] == "|ppp|" + "|".join("p" * len(group) for group in PANEL_GROUPS[1:])


def test_at_1000_by_700_every_control_and_every_column_is_within_reach(open_window: OpenWindow) -> None:
    window = open_window("seed-003", 1000, 700)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1000, 700)
    for name in TOOLBAR:
        if name in window.actions_by_name:
            button = window.bar.widgetForAction(window.actions_by_name[name]) or next(
                found for found in window.bar.findChildren(QToolButton)
                if found.defaultAction() is window.actions_by_name[name]
            )  # fmt: skip
            assert button.isVisible(), name
            assert window.bar.rect().contains(button.geometry()), name
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    bar, head = panel.table.horizontalScrollBar(), panel.table.horizontalHeader()
    assert [head.sectionSize(column) >= width for column, width in enumerate(WIDTHS)] == [True] * len(WIDTHS)
    assert head.length() == panel.table.viewport().width() + bar.maximum()
    bar.setValue(bar.maximum())
    window.controller.seek(1, 20)
    assert bar.value() == bar.maximum() > 0  # a step moves it up and down only


def test_with_room_the_last_column_ends_where_the_table_does(open_window: OpenWindow) -> None:
    window = open_window("seed-003", 1280, 800)
    QApplication.processEvents()
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    assert panel.table.horizontalHeader().length() == panel.table.viewport().width()
    assert not panel.table.horizontalScrollBar().isVisible()
