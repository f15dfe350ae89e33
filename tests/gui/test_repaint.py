"""After a step only what has changed is painted again: the window on the screen is what a full drawing would give."""

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import pytest
from pyqtgraph import PlotWidget
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.program import Unit
from engine.quantities import parse
from gui.digits import Digits
from gui.main_window import MainWindow
from gui.parameters_model import CHANGE, GRADIENT, NEW, SYMBOL, VALUE, ParametersModel
from gui.parameters_painting import ParameterDelegate
from tests.gui.conftest import OpenWindow, penalized_session, softmax_session
from tests.gui.test_large_networks import session

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def pixels(image: QImage) -> Pixels:
    shown = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.array(shown.constBits(), dtype=np.uint8).reshape(shown.height(), shown.width(), 4)[:, :, :3].copy()


def differing(window: MainWindow) -> list[str]:
    """The panels of which the screen shows something else than a full drawing."""
    screen = window.screen().grabWindow(window.winId()).toImage()
    panels, bar = window.panels, window.statusBar()
    equation = window.equation.visibleRegion().boundingRect()  # it may be higher than the room it has
    parts: dict[str, tuple[QWidget, QRect]] = {
        "canvas": (window.canvas, window.canvas.rect()), "equation": (window.equation, equation),
        **{name: (panels[name], panels[name].rect()) for name in ("operations", "parameters")},
        "position": (window.position, window.position.rect()), "status": (bar, bar.rect()),
    }  # fmt: skip
    return [
        name
        for name, (part, rect) in parts.items()
        if not np.array_equal(
            pixels(screen.copy(QRect(part.mapTo(window, rect.topLeft()), rect.size()))),
            pixels(part.grab(rect).toImage()),
        )
    ]


def moves(window: MainWindow, count: int) -> Iterator[str]:
    """Steps, back, by all units, seeks and selections, as a person makes them; each is named."""
    random, controller = Random(7), window.controller
    for _ in range(count):
        match random.randrange(6):
            case 0 | 1 | 2:
                unit = random.choice([Unit.FACTOR, Unit.OPERATION, Unit.NEURON])
                controller.next(unit)
                yield f"next {unit}"
            case 3:
                unit = random.choice(list(Unit))
                controller.previous(unit)
                yield f"previous {unit}"
            case 4:
                controller.seek(random.randint(1, 2), random.randint(0, controller.frame.program.count))
                yield f"seek {controller.frame.cursor}"
            case 5:
                name = random.choice([None, "w[1,1,1]", "z[1,1]", "dL/dw[2,1,1]"])
                controller.select(parse(name) if name else None)
                yield f"select {name}"


@pytest.mark.parametrize("source", ["seed-003", softmax_session(), penalized_session()], ids=["003", "soft", "penalty"])
def test_the_screen_shows_what_a_full_drawing_would(open_window: OpenWindow, qtbot: QtBot, source: Any) -> None:
    window = open_window(source, 1280, 800)
    qtbot.waitUntil(lambda: differing(window) == [])
    for move in moves(window, 30):
        QApplication.processEvents()
        assert differing(window) == [], move


@pytest.mark.parametrize("panel", ["operations", "parameters"])
def test_a_row_that_is_not_painted_again_is_seen(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: str
) -> None:
    window = open_window("seed-003", 1280, 800)
    window.controller.seek(1, 10)
    qtbot.waitUntil(lambda: differing(window) == [])
    module = {"operations": "gui.panels.operations", "parameters": "gui.parameters_model"}[panel]
    monkeypatch.setattr(f"{module}.operations_since", lambda before, frame: range(0))
    window.controller.seek(1, 14)  # gradients among them: rows in both
    qtbot.waitUntil(lambda: differing(window) == [panel])


def test_the_end_of_every_iteration_is_seen(open_window: OpenWindow, qtbot: QtBot) -> None:
    """From the end of one iteration to that of the next only numbers are painted again; an edit and another batch,
    whose operations have other places, come between."""
    window = open_window(softmax_session(), 1280, 800)
    window.controller.next(Unit.ITERATION)
    qtbot.waitUntil(lambda: differing(window) == [])
    for iteration in range(2, 8):
        if iteration == 5:
            window.controller.edit("b[1,1]", 0.25)
        window.controller.next(Unit.ITERATION)
        QApplication.processEvents()
        assert differing(window) == [], iteration


