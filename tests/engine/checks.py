"""What must hold in every run, as plain functions that raise AssertionError, so that test_blind can turn them on a
broken engine. A session is a mapping of networks.py; each check opens it anew.
"""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from engine import Stepper, Unit, open_session
from engine.expressions import plain
from engine.frame import Frame
from engine.notation import NOTATIONS, Notation
from engine.operations import Operation, Read
from engine.paths import Chain
from engine.quantities import parse
from tests.engine import reference
from tests.engine.evaluation import Value, assert_near, evaluate, product, total
from tests.engine.networks import SessionMapping, complete_session
from tests.engine.textbook_order import STAGES, Net, cells, operations

SYMBOLS_OF_HYPERPARAMETERS = {
    "β1": "beta1", "β2": "beta2", "ε": "eps", "μ": "momentum", "ρ": "decay", "λ": "weight_decay",
}  # fmt: skip
MOST_WAYS = 60  # a chain is written out way by way; with more of them it is only slow


def slots_of(session: SessionMapping) -> tuple[str, ...]:
    """What the session's optimizer keeps of a parameter between iterations."""
    return reference.OPTIMIZERS[session["optimizer"]["name"]].slots


def gradients(stepper: Stepper, session: SessionMapping) -> dict[str, float]:
    """What the optimizer gets in the cursor's iteration, by parameter; the cursor must stand at its end."""
    found = {name: stepper.value(f"grad[{name}]") for name in reference.names(session)}
    assert None not in found.values()
    return {name: value for name, value in found.items() if value is not None}


def check_gradients(session: SessionMapping) -> None:
    """The first iteration's losses, and its gradients, the batch's and those of each sample, by the complex step."""
    stepper = finished(session)
    parameters, rows = reference.initial_parameters(session), reference.batch_rows(session, 1)
    of_samples, of_batch = reference.derivatives(reference.complex_step, session, parameters, rows)
    assert_same_gradients(gradients(stepper, session), of_batch)
    for row, expected in zip(rows, of_samples, strict=True):
        found = {name: stepper.value(f"dL/d{name}", sample=row + 1) for name in expected}
        assert_same_gradients(found, expected)
    for row, loss in zip(rows, reference.losses(session, parameters, rows), strict=True):
        assert_loss(stepper.value("loss", sample=row + 1), loss)
    assert_loss(stepper.value("batch_loss"), reference.batch_loss(session, parameters, rows))
    assert stepper.losses().tolist() == [stepper.value("batch_loss")]
    if any(session["penalty"].values()):
        assert_loss(stepper.value("penalty"), reference.penalty(session, parameters))
    check_test_losses(stepper, session, [parameters])


def check_test_losses(stepper: Stepper, session: SessionMapping, parameters: list[reference.Parameters]) -> None:
    """The loss of the rows held back, of each iteration at the parameters before its update, without penalty."""
    held_back = reference.samples(session) < len(session["data"]["inputs"])
    found = stepper.frame.test_losses
    assert len(found) == (len(parameters) if held_back else 0)
    for loss, before in zip(found, parameters, strict=False):
        assert_loss(float(loss), reference.test_loss(session, before))


def assert_same_gradients(found: Mapping[str, float | None], expected: Mapping[str, float]) -> None:
    """To 1e-12 of the largest, plus 1e-15."""
    assert list(found) == list(expected)
    tolerance = 1e-12 * max(map(abs, expected.values())) + 1e-15
    for name, value in found.items():
        assert value is not None, name
        assert abs(value - expected[name]) <= tolerance, (name, value, expected[name])


def assert_loss(found: float | None, expected: float) -> None:
    assert found is not None
    assert abs(found - expected) <= 1e-13 * abs(expected) + 1e-15, (found, expected)


def check_batch_gradients(session: SessionMapping, iteration: int) -> None:
    """The gradients of an iteration. The rate is next to nothing, so the parameters stay: iteration t has the gradient
    of batch t at the start, and nothing leaks from another batch, nor from the smaller last one."""
    session = session | {"optimizer": {"name": "gradient_descent", "learning_rate": TINY}}
    stepper = Stepper(open_session(session))
    stepper.run(iteration)
    rows, parameters = reference.batch_rows(session, iteration), reference.initial_parameters(session)
    assert_same_gradients(gradients(stepper, session), reference.gradient(session, parameters, rows))
    assert_loss(float(stepper.losses()[-1]), reference.batch_loss(session, parameters, rows))


