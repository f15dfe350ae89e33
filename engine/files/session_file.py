"""The session file (.chainstep.json, version 1): reading with one clear sentence for whatever is wrong, and writing.

JSON is read strictly, its form is checked by msgspec, its sense by the spec. Numbers are written by repr, so nothing is
lost on the way, and a file that was written here is written again without a changed byte.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from engine.batches import rows_of
from engine.cursor import Cursor
from engine.edits import DataEdit, Edit, Edits, LearningRateEdit, ParameterEdit, check_edit
from engine.files.json_strict import decoded, parsed, pretty, short, shown
from engine.files.session_form import (
    FORMAT,
    VERSION,
    CursorForm,
    DataEditForm,
    FileForm,
    LayerForm,
    LearningRateEditForm,
    ParameterEditForm,
    PublishedForm,
    form_of,
)
from engine.files.writing import keep_backup, write_text
from engine.optimizers import OPTIMIZERS
from engine.parameters import Parameters
from engine.program import Program
from engine.quantities import Quantity, parse
from engine.session import Published, Session
from engine.spec import (
    MOST_LAYERS,
    MOST_NEURONS,
    Data,
    Initial,
    Layer,
    Network,
    OptimizerChoice,
    Spec,
    SpecError,
    check_name,
    check_whole,
)

LARGEST_FILE = 64 * 2**20
LARGEST_WHOLE = 2**53
"""Beyond it not every whole number is one in JSON."""


class SessionFileError(ValueError):
    """Why a session could not be opened: one sentence with the file, the place in it and the cause."""


@dataclass(frozen=True)
class Witness:
    """The batch loss that the machine which saved a session had computed for the cursor's iteration."""

    iteration: int
    batch_loss: float

    def difference(self, batch_loss: float) -> str | None:
        """By how much this machine's batch loss of that iteration differs, in a sentence; None where it does not."""
        if batch_loss == self.batch_loss:
            return None
        return (
            f"Iteration {self.iteration} has the batch loss {batch_loss!r} on this machine and had {self.batch_loss!r} "
            f"where the session was saved, a difference of {abs(batch_loss - self.batch_loss):.1e}."
        )


class Opened(NamedTuple):
    """What a session file holds. The witness is no part of the session: it says something about a machine."""

    session: Session
    witness: Witness | None = None


def load(path: Path) -> Session:
    """The session in a file. SessionFileError says what is wrong with it or why it cannot be read."""
    return load_with_witness(path).session


def load_with_witness(path: Path) -> Opened:
    """The session in a file and, where it has one, its witness. Raises as `load` does."""
    try:
        return opened(parsed(decoded(_content(path))))
    except OSError as error:
        raise SessionFileError(f"{path}: {_reason(error)}") from error
    except SpecError as error:
        raise SessionFileError(f"{path}: {error}") from error


def _content(path: Path) -> bytes:
    """The bytes of an ordinary file that is not too large; a device or a pipe is not even opened."""
    try:
        size = path.stat().st_size
    except ValueError as error:
        raise SessionFileError(f"{path}: no file can have this name") from error
    if path.is_dir():
        raise SessionFileError(f"{path}: this is a folder, not a session file")
    if not path.is_file():
        raise SessionFileError(f"{path}: this is a device or a pipe, not a session file")
    if size > LARGEST_FILE:
        raise SessionFileError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, which no session is")
    return path.read_bytes()


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def from_text(text: str) -> Session:
    """The session that JSON text describes; SpecError says the place and what is wrong there."""
    return from_mapping(parsed(text))


def from_mapping(mapping: Mapping[str, Any]) -> Session:
    """The session that a mapping in the form of the file describes; SpecError says what is wrong."""
    return opened(mapping).session


def opened(mapping: Mapping[str, Any]) -> Opened:
    """Session and witness of a mapping; a witness of another iteration than the cursor's is left out."""
    form = form_of(mapping)
    session, saved = _session_of(form), form.witness
    if saved is None or saved.iteration != session.cursor.iteration or not isfinite(saved.batch_loss):
        return Opened(session)
    return Opened(session, Witness(saved.iteration, saved.batch_loss))


