"""The engine: an iteration against its peers, what history costs, seeks, descriptions, export."""

import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from engine import Stepper, open_session
from engine.files.csv_export import value_rows
from engine.iteration import Iteration, initial_state
from engine.parameters import Parameters
from engine.timeline import Timeline
from tests.benchmarks.measuring import (
    Row,
    against,
    at_least,
    at_most,
    medians,
    micro,
    percentile,
    seconds,
    short,
    sigmoid_network,
    title,
)
from tests.benchmarks.peers import Iterate, micrograd_loop, numpy_loop, torch_loop

LARGE = (64, 64, 64, 10)
NETWORKS = {(2, 2, 1): 1, (2, 4, 1): 4, (2, 8, 8, 1): 100, LARGE: 32}
"""Sizes, and samples a batch."""
PEERS: dict[str, tuple[Callable[[dict[str, Any]], Iterate], tuple[float, ...]]] = {
    "micrograd": (micrograd_loop, (5, 35, 10_000, 100_000)),
    "PyTorch": (torch_loop, (12, 15, 10, 3)),
    "numpy": (numpy_loop, (2, 2.5, 2.5, 1.3)),
}
"""How many times faster the goal is, for each of NETWORKS."""


BEGUN = 1500
"""Iterations after which a run of the largest network has taken all its memory from the system, which takes longer than
they do."""


def run_of(session: dict[str, Any], begun: int = BEGUN) -> Iterate:
    """One iteration of the run as the window does it, history kept, after so many others."""
    timeline = Timeline(open_session(session).spec)
    iterations = iter(range(1, 10**9))
    for t in islice(iterations, begun):
        timeline.run(t)
    return lambda: timeline.run(next(iterations))


def without_history(session: dict[str, Any]) -> Iterate:
    """The same iteration, after which its result is the next one's beginning and nothing is kept."""
    spec = open_session(session).spec
    parameters = Parameters(spec.network)
    iteration = Iteration(spec, parameters, spec.samples)
    np.copyto(iteration.new, initial_state(spec, parameters))
    np.copyto(iteration.inputs, np.transpose(spec.data.inputs))
    np.copyto(iteration.targets, np.transpose(spec.data.targets))
    numbers = iter(range(1, 10**9))

    def iterate() -> float:
        np.copyto(iteration.old, iteration.new)
        return iteration.run(next(numbers), spec.optimizer.learning_rate)

    return iterate


def iterations() -> Iterator[Row]:
    """Each size against each peer; all compute the same losses."""
    for place, (sizes, samples) in enumerate(NETWORKS.items()):
        for name, (peer, goals) in PEERS.items():
            what = f"{title(sizes)}, batch {samples}: times faster than {name}"
            try:
                yield _against_peer(what, goals[place], sizes, samples, name, peer)
            except (ImportError, OSError) as error:  # not there, or its libraries are not
                yield Row(what, f"≥ {goals[place]:,g}", "–", None, str(error))


def _against_peer(
    what: str, goal: float, sizes: tuple[int, ...], samples: int, name: str, peer: Callable[[dict[str, Any]], Iterate]
) -> Row:
    is_slow = name == "micrograd" and sizes == LARGE  # an iteration would take half a minute: one sample's, scaled
    session = sigmoid_network(sizes, samples)
    other, share = (peer(sigmoid_network(sizes, 1)), samples) if is_slow else (peer(session), 1)
    if not is_slow:
        own_one = run_of(session, 0)
        assert [other() for _ in range(3)] == pytest.approx([own_one() for _ in range(3)])
    times = medians({"own": run_of(session), "other": other}, 3 if samples > 4 and name == "micrograd" else 15)
    own, theirs = times["own"], share * times["other"]
    beside = against(own, theirs, name) + (f" ({samples} times that of one sample)" if is_slow else "")
    return at_least(what, goal, theirs / own, beside)


def history() -> Iterator[Row]:
    """A run that keeps checkpoints and losses against one that keeps nothing."""
    for sizes, samples in NETWORKS.items():
        session = sigmoid_network(sizes, samples)
        times = medians({"kept": run_of(session), "bare": without_history(session)})
        beside = against(times["kept"], times["bare"], "without")
        yield at_most(f"{title(sizes)}, batch {samples}: history's cost", 1.3, times["kept"] / times["bare"], beside)