def check_training(session: SessionMapping, iterations: int) -> None:
    """Parameters and slots after each update, by the textbook's optimizers."""
    stepper = Stepper(open_session(session))
    for t, expected in enumerate(reference.train(session, iterations), 1):
        stepper.next(Unit.ITERATION)
        tolerance = 1e-12 if t == 1 else 1e-9
        for kind, values in expected.items():
            found = {name: stepper.value(name if kind == "parameters" else f"{kind}[{name}]") for name in values}
            for name, value in found.items():
                assert value is not None
                assert abs(value - values[name]) <= tolerance * max(1.0, abs(value)), (t, kind, name)


def check_shown(session: SessionMapping) -> None:
    """What a frame shows is what the loop has stored, to the last bit."""
    stepper = finished(session)
    trace, frame = stepper.frame.trace, stepper.frame
    layers = range(1, len(session["network"]["layers"]) + 1)
    for s, row in enumerate(trace.rows):
        assert frame.value(parse("loss"), row + 1) == trace.losses[s]
        for kind, stored in (("z", trace.Z), ("a", trace.A), ("dL/da", trace.dA), ("dL/dz", trace.dZ)):
            for l in layers:
                shown = [frame.value(parse(f"{kind}[{l},{j + 1}]"), row + 1) for j in range(stored(l).shape[1])]
                assert shown == stored(l)[s].tolist()
    assert [value.hex() for value in stepper.parameters().values()] == [
        trace.new("parameter", name).hex() for name in trace.parameters.names()
    ]


def check_central_differences(session: SessionMapping) -> None:
    """The first iteration's gradient by differences of the reference's losses; no kink may be near."""
    stepper = finished(session)
    parameters, rows = reference.initial_parameters(session), reference.batch_rows(session, 1)
    expected = reference.central_differences(session, parameters, rows)
    loss = reference.batch_loss(session, parameters, rows)
    for name, analytic in gradients(stepper, session).items():
        numeric = expected[name]
        tolerance = 1e-7 * max(abs(analytic), abs(numeric)) + 1e-9 * max(1.0, abs(loss))
        assert abs(analytic - numeric) <= tolerance, (name, analytic, numeric)


TINY = 5e-324
EXACT: list[tuple[str | dict[str, Any], float, float, float]] = [
    # activation, z, a, da/dz
    ("relu", 0.0, 0.0, 0.0),
    ("relu", -0.0, 0.0, 0.0),
    ("relu", TINY, TINY, 1.0),
    ("relu", -TINY, 0.0, 0.0),
    ("binary_step", 0.0, 1.0, 0.0),
    ("binary_step", -0.0, 1.0, 0.0),
    ("binary_step", TINY, 1.0, 0.0),
    ("binary_step", -TINY, 0.0, 0.0),
    ("leaky_relu", 0.0, 0.0, 0.01),
    ("leaky_relu", -0.0, 0.0, 0.01),
    ("leaky_relu", TINY, TINY, 1.0),
    ("leaky_relu", -TINY, 0.0, 0.01),
    ("leaky_relu", -3.0, -0.03, 0.01),
    ("leaky_relu", 3.0, 3.0, 1.0),
    ({"name": "leaky_relu", "slope": 0.5}, -3.0, -1.5, 0.5),
    ("prelu", 0.0, 0.0, 0.25),
    ("prelu", -0.0, 0.0, 0.25),
    ("prelu", TINY, TINY, 1.0),
    ("prelu", -TINY, 0.0, 0.25),
    ("prelu", -3.0, -0.75, 0.25),
    ({"name": "prelu", "slope": 0.5}, -3.0, -1.5, 0.5),
    ("elu", 0.0, 0.0, 1.0),
    ("elu", -0.0, 0.0, 1.0),
    ("elu", TINY, TINY, 1.0),
    ("elu", -TINY, -TINY, 1.0),
    ("elu", -800.0, -1.0, 0.0),
    ("elu", 800.0, 800.0, 1.0),
    ({"name": "elu", "alpha": 2.0}, 0.0, 0.0, 2.0),
    ({"name": "elu", "alpha": 2.0}, -0.0, 0.0, 2.0),
    ({"name": "elu", "alpha": 2.0}, TINY, TINY, 1.0),
    ({"name": "elu", "alpha": 2.0}, -TINY, -2 * TINY, 2.0),
    ({"name": "elu", "alpha": 2.0}, -800.0, -2.0, 0.0),
    ("selu", 0.0, 0.0, 1.7580993408473766),
    ("selu", -0.0, 0.0, 1.7580993408473766),
    ("selu", TINY, TINY, 1.0507009873554805),
    ("selu", -TINY, -2 * TINY, 1.7580993408473766),
    ("selu", 2.0, 2.101401974710961, 1.0507009873554805),
    ("selu", -800.0, -1.7580993408473766, 0.0),
    ("softplus", 0.0, 0.6931471805599453, 0.5),
    ("softplus", -0.0, 0.6931471805599453, 0.5),
    ("softplus", 800.0, 800.0, 1.0),
    ("softplus", -800.0, 0.0, 0.0),
    ("swish", 0.0, 0.0, 0.5),
    ("swish", -0.0, 0.0, 0.5),
    ("swish", 800.0, 800.0, 1.0),
    ("swish", -800.0, 0.0, 0.0),
    ("gelu", 0.0, 0.0, 0.5),
    ("gelu", -0.0, 0.0, 0.5),
    ("gelu", 40.0, 40.0, 1.0),
    ("gelu", -40.0, 0.0, 0.0),
    ("sigmoid", 0.0, 0.5, 0.25),
    ("sigmoid", 40.0, 1.0, 0.0),
    ("sigmoid", -800.0, 0.0, 0.0),
    ("sigmoid", 800.0, 1.0, 0.0),
    ("tanh", 0.0, 0.0, 1.0),
    ("tanh", -800.0, -1.0, 0.0),
    ("identity", -3.5, -3.5, 1.0),
]
"""The table of numerics.md, at kinks and far out."""

