"""Data from a CSV file: what is read, offered and refused, and that the network follows in one change."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from engine.files.examples import open_session
from engine.files.session_file import load, save
from engine.spec import Columns, Spec
from gui import gradually
from gui.main_window import MainWindow
from gui.panels.settings import Settings
from gui.settings.csv_dialog import CsvDialog
from tests.gui.conftest import OpenWindow

LEFT = Qt.MouseButton.LeftButton
IRIS = Path(__file__).parents[2] / "resources" / "examples" / "iris.csv"
FIRST_SPEC = open_session("seed-003").spec

Act = Callable[[CsvDialog], object]
Import = Callable[[Path, Act], CsvDialog]


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()


@pytest.fixture
def take_file(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Clicks on "From a CSV file…", chooses the file, and does in the dialog what `act` does."""

    def taken(path: Path, act: Act) -> CsvDialog:
        seen: list[CsvDialog] = []

        def execute(dialog: CsvDialog) -> int:
            seen.append(dialog)
            dialog.show()
            act(dialog)
            return dialog.result()

        dock = next(dock for dock in window.docks if dock.objectName() == "settings")
        dock.show()
        dock.raise_()
        QApplication.processEvents()
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
        monkeypatch.setattr(CsvDialog, "exec", execute)
        panel = window.panels["settings"]
        assert isinstance(panel, Settings)
        QTest.mouseClick(panel.widget_of("file"), LEFT)
        return seen[0]

    return taken


@pytest.fixture
def dialog_on(application: QApplication, qtbot: QtBot) -> Callable[..., CsvDialog]:
    def opened(path: Path, spec: Spec = FIRST_SPEC) -> CsvDialog:
        dialog = CsvDialog(path, spec)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return opened


