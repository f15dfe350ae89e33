"""Runs in another process: its orders and answers, its end, and how densely states are kept meanwhile. That the numbers
are those of a run in this one stands in test_time_travel, test_wandering, test_stops and test_finite."""

import io
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from random import Random

import pytest

from engine import Stepper, open_session, runner
from engine.cursor import Cursor
from engine.running import Departure, Halt, Order, Passage, Report
from engine.stops import NO_STOPS, Stops
from engine.stops import parse as parse_stop
from engine.timeline import quick_stride
from tests.engine.elsewhere import run_elsewhere

ROOT = Path(__file__).resolve().parents[2]
FAR = 10**9


def begun(iterations: int = 1) -> Stepper:
    stepper = Stepper(open_session("seed-003"))
    stepper.run(iterations)
    return stepper


def departure_of(stepper: Stepper, last: int = FAR, stops: Stops = NO_STOPS) -> Departure:
    departure = stepper.departing(last, stops)
    assert departure is not None
    return departure


# Departures.


def test_nothing_departs_from_a_run_that_is_over() -> None:
    stepper = begun(5)
    assert stepper.departing(5, NO_STOPS) is None
    assert stepper.departing(6, NO_STOPS) is not None
    for _ in stepper.running(10, Stops([parse_stop("loss")])):
        pass
    assert stepper.stopped_by == parse_stop("loss")
    assert stepper.departing(FAR, NO_STOPS) is None


def test_one_that_stops_elsewhere_stands_where_it_stops() -> None:
    """Document 003's loss is 0.2748 at first and falls."""
    stepper = begun()
    stops = Stops([parse_stop("loss < 0.1")])
    run_elsewhere(stepper, FAR, Random(1), stops)
    assert stepper.stopped_by == parse_stop("loss < 0.1")
    losses = stepper.losses()
    assert losses[-1] < 0.1
    assert (losses[:-1] >= 0.1).all()
    assert stepper.cursor == Cursor(len(losses), 7)


def test_a_condition_that_held_where_it_set_out_does_not_stop_it() -> None:
    stepper, stops = begun(3), Stops([parse_stop("b[2] > -1000")])
    stepper.mind(stops)
    next(stepper.advancing(Cursor(20, 32), stops))
    assert stops.held
    run_elsewhere(stepper, 20, Random(1), stops)
    assert (stepper.cursor, stepper.stopped_by) == (Cursor(20, 32), None)


@pytest.mark.parametrize(
    ("parameters", "samples", "stride"),
    [
        (9, 1, 64),  # the most
        (8970, 32, 32),  # 64-64-64-10: 2^24 / 287,040 = 58
        (8970, 1000, 1),
        (10**6, 10**6, 1),
    ],
)
def test_states_are_kept_so_densely_that_a_replay_is_quick(parameters: int, samples: int, stride: int) -> None:
    assert quick_stride(parameters, samples) == stride


def test_a_departure_thins_the_states_that_are_kept() -> None:
    stepper = begun(300)
    assert stepper.stride == 1
    kept = stepper.frame.parameters()
    assert departure_of(stepper).stride == 64
    assert stepper.stride == 64
    stepper.seek(1)
    stepper.seek(300, 32)
    assert stepper.frame.parameters() == kept


# Orders and answers, in this process.


class Orders(SimpleQueue[Order | None]):
    """Gives orders one by one, each when so many iterations are done since the one before."""

    def __init__(self, *orders: tuple[int, Order | None]) -> None:
        super().__init__()
        self.coming, self.asked = list(orders), 0

    def empty(self) -> bool:
        self.asked += 1
        return self.asked <= self.coming[0][0]

    def get(self, block: bool = True, timeout: float | None = None) -> Order | None:
        self.asked = 0
        return self.coming.pop(0)[1]


def served(*orders: tuple[int, Order | None]) -> list[Passage]:
    answers: list[Passage] = []
    runner.serve(Orders(*orders), answers.append)
    return answers


