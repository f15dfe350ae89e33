"""The main job by the keyboard alone, each key given to what has the keyboard: no mouse, no call into the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.cursor import Cursor
from engine.quantities import parse
from gui.main_window import MainWindow
from tests.gui.conftest import OpenWindow

Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
W5, Z = parse("w[2,1,1]"), parse("z[2,1]")


def here() -> QWidget:
    """What has the keyboard; an open list has it before all others."""
    popup = QApplication.activePopupWidget()
    widget = QApplication.focusWidget() if popup is None else popup.focusWidget() or popup
    assert widget is not None
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(here(), key, modifiers)


def write(words: str) -> None:
    QTest.keyClicks(here(), words)


def press_until(is_there: Callable[[], bool], key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    for _ in range(100):
        if is_there():
            return
        press(key, modifiers)
    raise AssertionError(f"{key} leads nowhere: {here()}")


def test_the_main_job_by_the_keyboard_alone(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    step_through(window)
    change_w5_and_take_it_back(window, qtbot)
    run_and_pause(window, qtbot)
    filter_operations(window)
    stop_at_a_breakpoint(window, qtbot)
    reach_the_optimizer(window, qtbot)
    press(Key.Key_Q, CONTROL)
    assert not window.isVisible()


def cursor(window: MainWindow) -> Cursor:
    return window.controller.frame.cursor


def step_through(window: MainWindow) -> None:
    """Document 003: 32 operations from the start to the last update; operation 20 is the 0.00067."""
    press(Key.Key_F10)
    press(Key.Key_Right, times=19)
    assert cursor(window) == Cursor(1, 20)
    assert f"{window.controller.frame.value(parse('dL/dw[1,1,1]')):.5f}" == "0.00067"
    press(Key.Key_F10, times=12)
    assert cursor(window) == Cursor(1, 32)


def change_w5_and_take_it_back(window: MainWindow, qtbot: QtBot) -> None:
    """w5 from 0.4 to 0.5: it multiplies the first activation, so z of the output grows by a tenth of that."""
    press_until(lambda: window.controller.focus.selected == W5, Key.Key_Left, CONTROL)
    press(Key.Key_Return)
    assert cursor(window) == Cursor(1, 30)
    before = window.controller.frame
    press(Key.Key_F6, times=2)
    table = here()
    assert isinstance(table, QTableView)
    press_until(lambda: bool(table.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable), Key.Key_Right)
    press(Key.Key_F2)
    press(Key.Key_A, CONTROL)
    write("0.5")
    press(Key.Key_Return)
    qtbot.waitUntil(table.hasFocus)
    frame, first = window.controller.frame, before.value(parse("a[1,1]"))
    assert first is not None
    assert frame.value(Z) == pytest.approx(before.value(Z) + 0.1 * first, abs=1e-12)  # type: ignore[operator]
    press(Key.Key_Z, CONTROL)
    assert window.controller.frame.value(Z) == before.value(Z)
    press(Key.Key_Escape)
    assert window.canvas.hasFocus()


def run_and_pause(window: MainWindow, qtbot: QtBot) -> None:
    press(Key.Key_PageDown)
    reached = cursor(window)
    press(Key.Key_F5)
    assert window.controller.is_running
    qtbot.waitUntil(lambda: cursor(window) != reached)
    press(Key.Key_Space)
    assert not window.controller.is_running


def filter_operations(window: MainWindow) -> None:
    press(Key.Key_F, CONTROL)
    write("w5")
    assert here().property("text") == "w5"
    press(Key.Key_A, CONTROL)
    press(Key.Key_Delete)
    press(Key.Key_Escape)
    assert window.canvas.hasFocus()


def stop_at_a_breakpoint(window: MainWindow, qtbot: QtBot) -> None:
    """A run from a little before stops at operation 20, where the breakpoint is."""
    press(Key.Key_Home, CONTROL)
    press(Key.Key_F10, times=20)
    press(Key.Key_B, CONTROL)
    press(Key.Key_F9, times=2)
    press(Key.Key_F5)
    qtbot.waitUntil(lambda: not window.controller.is_running)
    assert cursor(window) == Cursor(1, 20)
    press(Key.Key_B, CONTROL)


def reach_the_optimizer(window: MainWindow, qtbot: QtBot) -> None:
    press(Key.Key_Comma, CONTROL)
    qtbot.waitUntil(lambda: window.panels["settings"].isAncestorOf(here()))
    press_until(lambda: here().accessibleName() == "Optimizer", Key.Key_Tab)
    press(Key.Key_Escape)
    assert window.canvas.hasFocus()
