"""The session file (.chainstep.json, version 1): reading with one clear sentence for whatever is wrong, and writing.

JSON is read strictly (no NaN, no key twice, no number that is not finite), its form is checked by msgspec, its sense by
the spec. Numbers are written by repr, so nothing is lost on the way.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from engine.cursor import Cursor
from engine.edits import DataEdit, Edit, LearningRateEdit, ParameterEdit
from engine.files.writing import write_text
from engine.optimizers import OPTIMIZERS
from engine.quantities import parse
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

FORMAT, VERSION = "chainstep-session", 1
LARGEST_FILE = 64 * 2**20


class SessionFileError(ValueError):
    """Why a session could not be opened: one sentence with the file, the place in it and the cause."""


class _Struct(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    pass


class _Layer(_Struct):
    neurons: int
    activation: str | dict[str, str | float]
    bias: str = "per_neuron"


class _Network(_Struct):
    inputs: int
    layers: list[_Layer]


class _Penalty(_Struct):
    l1: float = 0.0
    l2: float = 0.0


class _Batch(_Struct):
    size: int | Literal["all"] = "all"
    shuffle: bool = False


class _Cursor(_Struct):
    iteration: int = 1
    operation: int = 0
    factor: int = 0


class _ParameterEdit(_Struct, tag_field="kind", tag="parameter"):
    iteration: int
    quantity: str
    value: float


class _DataEdit(_Struct, tag_field="kind", tag="data"):
    iteration: int
    sample: int
    quantity: str
    value: float


class _LearningRateEdit(_Struct, tag_field="kind", tag="learning_rate"):
    iteration: int
    value: float


class _Witness(_Struct):
    iteration: int
    batch_loss: float


class _Published(_Struct, omit_defaults=True, kw_only=True):
    iteration: int
    sample: int | None = None
    quantity: str
    value: str
    note: str = ""


class _ValuesInitial(_Struct, tag_field="kind", tag="values"):
    weights: list[list[list[float]]]
    biases: list[list[float]]


class _ValuesData(_Struct, tag_field="kind", tag="values"):
    inputs: list[list[float]]
    targets: list[list[float]]
    test_fraction: float = 0.0


class _File(_Struct, omit_defaults=True, kw_only=True):
    format: str
    version: int
    title: str = ""
    source: str = ""
    network: _Network
    notation: str = "sequential"
    initial: _ValuesInitial
    loss: str
    penalty: _Penalty = msgspec.field(default_factory=_Penalty)
    optimizer: dict[str, str | float]
    data: _ValuesData
    batch: _Batch = msgspec.field(default_factory=_Batch)
    seed: int = 0
    frozen: list[str] = msgspec.field(default_factory=list)
    edits: list[_ParameterEdit | _DataEdit | _LearningRateEdit] = msgspec.field(default_factory=list)
    cursor: _Cursor = msgspec.field(default_factory=_Cursor)
    published: list[_Published] = msgspec.field(default_factory=list)
    witness: _Witness | None = None


def load(path: Path) -> Session:
    """The session in a file. SessionFileError says what is wrong with it, OSError that it cannot be read."""
    try:
        if path.is_dir():
            raise SessionFileError(f"{path}: this is a folder, not a session file")
        if path.exists() and not path.is_file():
            raise SessionFileError(f"{path}: this is no ordinary file")
        if path.stat().st_size > LARGEST_FILE:
            raise SessionFileError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, which no session is")
        return from_text(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SessionFileError(f"{path}: not UTF-8 text (byte {error.start + 1})") from error
    except OSError as error:
        raise SessionFileError(f"{path}: {error.strerror or error}") from error
    except SpecError as error:
        raise SessionFileError(f"{path}: {error}") from error


def from_text(text: str) -> Session:
    """The session that JSON text describes; SpecError says the place and what is wrong there."""
    return from_mapping(_parsed(text))


def from_mapping(mapping: Mapping[str, Any]) -> Session:
    """The session that a mapping in the form of the file describes; SpecError says what is wrong."""
    _check_header(mapping)
    _refuse_what_is_to_come(mapping)
    try:
        file = msgspec.convert(mapping, _File, strict=True)
    except msgspec.ValidationError as error:
        raise SpecError(*_place_and_cause(str(error))) from error
    except OverflowError as error:
        raise SpecError("file", "a number is too large for a float") from error
    return _session_of(file)


def save(session: Session, path: Path, batch_loss: float | None = None) -> None:
    """Write the session; `batch_loss` is that of the cursor's iteration, for later machines to compare with."""
    text = to_text(session, batch_loss)
    if from_text(text) != session:
        raise ValueError("the session could not be written so that it reads back the same; nothing was changed")
    write_text(path, [text])


