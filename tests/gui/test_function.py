"""The function at work: curve, point, tangent, words and formulas; and the calculator for every function."""

from collections.abc import Callable
from math import cosh, erf, exp, log1p, pi, sqrt, tanh
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.activations import ACTIVATIONS
from engine.calculator import is_flat
from engine.expressions import Number, plain
from engine.quantities import Quantity, parse
from gui import text
from gui.focus import Focus
from gui.function.bars import rows_of
from gui.function.calculator import Calculator
from gui.function.curves import Curves, reach, tangent
from gui.function.formulas import equation
from gui.function.subject import Subject, neuron_of, neuron_shown
from gui.function.view import FunctionView, equations, sentences
from gui.main_window import MainWindow
from gui.panels.function import FunctionPanel
from gui.theme import LIGHT, palette_of
from tests.engine.networks import complete_session
from tests.gui.conftest import OpenWindow, frame_at, softmax_session
from tests.gui.recording import says

Pair = Callable[[float], tuple[float, float]]


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def normal(z: float) -> float:
    """The share of the normal distribution below z."""
    return (1 + erf(z / sqrt(2))) / 2


# f(z) and f'(z), from the definitions that numerics and the papers give, with the registry's usual constants.
EXPECTED: dict[str, Pair] = {
    "identity": lambda z: (z, 1.0),
    "binary_step": lambda z: (1.0 if z >= 0 else 0.0, 0.0),
    "sigmoid": lambda z: (sigmoid(z), exp(-z) / (1 + exp(-z)) ** 2),
    "tanh": lambda z: (tanh(z), 1 / cosh(z) ** 2),
    "relu": lambda z: (max(z, 0.0), 1.0 if z > 0 else 0.0),
    "leaky_relu": lambda z: (z, 1.0) if z > 0 else (0.01 * z, 0.01),
    "prelu": lambda z: (z, 1.0) if z > 0 else (0.25 * z, 0.25),
    "elu": lambda z: (z, 1.0) if z > 0 else (exp(z) - 1, exp(z)),
    "selu": lambda z: (1.0507009873554805 * z, 1.0507009873554805) if z > 0 else (
        1.0507009873554805 * 1.6732632423543772 * (exp(z) - 1), 1.0507009873554805 * 1.6732632423543772 * exp(z)
    ),
    "softplus": lambda z: (log1p(exp(z)), sigmoid(z)),
    "swish": lambda z: (z * sigmoid(z), sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))),
    "gelu": lambda z: (z * normal(z), normal(z) + z * exp(-z * z / 2) / sqrt(2 * pi)),
    "softmax": lambda z: (1.0, 0.0),
}  # fmt: skip


def one_neuron(activation: str, z: float) -> dict[str, Any]:
    """One input of 1, one neuron whose pre-activation is z."""
    return complete_session(
        1, [{"neurons": 1, "activation": activation, "bias": "none"}],
        initial={"kind": "values", "weights": [[[z]]], "biases": [[]]}, loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.5},
        data={"kind": "values", "inputs": [[1.0]], "targets": [[0.0]]},
    )  # fmt: skip


def test_every_function_of_the_registry_is_expected_here() -> None:
    assert set(EXPECTED) == set(ACTIVATIONS)


# The calculator


@pytest.mark.parametrize("z", [-2.5, -0.3, 0.0, 0.3775, 4.0])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_calculator_calculates_every_function(application: QApplication, name: str, z: float) -> None:
    calculator = Calculator()
    calculator.functions.setCurrentIndex(calculator.functions.findData(name))
    calculator.z.setText(repr(z))
    a, slope = EXPECTED[name](z)
    value, derivative = (line.rpartition(" = ")[2] for line in calculator.result.text().splitlines())
    assert says(value, a), name
    assert says(derivative, slope), name


def test_the_calculator_is_the_sigmoid_calculator_of_document_003(application: QApplication) -> None:
    calculator = Calculator()
    calculator.functions.setCurrentIndex(calculator.functions.findData("sigmoid"))
    for z, a in (("0.3775", "0.5933"), ("0,3925", "0.5969"), ("1.1059", "0.7514")):
        calculator.z.setText(z)
        assert f"{float(calculator.result.text().splitlines()[0].rpartition(' ')[2]):.4f}" == a


def test_the_calculator_takes_expressions_constants_and_says_what_is_wrong(application: QApplication) -> None:
    application.setPalette(palette_of(LIGHT))
    calculator = Calculator()
    calculator.functions.setCurrentIndex(calculator.functions.findData("leaky_relu"))
    calculator.z.setText("-1/2")
    calculator.constants["slope"].setText("0,2")
    assert calculator.result.text() == "f(z) = −0.1\nf′(z) = 0.2"
    calculator.z.setText("z")
    assert calculator.result.text() == "z is not a number."
    assert calculator.result.palette().color(QPalette.ColorRole.Text).name().upper() == LIGHT.error
    calculator.functions.setCurrentIndex(calculator.functions.findData("sigmoid"))
    assert calculator.constants == {}


