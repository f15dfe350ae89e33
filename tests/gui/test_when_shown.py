"""Panels that nobody sees wait for what comes, and take it in the right order once they are seen."""

import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget
from pytestqt.qtbot import QtBot

from engine import open_session
from engine.program import Unit
from engine.quantities import parse
from gui import keyboard
from gui.main_window import MainWindow
from gui.panels import PANELS
from gui.panels.operations import Operations
from gui.panels.parameters import ParametersTable
from gui.panels.stops import StopsPanel
from gui.when_shown import FOCUS, WhenShown
from tests.gui.conftest import OpenWindow
from tests.gui.test_large_networks import session


def dock_of(window: MainWindow, name: str) -> QDockWidget:
    return next(dock for dock in window.docks if dock.objectName() == name)


@pytest.mark.parametrize("name", ["operations", "parameters"])
def test_what_was_selected_in_another_network_meanwhile_is_shown_in_that_one(
    open_window: OpenWindow, name: str
) -> None:
    """The selection came first and the frame last; the panel still shows a network of fewer layers."""
    window = open_window()
    dock, panel = dock_of(window, name), window.panels[name]
    dock.hide()
    window.controller.begin(open_session(session(2, 3, 3, 1)))
    window.controller.select(parse("b[3,1]"))
    window.controller.next()
    dock.show()
    assert isinstance(panel, Operations | ParametersTable)
    model = panel._model if isinstance(panel, Operations) else panel.model
    assert model.focus.selected == parse("b[3,1]")
    assert model.frame is window.controller.frame


@pytest.mark.parametrize("name", [record.name for record in PANELS if FOCUS in record.follows.values()])
def test_what_was_selected_in_another_network_is_let_go(open_window: OpenWindow, qtbot: QtBot, name: str) -> None:
    """The other way about: the new network has fewer layers than the one that the panel knows."""
    window = open_window(session(2, 3, 3, 1))
    dock, panel = dock_of(window, name), window.panels[name]
    parts = panel.findChildren(QWidget)
    dock.show()
    dock.raise_()
    window.controller.seek(2, 5)
    window.controller.select(parse("dL/db[3,1]"))
    window.controller.select(parse("b[3,1]"))
    dock.hide()
    window.controller.begin(open_session("seed-003"))
    window.controller.next(Unit.ITERATION)
    with qtbot.captureExceptions() as exceptions:
        dock.show()
        dock.raise_()
        qtbot.waitUntil(lambda: any(not part.visibleRegion().isEmpty() for part in (panel, *parts)))
    assert exceptions == []


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)
def test_a_panel_behind_a_tab_that_gets_a_window_of_its_own_is_filled(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    dock_of(window, "stops").show()
    dock_of(window, "parameters").raise_()
    QApplication.processEvents()
    stops = window.panels["stops"]
    assert isinstance(stops, StopsPanel)
    dock_of(window, "stops").setFloating(True)
    qtbot.waitUntil(lambda: stops.model.frame is window.controller.frame)
    stops.field.setText("loss < 0.01")
    stops.add.click()
    assert stops.model.rowCount() == 1


class Teller(QObject):
    told = Signal(object)


class Panel(QWidget):
    def show_frame(self, words: str) -> None:
        self.setToolTip(words)


def test_a_panel_that_is_gone_is_told_nothing(application: QApplication, qtbot: QtBot) -> None:
    """While a window goes, the pointer leaves what lay below it, and the controller tells the panels that are left."""
    teller, dock, panel = Teller(), QDockWidget(), Panel()
    dock.setWidget(panel)
    teller.told.connect(WhenShown(dock).taking("show_frame"))
    with qtbot.captureExceptions() as exceptions:
        dock.show()
        teller.told.emit("seen")
        assert panel.toolTip() == "seen"
        dock.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        teller.told.emit("gone")
    assert exceptions == []


def test_the_keyboard_stays_where_no_panel_is_in_sight(open_window: OpenWindow) -> None:
    canvas = open_window().canvas
    keyboard.go_around([], 1)
    assert QApplication.focusWidget() is canvas
