"""The parts of a session file: from the form that JSON has to the session, and back to mappings."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.batches import samples_of
from engine.checks import SpecError, check_name, check_whole
from engine.cursor import Cursor
from engine.edits import DataEdit, Edit, Edits, LearningRateEdit, ParameterEdit, check_edit
from engine.files.csv_reading import CsvError, read_table
from engine.files.json_strict import short, shown
from engine.files.session_form import (
    ColumnsForm,
    CursorForm,
    DataEditForm,
    FileForm,
    GeneratorForm,
    LayerForm,
    LearningRateEditForm,
    ParameterEditForm,
    PublishedForm,
    RowsForm,
    SchemeForm,
    ValuesForm,
)
from engine.network import MOST_LAYERS, MOST_NEURONS, Initial, Layer, Network, Scheme
from engine.optimizers import OPTIMIZERS
from engine.parameters import Parameters
from engine.program import Program
from engine.quantities import Quantity, parse
from engine.session import Published, Session
from engine.spec import Columns, Data, Generator, OptimizerChoice, Penalty, Spec, generated_data

LARGEST_WHOLE = 2**53
"""Beyond it not every whole number is one in JSON."""


def session_of(form: FileForm, folder: Path) -> Session:
    """The session of a form; SpecError says what does not fit. `folder`: where a CSV file that it names lies."""
    check_whole("network: inputs", form.network.inputs, 1, MOST_NEURONS)
    check_whole("network: number of layers", len(form.network.layers), 1, MOST_LAYERS)
    network = Network(form.network.inputs, tuple(_layer(layer, l) for l, layer in enumerate(form.network.layers, 1)))
    spec = Spec(
        network,
        _initial(form.initial),
        form.loss,
        _optimizer(form.optimizer),
        _data(form.data, folder),
        None if form.batch.size == "all" else form.batch.size,
        form.seed,
        tuple(form.frozen),
        Penalty(form.penalty.l1, form.penalty.l2),
        form.batch.shuffle,
    )
    edits = _in_order(_edit(spec, edit, f"edit {n}") for n, edit in enumerate(form.edits, 1))
    published = tuple(_published(figure, f"published {n}") for n, figure in enumerate(form.published, 1))
    return Session(spec, edits, _cursor(spec, form.cursor), form.title, form.source, form.notation, published)


def _tuples(nested: Any) -> Any:
    """Lists within lists as tuples within tuples, integers as floats."""
    return tuple(map(_tuples, nested)) if isinstance(nested, list) else float(nested)


def _initial(form: ValuesForm | SchemeForm) -> Initial | Scheme:
    if isinstance(form, SchemeForm):
        return Scheme(form.scheme, form.seed)
    slopes = tuple(None if slope is None else float(slope) for slope in form.slopes)
    return Initial(_tuples(form.weights), _tuples(form.biases), slopes)


def initial_mapping(initial: Initial | Scheme) -> dict[str, object]:
    """Initial values, or the scheme that draws them, as the file has them."""
    if isinstance(initial, Scheme):
        seed = {} if initial.seed is None else {"seed": initial.seed}
        return {"kind": "scheme", "scheme": initial.name, **seed}
    slopes = {"slopes": initial.slopes} if initial.slopes else {}
    return {"kind": "values", "weights": initial.weights, "biases": initial.biases, **slopes}


def _data(form: RowsForm | ColumnsForm | GeneratorForm, folder: Path) -> Data:
    match form:
        case RowsForm():
            return Data(_tuples(form.inputs), _tuples(form.targets), None, form.test_fraction)
        case GeneratorForm():
            return generated_data(Generator(form.name, form.samples, form.noise, form.seed), form.test_fraction)
        case ColumnsForm():
            source = Columns(form.path, tuple(form.inputs), tuple(form.targets))
            return data_from_csv(source, folder, form.test_fraction)


def data_from_csv(source: Columns, folder: Path, test_fraction: float = 0.0) -> Data:
    """The rows of the columns of a CSV file in `folder`; SpecError says what is wrong with it."""
    if not source.path or Path(source.path).name != source.path:
        raise SpecError("data: path", "the name of a file beside the session expected, without a folder")
    if not source.inputs or not source.targets:
        raise SpecError("data", "the names of at least one input and one target column expected")
    try:
        table = read_table(folder / source.path)
        return Data(table.columns(source.inputs), table.columns(source.targets), source, test_fraction)
    except CsvError as error:
        raise SpecError("data", str(error)) from error


def data_mapping(data: Data) -> dict[str, object]:
    """Where the data come from, or their rows, as the file has them."""
    held_back = {"test_fraction": data.test_fraction} if data.test_fraction else {}
    match data.source:
        case Generator(name, samples, noise, seed):
            return {"kind": "generator", "name": name, "samples": samples, "noise": noise, "seed": seed, **held_back}
        case Columns(path, inputs, targets):
            return {"kind": "csv", "path": path, "inputs": inputs, "targets": targets, **held_back}
    return {"kind": "values", "inputs": data.inputs, "targets": data.targets, **held_back}


def _layer(layer: LayerForm, number: int) -> Layer:
    if isinstance(layer.activation, str):
        return Layer(layer.neurons, layer.activation, layer.bias)
    constants = dict(layer.activation)
    name = constants.pop("name", None)
    if not isinstance(name, str):
        raise SpecError(f"layer {number}: activation", 'a name expected, as {"name": "sigmoid"}')
    return Layer(layer.neurons, name, layer.bias, _numbers(f"layer {number}: {name}", constants))


def layer_mapping(layer: Layer) -> dict[str, object]:
    """A layer as the file has it."""
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


def edit_mapping(edit: Edit) -> dict[str, object]:
    """An edit as the file has it."""
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
    count = Program(spec, Parameters(spec.network), samples_of(spec, form.iteration)).count
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


def published_mapping(figure: Published) -> dict[str, object]:
    """A published figure as the file has it."""
    sample = {} if figure.sample is None else {"sample": figure.sample}
    note = {"note": figure.note} if figure.note else {}
    return {"iteration": figure.iteration, **sample, "quantity": str(figure.quantity), "value": figure.value, **note}