def test_of_softmax_a_whole_layer_is_typed(application: QApplication) -> None:
    calculator = Calculator()
    calculator.functions.setCurrentIndex(calculator.functions.findData("softmax"))
    calculator.z.setText("1; 2; 3")
    powers = [exp(z) for z in (1, 2, 3)]
    a = [power / sum(powers) for power in powers]
    value, derivative = (line.rpartition(" = ")[2].split("; ") for line in calculator.result.text().splitlines())
    assert all(says(words, number) for words, number in zip(value, a, strict=True))
    assert all(says(words, number * (1 - number)) for words, number in zip(derivative, a, strict=True))


def test_the_calculator_follows_the_neuron_until_a_function_is_chosen(application: QApplication) -> None:
    calculator = Calculator()
    calculator.offer("tanh")
    assert calculator.functions.currentData() == "tanh"
    calculator.functions.activated.emit(3)
    calculator.offer("relu")
    assert calculator.functions.currentData() == "tanh"


# The neuron


@pytest.mark.parametrize(
    ("quantity", "neuron"),
    [
        ("z[1,2]", (1, 2)), ("w[2,1,2]", (2, 1)), ("b[1]", (1, 1)), ("dL/dz[1,1]", (1, 1)), ("y[1]", (2, 1)),
        ("dL/dw[1,2,1]", (1, 2)), ("x[1]", None), ("loss", None),
    ],
)  # fmt: skip
def test_a_quantity_belongs_to_a_neuron(quantity: str, neuron: tuple[int, int] | None) -> None:
    network = frame_at("seed-003", 0).session.spec.network
    assert neuron_of(parse(quantity), network) == neuron


def test_the_one_under_the_pointer_comes_first_then_the_selected_then_the_one_at_work() -> None:
    frame = frame_at("seed-003", 3)
    assert neuron_shown(frame, Focus()) == (1, 2)
    assert neuron_shown(frame, Focus(parse("w[2,1,1]"))) == (2, 1)
    assert neuron_shown(frame, Focus(parse("w[2,1,1]"), (parse("z[1,1]"),))) == (1, 1)
    assert neuron_shown(frame, Focus(parse("x[1]"))) == (1, 2)


def test_the_formulas_are_those_of_document_003() -> None:
    """sigmoid(0.3775) = 0.5933 and a (1 - a) = 0.2413, as printed there."""
    subject = Subject(frame_at("seed-003", 2), 1, 1)
    value, derivative = list(subject.value_parts()), list(subject.derivative_parts())
    assert [plain(part) for part in value[:3]] == ["a_h1", "sigmoid(z_h1)", "sigmoid(0.3775)"]
    assert plain(value[3]) == "1/(1 + exp(-0.3775))"
    assert isinstance(value[4], Number)
    assert round(value[4].value, 4) == 0.5933
    assert plain(derivative[1]) == "a_h1·(1 - a_h1)"
    assert isinstance(derivative[3], Number)
    assert round(derivative[3].value, 4) == 0.2413


def test_what_is_not_computed_yet_is_said_and_not_drawn() -> None:
    subject = Subject(frame_at("seed-003", 1), 2, 1)
    assert (subject.z, subject.a, subject.derivative) == (None, None, None)
    assert sentences(subject) == [("", "z_out is not computed yet in this iteration.")]
    assert [plain(part) for part in subject.value_parts()] == ["ŷ", "sigmoid(z_out)", "1/(1 + exp(-z_out))"]
    half = Subject(frame_at("seed-003", 1), 1, 1)
    assert sentences(half) == [("", "a_h1 is not computed yet in this iteration.")]
    assert not any(isinstance(part, Number) for part in half.derivative_parts())


@pytest.mark.parametrize("z", [-3.0, -0.4, 0.3775, 2.0])
@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"softmax"}))
def test_the_tangent_has_the_slope_of_the_function(name: str, z: float) -> None:
    subject = Subject(frame_at(one_neuron(name, z), 2), 1, 1)
    a, slope = EXPECTED[name](z)
    assert subject.z == z
    assert subject.a == pytest.approx(a, rel=1e-13)
    assert subject.derivative == pytest.approx(slope, rel=1e-12, abs=1e-15)
    axes = Curves.of(subject).axes(QRectF(40, 20, 320, 200))
    line = tangent(z, a, slope, axes)
    (x1, y1), (x2, y2) = axes.values(line.p1()), axes.values(line.p2())
    assert (y2 - y1) / (x2 - x1) == pytest.approx(slope, abs=1e-9)
    assert axes.values(line.center()) == pytest.approx((z, a), abs=1e-9)


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"softmax"}))
def test_the_curves_are_the_functions(name: str) -> None:
    found = Curves.of(Subject(frame_at(one_neuron(name, 0.5), 0), 1, 1))
    assert (found.z[0], found.z[-1]) == (-6.0, 6.0)
    for place in (0, 100, 200, 300, 360):
        a, slope = EXPECTED[name](float(found.z[place]))
        assert (found.a[place], found.derivative[place]) == pytest.approx((a, slope), rel=1e-12, abs=1e-14)


