"""The form of a session file, checked by msgspec, and what is wrong with one in the words of the house.

msgspec counts places from 0 and speaks of arrays and `int`; a message here counts layers, samples and edits from 1 and
says what a person would type instead.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from engine.checks import SpecError, did_you_mean
from engine.files.json_strict import check_texts, shown

FORMAT, VERSION = "chainstep-session", 1


class _Struct(msgspec.Struct, forbid_unknown_fields=True):
    pass


class LayerForm(_Struct):
    neurons: int
    activation: str | dict[str, Any]
    bias: str = "per_neuron"


class NetworkForm(_Struct):
    inputs: int
    layers: list[LayerForm]


class PenaltyForm(_Struct):
    l1: float = 0.0
    l2: float = 0.0


class BatchForm(_Struct):
    size: int | Literal["all"] = "all"
    shuffle: bool = False


class CursorForm(_Struct):
    iteration: int = 1
    operation: int = 0
    factor: int = 0


class ParameterEditForm(_Struct, tag_field="kind", tag="parameter"):
    iteration: int
    quantity: str
    value: float


class DataEditForm(_Struct, tag_field="kind", tag="data"):
    iteration: int
    sample: int
    quantity: str
    value: float


class LearningRateEditForm(_Struct, tag_field="kind", tag="learning_rate"):
    iteration: int
    value: float


class WitnessForm(_Struct):
    iteration: int
    batch_loss: float


class PublishedForm(_Struct):
    iteration: int
    quantity: str
    value: str
    sample: int | None = None
    note: str = ""


class ValuesForm(_Struct, tag_field="kind", tag="values"):
    weights: list[list[list[float]]]
    biases: list[list[float]]
    slopes: list[float | None] = msgspec.field(default_factory=list)


class SchemeForm(_Struct, tag_field="kind", tag="scheme"):
    scheme: str
    seed: int | None = None


class RowsForm(_Struct, tag_field="kind", tag="values"):
    inputs: list[list[float]]
    targets: list[list[float]]
    test_fraction: float = 0.0


class ColumnsForm(_Struct, tag_field="kind", tag="csv"):
    path: str
    inputs: list[str]
    targets: list[str]
    test_fraction: float = 0.0


class GeneratorForm(_Struct, tag_field="kind", tag="generator"):
    name: str
    samples: int
    noise: float = 0.0
    seed: int = 0
    test_fraction: float = 0.0


class FileForm(_Struct, kw_only=True):
    format: str
    version: int
    title: str = ""
    source: str = ""
    network: NetworkForm
    notation: str = "sequential"
    initial: ValuesForm | SchemeForm
    loss: str
    penalty: PenaltyForm = msgspec.field(default_factory=PenaltyForm)
    optimizer: dict[str, Any]
    data: RowsForm | ColumnsForm | GeneratorForm
    batch: BatchForm = msgspec.field(default_factory=BatchForm)
    seed: int = 0
    frozen: list[str] = msgspec.field(default_factory=list)
    edits: list[ParameterEditForm | DataEditForm | LearningRateEditForm] = msgspec.field(default_factory=list)
    cursor: CursorForm = msgspec.field(default_factory=CursorForm)
    published: list[PublishedForm] = msgspec.field(default_factory=list)
    witness: WitnessForm | None = None


_FORMS = (
    FileForm, NetworkForm, LayerForm, ValuesForm, SchemeForm, RowsForm, ColumnsForm, GeneratorForm, PenaltyForm,
    BatchForm, CursorForm, PublishedForm, ParameterEditForm, DataEditForm, LearningRateEditForm, WitnessForm,
)  # fmt: skip


def form_of(mapping: Mapping[str, Any]) -> FileForm:
    """The mapping in the form of a session file; SpecError says what is missing, unknown, or of the wrong type."""
    check_texts(mapping)
    _check_header(mapping)
    try:
        return msgspec.convert(mapping, FileForm, strict=True)
    except msgspec.ValidationError as error:
        cause, _, path = str(error).partition(" - at `")
        place = place_of(path.rstrip("`"))
        raise SpecError(place, cause_of(cause) + _known(place)) from error


def _check_header(mapping: Mapping[str, Any]) -> None:
    if mapping.get("format") != FORMAT:
        raise SpecError("format", f"'{FORMAT}' expected, {shown(mapping.get('format'))} found; this is no session file")
    version = mapping.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version != VERSION:
        is_newer = isinstance(version, int | float) and version > VERSION
        hint = "; it was written by a newer Chainstep" if is_newer else ""
        raise SpecError("version", f"{VERSION} expected, {shown(version)} found{hint}")


_KNOWN = {
    "batch: size": "; a whole number or 'all' belongs here",
    "initial: kind": "; known are values, scheme",
    "data: kind": "; known are values, csv, generator",
    "edit: kind": "; known are parameter, data, learning_rate",
}
"""What may stand where one of a few words belongs."""


def _known(place: str) -> str:
    return _KNOWN.get(re.sub(r" \d+", "", place), "")


_PLACES = (
    (r"initial\.weights\[(\d+)\]\[(\d+)\]\[(\d+)\]", "w[{},{},{}]"),
    (r"initial\.weights\[(\d+)\]\[(\d+)\]", "layer {}: weights of neuron {}"),
    (r"initial\.weights\[(\d+)\]", "layer {}: weights"),
    (r"initial\.biases\[(\d+)\]\[(\d+)\]", "layer {}: bias {}"),
    (r"initial\.biases\[(\d+)\]", "layer {}: biases"),
    (r"data\.inputs\[(\d+)\]\[(\d+)\]", "data: x[{1}] of sample {0}"),
    (r"data\.targets\[(\d+)\]\[(\d+)\]", "data: y[{1}] of sample {0}"),
    (r"initial\.slopes\[(\d+)\]", "layer {}: slope"),
    (r"data\.(inputs|targets)\[(\d+)\]", "data: {} of sample {}"),
    (r"network\.layers\[(\d+)\]", "layer {}"),
    (r"(edit|frozen|published)s?\[(\d+)\]", "{} {}"),
)
"""Places as msgspec names them, from 0, and as a person counts them, from 1."""


def place_of(path: str) -> str:
    """msgspec's place, as `$.network.layers[1].neurons`, in words: layer 2: neurons."""
    place = re.sub(r"key` in `|\[\.\.\.\]", "", path).removeprefix("$").removeprefix(".")
    for pattern, words in _PLACES:
        if match := re.match(pattern, place):
            counted = (str(int(part) + 1) if part.isdigit() else part for part in match.groups())
            place = words.format(*counted) + place[match.end() :]
            break
    return place.replace(".", ": ") or "file"


_WORDS = {
    "int": "a whole number", "float": "a number", "str": "text", "bool": "true or false", "null": "nothing",
    "array": "a list", "object": "an object in braces",
}  # fmt: skip


def cause_of(message: str) -> str:
    """msgspec's cause, as Expected `int`, got `str`, in words: a whole number expected, text found."""
    if match := re.fullmatch(r"Expected `(.+)`, got `(.+)`", message):
        wanted, found = (" or ".join(_WORDS.get(t, t) for t in group.split(" | ")) for group in match.groups())
        return f"{wanted} expected, {found} found"
    if match := re.fullmatch(r"Object missing required field `(.+)`", message):
        return f"the field '{match[1]}' is missing"
    if match := re.fullmatch(r"Object contains unknown field `(.+)`", message, re.DOTALL):
        fields = {field for form in _FORMS for field in form.__struct_fields__}
        meant = did_you_mean(match[1], sorted(fields))
        return f"the field {shown(match[1])} is not known" + (f" ({meant})" if meant else "")
    if match := re.fullmatch(r"Invalid (?:enum )?value '(.*)'", message, re.DOTALL):
        return f"{shown(match[1])} is not known"
    if message == "Number out of range":
        return "the number is too large for a float"
    return message[:1].lower() + message[1:]
