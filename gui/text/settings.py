"""What the settings say."""

from collections.abc import Mapping
from pathlib import Path

from engine.edits import Start
from engine.network import Scheme
from engine.spec import Columns, Data, Generator, Spec
from gui.text.numbers import typed, words

NETWORK, START, LOSS, TRAINING, BATCH, SYMBOLS, DATA = (
    "Network", "Initial values", "Loss", "Optimizer", "Batches", "Symbols", "Data"
)  # fmt: skip
NEW_RUN, AT_ONCE = "begins a new run", "at once"
ADD_LAYER, DRAW_ANEW, FROM_FILE = "Add layer", "Draw anew", "From a CSV file…"
OUTPUT, NEURONS, ACTIVATION, BIAS, REMOVE = "Output", "neurons", "activation", "bias", "remove"
TRAINED, FIXED = "at first; it is trained", ""
START_SEED, DATA_SEED = "Seed of initial values", "Seed of the data"
OWN_VALUES_NOTE = "Typed in Parameters; a layer that gets another shape is drawn at random."
FUNCTION, L1, L2, RATE = "Function", "Penalty L1", "Penalty L2", "Learning rate η"
VALUES_FROM, SEED, SIZE, SHUFFLE, ROWS_AT_ONCE = "Drawn by", "Seed", "Size", "Shuffle in each epoch", "rows at once"
OPTIMIZER, NOTATION = "Kind", "Notation"
ROWS_FROM, SAMPLES, NOISE, INPUTS, TARGETS, HELD_BACK = "Rows", "Samples", "Noise", "Inputs", "Targets", "Held back"
OWN_VALUES_WORDS, TYPED_WORDS = "own values", "typed"
WHOLE_BATCH, SINGLE, SEVERAL = "all rows", "one row", "several rows"
SESSION_SEED = "the session's"
OUTPUT_NEURONS = "As many as the data have targets"
INPUTS_NOTE = "Inputs and outputs are those of the data."
RATE_NOTE = "Holds from the iteration shown on; all else here begins a new run."
CSV_TITLE, CSV_OPEN = "Data from a CSV file", "Take these"
CSV_FILTER_OPEN = "CSV files (*.csv *.tsv *.txt);;All files (*)"
CSV_FILE, CSV_INPUT, CSV_TARGET, FIRST_ROWS = "File", "input", "target", "First rows"
SEPARATOR, DECIMAL_COMMA = "Separator", "Decimal comma (0,5)"
CSV_NEEDS = "Choose at least one input and one target."


ADD_ROW, REMOVE_LAST_ROW = "Add row", "Remove last row"


def layer_tab(number: int) -> str:
    return f"Layer {number}"


def layer_is(is_last: bool, activation: str) -> str:
    """hidden · sigmoid."""
    return f"{'output' if is_last else 'hidden'} · {words(activation)}"


def weights_of_layer(number: int) -> str:
    """The name of a table of weights."""
    return f"Weights of layer {number}"


def layer_name(number: int, last: int) -> str:
    return OUTPUT if number == last else f"Layer {number}"


def of_layer(number: int, what: str) -> str:
    """The name of a control of a layer."""
    return f"Layer {number}: {what}"


def still(problem: object, old: str) -> str:
    """Why what was typed is not taken, and what holds on."""
    return f"{str(problem).rstrip('.')}. Still {old}."


def not_whole(typed_words: str) -> str:
    return f"{typed_words} is not a whole number."


def bounds(default: float, low: float, high: float) -> str:
    """A hyperparameter's default and bounds."""
    upper = f" to below {high:g}" if high < float("inf") else ""
    return f"{default:g} by default; from {low:g}{upper}"


def csv_offer(offers: Mapping[str, str | bool], separators: Mapping[str, str]) -> str:
    """The button that reads a file the way that would help."""
    ways = [f"separated by {separators[str(offers['separator'])]}"] if "separator" in offers else []
    ways += ["with decimal commas"] if offers.get("decimal_comma") else []
    return f"Read it {' and '.join(ways)}"


def csv_taken(rows: int, inputs: int, targets: int) -> str:
    """What would be taken from a file."""
    return f"{rows:,} rows; inputs: {inputs}, targets: {targets}; the network gets as many inputs and outputs."


