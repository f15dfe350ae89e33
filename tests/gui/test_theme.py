"""Text can be read on what lies behind it, in both themes."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme import DARK, LIGHT, Theme, ink_on, mix, palette_of, theme_of, ui_font

READABLE = 4.5
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


@both_themes
def test_ink_is_readable_on_every_surface(theme: Theme) -> None:
    surfaces = (theme.surface, theme.window, theme.header, theme.raised, theme.hover)
    inks = (theme.ink, theme.ink_2, theme.ink_3)
    low = [(ink, surface) for ink in inks for surface in surfaces if contrast(ink, surface) < READABLE]
    assert low == []


@both_themes
def test_ink_is_readable_on_the_current_row(theme: Theme) -> None:
    assert all(contrast(ink, theme.accent_tint) >= READABLE for ink in (theme.ink, theme.ink_2, theme.ink_3))


@both_themes
def test_chip_ink_is_readable_on_every_chip(theme: Theme) -> None:
    assert [chip for chip in theme.chips if contrast(theme.chip_ink, chip) < READABLE] == []


@both_themes
def test_ink_is_readable_on_every_band(theme: Theme) -> None:
    assert [band for band in theme.bands if contrast(theme.ink, band) < READABLE] == []


@both_themes
def test_phase_words_are_readable_on_surface_fill_and_tint(theme: Theme) -> None:
    for phase, colors in theme.phases.items():
        assert contrast(colors.text, theme.surface) >= READABLE, phase
        assert contrast(colors.text, colors.tint) >= READABLE, phase
        assert contrast("#FFFFFF", colors.fill) >= READABLE, phase


@both_themes
def test_accent_and_error_are_readable(theme: Theme) -> None:
    assert contrast(theme.accent_on, theme.accent) >= READABLE
    assert contrast(theme.accent, theme.surface) >= READABLE
    assert contrast(theme.error, theme.surface) >= READABLE


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
def test_a_full_weight_stands_out_from_the_surface(theme: Theme) -> None:
    assert contrast(theme.weight(1).name(), theme.surface) >= 3
    assert contrast(theme.weight(-1).name(), theme.surface) >= 3


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


@both_themes
def test_a_widget_finds_its_theme_in_its_palette(application: QApplication, theme: Theme) -> None:
    assert theme_of(palette_of(theme)) is theme


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
