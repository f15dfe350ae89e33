"""What is said of a frame: where we are, what was done, what comes."""

from engine.expressions import plain
from engine.frame import Frame
from engine.losses import LOSSES
from engine.operations import Operation
from engine.quantities import Quantity
from engine.session import Session
from gui.text.fixed import (
    COMBINED_DELTA,
    JACOBIAN_DELTA,
    LONGEST_STATUS,
    NO_OPERATION,
    PENALIZED_MEAN,
    PENALIZED_SAMPLE,
    PHASES,
    RULES,
    SHARED_BIAS,
    SINGLE_SAMPLE,
    WHAT,
    WHOLE_LAYER,
    WITHOUT_BIAS,
)
from gui.text.numbers import DASH, capital, number, words
from gui.text.stops import NOT_FINITE_RULE, why_not_finite


def position(frame: Frame) -> str:
    """Where we are: epoch 1, iteration 1, sample 1: backward, operation 17 of 32."""
    return f"{where(frame)}: {progress(frame).lower()}"


def where(frame: Frame) -> str:
    """epoch 1, iteration 1, sample 1; the sample only where the operation shown has one."""
    operation = frame.operation
    sample = f", sample {operation.sample}" if operation and operation.sample else ""
    return f"epoch {frame.epoch:,}, iteration {frame.cursor.iteration:,}{sample}"


def progress(frame: Frame) -> str:
    """Backward, operation 17 of 32; a factor within it is named too."""
    count, operation = frame.program.count, frame.operation
    if operation is None:
        return f"Start, {count:,} operations to come"
    part = f", part {frame.cursor.factor} of {frame.parts}" if frame.cursor.factor else ""
    return f"{PHASES[operation.phase]}, operation {operation.number:,} of {count:,}{part}"


def rule(frame: Frame, operation: Operation) -> tuple[str, str]:
    """The rule's name, and one sentence; what is special about this operation takes the place of the usual."""
    spec, kind = frame.session.spec, operation.kind
    layer = spec.network.layers[operation.layer - 1] if operation.layer else None
    is_last = operation.layer == spec.network.last
    samples = len(frame.trace.rows)
    is_mean, is_penalized = kind in ("batch_loss", "mean_gradient"), len(operation.terms) > samples
    special = (
        (frame.cursor == frame.not_finite, (NOT_FINITE_RULE, why_not_finite(frame, operation))),
        (kind == "bias_gradient" and len(operation.terms) > 1, SHARED_BIAS),
        (kind == "delta" and is_last and LOSSES[spec.loss].delta is not None, COMBINED_DELTA),
        (kind == "delta" and layer is not None and not layer.function.is_elementwise, JACOBIAN_DELTA),
        (kind == "activation" and layer is not None and not layer.function.is_elementwise, WHOLE_LAYER),
        (is_mean and samples == 1, PENALIZED_SAMPLE if is_penalized else SINGLE_SAMPLE),
        (is_mean and is_penalized, PENALIZED_MEAN),
        (kind == "pre_activation" and layer is not None and layer.bias == "none", WITHOUT_BIAS),
    )
    name, sentence = next((said for applies, said in special if applies), RULES[kind])
    note = layer.function.note if layer is not None and kind == "activation_derivative" else ""
    return name, f"{sentence} {note}".rstrip()


def title(frame: Frame) -> str:
    """The session's title, or what the network is."""
    return session_title(frame.session)


def session_title(session: Session) -> str:
    """A session's title, or what its network is."""
    return session.title or "A network of " + "-".join(map(str, session.spec.network.sizes))


def spoken(frame: Frame) -> str:
    """The operation shown as one sentence, for a screen reader; within it the part last done."""
    operation = frame.operation
    if operation is None:
        return NO_OPERATION
    if frame.cursor.factor:
        return _spoken_part(frame, operation)
    name, value = plain(operation.symbol), number(operation.value)
    return f"{PHASES[operation.phase]}: {name} = {plain(operation.formula)} = {value}, {WHAT[operation.kind]}."


