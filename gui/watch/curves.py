"""The curves of watched quantities, computed behind the run some milliseconds at a time."""

from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.activations import Array
from engine.batches import rows_of
from engine.edits import first_difference
from engine.frame import Frame
from engine.timeline import Timeline
from engine.watching import Watched, watching, written_after
from gui.gradually import Gradually

REFRESH = 0.05
"""Seconds from one drawing of growing curves to the next; the eye follows no faster."""
BUDGET = 4 * 2**20
"""Bytes for checkpoints, from which a curve goes on after an edit."""
Item = tuple[int, list[float]]


class Curve:
    """The values of one quantity in the iterations 1 to `count`."""

    def __init__(self) -> None:
        self._buffer, self.count = np.empty(1024), 0

    @property
    def values(self) -> Array:
        return self._buffer[: self.count]

    def put(self, first: int, values: Array) -> None:
        """The values of the iterations from `first` on, which is at most the one after the last."""
        end = first - 1 + len(values)
        while end > len(self._buffer):
            self._buffer = np.concatenate((self._buffer, np.empty_like(self._buffer)))
        self._buffer[first - 1 : end] = values
        self.count = max(self.count, end)

    def forget_from(self, iteration: int) -> None:
        self.count = min(self.count, iteration - 1)


class Curves(QObject):
    """Follows frames with a timeline of its own.

    What is computed stays: after an edit the iterations before it, of a quantity that was there before another all. A
    run has precedence: while it goes on, a frame is followed by one slice only, and the rest comes when it pauses.
    """

    grown = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timeline: Timeline | None = None
        self._curves: dict[Watched, Curve] = {}
        self._coming: Iterator[Item] = iter(())
        self._reached = self._wanted = 0
        self._told = 0.0
        self._is_running = False
        self._work: Gradually[Item] = Gradually(self._take, self)

    @property
    def is_active(self) -> bool:
        """Whether there is more to come without another frame."""
        return self._work.is_active

    def values(self, one: Watched) -> Array:
        """The values of iteration 1 to the last one computed."""
        return self._curves[one].values if one in self._curves else np.empty(0)

    def written_after(self, one: Watched, iteration: int) -> int:
        """How many operations of an iteration are done once it is written."""
        assert self._timeline is not None
        return written_after(self._timeline.program(iteration), rows_of(self._timeline.spec, iteration), one)

    def follow(self, frame: Frame, those: Sequence[Watched]) -> None:
        """Compute the curves of `those`, which fit the network, as far as the frame's session has come."""
        if self._is_other(frame) or set(those) != set(self._curves):
            self._curves = {one: self._curves.get(one, Curve()) for one in those}
            self._begin()
        self._wanted = max(len(frame.losses), frame.cursor.iteration)
        self._go_on()

    def stop(self) -> None:
        """Nobody looks."""
        self._work.stop()

    def run(self, is_running: bool) -> None:
        """A run has begun or ended."""
        self._is_running = is_running
        if is_running:
            self.stop()
        else:
            self._go_on()

    def _is_other(self, frame: Frame) -> bool:
        """Whether the frame is of another run; what was computed of the old one and is not that of the new is gone."""
        spec, edits = frame.session.spec, frame.session.edits
        if self._timeline is None or spec != self._timeline.spec:
            self._timeline, self._curves = Timeline(spec, edits, BUDGET), {}
            return True
        first = first_difference(self._timeline.edits, edits) if edits is not self._timeline.edits else None
        if first is None:
            return False
        self._timeline.change(edits)
        for curve in self._curves.values():
            curve.forget_from(first)
        return True

    def _begin(self) -> None:
        """From the latest checkpoint before what is missing; what is known already comes again and is the same."""
        assert self._timeline is not None
        first = self._timeline.nearest(1 + min((curve.count for curve in self._curves.values()), default=0))
        self._coming, self._reached = watching(self._timeline, list(self._curves), first), first - 1

    def _go_on(self) -> None:
        if self._curves and not self.is_active and self._reached < self._wanted:
            self._work.begin(self._missing())
            if self._is_running:
                self.stop()

    def _missing(self) -> Iterator[Item]:
        while self._reached < self._wanted:
            item = next(self._coming)
            self._reached = item[0]
            yield item

    def _take(self, items: list[Item]) -> None:
        if items:
            columns = np.array([values for _, values in items]).T
            for curve, column in zip(self._curves.values(), columns, strict=True):
                curve.put(items[0][0], column)
        now = perf_counter()
        if now - self._told >= REFRESH or not self.is_active:
            self._told = now
            self.grown.emit()
