"""Every sentence and number a person reads."""

from math import ceil, floor, inf, log10, tanh

from engine.batches import batches_per_epoch
from engine.expressions import plain
from engine.frame import Frame
from engine.operations import Operation
from engine.quantities import Quantity
from engine.spec import Network

DASH = "–"
LONGEST_STATUS = 60
PHASES = {"forward": "Forward", "loss": "Loss", "backward": "Backward", "update": "Update"}

WHAT = {
    "pre_activation": "pre-activation of a neuron",
    "activation": "activation of a neuron",
    "sample_loss": "loss of the sample",
    "batch_loss": "loss of the batch",
    "loss_derivative": "derivative of the loss",
    "activation_gradient": "derivative by an activation",
    "activation_derivative": "slope of the activation function",
    "delta": "delta of a neuron",
    "weight_gradient": "gradient of a weight",
    "bias_gradient": "gradient of a bias",
    "mean_gradient": "gradient of the batch",
    "first_moment": "first moment",
    "second_moment": "second moment",
    "first_moment_hat": "first moment, corrected",
    "second_moment_hat": "second moment, corrected",
    "parameter_update": "new value of a parameter",
}

RULES = {
    "pre_activation": ("Weighted sum", "Each input of the neuron times its weight, all added, plus the bias."),
    "activation": ("Activation", "The neuron's activation function, applied to its pre-activation."),
    "sample_loss": ("Loss", "How far the prediction is from the target, as one number."),
    "batch_loss": ("Mean", "The losses of the batch's samples, added and divided by their number."),
    "loss_derivative": ("Derivative", "How the loss moves with the prediction."),
    "activation_gradient": (
        "Chain rule",
        "It moves the loss through every neuron it feeds: delta there times the weight to it.",
    ),
    "activation_derivative": ("Derivative", "The slope of the activation function at this pre-activation."),
    "delta": ("Chain rule", "Derivative by the activation times the slope of the activation function."),
    "weight_gradient": ("Chain rule", "The weight acts through one sum: delta there times what it carries."),
    "bias_gradient": ("Chain rule", "A bias is added as it is, so its factor is 1."),
    "mean_gradient": ("Mean", "The gradients of the batch's samples, added and divided by their number."),
    "first_moment": ("Momentum", "The old moment fades, a little of the new gradient comes in."),
    "second_moment": ("Scale", "The same with the gradient squared."),
    "first_moment_hat": ("Correction", "Makes up for the moment's start at 0."),
    "second_moment_hat": ("Correction", "Makes up for the moment's start at 0."),
    "parameter_update": ("Update", "A step against the gradient, as long as the learning rate says."),
}

SHAPES = {
    "identity": [-1.0, 1.0],
    "sigmoid": [tanh((x - 6) / 2.4) for x in range(13)],
    "tanh": [tanh((x - 6) / 2.4) for x in range(13)],
    "relu": [-0.8, -0.8, 1.0],
    "softmax": [2 * 2.2 ** ((x - 12) / 3) - 1 for x in range(13)],
}
"""The look of each activation function as heights from -1 to 1, for the little curve in a neuron."""

FIRST_HINT = "Press Right or Next to do the first operation."
MATRIX_TIP = "The whole layer as vectors and matrices, with the cells of this operation lit"
COPY_TEXT, COPY_LATEX = "Copy the equation as text, in full precision", "Copy the equation as LaTeX"
NO_MATRIX = "This operation is not written with matrices."
NO_MATRIX_HOW = "Step on, or go back to single numbers with Matrix form."
NO_LOSS = "The loss of each iteration is drawn here."
NO_LOSS_HOW = "Finish iteration 1 with Page Down, or press Space to run."
OPEN_TITLE, SAVE_TITLE = "Open a session", "Save the session"
RUN, PAUSE = "Run", "Pause"
GO_TO_TITLE = "Go to"
HELP_TITLE = "Keys"
HELP_NOTE = "Arrows, Space, Page keys and digits work where the canvas or the listing has the focus."
NEW_TITLE, EXPORT_TITLE = "New network", "Export as CSV"
EXPORTING, CANCEL, EXPORT_CANCELLED = "Exporting…", "Cancel", "Export cancelled; no file was written."
CSV_FILTER = "CSV files (*.csv);;All files (*)"
LEAVE_TITLE = "Chainstep"
LEAVE = "The session has changes that are not saved. Save them?"
SESSION_SUFFIX = ".chainstep.json"
SESSION_FILTER = "Chainstep sessions (*.chainstep.json);;All files (*)"
NO_OPERATION = "Nothing is computed yet in this iteration."


def number(value: float | None, digits: int = 5) -> str:
    """A number with `digits` digits that count; shorter where it is exact in fewer. None is a dash."""
    if value is None:
        return DASH
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "not a number", "inf": "∞", "-inf": "−∞"}[str(value)]
    short = f"{value:.{digits}g}"
    if float(short) == float(f"{value:.12g}"):
        text = repr(float(short) + 0.0).removesuffix(".0")  # + 0.0: no negative zero
        if "e" not in text:
            return text.replace("-", "−")
    figures, _, exponent = f"{value:#.{digits}g}".partition("e")
    power = f" · 10{superscript(int(exponent))}" if exponent else ""
    return f"{figures.rstrip('.')}{power}".replace("-", "−")


def cell(value: float | None) -> str:
    """A number for a table: very small and very large ones in the short form 6.684e−5."""
    written = number(value)
    return f"{value:.3e}".replace("-", "−") if value is not None and "·" in written else written


