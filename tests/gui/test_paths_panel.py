"""The panel of all ways from the loss to a gradient: what it lists, what it follows, what it lights."""

from math import prod

import pytest
from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.quantities import parse
from gui.canvas.marks import marks_of, marks_of_way
from gui.main_window import MainWindow
from gui.panels.paths import Paths
from gui.theme import DARK, palette_of
from tests.engine.test_ways import large
from tests.gui.conftest import OpenWindow, Source, softmax_session

W1, LAST = parse("dL/dw[1,1,1]"), 10**6


def opened(open_window: OpenWindow, source: Source, operation: int) -> tuple[MainWindow, Paths]:
    """A window after so many operations, with the panel in sight."""
    window = open_window(source)
    panel = window.panels["paths"]
    assert isinstance(panel, Paths)
    dock = next(dock for dock in window.docks if dock.widget() is panel)
    dock.show()
    dock.raise_()
    QApplication.processEvents()
    window.controller.seek(1, min(operation, window.controller.frame.program.count))
    QApplication.processEvents()
    return window, panel


def row_text(panel: Paths, row: int) -> str:
    return str(panel.model.data(panel.model.index(row, 0)))


def test_the_way_of_w1_stands_as_document_003_has_it(open_window: OpenWindow) -> None:
    _, panel = opened(open_window, "seed-003", 20)
    assert not panel.is_empty
    assert panel.model.rowCount() == 1
    lines = row_text(panel, 0).splitlines()
    assert lines[0] == "1. L ← ŷ ← a_h1 ← w1"
    assert lines[2] == "= 0.74137 · 0.18682 · 0.4 · 0.24130 · 0.05 = 0.00066840"
    assert lines[3] == "100 % of the sum"
    assert not panel.more.isVisible()
    assert panel.head.accessibleName() == "dL/dw1 = one way"


def test_an_empty_panel_says_what_will_be_here(open_window: OpenWindow) -> None:
    window, panel = opened(open_window, "seed-003", 3)
    assert panel.is_empty
    assert "Every way from the loss" in panel.said
    window.controller.select(parse("w[2,1,1]"))
    assert panel.is_empty
    assert panel.said.startswith("dL/dw5 is not yet computed in this iteration.")
    window.controller.seek(1, 32)
    assert not panel.is_empty
    assert row_text(panel, 0).startswith("1. L ← ŷ ← w5\n")


def test_it_follows_the_operation_and_then_the_selection(open_window: OpenWindow) -> None:
    window, panel = opened(open_window, "seed-003", 10)
    assert row_text(panel, 0).startswith("1. L ← ŷ ← z_out\n")
    window.controller.next()
    assert row_text(panel, 0).startswith("1. L ← ŷ ← w5\n")
    window.controller.seek(1, 24)
    assert panel.model.rowCount() == 2
    window.controller.select(W1)
    assert row_text(panel, 0).startswith("1. L ← ŷ ← a_h1 ← w1\n")
    window.controller.select(None)
    assert panel.head.accessibleName() == "dL/db1 = the sum over 2 ways"


def test_twenty_more_are_listed_when_asked_for(open_window: OpenWindow) -> None:
    window, panel = opened(open_window, large([8, 8, 3], inputs=8), LAST)
    window.controller.select(parse("dL/dw[1,1,1]"))
    assert panel.model.rowCount() == 20
    assert panel.covered.text().startswith("20 of 24 ways cover ")
    panel.more.click()
    assert panel.model.rowCount() == 24
    assert panel.covered.text().startswith("All 24 ways are listed.")
    assert not panel.more.isVisible()
    products = [way.product for way in panel.model.listed]
    assert products == sorted(products, key=abs, reverse=True)
    assert sum(products) == pytest.approx(window.controller.frame.value(W1), rel=1e-12)


