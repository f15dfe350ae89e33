"""The nodes of the canvas with their values: inputs, neurons, biases, deltas, target and loss."""

from collections.abc import Sequence
from functools import cache
from math import isnan

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from engine.activations import ACTIVATIONS
from engine.quantities import BATCH_LOSS, LOSS, Quantity
from gui import formula, text
from gui.brush import NUMBER_SIZE, Brush, advance
from gui.canvas.geometry import Detail
from gui.canvas.marks import Place
from gui.canvas.scene import BESIDE_EDGE, Scene
from gui.theme import ink_on, mix, ui_font

BESIDE_PICTURE, MOST_TARGETS = 8.0, 3


def _node(scene: Scene, rect: QRectF, radius: float, *places: Place) -> None:
    """A node's outline, dark where it was read or is to come, and filled in its factor's colour where it was read."""
    lit = scene.lit(*places)
    fill = scene.theme.band(lit.color) if lit else scene.theme.node
    is_dark = lit is not None or any(place in scene.marks.coming for place in places)
    scene.brush.box(rect, radius, fill, scene.theme.ink_2 if is_dark else scene.theme.node_line)


def draw_nodes(scene: Scene) -> None:
    for layer, detail in enumerate(scene.geometry.details):
        if detail in (Detail.DOT, Detail.STRIP):
            scene.places.take(scene.geometry.span(layer))
        for neuron in range(1, scene.network.sizes[layer] + 1):
            rect = scene.geometry.node(layer, neuron)
            if detail in (Detail.CAPSULE, Detail.CIRCLE):
                scene.places.take(rect)
            if (layer, neuron) != scene.geometry.chosen and rect.intersects(scene.sight):
                _in_detail(scene, layer, neuron, rect, detail)
        if detail is Detail.STRIP:  # or one that is not computed yet would be no more than a gap
            scene.brush.box(scene.geometry.span(layer), 0, "transparent", scene.theme.node_line, 1)
    if scene.geometry.chosen is not None:
        _chosen(scene, *scene.geometry.chosen)


def _in_detail(scene: Scene, layer: int, neuron: int, rect: QRectF, detail: Detail) -> None:
    if detail is not Detail.CAPSULE:
        _small(scene, layer, neuron, rect, detail)
    elif layer == 0:
        _node(scene, rect, 14, ("node", 0, neuron, 0))
        _stacked(scene, Quantity("x", (neuron,)), rect)
    else:
        _capsule(scene, layer, neuron, rect)


def _chosen(scene: Scene, layer: int, neuron: int) -> None:
    """The neuron that is looked at, over its neighbours."""
    rect = scene.geometry.node(layer, neuron)
    scene.places.take(rect)
    _capsule(scene, layer, neuron, rect)


def _capsule(scene: Scene, layer: int, neuron: int, rect: QRectF) -> None:
    """z left, a right, between them the shape of the activation function, or the neuron's picture."""
    delta: list[Place] = [] if scene.geometry.has_delta(layer) else [("delta", layer, neuron, 0)]
    _node(scene, rect, 14, ("node", layer, neuron, 0), *delta)
    halves = {"z": scene.geometry.z_half(layer, neuron), "a": scene.geometry.a_half(layer, neuron)}
    for kind, half in halves.items():
        lit = scene.lit((kind, layer, neuron, 0))
        if lit:
            scene.brush.fill(half.adjusted(3, 3, -3, -3), 10, scene.theme.band(lit.color))
        _stacked(scene, Quantity(kind, (layer, neuron)), half)
    if scene.pictures is not None:
        scene.pictures.draw(scene.brush, layer, neuron, rect.center())
    else:
        _curve(scene, rect.center(), layer)
    if word := scene.flat_word(layer, neuron):
        _tag(scene, word, rect)


def _tag(scene: Scene, word: str, rect: QRectF) -> None:
    """A word on the upper edge of a capsule."""
    font = ui_font(10, 600)
    tag = QRectF(0, 0, advance(word, font) + 12, 15)
    tag.moveCenter(QPointF(rect.center().x(), rect.top()))
    scene.brush.box(tag, 5, scene.theme.surface, scene.theme.error, 1)
    scene.brush.centred(word, tag, font, scene.theme.error)


