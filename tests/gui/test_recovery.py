"""Work that is not saved: it has a copy while it lasts, and a start after a crash offers that copy."""

import errno
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from engine import open_session
from engine.cursor import Cursor
from engine.files.session_file import load, save
from engine.session import Session
from gui import recovery as recovering
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.recovery import Copy, Offer, Recovery, left_in
from tests.engine.session_texts import session_with
from tests.gui.conftest import OpenWindow
from tests.gui.driven import Driven

KILLS = 10
EDITED = "w[2,1,1]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()


@pytest.fixture
def kept(window: MainWindow, folder: Path) -> Recovery:
    """The recovery of the window."""
    return Recovery(window.controller, folder)


def copies(folder: Path) -> list[Path]:
    return list(folder.glob("*.chainstep.json"))


def copied(folder: Path) -> Session:
    """The session in the only copy, read as a user's file is read."""
    (path,) = copies(folder)
    return open_session(path)


def is_empty(folder: Path) -> bool:
    return not folder.exists() or list(folder.iterdir()) == []


def recovery_folder(home: Path) -> Path:
    """Where the program keeps copies for a user with this home."""
    return home / "data" / "Chainstep" / "recovery"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def leave(folder: Path, session: Session, source: str = "", name: str = "left") -> Path:
    """What a crash leaves: a copy that nobody owns."""
    copy = Copy(folder / f"{name}.chainstep.json")
    copy.write(session, source)
    copy.release()
    return copy.path


