"""What is said of watched quantities."""

from engine.expressions import plain
from engine.frame import Frame
from engine.watching import OF_SAMPLE, Watched
from gui.text.numbers import number

NO_WATCHED = "Quantities you watch stand here, each with its curve over the iterations."
NO_WATCHED_HOW = "Select one anywhere and press Ctrl+D, or write its name above."
NOTHING_TO_WATCH = "Select a quantity first, or go to an operation; then it can be watched."
WATCH, WATCHED = "Watch", "Watched quantities"
WATCH_NAME, WATCH_HINT = "Quantity to watch", "w[1,1,1], dL/dz[2,1], batch_loss …"
WATCH_TIP = "A name such as z[1,2] (of the sample shown), loss of sample 3, grad[w[1,1,1]]"
BACK_TO_CHANGE, UNWATCH = "Back to the last change of sign", "Remove"
BACK_TO_CHANGE_TIP = "Back to the operation where this last went from one side of 0 to the other (Enter)"
UNWATCH_TIP = "Watch this no more (Delete)"
NO_CURVE = "No value yet."
CURVE_TO_COME = "the rest follows"


def watched_name(frame: Frame, one: Watched) -> str:
    """z_h1 of sample 3; the sample only where there are several."""
    return plain(frame.narrator.symbol(one.quantity)) + watched_sample(frame, one)


def watched_sample(frame: Frame, one: Watched) -> str:
    return f"{OF_SAMPLE}{one.sample}" if one.sample and frame.session.spec.samples > 1 else ""


def watched_value(frame: Frame, one: Watched, digits: int = 5) -> str:
    """The value at the cursor."""
    return number(frame.value(one.quantity, one.sample), digits)


def watched_at(iteration: int, value: float, digits: int = 5) -> str:
    """iteration 37: 0.0123."""
    return f"iteration {iteration:,}: {number(value, digits)}"


def watched_row(frame: Frame, one: Watched, reason: str, known: int, digits: int = 5) -> str:
    """A row for a screen reader."""
    if reason:
        return f"{one}: {not_there(reason)}"
    curve = f"curve of {known:,} iterations" if known > 1 else NO_CURVE.lower().rstrip(".") if known == 0 else "1 value"
    return f"{watched_name(frame, one)} = {watched_value(frame, one, digits)}, {curve}"


def not_there(reason: str) -> str:
    """Why a quantity has no curve, as a sentence."""
    return f"{reason[0].upper()}{reason[1:]}."


def is_watched(name: str) -> str:
    return f"{name} is watched in the panel Watch."


def changed_sign(name: str, iteration: int, value: float) -> str:
    return f"{name} changed its sign here, in iteration {iteration:,}: it became {number(value)}."


def no_change_of_sign(name: str) -> str:
    return f"{name} has not changed its sign before this place."


def not_computed_so_far(name: str, count: int, last: int) -> str:
    return f"The curve of {name} is computed up to iteration {count:,} of {last:,} yet; try again in a moment."
