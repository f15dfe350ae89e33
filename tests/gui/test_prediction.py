"""The panel of predictions: its numbers against the textbook reference, its picture, and that it changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.frame import Frame
from engine.optimizers import PARAMETER
from engine.prediction import Predictor
from engine.quantities import Quantity
from engine.spec import Columns
from gui import text
from gui.axes import Axes, Span, ticks
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.panels.prediction import PredictionPanel
from gui.prediction import answers
from gui.prediction.answers import Answer, Answers, Question, drawn_rows, plane_of, span_of
from gui.prediction.images import contour, field_image, middle_of, regions_image, teeth
from gui.prediction.painting import axes_of
from gui.prediction.trying import Trying
from gui.theme import DARK, LIGHT, palette_of
from tests.engine import reference
from tests.engine.networks import complete_session, random_initial
from tests.gui.conftest import OpenWindow, frame_at

LEFT = Qt.MouseButton.LeftButton


def session(
    inputs: int, layers: list[tuple[int, str]], X: list[list[float]], Y: list[list[float]], loss: str, **data: Any
) -> dict[str, Any]:
    shapes = [{"neurons": n, "activation": a, "bias": "per_neuron"} for n, a in layers]
    return complete_session(
        inputs, shapes, initial=random_initial(Random(7), inputs, shapes), loss=loss,
        optimizer={"name": "gradient_descent", "learning_rate": 0.5},
        data={"kind": "values", "inputs": X, "targets": Y, **data},
    )  # fmt: skip


XOR_IN, XOR_OUT = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [[0.0], [1.0], [1.0], [0.0]]


def xor(**data: Any) -> dict[str, Any]:
    return session(2, [(4, "tanh"), (1, "sigmoid")], XOR_IN, XOR_OUT, "binary_cross_entropy", **data)


def line() -> dict[str, Any]:
    X = [[-2.0], [-1.0], [0.5], [3.0]]
    return session(1, [(3, "tanh"), (1, "identity")], X, [[0.5], [-1.0], [0.25], [2.0]], "half_squared_error")


def plane() -> dict[str, Any]:
    X = [[-1.0, 0.5], [0.25, -0.5], [1.0, 2.0]]
    return session(2, [(2, "identity"), (1, "identity")], X, [[0.5], [-1.0], [2.0]], "half_squared_error")


def three_classes() -> dict[str, Any]:
    X, Y = [[0.0, 1.0], [-1.0, -1.0], [1.0, -1.0]], np.eye(3).tolist()
    return session(2, [(3, "tanh"), (3, "softmax")], X, Y, "cross_entropy")


def predicted(of: dict[str, Any], frame: Frame, x: list[float]) -> list[float]:
    """The reference's prediction at the parameters that a frame has at its cursor."""
    network, places = frame.session.spec.network, frame.trace.parameters
    weights = [places.weights(frame.parameter_vector, l).copy() for l in range(1, network.last + 1)]
    biases = [places.matrix(frame.parameter_vector, l)[:, -1].copy() for l in range(1, network.last + 1)]
    parameters = reference.Parameters(weights, biases, [np.zeros(0)] * network.last)
    return reference.forward(reference.layers_of(of), parameters, x)[-1][1].tolist()


@pytest.mark.parametrize("operation", [0, 40, 268, 275])
def test_every_point_of_the_surface_is_the_references_at_the_cursor(operation: int) -> None:
    """268 stands in the middle of the update: some parameters are new already."""
    of = xor()
    frame = frame_at(of, min(operation, Stepper(open_session(of)).program(1).count))
    answer = Answers().of(frame, Question())
    assert answer.surface.shape == (48, 48)
    # 15 of 100 beyond the data at each side.
    assert (answer.x, answer.y) == (Span(-0.15, 1.15), Span(-0.15, 1.15))
    xs = np.linspace(-0.15, 1.15, 48)
    for row, column in ((0, 0), (0, 47), (47, 0), (31, 8), (20, 40)):
        expected = predicted(of, frame, [xs[column], xs[row]])
        assert answer.surface[row, column] == pytest.approx(expected[0], rel=1e-13)


def test_half_updated_parameters_are_shown_as_they_are() -> None:
    stepper = Stepper(open_session(xor()))
    start = {phase: first for phase, first, _ in stepper.program(1).phases()}["update"]
    surfaces = []
    for operation in (start, start + 5, stepper.program(1).count):
        stepper.seek(1, operation)
        surfaces.append(Answers().of(stepper.frame, Question()).surface)
    assert not np.array_equal(surfaces[0], surfaces[1])
    assert not np.array_equal(surfaces[1], surfaces[2])
    stepper.seek(1, 0)
    assert np.array_equal(Answers().of(stepper.frame, Question()).surface, surfaces[0])


