"""A user's own CSV file: it reads exactly, or there is one sentence with the file, the place and the cause."""

import os
import random
import time
from itertools import product
from pathlib import Path

import pytest

from engine.checks import SpecError
from engine.files.csv_numbers import NumberError, number, plain_numbers
from engine.files.csv_reading import CsvError, Table, guess, read_table, reading

GOOD = b"x1,x2,y\n0.05,0.1,1\n-2e-3,+.5,0\n"
NAMES, ROWS = ("x1", "x2", "y"), ((0.05, 0.1, 1.0), (-0.002, 0.5, 0.0))

READS: dict[str, bytes] = {
    "plain": GOOD,
    "no line end at the end": GOOD.rstrip(),
    "a byte-order mark": b"\xef\xbb\xbf" + GOOD,
    "CRLF": GOOD.replace(b"\n", b"\r\n"),
    "CR": GOOD.replace(b"\n", b"\r"),
    "quotes": b'"x1","x2",y\n"0.05",0.1,"1"\n-2e-3,+.5,"0"\n',
    "spaces around": b"x1 , x2, y\n0.05, 0.1 , 1\n -2e-3 ,+.5, 0\n",
    "blank lines at the end": GOOD + b"\n\r\n  \n\t\n",
    "other ways to write a number": b"x1,x2,y\n5E-2,1.e-1,01\n-0.002,.5e+0,-0.0\n",
}


