"""The window by the keyboard alone: into every panel, from one to the next, and what a screen reader is told there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, QSize, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTableView,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import ownedByPython

from engine import open_session
from engine.quantities import parse
from gui import telling, text
from gui.actions import ACTIONS
from gui.arranging import STEP
from gui.controller import Controller
from gui.export import ExportDialog
from gui.gallery import Gallery
from gui.go_to import GoTo
from gui.help import HelpSheet, key_groups
from gui.main_window import MainWindow
from gui.new_session import NewSession
from gui.panels import PANELS
from gui.parameters_model import VALUE
from gui.settings.csv_dialog import CsvDialog
from gui.theme import THEMES, Theme, palette_of, theme_of
from gui.widgets import Pace
from tests.gui.conftest import OpenWindow, softmax_session

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def has_keyboard(panel: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (focused is panel or panel.isAncestorOf(focused))


def window_with_everything(open_window: OpenWindow) -> MainWindow:
    """Losses, a run that was left by an edit, and the cursor at a gradient that is reached by ways."""
    window = open_window()
    window.controller.seek(4, 32)
    window.controller.seek(2, 0)
    window.controller.edit("w[2,1,1]", 0.5)
    window.controller.seek(2, 20)
    return window


@pytest.mark.parametrize("name", [record.name for record in PANELS])
def test_a_panel_shown_gets_the_keyboard(open_window: OpenWindow, qtbot: QtBot, name: str) -> None:
    window = window_with_everything(open_window)
    window.show_panel(name)
    qtbot.waitUntil(lambda: has_keyboard(window.panels[name]))
    assert QApplication.activeWindow() is window  # no part of the panel was a window for a moment


def test_a_panel_with_nothing_to_take_the_keyboard_leaves_it_where_it_is(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_panel("paths")
    qtbot.waitUntil(window.panels["paths"].isVisible)
    assert window.canvas.hasFocus()


def test_tab_goes_into_no_panel_that_is_behind_another(open_window: OpenWindow, qtbot: QtBot) -> None:
    """All panels of the right side lie behind the one opened last."""
    window = open_window()
    for name in window.panels:
        window.show_panel(name)
    window.show_panel("settings")
    qtbot.waitUntil(lambda: not window.panels["settings"].visibleRegion().isEmpty())
    window.canvas.setFocus()
    reached = set()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        for _ in range(400):
            qtbot.keyClick(focused(), key)
            focus = focused()
            reached |= {name for name, panel in window.panels.items() if panel is focus or panel.isAncestorOf(focus)}
    behind = {name for name in reached if not is_in_sight(window.panels[name])}
    assert behind == set()
    assert "settings" in reached


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def is_in_sight(panel: QWidget) -> bool:
    return any(not part.visibleRegion().isEmpty() for part in (panel, *panel.findChildren(QWidget)))


def test_f6_goes_around_the_panels_in_sight(open_window: OpenWindow, qtbot: QtBot) -> None:
    """At the first start the parameters stand at the right, the loss below them."""
    window = window_with_everything(open_window)
    panels = window.panels
    parameters, loss, operations = (panels[name] for name in ("parameters", "loss", "operations"))
    around = [window.equation, parameters, loss, window.position, operations, window.canvas]
    for panel in around:
        qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_F6)
        assert has_keyboard(panel), panel
    for panel in [*around[-2::-1], window.canvas]:
        qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_F6, SHIFT)
        assert has_keyboard(panel), panel


def test_going_around_leaves_the_window_to_whom_it_belongs(open_window: OpenWindow, qtbot: QtBot) -> None:
    """PySide6 may take a widget for owned by the one it was asked of, and for deleted with it."""
    window = window_with_everything(open_window)
    for panel in PANELS:
        window.show_panel(panel.name)
        qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_F6)
    assert ownedByPython(window)


@pytest.mark.qt_log_ignore("does not support raise")  # for the tip, on no screen
def test_shift_f1_tells_what_the_pointer_would_tell(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Of the canvas what is selected, of a table its current cell, in full; of what has no tip that there is none."""
    window = open_window()
    window.controller.seek(1, 8)
    window.controller.select(parse("z[2,1]"))
    qtbot.keyClick(window.canvas, Key.Key_F1, SHIFT)
    z = 0.4 * 0.5932699921071872 + 0.45 * 0.596884378259767 + 0.6  # w5 a_h1 + w6 a_h2 + b2
    name, formula, where = QToolTip.text().split("\n")
    assert float(name.removeprefix("z_out = ")) == pytest.approx(z, rel=1e-15)
    assert formula == "z_out = w5·a_h1 + w6·a_h2 + b2"
    assert where.startswith("pre-activation of a neuron, operation 5")
    table = window.panels["parameters"].findChild(QTableView)
    assert isinstance(table, QTableView)
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, VALUE))
    qtbot.keyClick(table, Key.Key_F1, SHIFT)
    assert QToolTip.text().splitlines()[0] == "0.15"
    window.equation.matrix.setToolTip("")
    window.equation.matrix.setFocus()
    qtbot.keyClick(window.equation.matrix, Key.Key_F1, SHIFT)
    assert window.said.text() == text.NOTHING_TO_TELL