def test_a_row_lights_its_way_until_the_pointer_leaves_or_the_frame_changes(open_window: OpenWindow) -> None:
    window, panel = opened(open_window, "seed-003", 24)
    first = panel.model.index(0, 0)
    panel.table.entered.emit(first)
    way = window.controller.focus.way
    assert way == panel.model.listed[0]
    frame = window.controller.frame
    assert way is not None
    assert [(lit.number, lit.place) for lit in marks_of_way(frame, way).read] == [
        (1, ("loss_edge", 2, 1, 0)), (2, ("node", 2, 1, 0)), (3, ("edge", 2, 1, 2)), (4, ("node", 1, 2, 0)),
        (5, ("bias", 1, 1, 0)),
    ]  # fmt: skip
    QApplication.sendEvent(panel.table.viewport(), QEvent(QEvent.Type.Leave))
    assert window.controller.focus.way is None
    panel.table.entered.emit(first)
    window.controller.next()
    assert window.controller.focus.way is None


def test_a_way_of_one_product_is_lit_as_its_operation_is(open_window: OpenWindow) -> None:
    window, panel = opened(open_window, "seed-003", 20)
    frame = window.controller.frame
    lit = marks_of_way(frame, panel.model.listed[0]).read
    assert [(each.place, each.color) for each in lit] == [(each.place, each.color) for each in marks_of(frame).read]


def test_the_keyboard_walks_the_rows_and_lights_them(open_window: OpenWindow, qtbot: QtBot) -> None:
    window, panel = opened(open_window, "seed-003", 24)
    panel.table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(panel.table.hasFocus)
    assert window.controller.focus.way == panel.model.listed[0]
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert window.controller.focus.way == panel.model.listed[1]
    panel.table.setCurrentIndex(QModelIndex())
    assert window.controller.focus.way is None


def test_nothing_is_listed_out_of_sight(open_window: OpenWindow) -> None:
    window = open_window("seed-003")
    panel = window.panels["paths"]
    assert isinstance(panel, Paths)
    window.controller.seek(1, 24)
    assert panel.model.ways is None
    assert not panel.isVisible()


def test_a_softmax_layer_has_activation_and_pre_activation_on_the_way(open_window: OpenWindow) -> None:
    """3-4-3: a weight of the hidden layer has 3 · 3 ways; both samples of the batch have their own."""
    window, panel = opened(open_window, softmax_session(), LAST)
    window.controller.select(parse("grad[w[1,1,1]]"))
    assert panel.head.accessibleName().endswith("= the sum over 9 ways")
    assert row_text(panel, 0).splitlines()[0].count("←") == 4
    for sample in (1, 2):
        window.controller.choose_sample(sample)
        assert panel.model.ways is not None
        assert panel.model.ways.sample == sample
    for way in panel.model.listed:
        assert prod(factor.value for factor in way.factors) == pytest.approx(way.product, rel=1e-12)
        assert marks_of_way(window.controller.frame, way).read


def test_it_paints_light_and_dark(open_window: OpenWindow, application: QApplication) -> None:
    window, panel = opened(open_window, large([8, 8, 3], inputs=8), LAST)
    window.controller.select(W1)
    light = panel.grab().toImage()
    application.setPalette(palette_of(DARK))
    QApplication.processEvents()
    dark = panel.grab().toImage()
    for y in (10, panel.head.height() - 4, panel.head.height() + 100):
        assert light.pixelColor(4, y).lightness() > 200
        assert dark.pixelColor(4, y).lightness() < 60


def test_an_edit_lists_the_ways_anew(open_window: OpenWindow) -> None:
    """The same iteration and operation, other numbers."""
    window, panel = opened(open_window, "seed-003", 20)
    before = panel.model.listed[0].product
    window.controller.edit(parse("w[2,1,1]"), 0.8)
    assert panel.model.listed[0].product == pytest.approx(window.controller.frame.value(W1), rel=1e-12)
    assert panel.model.listed[0].product != pytest.approx(before)
