"""Every sentence and number a person reads."""

from collections.abc import Callable
from datetime import datetime
from math import ceil, floor, inf, log10, tanh
from pathlib import Path

from engine.batches import batches_per_epoch
from engine.edits import DataEdit, LearningRateEdit, ParameterEdit
from engine.expressions import Expression, plain
from engine.frame import Frame
from engine.operations import Operation
from engine.quantities import Quantity
from engine.session import Session
from engine.spec import Spec, frozen_parameters

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
        "It moves the loss through each neuron it feeds: for each, delta there times the weight between.",
    ),
    "activation_derivative": ("Derivative", "The slope of the activation function at this pre-activation."),
    "delta": ("Chain rule", "Derivative by the activation times the slope of the activation function."),
    "weight_gradient": (
        "Chain rule",
        "It reaches the loss only through its neuron's sum, so the derivatives along this way are multiplied.",
    ),
    "bias_gradient": ("Chain rule", "A bias is added as it is, so its factor is 1."),
    "mean_gradient": ("Mean", "The gradients of the batch's samples, added and divided by their number."),
    "first_moment": ("Momentum", "The old moment fades, a little of the new gradient comes in."),
    "second_moment": ("Scale", "The same with the gradient squared."),
    "first_moment_hat": ("Correction", "Makes up for the moment's start at 0."),
    "second_moment_hat": ("Correction", "Makes up for the moment's start at 0."),
    "parameter_update": ("Update", "A step against the gradient; the learning rate sets its length."),
}

SHAPES = {
    "identity": [-1.0, 1.0],
    "sigmoid": [tanh((x - 6) / 2.4) for x in range(13)],
    "tanh": [tanh((x - 6) / 2.4) for x in range(13)],
    "relu": [-0.8, -0.8, 1.0],
    "softmax": [2 * 2.2 ** ((x - 12) / 3) - 1 for x in range(13)],
}
"""The look of each activation function as heights from -1 to 1, for the little curve in a neuron."""

PARAMETER_TIPS = (
    "Frozen: the update leaves it alone",
    "",
    "At the iteration's start; double-click to change it",
    "Derivative of the loss by it",
    "What the update adds",
    "After the update; double-click to begin the next iteration with another value",
)
"""What the columns of the parameters are."""

CLOSE_PANEL = "Close; View brings it back"
COMPUTED_AS, WRITTEN_OUT = "Computed as", "Written out:"
FIRST_HINT = "Press Right or Next to do the first operation."
COPIED = "Copied."
NOTHING_TO_COPY = "There is no equation to copy yet."
MATRIX_TIP = "The whole layer as vectors and matrices, with the cells of this operation lit"
COPY_TEXT, COPY_LATEX = "Copy the equation as text, in full precision", "Copy the equation as LaTeX"
NO_MATRIX = "This operation is not written with matrices."
NO_MATRIX_HOW = "Step on, or go back to single numbers with Matrix form."
NO_LOSS = "The loss of each iteration is drawn here."
NO_LOSS_HOW = "Finish iteration 1 with Page Down, or press Space to run."
OPEN_RECENT, EXAMPLES, NO_RECENT = "Open recent", "Examples", "No file opened or saved yet"
OPEN_TITLE, SAVE_TITLE = "Open a session", "Save the session"
RUN, PAUSE = "Run", "Pause"
STEP_BY, SPEED, SPEED_TIP = "Step by", "Speed", "How many steps a second a run takes"
LIMIT, NO_LIMIT, LIMIT_BEFORE, LIMIT_AFTER = "Stop after", "until paused", "for ", " iterations"
LIMIT_TIP = "After how many iterations a run stops by itself"
GO_TO_TITLE, GO, EXPORT, BEGIN = "Go to", "Go", "Export…", "Begin"
HELP_TITLE = "Keys"
HELP_NOTE = (
    "Arrows, Space, Page keys and digits work where the canvas or the listing has the focus.\n"
    "In the loss plot Left and Right go an iteration on, Page keys ten, Home and End to the first and the last."
)
NEW_TITLE, EXPORT_TITLE = "New network", "Export as CSV"
TO, FIRST, LAST = "to", "First iteration", "Last iteration"
EXPORTING, CANCEL, EXPORT_CANCELLED = "Exporting…", "Cancel", "Export cancelled; no file was written."
CSV_FILTER = "CSV files (*.csv);;All files (*)"
LEAVE_TITLE = "Chainstep"
LEAVE_NEW = "Leave without the network that you have entered?"
LEAVE = "The session has changes that are not saved. Save them?"
SESSION = "session"
SESSION_SUFFIX = ".chainstep.json"
SESSION_FILTER = "Chainstep sessions (*.chainstep.json);;All files (*)"
NO_OPERATION = "Nothing is computed yet in this iteration."


def words(name: str) -> str:
    """A name of the file format as a person reads it: half squared error."""
    return name.replace("_", " ")


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


def cell(value: float | None, digits: int = 5) -> str:
    """A number for a table: very small and very large ones in the short form 6.6840e−5."""
    written = number(value, digits)
    if value is None or "·" not in written:
        return written
    figures, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{figures}e{int(exponent)}".replace("-", "−")


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
    return session_title(frame.session)


def session_title(session: Session) -> str:
    """A session's title, or what its network is."""
    return session.title or "A network of " + "-".join(map(str, session.spec.network.sizes))


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


