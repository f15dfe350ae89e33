"""How formulas are set: fonts, sizes and places of every mark."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QTextLayout
from PySide6.QtWidgets import QApplication

from engine import Stepper, open_session
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
    negative,
)
from gui import formula, text
from gui.formula import Bar, Box, Glyphs, layout
from gui.theme import MATH_FAMILY, RESULT_FAMILY, UI_FAMILY, math_font, ui_font
from tests.engine.networks import random_session
from tests.gui.conftest import softmax_session
from tests.gui.recording import letters

pytestmark = pytest.mark.usefixtures("application")

W1, W5, X1 = (Symbol("w", "1", tight=True), Symbol("w", "5", tight=True), Symbol("x", "1", tight=True))
DELTA, PREDICTION, LOSS = Symbol("δ", "h1"), Symbol("y", accent="hat"), Symbol("L")
GRADIENT = Fraction(Symbol("L", differential=True), Symbol("w", "1", tight=True, differential=True))
LAYERED = Symbol("w", "21", superscript="[1]")
SAMPLE = Symbol("w", "21", superscript="[1]", sample=3)


def set_at(expression: Expression, pixels: int = 18, slashed: bool = False) -> Box:
    return layout(expression, pixels, text.number, slashed)


def glyphs(box: Box) -> list[Glyphs]:
    return [mark for mark in box.marks if isinstance(mark, Glyphs)]


def bars(box: Box) -> list[Bar]:
    return [mark for mark in box.marks if isinstance(mark, Bar)]


def line(box: Box) -> str:
    """Its letters from left to right."""
    return "".join(letters(mark.text) for mark in sorted(glyphs(box), key=lambda mark: mark.x))


def ink(mark: Glyphs) -> QRectF:
    """The rectangle that the letters really fill."""
    path = QPainterPath()
    path.addText(QPointF(mark.x, mark.y), math_font(mark.pixels), mark.text)
    return path.boundingRect()


def fonts_of(words: str, family_of: str, pixels: int = 18, result: bool = False) -> set[str]:
    """The families that the letters really come from."""
    font = ui_font(pixels) if family_of == UI_FAMILY else math_font(pixels, result)
    setting = QTextLayout(words, font)
    setting.beginLayout()
    setting.createLine()
    setting.endLayout()
    return {run.rawFont().familyName() for run in setting.glyphRuns()}


def expressions_of(stepper: Stepper, every: int) -> Iterator[Expression]:
    """What the panels typeset for an iteration: operations, their factors, the chains."""
    for operation in range(1, stepper.frame.program.count + 1, every):
        stepper.seek(1, operation)
        shown, chain = stepper.frame.operation, stepper.frame.chain
        assert shown is not None
        yield from (shown.symbol, shown.formula, shown.substitution)
        if chain is not None:
            yield chain.symbols
            for link in chain.links:
                yield from (link.factor.symbol, link.rule, stepper.frame.narrator.symbol(link.reached))


@pytest.mark.parametrize("notation", ["sequential", "indexed", "layered"])
def test_every_letter_of_a_formula_comes_from_the_bundled_font(notation: str) -> None:
    """With a letter missing, Qt would take it silently from another font."""
    sessions = [softmax_session(), *(random_session(Random(seed)) for seed in range(6))]
    words: set[str] = set()
    for session in sessions:
        for expression in expressions_of(Stepper(open_session(session | {"notation": notation})), 7):
            for slashed in (False, True):
                words |= {mark.text for mark in glyphs(set_at(expression, 18, slashed))}
    assert len(words) > 50
    strange = {word: found for word in words if (found := fonts_of(word, MATH_FAMILY)) != {MATH_FAMILY}}
    assert strange == {}


@pytest.mark.parametrize("words", ["σ tanh softmax ln exp sqrt max relu", "∂δηβεŷ⟨3⟩[1]", "·−+=←/|√…(),", "–∞"])
def test_signs_of_formulas_come_from_the_bundled_font(words: str) -> None:
    assert fonts_of("".join(words.split()), MATH_FAMILY) == {MATH_FAMILY}


def test_every_italic_letter_comes_from_the_bundled_font() -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZαβγδεζηθικλμνξοπρςστυφχψω"
    for letter in alphabet:
        assert fonts_of(formula.italic(letter), MATH_FAMILY) == {MATH_FAMILY}, letter


def test_results_and_words_come_from_the_bundled_fonts() -> None:
    numbers = "0.00066840 −1.2346 · 10⁻⁵ – ∞ not a number"
    assert fonts_of("0123456789.−·–", RESULT_FAMILY, result=True) == {RESULT_FAMILY}
    assert fonts_of(numbers, RESULT_FAMILY, result=True) == {RESULT_FAMILY, MATH_FAMILY}
    sentences = " ".join(word for rule in text.RULES.values() for word in rule) + numbers + "×←→…"
    assert fonts_of(sentences, UI_FAMILY) == {UI_FAMILY}


def test_letters_are_italic_and_italic_h_is_plancks() -> None:
    assert formula.italic("h") == "\u210e"
    assert formula.italic("w") == "𝑤"
    assert formula.italic("L") == "𝐿"
    assert formula.italic("δ") == "𝛿"
    assert formula.italic("1") == "1"
    every = {formula.italic(letter) for letter in "abcdefghijklmnopqrstuvwxyz"}
    assert len(every) == 26
    assert not any(0x61 <= ord(letter) <= 0x7A for letter in every)


def test_derivatives_have_an_upright_d() -> None:
    assert glyphs(set_at(GRADIENT))[0].text == "∂"


@pytest.mark.parametrize("pixels", [13, 15, 17, 18, 21])
def test_the_bar_of_a_fraction_lies_on_the_axis_between_its_parts(pixels: int) -> None:
    box = set_at(GRADIENT, pixels)
    (bar,) = bars(box)
    assert bar.y + bar.height / 2 == pytest.approx(-formula.AXIS * pixels)
    above = [mark for mark in glyphs(box) if mark.y < bar.y]
    below = [mark for mark in glyphs(box) if mark.y > bar.y]
    assert letters("".join(mark.text for mark in above)) == "∂L"
    assert letters("".join(mark.text for mark in below)) == "∂w1"
    assert max(ink(mark).bottom() for mark in above) < bar.y
    assert min(ink(mark).top() for mark in below) > bar.y + bar.height


@pytest.mark.parametrize("pixels", [13, 15, 17, 18, 21])
def test_both_parts_of_a_fraction_are_centred_and_within_its_bar(pixels: int) -> None:
    wide = Fraction(Number(1), Sum((Number(1), negative(Power(Symbol("β", "1", tight=True), Symbol("t"))))))
    box = set_at(wide, pixels)
    (bar,) = bars(box)
    for mark in glyphs(box):
        area = ink(mark)
        assert bar.x <= area.left() + 0.5
        assert area.right() <= bar.x + bar.width + 0.5
    one = ink(glyphs(box)[0])
    assert one.center().x() == pytest.approx(bar.x + bar.width / 2, abs=0.08 * pixels)


@pytest.mark.parametrize("pixels", [14, 15, 18, 21])
@pytest.mark.parametrize("symbol", [LAYERED, SAMPLE, Symbol("δ", "j", superscript="[2]"), Symbol("b", "12", "[1]")])
def test_sub_and_superscript_do_not_collide(symbol: Symbol, pixels: int) -> None:
    marks = glyphs(set_at(symbol, pixels))
    below = [ink(mark) for mark in marks if mark.y > 0]
    above = [ink(mark) for mark in marks if mark.y < 0]
    assert below
    assert above
    assert not any(low.intersects(high) for low in below for high in above)
    assert max(high.bottom() for high in above) < min(low.top() for low in below)


def test_scripts_are_smaller_and_stand_low_and_high() -> None:
    base, lowered, raised = glyphs(set_at(LAYERED, 18))
    assert (base.pixels, lowered.pixels, raised.pixels) == (18, 13, 13)
    assert raised.y < base.y < lowered.y


@pytest.mark.parametrize(
    "expression",
    [
        Sum((Product((W1, X1)), Product((W5, DELTA)), Symbol("b", "1", tight=True))), Product((GRADIENT, W5, X1)),
        PREDICTION, LAYERED, Symbol("v", Symbol("w", "3", tight=True), accent="hat"), Number(-0.25),
        Application("softmax", (LOSS, W1)), Symbol("L", accent="bar", differential=True),
    ],
)  # fmt: skip
def test_no_two_letters_of_a_line_overlap(expression: Expression) -> None:
    areas = [(mark, ink(mark)) for mark in glyphs(set_at(expression))]
    touching = [
        (a.text, b.text)
        for (a, first), (b, second) in combinations(areas, 2)
        if first.adjusted(0.6, 0.6, -0.6, -0.6).intersects(second.adjusted(0.6, 0.6, -0.6, -0.6))
        and "∂" not in (a.text, b.text)  # whose top leans over the next letter
    ]
    assert touching == []


@pytest.mark.parametrize("expression", [PREDICTION, GRADIENT, LAYERED, Number(0.5), Product((W1, X1))])
def test_a_box_holds_its_letters(expression: Expression) -> None:
    box = set_at(expression)
    for mark in glyphs(box):
        area = ink(mark)
        assert area.left() >= -1
        assert area.right() <= box.width + 1
        assert area.top() >= -box.ascent - 1
        assert area.bottom() <= box.descent + 1


def test_widths_add_up_in_a_row() -> None:
    parts = [set_at(part) for part in (W1, GRADIENT, Number(0.5))]
    both = formula.row(parts)
    assert both.width == pytest.approx(sum(part.width for part in parts))
    assert len(both.marks) == sum(len(part.marks) for part in parts)
    assert (both.ascent, both.descent) == (max(p.ascent for p in parts), max(p.descent for p in parts))


def test_a_product_is_as_wide_as_its_factors_and_dots() -> None:
    factors = (W1, X1, GRADIENT)
    dot = set_at(Product((W1, X1))).width - set_at(W1).width - set_at(X1).width
    assert dot > 0
    assert set_at(Product(factors)).width == pytest.approx(sum(set_at(f).width for f in factors) + 2 * dot)


def test_width_grows_with_the_size() -> None:
    widths = [set_at(Product((W1, GRADIENT)), pixels).width for pixels in (13, 15, 17, 18, 21)]
    assert widths == sorted(widths)
    assert len(set(widths)) == 5


def test_an_accent_stands_over_its_letter() -> None:
    for symbol in (PREDICTION, Symbol("L", accent="bar"), Symbol("m", accent="hat")):
        letter, accent = glyphs(set_at(symbol))
        below, above = ink(letter), ink(accent)
        assert above.bottom() <= below.top() + 0.5, symbol
        assert abs(above.center().x() - below.center().x()) < 0.2 * 18, symbol


LINES: Sequence[tuple[Expression, str]] = [
    (Number(-0.5), "−0.5"),
    (Product((Number(-0.5), Number(0.25))), "−0.5·0.25"),
    (Product((Number(0.25), Number(-0.5))), "0.25·(−0.5)"),
    (Sum((Number(0.5), Number(-0.25))), "0.5+(−0.25)"),
    (Sum((Number(-0.5), Number(0.25))), "−0.5+0.25"),
    (Sum((W1, negative(Symbol("η"), X1))), "w1−η·x1"),
    (negative(Symbol("η"), X1), "−η·x1"),
    (Product((W1, negative(X1))), "w1·(−x1)"),
    (Product((PREDICTION, Sum((Number(1), negative(PREDICTION))))), "yˆ·(1−yˆ)"),
    (Product((MINUS_ONE, Sum((W1, X1)))), "−(w1+x1)"),
    (Product((Number(-1.0), Number(0.05))), "−1·0.05"),  # a weight of -1, and no sign
    (negative(Number(0.05)), "−0.05"),
    (Sum((W1, Product((Number(-1.0), X1)))), "w1+(−1)·x1"),
    (Power(Sum((PREDICTION, negative(Symbol("y")))), Number(2)), "(yˆ−y)2"),
    (Power(Number(-0.5), Number(2)), "(−0.5)2"),
    (Application("sigmoid", (Number(-0.5),)), "σ(−0.5)"),
    (Application("softmax", (W1, X1)), "softmax(w1,x1)"),
    (Application("abs", (Number(-0.5),)), "|−0.5|"),
    (Symbol("L", differential=True, sample=3), "∂L⟨3⟩"),
]


@pytest.mark.parametrize(("expression", "written"), LINES, ids=[written for _, written in LINES])
def test_parentheses_stand_where_they_are_needed(expression: Expression, written: str) -> None:
    assert line(set_at(expression)) == written


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (GRADIENT, "∂L/∂w1"),
        (Fraction(W1, Product((X1, W5))), "w1/(x1·w5)"),
        (Fraction(W1, GRADIENT), "w1/(∂L/∂w1)"),
        (Fraction(W1, Sum((X1, W5))), "w1/(x1+w5)"),
        (Fraction(Sum((X1, W5)), W1), "(x1+w5)/w1"),
        (Fraction(Number(1), Number(-2)), "1/(−2)"),
        (Product((Fraction(Number(1), Number(2)), X1)), "1/2·x1"),
    ],
)
def test_on_one_line_a_denominator_is_bracketed_where_it_is_a_product(expression: Expression, written: str) -> None:
    box = set_at(expression, slashed=True)
    assert line(box) == written
    assert bars(box) == []
    assert {mark.y for mark in glyphs(box) if mark.pixels == 18} == {0}


def test_a_root_has_a_bar_over_its_argument() -> None:
    box = set_at(Application("sqrt", (Symbol("v"),)))
    (bar,) = bars(box)
    sign, letter = glyphs(box)
    assert sign.text == "√"
    assert bar.y < ink(letter).top()
    assert bar.x <= letter.x
    assert bar.x + bar.width == pytest.approx(box.width)


SLOPE = Fraction(GRADIENT, Number(2))


def stretched_ink(mark: Glyphs) -> QRectF:
    """The rectangle that stretched letters fill."""
    plain = ink(Glyphs(mark.x, 0, mark.text, mark.pixels))
    return QRectF(plain.left(), mark.y + plain.top() * mark.stretch, plain.width(), plain.height() * mark.stretch)


@pytest.mark.parametrize("pixels", [13, 18, 36])
@pytest.mark.parametrize(
    ("expression", "signs"),
    [
        (Application("tanh", (GRADIENT,)), "()"), (Product((W1, Sum((GRADIENT, W5)))), "()"),
        (Application("abs", (GRADIENT,)), "||"), (Power(GRADIENT, Number(2)), "()"),
    ],
)  # fmt: skip
def test_signs_around_a_fraction_grow_with_it(expression: Expression, signs: str, pixels: int) -> None:
    """They reach over nine tenths of it, and as far up from the axis as down."""
    box = set_at(expression, pixels)
    before, behind = (mark for mark in glyphs(box) if mark.text in signs)
    inner = [ink(mark) for mark in glyphs(box) if before.x < mark.x < behind.x and mark.text not in signs]
    height = max(area.bottom() for area in inner) - min(area.top() for area in inner)
    for sign in (before, behind):
        area = stretched_ink(sign)
        assert area.height() >= 0.9 * height
        assert area.center().y() == pytest.approx(-formula.AXIS * pixels, abs=0.06 * pixels)


def test_signs_around_one_line_do_not_grow() -> None:
    logarithm, square = Application("ln", (PREDICTION,)), Power(Sum((W1, X1)), W5)
    for expression in (logarithm, square, Product((W1, Sum((LAYERED, DELTA))))):
        assert {mark.stretch for mark in glyphs(set_at(expression))} == {1.0}


@pytest.mark.parametrize("expression", [GRADIENT, SLOPE])
def test_the_bar_of_a_root_lies_above_a_fraction_and_its_sign_reaches_below(expression: Expression) -> None:
    box = set_at(Application("sqrt", (expression,)))
    top = min(bars(box), key=lambda bar: bar.y)
    sign, *inner = glyphs(box)
    assert top.y + top.height <= min(ink(mark).top() for mark in inner)
    assert stretched_ink(sign).top() == pytest.approx(top.y, abs=0.5)
    assert stretched_ink(sign).bottom() >= max(ink(mark).bottom() for mark in inner) - 1


def test_a_fraction_in_a_numerator_stands_above_the_bar() -> None:
    box = set_at(SLOPE)
    lowest = max(bars(box), key=lambda bar: bar.y)
    above = [mark for mark in glyphs(box) if mark.text != "2"]
    assert max(ink(mark).bottom() for mark in above) < lowest.y


def test_a_power_of_a_product_or_a_fraction_has_parentheses() -> None:
    assert line(set_at(Power(Product((W1, X1)), Number(2)))) == "(w1·x1)2"
    assert line(set_at(Power(GRADIENT, Number(2)), slashed=True)) == "(∂L/∂w1)2"


def test_a_long_sum_is_folded_and_counted() -> None:
    terms = tuple(Symbol("x", str(i), tight=True) for i in range(1, 101))
    drawn = line(set_at(Sum(terms)))
    assert drawn.startswith("x1+x2+")
    assert "…(100terms)" in drawn
    assert drawn.endswith("x100")


def test_a_matrix_is_left_to_its_panel() -> None:
    with pytest.raises(ValueError, match="matrix"):
        set_at(Matrix(((W1,),)))


def test_painting_centres_a_formula(application: QApplication) -> None:
    """The ink's middle lies in the rectangle's middle, with and without a fraction bar."""
    rect = QRectF(0, 0, 200, 100)
    for expression in (GRADIENT, Number(0.4), Product((Number(0.25), Number(3)))):
        image = QImage(200, 100, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor("white"))
        painter = QPainter(image)
        formula.paint_centred(painter, set_at(expression, 18), rect, QColor("black"))
        painter.end()
        rows = [y for y in range(100) if any(image.pixelColor(x, y).lightness() < 128 for x in range(200))]
        columns = [x for x in range(200) if any(image.pixelColor(x, y).lightness() < 128 for y in rows)]
        assert abs((columns[0] + columns[-1]) / 2 - 100) < 2.5
        assert abs((rows[0] + rows[-1]) / 2 - 50) < 3


def test_painting_gives_the_same_points_as_qt_words_drawn_one_by_one(application: QApplication) -> None:
    expressions: Sequence[Expression] = GRADIENT, Product((Number(-0.25), W5)), Sum((PREDICTION, Number(1e-9)))
    for row, expression in enumerate(expressions):
        box, images = set_at(expression, 14 + row), []
        for is_plain in (True, False):
            image = QImage(300, 60, QImage.Format.Format_RGB32)
            image.fill(QColor("white"))
            with QPainter(image) as painter:
                formula.paint(painter, Box(0, 0, 0, tuple(bars(box))) if is_plain else box, 10.3, 30.0, QColor("black"))
                for mark in glyphs(box) if is_plain else ():
                    painter.setFont(math_font(mark.pixels))
                    painter.drawText(QPointF(10.3 + mark.x, 30.0 + mark.y), mark.text)
            images.append(image)
        assert glyphs(box)
        assert images[0] == images[1]
