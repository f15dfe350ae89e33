"""Specs made from a spec by one choice; what no longer fits beside it is brought along, so that each is valid."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.checks import SpecError, check_whole
from engine.edits import fitted, folded
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.network import (
    LARGEST_SEED,
    MOST_NEURONS,
    Initial,
    Layer,
    Network,
    Scheme,
    check_network,
    frozen_parameters,
)
from engine.optimizers import OPTIMIZERS
from engine.quantities import Quantity
from engine.session import Session
from engine.spec import Data, Generator, OptimizerChoice, Spec, generated_data
from gui import text

OWN_VALUES, TYPED = "values", "typed"
NEW_LAYER = 2


def begun_with(session: Session) -> Spec:
    """The spec that a new run begins from: the edits of iteration 1 belong to it."""
    return folded(session.spec, session.edits) if session.edits else session.spec


def loss_problem(name: str, output: str, data: Data) -> str:
    """Why a loss does not fit an output's activation or the targets; empty where it does."""
    loss = LOSSES[name]
    if loss.after not in (None, output):
        return text.loss_follows(name, loss.after)
    low, high = loss.targets
    if all(low <= y <= high for row in data.targets for y in row):
        return ""
    return text.loss_needs_targets(name, low, high)


def with_loss_that_fits(network: Network, data: Data, loss: str) -> str:
    """The loss itself where it fits, else the one made for the output's activation, else the first that fits."""
    output = network.layers[-1].activation
    fitting = [name for name in LOSSES if not loss_problem(name, output, data)]
    if loss in fitting:
        return loss
    return max(fitting, key=lambda name: LOSSES[name].after is not None)


def with_network(spec: Spec, network: Network, origins: Sequence[int | None], data: Data | None = None) -> Spec:
    """Another network, with other data where they come with it. origins: which layer of the old network, from 1, each
    new one was; what fits keeps its initial values and stays frozen."""
    check_network(network)
    data = data or spec.data
    initial = spec.initial
    if isinstance(initial, Initial):
        slopes = initial.slopes or (None,) * spec.network.last
        kept = [l and _slope_kept(spec.network.layers[l - 1], layer, slopes[l - 1]) for l, layer in
                zip(origins, network.layers, strict=True)]  # fmt: skip
        initial = Initial(
            tuple(initial.weights[l - 1] if l else () for l in origins),
            tuple(initial.biases[l - 1] if l else () for l in origins),
            tuple(kept) if any(slope is not None for slope in kept) else (),
        )
    return replace(
        spec,
        network=network,
        initial=fitted(initial, network, spec.seed),
        loss=with_loss_that_fits(network, data, spec.loss),
        data=data,
        batch_size=_batch_that_fits(spec, data),
        frozen=_still_frozen(spec, network, origins),
    )


def _slope_kept(old: Layer, new: Layer, slope: float | None) -> float | None:
    """A trained slope stays where its constant does."""
    return slope if (old.activation, old.constants) == (new.activation, new.constants) else None


def _batch_that_fits(spec: Spec, data: Data) -> int | None:
    return min(spec.batch_size, len(data.inputs) - data.held_back) if spec.batch_size else None


def _still_frozen(spec: Spec, network: Network, origins: Sequence[int | None]) -> tuple[str, ...]:
    """What was frozen and is still there, by its layer's new number; as it was named, where no layer has moved."""
    if [*origins] == [*range(1, spec.network.last + 1)]:
        return tuple(name for name in spec.frozen if _has(network, name))
    places = {old: new for new, old in enumerate(origins, 1) if old}
    named = {q: None for name in spec.frozen for q in frozen_parameters(spec.network, name)}
    moved = [Quantity(q.kind, (places[q.indices[0]], *q.indices[1:])) for q in named if q.indices[0] in places]
    return tuple(name for name in map(str, moved) if _has(network, name))


def _has(network: Network, name: str) -> bool:
    try:
        return bool(frozen_parameters(network, name))
    except SpecError:
        return False


def with_layer(spec: Spec, number: int, layer: Layer) -> Spec:
    """Another layer in place of layer `number`, from 1."""
    layers = list(spec.network.layers)
    layers[number - 1] = layer
    return with_network(spec, replace(spec.network, layers=tuple(layers)), range(1, len(layers) + 1))


def with_activation(spec: Spec, number: int, name: str) -> Spec:
    """Another activation, with its constants as they are by default."""
    layer = spec.network.layers[number - 1]
    return with_layer(spec, number, layer._replace(activation=name, constants={}))


