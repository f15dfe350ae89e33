"""The checks are not blind: each of them finds the mistakes, planted here by hand, that it is there to find."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import numpy as np
import pytest

from engine import Unit, descriptions, edits, operations, optimizers, paths, timeline
from engine.activations import ACTIVATIONS, Array, Constants
from engine.batches import rows_of
from engine.descriptions import DESCRIPTIONS, Narrator
from engine.iteration import Iteration
from engine.losses import LOSSES
from engine.program import Location, Program, Section
from engine.quantities import Quantity
from engine.timeline import Checkpoints, Timeline
from engine.trace import Trace
from tests.engine.checks import (
    check_central_differences,
    check_chains,
    check_exact_values,
    check_gradients,
    check_properties,
    check_sample_gradients,
)
from tests.engine.networks import SessionMapping, complete_session, random_initial
from tests.engine.test_program import check_program, check_walk
from tests.engine.test_time_travel import check_far_seeks, check_travels
from tests.engine.test_torch_figures import CASES, check_trajectory

Plant = Callable[[pytest.MonkeyPatch], None]
Check = Callable[[], None]


def session(hidden: str = "sigmoid", bias: str = "per_neuron", output: str = "identity") -> SessionMapping:
    """2-3-2 with Adam, five samples in batches of two; `hidden` for the hidden layer, no pre-activation near 0."""
    layers = [
        {"neurons": 3, "activation": hidden, "bias": bias},
        {"neurons": 2, "activation": output, "bias": bias},
    ]
    rng = Random(11)
    return complete_session(
        2,
        layers,
        initial=random_initial(rng, 2, layers),
        loss="half_squared_error",
        optimizer={"name": "adam", "learning_rate": 0.1},
        data={
            "kind": "values",
            "inputs": [[rng.uniform(-1.5, 1.5) for _ in range(2)] for _ in range(5)],
            "targets": [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(5)],
        },
        batch={"size": 2, "shuffle": False},
    )


def caught_by(plant: Plant, *checks: Check) -> Any:
    """A mistake beside the checks that must find it."""
    return pytest.param(plant, checks, id=plant.__name__)


gradients = partial(check_gradients, session())
sample_gradients = partial(check_sample_gradients, session())
differences = partial(check_central_differences, session())
properties = partial(check_properties, session())
shared_bias = partial(check_gradients, session(bias="shared"))
softmax = partial(check_gradients, session(output="softmax"))
chains = partial(check_chains, session())
program = partial(check_program, session())
walk = partial(check_walk, session(hidden="softmax"), 9)
far_seeks = partial(check_far_seeks, session(), 2, 60)
travels = partial(check_travels, "adam, smaller last batch", examples=8, steps=25)
ADAM_CASE = next(case for case in CASES if case["name"] == "softmax in a hidden layer, adam")
figures = partial(check_trajectory, ADAM_CASE, Unit.PHASE)
kink = partial(check_exact_values, "relu", 0.0, 0.0, 0.0)


# The arrays.


def a_sign_in_the_loss(patch: pytest.MonkeyPatch) -> None:
    def wrong(a: Array, y: Array, out: Array) -> None:
        np.subtract(y, a, out)

    patch.setitem(LOSSES, "half_squared_error", replace(LOSSES["half_squared_error"], gradient=wrong))


def a_factor_of_1_0005_in_a_derivative(patch: pytest.MonkeyPatch) -> None:
    right = ACTIVATIONS["sigmoid"]

    def wrong(z: Array, a: Array, p: Constants, out: Array) -> None:
        assert right.derivative is not None
        right.derivative(z, a, p, out)
        np.multiply(out, 1.0005, out)

    patch.setitem(ACTIVATIONS, "sigmoid", replace(right, derivative=wrong))


def relus_derivative_at_its_kink(patch: pytest.MonkeyPatch) -> None:
    def wrong(z: Array, a: Array, p: Constants, out: Array) -> None:
        np.greater_equal(z, 0.0, out)

    patch.setitem(ACTIVATIONS, "relu", replace(ACTIVATIONS["relu"], derivative=wrong))


def softmax_without_its_jacobian(patch: pytest.MonkeyPatch) -> None:
    """Its diagonal alone, as if it were elementwise."""

    def wrong(a: Array) -> Array:
        return (a * (1 - a))[:, None] * np.eye(len(a))[:, :, None]

    patch.setitem(ACTIVATIONS, "softmax", replace(ACTIVATIONS["softmax"], jacobian=wrong))


def a_shared_bias_not_summed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("engine.iteration._fill_with_sum", lambda column: None)


def a_batch_one_row_late(patch: pytest.MonkeyPatch) -> None:
    right = rows_of

    def wrong(spec: Any, iteration: int) -> range:
        rows = right(spec, iteration)
        return range(rows.start + 1, rows.stop + 1) if rows.stop < spec.samples else rows

    patch.setattr(timeline, "rows_of", wrong)


def the_sum_instead_of_the_mean(patch: pytest.MonkeyPatch) -> None:
    right = Iteration._backward
    patch.setattr(Iteration, "_backward", lambda self: right(self)[: -1 if self._samples > 1 else None])


def deltas_with_updated_weights(patch: pytest.MonkeyPatch) -> None:
    """The update comes before the hidden layer's deltas: here their weights are moved by a trifle first."""
    right = Iteration._backward

    def wrong(self: Iteration) -> list[Any]:
        calls = right(self)
        output = [n for n, (_, arguments) in enumerate(calls) if self._views["dZ2"] is arguments[0]]
        W = self._parameters.weights(self.old, 2)
        return [*calls[: output[0]], (np.multiply, (W, 0.999, W)), *calls[output[0] :]]

    patch.setattr(Iteration, "_backward", wrong)