def save(session: Session, path: Path, batch_loss: float | None = None) -> None:
    """Write the session; what stood there before stays as a backup, its name followed by ~.

    batch_loss: that of the cursor's iteration, for later machines to compare with. Raises OSError where writing fails,
    ValueError where the text would not read back as the same session; the old file then stays as it was.
    """
    text = to_text(session, batch_loss)
    if from_text(text) != session:
        raise ValueError("the session could not be written so that it reads back the same; nothing was changed")
    write_text(path, [text], before=keep_backup)


def to_text(session: Session, batch_loss: float | None = None) -> str:
    """The session as JSON text, one short list or object a line."""
    spec = session.spec
    choice = spec.optimizer
    file = {
        "format": FORMAT,
        "version": VERSION,
        "title": session.title,
        "source": session.source,
        "network": {"inputs": spec.network.inputs, "layers": [_layer_mapping(layer) for layer in spec.network.layers]},
        "notation": session.notation,
        "initial": {"kind": "values", "weights": spec.initial.weights, "biases": spec.initial.biases},
        "loss": spec.loss,
        "penalty": {"l1": 0.0, "l2": 0.0},
        "optimizer": {"name": choice.name, "learning_rate": choice.learning_rate, **choice.hyperparameters},
        "data": {"kind": "values", "inputs": spec.data.inputs, "targets": spec.data.targets},
        "batch": {"size": spec.batch_size or "all", "shuffle": False},
        "seed": spec.seed,
        "frozen": spec.frozen,
        "edits": [_edit_mapping(edit) for edit in session.edits],
        "cursor": session.cursor._asdict(),
        "published": [_published_mapping(figure) for figure in session.published],
    }
    if batch_loss is not None and isfinite(batch_loss):
        file["witness"] = {"iteration": session.cursor.iteration, "batch_loss": batch_loss}
    return pretty(file) + "\n"


def _session_of(form: FileForm) -> Session:
    check_whole("network: inputs", form.network.inputs, 1, MOST_NEURONS)
    check_whole("network: number of layers", len(form.network.layers), 1, MOST_LAYERS)
    network = Network(form.network.inputs, tuple(_layer(layer, l) for l, layer in enumerate(form.network.layers, 1)))
    spec = Spec(
        network,
        Initial(_tuples(form.initial.weights), _tuples(form.initial.biases)),
        form.loss,
        _optimizer(form.optimizer),
        Data(_tuples(form.data.inputs), _tuples(form.data.targets)),
        None if form.batch.size == "all" else form.batch.size,
        form.seed,
        tuple(form.frozen),
    )
    edits = _in_order(_edit(spec, edit, f"edit {n}") for n, edit in enumerate(form.edits, 1))
    published = tuple(_published(figure, f"published {n}") for n, figure in enumerate(form.published, 1))
    return Session(spec, edits, _cursor(spec, form.cursor), form.title, form.source, form.notation, published)


def _tuples(nested: Any) -> Any:
    """Lists within lists as tuples within tuples, integers as floats."""
    return tuple(map(_tuples, nested)) if isinstance(nested, list) else float(nested)


def _layer(layer: LayerForm, number: int) -> Layer:
    if isinstance(layer.activation, str):
        return Layer(layer.neurons, layer.activation, layer.bias)
    constants = dict(layer.activation)
    name = constants.pop("name", None)
    if not isinstance(name, str):
        raise SpecError(f"layer {number}: activation", 'a name expected, as {"name": "sigmoid"}')
    return Layer(layer.neurons, name, layer.bias, _numbers(f"layer {number}: {name}", constants))


def _layer_mapping(layer: Layer) -> dict[str, object]:
    activation = {"name": layer.activation, **layer.constants} if layer.constants else layer.activation
    return {"neurons": layer.neurons, "activation": activation, "bias": layer.bias}


