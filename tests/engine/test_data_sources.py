"""Sessions whose data are generated or stand in a CSV file: what is wrong with them in one sentence."""

from pathlib import Path
from typing import Any

import pytest

from engine.commands import main
from engine.files.session_file import from_text, load, save, to_text
from tests.engine.session_texts import Change, with_value, written

CSV = "x1,x2,y\n1,2,0.1\n3,4,0.2\n5,6,0.3\n"


def generator(**fields: Any) -> Change:
    """Data of a generator, some of its fields changed."""
    return with_value("data", {"kind": "generator", "name": "spiral", "samples": 20, "noise": 0.1, "seed": 3} | fields)


def columns(**fields: Any) -> Change:
    """Data of the file data.csv beside the session, some of its fields changed."""
    return with_value("data", {"kind": "csv", "path": "data.csv", "inputs": ["x1", "x2"], "targets": ["y"]} | fields)


BAD: dict[str, tuple[bytes, str]] = {
    "half a sample": (written(generator(samples=0.5)), "data: samples: a whole number expected"),
    "an unknown generator": (written(generator(name="spirals")), "data: name: 'spirals' is not known"),
    "a generator with rows": (written(generator(inputs=[])), "data: the field 'inputs' is not known"),
    "a path with a folder": (written(columns(path="../data.csv")), "data: path: the name of a file beside the session"),
    "an absolute path": (written(columns(path="/data.csv")), "data: path: the name of a file beside the session"),
    "no path": (written(columns(path="")), "data: path: the name of a file beside the session"),
    "no input column": (written(columns(inputs=[])), "data: the names of at least one input and one target column"),
    "no target column": (written(columns(targets=[])), "data: the names of at least one input and one target column"),
    "a column number": (written(columns(inputs=[1, 2])), "data: inputs"),
}
BAD_GENERATORS: dict[str, tuple[bytes, str]] = {
    "10^9 samples": (written(generator(samples=10**9)), "data: samples: 1 to 100000 expected, 1000000000 found"),
    "no samples": (written(generator(samples=0)), "data: samples: 1 to 100000 expected, 0 found"),
    "a negative noise": (written(generator(noise=-0.1)), "data: noise: a number from 0"),
    "a seed of 2^32": (written(generator(seed=2**32)), "data: seed: 0 to 4294967295 expected"),
}
BAD_FILES: dict[str, tuple[bytes, str]] = {
    "a missing file": (written(columns(path="other.csv")), "other.csv"),
    "an unknown column": (written(columns(inputs=["x1", "x3"])), "x3"),
    "too few columns": (written(columns(inputs=["x1"])), "data: inputs of sample 1: 2 numbers expected, 1 found"),
    "a batch larger than the file": (written(columns(), with_value("batch", {"size": 4})), "batch: size: 1 to 3"),
}


def check_refused(content: bytes, sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2 and one line with the sentence."""
    path = folder / "bad.chainstep.json"
    (folder / "data.csv").write_text(CSV, encoding="utf-8")
    path.write_bytes(content)
    assert main(["check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"chainstep: {path}: ")
    assert err.count("\n") == 1
    assert sentence in err


@pytest.mark.parametrize("name", BAD)
def test_a_bad_source_gets_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_refused(*BAD[name], tmp_path, capsys)


@pytest.mark.parametrize("name", BAD_GENERATORS)
def test_a_bad_generator_gets_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_refused(*BAD_GENERATORS[name], tmp_path, capsys)


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_table_gets_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_refused(*BAD_FILES[name], tmp_path, capsys)


def test_a_session_with_a_table_comes_back(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(CSV, encoding="utf-8")
    session = from_text(written(columns(test_fraction=0.4)).decode(), tmp_path)
    assert session.spec.data.inputs == ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0))
    assert session.spec.data.targets == ((0.1,), (0.2,), (0.3,))
    assert session.spec.samples == 2
    assert from_text(to_text(session), tmp_path) == session


@pytest.mark.parametrize("name", ["xor", "spiral", "plane"])
def test_a_session_with_a_generator_comes_back(name: str) -> None:
    session = from_text(written(generator(name=name, test_fraction=0.25)).decode())
    assert (len(session.spec.data.inputs), session.spec.samples) == (20, 15)
    assert from_text(to_text(session)) == session


ROWS = (((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)), ((0.1,), (0.2,), (0.3,)))


@pytest.mark.parametrize("beside", [CSV, CSV.replace("0.3", "0.4"), "not a table", None])
def test_a_saved_session_keeps_its_rows_whatever_lies_beside_it(beside: str | None, tmp_path: Path) -> None:
    """The name of the table is written only where the very rows are found under it again."""
    (tmp_path / "data.csv").write_text(CSV, encoding="utf-8")
    session = from_text(written(columns()).decode(), tmp_path)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if beside is not None:
        (folder / "data.csv").write_text(beside, encoding="utf-8")
    save(session, folder / "saved")
    data = load(folder / "saved").spec.data
    assert (data.inputs, data.targets) == ROWS
    assert (data.source == session.spec.data.source) == (beside == CSV)
