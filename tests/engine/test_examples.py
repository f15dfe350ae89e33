"""The worked examples against their documents, whose figures are typed here anew, not read from our files."""

import math
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from engine import Stepper, open_session
from engine.commands import main
from engine.comparison import Comparison, compare, rounded
from engine.files.examples import EXAMPLES, SUFFIX, names
from engine.files.session_file import save
from engine.quantities import parse
from engine.session import Published
from engine.spec import Columns
from engine.surface import losses_at, way
from tests.engine.session_texts import session_with

# (quantity, printed digits, digits of the exact value where the document slips or rounds on the way, else None)
Printed = tuple[str, str, str | None]

DOCUMENT_003: list[Printed] = [
    # Forward propagation: "z_h1 = ... = 0.3775" to "Loss = ... ≈ 0.2748"
    ("z[1,1]", "0.3775", None),
    ("z[1,2]", "0.3925", None),
    ("a[1,1]", "0.5933", None),
    ("a[1,2]", "0.5969", None),
    ("z[2,1]", "1.1059", None),
    ("a[2,1]", "0.7514", None),
    ("loss", "0.2748", None),
    # w5 and w6
    ("dL/da[2,1]", "0.7414", None),
    ("da/dz[2,1]", "0.1868", None),
    ("dL/dw[2,1,1]", "0.0822", None),
    ("dL/dw[2,1,2]", "0.0827", None),
    # w1 and w2: "0.7414 * 0.1868 ≈ 0.1385", "0.1385 * 0.40 ≈ 0.0554", "0.0554 * 0.2413 ≈ 0.0134"
    ("dL/dz[2,1]", "0.1385", None),
    ("dL/da[1,1]", "0.0554", None),
    ("dL/da[1,1]", "0.0555", "0.0554"),  # "dL/dw2 = 0.0555 * 0.2413 * 0.10"
    ("da/dz[1,1]", "0.2413", None),
    ("dL/dz[1,1]", "0.0134", None),
    ("dL/dw[1,1,1]", "0.00067", None),
    ("dL/dw[1,1,2]", "0.00135", "0.00134"),
    # w4 and w3: "0.1385 * 0.45 ≈ 0.0623", "0.0623 * 0.2407 ≈ 0.0150"
    ("dL/da[1,2]", "0.0623", None),
    ("da/dz[1,2]", "0.2407", "0.2406"),
    ("dL/dz[1,2]", "0.0150", None),
    ("dL/dw[1,2,2]", "0.00150", None),
    ("dL/dw[1,2,1]", "0.00075", None),
    # biases
    ("dL/db[2]", "0.1385", None),
    ("dL/db[1]", "0.0284", None),
    # updates, in the text and, with other digits, in the table
    ("w[2,1,1]", "0.3589", None),
    ("w[2,1,1]", "0.35890", "0.35892"),
    ("w[2,1,2]", "0.4087", None),
    ("w[2,1,2]", "0.40865", "0.40867"),
    ("w[1,2,2]", "0.2993", None),
    ("w[1,2,2]", "0.29925", None),
    ("w[1,2,1]", "0.2496", None),
    ("w[1,2,1]", "0.249625", None),
    ("w[1,1,2]", "0.199325", "0.199332"),
    ("w[1,1,1]", "0.149665", "0.149666"),
    ("b[1]", "0.3358", None),
    ("b[2]", "0.5307", "0.5308"),
]

DOCUMENT_000: list[Printed] = [
    ("z[1,1]", "0.2", None),
    ("z[1,2]", "0.4", None),
    ("a[1,1]", "0.55", None),
    ("a[1,2]", "0.60", None),
    ("z[2,1]", "0.39", None),
    ("a[2,1]", "0.596", None),
    ("loss", "0.517", None),
    ("dL/dz[2,1]", "-0.404", None),
    ("dL/dw[2,1,1]", "-0.222", None),
    ("dL/dw[2,1,2]", "-0.243", "-0.242"),
    ("dL/dz[1,1]", "-0.020", None),
    ("dL/dz[1,2]", "-0.029", None),
    ("dL/dw[1,1,1]", "-0.020", None),
    ("dL/dw[1,1,2]", "0", None),
    ("dL/dw[1,2,1]", "-0.029", None),
    ("dL/dw[1,2,2]", "0", None),
]

DOCUMENTS = {"seed-003": DOCUMENT_003, "seed-000": DOCUMENT_000}


