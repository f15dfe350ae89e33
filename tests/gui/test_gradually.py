"""Iterators taken in slices, and words in lines."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import gradually
from gui.brush import advance, wrapped
from gui.gradually import Gradually
from gui.theme import ui_font


def test_all_items_come_in_order_and_no_slice_has_too_many(application: QApplication, qtbot: QtBot) -> None:
    slices: list[list[int]] = []
    parent = QObject()
    work = Gradually(slices.append, parent)
    work.begin(iter(range(5 * gradually.MOST + 1)))
    assert len(slices) == 1
    qtbot.waitUntil(lambda: not work.is_active)
    assert [item for part in slices for item in part] == list(range(5 * gradually.MOST + 1))
    assert max(map(len, slices)) <= gradually.MOST


def test_a_slice_ends_with_its_time(application: QApplication, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(gradually, "SLICE", 0.0)
    slices: list[list[int]] = []
    parent = QObject()
    work = Gradually(slices.append, parent)
    work.begin(iter(range(4)))
    qtbot.waitUntil(lambda: not work.is_active)
    assert slices == [[0], [1], [2], [3], []]


def test_what_is_begun_anew_or_stopped_gives_no_more(application: QApplication, qtbot: QtBot) -> None:
    taken: list[int] = []
    parent = QObject()
    work = Gradually(taken.extend, parent)

    def endless(number: int) -> Iterator[int]:
        while True:
            yield number

    work.begin(endless(1))
    work.begin(endless(2))
    before = taken.count(1)
    qtbot.waitUntil(lambda: taken.count(2) > 2 * gradually.MOST)
    work.stop()
    count = len(taken)
    QApplication.processEvents()
    assert (taken.count(1), len(taken), work.is_active) == (before, count, False)


@pytest.mark.parametrize("width", [20, 80, 200, 1000])
def test_words_are_wrapped_within_a_width(application: QApplication, width: int) -> None:
    words, font = "Carry delta back by the chain rule; repeat steps 2 and 3.", ui_font(12)
    lines = wrapped(words, font, width)
    assert " ".join(lines) == words
    assert all(advance(line, font) <= width or " " not in line for line in lines)
    assert wrapped("", font, width) == []
