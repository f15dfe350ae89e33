"""A run that was left, and the list of them: values that change by being replaced."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from engine.activations import Array
from engine.edits import first_difference
from engine.session import Session
from engine.spec import Spec

MOST_RUNS, MOST_BYTES = 12, 64 * 2**20
"""How many runs are kept, and how large their losses are together; the last one left is kept however large it is."""


@dataclass(frozen=True, eq=False)
class Run:
    """A run as it was when it was left.

    name: what it was. session: its cursor is the end of the last iteration computed. losses: (iterations,), read-only.
    test_loss: that of the last iteration, where rows are held back. A run is told by which it is.
    """

    name: str
    session: Session
    losses: Array
    test_loss: float | None = None

    def holds(self, other: "Run") -> bool:
        """Whether all that another run has computed is part of this one."""
        mine, its = self.session, other.session
        is_same = mine.spec == its.spec and first_difference(mine.edits, its.edits) is None
        return is_same and len(other.losses) <= len(self.losses)

    def is_beside(self, spec: Spec) -> bool:
        """Whether a spec differs from the run's in its optimizer, and in nothing else."""
        own = self.session.spec
        return own != spec and replace(own, optimizer=spec.optimizer) == spec

    def called(self, name: str) -> "Run":
        """The same under a name, with losses of its own: the others are part of a larger array."""
        losses = self.losses.copy()
        losses.flags.writeable = False
        return replace(self, name=name, losses=losses)


Compared = Run | None
"""A run that was left, or the present one."""
Pair = tuple[Compared, Compared]


@dataclass(frozen=True, eq=False)
class Runs:
    """The runs left, the last one first, and which are chosen to be compared, at most two."""

    left: tuple[Run, ...] = ()
    chosen: tuple[Compared, ...] = (None,)

    @property
    def pair(self) -> Pair | None:
        """The two to be compared; None while fewer are chosen."""
        return (self.chosen[0], self.chosen[1]) if len(self.chosen) == 2 else None

    def place(self, run: Compared) -> int | None:
        """0 for the first, 1 for the second of the pair; None for what is not compared."""
        return next((place for place, other in enumerate(self.pair or ()) if other is run), None)

    def is_compared(self, run: Compared) -> bool:
        return self.place(run) is not None

    def keeping(self, run: Run) -> "Runs":
        """With another run left, in place of those that it holds."""
        return self._of([run, *(other for other in self.left if not run.holds(other))])

    def followed(self, left: Run | None, present: Run) -> "Runs":
        """After a change: with the run left, if one is to be kept, and without those that the present run holds. Where
        such a one was chosen beside the run left, the two stay chosen."""
        runs = self.keeping(left) if left else self
        if left and None in runs.chosen and any(run and present.holds(run) for run in runs.chosen):
            runs = replace(runs, chosen=tuple(None if run else left for run in runs.chosen))
        return runs._of(run for run in runs.left if not present.holds(run))

    def beside(self, spec: Spec) -> "Runs":
        """Only those that differ from a spec in their optimizer."""
        return self._of(run for run in self.left if run.is_beside(spec))

    def choosing(self, run: Compared) -> "Runs":
        """With a run chosen, or no longer where it was; of three the one chosen first is let go."""
        others = tuple(other for other in self.chosen if other is not run)
        return replace(self, chosen=(*others, run)[-2:] if len(others) == len(self.chosen) else others)

    def _of(self, runs: Iterable[Run]) -> "Runs":
        """As many of these runs as are kept, and what is chosen among them."""
        left = tuple(runs)[:MOST_RUNS]
        sizes = list(accumulate(run.losses.nbytes for run in left))
        left = left[: max(bisect_right(sizes, MOST_BYTES), 1)]
        chosen = tuple(run for run in self.chosen if run is None or run in left)
        return self if left == self.left else Runs(left, chosen)


def is_lost(before: Array, after: Array) -> bool:
    """Whether losses are given up for others; not where only the last iteration is computed anew."""
    if len(before) == len(after):
        before, after = before[:-1], after[:-1]
    return not np.array_equal(before, after[: len(before)], equal_nan=True)
