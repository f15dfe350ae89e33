"""The checks are not blind: each of them finds the mistakes, planted here by hand, that it is there to find."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import numpy as np
import pytest

from engine import Stepper, Unit, batches, course, descriptions, edits, iteration, operations, optimizers, paths
from engine.activations import ACTIVATIONS, Array
from engine.batches import rows_of
from engine.course import Course, Stretch
from engine.cursor import Cursor
from engine.descriptions import DESCRIPTIONS, Narrator
from engine.expressions import Symbol
from engine.iteration import Iteration
from engine.losses import LOSSES
from engine.optimizers import Constant, Now, Old
from engine.parameters import Parameters
from engine.program import Location, Program, Section
from engine.quantities import Quantity
from engine.running import Departure
from engine.stops import Stops
from engine.timeline import Checkpoints, Timeline
from engine.trace import Trace
from tests.engine.checks import (
    check_batch_gradients,
    check_central_differences,
    check_chains,
    check_exact_loss,
    check_exact_penalty,
    check_exact_values,
    check_gradients,
    check_properties,
    check_shown,
    check_training,
)
from tests.engine.networks import SessionMapping, complete_session, random_initial
from tests.engine.test_program import check_epochs, check_program, check_walk
from tests.engine.test_runs import check_held_back, check_order
from tests.engine.test_torch_figures import CASES, check_trajectory
from tests.engine.travels import check_far_seeks, check_other_settings, check_travels, other_optimizer
from tests.engine.wandering import check_stepping, check_wanderings

Named = Mapping[str, float | Array]
Plant = Callable[[pytest.MonkeyPatch], None]
Check = Callable[[], None]


def session(
    hidden: str | dict[str, Any] = "sigmoid", bias: str = "per_neuron", output: str = "identity", **fields: Any
) -> SessionMapping:
    """2-3-2 with Adam, five samples in batches of two; `hidden` for the hidden layer, no pre-activation near 0."""
    layers: list[dict[str, Any]] = [
        {"neurons": 3, "activation": hidden, "bias": bias},
        {"neurons": 2, "activation": output, "bias": bias},
    ]
    rng = Random(11)
    given = {
        "initial": random_initial(rng, 2, layers),
        "loss": "half_squared_error",
        "optimizer": {"name": "adam", "learning_rate": 0.1},
        "data": {
            "kind": "values",
            "inputs": [[rng.uniform(-1.5, 1.5) for _ in range(2)] for _ in range(5)],
            "targets": [[rng.uniform(-3, 3) for _ in range(2)] for _ in range(5)],
        },
        "batch": {"size": 2, "shuffle": False},
    }
    return complete_session(2, layers, **given | fields)


def caught_by(plant: Plant, *checks: Check) -> Any:
    """A mistake beside the checks that must find it."""
    return pytest.param(plant, checks, id=plant.__name__)


gradients = partial(check_gradients, session())
differences = partial(check_central_differences, session())
properties = partial(check_properties, session())
shared_bias = partial(check_gradients, session(bias="shared"))
softmax = partial(check_gradients, session(output="softmax"))
chains = partial(check_chains, session())
program = partial(check_program, session())
walk = partial(check_walk, session(hidden="softmax"), 9)
epochs = partial(check_epochs, session())
shown = partial(check_shown, session())
far_seeks = partial(check_far_seeks, session(), 2, 60)
far_seeks_elsewhere = partial(check_far_seeks, session(), 10, 60, is_elsewhere=True)
stepping = partial(check_stepping, session())
travels = partial(check_travels, "adam, smaller last batch", examples=40, steps=50)
shuffled_travels = partial(check_travels, "momentum, shuffled, l1", examples=40, steps=50)
other_settings = partial(check_other_settings, session(), other_optimizer)
wandering = partial(check_wanderings, range(30))
incomplete = partial(check_batch_gradients, session(), 3)
after_incomplete = partial(check_batch_gradients, session(), 4)
order = partial(check_order, 7, 2, 3)
held_back = partial(check_held_back, 0.4, 5, 2, False)


def of(**fields: Any) -> Check:
    """The gradients of a session with these fields."""
    return partial(check_gradients, session(**fields))


def figures_of(name: str) -> Check:
    """The trajectory of one of PyTorch's cases."""
    return partial(check_trajectory, next(case for case in CASES if case["name"] == name), Unit.PHASE)


