"""Far seeks, far undo, runs with a limit: in slices, to be stopped, and in the end what a plain stepper computes."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from engine import Stepper, Unit, open_session
from engine.cursor import Cursor
from engine.frame import Frame
from engine.quantities import parse
from gui.controller import FASTEST, Controller, slices
from tests.gui.conftest import OpenWindow

FAR = 30_000


class Listener:
    """A controller with what it has said and shown."""

    def __init__(self) -> None:
        self.controller = Controller(open_session("seed-003"))
        self.messages: list[str] = []
        self.frames: list[Frame] = []
        self.running: list[bool] = []
        self.controller.message.connect(self.messages.append)
        self.controller.frame_changed.connect(self.frames.append)
        self.controller.running_changed.connect(self.running.append)

    def wait(self, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: not self.controller.is_running, timeout=30_000)


@pytest.fixture
def listener(application: Any) -> Any:
    made = Listener()
    yield made
    made.controller.pause()


def plain(*moves: Callable[[Stepper], None]) -> Stepper:
    stepper = Stepper(open_session("seed-003"))
    for move in moves:
        move(stepper)
    return stepper


def assert_stands_as(listener: Listener, stepper: Stepper) -> None:
    frame = listener.controller.frame
    assert frame.session == stepper.session
    assert frame.parameters() == stepper.frame.parameters()
    assert frame.losses.tolist() == stepper.losses().tolist()


def test_a_far_seek_leaves_the_window_alive_and_arrives(listener: Listener, qtbot: QtBot) -> None:
    ticks: list[Cursor] = []
    clock = QTimer()
    clock.timeout.connect(lambda: ticks.append(listener.controller.frame.cursor))
    clock.start(0)
    listener.controller.seek(FAR, 20)
    assert listener.controller.is_running
    listener.wait(qtbot)
    clock.stop()
    assert len(ticks) > 3, "nothing else had its turn on the way"
    assert ticks == sorted(ticks)
    assert set(ticks) <= {Cursor(), Cursor(FAR, 20)}, "the cursor moves when all is done"
    assert listener.frames[-1].cursor == Cursor(FAR, 20)
    assert listener.running == [True, False]
    assert any("Space stops" in message for message in listener.messages)
    assert_stands_as(listener, plain(lambda s: s.seek(FAR, 20)))


def test_a_far_seek_that_is_stopped_stays_where_it_was(listener: Listener, qtbot: QtBot) -> None:
    listener.controller.seek(3, 5)
    listener.controller.seek(10**12)
    qtbot.waitUntil(lambda: any("Computing" in message for message in listener.messages))
    listener.controller.run_or_pause()
    assert not listener.controller.is_running
    assert listener.messages[-1].startswith("Stopped on the way")
    assert_stands_as(listener, plain(lambda s: s.seek(3, 5)))


def test_a_near_seek_is_done_at_once(listener: Listener) -> None:
    listener.controller.seek(100, 7)
    assert listener.frames[-1].cursor == Cursor(100, 7)
    assert listener.running == []


def test_undo_goes_a_far_way_again(listener: Listener, qtbot: QtBot) -> None:
    """A new run drops what was computed; undo stands at the far place again, with all its losses."""
    listener.controller.seek(FAR)
    listener.wait(qtbot)
    listener.controller.freeze(parse("w[2,1,1]"), True)
    listener.controller.edit("w[2,1,2]", 0.1)
    listener.controller.undo()
    assert not listener.controller.is_running
    listener.controller.undo()
    assert listener.controller.is_running
    listener.wait(qtbot)
    assert_stands_as(listener, plain(lambda s: s.seek(FAR)))


def test_an_undo_that_is_stopped_is_done_and_stands_on_its_way(listener: Listener, qtbot: QtBot) -> None:
    listener.controller.seek(FAR)
    listener.wait(qtbot)
    listener.controller.freeze(parse("w[2,1,1]"), True)
    listener.controller.undo()
    assert listener.controller.is_running
    listener.controller.pause()
    frame = listener.controller.frame
    assert (frame.session.spec.frozen, frame.session.edits) == ((), ())
    assert frame.cursor == Cursor(1)
    assert listener.controller.to_redo == "w5 frozen"


def test_what_a_user_does_meanwhile_stops_the_way(listener: Listener) -> None:
    listener.controller.seek(10**9)
    assert listener.controller.is_running
    listener.controller.next(Unit.PHASE)
    assert not listener.controller.is_running
    assert listener.controller.frame.cursor == Cursor(1, 6)


@pytest.mark.parametrize(("unit", "speed"), [(Unit.ITERATION, FASTEST), (Unit.OPERATION, 60), (Unit.PHASE, 60)])
def test_a_run_stops_after_as_many_iterations_as_the_limit_says(
    listener: Listener, qtbot: QtBot, unit: Unit, speed: int
) -> None:
    controller = listener.controller
    controller.choose_unit(unit)
    controller.choose_speed(speed)
    controller.choose_limit(2)
    controller.seek(1, 30 if unit is Unit.OPERATION else 0)
    if unit is Unit.OPERATION:
        controller.choose_limit(1)
    controller.run()
    listener.wait(qtbot)
    assert controller.frame.cursor == Cursor(1 if unit is Unit.OPERATION else 2, 32)
    assert listener.running == [True, False]


def test_a_limit_counts_from_the_next_iteration_where_one_is_finished(listener: Listener, qtbot: QtBot) -> None:
    listener.controller.seek(5, 32)
    listener.controller.choose_speed(FASTEST)
    listener.controller.choose_limit(10)
    listener.controller.run()
    listener.wait(qtbot)
    assert listener.controller.frame.cursor == Cursor(15, 32)


def test_limit_and_speed_are_chosen_in_the_toolbar(open_window: OpenWindow) -> None:
    window = open_window()
    assert window.bar.limit.text() == "until paused"
    window.bar.limit.setValue(2500)
    window.bar.speed.setValue(window.bar.speed.maximum())
    assert (window.controller.limit, window.controller.speed) == (2500, FASTEST)
    assert window.bar.limit.text() == "for 2,500 iterations"


def test_no_frame_on_the_way_shows_a_sample_that_is_gone(
    listener: Listener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row that is looked at goes with an undo, which is not done at once: the first frame has no such row."""
    monkeypatch.setattr(slices, "AT_ONCE", 0.0)
    controller = listener.controller
    controller.add_row()
    listener.wait(qtbot)
    controller.choose_sample(2)
    assert controller.frame.sample == 2
    listener.frames.clear()
    controller.undo()
    assert controller.is_running
    assert [frame.sample for frame in listener.frames] == [1]