def _parsed(text: str) -> Mapping[str, Any]:
    """JSON as RFC 8259 has it: no NaN, no key twice, only finite numbers."""
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SpecError(place, "the file is empty" if not text.strip() else f"not JSON: {error.msg}") from error
    except RecursionError as error:
        raise SpecError("file", "brackets are nested too deeply") from error
    if not isinstance(value, dict):
        raise SpecError("file", "a session is a JSON object, in braces")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise SpecError(f"key '{key}'", "stands twice in the same object")
        if any("\ud800" <= letter <= "\udfff" for letter in key):
            raise SpecError("file", "a text holds half a character (a lone surrogate)")
    return dict(pairs)


def _no_constant(name: str) -> float:
    raise SpecError("file", f"{name} is no number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise SpecError("file", f"the number {_short(text)} is too large for a float")
    return value


def _whole(text: str) -> int:
    if len(text) > 300:
        raise SpecError("file", f"the number {_short(text)} has {len(text.lstrip('-'))} digits, too many")
    return int(text)


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:20]}..."


def _check_header(mapping: Mapping[str, Any]) -> None:
    if mapping.get("format") != FORMAT:
        raise SpecError("format", f"'{FORMAT}' expected, {_shown(mapping.get('format'))} found; this is no session file")
    version = mapping.get("version")
    if version != VERSION or isinstance(version, bool):
        newer = isinstance(version, int) and version > VERSION
        hint = "; it was written by a newer Chainstep" if newer else ""
        raise SpecError("version", f"{VERSION} expected, {_shown(version)} found{hint}")


def _shown(value: object) -> str:
    return "nothing" if value is None else _short(json.dumps(value))


_TO_COME = (
    ("initial", "kind", lambda value: value == "scheme", "initial schemes"),
    ("data", "kind", lambda value: value == "csv", "data from CSV files"),
    ("data", "kind", lambda value: value == "generator", "generated data"),
    ("data", "test_fraction", lambda value: value != 0, "a held-out part (test_fraction)"),
    ("batch", "shuffle", lambda value: value is True, "shuffled batches"),
    ("penalty", "l1", lambda value: value != 0, "the L1 penalty"),
    ("penalty", "l2", lambda value: value != 0, "the L2 penalty"),
    ("initial", "slopes", lambda value: True, "trained slopes"),
)
"""What the format has and this version of Chainstep does not compute yet: part, key, when, name."""


def _refuse_what_is_to_come(mapping: Mapping[str, Any]) -> None:
    for part, key, is_used, name in _TO_COME:
        inner = mapping.get(part)
        if isinstance(inner, dict) and key in inner and is_used(inner[key]):
            raise SpecError(f"{part}: {key}", f"{name}: not supported yet by this version")


def _place_and_cause(message: str) -> tuple[str, str]:
    """msgspec's message 'cause - at `$.network.layers[1]`' as place and cause."""
    cause, _, path = message.partition(" - at `")
    place = path.rstrip("`").removeprefix("$").removeprefix(".") or "file"
    return place, cause[:1].lower() + cause[1:]


def _session_of(file: _File) -> Session:
    check_whole("network: inputs", file.network.inputs, 1, MOST_NEURONS)
    check_whole("network: number of layers", len(file.network.layers), 1, MOST_LAYERS)
    network = Network(file.network.inputs, tuple(_layer(layer, l) for l, layer in enumerate(file.network.layers, 1)))
    spec = Spec(
        network,
        Initial(_tuples(file.initial.weights), _tuples(file.initial.biases)),
        file.loss,
        _optimizer(file.optimizer),
        Data(_tuples(file.data.inputs), _tuples(file.data.targets)),
        None if file.batch.size == "all" else file.batch.size,
        file.seed,
        tuple(file.frozen),
    )
    edits = tuple(sorted((_edit(edit) for edit in file.edits), key=lambda edit: edit.iteration))
    cursor = Cursor(file.cursor.iteration, file.cursor.operation, file.cursor.factor)
    published = tuple(_published(figure) for figure in file.published)
    return Session(spec, edits, cursor, file.title, file.source, file.notation, published)


