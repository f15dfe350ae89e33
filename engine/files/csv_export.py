"""Exports as CSV (RFC 4180): every operation with formula and value, the parameters, the losses.

Each export runs the session from its start, its edits included, and makes its rows one at a time, so a long export
needs no more memory than a short one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from engine.batches import epoch_of
from engine.cursor import START
from engine.expressions import plain
from engine.files.writing import write_text
from engine.operations import Operation
from engine.optimizers import PARAMETER
from engine.session import Session
from engine.stepper import Stepper

VALUES_HEADER = (
    "iteration", "epoch", "operation", "phase", "kind", "sample",
    "quantity", "symbol", "formula", "substitution", "value",
)  # fmt: skip
COMPUTED_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: str | float | None) -> str:
    """One cell: numbers by repr, text quoted where it must be, and guarded where a spreadsheet would compute it."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)
    text = "'" + value if value.startswith(COMPUTED_BY_SPREADSHEETS) else value
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def line(*values: str | float | None) -> str:
    """One row with its line end."""
    return ",".join(map(cell, values)) + "\r\n"


def value_rows(session: Session, last: int) -> Iterator[str]:
    """Header, and a row for every operation of the iterations 1 to `last`, in order."""
    yield line(*VALUES_HEADER)
    stepper = _at_the_start(session)
    for iteration in range(1, last + 1):
        frame = stepper.frame_of(iteration)
        epoch = epoch_of(session.spec, iteration)
        for k in range(frame.program.count):
            yield _row_of(frame.narrator.describe(k), epoch)


def parameter_rows(session: Session, last: int) -> Iterator[str]:
    """Header; row 0 the values before iteration 1; row t those after iteration t and the loss computed in it."""
    stepper = _at_the_start(session)
    trace = stepper.frame_of(1).trace
    order = trace.parameters.order()
    yield line("iteration", "batch_loss", *map(str, trace.parameters.names()))
    yield line(0, None, *trace.flat("old", PARAMETER)[order].tolist())
    for iteration in range(1, last + 1):
        trace = stepper.frame_of(iteration).trace
        yield line(iteration, trace.batch_loss, *trace.flat("new", PARAMETER)[order].tolist())


def loss_rows(session: Session, last: int) -> Iterator[str]:
    """Header, and the batch loss of every iteration; no data is held back yet, so the test loss is empty."""
    yield line("iteration", "epoch", "batch_loss", "test_loss")
    stepper = _at_the_start(session)
    stepper.seek(last, stepper.frame_of(last).program.count)
    for iteration, loss in enumerate(stepper.losses().tolist(), 1):
        yield line(iteration, epoch_of(session.spec, iteration), loss, None)


def write_csv(path: Path, rows: Iterable[str], byte_order_mark: bool = False) -> None:
    """Write the rows, whole or not at all. byte_order_mark: spreadsheets then know that it is UTF-8."""
    write_text(path, rows, "utf-8-sig" if byte_order_mark else "utf-8")


def _at_the_start(session: Session) -> Stepper:
    return Stepper(replace(session, cursor=START))


def _row_of(operation: Operation, epoch: int) -> str:
    return line(
        operation.iteration, epoch, operation.number, operation.phase, operation.kind, operation.sample,
        str(operation.quantity), plain(operation.symbol), plain(operation.formula), plain(operation.substitution),
        operation.value,
    )  # fmt: skip
