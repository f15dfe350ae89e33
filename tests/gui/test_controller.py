"""The controller: running and pausing, edits and moves in between, opening and saving."""

import errno
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import Stepper, Unit, open_session
from engine.cursor import Cursor
from engine.expressions import plain
from engine.files import writing
from engine.files.examples import EXAMPLES, SUFFIX
from engine.frame import Frame
from engine.quantities import parse
from gui.controller import FASTEST, SPEEDS, Controller
from tests.engine.networks import complete_session
from tests.gui.conftest import Source, softmax_session

W5 = parse("w[2,1,1]")
QUICKEST_UNIT = max(SPEEDS)


class Listener:
    """A controller and everything that it has sent."""

    def __init__(self, source: Source) -> None:
        self.controller = Controller(open_session(source))
        self.frames: list[Frame] = []
        self.running: list[bool] = []
        self.messages: list[str] = []
        self.left: list[list[int]] = []
        self.controller.frame_changed.connect(self.frames.append)
        self.controller.running_changed.connect(self.running.append)
        self.controller.message.connect(self.messages.append)
        self.controller.runs_changed.connect(lambda runs: self.left.append([len(run.losses) for run in runs.left]))

    @property
    def cursor(self) -> Cursor:
        return self.controller.frame.cursor

    @property
    def shown(self) -> Cursor:
        return self.frames[-1].cursor

    def run(self, speed: int) -> None:
        self.controller.choose_speed(speed)
        self.controller.run()


Listen = Callable[..., Listener]


@pytest.fixture
def listen(application: QApplication) -> Any:
    """Makes controllers, and pauses them at the end."""
    made: list[Listener] = []

    def listening(source: Source = "seed-003") -> Listener:
        made.append(Listener(source))
        return made[-1]

    yield listening
    for listener in made:
        listener.controller.pause()


def linear_session(rate: float, weight: float = 0.5, activation: str = "identity") -> dict[str, Any]:
    """One input and two layers without bias: nothing holds its numbers back."""
    layer = {"neurons": 1, "activation": activation, "bias": "none"}
    return complete_session(
        1,
        [layer, layer],
        initial={"kind": "values", "weights": [[[weight]], [[weight]]], "biases": [[], []]},
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": rate},
        data={"kind": "values", "inputs": [[1.0]], "targets": [[2.0]]},
    )


# Running


def test_running_by_a_unit_does_one_unit_a_tick_and_shows_each(listen: Listen, qtbot: QtBot) -> None:
    listener = listen()
    listener.run(QUICKEST_UNIT)
    assert listener.controller.is_running
    qtbot.waitUntil(lambda: listener.cursor.operation >= 5)
    last = listener.cursor.operation
    assert [frame.cursor for frame in listener.frames] == [Cursor(1, k) for k in range(1, last + 1)]
    listener.controller.pause()
    assert not listener.controller.is_running
    assert listener.running == [True, False]


@pytest.mark.parametrize(
    ("unit", "stops"), [(Unit.PHASE, [6, 7, 24, 32]), (Unit.LAYER, [4, 6, 7, 10]), (Unit.NEURON, [2, 4, 6, 7])]
)
def test_running_goes_by_the_chosen_unit(listen: Listen, qtbot: QtBot, unit: Unit, stops: list[int]) -> None:
    """Document 003: forward 6 (4 of the hidden layer), loss 1, backward 17 (3 of the output's delta), update 8."""
    listener = listen()
    listener.controller.choose_unit(unit)
    listener.run(QUICKEST_UNIT)
    qtbot.waitUntil(lambda: len(listener.frames) >= 4)
    listener.controller.pause()
    expected = Stepper(open_session("seed-003"))
    for frame, stop in zip(listener.frames, stops, strict=False):
        expected.next(unit)
        assert frame.cursor == expected.cursor
        if unit is Unit.PHASE:
            assert frame.cursor == Cursor(1, stop)