def adam_without_its_correction(patch: pytest.MonkeyPatch) -> None:
    adam = optimizers.OPTIMIZERS["adam"]
    constants = {stage.terms[0][0] for stage in adam.stages if stage.name.endswith("_hat")}

    def without(part: Any) -> Any:
        return replace(part, value=lambda h, t: 1.0) if part in constants else part

    stages = tuple(
        replace(stage, terms=tuple(tuple(map(without, term)) for term in stage.terms)) for stage in adam.stages
    )
    patch.setitem(optimizers.OPTIMIZERS, "adam", replace(adam, stages=stages))


def adams_t_twice_an_iteration(patch: pytest.MonkeyPatch) -> None:
    right = Iteration.run
    patch.setattr(Iteration, "run", lambda self, t, rate: right(self, 2 * t, rate))


# The description.


def an_index_in_a_description(patch: pytest.MonkeyPatch) -> None:
    """dL/da is described with the transposed weight where there is one."""

    def wrong(n: Narrator, here: Location, q: Quantity) -> Any:
        l, j = q.indices
        other = j % n.network.sizes[l] + 1

        def term(k: int) -> Any:
            weight = n.factor(Quantity("w", (l + 1, k + 1, other)), None)
            return n.factor(Quantity("dL/dz", (l + 1, k + 1)), here.s), weight

        return operations.Lazy(n.network.sizes[l + 1], term)

    patch.setitem(DESCRIPTIONS, "activation_gradient", wrong)


def a_term_too_few(patch: pytest.MonkeyPatch) -> None:
    right = DESCRIPTIONS["pre_activation"]
    patch.setitem(DESCRIPTIONS, "pre_activation", lambda n, here, q: right(n, here, q)[:-1])  # type: ignore[index]


def a_symbol_of_another_quantity(patch: pytest.MonkeyPatch) -> None:
    """The values are right, but x is written for a weight's source in every layer."""
    right = DESCRIPTIONS["weight_gradient"]

    def wrong(n: Narrator, here: Location, q: Quantity) -> Any:
        ((delta, source),) = right(n, here, q)  # type: ignore[misc]
        return ((delta, replace(source, symbol=n.symbol(Quantity("x", (1,))))),)

    patch.setitem(DESCRIPTIONS, "weight_gradient", wrong)


def a_read_of_what_comes_later(patch: pytest.MonkeyPatch) -> None:
    """The values are right, but a derivative claims to read the delta that is made from it."""
    right = descriptions.Narrator._reads_of

    def wrong(self: Narrator, application: Any, sample: int | None) -> Any:
        reads = right(self, application, sample)
        later = [operations.Read(Quantity("dL/dz", read.quantity.indices), sample) for read in reads]
        return (*reads, *later)

    patch.setattr(descriptions.Narrator, "_reads_of", wrong)


def the_value_of_another_sample(patch: pytest.MonkeyPatch) -> None:
    right = Narrator.stored
    patch.setattr(Narrator, "stored", lambda self, q, s: right(self, q, 0 if q.kind == "dL/dw" else s))


def a_chain_whose_products_are_sums_over_all_ways(patch: pytest.MonkeyPatch) -> None:
    right = paths._extended
    patch.setattr(paths, "_extended", lambda n, before, q, s, f, rule, *alone: right(n, before, q, s, f, rule))


# The program.


def a_neuron_twice(patch: pytest.MonkeyPatch) -> None:
    right = Program.quantity

    def wrong(self: Program, here: Location) -> Quantity:
        quantity = right(self, here)
        return Quantity("z", (quantity.indices[0], 1)) if quantity.kind == "z" else quantity

    patch.setattr(Program, "quantity", wrong)


def biases_before_weights(patch: pytest.MonkeyPatch) -> None:
    right = Program._sections

    def swapped(section: Section) -> Section:
        blocks = sorted(section.blocks, key=lambda b: (-(b.layer or 0), b.kinds == ("weight_gradient",)))
        return replace(section, blocks=tuple(blocks)) if section.phase == "backward" and section.of_samples else section

    patch.setattr(Program, "_sections", lambda self: tuple(map(swapped, right(self))))


