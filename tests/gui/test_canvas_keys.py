"""The canvas without a mouse: where the keyboard is, what the arrows select, what a screen reader is told."""

from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import open_session
from engine.network import Network
from engine.quantities import Quantity, parse
from gui.canvas import view
from gui.canvas.marks import place_of
from gui.canvas.neighbours import FIRST, Direction, neighbour, placed
from gui.help import key_groups
from gui.main_window import MainWindow
from gui.theme import LIGHT
from tests.engine.networks import random_session
from tests.gui.conftest import OpenWindow, penalized_session

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
ARROWS = {"left": Key.Key_Left, "right": Key.Key_Right, "up": Key.Key_Up, "down": Key.Key_Down}
SEED_003 = open_session("seed-003").spec.network


def walked(network: Network, start: str, ways: str) -> str:
    """Where a quantity's neighbours lead to."""
    quantity = parse(start)
    for way in ways.split():
        quantity = neighbour(network, quantity, Direction[way.upper()])
    return str(quantity)


@pytest.mark.parametrize(
    ("start", "ways", "end"),
    [
        ("x[1]", "down", "x[2]"), ("x[2]", "down", "x[2]"), ("x[1]", "left", "x[1]"), ("x[2]", "right", "w[1,1,2]"),
        ("w[1,1,2]", "left", "x[2]"), ("w[1,1,2]", "down", "w[1,2,1]"), ("w[1,2,1]", "right", "z[1,2]"),
        ("z[1,1]", "right", "a[1,1]"), ("z[1,1]", "down", "b[1]"), ("b[1]", "down", "z[1,2]"),
        ("a[1,1]", "down", "dL/dz[1,1]"), ("a[1,2]", "right right left", "w[2,1,1]"), ("w[2,1,2]", "left", "a[1,2]"),
        ("dL/dz[2,1]", "left down", "b[2]"), ("a[2,1]", "right", "loss"), ("loss", "down", "y[1]"),
        ("y[1]", "left", "a[2,1]"), ("loss", "left", "a[2,1]"), ("loss", "right", "loss"),
        ("dL/dw[2,1,2]", "right", "z[2,1]"), ("first_moment[w[2,1,2]]", "left", "a[1,2]"),
        ("dL/da[1,2]", "up", "dL/dz[1,1]"), ("batch_loss", "down", "y[1]"),
    ],
)  # fmt: skip
def test_arrows_lead_to_what_lies_next(start: str, ways: str, end: str) -> None:
    """Document 003: two inputs, two hidden neurons that share a bias, one output."""
    assert walked(SEED_003, start, ways) == end


@pytest.mark.parametrize("seed", range(8))
def test_every_quantity_on_the_canvas_is_reached_and_none_that_is_not_there(seed: int) -> None:
    network = open_session(penalized_session() if seed == 0 else random_session(Random(seed))).spec.network
    found, new = {FIRST}, [FIRST]
    while new:
        around = {neighbour(network, quantity, direction) for quantity in new for direction in Direction}
        new = [*(around - found)]
        found |= around
    assert found == set(drawn(network))


def drawn(network: Network) -> list[Quantity]:
    """Inputs, weights, biases, slopes, z, a, delta, loss and targets, written down one after another."""
    names = ["loss", *(f"x[{i + 1}]" for i in range(network.inputs))]
    names += [f"y[{k + 1}]" for k in range(network.sizes[-1])]
    for l, layer in enumerate(network.layers, 1):
        names += [f"slope[{l}]"] if layer.has_slope else []
        names += [f"b[{l}]"] if layer.bias == "shared" else []
        for j in range(1, layer.neurons + 1):
            names += [f"b[{l},{j}]"] if layer.bias == "per_neuron" else []
            names += [f"{kind}[{l},{j}]" for kind in ("z", "a", "dL/dz")]
            names += [f"w[{l},{j},{i + 1}]" for i in range(network.sizes[l - 1])]
    return [parse(name) for name in names]