OVER_1, UNDER_1 = 1.0000000000000002, 0.9999999999999999
EXACT_LOSSES: list[tuple[str, list[float], float, list[float]]] = [
    # loss, errors a - y, value, dL/da
    ("half_squared_error", [3.0], 4.5, [3.0]),
    ("half_squared_error", [3.0, -1.0], 5.0, [3.0, -1.0]),
    ("mean_squared_error", [0.0], 0.0, [0.0]),
    ("mean_squared_error", [3.0], 9.0, [6.0]),
    ("mean_squared_error", [3.0, -1.0], 5.0, [3.0, -1.0]),
    ("mean_squared_error", [2.0, 0.0, 0.0, 0.0], 1.0, [1.0, 0.0, 0.0, 0.0]),
    ("mean_absolute_error", [0.0], 0.0, [0.0]),
    ("mean_absolute_error", [-0.0], 0.0, [0.0]),
    ("mean_absolute_error", [TINY], TINY, [1.0]),
    ("mean_absolute_error", [-TINY], TINY, [-1.0]),
    ("mean_absolute_error", [3.0, -1.0], 2.0, [0.5, -0.5]),
    ("mean_absolute_error", [3.0, 0.0], 1.5, [0.5, 0.0]),
    ("huber", [0.0], 0.0, [0.0]),
    ("huber", [TINY], 0.0, [TINY]),
    ("huber", [0.5], 0.125, [0.5]),
    ("huber", [1.0], 0.5, [1.0]),
    ("huber", [-1.0], 0.5, [-1.0]),
    ("huber", [OVER_1], 0.5000000000000002, [1.0]),
    ("huber", [-OVER_1], 0.5000000000000002, [-1.0]),
    ("huber", [UNDER_1], 0.4999999999999999, [UNDER_1]),
    ("huber", [-UNDER_1], 0.4999999999999999, [-UNDER_1]),
    ("huber", [-3.0], 2.5, [-1.0]),
    ("huber", [3.0, 0.5], 1.3125, [0.5, 0.25]),
]
"""Losses and their derivatives at and around their kinks, and the share that each of several outputs has."""