@pytest.mark.qt_log_ignore("does not support raise")  # for the tip, on no screen
def test_shift_f1_tells_of_the_ribbon_and_the_plot(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loss to its last digit, the edit and the loss of the run that was left; a screen reader says it."""
    told: list[str] = []
    monkeypatch.setattr(telling, "QAccessibleAnnouncementEvent", lambda part, words: (part, words))
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event[1]))
    window = window_with_everything(open_window)
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    window.position.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(window.position, Key.Key_F1, SHIFT)
    assert QToolTip.text() == "backward, operation 20: dL/dw1\nEdited at the start of iteration 2: w5 = 0.5."
    plot = window.panels["loss"]
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(plot, Key.Key_F1, SHIFT)
    lines = QToolTip.text().split("\n")
    name, _, loss = lines[0].rpartition(": ")
    assert name == "Iteration 2"
    assert float(loss) == window.controller.frame.losses[1]
    assert lines[1] == "Edited at the start of iteration 2: w5 = 0.5."
    assert lines[2] == "In iteration 2"
    assert len(lines) == 4  # and the run that was left
    assert told[-1] == QToolTip.text()
    assert told[-2].startswith("backward, operation 20")


def test_the_ribbon_takes_the_keys_of_the_canvas(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.position.setFocus(Qt.FocusReason.TabFocusReason)
    for key, operation in ((Key.Key_Right, 1), (Key.Key_End, 32), (Key.Key_Left, 31), (Key.Key_Home, 0)):
        qtbot.keyClick(window.position, key)
        assert window.controller.frame.cursor == (1, operation, 0)


def side(window: MainWindow, name: str) -> Qt.DockWidgetArea:
    return window.dockWidgetArea(dock_of(window, name))


def dock_of(window: MainWindow, name: str) -> QDockWidget:
    return next(dock for dock in window.docks if dock.objectName() == name)


@pytest.mark.qt_log_ignore("does not support raise")  # for the panel in a window of its own
def test_a_panel_is_moved_by_the_keyboard(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Into each side as a tab, into a window of its own and back; it keeps the keyboard. The middle stays."""
    window = open_window()
    window.show_panel("parameters")
    dock, panel = dock_of(window, "parameters"), window.panels["parameters"]
    for action, area, beside in (
        ("panel_left", Qt.DockWidgetArea.LeftDockWidgetArea, "operations"),
        ("panel_bottom", Qt.DockWidgetArea.BottomDockWidgetArea, "loss"),
    ):
        window.actions_by_name[action].trigger()
        assert side(window, "parameters") is area
        assert dock_of(window, beside) in window.tabifiedDockWidgets(dock)
        qtbot.waitUntil(lambda: has_keyboard(panel))
    window.actions_by_name["panel_alone"].trigger()
    assert dock.isFloating()
    qtbot.waitUntil(lambda: has_keyboard(panel))
    window.actions_by_name["previous_panel"].trigger()
    qtbot.waitUntil(lambda: has_keyboard(window.equation))
    window.actions_by_name["next_panel"].trigger()
    qtbot.waitUntil(lambda: has_keyboard(panel))
    window._escape()
    qtbot.waitUntil(window.canvas.hasFocus)
    window.show_panel("parameters")
    qtbot.waitUntil(lambda: has_keyboard(panel))
    window.actions_by_name["panel_right"].trigger()
    assert not dock.isFloating()
    assert side(window, "parameters") is Qt.DockWidgetArea.RightDockWidgetArea
    qtbot.waitUntil(lambda: has_keyboard(panel))
    window.canvas.setFocus()
    window.actions_by_name["panel_left"].trigger()
    assert window.said.text() == text.NO_PANEL


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_panel_in_a_window_of_its_own_comes_back_after_the_main_window(
    application: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    """Shown before it, as the layout that is kept would have it, it would lie behind its parent."""
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    first = MainWindow(Controller(open_session("seed-003")), settings)
    first.show()
    dock_of(first, "parameters").setFloating(True)
    first.close()
    second = MainWindow(Controller(open_session("seed-003")), settings)
    qtbot.addWidget(second)
    dock, shown = dock_of(second, "parameters"), list[tuple[bool, bool]]()
    dock.visibilityChanged.connect(lambda is_visible: shown.append((is_visible, second.isVisible())))
    second.controller.show()
    second.show()
    qtbot.waitUntil(lambda: (True, True) in shown and dock.isVisible())
    assert dock.isFloating()
    first.deleteLater()


@pytest.mark.parametrize("name", ["operations", "parameters", "loss"])
def test_a_panel_is_made_larger_and_smaller_by_the_keyboard(open_window: OpenWindow, qtbot: QtBot, name: str) -> None:
    window = open_window(width=1600, height=1000)
    window.controller.seek(2, 0)
    dock = dock_of(window, name)
    window.show_panel(name)
    qtbot.waitUntil(lambda: has_keyboard(window.panels[name]))
    before = dock.size()
    qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_Plus, Qt.KeyboardModifier.AltModifier)
    grown = QSize(0, STEP) if name == "loss" else QSize(STEP, 0)
    qtbot.waitUntil(lambda: dock.size() == before + grown)
    qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_Minus, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: dock.size() == before)


