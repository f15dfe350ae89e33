"""CSV exports, read back with the csv module: every operation, every float, no cell that computes."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from engine import Stepper, Unit, open_session
from engine.batches import epoch_of
from engine.files.csv_export import cell, line, loss_rows, parameter_rows, value_rows, write_csv
from engine.files.session_file import from_mapping
from engine.session import Session
from tests.engine.networks import random_session
from tests.engine.session_texts import session_with

Rows = Callable[..., Iterator[str]]
VALUES = "iteration,epoch,operation,phase,kind,sample,quantity,symbol,formula,substitution,value"


def table(rows: Iterator[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(rows), newline=""), strict=True))


def records(session: Session, last: int) -> list[dict[str, str]]:
    header, *rows = table(value_rows(session, last))
    assert ",".join(header) == VALUES
    return [dict(zip(header, row, strict=True)) for row in rows]


def assert_is_the_run(session: Session, iterations: int) -> None:
    """Every row is the operation that stepping shows, with its very float."""
    stepper = Stepper(session)
    stepper.seek(1)
    rows = records(session, iterations)
    for row in rows:
        stepper.next(Unit.OPERATION)
        if stepper.operation is None:  # the start of the next iteration is a stop of its own
            stepper.next(Unit.OPERATION)
        operation = stepper.operation
        assert operation is not None
        assert (int(row["iteration"]), int(row["operation"])) == (operation.iteration, operation.number)
        assert int(row["epoch"]) == epoch_of(session.spec, operation.iteration)
        assert (row["phase"], row["kind"]) == (operation.phase, operation.kind)
        assert row["sample"] == ("" if operation.sample is None else str(operation.sample))
        assert row["quantity"] == str(operation.quantity)
        assert row["value"] == repr(operation.value)
        assert float(row["value"]) == operation.value
    assert stepper.cursor.iteration == iterations
    assert stepper.cursor.operation == stepper.frame.program.count


def test_document_003_has_32_rows() -> None:
    rows = records(open_session("seed-003"), 1)
    assert len(rows) == 32
    assert_is_the_run(open_session("seed-003"), 1)
    _, first, *_ = value_rows(open_session("seed-003"), 1)
    formula, substitution = "w1·x1 + w2·x2 + b1", "0.15·0.05 + 0.2·0.1 + 0.35"
    assert first == f'1,1,1,forward,pre_activation,1,"z[1,1]",z_h1,{formula},{substitution},0.3775\r\n'
    assert [row["formula"] for row in rows if row["quantity"] == "w[2,1,1]"] == ["w5 - η·dL/dw5"]
    assert [row["substitution"] for row in rows if row["quantity"] == "w[2,1,1]"] == ["0.4 - 0.5·0.08216704056423078"]


@pytest.mark.parametrize("seed", range(12))
def test_random_sessions_of_every_kind(seed: int) -> None:
    rng = Random(seed)
    optimizer, batch = ("gradient_descent", "adam")[seed % 2], ("all", "one", "smaller_last")[seed % 3]
    assert_is_the_run(from_mapping(random_session(rng, optimizer=optimizer, batch=batch)), 3)


def test_several_samples_and_their_means() -> None:
    rows = records(session_with(batch={"size": 2}), 2)
    losses = [(row["iteration"], row["sample"]) for row in rows if row["quantity"] == "loss"]
    assert losses == [("1", "1"), ("1", "2"), ("2", "3")]
    means = [row["iteration"] for row in rows if row["kind"] == "mean_gradient"]
    assert means == ["1"] * 13


def test_adam_writes_its_stages() -> None:
    rows = records(session_with(optimizer={"name": "adam", "learning_rate": 0.1}), 1)
    kinds = [row["kind"] for row in rows if row["phase"] == "update"][:5]
    assert kinds == ["first_moment", "second_moment", "first_moment_hat", "second_moment_hat", "parameter_update"]


def test_no_cell_of_text_begins_as_a_spreadsheet_formula() -> None:
    rows = records(open_session("seed-000"), 2)
    loss = next(row for row in rows if row["quantity"] == "loss")
    assert loss["formula"].startswith("'-(")
    assert loss["substitution"].startswith("'-(")
    guarded = 0
    for row in rows:
        for name in set(row) - {"value"}:
            assert row[name][:1] not in set("=+-@\t\r")
            guarded += row[name].startswith("'")
    assert guarded > 2
    assert any(row["value"].startswith("-") for row in rows)  # a number stays a number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (1, "1"), (-0.25, "-0.25"), (1e-300, "1e-300"), (float("-inf"), "-inf"), ("w5", "w5"),
        ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("\ra", '"\'\ra"'),
        ("a,b", '"a,b"'), ('say "y"', '"say ""y"""'), ("two\nlines", '"two\nlines"'), ("-a,b", '"\'-a,b"'), ("", ""),
    ],
)  # fmt: skip
def test_one_cell(value: str | float | None, text: str) -> None:
    assert cell(value) == text
    if isinstance(value, str):
        read = table(iter([line(value, 1)]))[0][0]
        assert read.removeprefix("'") == value


