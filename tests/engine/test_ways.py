"""All ways from the loss to a quantity, against an enumeration of every choice of neurons."""

from collections.abc import Iterator, Mapping
from itertools import islice, pairwise, product
from math import isclose, isnan, prod
from random import Random
from typing import Any

import numpy as np
import pytest

from engine import Stepper, open_session
from engine.descriptions import Narrator
from engine.paths import GRADIENTS
from engine.quantities import Quantity, parse
from engine.ways import Ways, ways
from tests.engine import reference
from tests.engine.networks import complete_session, is_allowed, random_initial, random_session

COMBINATIONS = [
    (hidden, output, loss, bias)
    for hidden, output, loss, bias in product(
        reference.ACTIVATIONS, reference.ACTIVATIONS, reference.LOSSES, reference.BIASES
    )
    if is_allowed(output, loss)
]


def narrator_of(session: Mapping[str, Any] | str) -> Narrator:
    return Stepper(open_session(session)).frame.narrator


def slopes(session: Mapping[str, Any], x: Any) -> list[np.ndarray]:
    """The Jacobian da[k]/dz[j] of every layer, (k, j), by the complex step from the textbook network."""
    layers, parameters = reference.layers_of(session), reference.initial_parameters(session)
    found = []
    computed = reference.forward(layers, parameters, x)
    for layer, slope, (z, _) in zip(layers, parameters.slopes, computed, strict=True):
        trained = {"slope": slope[0]} if slope.size else {}
        columns = []
        for j in range(len(z)):
            moved = z.astype(complex)
            moved[j] += complex(0, 1e-30)
            a = reference.ACTIVATIONS[layer["activation"]](moved, **layer["constants"] | trained)
            columns.append(a.imag / 1e-30)
        found.append(np.array(columns).T)
    return found


