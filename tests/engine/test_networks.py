"""The random sessions: valid by the session format's own rules, and covering what they promise to cover."""

import json
from collections import Counter
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from engine.files.session_file import from_mapping
from tests.engine import reference
from tests.engine.networks import (
    BATCHES,
    PENALTIES,
    SessionMapping,
    activation_name,
    all_combinations,
    complete_session,
    is_allowed,
    near_kink,
    random_session,
)


def layer_sizes(session: dict[str, Any]) -> list[int]:
    """The inputs, then the neurons of each layer."""
    return [session["network"]["inputs"], *(layer["neurons"] for layer in session["network"]["layers"])]


def assert_valid(session: dict[str, Any]) -> None:
    """Shapes, allowed pairs, targets and batch as the session format asks for them."""
    layers, data, sizes = reference.layers_of(session), session["data"], layer_sizes(session)
    parameters = reference.initial_parameters(session)
    assert [w.shape for w in parameters.weights] == list(zip(sizes[1:], sizes, strict=False))
    expected = [{"per_neuron": layer["neurons"], "shared": 1, "none": 0}[layer["bias"]] for layer in layers]
    assert [len(b) for b in parameters.biases] == expected
    assert [len(s) for s in parameters.slopes] == [int(layer["activation"] == "prelu") for layer in layers]
    assert np.shape(data["inputs"]) == (len(data["inputs"]), sizes[0])
    assert np.shape(data["targets"]) == (len(data["inputs"]), sizes[-1])
    assert is_allowed(layers[-1]["activation"], session["loss"])
    if session["loss"] == "binary_cross_entropy":
        assert np.min(data["targets"]) >= 0
        assert np.max(data["targets"]) <= 1
    if session["loss"] == "cross_entropy":
        assert np.sum(data["targets"], axis=1) == pytest.approx(1)
    size = session["batch"]["size"]
    assert size == "all" or 1 <= size < reference.samples(session)
    assert max(len(reference.batch_rows(session, t)) for t in (1, 2)) <= 5
    names = {*reference.names(session), *(f"{kind}[{n}]" for kind in "wb" for n in range(1, len(layers) + 1))}
    assert set(session["frozen"]) <= names
    from_mapping(session)


def test_random_sessions_are_valid_and_varied() -> None:
    seen: Counter[Any] = Counter()
    for seed in range(300):
        session = random_session(Random(seed))
        assert_valid(session)
        assert json.loads(json.dumps(session, allow_nan=False)) == session
        seen.update(("hidden", activation_name(layer)) for layer in session["network"]["layers"][:-1])
        seen.update(("bias", layer["bias"]) for layer in session["network"]["layers"])
        seen.update(("constants", bool(layer["constants"])) for layer in reference.layers_of(session))
        seen.update([("layers", len(session["network"]["layers"])), ("loss", session["loss"])])
        seen.update([("frozen", bool(session["frozen"])), ("optimizer", session["optimizer"]["name"])])
        seen.update([("hyperparameters", len(session["optimizer"]) > 2), ("shuffle", session["batch"]["shuffle"])])
        seen.update([("held back", len(session["data"]["inputs"]) - reference.samples(session))])
        seen.update([("penalty", tuple(rate > 0 for rate in session["penalty"].values()))])
        seen.update([("initial", session["initial"].get("scheme", "values"))])
        seen.update([("slopes", "slopes" in session["initial"])])
        seen.update(("frozen kind", name.split("[")[0]) for name in session["frozen"])
    varied = {kind: {name for other, name in seen if other == kind} for kind, _ in seen}
    assert varied == {
        "hidden": set(reference.ACTIVATIONS),
        "bias": set(reference.BIASES),
        "constants": {True, False},
        "layers": {1, 2, 3, 4},
        "loss": set(reference.LOSSES),
        "frozen": {True, False},
        "optimizer": set(reference.OPTIMIZERS),
        "hyperparameters": {True, False},
        "shuffle": {True, False},
        "held back": {0, 1, 2},
        "penalty": {(False, False), (True, False), (False, True), (True, True)},
        "initial": {"values", *reference.SCHEMES},
        "slopes": {True, False},
        "frozen kind": {"w", "b", "slope"},
    }


def test_the_same_seed_gives_the_same_session() -> None:
    assert random_session(Random(7)) == random_session(Random(7)) != random_session(Random(8))