def test_the_curve_over_one_input_is_the_references() -> None:
    of = line()
    frame = frame_at(of, 3)
    answer = Answers().of(frame, Question())
    assert answer.is_line
    assert (answer.x.low, answer.x.high) == pytest.approx((-2.75, 3.75))
    xs = np.linspace(-2.75, 3.75, answer.surface.size)
    for place in (0, 17, 120, -1):
        assert answer.surface[0, place] == pytest.approx(predicted(of, frame, [xs[place]])[0], rel=1e-13)


def test_other_inputs_are_held_at_the_sample_shown() -> None:
    X = [[0.1, 0.2, 0.3, 0.4], [1.1, -0.2, 0.7, -0.4]]
    of = session(4, [(3, "tanh"), (2, "identity")], X, [[0.3, 0.1], [0.6, 0.2]], "half_squared_error")
    frame = frame_at(of, 0)
    answer = Answers().of(frame, Question(output=2, across=3, up=1))
    xs, ys = np.linspace(answer.x.low, answer.x.high, 48), np.linspace(answer.y.low, answer.y.high, 48)
    expected = predicted(of, frame, [ys[30], 0.2, xs[5], 0.4])[1]
    assert answer.surface[30, 5] == pytest.approx(expected, rel=1e-13)


def test_accuracy_is_counted_apart_for_what_is_held_out() -> None:
    frame = frame_at(xor(test_fraction=0.25), 0)
    answer = Answers().of(frame, Question())
    right = [
        (predicted(xor(), frame, x)[0] >= 0.5) == (y[0] == 1.0) for x, y in zip(XOR_IN, XOR_OUT, strict=True)
    ]
    assert text.score(answer) == f"Accuracy {sum(right[:3])} of 3, held out {int(right[3])} of 1"
    assert answer.wrong.tolist() == [row for row in range(4) if not right[row]]


def test_without_classes_the_mean_loss_is_said() -> None:
    of = line()
    frame = frame_at(of, 0)
    expected = reference.losses(of, reference.initial_parameters(of), range(4)).mean()
    assert Answers().of(frame, Question()).mean_loss(slice(None)) == pytest.approx(expected, rel=1e-13)
    assert text.score(Answers().of(frame, Question())) == f"Mean loss {text.number(float(expected))}"


def test_nothing_is_computed_again_while_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    stepper, found = Stepper(open_session(xor())), Answers()
    first = found.of(stepper.frame, Question())
    count = len(calls)
    stepper.seek(1, 2)
    assert found.of(stepper.frame, Question()) is first
    assert len(calls) == count
    stepper.seek(2, 0)
    assert found.of(stepper.frame, Question()) is not first


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of samples of each forward computation from now on."""
    calls: list[int] = []
    activations = Predictor.activations

    def counting(self: Predictor, flat: Any, inputs: Any) -> Any:
        calls.append(len(inputs))
        return activations(self, flat, inputs)

    monkeypatch.setattr(Predictor, "activations", counting)
    return calls


def test_of_very_many_samples_evenly_many_of_both_kinds_are_drawn() -> None:
    rows = drawn_rows(10_000, 1_000)
    assert len(rows) <= answers.MOST_SAMPLES
    assert (rows[0], rows[-1] >= 9_995) == (0, True)
    assert (rows >= 9_000).sum() == 200


# The picture


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_pixel_has_the_colour_of_its_value(theme: Any) -> None:
    values = np.array([[0.0, 0.25], [0.5, 1.0]])
    image = field_image(values, Span(0.0, 1.0), theme)
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        color, share = image.pixelColor(column, 1 - row), 2 * values[row, column] - 1
        end = theme.positive[1] if share >= 0 else theme.negative[1]
        channels = (int(theme.surface[i : i + 2], 16) * (1 - 0.62 * abs(share)) + int(end[i : i + 2], 16) * 0.62 *
                    abs(share) for i in (1, 3, 5))  # fmt: skip
        assert (color.red(), color.green(), color.blue()) == pytest.approx(tuple(channels), abs=2)


def test_what_is_not_a_number_has_the_colour_of_the_surface() -> None:
    image = field_image(np.array([[np.nan, np.inf, -np.inf]]), Span(-1.0, 1.0), LIGHT)
    assert image.pixelColor(0, 0).lightness() >= 253
    assert image.pixelColor(1, 0) == LIGHT.field(1.0)
    assert image.pixelColor(2, 0) == LIGHT.field(-1.0)


def test_regions_show_the_largest() -> None:
    grid = np.array([[[0.9, 0.1]], [[0.1, 0.9]]])
    image = regions_image(np.repeat(grid, 2, axis=1), LIGHT)
    assert image.pixelColor(0, 0) == LIGHT.class_field(0)
    assert image.pixelColor(image.width() - 1, 0) == LIGHT.class_field(1)


def test_the_border_lies_where_the_level_is_passed() -> None:
    """x + y over the square has 1 along its diagonal; a circle's level lies on the circle."""
    axes = Axes(QRectF(0, 0, 100, 100), Span(0, 1), Span(0, 1))
    grid = np.linspace(0, 1, 11)
    lines = contour(grid[None, :] + grid[:, None], 0.55, axes)
    assert lines
    for each in lines:
        for point in (each.p1(), each.p2()):
            assert point.x() / 100 + (1 - point.y() / 100) == pytest.approx(0.55)
    around = Axes(QRectF(0, 0, 100, 100), Span(-1, 1), Span(-1, 1))
    fine = np.linspace(-1, 1, 101)
    for each in contour(np.hypot(fine[None, :], fine[:, None]), 0.5, around):
        assert np.hypot(*around.values(each.center())) == pytest.approx(0.5, abs=2e-4)