def superscript(exponent: int) -> str:
    """10 to the power -5 is written 10⁻⁵."""
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def position(frame: Frame) -> str:
    """Where we are: epoch 1, iteration 1, sample 1: backward, operation 17 of 32."""
    return f"{where(frame)}: {progress(frame).lower()}"


def where(frame: Frame) -> str:
    """epoch 1, iteration 1, sample 1; the sample only where the operation shown has one."""
    operation = frame.operation
    sample = f", sample {operation.sample}" if operation and operation.sample else ""
    return f"epoch {frame.epoch}, iteration {frame.cursor.iteration}{sample}"


def progress(frame: Frame) -> str:
    """Backward, operation 17 of 32; a factor within it is named too."""
    count, operation = frame.program.count, frame.operation
    if operation is None:
        return f"Start, {count:,} operations to come"
    part = f", part {frame.cursor.factor} of {frame.parts}" if frame.cursor.factor else ""
    return f"{PHASES[operation.phase]}, operation {operation.number:,} of {count:,}{part}"


def is_last(frame: Frame) -> bool:
    """Whether the iteration shown is finished."""
    return frame.cursor.operation == frame.program.count


def rule(operation: Operation) -> tuple[str, str]:
    """The rule's name, and one sentence."""
    if operation.kind == "bias_gradient" and len(operation.terms) > 1:
        return "Sum over paths", "The layer's neurons share this bias, so it acts through each of them."
    return RULES[operation.kind]


def title(frame: Frame) -> str:
    """The session's title, or what the network is."""
    sizes = frame.session.spec.network.sizes
    return frame.session.title or "A network of " + "-".join(map(str, sizes))


def batch(frame: Frame) -> str:
    """How the batch is taken: iteration 2 of 3 in this epoch."""
    per_epoch = batches_per_epoch(frame.session.spec)
    return "" if per_epoch == 1 else f"batch {(frame.cursor.iteration - 1) % per_epoch + 1} of {per_epoch}"


def spoken(frame: Frame) -> str:
    """The operation shown as one sentence, for a screen reader."""
    operation = frame.operation
    if operation is None:
        return NO_OPERATION
    name, value = plain(operation.symbol), number(operation.value)
    return f"{PHASES[operation.phase]}: {name} = {plain(operation.formula)} = {value}, {WHAT[operation.kind]}."


def layer(network: Network, number: int, is_long: bool) -> str:
    """What stands beside the name of a layer's column."""
    activation = network.layers[number - 1].activation
    return f"layer {number}, {activation}" if is_long else activation


def shows_batch_loss(frame: Frame) -> bool:
    """Whether the loss node shows the batch's loss: while the operation shown belongs to no sample."""
    return frame.operation is not None and frame.operation.sample is None and frame.trace.samples > 1


def rounded_up(value: float) -> float:
    """A positive number rounded up to one digit; 1 where there is none, it is next to nothing or not finite."""
    if not 1e-300 < value < inf:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return ceil(value / power * (1 - 1e-12)) * power


def coming(frame: Frame) -> str:
    """What the next operation writes."""
    if frame.next_operation is None:
        return f"Next: iteration {frame.cursor.iteration + 1}"
    whole = f"{plain(frame.next_operation.symbol)} = {plain(frame.next_operation.formula)}"
    return f"Next: {whole if len(whole) <= LONGEST_STATUS else plain(frame.next_operation.symbol)}"


def optimizer(frame: Frame) -> str:
    """The optimizer's name."""
    return frame.session.spec.optimizer.name.replace("_", " ").capitalize()


def typed(value: float) -> str:
    """A number in full, as a person would type it."""
    return repr(value).removesuffix(".0")


def losses_known(frame: Frame) -> str:
    """How many iterations the loss is known of."""
    count = len(frame.losses)
    if count == 0:
        return "no iteration computed yet"
    return "iteration 1 computed" if count == 1 else f"iterations 1 to {count:,} computed"


def loss_at(frame: Frame, iteration: int) -> str:
    """The loss of an iteration, where it is known."""
    if not 1 <= iteration <= len(frame.losses):
        return ""
    return f"iteration {iteration:,}: {number(float(frame.losses[iteration - 1]), 7)}"


UNDONE, REDONE = "Undone.", "Done again."


def edited(quantity: str, value: float) -> str:
    """What an edit has done."""
    name = "Learning rate" if quantity == "learning_rate" else quantity
    return f"{name} set to {value!r}. Ctrl+Z takes it back."


def frozen(parameter: str, is_frozen: bool) -> str:
    """What freezing has done."""
    return f"{parameter} {'frozen' if is_frozen else 'trained again'}; a new run begins at iteration 1."


def not_finite(iteration: int) -> str:
    """Why running has stopped."""
    return f"Running stopped: the loss of iteration {iteration:,} is no longer finite. Step back, or lower the rate."


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
        return f"{name} = {shown}"
    operation = frame.narrator.describe(k)
    formula = plain(operation.formula)
    return f"{name} = {shown}\n{name} = {formula}\n{WHAT[operation.kind]}, operation {k + 1:,}; double-click goes there"


NO_ROW = "Choose the row to remove; the last one stays."


def rows_changed(count: int) -> str:
    """What adding or removing a row has done."""
    return f"The data have {count:,} row{'s' if count > 1 else ''} now; a new run begins at iteration 1."


def went_wrong(error: BaseException, copy: str) -> str:
    """What an error that nobody caught has done, and where a copy of the session is."""
    return f"Something went wrong ({type(error).__name__}: {error}). The session is as it was; {copy}."
