"""The order of drawing, from back to front: marker strokes, lines, nodes, labels."""

from gui.canvas.labels import draw_chips, draw_focus, draw_heads, draw_legend, draw_weight_labels, draw_written
from gui.canvas.lines import draw_band, draw_bias_lines, draw_edges
from gui.canvas.nodes import draw_biases, draw_deltas, draw_loss, draw_nodes, draw_slopes
from gui.canvas.scene import Scene


def draw(scene: Scene) -> None:
    """Draw the scene. What comes first takes its place; later labels keep off it."""
    draw_heads(scene)
    for lit in scene.marks.read:
        draw_band(scene, lit)
    draw_edges(scene)
    draw_bias_lines(scene)
    draw_nodes(scene)
    draw_loss(scene)
    draw_biases(scene)
    draw_slopes(scene)
    draw_deltas(scene)
    draw_written(scene)
    draw_chips(scene)
    draw_focus(scene)
    draw_weight_labels(scene)
    draw_legend(scene)
