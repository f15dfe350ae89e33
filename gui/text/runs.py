"""What is said of runs that were left."""

from collections.abc import Callable, Iterable

from engine.activations import Array
from engine.expressions import Expression
from engine.quantities import Quantity
from engine.session import Session
from gui.text.changes import change
from gui.text.numbers import cell, number, words

PRESENT_RUN = "Present run"
DOTTED = "; dotted: runs left"
RUNS_NAME, DIFFERENCES_NAME = "Runs", "Parameters of the two runs"
NO_RUNS = "Runs that an edit or a new run has ended are listed here."
NO_RUNS_HOW = "Compute some iterations, go back and change a value."
RETURN, RETURN_TIP = "Return to this run", "Makes it the present run; the one at hand is then listed here (Return)"
CHOOSE_TWO = "Tick two runs to compare them."
LARGEST_FIRST = "Largest difference first"
DIFFERENCE, DIFFERENCE_TIP = "Difference", "The second less the first; the largest is tinted"


def run_left(symbol: Callable[[Quantity], Expression], left: Session, new: Session) -> str:
    """What a run was that another has ended: what it had and the new one has not, or what it came before."""
    if left.spec == new.spec and set(left.edits) <= set(new.edits):
        return f"Before {_changed(symbol, left, new)}"
    return f"With {_changed(symbol, new, left)}"


def _changed(symbol: Callable[[Quantity], Expression], before: Session, after: Session) -> str:
    """What has changed, within a sentence, and in which iteration where it is an edit."""
    what = change(symbol, before, after)
    iterations = [edit.iteration for edit in after.edits if edit not in before.edits]
    at = f", iteration {min(iterations):,}" if iterations and before.spec == after.spec else ""
    return (what[:1].lower() if what[1:2].islower() else what[:1]) + what[1:] + at


def run_of(session: Session) -> str:
    """The run of a session among those that differ in their optimizer."""
    return words(session.spec.optimizer.name) + (", edited" if session.edits else "")


def returned(name: str) -> str:
    """What a return to a run has done."""
    return f"Returned to: {name}. Ctrl+Z takes it back."


def run_size(losses: Array, test_loss: float | None, digits: int = 5) -> str:
    """How far a run came: 40 iterations, loss 0.01"""
    if not len(losses):
        return "no iteration computed yet"
    counted = "1 iteration" if len(losses) == 1 else f"{len(losses):,} iterations"
    test = "" if test_loss is None else f", test {number(test_loss, digits)}"
    return f"{counted}, loss {number(float(losses[-1]), digits)}{test}"


def losses_beside(runs: Iterable[tuple[str, Array]], iteration: int, digits: int = 5) -> str:
    """The losses that runs that were left had in an iteration, a line each."""
    losses = [(name, float(known[iteration - 1])) for name, known in runs if 1 <= iteration <= len(known)]
    lines = [f"{name}: {cell(loss, digits)}" for name, loss in losses]
    return "\n".join([f"In iteration {iteration:,}", *lines]) if lines else ""


def compared_curves(first: str, second: str) -> str:
    """Which curves are overlaid."""
    return f"Solid: {first}; dash-dotted: {second}"


def computing_parameters(iteration: int) -> str:
    """How far the computing of runs that are compared has come."""
    return f"Computing the parameters: iteration {iteration:,}"


def compared_at(iteration: int, left_out: int) -> str:
    """At which end of an iteration parameters are compared, and which of them are."""
    at = f"At the end of iteration {iteration:,}, the last that both have" if iteration else "At the start"
    others = f" The networks differ: {left_out:,} parameters that only one has are left out." if left_out else ""
    return f"{at}.{others}"