def training(optimizer: str) -> Check:
    """Some updates against the textbook's optimizer."""
    return partial(check_training, session(optimizer={"name": optimizer, "learning_rate": 0.1}), 5)


figures = figures_of("softmax in a hidden layer, adam")
kink = partial(check_exact_values, "relu", 0.0, 0.0, 0.0)
slope = of(hidden="prelu")
slopes = partial(check_properties, session(hidden="prelu"))
penalties = of(penalty={"l1": 0.1, "l2": 0.2})
described_penalties = partial(check_properties, session(penalty={"l1": 0.1, "l2": 0.2}))


# The arrays.


def a_sign_in_the_loss(patch: pytest.MonkeyPatch) -> None:
    def wrong(a: Array, y: Array, out: Array) -> None:
        np.subtract(y, a, out)

    patch.setitem(LOSSES, "half_squared_error", LOSSES["half_squared_error"]._replace(gradient=wrong))


def a_factor_of_1_0005_in_a_derivative(patch: pytest.MonkeyPatch) -> None:
    right = ACTIVATIONS["sigmoid"]

    def wrong(z: Array, a: Array, p: Named, out: Array) -> None:
        assert right.derivative is not None
        right.derivative(z, a, p, out)
        np.multiply(out, 1.0005, out)

    patch.setitem(ACTIVATIONS, "sigmoid", right._replace(derivative=wrong))


def relus_derivative_at_its_kink(patch: pytest.MonkeyPatch) -> None:
    def wrong(z: Array, a: Array, p: Named, out: Array) -> None:
        np.greater_equal(z, 0.0, out)

    patch.setitem(ACTIVATIONS, "relu", ACTIVATIONS["relu"]._replace(derivative=wrong))


def softmax_without_its_jacobian(patch: pytest.MonkeyPatch) -> None:
    """Its diagonal alone, as if it were elementwise."""

    def wrong(a: Array) -> Array:
        return (a * (1 - a))[:, None] * np.eye(len(a))[:, :, None]

    patch.setitem(ACTIVATIONS, "softmax", ACTIVATIONS["softmax"]._replace(jacobian=wrong))


def a_shared_bias_not_summed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("engine.iteration._fill_with_sum", lambda column: None)


def a_batch_one_row_late(patch: pytest.MonkeyPatch) -> None:
    right = rows_of

    def wrong(spec: Any, iteration: int) -> Any:
        rows = right(spec, iteration)
        assert isinstance(rows, range)
        return range(rows.start + 1, rows.stop + 1) if rows.stop < spec.samples else rows

    patch.setattr(course, "rows_of", wrong)


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
        return part._replace(value=lambda h, t: 1.0) if part in constants else part

    stages = tuple(
        stage._replace(terms=tuple(tuple(map(without, term)) for term in stage.terms)) for stage in adam.stages
    )
    patch.setitem(optimizers.OPTIMIZERS, "adam", adam._replace(stages=stages))


def adams_t_advanced_once_a_layer(patch: pytest.MonkeyPatch) -> None:
    """After an iteration of two layers t has gone on by 2."""
    right = Iteration.run
    patch.setattr(Iteration, "run", lambda self, t, rate: right(self, 2 * t, rate))


def a_bias_updated_once_per_incoming_weight(patch: pytest.MonkeyPatch) -> None:
    right = Iteration._backward

    def wrong(self: Iteration) -> list[Any]:
        dW = self._parameters.matrix(self._views["gradient"], 1)
        return [*right(self), (np.multiply, (dW[:, -1], 2.0, dW[:, -1]))]

    patch.setattr(Iteration, "_backward", wrong)


def moments_keyed_by_shape(patch: pytest.MonkeyPatch) -> None:
    """The weights of both layers share their moments as far as their shapes meet; the second layer's stay."""
    right = Iteration._update

    def wrong(self: Iteration) -> list[Any]:
        size = self._parameters.size
        moment = self.new[size : 2 * size]
        first, second = (self._parameters.weights(moment, l) for l in (1, 2))
        return [*right(self), (np.copyto, (first[:2], second[:, :2]))]

    patch.setattr(Iteration, "_update", wrong)


