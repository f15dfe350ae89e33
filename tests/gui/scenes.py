"""What canvas and equation look like at some places: pictures that were looked at and found good, at half their size.

`python -m tests.gui.scenes` draws them anew into figures/pictures; look at each before it is kept.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from engine import open_session
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.theme import THEMES, palette_of
from tests.gui.conftest import Source, penalized_session, softmax_session

Pixels: TypeAlias = NDArray[np.float64]
PICTURES = Path(__file__).parent / "figures" / "pictures"
SIZE = (1280, 800)


@dataclass(frozen=True)
class Scene:
    """A window on a session, at a place of it, in a theme."""

    source: Source
    iteration: int
    operation: int
    theme: str = "light"


SCENES = {
    "start": Scene("seed-003", 1, 0),
    "sum": Scene("seed-003", 1, 1),
    "chain": Scene("seed-003", 1, 20),
    "chain-dark": Scene("seed-003", 1, 20, "dark"),
    "update-dark": Scene("seed-003", 1, 25, "dark"),
    "softmax": Scene(softmax_session(), 1, 9),
    "branches": Scene(softmax_session(), 1, 60),
    "penalty-dark": Scene(penalized_session(), 1, 30, "dark"),
    "later": Scene("xor", 50, 20),
}


def drawn(window: MainWindow, scene: Scene) -> dict[str, QImage]:
    """Canvas and equation of a scene, half as large."""
    QApplication.setPalette(palette_of(THEMES[scene.theme]))
    window.controller.seek(scene.iteration, scene.operation)
    while window.controller.is_running:
        QApplication.processEvents()
    QApplication.processEvents()
    return {"canvas": _half(window.canvas), "equation": _half(window.equation)}


def _half(widget: QWidget) -> QImage:
    image = widget.grab(widget.visibleRegion().boundingRect()).toImage()
    smooth = Qt.TransformationMode.SmoothTransformation
    half = image.scaled(image.size() / 2, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return half.convertToFormat(QImage.Format.Format_RGB32)


def pixels(image: QImage) -> Pixels:
    """The colours of a picture, (height, width, 3), from 0 to 255."""
    rows = np.array(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return rows[:, :, :3].astype(float)


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.start import make_application

    application = make_application()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        window = MainWindow(Controller(open_session(scene.source)))
        window.resize(*SIZE)
        window.controller.show()
        window.show()
        application.processEvents()
        for part, image in drawn(window, scene).items():
            image.save(str(PICTURES / f"{name}-{part}.png"))
        window.hide()


if __name__ == "__main__":
    main()
