"""JSON read strictly: UTF-8, no NaN, no key twice, finite numbers, whole characters, no deep nesting.

Every fault is a SpecError: one sentence with the place and the cause. And JSON written so that a person can read it.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from math import isinf
from typing import Any

from engine.checks import SpecError

DEEPEST = 32
MOST_DIGITS = 40
LINE_WIDTH = 118
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decoded(content: bytes) -> str:
    """The text of a file, which is UTF-8 with or without a byte-order mark."""
    if content.startswith(UTF_16_MARKS):
        raise SpecError("byte 1", "this is UTF-16 text; a session is UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(f"byte {error.start + 1}", "this is not UTF-8 text") from error


def parsed(text: str) -> dict[str, Any]:
    """The JSON object that stands in `text`."""
    if not text.strip():
        raise SpecError("line 1", "the file is empty")
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise SpecError(f"line {error.lineno}, column {error.colno}", f"not JSON: {_lower(error.msg)}") from error
    except RecursionError as error:
        raise SpecError("file", "brackets are nested too deeply") from error
    if not isinstance(value, dict):
        raise SpecError("file", "a session is a JSON object, in braces")
    return value


def pretty(value: Any, indent: int = 0, width: int = LINE_WIDTH) -> str:
    """JSON with what fits on a line on one line, numbers by repr."""
    if isinstance(value, dict):
        names = [f"{json.dumps(name, ensure_ascii=False)}: " for name in value]
        return _spread("{}", names, list(value.values()), indent, width)
    if isinstance(value, list | tuple):
        return _spread("[]", [""] * len(value), value, indent, width)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _spread(brackets: str, names: Sequence[str], values: Sequence[Any], indent: int, width: int) -> str:
    """The parts of an object or a list on one line, or a line for each; the file itself is always spread."""
    opens, closes = brackets[0], brackets[1]
    parts = [name + pretty(value, indent + 2, width) for name, value in zip(names, values, strict=True)]
    flat = opens + ", ".join(parts) + closes
    if indent > 0 and indent + len(flat) <= width and "\n" not in flat:
        return flat
    pad = " " * (indent + 2)
    return opens + "\n" + ",\n".join(pad + part for part in parts) + "\n" + " " * indent + closes


def shown(value: object) -> str:
    """A value of a file as a message quotes it: short, whatever it is."""
    match value:
        case None:
            return "nothing"
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case str():
            return f"'{short(value)}'"
    return short(json.dumps(value))


def short(text: str) -> str:
    """The beginning of a text, as far as a message has room for it."""
    return text if len(text) <= 24 else f"{text[:20]}…"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise SpecError(f"key {shown(twice)}", "stands twice in the same object")
    return found


def _no_constant(name: str) -> float:
    raise SpecError("file", f"{name} is no number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise SpecError("file", f"the number {short(text)} is too large for a float")
    return value


def _whole(text: str) -> int:
    digits = len(text.lstrip("-"))
    if digits > MOST_DIGITS:
        raise SpecError("file", f"the number {short(text)} has {digits} digits, more than {MOST_DIGITS}")
    return int(text)


def check_texts(value: Any, place: str = "", depth: int = 1) -> None:
    """SpecError where a text holds half a character, or where brackets are nested deeper than any session needs."""
    if depth > DEEPEST:
        raise SpecError("file", "brackets are nested too deeply")
    match value:
        case str():
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                raise SpecError(place or "file", "the text holds half a character (a lone surrogate)")
        case Mapping():
            for key, inner in value.items():
                check_texts(key, place, depth + 1)
                check_texts(inner, str(key), depth + 1)
        case list() | tuple():
            for inner in value:
                if not isinstance(inner, float | int):
                    check_texts(inner, place, depth + 1)
