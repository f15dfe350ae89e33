"""A user's own data from a CSV file (RFC 4180), read strictly: UTF-8, a header row, plain finite numbers.

Every fault is a CsvError, one sentence with the file, the place and the cause. Rows are counted as samples are, from 1
without the header; lines as an editor shows them. Where another way of reading would help, the error offers it.
"""

import csv
import re
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple, NoReturn

from engine.checks import check_name
from engine.datasets import MOST_SAMPLES, Row, Rows
from engine.files.csv_numbers import NumberError, Offers, is_number, number, plain_numbers, quoted
from engine.files.json_strict import UTF_16_MARKS
from engine.files.reading import content_of
from engine.network import MOST_NEURONS

MOST_ROWS = MOST_SAMPLES
MOST_COLUMNS = 2 * MOST_NEURONS
LONGEST_CELL = 131_072
LONGEST_LINE = 2**20
"""In bytes the limit of a file, in characters those of a cell (the csv module's own) and of a line."""
CELLS_BETWEEN = 10_000
"""How many cells are read from one report of progress to the next: some milliseconds."""

SEPARATORS: Mapping[str, str] = {",": "commas", ";": "semicolons", "\t": "tabs"}
OTHER_FILES: Mapping[bytes, str] = {
    b"PK\x03\x04": "this is a spreadsheet or another zip archive; export it as CSV first",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "this is an old spreadsheet or Office document; export it as CSV first",
    b"\x89PNG": "this is a PNG picture, no CSV text",
    b"\xff\xd8\xff": "this is a JPEG picture, no CSV text",
    b"GIF8": "this is a GIF picture, no CSV text",
    b"%PDF-": "this is a PDF document, no CSV text",
}
TARGET = re.compile(r"y_?[0-9]*|(target|label|class).*", re.IGNORECASE | re.DOTALL)


class CsvError(ValueError):
    """Why a table could not be read: one sentence. `offers`: arguments of `reading` that would help, if any."""

    def __init__(self, sentence: str, offers: Offers | None = None) -> None:
        super().__init__(sentence)
        self.offers: Offers = offers or {}


class _TableError(Exception):
    """A place in the file and a cause, before the name of the file is put to them."""

    def __init__(self, place: str, cause: str, offers: Offers | None = None) -> None:
        super().__init__(f"{place}: {cause}")
        self.offers = offers


class Table(NamedTuple):
    """Named columns of numbers, a row a sample. notes: what is allowed but worth a sentence each."""

    names: tuple[str, ...]
    rows: Rows
    notes: tuple[str, ...] = ()

    def columns(self, names: Sequence[str]) -> Rows:
        """The rows with these columns only, in this order; SpecError for a name that is not there."""
        for name in names:
            check_name("column", name, self.names)
        places = [self.names.index(name) for name in names]
        return tuple(tuple(row[place] for place in places) for row in self.rows)


def read_table(path: Path, separator: str = ",", decimal_comma: bool = False) -> Table:
    """The table in a file; CsvError says what is wrong with it or why it cannot be read."""
    steps = reading(path, separator, decimal_comma)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            table: Table = end.value
            return table


def reading(path: Path, separator: str = ",", decimal_comma: bool = False) -> Generator[int, None, Table]:
    """The same in steps: yields how many rows are read, so that a window can show it and stop; returns the table."""
    try:
        text = _decoded(content_of(path, "a CSV file", CsvError))
        return (yield from _table(text, separator, decimal_comma))
    except OSError as error:
        raise CsvError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except _TableError as fault:
        raise CsvError(f"{path}: {fault}", fault.offers) from fault


