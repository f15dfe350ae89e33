"""Which settings a session has: sections made from the registries, a pure function of the frame."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.edits import Entry
from engine.frame import Frame
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.network import BIASES, Layer, Scheme
from engine.notation import NOTATIONS
from engine.optimizers import OPTIMIZERS
from engine.quantities import LEARNING_RATE
from engine.spec import Columns, Generator, Spec, check_learning_rate
from gui import text
from gui.settings import specs
from gui.settings.controls import (
    NARROW,
    SMALL,
    Button,
    Choice,
    Control,
    FromFile,
    InNotation,
    Number,
    Option,
    Request,
    Row,
    Section,
    Tick,
    Words,
)

CSV = "csv"
WHOLE, ONE, SEVERAL = "all", "one", "several"


def sections(frame: Frame) -> tuple[Section, ...]:
    """All settings of the session shown."""
    spec = specs.begun_with(frame.session)
    return (
        Section(text.NETWORK, text.NEW_RUN, tuple(_network(spec))),
        Section(text.START, text.NEW_RUN, tuple(_start(spec))),
        Section(text.LOSS, text.NEW_RUN, tuple(_loss(spec))),
        Section(text.TRAINING, "", tuple(_optimizer(spec, frame))),
        Section(text.BATCH, text.NEW_RUN, tuple(_batches(spec))),
        Section(text.DATA, text.NEW_RUN, tuple(_data(spec))),
        Section(text.SYMBOLS, text.AT_ONCE, tuple(_symbols(frame.session.notation))),
    )


def options(names: Iterable[str], tip: Callable[[str], str] = lambda name: "") -> tuple[Option, ...]:
    """The names in words."""
    return tuple(Option(name, text.words(name), tip(name)) for name in names)


def real(key: str, name: str, value: float, ask: Callable[[float], Request], tip: str = "") -> Number:
    return Number(key, name, text.typed(value), ask, tip=tip)


def whole(key: str, name: str, value: int, ask: Callable[[int], Request]) -> Number:
    return Number(key, name, str(value), lambda number: ask(int(number)), is_whole=True)


def _network(spec: Spec) -> Iterator[Row]:
    for number, layer in enumerate(spec.network.layers, 1):
        yield _layer(spec, number, layer)
        for name in layer.function.constants:
            yield _constant(spec, number, layer, name)
    yield Row("", (Button("add", text.ADD_LAYER, text.ADD_LAYER, lambda: specs.with_layer_added(spec)),))


def _layer(spec: Spec, number: int, layer: Layer) -> Row:
    is_output = number == spec.network.last
    neurons: Control
    if is_output:
        neurons = Words("outputs", str(layer.neurons), NARROW)
    else:
        neurons = whole(
            f"neurons {number}", text.of_layer(number, text.NEURONS), layer.neurons,
            lambda count: specs.with_layer(spec, number, layer._replace(neurons=count)),
        )._replace(is_narrow=True)  # fmt: skip
    controls: tuple[Control, ...] = (
        neurons,
        Choice(
            f"activation {number}", text.of_layer(number, text.ACTIVATION),
            options(ACTIVATIONS, lambda name: ACTIVATIONS[name].note), layer.activation,
            lambda name: specs.with_activation(spec, number, name),
        ),
        Choice(
            f"bias {number}", text.of_layer(number, text.BIAS), options(BIASES), layer.bias,
            lambda name: specs.with_layer(spec, number, layer._replace(bias=name)),
        ),
    )  # fmt: skip
    if is_output:
        controls += (Words("gap", "", SMALL),)
    else:
        words = text.of_layer(number, text.REMOVE)
        controls += (Button(f"remove {number}", words, "×", lambda: specs.without_layer(spec, number), is_small=True),)
    return Row(text.layer_name(number, spec.network.last), controls, layer.function.note)


def _constant(spec: Spec, number: int, layer: Layer, name: str) -> Row:
    """A constant of a layer's activation; of a trained one the value it begins with."""
    value = layer.all_constants[name]
    is_trained = layer.has_slope and layer.function.slope is not None
    if is_trained:
        value = spec.initial_values.slopes[number - 1] or 0.0
    return Row(
        "",
        (
            Words(f"name {name} {number}", text.words(name)),
            real(
                f"{name} {number}", text.of_layer(number, text.words(name)), value,
                lambda typed: specs.with_constant(spec, number, name, typed),
            ),
            Words(f"what {name} {number}", text.TRAINED if is_trained else text.FIXED),
        ),
    )  # fmt: skip


def _start(spec: Spec) -> Iterator[Row]:
    initial = spec.initial
    name = initial.name if isinstance(initial, Scheme) else specs.OWN_VALUES
    choice = Choice(
        "initial", text.VALUES_FROM,
        (Option(specs.OWN_VALUES, text.OWN_VALUES_WORDS),
         *options(INITIALIZERS, lambda scheme: INITIALIZERS[scheme].summary)),
        name, lambda chosen: specs.with_initial(spec, chosen),
    )  # fmt: skip
    yield Row(text.VALUES_FROM, (choice,), specs.start_summary(initial) or text.OWN_VALUES_NOTE)
    if isinstance(initial, Scheme):
        scheme, seed = initial.name, spec.seed if initial.seed is None else initial.seed
        field = Number(
            "initial seed", text.START_SEED, "" if initial.seed is None else str(initial.seed),
            lambda typed: replace(spec, initial=Scheme(scheme, int(typed))), is_whole=True,
            empty=f"{text.SESSION_SEED}, {spec.seed}", ask_empty=lambda: replace(spec, initial=Scheme(scheme)),
        )  # fmt: skip
        again = Button(
            "draw", text.DRAW_ANEW, text.DRAW_ANEW, lambda: replace(spec, initial=Scheme(scheme, specs.next_seed(seed)))
        )
        yield Row(text.SEED, (field, again))


