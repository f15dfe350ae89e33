"""Writes figures/formulas.json: where every letter of some formulas stands, computed from the bundled font alone.

Nothing of the application takes part: advances (hmtx), outlines (glyf) and the constants of the MATH table are read
from the font file, and formulas are set from them by the rules of The TeXbook, appendix G. `MEASURES` are decisions of
this project that no font makes. The figures are made again from the project's folder by
`python -m tests.gui.make_formula_references`; test_formula_references.py sets the same formulas by gui.formula.

Each formula: size; width, ascent, descent in pixels; letters as [letter, x, baseline, size], from left to right; bars
as [x, top, width, height]. x begins at 0, and y at the baseline, downwards.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from struct import iter_unpack, unpack_from
from typing import Any

FONT = Path(__file__).parents[2] / "resources" / "fonts" / "STIXTwoMath-Regular.ttf"
FIGURES = Path(__file__).parent / "figures" / "formulas.json"
SIZE = 18
LETTERS = [*map(chr, range(0x1D44E, 0x1D455)), "ℎ", *map(chr, range(0x1D456, 0x1D468))]  # italic a to z

MEASURES = {
    "numerator": 0.70, "denominator": 0.69,  # fixed, so that neighbouring fractions stand level
    "overhang": 0.08, "beside": 0.06,  # of a fraction's bar, and of free space beside it
    "dot": 0.18, "sign": 0.22,  # space on either side; TeX has 4/18 for both
    "symbol": 0.04,  # behind a symbol without scripts, as much as the font wants behind scripts
}  # fmt: skip

# Where each value stands in the MATH table's constants, in bytes.
CONSTANTS = {
    "axis": 12, "accent_base": 16, "subscript_down": 24, "superscript_up": 36, "script_gap": 52,
    "superscript_bottom": 56, "after_script": 60, "rule": 144, "root_gap": 188, "root_rule": 196,
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """Something set: its size around the baseline, letters (letter, x, y, size), bars (x, top, width, height)."""

    width: float
    ascent: float = 0.0
    descent: float = 0.0
    letters: list[tuple[str, float, float, int]] = field(default_factory=list)
    bars: list[tuple[float, float, float, float]] = field(default_factory=list)

    def moved(self, dx: float, dy: float) -> "Piece":
        return Piece(
            self.width, self.ascent - dy, self.descent + dy,
            [(letter, x + dx, y + dy, size) for letter, x, y, size in self.letters],
            [(x + dx, y + dy, width, height) for x, y, width, height in self.bars],
        )  # fmt: skip


class Font:
    """The tables of a TrueType font that typesetting needs; lengths in em."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        (count,) = unpack_from(">H", data, 4)
        places = {tag: (start, size) for tag, _, start, size in iter_unpack(">4sIII", data[12 : 12 + 16 * count])}
        self.table = {tag.decode(): data[start : start + size] for tag, (start, size) in places.items()}
        (self.units,) = unpack_from(">H", self.table["head"], 18)

    @cached_property
    def glyphs(self) -> dict[str, int]:
        """The glyph of each letter, from the character map of all of Unicode (format 12)."""
        table = self.table["cmap"]
        maps = iter_unpack(">HHI", table[4 : 4 + 8 * unpack_from(">H", table, 2)[0]])
        start = next(offset for platform, encoding, offset in maps if (platform, encoding) == (3, 10))
        (groups,) = unpack_from(">I", table, start + 12)
        ranges = iter_unpack(">III", table[start + 16 : start + 16 + 12 * groups])
        return {chr(code): glyph + code - first for first, last, glyph in ranges for code in range(first, last + 1)}

    def advance(self, letter: str) -> float:
        (count,) = unpack_from(">H", self.table["hhea"], 34)
        (width,) = unpack_from(">H", self.table["hmtx"], 4 * min(self.glyphs[letter], count - 1))
        return float(width) / self.units

    def ink(self, letter: str) -> tuple[float, float]:
        """The lowest and the highest point of a letter."""
        glyph, is_long = self.glyphs[letter], unpack_from(">h", self.table["head"], 50)[0]
        (start,) = unpack_from(">I" if is_long else ">H", self.table["loca"], (4 if is_long else 2) * glyph)
        _, low, _, high = unpack_from(">4h", self.table["glyf"], (1 if is_long else 2) * start + 2)
        return low / self.units, high / self.units

    def constant(self, name: str) -> float:
        (start,) = unpack_from(">H", self.table["MATH"], 4)
        return float(unpack_from(">h", self.table["MATH"], start + CONSTANTS[name])[0]) / self.units

    @property
    def script(self) -> float:
        """How large scripts are."""
        (start,) = unpack_from(">H", self.table["MATH"], 4)
        return float(unpack_from(">h", self.table["MATH"], start)[0]) / 100

    def top(self, letter: str) -> float:
        """Above which point of a letter an accent stands: as its table says, else its middle."""
        math = self.table["MATH"]
        info = unpack_from(">H", math, 6)[0]
        accents = info + unpack_from(">H", math, info + 2)[0]
        coverage = accents + unpack_from(">H", math, accents)[0]
        form, count = unpack_from(">HH", math, coverage)
        assert form == 2
        for first, last, place in iter_unpack(">HHH", math[coverage + 4 : coverage + 4 + 6 * count]):
            if first <= self.glyphs[letter] <= last:
                at = accents + 4 + 4 * (place + self.glyphs[letter] - first)
                return float(unpack_from(">h", math, at)[0]) / self.units
        return self.advance(letter) / 2


