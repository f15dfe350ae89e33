"""Icons, fonts, examples and data that come with the application."""

from pathlib import Path

FOLDER = Path(__file__).parent
