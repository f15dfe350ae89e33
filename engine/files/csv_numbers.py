"""The cells of a CSV file as numbers: only what a person would write as one, never all that float() accepts."""

import re
from collections.abc import Mapping, Sequence
from math import isfinite, isinf
from typing import TypeAlias

from engine.files.json_strict import short

Offers: TypeAlias = Mapping[str, str | bool]

POINT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
COMMA = re.compile(r"[+-]?([0-9]+(,[0-9]*)?|,[0-9]+)([eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
MINUS_SIGN = "\u2212"
PLAIN = re.compile(r"[-+0-9.eE ]*")
"""Text in these letters that float() accepts is a number in the sense of POINT, with spaces around it."""


class NumberError(ValueError):
    """Why a cell is no number, and which other way of reading it would help, if any."""

    def __init__(self, cause: str, offers: Offers | None = None) -> None:
        super().__init__(cause)
        self.offers: Offers = offers or {}


def number(cell: str, decimal_comma: bool = False) -> float:
    """The number in a cell, spaces around it aside; NumberError says why there is none."""
    text = cell.strip(" ")
    if not (COMMA if decimal_comma else POINT).fullmatch(text):
        raise _no_number(text, decimal_comma)
    value = float(text.replace(",", ".") if decimal_comma else text)
    if isinf(value):
        raise NumberError(f"the number {quoted(text)} is too large for a float")
    return value


def plain_numbers(cells: Sequence[str]) -> tuple[float, ...] | None:
    """The same for a whole row, ten times as fast; None where the cells have to be looked at one by one."""
    if not PLAIN.fullmatch("".join(cells)):
        return None
    try:
        values = tuple(map(float, cells))
    except ValueError:
        return None
    return values if all(map(isfinite, values)) else None


def is_number(text: str) -> bool:
    """Whether the text is a number, with a decimal point or comma."""
    return (POINT.fullmatch(text) or COMMA.fullmatch(text)) is not None


def quoted(text: str) -> str:
    """A text of the file as a message quotes it: short, on one line."""
    return repr(short(text))


def _no_number(text: str, decimal_comma: bool) -> NumberError:
    """The likeliest reason."""
    shown = quoted(text)
    if not text:
        return NumberError("the cell is empty")
    if (POINT if decimal_comma else COMMA).fullmatch(text):
        here, other = ("point", "commas") if not decimal_comma else ("comma", "points")
        cause = f"{shown} is no number with a decimal {here}; the file can be read with decimal {other}"
        return NumberError(cause, {"decimal_comma": not decimal_comma})
    if MINUS_SIGN in text:
        return NumberError(f"{shown} has the minus sign U+2212, a hyphen (-) expected")
    if NOT_FINITE.fullmatch(text):
        return NumberError(f"{shown} is no finite number")
    if "_" in text and is_number(text.replace("_", "")):
        return NumberError(f"{shown} is no number here: digits without _ expected")
    if any(letter.isdecimal() and not letter.isascii() for letter in text):
        return NumberError(f"{shown} has digits other than 0 to 9")
    return NumberError(f"{shown} is no number")
