"""A real window in a process of its own: it starts as a user starts it, does what lines on stdin say, and answers on
stdout. Driven is the test's end of it, Hands are at the window."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QMessageBox

from engine.edits import ParameterEdit
from gui import app
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.recovery import Recovery
from gui.start import start

ROOT = Path(__file__).resolve().parents[2]


class Driven:
    """The process. Where it is not awaited it is killed in the end."""

    def __init__(self, home: Path, source: str = "seed-003") -> None:
        own = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_DATA_HOME": home / "data"}
        environment = os.environ | {name: str(path) for name, path in own.items()} | {"QT_QPA_PLATFORM": "offscreen"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.gui.driven", source], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._words, self._answers = self._process.stdin, self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def tell(self, command: str) -> None:
        self._words.write(f"{command}\n")
        self._words.flush()

    def line(self) -> str:
        return self._answers.readline().rstrip("\n")

    def ask(self, command: str) -> str:
        """The line that it answers."""
        self.tell(command)
        return self.line()

    def kill(self) -> list[str]:
        """Kill it at once; returns the lines that it had still written."""
        self._process.kill()
        return self._process.communicate()[0].splitlines() if not self._words.closed else []

    def end(self) -> tuple[int, str]:
        """Wait for it to end by itself; returns its exit code and what it wrote to stderr."""
        _, errors = self._process.communicate(timeout=20)
        return self._process.returncode, errors


class Hands:
    """What can be done at a window; each method is a command. Edits are numbered by their value: 0.001, 0.002 ..."""

    controller: Controller
    window: MainWindow
    recovery: Recovery

    def sit_down(self, *args: object) -> MainWindow:
        self.window = MainWindow(*args)  # type: ignore[arg-type]
        self.controller = self.window.controller
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._obey)
        return self.window

    def look_after(self, *args: object) -> Recovery:
        self.recovery = Recovery(*args)  # type: ignore[arg-type]
        return self.recovery

    def _obey(self) -> None:
        for line in os.read(0, 1000).decode().splitlines():
            command, *words = line.split(maxsplit=1)
            if (answer := getattr(self, command)(*words)) is not None:
                print(answer, flush=True)

    def asked(self) -> str:
        """What the open dialogs say, on one line."""
        return " ".join(f"{box.text()} {box.informativeText()}" for box in self._boxes()).replace("\n", " ")

    def _boxes(self) -> list[QMessageBox]:
        return [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]

    def press(self, name: str) -> str:
        """Press a button of the dialog."""
        next(button for button in self._boxes()[0].buttons() if button.text() == name).click()
        return "pressed"

    def number(self) -> int:
        """The number of the last edit."""
        edits = self.controller.frame.session.edits
        return next((round(1000 * edit.value) for edit in edits if isinstance(edit, ParameterEdit)), 0)

    def edit(self) -> int:
        self.controller.edit("w[2,1,1]", (self.number() + 1) / 1000)
        return self.number()

    def work(self) -> None:
        """Edit without end, but not faster than copies are written, and tell each number."""
        self._timer = QTimer()
        self._timer.timeout.connect(lambda: self.recovery.is_waiting or print(self.edit(), flush=True))
        self._timer.start(0)

    def save(self, path: str) -> bool:
        return self.controller.save(Path(path))

    def cursor(self) -> str:
        return f"{self.controller.frame.cursor.iteration} {self.controller.is_running}"

    def fail(self) -> None:
        QTimer.singleShot(0, planted)

    def interrupt(self) -> None:
        raise KeyboardInterrupt

    def abort(self) -> None:
        os.abort()

    def close(self) -> None:
        QTimer.singleShot(0, self.window.window().close)


def planted() -> None:
    raise RuntimeError("planted")


def main(source: str) -> int:
    """The program's own start; the question on closing is answered with Discard."""
    hands = Hands()
    vars(app).update(MainWindow=hands.sit_down, Recovery=hands.look_after)
    QMessageBox.question = lambda *_: QMessageBox.StandardButton.Discard  # type: ignore[method-assign]
    return app.run(start(), source)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