def is_printed(value: float, digits: str) -> bool:
    """Whether a value rounds to the printed digits; written independently of engine.comparison."""
    return Decimal(value).quantize(Decimal(digits), ROUND_HALF_EVEN) == Decimal(digits)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_engine_gives_the_documents_figures(name: str) -> None:
    stepper = Stepper(open_session(name))
    stepper.run(1)
    for quantity, printed, exact in DOCUMENTS[name]:
        value = stepper.value(quantity)
        assert value is not None
        assert is_printed(value, exact or printed), quantity
        assert exact is None or not is_printed(value, printed), quantity


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_example_publishes_every_figure_of_its_document(name: str) -> None:
    figures = open_session(name).published
    assert [(str(f.quantity), f.value) for f in figures] == [(q, printed) for q, printed, _ in DOCUMENTS[name]]
    assert all(f.iteration == 1 and f.sample == (None if f.quantity.is_parameter else 1) for f in figures)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_figure_has_a_note_exactly_where_it_differs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    slips = sum(exact is not None for _, _, exact in DOCUMENTS[name])
    for row, (_, _, exact) in zip(compare(Stepper(open_session(name))), DOCUMENTS[name], strict=True):
        assert row.agrees == (exact is None)
        assert bool(row.figure.note) == (exact is not None)
        assert row.computed == (exact or row.figure.value)
    assert main(["compare", name]) == 0
    count = len(DOCUMENTS[name])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == (
        f"{count} published figures: {count - slips} agree, {slips} differ with a note, 0 differ without one"
    )


def test_document_003_has_32_operations() -> None:
    assert Stepper(open_session("seed-003")).frame.program.count == 32


def test_what_is_ours_in_000_is_said() -> None:
    session = open_session("seed-000")
    assert session.spec.optimizer.learning_rate == 0.5
    assert "learning rate 0.5 is ours" in session.title


def test_every_example_opens_checks_and_compares() -> None:
    for name in names():
        assert main(["check", name]) == main(["compare", name]) == 0


@pytest.mark.parametrize(
    ("value", "like", "text"),
    [
        (0.35, "0.4", "0.3"),  # the float lies below the half
        (2.5, "0", "2"),
        (-0.0001, "0.00", "0.00"),
        (-0.243, "-0.2", "-0.2"),
        (1234.5678, "1234.6", "1234.6"),
        (6.6e-4, "7e-4", "7e-4"),
        (1.26e-8, "1.3e-8", "1.3e-8"),
        (1e300, "1.0", "1" + f"{1e300:.1f}"[1:]),
        (5e-324, "0.0", "0.0"),
        (float("inf"), "1.0", "inf"),
        (float("nan"), "1.0", "nan"),
    ],
)
def test_rounding_to_the_published_digits(value: float, like: str, text: str) -> None:
    assert rounded(value, like) == text


def compared(value: float | None, published: str, note: str = "") -> Comparison:
    return Comparison(Published(1, parse("z[1,1]"), published, 1, note), "z1", value)


def test_marks_stand_under_the_digits_that_differ() -> None:
    assert compared(0.19933, "0.19928").marks == "     ^^"
    assert compared(12.5, "2.5").marks == "^   "
    assert compared(None, "0.5").computed == "—"
    assert not compared(None, "0.5").agrees
    assert not compared(float("nan"), "0.5").agrees
    assert compared(0.4, "0.5", "why").is_explained
    assert not compared(0.4, "0.5").is_explained
    assert compared(-0.0, "0").agrees


