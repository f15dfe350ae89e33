"""What nobody caught: Python's exceptions, and what the user is told of them."""

import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox

from gui import text
from gui.log import INTERRUPTED, LOG, LOG_FILE
from gui.main_window import MainWindow
from gui.recovery import Recovery


class Caught(NamedTuple):
    """An exception as it is told: one line, the whole traceback, the places in it, and whether these are new."""

    summary: str
    details: str
    places: frozenset[tuple[str, int]]
    is_new: bool


class Errors(QObject):
    """Takes what nobody caught: it is logged, the session is copied, and each new one is told in a dialog."""

    _taken = Signal(Caught)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._log = folder / LOG_FILE
        self._window: MainWindow | None = None
        self._recovery: Recovery | None = None
        self._known: set[frozenset[tuple[str, int]]] = set()
        self._is_telling = False
        self._taken.connect(self._tell, Qt.ConnectionType.QueuedConnection)  # in this thread, and not while it paints

    def install(self) -> None:
        """Become what Python calls, for this thread and all others."""
        sys.excepthook = self.take
        threading.excepthook = self._take_of_thread

    def serve(self, window: MainWindow, recovery: Recovery) -> None:
        """Tell in this window from now on, and have this recovery copy the session."""
        self._window, self._recovery = window, recovery

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Record an exception and have it told; Ctrl+C ends the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            QCoreApplication.exit(INTERRUPTED)
            return
        caught = self._caught(error, trace)
        self._record(caught)
        if not self._is_telling:  # telling must not end in telling again
            self._taken.emit(caught)

    def _take_of_thread(self, args: threading.ExceptHookArgs) -> None:
        """A thread's exception; SystemExit only ends the thread."""
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self.take(args.exc_type, args.exc_value, args.exc_traceback)

    def _caught(self, error: BaseException, trace: TracebackType | None) -> Caught:
        """Known again by its places: numbers in the message differ, and so does how often a recursion went round."""
        places = frozenset((frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace))
        is_new = places not in self._known
        self._known.add(places)
        summary = "".join(traceback.format_exception_only(error)).strip()
        return Caught(summary, "".join(traceback.format_exception(type(error), error, trace)), places, is_new)

    def _record(self, caught: Caught) -> None:
        """In the log the whole traceback once, later one line."""
        LOG.error("%s", caught.details if caught.is_new else f"again: {caught.summary}")
        print(caught.details, end="", file=sys.stderr, flush=True)

    def _tell(self, caught: Caught) -> None:
        """Copy the session and tell the user; what goes wrong meanwhile is only recorded."""
        if self._window is None or self._recovery is None:
            return
        self._is_telling = True
        try:
            self._window.controller.say(text.went_wrong(caught.summary))
            kept = self._kept(self._recovery)
            if caught.is_new:
                self._show(self._window, caught, kept)
        except Exception as error:
            self._record(self._caught(error, error.__traceback__))
        finally:
            self._is_telling = False

    def _kept(self, recovery: Recovery) -> str:
        """Where the copy of the session and the log are."""
        try:
            return text.copy_kept(str(recovery.save_now()), str(self._log))
        except Exception as error:  # whatever it is, it must not hide what happened first
            self._record(self._caught(error, error.__traceback__))
            return text.no_copy_kept(text.reason(error), str(self._log))

    def _show(self, window: MainWindow, caught: Caught, kept: str) -> None:
        """A dialog that leaves the window usable, so that the user can save."""
        said = text.went_wrong(caught.summary)
        box = QMessageBox(QMessageBox.Icon.Warning, text.WENT_WRONG_TITLE, said, parent=window)
        box.setInformativeText(kept)
        box.setDetailedText(caught.details)
        box.addButton(text.CLOSE, QMessageBox.ButtonRole.AcceptRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setModal(False)
        box.show()