def seeks() -> Iterator[Row]:
    """From anywhere to anywhere: the worst of some targets, each the median of three times. Every trace has the bits
    that it had when the run passed it."""
    yield _seeks((2, 2, 1), 1, 1_000_000, "gradient_descent", 2**20, 5)
    yield _seeks(LARGE, 32, 100_000, "gradient_descent", 64 * 2**20, 16.7)
    yield _seeks(LARGE, 32, 100_000, "adam", 64 * 2**20, 100)


def _seeks(sizes: tuple[int, ...], samples: int, last: int, optimizer: str, budget: int, goal: float) -> Row:
    timeline = Timeline(open_session(sigmoid_network(sizes, samples, optimizer)).spec, budget=budget)
    rng = Random(2)
    # A power of 2 begins one after a checkpoint's state; just before it the way from the last one is the longest.
    targets = [2**n for n in range(10, 17)] + [rng.randrange(1000, last) for _ in range(18)]
    passed, begun = {}, perf_counter()
    for t in range(1, last + 1):
        timeline.run(t)
        if t in targets:
            passed[t] = timeline.trace(t).new_state().tobytes()
    taken = perf_counter() - begun
    for t in range(1, 10):
        timeline.trace(t)  # so that no trace of a target is at hand
    rng.shuffle(targets)
    rounds = [[_sought(timeline, t, passed[t]) for t in targets] for _ in range(3)]
    times = [median(of_target) for of_target in zip(*rounds, strict=True)]
    what = f"{title(sizes)}, {optimizer.replace('_', ' ')}: seek in {last:,} iterations"
    middle = short(1e3 * percentile(times, 0.5))
    beside = f"median {middle} ms, {budget >> 20} MiB, bit-equal; run {micro(taken / last)}"
    return at_most(what, goal, 1e3 * max(times), beside, " ms")


def _sought(timeline: Timeline, t: int, state: bytes) -> float:
    """How long the way to the trace of t takes; it must have these bits."""
    begun = perf_counter()
    trace = timeline.trace(t)
    taken = perf_counter() - begun
    assert trace.new_state().tobytes() == state, f"iteration {t} has other bits than when it was passed"
    return taken


def descriptions() -> Iterator[Row]:
    """Locate an operation, describe it and its first 64 terms."""
    middle: list[float] = []
    for sizes, samples in NETWORKS.items():
        frame = Stepper(open_session(sigmoid_network(sizes, samples))).frame
        rng, count = Random(3), frame.program.count
        places = range(count) if count <= 300 else rng.sample(range(count), 300)

        def describe(k: int, frame: Any = frame) -> None:
            frame.program.locate(k)
            list(islice(frame.narrator.describe(k).terms, 64))

        describe(0)
        times = [seconds(partial(describe, k)) for k in places]
        middle.append(percentile(times, 0.5))
        what = f"{title(sizes)}, batch {samples}: locate and describe"
        beside = f"median {micro(middle[-1])}, worst {micro(max(times))}, {count:,} operations"
        yield at_most(what, 0.3, 1e3 * percentile(times, 0.95), beside, " ms")


def export() -> Iterator[Row]:
    """Rows of values a second over whole iterations, and the memory of a long export against a short one."""
    for sizes, samples, goal, iterations in (((2, 2, 1), 1, 15_000, 1000), (LARGE, 32, 5_000, 1)):
        session = open_session(sigmoid_network(sizes, samples))
        count = iterations * Stepper(session).program(1).count

        def write(count: int, session: Any = session) -> None:
            for _ in islice(value_rows(session, 10**6), count):
                pass

        write(10)
        begun = perf_counter()
        write(count)
        yield at_least(f"{title(sizes)}: exported rows a second", goal, count / (perf_counter() - begun))
        less, more = (_peak(partial(write, rows)) / 2**20 for rows in (1000, 4000))
        what = f"{title(sizes)}: memory that 3000 rows more need"
        yield at_most(what, 0.1, more - less, f"{less:.2f} MiB at 1000 rows, checkpoints included", " MiB")


def _peak(call: Callable[[], object]) -> int:
    """The most bytes of memory that a call holds at once."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
