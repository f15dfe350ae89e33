"""Lays an expression tree out as a textbook sets it, and paints it.

A box is a size and a list of marks (runs of glyphs, rules) at places relative to its baseline. Letters are italic,
figures and words upright, derivatives have an upright ∂. Measures are those of STIX Two Math, in em.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

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
from gui.theme import math_font

AXIS, RULE = 0.258, 0.068
SCRIPT, DROP, RAISE, RAISE_OVER = 0.70, 0.24, 0.40, 0.52
"""Scripts: their size, how far they are lowered and raised, and how far raised over a subscript."""
NUMERATOR, DENOMINATOR = 0.70, 0.69
ASCENT, DESCENT = 0.72, 0.22
CLEAR = 0.10
ROOT, ROOT_INK = 0.80, 0.92
ACCENTS = {"y": (0.33, 0.0), "m": (0.48, 0.0), "v": (0.32, 0.0), "L": (0.29, 0.18)}
"""Where an accent's middle stands over a letter, and how much higher than over an x; from the font's own table."""
FUNCTION_LETTERS = {"sigmoid": "𝜎"}
UPRIGHT = {"∂": "∂", "…": "…"}


@dataclass(frozen=True)
class Glyphs:
    """A run of text whose baseline begins at (x, y)."""

    x: float
    y: float
    text: str
    pixels: int


@dataclass(frozen=True)
class Bar:
    """A filled rectangle whose top left corner is (x, y)."""

    x: float
    y: float
    width: float
    height: float


Mark: TypeAlias = Glyphs | Bar


@dataclass(frozen=True)
class Box:
    """A laid out formula: its size around the baseline at y = 0, in pixels, and its marks."""

    width: float
    ascent: float
    descent: float
    marks: tuple[Mark, ...] = ()

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def moved(self, dx: float, dy: float = 0.0) -> tuple[Mark, ...]:
        """Its marks, moved."""
        return tuple(
            Glyphs(m.x + dx, m.y + dy, m.text, m.pixels) if isinstance(m, Glyphs)
            else Bar(m.x + dx, m.y + dy, m.width, m.height)
            for m in self.marks
        )  # fmt: skip


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


def space(width: float) -> Box:
    return Box(width, 0, 0)


def row(boxes: Sequence[Box]) -> Box:
    """Boxes side by side on one baseline."""
    x = 0.0
    marks: list[Mark] = []
    for box in boxes:
        marks += box.moved(x)
        x += box.width
    return Box(x, max((b.ascent for b in boxes), default=0), max((b.descent for b in boxes), default=0), tuple(marks))


def column(boxes: Sequence[Box], pitch: float) -> Box:
    """Boxes below one another, centred, their baselines `pitch` apart; the baseline is that of the first."""
    width = max(box.width for box in boxes)
    marks = [mark for i, box in enumerate(boxes) for mark in box.moved((width - box.width) / 2, i * pitch)]
    return Box(width, boxes[0].ascent, (len(boxes) - 1) * pitch + boxes[-1].descent, tuple(marks))


def layout(
    expression: Expression, pixels: int, number: Callable[[float], str], slashed: bool = False, opens: bool = True
) -> Box:
    """The expression at a size in pixels; `number` writes the numbers; `slashed` sets all on one line, closely.
    `opens`: nothing stands to its left, so that a negative number needs no parentheses."""
    return _Layout(number, slashed).box(expression, pixels, opens)


@dataclass(frozen=True)
class _Layout:
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
            case Fraction(numerator, denominator):
                return self.fraction(self.box(numerator, pixels, True), self.box(denominator, pixels, True), pixels)
            case Power(base, exponent):
                above = self.box(exponent, script(pixels), True)
                return self.raised(self.box(base, pixels, False, True), above, pixels)
            case Product(factors):
                return self.product(factors, pixels, opens)
            case Sum(terms):
                return self.sum(terms, pixels, opens, tight)
            case Application("sqrt", (argument,)):
                return self.root(self.box(argument, pixels, True), pixels)
            case Application("abs", (argument,)):
                return row([text_box("|", pixels), self.box(argument, pixels, True), text_box("|", pixels)])
            case Application(function, arguments):
                name = FUNCTION_LETTERS.get(function, function)
                return row([text_box(name, pixels), self.parentheses(self.list(arguments, pixels), pixels)])
            case Matrix(rows):
                raise ValueError(f"a matrix of {len(rows)} rows is laid out by its panel")

    def fraction(self, above: Box, below: Box, pixels: int) -> Box:
        width = max(above.width, below.width) + 0.16 * pixels
        up = NUMERATOR * pixels
        down = max(DENOMINATOR * pixels, below.ascent - (AXIS - RULE / 2 - CLEAR) * pixels)
        bar = Bar(0, -AXIS * pixels - RULE * pixels / 2, width, RULE * pixels)
        marks = (*above.moved((width - above.width) / 2, -up), bar, *below.moved((width - below.width) / 2, down))
        side = 0.06 * pixels
        box = Box(width, up + above.ascent, down + below.descent, marks)
        return row([space(side), box, space(side)])

    def raised(self, base: Box, exponent: Box, pixels: int) -> Box:
        rise = RAISE * pixels
        marks = (*base.marks, *exponent.moved(base.width, -rise))
        return Box(base.width + exponent.width, max(base.ascent, rise + exponent.ascent), base.descent, marks)

    def product(self, factors: Sequence[Expression], pixels: int, opens: bool) -> Box:
        if factors[0] == MINUS_ONE and len(factors) > 1:
            inner = row([text_box("−", pixels), self.product(factors[1:], pixels, False)])
            return inner if opens else self.parentheses(inner, pixels)
        boxes = [self.box(factor, pixels, opens and i == 0, True) for i, factor in enumerate(factors)]
        gap = space((0.04 if self.slashed else 0.18) * pixels)
        dot = row([gap, text_box("·", pixels), gap])
        return row(interleaved(boxes, dot))

    def sum(self, terms: Sequence[Expression], pixels: int, opens: bool, tight: bool) -> Box:
        if len(terms) == 1:
            return self.box(terms[0], pixels, opens, tight)
        first, last, count = folded(terms)
        boxes: list[Box] = []
        for i, term in enumerate(first):
            sign, rest = sign_and_rest(term)
            if i or sign == "-":
                boxes.append(self.operator({"+": "+", "-": "−"}[sign], pixels, i > 0))
            first_of_all = i == 0 and sign == "+" and (opens or tight)
            boxes.append(self.box(rest, pixels, first_of_all, tight=sign == "-" and isinstance(rest, Sum)))
        if last is not None:
            boxes += [text_box(f" + … ({count} terms) + ", pixels), self.box(last, pixels)]
        return self.parentheses(row(boxes), pixels) if tight else row(boxes)

    def operator(self, sign: str, pixels: int, is_binary: bool) -> Box:
        gap = space((0.14 if self.slashed else 0.22) * pixels if is_binary else 0)
        return row([gap, text_box(sign, pixels), gap])

    def list(self, items: Sequence[Expression], pixels: int) -> Box:
        return row(interleaved([self.box(item, pixels, True) for item in items], text_box(", ", pixels)))

    def parentheses(self, inner: Box, pixels: int) -> Box:
        return row([text_box("(", pixels), inner, text_box(")", pixels)])

    def root(self, inner: Box, pixels: int) -> Box:
        """The sign's highest point is the bar's upper edge."""
        sign = text_box("√", pixels)
        bar = Bar(sign.width, -ROOT * pixels, inner.width, RULE * pixels)
        marks = (*sign.moved(0, (ROOT_INK - ROOT) * pixels), bar, *inner.moved(sign.width))
        return Box(sign.width + inner.width, max(inner.ascent, ROOT * pixels), inner.descent, marks)


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


def interleaved(boxes: Sequence[Box], between: Box) -> list[Box]:
    """The boxes with `between` between each two."""
    return [part for i, box in enumerate(boxes) for part in ((between, box) if i else (box,))]


def script(pixels: int) -> int:
    """The size of sub- and superscripts; whole pixels, since the toolkit knows no others."""
    return max(round(SCRIPT * pixels), 8)


def paint(painter: QPainter, box: Box, x: float, baseline: float, color: QColor) -> None:
    """Draw a box with its baseline's left end at (x, baseline)."""
    painter.setPen(color)
    for mark in box.marks:
        if isinstance(mark, Glyphs):
            painter.setFont(math_font(mark.pixels))
            painter.drawText(QPointF(x + mark.x, baseline + mark.y), mark.text)
        else:
            # Snapped to whole pixels, or bars of one row look unequally thick.
            top, height = round(baseline + mark.y), max(round(mark.height), 1)
            painter.fillRect(QRectF(x + mark.x, top, mark.width, height), color)


def paint_centred(painter: QPainter, box: Box, rect: QRectF, color: QColor) -> None:
    """Draw a box in the middle of a rectangle; one without fractions by its figures' height, of several lines by all
    of them."""
    has_bar = any(isinstance(mark, Bar) for mark in box.marks)
    axis = AXIS * _largest(box) if has_bar else (ASCENT - 0.06) * _largest(box) / 2 - _last_baseline(box) / 2
    paint(painter, box, rect.center().x() - box.width / 2, rect.center().y() + axis, color)


def _last_baseline(box: Box) -> float:
    """Where the lowest of several lines stands; 0 for one line."""
    lines = [mark.y for mark in box.marks if isinstance(mark, Glyphs) and mark.pixels == _largest(box)]
    return max(lines, default=0.0)


def _largest(box: Box) -> int:
    return max((mark.pixels for mark in box.marks if isinstance(mark, Glyphs)), default=0)
