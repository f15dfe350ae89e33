"""Session files: what is saved opens as it was, byte for byte; paths that are none; the witness; mutations."""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine import Stepper, open_session
from engine.checks import SpecError
from engine.commands import main
from engine.cursor import Cursor
from engine.edits import DataEdit, LearningRateEdit, ParameterEdit
from engine.files.examples import names, open_with_witness
from engine.files.session_file import SessionFileError, Witness, from_mapping, from_text, load, save, to_text
from engine.initializers import INITIALIZERS
from engine.quantities import Quantity
from engine.session import Published, Session
from tests.engine import reference
from tests.engine.networks import random_session
from tests.engine.session_texts import plain_mapping, replaced, session_with, with_value, written


def test_defaults() -> None:
    session = session_with()
    assert (session.title, session.source, session.notation) == ("", "", "sequential")
    assert (session.edits, session.cursor, session.published) == ((), Cursor(1, 0, 0), ())
    assert session.spec.network.layers[0].bias == "per_neuron"
    assert (session.spec.batch_size, session.spec.seed, session.spec.frozen) == (None, 0, ())


def with_life(rng: Random, session: Session) -> Session:
    """The session with edits, a cursor, a title and published figures."""
    stepper = Stepper(replace(session, title=rng.choice(("", "Zwei Neuronen\n\t\"ŷ\" \\ \u2028 🧠", "x" * 300))))
    for _ in range(rng.randint(0, 4)):
        stepper.seek(rng.randint(1, 4))
        stepper.edit("w[1,1,1]", rng.choice((rng.gauss(0, 1), -0.0, 5e-324, 1.7976931348623157e308, 1 / 3)))
        stepper.edit(rng.choice(("x[1]", "y[1]")), rng.random())
        stepper.edit("learning_rate", rng.random() + 1e-9)
    iteration = rng.randint(1, 4)
    count = stepper.frame_of(iteration).program.count
    stepper.seek(iteration, rng.randint(0, count))
    figures = (Published(1, Quantity("z", (1, 1)), "-0.10", 1, rng.choice(("", "A note."))),)
    return replace(stepper.session, published=rng.choice(((), figures)), source="somewhere.txt")