def _curve(scene: Scene, centre: QPointF, layer: int) -> None:
    painter, heights = scene.brush.painter, shape(scene.network.layers[layer - 1].activation)
    painter.setPen(QPen(QColor(scene.theme.ink_3), 1.25))
    painter.setBrush(QColor(scene.theme.node))
    painter.drawEllipse(centre, 8, 8)
    path = QPainterPath()
    for place, y in enumerate(heights):
        point = centre + QPointF(-5 + 10 * place / (len(heights) - 1), -4 * y)
        if place:
            path.lineTo(point)
        else:
            path.moveTo(point)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


@cache
def shape(activation: str) -> Sequence[float]:
    """The look of an activation function between z = -3 and 3, as heights from -1 to 1."""
    function = ACTIVATIONS[activation]
    z = np.linspace(-3.0, 3.0, 25)
    layer = np.vstack([z, np.zeros_like(z)])  # beside a neuron that stands still, for a softmax
    a = np.empty_like(layer)
    function.forward(layer, function.constants, a)
    low, high = float(a[0].min()), float(a[0].max())
    return tuple((2 * value - low - high) / (high - low) for value in a[0].tolist())


def _small(scene: Scene, layer: int, neuron: int, rect: QRectF, detail: Detail) -> None:
    """A neuron without room for a capsule: a shade, and in a circle its activation."""
    value, lit = scene.handed_on(layer, neuron), scene.lit_neurons.get((layer, neuron))
    fill = scene.theme.band(lit.color) if lit else _shade(scene, value)
    if detail is Detail.STRIP:
        scene.brush.painter.fillRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5), fill)  # no gap between two
    else:
        scene.brush.box(rect, rect.width() / 2, fill, scene.theme.node_line, 1)
    if scene.flat_word(layer, neuron):
        _mark_flat(scene, rect, detail)
    if detail is Detail.CIRCLE:
        color = QColor(scene.theme.ink) if lit else ink_on(fill)
        number, font = _short(value, rect.width() - 4), ui_font(11)
        if scene.pictures is not None and layer and not lit:
            _picture(scene, layer, neuron, rect, advance(number, font))
            color = QColor(scene.theme.ink)
        scene.brush.centred(number, rect, font, color)


def _short(value: float | None, width: float) -> str:
    """A number with two digits that count, or one where a circle has no room for two."""
    forms = [text.number(value, 2), text.number(value, 1), text.cell(value, 1)]
    return next((number for number in forms if advance(number, ui_font(11)) <= width), forms[-1])


def _mark_flat(scene: Scene, rect: QRectF, detail: Detail) -> None:
    """A dashed ring; beside a strip's cell a tick."""
    if detail is Detail.STRIP:
        scene.brush.painter.fillRect(QRectF(rect.left() - 5, rect.top(), 3, rect.height()), QColor(scene.theme.error))
    else:
        draw_flat_ring(scene.brush, rect.adjusted(-3, -3, 3, 3))


def draw_flat_ring(brush: Brush, rect: QRectF) -> None:
    """The mark of a neuron that hardly any gradient passes."""
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.setPen(QPen(QColor(brush.theme.error), 1.25, Qt.PenStyle.DashLine))
    brush.painter.drawEllipse(rect)


def _picture(scene: Scene, layer: int, neuron: int, rect: QRectF, number: float) -> None:
    """A circle's picture, with a plate for a number of a width."""
    assert scene.pictures is not None
    scene.pictures.draw_round(scene.brush, layer, neuron, rect.adjusted(1.5, 1.5, -1.5, -1.5))
    wide = min(number + 6, rect.width() - 4)
    plate = QRectF(rect.center().x() - wide / 2, rect.center().y() - 7, wide, 14)
    scene.brush.fill(plate, 5, QColor(scene.theme.surface))


