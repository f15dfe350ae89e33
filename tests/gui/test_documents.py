"""Documents of a window: recent files in their menu, and nothing unsaved that goes without a question."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from engine import open_session
from gui import text
from gui.controller import Controller
from gui.documents import MOST_RECENT, Documents
from gui.export import ExportDialog
from gui.gallery import Gallery
from gui.main_window import MainWindow
from gui.new_session import NewSession

Button = QMessageBox.StandardButton
SUFFIX = ".chainstep.json"
OpenOn = Callable[..., MainWindow]


class Answers:
    """What the dialogs answer, and what was asked."""

    def __init__(self) -> None:
        self.button, self.path, self.asked = Button.Discard, "", list[str]()

    def question(self, _: object, title: str, words: str, *rest: object) -> QMessageBox.StandardButton:
        self.asked.append(words)
        return self.button

    def file(self, *_: object) -> tuple[str, str]:
        return self.path, ""


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    given = Answers()
    monkeypatch.setattr(QMessageBox, "question", given.question)
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, given.file)
    return given


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[], QSettings]:
    """The settings as another process finds them: read anew from their file."""

    def opened() -> QSettings:
        return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)

    return opened


@pytest.fixture
def window_on(application: Any, qtbot: QtBot, answers: Answers, settings: Callable[[], QSettings]) -> OpenOn:
    """Opens a window on a session as the application does; what is not saved when it is closed may go."""

    def opened(source: str = "seed-003") -> MainWindow:
        window = MainWindow(Controller(open_session(source), source), settings())
        qtbot.addWidget(window, before_close_func=lambda _: setattr(answers, "button", Button.Discard))
        window.controller.show()
        window.show()
        return window

    return opened


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Ten session files, one more network of document 003 each."""
    made = []
    for number in range(10):
        path = tmp_path / f"number {number}{SUFFIX}"
        assert Controller(open_session("seed-003")).save(path)
        made.append(str(path.resolve()))
    return made


def shown_in(window: MainWindow, title: str) -> list[QAction]:
    """The entries of a menu as it opens."""
    menu = next(menu for menu in window.findChildren(QMenu) if menu.title() == title)
    menu.aboutToShow.emit()
    return menu.actions()


def entries(window: MainWindow, title: str) -> list[str]:
    return [action.text() for action in shown_in(window, title)]


def choose(window: MainWindow, title: str, entry: str) -> None:
    next(action for action in shown_in(window, title) if action.text() == entry).trigger()


def said(window: MainWindow) -> str:
    return window.said.text()


# Recent files


def test_files_used_are_recent_the_last_first_and_each_once(window_on: OpenOn, files: list[str]) -> None:
    window = window_on()
    for place in (0, 1, 2, 1, 0, 0):
        window.documents.open(files[place])
    assert window.documents.recent == [files[0], files[1], files[2]]
    assert entries(window, text.OPEN_RECENT) == [files[0], files[1], files[2]]