def test_a_second_takes_about_as_many_units_as_the_speed_says(listen: Listen, qtbot: QtBot) -> None:
    listener = listen()
    began = perf_counter()
    listener.run(10)
    qtbot.waitUntil(lambda: listener.cursor.operation >= 4)
    took = perf_counter() - began
    listener.controller.pause()
    assert took >= 0.36  # 4 ticks of 0.1 s, less what a coarse timer may be early


def test_running_as_fast_as_it_goes_leaves_the_window_alive(listen: Listen, qtbot: QtBot) -> None:
    """Other events are handled between the slices, and frames are shown meanwhile; a slice is 8 ms."""
    listener = listen()
    beats: list[float] = []
    heart = QTimer()
    heart.timeout.connect(lambda: beats.append(perf_counter()))
    heart.start(0)
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration >= 2000 and len(listener.frames) >= 3, timeout=20_000)
    assert listener.controller.is_running
    listener.controller.pause()
    heart.stop()
    assert len(beats) >= 10
    gaps = sorted(later - earlier for earlier, later in pairwise(beats))
    assert gaps[len(gaps) // 2] < 0.05
    iterations = [frame.cursor.iteration for frame in listener.frames]
    assert iterations == sorted(iterations)
    assert len(iterations) < listener.cursor.iteration / 2


def test_running_fast_stops_at_the_end_of_an_iteration_and_shows_it(listen: Listen, qtbot: QtBot) -> None:
    listener = listen(softmax_session())
    listener.controller.seek(1, 7)
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration >= 50)
    listener.controller.pause()
    frame = listener.controller.frame
    assert frame.cursor.operation == frame.program.count
    assert listener.shown == frame.cursor
    stepper = Stepper(open_session(softmax_session()))
    stepper.run(frame.cursor.iteration)
    assert stepper.parameters() == {str(name): value for name, value in frame.parameters().items()}
    assert stepper.losses().tolist() == frame.losses.tolist()


def test_nothing_moves_after_a_pause(listen: Listen, qtbot: QtBot) -> None:
    listener = listen()
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration >= 10)
    listener.controller.pause()
    stopped, shown = listener.cursor, len(listener.frames)
    ended: list[bool] = []
    QTimer.singleShot(30, lambda: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended))
    assert (listener.cursor, len(listener.frames)) == (stopped, shown)


def test_run_or_pause_does_either(listen: Listen, qtbot: QtBot) -> None:
    listener = listen()
    for running in (True, False, True, False):
        listener.controller.run_or_pause()
        assert listener.controller.is_running == running
    assert listener.running == [True, False, True, False]
    listener.controller.pause()
    assert listener.running == [True, False, True, False]


def test_another_speed_while_running_takes_effect_at_once(listen: Listen, qtbot: QtBot) -> None:
    listener = listen()
    listener.run(1)
    listener.controller.choose_speed(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration >= 20)
    listener.controller.choose_speed(QUICKEST_UNIT)
    assert listener.controller.is_running
    at, shown = listener.cursor, len(listener.frames)
    assert at.operation == 32
    qtbot.waitUntil(lambda: len(listener.frames) > shown)
    assert listener.frames[shown].cursor == Cursor(at.iteration + 1, 0)


@pytest.mark.parametrize("speed", [QUICKEST_UNIT, FASTEST])
@pytest.mark.parametrize(
    "act",
    [
        lambda c: c.edit(W5, 0.25),
        lambda c: c.edit("learning_rate", 0.1),
        lambda c: c.edit("x[1]", 0.5, 1),
        lambda c: c.freeze(W5, True),
        lambda c: c.add_row(),
        lambda c: c.undo(),
        lambda c: c.next(),
        lambda c: c.previous(),
        lambda c: c.seek(3, 3),
        lambda c: c.seek_iteration(2),
        lambda c: c.to_start(),
        lambda c: c.begin(open_session("seed-000")),
        lambda c: c.open("seed-000"),
    ],
    ids=[
        "edit", "rate", "data", "freeze", "row", "undo", "next", "previous", "seek", "seek_iteration", "start", "begin",
        "open",
    ],
)  # fmt: skip
def test_whatever_the_user_does_pauses_first(
    listen: Listen, qtbot: QtBot, speed: int, act: Callable[[Controller], object]
) -> None:
    listener = listen()
    listener.run(speed)
    qtbot.waitUntil(lambda: listener.cursor > Cursor(1, 2))
    act(listener.controller)
    assert not listener.controller.is_running
    assert listener.running == [True, False]
    assert listener.shown == listener.cursor


