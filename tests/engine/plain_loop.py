"""Sessions in a plain loop from the start, and what must stand at any cursor according to it.

Everything is compared to the last bit: arrays by their bytes, single values by float.hex.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from engine import Stepper, open_session
from engine.activations import Array
from engine.cursor import Cursor
from engine.descriptions import Narrator
from engine.edits import DataEdit, Edit, LearningRateEdit, ParameterEdit
from engine.frame import Frame
from engine.iteration import Iteration, initial_state
from engine.notation import Notation
from engine.optimizers import OPTIMIZERS
from engine.parameters import Parameters
from engine.program import Program
from engine.quantities import Quantity, parse
from engine.session import Session
from engine.trace import Trace
from tests.engine import reference
from tests.engine.checks import hexed, losses_of, state_of, test_losses_of
from tests.engine.networks import SessionMapping
from tests.engine.textbook_order import Row, operations

named = cache(parse)


def tight_stepper(session: SessionMapping, states: int) -> Stepper:
    """A stepper whose checkpoints hold so many states, so that they are halved soon."""
    opened = open_session(session)
    return Stepper(opened, budget=states * initial_state(opened.spec, Parameters(opened.spec.network)).nbytes)


def bits(trace: Trace) -> list[bytes]:
    """Every array of a trace, byte by byte."""
    spec = trace.spec
    names = ("parameter", *OPTIMIZERS[spec.optimizer.name].slots)
    arrays: list[Array] = [trace.X(), trace.Y(), trace.losses, np.array([trace.batch_loss, trace.penalty])]
    arrays += [trace.flat(which, name) for which in ("old", "new") for name in names]
    for l in range(1, spec.network.last + 1):
        arrays += [trace.Z(l), trace.A(l), trace.dA(l), trace.D(l), trace.dZ(l)]
    arrays += [np.array([trace.new("gradient", name) for name in trace.parameters.names()])]
    return [np.ascontiguousarray(array).tobytes() for array in arrays]


class Cell(NamedTuple):
    """What an operation writes; sample: row of the data, from 1."""

    quantity: Quantity
    sample: int | None


@dataclass(frozen=True, eq=False)
class Computed:
    """One iteration as the plain loop has left it; `state` are the parameters and slots after it."""

    plain: "Plain"
    trace: Trace
    state: Array
    test_loss: str

    @cached_property
    def arrays(self) -> list[bytes]:
        return bits(self.trace)

    @cached_property
    def loss(self) -> str:
        return self.trace.batch_loss.hex()

    @cached_property
    def learning_rate(self) -> str:
        return self.trace.hyperparameters["learning_rate"].hex()

    @property
    def cells(self) -> list[Cell]:
        return self.plain.cells(self.trace.iteration)

    @cached_property
    def _values(self) -> list[str | None]:
        """What each operation writes, in order."""
        frame = self.plain.finished(self.trace)
        return [hexed(frame.value(*cell)) for cell in self.cells]

    @cached_property
    def _old_values(self) -> list[str | None]:
        """What stands in the same places before: something only where there is a parameter or a slot."""
        return [hexed(self._old(cell.quantity)) for cell in self.cells]

    def _old(self, quantity: Quantity) -> float | None:
        trace = self.trace
        if quantity.is_parameter:
            return trace.old("parameter", quantity)
        is_slot = quantity.parameter and quantity.kind in OPTIMIZERS[trace.spec.optimizer.name].slots
        return trace.old(quantity.kind, quantity.parameter) if is_slot else None  # type: ignore[arg-type]

    def values(self, done: int) -> list[str | None]:
        """What is shown in the place of every operation when so many are done."""
        return self._values[:done] + self._old_values[done:]

    def parameters(self, done: int) -> dict[str, str]:
        """All parameters when so many operations are done."""
        trace, written = self.trace, {cell.quantity for cell in self.cells[:done]}
        return {
            str(name): (trace.new if name in written else trace.old)("parameter", name).hex()
            for name in trace.parameters.names()
        }


class Plain:
    """A session in a plain loop from the start: fresh buffers for each iteration; data and learning rate made anew from
    all edits up to it. It remembers each iteration by the edits that this rests on."""

    def __init__(self, session: SessionMapping) -> None:
        self.session, self.spec = session, open_session(session).spec
        self._parameters = Parameters(self.spec.network)
        self._iterations: dict[tuple[int, frozenset[tuple[Edit, str]]], Computed] = {}
        self._runs: dict[frozenset[tuple[Edit, str]], list[Computed]] = {}
        self.rows = cache(lambda t: reference.batch_rows(session, t))
        self.operations: Callable[[int], list[Row]] = cache(lambda t: operations(session, t))
        self.cells = cache(lambda t: [Cell(named(row.quantity), row.sample) for row in self.operations(t)])
        self._program = cache(lambda samples: Program(self.spec, self._parameters, samples))

    def run(self, edits: Iterable[Edit], iterations: int) -> list[Computed]:
        """Iterations 1, 2, ... with these edits."""
        log = frozenset((edit, edit.value.hex()) for edit in edits)  # 0.0 and -0.0 are equal, and yet two edits
        run = self._runs.setdefault(log, [])
        for t in range(len(run) + 1, iterations + 1):
            earlier = frozenset(item for item in log if item[0].iteration <= t)
            if (t, earlier) not in self._iterations:
                state = run[-1].state if run else initial_state(self.spec, self._parameters)
                self._iterations[t, earlier] = self._computed(t, [edit for edit, _ in earlier], state.copy())
            run.append(self._iterations[t, earlier])
        return run[:iterations]

    def _computed(self, t: int, edits: list[Edit], state: Array) -> Computed:
        data = self.spec.data
        inputs, targets = (np.array(rows, float).T.copy() for rows in (data.inputs, data.targets))
        rate = self.spec.optimizer.learning_rate
        for edit in sorted(edits, key=lambda edit: edit.iteration):
            match edit:
                case ParameterEdit(at, quantity, value) if at == t:
                    state[self._parameters.copies(quantity)] = value
                case DataEdit(_, sample, Quantity(kind, (i,)), value):
                    (inputs if kind == "x" else targets)[i - 1, sample - 1] = value
                case LearningRateEdit(_, value):
                    rate = value
        rows, held_back = self.rows(t), range(reference.samples(self.session), inputs.shape[1])
        iteration = self._fresh(state, inputs[:, rows], targets[:, rows])
        iteration.run(t, rate)
        test = float("nan")
        if held_back:
            test = self._fresh(state, inputs[:, held_back], targets[:, held_back]).mean_loss()
        return Computed(self, iteration.trace(t, rows, rate), iteration.new.copy(), test.hex())

    def _fresh(self, state: Array, inputs: Array, targets: Array) -> Iteration:
        iteration = Iteration(self.spec, self._parameters, inputs.shape[1])
        iteration.old[...], iteration.inputs[...], iteration.targets[...] = state, inputs, targets
        return iteration

    def finished(self, trace: Trace) -> Frame:
        """The frame at the end of an iteration."""
        program = self._program(trace.samples)
        narrator = Narrator(trace, program, Notation("sequential", self.spec.network.shape))
        session = Session(self.spec, cursor=Cursor(trace.iteration, program.count))
        return Frame(session, trace, program, narrator, np.array([]), np.array([]))


def assert_stands(stepper: Stepper, plain: Plain, edits: Iterable[Edit], furthest: int) -> None:
    """All that is shown at the cursor; furthest: how many iterations have a loss that is known."""
    (t, done, _), frame = stepper.cursor, stepper.frame
    run = plain.run(edits, max(t, furthest))
    here = run[t - 1]
    assert frame.cursor == stepper.cursor
    assert (frame.trace.iteration, list(frame.trace.rows)) == (t, plain.rows(t))
    assert bits(frame.trace) == here.arrays
    assert frame.learning_rate.hex() == here.learning_rate
    assert [hexed(frame.value(*cell)) for cell in here.cells] == here.values(done)
    assert {name: value.hex() for name, value in stepper.parameters().items()} == here.parameters(done)
    assert losses_of(stepper) == [computed.loss for computed in run[:furthest]]
    has_tests = bool(plain.spec.data.held_back)
    assert test_losses_of(stepper) == [computed.test_loss for computed in run[: furthest if has_tests else 0]]


def assert_as_fresh(stepper: Stepper, session: SessionMapping) -> None:
    """All that is shown at the cursor, name by name, against another stepper that begins with the same session."""
    fresh = Stepper(stepper.session)
    assert fresh.cursor == stepper.cursor
    assert state_of(stepper, session) == state_of(fresh, session)
    known = len(fresh.losses())
    assert losses_of(stepper)[:known] == losses_of(fresh)
    assert test_losses_of(stepper)[:known] == test_losses_of(fresh)
