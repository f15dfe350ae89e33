"""File > Export picture: the file shows what the canvas shows, whatever fonts there are where it is looked at."""

import errno
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.canvas.export import png_of, svg_of
from gui.main_window import MainWindow
from gui.theme import DARK, palette_of
from tests.gui.conftest import OpenWindow, penalized_session, softmax_session

SVG = "{http://www.w3.org/2000/svg}"
MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def rendered(svg: bytes, size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.magenta)
    renderer = QSvgRenderer(svg)
    assert renderer.isValid()
    with QPainter(image) as painter:
        renderer.render(painter)
    return image


def far_apart(first: QImage, second: QImage) -> float:
    """The share of points whose colours are plainly different."""
    a, b = (
        np.frombuffer(bytes(image.convertToFormat(QImage.Format.Format_RGB32).constBits()), np.uint8).astype(int)
        for image in (first, second)
    )
    return float((abs(a - b).reshape(-1, 4).max(axis=1) > 128).mean())


@pytest.mark.parametrize(
    ("source", "operation"),
    [("seed-003", 20), (softmax_session(), 40), (penalized_session(), 9)],
    ids=["003", "soft", "penalty"],
)
def test_an_svg_looks_as_the_canvas_does_without_any_font(
    open_window: OpenWindow, source: Any, operation: int
) -> None:
    """Held against the PNG, which is drawn with the fonts; words left out or 3 pixels off would be 0.4 % and more."""
    window = open_window(source)
    window.controller.seek(1, operation)
    canvas = window.canvas
    svg, png = svg_of(canvas), QImage.fromData(png_of(canvas))
    assert [element.tag for element in ElementTree.fromstring(svg).iter() if element.tag == f"{SVG}text"] == []
    assert far_apart(rendered(svg, png.size()), png) < 0.001


def test_an_svg_says_what_it_shows(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 1)
    canvas = window.canvas
    described = ElementTree.fromstring(svg_of(canvas)).findtext(f"{SVG}desc")
    assert described == canvas.accessibleDescription()
    assert "0.3775" in described


def test_a_png_has_twice_the_size_of_the_canvas_and_its_colours(open_window: OpenWindow) -> None:
    window = open_window()
    window.setPalette(palette_of(DARK))
    image = QImage.fromData(png_of(window.canvas))
    assert image.size() == window.canvas.size() * 2
    assert image.pixelColor(1, 1).name() == DARK.surface.lower()


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()


def exported_to(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, path: Path | str, kind: str = ""
) -> str:
    """What is said after Ctrl+Shift+E where the file dialog answers so."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), kind))
    qtbot.keyClick(window.canvas, Qt.Key.Key_E, MODIFIERS)
    return window.said.text()


@pytest.mark.parametrize(
    ("name", "kind", "written"),
    [
        ("a.svg", "", "a.svg"), ("a.PNG", "", "a.PNG"), ("a", "SVG pictures (*.svg)", "a.svg"),
        ("a", "PNG pictures (*.png)", "a.png"), ("a", "", "a.svg"),
    ],
)  # fmt: skip
def test_the_suffix_says_what_is_written(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    name: str, kind: str, written: str,
) -> None:
    said = exported_to(window, qtbot, monkeypatch, tmp_path / name, kind)
    assert said == f"Exported {tmp_path / written}."
    begin = b"\x89PNG" if written.lower().endswith("png") else b"<?xml"
    assert (tmp_path / written).read_bytes().startswith(begin)
    assert [file.name for file in tmp_path.iterdir()] == [written]


def test_another_suffix_is_refused(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = exported_to(window, qtbot, monkeypatch, tmp_path / "a.jpg")
    assert said == "Not exported: a picture's name ends in .svg or .png, not as a.jpg does."
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_cannot_be_written_leaves_what_was_there(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "a.svg"
    path.write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    assert exported_to(window, qtbot, monkeypatch, path) == "Not exported: No space left on device."
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"before"]


def test_no_file_chosen_writes_nothing(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exported_to(window, qtbot, monkeypatch, "") == ""


def test_pictures_in_neurons_keep_their_round_corners(open_window: OpenWindow) -> None:
    """Each of the three of document 003 is clipped, and to a path that is there."""
    canvas = open_window().canvas
    canvas.show_pictures(True)
    root = ElementTree.fromstring(svg_of(canvas))
    there = [f"url(#{path.get('id')})" for path in root.iter(f"{SVG}clipPath")]
    assert len(there) == 3
    assert {group.get("clip-path") for group in root.iter() if group.get("clip-path")} == {*there}