def test_teeth_stand_on_the_side_of_larger_values() -> None:
    """A circle around 0, once with the larger values outside, once inside."""
    around, fine = Axes(QRectF(0, 0, 200, 200), Span(-1, 1), Span(-1, 1)), np.linspace(-1, 1, 61)
    distance = np.hypot(fine[None, :], fine[:, None])
    for values, side in ((distance, 1), (1 - distance, -1)):
        found = teeth(contour(values, 0.5, around), 16, 5)
        assert 12 <= len(found) <= 20  # a circle of 314 pixels
        for tooth in found:
            foot, tip = (np.hypot(*around.values(point)) for point in (tooth.p1(), tooth.p2()))
            assert foot == pytest.approx(0.5, abs=1e-3)
            assert tip - foot == pytest.approx(side * 5 / 100, abs=3e-3)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["....", "....", "...."], None),
        (["#...", "....", "...."], (0, 0)),
        (["####.", "####.", "####.", ".....", "....#"], (1, 2)),
        (["#######", "#######", "#######", "#######", "#######"], (2, 3)),
    ],
)
def test_the_middle_of_a_region_is_deepest_in_it(rows: list[str], expected: tuple[int, int] | None) -> None:
    assert middle_of(np.array([[cell == "#" for cell in row] for row in rows])) == expected


def test_a_place_and_its_values_belong_together() -> None:
    axes = Axes(QRectF(40, 20, 200, 100), Span(-1, 3), Span(0, 2))
    assert axes.point(1, 0.5) == QPointF(140, 95)
    assert axes.values(QPointF(140, 95)) == pytest.approx((1, 0.5))


def test_a_curve_is_broken_where_it_jumps_or_has_no_value() -> None:
    axes = Axes(QRectF(0, 0, 90, 100), Span(0, 9), Span(0, 10))
    x, y = np.arange(10.0), np.array([0, 1, 2, np.nan, 4, 5, 9, 9, np.inf, 3.0])
    found = [[(piece.at(i).x(), piece.at(i).y()) for i in range(piece.size())] for piece in axes.pieces(x, y, 3.0)]
    assert found == [[(0, 100), (10, 90), (20, 80)], [(40, 60), (50, 50)], [(60, 10), (70, 10)]]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1, [0, 0.5, 1]), (-3, 3, [-2, 0, 2]), (-0.15, 1.15, [0, 0.5, 1]), (2, 2, [])],
)  # fmt: skip
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(Span(low, high)) == pytest.approx(expected)


# The panel


def panel_of(window: MainWindow) -> PredictionPanel:
    panel = window.panels["prediction"]
    assert isinstance(panel, PredictionPanel)
    return panel


def raised(window: MainWindow, qtbot: QtBot) -> PredictionPanel:
    dock = next(dock for dock in window.docks if dock.objectName() == "prediction")
    dock.show()
    dock.raise_()
    panel = panel_of(window)
    qtbot.waitUntil(lambda: panel.plot.isVisible() and not panel.plot.visibleRegion().isEmpty())
    panel.plot.grab()
    return panel


