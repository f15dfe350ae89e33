"""Checkpoints and replay: the trace of any iteration, and the losses of all that were computed.

An update in floats cannot be inverted and full copies of every iteration would not fit, so the state (parameters and
optimizer slots) is kept at some iteration starts, and the rest is computed again. When the budget is full every second
checkpoint goes and their distance doubles.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np

from engine.activations import Array
from engine.batches import rows_of, samples_of
from engine.cursor import Cursor
from engine.edits import DataEdit, Edit, Edits, LearningRateEdit, ParameterEdit, first_difference
from engine.finite import first_not_finite
from engine.iteration import Iteration, initial_state
from engine.parameters import Parameters
from engine.program import Program
from engine.spec import Spec
from engine.trace import Trace

CHECKPOINT_BYTES = 64 * 2**20
CACHED_TRACES = 8


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
            half = self._count // 2
            self._states[:half] = self._states[::2].copy()
            self._count, self.stride = half, self.stride * 2
        self._states[self._count] = state
        self._count += 1

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
    """All iterations of one spec and its edits. An edit belongs to the start of its iteration."""

    def __init__(self, spec: Spec, edits: Edits = (), budget: int = CHECKPOINT_BYTES) -> None:
        self.spec, self.edits = spec, edits
        self.parameters = Parameters(spec.network)
        self._iterations: dict[int, Iteration] = {}
        held_back = spec.data.held_back
        self._test = Iteration(spec, self.parameters, held_back) if held_back else None
        self._programs: dict[int, Program] = {}
        self._state = initial_state(spec, self.parameters)
        self._held, self._next = 0, 1
        self._checkpoints = Checkpoints(self._state, budget)
        self._losses = np.full((2, 1024), np.nan)
        self._traces: OrderedDict[int, Trace] = OrderedDict()
        self.not_finite: Cursor | None = None
        """Just after the first operation whose value is not finite, of all that were computed."""
        self._lay_out(1)

    def program(self, iteration: int) -> Program:
        """The operations of an iteration; those of full batches share one, the last smaller batch has its own."""
        samples = samples_of(self.spec, iteration)
        if samples not in self._programs:
            self._programs[samples] = Program(self.spec, self.parameters, samples)
        return self._programs[samples]

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
        self.edits = edits
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
        if iteration in self._traces:
            self._traces.move_to_end(iteration)
            return
        if iteration == self._held:
            self._keep_trace(iteration)
            return
        if not self._next <= iteration or self._checkpoints.before(iteration)[0] > self._next:
            self._go_back_to(iteration)
        while self._next < iteration:
            self._run()
            yield self._next - 1
        self._run()
        self._keep_trace(iteration)
        yield iteration

    def _keep_trace(self, t: int) -> None:
        """Copy the trace of iteration t, which its buffers still hold."""
        rows = rows_of(self.spec, t)
        self._traces[t] = self._bound(len(rows)).trace(t, rows, self._learning_rate)
        if len(self._traces) > CACHED_TRACES:
            self._traces.popitem(last=False)

    def run(self, iteration: int) -> float:
        """Compute `iteration`, which must be the next one or lie near; returns its batch loss."""
        if iteration != self._next:
            for _ in self.approach(iteration):
                pass
            return float(self._losses[0, iteration - 1])
        return self._run()

    def _run(self) -> float:
        """Compute the next iteration from the state at hand."""
        t = self._next
        if self._edits_at.get(t):
            self._apply(t)
        rows = rows_of(self.spec, t)
        iteration = self._bound(len(rows))
        np.copyto(iteration.old, self._state)
        self._fill(iteration, rows)
        loss = iteration.run(t, self._learning_rate)
        self._state = iteration.new
        self._held, self._next = t, t + 1
        self._checkpoints.keep(self._next, self._state)
        self._record(t, loss, self._test_loss(iteration.old))
        if not self.not_finite and not iteration.is_finite:
            self._note_not_finite(t)
        return loss

    def glance(self, iteration: int) -> Trace:
        """The trace of an iteration that `run` has just computed, to be read before the next one and handed to nobody:
        the buffers themselves, which spares the copy."""
        if iteration in self._traces:
            return self._traces[iteration]
        rows = rows_of(self.spec, iteration)
        return self._bound(len(rows)).glance(iteration, rows)

    def _note_not_finite(self, t: int) -> None:
        """Remember which operation of iteration t was the first; every iteration before it was finite."""
        self._keep_trace(t)
        k = first_not_finite(self._traces[t], self.program(t))
        self.not_finite = None if k is None else Cursor(t, k + 1)

    def _test_loss(self, state: Array) -> float:
        """The mean loss of the samples held back, at the parameters of `state`; nan without any."""
        if self._test is None:
            return np.nan
        np.copyto(self._test.old, state)
        self._fill(self._test, range(self.spec.samples, len(self.spec.data.inputs)))
        return self._test.mean_loss()

    def _fill(self, iteration: Iteration, rows: Sequence[int]) -> None:
        """Copy the data of these rows into the iteration's buffers, unless they stand there already."""
        if self._filled.get(iteration) == rows:
            return
        taken = slice(rows.start, rows.stop) if isinstance(rows, range) else np.asarray(rows)
        np.copyto(iteration.inputs, self._inputs[:, taken])
        np.copyto(iteration.targets, self._targets[:, taken])
        self._filled[iteration] = rows

    def _bound(self, samples: int) -> Iteration:
        if samples not in self._iterations:
            self._iterations[samples] = Iteration(self.spec, self.parameters, samples)
        return self._iterations[samples]

    def _record(self, t: int, loss: float, test_loss: float) -> None:
        if t > self._losses.shape[1]:
            self._losses = np.hstack([self._losses, np.full_like(self._losses, np.nan)])
        self._losses[0, t - 1] = loss
        self._losses[1, t - 1] = test_loss

    def _go_back_to(self, iteration: int) -> None:
        """Stand at the latest checkpoint up to the start of `iteration`."""
        self._next, state = self._checkpoints.before(iteration)
        self._state, self._held = state.copy(), 0
        self._lay_out(self._next)

    def _lay_out(self, iteration: int) -> None:
        """Data and learning rate as they stand before the edits of `iteration`."""
        self._inputs = np.array(self.spec.data.inputs, dtype=float).T.copy()
        self._targets = np.array(self.spec.data.targets, dtype=float).T.copy()
        self._filled: dict[Iteration, Sequence[int]] = {}
        self._learning_rate = self.spec.optimizer.learning_rate
        self._edits_at: dict[int, list[Edit]] = {}
        for edit in self.edits:
            self._edits_at.setdefault(edit.iteration, []).append(edit)
            if edit.iteration < iteration and not isinstance(edit, ParameterEdit):
                self._set(edit)

    def _apply(self, iteration: int) -> None:
        """The edits of this iteration; earlier parameter edits are in the state already."""
        for edit in self._edits_at[iteration]:
            self._set(edit)

    def _set(self, edit: Edit) -> None:
        match edit:
            case ParameterEdit(_, quantity, value):
                self._state[self.parameters.copies(quantity)] = value
            case DataEdit(_, sample, quantity, value):
                data = self._inputs if quantity.kind == "x" else self._targets
                data[quantity.indices[0] - 1, sample - 1] = value
                self._filled.clear()
            case LearningRateEdit(_, value):
                self._learning_rate = value
