"""Text can be read on what lies behind it and marks stand out from it, in both themes: by the contrast of WCAG 2."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from gui.appearance import theme_for
from gui.loss.plot import DASHES
from gui.prediction.marks import draw_shown_ring, draw_wrong_ring
from gui.theme import DARK, LIGHT, STRONG, THEMES, Theme, ink_on, mix, palette_of, theme_of, ui_font

READABLE, VISIBLE = 4.5, 3.0
both_themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def luminance(color: str) -> float:
    """The relative luminance of WCAG 2 of #RRGGBB."""
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


SURFACES = ("surface", "window", "header", "raised", "hover")
TEXT = (
    (("ink", "ink_2", "ink_3", "error", "accent"), (*SURFACES, "accent_tint")),
    (("ink", "ink_2", "ink_3", "error"), ("node",)),
    (("ink",), ("bands", "Highlight")),
    (("error",), ("Highlight",)),
    (("chip_ink",), ("chips",)),
    (("accent_on",), ("accent",)),
    (tuple(f"phases.{phase}.text" for phase in LIGHT.phases), ("surface", "header")),
    *(((f"phases.{phase}.text",), (f"phases.{phase}.tint",)) for phase in LIGHT.phases),
    *((("white",), (f"phases.{phase}.fill",)) for phase in LIGHT.phases),
)
"""Which texts stand on which grounds; white is that of the ribbon, Highlight that of a list's chosen row."""
LINES = (
    (("ink", "ink_2", "accent", "error"), ("surface", "accent_tint", "hover")),
    (("faint",), ("surface",)),
    (("positive.1", "negative.1"), ("surface",)),
    (("positive.2", "negative.2"), ("bands",)),
)
"""What is told by a line or mark alone: the cursor, what was written, runs left behind, signs of weights."""
QUIET = {
    "border": "separates only",
    "border_strong": "the words within a field say that it is one",
    "node_line": "the symbol and the number within a neuron say that it is one",
    "zero": "a weight near 0 is thin and pale, as it hardly counts; its number stands in label and table",
    "positive.0": "a weight at rest: the line's dash gives the sign, label and table the number",
    "negative.0": "a weight at rest: the line's dash gives the sign, label and table the number",
    "activation.0": "the number within a neuron is ink_on it, tested below",
    "activation.1": "the number within a neuron is ink_on it, tested below",
}
"""Colours that nothing is read from, and why."""