def test_an_edit_while_running_belongs_to_the_iteration_where_it_paused(listen: Listen, qtbot: QtBot) -> None:
    listener = listen()
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration >= 30)
    listener.controller.edit(W5, 0.25)
    frame = listener.controller.frame
    assert [(e.iteration, e.value) for e in frame.session.edits] == [(frame.cursor.iteration, 0.25)]
    assert frame.cursor.operation == 32
    assert frame.trace.old("parameter", W5) == 0.25
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration > frame.cursor.iteration + 5)


# Numbers beyond all bounds


@pytest.mark.parametrize("speed", [QUICKEST_UNIT, FASTEST])
@pytest.mark.parametrize(
    "session",
    [linear_session(1e6), linear_session(1.0, 1e308), linear_session(1.0, 1e308, "relu"), linear_session(0.1, -1e200)],
    ids=["rate 1e6", "weights 1e308", "relu", "weights -1e200"],
)
def test_running_stops_with_a_sentence_at_the_first_value_that_is_not_finite(
    listen: Listen, qtbot: QtBot, session: dict[str, Any], speed: int
) -> None:
    stepper = Stepper(open_session(session))
    stepper.run(100)
    expected, operation = stepper.cursor, stepper.operation
    assert expected.iteration < 100
    assert operation is not None
    listener = listen(session)
    listener.controller.choose_unit(Unit.PHASE)
    listener.run(speed)
    qtbot.waitUntil(lambda: not listener.controller.is_running)
    assert listener.cursor == expected
    assert listener.messages[-1].startswith(f"Stopped: {plain(operation.symbol)} became ")
    assert plain(operation.substitution)[:20] in listener.messages[-1]
    assert listener.shown == listener.cursor
    listener.run(speed)
    qtbot.waitUntil(lambda: not listener.controller.is_running)
    assert listener.cursor == Cursor(expected.iteration, listener.frames[-1].program.count)
    since = f"not finite since iteration {expected.iteration}, operation {expected.operation}"
    assert since in listener.messages[-1]
    listener.controller.to_start()
    assert listener.cursor == Cursor(1, 0)
    listener.controller.next(Unit.ITERATION)
    assert listener.cursor.operation == listener.frames[-1].program.count


def test_a_session_that_blew_up_goes_on_after_the_rate_is_lowered(listen: Listen, qtbot: QtBot) -> None:
    listener = listen(linear_session(1e6))
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: not listener.controller.is_running)
    listener.controller.to_start()
    listener.controller.edit("learning_rate", 0.01)
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration > 200)
    assert listener.controller.is_running


# Moves


def test_seek_iteration_keeps_the_place_within_the_iteration(listen: Listen) -> None:
    listener = listen()
    listener.controller.seek(9, 17)
    for iteration in (2, 30, 1):
        listener.controller.seek_iteration(iteration)
        assert listener.cursor == Cursor(iteration, 17)
    frames = len(listener.frames)
    listener.controller.seek_iteration(1)
    assert len(listener.frames) == frames


def test_seek_iteration_goes_as_far_as_a_smaller_batch_has_operations(listen: Listen) -> None:
    """Three samples in batches of two: iteration 2 has one sample, and so fewer operations."""
    listener = listen(softmax_session())
    count = listener.controller.frame.program.count
    listener.controller.seek(1, count)
    listener.controller.seek_iteration(2)
    frame = listener.controller.frame
    assert frame.cursor == Cursor(2, frame.program.count)
    assert frame.program.count < count


