"""Long runs at full speed, which the engine computes in a process of its own while the window draws."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QProcess, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from engine import Stepper, open_session
from engine.cursor import Cursor
from engine.frame import Frame
from engine.running import Passage
from engine.stops import parse as parse_stop
from gui import text
from gui.controller import FASTEST, Controller, moves
from tests.gui.conftest import Source, penalized_session, softmax_session
from tests.gui.test_controller import linear_session

PATIENCE = 30_000


class Runs:
    """A controller whose runs leave the window at once, with what it has shown and said."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.controller = Controller(open_session(source))
        self.controller.choose_speed(FASTEST)
        self.frames, self.messages, self.running = list[Frame](), list[str](), list[bool]()
        self.controller.frame_changed.connect(self.frames.append)
        self.controller.message.connect(self.messages.append)
        self.controller.running_changed.connect(self.running.append)

    @property
    def cursor(self) -> Cursor:
        return self.controller.frame.cursor

    @property
    def process(self) -> QProcess:
        process = self.controller.findChild(QProcess)
        assert isinstance(process, QProcess)
        return process

    def assert_stands_as_run_here(self) -> None:
        """All that is shown and every loss are those of a run in this process, to the last bit."""
        frame, straight = self.controller.frame, Stepper(open_session(self.source))
        straight.run(frame.cursor.iteration)
        assert frame.losses.tobytes() == straight.losses().tobytes()
        assert frame.test_losses.tobytes() == straight.frame.test_losses.tobytes()
        assert frame.trace.new_state().tobytes() == straight.frame.trace.new_state().tobytes()
        assert frame.parameters() == straight.frame.parameters()


Run = Callable[..., Runs]


@pytest.fixture
def arrivals(monkeypatch: pytest.MonkeyPatch) -> list[Passage]:
    """What has come from the other process."""
    come, right = list[Passage](), Stepper.arrive

    def arrive(self: Stepper, passage: Passage) -> None:
        come.append(passage)
        right(self, passage)

    monkeypatch.setattr(Stepper, "arrive", arrive)
    return come


