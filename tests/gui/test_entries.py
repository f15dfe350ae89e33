"""What a person types as a number: what is taken, and one sentence for everything else."""

import ast
import warnings
from math import copysign
from random import Random

import pytest

from gui.entries import BINARY, LONGEST, UNARY, EntryError, parse_number, shown

GOOD = {
    "0.2": 0.2, "0,2": 0.2, "1/3": 1 / 3, "-0.5*2": -1.0, "−0.5": -0.5, "1e-3": 0.001, "(1+2)/4": 0.75, " 7 ": 7.0,
    "0": 0.0, "+3": 3.0, ".5": 0.5, "5.": 5.0, ",5": 0.5, "1E3": 1000.0, "2·3": 6.0, "2 × 3": 6.0, "1 - 2 - 3": -4.0,
    "2+3*4": 14.0, "8/4/2": 1.0, "--1": 1.0, "0,5*0,2": 0.1, "0,1/3": 0.1 / 3, "1,5e3": 1500.0, "\t0.25\n": 0.25,
    "1e308": 1e308, "5e-324": 5e-324, "1e-999": 0.0, "0.1+0.2": 0.1 + 0.2,
    "(" * 99 + "1" + ")" * 99: 1.0, "-" * 199 + "1": -1.0, "123456789012345678901": 123456789012345678901.0,
}  # fmt: skip
NOT_A_NUMBER = {
    "letters": "abc", "nan": "nan", "inf": "inf", "infinity": "-Infinity", "underscore": "1_000",
    "two commas": "1,2,3", "comma and point": "0,2.5", "thousands": "1,000.5", "call": "__import__('os')",
    "attribute": "(1).real", "power": "2**9999999", "whole division": "7//2", "remainder": "7%2", "or": "1|2",
    "shift": "1<<70", "comparison": "1<2", "Arabic digit": "٣", "full width": "１２", "superscript": "2²",
    "fraction sign": "½", "infinity sign": "∞", "5000 characters": "1" * 5000,
    "deep": "(" * 10_000 + "1" + ")" * 10_000,
    "unclosed": "(" * 99 + "1", "hexadecimal": "0x10", "binary": "0b11", "octal": "0o7", "imaginary": "2j",
    "true": "True", "none": "None", "text": "'1'", "bad escape": "'\\d'", "comment": "7 # seven", "list": "[1]",
    "empty brackets": "()", "lambda": "lambda: 1", "condition": "1 if 2else 3", "walrus": "(x:=1)", "two": "1 2",
    "half": "1/", "exponent alone": "1e", "points": "1..2", "lines": "1\n2", "NUL": "1\0", "called": "1(2)",
    "assignment": "x=1", "statement": "import os", "surrogate": "\ud800", "percent": "5%", "ellipsis": "...",
    "invert": "~1", "not": "not 1", "currency": "€5", "bracket": "1)", "e": "e", "star": "*", "backslash": "1\\",
}  # fmt: skip
BY_ZERO = ("1/0", "0/0", "1/(2-2)", "1/0.0", "0,5/0")
TOO_LARGE = ("1e999", "-1e999", "1e308*10", "1e308+1e308", "1e999-1e999", "1e200/1e-200")


@pytest.mark.parametrize(("typed", "value"), GOOD.items())
def test_a_number_or_an_expression_is_taken(typed: str, value: float) -> None:
    assert parse_number(typed) == value


def test_every_float_is_taken_as_it_is_written_down() -> None:
    rng = Random(3)
    for value in (rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300) for _ in range(500)):
        assert parse_number(repr(value)) == value
        assert parse_number(repr(value).replace(".", ",").replace("-", "−")) == value
    assert copysign(1, parse_number("-0.0")) == -1


def sentence(typed: str) -> str:
    """What is said of a wrong entry; nothing but EntryError may come, and no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(EntryError) as caught:
            parse_number(typed)
    return str(caught.value)


def check_sentence(said: str) -> None:
    """One line, one full stop, short enough for the status bar."""
    assert said.endswith(".")
    assert said.isprintable()
    assert len(said) <= 60


@pytest.mark.parametrize("typed", ["", " ", "\n\t", "\u00a0"])
def test_nothing_typed_is_answered_with_an_example(typed: str) -> None:
    said = sentence(typed)
    check_sentence(said)
    assert "0.2" in said


@pytest.mark.parametrize("typed", NOT_A_NUMBER.values(), ids=NOT_A_NUMBER.keys())
def test_what_is_no_number_is_said_in_one_sentence(typed: str) -> None:
    said = sentence(typed)
    check_sentence(said)
    assert said == f"{shown(typed)} is not a number."


@pytest.mark.parametrize("typed", BY_ZERO)
def test_a_division_by_zero_is_said(typed: str) -> None:
    said = sentence(typed)
    check_sentence(said)
    assert "zero" in said


@pytest.mark.parametrize("typed", TOO_LARGE)
def test_a_number_that_no_float_holds_is_said(typed: str) -> None:
    said = sentence(typed)
    check_sentence(said)
    assert "large" in said


def test_a_long_entry_is_cut_and_a_short_one_is_repeated() -> None:
    assert "abc" in sentence("abc")
    assert sentence("1" * (LONGEST + 1)).startswith("1" * 20 + "…")
    assert parse_number("1" * LONGEST) == float("1" * LONGEST)


def test_nothing_is_evaluated_but_the_four_rules() -> None:
    assert set(BINARY) == {ast.Add, ast.Sub, ast.Mult, ast.Div}
    assert set(UNARY) == {ast.UAdd, ast.USub}


def test_random_characters_give_a_number_or_a_sentence() -> None:
    rng = Random(5)
    taken = 0
    for _ in range(4000):
        typed = "".join(rng.choices("0123456789.,+-*/()eE _xj−'\"#\\\n=[]", k=rng.randint(1, 12)))
        try:
            value = parse_number(typed)
        except EntryError as error:
            check_sentence(str(error))
        else:
            taken += 1
            assert isinstance(value, float)
    assert taken > 50
