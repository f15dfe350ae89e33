"""Which row of the listing is which operation or heading, found by arithmetic: nothing is made for a single row."""

from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.program import Program

Numbers = NDArray[np.int64]


class Part(Enum):
    """What a heading stands above."""

    PHASE = -1
    BATCH = -2
    SAMPLE = 0


class Heading(NamedTuple):
    """A heading above the operations from `start` up to, but not including, `stop`; s: a sample's position in the
    batch."""

    part: Part
    phase: str
    s: int
    start: int
    stop: int


class Rows:
    """A heading for every phase, with several samples also for each of them, and under them a row for every operation,
    or for those of `matching` (operations from 0, rising). Headings without operations are left out."""

    def __init__(self, program: Program, matching: Numbers | None = None) -> None:
        self._matching, self._phases = matching, program.phases()
        headings = _headings(program)
        first, last = (self._places(column) for column in headings.T[:2])
        is_shown = last > first
        self._headings: Numbers = headings[is_shown]
        self._below: Numbers = first[is_shown]
        self._rows: Numbers = self._below + np.arange(len(self._below))
        self.operations = program.count if matching is None else len(matching)
        self.count = self.operations + len(self._rows)

    def _places(self, operations: Numbers) -> Numbers:
        """How many of the operations shown stand before each of some operations."""
        return operations if self._matching is None else np.searchsorted(self._matching, operations)

    def shows(self, k: int) -> bool:
        """Whether operation k, from 0, has a row."""
        if self._matching is None:
            return True
        place = int(np.searchsorted(self._matching, k))
        return place < len(self._matching) and bool(self._matching[place] == k)

    def row_of(self, k: int) -> int:
        """The row of operation k, from 0; where it has none, that of the next one that has, or `count` behind all."""
        place = k if self._matching is None else int(np.searchsorted(self._matching, k))
        return self.count if place >= self.operations else place + int(np.searchsorted(self._below, place, "right"))

    def operation_at(self, row: int) -> int | None:
        """The operation, from 0, in a row; None for a heading."""
        above = int(np.searchsorted(self._rows, row, "right"))
        if above and self._rows[above - 1] == row:
            return None
        return row - above if self._matching is None else int(self._matching[row - above])

    def heading_at(self, row: int) -> Heading:
        """The heading in a row; IndexError where there is none."""
        start, stop, s = self._headings[int(np.searchsorted(self._rows, row))].tolist()
        phase = next(phase for phase, first, last in self._phases if first <= start < last)
        return Heading(Part(min(s, 0)), phase, s, start, stop)

    def headings(self, first: int, last: int) -> list[int]:
        """The rows of headings among the rows from `first` to `last`."""
        places = slice(*np.searchsorted(self._rows, (first, last + 1)).tolist())
        return [int(row) for row in self._rows[places]]


def _headings(program: Program) -> Numbers:
    """First operation, the one after the last, and the sample's position or what else it is, of each heading."""
    starts = {phase: (start, stop) for phase, start, stop in program.phases()}
    parts, start, above = [], 0, ""
    for section in program.sections:
        if section.phase != above:
            parts.append(np.array([[*starts[section.phase], Part.PHASE.value]]))
        elif program.samples > 1:
            parts.append(np.array([[start, start + section.count, Part.BATCH.value]]))
        if section.repeats > 1:
            numbers = np.arange(section.repeats)
            first = start + numbers * section.length
            parts.append(np.column_stack((first, first + section.length, numbers)))
        start, above = start + section.count, section.phase
    return np.concatenate(parts).astype(np.int64)
