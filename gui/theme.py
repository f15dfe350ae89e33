"""Every colour, font and palette, light and dark.

Four meanings have four places: a thin line carries the sign, a marker stroke behind ink the factor, the ribbon the
phase, and the accent says "here".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from resources import FOLDER

UI_FAMILY, MATH_FAMILY, RESULT_FAMILY = "Inter", "STIX Two Math", "STIX Two Text SemiBold"
FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "STIXTwoMath-Regular.ttf",
    "STIXTwoText-SemiBold.ttf",
)


@dataclass(frozen=True)
class PhaseColors:
    """Text on a surface, fill where work is done, tint where it is still to do."""

    text: str
    fill: str
    tint: str


@dataclass(frozen=True)
class Theme:
    """The colours of one look, as #RRGGBB."""

    name: str
    window: str
    surface: str
    header: str
    raised: str
    hover: str
    border: str
    border_strong: str
    ink: str
    ink_2: str
    ink_3: str
    faint: str
    accent: str
    accent_tint: str
    accent_on: str
    error: str
    node_line: str
    node: str
    chip_ink: str
    chips: tuple[str, ...]
    bands: tuple[str, ...]
    phases: Mapping[str, PhaseColors]
    negative: tuple[str, str, str]
    positive: tuple[str, str, str]
    zero: str
    activation: tuple[str, str]

    def chip(self, place: int) -> QColor:
        """The fill of the chip of factor or term `place`, from 0; after six the colours begin again."""
        return QColor(self.chips[place % 6])

    def band(self, place: int) -> QColor:
        """The broad stroke or fill behind ink on the canvas, for the same `place`."""
        return QColor(self.bands[place % 6])

    def group(self, place: int) -> QColor:
        """The colour of the points of class `place`, from 0, in a plot of the data; they differ by shape too."""
        return QColor((self.negative[1], self.positive[1], self.ink_3)[place % 3])

    def compared(self, place: int) -> QColor:
        """The curve of the first (0) or second (1) of two runs; they differ by dash too."""
        return QColor((self.positive[1], self.negative[1])[place])

    def weight(self, share: float) -> QColor:
        """The colour of a weight that is `share` (-1 to 1) of the largest one."""
        at_rest, full, _ = self.positive if share >= 0 else self.negative
        size = min(abs(share), 1.0)
        if size <= 0.4:
            return mix(self.zero, at_rest, size / 0.4)
        return mix(at_rest, full, (size - 0.4) / 0.6)

    def field(self, share: float) -> QColor:
        """The colour behind data of a value that is `share` (-1 to 1) of the largest: pale, so that marks stand out."""
        _, full, _ = self.positive if share >= 0 else self.negative
        return mix(self.surface, full, FIELD * min(abs(share), 1.0))

    @cached_property
    def field_table(self) -> tuple[int, ...]:
        """The field's 256 colours from -1 to 1, as the toolkit's numbers."""
        return tuple(self.field(place / 127.5 - 1.0).rgb() for place in range(256))

    def class_mark(self, place: int) -> QColor:
        """The fill of a mark that belongs to class `place`, from 0, of several."""
        return self.chip(place)

    def class_field(self, place: int) -> QColor:
        """The same behind data."""
        return mix(self.surface, self.chips[place % 6], CLASS_FIELD)


FIELD, CLASS_FIELD = 0.62, 0.38
"""How much of its colour is left to what lies behind data."""

LIGHT = Theme(
    name="light",
    window="#F3F4F6", surface="#FFFFFF", header="#F9FAFB", raised="#FFFFFF", hover="#EEF0F3",
    border="#E1E4E9", border_strong="#C3C8D1", ink="#1A1D24", ink_2="#474E5C", ink_3="#626A78", faint="#8C93A0",
    accent="#4A4FC4", accent_tint="#EDEEFB", accent_on="#FFFFFF", error="#B3261E",
    node_line="#AEB4BF", node="#FFFFFF", chip_ink="#1A1D24",
    chips=("#F8BE58", "#A9E0FC", "#84CAA9", "#DFAFD5", "#F6EC8C", "#F0967A", "#D3D7DE"),
    bands=("#F8BE58", "#A9E0FC", "#84CAA9", "#DFAFD5", "#F6EC8C", "#F0967A", "#D3D7DE"),
    phases={
        "forward": PhaseColors("#0E7480", "#0E7480", "#DCEEF0"),
        "loss": PhaseColors("#8C6400", "#8C6400", "#F8F0DC"),
        "backward": PhaseColors("#8B3A8F", "#8B3A8F", "#F0E2F1"),
        "update": PhaseColors("#456E1C", "#456E1C", "#E8F1DF"),
    },
    negative=("#E9AE7E", "#B8560B", "#8A3D00"), positive=("#86B4DC", "#1F6FB8", "#124B82"), zero="#C9CDD4",
    activation=("#FFFFFF", "#3C4554"),
)  # fmt: skip

