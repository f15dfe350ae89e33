"""Formulas that the application shows, against figures computed from the font's own tables.

make_formula_references.py says how. A baseline may be a pixel off, since text is set on whole pixels; everything along
the line half a pixel, and over a long line a thousandth of the way.
"""

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from engine import Stepper, open_session
from engine.expressions import Expression
from engine.frame import Frame
from engine.quantities import parse
from gui import formula, text
from gui.formula import Bar, Box, Glyphs
from tests.engine.networks import complete_session
from tests.gui import make_formula_references as maker
from tests.gui.conftest import frame_at, softmax_session

pytestmark = pytest.mark.usefixtures("application")
REFERENCES: dict[str, dict[str, Any]] = json.loads(maker.FIGURES.read_text(encoding="utf-8"))
UP, ALONG, SIZE = 1.0, 0.5, 1.0
PARTS = ("box", "letters", "bars")


def wide_session() -> dict[str, Any]:
    """A neuron with 70 inputs."""
    return complete_session(
        70,
        [{"neurons": 1, "activation": "identity", "bias": "per_neuron"}],
        initial={"kind": "values", "weights": [[[0.1] * 70]], "biases": [[0.2]]},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={"kind": "values", "inputs": [[0.5] * 70], "targets": [[1.0]]},
    )


def formula_of(frame: Frame) -> Expression:
    assert frame.operation is not None
    return frame.operation.formula


def numbers_of(frame: Frame) -> Expression:
    assert frame.operation is not None
    return frame.operation.substitution


def chain_of(frame: Frame) -> Expression:
    assert frame.chain is not None
    return frame.chain.symbols


def mean_gradient(frame: Frame) -> int:
    """The operation that writes the batch's gradient of w1."""
    return (frame.program.writer(parse("grad[w[1,1,1]]"), None) or 0) + 1


def mean_gradient_frame() -> Frame:
    return frame_at(softmax_session(), mean_gradient(frame_at(softmax_session(), 0)))


def last_frame() -> Frame:
    stepper = Stepper(open_session(softmax_session()))
    stepper.seek(1, stepper.frame.program.count)
    return stepper.frame


def layered_weight() -> Expression:
    return frame_at(softmax_session() | {"notation": "layered"}, 0).narrator.symbol(parse("w[1,1,2]"))


SHOWN: dict[str, Callable[[], Expression]] = {
    "chain of dL/dw5": lambda: chain_of(frame_at("seed-003", 11)),
    "weighted sum": lambda: formula_of(frame_at("seed-003", 1)),
    "half squared error": lambda: formula_of(frame_at("seed-003", 7)),
    "sigmoid": lambda: formula_of(frame_at("seed-003", 2)),
    "slope of the output": lambda: formula_of(frame_at("seed-003", 9)),
    "softmax": lambda: formula_of(frame_at(softmax_session(), 12)),
    "negative numbers": lambda: numbers_of(frame_at(softmax_session(), 1)),
    "folded sum": lambda: formula_of(frame_at(wide_session(), 1)),
    "Adam's update": lambda: formula_of(last_frame()),
    "layered weight": layered_weight,
    "gradient of the batch": lambda: mean_gradient_frame().narrator.symbol(parse("grad[w[1,1,1]]")),
    "mean of gradients": lambda: formula_of(mean_gradient_frame()),
}


def letters_of(box: Box) -> list[tuple[str, float, float, int]]:
    """Every letter with its place, baseline and size, from left to right."""
    found = []
    for mark in box.marks:
        if isinstance(mark, Glyphs):
            starts = [formula.text_box(mark.text[:i], mark.pixels).width for i in range(len(mark.text))]
            found += [
                (letter, mark.x + x, mark.y, mark.pixels)
                for letter, x in zip(mark.text, starts, strict=True)
                if letter != " "
            ]
    return sorted(found, key=lambda letter: letter[1:3])


