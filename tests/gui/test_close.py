"""Closing, opening and beginning anew with changes that are not saved: the window asks, and does what is answered."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from engine import open_session
from engine.files.examples import SUFFIX
from gui.controller import FASTEST
from gui.main_window import MainWindow
from gui.new_session import NewSession
from tests.gui.conftest import OpenWindow

Button = QMessageBox.StandardButton
CONTROL = Qt.KeyboardModifier.ControlModifier


class Answers:
    """What the message box and the file dialogs answer with, and what was asked."""

    def __init__(self) -> None:
        self.button, self.path = Button.Discard, ""
        self.asked: list[str] = []
        self.offered: list[Any] = []

    def question(self, _: object, title: str, words: str, buttons: Any, default: Any) -> QMessageBox.StandardButton:
        self.asked.append(words)
        self.offered += [buttons, default]
        return self.button

    def file(self, *_: object, **__: object) -> tuple[str, str]:
        return str(self.path), ""


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    given = Answers()
    monkeypatch.setattr(QMessageBox, "question", given.question)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", given.file)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", given.file)
    return given


@pytest.fixture
def edited(open_window: OpenWindow, answers: Answers) -> MainWindow:
    window = open_window()
    window.controller.edit("w[2,1,1]", 0.9)
    return window


def end(window: MainWindow, answers: Answers) -> None:
    """Let the window go when the test is over."""
    answers.button = Button.Discard


def test_without_changes_nothing_is_asked(open_window: OpenWindow, answers: Answers) -> None:
    window = open_window()
    window.controller.seek(5, 5)
    assert window.close()
    assert answers.asked == []


def test_the_question_offers_to_save_to_discard_and_to_stay(edited: MainWindow, answers: Answers) -> None:
    assert edited.close()
    assert len(answers.asked) == 1
    assert answers.offered == [Button.Save | Button.Discard | Button.Cancel, Button.Save]
    assert not edited.isVisible()


def test_cancel_keeps_the_window_and_the_session(edited: MainWindow, answers: Answers) -> None:
    answers.button = Button.Cancel
    before = edited.controller.frame
    assert not edited.close()
    assert edited.isVisible()
    assert edited.controller.frame is before
    assert edited.controller.is_changed
    end(edited, answers)


def test_save_writes_the_sessions_file_and_closes(edited: MainWindow, answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / f"mine{SUFFIX}"
    assert edited.controller.save(path)
    edited.controller.edit("w[2,1,1]", 0.8)
    answers.button = Button.Save
    session = edited.controller.frame.session
    assert edited.close()
    assert len(answers.asked) == 1
    assert open_session(path) == session


def test_save_asks_for_a_file_where_there_is_none(edited: MainWindow, answers: Answers, tmp_path: Path) -> None:
    answers.button, answers.path = Button.Save, str(tmp_path / "mine")
    assert edited.close()
    assert open_session(tmp_path / f"mine{SUFFIX}").edits == edited.controller.frame.session.edits


def test_save_without_a_file_stays(edited: MainWindow, answers: Answers) -> None:
    answers.button, answers.path = Button.Save, ""
    assert not edited.close()
    assert edited.isVisible()
    assert edited.controller.is_changed
    end(edited, answers)


def test_a_save_that_fails_stays_and_says_why(
    edited: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    answers.button, answers.path = Button.Save, str(tmp_path / "mine")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert not edited.close()
    assert edited.isVisible()
    assert edited.said.text().startswith("Not saved: ")
    assert list(tmp_path.iterdir()) == []
    end(edited, answers)


def test_after_undo_nothing_is_asked(edited: MainWindow, answers: Answers) -> None:
    edited.controller.undo()
    assert edited.close()
    assert answers.asked == []


def test_closing_ends_a_run(open_window: OpenWindow, answers: Answers, qtbot: QtBot) -> None:
    window = open_window()
    window.controller.choose_speed(FASTEST)
    window.controller.run()
    qtbot.waitUntil(lambda: window.controller.frame.cursor.iteration > 5)
    assert window.close()
    assert not window.controller.is_running


@pytest.mark.parametrize("button", [Button.Cancel, Button.Discard])
def test_opening_another_asks_too(
    edited: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, button: QMessageBox.StandardButton
) -> None:
    path = tmp_path / f"mine{SUFFIX}"
    edited.controller.save(path)
    edited.controller.edit("w[2,1,1]", 0.7)
    session = edited.controller.frame.session
    answers.button, answers.path = button, str(path)
    qtbot.keyClick(edited.canvas, Qt.Key.Key_O, CONTROL)
    assert len(answers.asked) == 1
    assert edited.controller.frame.session == (session if button is Button.Cancel else open_session(path))
    end(edited, answers)


@pytest.mark.parametrize("button", [Button.Cancel, Button.Discard])
def test_a_new_session_asks_too(
    edited: MainWindow, answers: Answers, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, button: Any
) -> None:
    monkeypatch.setattr(NewSession, "exec", lambda _: QDialog.DialogCode.Accepted)
    session = edited.controller.frame.session
    answers.button = button
    qtbot.keyClick(edited.canvas, Qt.Key.Key_N, CONTROL)
    assert len(answers.asked) == 1
    assert (edited.controller.frame.session == session) == (button is Button.Cancel)
    end(edited, answers)


def test_ctrl_s_saves_and_the_title_shows_what_is_not_saved(
    open_window: OpenWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    answers.path = str(tmp_path / f"mine{SUFFIX}")
    assert "*" not in window.windowTitle()
    window.controller.edit("w[2,1,1]", 0.9)
    assert "*" in window.windowTitle()
    qtbot.keyClick(window.canvas, Qt.Key.Key_S, CONTROL)
    assert "*" not in window.windowTitle()
    assert answers.path in window.said.text()
    window.controller.undo()
    assert "*" in window.windowTitle()
    window.controller.redo()
    assert window.close()
    assert answers.asked == []
