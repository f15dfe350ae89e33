"""The look of the whole application: light or dark, with stronger outlines where the system asks for contrast."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStyleHints
from PySide6.QtWidgets import QApplication

from gui.theme import DARK, LIGHT, STRONG, THEMES, Theme, palette_of


def systems_theme(hints: QStyleHints) -> str:
    """The name of the theme that the system asks for."""
    return (DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT).name


def asks_for_contrast(hints: QStyleHints) -> bool:
    """Whether the system asks for more contrast, which Qt tells from 6.10 on."""
    accessibility = getattr(hints, "accessibility", None)
    return accessibility is not None and accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def theme_for(name: str, hints: QStyleHints) -> Theme:
    """The theme of a name, as the system wishes it."""
    return (STRONG if asks_for_contrast(hints) else THEMES)[name]


def show_theme(name: str) -> None:
    """Show the application in a theme."""
    QApplication.setPalette(palette_of(theme_for(name, QApplication.styleHints())))