class Painted(QObject):
    """Notes what is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.widgets: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.widgets.append(watched)
        return False


def test_a_step_paints_neither_buttons_nor_bars(open_window: OpenWindow, qtbot: QtBot) -> None:
    """What does not change is not painted again, nor is the window laid out for a status of another length."""
    window, painted = open_window("seed-003", 1280, 800), Painted()
    window.controller.seek(1, 20)  # the widest words so far have their room
    qtbot.waitUntil(lambda: differing(window) == [])
    still = [*window.findChildren(QToolButton), *window.findChildren(QToolBar), *window.findChildren(Digits)]
    for widget in (*still, window.canvas):
        widget.installEventFilter(painted)
    window.controller.next(Unit.OPERATION)
    qtbot.waitUntil(lambda: window.canvas in painted.widgets)
    QApplication.processEvents()
    assert [type(widget).__name__ for widget in painted.widgets if widget is not window.canvas] == []


@pytest.mark.parametrize("source", ["seed-003", session(8, 8, 8, 3)], ids=["003", "more rows than have room"])
def test_an_iteration_leaves_symbols_and_ticks_of_the_parameters_alone(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, source: Any
) -> None:
    window = open_window(source, 1280, 800)
    for _ in range(2):  # the first one lays the table out as well
        window.controller.next(Unit.ITERATION)
        qtbot.waitUntil(lambda: differing(window) == [])
    painted, paint = set[tuple[int, int]](), ParameterDelegate._cell

    def cell(self: ParameterDelegate, *rest: Any) -> None:
        painted.add((rest[3].row(), rest[3].column()))
        paint(self, *rest)

    monkeypatch.setattr(ParameterDelegate, "_cell", cell)
    window.controller.next(Unit.ITERATION)
    qtbot.waitUntil(lambda: bool(painted))
    model = window.panels["parameters"].findChild(ParametersModel)
    assert model is not None
    first = min(row for row, _ in painted)
    rows = [row for row in range(first, model.rowCount()) if model.layer_at(row) is None]
    in_sight = (rows[-1], SYMBOL)  # Qt paints the cell that it was asked to bring into sight
    assert painted - {in_sight} == {(row, column) for row in rows for column in (VALUE, GRADIENT, CHANGE, NEW)}


def test_an_entry_that_is_out_of_sight_follows_its_parameter(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Or leaving it would set the parameter to what it was before."""
    window = open_window(session(8, 8, 8, 3), 1280, 800)
    table = window.panels["parameters"].findChild(QTableView)
    assert table is not None
    table.edit(table.model().index(1, VALUE))
    entry = table.findChild(QLineEdit)
    assert entry is not None
    before = entry.text()
    window.controller.next(Unit.ITERATION)  # the last parameter is brought into sight
    window.controller.next(Unit.ITERATION)
    assert table.rowAt(0) > 1
    assert entry.text() == table.model().index(1, VALUE).data(Qt.ItemDataRole.EditRole) != before


def test_lines_that_are_painted_at_once_are_drawn_once(open_window: OpenWindow, qtbot: QtBot) -> None:
    window, painted = open_window(session(8, 8, 8, 3), 1280, 800), Painted()
    window.controller.next(Unit.ITERATION)
    qtbot.waitUntil(lambda: differing(window) == [])
    window.canvas.installEventFilter(painted)
    window.controller.edit("w[1,1,1]", -2.5)
    qtbot.waitUntil(lambda: bool(painted.widgets))
    for _ in range(5):
        QApplication.processEvents()
    assert len(painted.widgets) == 1
    assert differing(window) == []


@pytest.mark.parametrize(("first", "second"), [((1, 6), (1, 7)), ((200, 32), (300, 32))], ids=["first loss", "run"])
def test_the_loss_plot_is_painted_once(
    open_window: OpenWindow, qtbot: QtBot, first: tuple[int, int], second: tuple[int, int]
) -> None:
    window, painted = open_window("seed-003", 1280, 800), Painted()
    window.controller.seek(*first)
    qtbot.waitUntil(lambda: window.findChild(PlotWidget) is not None)
    for _ in range(5):
        QApplication.processEvents()
    plot = window.findChild(PlotWidget)
    assert plot is not None
    plot.viewport().installEventFilter(painted)
    window.controller.seek(*second)
    qtbot.waitUntil(lambda: bool(painted.widgets))
    for _ in range(5):
        QApplication.processEvents()
    assert len(painted.widgets) == 1