font = Font(FONT)
TALLEST, LOWEST = max(font.ink(c)[1] for c in LETTERS), -min(font.ink(c)[0] for c in LETTERS)


def text(words: str, size: int = SIZE) -> Piece:
    """Letters side by side; a line of text is as high as its tallest and as deep as its lowest letter may be."""
    x, letters = 0.0, []
    for letter in words:
        if letter != " ":
            letters.append((letter, x, 0.0, size))
        x += font.advance(letter) * size
    return Piece(x, TALLEST * size, LOWEST * size, letters)


def row(*parts: Piece | str) -> Piece:
    x, pieces = 0.0, []
    for part in parts:
        piece = text(part) if isinstance(part, str) else part
        pieces.append(piece.moved(x, 0))
        x += piece.width
    return merged(x, pieces)


def merged(width: float, pieces: Sequence[Piece]) -> Piece:
    return Piece(
        width, max(p.ascent for p in pieces), max(p.descent for p in pieces),
        [letter for p in pieces for letter in p.letters], [bar for p in pieces for bar in p.bars],
    )  # fmt: skip


def small(size: int) -> int:
    """The size of scripts in whole pixels, since the toolkit has no others; those of scripts once more."""
    return round(font.script * size)


def scripts(base: Piece | str, below: Piece | str = "", above: str = "", size: int = SIZE) -> Piece:
    """With sub- and superscript (TeXbook, rules 18c to 18f, with the font's constants)."""
    nucleus = text(base, size) if isinstance(base, str) else base
    low = text(below, small(size)) if isinstance(below, str) else below
    high = text(above, small(size))
    down, up = font.constant("subscript_down") * size, font.constant("superscript_up") * size
    if low.letters and high.letters:
        bottom = min(font.ink(letter)[0] for letter in above) * small(size)
        top = max(font.ink(letter)[1] * s - y for letter, _, y, s in low.letters)
        down += max(0.0, font.constant("script_gap") * size - ((up + bottom) - (top - down)))
        more = max(0.0, font.constant("superscript_bottom") * size - (up + bottom))
        up, down = up + more, down - more
    placed = [nucleus]
    if low.letters:
        placed.append(low.moved(nucleus.width, down))
    if high.letters:
        placed.append(high.moved(nucleus.width, -up))
    width = nucleus.width + max(low.width, high.width) + font.constant("after_script") * size
    return merged(width, placed)


def bare(letter: Piece | str) -> Piece:
    """A symbol without scripts."""
    return row(letter, Piece(MEASURES["symbol"] * SIZE))


def accented(letter: str, accent: str) -> Piece:
    """The accent's middle over the letter's point for it, and as much higher as the letter is higher than an x."""
    base, over = text(letter), text(accent)
    lift = max(0.0, font.ink(letter)[1] - font.constant("accent_base")) * SIZE
    return merged(base.width, [base, over.moved((font.top(letter) - font.advance(accent) / 2) * SIZE, -lift)])


def fraction(above: Piece | str, below: Piece | str) -> Piece:
    """The bar's middle on the axis, both parts in its middle."""
    over, under = (text(part) if isinstance(part, str) else part for part in (above, below))
    width = max(over.width, under.width) + 2 * MEASURES["overhang"] * SIZE
    thick, side = font.constant("rule") * SIZE, MEASURES["beside"] * SIZE
    bar = (side, -font.constant("axis") * SIZE - thick / 2, width, thick)
    parts = [
        over.moved(side + (width - over.width) / 2, -MEASURES["numerator"] * SIZE),
        under.moved(side + (width - under.width) / 2, MEASURES["denominator"] * SIZE),
    ]
    both = merged(width + 2 * side, parts)
    return Piece(both.width, both.ascent, both.descent, both.letters, [*both.bars, bar])


