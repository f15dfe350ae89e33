"""What is said of changes, moves and files."""

from collections.abc import Callable

from engine.edits import DataEdit, Edit, LearningRateEdit, ParameterEdit
from engine.expressions import Expression, plain
from engine.network import frozen_parameters
from engine.quantities import Quantity
from engine.session import Session
from engine.spec import Spec
from gui.text.fixed import EXPORTING
from gui.text.numbers import typed
from gui.text.settings import difference


def change(symbol: Callable[[Quantity], Expression], before: Session, after: Session) -> str:
    """What a change has changed: "w5 = 0.1", "4 values", "row added" ... `symbol` writes a quantity."""
    if before.spec != after.spec:
        return spec_change(symbol, before.spec, after.spec)
    edits = [edit for edit in after.edits if edit not in before.edits]
    if len(edits) != 1:
        return f"{len(edits)} values" if edits else "a value as it was"
    return edit_in_words(symbol, edits[0], after.spec.samples)


def edit_in_words(symbol: Callable[[Quantity], Expression], edit: Edit, samples: int) -> str:
    """What an edit sets: w5 = 0.1; of which of several samples, where it sets an input or target."""
    match edit:
        case LearningRateEdit(_, value):
            name = "η"
        case ParameterEdit(_, quantity, value):
            name = plain(symbol(quantity))
        case DataEdit(_, sample, quantity, value):
            name = plain(symbol(quantity)) + (f" of sample {sample}" if samples > 1 else "")
    return f"{name} = {typed(value)}"


def spec_change(symbol: Callable[[Quantity], Expression], before: Spec, after: Spec) -> str:
    """What is another in a spec."""
    rows = len(after.data.inputs) - len(before.data.inputs)
    if abs(rows) == 1 and after.data.source is None and before.network == after.network:
        return "Row added" if rows > 0 else "Row removed"
    old, new = ({q for name in spec.frozen for q in frozen_parameters(spec.network, name)} for spec in (before, after))
    if len(old ^ new) == 1:
        return f"{plain(symbol((old ^ new).pop()))} {'frozen' if new > old else 'trained again'}"
    return difference(before, after) or "Settings"


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


def opened(source: str) -> str:
    return f"Opened {source}."


def not_opened(error: Exception) -> str:
    """Why a session could not be opened."""
    return f"Not opened: {error}"


def exporting(rows: int) -> str:
    """How far an export has come."""
    return f"{EXPORTING} {rows:,} rows" if rows > 1 else f"{EXPORTING} computing the iterations before"


def may_replace(name: str) -> str:
    """Asks before a file is replaced."""
    return f"{name} exists already. Replace it?"


def size(percent: int, is_whole: bool, has_room: bool) -> str:
    """In which size the window is shown, and what takes it later, or not at all."""
    later = "menus, lists and tables follow when Chainstep is started again"
    never = "menus, lists and tables stay as large as the screen has room for"
    return f"Size {percent} %." if is_whole else f"Size {percent} %: {later if has_room else never}."
