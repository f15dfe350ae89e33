"""Where it is written what Qt says and what nobody caught: a log of limited size, and the last words of the process."""

import faulthandler
import logging
import os
import sys
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType

from gui.system_packages import missing, needed

LOG = logging.getLogger("chainstep")
LOG.addHandler(logging.NullHandler())
LOG_FILE, CRASH_FILE = "chainstep.log", "crash.log"
LOG_BYTES, LOG_BACKUPS = 2**20, 2
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
KNOWN_MESSAGES = (
    "could not connect to display",
    "xcb-cursor0",
    "Could not load the Qt platform plugin",
    "propagateSizeHints",
)
"""Messages of Qt that are left out: the one line before the exit says it better, or (the last) nobody needs it."""
NO_DISPLAY, INTERRUPTED = 3, 130
"""Exit codes where there is no display to show a window on, and after Ctrl+C."""


class _LateFile(logging.Handler):
    """A file of limited size, opened with the first record: most starts have none, and do not load what it takes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @cached_property
    def _file(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        file = RotatingFileHandler(
            self._path, maxBytes=LOG_BYTES, backupCount=LOG_BACKUPS, encoding="utf-8", delay=True,
            errors="backslashreplace",
        )  # fmt: skip
        file.setFormatter(self.formatter)
        return file

    def emit(self, record: logging.LogRecord) -> None:
        self._file.emit(record)

    def close(self) -> None:
        if "_file" in vars(self):  # there was a record
            self._file.close()
        super().close()


def keep_log(folder: Path) -> None:
    """Write a log of limited size into a folder, and beside it where the process stood when it crashed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = _LateFile(folder / LOG_FILE)
        log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        LOG.addHandler(log)
        faulthandler.enable((folder / CRASH_FILE).open("a", encoding="utf-8"))
    except OSError as error:
        from gui import text  # takes the engine, which the window on the screen does not wait for

        print(f"chainstep: {text.no_log(error)}", file=sys.stderr)


def take_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own messages go to stderr and the log; its last words where it finds no display become one line and an exit
    code. After any other last words Qt ends the process."""
    if kind is QtMsgType.QtFatalMsg and QCoreApplication.startingUp():
        print(f"chainstep: {_no_window()}", file=sys.stderr, flush=True)
        os._exit(NO_DISPLAY)
    if not any(known in message for known in KNOWN_MESSAGES):
        LOG.log(LEVELS[kind], "Qt: %s", message)
        print(f"chainstep: {message}", file=sys.stderr)


def _no_window() -> str:
    """Why there can be no window. Qt itself suggests to reinstall the application, which is not it."""
    from gui import text

    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not display:
        return text.NO_DISPLAY
    packages = missing(needed())
    return text.needs_packages(packages) if packages else text.no_window(display)
