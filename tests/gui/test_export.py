"""File > Export: what the dialog asks for stands in the file; a cancelled or failed export leaves everything alone."""

import csv
import errno
import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.files import writing
from engine.files.csv_export import VALUES_HEADER
from engine.session import Session
from gui.export import KINDS, ExportDialog, export
from tests.gui.conftest import OpenWindow, softmax_session

VALUES, PARAMETERS, LOSSES = KINDS
MARK = b"\xef\xbb\xbf"


@pytest.fixture
def behind(application: Any, qtbot: QtBot) -> QWidget:
    """What a dialog belongs to; it is not shown, so that it takes nothing from the dialog."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def parent(behind: QWidget) -> QWidget:
    """A window that is open."""
    behind.show()
    return behind


def dialog_for(parent: QWidget, kind: str, last: int, mark: bool = False, first: int = 1) -> ExportDialog:
    dialog = ExportDialog(1, parent)
    dialog.kind.setCurrentText(kind)
    dialog.first.setValue(first)
    dialog.last.setValue(last)
    dialog.mark.setChecked(mark)
    return dialog


def rows_in(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def left_over(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.name.startswith(writing.PREFIX)]


def test_the_dialog_begins_with_values_up_to_the_iteration_shown_for_spreadsheets(parent: QWidget) -> None:
    """interface: with a byte-order mark for spreadsheets, the dialog's default."""
    dialog = ExportDialog(7, parent)
    assert dialog.kind.currentText() == VALUES
    assert (dialog.first.value(), dialog.last.value()) == (1, 7)
    assert dialog.mark.isChecked()


def test_the_first_iteration_is_never_after_the_last(parent: QWidget) -> None:
    dialog = ExportDialog(7, parent)
    dialog.first.setValue(5)
    assert dialog.last.value() == 7
    dialog.first.setValue(12)
    assert (dialog.first.value(), dialog.last.value()) == (12, 12)
    dialog.last.setValue(9)
    assert (dialog.first.value(), dialog.last.value()) == (12, 12)
    dialog.first.setValue(3)
    dialog.last.setValue(4)
    assert (dialog.first.value(), dialog.last.value()) == (3, 4)


def shown_dialog(iteration: int, parent: QWidget, qtbot: QtBot) -> ExportDialog:
    """A dialog that can be typed into."""
    dialog = ExportDialog(iteration, parent)
    with qtbot.waitActive(dialog):
        dialog.show()
    return dialog


def test_first_and_last_are_typed(behind: QWidget, qtbot: QtBot) -> None:
    """A number counts when it is whole, so that a slip in the first one leaves the last one alone; a last one before
    the first is not taken."""
    dialog = shown_dialog(100, behind, qtbot)
    for spin, typed, expected in (
        (dialog.first, "12", (12, 100)), (dialog.last, "40", (12, 40)), (dialog.last, "5", (12, 40)),
        (dialog.first, "250", (250, 250)),
    ):  # fmt: skip
        spin.setFocus()
        spin.selectAll()
        qtbot.keyClicks(spin, "1000" if spin is dialog.first else "")
        spin.selectAll()
        qtbot.keyClicks(spin, typed)
        qtbot.keyClick(spin, Qt.Key.Key_Tab)
        assert (dialog.first.value(), dialog.last.value()) == expected


def test_return_in_a_field_takes_what_stands_there(behind: QWidget, qtbot: QtBot) -> None:
    dialog = shown_dialog(7, behind, qtbot)
    dialog.first.setFocus()
    dialog.first.selectAll()
    qtbot.keyClicks(dialog.first, "9")
    qtbot.keyClick(dialog.first, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert (dialog.first.value(), dialog.last.value()) == (9, 9)


def test_first_and_last_have_names(parent: QWidget) -> None:
    dialog = ExportDialog(7, parent)
    assert (dialog.first.accessibleName(), dialog.last.accessibleName()) == ("First iteration", "Last iteration")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("first", "last"), [(1, 4), (2, 3), (4, 4), (6, 6)])
