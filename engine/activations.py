"""Activation functions: value, derivative or Jacobian, and how each is written.

An elementwise function gives its derivative; softmax, where every z moves every a, its Jacobian. The product with the
gradient from above follows from either, so softmax is an ordinary entry. Formulas and kinks are those of the papers
named below; the plain ones stand in Goodfellow, Bengio, Courville, Deep Learning (2016), chapter 6.

Arrays of a layer are (neurons, samples); every function writes into `out`, and p holds the entry's constants.
"""

from collections.abc import Callable, Mapping, Sequence
from math import erf, pi, sqrt
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.expressions import Application, Expression, Fraction, Number, Power, Product, Sum, negative

Array: TypeAlias = NDArray[np.float64]
Constants: TypeAlias = Mapping[str, float]
Symbols: TypeAlias = Mapping[str, Expression]
Forward: TypeAlias = Callable[[Array, Mapping[str, float | Array], Array], object]
Derivative: TypeAlias = Callable[[Array, Array, Mapping[str, float | Array], Array], object]
Rule: TypeAlias = Callable[[Expression, Expression, Symbols], Expression]


class Slope(NamedTuple):
    """A constant that is trained: the quantity slope[l] of its layer.

    derivative(z, out): da/dslope, elementwise; rule(z): its formula.
    """

    derivative: Callable[[Array, Array], object]
    rule: Callable[[Expression], Expression]


class Activation(NamedTuple):
    """One activation function.

    forward(z, p, out): a = f(z).
    formula(zs, j, p): f written for neuron j (from 0) of a layer whose pre-activations are zs; p: how its constants are
    written.
    derivative(z, a, p, out): f'(z), elementwise; rule(z, a, p): its formula.
    jacobian(a): da[k]/dz[j] as an array (k, j, samples); jacobian_rule(ak, aj, k == j): its formula.
    constants: their names and defaults, for example a slope; slope: what trains that constant, if it is trained.
    kinks: the z at which f or f' jumps; checks by differences leave their neighbourhood out.
    written_out(z, p): f(z) in terms that a pocket calculator knows, where its formula is only its name.
    when_flat: what a neuron is called where f' is 0, or next to it.
    note: what a learner should know before choosing it.
    """

    forward: Forward
    formula: Callable[[Sequence[Expression], int, Symbols], Expression]
    derivative: Derivative | None = None
    rule: Rule | None = None
    jacobian: Callable[[Array], Array] | None = None
    jacobian_rule: Callable[[Expression, Expression, bool], Expression] | None = None
    constants: Mapping[str, float] = {}
    slope: Slope | None = None
    kinks: tuple[float, ...] = ()
    written_out: Callable[[Expression, Symbols], Expression] | None = None
    when_flat: str = "saturated"
    note: str = ""

    @property
    def is_elementwise(self) -> bool:
        return self.derivative is not None


def elementwise(
    name: str,
    forward: Forward,
    derivative: Derivative,
    rule: Rule,
    written_out: Callable[[Expression, Symbols], Expression],
    *,
    constants: Constants | None = None,
    slope: Slope | None = None,
    kinks: tuple[float, ...] = (),
    when_flat: str = "saturated",
    note: str = "",
) -> Activation:
    """A function of one number, written name(z), or name(z, constants)."""
    return Activation(
        forward, lambda zs, j, p: Application(name, (zs[j], *p.values())), derivative, rule,
        constants=constants or {}, slope=slope, kinks=kinks, written_out=written_out, when_flat=when_flat, note=note,
    )  # fmt: skip


def _apply(function: str, *arguments: Expression) -> Application:
    return Application(function, arguments)


def _minus(z: Expression) -> Expression:
    return Number(-z.value) if isinstance(z, Number) else negative(z)


def _one_minus(expression: Expression) -> Sum:
    return Sum((Number(1), negative(expression)))


def _positive_part(z: Expression) -> Expression:
    return _apply("max", Number(0), z)


def _negative_part(z: Expression) -> Expression:
    return _apply("min", Number(0), z)


def _two_sided(above: Expression, below: Expression, z: Expression) -> Expression:
    """`above` for z > 0, else `below`; step(z) is 1 for z > 0, else 0."""
    step = _apply("step", z)
    return Sum((step if above == Number(1) else Product((step, above)), Product((_one_minus(step), below))))


def _identity(z: Array, p: object, out: Array) -> None:
    np.copyto(out, z)


def _one(z: Array, a: Array, p: object, out: Array) -> None:
    out.fill(1.0)


def _binary_step(z: Array, p: object, out: Array) -> None:
    np.greater_equal(z, 0.0, out)


def _zero(z: Array, a: Array, p: object, out: Array) -> None:
    out.fill(0.0)


ONE = np.array(1.0)  # as an array, because numpy converts a Python number anew in each call