def test_a_file_is_the_same_by_another_way_to_it(
    window_on: OpenOn, files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = window_on()
    monkeypatch.chdir(tmp_path)
    link = tmp_path / "link.json"
    link.symlink_to(files[0])
    for source in (files[0], Path(files[0]).name, str(link)):
        window.documents.open(source)
        assert window.documents.recent == [files[0]]


def test_only_the_last_eight_are_kept(window_on: OpenOn, files: list[str]) -> None:
    window = window_on()
    for file in files:
        window.documents.open(file)
    assert MOST_RECENT == 8
    assert window.documents.recent == files[:1:-1]
    assert entries(window_on(), text.OPEN_RECENT) == files[:1:-1]


def test_examples_and_new_sessions_are_not_recent_but_what_was_saved_is(
    window_on: OpenOn, answers: Answers, tmp_path: Path
) -> None:
    window = window_on()
    window.documents.open("seed-000")
    window.controller.begin(open_session("seed-003"))
    assert window.documents.recent == []
    answers.path = str(tmp_path / "mine")
    assert window.documents.save_as()
    assert window.documents.recent == [str((tmp_path / f"mine{SUFFIX}").resolve())]


@pytest.mark.parametrize("count", [1, 3])
def test_recent_files_are_there_in_the_next_window(
    window_on: OpenOn, files: list[str], settings: Callable[[], QSettings], count: int
) -> None:
    """A list of one comes back from the settings as a string."""
    window = window_on()
    for file in files[:count]:
        window.documents.open(file)
    window.close()
    settings().sync()
    expected = files[:count][::-1]
    assert window_on().documents.recent == expected


def test_a_window_that_begins_with_a_file_has_used_it(window_on: OpenOn, files: list[str]) -> None:
    assert window_on(files[3]).documents.recent == [files[3]]
    assert window_on(files[5]).documents.recent == [files[5], files[3]]


def test_a_vanished_file_is_said_in_one_line_and_recent_no_more(window_on: OpenOn, files: list[str]) -> None:
    window = window_on()
    for file in files[:2]:
        window.documents.open(file)
    session = window.controller.frame.session
    Path(files[0]).unlink()
    choose(window, text.OPEN_RECENT, files[0])
    assert said(window).startswith(f"Not opened: {files[0]}: no such file")
    assert "\n" not in said(window)
    assert window.controller.frame.session == session
    assert entries(window, text.OPEN_RECENT) == [files[1]]
    window.close()
    assert entries(window_on(), text.OPEN_RECENT) == [files[1]]


def test_the_last_recent_file_may_vanish_too(window_on: OpenOn, files: list[str]) -> None:
    window = window_on()
    window.documents.open(files[0])
    Path(files[0]).unlink()
    choose(window, text.OPEN_RECENT, files[0])
    for shown in (window, window_on()):
        assert shown.documents.recent == []
        assert entries(shown, text.OPEN_RECENT) == [text.NO_RECENT]
        assert not shown_in(shown, text.OPEN_RECENT)[0].isEnabled()


def test_a_file_that_is_no_session_is_recent_no_more(window_on: OpenOn, files: list[str]) -> None:
    window = window_on()
    window.documents.open(files[0])
    Path(files[0]).write_text("{")
    window.documents.open(files[0])
    assert said(window).startswith(f"Not opened: {files[0]}")
    assert window.documents.recent == []


def test_without_settings_the_window_remembers_alone(application: Any, qtbot: QtBot, files: list[str]) -> None:
    controller, parent = Controller(open_session("seed-003")), QWidget()
    qtbot.addWidget(parent)
    documents = Documents(controller, None, parent)
    documents.open(files[0])
    assert documents.recent == [files[0]]


# Menus


def test_a_recent_file_is_opened_from_the_menu(window_on: OpenOn, files: list[str], tmp_path: Path) -> None:
    window = window_on()
    window.documents.open(files[0])
    window.controller.edit("w[2,1,1]", 0.75)
    other = tmp_path / f"this & that{SUFFIX}"
    assert window.controller.save(other)
    window.documents.open(files[0])
    choose(window, text.OPEN_RECENT, str(other.resolve()).replace("&", "&&"))
    assert window.controller.source == str(other.resolve())
    assert [edit.value for edit in window.controller.frame.session.edits] == [0.75]
    assert said(window).startswith(f"Opened {other.resolve()}.")


# What is not saved


def opening(window: MainWindow, files: list[str]) -> dict[str, Callable[[], object]]:
    """All ways that lead away from a session."""
    return {
        "recent": lambda: choose(window, text.OPEN_RECENT, files[1]),
        "example": window.documents.new_from_example,
        "open": window.documents.ask_and_open,
        "new": window.documents.new,
    }


WAYS = ("recent", "example", "open", "new")


@pytest.fixture
def edited(window_on: OpenOn, files: list[str], answers: Answers, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window on a file with an edit that is not saved, and another recent file."""
    for kind in (NewSession, Gallery):
        monkeypatch.setattr(kind, "exec", lambda _: QDialog.DialogCode.Accepted)
    window = window_on()
    window.documents.open(files[1])
    window.documents.open(files[0])
    window.controller.edit("w[2,1,1]", 0.75)
    answers.path = files[2]
    return window


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leaves_what_is_not_saved_without_asking(
    edited: MainWindow, files: list[str], answers: Answers, way: str
) -> None:
    answers.button = Button.Cancel
    session = edited.controller.frame.session
    opening(edited, files)[way]()
    assert answers.asked == [text.LEAVE]
    assert edited.controller.frame.session == session
    assert edited.controller.is_changed


@pytest.mark.parametrize("way", WAYS)
def test_what_is_given_up_goes(edited: MainWindow, files: list[str], answers: Answers, way: str) -> None:
    before = Path(files[0]).read_text()
    opening(edited, files)[way]()
    assert answers.asked == [text.LEAVE]
    assert edited.controller.frame.session.edits == ()
    assert edited.controller.source != files[0]
    assert Path(files[0]).read_text() == before


@pytest.mark.parametrize("way", WAYS)
def test_what_is_saved_on_the_way_is_in_its_file(
    edited: MainWindow, files: list[str], answers: Answers, way: str
) -> None:
    answers.button = Button.Save
    session = edited.controller.frame.session
    opening(edited, files)[way]()
    assert answers.asked == [text.LEAVE]
    assert open_session(files[0]) == session
    assert edited.controller.source != files[0]


def test_a_new_network_is_asked_about_before_it_is_entered(
    edited: MainWindow, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that was entered is lost by an answer."""
    entered: list[NewSession] = []

    def execute(dialog: NewSession) -> QDialog.DialogCode:
        entered.append(dialog)
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(NewSession, "exec", execute)
    answers.button = Button.Cancel
    edited.documents.new()
    assert (len(answers.asked), entered) == (1, [])
    answers.button = Button.Discard
    edited.documents.new()
    assert (len(answers.asked), len(entered)) == (2, 1)
    assert edited.controller.is_changed


def test_an_open_dialog_that_is_cancelled_asks_nothing(edited: MainWindow, answers: Answers) -> None:
    answers.path = ""
    edited.documents.ask_and_open()
    assert answers.asked == []
    assert edited.controller.is_changed


# Names of files


@pytest.mark.parametrize("button", [Button.Yes, Button.No])
def test_a_file_is_not_replaced_unasked_where_its_suffix_was_not_typed(
    window_on: OpenOn, answers: Answers, tmp_path: Path, button: QMessageBox.StandardButton
) -> None:
    """The file dialog asks about the name as it was typed, which is another file or none."""
    window, path = window_on(), tmp_path / f"mine{SUFFIX}"
    path.write_text("another one's work")
    answers.path, answers.button = str(tmp_path / "mine"), button
    assert window.documents.save_as() == (button is Button.Yes)
    assert answers.asked == [text.may_replace(path.name)]
    assert (path.read_text() == "another one's work") == (button is Button.No)


def test_a_name_with_its_suffix_was_asked_about_by_the_file_dialog(
    window_on: OpenOn, answers: Answers, tmp_path: Path
) -> None:
    window, path = window_on(), tmp_path / f"mine{SUFFIX}"
    path.write_text("old")
    answers.path = str(path)
    assert window.documents.save_as()
    assert answers.asked == []
    assert open_session(path) == window.controller.frame.session


@pytest.mark.parametrize("button", [Button.Yes, Button.No])
def test_an_export_does_not_replace_a_file_unasked_either(
    window_on: OpenOn,
    answers: Answers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    button: QMessageBox.StandardButton,
) -> None:
    window, path = window_on(), tmp_path / "values.csv"
    path.write_text("old")
    monkeypatch.setattr(ExportDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    answers.path, answers.button = str(tmp_path / "values"), button
    window.documents.export()
    assert answers.asked == [text.may_replace("values.csv")]
    assert (path.read_text() == "old") == (button is Button.No)


def test_dialogs_that_are_done_with_are_not_kept(
    window_on: OpenOn, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = window_on()
    for kind in (NewSession, ExportDialog, Gallery):
        monkeypatch.setattr(kind, "exec", lambda _: QDialog.DialogCode.Accepted)
    answers.path = str(tmp_path / "values.csv")
    for _ in range(3):
        window.documents.new()
        window.documents.new_from_example()
        window.documents.export()
    qtbot.waitUntil(lambda: window.findChildren(QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly) == [])