def gradients_of_an_incomplete_batch_leak(patch: pytest.MonkeyPatch) -> None:
    """What the last batch of an epoch had is added to the first of the next."""
    right, left = Iteration._backward, {}

    def leak(gradient: Array, samples: int) -> None:
        if samples == 1:
            left[0] = gradient.copy()
        elif left:
            gradient += left.pop(0)

    patch.setattr(
        Iteration, "_backward", lambda self: [*right(self), (leak, (self._views["gradient"], self._samples))]
    )


def an_incomplete_batch_divided_by_the_full_size(patch: pytest.MonkeyPatch) -> None:
    right = Iteration._backward

    def wrong(self: Iteration) -> list[Any]:
        own, self._samples = self._samples, 2
        calls = right(self)
        self._samples = own
        return calls

    patch.setattr(Iteration, "_backward", wrong)


def one_order_for_all_epochs(patch: pytest.MonkeyPatch) -> None:
    right = batches._order
    patch.setattr(batches, "_order", lambda seed, epoch, samples: right(seed, 1, samples))


def held_back_rows_are_trained_on(patch: pytest.MonkeyPatch) -> None:
    right = rows_of

    def wrong(spec: Any, iteration: int) -> Any:
        return right(replace(spec, data=spec.data._replace(test_fraction=0.0)), iteration)

    patch.setattr(course, "rows_of", wrong)


def the_test_loss_after_the_update(patch: pytest.MonkeyPatch) -> None:
    right = Course.run

    def wrong(self: Course) -> float:
        loss = right(self)
        if self._test is not None:
            np.copyto(self._test.old, self.state)
            self.test_loss = self._test.mean_loss()
        return loss

    patch.setattr(Course, "run", wrong)


# Activations, losses, penalties, slopes.