def _sigmoid(z: Array, p: object, out: Array) -> None:
    """1 / (1 + exp(-z)); where exp overflows the value is the right one, 0."""
    spare = np.negative(z)
    np.divide(ONE, np.add(ONE, np.exp(spare, out), spare), out)


def _sigmoid_derivative(z: Array, a: Array, p: object, out: Array) -> None:
    """a (1 - a)."""
    np.multiply(a, ONE - a, out)


def _tanh(z: Array, p: object, out: Array) -> None:
    np.tanh(z, out)


def _tanh_derivative(z: Array, a: Array, p: object, out: Array) -> None:
    """1 - a²."""
    np.subtract(ONE, a * a, out)


def _relu(z: Array, p: object, out: Array) -> None:
    np.maximum(z, 0.0, out=out)


def _relu_derivative(z: Array, a: Array, p: object, out: Array) -> None:
    """1 for z > 0, else 0, at 0 too."""
    np.greater(z, 0.0, out)


def _leaky_relu(z: Array, p: Mapping[str, float | Array], out: Array) -> None:
    """z for z > 0, else slope z (Maas, Hannun, Ng, 2013; trained: He and others, 2015)."""
    np.multiply(z, p["slope"], out)
    np.copyto(out, z, where=z > 0.0)


def _leaky_relu_derivative(z: Array, a: Array, p: Mapping[str, float | Array], out: Array) -> None:
    """1 for z > 0, else the slope, at 0 too."""
    out[...] = p["slope"]
    np.copyto(out, 1.0, where=z > 0.0)


def _slope_derivative(z: Array, out: Array) -> None:
    """da/dslope = min(0, z)."""
    np.minimum(z, 0.0, out=out)


def _elu(z: Array, p: Mapping[str, float | Array], out: Array) -> None:
    """z for z > 0, else alpha (exp(z) - 1) (Clevert, Unterthiner, Hochreiter, 2015)."""
    np.expm1(np.minimum(z, 0.0, out=out), out)
    np.multiply(out, p["alpha"], out)
    np.copyto(out, z, where=z > 0.0)


def _elu_derivative(z: Array, a: Array, p: Mapping[str, float | Array], out: Array) -> None:
    """1 for z > 0, else alpha exp(z), at 0 too."""
    np.exp(np.minimum(z, 0.0, out=out), out)
    np.multiply(out, p["alpha"], out)
    np.copyto(out, 1.0, where=z > 0.0)


# Klambauer, Unterthiner, Mayr, Hochreiter (2017): with these a layer keeps mean 0 and variance 1.
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
_SELU = {"alpha": SELU_ALPHA}


def _selu(z: Array, p: object, out: Array) -> None:
    """scale * elu(z, alpha)."""
    _elu(z, _SELU, out)
    np.multiply(out, SELU_SCALE, out)


def _selu_derivative(z: Array, a: Array, p: object, out: Array) -> None:
    _elu_derivative(z, a, _SELU, out)
    np.multiply(out, SELU_SCALE, out)


def _softplus(z: Array, p: object, out: Array) -> None:
    """ln(1 + exp(z)), written so that exp never overflows: max(z, 0) + log1p(exp(-|z|))."""
    np.add(np.maximum(z, 0.0), np.log1p(np.exp(-np.abs(z))), out)


def _softplus_derivative(z: Array, a: Array, p: object, out: Array) -> None:
    _sigmoid(z, p, out)


def _swish(z: Array, p: object, out: Array) -> None:
    """z sigmoid(z) (Ramachandran, Zoph, Le, 2017)."""
    _sigmoid(z, p, out)
    np.multiply(out, z, out)


def _swish_derivative(z: Array, a: Array, p: object, out: Array) -> None:
    """s + z s (1 - s) with s = sigmoid(z)."""
    _sigmoid(z, p, out)
    np.add(out, z * out * (1.0 - out), out)


_erf = np.frompyfunc(erf, 1, 1)  # numpy has none


def _phi(z: Array) -> Array:
    """The normal distribution's share below z."""
    return 0.5 * (1.0 + np.asarray(_erf(z / sqrt(2.0)), dtype=float))


def _gelu(z: Array, p: object, out: Array) -> None:
    """z Phi(z), the exact form (Hendrycks, Gimpel, 2016)."""
    np.multiply(z, _phi(z), out)


def _gelu_derivative(z: Array, a: Array, p: object, out: Array) -> None:
    """Phi(z) + z phi(z)."""
    np.add(_phi(z), z * np.exp(-0.5 * z * z) / sqrt(2.0 * pi), out)


def _gelu_written_out(z: Expression, p: Symbols) -> Expression:
    inner = Fraction(z, _apply("sqrt", Number(2)))
    return Product((Fraction(z, Number(2)), Sum((Number(1), _apply("erf", inner)))))


