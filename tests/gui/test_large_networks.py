"""Networks with more weights than labels: lines kept in a picture, one neuron in full, detail by zoom, flat neurons."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.quantities import Quantity, parse
from gui import text
from gui.canvas.flat import FlatNeurons
from gui.canvas.geometry import Detail, Geometry
from gui.canvas.picture import draw
from gui.canvas.rest import RestLines
from gui.canvas.scene import Scene, geometry_of
from gui.focus import Focus
from gui.main_window import MainWindow
from gui.theme import LIGHT
from tests.engine.networks import complete_session
from tests.gui.conftest import OpenWindow
from tests.gui.recording import drawn_by

pytestmark = pytest.mark.usefixtures("application")
OPTIMIZER = {"optimizer": {"name": "gradient_descent", "learning_rate": 0.5}}


def session(*sizes: int, activation: str = "sigmoid", **fields: Any) -> dict[str, Any]:
    """A network of these sizes with two samples."""
    rng = np.random.RandomState(len(sizes))
    layers = [{"neurons": n, "activation": activation, "bias": "per_neuron"} for n in sizes[1:]]
    data = {"kind": "values", "inputs": rng.rand(2, sizes[0]).tolist(), "targets": rng.rand(2, sizes[-1]).tolist()}
    initial = {"kind": "scheme", "scheme": "xavier_uniform", "seed": 3}
    given = {"initial": initial, "data": data, "loss": "half_squared_error"} | OPTIMIZER | fields
    return complete_session(sizes[0], layers, **given)


def painted(stepper: Stepper, size: QSize, focus: Focus, sight: QRectF, rest: RestLines | None) -> QImage:
    """The part in sight of a canvas of a size, as an image."""
    geometry = geometry_of(stepper.frame.session.spec.network, size, False, focus.selected)
    image = QImage(sight.size().toSize(), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-sight.topLeft())
        draw(Scene(stepper.frame, geometry, painter, LIGHT, focus, None, sight), rest)
    return image


def pixels(image: QImage) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.array(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].copy()


@pytest.mark.parametrize("sizes", [(8, 8, 8, 3), (20, 30, 10)], ids=str)
def test_lines_kept_in_a_picture_look_as_they_do_when_drawn(qtbot: QtBot, sizes: tuple[int, ...]) -> None:
    """Thousands of pixels cross; rounding in the blending of a picture may be off by one of 255 a line."""
    stepper, size, rest = Stepper(open_session(session(*sizes))), QSize(900, 500), RestLines()
    stepper.seek(1, 5)
    whole = QRectF(0, 0, 900, 500)
    painted(stepper, size, Focus(), whole, rest)
    qtbot.waitUntil(lambda: not rest.is_busy)
    kept, drawn = (pixels(painted(stepper, size, Focus(), whole, each)).astype(int) for each in (rest, None))
    assert abs(kept - drawn).max() <= 24
    assert abs(kept - drawn).mean() < 0.5


def test_thousands_of_lines_are_painted_after_the_first_frame(qtbot: QtBot) -> None:
    stepper, size, rest = Stepper(open_session(session(64, 30, 30))), QSize(900, 900), RestLines()
    whole = QRectF(0, 0, 900, 900)
    first = pixels(painted(stepper, size, Focus(), whole, rest)).astype(int)
    assert rest.is_busy
    with qtbot.waitSignal(rest.painted):
        pass
    assert abs(pixels(painted(stepper, size, Focus(), whole, rest)) - first).mean() > 2


def test_the_picture_follows_the_weights(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(session(8, 8, 8, 3))
    before = pixels(window.canvas.grab().toImage())
    window.controller.edit("w[1,1,1]", -2.5)
    qtbot.waitUntil(lambda: not window.canvas.is_busy)
    assert abs(pixels(window.canvas.grab().toImage()).astype(int) - before).max() > 20


def test_what_is_in_sight_looks_as_it_does_on_the_whole_canvas() -> None:
    stepper, size = Stepper(open_session(session(8, 8, 8, 3))), QSize(1800, 1000)
    stepper.seek(1, 40)
    whole = pixels(painted(stepper, size, Focus(), QRectF(0, 0, 1800, 1000), None)).astype(int)
    part = pixels(painted(stepper, size, Focus(), QRectF(500, 300, 600, 400), None)).astype(int)
    inner = slice(40, 360)  # above and below stand heads and legend
    assert abs(part[inner] - whole[300:700, 500:1100][inner]).mean() < 0.2
    assert abs(part[inner] - whole[310:710, 500:1100][inner]).mean() > 2, "ten pixels lower it looks different"


def test_all_sixty_four_weights_of_a_sum_are_lit_between_two_strips() -> None:
    stepper = Stepper(open_session(session(64, 64, 64, 10)))
    k = stepper.frame.program.writer(parse("z[2,7]"), 0)
    assert k is not None
    stepper.seek(1, k + 1)
    image = QImage(900, 500, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        geometry = geometry_of(stepper.frame.session.spec.network, QSize(900, 500), False)
        scene = Scene(stepper.frame, geometry, painter, LIGHT)
        assert geometry.details[1] is geometry.details[2] is Detail.STRIP
        assert scene.full_edges == {(2, 7, i) for i in range(1, 65)}


def test_a_strip_not_yet_computed_is_outlined() -> None:
    """Between two blocks of lines it would be a gap of the surface's colour."""
    stepper, size = Stepper(open_session(session(64, 64, 64, 10))), QSize(900, 500)
    image = painted(stepper, size, Focus(), QRectF(0, 0, 900, 500), None)
    strip = geometry_of(stepper.frame.session.spec.network, size, False).span(1)
    across = [image.pixelColor(x, 200).lightness() for x in range(int(strip.left()) - 2, int(strip.right()) + 3)]
    assert min(across) <= QColor(LIGHT.node_line).lightness() + 10


