"""Numbers and sentences as a reader sees them."""

from math import inf, nan, nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Stepper, open_session
from engine.files.examples import names
from engine.quantities import Quantity
from gui import text
from tests.engine.networks import SessionMapping
from tests.gui.conftest import frame_at, penalized_session, softmax_session
from tests.gui.recording import says

NUMBERS = [
    # Five digits that count.
    (0.7413650695523157, "0.74137"),
    (0.08216704056423078, "0.082167"),
    (0.0006683960211443732, "0.00066840"),
    (0.00066840, "0.0006684"),
    (0.13849856162855698, "0.13850"),
    (1.1059059670426123, "1.1059"),
    (123.456, "123.46"),
    (12345.6, "12346"),
    (99999.4, "99999"),
    # What is exact in fewer stays short; the last bit of a sum does not count.
    (0.39249999999999996, "0.3925"),
    (0.1 + 0.2, "0.3"),
    (0.4, "0.4"),
    (0.3775, "0.3775"),
    (1.0, "1"),
    (5, "5"),
    (100000.0, "100000"),
    (0.0001, "0.0001"),
    # The minus sign is U+2212, and there is no negative zero.
    (-0.2, "−0.2"),
    (-0.7413650695523157, "−0.74137"),
    (0.0, "0"),
    (-0.0, "0"),
    # Small and large ones with a power of ten.
    (6.684e-5, "6.6840 · 10⁻⁵"),
    (6.683960211443732e-5, "6.6840 · 10⁻⁵"),
    (-6.683960211443732e-5, "−6.6840 · 10⁻⁵"),
    (1.2345678e-12, "1.2346 · 10⁻¹²"),
    (123456.789, "1.2346 · 10⁵"),
    (-1.5e22, "−1.5000 · 10²²"),
    (2.5e-310, "2.5000 · 10⁻³¹⁰"),
    # Rounding that reaches the next power of ten.
    (99999.7, "1.0000 · 10⁵"),
    (0.99999999, "1.0000"),
    (0.000099999996, "0.00010000"),
    # What has no number.
    (None, "–"),
    (nan, "not a number"),
    (inf, "∞"),
    (-inf, "−∞"),
]


@pytest.mark.parametrize(("value", "written"), NUMBERS)
def test_a_number_is_written_by_the_rules(value: float | None, written: str) -> None:
    assert text.number(value) == written


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0.7413650695523157, 2, "0.74"), (0.7413650695523157, 17, "0.74136506955231574"), (0.1, 17, "0.1"),
        (0.1 + 0.2, 17, "0.30000000000000004"), (-0.45, 2, "−0.45"), (0.5, 2, "0.5"), (1234.5, 2, "1.2 · 10³"),
        (34e6, 1, "3 · 10⁷"),
    ],
)  # fmt: skip
def test_the_digits_can_be_chosen(value: float, digits: int, written: str) -> None:
    assert text.number(value, digits) == written


@given(st.floats(-1e300, 1e300), st.integers(2, 17))
def test_what_is_written_is_the_value_rounded(value: float, digits: int) -> None:
    written = text.number(value, digits)
    assert says(written, value, min(digits, 15)), written
    assert not set(written) & set("-eE+")


@given(st.floats(1e-300, 1e300))
def test_only_the_sign_differs_below_zero(value: float) -> None:
    assert text.number(-value) == "−" + text.number(value)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.45, 0.5), (0.5, 0.5), (0.51, 0.6), (0.95, 1.0), (1.0, 1.0), (1.01, 2.0), (12.0, 20.0), (99.0, 100.0),
        (0.30000000000000004, 0.3), (0.0031, 0.004), (7e-8, 7e-8), (2e200, 2e200), (0.0, 1.0), (-2.0, 1.0), (inf, 1.0),
        (nan, 1.0), (nextafter(0.0, 1.0), 1.0),
    ],
)  # fmt: skip
def test_rounded_up_to_one_digit(value: float, rounded: float) -> None:
    assert text.rounded_up(value) == pytest.approx(rounded, rel=1e-12)


@given(st.floats(1e-290, 1e290))
def test_rounded_up_is_not_below_the_value_and_below_twice_of_it(value: float) -> None:
    assert value * (1 - 1e-11) <= text.rounded_up(value) <= 2 * value * (1 + 1e-11)


@pytest.mark.parametrize(("exponent", "written"), [(-5, "⁻⁵"), (0, "⁰"), (12, "¹²"), (-308, "⁻³⁰⁸")])
def test_superscript(exponent: int, written: str) -> None:
    assert text.superscript(exponent) == written


