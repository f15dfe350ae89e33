"""Sets what stands between equals signs in as many lines as a width asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from PySide6.QtGui import QColor

from engine.expressions import Expression
from gui import formula, text
from gui.brush import Brush
from gui.digits import USUAL

SIZES = (17, 15, 13, 11)
"""Sizes of a part, from the one it should have to the smallest it may have where it is too wide."""
FEWER = 3
GAP, LEADING = 5.0, 7.0


@dataclass(frozen=True)
class Equation:
    """left = part = part ... in a width; each new line begins with its equals sign, below the first one or, where the
    part is too wide for that, further left."""

    parts: Sequence[Expression]
    width: float
    digits: int = USUAL

    @cached_property
    def lines(self) -> list[list[tuple[float, formula.Box]]]:
        """Each line as boxes and where they begin."""
        if not self.parts:
            return []
        first = _box(self.parts[0], self.width, self.digits)
        equals, indent = formula.text_box("=", SIZES[0]), first.width + GAP
        lines, x = [[(0.0, first)]], indent
        for number, part in enumerate(self.parts[1:]):
            room = self.width - equals.width - GAP
            box = _box(part, room - indent, self.digits)
            if number and x + box.width > room:
                lines.append([])
                x = min(indent, max(room - box.width, 0.0))
            lines[-1] += [(x, equals), (x + equals.width + GAP, box)]
            x += equals.width + 2 * GAP + box.width
        return lines

    @property
    def least_width(self) -> float:
        """The width in which the smallest size has room for all digits."""
        number = partial(text.number, digits=self.digits)
        first, *others = (formula.layout(part, SIZES[-1], number) for part in self.parts)
        widest = max((box.width for box in others), default=0.0)
        return first.width * SIZES[0] / SIZES[-1] + formula.text_box("=", SIZES[0]).width + 2 * GAP + widest

    @property
    def height(self) -> float:
        return sum(formula.row([box for _, box in line]).height + LEADING for line in self.lines)

    def draw(self, brush: Brush, x: float, top: float) -> float:
        """Draw it; returns where it ends."""
        for line in self.lines:
            row = formula.row([box for _, box in line])
            for dx, box in line:
                formula.paint(brush.painter, box, x + dx, top + row.ascent, QColor(brush.theme.ink))
            top += row.height + LEADING
        return top


def equation(parts: Iterable[Expression], width: float, digits: int = USUAL) -> Equation:
    """An equation of parts; what is written the same as the part before it is left out."""
    kept: list[Expression] = []
    for part in parts:
        if not kept or part != kept[-1]:
            kept.append(part)
    return Equation(kept, width, digits)


def _box(expression: Expression, width: float, digits: int) -> formula.Box:
    """As large as fits; what is too wide at the smallest size is set closely, with fewer digits."""
    boxes = (formula.layout(expression, pixels, partial(text.number, digits=digits)) for pixels in SIZES)
    fitting = next((box for box in boxes if box.width <= width), None)
    return fitting or formula.layout(expression, SIZES[-1], partial(text.number, digits=min(digits, FEWER)), True)
