"""What is selected is marked in every panel that shows it, and no more once nothing is selected."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.quantities import parse
from engine.watching import Watched
from gui.main_window import MainWindow
from gui.panels import PANELS
from tests.gui.conftest import OpenWindow
from tests.gui.scenes import Pixels, pixels

SHOWN = {
    "operations": "w[2,1,1]", "parameters": "w[2,1,1]", "gradient_check": "w[2,1,1]", "compare": "w[2,1,1]",
    "runs": "w[2,1,1]", "watch": "w[2,1,1]", "stops": "w[2,1,1]", "paths": "dL/dw[2,1,1]", "function": "z[1,2]",
}  # fmt: skip
"""A quantity that each panel shows; the loss plot, settings, data, algorithm and prediction show none by its name."""
OTHERS = {"loss", "settings", "data", "algorithm", "prediction"}


def picture(part: QWidget) -> Pixels:
    for _ in range(3):
        QApplication.processEvents()
    return pixels(part.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))


def differs(one: Pixels, other: Pixels) -> bool:
    return one.shape != other.shape or not np.array_equal(one, other)


def settled(panel: QWidget, qtbot: QtBot) -> Pixels:
    """Its picture once it looks the same twice: what it computes in slices is there."""
    last = picture(panel)

    def is_same() -> bool:
        nonlocal last
        before, last = last, picture(panel)
        return not differs(before, last)

    qtbot.waitUntil(is_same)
    return last


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """After an iteration, with another run left behind, w5 watched and a stop at it."""
    window = open_window()
    window.controller.seek(3)
    window.controller.seek(1, 32)
    window.controller.edit("learning_rate", 0.4)
    window.controller.watch(Watched(parse("w[2,1,1]")))
    window.controller.stop_here()
    window.controller.choose_run(window.controller.runs.left[0])
    return window


def test_every_panel_stands_in_the_table() -> None:
    assert {record.name for record in PANELS} == SHOWN.keys() | OTHERS


@pytest.mark.parametrize("name", SHOWN)
def test_a_panel_marks_what_is_selected(window: MainWindow, qtbot: QtBot, name: str) -> None:
    controller, panel = window.controller, window.panels[name]
    window.show_panel(name, has_keyboard=False)
    qtbot.waitUntil(lambda: not controller.is_running)
    before = settled(panel, qtbot)
    controller.select(parse(SHOWN[name]))
    qtbot.waitUntil(lambda: differs(picture(panel), before), timeout=2000)


def test_the_canvas_marks_it(window: MainWindow, qtbot: QtBot) -> None:
    before = picture(window.canvas)
    window.controller.select(parse("w[2,1,1]"))
    assert differs(picture(window.canvas), before)
    window.controller.select(None)
    assert not differs(picture(window.canvas), before)