def test_the_position_in_words() -> None:
    assert text.position(frame_at("seed-003", 17)) == ("epoch 1, iteration 1, sample 1: backward, operation 17 of 32")
    assert text.position(frame_at("seed-003", 0)) == "epoch 1, iteration 1: start, 32 operations to come"


def test_the_sample_is_named_as_a_row_of_the_data() -> None:
    assert text.where(frame_at(softmax_session(), 1, 2)) == "epoch 1, iteration 2, sample 3"
    assert text.where(frame_at(softmax_session(), 1, 3)) == "epoch 2, iteration 3, sample 1"


def test_what_comes_next() -> None:
    assert text.coming(frame_at("seed-003", 0)) == "Next: z_h1 = w1·x1 + w2·x2 + b1"
    assert text.coming(frame_at("seed-003", 32)) == "Next: iteration 2"


def test_the_operation_is_spoken_as_a_sentence() -> None:
    assert text.spoken(frame_at("seed-003", 16)) == (
        f"Backward: δ_h1 = dL/da_h1·da_h1/dz_h1 = 0.013368, {text.WHAT['delta']}."
    )
    assert text.spoken(frame_at("seed-003", 0)) == text.NO_OPERATION


def test_a_part_of_an_operation_is_spoken_as_a_sentence() -> None:
    """The third factor of dL/dw1 of document 003, and the first term of z_h1."""
    stepper = Stepper(open_session("seed-003"))
    stepper.seek(1, 19, 3)
    assert text.spoken(stepper.frame) == (
        "Backward, part 3 of 5 of dL/dw1: dz_out/da_h1 = 0.4; so far dL/da_h1 = 0.055399."
    )
    stepper.seek(1, 0, 1)
    assert text.spoken(stepper.frame) == "Forward, part 1 of 3 of z_h1."


@pytest.mark.parametrize("source", [*names(), softmax_session()], ids=[*names(), "softmax"])
def test_every_operation_has_words(source: object) -> None:
    stepper = Stepper(open_session(source))  # type: ignore[arg-type]
    for operation in range(1, stepper.frame.program.count + 1):
        stepper.seek(1, operation)
        shown = stepper.frame.operation
        assert shown is not None
        name, sentence = text.rule(stepper.frame, shown)
        assert name
        assert sentence.endswith(".")
        assert "!" not in sentence
        assert text.WHAT[shown.kind]


def rules_said(source: SessionMapping) -> dict[str, str]:
    """The sentence of each operation of the first iteration."""
    stepper, said = Stepper(open_session(source)), dict[str, str]()
    for k in range(stepper.frame.program.count):
        stepper.seek(1, k + 1)
        shown = stepper.frame.operation
        assert shown is not None
        said[f"{shown.kind} {shown.quantity}"] = text.rule(stepper.frame, shown)[1]
    return said


@pytest.mark.parametrize("size", [1, 2])
def test_a_rule_speaks_of_bias_penalty_and_mean_only_where_there_is_one(size: int) -> None:
    """The hidden layer shares a bias, the output has none; the penalty is on weights, not on biases."""
    said = rules_said(penalized_session() | {"batch": {"size": size}})
    assert "bias" in said["pre_activation z[1,1]"]
    assert "bias" not in said["pre_activation z[2,1]"]
    means = {name: sentence for name, sentence in said.items() if name.startswith(("mean_gradient", "batch_loss"))}
    assert {name for name, sentence in means.items() if "penalty" in sentence} == {
        name for name in means if "w[" in name or "batch_loss" in name
    }
    assert all(("samples" in sentence) == (size > 1) for sentence in means.values())


def test_an_input_tells_its_column() -> None:
    frame = frame_at("iris", 0)
    assert text.tip(frame, Quantity("x", (3,))).endswith(", petal_length")


@pytest.mark.parametrize(
    ("share", "digits", "written"),
    [
        (0.0022, 2, "0.22 %"), (0.5, 3, "50 %"), (1.0, 3, "100 %"), (3.1559, 2, "316 %"), (-31.559, 3, "−3,156 %"),
        (-0.25, 3, "−25 %"), (float("nan"), 3, "–"),
    ],
)  # fmt: skip
def test_a_share_in_per_cent(share: float, digits: int, written: str) -> None:
    assert text.percent(share, digits) == written


def test_negative_factors_behind_others_stand_in_parentheses() -> None:
    assert text.times(["−1.0889", "−0.074992", "0.5"]) == "−1.0889 · (−0.074992) · 0.5"