def leaves(theme: Theme) -> dict[str, str]:
    """Every colour of a theme by its place: ink, chips.0, phases.forward.text."""

    def walk(name: str, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield name, value
        else:
            parts = enumerate(value) if isinstance(value, tuple) else value.items()
            for key, part in parts:
                yield from walk(f"{name}.{key}", part)

    given = {name: value for name, value in asdict(theme).items() if name != "name"}
    return dict(leaf for name, value in given.items() for leaf in walk(name, value))


def colors(theme: Theme, name: str) -> dict[str, str]:
    """The colours that a name of a table means."""
    if name == "white":
        return {name: "#FFFFFF"}
    if name == "Highlight":
        return {name: palette_of(theme).color(QPalette.ColorRole.Highlight).name()}
    return {leaf: color for leaf, color in leaves(theme).items() if leaf == name or leaf.startswith(f"{name}.")}


def low_pairs(theme: Theme, table: Iterable[tuple[Iterable[str], Iterable[str]]], least: float) -> list[str]:
    """The pairs of a table that differ less than they should."""
    return [
        f"{upper} {color} on {lower} {ground}: {contrast(color, ground):.2f}"
        for uppers, lowers in table
        for upper, color in ((leaf, color) for name in uppers for leaf, color in colors(theme, name).items())
        for lower, ground in ((leaf, color) for name in lowers for leaf, color in colors(theme, name).items())
        if contrast(color, ground) < least
    ]


@both_themes
def test_every_text_can_be_read_on_what_it_stands_on(application: QApplication, theme: Theme) -> None:
    assert low_pairs(theme, TEXT, READABLE) == []


@both_themes
def test_every_line_and_mark_that_tells_something_alone_stands_out(application: QApplication, theme: Theme) -> None:
    assert low_pairs(theme, LINES, VISIBLE) == []


@both_themes
def test_every_colour_is_in_a_pair_or_said_to_be_quiet(application: QApplication, theme: Theme) -> None:
    """So that a new one cannot come in unseen."""
    named = [name for table in (TEXT, LINES) for pair in table for names in pair for name in names]
    paired = {leaf for name in named for leaf in colors(theme, name)}
    assert sorted(set(leaves(theme)) - paired - set(QUIET)) == []
    assert sorted(set(QUIET) & paired) == []
    assert sorted(set(QUIET) - set(leaves(theme))) == []
    assert sorted(name for name in named if not colors(theme, name)) == []


@both_themes
def test_the_number_in_a_shaded_neuron_is_readable_at_every_activation(theme: Theme) -> None:
    for share in range(101):
        shade = mix(*theme.activation, share / 100)
        assert contrast(ink_on(shade).name(), shade.name()) >= READABLE, share


@both_themes
def test_the_number_in_a_neuron_below_zero_is_readable(theme: Theme) -> None:
    for share in range(101):
        shade = theme.weight(-share / 100)
        assert contrast(ink_on(shade).name(), shade.name()) >= READABLE, share


@both_themes
def test_the_weight_colours_are_the_palettes_at_their_anchors(theme: Theme) -> None:
    at_rest, full, _ = theme.positive
    assert theme.weight(0.4).name() == at_rest.lower()
    assert theme.weight(1).name() == full.lower() == theme.weight(7).name()
    assert theme.weight(-1).name() == theme.negative[1].lower()
    assert theme.weight(0).name() == theme.zero.lower()


@both_themes
def test_chips_begin_again_after_six(theme: Theme) -> None:
    assert [theme.chip(i).name() for i in range(6, 12)] == [theme.chip(i).name() for i in range(6)]
    assert len({theme.chip(i).name() for i in range(6)}) == 6


@pytest.mark.parametrize("theme", [*THEMES.values(), *STRONG.values()])
def test_a_widget_finds_its_theme_in_its_palette(application: QApplication, theme: Theme) -> None:
    assert theme_of(palette_of(theme)) is theme


class Hints:
    """What a system may say of the contrast that it wants; `wish` None: of a Qt that does not know the question."""

    def __init__(self, wish: Qt.ContrastPreference | None) -> None:
        if wish is not None:
            self.accessibility = lambda: self
            self.contrastPreference = lambda: wish


@both_themes
@pytest.mark.parametrize("wish", [None, *Qt.ContrastPreference])
def test_outlines_are_strong_where_the_system_asks_for_contrast(
    theme: Theme, wish: Qt.ContrastPreference | None
) -> None:
    shown = theme_for(theme.name, Hints(wish))  # type: ignore[arg-type]
    is_strong = wish is Qt.ContrastPreference.HighContrast
    for color in (shown.border_strong, shown.node_line):
        assert (contrast(color, theme.surface) >= READABLE) is is_strong
    assert replace(shown, border_strong=theme.border_strong, node_line=theme.node_line) == theme


@both_themes
def test_disabled_and_placeholder_text_is_readable(application: QApplication, theme: Theme) -> None:
    palette = palette_of(theme)
    for color in (
        palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text), palette.placeholderText().color(),
    ):  # fmt: skip
        assert contrast(QColor(color).name(), theme.surface) >= READABLE


def test_figures_of_the_interface_have_one_width(application: QApplication) -> None:
    from gui.brush import advance

    assert len({round(advance(figure * 10, ui_font(12)), 3) for figure in "0123456789"}) == 1


def covered(draw: Callable[[QPainter], None]) -> list[bool]:
    """Which pixels of a small picture something drawn covers, whatever its colour."""
    image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        draw(painter)
    return [image.pixelColor(x, y).alpha() > 0 for x in range(40) for y in range(40)]


def test_rings_of_wrong_and_of_shown_samples_differ_without_colour(application: QApplication) -> None:
    """As in the legend, where they have one size."""
    at = QPointF(20, 20)
    wrong = covered(lambda painter: draw_wrong_ring(painter, LIGHT, at, 10))
    shown = covered(lambda painter: draw_shown_ring(painter, LIGHT, at, 10))
    assert 0 < sum(wrong) < 0.8 * sum(shown)


def test_the_curves_of_compared_runs_differ_without_colour() -> None:
    assert len(set(DASHES)) == len(DASHES) == 2


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_names_and_borders_stand_out_from_what_lies_behind_data(theme: Theme) -> None:
    """The name of a class on its region; the border of two classes on either side, and where they meet."""
    for place in range(6):
        assert contrast(theme.ink, theme.class_field(place).name()) >= 4.5
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        assert contrast(theme.ink, theme.field(share).name()) >= 3
