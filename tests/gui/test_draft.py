"""A network that is being entered: what keeps its place while the shape changes, and what becomes of it."""

from math import isfinite

import pytest

from engine.activations import ACTIVATIONS
from engine.checks import SpecError
from engine.losses import LOSSES
from engine.network import BIASES
from engine.notation import NOTATIONS
from engine.optimizers import OPTIMIZERS
from engine.stepper import Stepper
from gui.draft import Draft, DraftLayer


def filled() -> Draft:
    """2-3-2 with a number of its own in every place."""
    draft = Draft(layers=[DraftLayer(3), DraftLayer(2)])
    draft.layers[0].weights = [[11.0, 12.0], [21.0, 22.0], [31.0, 32.0]]
    draft.layers[0].biases = [1.0, 2.0, 3.0]
    draft.layers[1].weights = [[41.0, 42.0, 43.0], [51.0, 52.0, 53.0]]
    draft.layers[1].biases = [4.0, 5.0]
    draft.samples = [[61.0, 62.0, 71.0, 72.0], [63.0, 64.0, 73.0, 74.0]]
    return draft


def test_it_begins_with_the_shape_of_the_documents_and_no_zeros() -> None:
    draft = Draft()
    assert draft.sizes == [2, 2, 1]
    numbers = [n for layer in draft.layers for row in (*layer.weights, layer.biases) for n in row]
    assert len(numbers) == 4 + 2 + 2 + 1
    assert all(0 < n < 1 for n in (*numbers, *draft.samples[0]))
    assert draft.layers[0].weights[0] != draft.layers[0].weights[1]
    assert len(draft.samples[0]) == 3


def test_numbers_given_at_the_start_are_kept() -> None:
    assert Draft(samples=[[5.0, 6.0, 7.0]]).samples == [[5.0, 6.0, 7.0]]


def test_more_neurons_keep_what_has_a_place() -> None:
    draft = filled()
    draft.layers[0].neurons = 4
    draft.fit()
    hidden, output = draft.layers
    assert hidden.weights[:3] == [[11.0, 12.0], [21.0, 22.0], [31.0, 32.0]]
    assert hidden.biases[:3] == [1.0, 2.0, 3.0]
    assert [row[:3] for row in output.weights] == [[41.0, 42.0, 43.0], [51.0, 52.0, 53.0]]
    assert (len(hidden.weights), len(hidden.biases), *map(len, output.weights)) == (4, 4, 4, 4)
    assert output.biases == [4.0, 5.0]
    assert draft.samples == filled().samples


def test_fewer_neurons_cut_only_what_has_no_place() -> None:
    draft = filled()
    draft.layers[0].neurons = 1
    draft.fit()
    hidden, output = draft.layers
    assert (hidden.weights, hidden.biases) == ([[11.0, 12.0]], [1.0])
    assert (output.weights, output.biases) == ([[41.0], [51.0]], [4.0, 5.0])


def test_another_number_of_inputs_leaves_inputs_and_targets_where_they_belong() -> None:
    draft = filled()
    draft.inputs = 3
    draft.fit()
    assert [row[:2] for row in draft.layers[0].weights] == filled().layers[0].weights
    assert [(row[:2], row[3:]) for row in draft.samples] == [([61.0, 62.0], [71.0, 72.0]), ([63.0, 64.0], [73.0, 74.0])]
    draft.inputs = 1
    draft.fit()
    assert draft.samples == [[61.0, 71.0, 72.0], [63.0, 73.0, 74.0]]
    assert draft.layers[0].weights == [[11.0], [21.0], [31.0]]


def test_another_number_of_outputs_leaves_the_inputs_and_the_first_targets() -> None:
    draft = filled()
    draft.layers[-1].neurons = 3
    draft.fit()
    assert [row[:4] for row in draft.samples] == filled().samples
    assert [len(row) for row in draft.samples] == [5, 5]
    draft.layers[-1].neurons = 1
    draft.fit()
    assert draft.samples == [[61.0, 62.0, 71.0], [63.0, 64.0, 73.0]]


def test_another_layer_in_between_leaves_the_first() -> None:
    draft = filled()
    draft.layers.insert(-1, DraftLayer(2))
    draft.fit()
    assert draft.sizes == [2, 3, 2, 2]
    assert draft.layers[0] == filled().layers[0]
    assert draft.layers[2].weights == [[41.0, 42.0], [51.0, 52.0]]
    assert (len(draft.layers[1].weights), len(draft.layers[1].weights[0])) == (2, 3)


@pytest.mark.parametrize(("bias", "biases"), [("shared", [1.0]), ("none", []), ("per_neuron", [1.0, 2.0, 3.0])])
def test_biases_follow_their_kind(bias: str, biases: list[float]) -> None:
    draft = filled()
    draft.layers[0].bias = bias
    draft.fit()
    assert draft.layers[0].biases == biases
    assert draft.session().spec.initial_values.biases == (tuple(biases), (4.0, 5.0))