def test_a_hidden_panel_draws_nothing(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    window = open_window(xor())
    calls = counted(monkeypatch)
    for _ in range(3):
        window.controller.next()
        QApplication.processEvents()
    assert max(calls, default=0) <= 4, "the canvas asks which neurons are flat for the four samples"
    raised(window, qtbot)
    assert 48 * 48 in calls
    window.docks[1].raise_()
    QApplication.processEvents()
    calls.clear()
    window.controller.seek(2, 0)
    QApplication.processEvents()
    assert max(calls, default=0) <= 4


def test_the_panel_follows_the_cursor(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(xor())
    panel = raised(window, qtbot)
    before = panel.plot.grab().toImage()
    window.controller.seek(20, 0)
    QApplication.processEvents()
    assert panel.plot.grab().toImage() != before
    assert panel.plot.accessibleDescription().startswith("Accuracy ")


def test_trying_an_input_predicts_and_changes_nothing(open_window: OpenWindow, qtbot: QtBot) -> None:
    of = xor()
    window = open_window(of)
    panel, session_before = raised(window, qtbot), window.controller.frame.session
    parameters = window.controller.frame.trace.flat("old", PARAMETER).copy()
    trying = panel.trying
    assert [field.text() for field in trying.fields] == ["0", "0"]
    type_into(qtbot, trying, 0, "1/4")
    type_into(qtbot, trying, 1, "-0,5*2")
    expected = predicted(of, window.controller.frame, [0.25, -1.0])[0]
    assert trying.result.text() == f"{text.answered('ŷ', expected, 5)}: class {int(expected >= 0.5)}"
    assert window.controller.frame.session == session_before
    assert np.array_equal(window.controller.frame.trace.flat("old", PARAMETER), parameters)
    assert not window.controller.is_changed
    window.controller.seek(5, 0)
    expected = predicted(of, window.controller.frame, [0.25, -1.0])[0]
    assert trying.result.text().startswith(text.answered("ŷ", expected, 5))
    trying.as_shown.click()
    assert [field.text() for field in trying.fields] == ["0", "0"]


def type_into(qtbot: QtBot, trying: Trying, place: int, words: str) -> None:
    trying.fields[place].selectAll()
    qtbot.keyClicks(trying.fields[place], words)


def test_a_wrong_entry_says_why(open_window: OpenWindow, qtbot: QtBot) -> None:
    trying = raised(open_window(xor()), qtbot).trying
    type_into(qtbot, trying, 0, "abc")
    assert trying.result.text() == "abc is not a number."
    type_into(qtbot, trying, 0, "1")
    assert trying.result.text().startswith("ŷ\N{NO-BREAK SPACE}=")


def test_a_click_into_the_surface_tries_that_point(open_window: OpenWindow, qtbot: QtBot) -> None:
    panel = raised(open_window(xor()), qtbot)
    answer = panel.plot.answer()
    assert answer is not None
    axes = axes_of(answer, panel.plot.width(), panel.plot.height())
    at = axes.point(0.75, 0.25)
    qtbot.mouseClick(panel.plot, LEFT, pos=QPoint(round(at.x()), round(at.y())))
    assert [float(field.text()) for field in panel.trying.fields] == pytest.approx([0.75, 0.25], abs=0.005)
    assert panel.trying.inputs() == [float(field.text()) for field in panel.trying.fields]


def test_of_several_classes_each_output_and_the_largest_can_be_drawn(open_window: OpenWindow, qtbot: QtBot) -> None:
    panel = raised(open_window(three_classes()), qtbot)
    assert [panel.output.itemText(place) for place in range(4)] == ["ŷ1", "ŷ2", "ŷ3", "Largest"]
    answer = panel.plot.answer()
    assert answer is not None
    assert answer.question.output == 1
    assert answer.grid.sum(axis=0) == pytest.approx(np.ones((48, 48)))
    panel.output.setCurrentIndex(3)
    panel.output.activated.emit(3)
    panel.plot.grab()
    assert panel.question().output == 0
    assert "\nclass " in panel.trying.result.text()


def test_of_more_inputs_two_are_chosen_and_the_others_named(open_window: OpenWindow, qtbot: QtBot) -> None:
    X = [[0.1, 0.2, 0.3], [1.1, -0.2, 0.7]]
    of = session(3, [(1, "identity")], X, [[0.3], [0.6]], "half_squared_error")
    panel = raised(open_window(of), qtbot)
    assert panel.across.isVisible()
    assert panel.held.text() == "x3 = 0.3 as in the sample shown"
    panel.up.setCurrentIndex(2)
    panel.up.activated.emit(2)
    assert panel.held.text() == "x2 = 0.2 as in the sample shown"
    assert panel.question() == Question(1, 1, 3)


def all_answers() -> Iterator[Answer]:
    for of in (xor(), line(), three_classes()):
        yield Answers().of(frame_at(of, 0), Question())


def test_every_picture_lies_within_its_widget() -> None:
    for answer in all_answers():
        rect = axes_of(answer, 376, 420).rect
        assert QRectF(0, 0, 376, 420).contains(rect)
        assert rect.width() > 250


def test_classes_have_the_names_that_the_data_give_them() -> None:
    spec = open_session(three_classes()).spec
    columns = Columns("iris.csv", ("width", "length"), ("setosa", "versicolor", "virginica"))
    named = replace(spec, data=spec.data._replace(source=columns))
    assert [text.said_class(spec, k) for k in (0, 2, -1)] == ["class 1", "class 3", "no class"]
    assert [text.said_class(named, k) for k in (1, -1)] == ["class 2 (versicolor)", "no class"]
    assert text.class_names(named) == ["setosa", "versicolor", "virginica"]
    assert [text.said_class(open_session(xor()).spec, k) for k in (0, 1)] == ["class 0", "class 1"]


def test_the_panel_asks_for_no_more_than_its_width(open_window: OpenWindow, qtbot: QtBot) -> None:
    X = [[0.1, 0.2, 0.3], [1.1, -0.2, 0.7], [0.0, 0.5, 0.5]]
    of = session(3, [(3, "softmax")], X, np.eye(3).tolist(), "cross_entropy")
    assert raised(open_window(of), qtbot).minimumSizeHint().width() <= 376


def diverged(of: dict[str, Any]) -> Frame:
    """The frame of a run that has left the numbers."""
    stepper = Stepper(open_session(of | {"optimizer": {"name": "gradient_descent", "learning_rate": 1e150}}))
    for _ in range(6):
        stepper.seek(stepper.cursor.iteration + 1, 0)
    assert not np.isfinite(stepper.frame.parameter_vector).all()
    return stepper.frame


@pytest.mark.parametrize("make", [line, plane], ids=["curve", "surface"])
def test_a_diverged_run_is_drawn_and_said(application: QApplication, make: Callable[[], dict[str, Any]]) -> None:
    panel = PredictionPanel()
    panel.resize(376, 600)
    panel.show_frame(diverged(make()))
    panel.grab()
    assert panel.plot.accessibleDescription() == "Mean loss not a number"
    assert "not a number" in panel.trying.result.text()


def test_a_refused_entry_is_red_in_both_themes(application: QApplication) -> None:
    trying = Trying()
    trying.show_frame(frame_at(xor(), 0))
    trying.fields[1].setText("x")
    trying.predict()
    for theme in (LIGHT, DARK, LIGHT):
        trying.setPalette(palette_of(theme))
        assert trying.fields[1].palette().color(QPalette.ColorRole.Text).name().upper() == theme.error
        assert trying.fields[0].palette().color(QPalette.ColorRole.Text).name().upper() == theme.ink


def test_an_edit_of_the_data_counts_from_its_iteration_on(application: QApplication) -> None:
    controller = Controller(open_session(xor()))
    controller.seek(3, 0)
    controller.edit(Quantity("x", (1,)), 2.0, 1)
    controller.edit(Quantity("y", (1,)), 0.5, 1)
    found = Answers()
    later = found.of(controller.frame, Question())
    assert later.inputs[0].tolist() == [2.0, 0.0]
    assert later.meant is None
    controller.seek(2, 0)
    before = found.of(controller.frame, Question())
    assert before.inputs[0].tolist() == [0.0, 0.0]
    assert before.meant is not None


@pytest.mark.parametrize("values", [[-1.7e308, 1.7e308], [1.7e308], [0.0, 1.7e308]])
def test_inputs_as_large_as_a_float_holds_have_an_axis(values: list[float]) -> None:
    """Their own width, and the margin, would be infinite."""
    span = span_of(np.array(values))
    assert np.isfinite([span.low, span.high, span.width]).all()
    assert span.width > 0
    assert np.isfinite(plane_of(span, span, 3)).all()
