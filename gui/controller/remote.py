"""The engine in a process of its own, which computes a long run while the window draws it: the other end of
engine.runner."""

import pickle
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal

from engine.runner import LENGTH
from engine.running import Departure, Halt, Order, Passage, Report

RUNNER = "--runner"
"""The word by which the bundle, which has no `python -m`, becomes that process."""
PACKAGES = Path(__file__).parents[2]
"""Where `python -m` finds the engine, beside this package."""
PATIENCE = 1000
"""Milliseconds to wait for a process that was told to end."""


class Remote(QObject):
    """One run after the other in one process, which begins when it is first asked for.

    `lost` says that it has ended by itself or could not be begun; there is no other one then.
    """

    lost = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._is_ready, self._number, self._awaited = False, 0, 0
        self._passage: Passage | None = None

    def is_ready(self) -> bool:
        """Whether the process is there; the first question begins it."""
        if self._process is None:
            self._begin()
        return self._is_ready

    def _begin(self) -> None:
        self._process = process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.setWorkingDirectory(str(PACKAGES))
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._lose)
        process.errorOccurred.connect(self._lose)
        self.destroyed.connect(partial(end, process))
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self._end)
        process.start(sys.executable, [RUNNER] if getattr(sys, "frozen", False) else ["-m", "engine.runner"])

    def depart(self, departure: Departure) -> None:
        """Compute this run, from now on and no other."""
        self._forget()
        self._order(departure._replace(number=self._number))

    def ask(self, stride: int) -> None:
        """For a passage, which some time later is there to be taken; see Report."""
        self._order(Report(stride))

    def taken(self) -> Passage | None:
        """The passage asked for, if it is there, handed out once."""
        passage, self._passage = self._passage, None
        return passage

    def halt(self) -> None:
        """Compute no more; what was not taken is dropped."""
        if self._is_ready:
            self._forget()
            self._order(Halt())

    def _forget(self) -> None:
        """Passages that are still on their way are of a run that is left."""
        self._number, self._passage = self._number + 1, None

    def _end(self) -> None:
        if self._process is not None:
            end(self._process)

    def _order(self, order: Order) -> None:
        if self._process is not None:
            self._process.write(pickle.dumps(order, pickle.HIGHEST_PROTOCOL))

    def _read(self) -> None:
        """What has come in whole."""
        process = self._process
        while process is not None and process.bytesAvailable() >= (self._awaited or LENGTH):
            if not self._awaited:
                self._awaited = int.from_bytes(process.read(LENGTH).data(), "little")
                continue
            content, self._awaited = process.read(self._awaited).data(), 0
            self._take(pickle.loads(content))

    def _take(self, answer: Passage | None) -> None:
        self._is_ready = True
        if answer is not None and answer.number == self._number:
            self._passage = answer

    def _lose(self, *_: object) -> None:
        """Qt may tell it twice: that it crashed, and that it has ended."""
        if self._process is not None:
            self._process.blockSignals(True)
        self._is_ready = False
        self.lost.emit()


def end(process: QProcess) -> None:
    """End a process that nobody needs any more."""
    process.blockSignals(True)
    process.kill()
    process.waitForFinished(PATIENCE)