def test_figures_without_a_value_and_without_a_note_count(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [
        {"iteration": 1, "sample": sample, "quantity": quantity, "value": "0.5"}
        for quantity, sample in (("z[7,1]", 1), ("z[1,1]", 9), ("velocity[w[1,1,1]]", None), ("z[1,1]", 1))
    ]
    rows = list(compare(Stepper(session_with(published=figures))))
    assert [row.value is None for row in rows] == [True, True, True, False]
    assert not any(row.agrees for row in rows)


# The examples of the gallery


def shown(name: str, iterations: int) -> Stepper:
    """An example at the end of so many iterations."""
    stepper = Stepper(open_session(name))
    stepper.run(iterations)
    return stepper


def test_the_table_names_every_file_and_every_file_is_in_the_table() -> None:
    found = [entry.name.removesuffix(SUFFIX) for entry in EXAMPLES.iterdir() if entry.name.endswith(SUFFIX)]
    assert sorted(found) == sorted(names())
    assert len(names()) == len(set(names())) == 17


@pytest.mark.parametrize("name", names())
def test_every_example_is_saved_and_read_back_the_same(name: str, tmp_path: Path) -> None:
    session = open_session(name)
    if isinstance(session.spec.data.source, Columns):  # a file beside the session
        csv = str(session.spec.data.source.path)
        (tmp_path / csv).write_bytes(EXAMPLES.joinpath(csv).read_bytes())
    save(session, tmp_path / "saved")
    assert open_session(tmp_path / "saved") == session


def test_hmkcode_gives_the_figures_of_its_page() -> None:
    stepper = shown("hmkcode", 1)
    assert (stepper.value("x[1]"), stepper.value("x[2]"), stepper.value("y[1]")) == (2, 3, 1)
    for quantity, printed in (("a[1,1]", "0.85"), ("a[1,2]", "0.48"), ("a[2,1]", "0.191"), ("loss", "0.327")):
        value = stepper.value(quantity)
        assert value is not None
        assert is_printed(value, printed), quantity
    stepper.run(1)
    prediction = stepper.value("a[2,1]")
    assert prediction is not None
    assert is_printed(prediction, "0.26")


def test_house_prices_give_the_error_of_their_page() -> None:
    stepper = shown("house-prices", 1)
    areas, prices = [2104, 1600, 2400], [399.9, 329.9, 369]
    assert [stepper.frame.value(parse("x[1]"), s) for s in (1, 2, 3)] == areas
    assert [stepper.frame.value(parse("y[1]"), s) for s in (1, 2, 3)] == prices
    assert open_session("house-prices").spec.initial_values.weights == (((0.18,),),)
    assert is_printed(stepper.frame.trace.batch_loss, "2058")
    by_hand = sum((0.18 * area - price) ** 2 for area, price in zip(areas, prices, strict=True)) / 3
    assert stepper.frame.trace.batch_loss == pytest.approx(by_hand, rel=1e-12)


def test_a_batch_follows_the_formula_of_document_001() -> None:
    """dL/dw = 1/m sum of delta_i·x_i, dL/db = 1/m sum of delta_i, with delta = (a - y)·a·(1 - a)."""
    stepper = shown("seed-001-batch", 1)
    w, b, rate, m = 0.8, 0.2, 0.5, 3
    deltas, inputs = [], [0.5, 1.0, -0.5]
    for x, y in zip(inputs, [1.0, 0.0, 1.0], strict=True):
        a = 1 / (1 + math.exp(-(w * x + b)))
        deltas.append((a - y) * a * (1 - a))
    dw, db = sum(d * x for d, x in zip(deltas, inputs, strict=True)) / m, sum(deltas) / m
    close = partial(pytest.approx, rel=1e-12)
    assert stepper.value("grad[w[1,1,1]]") == close(dw)
    assert stepper.value("grad[b[1,1]]") == close(db)
    assert stepper.value("w[1,1,1]") == close(w - rate * dw)
    assert stepper.value("b[1,1]") == close(b - rate * db)


def test_a_single_neuron_follows_the_chain_rule_of_document_001() -> None:
    stepper = shown("seed-001-neuron", 1)
    a = 1 / (1 + math.exp(-(0.8 * 0.5 + 0.2)))
    delta = (a - 1) * a * (1 - a)
    assert stepper.value("dL/dz[1,1]") == pytest.approx(delta, rel=1e-12)
    assert stepper.value("dL/dw[1,1,1]") == pytest.approx(delta * 0.5, rel=1e-12)
    assert stepper.value("dL/db[1,1]") == pytest.approx(delta, rel=1e-12)


def test_the_networks_that_learn_do_learn() -> None:
    xor = shown("xor", 300).frame
    predictions = xor.trace.A(2)[:, 0].tolist()
    assert [round(prediction) for prediction in predictions] == [0, 1, 1, 0]
    assert shown("sine", 300).frame.losses[-1] < 0.01
    assert shown("spiral", 300).frame.losses[-1] < 0.05
    iris = shown("iris", 300).frame
    assert iris.test_losses[-1] < 0.2
    data = iris.session.spec.data
    assert (len(data.inputs), data.held_back) == (150, 30)


def test_every_valley_is_the_same_and_each_optimizer_comes_nearer_to_its_bottom() -> None:
    """The least loss lies at w = (0, 0), where both predictions are right."""
    valleys = [name for name in names() if name.startswith("valley-")]
    specs = [open_session(name).spec for name in valleys]
    assert [spec.optimizer.name for spec in specs] == [
        "gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"
    ]  # fmt: skip
    assert len({str(replace(spec, optimizer=specs[0].optimizer)) for spec in specs}) == 1
    for name, spec in zip(valleys, specs, strict=True):
        begun, ended = np.hypot(*way(spec, 40)[[0, -1]].T)
        assert begun == pytest.approx(math.hypot(1, 1.5))
        assert ended < begun, name
        losses = shown(name, 40).frame.losses
        assert losses[-1] < losses[0] / 50


def test_the_surface_is_the_loss_of_the_example_at_any_weights() -> None:
    """Half the mean of (2 w1)² and (0.4 w2)²."""
    spec = open_session("valley-adam").spec
    points = np.array([[1.0, -1.5], [0.0, 0.0], [-0.3, 2.0]])
    expected = [((2 * w1) ** 2 + (0.4 * w2) ** 2) / 4 for w1, w2 in points.tolist()]
    assert losses_at(spec, points).tolist() == pytest.approx(expected, rel=1e-12)