def along(x: float) -> float:
    """How far off a place may be, x pixels from the line's beginning: advances are rounded to 1/64 pixel."""
    return ALONG + 0.002 * x


def wrong_box(box: Box, figure: dict[str, Any]) -> list[str]:
    found = {"width": box.width, "ascent": box.ascent, "descent": box.descent}
    slack = {"width": along(box.width), "ascent": UP, "descent": UP}
    return [
        f"{name} {value:.2f}, {figure[name]:.2f} expected"
        for name, value in found.items()
        if abs(value - figure[name]) > slack[name]
    ]


def wrong_letters(box: Box, figure: dict[str, Any]) -> list[str]:
    found, expected = letters_of(box), sorted(map(tuple, figure["letters"]), key=lambda letter: letter[1:3])
    if sorted(letter for letter, *_ in found) != sorted(letter for letter, *_ in expected):
        return [f"letters {[a for a, *_ in found]}, {[a for a, *_ in expected]} expected"]
    wrong = []
    for letter, x, y, size in expected:
        near = min((f for f in found if f[0] == letter), key=lambda f: abs(f[1] - x) + abs(f[2] - y))
        if abs(near[1] - x) > along(x) or abs(near[2] - y) > UP or abs(near[3] - size) >= SIZE:
            at = f"({near[1]:.2f}, {near[2]:.2f})"
            wrong.append(f"{letter} of {near[3]} pixels at {at}, of {size} at ({x}, {y}) expected")
    return wrong


def wrong_bars(box: Box, figure: dict[str, Any]) -> list[str]:
    bars = sorted((bar.x, bar.y, bar.width, bar.height) for bar in box.marks if isinstance(bar, Bar))
    if len(bars) != len(figure["bars"]):
        return [f"{len(bars)} bars, {len(figure['bars'])} expected"]
    return [
        f"bar {tuple(round(part, 2) for part in bar)}, {expected} expected"
        for bar, expected in zip(bars, figure["bars"], strict=True)
        if any(abs(a - b) > along(bar[0] + bar[2]) for a, b in zip(bar, expected, strict=True))
    ]


WRONG = {"box": wrong_box, "letters": wrong_letters, "bars": wrong_bars}


def wrong_parts(name: str, part: str) -> list[str]:
    """What stands elsewhere than the figures say."""
    figure = REFERENCES[name]
    return WRONG[part](formula.layout(SHOWN[name](), figure["size"], text.number), figure)


def test_the_figures_are_what_the_font_gives() -> None:
    assert maker.references() == REFERENCES
    assert set(SHOWN) == set(REFERENCES)


@pytest.mark.parametrize(("name", "part"), list(product(SHOWN, PARTS)))
def test_a_formula_stands_where_the_font_says(name: str, part: str) -> None:
    assert wrong_parts(name, part) == []


@pytest.mark.parametrize(
    ("measure", "change", "name", "part"),
    [
        ("AXIS", 2 / 18, "chain of dL/dw5", "bars"), ("DROP", -0.24, "weighted sum", "letters"),
        ("NUMERATOR", 0.1, "softmax", "letters"), ("RAISE", -0.2, "half squared error", "letters"),
        ("SCRIPT", 0.1, "sigmoid", "letters"), ("RULE", 0.06, "softmax", "bars"), ("ASCENT", 0.1, "sigmoid", "box"),
    ],
)  # fmt: skip
def test_a_wrong_measure_is_noticed(
    monkeypatch: pytest.MonkeyPatch, measure: str, change: float, name: str, part: str
) -> None:
    """The figures would see an axis 2 pixels too high, subscripts that are not lowered, and the like."""
    assert wrong_parts(name, part) == []
    monkeypatch.setattr(formula, measure, getattr(formula, measure) + change)
    for kept in ("_symbol", "_derivative"):  # what is laid out already has the old one
        monkeypatch.setattr(formula, kept, getattr(formula, kept).__wrapped__)
    assert wrong_parts(name, part) != []
