"""The main job by the keyboard alone, each key given to what has the keyboard: no mouse, no call into the window."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.cursor import Cursor
from engine.optimizers import OPTIMIZERS
from engine.quantities import parse
from gui import text
from gui.main_window import MainWindow
from tests.gui.conftest import OpenWindow

Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
W5, Z = parse("w[2,1,1]"), parse("z[2,1]")


def here() -> QWidget:
    """What has the keyboard; a dialog has it before all others."""
    dialog = QApplication.activeModalWidget()
    widget = QApplication.focusWidget() if dialog is None else dialog.focusWidget() or dialog
    assert widget is not None
    return widget


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    return widget.accessibleName() or QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@contextmanager
def answering(*answers: Callable[[], None]) -> Iterator[None]:
    """Within it each dialog that opens is answered by the next of these, while the key that opened it still waits."""
    coming, met, window = list(answers), list[QWidget](), here().window()

    def meet() -> None:
        dialog = QApplication.activeModalWidget()
        has_keyboard = dialog is not None and dialog.isAncestorOf(QApplication.focusWidget() or dialog)
        if dialog is not None and has_keyboard and dialog not in met and coming:
            met.append(dialog)
            coming.pop(0)()

    timer = QTimer(interval=1)
    timer.timeout.connect(meet)
    timer.start()
    yield
    timer.stop()
    assert not coming
    QApplication.processEvents()
    window.windowHandle().requestActivate()  # as every desktop does when a dialog closes
    QApplication.processEvents()


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
    """An open list takes a key from its window, before what has the keyboard."""
    for _ in range(times):
        popup = QApplication.activePopupWidget()
        if popup is None:
            QTest.keyClick(here(), key, modifiers)
        else:
            QTest.keyClick(popup.windowHandle(), key, modifiers)


def write(words: str) -> None:
    QTest.keyClicks(here(), words)


def press_until(is_there: Callable[[], bool], key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    for _ in range(100):
        if is_there():
            return
        press(key, modifiers)
    raise AssertionError(f"{key} leads nowhere: {here()}")


@pytest.mark.qt_log_ignore("This plugin does not support")  # lists in front of a window that is on no screen
def test_the_main_job_by_the_keyboard_alone(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, path = open_window(), tmp_path / "values.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *asked: (str(path), ""))
    step_through(window)
    change_w5_and_take_it_back(window, qtbot)
    run_and_pause(window, qtbot)
    filter_operations(window)
    stop_at_a_breakpoint(window, qtbot)
    go_to(window)
    export(window, path)
    change_the_optimizer(window, qtbot)
    enter_a_network(window)
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


def go_to(window: MainWindow) -> None:
    """Iteration 3, operation 7; the fields stand in that order."""

    def answer() -> None:
        press(Key.Key_Backtab, SHIFT)
        press(Key.Key_A, CONTROL)
        write("3")
        press(Key.Key_Tab)
        press(Key.Key_A, CONTROL)
        write("7")
        press(Key.Key_Return)

    with answering(answer):
        press(Key.Key_G, CONTROL)
    assert cursor(window) == Cursor(3, 7)


def export(window: MainWindow, path: Path) -> None:
    """The values of iteration 1 to 3: 32 operations each, below one line of names. Where to is asked by the system."""
    with answering(lambda: press(Key.Key_Return)):
        press(Key.Key_E, CONTROL)
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 3 * 32
    assert str(path.name) in window.said.text()


def change_the_optimizer(window: MainWindow, qtbot: QtBot) -> None:
    """To the next of the list, twice, and back."""
    press(Key.Key_Comma, CONTROL)
    qtbot.waitUntil(lambda: window.panels["settings"].isAncestorOf(here()))
    press_until(lambda: name_of(here()) == "Optimizer", Key.Key_Tab)
    names = list(OPTIMIZERS)
    assert optimizer(window) == names[0]
    for name in names[1:3]:
        press(Key.Key_Down)
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        press(Key.Key_Down)
        press(Key.Key_Return)
        qtbot.waitUntil(lambda name=name: optimizer(window) == name)  # type: ignore[misc]
        qtbot.waitUntil(lambda: name_of(here()) == "Optimizer")
    press(Key.Key_Z, CONTROL, 2)
    assert optimizer(window) == names[0]
    press(Key.Key_Escape)
    assert window.canvas.hasFocus()


def optimizer(window: MainWindow) -> str:
    return window.controller.frame.session.spec.optimizer.name


def enter_a_network(window: MainWindow) -> None:
    """A title of one's own and a rate of 0.25; the rest as it is offered."""

    def answer() -> None:
        write("Mine")
        press_until(lambda: name_of(here()) == text.LEARNING_RATE, Key.Key_Tab)
        press(Key.Key_A, CONTROL)
        write("0.25")
        press(Key.Key_Return)

    with answering(answer):
        press(Key.Key_N, CONTROL)
    session = window.controller.frame.session
    assert session.title == "Mine"
    assert session.spec.optimizer.learning_rate == 0.25
