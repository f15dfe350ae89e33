"""What is said of predictions and of trying an input."""

from collections.abc import Sequence, Sized
from typing import Protocol

from engine.spec import Columns, Spec
from gui.text.numbers import number

PREDICTION = "Prediction"
TRY, TRY_TIP = "Try an input", "Predicts without training; the session stays as it is"
AS_SHOWN, AS_SHOWN_TIP = "As shown", "Back to the inputs of the sample shown"
TRY_HINT = "A click into the picture tries that point."
OUTPUT, LARGEST_OUTPUT, ACROSS, UP = "Output", "Largest", "Across", "Up"
BORDER, TARGET, HELD_OUT, WRONG, SHOWN = "border at 0.5, teeth to 1", "target", "held out", "wrong", "shown"


class Answered(Protocol):
    """What a score is read from."""

    @property
    def held(self) -> int: ...

    @property
    def rows(self) -> int: ...

    @property
    def trained(self) -> slice: ...

    @property
    def inputs(self) -> Sized: ...

    def correct(self, rows: slice) -> tuple[int, int] | None: ...

    def mean_loss(self, rows: slice) -> float: ...


def score(answer: Answered, digits: int = 5) -> str:
    """Accuracy 87 of 100, held out 18 of 20; for targets that are no classes the mean loss."""
    held = slice(answer.trained.stop, None)
    kind = "Accuracy" if answer.correct(answer.trained) else "Mean loss"
    parts = [f"{kind} {_of(answer, answer.trained, digits)}"]
    if answer.held:
        parts.append(f"held out {_of(answer, held, digits)}")
    if len(answer.inputs) < answer.rows:
        parts.append(f"{len(answer.inputs):,} of {answer.rows:,} samples")
    return ", ".join(parts)


def _of(answer: Answered, rows: slice, digits: int) -> str:
    correct = answer.correct(rows)
    return f"{correct[0]:,} of {correct[1]:,}" if correct else number(answer.mean_loss(rows), digits)


def answered(name: str, value: float, digits: int) -> str:
    """ŷ1 = 0.2, on one line where it has room."""
    return f"{name}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{number(value, digits)}"


def class_names(spec: Spec) -> list[str]:
    """The classes: of one output class 0 and class 1; of several the names that the data have for them, or numbers."""
    outputs = spec.network.sizes[-1]
    if outputs == 1:
        return ["class 0", "class 1"]
    names = spec.data.source.targets if isinstance(spec.data.source, Columns) else ()
    return list(names) if len(names) == outputs else [f"class {k}" for k in range(1, outputs + 1)]


def said_class(spec: Spec, kind: int) -> str:
    """class 2 (versicolor): the class, from 0, that a prediction says, with its name where the data have one; -1 is
    none."""
    name, number = class_names(spec)[kind], f"class {kind + 1}"
    if kind < 0:
        return "no class"
    return name if spec.network.sizes[-1] == 1 or name == number else f"{number} ({name})"


def held_fixed(names: Sequence[tuple[str, float]], digits: int = 5) -> str:
    """What the inputs that lie on no axis are held at."""
    shown = ", ".join(f"{name} = {number(value, digits)}" for name, value in names[:4])
    return f"{shown}{', …' if len(names) > 4 else ''} as in the sample shown"


def too_many_inputs(inputs: int) -> str:
    """Why there are no fields."""
    return f"{inputs} inputs are too many to type here; choose a sample in Data."
