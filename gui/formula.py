"""Lays an expression tree out as a textbook sets it.

A box is a size and a list of marks (runs of glyphs, rules) at places relative to its baseline. Letters are italic,
figures and words upright, derivatives have an upright ∂. Measures are those of STIX Two Math, in em.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtGui import QFontMetricsF

from engine.expressions import (
    MINUS_ONE,
    Application,
    Expression,
    Fraction,
    Matrix,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    folded,
    sign_and_rest,
)
from gui.boxes import ASCENT, AXIS, DESCENT, Bar, Box, Glyphs, column, interleaved, row, space
from gui.formula_painting import paint, paint_centred
from gui.theme import math_font

__all__ = [
    "AXIS", "Bar", "Box", "Glyphs", "broken", "column", "interleaved", "italic", "layout",
    "paint", "paint_centred", "row", "script", "space", "stack", "text_box",
]  # fmt: skip

RULE = 0.068
SCRIPT, DROP, RAISE, RAISE_OVER = 0.70, 0.24, 0.40, 0.52
"""Scripts: their size, how far they are lowered and raised, and how far raised over a subscript."""
NUMERATOR, DENOMINATOR, TALL = 0.70, 0.69, 0.5
CLEAR, LEADING, INDENT = 0.10, 0.18, 1.0
ROOT, ROOT_INK, ROOT_HEIGHT, TALL_ROOT = 0.80, 0.92, 1.19, 1.5
PARENTHESIS, GROWS, OVER_TALL = 0.53, 0.8, 0.45
"""How far a parenthesis reaches up and down from the axis; from which height on it grows; and how far below the top of
what is tall an exponent stands."""
ACCENTS = {"y": (0.33, 0.0), "m": (0.48, 0.0), "v": (0.32, 0.0), "L": (0.29, 0.18)}
"""Where an accent's middle stands over a letter, and how much higher than over an x; from the font's own table."""
FUNCTION_LETTERS = {"sigmoid": "𝜎"}


@lru_cache(maxsize=4096)
def _advance(text: str, pixels: int) -> float:
    return QFontMetricsF(math_font(pixels)).horizontalAdvance(text)


def italic(letter: str) -> str:
    """The mathematical italic of a Latin or Greek letter; anything else as it is."""
    if letter == "h":
        return "\u210e"
    if "a" <= letter <= "z":
        return chr(0x1D44E + ord(letter) - ord("a"))
    if "A" <= letter <= "Z":
        return chr(0x1D434 + ord(letter) - ord("A"))
    if "α" <= letter <= "ω":
        return chr(0x1D6FC + ord(letter) - ord("α"))
    return letter


def text_box(text: str, pixels: int) -> Box:
    """Upright text."""
    return Box(_advance(text, pixels), ASCENT * pixels, DESCENT * pixels, (Glyphs(0, 0, text, pixels),))


def stack(boxes: Sequence[Box], pixels: int, indent: float | None = None) -> Box:
    """Lines of a formula below one another around its axis."""
    return column(boxes, LEADING * pixels, AXIS * pixels, indent)


def broken(
    expression: Expression, pixels: int, number: Callable[[float], str], width: float, opens: bool = True
) -> Box:
    """The expression in lines no wider than `width`, as far as its operators allow; under a fraction bar too."""
    return _Layout(number, False).lines(expression, pixels, width, opens)


def layout(
    expression: Expression, pixels: int, number: Callable[[float], str], slashed: bool = False, opens: bool = True
) -> Box:
    """The expression at a size in pixels; `number` writes the numbers; `slashed` sets all on one line, closely.
    `opens`: nothing stands to its left, so that a negative number needs no parentheses."""
    return _Layout(number, slashed).box(expression, pixels, opens)


class _Layout(NamedTuple):
    number: Callable[[float], str]
    slashed: bool

    def box(self, node: Expression, pixels: int, opens: bool = False, tight: bool = False) -> Box:
        """`opens`: nothing stands to its left. `tight`: it stands in a product or before an exponent."""
        match node:
            case Symbol():
                return _symbol(node, pixels)
            case Number(value):
                text = self.number(value)
                return text_box(f"({text})" if text.startswith(("−", "-")) and not opens else text, pixels)
            case Fraction(numerator, denominator) if self.slashed:
                below = self.box(denominator, pixels, False, True)
                if isinstance(denominator, Product | Fraction):
                    below = self.parentheses(below, pixels)
                return row([self.box(numerator, pixels, opens, True), text_box("/", pixels), below])
            case Fraction(Symbol() as numerator, Symbol() as denominator):
                return _derivative(numerator, denominator, pixels)
            case Fraction(numerator, denominator):
                return fraction(self.box(numerator, pixels, True), self.box(denominator, pixels, True), pixels)
            case Power(base, exponent):
                below = self.box(base, pixels, False, True)
                if isinstance(base, Product | Fraction | Power):
                    below = self.parentheses(below, pixels)
                return self.raised(below, self.box(exponent, script(pixels), True), pixels)
            case Product(factors):
                return self.product(factors, pixels, opens)
            case Sum(terms):
                return self.sum(terms, pixels, opens, tight)
            case Application("sqrt", (argument,)):
                return self.root(self.box(argument, pixels, True), pixels)
            case Application("abs", (argument,)):
                return row(enclosed([self.box(argument, pixels, True)], "||", pixels))
            case Application(function, arguments):
                name = FUNCTION_LETTERS.get(function, function)
                return row([text_box(name, pixels), self.parentheses(self.list(arguments, pixels), pixels)])
            case Matrix(rows):
                raise ValueError(f"a matrix of {len(rows)} rows is laid out by its panel")

    def raised(self, base: Box, exponent: Box, pixels: int) -> Box:
        rise = RAISE * pixels if base.ascent < pixels else base.ascent - OVER_TALL * pixels
        marks = (*base.marks, *exponent.moved(base.width, -rise))
        return Box(base.width + exponent.width, max(base.ascent, rise + exponent.ascent), base.descent, marks)

    def product(self, factors: Sequence[Expression], pixels: int, opens: bool) -> Box:
        return row(self.pieces(Product(factors), pixels, opens, False))

    def sum(self, terms: Sequence[Expression], pixels: int, opens: bool, tight: bool) -> Box:
        return row(self.pieces(Sum(terms), pixels, opens, tight))

    def lines(self, node: Expression, pixels: int, width: float, opens: bool) -> Box:
        """Broken before operators and behind commas."""
        if isinstance(node, Fraction):
            inner = width - 0.28 * pixels
            above, below = (self.lines(part, pixels, inner, True) for part in (node.numerator, node.denominator))
            return fraction(above, below, pixels)
        lines: list[list[Box]] = [[]]
        for piece in self.pieces(node, pixels, opens, False):
            room = width - INDENT * pixels if len(lines) > 1 else width
            if lines[-1] and sum(box.width for box in (*lines[-1], piece)) > room:
                lines.append([])
            lines[-1].append(piece)
        return row(lines[0]) if len(lines) == 1 else stack(list(map(row, lines)), pixels, INDENT * pixels)

    def pieces(self, node: Expression, pixels: int, opens: bool, tight: bool) -> list[Box]:
        """What a line is made of: it may be broken between any two of them."""
        match node:
            case Sum((term,)):
                return self.pieces(term, pixels, opens, tight)
            case Sum(terms):
                return self.terms(terms, pixels, opens, tight)
            case Product(factors) if len(factors) > 1 and factors[0] == MINUS_ONE:
                inner = self.pieces(Product(factors[1:]), pixels, False, True)
                inner[0] = row([text_box("−", pixels), inner[0]])
                return inner if opens else enclosed(inner, "()", pixels)
            case Product(factors):
                gap = space((0.04 if self.slashed else 0.18) * pixels)
                dot = row([gap, text_box("·", pixels), gap])
                first, *others = (self.pieces(f, pixels, opens and i == 0, True) for i, f in enumerate(factors))
                return first + [piece for part in others for piece in (row([dot, part[0]]), *part[1:])]
            case _:
                return [self.box(node, pixels, opens, tight)]

    def terms(self, terms: Sequence[Expression], pixels: int, opens: bool, tight: bool) -> list[Box]:
        """The pieces of a sum: each term with the operator before it."""
        first, last, count = folded(terms)
        pieces: list[Box] = []
        for i, term in enumerate(first):
            sign, rest = sign_and_rest(term)
            first_of_all = i == 0 and sign == "+" and (opens or tight)
            box = self.box(rest, pixels, first_of_all, tight=sign == "-" and isinstance(rest, Sum))
            signed = i or sign == "-"
            pieces.append(row([self.operator({"+": "+", "-": "−"}[sign], pixels, i > 0), box]) if signed else box)
        if last is not None:
            pieces.append(text_box(f" + … ({count} terms)", pixels))
            pieces.append(row([text_box(" + ", pixels), self.box(last, pixels)]))
        return enclosed(pieces, "()", pixels) if tight else pieces

    def operator(self, sign: str, pixels: int, is_binary: bool) -> Box:
        gap = space((0.14 if self.slashed else 0.22) * pixels if is_binary else 0)
        return row([gap, text_box(sign, pixels), gap])

    def list(self, items: Sequence[Expression], pixels: int) -> Box:
        return row(interleaved([self.box(item, pixels, True) for item in items], text_box(", ", pixels)))

    def parentheses(self, inner: Box, pixels: int) -> Box:
        return row(enclosed([inner], "()", pixels))

    def root(self, inner: Box, pixels: int) -> Box:
        """The sign's highest point is the bar's upper edge; above what is tall it grows."""
        top = ROOT * pixels if inner.ascent < pixels else inner.ascent + CLEAR * pixels
        height = (top + inner.descent) / pixels
        stretch = height / ROOT_HEIGHT if height > TALL_ROOT else 1.0
        sign = Glyphs(0, ROOT_INK * pixels * stretch - top, "√", pixels, stretch)
        width = _advance("√", pixels)
        marks = (sign, Bar(width, -top, inner.width, RULE * pixels), *inner.moved(width))
        return Box(width + inner.width, max(inner.ascent, top), inner.descent, marks)


def fraction(above: Box, below: Box, pixels: int) -> Box:
    """Both parts centred, the bar on the axis between them."""
    width = max(above.width, below.width) + 0.16 * pixels
    up = NUMERATOR * pixels
    if above.descent > TALL * pixels:
        up = above.descent + (AXIS + RULE / 2 + CLEAR) * pixels
    down = max(DENOMINATOR * pixels, below.ascent - (AXIS - RULE / 2 - CLEAR) * pixels)
    bar = Bar(0, -AXIS * pixels - RULE * pixels / 2, width, RULE * pixels)
    marks = (*above.moved((width - above.width) / 2, -up), bar, *below.moved((width - below.width) / 2, down))
    side = 0.06 * pixels
    box = Box(width, up + above.ascent, down + below.descent, marks)
    return row([space(side), box, space(side)])


@lru_cache(maxsize=4096)
def _derivative(above: Symbol, below: Symbol, pixels: int) -> Box:
    """A fraction of two symbols; the chain's are set again and again."""
    return fraction(_symbol(above, pixels), _symbol(below, pixels), pixels)


