"""The keyboard comes to every panel, and goes around from one to the next."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui import keyboard
from gui.actions import ACTIONS
from gui.help import HelpSheet
from gui.main_window import MainWindow
from tests.gui.conftest import OpenWindow


def has_keyboard(window: MainWindow, panel: QWidget) -> bool:
    return holder(window) is panel


WITHOUT_CONTROLS = {"paths", "prediction", "loss"}
"""Of the first example at its start: one way, nothing to choose, no curve yet."""


def holder(window: MainWindow) -> QWidget | None:
    """The panel, or the canvas, that has the keyboard."""
    focus = QApplication.focusWidget()
    parts = [window.canvas, window.equation, *window.panels.values()]
    return next((part for part in parts if focus and (part is focus or part.isAncestorOf(focus))), None)


def test_every_panel_takes_the_keyboard_where_it_is_of_use(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    for name, panel in window.panels.items():
        if name in WITHOUT_CONTROLS:
            continue
        window.show_panel(name)
        window.activateWindow()
        qtbot.waitUntil(partial(has_keyboard, window, panel))
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.focusPolicy() & Qt.FocusPolicy.TabFocus, name
        assert focus.accessibleName(), name


def test_f6_goes_around_and_shift_f6_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    around = [window.canvas, window.equation, window.panels["parameters"], window.panels["operations"], window.canvas]
    for panel in around[1:]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        assert holder(window) is panel
    for panel in around[-2::-1]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert holder(window) is panel


def test_with_a_loss_to_show_the_plot_is_on_the_way(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.to_iteration_end()
    window.panels["parameters"].setFocus()
    keyboard.go_around([window.panels["parameters"], window.panels["loss"]], 1)
    assert holder(window) is window.panels["loss"]


def test_the_help_sheet_names_every_key_once_and_fits_a_small_screen(open_window: OpenWindow, qtbot: QtBot) -> None:
    sheet = HelpSheet(open_window())
    qtbot.addWidget(sheet)
    shown = [label.text() for label in sheet.findChildren(QLabel)]
    keys = [" / ".join((*record.keys, *record.canvas_keys)) for record in ACTIONS if record.keys or record.canvas_keys]
    assert [key for key in keys if shown.count(key) != 1] == []
    needed = sheet.sheet.sizeHint()
    assert needed.width() <= 940
    assert needed.height() <= 640