def softmax_neuron_by_neuron(patch: pytest.MonkeyPatch) -> None:
    """A unit NEURON that takes two of a softmax layer's pre-activations."""
    right = Program.span

    def wrong(self: Program, k: int, unit: Unit) -> tuple[int, int]:
        start, stop = right(self, k, unit)
        first = self.locate(k).kind == "pre_activation" and stop - start == 1
        return (start, stop + 1) if unit is Unit.NEURON and first else (start, stop)

    patch.setattr(Program, "span", wrong)


# Time travel.


def slots_not_restored_by_checkpoints(patch: pytest.MonkeyPatch) -> None:
    right = Checkpoints.before

    def wrong(self: Checkpoints, iteration: int) -> tuple[int, Array]:
        start, state = right(self, iteration)
        slotless = state.copy()
        slotless[len(state) // 3 :] = 0.0
        return start, slotless

    patch.setattr(Checkpoints, "before", wrong)


def an_edit_one_iteration_late(patch: pytest.MonkeyPatch) -> None:
    right = Timeline._lay_out

    def wrong(self: Timeline, iteration: int) -> None:
        right(self, iteration)
        self._edits_at = {t + 1: made for t, made in self._edits_at.items()}

    patch.setattr(Timeline, "_lay_out", wrong)


def checkpoints_that_survive_an_edit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Checkpoints, "forget_after", lambda self, iteration: None)


def a_halving_that_keeps_the_wrong_half(patch: pytest.MonkeyPatch) -> None:
    right = Checkpoints.keep

    def wrong(self: Checkpoints, iteration: int, state: Array) -> None:
        if self._count == len(self._states) and iteration == 1 + self._count * self.stride:
            self._states[::2] = self._states[1::2].copy()
        right(self, iteration, state)

    patch.setattr(Checkpoints, "keep", wrong)


def traces_that_survive_an_edit(patch: pytest.MonkeyPatch) -> None:
    right = Timeline.change

    def wrong(self: Timeline, log: edits.Edits) -> None:
        kept = self._traces.copy()
        right(self, log)
        self._traces = kept

    patch.setattr(Timeline, "change", wrong)


def a_trace_that_is_no_copy(patch: pytest.MonkeyPatch) -> None:
    """The buffers of the running loop are handed out."""

    def wrong(self: Iteration, iteration: int, rows: Any, rate: float) -> Trace:
        hyperparameters = {**self._hyperparameters, "learning_rate": rate}
        return Trace(self._spec, self._parameters, iteration, rows, hyperparameters, self._views)

    patch.setattr(Iteration, "trace", wrong)


def an_edit_that_moves_its_iteration(patch: pytest.MonkeyPatch) -> None:
    """A second edit of a quantity replaces those of other iterations too."""
    patch.setattr(edits, "_target", lambda edit: (getattr(edit, "quantity", None), getattr(edit, "sample", None)))


MISTAKES = [
    caught_by(a_sign_in_the_loss, gradients, sample_gradients, differences, properties),
    caught_by(a_factor_of_1_0005_in_a_derivative, gradients, sample_gradients, differences, properties),
    caught_by(relus_derivative_at_its_kink, kink),
    caught_by(softmax_without_its_jacobian, softmax, figures),
    caught_by(a_shared_bias_not_summed, shared_bias),
    caught_by(a_batch_one_row_late, gradients),
    caught_by(the_sum_instead_of_the_mean, gradients, differences, properties),
    caught_by(deltas_with_updated_weights, gradients, properties),
    caught_by(adam_without_its_correction, figures),
    caught_by(adams_t_twice_an_iteration, figures, properties),
    caught_by(an_index_in_a_description, properties),
    caught_by(a_term_too_few, properties),
    caught_by(a_symbol_of_another_quantity, properties),
    caught_by(a_read_of_what_comes_later, properties),
    caught_by(the_value_of_another_sample, sample_gradients, properties),
    caught_by(a_chain_whose_products_are_sums_over_all_ways, chains),
    caught_by(a_neuron_twice, properties, program),
    caught_by(biases_before_weights, program, walk),
    caught_by(softmax_neuron_by_neuron, walk),
    caught_by(slots_not_restored_by_checkpoints, far_seeks, travels),
    caught_by(an_edit_one_iteration_late, far_seeks, travels),
    caught_by(checkpoints_that_survive_an_edit, far_seeks, travels),
    caught_by(a_halving_that_keeps_the_wrong_half, far_seeks, travels),
    caught_by(traces_that_survive_an_edit, far_seeks, travels),
    caught_by(a_trace_that_is_no_copy, travels),
    caught_by(an_edit_that_moves_its_iteration, travels),
]


@pytest.mark.parametrize(("plant", "checks"), MISTAKES)
def test_a_planted_mistake_is_found(plant: Plant, checks: tuple[Check, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    for check in checks:
        with pytest.raises(AssertionError):
            check()


ALL_CHECKS = [gradients, sample_gradients, differences, properties, shared_bias, softmax, chains, program, far_seeks]


@pytest.mark.parametrize("check", [*ALL_CHECKS, kink, figures, walk], ids=lambda check: check.func.__name__)
def test_the_checks_find_nothing_in_the_engine_as_it_is(check: partial[None]) -> None:
    check()
