"""Rows of the table, networks of given sizes, and medians of what is measured by turns.

A ratio of two times holds on a busy machine only if both are measured by turns in one run; so blocks of a few
milliseconds follow one another, and the medians of their times are compared.
"""

from collections.abc import Callable, Mapping
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from tests.engine.networks import complete_session, random_initial, random_numbers

BLOCK = 0.02
"""Seconds that a block of calls takes about."""


class Row(NamedTuple):
    """One line of the table. holds: whether the figure reaches the goal; None where it could not be measured."""

    what: str
    goal: str
    figure: str
    holds: bool | None
    beside: str = ""


def at_least(what: str, goal: float, figure: float, beside: str = "", unit: str = "") -> Row:
    """A figure that is to be large."""
    return Row(what, f"≥ {goal:,g}{unit}", f"{short(figure)}{unit}", figure >= goal, beside)


def at_most(what: str, goal: float, figure: float, beside: str = "", unit: str = "") -> Row:
    """A figure that is to be small."""
    return Row(what, f"≤ {goal:,g}{unit}", f"{short(figure)}{unit}", figure <= goal, beside)


def short(number: float) -> str:
    """Three digits of a number below 1000; whole above."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def micro(seconds: float) -> str:
    return f"{short(1e6 * seconds)} µs"


def against(own: float, other: float, name: str) -> str:
    """Two times side by side."""
    return f"{micro(own)}, {name} {micro(other)}"


def medians(calls: Mapping[str, Callable[[], object]], rounds: int = 15) -> dict[str, float]:
    """Seconds a call takes, by name: the median of `rounds` blocks, all calls taking turns."""
    counts = {name: block_of(call) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(seconds(call, counts[name]) / counts[name])
    return {name: median(measured) for name, measured in times.items()}


def block_of(call: Callable[[], object]) -> int:
    """How many calls a block holds; the first one only warms up."""
    call()
    return max(1, round(BLOCK / max(seconds(call), 1e-6)))


def seconds(call: Callable[[], object], count: int = 1) -> float:
    """How long `count` calls take."""
    begun = perf_counter()
    for _ in range(count):
        call()
    return perf_counter() - begun


def percentile(times: list[float], share: float) -> float:
    """The time that this share of the times does not exceed."""
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


def sigmoid_network(sizes: tuple[int, ...], samples: int, optimizer: str = "gradient_descent") -> dict[str, Any]:
    """A session of sigmoid layers with half the squared error, all samples a batch, everything drawn with one seed."""
    rng = Random(1)
    layers = [{"neurons": n, "activation": "sigmoid", "bias": "per_neuron"} for n in sizes[1:]]
    return complete_session(
        sizes[0],
        layers,
        initial=random_initial(rng, sizes[0], layers),
        loss="half_squared_error",
        optimizer={"name": optimizer, "learning_rate": 0.01},
        data={
            "kind": "values",
            "inputs": [random_numbers(rng, sizes[0], 1.0) for _ in range(samples)],
            "targets": [[rng.random() for _ in range(sizes[-1])] for _ in range(samples)],
        },
    )


def title(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))
