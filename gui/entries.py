"""What a person may type as a number: 0.2, 0,2, 1/3, -0.5*2, 1e-3; and one sentence for anything else."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from math import isfinite

from gui.text import entries as words

LONGEST = 200
ARITHMETIC = re.compile(r"[0-9.,eE+\-*/() \t]+")
"""Python's own numbers may be 1_000, 0x10 or 1j, with a # comment behind them; a person's may not."""
BINARY: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
UNARY: Mapping[type[ast.unaryop], Callable[[float], float]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}


class EntryError(ValueError):
    """Why what was typed is no number."""


def parse_number(typed: str) -> float:
    """The number that was typed; EntryError with one sentence if it is none.

    A decimal comma and a true minus sign are taken too; + - * / and parentheses are computed.
    """
    text = typed.strip().replace("−", "-").replace("·", "*").replace("×", "*")
    if not text:
        raise EntryError(words.WRITE_A_NUMBER)
    if len(text) > LONGEST or not ARITHMETIC.fullmatch(text) or ("," in text and "." in text):
        raise EntryError(words.not_a_number(shown(typed)))
    try:
        value = _value(ast.parse(text.replace(",", "."), mode="eval").body)
    except ZeroDivisionError as error:
        raise EntryError(words.divides_by_zero(shown(typed))) from error
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise EntryError(words.not_a_number(shown(typed))) from error
    if not isfinite(value):
        raise EntryError(words.too_large(shown(typed)))
    return value


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            return UNARY[type(op)](_value(operand))
        case ast.BinOp(left=left, op=binary, right=right) if type(binary) in BINARY:
            return BINARY[type(binary)](_value(left), _value(right))
    raise ValueError("no arithmetic")


def shown(typed: str) -> str:
    """What was typed, short enough for a message and without characters that cannot be shown."""
    text = "".join(c if c.isprintable() else "?" for c in " ".join(typed.split()))
    return text if len(text) <= 24 else f"{text[:20]}…"
