"""Settings: everything in the registries can be chosen and trained with, each choice is one change with a name."""

from math import isfinite

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.edits import LearningRateEdit
from engine.files.session_file import from_text, to_text
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.network import BIASES
from engine.notation import NOTATIONS
from engine.optimizers import OPTIMIZERS
from gui.main_window import MainWindow
from gui.panels.settings import Settings
from gui.settings.form import Combo
from gui.settings.specs import with_activation
from tests.engine.networks import complete_session
from tests.gui.conftest import OpenWindow
from tests.gui.expected import spelled


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    window = open_window()
    dock = next(dock for dock in window.docks if dock.objectName() == "settings")
    dock.show()
    dock.raise_()
    QTest.qWait(0)
    return window


def panel_of(window: MainWindow) -> Settings:
    panel = window.panels["settings"]
    assert isinstance(panel, Settings)
    return panel


def choose(window: MainWindow, key: str, name: str) -> None:
    """Choose an option as a person does; one that is disabled cannot be."""
    combo = panel_of(window).widget_of(key)
    assert isinstance(combo, QComboBox)
    place = combo.findData(name)
    assert place >= 0, f"{key} has no {name}"
    assert combo.model().flags(combo.model().index(place, 0)) & Qt.ItemFlag.ItemIsEnabled
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def enter(window: MainWindow, key: str, typed: str) -> None:
    field = panel_of(window).widget_of(key)
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)


def assert_trains_and_is_one_change(window: MainWindow, words: str) -> None:
    controller = window.controller
    assert controller.to_undo.startswith(words)
    assert controller.frame.cursor == (1, 0, 0)
    controller.to_iteration_end()
    assert isfinite(controller.frame.losses[-1])
    controller.undo()
    assert controller.to_undo == ""


CHOICES = [
    *(("activation 1", name, "activation of layer 1") for name in ACTIVATIONS if name != "sigmoid"),
    *(("activation 2", name, "activation of output") for name in ACTIVATIONS if name != "sigmoid"),
    *(("bias 1", name, "bias of layer 1") for name in BIASES if name != "shared"),
    *(("loss", name, "loss") for name in LOSSES if name != "half_squared_error" and LOSSES[name].after != "softmax"),
    *(("optimizer", name, "optimizer") for name in OPTIMIZERS if name != "gradient_descent"),
    *(("initial", name, "initial values") for name in INITIALIZERS),
    *(("source", name, "data") for name in DATASETS),
]


@pytest.mark.parametrize(("key", "name", "words"), CHOICES)
def test_every_name_can_be_chosen_and_trained_with(window: MainWindow, key: str, name: str, words: str) -> None:
    before = window.controller.frame.session
    choose(window, key, name)
    assert_trains_and_is_one_change(window, f"{words} = {spelled(name)}")
    assert window.controller.frame.session == before


def test_a_loss_that_does_not_fit_the_output_is_disabled_and_says_why(window: MainWindow) -> None:
    combo = panel_of(window).widget_of("loss")
    assert isinstance(combo, QComboBox)
    index = combo.model().index(combo.findData("cross_entropy"), 0)
    assert not combo.model().flags(index) & Qt.ItemFlag.ItemIsEnabled
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "cross entropy follows softmax only"


def test_an_output_that_the_loss_does_not_allow_changes_both_in_one_change(window: MainWindow) -> None:
    choose(window, "activation 2", "softmax")
    choose(window, "loss", "cross_entropy")
    choose(window, "activation 2", "sigmoid")
    assert window.controller.frame.session.spec.loss == "binary_cross_entropy"
    assert "activation of output = sigmoid, loss = binary cross entropy" in window.said.text()
    window.controller.undo()
    spec = window.controller.frame.session.spec
    assert (spec.network.layers[-1].activation, spec.loss) == ("softmax", "cross_entropy")


def test_a_data_set_of_another_width_changes_the_network_with_it(window: MainWindow) -> None:
    choose(window, "source", "clusters")
    spec = window.controller.frame.session.spec
    assert (spec.network.sizes, len(spec.data.inputs)) == ((2, 2, 3), DATASETS["clusters"].samples)
    assert "data = clusters" in window.said.text()
    assert "neurons of output = 3" in window.said.text()
    window.controller.undo()
    assert window.controller.frame.session.spec.network.sizes == (2, 2, 1)


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("rate", "abc", "abc is not a number. Still 0.5."),
        ("rate", "-1", "learning_rate: a number above 0 expected, -1.0 found. Still 0.5."),
        ("l2", "-0,1", "penalty: l2: a number from 0 expected, -0.1 found. Still 0."),
        ("neurons 1", "2.5", "2.5 is not a whole number. Still 2."),
        ("neurons 1", "1e9", "layer 1: neurons: 1 to 1024 expected, 1000000000 found. Still 2."),
        ("inputs", "1e12", "inputs: 1 to 1024 expected, 1000000000000 found. Still 2."),
        ("held", "1", "data: test_fraction: a number from 0 to below 1 expected, 1.0 found. Still 0."),
    ],
)
def test_a_wrong_entry_is_refused_where_it_stands(window: MainWindow, key: str, typed: str, said: str) -> None:
    before = window.controller.frame.session
    field = panel_of(window).widget_of(key)
    assert isinstance(field, QLineEdit)
    old = field.text()
    enter(window, key, typed)
    assert panel_of(window).problem_of(key) == said
    assert field.text() == old
    assert window.controller.frame.session == before