@pytest.mark.parametrize("name", READS)
def test_a_good_file_reads_exactly(name: str, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(READS[name])
    assert read_table(path) == Table(NAMES, ROWS)


@pytest.mark.parametrize(
    ("content", "separator", "decimal_comma"),
    [
        (b"x1;x2;y\n0.05;0.1;1\n-2e-3;.5;0", ";", False),
        (b"x1\tx2\ty\n0.05\t0.1\t1\n-2e-3\t.5\t0", "\t", False),
        (b"x1;x2;y\n0,05;0,1;1\n-2e-3;,5;0", ";", True),
        (b'x1,x2,y\n"0,05","0,1",1\n-2e-3,"0,5",0', ",", True),
    ],
)
def test_other_separators_and_decimal_commas(
    content: bytes, separator: str, decimal_comma: bool, tmp_path: Path
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    assert read_table(path, separator, decimal_comma) == Table(NAMES, ROWS)


def test_quoted_names_keep_separator_quote_and_line_end(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes('"length, cm","the ""x""","two\nlines",größe\n1,2,3,4\n5,6,7,8'.encode())
    assert read_table(path).names == ("length, cm", 'the "x"', "two\nlines", "größe")


Bad = tuple[bytes, str, dict[str, object]]


def bad(content: bytes | str, sentence: str, **offers: object) -> Bad:
    """A file, what the sentence says after the name of the file, and what it offers."""
    return content.encode() if isinstance(content, str) else content, sentence, offers


HEADER = "x1,x2,y\n"
BAD: dict[str, Bad] = {
    "empty": bad("", "line 1: the file is empty"),
    "blank": bad(" \n\n", "line 1: the file is empty"),
    "an empty cell alone": bad('""\n', "line 1: column 1 has no name"),
    "a byte-order mark alone": bad(b"\xef\xbb\xbf", "line 1: the file is empty"),
    "header only": bad(HEADER, "line 1: only a header"),
    "a short row": bad("a,b,c,d\n" + "1,2,3,4\n" * 16 + "1,2,3\n", "line 18: row 17 has 3 cells, 4 expected"),
    "a long row": bad(HEADER + "1,2,3,4\n", "line 2: row 1 has 4 cells, 3 expected"),
    "a row of one cell": bad(HEADER + "1,2,3\n4\n", "line 3: row 2 has 1 cell, 3 expected"),
    "a blank line between": bad(HEADER + "1,2,3\n\n4,5,6\n", "line 3: a blank line, with more text after it"),
    "text": bad(HEADER + "1,2,3\n1,abc,3\n", "line 3: row 2, column 'x2': 'abc' is no number"),
    "long text": bad(HEADER + f"1,{'abcde' * 99},3\n", "row 1, column 'x2': 'abcdeabcdeabcdeabcde…' is no number"),
    "text with a line end": bad(HEADER + '1,"a\nb",3\n', "line 2: row 1, column 'x2': 'a\\nb' is no number"),
    "a blank line at the beginning": bad("\n" + HEADER + "1,2,3\n", "line 1: a blank line, with more text after it"),
    "blank lines at the beginning": bad("\r\n\n \n" + HEADER + "1,2,3\n", "line 1: a blank line"),
    "a form feed, blank lines": bad("\f\n\f\n\n" + HEADER + "1,2,3\n", "line 1: a blank line"),
    "64 MiB of blank lines": bad(HEADER + "\n" * (64 * 2**20 - 8), "line 1: only a header"),
    "64 MiB of blank lines, with a quote": bad('"x",y' + "\n" * (64 * 2**20 - 5), "line 1: only a header"),
    "blank lines before a row": bad('"x",y' + "\n" * 2**20 + "1,2", "line 2: a blank line, with more text after it"),
    "an empty cell": bad(HEADER + "1,,3\n", "line 2: row 1, column 'x2': the cell is empty"),
    "nan": bad(HEADER + "1,nan,3\n", "row 1, column 'x2': 'nan' is no finite number"),
    "inf": bad(HEADER + "1,2,-Infinity\n", "row 1, column 'y': '-Infinity' is no finite number"),
    "an underscore": bad(HEADER + "1_000,2,3\n", "row 1, column 'x1': '1_000' is no number here: digits without _"),
    "full-width digits": bad(HEADER + "１２,2,3\n", "row 1, column 'x1': '１２' has digits other than 0 to 9"),
    "Arabic digits": bad(HEADER + "٣,2,3\n", "row 1, column 'x1': '٣' has digits other than 0 to 9"),
    "1e400": bad(HEADER + "1,2,-1e400\n", "row 1, column 'y': the number '-1e400' is too large for a float"),
    "a number too long": bad(HEADER + "1,2," + "7" * 131_000, "the number '77777777777777777777…' is too large"),
    "long and no number": bad(HEADER + "1,2," + "1" * 131_000 + "x", "'11111111111111111111…' is no number"),
    "a hexadecimal number": bad(HEADER + "0x10,2,3\n", "row 1, column 'x1': '0x10' is no number"),
    "a minus sign": bad(HEADER + "1,−2,3\n", "row 1, column 'x2': '−2' has the minus sign U+2212"),
    "decimal commas": bad(
        'x,y\n"0,5",1\n', "row 1, column 'x': '0,5' is no number with a decimal point; the file can be read with "
        "decimal commas", decimal_comma=True),
    "semicolons": bad("a;b;c\n1;2;3\n", "line 1: the cells seem to be separated by semicolons (2 semicolons found "
                      "in the header), not by commas", separator=";"),
    "semicolons and decimal commas": bad("a;b\n1,5;2,5\n", "separated by semicolons", separator=";"),
    "semicolons, ragged": bad("a;b;c\n1;2\n", "separated by semicolons", separator=";"),
    "commas in names": bad("a, b;c;d\n1;2;3\n", "separated by semicolons", separator=";"),
    "tabs": bad("a\tb\tc\n1\t2\t3\n", "line 1: the cells seem to be separated by tabs", separator="\t"),
    "an unclosed quote": bad(HEADER + '1,"2,3\n4,5,6\n', "line 2: a quote is opened here and never closed"),
    "text after a quote": bad(HEADER + '1,"2"3,4\n', "line 2: text follows the closing quote"),
    "a cell too long": bad(HEADER + "1,2," + "7" * 131_073, "line 2: a cell has more than 131,072 characters"),
    "a line too long": bad(HEADER + "1,2," * 300_000, "line 2: 1,200,000 characters, more than 1,048,576"),
    "too many columns": bad(",".join(f"x{i}" for i in range(2049)) + "\n1\n", "line 1: 2,049 columns, more than 2,048"),
    "NUL": bad(HEADER + "1,\0,3\n", "line 2: a NUL character"),
    "Latin-1": bad("x,größe\n1,2\n".encode("latin-1"), "line 1: this is not UTF-8 text (perhaps Latin-1)"),
    "Latin-1 further down": bad(b"x,y\n1,2\n3,\xb5\n", "line 3: this is not UTF-8 text"),
    "UTF-16": bad("x,y\n1,2\n".encode("utf-16"), "byte 1: this is UTF-16 text; save it as UTF-8"),
    "UTF-16 without its mark": bad("x,y\n1,2\n".encode("utf-16-le"), "line 1: a NUL character"),
    "too many rows": bad("x,y\n" + "1,2\n" * 100_001, "file: more than 100,000 rows"),
    "too many rows, with a quote": bad('"x",y\n' + "1,2\n" * 100_001, "file: more than 100,000 rows"),
    "ten million rows": bad("x,y\n" + "1,2\n" * 10_000_000, "file: more than 100,000 rows"),
    "equal headers": bad("x,y,x \n1,2,3\n", "line 1: 2 columns are called 'x'"),
    "an empty header": bad("x, ,y\n1,2,3\n", "line 1: column 2 has no name"),
    "no header": bad("1,2\n3,4\n", "line 1: a header with the names of the columns expected, numbers found"),
    "one column": bad("x\n1\n2\n", "line 1: one column only, 'x'"),
    "a spreadsheet": bad(b"PK\x03\x04\x14\0\6\0", "byte 1: this is a spreadsheet or another zip archive"),
    "an old spreadsheet": bad(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504), "byte 1: this is an old spreadsheet"),
    "a PNG": bad(b"\x89PNG\r\n\x1a\n\0", "byte 1: this is a PNG picture"),
    "a JPEG": bad(b"\xff\xd8\xff\xe0\0\x10JFIF", "byte 1: this is a JPEG picture"),
    "a GIF": bad(b"GIF89a\1\0\1\0", "byte 1: this is a GIF picture"),
    "a PDF": bad(b"%PDF-1.7\n", "byte 1: this is a PDF document"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_sentence(name: str, tmp_path: Path) -> None:
    content, sentence, offers = BAD[name]
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    began = time.perf_counter()
    with pytest.raises(CsvError) as refused:
        read_table(path)
    assert time.perf_counter() - began < 1
    path.unlink()  # some are large, and pytest would keep them
    said = str(refused.value)
    assert said.startswith(f"{path}: ")
    assert sentence in said
    assert "\n" not in said
    assert len(said) < len(str(path)) + 200
    assert refused.value.offers == offers


def test_what_is_offered_helps(tmp_path: Path) -> None:
    """First the other separator, then decimal commas: what the errors offer, taken together, reads the file."""
    path = tmp_path / "data.csv"
    path.write_bytes(b"a;b\n1,5;-2,25\n")
    arguments: dict[str, object] = {}
    for _ in range(2):
        with pytest.raises(CsvError) as refused:
            read_table(path, **arguments)  # type: ignore[arg-type]
        arguments |= refused.value.offers
    assert read_table(path, **arguments).rows == ((1.5, -2.25),)  # type: ignore[arg-type]


def test_decimal_points_where_commas_are_read_are_offered_back(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a;b\n1.5;2\n")
    with pytest.raises(CsvError, match=r"column 'a': '1\.5' is no number with a decimal comma") as refused:
        read_table(path, ";", decimal_comma=True)
    assert refused.value.offers == {"decimal_comma": False}


def test_what_is_no_ordinary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(64 * 2**20 + 1)
    (tmp_path / "good.csv").write_bytes(GOOD)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    for name, sentence in {
        "": "this is a folder",
        "pipe": "this is a device or a pipe",
        "missing.csv": "no such file or directory",
        "large.csv": "larger than 64 MiB",
        "a\0b.csv": "no file can have this name",
        "x" * 300: "file name too long",
        "good.csv": "permission denied",
    }.items():
        path = tmp_path / name
        with pytest.raises(CsvError) as refused:
            read_table(path)
        assert str(refused.value).startswith(f"{path}: {sentence}")


def test_the_most_rows_are_read_in_steps(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x1,x2,x3,x4,y\n" + "".join(f"{i},{i / 7},-1e-3,0.25,{i % 2}\n" for i in range(100_000)))
    steps = reading(path)
    seen = []
    while True:
        began = time.perf_counter()
        try:
            seen.append(next(steps))
        except StopIteration as end:
            table: Table = end.value
            break
        if len(seen) > 1:
            assert time.perf_counter() - began < 0.5
    assert seen == sorted(set(seen))
    assert (seen[-1], len(seen)) == (100_000, 50)
    assert len(table.rows) == 100_000
    assert table.rows[99_999] == (99_999.0, 99_999 / 7, -0.001, 0.25, 1.0)
    assert table.notes == (
        "column 'x3' has the same value in every row",
        "column 'x4' has the same value in every row",
    )


def test_one_row_has_no_constant_columns(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x,y\n1,2\n")
    assert read_table(path).notes == ()


def test_columns_by_name() -> None:
    table = Table(NAMES, ROWS)
    assert table.columns(["y", "x1"]) == ((1.0, 0.05), (0.0, -0.002))
    with pytest.raises(SpecError, match="column: 'x3' is not known"):
        table.columns(["x3"])


@pytest.mark.parametrize(
    ("names", "targets"),
    [
        ("x1 x2 y", "y"),
        ("y x1 x2", "y"),
        ("Y1 x1 Y2", "Y1 Y2"),
        ("y_1 years x1", "y_1"),
        ("a Target_b c", "Target_b"),
        ("Label a b", "Label"),
        ("a class b", "class"),
        ("height width price", "price"),
        ("y1 y2 y3", "y3"),
    ],
)
def test_targets_are_guessed_by_name(names: str, targets: str) -> None:
    inputs, found = guess(Table(tuple(names.split()), ((0.5, 0.25, 2.0),)))
    assert found == tuple(targets.split())
    assert inputs == tuple(name for name in names.split() if name not in targets.split())


def test_columns_that_mark_the_classes_are_guessed() -> None:
    iris = Path(__file__).parents[2] / "resources" / "examples" / "iris.csv"
    table = read_table(iris)
    assert guess(table) == (table.names[:4], ("setosa", "versicolor", "virginica"))


def one_by_one(cell: str) -> tuple[float, ...] | None:
    try:
        return (number(cell),)
    except NumberError:
        return None


def test_the_quick_way_reads_the_same_cells_as_the_careful_one() -> None:
    """Every text of up to five of these letters."""
    texts = ["".join(letters) for length in range(6) for letters in product("1.eE-+ ", repeat=length)]
    assert [text for text in texts if plain_numbers([text]) != one_by_one(text)] == []
    assert {"1.e11", "+.1", " 1 ", "-1e-1"} <= {text for text in texts if plain_numbers([text])}


BYTES = [
    b'"',
    b",",
    b";",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xe2\x88\x92",
    b"nan",
    b"_",
    b"e999",
    b" ",
    b"\t",
    b"-",
    b"",
    b"5",
    b".",
]


def mutated(content: bytes, source: random.Random) -> bytes:
    """One or two places of the content overwritten, taken out, doubled or filled with something odd."""
    for _ in range(source.randint(1, 2)):
        start = source.randrange(len(content) + 1)
        stop = min(len(content), start + source.choice([0, 1, 1, 2, 20]))
        put = source.choice([*BYTES, bytes([source.randrange(256)]), 2 * content[start:stop]])
        content = content[:start] + put + content[stop:]
    return content


def test_a_thousand_mutations_read_or_get_a_sentence(tmp_path: Path) -> None:
    source = random.Random(1936)
    good = "x1,x2,größe,y\n".encode() + b"".join(b'%d,-0.%d,"%d",1e-%d\n' % (i, i, i, i) for i in range(30))
    path = tmp_path / "data.csv"
    read, sentences = 0, []
    for _ in range(1000):
        content = mutated(good, source)
        path.write_bytes(content)
        began = time.perf_counter()
        try:
            table = read_table(path)
        except CsvError as error:
            sentences.append(str(error))
        else:
            read += 1
            assert {len(row) for row in table.rows} == {len(table.names)}
            assert all(abs(value) < float("inf") for row in table.rows for value in row)
        assert time.perf_counter() - began < 1
    assert 50 < read < 950
    assert all(said.startswith(f"{path}: ") and "\n" not in said for said in sentences)
    assert len({said.split(": ")[-1][:12] for said in sentences}) > 8