def _softmax(z: Array, p: object, out: Array) -> None:
    """exp(z) over their sum; the largest z is subtracted first, which changes nothing but overflow."""
    np.subtract(z, np.maximum.reduce(z), out)
    np.exp(out, out)
    np.divide(out, np.add.reduce(out), out)


def _softmax_jacobian(a: Array) -> Array:
    """a_k ([k = j] - a_j)."""
    return a[:, None] * (np.eye(len(a))[:, :, None] - a[None, :])


def _softmax_formula(zs: Sequence[Expression], j: int, p: Symbols) -> Expression:
    return Fraction(_apply("exp", zs[j]), Sum([_apply("exp", z) for z in zs]))


def _softmax_jacobian_rule(ak: Expression, aj: Expression, same: bool) -> Expression:
    return Product((ak, _one_minus(aj))) if same else negative(ak, aj)


ACTIVATIONS: Mapping[str, Activation] = {
    "identity": Activation(_identity, lambda zs, j, p: zs[j], _one, lambda z, a, p: Number(1)),
    "binary_step": elementwise(
        "binary_step", _binary_step, _zero, lambda z, a, p: Number(0),
        lambda z, p: _one_minus(_apply("step", _minus(z))), kinks=(0.0,), when_flat="flat",
        note="Its derivative is 0 everywhere, so no gradient passes it: nothing below it is learnt.",
    ),
    "sigmoid": elementwise(
        "sigmoid", _sigmoid, _sigmoid_derivative, lambda z, a, p: Product((a, _one_minus(a))),
        lambda z, p: Fraction(Number(1), Sum((Number(1), _apply("exp", _minus(z))))),
    ),
    "tanh": elementwise(
        "tanh", _tanh, _tanh_derivative, lambda z, a, p: _one_minus(Power(a, Number(2))),
        lambda z, p: Fraction(
            Sum((_apply("exp", z), negative(_apply("exp", _minus(z))))),
            Sum((_apply("exp", z), _apply("exp", _minus(z)))),
        ),
    ),
    "relu": elementwise(
        "relu", _relu, _relu_derivative, lambda z, a, p: _apply("step", z), lambda z, p: _positive_part(z),
        kinks=(0.0,), when_flat="dead",
    ),
    "leaky_relu": elementwise(
        "leaky_relu", _leaky_relu, _leaky_relu_derivative,
        lambda z, a, p: _two_sided(Number(1), p["slope"], z),
        lambda z, p: Sum((_positive_part(z), Product((p["slope"], _negative_part(z))))),
        constants={"slope": 0.01}, kinks=(0.0,),
    ),
    "prelu": elementwise(
        "prelu", _leaky_relu, _leaky_relu_derivative,
        lambda z, a, p: _two_sided(Number(1), p["slope"], z),
        lambda z, p: Sum((_positive_part(z), Product((p["slope"], _negative_part(z))))),
        constants={"slope": 0.25}, slope=Slope(_slope_derivative, _negative_part), kinks=(0.0,),
    ),
    "elu": elementwise(
        "elu", _elu, _elu_derivative,
        lambda z, a, p: _two_sided(Number(1), Product((p["alpha"], _apply("exp", _negative_part(z)))), z),
        lambda z, p: Sum((
            _positive_part(z),
            Product((p["alpha"], Sum((_apply("exp", _negative_part(z)), Number(-1))))),
        )),
        constants={"alpha": 1.0}, kinks=(0.0,),
    ),
    "selu": elementwise(
        "selu", _selu, _selu_derivative,
        lambda z, a, p: Product((
            Number(SELU_SCALE),
            _two_sided(Number(1), Product((Number(SELU_ALPHA), _apply("exp", _negative_part(z)))), z),
        )),
        lambda z, p: Product((
            Number(SELU_SCALE),
            Sum((
                _positive_part(z),
                Product((Number(SELU_ALPHA), Sum((_apply("exp", _negative_part(z)), Number(-1))))),
            )),
        )),
        kinks=(0.0,),
    ),
    "softplus": elementwise(
        "softplus", _softplus, _softplus_derivative, lambda z, a, p: _apply("sigmoid", z),
        lambda z, p: _apply("ln", Sum((Number(1), _apply("exp", z)))),
    ),
    "swish": elementwise(
        "swish", _swish, _swish_derivative,
        lambda z, a, p: Sum((
            _apply("sigmoid", z), Product((z, _apply("sigmoid", z), _one_minus(_apply("sigmoid", z)))),
        )),
        lambda z, p: Product((z, _apply("sigmoid", z))),
    ),
    "gelu": elementwise(
        "gelu", _gelu, _gelu_derivative,
        lambda z, a, p: Sum((_apply("Phi", z), Product((z, _apply("phi", z))))), _gelu_written_out,
    ),
    "softmax": Activation(
        _softmax, _softmax_formula, jacobian=_softmax_jacobian, jacobian_rule=_softmax_jacobian_rule
    ),
}  # fmt: skip
