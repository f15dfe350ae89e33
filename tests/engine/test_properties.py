"""The two statements of the mathematics, arrays and description, agree: over every combination of the registries."""

from random import Random

import pytest

from engine import Stepper, open_session
from engine.activations import ACTIVATIONS
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.network import BIASES
from engine.notation import NOTATIONS
from engine.optimizers import OPTIMIZERS
from tests.engine import networks, reference
from tests.engine.checks import check_chains, check_notations, check_properties, check_shown
from tests.engine.networks import Combination, SessionMapping, all_combinations, all_layers, random_session
from tests.engine.textbook_order import operations

CHOICES = list(all_combinations())
GROUPS = 10  # combinations are tested in as many groups, so that a failure names few of them


DRAWN = 8


def small_session(combination: Combination, seed: int) -> SessionMapping:
    """The smallest of some random sessions of two layers, so that all combinations are gone through in seconds."""
    rng = Random(seed)
    drawn = [random_session(rng, **combination._asdict(), layers=2) for _ in range(DRAWN)]
    return min(drawn, key=lambda session: len(reference.names(session)) * len(reference.batch_rows(session, 1)))


def in_some_notation(session: SessionMapping, seed: int) -> SessionMapping:
    """One notation after another."""
    return session | {"notation": list(NOTATIONS)[seed % len(NOTATIONS)]}


def test_the_combinations_cover_the_registries() -> None:
    assert set(reference.ACTIVATIONS) == set(ACTIVATIONS)
    assert set(reference.LOSSES) == set(LOSSES)
    assert set(reference.BIASES) == set(BIASES)
    assert set(reference.OPTIMIZERS) == set(OPTIMIZERS)
    assert set(reference.SCHEMES) == set(INITIALIZERS)


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_operation_of_every_combination(group: int) -> None:
    """Each cell is written exactly once; an operation reads only what was given or written; its terms, its right side
    in numbers and its right side in symbols give the stored value."""
    for seed, combination in list(enumerate(CHOICES))[group::GROUPS]:
        session = in_some_notation(small_session(combination, seed), seed)
        check_properties(session)
        check_shown(session)


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_operation_of_every_pair_of_layers_with_every_loss(group: int) -> None:
    for seed, combination in list(enumerate(all_layers()))[group::GROUPS]:
        check_properties(in_some_notation(small_session(combination, seed), seed))


@pytest.mark.parametrize("seed", range(14))
def test_every_operation_of_deep_networks(seed: int) -> None:
    """Up to four layers, of different kinds, over two iterations: the second one meets slots that are not 0."""
    optimizer = list(reference.OPTIMIZERS)[seed % len(reference.OPTIMIZERS)]
    session = random_session(Random(seed), layers=3 + seed % 2, optimizer=optimizer)
    check_properties(in_some_notation(session, seed), iterations=2)


@pytest.mark.parametrize("optimizer", reference.OPTIMIZERS)
@pytest.mark.parametrize("frozen", [["b[1]"], ["b[2]", "w[1]"], ["w[2,1,1]"], ["slope[1]"], ["w[1]", "slope[1]"]])
def test_frozen_parameters(frozen: list[str], optimizer: str) -> None:
    """Over two iterations: a frozen shared bias stays the one that every neuron of its layer adds."""
    hidden = "prelu" if "slope[1]" in frozen else "tanh"
    chosen = {"layers": 2, "inputs": 2, "bias": "shared", "hidden": hidden, "batch": "one", "loss": "cross_entropy"}
    session = random_session(Random(3), **chosen, optimizer=optimizer, frozen=frozen)  # type: ignore[arg-type]
    check_properties(session, iterations=2)


@pytest.mark.parametrize("seed", range(18))
def test_chains(seed: int) -> None:
    """Random networks have several ways to most of their gradients; the chain sums over them, nested."""
    check_chains(random_session(Random(seed), batch="smaller_last" if seed % 4 == 0 else "one"))


@pytest.mark.parametrize("output", ["sigmoid", "identity"])
def test_chains_of_one_way(output: str) -> None:
    """One neuron a layer above the first: one way to everything, two factors more for every layer on it."""
    session = one_way(output)
    quantities = [row.quantity for row in operations(session, 1) if row.quantity.startswith("dL/d")]
    assert "dL/dw[1,2,1]" in quantities
    check_chains(session)
    stepper = Stepper(open_session(session))
    lengths = {}
    for number, row in enumerate(operations(session, 1), 1):
        stepper.seek(1, number)
        if stepper.frame.chain:
            lengths[row.quantity] = len(stepper.frame.chain.links)
            assert not stepper.frame.chain.branches
    assert [lengths[f"dL/dz[{l},1]"] for l in (3, 2, 1)] == [2, 4, 6]
    assert [lengths[f"dL/dw[{l},1,1]"] for l in (3, 2, 1)] == [3, 5, 7]
    assert [lengths[f"dL/db[{l},1]"] for l in (3, 2, 1)] == [3, 5, 7]
    assert [lengths[f"dL/da[{l},1]"] for l in (3, 2, 1)] == [1, 3, 5]


def test_the_chain_of_a_slope() -> None:
    """A slope of one neuron has one way: the chain of its activation, and one factor more. One of three has three."""
    session = one_way("identity")
    session["network"]["layers"][0]["activation"] = "prelu"
    session["network"]["layers"][1]["activation"] = {"name": "prelu", "slope": 0.1}
    check_chains(session)
    check_properties(session)
    stepper = Stepper(open_session(session))
    found = {}
    for number, row in enumerate(operations(session, 1), 1):
        stepper.seek(1, number)
        if row.kind == "slope_gradient" and stepper.frame.chain:
            found[row.quantity] = (len(stepper.frame.chain.links), len(stepper.frame.chain.branches), row.parts)
    assert found == {"dL/dslope[2]": (4, 0, 4), "dL/dslope[1]": (0, 2, 2)}


def one_way(output: str) -> SessionMapping:
    """A network of 2-2-1-1 neurons."""
    layers = [
        {"neurons": 2, "activation": "tanh", "bias": "per_neuron"},
        {"neurons": 1, "activation": "relu", "bias": "per_neuron"},
        {"neurons": 1, "activation": output, "bias": "per_neuron"},
    ]
    return networks.complete_session(
        2,
        layers,
        initial=networks.random_initial(Random(4), 2, layers),
        loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={"kind": "values", "inputs": [[0.5, -1.0]], "targets": [[0.3]]},
    )


@pytest.mark.parametrize("seed", range(20))
def test_symbols_are_unique(seed: int) -> None:
    check_notations(random_session(Random(seed)))
