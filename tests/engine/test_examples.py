"""The worked examples against their documents, whose figures are typed here anew, not read from our files."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from engine import Stepper, open_session
from engine.commands import main
from engine.comparison import Comparison, compare, rounded
from engine.files.examples import names
from engine.quantities import parse
from engine.session import Published
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
