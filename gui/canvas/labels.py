"""What stands beside lines and nodes: column heads, chips of factors, the value just written, weights, the legend."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor

from engine.expressions import Expression
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import Label, advance
from gui.canvas.marks import Place
from gui.canvas.nodes import draw_flat_ring
from gui.canvas.scene import OF_NEURON, Scene
from gui.digits import MOST
from gui.theme import ui_font

MOST_LABELS, MOST_LINKS, MOST_TERMS, HEAD_LEFT = 24, 12, 6, 12.0
SEATS = {"z": 10, "a": 10, "dL/dz": 6, "loss": 14, "batch_loss": 14, "b": 8, "slope": 8}
"""Kinds whose value the canvas shows in a place of their own, with the radius of its outline."""
INSETS = {"z": (1, 4, -1, -4), "a": (1, 4, -1, -4), "dL/dz": (-2, -1.5, 2, 1.5)}
"""How far the outline keeps within the place, or goes beyond it."""


def draw_heads(scene: Scene) -> None:
    """The name of each column at the upper edge of what is in sight, and what it is, where all have room for that."""
    last, top = scene.network.last, scene.sight.top()
    bold, plain = ui_font(11, 600), ui_font(11)
    names = ["Inputs", *("Hidden" for _ in range(last - 1)), "Output", "Loss"]
    layers = range(last + 1)
    details = [*(text.column(scene.frame, layer, scene.geometry.is_capsule(layer)) for layer in layers), ""]
    wide = [advance(name, bold) for name in names]
    with_details = [w + (6 + advance(d, plain) if d else 0) for w, d in zip(wide, details, strict=True)]
    columns = [scene.geometry.column(layer) for layer in range(last + 2)]
    middles = [left + width / 2 for left, width in columns]
    has_details = _are_apart(middles, with_details)
    _cover(scene, QRectF(scene.sight.left(), top, scene.sight.width(), 34))
    for name, detail, middle, width in zip(
        names, details, middles, with_details if has_details else wide, strict=True
    ):
        x = scene.brush.words(name, max(HEAD_LEFT, middle - width / 2), top + 26, bold, scene.theme.ink_2)
        if has_details:
            scene.brush.words(detail, x + 6, top + 26, plain, scene.theme.ink_3)


def _are_apart(middles: Sequence[float], widths: Sequence[float]) -> bool:
    """Whether words of these widths, centred in these places, keep a gap."""
    pairs = zip(pairwise(middles), pairwise(widths), strict=True)
    return all(b - a >= (first + second) / 2 + 10 for (a, b), (first, second) in pairs)


def _cover(scene: Scene, strip: QRectF) -> None:
    """Ground for words at an edge; where only a part of the canvas is in sight, the network goes on behind it."""
    if scene.sight.height() < scene.geometry.height:
        scene.brush.painter.fillRect(strip, QColor(scene.theme.surface))


def draw_chips(scene: Scene) -> None:
    """Beside each lit place its symbol and value, on its colour; more than a few would only cover one another, soonest
    those of a sum, whose lines end in one neuron. Those of nodes come first: a line has more room beside it."""
    named = [lit for lit in scene.marks.read if lit.label is not None]
    if len(named) > (MOST_LINKS if any(lit.number for lit in named) else MOST_TERMS):
        return
    named_weights = _named_weights(scene)
    for lit in named:
        if lit.place[1:] in named_weights and lit.place[0] == "edge":
            _place_label(scene, lit.place[1:])  # of its own line: the chip of a term keeps off it
    for lit in sorted(scene.marks.read, key=lambda lit: "edge" in lit.place[0]):
        anchors = scene.chip_anchors(lit.place)
        if lit.label is None or lit.value is None or not anchors:
            continue
        is_on_line = scene.line_of(lit.place) is not None
        for label in scene.labels(lit.label, lit.value, str(lit.number or "")):
            rect = scene.places.chip_at(anchors, label.width + 16, is_on_line)
            if rect is not None:
                scene.brush.fill(rect, 6, scene.theme.chip(lit.color))
                scene.brush.label(label, rect, scene.theme.chip_ink)
                break


def draw_written(scene: Scene) -> None:
    """The accent around what was just written where the canvas shows it; a badge for what has no seat."""
    marks = scene.marks
    if marks.written is None or marks.quantity is None or marks.symbol is None:
        return
    rect, (kind, layer, neuron, _) = scene.rect_of(marks.written), marks.written
    radius = SEATS.get(marks.quantity.kind)
    is_small = kind in OF_NEURON and not scene.geometry.is_capsule(layer, neuron)
    has_seat = marks.quantity.kind != "dL/dz" or scene.geometry.has_delta(layer)
    if is_small and rect is not None:
        scene.brush.outline(rect, min(rect.width(), rect.height()) / 2)
    if radius is None or rect is None or is_small or not has_seat:
        _badge(scene, marks.symbol, marks.value, marks.written)
    else:
        scene.brush.outline(rect.adjusted(*INSETS.get(marks.quantity.kind, (0, 0, 0, 0))), radius)


def _badge(scene: Scene, expression: Expression, value: float | None, place: Place) -> None:
    """Symbol above value, or on one line where there is no room for two."""
    symbol, bold = formula.layout(expression, 15, text.number, True), ui_font(12, 600)
    if place[0] == "edge" and place[1:] in _named_weights(scene):
        _place_label(scene, place[1:])  # of its own line: the badge keeps off it
    line, ink = scene.line_of(place), QColor(scene.theme.ink)
    seat = QRectF(line.center(), QSizeF()) if line is not None else scene.rect_of(place)
    if seat is None:
        return
    for number in scene.numbers(value):
        wide = advance(number, bold)
        two_lines, one_line = QSizeF(max(symbol.width, wide) + 12, 42), QSizeF(symbol.width + wide + 22, 24)
        rect = scene.places.badge_near(seat, (two_lines, one_line))
        if rect is not None:
            break
    else:
        return
    end = _nearest_on_line(line, rect.center()) if line is not None else _nearest_on_node(seat, rect.center())
    scene.brush.line(QLineF(rect.center(), end), scene.theme.accent, 1.5)
    scene.brush.box(rect, 8, scene.theme.surface, scene.theme.accent, 2)
    if rect.height() > one_line.height():
        formula.paint(scene.brush.painter, symbol, rect.center().x() - symbol.width / 2, rect.top() + 17, ink)
        scene.brush.centred(number, rect.adjusted(0, 19, 0, -3), bold, ink)
    else:
        formula.paint(scene.brush.painter, symbol, rect.left() + 8, rect.top() + 16, ink)
        scene.brush.words(number, rect.left() + symbol.width + 14, rect.top() + 16, bold, ink)


def _nearest_on_line(line: QLineF, point: QPointF) -> QPointF:
    """The nearest point of a line, but not at its very ends."""
    along, to = line.p2() - line.p1(), point - line.p1()
    share = QPointF.dotProduct(along, to) / max(QPointF.dotProduct(along, along), 1.0)
    return line.pointAt(min(max(share, 0.1), 0.9))


def _nearest_on_node(node: QRectF, point: QPointF) -> QPointF:
    """The nearest point of a node: of a circle, which is as high as wide, or of a rectangle."""
    if node.width() == node.height():
        ray = QLineF(node.center(), point)
        ray.setLength(node.width() / 2)
        return ray.p2()
    return QPointF(
        min(max(point.x(), node.left()), node.right()), min(max(point.y(), node.top()), node.bottom())
    )


def draw_weight_labels(scene: Scene) -> None:
    """Symbol and value on each weight's line; of many weights those of the neuron chosen."""
    for edge in _named_weights(scene):
        _place_label(scene, edge)
    for label, rect in scene.weight_labels.values():
        ground = rect.adjusted(0, 1, 0, -1)  # beside a level line it leaves the line's band whole
        scene.brush.painter.fillRect(ground, QColor(scene.theme.surface))
        scene.brush.label(label, rect, scene.theme.ink_2)


