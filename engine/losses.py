"""Loss functions of one sample: value, derivative by the prediction, and how each is written.

Arrays are (outputs, samples). A loss that belongs to one activation also gives delta = dL/dz in its stable combined
form; the narration keeps the two factors beside it as the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations import Array
from engine.expressions import Application, Expression, Fraction, Number, Power, Product, Sum, negative


@dataclass(frozen=True)
class Loss:
    """One loss function.

    value(z, a, y, out): the loss of each sample, out (samples,).
    gradient(a, y, out): dL/da.
    formula(predictions, targets), gradient_rule(prediction, target): how the two are written.
    after: the only activation it may follow, or None.
    delta(a, y, out): dL/dz in the combined form, and delta_scale(targets): what a is multiplied with in it before y is
    subtracted, None for 1. Both are there only if `after` is.
    targets: smallest and largest target that make sense.
    """

    value: Callable[[Array, Array, Array, Array], object]
    gradient: Callable[[Array, Array, Array], object]
    formula: Callable[[Sequence[Expression], Sequence[Expression]], Expression]
    gradient_rule: Callable[[Expression, Expression], Expression]
    after: str | None = None
    delta: Callable[[Array, Array, Array], object] | None = None
    delta_scale: Callable[[Sequence[Expression]], Expression] | None = None
    targets: tuple[float, float] = (-np.inf, np.inf)


def _difference(left: Expression, right: Expression) -> Sum:
    return Sum((left, negative(right)))


def _one_minus(expression: Expression) -> Sum:
    return _difference(Number(1), expression)


def _half_squared_error(z: Array, a: Array, y: Array, out: Array) -> None:
    """Half the sum over the outputs of (a - y)²."""
    error = a - y
    np.einsum("km,km->m", error, error, out=out)
    np.multiply(out, 0.5, out)


def _error(a: Array, y: Array, out: Array) -> None:
    np.subtract(a, y, out)


def _half_squared_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    squares = [Power(_difference(a, y), Number(2)) for a, y in zip(predictions, targets, strict=True)]
    return Product((Number(0.5), Sum(squares)))


def _binary_cross_entropy(z: Array, a: Array, y: Array, out: Array) -> None:
    """-(y ln a + (1 - y) ln(1 - a)) with a = sigmoid z, written in z so that no logarithm meets 0."""
    np.sum(np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z))), axis=0, out=out)


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
    shifted = z - z.max(axis=0)
    log_sum = np.log(np.exp(shifted).sum(axis=0))
    np.sum(y * (log_sum - shifted), axis=0, out=out)


def _cross_entropy_gradient(a: Array, y: Array, out: Array) -> None:
    """-y / a, infinite where a has come down to 0."""
    np.divide(-y, a, out)


def _cross_entropy_delta(a: Array, y: Array, out: Array) -> None:
    """a sum(y) - y: targets need not sum to 1 while someone is typing them."""
    np.multiply(a, y.sum(axis=0), out)
    np.subtract(out, y, out)


def _cross_entropy_formula(predictions: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    return negative(Sum([Product((y, Application("ln", (a,)))) for a, y in zip(predictions, targets, strict=True)]))


LOSSES: Mapping[str, Loss] = {
    "half_squared_error": Loss(_half_squared_error, _error, _half_squared_formula, _difference),
    "binary_cross_entropy": Loss(
        _binary_cross_entropy,
        _binary_cross_entropy_gradient,
        _binary_cross_entropy_formula,
        lambda a, y: Fraction(_difference(a, y), Product((a, _one_minus(a)))),
        after="sigmoid",
        delta=_error,
        targets=(0.0, 1.0),
    ),
    "cross_entropy": Loss(
        _cross_entropy,
        _cross_entropy_gradient,
        _cross_entropy_formula,
        lambda a, y: negative(Fraction(y, a)),
        after="softmax",
        delta=_cross_entropy_delta,
        delta_scale=lambda targets: Sum(targets),
    ),
}
