"""The small pictures in neurons: their values, where they are drawn, and what they cost."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from engine import Stepper, open_session
from gui.canvas.geometry import Detail, Geometry
from gui.canvas.pictures import Pictures, has_pictures, own_range
from gui.canvas.scene import MIDDLE_OF_PICTURE
from gui.canvas.view import Canvas
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.theme import DARK, LIGHT
from tests.engine import reference
from tests.gui.conftest import OpenWindow, frame_at
from tests.gui.test_prediction import counted, line, session, xor


def test_a_picture_is_what_the_neuron_answers_over_the_data() -> None:
    of = xor()
    pictures = Pictures()
    pictures.show_frame(frame_at(of, 0), LIGHT)
    layers, parameters = reference.layers_of(of), reference.initial_parameters(of)
    across = np.linspace(-0.15, 1.15, 20)
    for row, column in ((0, 0), (3, 17), (19, 6)):
        computed = reference.forward(layers, parameters, [across[column], across[row]])
        for layer, (_, a) in enumerate(computed, 1):
            for neuron, value in enumerate(a, 1):
                assert pictures.values(layer, neuron)[row, column] == pytest.approx(value, rel=1e-13)


def test_over_one_input_it_is_a_curve() -> None:
    of = line()
    pictures = Pictures()
    pictures.show_frame(frame_at(of, 0), LIGHT)
    layers, parameters = reference.layers_of(of), reference.initial_parameters(of)
    expected = [reference.forward(layers, parameters, [x])[0][1][2] for x in np.linspace(-2.75, 3.75, 41)]
    assert pictures.values(1, 3)[0] == pytest.approx(np.array(expected), rel=1e-13)


@pytest.mark.parametrize(("values", "low", "high"), [([1.0, 3.0], 1, 3), ([2.0, 2.0], 1.5, 2.5), ([np.nan], -0.5, 0.5)])
def test_each_has_its_own_range(values: list[float], low: float, high: float) -> None:
    found = own_range(np.array(values))
    assert (found.low, found.high) == (low, high)


def test_they_are_computed_once_for_the_same_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    stepper, pictures, calls = Stepper(open_session(xor())), Pictures(), counted(monkeypatch)
    for operation in range(6):
        stepper.seek(1, operation)
        pictures.show_frame(stepper.frame, LIGHT)
    assert calls == [400]
    pictures.show_frame(stepper.frame, DARK)
    stepper.seek(2, 0)
    pictures.show_frame(stepper.frame, DARK)
    assert calls == [400, 400, 400]


def test_three_inputs_or_a_large_network_have_none() -> None:
    three = session(3, [(2, "tanh")], [[0.0, 0.0, 0.0]], [[0.0, 0.0]], "half_squared_error")
    assert not has_pictures(open_session(three).spec.network)
    assert has_pictures(open_session(xor()).spec.network)
    large = session(2, [(200, "tanh"), (200, "tanh")], [[0.0, 0.0]], [[0.0] * 200], "half_squared_error")
    assert not has_pictures(open_session(large).spec.network)


def test_z_and_a_make_room_for_the_picture() -> None:
    network = open_session(xor()).spec.network
    geometry = Geometry(network, 700, 400, MIDDLE_OF_PICTURE)
    node, z, a = geometry.node(1, 2), geometry.z_half(1, 2), geometry.a_half(1, 2)
    assert (z.left(), a.right()) == (node.left(), node.right())
    assert a.left() - z.right() == 2 * MIDDLE_OF_PICTURE > 30


def grabbed(widget: QWidget) -> QImage:
    picture: QPixmap = widget.grab()
    return picture.toImage()


def test_the_action_shows_and_hides_them(open_window: OpenWindow) -> None:
    window = open_window(xor())
    action = window.actions_by_name["pictures"]
    assert not action.isChecked()
    plain = grabbed(window.canvas)
    action.trigger()
    shown = grabbed(window.canvas)
    geometry = Geometry(window.controller.frame.session.spec.network, window.canvas.width(), window.canvas.height())
    centre = geometry.node(1, 1).center().toPoint()
    assert geometry.details[1] is Detail.CAPSULE
    corner = centre + QPoint(-12, -12)
    assert plain.pixelColor(corner) != shown.pixelColor(corner)
    assert saturation(shown, corner) > 20
    action.trigger()
    assert grabbed(window.canvas) == plain


def saturation(image: QImage, at: QPoint) -> int:
    return image.pixelColor(at).saturation()


def test_dots_have_no_pictures(open_window: OpenWindow) -> None:
    X = [[0.0, 0.0], [1.0, 1.0]]
    of: dict[str, Any] = session(2, [(20, "tanh"), (20, "tanh")], X, [[0.0] * 20, [1.0] * 20], "half_squared_error")
    window = open_window(of, 1300, 800)
    plain = grabbed(window.canvas)
    window.actions_by_name["pictures"].trigger()
    assert grabbed(window.canvas) == plain


def test_the_choice_is_kept(application: QApplication, tmp_path: Any) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(Controller(open_session("seed-003")), settings)
    window.actions_by_name["pictures"].trigger()
    window.close()
    again = MainWindow(Controller(open_session("seed-003")), settings)
    assert again.actions_by_name["pictures"].isChecked()
    again.actions_by_name["pictures"].trigger()
    again.close()
    assert not MainWindow(Controller(open_session("seed-003")), settings).actions_by_name["pictures"].isChecked()


def test_a_click_finds_z_and_a_beside_the_picture(application: QApplication) -> None:
    canvas = Canvas()
    canvas.resize(800, 420)
    frame = frame_at(xor(), 12)
    canvas.show_frame(frame)
    canvas.show_pictures(True)
    geometry = Geometry(frame.session.spec.network, 800, 420, MIDDLE_OF_PICTURE)
    found = [canvas.quantity_at(half.center()) for half in (geometry.z_half(1, 1), geometry.a_half(1, 1))]
    assert [str(quantity) for quantity in found] == ["z[1,1]", "a[1,1]"]