def _shade(scene: Scene, value: float | None) -> QColor:
    """The activation's ramp; the sign's for values below 0; none for what is not a number."""
    if value is None or isnan(value):
        return QColor(scene.theme.node)
    if value < 0:
        return scene.theme.weight(max(value, -1.0))
    return _ramp(*scene.theme.activation)[round(255 * min(value, 1.0))]


@cache
def _ramp(first: str, last: str) -> Sequence[QColor]:
    """256 colours from the first to the last."""
    return [mix(first, last, step / 255) for step in range(256)]


def _stacked(scene: Scene, quantity: Quantity, rect: QRectF, word: str = "") -> None:
    value = scene.frame.value(quantity)
    symbol = formula.layout(scene.frame.narrator.symbol(quantity), 15, text.number)
    color = scene.theme.ink if value is not None else scene.theme.ink_3
    air = BESIDE_PICTURE if scene.pictures is not None else BESIDE_EDGE
    scene.brush.stacked(symbol, scene.fitting(value, rect.width() - air), rect, color, word)


def draw_loss(scene: Scene) -> None:
    loss, target = scene.geometry.loss, scene.geometry.target
    scene.places.take(loss)
    scene.places.take(target)
    _node(scene, loss, 14, ("loss", 0, 0, 0))
    _node(scene, target, 14, ("target", 0, 0, 0))
    _stacked(scene, BATCH_LOSS if text.shows_batch_loss(scene.frame) else LOSS, loss)
    outputs = scene.network.sizes[-1]
    if outputs == 1:
        _stacked(scene, Quantity("y", (1,)), target, "target")
    else:
        values = [scene.frame.value(Quantity("y", (k,))) for k in range(1, min(outputs, MOST_TARGETS) + 1)]
        shown = listed([text.number(value, 2) for value in values], outputs, target.width() - BESIDE_PICTURE)
        scene.brush.stacked(formula.text_box("", 15), shown, target, scene.theme.ink, "target")


def listed(numbers: Sequence[str], count: int, width: float) -> str:
    """As many of the first of `count` numbers as a width holds, and dots for the others."""
    for shown in range(len(numbers), 0, -1):
        words = ", ".join(numbers[:shown]) + (", …" if shown < count else "")
        if advance(words, ui_font(NUMBER_SIZE)) <= width:
            return words
    return "…"


def draw_biases(scene: Scene) -> None:
    for layer, neuron in scene.neurons_with_room:
        box, name = scene.geometry.bias(layer, neuron), scene.geometry.bias_name(layer, neuron)
        if box is None or name is None:
            continue
        _node(scene, box, 8, ("bias", layer, neuron, 0))
        scene.brush.label(scene.label_in(box, name), box, scene.theme.ink)
        scene.places.take(box)


def draw_slopes(scene: Scene) -> None:
    """The trained slope of a layer, where it has one."""
    for layer in range(1, scene.network.last + 1):
        box = scene.geometry.slope(layer)
        if box is not None:
            _node(scene, box, 8, ("slope", layer, 0, 0))
            scene.brush.label(scene.label_in(box, Quantity("slope", (layer,))), box, scene.theme.ink)
            scene.places.take(box)


def draw_deltas(scene: Scene) -> None:
    """delta below its capsule, once it is computed."""
    for layer, neuron in scene.neurons_with_room:
        quantity = Quantity("dL/dz", (layer, neuron))
        if not scene.geometry.has_delta(layer) or scene.frame.value(quantity) is None:
            continue
        rect, lit = scene.geometry.delta(layer, neuron), scene.lit(("delta", layer, neuron, 0))
        label = scene.label_in(rect, quantity)
        beside = 0.0 if lit else max((rect.width() - label.width) / 2 - 3, 0.0)  # a bias's lit line is left whole
        ground = rect.adjusted(beside, -1, -beside, 1)  # subscripts reach down to its edge
        scene.brush.fill(ground, 5, scene.theme.band(lit.color) if lit else QColor(scene.theme.surface))
        above = rect.translated(0, -1.5)  # so that subscripts keep off the outline
        scene.brush.label(label, above, scene.theme.ink if lit else scene.theme.ink_2)
        scene.places.take(rect)
