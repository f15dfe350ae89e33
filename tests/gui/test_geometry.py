"""Nothing on the canvas lies on anything else, whatever the network and the size."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from random import Random

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from engine import Stepper, open_session
from engine.network import Network
from gui.canvas.geometry import Detail, Geometry
from gui.canvas.picture import draw
from gui.canvas.placing import Places, crosses
from gui.canvas.scene import Scene, geometry_of
from gui.theme import LIGHT
from tests.engine.networks import SessionMapping, complete_session, random_numbers, random_session
from tests.gui.conftest import softmax_session

SIZES = [(560, 240), (656, 320), (784, 368), (1600, 900)]
SHAPES = [
    (1, 1), (2, 2, 1), (1, 4, 1), (3, 4, 3), (4, 4, 4), (2, 3, 3, 2), (5, 1, 5), (8, 8, 8, 3), (2, 2, 2, 2, 2, 1),
    (12, 20, 4), (30, 2, 30), (64, 64, 64, 10),
]  # fmt: skip


def session_of(shape: Sequence[int], bias: str = "per_neuron") -> SessionMapping:
    rng = Random(1)
    layers = [{"neurons": n, "activation": "tanh", "bias": bias} for n in shape[1:]]
    return complete_session(
        shape[0],
        layers,
        initial={"kind": "scheme", "scheme": "xavier_uniform", "seed": 3},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={
            "kind": "values",
            "inputs": [random_numbers(rng, shape[0], 1)],
            "targets": [random_numbers(rng, shape[-1], 1)],
        },
    )


def network_of(shape: Sequence[int]) -> Network:
    values = [[[0.1] * before] * n for before, n in pairwise(shape)]
    initial = {"kind": "values", "weights": values, "biases": [[0.0] * n for n in shape[1:]]}
    return open_session(session_of(shape) | {"initial": initial}).spec.network


def nodes(geometry: Geometry) -> Iterator[tuple[str, QRectF]]:
    """Every node with its name: inputs, neurons, biases, deltas, loss, target."""
    yield "loss", geometry.loss
    yield "target", geometry.target
    for layer, neurons in enumerate(geometry.network.sizes):
        for neuron in range(1, neurons + 1):
            yield f"node {layer},{neuron}", geometry.node(layer, neuron)
            bias = geometry.bias(layer, neuron) if layer else None
            if bias is not None:
                yield f"bias {layer},{neuron}", bias
            if layer and geometry.has_delta(layer):
                yield f"delta {layer},{neuron}", geometry.delta(layer, neuron)


def overlaps(named: Sequence[tuple[str, QRectF]]) -> list[tuple[str, str]]:
    """Pairs that overlap by more than a hair."""
    hair = 0.01
    shrunk = [(name, rect.adjusted(hair, hair, -hair, -hair)) for name, rect in named]
    return [(a, b) for (a, first), (b, second) in combinations(shrunk, 2) if first.intersects(second)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_nodes_never_overlap_and_lie_inside_the_canvas(shape: Sequence[int], size: tuple[int, int]) -> None:
    geometry = Geometry(network_of(shape), float(size[0]), float(size[1]))
    named = list(nodes(geometry))
    assert overlaps(named) == []
    canvas = QRectF(0, 0, *size)
    assert [name for name, rect in named if not canvas.contains(rect)] == []


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_edge_runs_from_left_to_right(shape: Sequence[int], size: tuple[int, int]) -> None:
    geometry = Geometry(network_of(shape), float(size[0]), float(size[1]))
    lines = [geometry.edge(*edge) for edge in geometry.edges()]
    lines += [geometry.loss_edge(k) for k in range(1, shape[-1] + 1)]
    assert all(line.x1() < line.x2() for line in lines)


@pytest.mark.parametrize("size", SIZES[1:], ids=str)
def test_the_example_of_document_003_has_capsules_with_biases_from_656_x_320_on(size: tuple[int, int]) -> None:
    geometry = Geometry(network_of((2, 2, 1)), float(size[0]), float(size[1]))
    assert set(geometry.details) == {Detail.CAPSULE}
    assert all(geometry.bias(layer, 1) is not None and geometry.has_delta(layer) for layer in (1, 2))


def test_large_layers_show_less_detail() -> None:
    details = Geometry(network_of((64, 64, 64, 10)), 784, 368).details
    assert details == (Detail.STRIP, Detail.STRIP, Detail.STRIP, Detail.DOT)


def test_both_halves_lie_within_their_capsule_and_apart() -> None:
    geometry = Geometry(network_of((2, 2, 1)), 656, 320)
    for layer, neuron in ((1, 1), (1, 2), (2, 1)):
        z, a = geometry.z_half(layer, neuron), geometry.a_half(layer, neuron)
        assert geometry.node(layer, neuron).contains(z)
        assert geometry.node(layer, neuron).contains(a)
        assert not z.intersects(a)


def drawn_scene(stepper: Stepper, size: tuple[int, int]) -> Scene:
    """The scene of a frame after it was drawn."""
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    try:
        geometry = geometry_of(stepper.frame.session.spec.network, QSize(*size), False)
        scene = Scene(stepper.frame, geometry, painter, LIGHT)
        draw(scene)
    finally:
        painter.end()
    return scene


def check_places(scene: Scene, what: object) -> None:
    taken = [(f"{i}", rect) for i, rect in enumerate(scene.places.taken)]
    rects = [rect for _, rect in taken]
    assert [(rects[int(a)], rects[int(b)]) for a, b in overlaps(taken)] == [], what
    canvas = QRectF(0, 0, scene.geometry.width, scene.geometry.height)
    assert [rect for rect in rects if not canvas.contains(rect)] == [], what


def lines_of(scene: Scene) -> list[QLineF]:
    """Every thin line: weights, to the loss, to the target, of biases."""
    geometry, loss, target = scene.geometry, scene.geometry.loss, scene.geometry.target
    lines = [geometry.edge(*edge) for edge in geometry.edges()]
    lines += [geometry.loss_edge(k) for k in range(1, scene.network.sizes[-1] + 1)]
    lines.append(QLineF(loss.center().x(), loss.bottom(), target.center().x(), target.top()))
    boxes = [(geometry.bias(*neuron), *neuron) for neuron in scene.neurons()]
    return lines + [scene.bias_line(box, *neuron) for box, *neuron in boxes if box is not None]


def meets(rect: QRectF, line: QLineF) -> bool:
    """Whether a line ends in a rectangle or cuts one of its sides."""
    if rect.contains(line.p1()) or rect.contains(line.p2()):
        return True
    corners = [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]
    sides = [QLineF(corners[i], corners[(i + 1) % 4]) for i in range(4)]
    return any(line.intersects(side)[0] == QLineF.IntersectionType.BoundedIntersection for side in sides)


@pytest.mark.parametrize("seed", range(3))
def test_a_line_crosses_a_rectangle_where_it_meets_it(seed: int) -> None:
    random = Random(seed)
    rects = [QRectF(20, 30, 40, 18), QRectF(50, 10, 8, 60)]
    lines = [QLineF(*(random.uniform(0, 80) for _ in range(4))) for _ in range(2000)]
    rows = np.array([(rect.left(), rect.top(), rect.right(), rect.bottom()) for rect in rects])
    found = crosses(rows, np.array([(line.x1(), line.y1(), line.x2(), line.y2()) for line in lines]))
    assert found.tolist() == [[meets(rect, line) for line in lines] for rect in rects]
    assert {*found.ravel().tolist()} == {True, False}


def check_labels(scene: Scene, labels: Sequence[tuple[QLineF, QRectF]], what: object) -> None:
    """A weight's label lies on its own line or beside it, and on no other."""
    for own, rect in labels:
        middle = QRectF(rect.center() - QPointF(rect.width() / 2, 20), QSizeF(rect.width(), 40))
        assert meets(middle, own), (what, rect)
        inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        assert [line for line in lines_of(scene) if line != own and meets(inner, line)] == [], (what, rect)


