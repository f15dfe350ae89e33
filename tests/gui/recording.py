"""Reads what the window draws: every text that goes through a painter, where it stands, and in which font.

What should stand there is derived from the frame's operation, its chain and its values, never from the drawing code.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import isclose, isinf, isnan

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from engine.expressions import (
    Application,
    Expression,
    Fraction,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    sign_and_rest,
)
from gui import formula_painting
from gui.boxes import Glyphs, Mark
from gui.theme import MATH_FAMILY, RESULT_FAMILY, math_font, ui_font

MATH_FAMILIES = (MATH_FAMILY,)
DASH = "–"
VALUE_PIXELS, PLACE_PIXELS = 12, 10
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = re.compile(r"(?P<open>\()?(?P<mantissa>−?\d+(?:\.\d+)?)(?: · 10(?P<exponent>⁻?[⁰¹²³⁴-⁹]+))?(?(open)\))")
ACCENTS = {"hat": "ˆ", "bar": "¯"}
FUNCTIONS = {"sigmoid": "σ"}

Expected = str | float | None
"""A text, a number of this value, or the dash of a value that is not yet written."""


@dataclass(frozen=True)
class Drawn:
    """One text as it was painted; (x, y) is where its baseline begins."""

    text: str
    x: float
    y: float
    width: float
    family: str
    pixels: int

    @property
    def is_math(self) -> bool:
        return self.family in MATH_FAMILIES


@dataclass(frozen=True)
class Pair:
    """A symbol and the number beside or below it; `place` is the small number of a factor before them."""

    name: str
    number: str
    middle: QPointF
    place: str = ""


@lru_cache(maxsize=8192)
def _measured(words: str, family: str, pixels: int, weight: int) -> tuple[float, float]:
    """How wide words are, and how high the font's capitals."""
    font = math_font(pixels) if family in MATH_FAMILIES else ui_font(pixels, weight)
    if family == RESULT_FAMILY:
        font = math_font(pixels, True)
    metrics = QFontMetricsF(font)
    return metrics.horizontalAdvance(words), metrics.capHeight()


@contextmanager
def recording() -> Iterator[list[Drawn]]:
    """Every text that is painted meanwhile, in order."""
    drawn: list[Drawn] = []
    paint: Callable[..., object] = QPainter.drawText

    def record(painter: QPainter, where: QPointF | QRectF, *rest: object) -> object:
        words, font = str(rest[-1]), painter.font()
        family, pixels = font.family(), font.pixelSize()
        width, cap_height = _measured(words, family, pixels, font.weight())
        if isinstance(where, QRectF):
            flags = rest[0]
            if not isinstance(flags, Qt.AlignmentFlag):  # words that Qt wraps within the rectangle
                width, flags = min(width, where.width()), Qt.AlignmentFlag.AlignLeft
            x, y = where.left(), where.center().y() + cap_height / 2
            if flags & Qt.AlignmentFlag.AlignHCenter:
                x = where.center().x() - width / 2
            elif flags & Qt.AlignmentFlag.AlignRight:
                x = where.right() - width
        else:
            x, y = where.x(), where.y()
        if words:
            drawn.append(Drawn(words, x, y, width, family, pixels))
        return paint(painter, where, *rest)

    def record_formula(painter: QPainter, marks: tuple[Mark, ...], at: QPointF) -> None:
        for mark in marks:
            if isinstance(mark, Glyphs) and mark.text:
                width = _measured(mark.text, MATH_FAMILY, mark.pixels, 400)[0]
                drawn.append(Drawn(mark.text, at.x() + mark.x, at.y() + mark.y, width, MATH_FAMILY, mark.pixels))
        with pytest.MonkeyPatch.context() as quiet:
            quiet.setattr(QPainter, "drawText", paint)
            draw_letters(painter, marks, at)

    draw_letters = formula_painting.draw_letters
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", record)
        patch.setattr(formula_painting, "draw_letters", record_formula)
        yield drawn


def drawn_by(widget: QWidget, area: QRect | None = None) -> list[Drawn]:
    """Every text of one drawing of a widget, or of what an area of it touches."""
    with recording() as drawn:
        widget.grab(area or widget.rect())
    return drawn


def letters(text: str) -> str:
    """Mathematical letters as ordinary ones, without spaces: 𝑧ℎ1 is zh1."""
    plain = (unicodedata.normalize("NFKC", c) if c == "ℎ" or 0x1D400 <= ord(c) <= 0x1D7FF else c for c in text)
    return "".join("".join(plain).split())


def pairs(drawn: Sequence[Drawn]) -> tuple[list[Pair], list[str]]:
    """The symbols with their numbers (one without a symbol has no name), and all other texts."""
    found: list[Pair] = []
    others: list[str] = []
    at = 0
    while at < len(drawn):
        if not drawn[at].is_math:
            after_target = others[-1:] == ["target"] and drawn[at - 1].text == "target"
            if drawn[at].pixels == VALUE_PIXELS and not after_target:
                found.append(Pair("", drawn[at].text, middle_of(drawn[at])))
            else:
                others.append(drawn[at].text)
            at += 1
            continue
        end = at
        while drawn[end].is_math:
            end += 1
        place = others.pop() if at and drawn[at - 1].pixels == PLACE_PIXELS and not drawn[at - 1].is_math else ""
        if drawn[end].text == "target":
            others.append("target")
            end += 1
        number = drawn[end]
        name = "".join(letters(glyphs.text) for glyphs in drawn[at:end] if glyphs.is_math)
        found.append(Pair(name, number.text, middle_of(number), place))
        at = end + 1
    return found, others