def _named_weights(scene: Scene) -> list[tuple[int, int, int]]:
    edges = list(scene.geometry.edges()) if scene.geometry.edge_count <= MOST_LABELS else scene.chosen_edges
    return edges if len(edges) <= MOST_LABELS else []


def _place_label(scene: Scene, edge: tuple[int, int, int]) -> None:
    """Find a place for a weight's label, with fewer digits or only dots where there is less room, unless it has one or
    a chip or badge says the same."""
    lit = scene.lit(("edge", *edge))
    has_chip = lit is not None and lit.label is not None and lit.number is not None
    has_badge = scene.marks.quantity == Quantity("w", edge)
    if edge in scene.weight_labels or has_chip or has_badge:
        return
    forms = [*_label_forms(scene, edge)]
    found = scene.places.label_on(scene.geometry.edge(*edge), [form.width for form in forms])
    if found is not None:
        place, rect = found
        scene.weight_labels[edge] = forms[place], rect


def _label_forms(scene: Scene, edge: tuple[int, int, int]) -> Iterator[Label]:
    """A weight's label, from long to short; many weights have numbers alone."""
    weight, is_one_of_many = scene.weight(*edge), scene.geometry.chosen is not None
    symbol = formula.space(0) if is_one_of_many else scene.symbol(Quantity("w", edge))
    for number in text.narrower(weight, min(scene.digits, 3 if is_one_of_many else MOST), 2):
        yield Label(symbol, number)
    if not is_one_of_many:
        yield Label(symbol, "…")


