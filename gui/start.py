"""The start: a log, the application, and its window on the screen, still empty.

Nothing of the engine is imported here, nor any panel. They take three times as long to load as Qt does, and whoever has
started the application sees meanwhile that it comes.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QSettings, QStandardPaths, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from gui.appearance import show_theme, systems_theme
from gui.ground import Ground
from gui.icons import application_icon
from gui.log import keep_log, take_message
from gui.ring import Rings
from gui.sizes import enlarge_application
from gui.style import Style
from gui.theme import THEMES, load_fonts, ui_font

NAME = "Chainstep"
DESKTOP_FILE = "chainstep"
"""Name of the menu entry (packaging/chainstep.desktop), by which desktops find the icon of a window."""


class Started(NamedTuple):
    """What there is before the engine: the application, what is kept from one start to the next, the application's own
    folder, and the window."""

    application: QApplication
    settings: QSettings
    folder: Path
    ground: Ground


def start() -> Started:
    """Show the empty window, in the size, place and colours of the last time."""
    folder = data_folder()
    keep_log(folder)
    settings = QSettings(NAME, NAME)
    enlarge_application(settings)
    application = make_application()
    chosen = str(settings.value("theme"))
    if chosen in THEMES:
        show_theme(chosen)
    ground = Ground(settings)
    ground.appear()
    return Started(application, settings, folder, ground)


def data_folder() -> Path:
    """The application's own folder in the user's home, for the log and the recovery copies."""
    QCoreApplication.setApplicationName(NAME)
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))


def make_application() -> QApplication:
    """The application with its style, palette and fonts; without a display it ends the process in one line."""
    qInstallMessageHandler(take_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName(NAME)
    application.setDesktopFileName(DESKTOP_FILE)
    application.setWindowIcon(application_icon())
    application.setStyle(Style())
    load_fonts()
    application.setFont(ui_font(13))
    show_theme(systems_theme(application.styleHints()))
    Rings(application)
    return application
