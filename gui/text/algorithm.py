"""The training loop as ten lines of pseudocode, and the numbered steps of both ways through the network."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from engine.expressions import Expression, Fraction, Number, Symbol, plain
from engine.frame import Frame
from gui.text.frames import optimizer

Formula = Sequence[Expression | str]
"""Symbols, and between them what joins them."""

_W, _A, _Z, _B, _F = (Symbol(letter) for letter in ("W", "a", "z", "b", "f"))
_L, _X, _Y, _Y_HAT, _ETA = Symbol("L"), Symbol("x"), Symbol("y"), Symbol("y", accent="hat"), Symbol("η")
_DELTA = Symbol("δ")


def _by(below: str, accent: str = "") -> Fraction:
    """∂L/∂W."""
    return Fraction(Symbol("L", differential=True), Symbol(below, accent=accent, differential=True))


def _of(letter: str, layer: str, transposed: str = "") -> Symbol:
    return Symbol(letter, layer, transposed)


class Line(NamedTuple):
    """A line of the pseudocode: how deep it stands, its words, its formula."""

    depth: int
    words: str
    formula: Formula = ()


_MEAN = Fraction(Symbol("L", accent="bar", differential=True), Symbol("W", differential=True))
_GRADIENT: Formula = (_by("W"), " = ", _DELTA, " ", Symbol("a", "", "T"))
_GRADIENTS: Formula = (*_GRADIENT, ",  ", _by("b"), " = ", _DELTA)
_ACTIVATION: Formula = (",  ", _A, " = ", _F, "(", _Z, ")")
ALGORITHM = (
    Line(0, "Give W and b their initial values"),
    Line(0, "For each epoch, for each of its batches:"),
    Line(1, "Forward, by layer", (_Z, " = ", _W, _A, " + ", _B, *_ACTIVATION)),
    Line(1, "Loss", (_L, " = loss(", _Y_HAT, ", ", _Y, ")")),
    Line(1, "Delta of the output", (_DELTA, " = ", _by("y", "hat"), " ⊙ ", _F, "′(", _Z, ")")),
    Line(1, "Its gradients", _GRADIENTS),
    Line(
        1, "Hidden deltas",
        (_of("δ", "l"), " = ", _of("W", "l+1", "T"), _of("δ", "l+1"), " ⊙ ", _F, "′(", _of("z", "l"), ")"),
    ),
    Line(1, "Their gradients", _GRADIENTS),
    Line(1, "Mean over the batch", (_MEAN, " = ", Fraction(Number(1), Symbol("m")), " Σ ", _by("W"))),
    Line(1, "Update"),
)  # fmt: skip
START, LOOP, OUTPUT_DELTA, HIDDEN_DELTAS, MEAN, UPDATE = 0, 1, 4, 6, 8, 9
"""Lines, from 0: the first two are at work before the first operation of the run, and of a later iteration."""
_SLOPES = Fraction(Symbol("y", accent="hat", differential=True), Symbol("z", differential=True))
_JACOBIAN: Formula = (_DELTA, " = (", _SLOPES, Symbol(")", "", "T"), " ", _by("y", "hat"))
_HIDDEN_JACOBIAN: Formula = (
    _of("δ", "l"), " = (", Fraction(Symbol("a", differential=True), Symbol("z", differential=True)),
    Symbol(")", "", "T"), " ", _of("W", "l+1", "T"), _of("δ", "l+1"),
)  # fmt: skip
"""Delta of an output, or of a hidden layer, whose activations depend on all of its pre-activations."""
_WITHOUT_BIAS: Mapping[int, Formula] = {2: (_Z, " = ", _W, _A, *_ACTIVATION), 5: _GRADIENT, 7: _GRADIENT}
"""Lines, from 0, of a network that has no bias anywhere."""
_PENALTY: Formula = (" + ", Fraction(Symbol("R", differential=True), Symbol("W", differential=True)))
_UPDATES: Mapping[str, Callable[[Fraction], Formula]] = {
    "gradient_descent": lambda gradient: (_W, " ← ", _W, " − ", _ETA, " ", gradient),
}
"""For an optimizer: its rule, as far as that fits on a line."""

_LINES = {
    "forward": (2, 2),
    "loss": (3, 3),
    "backward": (6, 4),
    "weight_gradient": (7, 5),
    "bias_gradient": (7, 5),
    "mean_gradient": (8, 8),
    "update": (9, 9),
}
"""For a kind of operation, or else its phase: the line in a hidden layer, and in the last one."""

STEPS = {
    "Forward propagation": (
        "Take a sample's inputs and the weights as they are.",
        "Multiply inputs by weights, add them, add the bias.",
        "Apply the activation function to the sum.",
        "Repeat steps 2 and 3 in each further layer.",
        "Compare the output with the target: the loss.",
    ),
    "Backward propagation": (
        "Differentiate the loss by the output of the last layer.",
        "Differentiate that output by its pre-activation; the product is delta.",
        "Multiply delta by each input: the last layer's gradients.",
        "Carry delta back by the chain rule; repeat steps 2 and 3 in each earlier layer.",
        "Move every parameter against its gradient, the mean over the batch.",
    ),
}
FORWARD_STEPS, BACKWARD_STEPS = STEPS
_STEPS = {
    "pre_activation": (FORWARD_STEPS, 4, 2),
    "activation": (FORWARD_STEPS, 4, 3),
    "loss": (FORWARD_STEPS, 5, 5),
    "loss_derivative": (BACKWARD_STEPS, 4, 1),
    "backward": (BACKWARD_STEPS, 4, 2),
    "weight_gradient": (BACKWARD_STEPS, 4, 3),
    "bias_gradient": (BACKWARD_STEPS, 4, 3),
    "mean_gradient": (BACKWARD_STEPS, 5, 5),
    "update": (BACKWARD_STEPS, 5, 5),
}
"""For a kind of operation, or else its phase: the steps it belongs to, its step in any other layer, and in the layer
where its phase begins (the first one forwards, the last one backwards)."""


def line_of(kind: str, phase: str, is_last: bool) -> int:
    """The line, from 0, that an operation belongs to."""
    return (_LINES.get(kind) or _LINES[phase])[is_last]


def line_at_work(frame: Frame) -> int:
    """The line, from 0, that the operation shown belongs to; before the first one the start or the loop."""
    operation = frame.operation
    if operation is None:
        return START if frame.cursor.iteration == 1 else LOOP
    return line_of(operation.kind, operation.phase, operation.layer == frame.session.spec.network.last)


def lines_in_use(frame: Frame) -> frozenset[int]:
    """The lines that do something in this iteration; a network without hidden layer, for instance, has no deltas of
    hidden layers, and a batch of one sample no mean."""
    last = frame.session.spec.network.last
    blocks = ((section.phase, block) for section in frame.program.sections for block in section.blocks)
    lines = (line_of(kind, phase, block.layer == last) for phase, block in blocks for kind in block.kinds)
    return frozenset((START, LOOP, *lines))


def formula_of(line: int, frame: Frame) -> Formula:
    """The formula of a line, from 0; deltas have it from the activations, the update from the optimizer."""
    layers = frame.session.spec.network.layers
    if line == OUTPUT_DELTA and not layers[-1].function.is_elementwise:
        return _JACOBIAN
    if line == HIDDEN_DELTAS and not all(layer.function.is_elementwise for layer in layers[:-1]):
        return _HIDDEN_JACOBIAN
    if line in _WITHOUT_BIAS and all(layer.bias == "none" for layer in layers):
        return _WITHOUT_BIAS[line]
    if line == MEAN and frame.session.spec.penalty:
        return (*ALGORITHM[line].formula, *_PENALTY)
    if line != UPDATE:
        return ALGORITHM[line].formula
    gradient = _by("W") if frame.trace.samples == 1 else _MEAN
    rule = _UPDATES.get(frame.session.spec.optimizer.name)
    return rule(gradient) if rule else (_W, " ← ", f"{optimizer(frame)}(", _W, ",  ", gradient, ")")


def spoken_formula(formula: Formula) -> str:
    """A formula in plain text."""
    return "".join(part if isinstance(part, str) else plain(part) for part in formula)


def steps_at_work(frame: Frame) -> tuple[str, int]:
    """The name of the steps of the phase at work, and which one, from 1, the operation shown belongs to."""
    operation = frame.operation
    if operation is None:
        return FORWARD_STEPS, 1
    first = 1 if operation.phase == "forward" else frame.session.spec.network.last
    name, later, here = _STEPS.get(operation.kind) or _STEPS[operation.phase]
    return name, here if operation.layer == first else later


def in_turn(frame: Frame) -> str:
    """How the samples of the batch are gone through."""
    count = frame.trace.samples
    return "one sample" if count == 1 else f"{count} samples, in turn"


AT_WORK = "Now"
NOT_HERE = "nothing to do here in this iteration"
