"""What is said of stops and of values that are not finite."""

from engine.cursor import Cursor
from engine.expressions import plain
from engine.frame import Frame, check_quantity
from engine.operations import Operation
from engine.stops import BECOMES_BAD, NOT_FINITE, Breakpoint, Condition, PhaseStart, Stop
from gui.text.fixed import PHASES
from gui.text.numbers import number, typed

STOPS_NAME = "Stops"
STOP_FIELD = "New stop"
STOP_EXAMPLE = "loss < 0.01"
ADD_STOP = "Add"
STOP_HINT = "A condition: |w[1,1,1]| > 5, or a breakpoint: z[1,2], backward. The symbols shown may be written as well."
NO_STOPS = "No stops yet"
NO_STOPS_HOW = "Write one above, press Ctrl+B at an operation, or click a number in the list of operations."
ALWAYS_STOPS = "Every run stops at the first value that is not finite."
REMOVE_STOP = "Remove this stop (Del)"
NOT_REACHED = "not in this network"
STOP_IS_HERE = "here"
STOP_IS_OFF = "Off: runs go past it"
NOT_FINITE_ANYWAY = "every run stops there anyway"
NO_OPERATION_TO_STOP_AT = "No operation is shown to stop at; take a step first."
NOT_FINITE_RULE = "Not finite"
LONGEST_SUBSTITUTION = 48
COMPARED = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "equal to"}
SIGNS = {"<=": "≤", ">=": "≥"}


def around_symbol(stop: Stop) -> tuple[str, str]:
    """How a stop is written before and behind the symbol of its quantity; that of a phase has none."""
    match stop:
        case PhaseStart(phase):
            return f"start of {PHASES[phase].lower()}", ""
        case Breakpoint(_, sample):
            return "", f" of sample {sample}" if sample else ""
        case Condition(_, comparator, value, is_absolute):
            bar, sign = "|" if is_absolute else "", SIGNS.get(comparator, comparator)
            return bar, f"{bar} {sign}" if comparator == BECOMES_BAD else f"{bar} {sign} {_short(value)}"


def around_listed(stop: Stop) -> tuple[str, str]:
    """The same in the list of stops: a run halts before a phase, after an operation."""
    if isinstance(stop, PhaseStart):
        return f"before {PHASES[stop.phase].lower()}", ""
    before, behind = around_symbol(stop)
    return f"after {before}" if isinstance(stop, Breakpoint) else before, behind


def stop_listed(frame: Frame, stop: Stop) -> str:
    """A stop as the list of stops says it: after z_h1, before backward."""
    before, behind = around_listed(stop)
    return f"{before}{stop_symbol(frame, stop)}{behind}"


def _short(value: float) -> str:
    """A number in full and without zeros that say nothing: 1e−6."""
    return typed(value).replace("e-0", "e-").replace("e+", "e").replace("-", "−")


def stop_in_words(frame: Frame, stop: Stop) -> str:
    """A stop in the session's symbols: |∂L/∂w1| < 1e-06."""
    before, behind = around_symbol(stop)
    return f"{before}{stop_symbol(frame, stop)}{behind}"


def stop_symbol(frame: Frame, stop: Stop) -> str:
    """The symbol of a stop's quantity, or its name in another network; empty where it has none."""
    if isinstance(stop, PhaseStart) or stop.quantity is None:
        return ""
    try:
        check_quantity(frame.session.spec.network, stop.quantity)
    except ValueError:
        return str(stop.quantity)
    return plain(frame.narrator.symbol(stop.quantity))


def stop_preview(frame: Frame, stop: Stop) -> str:
    """What the stop that is being typed will do."""
    if isinstance(stop, Condition):
        return f"Runs stop at the operation after which {stop_in_words(frame, stop)}."
    words = stop_in_words(frame, stop)
    return f"Runs stop at the {words}." if isinstance(stop, PhaseStart) else f"Runs stop where {words} is computed."


def does_not_apply(reason: str) -> str:
    """Why a stop has no effect in this network."""
    return f"It stops nothing here: {reason}."


def stop_refused(reason: str) -> str:
    """Why what was typed is no stop."""
    return f"{reason[:1].upper()}{reason[1:].removesuffix('.')}."


def breakpoint_changed(frame: Frame, stop: Stop, is_set: bool) -> str:
    """What Ctrl+B has done."""
    words = stop_in_words(frame, stop)
    return f"Runs stop at {words} from now on." if is_set else f"The breakpoint at {words} is removed."


def stopped_by(frame: Frame, stop: Stop) -> str:
    """Why a run has stopped where the frame stands."""
    iteration, operation = f"iteration {frame.cursor.iteration:,}", frame.operation
    if stop == NOT_FINITE:
        return not_finite(frame)
    if isinstance(stop, PhaseStart):
        return f"Stopped at the {stop_in_words(frame, stop)} in {iteration}."
    if isinstance(stop, Condition) and operation:
        value = abs(operation.value) if stop.is_absolute else operation.value
        bar = "|" if stop.is_absolute else ""
        name = f"{bar}{stop_symbol(frame, stop)}{bar}"
        compared = f", {COMPARED[stop.comparator]} {_short(stop.number)}," if stop.comparator in COMPARED else ""
        return f"Stopped: {name} is {number(value)}{compared} in {iteration}."
    return f"Stopped at the breakpoint {stop_in_words(frame, stop)} in {iteration}."


def not_finite(frame: Frame) -> str:
    """Which operation was the first whose value is not finite, from which numbers, and what helps."""
    bad, operation = frame.not_finite, frame.operation
    if bad is None or operation is None:
        return ""
    if frame.cursor != bad:
        return f"Stopped at the end of iteration {frame.cursor.iteration:,}: {since(bad)}."
    numbers = plain(operation.substitution)
    if len(numbers) > LONGEST_SUBSTITUTION:
        numbers = f"{numbers[:LONGEST_SUBSTITUTION].rpartition(' ')[0]} …"
    return f"Stopped: {plain(operation.symbol)} became {number(operation.value)} = {numbers}. {what_helps(frame)}"


def since(bad: Cursor) -> str:
    """From where on values are not finite."""
    return f"values are not finite since iteration {bad.iteration:,}, operation {bad.operation:,}"


def go_to_not_finite(bad: Cursor) -> str:
    """The button that leads to the first value that is not finite."""
    return f"Not finite since iteration {bad.iteration:,} ›"


def not_finite_tip(bad: Cursor) -> str:
    """The button in full."""
    words = since(bad)
    return f"{words[:1].upper()}{words[1:]}. A click goes there."


def why_not_finite(frame: Frame, operation: Operation) -> str:
    """What it means that this operation is the first whose value is not finite."""
    grown = "its numbers have grown beyond 1.8 · 10³⁰⁸, the largest there is"
    mixed = "two of its parts are infinite and cannot be added or multiplied"
    cause = mixed if operation.value != operation.value else grown
    return f"The first value of this run that is not a finite number: {cause}. {what_helps(frame)}"


def what_helps(frame: Frame) -> str:
    """What to change where numbers have grown too large."""
    if frame.cursor.iteration == 1 and frame.operation and frame.operation.phase != "update":
        return "Smaller inputs or weights help."
    return "A smaller learning rate helps, or smaller inputs and weights."
