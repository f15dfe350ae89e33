"""Start-up: what takes errors, fonts, style, the first window, and what a crash has left."""

import gc
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QSettings, QStandardPaths, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from engine.files.examples import open_session, open_with_witness
from engine.files.session_file import SessionFileError, Witness
from engine.session import Session
from gui import text
from gui.appearance import show_theme, systems_theme
from gui.controller import FIRST_EXAMPLE, Controller
from gui.errors import Errors, keep_log, take_message
from gui.icons import application_icon
from gui.main_window import MainWindow
from gui.recovery import RECOVERY, Offer, Recovery
from gui.ring import Rings
from gui.sizes import enlarge_application
from gui.style import Style
from gui.theme import THEMES, load_fonts, ui_font

NAME = "Chainstep"
DESKTOP_FILE = "chainstep"
"""Name of the menu entry (packaging/chainstep.desktop), by which desktops find the icon of a window."""


def run(source: str | None, then: Callable[[MainWindow], object] | None = None) -> int:
    """Open a session (an example's name or a path; None for the last one, at first the first example) in a window, and
    do something there once it is shown; returns the exit code."""
    folder = data_folder()
    keep_log(folder)
    errors = Errors(folder)
    errors.install()
    settings = QSettings(NAME, NAME)
    try:
        begun = opened(source, str(settings.value("source") or ""))
        enlarge_application(settings)
        application = make_application()
        # The timer of a long way to the cursor needs the application.
        controller = Controller(begun.session, begun.source, begun.witness)
    except (SessionFileError, ValueError) as error:
        print(f"chainstep: {error}", file=sys.stderr)
        return 2
    chosen = str(settings.value("theme"))
    if chosen in THEMES:
        show_theme(chosen)
    window = MainWindow(controller, settings)
    recovery = Recovery(controller, folder / RECOVERY)
    errors.serve(window, recovery)
    controller.show()
    window.show()
    if begun.problem:
        controller.say(begun.problem)
    elif controller.source == FIRST_EXAMPLE and not controller.said:
        controller.say(text.FIRST_HINT)
    Offer(recovery, controller, folder / RECOVERY, window)
    gc.freeze()
    gc.enable()
    if then is not None:
        QTimer.singleShot(0, partial(then, window))
    status = application.exec()
    if status == 0:
        recovery.end()
    return status


def data_folder() -> Path:
    """The application's own folder in the user's home, for the log and the recovery copies."""
    QCoreApplication.setApplicationName(NAME)
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))


class Begun(NamedTuple):
    """The session to begin with, where it is from, its witness, and why it is not the one of the last time."""

    session: Session
    source: str
    witness: Witness | None
    problem: str = ""


def opened(source: str | None, last: str) -> Begun:
    """What to begin with; a last session that cannot be opened gives way to the first example."""
    name = (last or FIRST_EXAMPLE) if source is None else source
    try:
        session, witness = open_with_witness(name)
    except SessionFileError as error:
        if source is not None:
            raise
        return Begun(open_session(FIRST_EXAMPLE), FIRST_EXAMPLE, None, text.not_opened(error))
    return Begun(session, name, witness)


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
