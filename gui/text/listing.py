"""What is said in the listing of operations, on the ribbon and of the edits at an iteration's start."""

from engine.edits import Edit
from engine.expressions import plain
from engine.frame import Frame
from gui.text.changes import edit_in_words
from gui.text.fixed import PHASES

FILTER = "Filter"
FILTER_HINT = "Filter (Ctrl+F)"
FILTER_TIP = (
    "Shows only some operations: those that write w5 or dL/dw, or a phase, layer 2, neuron 1, sample 3; "
    "several words narrow it down. Escape shows all again."
)
ALL_SAMPLES = "all samples"
EDIT_MARK = "◆"
EDITED_HERE = f"{EDIT_MARK} edited"
MOST_EDITS = 3


def no_match(typed: str) -> str:
    """Where the filter lets nothing through."""
    return f"No operation matches “{typed}”."


NO_MATCH_HOW = "Try a symbol such as w5, a phase, layer 2, neuron 1 or sample 1; Escape shows all operations."


def sample_heading(sample: int | None) -> str:
    """Above the operations of a sample, or of the whole batch."""
    return ALL_SAMPLES if sample is None else f"sample {sample:,}"


def done_of(done: int, count: int) -> str:
    """How much of a heading's operations is done."""
    return f"{done:,} of {count:,}"


def edits_at(frame: Frame, iteration: int) -> list[Edit]:
    """The edits at the start of an iteration."""
    return [edit for edit in frame.session.edits if edit.iteration == iteration]


def edited_at(frame: Frame, iteration: int) -> str:
    """What was edited at the start of an iteration: w5 = 0.1; empty where nothing was."""
    symbol, samples = frame.narrator.symbol, frame.session.spec.samples
    edits = edits_at(frame, iteration)
    words = [edit_in_words(symbol, edit, samples) for edit in edits[:MOST_EDITS]]
    return ", ".join(words) + (f" and {len(edits) - MOST_EDITS:,} more" if len(edits) > MOST_EDITS else "")


def edited_at_start(frame: Frame, iteration: int) -> str:
    """The same as a sentence."""
    words = edited_at(frame, iteration)
    return f"Edited at the start of iteration {iteration:,}: {words}." if words else ""


def operation_below(frame: Frame, phase: str, done: int) -> str:
    """Where a click on the ribbon's segment of a phase goes: backward, operation 17: ∂L/∂w5; or start of backward."""
    name = PHASES[phase].lower()
    if any(phase == other and done == start for other, start, _ in frame.program.phases()):
        return f"start of {name}"
    quantity, sample, _ = frame.narrator.result(done - 1)
    of_sample = f" of sample {sample:,}" if sample is not None and frame.trace.has_means else ""
    return f"{name}, operation {done:,}: {plain(frame.narrator.symbol(quantity))}{of_sample}"