def written(folder: Path, content: str, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def iris_rows() -> list[tuple[float, ...]]:
    with IRIS.open(encoding="utf-8", newline="") as file:
        return [tuple(map(float, row)) for row in list(csv.reader(file))[1:]]


def test_a_good_file_changes_data_and_network_in_one_change(window: MainWindow, take_file: Import) -> None:
    before = window.controller.frame.session
    take_file(IRIS, CsvDialog.accept)
    spec, rows = window.controller.frame.session.spec, iris_rows()
    assert spec.data.inputs == tuple(row[:4] for row in rows)
    assert spec.data.targets == tuple(row[4:] for row in rows)
    assert spec.data.source == Columns(
        "iris.csv",
        ("sepal_length", "sepal_width", "petal_length", "petal_width"),
        ("setosa", "versicolor", "virginica"),
    )
    assert spec.network.sizes == (4, 2, 3)
    old = before.spec.network.layers[-1]
    assert (spec.network.layers[-1].activation, spec.loss) == (old.activation, before.spec.loss)
    assert window.controller.to_undo.startswith("data = iris.csv")
    window.controller.undo()
    assert window.controller.frame.session == before
    assert window.controller.to_undo == ""


def test_cancel_leaves_the_session_as_it_was(window: MainWindow, take_file: Import) -> None:
    window.controller.seek(2, 5)
    before = window.controller.frame.session
    take_file(IRIS, CsvDialog.reject)
    assert window.controller.frame.session is before
    assert window.controller.to_undo == ""


def test_two_offers_taken_one_after_the_other_add_up(dialog_on: Callable[..., CsvDialog], tmp_path: Path) -> None:
    dialog = dialog_on(written(tmp_path, "x1;x2;y\n0,5;1,25;1\n0,25;-2,5;0\n"))
    for words in ("Read it separated by semicolons", "Read it with decimal commas"):
        assert dialog.fix.isVisible()
        assert dialog.fix.text() == words
        assert not dialog.buttons.accepting.isEnabled()
        QTest.mouseClick(dialog.fix, LEFT)
    assert not dialog.fix.isVisible()
    assert not dialog.problem.isVisible()
    assert dialog.buttons.accepting.isEnabled()
    assert dialog.result_spec is not None
    assert dialog.result_spec.data.inputs == ((0.5, 1.25), (0.25, -2.5))
    assert dialog.result_spec.data.targets == ((1.0,), (0.0,))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("x1,x2,y\n1,2,0\n1,2\n", "Line 3: row 2 has 2 cells, 3 expected."),
        ("x1,x2,y\n1,2,0\n1,two,0\n", "Line 3: row 2, column 'x2': 'two' is no number."),
        ("", "Line 1: the file is empty."),
        ("x1,x2,y\n", "Line 1: only a header, no row of numbers follows."),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_cannot_be_taken(
    dialog_on: Callable[..., CsvDialog], tmp_path: Path, content: str, said: str
) -> None:
    dialog = dialog_on(written(tmp_path, content))
    assert dialog.problem.isVisible()
    assert dialog.problem.text() == said
    assert not dialog.fix.isVisible()
    assert not dialog.page.isVisible()
    assert not dialog.buttons.accepting.isEnabled()
    assert dialog.result_spec is None


def test_a_file_that_is_not_there_is_said(dialog_on: Callable[..., CsvDialog], tmp_path: Path) -> None:
    dialog = dialog_on(tmp_path / "none.csv")
    assert dialog.problem.text() == "No such file or directory."


def test_a_column_is_an_input_or_a_target_and_both_are_needed(dialog_on: Callable[..., CsvDialog]) -> None:
    dialog = dialog_on(IRIS)
    as_input, as_target = dialog.ticks.boxes["setosa"]
    QTest.mouseClick(as_input, LEFT)
    assert not as_target.isChecked()
    assert dialog.result_spec is not None
    assert dialog.result_spec.network.inputs == 5
    for name in ("versicolor", "virginica"):
        dialog.ticks.boxes[name][1].click()
    assert dialog.problem.text() == "Choose at least one input and one target."
    assert not dialog.buttons.accepting.isEnabled()


def test_targets_that_the_loss_does_not_take_bring_another_loss_and_it_is_said(
    dialog_on: Callable[..., CsvDialog], tmp_path: Path
) -> None:
    """formats.md: binary_cross_entropy after sigmoid; its targets are probabilities."""
    spec = replace(FIRST_SPEC, loss="binary_cross_entropy")
    dialog = dialog_on(written(tmp_path, "x1,x2,y\n1,2,3\n4,5,6\n"), spec)
    assert dialog.result_spec is not None
    assert dialog.result_spec.loss == "half_squared_error"
    said = "The loss becomes half squared error: binary cross entropy does not fit these targets."
    assert said in dialog.note.text()


def test_targets_that_the_loss_takes_leave_it(dialog_on: Callable[..., CsvDialog], tmp_path: Path) -> None:
    spec = replace(FIRST_SPEC, loss="binary_cross_entropy")
    dialog = dialog_on(written(tmp_path, "x1,x2,y\n1,2,1\n4,5,0\n"), spec)
    assert dialog.result_spec is not None
    assert dialog.result_spec.loss == "binary_cross_entropy"
    assert "loss" not in dialog.note.text()


def long_file(folder: Path) -> Path:
    """So many cells that they are read in several steps."""
    return written(folder, "x1,x2,y\n" + "1,2,0\n" * 20_000)


def test_a_long_file_is_read_little_by_little_and_says_how_far(
    dialog_on: Callable[..., CsvDialog], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradually, "SLICE", 0.0)
    monkeypatch.setattr("gui.settings.csv_dialog.PATIENCE", 0)
    dialog = dialog_on(long_file(tmp_path))
    assert dialog.table is None
    assert not dialog.buttons.accepting.isEnabled()
    qtbot.waitUntil(lambda: "rows read; Cancel stops it." in dialog.note.text())
    qtbot.waitUntil(lambda: dialog.table is not None)
    assert dialog.buttons.accepting.isEnabled()
    assert "20,000 rows" in dialog.note.text()


def test_cancel_stops_the_reading(
    dialog_on: Callable[..., CsvDialog], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradually, "SLICE", 0.0)
    dialog = dialog_on(long_file(tmp_path))
    dialog.reject()
    for _ in range(20):
        QApplication.processEvents()
    assert dialog.table is None
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_a_file_read_another_way_while_it_is_read_begins_again(
    dialog_on: Callable[..., CsvDialog], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(gradually, "SLICE", 0.0)
    dialog = dialog_on(long_file(tmp_path))
    dialog.comma.click()
    qtbot.waitUntil(lambda: dialog.table is not None)
    assert dialog.table is not None
    assert len(dialog.table.rows) == 20_000


@pytest.mark.parametrize("is_beside", [True, False])
def test_a_saved_session_names_the_file_only_where_it_lies_beside(
    window: MainWindow, take_file: Import, tmp_path: Path, is_beside: bool
) -> None:
    content = "x1,x2,y\n0.5,1.5,1\n-2.0,3.0,0\n"
    source = tmp_path / "there"
    source.mkdir()
    take_file(written(source, content), CsvDialog.accept)
    session = window.controller.frame.session
    path = (source if is_beside else tmp_path) / "mine.chainstep.json"
    save(session, path)
    data = load(path).spec.data
    assert (data.inputs, data.targets) == (((0.5, 1.5), (-2.0, 3.0)), ((1.0,), (0.0,)))
    assert data.source == (Columns("rows.csv", ("x1", "x2"), ("y",)) if is_beside else None)
