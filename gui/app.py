"""Start-up: what takes errors, fonts, style, the first window, and what a crash has left."""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, QStandardPaths, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from engine.files.examples import open_session
from engine.files.session_file import SessionFileError
from engine.session import Session
from gui import text
from gui.controller import FIRST_EXAMPLE, Controller
from gui.errors import Errors, keep_log, take_message
from gui.main_window import MainWindow
from gui.recovery import RECOVERY, Offer, Recovery
from gui.style import Style
from gui.theme import DARK, LIGHT, THEMES, load_fonts, palette_of, ui_font

NAME = "Chainstep"


def run(source: str | None) -> int:
    """Open a session (an example's name or a path; None for the last one, at first the first example) in a window;
    returns the exit code."""
    folder = data_folder()
    keep_log(folder)
    errors = Errors(folder)
    errors.install()
    settings = QSettings(NAME, NAME)
    try:
        begun = opened(source, str(settings.value("source") or ""))
        application = make_application()
        controller = Controller(*begun)  # the timer of a long way to the cursor needs the application
    except (SessionFileError, ValueError) as error:
        print(f"chainstep: {error}", file=sys.stderr)
        return 2
    chosen = THEMES.get(str(settings.value("theme")))
    if chosen is not None:
        application.setPalette(palette_of(chosen))
    window = MainWindow(controller, settings)
    recovery = Recovery(controller, folder / RECOVERY)
    errors.serve(window, recovery)
    controller.show()
    window.show()
    if controller.source == FIRST_EXAMPLE:
        window.statusBar().showMessage(text.FIRST_HINT)
    Offer(recovery, controller, folder / RECOVERY, window)
    status = application.exec()
    if status == 0:
        recovery.end()
    return status


def data_folder() -> Path:
    """The application's own folder in the user's home, for the log and the recovery copies."""
    QCoreApplication.setApplicationName(NAME)
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))


def opened(source: str | None, last: str) -> tuple[Session, str]:
    """The session to begin with and where it is from; a last one that is gone gives way to the first example."""
    if source is not None:
        return open_session(source), source
    try:
        return open_session(last or FIRST_EXAMPLE), last or FIRST_EXAMPLE
    except SessionFileError:
        return open_session(FIRST_EXAMPLE), FIRST_EXAMPLE


def make_application() -> QApplication:
    """The application with its style, palette and fonts; without a display it ends the process in one line."""
    qInstallMessageHandler(take_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName(NAME)
    application.setStyle(Style())
    load_fonts()
    application.setFont(ui_font(13))
    dark = application.styleHints().colorScheme() == Qt.ColorScheme.Dark
    application.setPalette(palette_of(DARK if dark else LIGHT))
    return application
