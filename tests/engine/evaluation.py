"""Evaluates an expression tree in scalars, with the functions written out here in textbook form."""

import math
from collections.abc import Callable, Sequence

from engine.expressions import Application, Expression, Fraction, Matrix, Number, Power, Product, Sum, Symbol, plain

Lookup = Callable[[str], float]


def no_symbols(text: str) -> float:
    """Where only numbers may stand."""
    raise AssertionError(f"{text} stands among numbers")


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def step(z: float) -> float:
    """The derivative of relu: 0 at 0."""
    return 1.0 if z > 0 else 0.0


def leaky_relu(z: float, slope: float) -> float:
    return z if z > 0 else slope * z


def elu(z: float, alpha: float) -> float:
    return z if z > 0 else alpha * math.expm1(z)


def share_below(z: float) -> float:
    """The normal distribution's share below z."""
    return math.erfc(-z / math.sqrt(2)) / 2


def density(z: float) -> float:
    """The normal distribution's density at z."""
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def sign(x: float) -> float:
    """0 at 0."""
    return 0.0 if x == 0 else math.copysign(1.0, x)


def huber(error: float) -> float:
    return error * error / 2 if abs(error) <= 1 else abs(error) - 0.5


FUNCTIONS: dict[str, Callable[..., float]] = {
    "binary_step": lambda z: 1.0 if z >= 0 else 0.0,
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: max(0.0, z),
    "leaky_relu": leaky_relu,
    "prelu": leaky_relu,
    "elu": elu,
    "selu": lambda z: 1.0507009873554805 * elu(z, 1.6732632423543772),
    "softplus": lambda z: math.log1p(math.exp(z)) if z < 30 else z + math.exp(-z),
    "swish": lambda z: z * sigmoid(z),
    "gelu": lambda z: z * share_below(z),
    "step": step,
    "exp": math.exp,
    "ln": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "max": max,
    "min": min,
    "sign": sign,
    "huber": huber,
    "erf": math.erf,
    "Phi": share_below,
    "phi": density,
}


class Value(float):
    """A number with the size of what was added up for it, against which rounding is measured."""

    size: float

    def __new__(cls, number: float, size: float | None = None) -> "Value":
        value = super().__new__(cls, number)
        value.size = abs(number) if size is None else size
        return value


def total(terms: Sequence[Value]) -> Value:
    """Their sum, exactly rounded."""
    return Value(math.fsum(terms), math.fsum(term.size for term in terms))


def product(factors: Sequence[Value]) -> Value:
    return Value(math.prod(factors), math.prod(factor.size for factor in factors))


def is_derivative(node: Expression) -> bool:
    """Whether a fraction is one symbol, such as dL/dw5."""
    return isinstance(node, Fraction) and isinstance(node.numerator, Symbol) and node.numerator.differential


def evaluate(node: Expression, value_of: Lookup = no_symbols) -> Value:
    """The value of a tree; value_of(its plain text) of a symbol or of a derivative such as dL/dw5."""
    if isinstance(node, Symbol) or is_derivative(node):
        return Value(value_of(plain(node)))
    match node:
        case Number(value):
            return Value(value)
        case Fraction(above, below):
            numerator, denominator = evaluate(above, value_of), evaluate(below, value_of)
            return Value(numerator / denominator, numerator.size / abs(denominator))
        case Power(base, exponent):
            return Value(evaluate(base, value_of) ** evaluate(exponent, value_of))
        case Product(factors):
            return product([evaluate(factor, value_of) for factor in factors])
        case Sum(terms):
            return total([evaluate(terms[i], value_of) for i in range(len(terms))])
        case Application(function, arguments):
            return Value(FUNCTIONS[function](*(evaluate(argument, value_of) for argument in arguments)))
        case Matrix():
            raise AssertionError("no formula of an operation is a matrix")
    raise AssertionError(node)


def assert_near(found: float, expected: Value, what: object) -> None:
    """`found` to 1e-12 of the sum of the terms' magnitudes, plus 1e-15."""
    assert abs(found - expected) <= 1e-12 * expected.size + 1e-15, (what, found, float(expected))
