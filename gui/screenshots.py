"""Makes the pictures of README.md and docs/look.md from the real window: python -m gui.screenshots FOLDER."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from engine.files.examples import open_session
from engine.network import Layer, Network
from engine.program import Unit
from engine.quantities import Quantity

if TYPE_CHECKING:
    from gui.main_window import MainWindow

SIZE, SMALL, PROJECTED = (1440, 900), (1000, 700), (1280, 720)


class Picture(NamedTuple):
    """A window on an example: theme, the panel on top at the right if not that of the parameters, where the cursor
    stands, what is done before and after it goes there, and its size."""

    example: str
    iteration: int
    operation: int
    theme: str
    panel: str = ""
    before: Callable[["MainWindow"], object] = lambda window: None
    after: Callable[["MainWindow"], object] = lambda window: None
    size: tuple[int, int] = SIZE


def _two_runs(window: "MainWindow") -> None:
    """One run to iteration 60, and another learning rate from the start."""
    window.controller.seek(60)
    _arrive(window)
    window.controller.seek(1)
    window.controller.edit("learning_rate", 5.0)


def _compare(window: "MainWindow") -> None:
    window.controller.choose_run(window.controller.runs.left[0])


def _two_hidden_layers(window: "MainWindow") -> None:
    spec = window.controller.frame.session.spec
    layers = (Layer(8, "tanh"), Layer(8, "tanh"), spec.network.layers[-1])
    window.controller.change(replace(spec, network=Network(spec.network.inputs, layers)))


def _neuron(window: "MainWindow") -> None:
    window.controller.to_iteration_end()
    window.controller.select(Quantity("a", (2, 5)))


def _walk(window: "MainWindow") -> None:
    """Four factors into the chain of the gradient of w1."""
    for _ in range(4):
        window.controller.next(Unit.FACTOR)


def _present(window: "MainWindow") -> None:
    window.present()
    window.showNormal()  # as large as the picture, not as the screen
    window.resize(*PROJECTED)


PICTURES = {
    "forward-dark": Picture("seed-003", 1, 1, "dark"),
    "backward-light": Picture("seed-003", 1, 20, "light"),
    "update-light": Picture("seed-003", 1, 32, "light"),
    "prediction-dark": Picture("spiral", 300, 34, "dark", "prediction"),
    "runs-light": Picture("seed-003", 80, 32, "light", "runs", _two_runs, _compare),
    "large-dark": Picture("iris", 1, 1, "dark", "", _two_hidden_layers, _neuron),
    "walk-dark": Picture("seed-003", 1, 19, "dark", after=_walk),
    "large-light": Picture("iris", 1, 20, "light", before=_two_hidden_layers),
    "function-light": Picture("seed-003", 1, 2, "light", "function"),
    "presentation-dark": Picture("seed-003", 1, 20, "dark", after=_present, size=PROJECTED),
    "small-light": Picture("seed-003", 1, 11, "light", size=SMALL),
    "optimizer-dark": Picture("valley-adam", 30, 9, "dark"),
}
"""By file name."""
SETTLED = 500
"""Milliseconds after which what is computed or painted in slices stands."""


def main(folder: Path) -> None:
    """Write all PICTURES into a folder."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.start import make_application
    from gui.theme import THEMES, palette_of

    application = make_application()
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        application.setPalette(palette_of(THEMES[picture.theme]))
        window = _window_of(picture)
        window.grab().save(str(folder / f"{name}.png"))
        window.hide()  # not closed, which would ask whether changes are to be saved


def _window_of(picture: Picture) -> "MainWindow":
    """The window as the picture shows it."""
    from gui.controller import Controller
    from gui.main_window import MainWindow

    window = MainWindow(Controller(open_session(picture.example)))
    window.resize(*picture.size)
    window.show()
    window.controller.show()
    if picture.panel:
        window.show_panel(picture.panel)
        window.canvas.setFocus()
    picture.before(window)
    _arrive(window)
    window.controller.seek(picture.iteration, picture.operation)
    _arrive(window)
    picture.after(window)
    _settle()
    return window


def _arrive(window: "MainWindow") -> None:
    """Far away it goes in slices."""
    from PySide6.QtWidgets import QApplication

    while window.controller.is_running:
        QApplication.processEvents()


def _settle() -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(SETTLED, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
