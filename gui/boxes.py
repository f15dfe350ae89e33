"""Boxes: what a laid out formula is made of, and how boxes stand beside and below one another."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

AXIS, ASCENT, DESCENT = 0.258, 0.72, 0.22
"""Of the font, in em: the height of the equals sign's middle, and how far figures and letters reach."""


class Glyphs(NamedTuple):
    """A run of text whose baseline begins at (x, y), `stretch` times as high as its font has it."""

    x: float
    y: float
    text: str
    pixels: int
    stretch: float = 1.0


class Bar(NamedTuple):
    """A filled rectangle whose top left corner is (x, y)."""

    x: float
    y: float
    width: float
    height: float


Mark: TypeAlias = Glyphs | Bar


class Box(NamedTuple):
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
        if not dx and not dy:
            return self.marks
        return tuple([
            Glyphs(m.x + dx, m.y + dy, m.text, m.pixels, m.stretch) if isinstance(m, Glyphs)
            else Bar(m.x + dx, m.y + dy, m.width, m.height)
            for m in self.marks
        ])  # fmt: skip


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


def column(boxes: Sequence[Box], leading: float, axis: float, indent: float | None = None) -> Box:
    """Boxes below one another, `leading` apart, their middle `axis` above the baseline: centred, or from the left with
    all but the first indented."""
    width = max(box.width + (indent or 0) * (i > 0) for i, box in enumerate(boxes))
    marks: list[Mark] = []
    y = 0.0
    for i, box in enumerate(boxes):
        y += box.ascent
        marks += box.moved((width - box.width) / 2 if indent is None else indent * (i > 0), y)
        y += box.descent + (leading if i < len(boxes) - 1 else 0)
    whole = Box(width, 0, 0, tuple(marks))
    return Box(width, y / 2 + axis, y / 2 - axis, whole.moved(0, -y / 2 - axis))


def interleaved(boxes: Sequence[Box], between: Box) -> list[Box]:
    """The boxes with `between` between each two."""
    return [part for i, box in enumerate(boxes) for part in ((between, box) if i else (box,))]
