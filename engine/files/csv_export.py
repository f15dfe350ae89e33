"""Exports as CSV (RFC 4180): every operation with formula and value, the parameters, the losses.

Rows are made one at a time, so a long export needs no more memory than a short one.
"""

from collections.abc import Iterator
from pathlib import Path

from engine.batches import epoch_of
from engine.expressions import plain
from engine.files.writing import write_text
from engine.operations import Operation
from engine.stepper import Stepper

VALUES_HEADER = (
    "iteration", "epoch", "operation", "phase", "kind", "sample",
    "quantity", "symbol", "formula", "substitution", "value",
)  # fmt: skip


def cell(value: object) -> str:
    """One cell: floats by repr, text quoted where it must be, and guarded where a spreadsheet would compute it."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)
    text = "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def line(*values: object) -> str:
    """One row with its line end."""
    return ",".join(map(cell, values)) + "\r\n"


def values_of(operation: Operation, epoch: int) -> str:
    """The row of one operation."""
    return line(
        operation.iteration, epoch, operation.number, operation.phase, operation.kind, operation.sample,
        str(operation.quantity), plain(operation.symbol), plain(operation.formula), plain(operation.substitution),
        operation.value,
    )  # fmt: skip


def value_rows(stepper: Stepper, first: int, last: int) -> Iterator[str]:
    """Header, and a row for every operation of the iterations `first` to `last`, in order."""
    yield line(*VALUES_HEADER)
    for iteration in range(first, last + 1):
        frame = stepper.frame_of(iteration)
        epoch = epoch_of(frame.session.spec, iteration)
        for k in range(frame.program.count):
            yield values_of(frame.narrator.describe(k), epoch)


def parameter_rows(stepper: Stepper, last: int) -> Iterator[str]:
    """Header; row 0 the initial values; row t those after iteration t and the loss computed in it."""
    names = list(stepper.frame_of(1).program.parameters.names())
    yield line("iteration", "batch_loss", *map(str, names))
    order = stepper.frame_of(1).program.parameters.order()
    yield line(0, None, *stepper.frame_of(1).trace.flat("old", "parameter")[order].tolist())
    for iteration in range(1, last + 1):
        trace = stepper.frame_of(iteration).trace
        yield line(iteration, trace.batch_loss, *trace.flat("new", "parameter")[order].tolist())


def loss_rows(stepper: Stepper, last: int) -> Iterator[str]:
    """Header, and the batch loss of every iteration."""
    yield line("iteration", "epoch", "batch_loss", "test_loss")
    for iteration in range(1, last + 1):
        trace = stepper.frame_of(iteration).trace
        yield line(iteration, epoch_of(trace.spec, iteration), trace.batch_loss, None)


def write_csv(path: Path, rows: Iterator[str], byte_order_mark: bool = False) -> None:
    """Write the rows, whole or not at all. byte_order_mark: spreadsheets then know that it is UTF-8."""
    write_text(path, rows, "utf-8-sig" if byte_order_mark else "utf-8")
