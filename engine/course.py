"""Computes the iterations of one spec and its edits one after another, from any state on: the part of the time machine
that a run, a replay and a run in a process of its own have in common."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.activations import Array
from engine.batches import rows_of, samples_of
from engine.cursor import Cursor
from engine.edits import DataEdit, Edit, Edits, LearningRateEdit, ParameterEdit
from engine.finite import first_not_finite
from engine.iteration import Iteration, initial_state
from engine.parameters import Parameters
from engine.program import Program
from engine.spec import Spec
from engine.trace import Trace


class Losses(NamedTuple):
    """Of one iteration: its batch loss, and the mean loss of the samples held back, at the parameters before the update
    and without penalty; nan where none is held back."""

    batch: float
    test: float


class Stretch(NamedTuple):
    """What another course of the same spec and edits has computed: `losses` (2, n), batch and test, of the iterations
    from `first` on; `states` (k, size), at the starts of the iterations `kept`; and `state`, with which the iteration
    after those n begins."""

    first: int
    losses: Array
    kept: Sequence[int]
    states: Array
    state: Array


class Course:
    """Stands between two iterations: `next` is the one to come, `state` (parameters and optimizer slots) what it begins
    with, before its edits. An edit belongs to the start of its iteration."""

    def __init__(self, spec: Spec, edits: Edits = ()) -> None:
        self.spec = spec
        self.parameters = Parameters(spec.network)
        self._iterations: dict[int, Iteration] = {}
        self._programs: dict[int, Program] = {}
        self._data = tuple(np.array(rows, dtype=float).T.copy() for rows in (spec.data.inputs, spec.data.targets))
        held_back = spec.data.held_back
        self._test = Iteration(spec, self.parameters, held_back) if held_back else None
        self.take(edits)
        self.stand_at(1, initial_state(spec, self.parameters))

    def take(self, edits: Edits) -> None:
        """Other edits from now on; where they differ before `next`, `stand_at` has to follow."""
        self.edits = edits
        self._edits_at: dict[int, list[Edit]] = {}
        for edit in edits:
            self._edits_at.setdefault(edit.iteration, []).append(edit)

    def stand_at(self, iteration: int, state: Array) -> None:
        """Go to the start of an iteration with a copy of this state."""
        self.next, self.state, self.held, self.is_finite = iteration, state.copy(), 0, True
        self._lay_out(iteration)

    def program(self, iteration: int) -> Program:
        """The operations of an iteration; those of full batches share one, the last smaller batch has its own."""
        samples = samples_of(self.spec, iteration)
        if samples not in self._programs:
            self._programs[samples] = Program(self.spec, self.parameters, samples)
        return self._programs[samples]

    def run(self) -> Losses:
        """Compute the next iteration, which then is the one `held`; `is_finite` says whether all of it is finite."""
        t = self.next
        if self._edits_at.get(t):
            self._apply(t)
        rows = rows_of(self.spec, t)
        iteration = self._bound(len(rows))
        np.copyto(iteration.old, self.state)
        self._fill(iteration, rows)
        loss = iteration.run(t, self._learning_rate)
        self.state, self.is_finite = iteration.new, iteration.is_finite
        self.held, self.next = t, t + 1
        return Losses(loss, self._test_loss(iteration.old))

    @property
    def began(self) -> Array:
        """The state with which the iteration `held` began, its edits done; valid until the next one."""
        return self._bound(samples_of(self.spec, self.held)).old

    def trace(self) -> Trace:
        """A copy of the trace of the iteration `held`."""
        rows = rows_of(self.spec, self.held)
        return self._bound(len(rows)).trace(self.held, rows, self._learning_rate)

    def glance(self) -> Trace:
        """The same, to be read before the next iteration and handed to nobody: the buffers themselves, which spares the
        copy."""
        rows = rows_of(self.spec, self.held)
        return self._bound(len(rows)).glance(self.held, rows)

    def first_not_finite(self) -> Cursor | None:
        """Just after the first operation of the iteration `held` whose value is not finite; None if all are."""
        k = first_not_finite(self.glance(), self.program(self.held))
        return None if k is None else Cursor(self.held, k + 1)

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

    def _lay_out(self, iteration: int) -> None:
        """Data and learning rate as they stand before the edits of `iteration`."""
        self._inputs, self._targets = (rows.copy() for rows in self._data)
        self._filled: dict[Iteration, Sequence[int]] = {}
        self._learning_rate = self.spec.optimizer.learning_rate
        for edit in self.edits:
            if edit.iteration < iteration and not isinstance(edit, ParameterEdit):
                self._set(edit)

    def _apply(self, iteration: int) -> None:
        """The edits of this iteration; earlier parameter edits are in the state already."""
        for edit in self._edits_at[iteration]:
            self._set(edit)

    def _set(self, edit: Edit) -> None:
        match edit:
            case ParameterEdit(_, quantity, value):
                self.state[self.parameters.copies(quantity)] = value
            case DataEdit(_, sample, quantity, value):
                data = self._inputs if quantity.kind == "x" else self._targets
                data[quantity.indices[0] - 1, sample - 1] = value
                self._filled.clear()
            case LearningRateEdit(_, value):
                self._learning_rate = value
