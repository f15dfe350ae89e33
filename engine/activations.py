"""Activation functions: value, derivative or Jacobian, and how each is written.

An elementwise function gives its derivative; softmax, where every z moves every a, its Jacobian. The product with the
gradient from above follows from either, so softmax is an ordinary entry.

Arrays of a layer are (neurons, samples); every function writes into `out`, and p holds the entry's constants.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.expressions import Application, Expression, Fraction, Number, Power, Product, Sum, negative

Array: TypeAlias = NDArray[np.float64]
Constants: TypeAlias = Mapping[str, float]


@dataclass(frozen=True)
class Activation:
    """One activation function.

    forward(z, p, out): a = f(z).
    formula(zs, j): f written for neuron j (from 0) of a layer whose pre-activations are zs.
    derivative(z, a, p, out): f'(z), elementwise; rule(z, a): its formula.
    jacobian(a): da[k]/dz[j] as an array (k, j, samples); jacobian_rule(ak, aj, k == j): its formula.
    constants: their names and defaults, for example a slope.
    kinks: the z at which it has no derivative; checks by differences leave their neighbourhood out.
    written_out(z): f(z) in terms that a pocket calculator knows, where its formula is only its name.
    """

    forward: Callable[[Array, Constants, Array], object]
    formula: Callable[[Sequence[Expression], int], Expression]
    derivative: Callable[[Array, Array, Constants, Array], object] | None = None
    rule: Callable[[Expression, Expression], Expression] | None = None
    jacobian: Callable[[Array], Array] | None = None
    jacobian_rule: Callable[[Expression, Expression, bool], Expression] | None = None
    constants: Constants = field(default_factory=dict)
    kinks: tuple[float, ...] = ()
    written_out: Callable[[Expression], Expression] | None = None

    @property
    def is_elementwise(self) -> bool:
        return self.derivative is not None


def elementwise(
    name: str,
    forward: Callable[[Array, Constants, Array], object],
    derivative: Callable[[Array, Array, Constants, Array], object],
    rule: Callable[[Expression, Expression], Expression],
    written_out: Callable[[Expression], Expression],
    kinks: tuple[float, ...] = (),
) -> Activation:
    """A function of one number, written name(z)."""
    return Activation(
        forward, lambda zs, j: Application(name, (zs[j],)), derivative, rule, kinks=kinks, written_out=written_out
    )


def _exp(z: Expression, sign: int = 1) -> Expression:
    return Application("exp", (z if sign > 0 else _minus(z),))


def _minus(z: Expression) -> Expression:
    return Number(-z.value) if isinstance(z, Number) else negative(z)


def _identity(z: Array, p: Constants, out: Array) -> None:
    np.copyto(out, z)


def _one(z: Array, a: Array, p: Constants, out: Array) -> None:
    out.fill(1.0)


def _sigmoid(z: Array, p: Constants, out: Array) -> None:
    """1 / (1 + exp(-z)); where exp overflows the value is the right one, 0."""
    np.negative(z, out)
    np.exp(out, out)
    np.add(out, 1.0, out)
    np.reciprocal(out, out)


def _sigmoid_derivative(z: Array, a: Array, p: Constants, out: Array) -> None:
    """a (1 - a)."""
    np.subtract(1.0, a, out)
    np.multiply(out, a, out)


def _tanh(z: Array, p: Constants, out: Array) -> None:
    np.tanh(z, out)


def _tanh_derivative(z: Array, a: Array, p: Constants, out: Array) -> None:
    """1 - a²."""
    np.multiply(a, a, out)
    np.subtract(1.0, out, out)


def _relu(z: Array, p: Constants, out: Array) -> None:
    np.maximum(z, 0.0, out=out)


def _relu_derivative(z: Array, a: Array, p: Constants, out: Array) -> None:
    """1 for z > 0, else 0, at 0 too."""
    np.greater(z, 0.0, out)


def _softmax(z: Array, p: Constants, out: Array) -> None:
    """exp(z) over their sum; the largest z is subtracted first, which changes nothing but overflow."""
    np.subtract(z, z.max(axis=0), out)
    np.exp(out, out)
    np.divide(out, out.sum(axis=0), out)


def _softmax_jacobian(a: Array) -> Array:
    """a_k ([k = j] - a_j)."""
    return a[:, None] * (np.eye(len(a))[:, :, None] - a[None, :])


def _softmax_formula(zs: Sequence[Expression], j: int) -> Expression:
    return Fraction(Application("exp", (zs[j],)), Sum([Application("exp", (z,)) for z in zs]))


def _softmax_jacobian_rule(ak: Expression, aj: Expression, same: bool) -> Expression:
    return Product((ak, Sum((Number(1), negative(aj))))) if same else negative(ak, aj)


ACTIVATIONS: Mapping[str, Activation] = {
    "identity": Activation(_identity, lambda zs, j: zs[j], _one, lambda z, a: Number(1)),
    "sigmoid": elementwise(
        "sigmoid", _sigmoid, _sigmoid_derivative, lambda z, a: Product((a, Sum((Number(1), negative(a))))),
        lambda z: Fraction(Number(1), Sum((Number(1), _exp(z, -1)))),
    ),
    "tanh": elementwise(
        "tanh", _tanh, _tanh_derivative, lambda z, a: Sum((Number(1), negative(Power(a, Number(2))))),
        lambda z: Fraction(Sum((_exp(z), negative(_exp(z, -1)))), Sum((_exp(z), _exp(z, -1)))),
    ),
    "relu": elementwise(
        "relu", _relu, _relu_derivative, lambda z, a: Application("step", (z,)),
        lambda z: Application("max", (Number(0), z)), (0.0,),
    ),
    "softmax": Activation(
        _softmax, _softmax_formula, jacobian=_softmax_jacobian, jacobian_rule=_softmax_jacobian_rule
    ),
}


def vjp(activation: Activation, a: Array, derivative: Array, upstream: Array, out: Array) -> None:
    """dL/dz from dL/da (`upstream`): the product with the derivative, or the sum over the Jacobian's column."""
    if activation.jacobian is None:
        np.multiply(upstream, derivative, out)
    else:
        np.einsum("kjm,km->jm", activation.jacobian(a), upstream, out=out)
