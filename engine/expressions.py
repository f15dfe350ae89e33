"""The expression tree of a formula, as plain text and as LaTeX.

Eight kinds of node say everything this field writes down. The tree knows nothing of values or pixels: the window lays
it out, the CSV prints it, both from the same nodes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True)
class Symbol:
    """A letter with what hangs on it: z with subscript h1, y with a hat, w with superscript [l].

    `differential` writes a d before it (∂ in mathematical type); `sample` marks the sample it belongs to, as ⟨3⟩;
    `tight` attaches the subscript to the letter in plain text, w5 rather than w_5.
    """

    letter: str
    subscript: "str | Symbol" = ""
    superscript: str = ""
    accent: str = ""
    tight: bool = False
    differential: bool = False
    sample: int | None = None

    @cached_property
    def plain(self) -> str:
        """z_h1, w5, ŷ1, w^[1]_21, dL⟨3⟩."""
        letter = {("y", "hat"): "ŷ"}.get((self.letter, self.accent), self.letter + COMBINING.get(self.accent, ""))
        raised = f"^{self.superscript}" if self.superscript else ""
        subscript = self.subscript.plain if isinstance(self.subscript, Symbol) else self.subscript
        lowered = ("" if self.tight else "_") + subscript if subscript else ""
        sample = f"⟨{self.sample}⟩" if self.sample else ""
        return ("d" if self.differential else "") + letter + raised + lowered + sample


class Number(NamedTuple):
    """By far the most there are, so it is made in the quickest way. is_sign: it is the minus before a product, and no
    number that happens to be -1."""

    value: float
    is_sign: bool = False


@dataclass(frozen=True)
class Fraction:
    numerator: "Expression"
    denominator: "Expression"


@dataclass(frozen=True)
class Power:
    base: "Expression"
    exponent: "Expression"


@dataclass(frozen=True)
class Product:
    """Factors in order; a leading MINUS_ONE is the sign of the product."""

    factors: Sequence["Expression"]


@dataclass(frozen=True)
class Sum:
    """Terms in order. It may be lazy and very long; printing folds the middle."""

    terms: Sequence["Expression"]


@dataclass(frozen=True)
class Application:
    """A function of its arguments: sigmoid(z)."""

    function: str
    arguments: Sequence["Expression"]


@dataclass(frozen=True)
class Matrix:
    rows: Sequence[Sequence["Expression"]]


Expression: TypeAlias = Symbol | Number | Fraction | Power | Product | Sum | Application | Matrix
WriteTerm: TypeAlias = Callable[[Expression, bool, bool], str]

MINUS_ONE = Number(-1.0, is_sign=True)
LONGEST_SUM = 64
FIRST_TERMS = 32
COMBINING = {"hat": "\u0302", "bar": "\u0304"}
GREEK = {
    "δ": r"\delta", "η": r"\eta", "α": r"\alpha", "β": r"\beta", "ε": r"\epsilon", "λ": r"\lambda",
    "μ": r"\mu", "ρ": r"\rho",
}  # fmt: skip
LATEX_FUNCTIONS = {
    "sigmoid": r"\sigma", "tanh": r"\tanh", "exp": r"\exp", "ln": r"\ln", "max": r"\max", "min": r"\min",
    "Phi": r"\Phi", "phi": r"\varphi",
}  # fmt: skip


def negative(*factors: Expression) -> Product:
    """The product of `factors` with a minus sign."""
    return Product((MINUS_ONE, *factors))


def sign_and_rest(term: Expression) -> tuple[str, Expression]:
    """The sign that joins `term` to a sum, and what is then written behind it."""
    if isinstance(term, Product) and len(term.factors) > 1:
        first = term.factors[0]
        if first == MINUS_ONE:
            rest = term.factors[1:]
            return "-", rest[0] if len(rest) == 1 else Product(rest)
    return "+", term


def folded(terms: Sequence[Expression]) -> tuple[list[Expression], Expression | None, int]:
    """The terms that are written, the last one behind dots or None, and how many terms there are."""
    count = len(terms)
    if count <= LONGEST_SUM:
        return list(terms), None, count
    return list(terms[:FIRST_TERMS]), terms[count - 1], count


def join_terms(terms: Sequence[Expression], write: WriteTerm, dots: str, count: str) -> str:
    """A sum: terms joined by their signs, the middle of a long one folded. `count` tells how many there are.

    write(term, opens, tight): `opens` the sum; `tight` behind a minus, which belongs to all of it.
    """
    written, last, number = folded(terms)
    sign, rest = sign_and_rest(written[0])
    parts = [("-" if sign == "-" else "") + write(rest, sign == "+", sign == "-")]
    parts += [f"{sign} {write(rest, False, sign == '-')}" for sign, rest in map(sign_and_rest, written[1:])]
    if last is None:
        return " ".join(parts)
    sign, rest = sign_and_rest(last)
    return " ".join([*parts, f"+ {dots} {sign} {write(rest, False, sign == '-')}"]) + count.format(number)


def plain(expression: Expression) -> str:
    """The expression as plain text, numbers by repr: 0.4 - 0.5·0.08216704056423078."""
    return _plain(expression, opens=True)


def _plain(node: Expression, opens: bool, tight: bool = False) -> str:
    """`opens`: nothing stands to its left in this text. `tight`: it stands in a product, a fraction or a power."""
    match node:
        case Symbol():
            return node.plain
        case Number(value):
            text = repr(value)
            return f"({text})" if text.startswith("-") and not opens else text
        case Product(factors):
            sign, rest = sign_and_rest(node)
            if sign == "-":
                text = "-" + _plain(rest, opens=False, tight=True)
                return text if opens else f"({text})"
            return "·".join([_plain(f, opens and i == 0, True) for i, f in enumerate(factors)])
        case Fraction(numerator, denominator):
            return f"{_plain(numerator, opens, tight=True)}/{_atom(denominator)}"
        case Power(base, exponent):
            return f"{_atom(base)}^{_atom(exponent)}"
        case Sum(terms):
            if len(terms) == 1:
                return _plain(terms[0], opens, tight)
            text = join_terms(
                terms, lambda term, first, held: _plain(term, first and (opens or tight), held), "…", " ({} terms)"
            )
            return f"({text})" if tight else text
        case Application("abs", (argument,)):
            return f"|{_plain(argument, True)}|"
        case Application(function, arguments):
            return f"{function}({_plain_list(arguments)})"
        case Matrix(rows):
            return "[" + "; ".join(_plain_list(row) for row in rows) + "]"


def _plain_list(items: Sequence[Expression]) -> str:
    return ", ".join(_plain(item, opens=True) for item in items)


def _atom(node: Expression) -> str:
    """As plain text that may stand under a fraction bar or before an exponent."""
    node = _alone(node)
    if isinstance(node, Product | Fraction | Power):
        return f"({_plain(node, opens=True)})"
    return _plain(node, opens=False, tight=True)


def _alone(node: Expression) -> Expression:
    """The term of a sum of one term, which is written without it."""
    return _alone(node.terms[0]) if isinstance(node, Sum) and len(node.terms) == 1 else node


def latex(expression: Expression, number: Callable[[float], str] = repr) -> str:
    """The expression as LaTeX (mathematics mode); `number` writes the numbers."""
    return _latex(expression, True, False, number)


def _latex(node: Expression, opens: bool, tight: bool, number: Callable[[float], str]) -> str:
    def inner(child: Expression, opens: bool = True, tight: bool = False) -> str:
        return _latex(child, opens, tight, number)

    match node:
        case Symbol():
            return latex_symbol(node)
        case Number(value):
            return f"({number(value)})" if number(value).startswith("-") and not opens else number(value)
        case Fraction(numerator, denominator):
            return rf"\frac{{{inner(numerator)}}}{{{inner(denominator)}}}"
        case Power(base, exponent):
            base = _alone(base)
            held = isinstance(base, Product | Fraction | Power)
            written = rf"\left({inner(base)}\right)" if held else inner(base, False, True)
            return rf"{{{written}}}^{{{inner(exponent)}}}"
        case Product(factors):
            sign, rest = sign_and_rest(node)
            if sign == "-":
                text = "-" + inner(rest, False, True)
                return text if opens else rf"\left({text}\right)"
            return r" \cdot ".join(inner(f, opens and i == 0, True) for i, f in enumerate(factors))
        case Sum(terms):
            if len(terms) == 1:
                return inner(terms[0], opens, tight)
            text = join_terms(
                terms,
                lambda term, first, held: inner(term, first and (opens or tight), held),
                r"\dots",
                r" \;(\text{{{} terms}})",
            )
            return rf"\left({text}\right)" if tight else text
        case Application("sqrt", (argument,)):
            return rf"\sqrt{{{inner(argument)}}}"
        case Application("abs", (argument,)):
            return rf"\left|{inner(argument)}\right|"
        case Application(function, arguments):
            name = LATEX_FUNCTIONS.get(function, rf"\operatorname{{{function.replace('_', ' ')}}}")
            return rf"{name}\left({', '.join(inner(argument) for argument in arguments)}\right)"
        case Matrix(rows):
            body = r" \\ ".join(" & ".join(inner(cell) for cell in row) for row in rows)
            return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def latex_symbol(symbol: Symbol) -> str:
    r"""z_{h1}, \hat{y}_{1}, w^{[1]}_{21}, \partial L."""
    letter = GREEK.get(symbol.letter, symbol.letter)
    if symbol.accent:
        letter = rf"\{symbol.accent}{{{letter}}}"
    raised = (f"⟨{symbol.sample}⟩" if symbol.sample else "").replace("⟨", r"\langle ").replace("⟩", r"\rangle")
    raised = symbol.superscript + raised
    subscript = latex_symbol(symbol.subscript) if isinstance(symbol.subscript, Symbol) else symbol.subscript
    if subscript == "out":
        subscript = r"\mathrm{out}"
    return (
        (r"\partial " if symbol.differential else "")
        + letter
        + (f"_{{{subscript}}}" if subscript else "")
        + (f"^{{{raised}}}" if raised else "")
    )
