"""What is wrong in a spec, in one sentence, and the checks that numbers, counts and names have in common."""

import math
from collections.abc import Iterable


class SpecError(ValueError):
    """What is wrong in a spec: one sentence that begins with the place."""

    def __init__(self, place: str, cause: str) -> None:
        super().__init__(f"{place}: {cause}")


def check_whole(place: str, value: int, low: int, high: int) -> None:
    """SpecError unless low <= value <= high."""
    if not low <= value <= high:
        raise SpecError(place, f"{low} to {high} expected, {value} found")


def check_finite(place: str, value: float) -> None:
    """SpecError unless the number is finite."""
    if not math.isfinite(value):
        raise SpecError(place, f"a finite number expected, {value} found")


def check_range(place: str, value: float, low: float, high: float = math.inf) -> None:
    """SpecError unless the number is finite and low <= value < high."""
    check_finite(place, value)
    if not low <= value < high:
        bounds = f"from {low:g} to below {high:g}" if math.isfinite(high) else f"from {low:g}"
        raise SpecError(place, f"a number {bounds} expected, {value!r} found")


def check_name(place: str, name: str, known: Iterable[str]) -> None:
    """SpecError unless the name is known; it lists the known ones and suggests the closest."""
    names = list(known)
    if name not in names:
        meant = did_you_mean(name, names)
        hint = f" ({meant})" if meant else ""
        raise SpecError(place, f"'{name}' is not known{hint}; known are {', '.join(names) or 'none'}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question that names the closest of what is known; empty where nothing comes close."""
    from difflib import get_close_matches  # only a mistake needs it, and every start would pay for it

    closest = get_close_matches(name, list(known), 1)
    return f"did you mean '{closest[0]}'?" if closest else ""
