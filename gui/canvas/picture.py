"""The order of drawing, from back to front: lines, nodes, labels."""

from gui.canvas.labels import draw_chips, draw_focus, draw_heads, draw_legend, draw_weight_labels, draw_written
from gui.canvas.lines import draw_lines
from gui.canvas.nodes import draw_biases, draw_deltas, draw_loss, draw_nodes, draw_slopes
from gui.canvas.rest import RestLines
from gui.canvas.scene import Scene


def draw(scene: Scene, rest: RestLines | None = None) -> None:
    """Draw the scene. What comes first takes its place; later labels keep off it. `rest` keeps the picture of many
    lines from one frame to the next."""
    draw_lines(scene, rest)
    draw_nodes(scene)
    draw_loss(scene)
    draw_biases(scene)
    draw_slopes(scene)
    draw_deltas(scene)
    draw_written(scene)
    draw_chips(scene)
    draw_focus(scene)
    draw_weight_labels(scene)
    draw_heads(scene)
    draw_legend(scene)
