"""The random sessions: valid by the session format's own rules, and covering what they promise to cover."""

import json
from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.networks import BATCHES, all_combinations, is_allowed, near_kink, random_session


def layer_sizes(session: dict[str, Any]) -> list[int]:
    """The inputs, then the neurons of each layer."""
    return [session["network"]["inputs"], *(layer["neurons"] for layer in session["network"]["layers"])]


def assert_valid(session: dict[str, Any]) -> None:
    """Shapes, allowed pairs, targets and batch as the session format asks for them."""
    layers, data, sizes = session["network"]["layers"], session["data"], layer_sizes(session)
    weights, biases = reference.initial_parameters(session)
    assert [w.shape for w in weights] == list(zip(sizes[1:], sizes, strict=False))
    expected = [{"per_neuron": layer["neurons"], "shared": 1, "none": 0}[layer["bias"]] for layer in layers]
    assert [len(b) for b in biases] == expected
    assert np.shape(data["inputs"]) == (len(data["inputs"]), sizes[0])
    assert np.shape(data["targets"]) == (len(data["inputs"]), sizes[-1])
    assert is_allowed(layers[-1]["activation"], session["loss"])
    if session["loss"] == "binary_cross_entropy":
        assert np.min(data["targets"]) >= 0
        assert np.max(data["targets"]) <= 1
    if session["loss"] == "cross_entropy":
        assert np.sum(data["targets"], axis=1) == pytest.approx(1)
    size = session["batch"]["size"]
    assert size == "all" or 1 <= size < len(data["inputs"])
    assert max(len(reference.batch_rows(session, t)) for t in (1, 2)) <= 5
    names = {*reference.names(session), *(f"{kind}[{n}]" for kind in "wb" for n in range(1, len(layers) + 1))}
    assert set(session["frozen"]) <= names


def test_random_sessions_are_valid_and_varied() -> None:
    seen: Counter[Any] = Counter()
    for seed in range(300):
        session = random_session(Random(seed))
        assert_valid(session)
        assert json.loads(json.dumps(session, allow_nan=False)) == session
        seen.update(("hidden", layer["activation"]) for layer in session["network"]["layers"][:-1])
        seen.update(("bias", layer["bias"]) for layer in session["network"]["layers"])
        seen.update([("layers", len(session["network"]["layers"])), ("loss", session["loss"])])
        seen.update([("frozen", bool(session["frozen"])), ("optimizer", session["optimizer"]["name"])])
    assert {name for kind, name in seen if kind == "hidden"} == set(reference.ACTIVATIONS)
    assert {name for kind, name in seen if kind == "bias"} == set(reference.BIASES)
    assert {name for kind, name in seen if kind == "loss"} == set(reference.LOSSES)
    assert {name for kind, name in seen if kind == "layers"} == {1, 2, 3, 4}
    assert {name for kind, name in seen if kind == "frozen"} == {True, False}


def test_the_same_seed_gives_the_same_session() -> None:
    assert random_session(Random(7)) == random_session(Random(7)) != random_session(Random(8))


def test_a_combination_is_kept() -> None:
    rng = Random(0)
    for combination in all_combinations():
        session = random_session(rng, **combination._asdict())
        assert_valid(session)
        *hidden, output = session["network"]["layers"]
        assert {layer["activation"] for layer in hidden} == {combination.hidden}
        assert {layer["bias"] for layer in [*hidden, output]} == {combination.bias}
        assert (output["activation"], session["loss"]) == (combination.output, combination.loss)
        assert session["optimizer"]["name"] == combination.optimizer
        sizes = {len(reference.batch_rows(session, t)) for t in range(1, 20)}
        assert {"all": len(sizes) == 1, "one": sizes == {1}, "smaller_last": len(sizes) == 2}[combination.batch]


def test_every_allowed_combination_occurs_once() -> None:
    found = list(all_combinations())
    pairs = 5 + 2  # half_squared_error after each of five activations, each cross-entropy after its own
    assert len(found) == len(set(found)) == 5 * pairs * 3 * 2 * len(BATCHES)
    assert list(all_combinations(["tanh"], ["cross_entropy"])) == []


def test_a_refused_pair_is_an_error() -> None:
    with pytest.raises(ValueError, match="cross_entropy after tanh"):
        random_session(Random(0), output="tanh", loss="cross_entropy")


@pytest.mark.parametrize(
    ("weight", "expected"), [(0.0, True), (0.9e-4, True), (-0.9e-4, True), (1.1e-4, False), (-1.1e-4, False)]
)
@pytest.mark.parametrize(("activation", "has_kink"), [("relu", True), ("tanh", False)])
def test_one_neuron_near_its_kink_is_found(activation: str, has_kink: bool, weight: float, expected: bool) -> None:
    session = random_session(Random(0), output=activation, loss="half_squared_error", layers=1, inputs=1, bias="none")
    neurons = session["network"]["layers"][0]["neurons"]
    assert neurons > 1
    session["initial"]["weights"] = [[[weight], *[[1.0]] * (neurons - 1)]]
    session["data"]["inputs"] = [[1.0] for _ in session["data"]["inputs"]]
    assert near_kink(session) == (expected and has_kink)
