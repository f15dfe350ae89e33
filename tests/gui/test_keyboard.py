"""The window by the keyboard alone: into every panel, from one to the next, and what a screen reader is told there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
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

from engine.quantities import parse
from gui import text
from gui.actions import ACTIONS
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
from gui.theme import THEMES, Theme, palette_of
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


def test_f6_goes_around_the_panels_in_sight(open_window: OpenWindow, qtbot: QtBot) -> None:
    """At the first start the parameters stand at the right, the loss below them."""
    window = window_with_everything(open_window)
    panels = window.panels
    around = [window.equation, panels["parameters"], panels["loss"], panels["operations"], window.canvas]
    for panel in around:
        qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_F6)
        assert has_keyboard(panel), panel
    for panel in [*around[-2::-1], window.canvas]:
        qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_F6, SHIFT)
        assert has_keyboard(panel), panel


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
