"""Exports as CSV (RFC 4180): every operation with formula and value, the parameters, the losses.

Each export runs the session from its start, its edits included, and makes its rows one at a time, so a long export
needs no more memory than a short one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from engine.batches import epoch_of
from engine.cursor import START, Cursor
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
QUOTED = re.compile('[,"\r\n]')
COMPUTED_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: str | float | None) -> str:
    """One cell: numbers by repr, text quoted where it must be, and guarded where a spreadsheet would compute it."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)
    text = "'" + value if value.startswith(COMPUTED_BY_SPREADSHEETS) else value
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def line(*values: str | float | None) -> str:
    """One row with its line end."""
    return ",".join(map(cell, values)) + "\r\n"


def value_rows(session: Session, last: int, first: int = 1) -> Iterator[str]:
    """Header, and a row for every operation of the iterations `first` to `last`, in order."""
    yield line(*VALUES_HEADER)
    stepper = _at_the_start(session)
    yield from _on_the_way(stepper, first)
    for iteration in range(first, last + 1):
        frame = stepper.frame_of(iteration)
        epoch = epoch_of(session.spec, iteration)
        for k in range(frame.program.count):
            yield _row_of(frame.narrator.describe(k), epoch)


def parameter_rows(session: Session, last: int, first: int = 1) -> Iterator[str]:
    """Header; row t the values after iteration t and the loss computed in it, from `first` to `last`; before row 1 a
    row 0 with the values at the start."""
    stepper = _at_the_start(session)
    trace = stepper.frame_of(1).trace
    order = trace.parameters.order
    yield line("iteration", "batch_loss", *map(str, trace.parameters.names()))
    if first == 1:
        yield line(0, None, *trace.flat("old", PARAMETER)[order].tolist())
    yield from _on_the_way(stepper, first)
    for iteration in range(first, last + 1):
        trace = stepper.frame_of(iteration).trace
        yield line(iteration, trace.batch_loss, *trace.flat("new", PARAMETER)[order].tolist())


def loss_rows(session: Session, last: int, first: int = 1) -> Iterator[str]:
    """Header, and the losses of the iterations `first` to `last`; the test loss is empty where no row is held back."""
    yield line("iteration", "epoch", "batch_loss", "test_loss")
    stepper = _at_the_start(session)
    yield from _on_the_way(stepper, first)
    for iteration in range(first, last + 1):
        loss = stepper.frame_of(iteration).trace.batch_loss
        yield line(iteration, epoch_of(session.spec, iteration), loss, stepper.test_loss(iteration))


def write_csv(path: Path, rows: Iterable[str], byte_order_mark: bool = False) -> None:
    """Write the rows, whole or not at all. byte_order_mark: spreadsheets then know that it is UTF-8."""
    write_text(path, rows, "utf-8-sig" if byte_order_mark else "utf-8")


def _at_the_start(session: Session) -> Stepper:
    return Stepper(replace(session, cursor=START))


def _on_the_way(stepper: Stepper, iteration: int) -> Iterator[str]:
    """Nothing to write for every iteration computed on the way, so that a window can show progress and stop."""
    return ("" for _ in stepper.seeking(Cursor(iteration)))


def _row_of(operation: Operation, epoch: int) -> str:
    return line(
        operation.iteration, epoch, operation.number, operation.phase, operation.kind, operation.sample,
        str(operation.quantity), plain(operation.symbol), plain(operation.formula), plain(operation.substitution),
        operation.value,
    )  # fmt: skip
