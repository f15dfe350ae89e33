"""Measures the figures of speed and prints them beside their goals: `./run bench [GROUPS]`.

pytest-benchmark measures one function after another; here every peer takes turns with the engine, so that a ratio
stays what it is while something else runs on the machine.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks import engine_figures, window_figures  # the platform is chosen before Qt is there
from tests.benchmarks.measuring import Row

GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "iterations": engine_figures.iterations,
    "history": engine_figures.history,
    "seeks": engine_figures.seeks,
    "descriptions": engine_figures.descriptions,
    "pixels": window_figures.pixels,
    "running": window_figures.running,
    "plot": window_figures.plot,
    "start": window_figures.start,
    "export": engine_figures.export,
}
VERDICTS = {True: "ok", False: "no", None: "–"}


def line(row: Row) -> str:
    return f"{row.what:<58} {row.goal:>10} {row.figure:>10}  {VERDICTS[row.holds]:<3} {row.beside}"


def main(words: Sequence[str]) -> int:
    """Print the groups named, or all; returns the exit code: 2 for a word that names none."""
    unknown = [word for word in words if word not in GROUPS]
    if unknown:
        print(f"chainstep: no group {unknown[0]!r}; there are: {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    begun, reached, measured = perf_counter(), 0, 0
    print(f"{'what':<58} {'goal':>10} {'figure':>10}", flush=True)
    for name in words or GROUPS:
        for row in GROUPS[name]():
            print(line(row), flush=True)
            reached, measured = reached + (row.holds is True), measured + (row.holds is not None)
    print(f"{reached} of {measured} goals reached, in {perf_counter() - begun:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
