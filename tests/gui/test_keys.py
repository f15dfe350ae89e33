"""Keys and the mouse: what works from where, and who has the focus afterwards."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QMenu,
    QToolBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import open_session
from engine.cursor import Cursor
from engine.files.examples import EXAMPLES, SUFFIX
from engine.program import Unit
from gui.actions import ACTIONS
from gui.go_to import GoTo
from gui.help import HelpSheet
from gui.main_window import MainWindow
from gui.panels.settings import Settings
from tests.gui.conftest import OpenWindow, softmax_session

Key = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def cursor(window: MainWindow) -> Cursor:
    return window.controller.frame.cursor


def widgets_with_focus(window: MainWindow) -> list[QWidget]:
    """Every widget of the window that the keyboard can reach."""
    reachable = [window.canvas, *window.findChildren(QWidget)]
    return [
        widget for widget in dict.fromkeys(reachable)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]  # fmt: skip


def test_f10_and_f9_step_from_every_widget_that_takes_the_focus(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    widgets = widgets_with_focus(window)
    assert window.bar.units in widgets
    for widget in widgets:
        widget.setFocus()
        focused = QApplication.focusWidget()
        assert focused is not None
        before = cursor(window)
        qtbot.keyClick(focused, Key.Key_F10)
        assert cursor(window) == Cursor(1, before.operation + 1), widget
        qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_F9)
        assert cursor(window) == before, widget


def test_f10_steps_and_opens_no_menu(open_window: OpenWindow, qtbot: QtBot) -> None:
    """F10 is also the key that opens a menu bar."""
    window = open_window()
    for operation in (1, 2, 3):
        qtbot.keyClick(window.canvas, Key.Key_F10)
        assert cursor(window) == Cursor(1, operation)
        assert window.menuBar().activeAction() is None
        assert QApplication.activePopupWidget() is None
        assert window.canvas.hasFocus()


def test_f10_steps_with_the_focus_on_the_menu_bar(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.menuBar().setFocus()
    qtbot.keyClick(window.menuBar(), Key.Key_F10)
    assert cursor(window) == Cursor(1, 1)


def test_f11_goes_by_phases(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Document 003: 6 operations forward, 1 loss, 17 backward, 8 update."""
    window = open_window()
    for operation in (6, 7, 24, 32):
        qtbot.keyClick(window.canvas, Key.Key_F11)
        assert cursor(window) == Cursor(1, operation)
    for operation in (24, 7, 6, 0):
        qtbot.keyClick(window.canvas, Key.Key_F11, SHIFT)
        assert cursor(window) == Cursor(1, operation)


