"""A run as another process computes it, but in this one: all that would go to and fro is pickled and read again."""

import pickle
from collections.abc import Sequence
from random import Random
from typing import TypeVar
from unittest.mock import patch

from engine import Stepper, timeline
from engine.running import Runner
from engine.stops import NO_STOPS, Stops

T = TypeVar("T")


def carried(thing: T) -> T:
    """What arrives on the other side."""
    arrived: T = pickle.loads(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))
    return arrived


DISTANCES = (1, 2, 64)


def run_elsewhere(
    stepper: Stepper, last: int, rng: Random, stops: Stops = NO_STOPS, distances: Sequence[int] = DISTANCES
) -> None:
    """From the finished iteration at the cursor to the end of iteration `last`, in passages of any length, with a
    checkpoint in every so many iterations, or less often where the budget is small."""
    with patch.object(timeline, "MOST_AT_ONCE", rng.choice(distances)):
        departure = stepper.departing(last, stops)
    if departure is None:
        return
    runner, is_over = Runner(carried(departure)), False
    while not is_over:
        for _ in range(rng.choice((0, 1, 4, 40))):
            if not runner.is_over:
                runner.go_on()
        passage = carried(runner.passage(stepper.stride))
        stepper.arrive(passage)
        is_over = passage.is_over