def derivative_of(name: str, wrong: Any) -> Plant:
    """A mistake in an activation's derivative, wrong(right, z, a, p) being its value."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        entry = ACTIVATIONS[name]

        def derivative(z: Array, a: Array, p: Named, out: Array) -> None:
            assert entry.derivative is not None
            entry.derivative(z, a, p, out)
            out[...] = wrong(out, z, a, p)

        patch.setitem(ACTIVATIONS, name, entry._replace(derivative=derivative))

    return plant


def a_leaky_slope_in_f_alone(patch: pytest.MonkeyPatch) -> None:
    derivative_of("leaky_relu", lambda right, z, a, p: z > 0)(patch)


def elus_derivative_without_alpha(patch: pytest.MonkeyPatch) -> None:
    derivative_of("elu", lambda right, z, a, p: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0.0))))(patch)


def softplus_derivative_is_its_value(patch: pytest.MonkeyPatch) -> None:
    derivative_of("softplus", lambda right, z, a, p: a)(patch)


def gelu_by_the_tanh_approximation(patch: pytest.MonkeyPatch) -> None:
    def wrong(z: Array, p: Named, out: Array) -> None:
        out[...] = 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))

    patch.setitem(ACTIVATIONS, "gelu", ACTIVATIONS["gelu"]._replace(forward=wrong))


def loss_with(patch: pytest.MonkeyPatch, name: str, gradient: Callable[[Array, Array], Array]) -> None:
    """Another derivative of a loss."""

    def wrong(a: Array, y: Array, out: Array) -> None:
        out[...] = gradient(a, y)

    patch.setitem(LOSSES, name, LOSSES[name]._replace(gradient=wrong))


def huber_without_its_bounds(patch: pytest.MonkeyPatch) -> None:
    loss_with(patch, "huber", lambda a, y: (a - y) / len(a))


def the_absolute_error_not_divided(patch: pytest.MonkeyPatch) -> None:
    loss_with(patch, "mean_absolute_error", lambda a, y: np.sign(a - y))


def the_squared_error_without_its_2(patch: pytest.MonkeyPatch) -> None:
    loss_with(patch, "mean_squared_error", lambda a, y: (a - y) / len(a))


def l2_without_its_half(patch: pytest.MonkeyPatch) -> None:
    def wrong(state: Array, places: Any, rates: Any, out: Array) -> None:
        w = state[places]
        out[...] = rates.l1 * np.abs(w).sum() + rates.l2 * (w @ w)

    patch.setattr("engine.iteration._penalty", wrong)


def gradient_of_penalty(patch: pytest.MonkeyPatch, wrong: Callable[[Array, Any], Array]) -> None:
    """Another derivative of the penalty."""

    def added(state: Array, places: Any, rates: Any, gradient: Array) -> None:
        gradient[places] += wrong(state[places], rates)

    patch.setattr("engine.iteration._add_penalty_gradient", added)


def twice_the_gradient_of_l2(patch: pytest.MonkeyPatch) -> None:
    gradient_of_penalty(patch, lambda w, rates: rates.l1 * np.sign(w) + 2 * rates.l2 * w)


def the_sign_of_0_is_1(patch: pytest.MonkeyPatch) -> None:
    gradient_of_penalty(patch, lambda w, rates: rates.l1 * np.where(w >= 0, 1.0, -1.0) + rates.l2 * w)


def a_penalty_on_biases(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Parameters, "weight_places", property(lambda self: np.arange(self.size)))


def a_slopes_gradient_of_one_neuron(patch: pytest.MonkeyPatch) -> None:
    right = iteration._slope_gradient
    patch.setattr(iteration, "_slope_gradient", lambda slope, z, dA, out: right(slope, z[:1], dA[:1], out))


def a_slope_updated_before_the_other_gradients(patch: pytest.MonkeyPatch) -> None:
    """Here it is moved by a trifle, before the derivatives that are made with it."""
    right = Iteration._backward

    def wrong(self: Iteration) -> list[Any]:
        moved = self._parameters.slope(self.old, 1)
        return [(np.multiply, (moved, 0.999, moved)), *right(self)]

    patch.setattr(Iteration, "_backward", wrong)


# Optimizers.


def stages_of(patch: pytest.MonkeyPatch, name: str, change: Callable[[Any], Any]) -> None:
    """Every stage of an optimizer changed, its parts by `change` where they are not stages."""
    entry = optimizers.OPTIMIZERS[name]
    patch.setitem(optimizers.OPTIMIZERS, name, entry._replace(stages=tuple(map(change, entry.stages))))


def with_terms(stage: str, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A change of the terms of one stage."""
    return lambda other: other._replace(terms=change(other.terms)) if other.name == stage else other


def momentum_with_damping(patch: pytest.MonkeyPatch) -> None:
    """(1 - μ) times the gradient."""
    rest = Constant(Symbol("μ"), lambda h, t: 1 - h["momentum"])
    stages_of(patch, "momentum", with_terms("velocity", lambda terms: (terms[0], (rest, Now("gradient")))))


def nesterov_with_the_old_velocity(patch: pytest.MonkeyPatch) -> None:
    def old(terms: Any) -> Any:
        return (*terms[:2], (*terms[2][:2], Old("velocity")))

    stages_of(patch, "nesterov", with_terms("parameter", old))


def adagrad_with_eps_inside_the_root(patch: pytest.MonkeyPatch) -> None:
    def inside(x: Array, h: Any, out: Array) -> None:
        out[...] = 1 / np.sqrt(x + h["eps"])

    def changed(terms: Any) -> Any:
        return (terms[0], (*terms[1][:2], terms[1][2]._replace(compute=inside)))

    stages_of(patch, "adagrad", with_terms("parameter", changed))


def rmsprop_corrected_as_adam_is(patch: pytest.MonkeyPatch) -> None:
    correction = Constant(Symbol("ρ"), lambda h, t: (1 - h["decay"] ** t) ** 0.5)
    stages_of(patch, "rmsprop", with_terms("parameter", lambda terms: (terms[0], (correction, *terms[1]))))