def csv_rows_read(rows: int) -> str:
    """How far a long file is read."""
    return f"{rows:,} rows read; Cancel stops it."


def csv_problem(error: ValueError, path: Path) -> str:
    """What is wrong in a file whose name stands above it."""
    return sentence(str(error).removeprefix(f"{path}: "))


def csv_loss(old: str, new: str) -> str:
    """The loss that comes with data for which the present one is not made."""
    return f"The loss becomes {words(new)}: {words(old)} does not fit these targets."


def loss_follows(loss: str, activation: str | None) -> str:
    """Why a loss does not fit the output."""
    return f"{words(loss)} follows {words(activation or '')} only"


def loss_needs_targets(loss: str, low: float, high: float) -> str:
    """Why a loss does not fit the targets."""
    return f"{words(loss)} needs targets from {low:g} to {high:g}"


def sentence(said: str) -> str:
    """With a capital letter and a full stop."""
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def columns(source: Columns) -> str:
    """Which columns of a file are used: x1, x2 → y."""
    return f"{', '.join(source.inputs)} → {', '.join(source.targets)}"


def rows_held_back(data: Data) -> str:
    """How many rows are not trained on."""
    count, every = data.held_back, len(data.inputs)
    if count:
        return f"{count:,} of {every:,} rows held back"
    return f"all {every:,} rows are trained on" if every > 1 else "the only row is trained on"


def row_name(row: int, trained: int) -> str:
    """A row of the data, counted from 1; those that are not trained on say so."""
    return str(row) if row <= trained else f"{row} held back"


def source(data: Data) -> str:
    """Where the rows are from: typed, spiral, data.csv."""
    if data.source is None:
        return TYPED_WORDS
    return words(data.source.name) if isinstance(data.source, Generator) else data.source.path


def start(initial: Start) -> str:
    """Where the initial values are from."""
    return words(initial.name) if isinstance(initial, Scheme) else OWN_VALUES_WORDS


def batch(spec: Spec) -> str:
    if spec.batch_size is None:
        return WHOLE_BATCH
    return SINGLE if spec.batch_size == 1 else f"{spec.batch_size} rows"


def settings(spec: Spec) -> dict[str, str]:
    """Every setting by the name that a person knows it by, the most telling first."""
    data, last = spec.data, spec.network.last
    said = {"data": source(data)}
    if isinstance(data.source, Generator):
        said |= {"samples": str(data.source.samples), "noise": typed(data.source.noise),
                 "seed of the data": str(data.source.seed)}  # fmt: skip
    said |= {"inputs": str(spec.network.inputs), "layers": str(last)}
    for number, layer in enumerate(spec.network.layers, 1):
        place = "output" if number == last else f"layer {number}"
        said[f"neurons of {place}"] = str(layer.neurons)
        said[f"activation of {place}"] = words(layer.activation)
        said |= {f"{words(name)} of {place}": typed(value) for name, value in layer.all_constants.items()}
        said[f"bias of {place}"] = words(layer.bias)
    said |= {"loss": words(spec.loss), "L1": typed(spec.penalty.l1), "L2": typed(spec.penalty.l2)}
    said["optimizer"] = words(spec.optimizer.name)
    said["η"] = typed(spec.optimizer.learning_rate)
    hyperparameters = spec.optimizer.all_hyperparameters
    said |= {words(name): typed(value) for name, value in hyperparameters.items() if name != "learning_rate"}
    said["initial values"] = start(spec.initial)
    if isinstance(spec.initial, Scheme):
        said["seed of initial values"] = "the session's" if spec.initial.seed is None else str(spec.initial.seed)
    said |= {"batch": batch(spec), "shuffle": "on" if spec.shuffle else "off", "seed": str(spec.seed)}
    said["held back"] = typed(data.test_fraction)
    return said


MOST_NAMED = 3


def difference(before: Spec, after: Spec) -> str:
    """What is set otherwise, in words: "activation of output = softmax, loss = cross entropy". Where what is chosen
    brings settings of its own (an optimizer, an activation, a source), those are not named."""
    old, new = settings(before), settings(after)
    changed = [f"{name} = {value}" for name, value in new.items() if name in old and old[name] != value]
    if old["layers"] != new["layers"]:
        return f"layers = {new['layers']}"
    return ", ".join(changed[:MOST_NAMED]) + ("…" if len(changed) > MOST_NAMED else "")
