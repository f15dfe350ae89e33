"""Initial schemes: how the weights of a layer are drawn before the first iteration; biases begin at 0.

One numpy RandomState(seed) draws layer by layer, row by row; its stream is frozen across numpy versions, so a seed
gives the same weights on every machine. Sources: Glorot, Bengio (2010) for xavier; He, Zhang, Ren, Sun (2015) for he.
"""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from engine.activations import Array


class Initializer(NamedTuple):
    """One scheme. draw(random, outputs, inputs): the weights of a layer (outputs, inputs). summary: it, in words."""

    draw: "Callable[[np.random.RandomState, int, int], Array]"
    summary: str


def _uniform(random: "np.random.RandomState", outputs: int, inputs: int, bound: float) -> Array:
    return random.uniform(-bound, bound, (outputs, inputs))


def _normal(random: "np.random.RandomState", outputs: int, inputs: int, deviation: float) -> Array:
    return random.normal(0.0, deviation, (outputs, inputs))


INITIALIZERS: Mapping[str, Initializer] = {
    "zeros": Initializer(lambda r, n, m: np.zeros((n, m)), "all 0: the neurons of a layer stay alike"),
    "uniform": Initializer(lambda r, n, m: _uniform(r, n, m, 0.5), "between -0.5 and 0.5"),
    "normal": Initializer(lambda r, n, m: _normal(r, n, m, 0.1), "normal, deviation 0.1"),
    "xavier_uniform": Initializer(
        lambda r, n, m: _uniform(r, n, m, sqrt(6.0 / (m + n))), "uniform within sqrt(6/(in + out))"
    ),
    "xavier_normal": Initializer(
        lambda r, n, m: _normal(r, n, m, sqrt(2.0 / (m + n))), "normal, deviation sqrt(2/(in + out))"
    ),
    "he_uniform": Initializer(lambda r, n, m: _uniform(r, n, m, sqrt(6.0 / m)), "uniform within sqrt(6/in)"),
    "he_normal": Initializer(lambda r, n, m: _normal(r, n, m, sqrt(2.0 / m)), "normal, deviation sqrt(2/in)"),
}


def drawn(scheme: str, seed: int, sizes: Sequence[int]) -> list[Array]:
    """The weights (out, in) of every layer of a network with neurons `sizes`, the inputs first."""
    random = np.random.RandomState(seed)
    pairs = zip(sizes[1:], sizes[:-1], strict=True)
    return [INITIALIZERS[scheme].draw(random, outputs, inputs) for outputs, inputs in pairs]