def enclosed(pieces: list[Box], signs: str, pixels: int) -> list[Box]:
    """Pieces of a line between two signs, which grow with what is between them."""
    inner = row(pieces)
    half = max(inner.ascent - AXIS * pixels, inner.descent + AXIS * pixels)
    stretch = half / (PARENTHESIS * pixels) if half > GROWS * pixels else 1.0
    before, behind = (_stretched(sign, pixels, stretch) for sign in signs)
    return [row([before, pieces[0], *([behind] if len(pieces) == 1 else [])]), *pieces[1:-1],
            *([row([pieces[-1], behind])] if len(pieces) > 1 else [])]  # fmt: skip


def _stretched(sign: str, pixels: int, stretch: float) -> Box:
    """A sign that is stretched up and down from the axis."""
    box = text_box(sign, pixels)
    if stretch == 1:
        return box
    glyphs = Glyphs(0, AXIS * pixels * (stretch - 1), sign, pixels, stretch)
    half = PARENTHESIS * stretch
    return Box(box.width, (half + AXIS) * pixels, (half - AXIS) * pixels, (glyphs,))


@lru_cache(maxsize=4096)
def _symbol(symbol: Symbol, pixels: int) -> Box:
    letter = symbol.letter
    box = text_box(italic(letter) if len(letter) == 1 else letter, pixels)
    if symbol.accent:
        box = _accented(box, letter, symbol.accent, pixels)
    if symbol.differential:
        box = row([text_box("∂", pixels), box])
    raised = symbol.superscript + (f"⟨{symbol.sample}⟩" if symbol.sample else "")
    return _scripts(box, symbol.subscript, raised, pixels)