EXACT_PENALTIES: list[tuple[float, float, float, float, float]] = [
    # l1, l2, w, penalty, its derivative
    (0.5, 0.0, 0.0, 0.0, 0.0),
    (0.5, 0.0, -0.0, 0.0, 0.0),
    (0.5, 0.0, TINY, 0.0, 0.5),
    (0.5, 0.0, -TINY, 0.0, -0.5),
    (0.5, 0.0, -2.0, 1.0, -0.5),
    (0.0, 0.5, 2.0, 1.0, 1.0),
    (0.0, 0.5, -4.0, 4.0, -2.0),
    (0.5, 0.25, -2.0, 1.5, -1.0),
]
"""l1·|w| + l2/2·w² and l1·sign(w) + l2·w, with sign(0) = 0."""


def one_neuron(activation: str | dict[str, Any], loss: str, z: list[float], y: list[float]) -> SessionMapping:
    """One input of 1, a layer without biases whose weights are its pre-activations, one sample."""
    return complete_session(
        1,
        [{"neurons": len(z), "activation": activation, "bias": "none"}],
        initial={"kind": "values", "weights": [[[value] for value in z]], "biases": [[]]},
        loss=loss,
        optimizer={"name": "gradient_descent", "learning_rate": 0.5},
        data={"kind": "values", "inputs": [[1.0]], "targets": [y]},
    )


def finished(session: SessionMapping) -> Stepper:
    """A stepper at the end of the first iteration."""
    stepper = Stepper(open_session(session))
    stepper.next(Unit.ITERATION)
    return stepper


def check_exact_values(activation: str | dict[str, Any], z: float, a: float, slope: float) -> None:
    """One neuron with target 2: its activation, its derivative, and (a - 2) times the derivative."""
    stepper = finished(one_neuron(activation, "half_squared_error", [z], [2.0]))
    found = [stepper.value(name) for name in ("a[1,1]", "da/dz[1,1]", "dL/dz[1,1]", "dL/dw[1,1,1]")]
    assert found == [a, slope, (a - 2.0) * slope, (a - 2.0) * slope]


def check_exact_loss(loss: str, errors: list[float], value: float, derivatives: list[float]) -> None:
    """Linear neurons with targets 0, whose outputs are the errors."""
    stepper = finished(one_neuron("identity", loss, errors, [0.0] * len(errors)))
    assert stepper.value("loss") == value
    assert [stepper.value(f"dL/da[1,{k}]") for k in range(1, len(errors) + 1)] == derivatives


def check_exact_penalty(l1: float, l2: float, w: float, value: float, derivative: float) -> None:
    """One linear neuron without error, with a bias that the penalty leaves alone."""
    session = one_neuron("identity", "half_squared_error", [w], [w + 8.0]) | {"penalty": {"l1": l1, "l2": l2}}
    session["network"]["layers"][0]["bias"] = "per_neuron"
    session["initial"]["biases"] = [[8.0]]
    stepper = finished(session)
    assert [stepper.value(name) for name in ("loss", "penalty", "batch_loss")] == [0.0, value, value]
    assert [stepper.value(name) for name in ("grad[w[1,1,1]]", "grad[b[1,1]]")] == [derivative, 0.0]


class Environment:
    """The value behind every symbol of a formula, as a frame shows it for one sample."""

    def __init__(self, session: SessionMapping, notation: Notation) -> None:
        named = [parse(name) for name in names(session)]
        self.quantities = {plain(notation.symbol(quantity)): quantity for quantity in named}
        assert len(self.quantities) == len(named), "two quantities share one symbol"
        rows = range(1, len(session["data"]["inputs"]) + 1)
        summed = [quantity for quantity in named if quantity.kind in ("loss", "dL/dw", "dL/db", "dL/dslope")]
        self.marked = {plain(notation.symbol(quantity, row)): (quantity, row) for quantity in summed for row in rows}
        net = Net(session)
        self.jacobians = {
            plain(notation.derivative(parse(f"a[{l},{k}]"), parse(f"z[{l},{j}]"))): (l, k, j)
            for l in range(1, net.last + 1)
            if net.is_softmax(l)
            for k in net.neurons(l)
            for j in net.neurons(l)
        }
        self.slopes = {
            plain(notation.derivative(parse(f"a[{l},{j}]"), parse(f"slope[{l}]"))): (l, j)
            for l in range(1, net.last + 1)
            if net.has_slope(l)
            for j in net.neurons(l)
        }
        optimizer = session["optimizer"]
        self.rates = {**reference.OPTIMIZERS[optimizer["name"]].defaults, **optimizer}
        self.penalty = {"λ1": session["penalty"]["l1"], "λ2": session["penalty"]["l2"]}

    def value(self, frame: Frame, sample: int | None, text: str) -> float:
        """The value of a symbol, or of a derivative, at the frame's cursor."""
        if text == "η":
            return frame.learning_rate
        if text == "t":
            return frame.cursor.iteration
        if text in SYMBOLS_OF_HYPERPARAMETERS:
            return float(self.rates[SYMBOLS_OF_HYPERPARAMETERS[text]])
        if text in self.penalty:
            return self.penalty[text]
        if text in self.slopes:
            z = frame.value(parse("z[{},{}]".format(*self.slopes[text])), sample)
            assert z is not None
            return min(0.0, z)
        if text in self.jacobians:
            l, k, j = self.jacobians[text]
            a_k, a_j = (frame.value(parse(f"a[{l},{i}]"), sample) for i in (k, j))
            assert a_k is not None
            assert a_j is not None
            return a_k * ((k == j) - a_j)
        quantity, sample = self.marked.get(text) or (self.quantities[text], sample)
        value = frame.value(quantity, sample)
        assert value is not None, (text, quantity, sample, frame.cursor)
        return value