# One neuron in full


def window_with(open_window: OpenWindow, selected: str) -> MainWindow:
    window = open_window(session(8, 8, 8, 3))
    window.controller.seek(1, window.controller.frame.program.count)
    window.controller.select(parse(selected))
    return window


def test_a_neuron_selected_in_a_large_layer_shows_z_and_a_and_its_weights_with_their_values(
    open_window: OpenWindow,
) -> None:
    window = window_with(open_window, "a[2,5]")
    frame, drawn = window.controller.frame, [item.text for item in drawn_by(window.canvas)]

    def is_drawn(name: str) -> bool:
        value = frame.value(parse(name))
        return bool({text.number(value, digits) for digits in (5, 4, 3, 2)} & set(drawn))

    assert is_drawn("z[2,5]")
    assert is_drawn("a[2,5]")
    assert sum(is_drawn(f"w[2,5,{i}]") for i in range(1, 9)) >= 5, "all that have room"
    assert sum(is_drawn(f"w[2,4,{i}]") for i in range(1, 9)) <= 3, "others only where they look alike"
    window.controller.select(None)
    assert text.number(frame.value(parse("z[2,5]"))) not in [item.text for item in drawn_by(window.canvas)]


def test_the_halves_of_the_neuron_chosen_are_told_apart(open_window: OpenWindow) -> None:
    window = window_with(open_window, "a[2,5]")
    canvas, network = window.canvas, window.controller.frame.session.spec.network
    geometry = geometry_of(network, canvas.size(), False, parse("a[2,5]"))
    found = [canvas.quantity_at(half.center()) for half in (geometry.z_half(2, 5), geometry.a_half(2, 5))]
    assert found == [parse("z[2,5]"), parse("a[2,5]")]


@pytest.mark.parametrize("selected", [None, "w[2,5,1]", "x[1]", "y[1]", "loss", "grad[w[2,5,1]]", "b[2,5]"])
def test_only_a_neurons_own_quantities_choose_it(selected: str | None) -> None:
    network = open_session(session(8, 8, 8, 3)).spec.network
    name = None if selected is None else parse(selected)
    assert geometry_of(network, QSize(640, 330), False, name).chosen is None


def test_a_capsule_is_chosen_by_nothing() -> None:
    network = open_session("seed-003").spec.network
    assert geometry_of(network, QSize(640, 330), False, parse("z[1,1]")) == Geometry(network, 640.0, 330.0)


def test_the_chosen_capsule_stays_on_the_canvas() -> None:
    network = open_session(session(64, 64, 64, 10)).spec.network
    for neuron in (1, 32, 64):
        geometry = geometry_of(network, QSize(640, 330), False, Quantity("z", (2, neuron)))
        assert QRectF(0, 34, 640, 330 - 34).contains(geometry.node(2, neuron))


# Zoom