def _optimizer(optimizer: Mapping[str, Any]) -> OptimizerChoice:
    numbers = dict(optimizer)
    name = numbers.pop("name", None)
    if not isinstance(name, str):
        raise SpecError("optimizer: name", f"the name of an optimizer expected, {shown(name)} found")
    check_name("optimizer: name", name, OPTIMIZERS)
    if "learning_rate" not in numbers:
        raise SpecError("optimizer", "the field 'learning_rate' is missing")
    values = _numbers("optimizer", numbers)
    return OptimizerChoice(name, values.pop("learning_rate"), values)


def _numbers(place: str, mapping: Mapping[str, Any]) -> dict[str, float]:
    for name, value in mapping.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SpecError(f"{place}: {name}", f"a number expected, {shown(value)} found")
    return {name: float(value) for name, value in mapping.items()}


def _quantity(place: str, text: str) -> Quantity:
    try:
        return parse(text)
    except ValueError as error:
        raise SpecError(place, str(error)) from error


def _edit(spec: Spec, form: ParameterEditForm | DataEditForm | LearningRateEditForm, place: str) -> Edit:
    check_whole(f"{place}: iteration", form.iteration, 1, LARGEST_WHOLE)
    edit: Edit
    match form:
        case ParameterEditForm():
            edit = ParameterEdit(form.iteration, _quantity(place, form.quantity), form.value)
        case DataEditForm():
            edit = DataEdit(form.iteration, form.sample, _quantity(place, form.quantity), form.value)
        case LearningRateEditForm():
            edit = LearningRateEdit(form.iteration, form.value)
    try:
        check_edit(spec, edit)
    except SpecError as error:
        raise SpecError(place, str(error).removeprefix("edit: ")) from error
    return edit


def _in_order(edits: Any) -> Edits:
    """The edits by iteration; of several that set the same quantity at the same iteration the last one counts."""
    by_target = {replace(edit, value=0.0): edit for edit in edits}
    return tuple(sorted(by_target.values(), key=lambda edit: edit.iteration))


def _edit_mapping(edit: Edit) -> dict[str, object]:
    match edit:
        case ParameterEdit(iteration, quantity, value):
            return {"kind": "parameter", "iteration": iteration, "quantity": str(quantity), "value": value}
        case DataEdit(iteration, sample, quantity, value):
            named = {"kind": "data", "iteration": iteration, "sample": sample, "quantity": str(quantity)}
            return {**named, "value": value}
        case LearningRateEdit(iteration, value):
            return {"kind": "learning_rate", "iteration": iteration, "value": value}


def _cursor(spec: Spec, form: CursorForm) -> Cursor:
    """The cursor; how many parts its operation has is known only to the stepper that goes there."""
    check_whole("cursor: iteration", form.iteration, 1, LARGEST_WHOLE)
    count = Program(spec, Parameters(spec.network), len(rows_of(spec, form.iteration))).count
    check_whole("cursor: operation", form.operation, 0, count)
    check_whole("cursor: factor", form.factor, 0, LARGEST_WHOLE if form.operation < count else 0)
    return Cursor(form.iteration, form.operation, form.factor)


def _published(figure: PublishedForm, place: str) -> Published:
    """A figure; it need not fit the network, which may have been changed since: comparing shows where it does not."""
    check_whole(f"{place}: iteration", figure.iteration, 1, LARGEST_WHOLE)
    if figure.sample is not None:
        check_whole(f"{place}: sample", figure.sample, 1, LARGEST_WHOLE)
    quantity = _quantity(place, figure.quantity)
    if not re.fullmatch(r"-?[0-9]{1,40}(\.[0-9]{1,40})?(e[+-]?[0-9]{1,3})?", figure.value, re.ASCII | re.IGNORECASE):
        raise SpecError(f"{place}: value", f"a decimal number as text expected, '{short(figure.value)}' found")
    return Published(figure.iteration, quantity, figure.value, figure.sample, figure.note)


def _published_mapping(figure: Published) -> dict[str, object]:
    sample = {} if figure.sample is None else {"sample": figure.sample}
    note = {"note": figure.note} if figure.note else {}
    return {"iteration": figure.iteration, **sample, "quantity": str(figure.quantity), "value": figure.value, **note}
