"""Marks of edits and what the pointer is told: on the loss plot, on the ribbon, in the listing."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from engine.edits import Entry
from engine.expressions import plain
from engine.quantities import parse
from gui.main_window import MainWindow
from gui.panels.loss import LossPlot
from gui.panels.operations import Operations
from gui.panels.position import segment_widths
from tests.gui.conftest import OpenWindow
from tests.gui.recording import drawn_by

W1, W5, LEFT = parse("w[1,1,1]"), parse("w[2,1,1]"), Qt.MouseButton.LeftButton
SAID = "Edited at the start of iteration 12: w5 = 0.1."


@pytest.fixture
def edited(open_window: OpenWindow) -> MainWindow:
    """Document 003 with edits at the iterations 12 and 20, 40 iterations computed, at the start of the 12th."""
    window = open_window()
    controller = window.controller
    controller.seek(12, 0)
    controller.enter([Entry(W5, 0.1)])
    controller.seek(20, 0)
    controller.enter([Entry(W1, 0.7), Entry("learning_rate", 0.3)])
    controller.seek(40, 32)
    controller.seek(12, 0)
    return window


def plot_of(window: MainWindow) -> Any:
    panel = window.panels["loss"]
    assert isinstance(panel, LossPlot)
    assert panel._plot is not None
    return panel._plot


def place_of(window: MainWindow, iteration: int) -> QPointF:
    """The point of the plot where the curve is at an iteration."""
    plot, loss = plot_of(window), float(window.controller.frame.losses[iteration - 1])
    y = float(np.log10(loss)) if plot._is_log else loss
    return QPointF(plot.widget.mapFromScene(plot.widget.getViewBox().mapViewToScene(QPointF(iteration, y))))


def send(widget: QWidget, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton) -> None:
    everywhere, none = widget.mapToGlobal(place), Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(kind, place, everywhere, button, button, none))


def hover(widget: QWidget, place: QPointF) -> None:
    send(widget, QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton)


@pytest.mark.parametrize("is_log", [False, True])
def test_the_loss_plot_marks_iterations_that_begin_with_an_edit(edited: MainWindow, is_log: bool) -> None:
    plot, panel = plot_of(edited), edited.panels["loss"]
    assert isinstance(panel, LossPlot)
    if is_log:
        panel.log.click()
    assert plot._edits.getOriginalDataset()[0].tolist() == [12, 20]
    for iteration, words in ((12, "w5 = 0.1"), (20, "w1 = 0.7, η = 0.3")):
        near = place_of(edited, iteration) + QPointF(4, -4)  # an iteration is 30 pixels wide
        assert plot.mark_at(near) == iteration
        hover(plot.widget.viewport(), near)
        assert panel.readout.text().startswith(f"iteration {iteration}: ")
        assert plot.widget.toolTip().startswith(f"Edited at the start of iteration {iteration}: {words}.")
    assert plot.mark_at(place_of(edited, 15)) is None
    hover(plot.widget.viewport(), place_of(edited, 15))
    assert "Edited" not in plot.widget.toolTip()


def test_a_click_on_a_mark_goes_to_its_iteration_where_others_are_as_near(edited: MainWindow, qtbot: QtBot) -> None:
    edited.controller.seek(4000, 32)  # several iterations a pixel
    qtbot.waitUntil(lambda: len(edited.controller.frame.losses) == 4000)
    plot = plot_of(edited)
    assert place_of(edited, 20).x() - place_of(edited, 12).x() < 8
    send(plot.widget.viewport(), QEvent.Type.MouseButtonPress, place_of(edited, 12) - QPointF(3, 0), LEFT)
    assert edited.controller.frame.cursor.iteration == 12


def test_marks_go_with_the_edits(edited: MainWindow) -> None:
    edited.controller.undo()
    edited.controller.seek(30, 0)
    assert plot_of(edited)._edits.getOriginalDataset()[0].tolist() == [12]


def test_the_ribbon_marks_an_edit_at_its_left_end_which_leads_to_the_start(edited: MainWindow, qtbot: QtBot) -> None:
    ribbon, controller = edited.position, edited.controller
    assert "◆" in {item.text for item in drawn_by(ribbon, ribbon.rect())}
    assert ribbon.words_at(6) == SAID
    controller.seek(12, 20)
    qtbot.mouseClick(ribbon, LEFT, pos=QPointF(6, 24).toPoint())
    assert controller.frame.cursor == (12, 0, 0)
    controller.seek(13, 20)
    assert "◆" not in {item.text for item in drawn_by(ribbon, ribbon.rect())}
    qtbot.mouseClick(ribbon, LEFT, pos=QPointF(6, 24).toPoint())
    assert controller.frame.cursor == (13, 20, 0)


def test_the_listing_says_above_its_first_operation_that_values_were_edited(edited: MainWindow) -> None:
    listing = edited.panels["operations"]
    assert isinstance(listing, Operations)

    def said() -> tuple[bool, object]:
        words = {item.text for item in drawn_by(listing.viewport(), listing.viewport().rect())}
        return "◆ edited" in words, listing.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)

    assert said() == (True, SAID)
    edited.controller.seek(13, 0)
    assert said() == (False, "Forward  0 of 6")


@pytest.mark.qt_log_ignore("does not support raise")  # for the tip, on no screen
def test_the_ribbon_names_the_operation_below_the_pointer(open_window: OpenWindow, qtbot: QtBot) -> None:
    """A click there goes to the operation that was named."""
    window = open_window()
    ribbon, controller = window.position, window.controller
    (_, first, _), *_ = ribbon.segments()
    assert ribbon.words_at(first.left()) == "start of forward"
    assert ribbon.words_at(ribbon.width() - 40) == ""
    for phase, rect, _ in ribbon.segments():
        place = QPointF(round(rect.right() - rect.width() / 4), 24)
        hover(ribbon, place)
        said = ribbon.words_at(place.x())
        assert QToolTip.text() == said
        qtbot.mouseClick(ribbon, LEFT, pos=place.toPoint())
        operation = controller.frame.operation
        assert operation is not None
        assert said == f"{phase}, operation {operation.number}: {plain(operation.symbol)}"


@pytest.mark.qt_log_ignore("does not support raise")  # for the tip, on no screen
def test_the_line_below_the_pointer_goes_when_the_ribbon_is_resized(open_window: OpenWindow) -> None:
    """The pointer stands over another place then, and no event tells so."""
    ribbon = open_window().position
    calm = ribbon.grab().toImage()
    hover(ribbon, QPointF(200, 24))
    assert ribbon.grab().toImage() != calm
    ribbon.resize(ribbon.width() - 1, ribbon.height())
    ribbon.resize(ribbon.width() + 1, ribbon.height())
    assert ribbon.grab().toImage() == calm


def test_a_short_segment_of_the_ribbon_holds_its_word() -> None:
    """10 of 1000 pixels would be due to the first, the third takes what the others leave."""
    assert segment_widths([10, 10, 980], [60.0, 40.0, 50.0], 1000.0) == [60.0, 40.0, 900.0]
    assert segment_widths([100, 300], [60.0, 60.0], 800.0) == [200.0, 600.0]