def test_a_range_has_the_very_rows_of_the_full_export(
    parent: QWidget, tmp_path: Path, kind: str, first: int, last: int
) -> None:
    session, full, part = open_session(softmax_session()), tmp_path / "full.csv", tmp_path / "part.csv"
    export(session, dialog_for(parent, kind, 6), full, parent)
    export(session, dialog_for(parent, kind, last, first=first), part, parent)
    header, *rows = rows_in(full)
    assert rows_in(part) == [header, *(row for row in rows if first <= max(int(row[0]), 1) <= last)]


def test_values_read_back_are_the_operations(parent: QWidget, tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    said = export(open_session("seed-003"), dialog_for(parent, VALUES, 2), path, parent)
    assert said == f"Exported {path}."
    rows = rows_in(path)
    assert rows[0] == list(VALUES_HEADER)
    assert len(rows) == 1 + 2 * 32
    assert rows[1] == [
        "1", "1", "1", "forward", "pre_activation", "1", "z[1,1]", "z_h1", "w1·x1 + w2·x2 + b1",
        "0.15·0.05 + 0.2·0.1 + 0.35", "0.3775",
    ]  # fmt: skip
    stepper = Stepper(open_session("seed-003"))
    for row in rows[1:]:
        stepper.next()
        while stepper.operation is None:
            stepper.next()
        assert (row[0], row[2]) == (str(stepper.cursor.iteration), str(stepper.cursor.operation))
        assert row[6] == str(stepper.operation.quantity)
        assert float(row[10]) == stepper.operation.value


def test_parameters_and_losses_read_back_are_those_of_a_run(parent: QWidget, tmp_path: Path) -> None:
    session, last = open_session(softmax_session()), 5
    stepper = Stepper(session)
    first = [*stepper.parameters().values()]
    path = tmp_path / "parameters.csv"
    export(session, dialog_for(parent, PARAMETERS, last), path, parent)
    rows = rows_in(path)
    assert rows[0] == ["iteration", "batch_loss", *stepper.parameters()]
    assert rows[1][:2] == ["0", ""]
    assert [float(cell) for cell in rows[1][2:]] == first
    for iteration in range(1, last + 1):
        stepper.run(1)
        row = rows[1 + iteration]
        assert row[0] == str(iteration)
        assert [float(cell) for cell in row[1:]] == [stepper.losses()[iteration - 1], *stepper.parameters().values()]
    path = tmp_path / "losses.csv"
    export(session, dialog_for(parent, LOSSES, last), path, parent)
    rows = rows_in(path)
    assert rows[0] == ["iteration", "epoch", "batch_loss", "test_loss"]
    assert [float(row[2]) for row in rows[1:]] == stepper.losses().tolist()
    assert [row[1] for row in rows[1:]] == ["1", "1", "2", "2", "3"]


def test_an_export_is_of_the_session_with_its_edits(parent: QWidget, tmp_path: Path) -> None:
    stepper, path = Stepper(open_session("seed-003")), tmp_path / "parameters.csv"
    stepper.seek(2)
    stepper.edit("w[2,1,1]", 0.75)
    stepper.seek(1)
    export(stepper.session, dialog_for(parent, PARAMETERS, 2), path, parent)
    rows = rows_in(path)
    w5 = rows[0].index("w[2,1,1]")
    assert float(rows[1][w5]) == 0.4
    stepper.run(2)
    assert float(rows[3][w5]) == stepper.value("w[2,1,1]")
    assert 0.6 < float(rows[3][w5]) < 0.75


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mark", [True, False])
def test_a_byte_order_mark_where_it_is_wanted(parent: QWidget, tmp_path: Path, kind: str, mark: bool) -> None:
    path = tmp_path / "any.csv"
    export(open_session("seed-003"), dialog_for(parent, kind, 1, mark), path, parent)
    content = path.read_bytes()
    assert content.startswith(MARK) == mark
    assert content.count(MARK) == mark
    assert content.endswith(b"\r\n")


def cancel_when_it_shows(parent: QWidget, seen: list[str]) -> None:
    """Press Cancel as soon as the window is looked at."""

    def press() -> None:
        for progress in parent.findChildren(QProgressDialog):
            seen.append(progress.labelText())
            progress.cancel()

    QTimer.singleShot(0, parent, press)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("first", "words"), [(1, "rows"), (10_000_000, "computing the iterations before")])