def operations_of_every_phase(stepper: Stepper, count: int) -> list[int]:
    """So many evenly spread, and the first and last of each phase."""
    program = stepper.frame.program
    spread = {round(i * program.count / count) for i in range(count + 1)}
    return sorted(spread | {done for _, start, stop in program.phases() for done in (start + 1, stop)})


def check_operations(session: SessionMapping | str, size: tuple[int, int], count: int) -> int:
    """Returns how many labels were drawn."""
    stepper, drawn = Stepper(open_session(session)), 0
    for operation in operations_of_every_phase(stepper, count):
        stepper.seek(1, operation)
        with pytest.MonkeyPatch.context() as patch:
            labels: list[tuple[QLineF, QRectF]] = []
            patch.setattr(Places, "label_on", noting(labels))
            scene = drawn_scene(stepper, size)
        check_places(scene, (size, operation))
        check_labels(scene, labels, (size, operation))
        drawn += len(labels)
    return drawn


def noting(labels: list[tuple[QLineF, QRectF]]) -> Callable[..., tuple[int, QRectF] | None]:
    """Finds places as ever and notes each with the line it is for."""
    find = Places.label_on

    def label_on(places: Places, line: QLineF, widths: Sequence[float]) -> tuple[int, QRectF] | None:
        found = find(places, line, widths)
        if found is not None:
            labels.append((line, found[1]))
        return found

    return label_on


