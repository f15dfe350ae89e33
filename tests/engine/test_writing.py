"""The atomic writer: whatever fails, the old file stays whole and nothing is left beside it."""

import errno
import io
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.files.session_file import save, to_text
from engine.files.writing import keep_backup, write_text
from tests.engine.session_texts import session_with

OLD, NEW = "what was there\n", "what is new\n"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "file.txt"
    path.write_text(OLD)
    return path


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def assert_untouched(target: Path) -> None:
    assert target.read_text() == OLD
    assert os.listdir(target.parent) == [target.name]


def test_a_new_file_and_a_replaced_one(target: Path) -> None:
    write_text(target, ["what ", "is new\n"])
    write_text(target.parent / "other.txt", [NEW])
    assert target.read_text() == (target.parent / "other.txt").read_text() == NEW
    assert sorted(os.listdir(target.parent)) == ["file.txt", "other.txt"]


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_failing_sync_or_rename(target: Path, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    monkeypatch.setattr(os, function, full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_text(target, [NEW])
    monkeypatch.undo()
    assert_untouched(target)


@pytest.mark.parametrize("method", ["write", "flush", "close"])
def test_a_full_disk_while_writing(target: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    class Full(io.BufferedWriter):
        def close(self) -> None:
            super().close()
            if method == "close":
                full_disk()

    if method != "close":
        setattr(Full, method, full_disk)
    monkeypatch.setattr(os, "fdopen", lambda handle, mode: Full(io.FileIO(handle, mode)))
    with pytest.raises(OSError, match="No space left"):
        write_text(target, [NEW])
    monkeypatch.undo()
    assert_untouched(target)


@pytest.mark.parametrize("kept", [0, 4])
def test_a_write_that_is_short_without_saying_so(target: Path, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    class Short(io.FileIO):
        def write(self, data: object) -> int:
            whole = bytes(data)  # type: ignore[call-overload]
            super().write(whole[:kept])
            return len(whole)

    monkeypatch.setattr(os, "fdopen", lambda handle, mode: io.BufferedWriter(Short(handle, mode)))
    with pytest.raises(OSError, match="does not read back"):
        write_text(target, [NEW])
    monkeypatch.undo()
    assert_untouched(target)


def test_pieces_that_break_off(target: Path) -> None:
    def pieces():
        yield "half a "
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_text(target, pieces())
    assert_untouched(target)


def test_a_link_stays_a_link(target: Path) -> None:
    link = target.parent / "link.txt"
    link.symlink_to(target)
    write_text(link, [NEW])
    assert link.is_symlink()
    assert target.read_text() == NEW


def test_rights_stay_and_new_files_get_the_usual_ones(target: Path) -> None:
    target.chmod(0o640)
    write_text(target, [NEW])
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    mask = os.umask(0o027)
    try:
        write_text(target.parent / "new.txt", [NEW])
    finally:
        os.umask(mask)
    assert stat.S_IMODE((target.parent / "new.txt").stat().st_mode) == 0o640


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    pipe, circle = tmp_path / "pipe", tmp_path / "circle"
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    for path, reason in ((tmp_path, "folder"), (pipe, "pipe"), (Path(os.devnull), "device"), (circle, "links")):
        with pytest.raises(OSError, match=reason):
            write_text(path, [NEW])
    with pytest.raises(FileNotFoundError):
        write_text(tmp_path / "nowhere" / "file", [NEW])
    assert sorted(os.listdir(tmp_path)) == ["circle", "pipe"]
    assert not Path(os.devnull).is_file()


def test_one_backup_is_kept(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write_text(target, [f"{number}"], before=keep_backup)
    assert target.read_text() == "2"
    assert (target.parent / "file.txt~").read_text() == "1"
    monkeypatch.setattr(os, "link", full_disk)  # a file system without links: saving goes on
    write_text(target, ["3"], before=keep_backup)
    assert target.read_text() == "3"


def test_a_failed_save_leaves_the_old_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "session"
    save(session_with(title="old"), path)
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save(session_with(title="new"), path)
    assert path.read_text(encoding="utf-8") == to_text(session_with(title="old"))
    assert os.listdir(tmp_path) == ["session"]


KILLS = 50
SAVES_WITHOUT_END = """
import os, sys
from itertools import cycle
from pathlib import Path
from engine.files.session_file import save
from tests.engine.session_texts import session_with
sessions = [session_with(title=letter * 200_000) for letter in "ab"]
for path in map(Path, map(str.strip, sys.stdin)):
    child = os.fork()
    if child == 0:
        save(sessions[0], path)
        print(os.getpid(), flush=True)
        for session in cycle(sessions):
            save(session, path)
    os.waitpid(child, 0)
    print("killed", flush=True)
"""
"""For each path on stdin a process that saves there without end, and tells its number once it has begun."""


def test_killed_while_saving(tmp_path: Path) -> None:
    rng, path = random.Random(0), tmp_path / "session"
    texts = {to_text(session_with(title=letter * 200_000)) for letter in "ab"}
    with subprocess.Popen(
        [sys.executable, "-c", SAVES_WITHOUT_END], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        for _ in range(KILLS):
            child.stdin.write(f"{path}\n")
            child.stdin.flush()
            saving = int(child.stdout.readline())
            time.sleep(rng.uniform(0, 0.05))  # the moment of the kill, nothing is waited for
            os.kill(saving, signal.SIGKILL)
            assert child.stdout.readline() == "killed\n"
            assert path.read_text(encoding="utf-8") in texts
            backup = path.with_name(path.name + "~")
            assert not backup.exists() or backup.read_text(encoding="utf-8") in texts
        child.stdin.close()
    left = list(tmp_path.glob(".chainstep-*.part"))
    assert left, "the kills were not where it writes"
    two_hours_ago = time.time() - 7200
    for part in left[1:]:
        os.utime(part, (two_hours_ago, two_hours_ago))
    save(session_with(title="after"), path)
    assert list(tmp_path.glob(".chainstep-*.part")) == left[:1], "the young one may be another window's"


def test_only_old_temporary_files_are_swept(target: Path) -> None:
    old = [".chainstep-abc.part", ".chainstep-.part"]
    others = ["chainstep-abc.part", ".chainstep-abc.json", ".other-abc.part", "notes.part"]
    ages = dict.fromkeys(old + others, 3700) | {".chainstep-young.part": 3500}
    for name, age in ages.items():
        (target.parent / name).touch()
        os.utime(target.parent / name, (time.time() - age, time.time() - age))
    (target.parent / ".chainstep-folder.part").mkdir()
    os.utime(target.parent / ".chainstep-folder.part", (0, 0))
    write_text(target, [NEW])
    kept = [*others, ".chainstep-young.part", ".chainstep-folder.part", target.name]
    assert sorted(os.listdir(target.parent)) == sorted(kept)