def loss_slopes(session: Mapping[str, Any], prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
    """dL/da, from the definitions of the losses."""
    match session["loss"]:
        case "half_squared_error":
            return prediction - y
        case "mean_squared_error":
            return 2 * (prediction - y) / len(y)
        case "mean_absolute_error":
            return np.sign(prediction - y) / len(y)
        case "huber":
            return np.clip(prediction - y, -1, 1) / len(y)
        case "binary_cross_entropy":
            return -y / prediction + (1 - y) / (1 - prediction)
        case "cross_entropy":
            return -y / prediction
    raise ValueError(session["loss"])


def enumerated(session: Mapping[str, Any], quantity: Quantity, row: int) -> Iterator[tuple[Any, float]]:
    """Every way to a gradient: its neurons and its product, by going through all choices of neurons."""
    layers, parameters = reference.layers_of(session), reference.initial_parameters(session)
    weights = parameters.weights
    x, y = (np.array(session["data"][name][row], float) for name in ("inputs", "targets"))
    computed = reference.forward(layers, parameters, x)
    activations = [x, *(a for _, a in computed)]
    jacobians, last = slopes(session, x), len(weights)
    above = loss_slopes(session, activations[-1], y)
    l, *own = quantity.indices
    levels = [(m, part) for m in range(last, l - 1, -1) for part in "az"]
    if quantity.kind in ("dL/da", "dL/dslope"):
        levels.pop()
    names = [layer["activation"] for layer in layers]
    for places in product(*(range(len(weights[m - 1])) for m, _ in levels)):
        if own and places[-1] != own[0] - 1:
            continue
        factors, neurons = [], []
        for at, ((m, part), j) in enumerate(zip(levels, places, strict=True)):
            softmax = names[m - 1] == "softmax"
            if part == "z":
                if not softmax and places[at - 1] != j:
                    break
                factors.append(jacobians[m - 1][places[at - 1], j])
            else:
                factors.append(above[j] if m == last else weights[m][places[at - 1], j])
            if part == "a" or softmax:
                neurons.append((m, j + 1))
        else:
            factors.append(last_factor(quantity, activations[l - 1], computed[l - 1][0], places[-1]))
            yield tuple(neurons), float(prod(factors))


def last_factor(quantity: Quantity, before: np.ndarray, z: np.ndarray, neuron: int) -> float:
    """By what the last activation or pre-activation of a way (neuron from 0) moves with the quantity itself."""
    if quantity.kind == "dL/dw":
        return float(before[quantity.indices[2] - 1])
    return min(0.0, float(z[neuron])) if quantity.kind == "dL/dslope" else 1.0


def gradients(narrator: Narrator) -> list[Quantity]:
    count = narrator.program.count
    written = {narrator.describe(k).quantity: None for k in range(count)}
    return [quantity for quantity in written if quantity.kind in GRADIENTS]


@pytest.mark.parametrize(("hidden", "output", "loss", "bias"), COMBINATIONS)
def test_all_ways_are_those_of_an_enumeration(hidden: str, output: str, loss: str, bias: str) -> None:
    rng = Random(f"{hidden} {output} {loss} {bias}")
    session = random_session(rng, hidden=hidden, output=output, loss=loss, bias=bias, layers=rng.randint(2, 3))
    narrator = narrator_of(session)
    chosen = gradients(narrator)
    for quantity in rng.sample(chosen, min(6, len(chosen))):
        found = ways(narrator, quantity, 0)
        check(found, dict(enumerated(session, quantity, narrator.row(0) - 1)))


def check(found: Ways, expected: dict[Any, float]) -> None:
    listed = list(found.largest_first())
    whole = sum(map(abs, expected.values()))
    assert len(listed) == found.count == len(expected), found.quantity
    assert {way.neurons for way in listed} == set(expected), found.quantity
    for way in listed:
        assert abs(way.product - expected[way.neurons]) <= 1e-12 * whole + 1e-15, (found.quantity, way)
        factors = prod(factor.value for factor in way.factors)
        assert abs(factors - way.product) <= 1e-12 * whole + 1e-15, (found.quantity, way)
        assert found.total == 0 or way.share == way.product / found.total
    for before, after in pairwise(listed):
        assert abs(after.product) <= abs(before.product) * (1 + 1e-12), found.quantity
    assert abs(sum(way.product for way in listed) - found.total) <= 1e-12 * whole + 1e-15, found.quantity
    assert isclose(found.magnitude, whole, rel_tol=1e-12, abs_tol=1e-15)
    assert found.covered(listed) == pytest.approx(1) if found.magnitude else isnan(found.covered(listed))


def large(sizes: list[int], inputs: int = 64, weight: float | None = None) -> dict[str, Any]:
    """tanh layers and a sigmoid output; all weights are alike where `weight` is given."""
    rng = Random(64)
    layers = [{"neurons": n, "activation": "tanh", "bias": "per_neuron"} for n in sizes[:-1]]
    layers.append({"neurons": sizes[-1], "activation": "sigmoid", "bias": "per_neuron"})
    initial = random_initial(rng, inputs, layers)
    if weight is not None:
        initial["weights"] = [[[weight for _ in row] for row in matrix] for matrix in initial["weights"]]
        initial["biases"] = [[0.1 for _ in row] for row in initial["biases"]]
    return complete_session(
        inputs, layers, initial=initial, loss="half_squared_error",
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={
            "kind": "values", "inputs": [[rng.uniform(-1, 1) for _ in range(inputs)]],
            "targets": [[float(k == 0) for k in range(sizes[-1])]],
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "weight"), [([64, 64, 10], None), ([64] * 10, None), ([64] * 10, 0.02), ([64] * 10, 0.0)]
)
def test_the_first_ways_of_many_take_little_work(sizes: list[int], weight: float | None) -> None:
    """Also where all ways are alike, or all are 0."""
    found = ways(narrator_of(large(sizes, weight=weight)), parse("dL/dw[1,1,1]"), 0)
    assert found.count == prod(sizes[1:])
    first = list(islice(found.largest_first(), 20))
    assert len({way.neurons for way in first}) == 20
    assert found.popped <= 20 * (len(sizes) + 1)
    for before, after in pairwise(first):
        assert abs(after.product) <= abs(before.product) * (1 + 1e-12)


def test_document_003_has_one_way_of_five_factors_to_w1() -> None:
    """0.7414 · 0.1868 · 0.40 · 0.2413 · 0.05 = 0.00067, as the document prints them."""
    found = ways(narrator_of("seed-003"), parse("dL/dw[1,1,1]"), 0)
    (way,) = found.largest_first()
    assert found.count == 1
    assert way.neurons == ((2, 1), (1, 1))
    assert [f"{factor.value:.4f}" for factor in way.factors] == ["0.7414", "0.1868", "0.4000", "0.2413", "0.0500"]
    assert f"{way.product:.5f}" == "0.00067"
    assert way.share == pytest.approx(1, abs=1e-12)


def test_the_shared_bias_of_document_003_has_two_ways() -> None:
    found = ways(narrator_of("seed-003"), parse("dL/db[1]"), 0)
    first, second = found.largest_first()
    assert (first.neurons, second.neurons) == (((2, 1), (1, 2)), ((2, 1), (1, 1)))
    assert f"{first.product + second.product:.4f}" == "0.0284"


def saturated(output: str, loss: str, targets: list[float]) -> dict[str, Any]:
    """Outputs that are exactly 0 or 1, where the unclamped factors are infinite."""
    layers = [
        {"neurons": 2, "activation": "identity", "bias": "none"},
        {"neurons": 2, "activation": output, "bias": "none"},
    ]
    weights = [[[1.0], [1.0]], [[900.0, 0.0], [-900.0, 0.0]]]
    return complete_session(
        1, layers, initial={"kind": "values", "weights": weights, "biases": [[], []]}, loss=loss,
        optimizer={"name": "gradient_descent", "learning_rate": 0.1},
        data={"kind": "values", "inputs": [[1.0]], "targets": [targets]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("output", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]
)
def test_ways_of_a_saturated_output_are_finite_and_sum_up(output: str, loss: str) -> None:
    narrator = narrator_of(saturated(output, loss, [0.0, 1.0]))
    for quantity in ("dL/dz[2,1]", "dL/dw[1,1,1]", "dL/dw[1,2,1]"):
        found = ways(narrator, parse(quantity), 0)
        products = [way.product for way in found.largest_first()]
        assert np.isfinite(products).all()
        assert sum(products) == pytest.approx(found.total, abs=1e-12)
        assert products == sorted(products, key=abs, reverse=True)


def test_ways_of_a_diverged_run_are_all_listed_and_zero_comes_last() -> None:
    """1e200 and more: predictions, and all that follows, overflow."""
    session = saturated("identity", "half_squared_error", [0.0, 1.0])
    session["initial"]["weights"] = [[[1e200], [1.0]], [[1e200, 0.0], [-1e200, 0.0]]]
    narrator = narrator_of(session)
    for quantity in ("dL/dw[1,1,1]", "dL/dw[1,2,1]", "dL/dz[1,1]"):
        found = ways(narrator, parse(quantity), 0)
        assert len(list(found.largest_first())) == found.count == 2
        assert isnan(found.covered(()))


def test_what_is_no_gradient_has_no_ways() -> None:
    with pytest.raises(ValueError, match="is no gradient"):
        ways(narrator_of("seed-003"), parse("z[1,1]"), 0)
