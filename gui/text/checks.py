"""What is said of gradients held against differences, of a nudge, and of published figures beside computed ones."""

from collections.abc import Sequence
from math import floor, isfinite, log10

from engine.comparison import Comparison
from engine.expressions import plain
from engine.frame import Frame
from engine.gradient_check import GradientRow, Nudge
from gui.text.numbers import number, superscript, typed
from gui.text.paths import percent

AGREES, IS_OFF, AT_A_KINK, TO_COME = "agrees", "is off", "at a kink", "…"
CHECK = "Gradient check"
CHECK_HEADS = ("", "Gradient", "Measured", "Apart by", "")
CHECK_TIPS = (
    "",
    "What backpropagation gives",
    "Central difference: the loss a little to the right less the loss a little to the left, by the distance",
    "How far the two are apart",
    "Off is what rounding cannot explain; where a kink is near, a difference means nothing",
)
NUDGE, NUDGE_BY, NUDGE_STEP = "Move", "by", "Step of the nudge"
NUDGE_TIP = "How far the parameter is moved, for example 0.01, -1/8"
NO_STEP = "A step of 0 moves nothing."
ROUNDING = 8 * 2.0**-52
MOST_DIGITS, SMALLEST = 17, 1e-300


def verdict(row: GradientRow | None) -> str:
    """Whether a gradient agrees with its difference quotient; dots before that is known."""
    if row is None:
        return TO_COME
    if row.kink is not None:
        return AT_A_KINK
    return AGREES if row.is_close else IS_OFF


def checked(rows: Sequence[GradientRow], count: int) -> str:
    """9 gradients: 9 agree. While rows are still to come, how many there are."""
    if len(rows) < count:
        return f"{count:,} gradients: {len(rows):,} checked …"
    kinks, off = sum(row.kink is not None for row in rows), sum(not row.is_close for row in rows)
    agree = count - kinks - off
    parts = [f"{agree:,} {'agrees' if agree == 1 else 'agree'}"]
    parts += [f"{off:,} {'is' if off == 1 else 'are'} off"] if off else []
    parts += [f"{kinks:,} at a kink"] if kinks else []
    return f"{counted(count, 'gradient')}: {', '.join(parts)}"


def counted(count: int, noun: str) -> str:
    """1 gradient, 8,832 gradients."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def of_iteration(frame: Frame) -> str:
    return f"iteration {frame.cursor.iteration:,}"


def kink(frame: Frame, row: GradientRow) -> str:
    """Where the kink is that a gradient lies at."""
    return "" if row.kink is None else f"{plain(frame.narrator.symbol(row.kink))} is next to a kink of its activation."


def nudged(symbol: str, found: Nudge, digits: int = 5) -> str:
    """w5 + 0.01: the gradient predicts +0.00082167, the loss moves by +0.00082862."""
    sign, length = ("−" if found.step < 0 else "+"), typed(abs(found.step))
    predicted, moved = side_by_side(found.predicted, found.moved, digits)
    return f"{symbol} {sign} {length}: the gradient predicts {predicted}, the loss moves by {moved}."


def why_apart(found: Nudge, loss: float, digits: int = 5) -> str:
    """How far prediction and movement are apart, and why."""
    apart = abs(found.difference)
    if not isfinite(apart):
        return "One of the losses is no finite number."
    if apart <= ROUNDING * max(abs(loss), abs(found.moved)):
        return "They agree as far as a loss of this size can say."
    share = f", {percent(apart / abs(found.predicted), 2)} of the prediction" if found.predicted else ""
    return (
        f"{number(apart, digits)} apart{share}: the gradient is the slope before the step, and the loss bends on the "
        "way. A shorter step comes closer."
    )


def side_by_side(first: float, second: float, digits: int = 5) -> tuple[str, str]:
    """Two numbers with their signs in one format, with `digits` digits or as many more as they need to differ."""
    if not (isfinite(first) and isfinite(second)):
        return number(first, digits), number(second, digits)
    largest = max(abs(first), abs(second))
    power = floor(log10(largest)) if largest > SMALLEST else 0
    exponent = 0 if -4 <= power <= 6 else power
    for count in range(digits, MOST_DIGITS + 1):
        decimals = max(count - 1 - power + exponent, 0)
        pair = [_signed(value, exponent, decimals) for value in (first, second)]
        if first == second or pair[0] != pair[1]:
            break
    return pair[0], pair[1]


def _signed(value: float, exponent: int, decimals: int) -> str:
    ending = f" · 10{superscript(exponent)}" if exponent else ""
    return f"{value / 10.0**exponent:+.{decimals}f}{ending}".replace("-", "−")


PUBLISHED = "Published figures"
COMPARE_HEADS = ("Iteration", "", "Published", "Computed", "")
NO_FIGURES = "Printed figures stand here beside the computed ones."
NO_FIGURES_HOW = "Open an example from the File menu to see some."
NO_FIGURE_CHOSEN = "Click a figure to see it everywhere; double-click or Enter goes to its operation."
NOT_EXPLAINED = "It differs, and no note says why."
NO_SUCH_FIGURE = "This network and its data have no such quantity."
AS_PUBLISHED = "Rounded to the printed digits, it is the printed figure."


def compared(rows: Sequence[Comparison], count: int) -> str:
    """37 figures: 29 agree, 8 differ with a note. While some are still to come, how many there are."""
    if len(rows) < count:
        return f"{counted(count, 'figure')}: {len(rows):,} compared …"
    agree = sum(row.agrees for row in rows)
    unexplained = sum(not row.is_explained for row in rows)
    noted = count - agree - unexplained
    parts = [f"{agree:,} {'agrees' if agree == 1 else 'agree'}"]
    parts += [f"{noted:,} {'differs' if noted == 1 else 'differ'} with a note"] if noted else []
    parts += [f"{unexplained:,} {'differs' if unexplained == 1 else 'differ'} without one"] if unexplained else []
    return f"{counted(count, 'figure')}: {', '.join(parts)}"


def agreement(row: Comparison) -> str:
    """Whether a figure agrees, in a word or two."""
    if row.agrees:
        return AGREES
    return "see note" if row.figure.note else "differs"


def note(row: Comparison) -> str:
    """What is said of a figure: its note, or that there is none."""
    if row.figure.note:
        return row.figure.note
    if row.agrees:
        return AS_PUBLISHED
    return NO_SUCH_FIGURE if row.value is None else NOT_EXPLAINED
