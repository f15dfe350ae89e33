"""Checkpoints and replay: the trace of any iteration, and the losses of all that were computed.

An update in floats cannot be inverted and full copies of every iteration would not fit, so the state (parameters and
optimizer slots) is kept at some iteration starts, and the rest is computed again. When the budget is full every second
checkpoint goes and their distance doubles.
"""

from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from engine.activations import Array
from engine.batches import batch_size
from engine.course import Course, Stretch
from engine.cursor import Cursor
from engine.edits import Edits, first_difference
from engine.program import Program
from engine.spec import Spec
from engine.trace import Trace

CHECKPOINT_BYTES = 64 * 2**20
CACHED_TRACES = 8


QUICK = 2**24
"""Multiplications that a replay may always take: two or three milliseconds."""
MOST_AT_ONCE = 64
"""Iterations that a replay may always take, which for the smallest networks is the shorter way."""


def quick_stride(parameters: int, samples: int) -> int:
    """The largest distance of two checkpoints, a power of 2, from which a replay of iterations over so many samples
    still takes next to no time."""
    affordable = min(QUICK // (parameters * samples), MOST_AT_ONCE)
    return 1 << max(affordable.bit_length() - 1, 0)


class Checkpoints:
    """States at the starts of iterations 1, 1 + stride, 1 + 2 stride ..., within a budget of bytes."""

    def __init__(self, first: Array, budget: int = CHECKPOINT_BYTES) -> None:
        # An even number, so that halving leaves room at once.
        self._states = np.empty((max(budget // first.nbytes // 2 * 2, 2), first.size))
        self._states[0] = first
        self._count, self.stride = 1, 1

    def keep(self, iteration: int, state: Array) -> None:
        """Keep the state at the start of `iteration` if it is the next one due."""
        if iteration != 1 + self._count * self.stride:
            return
        if self._count == len(self._states):
            self.thin(2 * self.stride)
        self._states[self._count] = state
        self._count += 1

    def thin(self, stride: int) -> None:
        """Keep no more than every `stride`-th state, a power of 2."""
        while self.stride < stride:
            kept = self._states[: self._count : 2].copy()
            self._count, self.stride = len(kept), 2 * self.stride
            self._states[: self._count] = kept

    def before(self, iteration: int) -> tuple[int, Array]:
        """The latest iteration up to `iteration` whose state is kept, and that state."""
        place = min((iteration - 1) // self.stride, self._count - 1)
        return 1 + place * self.stride, self._states[place]

    def forget_after(self, iteration: int) -> None:
        """Drop the states at starts later than that of `iteration`."""
        self._count = min(self._count, (iteration - 1) // self.stride + 1)


def _read_only(view: Array) -> Array:
    view.flags.writeable = False
    return view


class Timeline:
    """All iterations of one spec and its edits, the computed ones within reach."""

    def __init__(self, spec: Spec, edits: Edits = (), budget: int = CHECKPOINT_BYTES) -> None:
        self._course = Course(spec, edits)
        self._checkpoints = Checkpoints(self._course.state, budget)
        self._losses = np.full((2, 1024), np.nan)
        self._traces: OrderedDict[int, Trace] = OrderedDict()
        self.not_finite: Cursor | None = None
        """Just after the first operation whose value is not finite, of all that were computed."""

    @property
    def spec(self) -> Spec:
        return self._course.spec

    @property
    def edits(self) -> Edits:
        return self._course.edits

    @property
    def stride(self) -> int:
        """Every so many iterations a state is kept."""
        return self._checkpoints.stride

    def program(self, iteration: int) -> Program:
        """The operations of an iteration."""
        return self._course.program(iteration)

    def losses(self, count: int) -> Array:
        """The batch losses of iterations 1 to `count`, read-only; they must have been computed."""
        return _read_only(self._losses[0, :count])

    def test_losses(self, count: int) -> Array:
        """The mean losses of the samples held back, at the parameters before the updates 1 to `count`, without penalty,
        read-only; empty where none is held back."""
        return _read_only(self._losses[1, : count if self.spec.data.held_back else 0])

    def change(self, edits: Edits) -> None:
        """Take another log of edits; what was computed from the first difference on is forgotten."""
        first = first_difference(self.edits, edits)
        self._course.take(edits)
        if first is None:
            return
        self._checkpoints.forget_after(first)
        if self.not_finite and self.not_finite.iteration >= first:
            self.not_finite = None
        self._losses = self._losses.copy()  # views of the old ones are still in frames
        self._traces = OrderedDict((t, trace) for t, trace in self._traces.items() if t < first)
        self._go_back_to(first)

    def nearest(self, iteration: int) -> int:
        """The latest iteration up to `iteration` that is at hand, or that a checkpoint lies before."""
        return iteration if iteration in self._traces else self._checkpoints.before(iteration)[0]

    def trace(self, iteration: int) -> Trace:
        """The trace of an iteration, replayed from the nearest checkpoint where it is not at hand."""
        for _ in self.approach(iteration):
            pass
        return self._traces[iteration]

    def approach(self, iteration: int) -> Iterator[int]:
        """Compute up to the trace of `iteration`, yielding after each iteration on the way."""
        course = self._course
        if iteration in self._traces:
            self._traces.move_to_end(iteration)
            return
        if iteration == course.held:
            self._keep_trace()
            return
        if not course.next <= iteration or self._checkpoints.before(iteration)[0] > course.next:
            self._go_back_to(iteration)
        while course.next < iteration:
            self._run()
            yield course.held
        self._run()
        self._keep_trace()
        yield iteration

    def _keep_trace(self) -> None:
        """Copy the trace of the iteration computed last, which the buffers still hold."""
        self._traces[self._course.held] = self._course.trace()
        if len(self._traces) > CACHED_TRACES:
            self._traces.popitem(last=False)

    def run(self, iteration: int) -> float:
        """Compute `iteration`, which must be the next one or lie near; returns its batch loss."""
        if iteration != self._course.next:
            for _ in self.approach(iteration):
                pass
            return float(self._losses[0, iteration - 1])
        return self._run()

    def _run(self) -> float:
        """Compute the next iteration from the state at hand."""
        course = self._course
        loss = course.run()
        self._checkpoints.keep(course.next, course.state)
        self._record(course.held, loss, course.test_loss)
        if not self.not_finite and not course.is_finite:
            self.not_finite = course.first_not_finite()  # every iteration before it was finite
        return loss

    def thin(self) -> int:
        """Keep no more states than a quick replay needs; returns their distance."""
        self._checkpoints.thin(quick_stride(self._course.parameters.size, batch_size(self.spec)))
        return self._checkpoints.stride

    def take(self, stretch: Stretch) -> None:
        """Go on behind iterations that were computed elsewhere."""
        for iteration, state in zip(stretch.kept, stretch.states, strict=True):
            self._checkpoints.keep(iteration, state)
        begin, end = stretch.first - 1, stretch.first - 1 + stretch.losses.shape[1]
        self._make_room(end)
        self._losses[:, begin:end] = stretch.losses
        self._course.stand_at(end + 1, stretch.state)

    def glance(self, iteration: int) -> Trace:
        """The trace of an iteration that `run` has just computed, to be read before the next one and handed to
        nobody."""
        return self._traces[iteration] if iteration in self._traces else self._course.glance()

    def _record(self, t: int, loss: float, test_loss: float) -> None:
        if t > self._losses.shape[1]:
            self._make_room(t)
        self._losses[0, t - 1], self._losses[1, t - 1] = loss, test_loss

    def _make_room(self, count: int) -> None:
        """For the losses of so many iterations."""
        while count > self._losses.shape[1]:
            self._losses = np.hstack([self._losses, np.full_like(self._losses, np.nan)])

    def _go_back_to(self, iteration: int) -> None:
        """Stand at the latest checkpoint up to the start of `iteration`."""
        self._course.stand_at(*self._checkpoints.before(iteration))
