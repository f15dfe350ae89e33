"""Canvas and equation look as they did when they were looked at, and found good: see scenes.py."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.gui.conftest import OpenWindow
from tests.gui.scenes import PICTURES, SCENES, SIZE, Pixels, drawn, pixels

SEEN, MOST = 48.0, 0.004
"""A pixel whose colour is this far away is seen to differ, and this share of them may: letters are drawn a little
differently from one version of a library to the next."""


def differs(one: Pixels, other: Pixels) -> bool:
    return one.shape != other.shape or float((np.abs(one - other).max(axis=2) > SEEN).mean()) > MOST


def kept(name: str, part: str) -> Pixels:
    image = QImage(str(PICTURES / f"{name}-{part}.png"))
    assert not image.isNull()
    return pixels(image.convertToFormat(QImage.Format.Format_RGB32))


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_looks_as_it_did(open_window: OpenWindow, name: str) -> None:
    scene = SCENES[name]
    images = drawn(open_window(scene.source, *SIZE), scene)
    assert [part for part, image in images.items() if differs(pixels(image), kept(name, part))] == []


@pytest.mark.parametrize(("one", "other"), [("start", "sum"), ("chain", "chain-dark"), ("sum", "chain")])
def test_another_scene_is_told_from_it(one: str, other: str) -> None:
    for part in ("canvas", "equation"):
        assert differs(kept(one, part), kept(other, part))


def test_a_picture_moved_by_two_pixels_is_noticed() -> None:
    for part in ("canvas", "equation"):
        picture = kept("chain", part)
        assert differs(np.roll(picture, 2, axis=1), picture)