def test_network_and_equation_share_their_room_by_the_keyboard(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(width=1600, height=1000)
    network, equation = window.split.sizes()
    window.equation.matrix.setFocus()
    qtbot.keyClick(window.equation.matrix, Key.Key_Plus, Qt.KeyboardModifier.AltModifier)
    assert window.split.sizes() == [network - STEP, equation + STEP]
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Key.Key_Plus, Qt.KeyboardModifier.AltModifier)
    assert window.split.sizes() == [network, equation]


def test_the_first_value_is_changed_by_keys_alone(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Nothing is selected yet, and above the first row stands a heading."""
    window = open_window()
    window.show_panel("parameters")
    table = window.panels["parameters"].findChild(QTableView)
    assert isinstance(table, QTableView)
    qtbot.waitUntil(table.hasFocus)
    qtbot.keyClick(table, Key.Key_F2)
    qtbot.keyClicks(QApplication.focusWidget(), "0.5")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    qtbot.waitUntil(lambda: window.controller.frame.value(parse("w[1,1,1]")) == 0.5)
    qtbot.keyClick(table, Key.Key_Down)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (2, VALUE)


def edge_pixels(widget: QWidget) -> int:
    """How many pixels along the upper edge have the accent's colour."""
    image, accent = widget.grab().toImage(), QColor(theme_of(widget.palette()).accent).rgb()
    return sum(image.pixel(x, 1) == accent for x in range(image.width()))


def test_a_list_has_a_ring_where_a_key_has_brought_the_keyboard(open_window: OpenWindow, qtbot: QtBot) -> None:
    """At the start no row of the listing is at work, and no cell of the table is looked at."""
    window = open_window()
    listing, table = window.panels["operations"], window.panels["parameters"].findChild(QTableView)
    assert isinstance(table, QTableView)
    for part in (listing, table):
        assert edge_pixels(part) == 0
        part.setFocus(Qt.FocusReason.TabFocusReason)
        assert edge_pixels(part) >= part.width() - 8
    part.resize(part.width() - 40, part.height())
    assert edge_pixels(part) >= part.width() - 8
    window.canvas.setFocus()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert edge_pixels(table) == 0
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.viewport().rect().center())
    assert table.hasFocus()
    assert edge_pixels(table) == 0


def unnamed(parent: QWidget) -> list[QWidget]:
    """What takes the keyboard in it without a name for a screen reader; the interface of a choice answers with what is
    chosen, so a choice needs a name or a label of its own."""
    parts = [part for part in (parent, *parent.findChildren(QWidget)) if part.isVisible() and not part.focusProxy()]
    focusable = [part for part in parts if part.focusPolicy() != Qt.FocusPolicy.NoFocus]
    labelled = {label.buddy() for label in parent.findChildren(QLabel)}
    choices = [part for part in focusable if isinstance(part, QComboBox)]
    without = [part for part in choices if not part.accessibleName() and part not in labelled]
    return without + [
        part for part in focusable if not QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name)
    ]