def test_a_combination_is_kept() -> None:
    rng = Random(0)
    for combination in all_combinations():
        session = random_session(rng, **combination._asdict())
        assert_valid(session)
        *hidden, output = session["network"]["layers"]
        assert {activation_name(layer) for layer in hidden} == {combination.hidden}
        assert {layer["bias"] for layer in [*hidden, output]} == {combination.bias}
        assert (activation_name(output), session["loss"]) == (combination.output, combination.loss)
        assert session["optimizer"]["name"] == combination.optimizer
        assert (session["batch"]["shuffle"], bool(session["frozen"])) == (combination.shuffle, combination.frozen)
        rates = {"none": (0, 0), "l1": (1, 0), "l2": (0, 1), "both": (1, 1)}[combination.penalty]
        assert tuple(int(session["penalty"][name] > 0) for name in ("l1", "l2")) == rates
        sizes = {len(reference.batch_rows(session, t)) for t in range(1, 20)}
        assert {"all": len(sizes) == 1, "one": sizes == {1}, "smaller_last": len(sizes) == 2}[combination.batch]


def test_the_combinations_cover_every_pair_that_meets() -> None:
    found = list(all_combinations())
    assert len(found) == len(set(found)) < 300
    activations, losses = set(reference.ACTIVATIONS), set(reference.LOSSES)
    assert {(c.hidden, c.loss) for c in found} == set(product(activations, losses))
    pairs = {pair for pair in product(activations, losses) if is_allowed(*pair)}
    assert len(pairs) == 13 * 4 + 2  # four losses after each of 13 activations, each cross-entropy after its own
    assert {(c.output, c.loss) for c in found} == pairs
    choices = product(reference.OPTIMIZERS, BATCHES, PENALTIES, (False, True))
    assert {(c.optimizer, c.batch, c.penalty, c.frozen) for c in found} == set(choices)
    assert {(c.bias, c.shuffle) for c in found} == set(product(reference.BIASES, (False, True)))


def test_a_refused_pair_is_an_error() -> None:
    with pytest.raises(ValueError, match="cross_entropy after tanh"):
        random_session(Random(0), output="tanh", loss="cross_entropy")


@pytest.mark.parametrize(
    ("weight", "expected"), [(0.0, True), (0.9e-4, True), (-0.9e-4, True), (1.1e-4, False), (-1.1e-4, False)]
)
@pytest.mark.parametrize(("activation", "has_kink"), [("relu", True), ("elu", True), ("tanh", False), ("gelu", False)])
def test_one_neuron_near_its_kink_is_found(activation: str, has_kink: bool, weight: float, expected: bool) -> None:
    assert near_kink(neurons(activation, "half_squared_error", weight)) == (expected and has_kink)


@pytest.mark.parametrize(
    ("loss", "output", "expected"),
    [
        ("mean_absolute_error", 3.0, True),
        ("mean_absolute_error", 4.0, False),
        ("huber", 3.0, False),
        ("huber", 4.0 + 0.9e-4, True),
        ("huber", 2.0 - 0.9e-4, True),
        ("huber", 2.0 - 1.1e-4, False),
        ("mean_squared_error", 3.0, False),
    ],
)
def test_an_error_near_the_kink_of_its_loss_is_found(loss: str, output: float, expected: bool) -> None:
    """The other neuron's output is 1 and its target 7; this one's target is 3."""
    assert near_kink(neurons("identity", loss, output)) == expected


@pytest.mark.parametrize(("l1", "expected"), [(0.0, False), (0.1, True)])
def test_a_weight_near_the_kink_of_its_penalty_is_found(l1: float, expected: bool) -> None:
    assert near_kink(neurons("tanh", "half_squared_error", 0.9e-4) | {"penalty": {"l1": l1, "l2": 0.1}}) == expected


def neurons(activation: str, loss: str, weight: float) -> SessionMapping:
    """Two neurons with an input of 1 and weights `weight` and 1, targets 3 and 7."""
    return complete_session(
        1,
        [{"neurons": 2, "activation": activation, "bias": "none"}],
        initial={"kind": "values", "weights": [[[weight], [1.0]]], "biases": [[]]},
        loss=loss,
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={"kind": "values", "inputs": [[1.0]], "targets": [[3.0, 7.0]]},
    )