DARK = Theme(
    name="dark",
    window="#14161B", surface="#1B1E25", header="#1F232B", raised="#272C36", hover="#2A2F39",
    border="#2E333D", border_strong="#4A515E", ink="#E9EBEF", ink_2="#B9BFCA", ink_3="#939BA9", faint="#646C7B",
    accent="#A6AAFF", accent_tint="#2B2E4C", accent_on="#14161B", error="#FF9A90",
    node_line="#5A6270", node="#232832", chip_ink="#14161B",
    chips=("#EBA33C", "#79CFF3", "#5FAF8A", "#CB90BF", "#E6E27A", "#E9775A", "#A9B0BC"),
    bands=("#7C5926", "#2C6A86", "#335A49", "#6A2F5C", "#716D1E", "#732F1B", "#444A55"),
    phases={
        "forward": PhaseColors("#55BAC6", "#1D7480", "#1D3B40"),
        "loss": PhaseColors("#D9AE48", "#876317", "#3B3218"),
        "backward": PhaseColors("#D593D9", "#84488A", "#3C2940"),
        "update": PhaseColors("#98C763", "#4C7228", "#2A371D"),
    },
    negative=("#9A602F", "#F49C50", "#FFC08A"), positive=("#3F6E99", "#74B8F2", "#A9D6FA"), zero="#4A505B",
    activation=("#232832", "#C4CAD6"),
)  # fmt: skip

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
STRONG = {theme.name: replace(theme, border_strong=theme.ink_3, node_line=theme.ink_3) for theme in THEMES.values()}
"""The same for those who ask the system for more contrast: outlines of fields and neurons as strong as text."""


def mix(first: str, second: str, share: float) -> QColor:
    """The colour `share` (0 to 1) of the way from the first to the second, in sRGB."""
    a, b = QColor(first), QColor(second)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round((1 - share) * x + share * y) for x, y in pairs))


def ink_on(background: QColor) -> QColor:
    """Black or white, whichever can be read better on a background."""
    red, green, blue = (_linear(p) for p in (background.redF(), background.greenF(), background.blueF()))
    return QColor("#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#FFFFFF")


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def theme_of(palette: QPalette) -> Theme:
    """The theme that a widget is shown in."""
    theme = DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT
    is_strong = palette.color(QPalette.ColorRole.Shadow) == QColor(theme.ink_3)
    return STRONG[theme.name] if is_strong else theme


def palette_of(theme: Theme) -> QPalette:
    """The toolkit's palette for a theme."""
    role, palette = QPalette.ColorRole, QPalette()
    roles = {
        role.Window: theme.window, role.Base: theme.surface, role.AlternateBase: theme.header,
        role.ToolTipBase: theme.raised, role.ToolTipText: theme.ink, role.Button: theme.surface,
        role.Text: theme.ink, role.WindowText: theme.ink, role.ButtonText: theme.ink, role.PlaceholderText: theme.ink_3,
        role.Highlight: mix(theme.accent_tint, theme.accent, 0.15).name(), role.HighlightedText: theme.ink,
        role.Accent: theme.accent,
        role.Link: theme.accent, role.Mid: theme.border, role.Dark: theme.border_strong, role.Light: theme.raised,
        role.Midlight: theme.hover, role.Shadow: theme.border_strong,
    }  # fmt: skip
    for name, color in roles.items():
        palette.setColor(name, QColor(color))
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.ink_3))
    return palette


def load_fonts() -> None:
    """Make the bundled fonts known to Qt; RuntimeError if one cannot be read."""
    for name in FONT_FILES:
        if QFontDatabase.addApplicationFont(str(FOLDER / "fonts" / name)) < 0:
            raise RuntimeError(f"the font {name} could not be loaded")


@lru_cache
def ui_font(pixels: int = 13, weight: int = 400) -> QFont:
    """The interface's font with figures of one width."""
    font = QFont(UI_FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@lru_cache
def math_font(pixels: int, result: bool = False) -> QFont:
    """The font of formulas; `result` is the semibold one of results, which lacks raised figures and ∞."""
    font = QFont()
    font.setFamilies([RESULT_FAMILY, MATH_FAMILY] if result else [MATH_FAMILY])
    font.setPixelSize(pixels)
    return font
