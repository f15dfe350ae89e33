"""How the program starts and how it refuses to, each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.commands import COMMANDS
from engine.files.examples import EXAMPLES, SUFFIX
from gui.app import opened
from gui.controller import Controller
from gui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
NO_DISPLAY, BAD_SESSION = 3, 2
LIST_MODULES = """
import sys
from gui.__main__ import main
sys.argv = ["chainstep", *sys.argv[1:]]
status = main()
print(*(name for name in sys.modules if name.startswith(("PySide6", "shiboken6", "pyqtgraph"))), file=sys.stderr)
sys.exit(status)
"""


def environment(home: Path, platform: str | None) -> dict[str, str]:
    """The environment without a display, with settings of its own, on a platform of Qt or its own choice."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    kept |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}
    return kept | ({"QT_QPA_PLATFORM": platform} if platform else {})


def chainstep(home: Path, *words: str, platform: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gui", *words],
        cwd=ROOT, env=environment(home, platform), capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("platform", ["xcb", None])
@pytest.mark.parametrize("words", [[], ["seed-003"]], ids=["first start", "an example"])
def test_without_a_display_it_says_so_in_one_line(tmp_path: Path, platform: str | None, words: list[str]) -> None:
    result = chainstep(tmp_path, *words, platform=platform)
    assert result.returncode == NO_DISPLAY, result.stderr
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith("chainstep: no display")


@pytest.mark.parametrize("name", ["no-such.chainstep.json", "sede-003", "a folder", ""])
def test_a_session_that_is_not_there_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "a folder").mkdir()
    words = [str(tmp_path / name) if name == "a folder" else name]
    check_refused(chainstep(tmp_path, *words, platform="offscreen"))
    check_refused(chainstep(tmp_path, *words))  # and no window is opened for it


@pytest.mark.parametrize("content", [b"", b"no JSON", b"{}", b'{"format": "chainstep-session", "version": 9}', b"\xff"])
def test_a_bad_session_file_is_one_line_that_names_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.chainstep.json"
    path.write_bytes(content)
    result = chainstep(tmp_path, str(path), platform="offscreen")
    check_refused(result)
    assert path.name in result.stderr


def check_refused(result: subprocess.CompletedProcess[str]) -> None:
    assert result.returncode == BAD_SESSION, (result.returncode, result.stderr)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith("chainstep: ")
    assert "Traceback" not in result.stderr


def test_a_slip_in_an_examples_name_is_met_with_the_right_one(tmp_path: Path) -> None:
    assert "did you mean 'seed-003'" in chainstep(tmp_path, "sede-003", platform="offscreen").stderr


@pytest.mark.parametrize("words", [["seed-003", "seed-000"], ["--window"], ["-x"]], ids=str)
def test_words_that_are_neither_session_nor_command_are_refused(tmp_path: Path, words: list[str]) -> None:
    check_refused(chainstep(tmp_path, *words))


def test_help_names_every_command_and_needs_no_display(tmp_path: Path) -> None:
    result = chainstep(tmp_path, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert all(command in result.stdout for command in COMMANDS)


@pytest.mark.parametrize("words", [["examples"], ["show", "seed-003"], ["check", "seed-003"]], ids=" ".join)
def test_a_command_imports_no_qt_and_needs_no_display(tmp_path: Path, words: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *words],
        cwd=ROOT, env=environment(tmp_path, None), capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stderr.split() == []
    assert result.stdout


def test_the_window_opens_and_closes_without_a_word(tmp_path: Path) -> None:
    """The real start, event loop and all; it closes by itself."""
    code = """
import sys
from PySide6.QtWidgets import QApplication
from gui.start import start
started = start()
from gui import app
sys.exit(app.run(started, "seed-003", lambda _: QApplication.closeAllWindows()))
"""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, env=environment(tmp_path, "offscreen"),
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert [line for line in result.stderr.splitlines() if "propagateSizeHints" not in line] == []


def in_a_process(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(home, "offscreen"),
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip


def test_the_window_is_on_the_screen_before_the_engine_is_loaded(tmp_path: Path) -> None:
    code = """
import sys
from gui.start import start
started = start()
assert started.ground.isVisible()
print(*sorted({"engine", "numpy", "pyqtgraph", "gui.main_window", "gui.text"} & set(sys.modules)))
"""
    result = in_a_process(code, tmp_path)
    assert (result.returncode, result.stdout) == (0, "\n"), result.stdout + result.stderr


def test_a_start_shows_no_other_window(tmp_path: Path) -> None:
    """Not for a moment: a widget shown before it has a parent is a window of its own."""
    code = """
import sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from gui.start import start
started = start()
class Shown(QObject):
    def eventFilter(self, widget, event):
        if event.type() is QEvent.Type.Show and isinstance(widget, QWidget) and widget.isWindow():
            print(widget)
        return False
shown = Shown()
started.application.installEventFilter(shown)
from gui import app
sys.exit(app.run(started, "seed-003", lambda _: QApplication.closeAllWindows()))
"""
    result = in_a_process(code, tmp_path)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_another_machines_loss_is_said_once_at_the_start_and_on_opening(application: Any, tmp_path: Path) -> None:
    """The file says 0.5 where the first example's loss is 0.2748."""
    path = tmp_path / "foreign.chainstep.json"
    file = json.loads(EXAMPLES.joinpath(f"seed-003{SUFFIX}").read_text(encoding="utf-8"))
    file |= {"cursor": {"iteration": 1, "operation": 32, "factor": 0}, "witness": {"iteration": 1, "batch_loss": 0.5}}
    path.write_text(json.dumps(file), encoding="utf-8")
    begun = opened(str(path), "")
    controller = Controller(begun.session, begun.source, begun.witness)
    assert controller.said.startswith("Iteration 1 has the batch loss 0.2748")
    assert "had 0.5 where the session was saved" in MainWindow(controller).said.text()
    controller.open(path)
    assert controller.said.startswith(f"Opened {path}. Iteration 1 has the batch loss 0.2748")


def test_a_last_session_that_is_gone_is_said(tmp_path: Path) -> None:
    begun = opened(None, str(tmp_path / "gone.chainstep.json"))
    assert begun.source == "seed-003"
    assert begun.problem.startswith("Not opened: ")
    assert "no such file" in begun.problem