@pytest.fixture
def run(application: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Begins a run."""
    monkeypatch.setattr(moves, "LONG", 0.0)
    made: list[Runs] = []

    def running(source: Source = "seed-003") -> Runs:
        made.append(Runs(source))
        made[-1].controller.run()
        return made[-1]

    yield running
    for one in made:
        if isValid(one.controller):
            one.controller.pause()


@pytest.mark.parametrize(
    "source", ["seed-003", softmax_session(), penalized_session()], ids=["document 003", "softmax", "penalized"]
)
def test_a_run_elsewhere_is_the_run_here(run: Run, arrivals: list[Passage], qtbot: QtBot, source: Source) -> None:
    runs = run(source)
    qtbot.waitUntil(lambda: len(arrivals) >= 4, timeout=PATIENCE)
    runs.controller.pause()
    assert runs.running == [True, False]
    shown = [frame.cursor for frame in runs.frames]
    assert shown == sorted(shown)
    assert set(shown) >= {passage.cursor for passage in arrivals}, "each is shown"
    assert runs.cursor == arrivals[-1].cursor, "where it was shown last"
    runs.assert_stands_as_run_here()
    for t in (runs.cursor.iteration - 1, 3, runs.cursor.iteration // 2):
        runs.controller.seek(t, 2)
        qtbot.waitUntil(lambda: not runs.controller.is_running, timeout=PATIENCE)
        expected = Stepper(open_session(source))
        expected.seek(t, 2)
        assert runs.controller.frame.trace.new_state().tobytes() == expected.frame.trace.new_state().tobytes()


def test_nothing_comes_after_a_pause_and_the_next_run_has_the_same_process(
    run: Run, arrivals: list[Passage], qtbot: QtBot
) -> None:
    runs = run()
    qtbot.waitUntil(lambda: len(arrivals) >= 1, timeout=PATIENCE)
    runs.controller.pause()
    stood, process, ended = (runs.cursor, len(runs.frames), len(arrivals)), runs.process.processId(), list[bool]()
    QTimer.singleShot(150, lambda: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended))
    assert (runs.cursor, len(runs.frames), len(arrivals)) == stood
    runs.controller.previous()
    runs.controller.run()
    qtbot.waitUntil(lambda: len(arrivals) >= stood[2] + 2, timeout=PATIENCE)
    assert runs.process.processId() == process
    runs.controller.pause()
    runs.assert_stands_as_run_here()


def test_an_edit_between_two_runs_is_known_there(run: Run, arrivals: list[Passage], qtbot: QtBot) -> None:
    runs = run()
    qtbot.waitUntil(lambda: len(arrivals) >= 1, timeout=PATIENCE)
    runs.controller.seek(10)
    runs.controller.edit("learning_rate", 0.25)
    runs.controller.run()
    qtbot.waitUntil(lambda: len(arrivals) >= 4, timeout=PATIENCE)
    runs.controller.pause()
    expected = Stepper(open_session("seed-003"))
    expected.seek(10)
    expected.edit("learning_rate", 0.25)
    expected.run(runs.cursor.iteration - 9)
    assert runs.controller.frame.losses.tobytes() == expected.losses().tobytes()


def test_a_stop_that_is_set_on_the_way_stops_it(run: Run, arrivals: list[Passage], qtbot: QtBot) -> None:
    """At the first place behind what was shown, as the passages that are still to come were computed without it."""
    runs = run()
    qtbot.waitUntil(lambda: len(arrivals) >= 2, timeout=PATIENCE)
    shown = runs.cursor.iteration
    runs.controller.add_stop(parse_stop("w[1,1,1]"))
    qtbot.waitUntil(lambda: not runs.controller.is_running, timeout=PATIENCE)
    assert runs.cursor == Cursor(shown + 1, 25), "document 003 updates w1 in operation 25"
    assert runs.messages[-1].startswith("Stopped at the breakpoint w1")
    assert arrivals[-1].stopped_by == parse_stop("w[1,1,1]")


def test_a_limit_ends_it(run: Run, arrivals: list[Passage], qtbot: QtBot) -> None:
    runs = run()
    qtbot.waitUntil(lambda: len(arrivals) >= 1, timeout=PATIENCE)
    runs.controller.choose_limit(30_000)
    runs.controller.run()
    first = runs.cursor.iteration
    qtbot.waitUntil(lambda: not runs.controller.is_running, timeout=PATIENCE)
    assert runs.cursor == Cursor(first + 30_000, 32)
    assert runs.messages[-1] == text.ran(first + 30_000)
    assert arrivals[-1].is_over


def test_it_stops_where_a_value_is_not_finite(run: Run, arrivals: list[Passage], qtbot: QtBot) -> None:
    """y = w with the loss w²/2 and the rate 2.0001: w grows 1.0001 times an iteration, from 1e150 on. Its square is
    infinite beyond 1.34e154, after ln(1.34e4) / ln(1.0001) = 95,030 of them."""
    session = linear_session(2.0001)
    session["network"]["layers"] = session["network"]["layers"][:1]
    session["initial"] |= {"weights": [[[1e150]]], "biases": [[]]}
    session["data"] |= {"inputs": [[1.0]], "targets": [[0.0]]}
    runs = run(session)
    qtbot.waitUntil(lambda: len(arrivals) >= 1, timeout=PATIENCE)  # from now on the process is there
    runs.controller.to_start()
    runs.controller.run()
    qtbot.waitUntil(lambda: not runs.controller.is_running, timeout=PATIENCE)
    assert runs.cursor.iteration == pytest.approx(95_030, abs=20)
    assert runs.cursor.operation == 3, "the loss"
    assert arrivals[-1].is_over
    assert "became" in runs.messages[-1]
    runs.assert_stands_as_run_here()


# Without the process.


def test_where_the_process_ends_the_run_goes_on_here(run: Run, arrivals: list[Passage], qtbot: QtBot) -> None:
    runs = run()
    qtbot.waitUntil(lambda: len(arrivals) >= 2, timeout=PATIENCE)
    os.kill(runs.process.processId(), signal.SIGTERM)
    qtbot.waitUntil(lambda: text.RUNS_HERE in runs.messages, timeout=PATIENCE)
    reached = runs.cursor.iteration
    qtbot.waitUntil(lambda: runs.cursor.iteration > reached + 1000, timeout=PATIENCE)
    assert runs.controller.is_running
    runs.controller.pause()
    assert runs.messages.count(text.RUNS_HERE) == 1
    runs.assert_stands_as_run_here()
    runs.controller.run()
    reached = runs.cursor.iteration
    qtbot.waitUntil(lambda: runs.cursor.iteration > reached + 1000, timeout=PATIENCE)


def test_where_there_is_no_process_the_run_goes_on_here(
    run: Run, arrivals: list[Passage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/there/is/none")
    runs = run()
    qtbot.waitUntil(lambda: runs.cursor.iteration > 3000, timeout=PATIENCE)
    assert runs.controller.is_running
    runs.controller.pause()
    assert (arrivals, runs.messages.count(text.RUNS_HERE)) == ([], 1)
    runs.assert_stands_as_run_here()


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_process_ends_with_its_controller(run: Run, arrivals: list[Passage], qtbot: QtBot) -> None:
    runs = run()
    qtbot.waitUntil(lambda: len(arrivals) >= 1, timeout=PATIENCE)
    process = runs.process.processId()
    assert is_there(process)
    runs.controller.pause()
    runs.controller.deleteLater()
    qtbot.waitUntil(lambda: not is_there(process), timeout=PATIENCE)


def test_a_short_run_needs_no_process(application: QApplication, qtbot: QtBot) -> None:
    controller: Any = Controller(open_session("seed-003"))
    controller.choose_speed(FASTEST)
    controller.choose_limit(3)
    controller.run()
    qtbot.waitUntil(lambda: not controller.is_running, timeout=PATIENCE)
    assert controller.frame.cursor == Cursor(3, 32)
    assert controller.findChild(QProcess) is None
