"""Optimizers: hyperparameters, slots, and stages, each stage a sum of products.

The stages are data. The running loop executes them on whole vectors (`bind`), the narration describes them for one
parameter; so the arithmetic of an optimizer is stated once. It is that of PyTorch's optimizers of these names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.activations import Array
from engine.expressions import Application, Expression, Fraction, Number, Power, Sum, Symbol, negative
from engine.notation import LEARNING_RATE_SYMBOL

Hyperparameters: TypeAlias = Mapping[str, float]
Call: TypeAlias = tuple[Callable[..., object], tuple[object, ...]]
PARAMETER = "parameter"
GRADIENT = "gradient"


@dataclass(frozen=True)
class Old:
    """A parameter's or slot's value before this iteration's update."""

    name: str


@dataclass(frozen=True)
class Now:
    """The gradient, or what an earlier stage of this iteration has written."""

    name: str


class Constant(NamedTuple):
    """A number that all parameters share. value(h, t): from the hyperparameters and the iteration; a negative one is
    written with its sign before the term, its symbol being that of the positive number."""

    symbol: Expression
    value: Callable[[Hyperparameters, int], float]
    is_negative: bool = False


class Function(NamedTuple):
    """A function of what an earlier stage has written. compute(x, h, out); symbol(expression of x)."""

    of: str
    symbol: Callable[[Expression], Expression]
    compute: Callable[[Array, Hyperparameters, Array], object]


Part: TypeAlias = Old | Now | Constant | Function
Terms: TypeAlias = tuple[tuple[Part, ...], ...]


class Stage(NamedTuple):
    """One written value: a slot, a corrected slot, or the parameter; the sum over `terms` of the products of parts."""

    name: str
    terms: Terms


class Optimizer(NamedTuple):
    """Stages in order (the last one writes the parameter), the slots that live on between iterations (they begin at 0),
    and the hyperparameters beside the learning rate with their defaults and bounds: low <= value < high."""

    stages: tuple[Stage, ...]
    slots: tuple[str, ...] = ()
    defaults: Mapping[str, float] = {}
    bounds: Mapping[str, tuple[float, float]] = {}


def constants_of(optimizer: Optimizer) -> list[Constant]:
    """Every constant of the stages, each once."""
    parts = [part for stage in optimizer.stages for term in stage.terms for part in term]
    return list({id(part): part for part in parts if isinstance(part, Constant)}.values())


def bind(
    optimizer: Optimizer,
    old: Mapping[str, Array],
    now: Mapping[str, Array],
    constants: Mapping[int, Array],
    hyperparameters: Hyperparameters,
) -> list[Call]:
    """The stages as calls on whole vectors.

    old: parameter and slots before the update; now: the gradient, and where each stage writes; constants: a 0-d array
    for each of `constants_of`, by id.
    """
    product, factor = np.empty_like(now[GRADIENT]), np.empty_like(now[GRADIENT])
    calls: list[Call] = []

    def operand(part: Part) -> Array:
        match part:
            case Old(name):
                return old[name]
            case Now(name):
                return now[name]
            case Constant():
                return constants[id(part)]
            case Function(of, _, compute):
                calls.append((compute, (now[of], hyperparameters, factor)))
                return factor

    def multiply(term: tuple[Part, ...], out: Array) -> Array:
        result = operand(term[0])
        for part in term[1:]:
            calls.append((np.multiply, (result, operand(part), out)))
            result = out
        return result

    for stage in optimizer.stages:
        out = now[stage.name]
        total = multiply(stage.terms[0], out)
        for term in stage.terms[1:]:
            calls.append((np.add, (total, multiply(term, product), out)))
            total = out
    return calls


def _hyperparameter(name: str, symbol: Expression) -> Constant:
    return Constant(symbol, lambda h, t: h[name])


def _one_minus(name: str, symbol: Expression) -> Constant:
    return Constant(Sum((Number(1), negative(symbol))), lambda h, t: 1.0 - h[name])


def _correction(name: str, symbol: Expression) -> Constant:
    """1 / (1 - beta^t): makes up for the slot's start at 0."""
    written = Fraction(Number(1), Sum((Number(1), negative(Power(symbol, Symbol("t"))))))
    return Constant(written, lambda h, t: 1.0 / (1.0 - h[name] ** t))


def _inverse_root(x: Array, h: Hyperparameters, out: Array) -> None:
    np.sqrt(x, out)
    np.add(out, h["eps"], out)
    np.reciprocal(out, out)


def _inverse_root_of(name: str) -> Function:
    """1 / (sqrt(x) + eps)."""
    return Function(
        name, lambda x: Fraction(Number(1), Sum((Application("sqrt", (x,)), Symbol("ε")))), _inverse_root
    )