def middle_of(drawn: Drawn) -> QPointF:
    return QPointF(drawn.x + drawn.width / 2, drawn.y - 4)


def parsed(text: str) -> float | None:
    """The number that a text says; None for the dash, nan for a text that is none."""
    if text == DASH:
        return None
    match = NUMBER.fullmatch(text)
    if match is None:
        return {"∞": float("inf"), "−∞": float("-inf")}.get(text, float("nan"))
    exponent = (match["exponent"] or "0").translate(RAISED)
    return float(f"{match['mantissa'].replace('−', '-')}e{exponent}")


def says(text: str, value: float | None, digits: int = 5) -> bool:
    """Whether a text says a value: rounded correctly, with so many digits that count unless it is exact in fewer."""
    number = parsed(text)
    if number is None or value is None:
        return number is None and value is None
    if isnan(number) or isinf(value):
        return number == value
    mantissa, _, raised = text.strip("()").partition(" · 10")
    unit = 10.0 ** (int(raised.translate(RAISED) or "0") - len(mantissa.partition(".")[2]))
    if isclose(number, value, rel_tol=1e-11, abs_tol=0):
        return True
    counting = len(re.sub(r"[−.]", "", mantissa).lstrip("0"))
    return counting >= digits and abs(number - value) <= 0.5 * unit * (1 + 1e-9) + 1e-15 * abs(value)


def reading(node: Expression, slashed: bool = False) -> list[Expected]:
    """The texts and numbers of an expression in the order in which they are set."""
    match node:
        case Symbol():
            return [symbol_letters(node)]
        case Number(value):
            return [float(value)]
        case Fraction(above, below):
            if not slashed:
                return [*reading(above), *reading(below)]
            under = _bracketed(below, slashed)
            if isinstance(below, Product | Fraction):
                under = ["(", *under, ")"]
            return [*_bracketed(above, slashed), "/", *under]
        case Power(base, exponent):
            return [*_bracketed(base, slashed), *reading(exponent, slashed)]
        case Product():
            sign, rest = sign_and_rest(node)
            if sign == "-":
                return ["−", *_bracketed(rest, slashed)]
            return joined([_bracketed(factor, slashed) for factor in node.factors], "·")
        case Sum(terms):
            parts: list[Expected] = []
            for term in terms:
                sign, rest = sign_and_rest(term)
                parts += [{"+": "+", "-": "−"}[sign]] if parts or sign == "-" else []
                parts += reading(rest, slashed)
            return parts
        case Application("sqrt", (argument,)):
            return ["√", *reading(argument, slashed)]
        case Application("abs", (argument,)):
            return ["|", *reading(argument, slashed), "|"]
        case Application(function, arguments):
            inside = joined([reading(argument, slashed) for argument in arguments], ",")
            return [FUNCTIONS.get(function, function), "(", *inside, ")"]
    raise AssertionError(node)


def _bracketed(factor: Expression, slashed: bool) -> list[Expected]:
    is_sum = isinstance(factor, Sum) and len(factor.terms) > 1
    inner = reading(factor, slashed)
    return ["(", *inner, ")"] if is_sum else inner


def joined(parts: Sequence[list[Expected]], between: str) -> list[Expected]:
    return [item for i, part in enumerate(parts) for item in ([between, *part] if i else part)]


def symbol_letters(symbol: Symbol) -> str:
    """A symbol's letters: the letter with its accent, subscript, superscript, sample."""
    below = symbol.subscript
    lowered = symbol_letters(below) if isinstance(below, Symbol) else below
    sample = f"⟨{symbol.sample}⟩" if symbol.sample else ""
    accent = ACCENTS.get(symbol.accent, "")
    return ("∂" if symbol.differential else "") + symbol.letter + accent + lowered + symbol.superscript + sample


def name_of(expression: Expression) -> str:
    """The letters of an expression on one line; the only numbers in it are whole."""
    return "".join(f"{part:g}" if isinstance(part, float) else str(part) for part in reading(expression, slashed=True))


def mismatch(drawn: Sequence[str], expected: Sequence[Expected]) -> str:
    """Where the drawn texts are not the expected ones, in words; empty if they are the same to the end."""
    at = 0
    for item in expected:
        if isinstance(item, str):
            wanted, begun = letters(item), at
            found = ""
            while at < len(drawn) and len(found) < len(wanted):
                found += letters(drawn[at])
                at += 1
            if found != wanted:
                return f"'{wanted}' expected, '{found}' found in {drawn[begun:]}"
        elif at >= len(drawn) or not says(drawn[at], item):
            return f"{item!r} expected, found {drawn[at:]}"
        else:
            at += 1
    return "" if at == len(drawn) else f"nothing more expected, {drawn[at:]} found"
