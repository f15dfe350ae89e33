"""Computes the iterations of one spec and its edits one after another, from any state on: the part of the time machine
that a run, a replay and a run in a process of its own have in common."""

from collections.abc import Sequence
from math import nan
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
    with, before its edits. An edit belongs to the start of its iteration.

    Of the iteration computed last, `held`: `is_finite` says whether all of it is finite; `test_loss` is the mean loss
    of the samples held back, at the parameters before the update and without penalty, nan where none is held back.
    """

    def __init__(self, spec: Spec, edits: Edits = ()) -> None:
        self.spec = spec
        self.parameters = Parameters(spec.network)
        self._iterations: dict[int, Iteration] = {}
        self._programs: dict[int, Program] = {}
        self._data = tuple(np.array(rows, dtype=float).T.copy() for rows in (spec.data.inputs, spec.data.targets))
        held_back = spec.data.held_back
        self._test = Iteration(spec, self.parameters, held_back) if held_back else None
        self.test_loss = nan
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

    def run(self) -> float:
        """Compute the next iteration, which then is the one `held`; returns its batch loss."""
        t = self.next
        if t in self._edits_at:
            self._apply(t)
        rows = rows_of(self.spec, t)
        if rows is not self._rows:
            self._take_batch(rows)
        iteration = self._iteration
        np.copyto(iteration.old, self.state)
        loss = iteration.run(t, self._learning_rate)
        self.state, self.is_finite = iteration.new, iteration.is_finite
        self.held, self.next = t, t + 1
        if self._test is not None:
            np.copyto(self._test.old, iteration.old)
            self.test_loss = self._test.mean_loss()
        return loss

    @property
    def began(self) -> Array:
        """The state with which the iteration `held` began, its edits done; valid until the next one."""
        return self._iteration.old

    def trace(self) -> Trace:
        """A copy of the trace of the iteration `held`."""
        return self._iteration.trace(self.held, self._rows, self._learning_rate)

    def glance(self) -> Trace:
        """The same, to be read before the next iteration and handed to nobody: the buffers themselves, which spares the
        copy."""
        return self._iteration.glance(self.held, self._rows)

    def first_not_finite(self) -> Cursor | None:
        """Just after the first operation of the iteration `held` whose value is not finite; None if all are."""
        k = first_not_finite(self.glance(), self.program(self.held))
        return None if k is None else Cursor(self.held, k + 1)

    def _take_batch(self, rows: Sequence[int]) -> None:
        """Have the iteration over so many samples, with the data of these rows in its buffers."""
        samples = len(rows)
        if samples not in self._iterations:
            self._iterations[samples] = Iteration(self.spec, self.parameters, samples)
        self._rows, self._iteration = rows, self._iterations[samples]
        self._fill(self._iteration, rows)

    def _fill(self, iteration: Iteration, rows: Sequence[int]) -> None:
        """Copy the data of these rows into the iteration's buffers."""
        taken = slice(rows.start, rows.stop) if isinstance(rows, range) else np.asarray(rows)
        np.copyto(iteration.inputs, self._inputs[:, taken])
        np.copyto(iteration.targets, self._targets[:, taken])

    def _refill(self) -> None:
        """The data is not what it was."""
        self._rows = ()
        if self._test is not None:
            self._fill(self._test, range(self.spec.samples, len(self.spec.data.inputs)))

    def _lay_out(self, iteration: int) -> None:
        """Data and learning rate as they stand before the edits of `iteration`."""
        self._inputs, self._targets = (rows.copy() for rows in self._data)
        self._learning_rate = self.spec.optimizer.learning_rate
        for edit in self.edits:
            if edit.iteration < iteration and not isinstance(edit, ParameterEdit):
                self._set(edit)
        self._refill()

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
                self._refill()
            case LearningRateEdit(_, value):
                self._learning_rate = value