def test_the_learning_rate_is_an_edit_on_the_way(window: MainWindow) -> None:
    window.controller.seek(3)
    enter(window, "rate", "1/8")
    session = window.controller.frame.session
    assert session.cursor == (3, 0, 0)
    assert session.edits == (LearningRateEdit(3, 0.125),)


@pytest.mark.parametrize("name", [name for name in NOTATIONS if name != "sequential"])
def test_symbols_change_at_once_without_a_new_run(window: MainWindow, name: str) -> None:
    window.controller.seek(2, 5)
    choose(window, "notation", name)
    assert window.controller.frame.session.notation == name
    assert window.controller.frame.cursor == (2, 5, 0)
    assert window.controller.to_undo == ""


def test_layers_come_and_go_and_the_others_keep_their_weights(window: MainWindow) -> None:
    panel, first = panel_of(window), window.controller.frame.session.spec.initial_values
    QTest.mouseClick(panel.widget_of("add"), Qt.MouseButton.LeftButton)
    spec = window.controller.frame.session.spec
    assert spec.network.sizes == (2, 2, 2, 1)
    assert (spec.initial_values.weights[0], spec.initial_values.weights[2]) == first.weights
    QTest.mouseClick(panel.widget_of("remove 2"), Qt.MouseButton.LeftButton)
    assert window.controller.frame.session.spec.network.sizes == (2, 2, 1)
    assert window.controller.frame.session.spec.initial_values.weights == first.weights


def test_a_trained_slope_begins_with_the_constant(window: MainWindow) -> None:
    choose(window, "activation 1", "prelu")
    enter(window, "slope 1", "0,5")
    assert window.controller.frame.session.spec.initial_values.slopes[0] == 0.5
    assert_names_its_constant(window)


def assert_names_its_constant(window: MainWindow) -> None:
    assert window.controller.to_undo == "slope of layer 1 = 0.5"


def test_draw_anew_takes_the_next_seed(window: MainWindow) -> None:
    choose(window, "initial", "he_normal")
    before = window.controller.frame.session.spec.initial_values
    QTest.mouseClick(panel_of(window).widget_of("draw"), Qt.MouseButton.LeftButton)
    spec = window.controller.frame.session.spec
    assert spec.initial_values != before
    assert window.controller.to_undo == "seed of initial values = 1"


def test_an_arrow_key_opens_the_list_and_changes_nothing(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Combo] = []  # the list itself would grab the keyboard, of which the offscreen platform warns
    monkeypatch.setattr(Combo, "showPopup", lambda self: opened.append(self))
    combo = panel_of(window).widget_of("optimizer")
    assert isinstance(combo, QComboBox)
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert opened == [combo]
    assert window.controller.to_undo == ""


def test_it_never_scrolls_sideways(window: MainWindow) -> None:
    panel = panel_of(window)
    choose(window, "activation 1", "prelu")
    page = panel.widget()
    assert page is not None
    assert page.minimumSizeHint().width() <= 376 - 20


def test_an_activation_that_is_only_registered_is_offered_written_and_narrated(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTIVATIONS, "doubtful", ACTIVATIONS["tanh"]._replace(note="Nobody knows why."))
    window = open_window()
    dock = next(dock for dock in window.docks if dock.objectName() == "settings")
    dock.show()
    dock.raise_()
    QTest.qWait(0)
    choose(window, "activation 1", "doubtful")
    session = window.controller.frame.session
    assert session.spec.network.layers[0].activation == "doubtful"
    assert from_text(to_text(session)) == session
    assert any(note.text() == "Nobody knows why." for view in panel_of(window).views for note in view._notes)


def test_a_frozen_slope_goes_with_its_function() -> None:
    """What is named as a whole layer stays named so."""
    frozen = complete_session(
        1,
        [{"neurons": 1, "activation": "prelu", "bias": "none"}],
        initial={"kind": "values", "weights": [[[0.5]]], "biases": [[]], "slopes": [0.3]},
        loss="huber",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={"kind": "values", "inputs": [[1.0]], "targets": [[1.0]]},
        frozen=["w[1]", "slope[1]"],
    )
    changed = with_activation(open_session(frozen).spec, 1, "relu")
    assert changed.frozen == ("w[1]",)
    assert changed.initial_values.slopes == (None,)


def test_a_field_that_is_gone_asks_for_nothing(window: MainWindow) -> None:
    """An undo takes the field away in which something has just been typed."""
    before = window.controller.frame.session
    choose(window, "source", "spiral")
    field = panel_of(window).widget_of("samples")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, "9")
    window.controller.undo()
    field.editingFinished.emit()
    assert window.controller.frame.session == before


@pytest.mark.parametrize(("width", "is_cut"), [(376, False), (250, True)])
def test_a_narrow_panel_is_scrolled_sideways(
    application: QApplication, qtbot: QtBot, width: int, is_cut: bool
) -> None:
    """At its first width everything has room, in a narrow one nothing is out of reach."""
    settings = Settings()
    qtbot.addWidget(settings)
    settings.resize(width, 500)
    with qtbot.waitExposed(settings):
        settings.show()
    settings.show_frame(Stepper(open_session("seed-003")).frame)
    bar = settings.horizontalScrollBar()
    qtbot.waitUntil(lambda: settings.verticalScrollBar().isVisible())
    qtbot.waitUntil(lambda: bar.isVisible() == is_cut)
    controls = [widget for view in settings.views for widget in view.widgets.values() if widget.isVisible()]
    furthest = max(widget.mapTo(settings.viewport(), widget.rect().topRight()).x() for widget in controls)
    assert furthest - bar.maximum() < settings.viewport().width()
