"""The lines of the canvas: weights by sign and size, marker strokes behind those that were read, biases, the loss."""

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPolygonF

from gui.canvas.marks import Place
from gui.canvas.rest import RestLines, bundles_of
from gui.canvas.scene import Scene
from gui.theme import mix

BAND, MOST_BANDS = 14.0, 12
MANY_EDGES = 40


def draw_lines(scene: Scene, rest: RestLines | None) -> None:
    """Ribbons, lines at rest, marker strokes, and over them the lines that were read or belong to the neuron chosen.
    Strokes lie beneath lines at rest where these are few."""
    _ribbons(scene)
    if scene.geometry.edge_count > MANY_EDGES:
        _many_at_rest(scene, rest)
        _bands(scene)
    else:
        _bands(scene)
        _few_at_rest(scene)
    for edge in scene.full_edges:
        line, share = scene.geometry.edge(*edge), scene.share(*edge)
        if edge in scene.lit_edges:
            _edge_lit(scene, line, share)
        else:
            scene.brush.line(line, scene.theme.weight(share), 1 + 2.25 * abs(share), () if share >= 0 else (5, 3))
    _loss_edges(scene)
    _bias_lines(scene)


def _bands(scene: Scene) -> None:
    """The marker strokes behind lines that were read, and the outlines of those to come; many would only cover one
    another."""
    has_room = len(scene.lit_edges) <= MOST_BANDS
    for place in scene.marks.coming if has_room else ():
        _outline(scene, place)
    for lit in scene.marks.read:
        line = _stroked(scene, lit.place)
        if line is not None and (has_room or lit.place[0] != "edge"):
            scene.brush.line(line, scene.theme.band(lit.color), BAND)


def _stroked(scene: Scene, place: Place) -> QLineF | None:
    """The line that carries the marker stroke of a place."""
    kind, layer, neuron, _ = place
    box = scene.geometry.bias(layer, neuron) if kind == "bias" else None
    return scene.line_of(place) if box is None else scene.bias_line(box, layer, neuron)


def _outline(scene: Scene, place: Place) -> None:
    """Both edges of a stroke that is still to come."""
    line = _stroked(scene, place)
    if line is not None and line.length():
        across = QPointF(-line.dy(), line.dx()) * (BAND / 2 / line.length())
        for side in (across, -across):
            scene.brush.line(line.translated(side), scene.theme.node_line, 1)


def _many_at_rest(scene: Scene, rest: RestLines | None) -> None:
    if rest is not None:
        rest.draw(scene)
        return
    for pen, lines in bundles_of(scene):
        scene.brush.painter.setPen(pen)
        scene.brush.painter.drawLines(lines)


def _few_at_rest(scene: Scene) -> None:
    is_quiet = bool(scene.marks.read)
    for edge in scene.geometry.edges():
        if edge not in scene.full_edges:
            share = scene.share(*edge)
            color = scene.theme.weight(max(-0.4, min(0.4, share)) if is_quiet else share)
            scene.brush.line(scene.geometry.edge(*edge), color, 1 + 2.25 * abs(share), () if share >= 0 else (5, 3))


def _loss_edges(scene: Scene) -> None:
    lit = {mark.place for mark in scene.marks.read}
    for neuron in range(1, scene.network.sizes[-1] + 1):
        _loss_edge(scene, neuron, ("loss_edge", scene.network.last, neuron, 0) in lit)
    scene.brush.line(scene.geometry.target_edge, scene.theme.node_line, 1.25)


def _edge_lit(scene: Scene, line: QLineF, share: float) -> None:
    color = (scene.theme.positive if share >= 0 else scene.theme.negative)[2]
    scene.brush.line(line, color, 1 + 2.25 * abs(share), () if share >= 0 else (7, 4))
    if len(scene.lit_edges) <= MOST_BANDS:
        _arrow(scene, line)


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
    geometry, sizes = scene.geometry, scene.network.sizes
    for layer in range(1, len(sizes)):
        if geometry.draws_edges(layer):
            continue
        share = float(abs(scene.shares(layer)).mean())
        corners = [
            geometry.node(layer - 1, 1).topRight(), geometry.node(layer, 1).topLeft(),
            geometry.node(layer, sizes[layer]).bottomLeft(),
            geometry.node(layer - 1, sizes[layer - 1]).bottomRight(),
        ]  # fmt: skip
        scene.brush.painter.setPen(Qt.PenStyle.NoPen)
        scene.brush.painter.setBrush(mix(scene.theme.surface, scene.theme.zero, 0.2 + 0.6 * share))
        scene.brush.painter.drawPolygon(QPolygonF(corners))


def _bias_lines(scene: Scene) -> None:
    """A shared bias has one line through all neurons of its layer."""
    for layer, neuron in scene.neurons_with_room:
        box = scene.geometry.bias(layer, neuron)
        if box is None:
            continue
        line = scene.bias_line(box, layer, neuron)
        if scene.network.layers[layer - 1].bias == "shared" and scene.network.sizes[layer] > 1:
            line.setP2(QPointF(line.x1(), scene.geometry.node(layer, scene.network.sizes[layer]).top()))
        scene.brush.line(line, scene.theme.node_line, 1.25)