def test_zoomed_in_every_neuron_of_a_large_layer_shows_all_that_it_can(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(session(64, 64, 64, 10), 1280, 800)
    canvas = window.canvas
    middle = QPointF(canvas.rect().center())
    for _ in range(20):
        canvas.zoom(1.3, middle)
    qtbot.waitUntil(lambda: not canvas.is_busy)
    drawn = [item.text for item in drawn_by(canvas)]
    assert "–" in drawn, "capsules say that nothing is computed yet"
    window.controller.seek(1, window.controller.frame.program.count)
    values = {text.number(window.controller.frame.value(Quantity("z", (2, j)))) for j in range(1, 65)}
    assert 2 <= len(values & {item.text for item in drawn_by(canvas)}) <= 6, "those in sight, and no others"
    canvas.fit()
    assert not values & {item.text for item in drawn_by(canvas)}


def test_the_neuron_under_the_pointer_stays_in_sight(open_window: OpenWindow) -> None:
    window = open_window(session(8, 8, 8, 3), 1280, 800)
    geometry = geometry_of(window.controller.frame.session.spec.network, window.canvas.size(), False)
    at = geometry.node(2, 3).center()
    window.canvas.zoom(3.0, at)
    points = (QPointF(x, y) for x in range(0, window.canvas.width(), 8) for y in range(0, window.canvas.height(), 8))
    assert {parse("z[2,3]"), parse("a[2,3]")} & {window.canvas.quantity_at(point) for point in points}


# Neurons that no gradient passes


def relu_session(bias: float) -> dict[str, Any]:
    weights = [[[0.5, 0.5], [0.5, -0.5]], [[1.0, 1.0]]]
    layers = [{"neurons": n, "activation": "relu", "bias": "per_neuron"} for n in (2, 1)]
    data = {"kind": "values", "inputs": [[1.0, 2.0], [2.0, 1.0]], "targets": [[1.0], [1.0]]}
    initial = {"kind": "values", "weights": weights, "biases": [[bias, 0.0], [0.5]]}
    return complete_session(2, layers, initial=initial, data=data, loss="half_squared_error", **OPTIMIZER)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (relu_session(-5.0), {(1, 1): "dead"}),  # z = 1.5 - 5 for both samples
        (relu_session(0.0), {}),  # the second neuron's z is -0.5 and 0.5: it works for one of them
        (session(2, 2, 1, activation="binary_step"), {(1, 1): "flat", (1, 2): "flat", (2, 1): "flat"}),
        (session(2, 2, 1, activation="identity"), {}),
        ("seed-003", {}),
    ],
)
def test_a_neuron_is_flat_where_its_slope_is_next_to_nothing_for_every_sample(
    source: Any, expected: dict[tuple[int, int], str]
) -> None:
    assert FlatNeurons().of(Stepper(open_session(source)).frame) == expected


def test_flat_neurons_follow_an_edit() -> None:
    stepper, flat = Stepper(open_session("seed-003")), FlatNeurons()
    assert flat.of(stepper.frame) == {}
    stepper.edit("b[1]", 40.0)  # both hidden neurons' z are some 40, where sigmoid's slope is 0 in floats
    assert flat.of(stepper.frame) == {(1, 1): "saturated", (1, 2): "saturated"}
    stepper.undo()
    assert flat.of(stepper.frame) == {}


def test_a_flat_neuron_says_so_once_it_is_computed(open_window: OpenWindow) -> None:
    window = open_window(relu_session(-5.0))
    assert "dead" not in [item.text for item in drawn_by(window.canvas)]
    window.controller.seek(1, 2)  # z and a of the first neuron
    drawn = [item.text for item in drawn_by(window.canvas)]
    assert drawn.count("dead") == 1
    assert text.NO_GRADIENT in drawn


def test_small_flat_neurons_are_marked_in_a_colour_of_their_own(open_window: OpenWindow) -> None:
    weights = {"kind": "values", "weights": [[[50.0] * 30] * 30, [[0.1] * 30]], "biases": [[0.0] * 30, [0.0]]}
    data = {"kind": "values", "inputs": [[1.0] * 30], "targets": [[0.5]]}
    window = open_window(session(30, 30, 1, initial=weights, data=data), 1280, 800)
    canvas, error = window.canvas, QColor(LIGHT.error)

    def marked() -> int:
        image = canvas.grab(QRectF(QPointF(), QSizeF(canvas.width(), canvas.height() - 40)).toRect()).toImage()
        return int((pixels(image) == (error.blue(), error.green(), error.red())).all(axis=2).sum())

    assert marked() == 0
    window.controller.seek(1, 60)  # every z and a of the hidden layer
    assert marked() > 100


def test_the_legend_says_what_is_marked_however_large_the_weights(open_window: OpenWindow) -> None:
    """What has no room is left out, and never what is marked."""
    weights = {"kind": "values", "weights": [[[1e150, -2e150]] * 2, [[3e150, -1e150]]], "biases": [[0.0, 0.0], [0.0]]}
    data = {"kind": "values", "inputs": [[1.0, 0.25]], "targets": [[0.5]]}
    window = open_window(session(2, 2, 1, initial=weights, data=data), 1280, 800)
    window.controller.seek(1, 2)
    ends = {item.text: item.x + item.width for item in drawn_by(window.canvas)}
    assert ends[text.NO_GRADIENT] < window.canvas.width()
    assert text.NOT_COMPUTED not in ends