def adamw_with_l2_in_its_gradient(patch: pytest.MonkeyPatch) -> None:
    """Weight decay goes through the moments, as in Adam with an L2 penalty."""
    right = Iteration._backward
    adam, adamw = optimizers.OPTIMIZERS["adam"], optimizers.OPTIMIZERS["adamw"]

    def decay(gradient: Array, parameters: Array) -> None:
        gradient += 0.01 * parameters

    def wrong(self: Iteration) -> list[Any]:
        gradient = self._views["gradient"]
        return [*right(self), (decay, (gradient, self.old[: gradient.size]))]

    patch.setattr(Iteration, "_backward", wrong)
    patch.setitem(optimizers.OPTIMIZERS, "adamw", adamw._replace(stages=adam.stages))


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
        return ((delta, source._replace(symbol=n.symbol(Quantity("x", (1,))))),)

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


def a_display_that_recomputes(patch: pytest.MonkeyPatch) -> None:
    """Activations are shown as computed anew, another way: the last bit differs here and there."""
    right = Narrator.stored

    def wrong(self: Narrator, q: Quantity, s: int | None) -> float:
        value = right(self, q, s)
        return 0.5 * (1 + math.tanh(0.5 * right(self, Quantity("z", q.indices), s))) if q.kind == "a" else value

    patch.setattr(Narrator, "stored", wrong)


def a_slope_without_its_last_neuron(patch: pytest.MonkeyPatch) -> None:
    right = DESCRIPTIONS["slope_gradient"]
    patch.setitem(DESCRIPTIONS, "slope_gradient", lambda n, here, q: right(n, here, q)[:-1])  # type: ignore[index]


def a_penalty_described_without_its_half(patch: pytest.MonkeyPatch) -> None:
    right = descriptions._l2_term

    def wrong(n: Narrator, weight: Quantity) -> Any:
        rate, *weights = right(n, weight)
        return (rate._replace(value=2 * rate.value), *weights)

    patch.setattr(descriptions, "_l2_term", wrong)


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


def an_iteration_counter_labelled_epoch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("engine.frame.epoch_of", lambda spec, iteration: iteration)


def slope_gradients_before_biases(patch: pytest.MonkeyPatch) -> None:
    right = Program._sections

    def swapped(section: Section) -> Section:
        blocks = sorted(section.blocks, key=lambda b: (-(b.layer or 0), b.kinds == ("bias_gradient",)))
        return replace(section, blocks=tuple(blocks)) if section.phase == "backward" and section.of_samples else section

    patch.setattr(Program, "_sections", lambda self: tuple(map(swapped, right(self))))


# Time travel.