def _layer(layer: _Layer, number: int) -> Layer:
    if isinstance(layer.activation, str):
        return Layer(layer.neurons, layer.activation, layer.bias)
    constants = dict(layer.activation)
    name = constants.pop("name", None)
    if not isinstance(name, str):
        raise SpecError(f"layer {number}: activation", "a name expected, as {\"name\": \"sigmoid\"}")
    return Layer(layer.neurons, name, layer.bias, _numbers(f"layer {number}: {name}", constants))


def _optimizer(optimizer: dict[str, str | float]) -> OptimizerChoice:
    choice = dict(optimizer)
    name, rate = choice.pop("name", None), choice.pop("learning_rate", None)
    if not isinstance(name, str):
        raise SpecError("optimizer: name", f"the name of an optimizer expected: {', '.join(OPTIMIZERS)}")
    check_name("optimizer", name, OPTIMIZERS)
    if rate is None or isinstance(rate, str):
        raise SpecError("optimizer: learning_rate", "a number expected, " + ("none" if rate is None else "text") + " found")
    return OptimizerChoice(name, float(rate), _numbers(f"optimizer {name}", choice))


def _numbers(place: str, mapping: Mapping[str, str | float]) -> dict[str, float]:
    for name, value in mapping.items():
        if isinstance(value, str):
            raise SpecError(f"{place}: {name}", "a number expected, text found")
    return {name: float(value) for name, value in mapping.items()}


def _quantity(place: str, text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise SpecError(place, str(error)) from error


def _edit(edit: _ParameterEdit | _DataEdit | _LearningRateEdit) -> Edit:
    match edit:
        case _ParameterEdit():
            return ParameterEdit(edit.iteration, _quantity("edits", edit.quantity), edit.value)
        case _DataEdit():
            return DataEdit(edit.iteration, edit.sample, _quantity("edits", edit.quantity), edit.value)
        case _LearningRateEdit():
            return LearningRateEdit(edit.iteration, edit.value)


def _published(figure: _Published) -> Published:
    quantity = _quantity("published", figure.quantity)
    try:
        float(figure.value)
    except ValueError as error:
        raise SpecError(f"published {figure.quantity}", f"'{figure.value}' is no number") from error
    return Published(figure.iteration, quantity, figure.value, figure.sample, figure.note)


def _tuples(nested: Any) -> Any:
    """Lists within lists as tuples within tuples, integers as floats."""
    return tuple(map(_tuples, nested)) if isinstance(nested, list) else float(nested)


def to_text(session: Session, batch_loss: float | None = None) -> str:
    """The session as JSON text, one short list or object a line."""
    spec = session.spec
    layers = [
        _Layer(
            neurons=layer.neurons,
            activation={"name": layer.activation, **layer.constants} if layer.constants else layer.activation,
            bias=layer.bias,
        )
        for layer in spec.network.layers
    ]
    choice = spec.optimizer
    file = {
        "format": FORMAT,
        "version": VERSION,
        "title": session.title,
        "source": session.source,
        "network": {"inputs": spec.network.inputs, "layers": msgspec.to_builtins(layers)},
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
    if batch_loss is not None:
        file["witness"] = {"iteration": session.cursor.iteration, "batch_loss": batch_loss}
    return _pretty(file) + "\n"


def _edit_mapping(edit: Edit) -> dict[str, object]:
    match edit:
        case ParameterEdit(iteration, quantity, value):
            return {"kind": "parameter", "iteration": iteration, "quantity": str(quantity), "value": value}
        case DataEdit(iteration, sample, quantity, value):
            named = {"kind": "data", "iteration": iteration, "sample": sample, "quantity": str(quantity)}
            return {**named, "value": value}
        case LearningRateEdit(iteration, value):
            return {"kind": "learning_rate", "iteration": iteration, "value": value}


def _published_mapping(figure: Published) -> dict[str, object]:
    sample = {} if figure.sample is None else {"sample": figure.sample}
    note = {"note": figure.note} if figure.note else {}
    return {"iteration": figure.iteration, **sample, "quantity": str(figure.quantity), "value": figure.value, **note}


def _pretty(value: Any, indent: int = 0, width: int = 118) -> str:
    """JSON with what fits on a line on one line."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, dict | list | tuple) or indent + len(flat) <= width and indent > 0:
        return flat
    opens, closes = "{}" if isinstance(value, dict) else "[]"
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        inner = [f"{json.dumps(k, ensure_ascii=False)}: {_pretty(v, indent + 2, width)}" for k, v in value.items()]
    else:
        inner = [_pretty(v, indent + 2, width) for v in value]
    return opens + "\n" + ",\n".join(pad + line for line in inner) + "\n" + " " * indent + closes
