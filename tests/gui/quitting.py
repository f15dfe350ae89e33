"""Windows that are quit at a random moment of what they do, each in a process of its own.

`python -m tests.gui.quitting FOLDER SEED ...` prints a line for each seed: seed, exit code, seconds. The processes are
forked from one that has imported everything and opened nothing.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from engine import open_session
from engine.files import writing
from engine.program import Unit
from gui import app
from gui.controller import FASTEST, SPEEDS, moves
from gui.export import KINDS, ExportDialog, export
from gui.main_window import MainWindow
from gui.start import start

ROOT = Path(__file__).resolve().parents[2]
LATEST = (120, 120, 600)
"""Milliseconds from the window's first event within which it is quit; within the last the engine's own process is
there."""
PATIENCE = 30
"""Seconds after which a process that hangs is ended; its exit code is then that of the signal."""
SOURCES = ("seed-003", "xor", "iris", "spiral")


def run(window: MainWindow, rng: Random, folder: Path) -> None:
    """As fast as it goes, here and elsewhere, or by a unit, at any speed."""
    moves.LONG = rng.choice((0.0, moves.LONG))
    window.controller.choose_unit(rng.choice(list(Unit)))
    window.controller.choose_speed(rng.choice((FASTEST, *SPEEDS)))
    window.controller.run()


def run_and_pause(window: MainWindow, rng: Random, folder: Path) -> None:
    """In turns."""
    window.controller.choose_speed(FASTEST)
    repeat(window, window.controller.run_or_pause, rng.randint(0, 20))


def go_far(window: MainWindow, rng: Random, folder: Path) -> None:
    """A way of a million iterations."""
    window.controller.seek(10**6)


def edit_and_save(window: MainWindow, rng: Random, folder: Path) -> None:
    """Over and over, also while it runs."""

    def go_on() -> None:
        window.controller.edit("w[1,1,1]", rng.random())
        window.controller.save(folder / f"{rng.randrange(3)}.chainstep.json")
        if rng.random() < 0.5:
            run(window, rng, folder)

    repeat(window, go_on, rng.randint(0, 10))


def write_csv(window: MainWindow, rng: Random, folder: Path) -> None:
    """Of so many iterations that it takes minutes."""
    dialog = ExportDialog(10**6, window)
    dialog.kind.setCurrentText(rng.choice(list(KINDS)))
    export(window.controller.frame.session, dialog, folder / "values.csv", window)


def repeat(window: MainWindow, what: Callable[[], None], interval: int) -> None:
    timer = QTimer(window)
    timer.timeout.connect(what)
    timer.start(interval)


DOINGS = (run, run_and_pause, go_far, edit_and_save, write_csv)


def quit_at_random(seed: int, folder: Path) -> int:
    """Start as a user starts, do something, and quit; what is not saved is saved or discarded. The exit code."""
    rng, doing = Random(seed), DOINGS[seed % len(DOINGS)]
    os.environ.update(HOME=str(folder), XDG_CONFIG_HOME=str(folder / "config"), XDG_DATA_HOME=str(folder / "data"))
    moment = rng.randint(0, rng.choice(LATEST))
    leave = rng.choice((lambda window: window.window().close(), lambda _: QApplication.quit()))
    answer = rng.choice((QMessageBox.StandardButton.Save, QMessageBox.StandardButton.Discard))

    def begun(*args: object) -> MainWindow:
        window = MainWindow(*args)  # type: ignore[arg-type]
        QTimer.singleShot(0, lambda: doing(window, rng, folder))
        QTimer.singleShot(moment, lambda: leave(window))
        window.controller.save(folder / "mine.chainstep.json")  # so that no question for a file follows
        return window

    vars(app).update(MainWindow=begun)
    QMessageBox.question = lambda *_: answer  # type: ignore[method-assign]
    return app.run(start(), rng.choice(SOURCES))


class Quit(NamedTuple):
    """How a process ended."""

    seed: int
    code: int
    seconds: float


def quit_all(folder: Path, seeds: Iterable[int]) -> tuple[list[Quit], str]:
    """How each of the processes ended, and what they wrote to stderr."""
    command = [sys.executable, "-m", "tests.gui.quitting", str(folder), *map(str, seeds)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OPENBLAS_NUM_THREADS": "1"}  # no threads to be forked
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    words = [line.split() for line in done.stdout.splitlines()]
    return [Quit(int(seed), int(code), float(seconds)) for seed, code, seconds in words], done.stderr


def check_quits(folder: Path, seeds: Sequence[int]) -> None:
    """Every process ends by itself and well, and says nothing; what it leaves is whole."""
    ends, errors = quit_all(folder, seeds)
    assert [end for end in ends if end.code != 0] == []
    assert [end.seed for end in ends] == list(seeds)
    assert errors == ""
    for path in folder.rglob("*.chainstep.json"):
        open_session(path)
    assert not [*folder.rglob("*.csv"), *folder.rglob(f"{writing.PREFIX}*"), *folder.rglob("recovery/*")]


def main(folder: Path, seeds: list[int]) -> None:
    for seed in seeds:
        own, begun = folder / str(seed), perf_counter()
        own.mkdir()
        child = os.fork()
        if child == 0:
            signal.alarm(PATIENCE)
            sys.exit(quit_at_random(seed, own))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(seed, code, round(perf_counter() - begun, 3), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(seed) for seed in sys.argv[2:]])