def root(inner: Piece) -> Piece:
    """The sign's highest point is the bar's upper edge, a gap and the bar above what stands below it (rule 11)."""
    sign, thick = text("√"), font.constant("root_rule") * SIZE
    inside = max(font.ink(letter)[1] * size - y for letter, _, y, size in inner.letters)
    top = inside + font.constant("root_gap") * SIZE + thick
    placed = merged(sign.width + inner.width, [
        sign.moved(0, font.ink("√")[1] * SIZE - top), inner.moved(sign.width, 0),
    ])  # fmt: skip
    bars = [*placed.bars, (sign.width, -top, inner.width, thick)]
    return Piece(placed.width, max(inner.ascent, top), inner.descent, placed.letters, bars)


def between(sign: str, measure: str) -> Piece:
    gap = Piece(MEASURES[measure] * SIZE)
    return row(gap, sign, gap)


def joined(parts: Sequence[Piece | str], sign: Piece) -> Piece:
    return row(*(each for i, part in enumerate(parts) for each in ((sign, part) if i else (part,))))


def product(*factors: Piece | str) -> Piece:
    return joined(factors, between("·", "dot"))


def total(*terms: Piece | str, sign: str = "+") -> Piece:
    return joined(terms, between(sign, "sign"))


def partial(above: Piece | str, below: Piece | str) -> Piece:
    return fraction(row("∂", above), row("∂", below))


def power(base: Piece, exponent: str) -> Piece:
    """A power's exponent has nothing behind it."""
    raised = scripts(base, above=exponent)
    return merged(raised.width - font.constant("after_script") * SIZE, [raised])


def exponential(k: int) -> Piece:
    return row("exp", "(", scripts("𝑧", f"𝑜{k}"), ")")


def moment(letter: str) -> Piece:
    """m or v with a hat, of the last bias: a subscript with a subscript."""
    return scripts(accented(letter, "ˆ"), scripts("𝑏", "7", size=small(SIZE)))


HAT, Z_OUT, W1 = bare(accented("𝑦", "ˆ")), scripts("𝑧", "out"), scripts("𝑤", "1")


def sample_gradient(sample: int) -> Piece:
    return product(fraction("1", "2"), partial(scripts("𝐿", above=f"⟨{sample}⟩"), W1))


def weighted(i: int) -> Piece:
    return product(scripts("𝑤", str(i)), scripts("𝑥", str(i)))


FORMULAS = {
    "chain of dL/dw5": product(partial(bare("𝐿"), HAT), partial(HAT, Z_OUT), partial(Z_OUT, scripts("𝑤", "5"))),
    "weighted sum": total(weighted(1), weighted(2), scripts("𝑏", "1")),
    "half squared error": product("0.5", power(row("(", total(HAT, bare("𝑦"), sign="−"), ")"), "2")),
    "sigmoid": row("𝜎", "(", scripts("𝑧", "ℎ1"), ")"),
    "slope of the output": product(HAT, row("(", total("1", HAT, sign="−"), ")")),
    "softmax": fraction(exponential(1), total(*map(exponential, (1, 2, 3)))),
    "negative numbers": total(product("0.2", "0.5"), product("(−0.4)", "(−1)"), product("0.1", "0.25"), "0.1"),
    "folded sum": row(total(*map(weighted, range(1, 33))), " + … (71 terms) + ", scripts("𝑏", "1")),
    "Adam's update": total(
        scripts("𝑏", "7"), product(bare("𝜂"), moment("𝑚"), fraction("1", total(root(moment("𝑣")), bare("𝜀")))), sign="−"
    ),
    "layered weight": scripts("𝑤", "12", "[1]"),
    "gradient of the batch": partial(bare(accented("𝐿", "¯")), W1),
    "mean of gradients": total(sample_gradient(1), sample_gradient(2)),
}


def references() -> dict[str, dict[str, Any]]:
    """What the file holds."""
    return {name: figures(piece) for name, piece in FORMULAS.items()}


def figures(piece: Piece) -> dict[str, Any]:
    letters = sorted(piece.letters, key=lambda mark: (mark[1], mark[2]))
    return {
        "size": SIZE, "width": round(piece.width, 3), "ascent": round(piece.ascent, 3),
        "descent": round(piece.descent, 3),
        "letters": [[letter, round(x, 3), round(y, 3), size] for letter, x, y, size in letters],
        "bars": [[round(number, 3) for number in bar] for bar in sorted(piece.bars)],
    }  # fmt: skip


def main() -> None:
    """Write the file, one formula a line."""
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(figure, ensure_ascii=False)}"
                       for name, figure in references().items())  # fmt: skip
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
