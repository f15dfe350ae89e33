"""Ctrl+C on a cell takes its number in full, however few digits are shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from engine.quantities import parse
from gui.main_window import MainWindow
from gui.number_grid import NumberGrid
from gui.panels.operations import Operations
from gui.reading_table import ReadingTable
from tests.gui.conftest import OpenWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
GRADIENT = 3


def copied(view: QAbstractItemView, row: int, column: int, qtbot: QtBot) -> str:
    view.setCurrentIndex(view.model().index(row, column))
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)
    return QApplication.clipboard().text()


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    window = open_window()
    window.controller.to_iteration_end()
    return window


def test_a_gradient_of_the_table_is_copied_in_full(window: MainWindow, qtbot: QtBot) -> None:
    w5 = window.panels["parameters"].findChildren(QAbstractItemView)[0]
    value = window.controller.frame.value(parse("dL/dw[2,1,1]"))
    rows = [row for row in range(w5.model().rowCount()) if w5.model().index(row, 1).data() == "w5"]
    assert copied(w5, rows[0], GRADIENT, qtbot) == repr(value)
    assert copied(w5, rows[0], 1, qtbot) == "w5"


def test_the_value_of_an_operation_is_copied_in_full(window: MainWindow, qtbot: QtBot) -> None:
    listing = window.panels["operations"]
    assert isinstance(listing, Operations)
    value = window.controller.frame.value(parse("a[1,1]"))
    assert copied(listing, 2, 0, qtbot) == repr(value)


def test_data_and_a_read_table_are_copied_in_full(window: MainWindow, qtbot: QtBot) -> None:
    window.show_panel("data")
    data = window.panels["data"].findChildren(NumberGrid)[0]
    assert copied(data, 0, 0, qtbot) == "0.05"
    window.show_panel("gradient_check")
    table = window.panels["gradient_check"].findChildren(ReadingTable)[0]
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    value = window.controller.frame.value(parse("dL/dw[1,1,1]"))
    assert copied(table, 0, 1, qtbot) == repr(value)
