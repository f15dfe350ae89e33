"""A run and what draws it share the time: held against a clock of the test's own."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.controller import slices
from gui.controller.slices import Slices


class Clock:
    """Seconds that pass only where the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.worked = 0.0

    def moves(self, seconds: float, count: int) -> Iterator[int]:
        """So many iterations, each of which takes some time."""
        for iteration in range(count):
            self.now += seconds
            self.worked += seconds
            yield iteration


@pytest.mark.parametrize(
    ("drawing", "share", "least", "most"),
    [
        (0.0, 1.0, 17, 20),  # some 20 times a second, at the end of a slice
        (0.004, 0.9, 15, 20),
        (0.040, 0.8, 3.5, 4),  # a large network: 0.04 of each 0.04 / (1 - 0.85) seconds are for drawing
        (1.0, 0.3, 0.5, 1),  # longer than a person would wait: half a second of work between two pictures
    ],
)
def test_where_drawing_takes_long_a_run_is_shown_less_often(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, drawing: float, share: float, least: float, most: float
) -> None:
    clock, drawn = Clock(), 0

    def draw() -> None:
        nonlocal drawn
        drawn += 1
        clock.now += drawing

    monkeypatch.setattr(slices, "perf_counter", lambda: clock.now)
    followed = Slices()
    followed.shown.connect(draw)
    begun, ended = clock.now, list[float]()
    followed.run(clock.moves(0.001, 10_000), lambda: ended.append(clock.now))
    qtbot.waitUntil(lambda: bool(ended))
    seconds = ended[0] - begun
    assert clock.worked / seconds >= share
    assert least <= drawn / seconds <= most