def _loss(spec: Spec) -> Iterator[Row]:
    output = spec.network.layers[-1].activation
    losses = tuple(
        option._replace(problem=specs.loss_problem(option.name, output, spec.data)) for option in options(LOSSES)
    )
    yield Row(text.FUNCTION, (Choice("loss", text.LOSS, losses, spec.loss, lambda name: replace(spec, loss=name)),))
    for key, label in (("l1", text.L1), ("l2", text.L2)):
        field = real(key, label, getattr(spec.penalty, key), _penalty(spec, key))
        yield Row(label, (field,))


def _penalty(spec: Spec, key: str) -> Callable[[float], Spec]:
    return lambda value: replace(spec, penalty=spec.penalty._replace(**{key: value}))


def _optimizer(spec: Spec, frame: Frame) -> Iterator[Row]:
    name = spec.optimizer.name

    def set_rate(value: float) -> Request:
        check_learning_rate(value)
        return [Entry(LEARNING_RATE, value)]

    rate = real("rate", text.RATE, frame.learning_rate, set_rate)
    yield Row(text.RATE, (rate,), text.RATE_NOTE)
    yield Row(
        text.OPTIMIZER,
        (Choice("optimizer", text.TRAINING, options(OPTIMIZERS), name, lambda n: specs.with_optimizer(spec, n)),),
    )
    optimizer = OPTIMIZERS[name]
    for key, default in optimizer.defaults.items():
        value = spec.optimizer.all_hyperparameters[key]
        tip = text.bounds(default, *optimizer.bounds[key])
        field = real(key, text.words(key).capitalize(), value, _hyperparameter(spec, key), tip)
        yield Row(text.words(key).capitalize(), (field,))


def _hyperparameter(spec: Spec, key: str) -> Callable[[float], Spec]:
    return lambda value: specs.with_hyperparameter(spec, key, value)


def _batches(spec: Spec) -> Iterator[Row]:
    size = spec.batch_size
    names = {WHOLE: text.WHOLE_BATCH, ONE: text.SINGLE, SEVERAL: text.SEVERAL}
    sizes = {WHOLE: None, ONE: 1, SEVERAL: min(2, spec.samples)}
    choice = Choice(
        "batch", text.SIZE, tuple(Option(name, words) for name, words in names.items()),
        WHOLE if size is None else ONE if size == 1 else SEVERAL,
        lambda name: replace(spec, batch_size=sizes[name]),
    )  # fmt: skip
    controls: tuple[Control, ...] = (choice,)
    if size is not None and size > 1:
        field = whole("size", text.ROWS_AT_ONCE, size, lambda rows: replace(spec, batch_size=rows))
        controls += (field._replace(is_narrow=True),)
    yield Row(text.SIZE, controls)
    yield Row("", (Tick("shuffle", text.SHUFFLE, spec.shuffle, lambda is_on: replace(spec, shuffle=is_on)),))
    yield Row(text.SEED, (whole("seed", text.SEED, spec.seed, lambda seed: replace(spec, seed=seed)),))


def _data(spec: Spec) -> Iterator[Row]:
    data, source = spec.data, spec.data.source
    known = [Option(specs.TYPED, text.TYPED_WORDS)]
    known += [Option(name, text.words(name), entry.description) for name, entry in DATASETS.items()]
    if isinstance(source, Columns):
        known.append(Option(CSV, source.path))
    chosen = source.name if isinstance(source, Generator) else CSV if source else specs.TYPED

    def take(name: str) -> Request:
        return spec if name == CSV else specs.with_source(
            spec, name, lambda generator: (DATASETS[generator].samples, DATASETS[generator].noise)
        )  # fmt: skip

    note = DATASETS[source.name].description if isinstance(source, Generator) else ""
    if isinstance(source, Columns):
        note = text.columns(source)
    yield Row(text.ROWS_FROM, (Choice("source", text.ROWS_FROM, tuple(known), chosen, take),), note)
    yield Row("", (Button("file", text.FROM_FILE, text.FROM_FILE, FromFile),))
    if isinstance(source, Generator):
        yield from _generator(spec, source)
    if source is None:
        inputs, targets = spec.network.inputs, spec.network.sizes[-1]
        yield Row(
            text.INPUTS,
            (whole("inputs", text.INPUTS, inputs, lambda count: specs.with_columns(spec, count, targets)),),
        )
        yield Row(
            text.TARGETS,
            (whole("targets", text.TARGETS, targets, lambda count: specs.with_columns(spec, inputs, count)),),
        )
    held = real("held", text.HELD_BACK, data.test_fraction, lambda share: specs.with_held_back(spec, share))
    yield Row(text.HELD_BACK, (held,), text.rows_held_back(data))


def _generator(spec: Spec, source: Generator) -> Iterator[Row]:
    def set_samples(count: int) -> Request:
        return specs.with_generator(spec, source._replace(samples=count))

    def set_seed(seed: int) -> Request:
        return specs.with_generator(spec, source._replace(seed=seed))

    def set_noise(noise: float) -> Request:
        return specs.with_generator(spec, source._replace(noise=noise))

    yield Row(text.SAMPLES, (whole("samples", text.SAMPLES, source.samples, set_samples),))
    yield Row(text.NOISE, (real("noise", text.NOISE, source.noise, set_noise),))
    yield Row(text.SEED, (whole("data seed", text.DATA_SEED, source.seed, set_seed),))


def _symbols(notation: str) -> Iterator[Row]:
    yield Row(text.NOTATION, (Choice("notation", text.SYMBOLS, options(NOTATIONS), notation, InNotation),))
