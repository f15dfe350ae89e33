"""File > New: what is chosen there is begun, and the keyboard finds its way while layers come and go."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.frame import Frame
from engine.notation import NOTATIONS
from engine.quantities import parse
from engine.session import Session
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.new_session import MOST_LAYERS, NewSession
from gui.number_grid import NumberGrid
from gui.panels.parameters import ParametersTable
from gui.parameters_model import SYMBOL
from tests.gui.conftest import OpenWindow

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier

SYMBOLS = {"sequential": "w5", "indexed": "w31", "layered": "w^[2]_11"}
"""The first weight of the output in a 2-2-1."""


@pytest.fixture
def previews() -> list[Session]:
    """The sessions that the dialog has drawn."""
    return []


@pytest.fixture
def dialog(application: QApplication, qtbot: QtBot, previews: list[Session]) -> NewSession:
    def preview(session: Session) -> Frame:
        previews.append(session)
        return Controller.preview(session)

    made = NewSession(preview)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def field(dialog: NewSession, words: str) -> QWidget:
    """The field beside some words."""
    for row in range(dialog.form.rowCount()):
        label = dialog.form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        item = dialog.form.itemAt(row, QFormLayout.ItemRole.FieldRole)
        widget = item.widget() if item is not None else None
        if label is not None and widget is not None and name_of(label.widget()) == words:
            return widget
    raise AssertionError(f"no field {words}")


def choose(combo: QWidget, words: str, qtbot: QtBot) -> None:
    assert isinstance(combo, QComboBox)
    qtbot.keyClick(combo, Key.Key_Home)
    while combo.currentData() != words:
        qtbot.keyClick(combo, Key.Key_Down)


def button(dialog: NewSession, words: str) -> QPushButton:
    """The button of that name; what was just made is shown with the next layout."""
    QApplication.processEvents()
    return next(found for found in dialog.findChildren(QPushButton) if found.isVisible() and name_of(found) == words)


def name_of(widget: QWidget | None) -> str:
    """What a screen reader says of a widget: its name, its button's text, or the field's label."""
    assert widget is not None
    return widget.accessibleName() or getattr(widget, "text", str)() or ""


def focused() -> str:
    QApplication.processEvents()
    return name_of(QApplication.focusWidget())


def walk(dialog: NewSession, qtbot: QtBot, back: bool = False) -> list[QWidget]:
    """The widgets that Tab leads to, from the title until it comes round; with `back` the other way."""
    QApplication.processEvents()
    dialog.title.setFocus()
    stops: list[QWidget] = [dialog.title]
    while len(stops) < 100:
        widget = QApplication.focusWidget()
        assert widget is not None
        qtbot.keyClick(widget, Key.Key_Backtab if back else Key.Key_Tab, SHIFT if back else Qt.KeyboardModifier(0))
        widget = QApplication.focusWidget()
        if widget is None or widget is dialog.title:
            return stops
        stops.append(widget)
    raise AssertionError("Tab never comes round")


def row(number: int, is_only: bool = False) -> list[str]:
    parts = ["neurons", "activation", "bias", *([] if is_only else ["remove"])]
    return [f"Layer {number}: {part}" for part in parts]


# Symbols


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_symbols_chosen_are_drawn_and_begun(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, notation: str
) -> None:
    window = open_window()
    drawn: list[str] = []

    def execute(dialog: NewSession) -> int:
        dialog.show()
        choose(field(dialog, "Symbols"), notation, qtbot)
        drawn.append(dialog.session().notation)
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(NewSession, "exec", execute)
    qtbot.keyClick(window.canvas, Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    session = window.controller.frame.session
    assert drawn == [notation]
    assert session.notation == notation
    assert symbol_of_w5(window) == SYMBOLS[notation]


def symbol_of_w5(window: MainWindow) -> str:
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    row = panel.model.row_of(parse("w[2,1,1]"))
    return str(panel.model.data(panel.model.index(row, SYMBOL)))


# The keyboard


def test_tab_goes_down_the_fields_through_the_grid_to_the_buttons_and_back(dialog: NewSession, qtbot: QtBot) -> None:
    there = [name_of(stop) for stop in walk(dialog, qtbot)]
    layers = [*row(1), *row(2), "Add layer"]
    start = there.index("Layer 1: neurons")
    assert there[start : start + len(layers)] == layers
    assert QApplication.focusWidget() is dialog.title
    assert there.index("Add layer") < there.index("Weights of layer 1") < there.index("Begin") < there.index("Cancel")
    assert there[-1] == "Cancel"
    back = [name_of(stop) for stop in walk(dialog, qtbot, back=True)]
    assert back[1:] == there[:0:-1]


def test_tab_finds_layers_that_were_added_and_forgets_those_removed(dialog: NewSession, qtbot: QtBot) -> None:
    for words, numbers in (("Add layer", (1, 2, 3)), ("Layer 2: remove", (1, 2)), ("Layer 1: remove", (1,))):
        button(dialog, words).setFocus()
        qtbot.keyClick(button(dialog, words), Key.Key_Space)
        there = [name_of(stop) for stop in walk(dialog, qtbot)]
        layers = [name for number in numbers for name in row(number, len(numbers) == 1)]
        start = there.index("Layer 1: neurons")
        assert there[start : start + len(layers) + 1] == [*layers, "Add layer"]
        assert there[-1] == "Cancel"


def test_the_keyboard_goes_on_in_the_row_that_was_added_or_follows(dialog: NewSession, qtbot: QtBot) -> None:
    for words, then in (
        ("Add layer", "Layer 2: neurons"),
        ("Add layer", "Layer 3: neurons"),
        ("Layer 1: remove", "Layer 1: neurons"),
        ("Layer 3: remove", "Layer 2: neurons"),
        ("Layer 2: remove", "Layer 1: neurons"),
    ):
        button(dialog, words).setFocus()
        qtbot.keyClick(button(dialog, words), Key.Key_Space)
        assert focused() == then
    assert dialog.session().spec.network.sizes == (2, 2)


def test_the_last_layer_stays_and_there_are_not_too_many(dialog: NewSession, qtbot: QtBot) -> None:
    while button(dialog, "Add layer").isEnabled():
        qtbot.mouseClick(button(dialog, "Add layer"), LEFT)
    assert len(dialog.session().spec.network.layers) == MOST_LAYERS
    while button(dialog, "Layer 1: remove").isEnabled():
        qtbot.mouseClick(button(dialog, "Layer 1: remove"), LEFT)
    assert dialog.session().spec.network.sizes == (2, 1)


def grid_of(dialog: NewSession) -> NumberGrid:
    grid = dialog.tabs.currentWidget()
    assert isinstance(grid, NumberGrid)
    return grid


def test_tab_leaves_the_grid_and_in_a_number_goes_to_the_next(dialog: NewSession, qtbot: QtBot) -> None:
    grid = grid_of(dialog)
    grid.setFocus()
    grid.setCurrentIndex(grid.model().index(0, 0))
    for typed in ("11", "12", "13"):
        qtbot.keyClicks(editor_of(grid, qtbot), typed)
        qtbot.keyClick(editor_of(grid, qtbot), Key.Key_Tab)
    qtbot.keyClick(editor_of(grid, qtbot), Key.Key_Escape)
    qtbot.waitUntil(grid.hasFocus)
    spec = dialog.session().spec
    assert (spec.initial_values.weights[0][0], spec.initial_values.biases[0][0]) == ((11.0, 12.0), 13.0)
    qtbot.keyClick(grid, Key.Key_Tab)
    assert focused() == "Begin"


def editor_of(grid: QTableView, qtbot: QtBot) -> QWidget:
    """The editor of the current cell, opened where there is none."""
    widget = QApplication.focusWidget()
    if widget is grid:
        qtbot.keyClick(grid, Key.Key_F2)
    widget = QApplication.focusWidget()
    assert widget is not None
    assert grid.isAncestorOf(widget)
    return widget


def test_everything_that_takes_the_keyboard_has_a_name(dialog: NewSession, qtbot: QtBot) -> None:
    labelled = [field(dialog, words) for words in ("Title", "Inputs", "Loss", "Optimizer", "Learning rate", "Symbols")]
    unnamed = [stop for stop in walk(dialog, qtbot) if stop not in labelled and not name_of(stop)]
    assert unnamed == [dialog.tabs.tabBar()]


# Activations


def choose_activation(dialog: NewSession, name: str) -> QComboBox:
    combo = next(combo for combo in dialog.findChildren(QComboBox) if name_of(combo) == "Layer 1: activation")
    place = combo.findData(name)
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    return combo


def fields(dialog: NewSession) -> list[QLineEdit]:
    """The fields for constants of layer 1."""
    shown = (widget for widget in dialog.findChildren(QLineEdit) if widget.isVisible())
    return [widget for widget in shown if name_of(widget) in ("Layer 1: slope", "Layer 1: alpha")]


@pytest.mark.parametrize(
    ("name", "constant", "default"), [("leaky_relu", "slope", 0.01), ("prelu", "slope", 0.25), ("elu", "alpha", 1.0)]
)
def test_an_activation_with_a_constant_has_a_field_for_it(
    dialog: NewSession, qtbot: QtBot, name: str, constant: str, default: float
) -> None:
    """The defaults are those of formats.md."""
    combo = choose_activation(dialog, name)
    combo.setFocus()
    QApplication.processEvents()
    (field,) = fields(dialog)
    assert name_of(field) == f"Layer 1: {constant}"
    assert float(field.text()) == default
    assert field in walk(dialog, qtbot)
    field.selectAll()
    qtbot.keyClicks(field, "1/8")
    layer = dialog.session().spec.network.layers[0]
    assert (layer.activation, layer.constants) == (name, {constant: 0.125})
    choose_activation(dialog, "tanh")
    assert fields(dialog) == []
    assert dialog.session().spec.network.layers[0].constants == {}


def test_a_constant_that_is_no_number_is_said_and_not_begun_with(dialog: NewSession, qtbot: QtBot) -> None:
    choose_activation(dialog, "elu")
    QApplication.processEvents()
    (field,) = fields(dialog)
    field.selectAll()
    qtbot.keyClicks(field, "abc")
    assert dialog.problem.text() == "abc is not a number."
    assert not dialog.buttons.accepting.isEnabled()
    field.selectAll()
    qtbot.keyClicks(field, "0,5")
    assert dialog.problem.text() == ""
    assert dialog.buttons.accepting.isEnabled()


def test_an_activation_through_which_nothing_is_learnt_says_so(dialog: NewSession) -> None:
    choose_activation(dialog, "binary_step")
    QApplication.processEvents()
    said = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert any("nothing below it is learnt" in words for words in said)
    choose_activation(dialog, "relu")
    QApplication.processEvents()
    said = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert not any("learnt" in words for words in said)


# The drawing


@pytest.mark.parametrize(
    "change",
    [
        lambda dialog: dialog.inputs.setValue(3),
        lambda dialog: button(dialog, "Add layer").click(),
        lambda dialog: button(dialog, "Layer 1: remove").click(),
        lambda dialog: grid_of(dialog).model().setData(grid_of(dialog).model().index(0, 0), "0.75"),
    ],
    ids=["inputs", "add", "remove", "number"],
)
def test_every_change_is_drawn_once(
    dialog: NewSession, previews: list[Session], change: Callable[[NewSession], object]
) -> None:
    del previews[:]
    change(dialog)
    assert previews == [dialog.session()]


def test_a_dialog_that_is_cancelled_begins_nothing(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    session = window.controller.frame.session
    monkeypatch.setattr(NewSession, "exec", lambda _: QDialog.DialogCode.Rejected)
    qtbot.keyClick(window.canvas, Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.controller.frame.session is session