def test_there_is_always_a_row_of_data() -> None:
    draft = filled()
    draft.samples = []
    draft.fit()
    assert len(draft.samples) == 1
    assert draft.session().spec.samples == 1


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_losses_follow_the_output(activation: str) -> None:
    """interface.md: binary_cross_entropy after sigmoid only, cross_entropy after softmax only."""
    draft = Draft()
    draft.layers[-1].activation = activation
    bound = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}
    assert draft.allowed_losses() == [name for name in LOSSES if bound.get(name, activation) == activation]


def test_a_loss_that_may_stay_stays_and_another_is_replaced() -> None:
    draft = Draft(loss="binary_cross_entropy")
    draft.fit()
    assert draft.loss == "binary_cross_entropy"
    half = "half_squared_error"
    for activation, loss in (("softmax", "cross_entropy"), ("relu", half), ("tanh", half)):
        draft.layers[-1].activation = activation
        draft.fit()
        assert draft.loss == loss
        draft.session()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_choice_makes_a_session_that_runs(activation: str, bias: str, optimizer: str) -> None:
    draft = Draft(optimizer=optimizer)
    for layer in draft.layers:
        layer.activation, layer.bias = activation, bias
    draft.fit()
    for loss in draft.allowed_losses():
        draft.loss = loss
        stepper = Stepper(draft.session())
        stepper.run(1)
        assert stepper.cursor.iteration == 1
        assert [isfinite(value) for value in stepper.losses()] == [True]


def test_constants_are_those_entered_and_a_trained_one_begins_there() -> None:
    """formats.md: leaky_relu has the slope 0.01, prelu the trained slope 0.25, elu alpha 1."""
    draft = Draft(layers=[DraftLayer(2, "leaky_relu"), DraftLayer(2, "prelu"), DraftLayer(1, "elu")])
    assert [layer.all_constants for layer in draft.layers] == [{"slope": 0.01}, {"slope": 0.25}, {"alpha": 1.0}]
    assert draft.session().spec.initial_values.slopes == (None, 0.25, None)
    draft.layers[0].constants = {"slope": 0.125}
    draft.layers[1].constants = {"slope": 0.5}
    draft.layers[2].constants = {"alpha": 1.0}
    spec = draft.session().spec
    assert [layer.constants for layer in spec.network.layers] == [{"slope": 0.125}, {"slope": 0.5}, {}]
    assert spec.initial_values.slopes == (None, 0.5, None)


def test_the_session_says_what_the_draft_holds() -> None:
    draft = filled()
    draft.title, draft.learning_rate, draft.loss = "Mine", 0.25, "half_squared_error"
    session = draft.session()
    spec = session.spec
    assert session.title == "Mine"
    assert spec.network.sizes == (2, 3, 2)
    hidden, output = ((11.0, 12.0), (21.0, 22.0), (31.0, 32.0)), ((41.0, 42.0, 43.0), (51.0, 52.0, 53.0))
    assert spec.initial_values.weights == (hidden, output)
    assert spec.initial_values.biases == ((1.0, 2.0, 3.0), (4.0, 5.0))
    assert spec.data.inputs == ((61.0, 62.0), (63.0, 64.0))
    assert spec.data.targets == ((71.0, 72.0), (73.0, 74.0))
    assert (spec.optimizer.name, spec.optimizer.learning_rate, spec.batch_size) == ("gradient_descent", 0.25, None)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_session_is_written_in_the_symbols_chosen(notation: str) -> None:
    session = Draft(notation=notation).session()
    assert session.notation == notation
    assert session.spec == Draft().session().spec


def test_later_changes_of_the_draft_leave_a_session_alone() -> None:
    draft = filled()
    session = draft.session()
    draft.layers[0].weights[0][0] = 99.0
    draft.samples[0][0] = 99.0
    assert session.spec.initial_values.weights[0][0][0] == 11.0
    assert session.spec.data.inputs[0][0] == 61.0


@pytest.mark.parametrize("rate", [0.0, -0.5, float("inf"), float("nan")])
def test_a_learning_rate_that_makes_no_sense_is_said(rate: float) -> None:
    with pytest.raises(SpecError, match="learning_rate"):
        Draft(learning_rate=rate).session()


def test_a_target_that_the_loss_does_not_take_is_said_with_its_place() -> None:
    draft = filled()
    draft.loss = "binary_cross_entropy"
    with pytest.raises(SpecError, match=r"y\[1\] of sample 1: binary_cross_entropy needs targets from 0 to 1, 71"):
        draft.session()
