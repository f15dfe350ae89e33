"""One activation function by itself: its values at any z, and its formulas with numbers in them.

What a panel shows of a function that no iteration has just computed comes from here, and here from the registry.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation, Array, Constants, Symbols
from engine.expressions import Expression, Number

FLAT = 0.01
"""Below this share of its largest derivative a function counts as flat."""
FURTHER = 1.0
"""So far on, away from 0, it must still be as flat: the lowest point of swish or gelu is a point, no saturation."""
NEAR = 8.0
"""Between -NEAR and NEAR the largest derivative is looked for."""


def values(function: Activation, z: Array, constants: Constants) -> tuple[Array, Array]:
    """f and f' at each z, both (n,); of softmax, where the z are those of one layer, f' is the Jacobian's diagonal."""
    column = np.ascontiguousarray(z, dtype=np.float64).reshape(-1, 1)
    a, derivative = np.empty_like(column), np.empty_like(column)
    function.forward(column, constants, a)
    if function.derivative is not None:
        function.derivative(column, a, constants, derivative)
    else:
        derivative[:, 0] = jacobian(function, a[:, 0]).diagonal()
    return a[:, 0], derivative[:, 0]


def jacobian(function: Activation, a: Array) -> Array:
    """da[k]/dz[j] as (k, j) at the activations a (n,) of one layer; for elementwise functions use `values`."""
    if function.jacobian is None:
        raise ValueError("an elementwise function has a derivative, no Jacobian")
    return function.jacobian(a.reshape(-1, 1))[:, :, 0]


def is_flat(function: Activation, z: Array, constants: Constants) -> NDArray[np.bool_]:
    """Where hardly any gradient passes, for pre-activations z (n,): |f'| is below FLAT of its largest, there and a
    little further out. Nowhere for a function that is not elementwise."""
    if not function.is_elementwise:
        return np.zeros(z.shape, np.bool_)
    largest = np.abs(values(function, np.linspace(-NEAR, NEAR, 161), constants)[1]).max()
    further = np.where(z > 0, z + FURTHER, z - FURTHER)
    here = np.abs(values(function, np.concatenate((z, further)), constants)[1]).reshape(2, -1)
    return np.asarray((here < FLAT * largest).all(axis=0) | (largest == 0))


def written(function: Activation, zs: Sequence[Expression], j: int, constants: Symbols) -> list[Expression]:
    """How f is written for neuron j (from 0) of a layer: its name applied to z, and the same written out."""
    named = function.formula(zs, j, constants)
    if function.written_out is None:
        return [named]
    return [named, function.written_out(zs[j], constants)]


def numbers(constants: Constants) -> dict[str, Expression]:
    """Constants written as their values."""
    return {name: Number(value) for name, value in constants.items()}