def test_the_curve_reaches_as_far_as_this_neuron() -> None:
    assert [reach(z) for z in (None, 0.0, -5.0, 5.5, -40.0, float("inf"))] == pytest.approx([6, 6, 6, 7, 50, 6])


@pytest.mark.parametrize(
    ("name", "z", "word"),
    [
        ("sigmoid", 10.0, "Saturated."), ("sigmoid", 40.0, "Saturated."), ("sigmoid", 2.0, ""),
        ("tanh", -4.0, "Saturated."), ("tanh", 1.0, ""), ("relu", -0.5, "Dead."), ("relu", 0.5, ""),
        ("binary_step", 1.0, "Flat."), ("elu", -9.0, "Saturated."), ("leaky_relu", -9.0, ""), ("identity", 9.0, ""),
        ("swish", -9.0, "Saturated."), ("swish", -1.2784645427610738, ""), ("gelu", -0.7517916243860527, ""),
        ("gelu", -7.0, "Saturated."), ("softplus", -9.0, "Saturated."),
    ],
)  # fmt: skip
def test_flat_neurons_are_named(name: str, z: float, word: str) -> None:
    """The lowest points of swish and gelu have a derivative of 0 too, but there a neuron is not stuck."""
    subject = Subject(frame_at(one_neuron(name, z), 2), 1, 1)
    assert is_flat(ACTIVATIONS[name], np.array([z]), ACTIVATIONS[name].constants).tolist() == [bool(word)]
    assert "".join(said[0] for said in sentences(subject)) == word


def test_notes_and_constants_are_said() -> None:
    said = [words for _, words in sentences(Subject(frame_at(one_neuron("binary_step", 1.0), 2), 1, 1))]
    assert ACTIVATIONS["binary_step"].note in said
    said = [words for _, words in sentences(Subject(frame_at(one_neuron("elu", 1.0), 2), 1, 1))]
    assert "alpha = 1" in said


def test_of_softmax_the_row_of_the_jacobian_is_shown() -> None:
    frame = frame_at(softmax_session(), 14)
    subject = Subject(frame, 2, 2)
    z = np.array([frame.value(Quantity("z", (2, k))) for k in (1, 2, 3)], float)
    a = np.exp(z) / np.exp(z).sum()
    row = subject.jacobian_row()
    assert row == pytest.approx([-a[1] * a[0], a[1] * (1 - a[1]), -a[1] * a[2]], rel=1e-12)
    assert subject.derivative is None
    assert ("", text.JACOBIAN_ROW) in sentences(subject)
    assert [len(one.parts) for one in equations(subject, 350)] == [4, 2, 2]
    assert Subject(frame_at(softmax_session(), 10), 2, 2).jacobian_row() is None
    assert rows_of(subject) == range(1, 4)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_every_formula_fits_the_panel(application: QApplication, name: str) -> None:
    width = 352.0
    for one in equations(Subject(frame_at(one_neuron(name, -0.123456789), 2), 1, 1), width):
        for line in one.lines:
            assert line[-1][0] + line[-1][1].width <= width + 0.5, name


def test_an_equation_leaves_out_what_stands_there_already(application: QApplication) -> None:
    assert equation([Number(1), Number(1), Number(2)], 100).parts == [Number(1), Number(2)]


# The panel


def panel_of(window: MainWindow, qtbot: QtBot) -> FunctionPanel:
    dock = next(dock for dock in window.docks if dock.objectName() == "function")
    dock.show()
    dock.raise_()
    panel = window.panels["function"]
    assert isinstance(panel, FunctionPanel)
    qtbot.waitUntil(lambda: not panel.view.visibleRegion().isEmpty())
    return panel


def test_the_panel_follows_cursor_and_focus_and_changes_nothing(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel, session = panel_of(window, qtbot), window.controller.frame.session
    assert said_by(panel.view).startswith("sigmoid, neuron 1 of layer 1")
    window.controller.select(parse("a[2,1]"))
    assert said_by(panel.view).startswith("sigmoid, neuron 1 of layer 2")
    window.controller.select(None)
    window.controller.hover((parse("z[1,2]"),))
    assert said_by(panel.view).startswith("sigmoid, neuron 2 of layer 1")
    panel.calculator.z.setText("3")
    assert window.controller.frame.session == session
    assert not window.controller.is_changed


def said_by(view: FunctionView) -> str:
    view.grab()
    return view.accessibleDescription()