def names(session: SessionMapping) -> list[str]:
    """Every quantity that has a symbol in this session, each once."""
    found = {name: None for name, _ in cells(session, 1)}
    parameters = reference.names(session)
    own_stages = [stage for stage in STAGES[session["optimizer"]["name"]] if stage != "w"]
    stages = [f"{stage}[{name}]" for stage in own_stages for name in parameters]
    several = ["batch_loss", "penalty", *(f"grad[{name}]" for name in parameters)]
    inputs, outputs = session["network"]["inputs"], session["network"]["layers"][-1]["neurons"]
    given = [*(f"x[{i + 1}]" for i in range(inputs)), *(f"y[{k + 1}]" for k in range(outputs))]
    return list(dict.fromkeys([*given, *found, *parameters, *stages, *several]))


def check_properties(session: SessionMapping, iterations: int = 1) -> None:
    """Every operation of some iterations, stepping: written once, read only when written, terms and formulas equal to
    the stored values."""
    stepper = Stepper(open_session(session))
    notation = Notation(session["notation"], stepper.session.spec.network.shape)
    environment = Environment(session, notation)
    for iteration in range(1, iterations + 1):
        written: Counter[tuple[str, int | None]] = Counter()
        stepper.seek(iteration)
        while (operation := stepper.frame.next_operation) is not None:
            check_reads(session, operation, written)
            check_terms(operation)
            check_formula(stepper.frame, operation, environment)
            written[str(operation.quantity), operation.sample] += 1
            stepper.next(Unit.OPERATION)
            check_done(stepper, operation)
        assert written == Counter(cells(session, iteration))


def check_done(stepper: Stepper, operation: Operation) -> None:
    """After the step the operation is the one last done, and what it wrote has its value."""
    done = stepper.operation
    assert done is not None
    assert (done.number, done.quantity, done.value) == (operation.number, operation.quantity, operation.value)
    assert stepper.value(operation.quantity, sample=operation.sample) == operation.value


def check_reads(session: SessionMapping, operation: Operation, written: Mapping[tuple[str, int | None], int]) -> None:
    """Only what is given, old parameters, or what an operation before has written; a stage also its own old slot."""
    for read in operation.reads():
        name, cell = str(read.quantity), (str(read.quantity), read.sample)
        if read.quantity.kind in ("x", "y"):
            assert read.sample == operation.sample, cell
        elif read.quantity.is_parameter:
            assert cell not in written, f"{name} is read when it is already new"
            assert operation.phase != "update" or operation.quantity == read.quantity
        elif cell not in written:
            is_slot = read.quantity.kind in slots_of(session)
            assert is_slot, f"{cell} is read before it is written"
            assert operation.quantity == read.quantity
        if operation.phase == "update":
            check_read_of_stage(operation, read)


def check_read_of_stage(operation: Operation, read: Read) -> None:
    """An update of a parameter reads what belongs to that parameter."""
    own = operation.quantity.parameter or operation.quantity
    kind, indices, parameter = read.quantity
    assert own in (read.quantity, parameter) or (kind, indices) == (f"dL/d{own.kind}", own.indices)


