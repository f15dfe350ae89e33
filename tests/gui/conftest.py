"""The application as it starts, and windows on any session."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.cursor import Cursor
from engine.frame import Frame
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.ring import Rings
from gui.style import Style
from gui.theme import LIGHT, load_fonts, palette_of, ui_font
from tests.engine.networks import complete_session

Source = str | Mapping[str, Any]
OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def application(qapp: QApplication) -> QApplication:
    """With the style, the fonts, the light palette and the rings that gui.app gives it."""
    qapp.setStyle(Style())
    load_fonts()
    qapp.setFont(ui_font(13))
    qapp.setPalette(palette_of(LIGHT))
    Rings(qapp)
    return qapp


@pytest.fixture(autouse=True)
def questions_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is closed with changes discards them; the question would wait for an answer for ever."""
    monkeypatch.setattr(QMessageBox, "question", lambda *_, **__: QMessageBox.StandardButton.Discard)


@pytest.fixture
def open_window(application: QApplication, qtbot: QtBot) -> OpenWindow:
    """A function that opens the window on a session, waits until it can be typed into, and gives the canvas focus."""

    application.setPalette(palette_of(LIGHT))  # another test may have left the dark one

    def opened(source: Source = "seed-003", width: int = 1600, height: int = 1000) -> MainWindow:
        window = MainWindow(Controller(open_session(source)))
        qtbot.addWidget(window)
        window.controller.show()
        window.resize(width, height)
        with qtbot.waitActive(window):
            window.show()
        window.canvas.setFocus()
        qtbot.waitUntil(window.canvas.hasFocus)
        return window

    return opened


def frame_at(source: Source, operation: int, iteration: int = 1) -> Frame:
    """The frame of a session after so many operations of an iteration."""
    stepper = Stepper(open_session(source))
    stepper.seek(*Cursor(iteration, operation))
    return stepper.frame


def softmax_session() -> dict[str, Any]:
    """3-4-3, tanh and softmax with cross-entropy, three samples in batches of two, Adam."""
    weights = [
        [[0.2, -0.4, 0.1], [-0.3, 0.5, 0.25], [0.6, 0.15, -0.35], [-0.1, 0.45, 0.3]],
        [[0.4, -0.2, 0.3, 0.1], [-0.5, 0.2, 0.15, 0.35], [0.05, -0.25, 0.4, -0.6]],
    ]
    return complete_session(
        3,
        [
            {"neurons": 4, "activation": "tanh", "bias": "per_neuron"},
            {"neurons": 3, "activation": "softmax", "bias": "per_neuron"},
        ],
        initial={"kind": "values", "weights": weights, "biases": [[0.1, -0.1, 0.05, 0.2], [0.0, 0.1, -0.2]]},
        loss="cross_entropy",
        optimizer={"name": "adam", "learning_rate": 0.01},
        data={
            "kind": "values",
            "inputs": [[0.5, -1.0, 0.25], [1.5, 0.2, -0.7], [-0.3, 0.8, 1.1]],
            "targets": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        },
        batch={"size": 2, "shuffle": False},
    )


def penalized_session() -> dict[str, Any]:
    """2-2-1, a trained slope and swish with Huber's loss, both penalties, one shuffled sample at a time and one held
    back, Nesterov's momentum."""
    return complete_session(
        2,
        [
            {"neurons": 2, "activation": "prelu", "bias": "shared"},
            {"neurons": 1, "activation": "swish", "bias": "none"},
        ],
        initial={
            "kind": "values",
            "weights": [[[0.3, -0.4], [-0.25, 0.5]], [[0.6, -0.7]]],
            "biases": [[0.1], []],
            "slopes": [0.2, None],
        },
        loss="huber",
        penalty={"l1": 0.01, "l2": 0.1},
        optimizer={"name": "nesterov", "learning_rate": 0.1},
        data={
            "kind": "values",
            "inputs": [[0.5, -1.0], [1.0, 0.3], [-0.4, 0.2]],
            "targets": [[1.0], [0.0], [0.5]],
            "test_fraction": 0.4,
        },
        batch={"size": 1, "shuffle": True},
    )