def draw_focus(scene: Scene) -> None:
    """A thin outline around what is under the pointer, a dashed one around what the user has selected."""
    for place in scene.hovered:
        _outline(scene, place, 2.5, ())
    if scene.selected is not None:
        _outline(scene, scene.selected, 2, (3, 3))


def _outline(scene: Scene, place: Place, width: float, dash: tuple[int, ...]) -> None:
    line, rect = scene.line_of(place), scene.rect_of(place)
    if line is not None:
        scene.brush.line(line, scene.theme.accent, width, dash)
    elif rect is not None:
        scene.brush.outline(rect.adjusted(-3, -3, 3, 3), 12, 1, dashed=bool(dash))


def draw_legend(scene: Scene) -> None:
    """What line, fill and outline mean, at the lower edge of what is in sight."""
    brush, sight, font, color = scene.brush, scene.sight, ui_font(11), scene.theme.ink_3
    y = sight.bottom() - 18
    _cover(scene, QRectF(sight.left(), y - 12, sight.width(), 30))
    x = brush.words(f"weight  {text.number(-scene.largest, 2)}", sight.left() + 16, y + 4, font, color) + 6
    for share in (-1.0, -0.4, 0.4, 1.0):
        dash = () if share > 0 else (5, 3)
        brush.line(QLineF(x, y, x + 22, y), scene.theme.weight(share), 1 + 2.25 * abs(share), dash)
        x += 25
    x = brush.words(text.number(scene.largest, 2), x + 3, y + 4, font, color) + 18
    for place in (0, 1):
        brush.painter.fillRect(QRectF(x + 10 * place, y - 6, 10, 12), scene.theme.band(place))
    x = brush.words("read", x + 26, y + 4, font, color) + 18
    brush.outline(QRectF(x, y - 6, 20, 12), 5)
    x = brush.words("written", x + 26, y + 4, font, color) + 18
    if scene.has_flat:
        draw_flat_ring(brush, QRectF(x, y - 6, 12, 12))
        x = brush.words(text.NO_GRADIENT, x + 18, y + 4, font, color) + 18
    if x + advance(text.NOT_COMPUTED, font) < sight.right():  # large numbers may leave no room
        brush.words(text.NOT_COMPUTED, x, y + 4, font, color)