def check_terms(operation: Operation) -> None:
    """The terms evaluated as scalars, and the right side in numbers, are the stored value."""
    if not operation.is_application:
        terms = [product([Value(factor.value) for factor in term]) for term in operation.terms]
        assert_near(operation.value, total(terms), operation.quantity)
    assert_near(operation.value, evaluate(operation.substitution), operation.quantity)


def check_formula(frame: Frame, operation: Operation, environment: Environment) -> None:
    """The right side in symbols, with what the frame shows for them just before the operation."""
    value = evaluate(operation.formula, partial(environment.value, frame, operation.sample))
    assert_near(operation.value, value, operation.quantity)


def check_chains(session: SessionMapping) -> None:
    """Every gradient of every sample of the first iteration: its chain's running products, and how many ways it has."""
    stepper, net = Stepper(open_session(session)), Net(session)
    for number, row in enumerate(operations(session, 1), 1):
        if not row.quantity.startswith("dL/d"):
            continue
        stepper.seek(1, number)
        chain, operation = stepper.frame.chain, stepper.operation
        assert chain is not None
        assert operation is not None
        ways = ways_to(net, row.quantity)
        if ways > MOST_WAYS:
            continue
        assert str(chain.quantity) == row.quantity
        assert chain.value == operation.value
        assert written_ways(chain) == ways
        running = check_chain(chain)
        assert_near(chain.value, running, row.quantity)
        assert_near(chain.value, evaluate(chain.numbers), row.quantity)
        if ways == 1:
            assert len(chain.links) == row.parts


def ways_to(net: Net, gradient: str) -> int:
    """How many ways lead from the loss to a gradient's quantity."""
    quantity = parse(gradient)
    l = quantity.indices[0]
    if quantity.kind == "dL/da":
        return net.ways_to_a(l)
    if quantity.kind == "dL/dslope":
        return net.ways_to_a(l) * net.sizes[l]
    shared = quantity.kind == "dL/db" and len(quantity.indices) == 1
    return net.ways_to_z(l) * (net.sizes[l] if shared else 1)


def written_ways(chain: Chain) -> int:
    """How many ways a chain writes out."""
    return sum(map(written_ways, chain.branches)) if chain.branches else 1


def check_chain(chain: Chain) -> Value:
    """The product of a chain's factors, or the sum over its branches; each running product is the one it states."""
    running = total([check_chain(branch) for branch in chain.branches]) if chain.branches else Value(1.0)
    for link in chain.links:
        running = product([running, Value(link.factor.value)])
        assert_near(link.product, running, (chain.quantity, link.reached))
    if chain.links:
        assert chain.value == chain.links[-1].product
    return running


def check_notations(session: SessionMapping) -> None:
    """In every notation each quantity has a symbol of its own."""
    shape = open_session(session).spec.network.shape
    for notation in NOTATIONS:
        Environment(session, Notation(notation, shape))


def state_of(stepper: Stepper, session: SessionMapping) -> dict[Any, Any]:
    """Everything that a stepper shows at its cursor, floats by hex: parameters, slots, values of every sample."""
    frame = stepper.frame
    rows = reference.batch_rows(session, stepper.cursor.iteration)
    parameters = reference.names(session)
    found: dict[Any, Any] = {"cursor": stepper.cursor, "learning_rate": float(frame.learning_rate).hex()}
    found |= {name: value.hex() for name, value in stepper.parameters().items()}
    slots = [f"{slot}[{name}]" for slot in slots_of(session) for name in parameters]
    for name in dict.fromkeys([*slots, *names(session)]):
        for row in rows:
            found[name, row] = hexed(stepper.value(name, sample=row + 1))
    return found


def test_losses_of(stepper: Stepper) -> list[str]:
    """The losses of the rows held back by hex."""
    return [float(loss).hex() for loss in stepper.frame.test_losses]


test_losses_of.__test__ = False  # type: ignore[attr-defined]  # values, no test


def hexed(value: float | None) -> str | None:
    return None if value is None else float(value).hex()


def losses_of(stepper: Stepper) -> list[str]:
    """The losses by hex."""
    return [float(loss).hex() for loss in np.asarray(stepper.losses())]