def test_f11_goes_by_phases_from_the_unit_combo(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.bar.units.setFocus()
    qtbot.keyClick(window.bar.units, Key.Key_F11)
    assert cursor(window) == Cursor(1, 6)


def test_home_end_and_page_keys_on_the_canvas_go_by_iterations(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    steps = [
        (Key.Key_End, Cursor(1, 32)), (Key.Key_Home, Cursor(1, 0)), (Key.Key_PageDown, Cursor(1, 32)),
        (Key.Key_PageDown, Cursor(2, 32)), (Key.Key_Home, Cursor(2, 0)), (Key.Key_End, Cursor(2, 32)),
        (Key.Key_PageUp, Cursor(2, 0)), (Key.Key_PageUp, Cursor(1, 0)), (Key.Key_PageUp, Cursor(1, 0)),
    ]  # fmt: skip
    for key, expected in steps:
        qtbot.keyClick(window.canvas, key)
        assert cursor(window) == expected, key


def test_ctrl_home_goes_to_the_start_of_the_session(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.controller.seek(3, 5)
    qtbot.keyClick(window.canvas, Key.Key_Home, CONTROL)
    assert cursor(window) == Cursor(1, 0)


@pytest.mark.parametrize(("place", "unit"), list(enumerate(Unit, 1)))
def test_digits_on_the_canvas_choose_the_unit(open_window: OpenWindow, qtbot: QtBot, place: int, unit: Unit) -> None:
    window = open_window()
    window.controller.choose_unit(Unit.EPOCH if unit is not Unit.EPOCH else Unit.FACTOR)
    qtbot.keyClick(window.canvas, Key(Key.Key_0.value + place))
    assert window.controller.unit is unit
    assert window.bar.units.currentText() == unit.value.capitalize()


def test_left_and_right_go_by_the_chosen_unit(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(softmax_session())
    for unit in Unit:
        window.controller.choose_unit(unit)
        window.controller.seek(1)
        window.controller.next()
        reached = cursor(window)
        window.controller.seek(1)
        qtbot.keyClick(window.canvas, Key.Key_Right)
        assert cursor(window) == reached
        assert reached != Cursor(1, 0)
        qtbot.keyClick(window.canvas, Key.Key_Left)
        assert cursor(window) == Cursor(1, 0)


def test_choosing_a_unit_in_the_combo_gives_the_focus_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.bar.units.setFocus()
    qtbot.keyClick(window.bar.units, Key.Key_Down)
    assert window.controller.unit is Unit.NEURON
    assert window.canvas.hasFocus()


def test_arrows_and_digits_stay_with_the_widget_that_has_the_focus(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Only the canvas and its like take them; a combo box keeps its own arrows."""
    window = open_window()
    for combo in window.findChildren(QComboBox):
        for dock in window.docks:
            if dock.isAncestorOf(combo):
                dock.show()
                dock.raise_()
        if not combo.isVisible():
            continue  # a choice that this session does not offer
        combo.setFocus()
        before = cursor(window)
        qtbot.keyClick(combo, Key.Key_Right)
        qtbot.keyClick(combo, Key.Key_End)
        assert cursor(window) == before


def test_clicking_the_toolbar_never_takes_the_focus(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dialog in (GoTo, HelpSheet):
        monkeypatch.setattr(dialog, "exec", lambda _: QDialog.DialogCode.Rejected)
    window = open_window()
    window.controller.seek(1, 3)
    clicked = 0
    for bar in window.findChildren(QToolBar):
        for button in bar.findChildren(QToolButton):
            if button.isVisible() and button.isEnabled() and button.defaultAction() is not None:
                window.canvas.setFocus()
                qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
                assert window.canvas.hasFocus(), button.text()
                clicked += 1
                window.controller.seek(1, 3)
    assert clicked >= 4


def button_of(window: MainWindow, action: QAction) -> QToolButton:
    return next(button for button in window.findChildren(QToolButton) if button.defaultAction() is action)


def test_toolbar_buttons_do_what_their_keys_do(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    for name, expected in (("next", 1), ("next", 2), ("previous", 1), ("end", 32), ("start", 0)):
        qtbot.mouseClick(button_of(window, window.actions_by_name[name]), Qt.MouseButton.LeftButton)
        assert cursor(window) == Cursor(1, expected), name


def test_at_the_start_there_is_no_way_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    back = [window.actions_by_name[name] for name in ("start", "previous")]
    assert not any(action.isEnabled() for action in back)
    qtbot.keyClick(window.canvas, Key.Key_Right)
    assert all(action.isEnabled() for action in back)


def test_every_action_has_a_text_a_tip_and_keys_of_its_own() -> None:
    """Two actions on one key: neither would fire."""
    keys = [key for record in ACTIONS for key in (*record.keys, *record.canvas_keys)]
    assert len(keys) == len(set(keys))
    assert all(record.text and record.tip for record in ACTIONS)


def answer_with(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    """The file dialog answers with a path; empty where it is cancelled."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))


def test_ctrl_o_opens_a_session_file(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / f"mine{SUFFIX}"
    text = EXAMPLES.joinpath(f"seed-003{SUFFIX}").read_text(encoding="utf-8")
    path.write_text(text.replace("Two inputs, two hidden neurons, one output", "My own"), encoding="utf-8")
    window = open_window()
    window.controller.seek(2, 5)
    answer_with(monkeypatch, path)
    qtbot.keyClick(window.canvas, Key.Key_O, CONTROL)
    assert window.controller.frame.session == open_session(str(path))
    assert "My own" in window.windowTitle()
    assert cursor(window) == Cursor(1, 0)
    assert str(path) in window.said.text()


@pytest.mark.parametrize(
    "content",
    ["", "no JSON", "{}", '{"format": "chainstep-session", "version": 99}', "\x00\xff"],
    ids=["empty", "text", "empty object", "version", "binary"],
)
def test_a_bad_file_is_said_and_leaves_the_session_in_hand(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    path = tmp_path / f"bad{SUFFIX}"
    path.write_bytes(content.encode("latin-1"))
    window = open_window()
    window.controller.seek(2, 5)
    before = window.controller.frame
    answer_with(monkeypatch, path)
    qtbot.keyClick(window.canvas, Key.Key_O, CONTROL)
    said = window.said.text()
    assert said.startswith("Not opened: ")
    assert path.name in said
    assert "\n" not in said
    assert window.controller.frame is before
    qtbot.keyClick(window.canvas, Key.Key_Right)
    assert cursor(window) == Cursor(2, 6)


def test_a_missing_file_is_said(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window()
    answer_with(monkeypatch, tmp_path / "nowhere.chainstep.json")
    qtbot.keyClick(window.canvas, Key.Key_O, CONTROL)
    assert "nowhere" in window.said.text()


def test_a_cancelled_dialog_changes_nothing(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    window.controller.seek(1, 5)
    before = window.controller.frame
    answer_with(monkeypatch, "")
    qtbot.keyClick(window.canvas, Key.Key_O, CONTROL)
    assert window.controller.frame is before
    assert window.said.text() == ""


def test_at_1280_x_800_the_canvas_keeps_640_x_320(open_window: OpenWindow) -> None:
    window = open_window(width=1280, height=800)
    assert (window.width(), window.height()) == (1280, 800)
    assert window.canvas.width() >= 640
    assert window.canvas.height() >= 320


def test_the_pointer_over_the_canvas_needs_no_frame_change(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    before = window.controller.frame
    qtbot.mouseMove(window.canvas, QPoint(60, 120))
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert window.controller.frame is before


def wait_until_seen(widget: QWidget, qtbot: QtBot) -> None:
    """Until it is laid out in front of everything."""
    qtbot.waitUntil(lambda: not widget.visibleRegion().isEmpty())


def test_ctrl_comma_shows_the_settings_and_gives_them_the_keyboard(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    panel = window.panels["settings"]
    assert isinstance(panel, Settings)
    assert not panel.isVisible()
    for _ in range(2):  # shown for the first time, and from elsewhere again
        window.canvas.setFocus()
        qtbot.keyClick(window.canvas, Key.Key_Comma, CONTROL)
        qtbot.waitUntil(lambda: panel.isAncestorOf(QApplication.focusWidget() or window))
        focused = QApplication.focusWidget()
        assert focused is not None
        wait_until_seen(focused, qtbot)
        assert focused.accessibleName() == "Layer 1: neurons"


def test_the_settings_are_in_the_edit_menu_and_on_the_help_sheet(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    menu = next(action.menu() for action in window.menuBar().actions() if action.text().replace("&", "") == "Edit")
    assert "Settings…" in [action.text() for action in menu.actions()]  # type: ignore[attr-defined]
    sheet = HelpSheet(window)
    qtbot.addWidget(sheet)
    assert "Ctrl+," in "".join(label.text() for label in sheet.findChildren(QLabel))


def test_a_menu_closed_with_escape_leaves_the_keyboard_to_the_canvas(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.menuBar().setFocus()
    menu = next(menu for action in window.menuBar().actions() if isinstance(menu := action.menu(), QMenu))
    menu.aboutToHide.emit()
    qtbot.waitUntil(window.canvas.hasFocus)


def test_no_action_covers_what_was_said_last(open_window: OpenWindow) -> None:
    """A status tip would, as long as the pointer rests on the button that began a run."""
    window = open_window()
    assert [name for name, action in window.actions_by_name.items() if action.statusTip()] == []
