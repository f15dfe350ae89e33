"""Undo and redo are named by what they change, and a block that is pasted is one change."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import open_session
from engine.edits import Entry
from engine.quantities import parse
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.panels.data import DataTable
from gui.panels.parameters import ParametersTable
from gui.parameters_model import NEW, VALUE
from tests.gui.conftest import OpenWindow, softmax_session

CONTROL = Qt.KeyboardModifier.ControlModifier


def menu_texts(window: MainWindow) -> tuple[str, str]:
    return window.actions_by_name["undo"].text(), window.actions_by_name["redo"].text()


def test_the_menu_names_what_is_undone(open_window: OpenWindow) -> None:
    window = open_window()
    assert menu_texts(window) == ("Undo", "Redo")
    window.controller.edit("w[2,1,1]", 0.5)
    assert menu_texts(window) == ("Undo: w5 = 0.5", "Redo")
    assert window.said.text() == "w5 = 0.5. Ctrl+Z takes it back."
    window.controller.undo()
    assert menu_texts(window) == ("Undo", "Redo: w5 = 0.5")
    assert window.said.text() == "Undone: w5 = 0.5."
    window.controller.show_in("indexed")
    assert menu_texts(window) == ("Undo", "Redo: w31 = 0.5")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.edit("learning_rate", 0.1), "η = 0.1"),
        (lambda c: c.edit("b[1]", -2.0), "b1 = -2"),
        (lambda c: c.edit("x[2]", 0.25), "x2 = 0.25"),
        (lambda c: c.freeze(parse("w[1,1,2]"), True), "w2 frozen"),
        (lambda c: c.add_row(), "Row added"),
        (lambda c: c.enter([Entry("w[1,1,1]", 1.0), Entry("b[2]", 2.0)]), "2 values"),
    ],
)
def test_every_change_has_its_words(application: QApplication, change: object, words: str) -> None:
    controller = Controller(open_session("seed-003"))
    assert callable(change)
    change(controller)
    assert controller.to_undo == words
    controller.undo()
    assert (controller.to_undo, controller.to_redo) == ("", words)


def test_a_frozen_parameter_is_let_go_and_a_sample_is_named(application: QApplication) -> None:
    controller = Controller(open_session(softmax_session()))
    controller.edit("x[1]", 2.0, 3)
    assert controller.to_undo == "x1 of sample 3 = 2"
    controller.freeze(parse("w[1,1,1]"), True)
    controller.freeze(parse("w[1,1,1]"), False)
    assert controller.to_undo == "w1 trained again"
    controller.remove_row(2)
    assert controller.to_undo == "Row removed"


def test_a_block_pasted_into_the_parameters_is_one_change(open_window: OpenWindow) -> None:
    window = open_window()
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    panel.table.setCurrentIndex(panel.model.index(panel.model.row_of(parse("w[1,1,1]")), VALUE))
    QApplication.clipboard().setText("1\t2\n3\t4")
    before = window.controller.frame.session
    QTest.keyClick(panel.table, Qt.Key.Key_V, CONTROL)
    values = [window.controller.frame.parameters()[parse(f"w[1,{j},{i}]")] for j in (1, 2) for i in (1, 2)]
    assert values == [1.0, 2.0, 3.0, 4.0]
    assert menu_texts(window)[0] == "Undo: 4 values"
    window.controller.undo()
    assert window.controller.frame.session == before


@pytest.mark.parametrize(("block", "words"), [("7\t8\t1", "3 values"), ("7\t8\t5", "")])
def test_a_block_pasted_into_the_data_is_one_change_or_none(open_window: OpenWindow, block: str, words: str) -> None:
    """Binary cross-entropy takes targets from 0 to 1 only: a block that ends in a 5 changes nothing."""
    window = open_window()
    session = window.controller.frame.session
    window.controller.begin(replace(session, spec=replace(session.spec, loss="binary_cross_entropy")))
    before = window.controller.frame.session
    panel = window.panels["data"]
    assert isinstance(panel, DataTable)
    window.show_panel("data")
    panel.table.setCurrentIndex(panel.model.index(0, 0))
    QApplication.clipboard().setText(block)
    QTest.keyClick(panel.table, Qt.Key.Key_V, CONTROL)
    assert window.controller.to_undo == words
    assert window.said.text().startswith("3 values" if words else "Not changed: ")
    window.controller.undo()
    assert window.controller.frame.session == before


def test_a_new_value_that_is_edited_begins_the_next_iteration(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 32)
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    index = panel.model.index(panel.model.row_of(parse("w[2,1,1]")), NEW)
    assert panel.model.setData(index, "0,25")
    frame = window.controller.frame
    assert frame.cursor == (2, 0, 0)
    assert frame.parameters()[parse("w[2,1,1]")] == 0.25
    assert [edit.iteration for edit in frame.session.edits] == [2]