@pytest.mark.parametrize("old", [None, b"what stood here"])
def test_a_cancelled_export_leaves_what_was_there(
    parent: QWidget, tmp_path: Path, kind: str, first: int, words: str, old: bytes | None
) -> None:
    """Be it cancelled while rows are written or while the iterations before them are computed."""
    path, seen = tmp_path / "any.csv", list[str]()
    if old is not None:
        path.write_bytes(old)
    cancel_when_it_shows(parent, seen)
    said = export(open_session("seed-003"), dialog_for(parent, kind, 10_000_000, first=first), path, parent)
    assert "cancelled" in said
    assert words in seen[0]
    assert (path.read_bytes() if path.exists() else None) == old
    assert [entry.name for entry in tmp_path.iterdir()] == ([] if old is None else [path.name])


def test_an_export_ends_with_its_window(parent: QWidget, tmp_path: Path) -> None:
    QTimer.singleShot(0, parent, parent.close)
    said = export(open_session("seed-003"), dialog_for(parent, VALUES, 10_000_000), tmp_path / "any.csv", parent)
    assert "cancelled" in said
    assert list(tmp_path.iterdir()) == []


def test_progress_is_over_when_the_export_is(parent: QWidget, tmp_path: Path) -> None:
    export(open_session("seed-003"), dialog_for(parent, VALUES, 3), tmp_path / "any.csv", parent)
    assert not any(progress.isVisible() for progress in parent.findChildren(QProgressDialog))


@pytest.mark.parametrize("name", ["", "nowhere/any.csv", "nul\0.csv"], ids=["folder", "no folder", "NUL"])
def test_a_place_that_cannot_be_written_is_said(parent: QWidget, tmp_path: Path, name: str) -> None:
    said = export(open_session("seed-003"), dialog_for(parent, VALUES, 1), tmp_path / name, parent)
    assert said.startswith("Not exported: ")
    assert said.endswith(".")


def test_a_full_disk_is_said_and_leaves_the_old_file(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(b"what stood here")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        said = export(open_session("seed-003"), dialog_for(parent, VALUES, 1), path, parent)
    assert said == f"Not exported: {os.strerror(errno.ENOSPC)}."
    assert path.read_bytes() == b"what stood here"
    assert left_over(tmp_path) == []


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the export dialog and the file dialog answer with."""
    given: dict[str, Any] = {"code": QDialog.DialogCode.Accepted, "last": 2, "path": ""}

    def execute(dialog: ExportDialog) -> QDialog.DialogCode:
        given["proposed"] = dialog.last.value()
        dialog.last.setValue(given["last"])
        return given["code"]

    monkeypatch.setattr(ExportDialog, "exec", execute)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(given["path"]), ""))
    return given


def test_ctrl_e_exports_from_the_window(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, answers: dict[str, Any]
) -> None:
    window = open_window()
    window.controller.seek(3, 4)
    session: Session = window.controller.frame.session
    answers["path"] = tmp_path / "any.csv"
    qtbot.keyClick(window.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert answers["proposed"] == 3
    assert window.said.text() == f"Exported {answers['path']}."
    assert answers["path"].read_bytes().startswith(MARK)
    assert len(rows_in(answers["path"])) == 1 + 2 * 32
    assert window.controller.frame.session == session


@pytest.mark.parametrize("what", ["dialog", "file"])
def test_cancelled_dialogs_write_nothing(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, answers: dict[str, Any], what: str
) -> None:
    window = open_window()
    if what == "dialog":
        answers |= {"code": QDialog.DialogCode.Rejected, "path": tmp_path / "any.csv"}
    qtbot.keyClick(window.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert list(tmp_path.iterdir()) == []
    assert window.said.text() == ""