@pytest.mark.usefixtures("kept")
def test_every_edit_is_copied_and_nothing_else(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    controller = window.controller
    controller.seek(3, 4)
    assert is_empty(folder)
    for value in (0.9, 0.8, 0.7):
        controller.edit(EDITED, value)
        qtbot.waitUntil(lambda: bool(copies(folder)) and copied(folder) == controller.frame.session)
    controller.undo()
    qtbot.waitUntil(lambda: [edit.value for edit in copied(folder).edits] == [0.8])
    controller.redo()
    qtbot.waitUntil(lambda: [edit.value for edit in copied(folder).edits] == [0.7])


def undo(controller: Controller, path: Path) -> None:
    controller.undo()


def save_it(controller: Controller, path: Path) -> None:
    assert controller.save(path)


def open_another(controller: Controller, path: Path) -> None:
    assert controller.open("seed-003")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("way", [undo, save_it, open_another])
def test_without_changes_there_is_no_copy(
    window: MainWindow, folder: Path, qtbot: QtBot, tmp_path: Path, way: Callable[[Controller, Path], None]
) -> None:
    window.controller.edit(EDITED, 0.9)
    qtbot.waitUntil(lambda: bool(copies(folder)))
    way(window.controller, tmp_path / "mine.chainstep.json")
    qtbot.waitUntil(lambda: is_empty(folder))


@pytest.mark.usefixtures("kept")
def test_the_users_file_is_not_touched(window: MainWindow, folder: Path, qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "documents"
    home.mkdir()
    assert window.controller.save(home / "mine.chainstep.json")
    before = (home / "mine.chainstep.json").read_bytes()
    window.controller.edit(EDITED, 0.9)
    qtbot.waitUntil(lambda: bool(copies(folder)))
    assert {path.name: path.read_bytes() for path in home.iterdir()} == {"mine.chainstep.json": before}


def test_a_run_with_changes_is_copied_on_its_way(
    open_window: OpenWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovering, "EVERY", 10)
    controller = open_window().controller
    Recovery(controller, folder)
    controller.run()
    qtbot.waitUntil(lambda: controller.frame.cursor.operation >= 1)
    assert is_empty(folder), "there are no changes yet"
    controller.edit(EDITED, 0.9)
    controller.run()
    qtbot.waitUntil(lambda: bool(copies(folder)) and copied(folder).cursor > Cursor(1, 1))
    controller.pause()


@pytest.mark.usefixtures("kept")
def test_many_edits_in_one_go_are_copied_once(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Session] = []
    write = Copy.write

    def counted(copy: Copy, session: Session, source: str) -> None:
        written.append(session)
        write(copy, session, source)

    monkeypatch.setattr(Copy, "write", counted)
    for n in range(50):
        window.controller.edit(EDITED, n / 64)
    qtbot.waitUntil(lambda: bool(copies(folder)) and copied(folder) == window.controller.frame.session)
    assert written == [window.controller.frame.session]


@pytest.mark.parametrize(("took", "rest"), [(0.004, 40), (0.07, 700), (0.5, 1000)])
def test_after_a_copy_that_took_long_the_next_one_waits(
    open_window: OpenWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, took: float, rest: int
) -> None:
    """Ten times as long, a second at most; by a clock that stands still but for the writing."""
    now = [0.0]
    monkeypatch.setattr(recovering, "perf_counter", lambda: now[0])
    monkeypatch.setattr(Copy, "write", lambda *_: now.__setitem__(0, now[0] + took))
    controller = open_window().controller
    kept = Recovery(controller, folder)
    controller.edit(EDITED, 0.9)
    assert kept._soon.interval() == 0
    qtbot.waitUntil(lambda: now[0] == took)
    controller.edit(EDITED, 0.8)
    assert kept.is_waiting
    assert kept._soon.interval() == pytest.approx(rest, abs=1)
    now[0] += 2
    kept._soon.stop()
    controller.edit(EDITED, 0.7)
    assert kept._soon.interval() == 0


def test_a_copy_that_fails_is_said_once_and_work_goes_on(
    window: MainWindow, kept: Recovery, folder: Path, qtbot: QtBot
) -> None:
    folder.write_text("a file where a folder should be")
    said: list[str] = []
    window.controller.message.connect(said.append)
    for value in (0.9, 0.8, 0.7):
        window.controller.edit(EDITED, value)
        qtbot.waitUntil(lambda: not kept.is_waiting)
    (complaint,) = [message for message in said if "recovery copy" in message]
    assert os.strerror(errno.EEXIST) in complaint
    assert [edit.value for edit in window.controller.frame.session.edits] == [0.7]
    folder.unlink()
    window.controller.edit(EDITED, 0.6)
    qtbot.waitUntil(lambda: bool(copies(folder)))


def test_an_ordinary_end_leaves_nothing(window: MainWindow, kept: Recovery, folder: Path, qtbot: QtBot) -> None:
    window.controller.edit(EDITED, 0.9)
    qtbot.waitUntil(lambda: bool(copies(folder)))
    window.controller.edit(EDITED, 0.8)
    kept.end()
    assert not kept.is_waiting
    assert is_empty(folder)


@pytest.mark.parametrize("source", ["seed-003", "", "/home/someone/Größe \udce9\n.chainstep.json"])
def test_a_copy_keeps_session_and_source(folder: Path, source: str) -> None:
    session = open_session("seed-003")
    leave(folder, session, source)
    (copy,) = left_in(folder)
    assert copy.read() == (session, source)


def test_a_copy_names_its_file_by_the_full_path(
    window: MainWindow, kept: Recovery, folder: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert window.controller.save(Path("mine.chainstep.json"))
    window.controller.edit(EDITED, 0.9)
    qtbot.waitUntil(lambda: bool(copies(folder)))
    assert Copy(*copies(folder)).read()[1] == str(tmp_path / "mine.chainstep.json")


class Question:
    """The open question of an offer."""

    def __init__(self, window: MainWindow) -> None:
        open_ones = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
        self._box = open_ones[0] if open_ones else None
        self.words = f"{self._box.text()} {self._box.informativeText()}" if self._box else ""

    def answer(self, name: str) -> None:
        assert self._box
        next(button for button in self._box.buttons() if button.text() == name).click()


@pytest.fixture
def offered(window: MainWindow, kept: Recovery, folder: Path) -> Callable[[], Question]:
    """Starts the asking and returns the question; called again, the next question."""
    offers: list[Offer] = []

    def asked() -> Question:
        if not offers:
            offers.append(Offer(kept, window.controller, folder, window))
        return Question(window)

    return asked


def test_nothing_left_nothing_asked(offered: Callable[[], Question]) -> None:
    assert offered().words == ""


def test_continue_goes_on_with_the_session_and_its_source(
    window: MainWindow, folder: Path, offered: Callable[[], Question], qtbot: QtBot, tmp_path: Path
) -> None:
    path, session = tmp_path / "mine.chainstep.json", session_with(title="My work")
    save(session_with(title="My work, earlier"), path)
    left = leave(folder, session, str(path))
    question = offered()
    assert "“My work”" in question.words
    assert str(path) in question.words
    question.answer("Continue")
    assert offered().words == ""
    assert window.controller.frame.session == session
    assert (window.controller.source, window.controller.path) == (str(path), path)
    assert window.controller.is_changed
    assert "*" in window.windowTitle()
    assert copies(folder) == [left], "it is kept as long as it is not saved"
    assert window.controller.save(path)
    qtbot.waitUntil(lambda: is_empty(folder))
    assert open_session(path) == session


def test_discard_deletes_it_and_the_session_in_hand_stays(
    window: MainWindow, folder: Path, offered: Callable[[], Question]
) -> None:
    leave(folder, session_with(title="My work"))
    before = window.controller.frame.session
    offered().answer("Discard")
    assert is_empty(folder)
    assert window.controller.frame.session == before
    assert not window.controller.is_changed


def test_until_it_is_answered_nothing_is_deleted_and_no_other_window_asks(
    window: MainWindow, folder: Path, offered: Callable[[], Question], qtbot: QtBot
) -> None:
    left = leave(folder, session_with(title="My work"))
    before = left.read_bytes()
    question = offered()
    assert left_in(folder) == []
    question.answer("Not Now")
    assert left.read_bytes() == before
    (again,) = left_in(folder)
    again.release()


def test_of_several_the_newest_comes_first_and_each_is_asked_for(
    window: MainWindow, folder: Path, offered: Callable[[], Question]
) -> None:
    names = ["third", "first", "second", "fourth"]
    ages = {name: ["first", "second", "third", "fourth"].index(name) for name in names}
    for name in names:
        path = leave(folder, session_with(title=f"The {name}"), name=name)
        os.utime(path, (1e9 - ages[name], 1e9 - ages[name]))
    assert "The first" in offered().words
    offered().answer("Discard")
    assert "The second" in offered().words
    offered().answer("Not Now")
    assert "The third" in offered().words
    offered().answer("Continue")
    assert offered().words == "", "another one would take the place of this one"
    assert window.controller.frame.session.title == "The third"
    kept_ones = left_in(folder)
    assert [copy.read()[0].title for copy in kept_ones] == ["The second", "The fourth"]
    for copy in kept_ones:
        copy.release()


BAD = [b"", b"{", b"no JSON", b"\xff\xfe", b"{}"]


@pytest.mark.parametrize("content", BAD, ids=repr)
def test_what_cannot_be_read_is_set_aside_and_said(
    window: MainWindow, folder: Path, offered: Callable[[], Question], content: bytes
) -> None:
    bad, good = leave(folder, session_with(title="bad"), name="bad"), leave(folder, session_with(title="Good"))
    bad.write_bytes(content)
    os.utime(good, (1e9, 1e9))
    assert "“Good”" in offered().words
    said = window.said.text()
    assert "could not be read" in said
    (aside,) = folder.glob("bad*.unreadable")
    assert str(aside) in said
    assert aside.read_bytes() == content
    assert not bad.exists()
    offered().answer("Discard")


def test_a_cursor_that_does_not_exist_is_unreadable_too(
    window: MainWindow, folder: Path, offered: Callable[[], Question]
) -> None:
    left = leave(folder, session_with(cursor={"iteration": 1, "operation": 0, "factor": 1000}))
    content = left.read_bytes()
    offered().answer("Continue")
    assert "could not be read" in window.said.text()
    (aside,) = folder.glob("*.unreadable")
    assert aside.read_bytes() == content


def test_a_second_window_leaves_the_copy_of_the_first_alone(tmp_path: Path) -> None:
    folder = recovery_folder(tmp_path)
    with Driven(tmp_path) as first:
        assert first.ask("edit") == "1"
        assert first.ask("asked") == ""
        before = contents(folder)
        assert len(copies(folder)) == 1
        with Driven(tmp_path) as second:
            assert second.ask("asked") == ""
            second.tell("close")
            assert second.end() == (0, "")
        assert contents(folder) == before
        assert first.ask("number") == "1"


def test_an_ordinary_close_leaves_nothing_and_the_next_start_asks_nothing(tmp_path: Path) -> None:
    with Driven(tmp_path) as window:
        assert window.ask("edit") == "1"
        window.ask("asked")
        assert len(copies(recovery_folder(tmp_path))) == 1
        window.tell("close")
        assert window.end() == (0, "")
    assert is_empty(recovery_folder(tmp_path))
    with Driven(tmp_path) as window:
        assert window.ask("asked") == ""
        assert window.ask("number") == "0"


def test_a_kill_loses_one_edit_at_most(tmp_path: Path) -> None:
    """Killed at random moments while it edits and copies without a rest; each start goes on from the last kill."""
    rng, done = random.Random(0), 0
    for kill in range(KILLS + 1):
        with Driven(tmp_path) as window:
            asked = window.ask("asked")
            assert ("were not saved" in asked) == (kill > 0), asked
            if kill > 0:
                assert "From seed-003" in asked
                assert window.ask("press Continue") == "pressed"
                assert window.ask("asked") == ""
                recovered = int(window.ask("number"))
                assert done - 1 <= recovered <= done + 1  # one more may have been made than it could tell
                done = recovered
            window.tell("work")
            last = done + rng.randint(2, 12)
            while done < last:
                done = int(window.line())
            told = window.kill()
            done = max([done, *map(int, told)])
    assert len(copies(recovery_folder(tmp_path))) == 1


def test_after_ctrl_c_the_work_is_offered(tmp_path: Path) -> None:
    with Driven(tmp_path) as window:
        assert window.ask("edit") == "1"
        window.ask("asked")
        window.tell("interrupt")
        status, errors = window.end()
        assert status == 130
        assert "KeyboardInterrupt" in errors
    with Driven(tmp_path) as window:
        assert "were not saved" in window.ask("asked")


def test_a_session_that_is_far_on_its_way_arrives(tmp_path: Path) -> None:
    """The way is longer than what is done at once: the window goes it while it is open."""
    path = tmp_path / "far.chainstep.json"
    save(replace(open_session("seed-003"), cursor=Cursor(3000, 3)), path)
    with Driven(tmp_path, str(path)) as window:
        while (where := window.ask("cursor")).endswith("True"):
            pass
        assert where == "3000 False"


def test_a_copy_holds_the_rows_of_a_table(folder: Path) -> None:
    """The table itself lies beside the session, not beside the copy."""
    session = open_session("iris")
    path = leave(folder, session)
    assert (load(path).spec.data.inputs, load(path).spec.samples) == (session.spec.data.inputs, 120)