def slots_not_restored_by_checkpoints(patch: pytest.MonkeyPatch) -> None:
    right = Checkpoints.before

    def wrong(self: Checkpoints, iteration: int) -> tuple[int, Array]:
        start, state = right(self, iteration)
        slotless = state.copy()
        slotless[len(state) // 3 :] = 0.0
        return start, slotless

    patch.setattr(Checkpoints, "before", wrong)


def the_order_of_another_epoch_after_a_way_back(patch: pytest.MonkeyPatch) -> None:
    """As if the shuffling went on from a random state that is not set back."""
    right = Course._lay_out

    def wrong(self: Course, iteration: int) -> None:
        right(self, iteration)
        if iteration > 1:
            self.spec = replace(self.spec, seed=iteration)

    patch.setattr(Course, "_lay_out", wrong)


def shift_edits(patch: pytest.MonkeyPatch, by: int) -> None:
    """The replay sees every edit at another iteration than the session says."""
    right = Timeline.change

    def wrong(self: Timeline, log: edits.Edits) -> None:
        right(self, tuple(replace(edit, iteration=max(edit.iteration + by, 1)) for edit in log))

    patch.setattr(Timeline, "change", wrong)


def an_edit_one_iteration_late(patch: pytest.MonkeyPatch) -> None:
    shift_edits(patch, 1)


def an_edit_one_iteration_early(patch: pytest.MonkeyPatch) -> None:
    shift_edits(patch, -1)


def a_learning_rate_forgotten_at_replay(patch: pytest.MonkeyPatch) -> None:
    """It holds where the run passes its edit, but not behind a checkpoint after that."""
    right = Course._lay_out

    def wrong(self: Course, iteration: int) -> None:
        right(self, iteration)
        self._learning_rate = self.spec.optimizer.learning_rate

    patch.setattr(Course, "_lay_out", wrong)


def data_of_the_end_at_replay(patch: pytest.MonkeyPatch) -> None:
    """All edits of the data are there from the checkpoint on, later ones too."""
    right = Course._lay_out

    def wrong(self: Course, iteration: int) -> None:
        right(self, iteration)
        for edit in self.edits:
            if isinstance(edit, edits.DataEdit):
                self._set(edit)

    patch.setattr(Course, "_lay_out", wrong)


def a_checkpoint_that_is_no_copy(patch: pytest.MonkeyPatch) -> None:
    """The state goes on while it is kept."""
    keep, before = Checkpoints.keep, Checkpoints.before

    def wrong_keep(self: Checkpoints, iteration: int, state: Array) -> None:
        keep(self, iteration, state)
        vars(self).setdefault("shared", {})[iteration] = state

    def wrong_before(self: Checkpoints, iteration: int) -> tuple[int, Array]:
        start, state = before(self, iteration)
        return start, vars(self).get("shared", {}).get(start, state)

    patch.setattr(Checkpoints, "keep", wrong_keep)
    patch.setattr(Checkpoints, "before", wrong_before)


def losses_of_a_future_that_was_left(patch: pytest.MonkeyPatch) -> None:
    right = Timeline.losses

    def wrong(self: Timeline, count: int) -> Array:
        vars(self)["most"] = max(vars(self).get("most", 0), count)
        return right(self, vars(self)["most"])

    patch.setattr(Timeline, "losses", wrong)


def an_undo_that_keeps_the_cursor(patch: pytest.MonkeyPatch) -> None:
    right = Stepper.undoing

    def wrong(self: Stepper) -> Iterator[int]:
        t = self.cursor.iteration
        yield from right(self)
        yield from self.seeking(Cursor(t))

    patch.setattr(Stepper, "undoing", wrong)


def a_redo_that_forgets_the_edits(patch: pytest.MonkeyPatch) -> None:
    right = Stepper.redoing

    def wrong(self: Stepper) -> Iterator[int]:
        yield from right(self)
        self._timeline.change(())

    patch.setattr(Stepper, "redoing", wrong)


def several_edits_without_the_last(patch: pytest.MonkeyPatch) -> None:
    right = Stepper.editing

    def wrong(self: Stepper, entries: Any, of_next: bool = False) -> Iterator[int]:
        given = list(entries)
        return right(self, given[:-1] or given, of_next)

    patch.setattr(Stepper, "editing", wrong)


def a_change_of_the_settings_that_keeps_the_edits(patch: pytest.MonkeyPatch) -> None:
    """Those of iteration 1 are in the new settings already, the later ones have ended."""
    right = Stepper.changing

    def wrong(self: Stepper, spec: Any) -> Iterator[int]:
        log = self.session.edits
        yield from right(self, spec)
        self._timeline.change(log)
        yield from self.seeking(self.cursor)

    patch.setattr(Stepper, "changing", wrong)


def a_way_that_was_stopped_moves_the_cursor(patch: pytest.MonkeyPatch) -> None:
    right = Stepper.seeking

    def wrong(self: Stepper, cursor: Cursor) -> Iterator[int]:
        for reached in right(self, cursor):
            self._stand_at(Cursor(reached))
            yield reached

    patch.setattr(Stepper, "seeking", wrong)


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


# A run in another process.


def a_passage_one_iteration_ahead(patch: pytest.MonkeyPatch) -> None:
    """The state with which the last iteration ended, for the one with which it began."""
    patch.setattr(Course, "began", property(lambda self: self.state))


def losses_one_iteration_late(patch: pytest.MonkeyPatch) -> None:
    shift_in_a_stretch(patch, "losses", axis=1)


def kept_states_one_place_late(patch: pytest.MonkeyPatch) -> None:
    shift_in_a_stretch(patch, "states", axis=0)


def shift_in_a_stretch(patch: pytest.MonkeyPatch, name: str, axis: int) -> None:
    """What stands last comes first."""
    right = Timeline.take

    def wrong(self: Timeline, stretch: Stretch) -> None:
        right(self, stretch._replace(**{name: np.roll(getattr(stretch, name), 1, axis)}))

    patch.setattr(Timeline, "take", wrong)


def edits_that_stay_at_home(patch: pytest.MonkeyPatch) -> None:
    """The other process knows nothing of the edits that come on its way."""
    right = Stepper.departing

    def wrong(self: Stepper, last: int, stops: Stops) -> Departure | None:
        departure = right(self, last, stops)
        return departure and departure._replace(session=replace(departure.session, edits=()))

    patch.setattr(Stepper, "departing", wrong)


def a_thinning_that_keeps_the_wrong_half(patch: pytest.MonkeyPatch) -> None:
    right = Checkpoints.thin

    def wrong(self: Checkpoints, stride: int) -> None:
        if self.stride < stride:
            self._states[: self._count - 1] = self._states[1 : self._count].copy()
        right(self, stride)

    patch.setattr(Checkpoints, "thin", wrong)


def an_edit_that_moves_its_iteration(patch: pytest.MonkeyPatch) -> None:
    """A second edit of a quantity replaces those of other iterations too."""
    patch.setattr(edits, "_target", lambda edit: (getattr(edit, "quantity", None), getattr(edit, "sample", None)))


MISTAKES = [
    caught_by(a_sign_in_the_loss, gradients, differences, properties),
    caught_by(a_factor_of_1_0005_in_a_derivative, gradients, differences, properties),
    caught_by(relus_derivative_at_its_kink, kink),
    caught_by(softmax_without_its_jacobian, softmax, figures),
    caught_by(a_shared_bias_not_summed, shared_bias),
    caught_by(a_batch_one_row_late, gradients),
    caught_by(the_sum_instead_of_the_mean, gradients, differences, properties),
    caught_by(deltas_with_updated_weights, gradients, properties),
    caught_by(adam_without_its_correction, figures, training("adam")),
    caught_by(adams_t_advanced_once_a_layer, figures, properties, training("adam")),
    caught_by(a_bias_updated_once_per_incoming_weight, gradients, properties),
    caught_by(moments_keyed_by_shape, training("adam")),
    caught_by(gradients_of_an_incomplete_batch_leak, after_incomplete, training("gradient_descent")),
    caught_by(an_incomplete_batch_divided_by_the_full_size, incomplete, training("gradient_descent")),
    caught_by(one_order_for_all_epochs, order),
    caught_by(held_back_rows_are_trained_on, held_back),
    caught_by(the_test_loss_after_the_update, of(data=session()["data"] | {"test_fraction": 0.4})),
    caught_by(
        a_leaky_slope_in_f_alone, of(hidden="leaky_relu"), partial(check_exact_values, "leaky_relu", -3.0, -0.03, 0.01)
    ),
    caught_by(
        elus_derivative_without_alpha,
        of(hidden={"name": "elu", "alpha": 1.5}),
        partial(check_exact_values, {"name": "elu", "alpha": 2.0}, 0.0, 0.0, 2.0),
    ),
    caught_by(softplus_derivative_is_its_value, of(hidden="softplus")),
    caught_by(gelu_by_the_tanh_approximation, of(hidden="gelu"), figures_of("gelu, huber")),
    caught_by(
        huber_without_its_bounds, of(loss="huber"), partial(check_exact_loss, "huber", [3.0, 0.5], 1.3125, [0.5, 0.25])
    ),
    caught_by(the_absolute_error_not_divided, of(loss="mean_absolute_error")),
    caught_by(the_squared_error_without_its_2, of(loss="mean_squared_error")),
    caught_by(l2_without_its_half, penalties, described_penalties, figures_of("l1 and l2, adam")),
    caught_by(twice_the_gradient_of_l2, penalties, described_penalties, figures_of("l1 and l2, adam")),
    caught_by(the_sign_of_0_is_1, partial(check_exact_penalty, 0.5, 0.0, 0.0, 0.0, 0.0)),
    caught_by(
        a_penalty_on_biases, penalties, described_penalties, partial(check_exact_penalty, 0.0, 0.5, 2.0, 1.0, 1.0)
    ),
    caught_by(a_slopes_gradient_of_one_neuron, slope, slopes),
    caught_by(a_slope_updated_before_the_other_gradients, slope),
    caught_by(momentum_with_damping, training("momentum"), figures_of("l1 and l2, momentum")),
    caught_by(nesterov_with_the_old_velocity, training("nesterov"), figures_of("l1 and l2, nesterov")),
    caught_by(adagrad_with_eps_inside_the_root, training("adagrad"), figures_of("other hyperparameters, adagrad")),
    caught_by(rmsprop_corrected_as_adam_is, training("rmsprop"), figures_of("l1 and l2, rmsprop")),
    caught_by(adamw_with_l2_in_its_gradient, training("adamw"), figures_of("l1 and l2, adamw")),
    caught_by(an_index_in_a_description, properties),
    caught_by(a_term_too_few, properties),
    caught_by(a_symbol_of_another_quantity, properties),
    caught_by(a_read_of_what_comes_later, properties),
    caught_by(the_value_of_another_sample, gradients, properties, stepping),
    caught_by(a_display_that_recomputes, shown, stepping),
    caught_by(a_slope_without_its_last_neuron, slopes),
    caught_by(a_penalty_described_without_its_half, described_penalties),
    caught_by(a_chain_whose_products_are_sums_over_all_ways, chains),
    caught_by(a_neuron_twice, properties, program),
    caught_by(biases_before_weights, program, walk),
    caught_by(slope_gradients_before_biases, partial(check_program, session(hidden="prelu"))),
    caught_by(softmax_neuron_by_neuron, walk),
    caught_by(an_iteration_counter_labelled_epoch, epochs),
    caught_by(slots_not_restored_by_checkpoints, far_seeks, travels, wandering),
    caught_by(the_order_of_another_epoch_after_a_way_back, shuffled_travels, wandering),
    caught_by(an_edit_one_iteration_late, far_seeks, travels),
    caught_by(an_edit_one_iteration_early, far_seeks, travels),
    caught_by(a_learning_rate_forgotten_at_replay, travels),
    caught_by(data_of_the_end_at_replay, travels),
    caught_by(a_checkpoint_that_is_no_copy, far_seeks, travels, wandering),
    caught_by(losses_of_a_future_that_was_left, travels),
    caught_by(an_undo_that_keeps_the_cursor, travels),
    caught_by(a_redo_that_forgets_the_edits, travels),
    caught_by(several_edits_without_the_last, travels),
    caught_by(a_change_of_the_settings_that_keeps_the_edits, other_settings),
    caught_by(a_way_that_was_stopped_moves_the_cursor, travels),
    caught_by(checkpoints_that_survive_an_edit, far_seeks, travels, wandering),
    caught_by(a_halving_that_keeps_the_wrong_half, far_seeks, travels, wandering),
    caught_by(traces_that_survive_an_edit, far_seeks, travels, wandering),
    caught_by(a_trace_that_is_no_copy, travels, wandering),
    caught_by(an_edit_that_moves_its_iteration, travels),
    caught_by(a_passage_one_iteration_ahead, far_seeks_elsewhere, travels, wandering),
    caught_by(losses_one_iteration_late, far_seeks_elsewhere, travels),
    caught_by(kept_states_one_place_late, far_seeks_elsewhere),
    caught_by(edits_that_stay_at_home, travels),
    caught_by(a_thinning_that_keeps_the_wrong_half, far_seeks, travels, wandering),
]


@pytest.mark.parametrize(("plant", "checks"), MISTAKES)
def test_a_planted_mistake_is_found(plant: Plant, checks: tuple[Check, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    for check in checks:
        with pytest.raises(AssertionError):
            check()


ALL_CHECKS = list(dict.fromkeys(check for parameters in MISTAKES for check in parameters.values[1]))
ALONE = [check for check in ALL_CHECKS if check.func is not check_travels]  # those have a test of their own


@pytest.mark.parametrize("check", ALONE, ids=lambda check: check.func.__name__)
def test_the_checks_find_nothing_in_the_engine_as_it_is(check: partial[None]) -> None:
    check()