def _scripts(box: Box, lowered: str | Symbol, raised: str, pixels: int) -> Box:
    small = script(pixels)
    below = _subscript(lowered, small) if lowered else space(0)
    above = text_box(raised, small) if raised else space(0)
    drop, rise = DROP * pixels, (RAISE_OVER if lowered and raised else RAISE) * pixels
    marks = (*box.marks, *below.moved(box.width, drop), *above.moved(box.width, -rise))
    return Box(
        box.width + max(below.width, above.width) + 0.04 * pixels,
        max(box.ascent, rise + above.ascent if raised else 0),
        max(box.descent, drop + below.descent if lowered else 0),
        marks,
    )


def _subscript(lowered: str | Symbol, pixels: int) -> Box:
    """Words upright, single letters italic, figures upright."""
    if isinstance(lowered, Symbol):
        return _symbol(lowered, pixels)
    if len(lowered) > 2 and lowered.isalpha():
        return text_box(lowered, pixels)
    return text_box("".join(map(italic, lowered)), pixels)


def _accented(box: Box, letter: str, accent: str, pixels: int) -> Box:
    """A hat or bar over a letter."""
    mark = {"hat": "\u02c6", "bar": "\u00af"}[accent]
    middle, lift = ACCENTS.get(letter, (box.width / pixels / 2, 0.0))
    over = Glyphs(middle * pixels - _advance(mark, pixels) / 2, -lift * pixels, mark, pixels)
    return Box(box.width, box.ascent + lift * pixels, box.descent, (*box.marks, over))


def script(pixels: int) -> int:
    """The size of sub- and superscripts; whole pixels, since the toolkit knows no others."""
    return max(round(SCRIPT * pixels), 8)
