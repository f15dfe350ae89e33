"""The long run: what the tests of the time machine and of quitting do, with many more seeds, on all processors.

`python -m tests.soak [SCALE]` multiplies every count by SCALE, 1 by default. Prints count, differences and seconds of
each row, and of every difference the seeds and the reason; ends with 1 if there was any.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from time import perf_counter
from traceback import extract_tb
from typing import NamedTuple

from tests.engine.travels import NETS, check_travels
from tests.engine.wandering import check_steppings, check_wanderings
from tests.gui.quitting import check_quits

Check = Callable[[range], None]


def travel(seeds: range) -> None:
    """As many journeys of 50 moves through one of the networks as there are seeds."""
    check_travels(list(NETS)[seeds.start // len(seeds) % len(NETS)], len(seeds), 50, seeds.start)


def leave(seeds: range) -> None:
    """Windows that are quit."""
    with TemporaryDirectory() as folder:
        check_quits(Path(folder), seeds)


def click_about(seeds: range) -> None:
    """The monkey at the window, in a process of its own, which may crash."""
    monkey = (sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "tests/gui/test_monkey.py")
    done = run((*monkey, f"--seeds={seeds.start}:{seeds.stop}"), capture_output=True, text=True)
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert done.returncode == 0, f"exit code {done.returncode} {failed}"


class Row(NamedTuple):
    """What is done how often, so many at a time."""

    name: str
    times: int
    at_a_time: int
    check: Check

    def parts(self, scale: float) -> Iterator[range]:
        """The seeds in parts, which the processors share."""
        count = max(round(self.times * scale), 1)
        return (range(first, min(first + self.at_a_time, count)) for first in range(0, count, self.at_a_time))


ROWS = (
    Row("sessions wander and come back", 10_000, 100, check_wanderings),
    Row("journeys of 50 moves, edits and other settings", 10_000, 20, travel),
    Row("networks are stepped beside running", 5_000, 20, check_steppings),
    Row("windows are quit at a random moment", 500, 10, leave),
    Row("windows take a thousand keys, clicks and drags", 500, 5, click_about),
)


def reason(check: Check, seeds: range) -> str:
    """Why a check fails, in one line; empty if it does not."""
    try:
        check(seeds)
    except Exception as error:  # whatever it is, the other seeds go on
        place = extract_tb(error.__traceback__)[-1]
        words = next(iter(str(error).splitlines()), place.line)
        return f"  {seeds}: {Path(place.filename).name}, line {place.lineno}: {type(error).__name__}: {words}"
    return ""


def main(scale: float) -> int:
    failed = 0
    with ProcessPoolExecutor() as pool:
        for row in ROWS:
            begun, parts = perf_counter(), list(row.parts(scale))
            reasons = [found for found in pool.map(partial(reason, row.check), parts) if found]
            figures = f"{len(reasons)} differences, {perf_counter() - begun:.0f} s"
            print(f"{parts[-1].stop:,} {row.name}: {figures}", *reasons, sep="\n", flush=True)
            failed += len(reasons)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
