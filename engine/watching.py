"""Watched quantities: their values in one iteration after the other, and where a value changed its sign last.

The values come from a timeline of their own, so that running knows nothing of them. Since all is deterministic, they
are those of the run to the last bit.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from math import nan
from typing import NamedTuple

import numpy as np

from engine.activations import Array
from engine.frame import check_quantity
from engine.optimizers import OPTIMIZERS
from engine.program import Program
from engine.quantities import PARAMETERS, Quantity, parse
from engine.timeline import Timeline
from engine.trace import Trace
from engine.values import stored

OF_SAMPLE = " of sample "


class Watched(NamedTuple):
    """A quantity and, where every sample has its own, the sample (row of the data, from 1)."""

    quantity: Quantity
    sample: int | None = None

    def __str__(self) -> str:
        return f"{self.quantity}{OF_SAMPLE}{self.sample}" if self.sample else str(self.quantity)


def watched(quantity: Quantity, sample: int) -> Watched:
    """A quantity of a sample, or without it where the quantity belongs to none."""
    return Watched(quantity, sample if quantity.is_of_sample else None)


def parse_watched(text: str, sample: int) -> Watched:
    """What "dL/dz[2,1]" or "dL/dz[2,1] of sample 3" names; without a sample that of `sample`, where it has one.

    ValueError with the reason if it names nothing.
    """
    name, is_given, row = " ".join(text.split()).partition(OF_SAMPLE)
    quantity = parse(name)
    if not is_given:
        return watched(quantity, sample)
    if not re.fullmatch("[1-9][0-9]{0,8}", row):
        raise ValueError(f"'{row}' is no sample; samples are whole numbers from 1")
    if not quantity.is_of_sample:
        raise ValueError(f"{quantity} belongs to no sample")
    return Watched(quantity, int(row))


def check_watched(program: Program, one: Watched) -> None:
    """ValueError unless iterations with such a program give it a value."""
    check_quantity(program.spec.network, one.quantity)
    if one.sample is not None and one.sample > program.spec.samples:
        raise ValueError(f"no sample {one.sample} is trained; samples are 1 to {program.spec.samples}")
    kept = (*PARAMETERS, *OPTIMIZERS[program.spec.optimizer.name].slots, "x", "y")
    if one.quantity.kind not in kept and program.writer(one.quantity, 0) is None:
        raise ValueError(f"nothing computes {one.quantity} here")


def position(rows: Sequence[int], one: Watched) -> int | None:
    """Where its sample stands in a batch with these rows of the data, from 0; None if it has none or is not there."""
    row = (one.sample or 0) - 1
    return rows.index(row) if row in rows else None


def written_after(program: Program, rows: Sequence[int], one: Watched) -> int:
    """How many operations of an iteration are done once it is written; all of them where none writes it."""
    k = program.writer(one.quantity, position(rows, one))
    return program.count if k is None else k + 1


def watching(timeline: Timeline, those: Sequence[Watched], first: int = 1) -> Iterator[tuple[int, list[float]]]:
    """Each iteration from `first` on, without end, and the values it leaves: of a parameter or slot the new one, of a
    sample's quantity that sample's, nan where the sample is not in the batch.

    Nobody else may use the timeline meanwhile. All of `those` must pass `check_watched`.
    """
    for t in count(first):
        timeline.run(t)
        trace = timeline.glance(t)
        yield t, _values(trace, those)


def _values(trace: Trace, those: Sequence[Watched]) -> list[float]:
    return [_value(trace, one) for one in those]


def _value(trace: Trace, one: Watched) -> float:
    s = position(trace.rows, one)
    return nan if s is None and one.sample else stored(trace, one.quantity, s)


def last_change_of_sign(values: Array, last: int) -> int | None:
    """The last of the iterations 1 to `last` whose value is on the other side of 0 than the one before it; None if
    there is none. values: of the iterations from 1 on.

    Only values above or below 0 count: a 0 and what is not finite lie on no side. So 1, 0, -1 changes at -1, and
    1, 0, 1 nowhere.
    """
    seen = values[:last]
    sides = np.sign(seen, where=np.isfinite(seen), out=np.zeros_like(seen))
    places = np.flatnonzero(sides)
    changes = places[1:][np.diff(sides[places]) != 0]
    return int(changes[-1]) + 1 if len(changes) else None