def test_a_report_hands_back_what_was_computed_since_the_last() -> None:
    departure = departure_of(begun())
    first, second = served((0, departure), (7, Report(1)), (5, Report(4)), (0, None))
    assert (first.cursor, second.cursor) == (Cursor(8, 32), Cursor(13, 32))
    assert (first.stretch.first, first.stretch.losses.shape) == (2, (2, 6))
    assert (second.stretch.first, second.stretch.losses.shape) == (9, (2, 4)), "the last one is computed again"
    assert (first.stretch.kept, second.stretch.kept) == ([], [10, 11, 12, 13, 14]), "every 64th, then each"
    expected = begun(13).losses()
    assert first.stretch.losses[0].tolist() == expected[1:7].tolist()
    assert second.stretch.losses[0].tolist() == expected[8:12].tolist()


def test_a_report_at_once_still_hands_back_an_iteration() -> None:
    (passage,) = served((0, departure_of(begun())), (0, Report(1)), (0, None))
    assert passage.cursor == Cursor(2, 32)
    assert passage.stretch.losses.shape == (2, 0)


def test_a_run_that_is_over_waits_to_be_asked() -> None:
    (passage,) = served((0, departure_of(begun(), last=4)), (100, Report(1)), (0, None))
    assert passage.cursor == Cursor(4, 32)
    assert passage.is_over


def test_who_was_told_to_halt_says_no_more_and_can_begin_again() -> None:
    departure = departure_of(begun())
    other = departure._replace(number=2)
    (passage,) = served((0, departure), (3, Halt()), (0, Report(1)), (0, other), (2, Report(1)), (0, None))
    assert (passage.number, passage.cursor) == (2, Cursor(3, 32))


# The process.


@contextmanager
def process(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", *(words or ("engine.runner",))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as begun:
        try:
            yield begun
        finally:
            begun.kill()


def order(those: "subprocess.Popen[bytes]", *orders: Order) -> None:
    assert those.stdin is not None
    for one in orders:
        those.stdin.write(pickle.dumps(one))
    those.stdin.flush()


def answer(those: "subprocess.Popen[bytes]") -> Passage | None:
    assert those.stdout is not None
    length = int.from_bytes(those.stdout.read(runner.LENGTH), "little")
    answer: Passage | None = pickle.loads(those.stdout.read(length))
    return answer


def complaints(those: "subprocess.Popen[bytes]") -> bytes:
    assert those.stderr is not None
    return those.stderr.read()


@pytest.mark.parametrize("words", [(), ("gui", "--runner")], ids=["as a module", "as the bundle"])
def test_the_process_runs_until_its_orders_end(words: tuple[str, ...]) -> None:
    stepper = begun()
    with process(*words) as other:
        assert answer(other) is None
        order(other, departure_of(stepper, last=2000))
        is_over = False
        while not is_over:
            order(other, Report(stepper.stride))
            passage = answer(other)
            assert passage is not None
            stepper.arrive(passage)
            is_over = passage.is_over
        assert other.stdin is not None
        other.stdin.close()
        assert other.wait(20) == 0
        assert complaints(other) == b""
    straight = begun(2000)
    assert stepper.losses().tobytes() == straight.losses().tobytes()
    assert stepper.frame.parameters() == straight.frame.parameters()


def close_its_orders(other: "subprocess.Popen[bytes]") -> None:
    assert other.stdin is not None
    other.stdin.close()


def close_its_answers(other: "subprocess.Popen[bytes]") -> None:
    assert other.stdout is not None
    other.stdout.close()
    order(other, Report(1))


@pytest.mark.parametrize("leave", [close_its_orders, close_its_answers])
def test_the_process_ends_with_the_one_that_began_it(leave: Callable[["subprocess.Popen[bytes]"], None]) -> None:
    """Also in the midst of a run, and without a word."""
    with process() as other:
        answer(other)
        order(other, departure_of(begun()))
        leave(other)
        assert other.wait(20) == 0
        assert complaints(other) == b""


@pytest.mark.skipif(os.name != "posix", reason="there are no such signals")
def test_ctrl_c_is_not_for_the_process() -> None:
    with process() as other:
        answer(other)
        other.send_signal(signal.SIGINT)
        order(other, departure_of(begun(), last=3), Report(1))
        assert answer(other) is not None


def test_an_answer_is_as_long_as_it_says() -> None:
    stream = io.BytesIO(runner.framed(None))
    assert int.from_bytes(stream.read(runner.LENGTH), "little") == len(stream.read())
