"""Work that is not saved has a copy in the application's own folder, for the day the program ends without being asked.

Each window has one copy and holds a lock on it. A copy without its window was left by a crash, and the next start asks
what to do with it. The user's own files are never touched.
"""

import errno
import json
from datetime import datetime
from math import ceil
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.files.session_file import from_text, load, to_text, with_rows
from engine.files.writing import write_text
from engine.session import Session
from gui import text
from gui.controller import Controller
from gui.log import LOG

RECOVERY = "recovery"
"""The folder of the copies, within the application's own."""
EVERY = 30_000
"""Milliseconds between two copies while running."""
REST, LONGEST_REST = 10, 1.0
"""After a copy the next one waits ten times as long as writing took, one second at most."""


class Copy:
    """A session in the recovery folder; beside it the source it belongs to, and the lock of the window that owns it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._source = path.with_name(f"{path.name}.source")
        self._lock = QLockFile(f"{path}.lock")
        self._lock.setStaleLockTime(0)  # however old: it is stale only when its process is gone
        self._belongs: str | None = None

    def claim(self) -> bool:
        """Own it from now on; False where a running window owns it or has just removed it."""
        if not self._lock.tryLock(0):
            return False
        if not self.path.exists():
            self.release()
        return self._lock.isLocked()

    def release(self) -> None:
        """Leave it to whoever starts next."""
        self._lock.unlock()

    def write(self, session: Session, source: str) -> None:
        """Write the session; OSError where that fails, ValueError where it would not read back as the same."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self._lock.isLocked() and not self._lock.tryLock(0):
            raise OSError(errno.EACCES, text.NO_LOCK)
        alone = with_rows(session)
        content = to_text(alone)
        if from_text(content) != alone:
            raise ValueError(text.NOT_THE_SAME)
        if source != self._belongs:
            write_text(self._source, [json.dumps(source)])
            self._belongs = source
        write_text(self.path, [content])

    def read(self) -> tuple[Session, str]:
        """The session and the source it belongs to; ValueError says why it cannot be read."""
        session = load(self.path)
        source = json.loads(self._source.read_bytes()) if self._source.exists() else ""
        return session, str(source)

    def written(self) -> datetime:
        """When it was written the last time."""
        return datetime.fromtimestamp(self.path.stat().st_mtime)

    def remove(self) -> None:
        """Delete it and let it go."""
        self._belongs = None
        self.path.unlink(missing_ok=True)
        self._source.unlink(missing_ok=True)
        self.release()

    def set_aside(self) -> Path:
        """Keep it under a name that is not asked for again, and let it go; returns where it is now."""
        aside = self.path.with_name(f"{self.path.name}.unreadable")
        self.path.replace(aside)
        self.release()
        return aside


def left_in(folder: Path) -> list[Copy]:
    """What crashes have left in a folder, the newest first. They are locked, so that only one window asks for them."""
    copies = [copy for copy in map(Copy, folder.glob(f"*{text.SESSION_SUFFIX}")) if copy.claim()]
    return sorted(copies, key=Copy.written, reverse=True)


