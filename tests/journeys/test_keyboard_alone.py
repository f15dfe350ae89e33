"""The main job by the keyboard alone, each key given to what has the keyboard then: no mouse, no call into the window."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QMenu, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.cursor import Cursor
from engine.quantities import parse
from gui.export import ExportDialog
from gui.go_to import GoTo
from gui.main_window import MainWindow
from gui.new_session import NewSession
from tests.gui.conftest import OpenWindow

Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
W5, Z = parse("w[2,1,1]"), parse("z[2,1]")


def here() -> QWidget:
    """What has the keyboard; an open menu has it before all others."""
    widget = QApplication.activePopupWidget() or QApplication.focusWidget()
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


def in_dialog(kind: type[QDialog], keys: Callable[[], None], opening: Callable[[], None]) -> None:
    """Open a dialog by keys, and press keys in it."""
    seen: list[QWidget | None] = []

    def work() -> None:
        dialog = QApplication.activeModalWidget()
        seen.append(dialog)
        assert isinstance(dialog, QDialog)
        try:
            keys()
        finally:
            dialog.reject()  # does nothing where the keys have closed it

    QTimer.singleShot(0, work)
    opening()
    assert [type(dialog) for dialog in seen] == [kind]


def test_the_main_job_by_the_keyboard_alone(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window()
    step_through(window)
    change_w5_and_take_it_back(window, qtbot)
    run_and_pause(window, qtbot)
    filter_and_go_to(window)
    stop_at_a_breakpoint(window, qtbot)
    change_the_optimizer(window, qtbot)
    export(window, monkeypatch, tmp_path / "losses.csv")
    begin_anew(window)
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
    press_until(lambda: window.controller.focus.selected == W5, Key.Key_Up, CONTROL)
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


def filter_and_go_to(window: MainWindow) -> None:
    press(Key.Key_F, CONTROL)
    write("w5")
    assert here().property("text") == "w5"
    press(Key.Key_A, CONTROL)
    press(Key.Key_Delete)
    press(Key.Key_Escape)
    assert window.canvas.hasFocus()

    def type_place() -> None:
        write("20")
        press(Key.Key_Tab, SHIFT)
        write("3")
        press(Key.Key_Return)

    in_dialog(GoTo, type_place, lambda: press(Key.Key_G, CONTROL))
    assert cursor(window) == Cursor(3, 20)


def stop_at_a_breakpoint(window: MainWindow, qtbot: QtBot) -> None:
    """A run from there stops at the same operation of the next iteration."""
    press(Key.Key_B, CONTROL)
    press(Key.Key_F5)
    qtbot.waitUntil(lambda: not window.controller.is_running)
    assert cursor(window) == Cursor(4, 20)
    press(Key.Key_B, CONTROL)


def change_the_optimizer(window: MainWindow, qtbot: QtBot) -> None:
    press(Key.Key_Comma, CONTROL)
    qtbot.waitUntil(lambda: window.panels["settings"].isAncestorOf(here()))
    press_until(lambda: here().accessibleName() == "Optimizer", Key.Key_Tab)
    combo = here()
    assert isinstance(combo, QComboBox)
    press(Key.Key_Down)
    assert window.controller.frame.session.spec.optimizer.name == combo.currentData() != "sgd"
    press(Key.Key_Z, CONTROL)
    assert window.controller.frame.session.spec.optimizer.name == "sgd"
    press(Key.Key_Escape)
    assert window.canvas.hasFocus()


def export(window: MainWindow, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """By the File menu; the system's own dialog answers with a path."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), ""))
    press(Key.Key_F, ALT)
    menu = here()
    assert isinstance(menu, QMenu)
    action = window.actions_by_name["export"]
    press_until(lambda: menu.activeAction() is action, Key.Key_Down)
    in_dialog(ExportDialog, lambda: press(Key.Key_Return), lambda: press(Key.Key_Return))
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert {row["iteration"] for row in csv.DictReader(file)} == {"1", "2", "3", "4"}


def begin_anew(window: MainWindow) -> None:
    """A network of one's own, left as it is proposed."""
    in_dialog(NewSession, lambda: press(Key.Key_Return), lambda: press(Key.Key_N, CONTROL))
    assert cursor(window) == Cursor(1, 0)
    press(Key.Key_Escape)
    assert window.canvas.hasFocus()
