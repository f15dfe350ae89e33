"""The application: a session in the window, what takes errors, and what a crash has left."""

import gc
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QTimer

from engine.files.examples import open_session, open_with_witness
from engine.files.session_file import SessionFileError, Witness
from engine.session import Session
from gui import text
from gui.controller import FIRST_EXAMPLE, Controller
from gui.errors import Errors
from gui.main_window import MainWindow
from gui.recovery import RECOVERY, Offer, Recovery
from gui.start import Started


def run(started: Started, source: str | None, then: Callable[[MainWindow], object] | None = None) -> int:
    """Open a session (an example's name or a path; None for the last one, at first the first example) in the window,
    and do something there once it is shown; returns the exit code."""
    application, settings, folder, ground = started
    errors = Errors(folder)
    errors.install()
    try:
        begun = opened(source, str(settings.value("source") or ""))
        controller = Controller(begun.session, begun.source, begun.witness)
    except (SessionFileError, ValueError) as error:
        print(f"chainstep: {error}", file=sys.stderr)
        return 2
    window = MainWindow(controller, settings, ground)
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
