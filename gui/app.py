"""Start-up: fonts, style, message handler, exception hook, and the first window."""

import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QSettings, QStandardPaths, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from engine.files.examples import open_session
from engine.files.session_file import SessionFileError
from engine.session import Session
from gui import text
from gui.controller import FIRST_EXAMPLE, Controller
from gui.main_window import MainWindow
from gui.style import Style
from gui.theme import DARK, LIGHT, THEMES, load_fonts, palette_of, ui_font

KNOWN_MESSAGES = (
    "could not connect to display",
    "xcb-cursor0",
    "Could not load the Qt platform plugin",
    "propagateSizeHints",
)
"""Messages of Qt that are left out: the one line before the exit says it better, or (the last) nobody needs it."""
NO_DISPLAY = 3
"""Exit code where there is no display to show a window on."""


def run(source: str | None) -> int:
    """Open a session (an example's name or a path; None for the last one, at first the first example) in a window;
    returns the exit code."""
    settings = QSettings("Chainstep", "Chainstep")
    try:
        controller = Controller(*opened(source, str(settings.value("source") or "")))
    except (SessionFileError, ValueError) as error:
        print(f"chainstep: {error}", file=sys.stderr)
        return 2
    application = make_application()
    chosen = THEMES.get(str(settings.value("theme")))
    if chosen is not None:
        application.setPalette(palette_of(chosen))
    window = MainWindow(controller, settings)
    controller.show()
    window.show()
    sys.excepthook = lambda *exception: report(window, *exception)
    if controller.source == FIRST_EXAMPLE:
        window.statusBar().showMessage(text.FIRST_HINT)
    return application.exec()


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
    qInstallMessageHandler(_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Chainstep")
    application.setStyle(Style())
    load_fonts()
    application.setFont(ui_font(13))
    dark = application.styleHints().colorScheme() == Qt.ColorScheme.Dark
    application.setPalette(palette_of(DARK if dark else LIGHT))
    return application


def _message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own messages go to stderr; its last words where it finds no display become one line and an exit code."""
    if kind is QtMsgType.QtFatalMsg:
        print(f"chainstep: {_no_window()}", file=sys.stderr, flush=True)
        os._exit(NO_DISPLAY)
    if not any(known in message for known in KNOWN_MESSAGES):
        print(f"chainstep: {message}", file=sys.stderr)


def _no_window() -> str:
    """Why there can be no window. Qt itself suggests to reinstall the application, which is not it."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not display:
        return "no display to show a window on; the commands work without one, see chainstep --help"
    return f"no window can be shown on display {display}: is it there, and is the package libxcb-cursor0 installed?"


def report(window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught: the traceback goes to stderr and, with a copy of the session, to the application's folder.
    One line says so in the window, and the session stays as it is."""
    traceback.print_exception(kind, error, trace)
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    try:
        rescued = window.controller.rescue(folder)
        with (folder / "errors.log").open("a", encoding="utf-8") as log:
            traceback.print_exception(kind, error, trace, file=log)
    except (OSError, ValueError) as failure:
        window.controller.say(text.went_wrong(error, f"no copy could be saved ({failure})"))
    else:
        window.controller.say(text.went_wrong(error, f"a copy is saved as {rescued}"))
