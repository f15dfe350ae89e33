"""The presentation: canvas and equation alone, large enough for a room, and a window that is afterwards as before."""

from math import atan2, degrees

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QDockWidget, QScrollArea
from pytestqt.qtbot import QtBot

from engine.cursor import Cursor
from engine.program import Unit
from engine.quantities import Quantity
from gui.main_window import MainWindow
from gui.presentation import text_size
from gui.theme import ui_font
from tests.gui.conftest import OpenWindow
from tests.gui.recording import drawn_by
from tests.gui.test_focus import move
from tests.gui.test_large_networks import session

Key = Qt.Key
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def screen_of_1280(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen of the tests is another one."""

    def show(window: MainWindow) -> None:
        window.resize(1280, 720)

    monkeypatch.setattr(MainWindow, "showFullScreen", show)


def arrangement(window: MainWindow) -> dict[str, object]:
    """What the eye sees of the window's parts: where each lies, and which is on top of its tabs."""
    parts = [*window.docks, window.bar, window.menuBar(), window.statusBar(), window.canvas, window.equation]
    places = {
        part.objectName() or type(part).__name__: (part.isHidden(), part.geometry() if part.isVisible() else None)
        for part in parts
    }
    return {**places, "window": window.geometry(), "state": window.windowState(), "size": window.canvas.scale}


def shown_docks(window: MainWindow) -> list[QDockWidget]:
    return [dock for dock in window.docks if dock.isVisible()]


def test_figures_fill_ten_minutes_of_arc_at_eight_metres(application: QApplication) -> None:
    """On a picture 2 m wide; the height of a 4 of the real font."""
    size = text_size(QSize(1280, 720))
    figure = QFontMetricsF(ui_font(1000)).tightBoundingRect("4").height() / 1000 * size
    assert degrees(atan2(figure * 2.0 / 1280, 8.0)) * 60 == pytest.approx(10, abs=0.1)
    assert text_size(QSize(2560, 720)) == size
    assert text_size(QSize(1280, 1000)) == size
    assert text_size(QSize(2560, 1440)) == pytest.approx(2 * size)


def test_in_step_and_out_by_keys_leaves_everything_as_it_was(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003", 1300, 900)
    window.show_panel("data")
    window.docks[0].hide()
    window.split.setSizes([300, 320])
    window.canvas.setFocus()
    QApplication.processEvents()
    before = arrangement(window)
    qtbot.keyClick(window.canvas, Key.Key_P, BOTH)
    assert shown_docks(window) == []
    assert not window.menuBar().isVisible()
    assert not window.bar.isVisible()
    assert window.canvas.hasFocus()
    for key, cursor in (
        (Key.Key_Right, Cursor(1, 1)), (Key.Key_F11, Cursor(1, 6)), (Key.Key_Left, Cursor(1, 5)),
        (Key.Key_PageDown, Cursor(1, 32)), (Key.Key_Home, Cursor(1, 0)), (Key.Key_F10, Cursor(1, 1)),
    ):  # fmt: skip
        qtbot.keyClick(window.canvas, key)
        assert window.controller.frame.cursor == cursor, key
    qtbot.keyClick(window.canvas, Key.Key_3)
    assert window.controller.unit is list(Unit)[2]
    qtbot.keyClick(window.canvas, Key.Key_Escape)
    QApplication.processEvents()
    after = arrangement(window)
    assert {name: (before[name], place) for name, place in after.items() if place != before[name]} == {}
    assert window.canvas.hasFocus()
    assert not window.actions_by_name["presentation"].isChecked()


def test_space_runs_and_pauses_in_a_presentation(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.present()
    qtbot.keyClick(window.canvas, Key.Key_Space)
    assert window.controller.is_running
    qtbot.keyClick(window.canvas, Key.Key_Space)
    assert not window.controller.is_running


def test_the_key_itself_leaves_too(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    for is_on in (True, False):
        qtbot.keyClick(window.canvas, Key.Key_P, BOTH)
        assert window.presentation.is_on is is_on
    assert shown_docks(window) == [
        dock for dock in window.docks if dock.objectName() in ("operations", "parameters", "loss")
    ]


@pytest.mark.parametrize("source", ["seed-003", session(64, 64, 64, 10)], ids=["2-2-1", "64-64-64-10"])
def test_nothing_is_cut_on_a_picture_of_1280(open_window: OpenWindow, qtbot: QtBot, source: str) -> None:
    """Every text lies within its widget, and the equation needs no more height than it has, unless it is a sum so
    long that it is written no larger than at the desk."""
    window = open_window(source)
    window.present()
    area = window.split.widget(1)
    assert isinstance(area, QScrollArea)
    count = window.controller.frame.program.count
    for operation in {0, *range(1, count, max(count // 16, 1)), count}:
        window.controller.seek(1, operation)
        for widget in (window.canvas, window.equation, window.position):
            top = 32 if widget is window.equation else 0  # its heading is not shown
            room = QRectF(QPointF(0, top), widget.room())
            for item in drawn_by(widget):
                if item.y < top:
                    continue
                assert room.contains(QRectF(item.x, item.y - 1, item.width, 1)), item
        QApplication.processEvents()
        assert area.verticalScrollBar().maximum() == 0 or window.equation.scale < 1.01, operation
        assert area.horizontalScrollBar().maximum() == 0, operation


def test_on_a_small_screen_of_fine_pixels_nothing_is_wider_or_higher_than_it(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1280 x 720 pixels at twice the size are 640 x 360 units, in which the docks would have no room."""
    window = open_window()
    monkeypatch.setattr(MainWindow, "showFullScreen", lambda window: window.resize(640, 360))
    least = window.minimumSizeHint()
    window.present()
    QApplication.processEvents()
    window.resize(640, 360)
    assert window.size() == QSize(640, 360)
    assert window.canvas.scale * 12 == pytest.approx(text_size(QSize(640, 360)))
    window.present()
    QApplication.processEvents()
    assert window.minimumSizeHint() == least


def test_the_numbers_on_the_canvas_are_as_large_as_the_room_needs(open_window: OpenWindow) -> None:
    window = open_window()
    desk = {item.text: item.pixels for item in drawn_by(window.canvas)}
    window.present()
    assert window.canvas.scale * desk["0.05"] == pytest.approx(text_size(window.size()))


def test_what_is_said_is_seen_in_a_presentation(open_window: OpenWindow) -> None:
    window = open_window()
    window.present()
    assert not window.statusBar().isVisible()
    window.controller.say("No.")
    assert window.said.isVisible()
    window.controller.say("")
    assert not window.statusBar().isVisible()


def test_a_panel_asked_for_ends_the_presentation(open_window: OpenWindow) -> None:
    window = open_window()
    window.present()
    window.show_panel("settings")
    assert not window.presentation.is_on
    assert window.panels["settings"].isVisible()
    assert window.menuBar().isVisible()


def test_the_pointer_meets_what_it_points_at(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Although both are drawn larger, and the equation without its heading."""
    window = open_window()
    window.present()
    window.controller.seek(1, 20)
    weight, given = Quantity("w", (2, 1, 1)), Quantity("x", (1,))
    meant = ((window.equation, "0.4", 17, 32, weight), (window.canvas, "0.05", 12, 0, given))
    for widget, number, pixels, top, quantity in meant:
        item = next(item for item in drawn_by(widget) if item.text == number and item.pixels == pixels)
        point = QPointF(item.x + item.width / 2, item.y - top - 3) * widget.scale
        with qtbot.waitSignal(
            widget.hover_requested, check_params_cb=lambda found, quantity=quantity: quantity in found
        ):
            move(widget, point.toPoint())
