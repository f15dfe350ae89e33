"""Loss functions of one sample: value, derivative by the prediction, and how each is written.

Arrays are (outputs, samples). A loss that belongs to one activation also gives delta = dL/dz in its stable combined
form; the narration keeps the two factors beside it as the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.activations import Array
from engine.expressions import Application, Expression, Fraction, Number, Power, Product, Sum, negative


class Loss(NamedTuple):
    """One loss function.

    value(z, a, y, out): the loss of each sample, out (samples,).
    gradient(a, y, out): dL/da.
    formula(predictions, targets), gradient_rule(prediction, target, number of outputs): how the two are written.
    after: the only activation it may follow, or None.
    delta(a, y, out): dL/dz in the combined form, and delta_scale(targets): what a is multiplied with in it before y is
    subtracted, None for 1. Both are there only if `after` is.
    targets: smallest and largest target that make sense.
    kinks: the errors a - y at which the derivative jumps or bends; checks by differences leave their neighbourhood out.
    """

    value: Callable[[Array, Array, Array, Array], object]
    gradient: Callable[[Array, Array, Array], object]
    formula: Callable[[Sequence[Expression], Sequence[Expression]], Expression]
    gradient_rule: Callable[[Expression, Expression, int], Expression]
    after: str | None = None
    delta: Callable[[Array, Array, Array], object] | None = None
    delta_scale: Callable[[Sequence[Expression]], Expression] | None = None
    targets: tuple[float, float] = (-np.inf, np.inf)
    kinks: tuple[float, ...] = ()


def _difference(left: Expression, right: Expression) -> Sum:
    return Sum((left, negative(right)))


def _one_minus(expression: Expression) -> Sum:
    return _difference(Number(1), expression)


@lru_cache(maxsize=64)
def _row(outputs: int, share: float) -> Array:
    return np.full(outputs, share)


def _sum(terms: Array, out: Array, share: float = 1.0) -> None:
    """`share` times the sum over the outputs, as one product; np.sum takes three times as long where they are few."""
    _row(len(terms), share).dot(terms, out)


def _half_squared_error(z: Array, a: Array, y: Array, out: Array) -> None:
    """Half the sum over the outputs of (a - y)²."""
    error = a - y
    _sum(error * error, out, 0.5)


def _half_squared_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    squares = [Power(_difference(a, y), Number(2)) for a, y in zip(predictions, targets, strict=True)]
    return Product((Number(0.5), Sum(squares)))


def _mean(terms: Sequence[Expression]) -> Expression:
    """1/K times the sum of K terms."""
    return terms[0] if len(terms) == 1 else Product((Fraction(Number(1), Number(len(terms))), Sum(terms)))


def _shared(share: float, outputs: int, derivative: Expression) -> Expression:
    """share/K times the derivative of one output's term, K being the number of outputs."""
    if outputs == 1:
        return derivative if share == 1 else Product((Number(share), derivative))
    return Product((Fraction(Number(share), Number(outputs)), derivative))


def _mean_squared_error(z: Array, a: Array, y: Array, out: Array) -> None:
    """The mean over the outputs of (a - y)²."""
    error = a - y
    _sum(error * error, out, 1.0 / len(a))


def _mean_squared_gradient(a: Array, y: Array, out: Array) -> None:
    """2 (a - y) / K."""
    np.subtract(a, y, out)
    np.multiply(out, 2.0 / len(a), out)


def _mean_squared_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    return _mean([Power(_difference(a, y), Number(2)) for a, y in zip(predictions, targets, strict=True)])


def _mean_absolute_error(z: Array, a: Array, y: Array, out: Array) -> None:
    """The mean over the outputs of |a - y|."""
    _sum(np.abs(a - y), out, 1.0 / len(a))


def _mean_absolute_gradient(a: Array, y: Array, out: Array) -> None:
    """sign(a - y) / K, 0 where they are equal."""
    np.sign(a - y, out)
    np.divide(out, len(a), out)


def _mean_absolute_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    errors = zip(predictions, targets, strict=True)
    return _mean([Application("abs", (_difference(a, y),)) for a, y in errors])


HUBER_DELTA = 1.0
"""Up to this error Huber's loss is half its square, beyond it a line (Huber, 1964)."""