@pytest.mark.parametrize("seed", range(6))
def test_parameters_and_losses(seed: int) -> None:
    session = from_mapping(random_session(Random(seed), optimizer="adam"))
    stepper = Stepper(session)
    header, start, *rows = table(parameter_rows(session, 4))
    assert header == ["iteration", "batch_loss", *stepper.parameters()]
    assert start == ["0", "", *map(repr, stepper.parameters().values())]
    losses_header, *losses = table(loss_rows(session, 4))
    assert losses_header == ["iteration", "epoch", "batch_loss", "test_loss"]
    for iteration, (row, loss) in enumerate(zip(rows, losses, strict=True), 1):
        stepper.run(1)
        batch_loss = repr(stepper.frame.trace.batch_loss)
        assert row == [str(iteration), batch_loss, *map(repr, stepper.parameters().values())]
        tests = stepper.frame.test_losses
        test_loss = repr(float(tests[iteration - 1])) if session.spec.data.held_back else ""
        assert loss == [str(iteration), str(epoch_of(session.spec, iteration)), batch_loss, test_loss]


KINDS = (value_rows, parameter_rows, loss_rows)


def in_range(rows: list[list[str]], first: int, last: int) -> list[list[str]]:
    """The header and the rows of some iterations; the values at the start, row 0, belong to iteration 1."""
    return [rows[0], *(row for row in rows[1:] if first <= max(int(row[0]), 1) <= last)]


@pytest.mark.parametrize("rows_of", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_a_range_has_the_very_rows_of_the_full_export(rows_of: Rows, seed: int) -> None:
    """Batches, epochs, Adam's moments and an edit in the middle are those of the whole run."""
    session = from_mapping(random_session(Random(seed), optimizer="adam", batch="smaller_last"))
    stepper = Stepper(session)
    stepper.seek(4)
    stepper.edit("w[1,1,1]", 0.5)
    full = table(rows_of(stepper.session, 7))
    for first, last in ((1, 1), (1, 7), (2, 2), (3, 5), (4, 4), (5, 7), (7, 7)):
        assert table(rows_of(stepper.session, last, first)) == in_range(full, first, last), (first, last)


@pytest.mark.parametrize("rows_of", KINDS)
def test_the_iterations_before_a_range_are_passed_one_by_one_with_nothing_to_write(rows_of: Rows) -> None:
    """So that a window can show progress and stop."""
    pieces = rows_of(open_session("seed-003"), 2001, 2000)
    header, *before = [next(pieces) for _ in range(1000)]
    assert header.startswith("iteration,")
    assert set(before) == {""}


def test_exports_begin_at_the_start_with_the_edits_wherever_the_cursor_stands() -> None:
    stepper = Stepper(open_session("seed-003"))
    stepper.edit("w[1,1,1]", 0.9)
    stepper.seek(3)
    stepper.edit("learning_rate", 0.25)
    stepper.seek(7, 5)
    _, start, first, *_ = table(parameter_rows(stepper.session, 3))
    assert start[2] == "0.9"
    rates = [row["substitution"] for row in records(stepper.session, 3) if row["quantity"] == "w[1,1,1]"]
    assert [rate.count("0.25·") for rate in rates] == [0, 0, 1]
    assert len(table(loss_rows(stepper.session, 2))) == 3
    assert first[0] == "1"


def test_numbers_that_blow_up_are_written_as_they_are() -> None:
    session = session_with(optimizer={"name": "gradient_descent", "learning_rate": 1e308})
    rows = table(loss_rows(session, 5))
    assert len(rows) == 6
    assert len(table(value_rows(session, 3))) == 1 + 3 * Stepper(session).frame.program.count


def test_a_byte_order_mark_only_where_wanted(tmp_path: Path) -> None:
    with_mark, without = tmp_path / "a.csv", tmp_path / "b.csv"
    session = open_session("seed-003")
    write_csv(with_mark, value_rows(session, 1), byte_order_mark=True)
    write_csv(without, value_rows(session, 1))
    assert with_mark.read_bytes() == b"\xef\xbb\xbf" + without.read_bytes()
    assert without.read_bytes().startswith(VALUES.encode())


def test_an_export_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_text("old")

    def rows() -> Iterator[str]:
        yield line("iteration")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write_csv(path, rows())
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["values.csv"]