def beyond_tab(parent: QWidget) -> list[QAbstractButton]:
    """The buttons that the mouse reaches, but neither Tab nor a key nor a menu."""
    buttons = [button for button in parent.findChildren(QAbstractButton) if button.isVisible()]
    return [
        button for button in buttons
        if not button.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not button.actions() and button.objectName() != "qt_tableview_cornerbutton"
    ]  # fmt: skip


@pytest.mark.parametrize("name", [record.name for record in PANELS])
def test_every_control_of_a_panel_is_named_and_within_reach(open_window: OpenWindow, qtbot: QtBot, name: str) -> None:
    window = window_with_everything(open_window)
    window.show_panel(name)
    qtbot.waitUntil(lambda: has_keyboard(window.panels[name]))
    assert unnamed(window.panels[name]) == []
    assert beyond_tab(window.panels[name]) == []


@pytest.mark.parametrize("source", ["seed-003", softmax_session()], ids=["seed-003", "softmax"])
def test_every_control_of_the_window_is_named(open_window: OpenWindow, source: object) -> None:
    window = open_window(source)
    window.controller.seek(1, 20)
    assert unnamed(window) == []
    assert beyond_tab(window.bar) == beyond_tab(window.equation) == beyond_tab(window.statusBar()) == []


def dialogs(window: MainWindow, folder: Path) -> list[QDialog]:
    preview, rows = Controller.preview, folder / "rows.csv"
    rows.write_text("x1,x2,y\n0,1,1\n1,0,0\n")
    return [
        NewSession(preview, window), Gallery(preview, window), GoTo(window.controller.frame, window),
        ExportDialog(3, window), HelpSheet(window), CsvDialog(rows, window.controller.frame.session.spec, window),
    ]  # fmt: skip


def test_every_control_of_the_dialogs_is_named_and_within_reach(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Enter does what the dialog is for, Escape closes it without."""
    for dialog in dialogs(open_window(), tmp_path):
        qtbot.addWidget(dialog)
        dialog.open()
        assert unnamed(dialog) == []
        assert beyond_tab(dialog) == []
        assert any(button.isDefault() for button in dialog.findChildren(QPushButton)), dialog
        qtbot.keyClick(dialog.focusWidget() or dialog, Key.Key_Escape)
        assert not dialog.isVisible(), dialog


def test_the_help_sheet_has_every_key_once_and_fits_the_smallest_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    sheet = HelpSheet(open_window(width=1000, height=668))
    qtbot.addWidget(sheet)
    sheet.show()
    assert sheet.width() <= 1000
    assert sheet.height() <= 668
    lines = [line for group in key_groups().values() for line in group]
    for action in ACTIONS:
        if action.keys or action.canvas_keys:
            keys = [keys.split(" or ") for keys, what in lines if what == action.text]
            assert [sorted(each) for each in keys] == [sorted((*action.keys, *action.canvas_keys))], action.name


CONTROLS: dict[str, Callable[[], QWidget]] = {
    "button": lambda: QPushButton("Add row"), "check box": lambda: QCheckBox("Log scale"), "choice": QComboBox,
    "number": QSpinBox, "field": QLineEdit, "tool": QToolButton, "slider": Pace,
    "list": lambda: _with_a_row(QListWidget()),
}  # fmt: skip


def _with_a_row(rows: QListWidget) -> QListWidget:
    rows.addItem("one")
    rows.setCurrentRow(0)
    return rows


def accent_pixels(widget: QWidget, theme: Theme) -> int:
    image, accent = widget.grab().toImage(), QColor(theme.accent).rgb()
    return sum(image.pixel(x, y) == accent for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("kind", CONTROLS)
def test_a_control_with_the_keyboard_has_a_ring(
    application: QApplication, qtbot: QtBot, theme: Theme, kind: str
) -> None:
    """Much more of the accent than without it; of the slider only the handle's edge is whole pixels."""
    application.setPalette(palette_of(theme))
    box = QWidget()
    qtbot.addWidget(box)
    control, other = CONTROLS[kind](), QLineEdit()
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    column = QVBoxLayout(box)
    for widget in (control, other):
        column.addWidget(widget)
    with qtbot.waitActive(box):
        box.show()
    other.setFocus()
    without = accent_pixels(control, theme)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    assert control.hasFocus()
    assert accent_pixels(control, theme) >= without + (6 if kind == "slider" else 40)
