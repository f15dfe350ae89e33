"""Predictions against the textbook reference and against what an iteration has stored; accuracy by hand."""

from random import Random

import numpy as np
import pytest

from engine import Stepper, open_session
from engine.edits import DataEdit, data_at
from engine.parameters import Parameters
from engine.prediction import Predictor, accuracy, classes
from engine.quantities import Quantity
from tests.engine import reference
from tests.engine.networks import random_session

SEEDS = range(12)


def drawn(seed: int):
    rng = Random(seed)
    activations = sorted(reference.ACTIVATIONS)
    output = activations[seed % len(activations)]
    return random_session(rng, hidden=rng.choice(activations), output=output, loss="half_squared_error", batch="all")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_layers_activations_are_the_references_at_other_inputs(seed: int) -> None:
    session = drawn(seed)
    spec = open_session(session).spec
    places = Parameters(spec.network)
    parameters = reference.initial_parameters(session)
    inputs = np.random.RandomState(seed).uniform(-2, 2, (7, spec.network.inputs))
    found = Predictor(spec.network, places, 7).activations(places.flat(spec.initial_values), inputs)
    for row, x in enumerate(inputs):
        layers = reference.forward(reference.layers_of(session), parameters, x)
        for a, (_, expected) in zip(found, layers, strict=True):
            assert a[row] == pytest.approx(expected, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_prediction_is_what_an_iteration_computes_bit_by_bit(seed: int) -> None:
    stepper = Stepper(open_session(drawn(seed)))
    stepper.seek(2, 1)
    trace = stepper.frame.trace
    predictor = Predictor(trace.spec.network, trace.parameters, trace.samples)
    found = predictor.activations(stepper.frame.parameter_vector, trace.X())
    for l, a in enumerate(found, 1):
        assert (a == trace.A(l)).all()
    assert (predictor.losses(trace.spec.loss, trace.Y()) == trace.losses).all()


def test_losses_are_the_references() -> None:
    session = drawn(3)
    spec = open_session(session).spec
    places = Parameters(spec.network)
    inputs, targets = np.array(session["data"]["inputs"]), np.array(session["data"]["targets"])
    predictor = Predictor(spec.network, places, len(inputs))
    predictor.activations(places.flat(spec.initial_values), inputs)
    expected = reference.losses(session, reference.initial_parameters(session), range(len(inputs)))
    assert predictor.losses(spec.loss, targets) == pytest.approx(expected, rel=1e-13)


def test_one_output_says_class_1_from_a_half_on() -> None:
    targets, predictions = np.array([[1.0], [0.0], [1.0], [0.0]]), np.array([[0.5], [0.499], [0.2], [0.9]])
    assert accuracy(targets, predictions) == (2, 4)


def test_of_several_outputs_the_largest_is_the_class() -> None:
    targets = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]])
    predictions = np.array([[0.4, 0.3, 0.3], [0.5, 0.4, 0.1], [0.1, 0.1, 0.8]])
    assert accuracy(targets, predictions) == (2, 3)


def test_what_is_not_a_number_is_never_right() -> None:
    assert accuracy(np.array([[0.0], [1.0]]), np.array([[np.nan], [np.nan]])) == (0, 2)
    assert accuracy(np.array([[1.0, 0.0]]), np.array([[np.nan, 0.0]])) == (0, 1)


@pytest.mark.parametrize(
    "targets", [[[0.01]], [[0.0], [0.5]], [[1.0, 1.0]], [[0.0, 0.0]], [[0.5, 0.5]], [[-1.0], [1.0]]], ids=str
)
def test_other_targets_are_no_classes(targets: list[list[float]]) -> None:
    assert classes(np.array(targets)) is None
    assert accuracy(np.array(targets), np.array(targets)) is None


def test_the_data_are_those_of_the_iteration() -> None:
    spec = open_session("seed-003").spec
    edits = (DataEdit(3, 1, Quantity("x", (2,)), 0.7), DataEdit(4, 1, Quantity("y", (1,)), 0.9))
    assert [part.tolist() for part in data_at(spec, edits, 2)] == [[[0.05, 0.1]], [[0.01]]]
    assert [part.tolist() for part in data_at(spec, edits, 3)] == [[[0.05, 0.7]], [[0.01]]]
    assert [part.tolist() for part in data_at(spec, edits, 4)] == [[[0.05, 0.7]], [[0.9]]]
