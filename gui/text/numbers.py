"""How numbers and names are written."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import ceil, floor, inf, isfinite, log10

DASH = "–"
MANY = 10
"""From so many digits on a number is taken as it is, to its last bit."""


PROPER_NAMES = {
    "relu": "ReLU", "leaky_relu": "leaky ReLU", "prelu": "PReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU",
    "huber": "Huber", "nesterov": "Nesterov", "adagrad": "AdaGrad", "rmsprop": "RMSProp", "adam": "Adam",
    "adamw": "AdamW", "xavier_uniform": "Xavier uniform", "xavier_normal": "Xavier normal",
    "he_uniform": "He uniform", "he_normal": "He normal",
}  # fmt: skip
"""Names of the file format that the literature writes in a way of its own."""


def words(name: str) -> str:
    """A name of the file format as a person reads it: half squared error, leaky ReLU."""
    return PROPER_NAMES.get(name, name.replace("_", " "))


def capital(said: str) -> str:
    """With a capital letter at its start, the others as they are."""
    return f"{said[:1].upper()}{said[1:]}"


@lru_cache(maxsize=4096)
def number(value: float | None, digits: int = 5) -> str:
    """A number with `digits` digits that count; shorter where it is exact in fewer. None is a dash."""
    if value is None:
        return DASH
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "not a number", "inf": "∞", "-inf": "−∞"}[str(value)]
    short = f"{value:.{digits}g}"
    if float(short) == float(f"{value:.12g}") == _whole(value, digits):
        text = repr(float(short) + 0.0).removesuffix(".0")  # + 0.0: no negative zero
        if "e" not in text:
            return text.replace("-", "−")
    figures, _, exponent = f"{value:#.{digits}g}".partition("e")
    power = f" · 10{superscript(int(exponent))}" if exponent else ""
    return f"{figures.rstrip('.')}{power}".replace("-", "−")


def is_rounded(value: float, digits: int = 5) -> bool:
    """Whether `number` writes less than the whole value: what is then to the left of it is only nearly equal."""
    return isfinite(value) and float(f"{value:.{digits}g}") != _whole(value, digits)


def _whole(value: float, digits: int) -> float:
    """What is written if it has no more digits than `digits`. Where few are asked for, the last bits that rounding has
    left do not count: 0.37749999999999995 is 0.3775."""
    return float(f"{value:.12g}") if digits < MANY else value


def folded_terms(count: int) -> str:
    """What stands in a sum for terms that are folded."""
    return f"{count:,} terms"


def cell(value: float | None, digits: int = 5) -> str:
    """A number for a table: very small and very large ones in the short form 6.6840e−5."""
    written = number(value, digits)
    if value is None or "·" not in written:
        return written
    figures, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{figures}e{int(exponent)}".replace("-", "−")


def narrower(value: float | None, digits: int = 5, least: int = 1) -> Iterator[str]:
    """A number as `number` writes it, then with fewer and fewer digits down to `least`, the last in the short form, for
    a place that holds only so much."""
    yield from (number(value, count) for count in (digits, 12, 9, 7, 5, 4, 3) if count <= digits)
    yield from (cell(value, count) for count in (3, 2, 1) if least <= count <= digits)


def times(numbers: Iterable[str], joint: str = " · ") -> str:
    """Numbers as a product; a negative one behind another stands in parentheses."""
    first, *others = numbers
    return joint.join([first, *(f"({each})" if each.startswith("−") else each for each in others)])


def superscript(exponent: int) -> str:
    """10 to the power -5 is written 10⁻⁵."""
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def rounded_up(value: float) -> float:
    """A positive number rounded up to one digit; 1 where there is none, it is next to nothing or not finite."""
    if not 1e-300 < value < inf:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return ceil(value / power * (1 - 1e-12)) * power


def typed(value: float) -> str:
    """A number in full, as a person would type it."""
    return repr(value).removesuffix(".0")