def _decaying_average(slot: str, rate: str, symbol: Expression, *gradients: Part) -> Stage:
    """slot = rate·slot + (1 - rate)·(product of `gradients`)."""
    return Stage(slot, ((_hyperparameter(rate, symbol), Old(slot)), (_one_minus(rate, symbol), *gradients)))


_BETA1, _BETA2 = Symbol("β", "1", tight=True), Symbol("β", "2", tight=True)
MINUS_LEARNING_RATE = Constant(LEARNING_RATE_SYMBOL, lambda h, t: -h["learning_rate"], is_negative=True)

_MOMENTUM, _RHO, _WEIGHT_DECAY = Symbol("μ"), Symbol("ρ"), Symbol("λ")
_VELOCITY = Stage("velocity", ((_hyperparameter("momentum", _MOMENTUM), Old("velocity")), (Now(GRADIENT),)))
_MOMENTS = (
    _decaying_average("first_moment", "beta1", _BETA1, Now(GRADIENT)),
    _decaying_average("second_moment", "beta2", _BETA2, Now(GRADIENT), Now(GRADIENT)),
    Stage("first_moment_hat", ((_correction("beta1", _BETA1), Now("first_moment")),)),
    Stage("second_moment_hat", ((_correction("beta2", _BETA2), Now("second_moment")),)),
)
_ADAM_TERM = (MINUS_LEARNING_RATE, Now("first_moment_hat"), _inverse_root_of("second_moment_hat"))
_FRACTION, _POSITIVE = (0.0, 1.0), (0.0, np.inf)

OPTIMIZERS: Mapping[str, Optimizer] = {
    "gradient_descent": Optimizer(
        stages=(Stage(PARAMETER, ((Old(PARAMETER),), (MINUS_LEARNING_RATE, Now(GRADIENT)))),),
    ),
    "momentum": Optimizer(
        slots=("velocity",),
        defaults={"momentum": 0.9},
        bounds={"momentum": _FRACTION},
        stages=(_VELOCITY, Stage(PARAMETER, ((Old(PARAMETER),), (MINUS_LEARNING_RATE, Now("velocity"))))),
    ),
    "nesterov": Optimizer(
        slots=("velocity",),
        defaults={"momentum": 0.9},
        bounds={"momentum": _FRACTION},
        stages=(
            _VELOCITY,
            Stage(
                PARAMETER,
                (
                    (Old(PARAMETER),),
                    (MINUS_LEARNING_RATE, Now(GRADIENT)),
                    (MINUS_LEARNING_RATE, _hyperparameter("momentum", _MOMENTUM), Now("velocity")),
                ),
            ),
        ),
    ),
    "adagrad": Optimizer(
        slots=("square_sum",),
        defaults={"eps": 1e-10},
        bounds={"eps": _POSITIVE},
        stages=(
            Stage("square_sum", ((Old("square_sum"),), (Now(GRADIENT), Now(GRADIENT)))),
            Stage(
                PARAMETER,
                ((Old(PARAMETER),), (MINUS_LEARNING_RATE, Now(GRADIENT), _inverse_root_of("square_sum"))),
            ),
        ),
    ),
    "rmsprop": Optimizer(
        slots=("square_average",),
        defaults={"decay": 0.99, "eps": 1e-8},
        bounds={"decay": _FRACTION, "eps": _POSITIVE},
        stages=(
            _decaying_average("square_average", "decay", _RHO, Now(GRADIENT), Now(GRADIENT)),
            Stage(
                PARAMETER,
                ((Old(PARAMETER),), (MINUS_LEARNING_RATE, Now(GRADIENT), _inverse_root_of("square_average"))),
            ),
        ),
    ),
    "adam": Optimizer(
        slots=("first_moment", "second_moment"),
        defaults={"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
        bounds={"beta1": _FRACTION, "beta2": _FRACTION, "eps": _POSITIVE},
        stages=(*_MOMENTS, Stage(PARAMETER, ((Old(PARAMETER),), _ADAM_TERM))),
    ),
    "adamw": Optimizer(
        slots=("first_moment", "second_moment"),
        defaults={"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
        bounds={"beta1": _FRACTION, "beta2": _FRACTION, "eps": _POSITIVE, "weight_decay": _POSITIVE},
        stages=(
            *_MOMENTS,
            Stage(
                PARAMETER,
                (
                    (Old(PARAMETER),),
                    (MINUS_LEARNING_RATE, _hyperparameter("weight_decay", _WEIGHT_DECAY), Old(PARAMETER)),
                    _ADAM_TERM,
                ),
            ),
        ),
    ),
}