def guess(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A first choice of inputs and targets by name: targets are y, y1 and so on, target.., label.., class..; if there
    are none the last columns that mark one of several classes by 1 among 0; if there are none the last column."""
    targets = {name for name in table.names if TARGET.fullmatch(name)}
    if not 0 < len(targets) < len(table.names):
        targets = set(table.names[-_marks(table.rows) :])
    inputs = tuple(name for name in table.names if name not in targets)
    return inputs, tuple(name for name in table.names if name in targets)


def _marks(rows: Rows) -> int:
    """How many columns at the end mark a class: exactly one of them is 1 in each row, the others 0; 1 if none do."""
    counts = range(len(rows[0]) - 1, 1, -1)
    return next((count for count in counts if all(_is_mark(row[-count:]) for row in rows)), 1)


def _is_mark(cells: Row) -> bool:
    return sum(cells) == 1.0 and all(cell in (0.0, 1.0) for cell in cells)


def _decoded(content: bytes) -> str:
    """The text of a file, which is UTF-8 with or without a byte-order mark."""
    for magic, cause in OTHER_FILES.items():
        if content.startswith(magic):
            raise _TableError("byte 1", cause)
    if content.startswith(UTF_16_MARKS):
        raise _TableError("byte 1", "this is UTF-16 text; save it as UTF-8")
    if 0 in content:
        place = f"line {_line_of(content, content.index(0))}"
        raise _TableError(place, "a NUL character, which no CSV text has (perhaps this is UTF-16; save it as UTF-8)")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cause = "this is not UTF-8 text (perhaps Latin-1); save it as UTF-8"
        raise _TableError(f"line {_line_of(content, error.start)}", cause) from error


def _line_of(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def _table(text: str, separator: str, decimal_comma: bool) -> Generator[int, None, Table]:
    text = text.rstrip(" \t\r\n".replace(separator, ""))
    _check_text(text, separator)
    records = _records(text, separator)
    line, header = next(records)
    names = tuple(name.strip() for name in header)
    _check_names(line, names)
    rows: list[Row] = []
    rows_between = max(1, CELLS_BETWEEN // len(names))
    for line, cells in records:
        rows.append(_numbers(line, len(rows) + 1, names, cells, decimal_comma))
        if len(rows) > MOST_ROWS:
            _refuse_length()
        if len(rows) % rows_between == 0:
            yield len(rows)
    if not rows:
        raise _TableError(f"line {line}", "only a header, no row of numbers follows")
    return Table(names, tuple(rows), tuple(_notes(names, rows)))


def _check_text(text: str, separator: str) -> None:
    """What can be told before the cells are: an empty file, far too many lines, another separator."""
    if not text.strip():
        raise _TableError("line 1", "the file is empty")
    if '"' not in text and text.count("\n") > MOST_ROWS:
        _refuse_length()
    lines = _first_lines(text)
    if separator in lines[0] and _is_even(lines, separator):
        return
    others = [other for other in SEPARATORS if other in lines[0] and other != separator]
    likely = [other for other in others if separator not in lines[0] or _is_even(lines, other)]
    if likely:
        better = max(likely, key=lines[0].count)
        found = f"{lines[0].count(better):,} {SEPARATORS[better]} found in the header"
        cause = f"the cells seem to be separated by {SEPARATORS[better]} ({found}), not by {_named(separator)}"
        raise _TableError("line 1", cause, {"separator": better})


def _is_even(lines: list[str], separator: str) -> bool:
    """Whether header and first row have it equally often."""
    return len({line.count(separator) for line in lines}) == 1


def _first_lines(text: str) -> list[str]:
    """The header and, if there is one, the first row."""
    return text[: 2 * LONGEST_LINE].lstrip("\r\n ").split("\n", 2)[:2]


def _named(separator: str) -> str:
    return SEPARATORS.get(separator, repr(separator))


def _refuse_length() -> NoReturn:
    raise _TableError("file", f"more than {MOST_ROWS:,} rows, the most that can be trained on here")


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record with the line that it begins on; blank lines at the end have been cut off before."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _TableError(f"line {line}", _csv_cause(str(error))) from error
        if not cells or (len(cells) == 1 and cells[0].isspace()):
            raise _TableError(f"line {line}", "a blank line, with more text after it")
        yield line, cells


def _lines(text: str) -> Iterator[str]:
    for count, line in enumerate(StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise _TableError(f"line {count}", f"{len(line):,} characters, more than {LONGEST_LINE:,}")
        yield line


def _csv_cause(message: str) -> str:
    """What the csv module says, in our words."""
    if "unexpected end" in message:
        return "a quote is opened here and never closed"
    if "field larger" in message:
        return f"a cell has more than {LONGEST_CELL:,} characters (perhaps a quote is never closed)"
    if "expected after" in message:
        return "text follows the closing quote of a cell"
    return f"not CSV: {message}"


def _check_names(line: int, names: tuple[str, ...]) -> None:
    place = f"line {line}"
    if len(names) > MOST_COLUMNS:
        raise _TableError(place, f"{len(names):,} columns, more than {MOST_COLUMNS:,}")
    if all(is_number(name) for name in names):
        raise _TableError(place, "a header with the names of the columns expected, numbers found")
    if "" in names:
        raise _TableError(place, f"column {names.index('') + 1} has no name")
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise _TableError(place, f"{times} columns are called {quoted(name)}")
    if len(names) == 1:
        raise _TableError(place, f"one column only, {quoted(names[0])}; at least one input and one target expected")


def _numbers(line: int, row: int, names: tuple[str, ...], cells: list[str], decimal_comma: bool) -> Row:
    """The cells of one row as numbers."""
    place = f"line {line}"
    if len(cells) != len(names):
        raise _TableError(place, f"row {row} has {_count(len(cells), 'cell')}, {len(names)} expected")
    if not decimal_comma and (row_of_numbers := plain_numbers(cells)):
        return row_of_numbers
    values: list[float] = []
    try:
        for cell in cells:
            values.append(number(cell, decimal_comma))
    except NumberError as error:
        cause = f"row {row}, column {quoted(names[len(values)])}: {error}"
        raise _TableError(place, cause, error.offers) from error
    return tuple(values)


def _count(times: int, what: str) -> str:
    return f"{times:,} {what}" if times == 1 else f"{times:,} {what}s"


def _notes(names: tuple[str, ...], rows: list[Row]) -> Iterator[str]:
    if len(rows) > 1:
        for place, (name, first) in enumerate(zip(names, rows[0], strict=True)):
            if all(row[place] == first for row in rows):
                yield f"column {quoted(name)} has the same value in every row"
