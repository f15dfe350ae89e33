"""Whatever fails while the window saves, it says so and why, the title keeps its star and the file is the old one."""

import builtins
import contextlib
import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import open_session
from gui.main_window import MainWindow
from tests.gui.conftest import OpenWindow

EDITED = "w[2,1,1]"
ROOT = Path(__file__).resolve().parents[2]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def writing_with(patch: pytest.MonkeyPatch, raw: Callable[[int], io.FileIO]) -> None:
    """What is opened for writing goes through another raw file."""
    patch.setattr(os, "fdopen", lambda handle, mode: io.BufferedWriter(raw(handle)))


def a_write_fails(patch: pytest.MonkeyPatch) -> None:
    class Full(io.FileIO):
        def write(self, data: object) -> int:
            full()
            return 0

    writing_with(patch, lambda handle: Full(handle, "wb"))


def a_write_is_short(patch: pytest.MonkeyPatch) -> None:
    """It says that all was written."""

    class Short(io.FileIO):
        def write(self, data: Any) -> int:
            super().write(bytes(data)[: len(data) // 2])
            return len(data)

    writing_with(patch, lambda handle: Short(handle, "wb"))


def a_sync_fails(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "fsync", full)


def a_rename_fails(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "replace", full)


def reading_with(patch: pytest.MonkeyPatch, read: Callable[[Any], Any]) -> None:
    """A temporary file that is opened for reading goes through `read` first."""
    opened = builtins.open

    def open_other(path: Any, *words: Any, **more: Any) -> Any:
        file = opened(path, *words, **more)
        return read(file) if str(path).endswith(".part") else file

    patch.setattr(builtins, "open", open_other)


def reading_back_fails(patch: pytest.MonkeyPatch) -> None:
    def fail(file: Any) -> Any:
        file.close()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    reading_with(patch, fail)


def reading_back_is_short(patch: pytest.MonkeyPatch) -> None:
    def half(file: Any) -> Any:
        with file:
            content = file.read()
        return io.BytesIO(content[: len(content) // 2])

    reading_with(patch, half)


NO_SPACE, NOT_THE_SAME = "No space left on device", "does not read back the same"
FAULTS = {
    a_write_fails: NO_SPACE,
    a_write_is_short: NOT_THE_SAME,
    a_sync_fails: NO_SPACE,
    a_rename_fails: NO_SPACE,
    reading_back_fails: "Input/output error",
    reading_back_is_short: NOT_THE_SAME,
}


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path) -> MainWindow:
    """A window with a saved session and an edit after that."""
    opened = open_window()
    assert opened.controller.save(tmp_path / "mine.chainstep.json")
    opened.controller.edit(EDITED, 0.9)
    return opened


@pytest.mark.parametrize("is_new", [False, True], ids=["the old file", "a new file"])
@pytest.mark.parametrize(("fault", "why"), FAULTS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_save_that_fails_says_so_and_the_old_file_stays(
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch], None],
    why: str,
    is_new: bool,
) -> None:
    old, session = tmp_path / "mine.chainstep.json", window.controller.frame.session
    path = tmp_path / "new.chainstep.json" if is_new else old
    before = old.read_bytes()
    with monkeypatch.context() as patch:
        fault(patch)
        assert not window.controller.save(path)
    said = window.said.text()
    assert said.startswith(f"Not saved: {path}: ")
    assert why in said
    assert "*" in window.windowTitle()
    assert window.controller.is_changed
    assert old.read_bytes() == before
    assert {name.removesuffix("~") for name in os.listdir(tmp_path)} == {old.name}
    assert window.controller.save(path), "when there is room again it goes"
    assert open_session(path) == session
    assert "*" not in window.windowTitle()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "chainstep-test", str(folder)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system can be mounted here by nobody")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(open_window: OpenWindow, small_disk: Path) -> None:
    window, path = open_window(), small_disk / "mine.chainstep.json"
    assert window.controller.save(path)
    before = path.read_bytes()
    window.controller.edit(EDITED, 0.9)
    fill(small_disk / "filler")
    assert not window.controller.save(path)
    assert window.said.text() == f"Not saved: {path}: {NO_SPACE}."
    assert "*" in window.windowTitle()
    assert path.read_bytes() == before
    assert sorted(os.listdir(small_disk)) == ["filler", path.name]
    (small_disk / "filler").unlink()
    assert window.controller.save(path)
    assert open_session(path) == window.controller.frame.session


def fill(path: Path) -> None:
    """Write a file until nothing goes on the disk any more."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass


SAVE_WITH_A_LIMIT = """
import resource, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QMessageBox
from engine import open_session
from gui.controller import Controller
from gui.main_window import MainWindow
application = QApplication([])
window, path = MainWindow(Controller(open_session("seed-003"))), Path(sys.argv[1])
window.controller.show()
assert window.controller.save(path)
before = path.read_bytes()
window.controller.edit("w[2,1,1]", 0.9)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
assert not window.controller.save(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert path.read_bytes() == before
assert "*" in window.windowTitle()
print(window.said.text())
"""


def test_a_process_that_may_write_no_more(tmp_path: Path) -> None:
    """Without any right to mount, this is the kernel's own refusal in the middle of a file."""
    path = tmp_path / "mine.chainstep.json"
    result = subprocess.run(
        [sys.executable, "-c", SAVE_WITH_A_LIMIT, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"Not saved: {path}: {os.strerror(errno.EFBIG)}.\n"
    assert path.exists()
    assert {name.removesuffix("~") for name in os.listdir(tmp_path)} == {path.name}