@pytest.mark.parametrize("seed", range(30))
def test_labels_and_chips_never_overlap(application: QApplication, seed: int) -> None:
    """Over random networks, from the canvas of a window of 1280 x 800 on, at operations of every phase: neither one
    another nor a node, bias or delta; and labels no line but their own."""
    session = random_session(Random(seed))
    session["notation"] = ("sequential", "indexed", "layered")[seed % 3]
    for size in ((656, 320), (784, 368), (1280, 620)):
        check_operations(session, size, 9)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_labels_and_chips_of_the_examples_never_overlap(application: QApplication, size: tuple[int, int]) -> None:
    drawn = [check_operations(session, size, 32) for session in ("seed-003", softmax_session())]
    assert drawn[0] > 33  # a label a picture at least: the labels are not simply left out


@pytest.mark.parametrize("shape", [(8, 8, 8, 3), (64, 64, 64, 10)], ids=str)
def test_labels_and_chips_of_large_networks_never_overlap(application: QApplication, shape: Sequence[int]) -> None:
    initial = {"kind": "values", "weights": [], "biases": [[0.0] * n for n in shape[1:]]}
    rng = Random(2)
    initial["weights"] = [[random_numbers(rng, before, 1) for _ in range(n)] for before, n in pairwise(shape)]
    check_operations(session_of(shape) | {"initial": initial}, (784, 368), 9)


def test_activations_that_are_not_numbers_are_drawn(application: QApplication) -> None:
    """Six neurons have room for circles only; in iteration 2 all of them are not a number."""
    initial = {"kind": "values", "weights": [[[1e200]] * 6, [[1e200] * 3 + [-1e200] * 3]], "biases": [[0.0] * 6, [0.0]]}
    layers = [{"neurons": n, "activation": "identity", "bias": "per_neuron"} for n in (6, 1)]
    network = {"inputs": 1, "layers": layers}
    stepper = Stepper(open_session(session_of((1, 6, 1)) | {"initial": initial, "network": network}))
    stepper.seek(2, stepper.frame.program.count)
    drawn_scene(stepper, (656, 320))


@pytest.mark.parametrize("iteration", [1, 46])
def test_the_value_written_has_a_badge_that_no_line_passes_through(
    application: QApplication, monkeypatch: pytest.MonkeyPatch, iteration: int
) -> None:
    """Document 003 on the canvas of a window of 1280 x 800; in iteration 46 numbers are long."""
    stepper, badges = Stepper(open_session("seed-003")), list[QRectF | None]()
    find = Places.badge_near

    def badge_near(places: Places, rect: QRectF, sizes: Sequence[QSizeF]) -> QRectF | None:
        badges.append(find(places, rect, sizes))
        return badges[-1]

    monkeypatch.setattr(Places, "badge_near", badge_near)
    for operation in range(8, 25):
        stepper.seek(iteration, operation)
        scene = drawn_scene(stepper, (640, 321))
    assert len(badges) == 14  # all but the three deltas, which have a place of their own
    for badge in badges:
        assert badge is not None
        assert [line for line in lines_of(scene) if meets(badge, line)] == [], badge