def _spoken_part(frame: Frame, operation: Operation) -> str:
    """Which part of an operation was done; of a chain the factor, and what the product has come to."""
    part = f"{PHASES[operation.phase]}, part {frame.cursor.factor} of {frame.parts} of {plain(operation.symbol)}"
    if frame.chain is None or not frame.chain.links or frame.chain.branches:
        return f"{part}."
    link = frame.chain.links[frame.cursor.factor - 1]
    times, reached = link.factor, plain(frame.narrator.symbol(link.reached))
    return f"{part}: {plain(times.symbol)} = {number(times.value)}; so far {reached} = {number(link.product)}."


def column(frame: Frame, layer: int, is_long: bool) -> str:
    """What stands beside the name of a layer's column: of the inputs the sample shown, where there are several."""
    spec = frame.session.spec
    if layer == 0:
        return f"sample {frame.sample}" if spec.samples > 1 else ""
    activation = words(spec.network.layers[layer - 1].activation)
    return f"layer {layer}, {activation}" if is_long else activation


def shows_batch_loss(frame: Frame) -> bool:
    """Whether the loss node shows the batch's loss: while the operation shown belongs to no sample."""
    return frame.operation is not None and frame.operation.sample is None and frame.trace.has_means


def coming(frame: Frame) -> str:
    """What the next operation writes."""
    if frame.next_operation is None:
        return f"Next: iteration {frame.cursor.iteration + 1:,}"
    whole = f"{plain(frame.next_operation.symbol)} = {plain(frame.next_operation.formula)}"
    return f"Next: {whole if len(whole) <= LONGEST_STATUS else plain(frame.next_operation.symbol)}"


def optimizer(frame: Frame) -> str:
    """The optimizer's name."""
    return capital(words(frame.session.spec.optimizer.name))


LINES = "; solid: batch, dashed: test"
"""Which line is which, where there are two."""


def losses_known(frame: Frame) -> str:
    """How many iterations the loss is known of."""
    count = len(frame.losses)
    if count == 0:
        return "no iteration computed yet"
    known = "iteration 1 computed" if count == 1 else f"iterations 1 to {count:,} computed"
    return known + (LINES if len(frame.test_losses) else "")


def loss_at(frame: Frame, iteration: int, digits: int = 5) -> str:
    """The loss of an iteration, where it is known."""
    if not 1 <= iteration <= len(frame.losses):
        return ""
    said = f"iteration {iteration:,}: {number(float(frame.losses[iteration - 1]), digits)}"
    if iteration > len(frame.test_losses):
        return said
    return f"{said}, test (dashed) {number(float(frame.test_losses[iteration - 1]), digits)}"


def speed(units: int) -> str:
    """How fast running goes; 0 is as fast as it can."""
    return f"{units} a second" if units else "as fast as it goes"


def tip(frame: Frame, quantity: Quantity) -> str:
    """A quantity's symbol and value, and the operation that writes it."""
    value = frame.value(quantity)
    name = plain(frame.narrator.symbol(quantity))
    k = frame.program.writer(quantity, frame.position())
    shown = DASH if value is None else repr(value)
    if k is None:
        column = frame.session.spec.data.column(quantity)
        return f"{name} = {shown}" + (f", {column}" if column else "")
    operation = frame.narrator.describe(k)
    formula = plain(operation.formula)
    where = f"{WHAT[operation.kind]}, operation {k + 1:,}; double-click or, once selected, Enter goes there"
    return f"{name} = {shown}\n{name} = {formula}\n{where}"


def selected(frame: Frame, quantity: Quantity) -> str:
    """What is said of a quantity selected with the keyboard."""
    name, value = plain(frame.narrator.symbol(quantity)), number(frame.value(quantity))
    k = frame.program.writer(quantity, frame.position())
    if k is None:
        return f"{name} = {value}"
    what = WHAT[frame.narrator.describe(k).kind]
    return f"{name} = {value}, {what}; Enter goes to operation {k + 1:,}, Shift+F1 tells more."