def column(frame: Frame, layer: int, is_long: bool) -> str:
    """What stands beside the name of a layer's column: of the inputs the sample shown, where there are several."""
    spec = frame.session.spec
    if layer == 0:
        return f"sample {frame.sample}" if spec.samples > 1 else ""
    activation = spec.network.layers[layer - 1].activation
    return f"layer {layer}, {activation}" if is_long else activation


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


def change(symbol: Callable[[Quantity], Expression], before: Session, after: Session) -> str:
    """What a change has changed: "w5 = 0.1", "4 values", "row added" ... `symbol` writes a quantity."""
    if before.spec != after.spec:
        return spec_change(symbol, before.spec, after.spec)
    edits = [edit for edit in after.edits if edit not in before.edits]
    if len(edits) != 1:
        return f"{len(edits)} values" if edits else "a value as it was"
    match edits[0]:
        case LearningRateEdit(_, value):
            name = "η"
        case ParameterEdit(_, quantity, value):
            name = plain(symbol(quantity))
        case DataEdit(_, sample, quantity, value):
            name = plain(symbol(quantity)) + (f" of sample {sample}" if after.spec.samples > 1 else "")
    return f"{name} = {typed(value)}"


def spec_change(symbol: Callable[[Quantity], Expression], before: Spec, after: Spec) -> str:
    """What is another in a spec."""
    if before.samples != after.samples:
        return "Row added" if after.samples > before.samples else "Row removed"
    old, new = ({q for name in spec.frozen for q in frozen_parameters(spec.network, name)} for spec in (before, after))
    if len(old ^ new) == 1:
        return f"{plain(symbol((old ^ new).pop()))} {'frozen' if new > old else 'trained again'}"
    return "Settings"


def edited(what: str) -> str:
    """What an edit has done."""
    return f"{what}. Ctrl+Z takes it back."


def begun_anew(what: str) -> str:
    """What a change of the spec has done."""
    return f"{what}; a new run begins at iteration 1. Ctrl+Z takes it back."


def undone(what: str) -> str:
    return f"Undone: {what}."


def redone(what: str) -> str:
    return f"Done again: {what}."


def command(name: str, what: str) -> str:
    """A menu's entry with what it acts on: Undo: w5 = 0.1."""
    return f"{name}: {what}" if what else name


def on_the_way(iteration: int) -> str:
    """How far a long way has come."""
    return f"Computing: iteration {iteration:,}. Space stops."


def reached(iteration: int) -> str:
    return f"Iteration {iteration:,} computed."


def ran(iteration: int) -> str:
    """Why a run has ended."""
    return f"Stopped at the end of iteration {iteration:,}, as asked for."


def stopped(iteration: int) -> str:
    """Where a long way was stopped."""
    return f"Stopped on the way; {iteration:,} iterations are computed."


RECOVERED = "This is the work that was not saved."


def opened(source: str) -> str:
    return f"Opened {source}."


def not_opened(error: Exception) -> str:
    """Why a session could not be opened."""
    return f"Not opened: {error}"


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


def exporting(rows: int) -> str:
    """How far an export has come."""
    return f"{EXPORTING} {rows:,} rows" if rows > 1 else f"{EXPORTING} computing the iterations before"


def may_replace(name: str) -> str:
    """Asks before a file is replaced."""
    return f"{name} exists already. Replace it?"


NO_ROW = "Choose the row to remove; the last one stays."


WENT_WRONG_TITLE, CLOSE = "Something went wrong", "Close"


def went_wrong(summary: str) -> str:
    """What an error that nobody caught means to the user."""
    return f"Something went wrong, but you can go on: {summary}"


def copy_kept(copy: str, log: str) -> str:
    """Where the session and the error are found afterwards."""
    return f"A copy of the session is kept in\n{copy}\nuntil you save or close. What happened is in\n{log}"


def no_copy_kept(reason: str, log: str) -> str:
    """The same where no copy could be written."""
    return f"No copy of the session could be written: {reason}. Better save it now. What happened is in\n{log}"


def no_log(reason: object) -> str:
    """Why errors are not written down."""
    return f"no log can be written: {reason}"


CONTINUE, DISCARD, NOT_NOW = "Continue", "Discard", "Not Now"
NO_LOCK = "the recovery folder cannot be used"
NOT_THE_SAME = "the session would not read back the same"


def left(session: Session) -> str:
    """What a crash has left."""
    return f"“{session_title(session)}” has changes that were not saved when Chainstep last stopped. Continue with it?"


def left_from(source: str, when: datetime) -> str:
    """Where that belongs and from when it is."""
    origin = f"From {source}" if source else "Not saved as a file yet"
    return f"{origin}, last changed on {when:%Y-%m-%d} at {when:%H:%M}."


def no_copy(error: Exception) -> str:
    """Why work that is not saved has no copy."""
    return f"No recovery copy can be written: {reason(error)}. Save from time to time."


def unreadable(error: Exception, path: Path) -> str:
    """What has become of a copy that cannot be read."""
    return f"A recovery copy could not be read and is kept as {path} ({reason(error)})."


def reason(error: Exception) -> str:
    """Why something failed, as a part of a sentence."""
    return ((error.strerror if isinstance(error, OSError) else None) or str(error)).rstrip(".")