@pytest.mark.parametrize(("quantity", "operation"), [("z[1,1]", 1), ("loss", 7), ("dL/dw[1,1,1]", 20), ("b[2]", 32)])
def test_go_to_stands_where_a_quantity_has_just_been_written(listen: Listen, quantity: str, operation: int) -> None:
    listener = listen()
    listener.controller.seek(3, 5)
    listener.controller.go_to(parse(quantity))
    assert listener.cursor == Cursor(3, operation)
    shown = listener.frames[-1].operation
    assert shown is not None
    assert str(shown.quantity) == quantity


@pytest.mark.parametrize("quantity", ["x[1]", "y[1]"])
def test_go_to_a_quantity_that_no_operation_writes_stays(listen: Listen, quantity: str) -> None:
    listener = listen()
    listener.controller.seek(3, 5)
    listener.controller.go_to(parse(quantity))
    assert listener.cursor == Cursor(3, 5)


def test_a_seek_beyond_the_operations_is_said_and_stays(listen: Listen) -> None:
    listener = listen()
    for iteration, operation in ((1, 33), (0, 0), (1, -1)):
        listener.controller.seek(2, 2)
        listener.controller.seek(iteration, operation)
        assert listener.cursor == Cursor(2, 2)
        assert listener.messages.pop()


def test_undo_and_redo_at_their_ends_change_nothing(listen: Listen) -> None:
    listener = listen()
    before = listener.controller.frame.session
    assert not listener.controller.to_undo
    assert not listener.controller.to_redo
    listener.controller.undo()
    listener.controller.redo()
    assert listener.controller.frame.session == before


def test_runs_left_are_sent_and_go_with_their_session(listen: Listen) -> None:
    listener = listen()
    for count in range(2, 5):
        listener.controller.seek(count, 32)
        listener.controller.seek(1)
        listener.controller.edit(W5, 0.1 * count)
    assert listener.left == [[2], [3, 2], [4, 3, 2]]
    listener.controller.open("seed-003")
    assert listener.left[-1] == []


@pytest.mark.parametrize(
    ("quantity", "value", "sample"),
    [
        ("w[9,1,1]", 1.0, None), ("z[1,1]", 1.0, None), (W5, float("nan"), None), ("learning_rate", 0.0, None),
        ("learning_rate", float("inf"), None), ("x[1]", 1.0, 2), ("x[3]", 1.0, 1),
    ],
)  # fmt: skip
def test_an_edit_that_makes_no_sense_is_said_and_changes_nothing(
    listen: Listen, quantity: str, value: float, sample: int | None
) -> None:
    listener = listen()
    listener.controller.seek(2, 3)
    before = listener.controller.frame
    listener.controller.edit(quantity, value, sample)
    assert listener.controller.frame is before
    assert not listener.controller.to_undo
    assert listener.messages[-1].startswith("Not changed: ")
    assert listener.messages[-1].count("\n") == 0


# Files


def test_save_and_open_give_the_same_session(listen: Listen, tmp_path: Path) -> None:
    listener, path = listen(softmax_session()), tmp_path / f"mine{SUFFIX}"
    controller = listener.controller
    controller.seek(3, 40)
    controller.edit(W5, 1 / 3)
    controller.edit("x[1]", 0.1 + 0.2, 2)
    controller.seek(5, 7)
    session = controller.frame.session
    assert controller.is_changed
    assert controller.save(path)
    assert not controller.is_changed
    assert controller.path == path
    assert str(path) in listener.messages[-1]
    written = path.read_bytes()
    controller.begin(open_session("seed-003"))
    assert controller.is_changed
    assert controller.open(path)
    assert controller.frame.session == session
    assert controller.path == path
    assert not controller.is_changed
    assert controller.save(path)
    assert path.read_bytes() == written