def with_constant(spec: Spec, number: int, name: str, value: float) -> Spec:
    """Another constant of a layer's activation; of a trained one the value it begins with."""
    layer = spec.network.layers[number - 1]
    constants = {**layer.constants, name: value}
    kept = {key: constant for key, constant in constants.items() if constant != layer.function.constants.get(key)}
    changed = with_layer(spec, number, layer._replace(constants=kept))
    if isinstance(changed.initial, Initial) and changed.initial.slopes and layer.has_slope:
        slopes = list(changed.initial.slopes)
        slopes[number - 1] = value
        return replace(changed, initial=changed.initial._replace(slopes=tuple(slopes)))
    return changed


def with_layer_added(spec: Spec) -> Spec:
    """One more hidden layer before the output, like the one before it."""
    *hidden, output = spec.network.layers
    like = hidden[-1] if hidden else Layer(NEW_LAYER, output.activation, output.bias)
    network = replace(spec.network, layers=(*hidden, like, output))
    return with_network(spec, network, [*range(1, len(hidden) + 1), None, spec.network.last])


def without_layer(spec: Spec, number: int) -> Spec:
    """Without a hidden layer, from 1."""
    kept = [l for l in range(1, spec.network.last + 1) if l != number]
    network = replace(spec.network, layers=tuple(spec.network.layers[l - 1] for l in kept))
    return with_network(spec, network, kept)


def with_data(spec: Spec, data: Data) -> Spec:
    """Other rows; inputs and outputs of the network become as many as they have."""
    *hidden, output = spec.network.layers
    layers = (*hidden, output._replace(neurons=len(data.targets[0])))
    return with_network(spec, Network(len(data.inputs[0]), layers), range(1, len(layers) + 1), data)


def with_source(spec: Spec, name: str, defaults: Callable[[str], tuple[int, float]]) -> Spec:
    """The rows of a generator with its default size and noise, by defaults(name); or the present ones as typed ones."""
    if name == TYPED:
        return replace(spec, data=spec.data._replace(source=None))
    samples, noise = defaults(name)
    return with_generator(spec, Generator(name, samples, noise, spec.seed))


def with_generator(spec: Spec, source: Generator) -> Spec:
    return with_data(spec, generated_data(source, spec.data.test_fraction))


def with_columns(spec: Spec, inputs: int, targets: int) -> Spec:
    """Typed rows with so many inputs and targets; new ones are 0."""
    for place, count in (("inputs", inputs), ("targets", targets)):
        check_whole(place, count, 1, MOST_NEURONS)

    def widened(rows: tuple[tuple[float, ...], ...], width: int) -> tuple[tuple[float, ...], ...]:
        return tuple((*row[:width], *(0.0,) * (width - len(row))) for row in rows)

    data = spec.data
    data = data._replace(inputs=widened(data.inputs, inputs), targets=widened(data.targets, targets), source=None)
    return with_data(spec, data)


def with_held_back(spec: Spec, fraction: float) -> Spec:
    """Another share of the rows held back; a batch is no larger than what is left."""
    check = replace(spec, data=spec.data._replace(test_fraction=fraction), batch_size=None)
    return replace(check, batch_size=_batch_that_fits(spec, check.data))


def with_initial(spec: Spec, name: str) -> Spec:
    """Initial values of one's own, the present ones to begin with; or those of a scheme."""
    if name == OWN_VALUES:
        return replace(spec, initial=spec.initial_values)
    seed = spec.initial.seed if isinstance(spec.initial, Scheme) else None
    return replace(spec, initial=Scheme(name, seed))


def with_optimizer(spec: Spec, name: str) -> Spec:
    """Another optimizer at the same learning rate; hyperparameters that both have stay."""
    defaults = OPTIMIZERS[name].defaults
    kept = {key: value for key, value in spec.optimizer.hyperparameters.items() if key in defaults}
    return replace(spec, optimizer=OptimizerChoice(name, spec.optimizer.learning_rate, kept))


def with_hyperparameter(spec: Spec, name: str, value: float) -> Spec:
    """Another value of a hyperparameter; what is as by default is not written down."""
    choice = spec.optimizer
    chosen = {**choice.hyperparameters, name: value}
    kept = {key: v for key, v in chosen.items() if v != OPTIMIZERS[choice.name].defaults.get(key)}
    return replace(spec, optimizer=choice._replace(hyperparameters=kept))


def next_seed(seed: int) -> int:
    """The seed after this one; after the largest the first."""
    return (seed + 1) % (LARGEST_SEED + 1)


def start_summary(initial: Initial | Scheme) -> str:
    """A scheme in words; empty for values of one's own."""
    return INITIALIZERS[initial.name].summary if isinstance(initial, Scheme) else ""
