"""The commands without a window: what they print, their exit status, and one line for every error."""

import csv
import os
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine import Stepper, open_session
from engine.commands import COMMANDS, main
from engine.files.session_file import save
from engine.narration import told
from tests.engine import reference
from tests.engine.networks import random_session
from tests.engine.session_texts import session_with


def output_of(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> list[str]:
    """The lines that a command prints; it must end with this status and say nothing on stderr."""
    assert main(list(words)) == status
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def error_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line of an error; status 2, and nothing on stdout."""
    assert main(list(words)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chainstep: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err.removeprefix("chainstep: ").rstrip("\n")


def test_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of the gallery, not of the alphabet."""
    lines = output_of(capsys, "examples")
    assert lines[:2] == [
        "seed-003                 Two inputs, two hidden neurons, one output",
        "seed-000                 Two inputs, two hidden neurons, cross-entropy (the learning rate 0.5 is ours)",
    ]
    assert lines[-1] == "valley-adamw             A long valley, by adamw"
    assert [line.split()[0] for line in lines] == [
        "seed-003", "seed-000", "seed-001-neuron", "seed-001-batch", "hmkcode", "house-prices",
        "xor", "spiral", "iris", "sine",
        "valley-gradient-descent", "valley-momentum", "valley-nesterov", "valley-adagrad", "valley-rmsprop",
        "valley-adam", "valley-adamw",
    ]  # fmt: skip


def test_show_a_gradient_with_its_chain(capsys: pytest.CaptureFixture[str]) -> None:
    assert output_of(capsys, "show", "seed-003", "--operation", "20") == [
        "Two inputs, two hidden neurons, one output",
        "Iteration 1, operation 20 of 32: backward, sample 1",
        "dL/dw[1,1,1]: the gradient of the weight from input 1 to neuron 1 of layer 1",
        "",
        "  dL/dw1 = δ_h1·x1",
        "         = 0.013367920422887463·0.05",
        "         = 0.0006683960211443732",
        "",
        "Its chain, from the loss on:",
        "  factor        is               value                product so far",
        "  dL/dŷ         ŷ - y            0.7413650695523157   0.7413650695523157     dL/dŷ",
        "  dŷ/dz_out     ŷ·(1 - ŷ)        0.18681560180895948  0.13849856162855698    δ_out",
        "  dz_out/da_h1  w5               0.4                  0.05539942465142279    dL/da_h1",
        "  da_h1/dz_h1   a_h1·(1 - a_h1)  0.24130070857232525  0.013367920422887463   δ_h1",
        "  dz_h1/dw1     x1               0.05                 0.0006683960211443732  dL/dw1",
    ]


def test_show_the_derivative_of_the_loss_without_a_chain_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert output_of(capsys, "show", "seed-003", "--operation", "8")[-2:] == [
        "        = 0.7513650695523157 - 0.01", "        = 0.7413650695523157"
    ]  # fmt: skip


def test_show_the_two_ways_to_a_shared_bias(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output_of(capsys, "show", "seed-003", "--operation", "24")
    assert "Its chain, from the loss on, a sum over 2 ways:" in lines
    ends = [line.split() for line in lines if line.endswith("a part of dL/db1")]
    assert [end[3] for end in ends] == ["0.013367920422887463", "0.014996075488896856"]  # 0.0134 and 0.0150
    stepper = Stepper(open_session("seed-003"))
    stepper.run(1)
    assert sum(float(end[3]) for end in ends) == stepper.value("dL/db[1]")


def test_show_folds_many_ways(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    layers = [{"neurons": 1, "activation": "tanh"}, {"neurons": 6, "activation": "tanh"},
              {"neurons": 2, "activation": "softmax"}]  # fmt: skip
    initial = {"kind": "values", "weights": [[[0.1, 0.2]], [[0.1]] * 6, [[0.1] * 6, [0.2] * 6]],
               "biases": [[0.1], [0.1] * 6, [0.0, 0.0]]}  # fmt: skip
    data = {"kind": "values", "inputs": [[1, 2]], "targets": [[0, 1]]}
    session = session_with(
        network={"inputs": 2, "layers": layers}, initial=initial, data=data, loss="cross_entropy", source="s"
    )
    save(session, tmp_path / "s")
    count = Stepper(session).frame.program.count
    shown = [output_of(capsys, "show", str(tmp_path / "s"), "--operation", str(k)) for k in range(1, count + 1)]
    assert any("… and 2 more ways" in lines for lines in shown)
    assert any("together" in lines for lines in shown)
    assert max(map(len, shown)) < 60


def test_show_stands_where_the_session_stands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(tmp_path / "session")
    for cursor, heading in (
        ((1, 0, 0), "Iteration 1, operation 1 of 32"),
        ((2, 5, 0), "Iteration 2, operation 5 of 32"),
        ((2, 19, 3), "Iteration 2, operation 20 of 32"),
    ):
        stepper = Stepper(open_session("seed-003"))
        stepper.seek(*cursor)
        save(stepper.session, Path(path))
        assert output_of(capsys, "show", path)[1].startswith(heading)
        assert output_of(capsys, "show", path, "--iteration", "4")[1].startswith("Iteration 4, operation 1 of")
        assert output_of(capsys, "show", path, "--operation", "7")[1].startswith(f"Iteration {cursor[0]}, operation 7 ")


def test_show_says_what_every_kind_of_operation_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(tmp_path / "session")
    save(session_with(optimizer={"name": "adam", "learning_rate": 0.1}), Path(path))
    count = Stepper(open_session(path)).frame.program.count
    sentences = {output_of(capsys, "show", path, "--operation", str(k))[1] for k in range(1, count + 1)}
    for words in (
        "a[2,1]: the activation of neuron 1 of layer 2",
        "dL/dz[1,3]: the delta (the derivative of the loss by the pre-activation) of neuron 3 of layer 1",
        "dL/db[2]: the gradient of the bias that layer 2 shares",
        "batch_loss: the loss of the batch",
        "grad[w[2,1,3]]: the gradient of the weight from neuron 3 of layer 1 to neuron 1 of layer 2",
        "first_moment_hat[b[1,2]]: the corrected first moment of the bias of neuron 2 of layer 1",
        "w[1,2,2]: the new value of the weight from input 2 to neuron 2 of layer 1",
    ):
        assert words in sentences


def test_export_all_three(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paths = {name: tmp_path / f"{name}.csv" for name in ("values", "parameters", "losses")}
    words = [word for name, path in paths.items() for word in (f"--{name}", str(path))]
    lines = output_of(capsys, "export", "seed-003", "--iterations", "3", *words, "--bom")
    assert lines == [f"{name}: {path}" for name, path in paths.items()]
    rows = {}
    for name, path in paths.items():
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows[name] = list(csv.reader(file))
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [len(rows[name]) for name in paths] == [1 + 3 * 32, 1 + 4, 1 + 3]


def exported_losses(capsys: pytest.CaptureFixture[str], folder: Path, session: dict[str, Any]) -> list[list[str]]:
    """The rows of three iterations that --losses writes, without the header."""
    source, path = folder / "mine.chainstep.json", folder / "losses.csv"
    save(open_session(session), source)
    output_of(capsys, "export", str(source), "--iterations", "3", "--losses", str(path))
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["iteration", "epoch", "batch_loss", "test_loss"]
    return rows


@pytest.mark.parametrize("penalty", ["none", "both"])
def test_exported_losses_have_the_test_loss_of_the_textbook(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, penalty: str
) -> None:
    """At the parameters before each update, without penalty."""
    session = random_session(Random(4), optimizer="adam", penalty=penalty, frozen=[])
    data = session["data"]
    rows = len(data["inputs"]) + 2
    data |= {"inputs": (data["inputs"] * 3)[:rows], "targets": (data["targets"] * 3)[:rows]}
    data["test_fraction"] = 2.5 / rows
    parameters = [reference.by_name(session, reference.initial_parameters(session))]
    parameters += [state["parameters"] for state in reference.train(session, 2)]
    expected = [float(reference.test_loss(session, reference.from_names(session, names))) for names in parameters]
    found = [float(row[3]) for row in exported_losses(capsys, tmp_path, session)]
    assert found == pytest.approx(expected, rel=1e-9)


def test_exported_losses_have_no_test_loss_without_rows_held_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = exported_losses(capsys, tmp_path, random_session(Random(4), optimizer="adam"))
    assert [row[3] for row in rows] == ["", "", ""]


def test_export_one_iteration_without_a_mark(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    output_of(capsys, "export", "seed-003", "--values", str(path))
    assert path.read_bytes().startswith(b"iteration,epoch")
    assert len(path.read_bytes().splitlines()) == 33


def test_export_refusals(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    session, link = tmp_path / "session", tmp_path / "link"
    save(session_with(), session)
    link.symlink_to(session)
    before = session.read_bytes()
    out = str(tmp_path / "out.csv")
    assert "nothing to write" in error_of(capsys, "export", str(session))
    assert "nothing to write" in error_of(capsys, "export", str(session), "--bom")
    assert error_of(capsys, "export", str(session), "--values", str(tmp_path)) == f"{tmp_path}: this is a folder"
    assert "device" in error_of(capsys, "export", str(session), "--values", os.devnull)
    assert "no such file" in error_of(capsys, "export", str(session), "--values", str(tmp_path / "no" / "where"))
    assert "the session itself" in error_of(capsys, "export", str(session), "--values", str(link))
    assert "another export" in error_of(capsys, "export", str(session), "--values", out, "--losses", out)
    assert session.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["link", "session"]


def test_export_on_a_full_disk(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "values.csv"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    assert error_of(capsys, "export", "seed-003", "--values", str(path)) == f"{path}: no space left on device"
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["values.csv"]


def test_check(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output_of(capsys, "check", "seed-003", "--iteration", "3")
    assert [line.split()[0] for line in lines[1:-1]] == list(Stepper(open_session("seed-003")).parameters())
    assert lines[-1] == "8 gradients: 8 agree, 0 are off"


def test_check_nudges_a_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    """Document 003 prints 0.0822 as the gradient of w5; 0.01 of it is predicted, and nearly that is what happens."""
    (line,) = output_of(capsys, "check", "seed-003", "--nudge", "w[2,1,1]", "-0.01")
    words = re.fullmatch(
        r"w\[2,1,1\] - 0\.01: the gradient predicts (\S+), the loss moves by (\S+), (\S+) apart\.", line
    )
    assert words
    predicted, moved, apart = map(float, words.groups())
    assert f"{predicted / -0.01:.4f}" == "0.0822"
    assert moved == pytest.approx(predicted, rel=1e-2)
    assert apart == pytest.approx(abs(moved - predicted), rel=0.1)


def test_a_negative_step_may_have_an_exponent(capsys: pytest.CaptureFixture[str]) -> None:
    plain = output_of(capsys, "check", "seed-003", "--nudge", "b[2]", "-0.001")
    assert output_of(capsys, "check", "seed-003", "--nudge", "b[2]", "-1e-3") == plain


def test_check_leaves_kinks_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    layers = [{"neurons": 3, "activation": "relu"}, {"neurons": 1, "activation": "identity", "bias": "none"}]
    weights = [[[0.0, 0.0], [0.3, 0.4], [0.5, 0.6]], [[0.7, 0.8, 0.9]]]
    initial = {"kind": "values", "weights": weights, "biases": [[0.0, 0.2, 0.3], []]}
    save(session_with(network={"inputs": 2, "layers": layers}, initial=initial), tmp_path / "session")
    lines = output_of(capsys, "check", str(tmp_path / "session"))
    assert lines[-1] == "12 gradients: 9 agree, 0 are off, 3 at a kink and not judged"
    assert sum(line.endswith("z[1,1] lies at a kink") for line in lines) == 3


def test_compare_marks_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output_of(capsys, "compare", "seed-003")
    place = next(number for number, line in enumerate(lines) if "0.199325" in line)
    assert lines[place].split() == ["1", "w[1,1,2]", "w2", "0.199325", "0.199332"]
    assert lines[place + 1].index("^^") == lines[place].index("0.199332") + 6
    assert lines[place + 1].endswith("Computed with the gradient 0.00135, itself a slip.")
    assert lines[-1] == "37 published figures: 29 agree, 8 differ with a note, 0 differ without one"


def test_compare_without_a_note_is_status_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figures = [{"iteration": 1, "sample": 1, "quantity": quantity, "value": value}
               for quantity, value in (("z[1,1]", "0.6"), ("z[1,2]", "9"), ("z[7,1]", "1"))]  # fmt: skip
    save(session_with(published=figures), tmp_path / "session")
    lines = output_of(capsys, "compare", str(tmp_path / "session"), status=1)
    assert lines[-1] == "3 published figures: 1 agree, 0 differ with a note, 2 differ without one"
    assert sum("no note says why" in line for line in lines) == 2
    assert any(line.endswith("—") for line in lines)


def test_compare_without_figures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    save(session_with(), tmp_path / "session")
    assert output_of(capsys, "compare", str(tmp_path / "session")) == ["The session holds no published figures."]


USAGE_ERRORS = {
    (): "the following arguments are required: COMMAND",
    ("draw",): "invalid choice: 'draw'",
    ("show",): "the following arguments are required: SESSION",
    ("show", "seed-003", "--operation", "0"): "a whole number from 1 expected, '0' found",
    ("show", "seed-003", "--operation", "33"): "seed-003: iteration 1 has 32 operations, no 33",
    ("show", "seed-003", "--iteration", "-1"): "a whole number from 1 expected, '-1' found",
    ("show", "seed-003", "--iteration", "two"): "a whole number from 1 expected, 'two' found",
    ("show", "seed-003", "--iteration", "٣"): "a whole number from 1 expected, '٣' found",
    ("check", "seed-003", "--iteration", "9" * 5000): "a whole number from 1 expected",
    ("check", "seed-003", "--iterat", "1"): "unrecognized arguments: --iterat 1",
    ("check", "seed-003", "--nudge", "w[9,1,1]", "1"): "--nudge: the network has no parameter w[9,1,1]",
    ("check", "seed-003", "--nudge", "w5", "1"): "--nudge: 'w5' is no quantity",
    ("check", "seed-003", "--nudge", "b[2]", "inf"): "--nudge: a number expected as the step, 'inf' found",
    ("export", "seed-003", "--iterations", "0", "--values", "x"): "a whole number from 1 expected, '0' found",
    ("export", "seed-003", "--values"): "expected one argument",
    ("compare", "seed-03"): "seed-03: no such file, and no example of that name; did you mean 'seed-003'?",
    ("compare", "no\nfile"): "no\\nfile: no such file",
    ("compare", ""): "folder",
    ("check", "a\0b"): "a\\x00b: no file can have this name",
}


@pytest.mark.parametrize("words", USAGE_ERRORS, ids=" ".join)
def test_an_error_is_one_line(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert USAGE_ERRORS[words] in error_of(capsys, *words)


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS)])
def test_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert output_of(capsys, *words, "--help")[0].startswith("usage: chainstep")


def test_an_interrupted_command_ends_quietly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Stepper, "seek", interrupt)
    assert main(["show", "seed-003"]) == 130
    assert capsys.readouterr() == ("", "")


def test_nothing_is_told_before_the_first_operation() -> None:
    with pytest.raises(ValueError, match="no operation is done yet"):
        list(told(Stepper(open_session("seed-003")).frame))
