"""Canvas, equation and position of a window, held against its frame; everything is read off what is drawn."""

from PySide6.QtCore import QLineF, QPointF, QRectF

from engine.frame import Frame
from engine.quantities import Quantity
from gui.canvas.geometry import Geometry
from gui.main_window import MainWindow
from tests.gui import expected
from tests.gui.expected import spelled
from tests.gui.recording import Pair, drawn_by, mismatch, name_of, pairs, says

LEGEND = ["read", "written", "– not computed yet"]


def check_all(window: MainWindow) -> None:
    """Canvas, equation and position against the frame."""
    frame = window.controller.frame
    check_equation(window, frame)
    check_position(window, frame)
    check_canvas(window, frame)


def check_equation(window: MainWindow, frame: Frame) -> None:
    drawn = [item.text for item in drawn_by(window.equation)]
    found = [mismatch(drawn, reading) for reading in expected.equation(frame)]
    assert "" in found, (frame.cursor, found)
    if frame.operation:
        assert repr(frame.operation.value) in window.equation.accessibleDescription()


def check_position(window: MainWindow, frame: Frame) -> None:
    assert [item.text for item in drawn_by(window.position)] == expected.position(frame)


def check_canvas(window: MainWindow, frame: Frame) -> None:
    found, others = pairs(drawn_by(window.canvas))
    geometry = Geometry(frame.session.spec.network, float(window.canvas.width()), float(window.canvas.height()))
    seated = check_seats(found, frame, geometry)
    check_names([pair for pair in found if pair.name and pair not in seated], frame)
    check_bare([pair for pair in found if not pair.name], frame, geometry)
    check_others(others, frame)


def seat_of(geometry: Geometry, quantity: Quantity, frame: Frame) -> QRectF | None:
    """Where the network's shape puts a quantity; a shared bias stands below its layer's first neuron."""
    kind, indices, _ = quantity
    match kind:
        case "x":
            return geometry.node(0, *indices)
        case "z":
            return geometry.z_half(*indices)
        case "a":
            return geometry.a_half(*indices)
        case "dL/dz":
            return geometry.delta(*indices)
        case "b":
            return geometry.bias(indices[0], indices[-1] if len(indices) > 1 else 1)
        case "y":
            return geometry.target
    return geometry.loss


def check_seats(found: list[Pair], frame: Frame, geometry: Geometry) -> list[Pair]:
    """Each quantity with a place of its own stands there once, with its value or a dash; a narrow place may cut the
    digits that count down to three."""
    seated = []
    outputs = frame.session.spec.network.sizes[-1]
    targets = [Quantity("y", (1,))] if outputs == 1 else []
    for quantity in (*expected.seats(frame), *expected.biases(frame), *expected.deltas(frame), *targets):
        seat, name = seat_of(geometry, quantity, frame), name_of(frame.narrator.symbol(quantity))
        if seat is None:
            continue
        here = [pair for pair in found if pair.name == name and grown(seat).contains(pair.middle)]
        assert len(here) == 1, (frame.cursor, str(quantity), here, [p for p in found if p.name == name])
        value = frame.value(quantity)
        assert says(here[0].number, value, 3), (frame.cursor, str(quantity), value, here[0])
        seated += here
    return seated


def grown(rect: QRectF) -> QRectF:
    return rect.adjusted(-2, -2, 2, 2)


def check_names(found: list[Pair], frame: Frame) -> None:
    """Whatever else has a symbol says what that symbol stands for, without room with fewer digits: three at least in a
    chip, in a weight's label two, or dots."""
    known = expected.on_canvas(frame)
    weights = {name_of(frame.narrator.symbol(name)) for name in expected.weights(frame)}
    for pair in found:
        is_short = pair.name in weights and not pair.place
        if not (is_short and pair.number == "…"):
            digits = 5 if pair.place else 2 if is_short else 3
            said = [value for value in known[pair.name] if says(pair.number, value, digits)]
            assert said, (frame.cursor, pair, known[pair.name])


def check_bare(found: list[Pair], frame: Frame, geometry: Geometry) -> None:
    """A number without a symbol is that of the weight on whose line it stands."""
    for pair in found:
        near = [name for name in expected.weights(frame) if lies_on(pair.middle, geometry.edge(*three(name)))]
        assert any(says(pair.number, frame.value(name)) for name in near), (frame.cursor, pair, near)


def three(weight: Quantity) -> tuple[int, int, int]:
    layer, neuron, source = weight.indices
    return layer, neuron, source


def lies_on(point: QPointF, line: QLineF) -> bool:
    """Whether a point is at most a line of text away."""
    along = (point.x() - line.x1()) / line.dx()
    return 0 <= along <= 1 and abs(line.pointAt(along).y() - point.y()) <= 20


def check_others(others: list[str], frame: Frame) -> None:
    """Column heads (of several samples the one shown), legend, of several outputs the targets, and nothing else."""
    spec, network = frame.session.spec, frame.session.spec.network
    largest = expected.largest_weight(frame)
    heads = ["Inputs", *([f"sample {frame.sample}"] if spec.samples > 1 else [])]
    for number, layer in enumerate(network.layers, 1):
        heads += ["Output" if number == network.last else "Hidden", f"layer {number}, {spelled(layer.activation)}"]
    heads.append("Loss")
    assert others[-len(heads) - 5 : -5] == heads, (frame.cursor, others)
    word, *targets = others[: -len(heads) - 5]
    assert word == "target"
    if network.sizes[-1] > 1:
        *numbers, last = targets.pop().removesuffix(", …").split(", ")
        values = [frame.value(Quantity("y", (k,))) for k in range(1, len(numbers) + 2)]
        assert all(says(*pair, 2) for pair in zip((*numbers, last), values, strict=True))
    assert targets == []
    low, high = others[-5], others[-4]
    assert low.startswith("weight  ")
    assert says(low.removeprefix("weight  "), -largest, 1)
    assert says(high, largest, 1)
    assert others[-3:] == LEGEND