class Recovery(QObject):
    """Keeps the copy of a controller's session while there are changes that are not saved."""

    def __init__(self, controller: Controller, folder: Path) -> None:
        super().__init__(controller)
        self._controller = controller
        self._copy = Copy(folder / f"{uuid4().hex}{text.SESSION_SUFFIX}")
        self._kept: Session | None = None
        self._failed, self._rested = False, 0.0
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._follow)
        self._often = QTimer(self, interval=EVERY)
        self._often.timeout.connect(self._follow_the_run)
        self._often.start()
        controller.session_changed.connect(self._plan)

    @property
    def is_waiting(self) -> bool:
        """Whether a change is still to be followed."""
        return self._soon.isActive()

    def save_now(self) -> Path:
        """Write the copy and say where it is; OSError or ValueError where that fails."""
        session = self._controller.frame.session
        if session != self._kept or not self._copy.path.exists():
            begun = perf_counter()
            try:
                self._copy.write(session, self._source())
            finally:
                self._rested = perf_counter() + min(LONGEST_REST, REST * (perf_counter() - begun))
            self._kept = session
        return self._copy.path

    def end(self) -> None:
        """The window was closed in the ordinary way: nothing is left behind."""
        self._soon.stop()
        self._often.stop()
        try:
            self._forget()
        except OSError as error:
            LOG.warning("the recovery copy stays: %s", error)

    def take_over(self, copy: Copy) -> None:
        """Go on with what a crash has left; its copy is this window's from now on. ValueError where it cannot be."""
        session, source = copy.read()
        self._controller.recover(session, source)
        self._soon.stop()  # it is kept already, and the way to its cursor may be long
        self._forget()
        self._copy, self._kept = copy, session

    def _plan(self) -> None:
        """Follow a change once the event loop comes round, or when the last copy has been rested from."""
        if not self.is_waiting:
            self._soon.start(max(0, ceil(1000 * (self._rested - perf_counter()))))

    def _follow(self) -> None:
        """A copy while there are changes, none otherwise. What fails is said once and tried again at the next edit."""
        try:
            if self._controller.is_changed:
                self.save_now()
            else:
                self._forget()
        except (OSError, ValueError) as error:
            LOG.warning("no recovery copy: %s", error)
            if not self._failed:
                self._controller.say(text.no_copy(error))
            self._failed = True
        else:
            self._failed = False

    def _follow_the_run(self) -> None:
        if self._controller.is_running:
            self._follow()

    def _forget(self) -> None:
        self._copy.remove()
        self._kept = None

    def _source(self) -> str:
        """Where the session is from; a file by its full path, for the next start may be in another folder."""
        path = self._controller.path
        return self._controller.source if path is None else str(path.absolute())


class Offer(QObject):
    """Asks, when the program starts, what to do with each session that a crash has left."""

    def __init__(self, recovery: Recovery, controller: Controller, folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._recovery, self._controller, self._window = recovery, controller, window
        self._left = left_in(folder)
        self._ask_next()

    def _ask_next(self) -> None:
        """Ask for the newest one that can be read."""
        while self._left:
            copy = self._left.pop(0)
            try:
                session, source = copy.read()
            except (OSError, ValueError) as error:
                self._set_aside(copy, error)
            else:
                self._ask(copy, text.left(session), text.left_from(source, copy.written()))
                return

    def _ask(self, copy: Copy, what: str, where: str) -> None:
        """Continue, discard, or (Escape, too) not now; the event loop goes on meanwhile."""
        box = QMessageBox(QMessageBox.Icon.Question, text.LEAVE_TITLE, what, parent=self._window)
        box.setInformativeText(where)
        box.setDefaultButton(box.addButton(text.CONTINUE, QMessageBox.ButtonRole.AcceptRole))
        box.addButton(text.DISCARD, QMessageBox.ButtonRole.DestructiveRole)
        box.setEscapeButton(box.addButton(text.NOT_NOW, QMessageBox.ButtonRole.RejectRole))
        box.finished.connect(lambda: self._answered(box, copy))
        box.open()

    def _answered(self, box: QMessageBox, copy: Copy) -> None:
        role = box.buttonRole(box.clickedButton())
        box.deleteLater()
        if role == QMessageBox.ButtonRole.AcceptRole:
            self._continue(copy)
            return
        if role == QMessageBox.ButtonRole.DestructiveRole:
            copy.remove()
        else:
            copy.release()
        self._ask_next()

    def _continue(self, copy: Copy) -> None:
        """Go on with a session; what else was left stays for the next start."""
        try:
            self._recovery.take_over(copy)
        except (OSError, ValueError) as error:
            self._set_aside(copy, error)
            self._ask_next()
            return
        while self._left:
            self._left.pop().release()

    def _set_aside(self, copy: Copy, error: Exception) -> None:
        """Keep what cannot be read, and say so."""
        try:
            self._controller.say(text.unreadable(error, copy.set_aside()))
        except OSError as failure:
            LOG.warning("not set aside: %s", failure)
            self._controller.say(text.unreadable(error, copy.path))