@pytest.mark.parametrize(
    "name", ["dL/dw[1,2,1]", "dL/db[1]", "grad[b[2]]", "velocity[w[1,1,1]]", "penalty", "dL/dz[1,2]"]
)
def test_a_quantity_without_a_place_of_its_own_stands_where_it_is_shown(name: str) -> None:
    quantity = parse(name)
    assert place_of(placed(quantity), SEED_003) == place_of(quantity, SEED_003)


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.canvas, key, modifier)


def test_ctrl_and_arrows_select_enter_goes_there_and_escape_lets_go(open_window: OpenWindow) -> None:
    window = open_window()
    controller = window.controller
    controller.seek(1, 20)
    press(window, Key.Key_Left, CTRL)
    assert controller.focus.selected == parse("w[1,1,1]")  # operation 20 writes its gradient
    press(window, Key.Key_Right, CTRL)
    assert controller.focus.selected == parse("z[1,1]")
    facts, keys = window.said.text().split("; ")
    assert facts == "z_h1 = 0.3775, pre-activation of a neuron"
    assert keys == "Enter goes to operation 1, Shift+F1 tells more."
    assert controller.frame.cursor == (1, 20, 0)
    press(window, Key.Key_Return)
    assert controller.frame.cursor == (1, 1, 0)
    press(window, Key.Key_Escape)
    assert controller.focus.selected is None
    press(window, Key.Key_Right)
    assert controller.frame.cursor == (1, 2, 0)


def test_a_selection_out_of_sight_is_brought_into_it(open_window: OpenWindow) -> None:
    window = open_window()
    for _ in range(6):
        window.canvas.larger()
    press(window, Key.Key_Right, CTRL)
    for _ in range(12):
        press(window, Key.Key_Left, CTRL)
    for _ in range(6):
        press(window, Key.Key_Right, CTRL)
        selected = window.controller.focus.selected
        assert selected is not None
        assert is_seen(window, selected), selected


def is_seen(window: MainWindow, quantity: Quantity) -> bool:
    """Whether the pointer meets it somewhere; what was brought into sight is looked for from the middle on."""
    canvas, middle = window.canvas, window.canvas.rect().center()
    places = [QPoint(x, y) for x in range(2, canvas.width(), 4) for y in range(2, canvas.height(), 4)]
    places.sort(key=lambda place: (place - middle).manhattanLength())
    return any(canvas.quantity_at(QPointF(place)) == quantity for place in places)


def ring(window: MainWindow) -> bool:
    """Whether the edge of the canvas is in the accent all around."""
    QApplication.processEvents()
    image = window.canvas.grab().toImage()
    corners = [(1, 1), (image.width() - 2, 1), (1, image.height() - 2), (image.width() // 2, 0)]
    return all(image.pixelColor(x, y).name() == LIGHT.accent.lower() for x, y in corners)


def test_a_ring_shows_that_a_key_has_brought_the_keyboard_to_the_canvas(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    assert not ring(window)  # at the start
    window.panels["operations"].setFocus()
    QTest.keyClick(window.panels["operations"], Key.Key_Escape)
    assert window.canvas.hasFocus()
    assert ring(window)
    window.panels["operations"].setFocus()
    assert not ring(window)
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=window.canvas.rect().topLeft())
    assert window.canvas.hasFocus()
    assert not ring(window)


def test_a_screen_reader_is_told_each_step_but_not_a_run(open_window: OpenWindow, monkeypatch: Any) -> None:
    window = open_window()
    told: list[str] = []
    monkeypatch.setattr(view, "QAccessibleAnnouncementEvent", lambda widget, words: (widget, words))
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event[1]))
    monkeypatch.setattr(QAccessible, "isActive", lambda: False)
    window.controller.next()
    assert told == []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    window.controller.next()
    assert told == ["Forward: a_h1 = sigmoid(z_h1) = 0.59327, activation of a neuron."]
    window.controller.run()
    told.clear()
    window.controller.show()
    assert told == []
    window.controller.pause()
    assert len(told) == 1


def test_the_keys_are_on_the_help_sheet() -> None:
    assert {"Ctrl+arrow", "Enter", "Escape"} <= {key for lines in key_groups().values() for key, _ in lines}
