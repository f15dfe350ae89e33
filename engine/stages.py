"""The update in words: the terms of an optimizer's stage for one parameter, read off its data."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.operations import Factor, Read, Term
from engine.optimizers import OPTIMIZERS, PARAMETER, Constant, Function, Now, Old, Part
from engine.quantities import Quantity, gradient_of, mean_gradient_of
from engine.values import Values


def stage_terms(n: Values, q: Quantity) -> Sequence[Term]:
    """The terms of the stage that writes `q`, a parameter or one of its slots."""
    parameter = q.parameter or q
    name = PARAMETER if q.is_parameter else q.kind
    stage = next(stage for stage in OPTIMIZERS[n.trace.spec.optimizer.name].stages if stage.name == name)
    return [tuple(_part(n, part, parameter) for part in term) for term in stage.terms]


def _part(n: Values, part: Part, parameter: Quantity) -> Factor:
    def named(name: str) -> Quantity:
        return parameter if name == PARAMETER else Quantity(name, (), parameter)

    match part:
        case Old(name):
            return Factor(n.symbol(named(name)), n.trace.old(name, parameter), (Read(named(name)),))
        case Now("gradient"):
            return _gradient(n, parameter)
        case Now(name):
            return Factor(n.symbol(named(name)), n.trace.new(name, parameter), (Read(named(name)),))
        case Constant(symbol, value, is_negative):
            return Factor(symbol, value(n.trace.hyperparameters, n.trace.iteration), (), is_negative)
        case Function(of, symbol, compute):
            inner = n.symbol(named(of))
            return Factor(symbol(inner), _computed(n, of, compute, parameter), (Read(named(of)),))


def _gradient(n: Values, parameter: Quantity) -> Factor:
    """What the optimizer gets: the batch's mean, or the only sample's gradient."""
    alone = not n.trace.has_means
    quantity = gradient_of(parameter) if alone else mean_gradient_of(parameter)
    return n.factor(quantity, 0 if alone else None)


def _computed(n: Values, of: str, compute: Callable[..., object], parameter: Quantity) -> float:
    out = np.array([n.trace.new(of, parameter)])
    compute(out, n.trace.hyperparameters, out)
    return float(out[0])
