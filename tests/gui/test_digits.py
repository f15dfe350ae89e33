"""The digits that the status bar asks for: in the table of parameters, in the listing, and kept for the next start."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import open_session
from gui.controller import Controller
from gui.digits import Digits
from gui.main_window import MainWindow
from gui.panels.operations import Operations
from gui.panels.parameters import ParametersTable
from gui.parameters_model import CHANGE, GRADIENT, NEW, VALUE
from tests.gui.conftest import OpenWindow
from tests.gui.recording import drawn_by

COLUMNS = (VALUE, GRADIENT, CHANGE, NEW)


def table_of(window: MainWindow) -> ParametersTable:
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    return panel


def written(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def read(text: str) -> float:
    return float(text.replace("−", "-").replace(" · 10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))


@pytest.mark.parametrize("digits", [2, 5, 12, 17])
def test_parameters_and_listing_write_the_digits_asked_for(open_window: OpenWindow, digits: int) -> None:
    window = open_window()
    window.controller.to_iteration_end()
    window.show_digits(digits)
    model, frame = table_of(window).model, window.controller.frame
    for row in range(1, 6):
        for column in COLUMNS:
            shown = read(str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole)))
            value = model.number_at(row, column)
            assert value is not None
            assert shown == written(value, digits)
    listing = window.panels["operations"]
    assert isinstance(listing, Operations)
    spoken = str(listing.model().index(1, 0).data(Qt.ItemDataRole.DisplayRole))
    assert read(spoken.split("  ")[-1]) == written(frame.narrator.describe(0).value, digits)


@pytest.mark.parametrize("digits", [5, 12, 17])
def test_every_number_of_the_table_ends_before_the_next_column(open_window: OpenWindow, digits: int) -> None:
    window = open_window(width=2400)
    window.controller.seek(46, 32)
    window.show_digits(digits)
    table = table_of(window).table
    window.resizeDocks([window.docks[1]], [1000], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    edges = [table.columnViewportPosition(column) for column in COLUMNS]
    ends = dict(zip(edges, [*edges[1:], table.viewport().width()], strict=True))
    numbers = [item for item in drawn_by(table.viewport()) if item.text[-1:].isdigit() and item.x > edges[0]]
    assert len(numbers) > 20
    for number in numbers:
        start = max(edge for edge in edges if edge <= number.x)
        assert number.x + number.width <= ends[start] + 1, number


def test_they_are_kept_for_the_next_start(application: object, qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    for expected, chosen in ((5, 9), (9, 17), (17, 17)):
        window = MainWindow(Controller(open_session("seed-003")), settings)
        qtbot.addWidget(window)
        window.controller.show()
        field = window.findChild(Digits)
        assert isinstance(field, Digits)
        assert field.value() == expected
        field.setValue(chosen)
        assert table_of(window).model.digits == chosen