def test_moving_is_no_change_and_undo_takes_a_change_back(listen: Listen) -> None:
    controller = listen().controller
    assert not controller.is_changed
    controller.next(Unit.ITERATION)
    assert not controller.is_changed
    controller.edit(W5, 0.9)
    assert controller.is_changed
    controller.undo()
    assert not controller.is_changed
    controller.redo()
    assert controller.is_changed


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def no_permission(*_: object, **__: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.parametrize(
    ("function", "failure"),
    [("os.fsync", full_disk), ("os.replace", full_disk), ("tempfile.mkstemp", no_permission)],
    ids=["disk full", "rename fails", "folder not writable"],
)
def test_a_failed_save_is_said_and_leaves_the_old_file(
    listen: Listen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, failure: Callable[..., None]
) -> None:
    listener, path = listen(), tmp_path / f"mine{SUFFIX}"
    controller = listener.controller
    assert controller.save(path)
    before = path.read_bytes()
    controller.edit(W5, 0.9)
    session = controller.frame.session
    with monkeypatch.context() as patch:
        module, name = function.split(".")
        patch.setattr(getattr(writing, module), name, failure)
        assert not controller.save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(writing.PREFIX)] == []
    assert listener.messages[-1].startswith("Not saved: ")
    assert "\n" not in listener.messages[-1]
    assert controller.is_changed
    assert controller.frame.session == session
    assert controller.save(path)
    assert open_session(path).edits == session.edits


@pytest.mark.parametrize("name", ["", "nowhere/mine.chainstep.json", "nul\0.json"], ids=["folder", "no folder", "NUL"])
def test_a_place_that_cannot_be_written_is_said(listen: Listen, tmp_path: Path, name: str) -> None:
    listener = listen()
    assert not listener.controller.save(tmp_path / name)
    said = listener.messages[-1]
    assert said.startswith(f"Not saved: {tmp_path / name}: ")
    assert said.endswith(".")
    assert "Errno" not in said
    assert writing.PREFIX not in said
    assert listener.controller.path is None


def test_a_save_while_running_pauses(listen: Listen, qtbot: QtBot, tmp_path: Path) -> None:
    listener, path = listen(), tmp_path / f"mine{SUFFIX}"
    listener.run(FASTEST)
    qtbot.waitUntil(lambda: listener.cursor.iteration >= 10)
    assert listener.controller.save(path)
    assert not listener.controller.is_running
    assert open_session(path).cursor == listener.cursor


EXAMPLE = EXAMPLES.joinpath(f"seed-003{SUFFIX}").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [
        "", EXAMPLE[:700], EXAMPLE.replace("0.15", "NaN"), EXAMPLE.replace("sigmoid", "sigmoyd"),
        EXAMPLE.replace('"operation": 0', '"operation": 33'), EXAMPLE.replace('"version": 1', '"version": 2'),
        EXAMPLE.replace("[0.15, 0.2]", "[0.15]"), "[" * 100_000,
    ],
    ids=["empty", "cut", "NaN", "unknown name", "beyond the operations", "newer", "shape", "deep"],
)  # fmt: skip
def test_a_bad_file_leaves_the_session_in_hand(listen: Listen, tmp_path: Path, content: str) -> None:
    listener, path = listen(), tmp_path / f"bad{SUFFIX}"
    path.write_text(content, encoding="utf-8")
    controller = listener.controller
    controller.seek(3, 3)
    controller.edit(W5, 0.9)
    before = controller.frame
    assert not controller.open(path)
    assert controller.frame is before
    assert controller.path is None
    assert controller.to_undo
    assert controller.is_changed
    assert listener.messages[-1].startswith("Not opened: ")
    assert "\n" not in listener.messages[-1]
    controller.undo()
    assert controller.frame.session.edits == ()


def test_a_preview_leaves_the_session_in_hand(listen: Listen) -> None:
    listener = listen()
    listener.controller.seek(2, 2)
    frame = listener.controller.preview(open_session("seed-000"))
    assert frame.session == open_session("seed-000")
    assert listener.cursor == Cursor(2, 2)
