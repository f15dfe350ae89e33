"""The lines of the canvas: weights by sign and size, marker strokes behind those that were read, biases, the loss."""

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPolygonF

from gui.canvas.marks import Lit
from gui.canvas.scene import Scene
from gui.theme import mix

BAND = 14.0
MANY_EDGES = 40


def draw_band(scene: Scene, lit: Lit) -> None:
    """The marker stroke behind a line that was read."""
    kind, layer, neuron, _ = lit.place
    line = scene.line_of(lit.place)
    if kind == "bias":
        box = scene.geometry.bias(layer, neuron)
        line = scene.bias_line(box, layer, neuron) if box else None
    if line is not None:
        scene.brush.line(line, scene.theme.band(lit.color), BAND)


def draw_edges(scene: Scene) -> None:
    edges = list(scene.geometry.edges())
    many = len(edges) > MANY_EDGES
    quiet = bool(scene.marks.read) or many
    lit = {mark.place for mark in scene.marks.read}
    _ribbons(scene)
    for edge in edges:
        share = max(-1.0, min(1.0, scene.weight(*edge) / scene.largest))
        on_path = ("edge", *edge) in lit or ("edge", *edge) == scene.marks.written
        if on_path:
            _edge_lit(scene, scene.geometry.edge(*edge), share)
        else:
            _edge_at_rest(scene, scene.geometry.edge(*edge), share, quiet, many)
    for neuron in range(1, scene.network.sizes[-1] + 1):
        _loss_edge(scene, neuron, ("loss_edge", scene.network.last, neuron, 0) in lit)
    scene.brush.line(scene.geometry.target_edge, scene.theme.node_line, 1.25)


def _edge_lit(scene: Scene, line: QLineF, share: float) -> None:
    color = (scene.theme.positive if share >= 0 else scene.theme.negative)[2]
    scene.brush.line(line, color, 1 + 2.25 * abs(share), () if share >= 0 else (7, 4))
    _arrow(scene, line)


def _edge_at_rest(scene: Scene, line: QLineF, share: float, quiet: bool, many: bool) -> None:
    color = scene.theme.weight(max(-0.4, min(0.4, share)) if quiet else share)
    if many:
        color = mix(scene.theme.surface, color.name(), 0.55)
    width = 0.6 + abs(share) if many else 1 + 2.25 * abs(share)
    scene.brush.line(line, color, width, () if share >= 0 else (5, 3))


def _loss_edge(scene: Scene, neuron: int, is_lit: bool) -> None:
    line = scene.geometry.loss_edge(neuron)
    scene.brush.line(line, scene.theme.ink if is_lit else scene.theme.node_line, 1.5 if is_lit else 1.25)
    if is_lit:
        _arrow(scene, line)


def _arrow(scene: Scene, line: QLineF) -> None:
    """The way the computation goes: to the left in the backward phase."""
    scene.brush.arrow(QLineF(line.p2(), line.p1()) if scene.marks.backward else line)


def _ribbons(scene: Scene) -> None:
    """One ribbon of the mean weight between two layers whose lines are not drawn."""
    geometry, sizes, trace = scene.geometry, scene.network.sizes, scene.frame.trace
    for layer in range(1, len(sizes)):
        if geometry.draws_edges(layer):
            continue
        weights = trace.parameters.weights(trace.flat("old", "parameter"), layer)
        share = min(float(abs(weights).mean()) / scene.largest, 1.0)
        corners = [
            geometry.node(layer - 1, 1).topRight(), geometry.node(layer, 1).topLeft(),
            geometry.node(layer, sizes[layer]).bottomLeft(),
            geometry.node(layer - 1, sizes[layer - 1]).bottomRight(),
        ]  # fmt: skip
        scene.brush.painter.setPen(Qt.PenStyle.NoPen)
        scene.brush.painter.setBrush(mix(scene.theme.surface, scene.theme.zero, 0.2 + 0.6 * share))
        scene.brush.painter.drawPolygon(QPolygonF(corners))


def draw_bias_lines(scene: Scene) -> None:
    """A shared bias has one line through all neurons of its layer."""
    for layer, neuron in scene.neurons():
        box = scene.geometry.bias(layer, neuron)
        if box is None:
            continue
        line = scene.bias_line(box, layer, neuron)
        if scene.network.layers[layer - 1].bias == "shared" and scene.network.sizes[layer] > 1:
            line.setP2(QPointF(line.x1(), scene.geometry.node(layer, scene.network.sizes[layer]).top()))
        scene.brush.line(line, scene.theme.node_line, 1.25)
