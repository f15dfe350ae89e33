"""A block of a spreadsheet pasted into the parameters: all of it or nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.quantities import parse
from gui.main_window import MainWindow
from gui.panels.parameters import ParametersTable
from gui.parameters_model import VALUE
from tests.gui.conftest import OpenWindow


def paste(window: MainWindow, name: str, block: str) -> dict[str, float]:
    """Paste into the row of a parameter by Ctrl+V; returns the parameters afterwards, and takes everything back."""
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    panel.table.setCurrentIndex(panel.model.index(panel.model.row_of(parse(name)), VALUE))
    QApplication.clipboard().setText(block)
    QTest.keyClick(panel.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    values = {str(q): value for q, value in window.controller.frame.parameters().items()}
    while window.controller.to_undo:
        window.controller.undo()
    return values


def test_a_block_goes_row_by_row_past_the_headings(open_window: OpenWindow) -> None:
    values = paste(open_window(), "b[1]", "1\t0,5\n1/4\r\n")
    assert [values[name] for name in ("w[1,2,2]", "b[1]", "w[2,1,1]", "w[2,1,2]", "b[2]")] == [0.3, 1.0, 0.5, 0.25, 0.6]


@pytest.mark.parametrize(("block", "reason"), [("1\tabc", "abc is not a number"), ("1\n" * 9, "9 numbers, but 8")])
def test_what_does_not_fit_changes_nothing_and_says_why(open_window: OpenWindow, block: str, reason: str) -> None:
    window = open_window()
    before = {str(q): value for q, value in window.controller.frame.parameters().items()}
    assert paste(window, "w[1,1,1]", block) == before
    assert reason in window.said.text()