def _huber(z: Array, a: Array, y: Array, out: Array) -> None:
    """The mean over the outputs of e²/2 for |e| <= 1, else |e| - 1/2, with e = a - y."""
    size = np.abs(a - y)
    near = np.minimum(size, HUBER_DELTA)
    _sum(near * (size - 0.5 * near), out, 1.0 / len(a))


def _huber_gradient(a: Array, y: Array, out: Array) -> None:
    """(a - y) / K, its error kept within -1 and 1."""
    np.clip(a - y, -HUBER_DELTA, HUBER_DELTA, out=out)
    np.divide(out, len(a), out)


def _huber_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    return _mean([Application("huber", (_difference(a, y),)) for a, y in zip(predictions, targets, strict=True)])


def _within_one(expression: Expression) -> Expression:
    """max(-1, min(1, expression))."""
    return Application("max", (Number(-HUBER_DELTA), Application("min", (Number(HUBER_DELTA), expression))))


def _binary_cross_entropy(z: Array, a: Array, y: Array, out: Array) -> None:
    """-(y ln a + (1 - y) ln(1 - a)) with a = sigmoid z, written in z so that no logarithm meets 0."""
    _sum(np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z))), out)


def _binary_cross_entropy_gradient(a: Array, y: Array, out: Array) -> None:
    """(a - y) / (a (1 - a)), infinite where a has saturated."""
    np.divide(a - y, a * (1.0 - a), out)


def _binary_cross_entropy_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    terms: list[Expression] = []
    for a, y in zip(predictions, targets, strict=True):
        terms.append(Product((y, Application("ln", (a,)))))
        terms.append(Product((_one_minus(y), Application("ln", (_one_minus(a),)))))
    return negative(Sum(terms))


def _cross_entropy(z: Array, a: Array, y: Array, out: Array) -> None:
    """-sum of y ln a with a = softmax z, by log-sum-exp."""
    shifted = z - np.maximum.reduce(z)
    log_sum = np.log(np.add.reduce(np.exp(shifted)))
    _sum(y * (log_sum - shifted), out)


def _cross_entropy_gradient(a: Array, y: Array, out: Array) -> None:
    """-y / a, infinite where a has come down to 0."""
    np.divide(-y, a, out)


def _cross_entropy_delta(a: Array, y: Array, out: Array) -> None:
    """a sum(y) - y: targets need not sum to 1 while someone is typing them."""
    np.multiply(a, np.add.reduce(y), out)
    np.subtract(out, y, out)


def _cross_entropy_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    return negative(Sum([Product((y, Application("ln", (a,)))) for a, y in zip(predictions, targets, strict=True)]))


LOSSES: Mapping[str, Loss] = {
    "half_squared_error": Loss(
        _half_squared_error, np.subtract, _half_squared_formula, lambda a, y, outputs: _difference(a, y)
    ),
    "mean_squared_error": Loss(
        _mean_squared_error,
        _mean_squared_gradient,
        _mean_squared_formula,
        lambda a, y, outputs: _shared(2, outputs, _difference(a, y)),
    ),
    "mean_absolute_error": Loss(
        _mean_absolute_error,
        _mean_absolute_gradient,
        _mean_absolute_formula,
        lambda a, y, outputs: _shared(1, outputs, Application("sign", (_difference(a, y),))),
        kinks=(0.0,),
    ),
    "huber": Loss(
        _huber,
        _huber_gradient,
        _huber_formula,
        lambda a, y, outputs: _shared(1, outputs, _within_one(_difference(a, y))),
        kinks=(-HUBER_DELTA, HUBER_DELTA),
    ),
    "binary_cross_entropy": Loss(
        _binary_cross_entropy,
        _binary_cross_entropy_gradient,
        _binary_cross_entropy_formula,
        lambda a, y, outputs: Fraction(_difference(a, y), Product((a, _one_minus(a)))),
        after="sigmoid",
        delta=np.subtract,
        targets=(0.0, 1.0),
    ),
    "cross_entropy": Loss(
        _cross_entropy,
        _cross_entropy_gradient,
        _cross_entropy_formula,
        lambda a, y, outputs: negative(Fraction(y, a)),
        after="softmax",
        delta=_cross_entropy_delta,
        delta_scale=lambda targets: Sum(targets),
    ),
}