def test_save_open_save_changes_no_byte(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for seed in range(200):
        rng = Random(seed)
        session = with_life(rng, from_mapping(random_session(rng)))
        loss = rng.choice((None, rng.random()))
        save(session, first, loss)
        opened, witness = open_with_witness(first)
        assert opened == session
        save(opened, second, witness.batch_loss if witness else None)
        assert first.read_bytes() == second.read_bytes()
        assert Stepper(opened).cursor == session.cursor


@pytest.mark.parametrize("name", names())
def test_examples_stand_in_their_canonical_form(name: str) -> None:
    folder = Path(__file__).parents[2] / "resources" / "examples"
    path = folder / f"{name}.chainstep.json"
    assert to_text(load(path)) == path.read_text(encoding="utf-8")


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "session"
    path.write_bytes(b"\xef\xbb\xbf" + written())
    assert load(path) == session_with()


def test_an_emoji_as_a_pair_of_escapes_is_whole() -> None:
    assert from_text(replaced(b'"version"', b'"title": "\\ud83e\\udde0", "version"').decode()).title == "🧠"


def test_edits_are_put_in_order_and_the_last_of_a_pair_counts() -> None:
    learning = {"kind": "learning_rate", "value": 0.1}
    weight = {"kind": "parameter", "iteration": 3, "quantity": "w[2,1,1]"}
    data = {"kind": "data", "iteration": 2, "sample": 2, "quantity": "y[1]", "value": 1}
    edits = [learning | {"iteration": 5}, weight | {"value": 0.5}, data, weight | {"value": 0.25}]
    session = session_with(edits=edits)
    assert session.edits == (
        DataEdit(2, 2, Quantity("y", (1,)), 1.0),
        ParameterEdit(3, Quantity("w", (2, 1, 1)), 0.25),
        LearningRateEdit(5, 0.1),
    )
    assert from_text(to_text(session)) == session


def test_an_activation_may_be_an_object() -> None:
    mapping = plain_mapping()
    mapping["network"]["layers"][0]["activation"] = {"name": "sigmoid"}
    assert from_mapping(mapping) == session_with()


def test_hyperparameters_and_frozen_come_back() -> None:
    session = session_with(
        optimizer={"name": "adam", "learning_rate": 1, "beta2": 0.99, "eps": 1e-7},
        frozen=["w[1]", "b[1,2]", "b[2]", "w[2,1,3]"],
        batch={"size": 2},
    )
    assert session.spec.optimizer.hyperparameters == {"beta2": 0.99, "eps": 1e-7}
    assert from_text(to_text(session)) == session


def test_every_field_comes_back(tmp_path: Path) -> None:
    """Penalty, slopes, constants, hyperparameters, held-back rows, shuffle, a frozen slope and an edit of one."""
    layers = [
        {"neurons": 3, "activation": {"name": "prelu", "slope": 0.125}, "bias": "none"},
        {"neurons": 1, "activation": {"name": "elu", "alpha": 1 / 3}, "bias": "shared"},
    ]
    weights = {"weights": plain_mapping()["initial"]["weights"], "biases": [[], [0.4]]}
    session = session_with(
        network={"inputs": 2, "layers": layers},
        initial={"kind": "values", **weights, "slopes": [-0.1, None]},
        loss="huber",
        penalty={"l1": 1e-300, "l2": 0.1},
        optimizer={"name": "adamw", "learning_rate": 0.1, "weight_decay": 0.0, "beta1": 0.0},
        data=plain_mapping()["data"] | {"test_fraction": 1 / 3},
        batch={"size": 1, "shuffle": True},
        seed=2**32 - 1,
        frozen=["slope[1]", "w[2]"],
        edits=[{"kind": "parameter", "iteration": 2, "quantity": "slope[1]", "value": 5e-324}],
        cursor={"iteration": 3, "operation": 2},
    )
    spec = session.spec
    assert (spec.samples, spec.shuffle, spec.penalty.l1, spec.penalty.l2) == (2, True, 1e-300, 0.1)
    assert spec.optimizer.all_hyperparameters["weight_decay"] == 0.0
    assert spec.initial_values.slopes == (-0.1, None)
    assert_comes_back(session, tmp_path)


@pytest.mark.parametrize("scheme", INITIALIZERS)
@pytest.mark.parametrize("seed", [None, 0, 7])
def test_a_scheme_comes_back(scheme: str, seed: int | None, tmp_path: Path) -> None:
    """As the scheme it is; without a seed it draws from the session's."""
    own = {} if seed is None else {"seed": seed}
    session = session_with(initial={"kind": "scheme", "scheme": scheme, **own}, seed=5)
    assert_comes_back(session, tmp_path)
    values = reference.initial_parameters(json.loads(to_text(session)))
    assert Stepper(session).parameters() == reference.by_name(json.loads(to_text(session)), values)


def assert_comes_back(session: Session, folder: Path) -> None:
    """Saved, opened and saved again: the same session, the same bytes."""
    save(session, folder / "first")
    assert load(folder / "first") == session
    save(load(folder / "first"), folder / "second")
    assert (folder / "first").read_bytes() == (folder / "second").read_bytes()


def test_a_cursor_beyond_the_seeds_of_all_orders_is_read() -> None:
    """Of 2^50 epochs not every one has a seed of its own; reading a file draws no order."""
    session = session_with(batch={"size": "all", "shuffle": True}, cursor={"iteration": 2**50, "operation": 2})
    assert session.cursor == (2**50, 2, 0)


def test_a_witness_says_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = session_with(cursor={"iteration": 3, "operation": 2})
    loss = Stepper(session).frame.trace.batch_loss
    path = tmp_path / "session"
    save(session, path, loss)
    opened, witness = open_with_witness(path)
    assert (opened, witness) == (session, Witness(3, loss))
    assert witness is not None
    assert witness.difference(loss) is None
    assert main(["show", str(path)]) == 0
    assert capsys.readouterr().err == ""
    save(session, path, loss + 1e-9)
    assert main(["show", str(path)]) == 0
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "a difference of 1.0e-09" in err


def test_a_witness_of_another_iteration_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "session"
    path.write_bytes(written(with_value("witness", {"iteration": 10**9, "batch_loss": 1.0})))
    assert open_with_witness(path) == (session_with(), None)


def test_a_loss_that_is_not_finite_is_no_witness() -> None:
    assert to_text(session_with(), float("nan")) == to_text(session_with())


def test_a_session_that_would_not_read_back_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "session"
    with pytest.raises(ValueError, match="half a character"):
        save(replace(session_with(), title="\ud800"), path)
    assert not path.exists()


def test_paths_that_are_no_session(tmp_path: Path) -> None:
    pipe, circle = tmp_path / "pipe", tmp_path / "circle"
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    cases = {
        str(tmp_path): "this is a folder",
        "/dev/zero": "this is a device",
        str(pipe): "this is a device or a pipe",
        str(circle): "symbolic links",
        str(tmp_path / "vanished"): "no such file, and no example of that name; examples are",
        "seed-03": "no such file, and no example of that name; did you mean 'seed-003'?",
        "x" * 5000: "name too long",
        "": "this is a folder",
    }
    for source, words in cases.items():
        with pytest.raises(SessionFileError, match=words) as refused:
            open_session(source)
        assert str(refused.value).startswith(source)


@pytest.mark.parametrize(
    ("error", "words"), [(PermissionError(13, "Denied"), "denied"), (OSError(5, "Input/output error"), "input/output")]
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    path = tmp_path / "session"
    path.write_bytes(written())

    def refuse(self: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SessionFileError, match=words) as refused:
        load(path)
    assert str(refused.value).startswith(f"{path}: ")


def test_a_file_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "session"
    with path.open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(SessionFileError, match="larger than 64 MiB"):
        load(path)


def test_a_large_object_is_read_fast() -> None:
    text = "{" + ",".join(f'"k{i}": 1' for i in range(200_000)) + "}"
    began = time.perf_counter()
    with pytest.raises(SpecError, match="format"):
        from_text(text)
    assert time.perf_counter() - began < 1


def test_a_mapping_is_checked_like_a_file() -> None:
    for change, words in ((with_value("data", "inputs", 0, 0, float("nan")), "x\\[1\\] of sample 1: a finite number"),
                          (with_value("data", "inputs", 0, 0, 10**400), "too large"),
                          (with_value("title", "\ud800"), "half a character")):  # fmt: skip
        mapping = plain_mapping()
        change(mapping)
        with pytest.raises(SessionFileError, match=words):
            open_session(mapping)


def mutated(rng: Random, value: Any) -> Any:
    """The JSON tree with one thing in it changed, removed or doubled."""
    odd: tuple[Any, ...] = (None, True, -1, 0, 2**70, 0.5, -0.0, 1e308, "", "3", "w[1]", [], {}, [[]], "all", "softmax")
    if not isinstance(value, dict | list) or not value or rng.random() < 0.1:
        return rng.choice(odd)
    key = rng.choice(list(value) if isinstance(value, dict) else range(len(value)))
    copy = value.copy()
    if rng.random() < 0.2:
        del copy[key]
    elif rng.random() < 0.1 and isinstance(copy, list):
        copy.append(copy[key])
    else:
        copy[key] = mutated(rng, copy[key])
    return copy


def test_mutated_sessions_open_or_get_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "session"
    opened = 0
    sentences = []
    for seed in range(1500):
        rng = Random(seed)
        tree = plain_mapping() | {
            "edits": [{"kind": "parameter", "iteration": 1, "quantity": "w[1,1,1]", "value": 1.0}],
            "frozen": ["b[2]"], "cursor": {"iteration": 1, "operation": 3}, "batch": {"size": 2, "shuffle": False},
            "published": [{"iteration": 1, "sample": 1, "quantity": "z[1,1]", "value": "0.5", "note": "x"}],
        }  # fmt: skip
        content = json.dumps(mutated(rng, tree)).encode()
        if seed % 3 == 0:  # in bytes too
            place = rng.randrange(len(content))
            content = content[:place] + bytes([rng.randrange(256)]) + content[place + rng.randint(0, 2) :]
        path.write_bytes(content)
        try:
            session = load(path)
        except SessionFileError as error:
            sentences.append(str(error))
        else:
            opened += 1
            assert from_text(to_text(session)) == session
    assert all(sentence.startswith(f"{path}: ") and "\n" not in sentence for sentence in sentences)
    assert 50 < opened < 1450


def test_deep_trees_do_not_meet_the_recursion_limit() -> None:
    for depth in (31, 33, 500, sys.getrecursionlimit() - 60):
        with pytest.raises(SpecError):
            from_text('{"format": ' + "[" * depth + "]" * depth + "}")
