"""The activation that CONTRIBUTING adds by example works as it promises; its lines are taken from there."""

import re
from pathlib import Path

import pytest

import engine.activations
from engine import Stepper
from engine.activations import ACTIVATIONS
from engine.expressions import Number
from engine.files.session_file import from_text, to_text
from engine.gradient_check import check_gradients
from engine.narration import told
from tests.engine.evaluation import evaluate
from tests.engine.session_texts import session_with

CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"


@pytest.fixture(autouse=True)
def softsign(monkeypatch: pytest.MonkeyPatch) -> None:
    part = CONTRIBUTING.read_text(encoding="utf-8").split("## Add an activation")[1].split("\n## ")[0]
    functions, entry = re.findall(r"```python\n(.*?)```", part, re.DOTALL)
    names = dict(vars(engine.activations))
    exec(functions + "\nENTRY = {" + entry + "}", names)
    for name, activation in names["ENTRY"].items():
        monkeypatch.setitem(ACTIVATIONS, name, activation)


def stepper_with_softsign() -> Stepper:
    text = to_text(session_with())
    assert '"sigmoid"' in text
    stepper = Stepper(from_text(text.replace('"sigmoid"', '"softsign"')))
    stepper.run(3)
    return stepper


def test_its_file_reads_back() -> None:
    session = stepper_with_softsign().session
    assert from_text(to_text(session)) == session
    assert session.spec.network.layers[0].activation == "softsign"


def test_its_gradients_stand_the_check() -> None:
    rows = list(check_gradients(stepper_with_softsign().frame.trace))
    assert rows
    assert all(row.is_close for row in rows)


def test_it_is_narrated() -> None:
    stepper = stepper_with_softsign()
    stepper.seek(2, 2)
    assert any("softsign(z_h1)" in line for line in told(stepper.frame))


@pytest.mark.parametrize(("z", "a"), [(1.0, 0.5), (-3.0, -0.75), (0.0, 0.0)])
def test_it_is_written_out(z: float, a: float) -> None:
    write = ACTIVATIONS["softsign"].written_out
    assert write is not None
    assert evaluate(write(Number(z), {})) == a
