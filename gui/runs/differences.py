"""The parameters of two runs side by side: those that both have, with what sets them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.expressions import Expression
from engine.network import Network, has_parameter
from engine.notation import Notation
from engine.parameters import Parameters
from engine.quantities import Quantity
from gui.runs.run import Pair

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Differences:
    """pair: whose they are. iteration: at whose end the values are; 0: at the start. first, second: of the parameters
    named (parameters,).

    notation: in which the names are written. left_out: how many parameters only one of the two networks has.
    """

    pair: Pair
    iteration: int
    names: Sequence[Quantity]
    first: Array
    second: Array
    notation: Notation
    left_out: int

    def symbol(self, place: int) -> Expression:
        """The symbol of the parameter at a place."""
        return self.notation.symbol(self.names[place])

    @cached_property
    def values(self) -> Array:
        """second - first (parameters,); not a number where both are infinite."""
        return self.second - self.first

    @cached_property
    def by_size(self) -> Places:
        """Places of the parameters, the largest difference first."""
        sizes = np.abs(self.values)
        return np.argsort(-np.where(np.isnan(sizes), -1.0, sizes), kind="stable")

    @property
    def largest(self) -> int | None:
        """The place of the largest difference; None where there is none."""
        place = int(self.by_size[0]) if len(self.names) else None
        return place if place is not None and abs(self.values[place]) > 0 else None


@dataclass(frozen=True, eq=False)
class Common:
    """The parameters that two networks both have, in the order of the first, and where each stands in their vectors.

    left_out: how many parameters only one of the two has.
    """

    names: Sequence[Quantity]
    first: Places
    second: Places
    left_out: int


def common(first: Network, second: Network) -> Common:
    """What two networks have in common."""
    mine, its = Parameters(first), Parameters(second)
    names = [name for name in mine.names() if has_parameter(second, name)]
    places, other_places = (np.array([p.index(name) for name in names], np.intp) for p in (mine, its))
    return Common(names, places, other_places, mine.count + its.count - 2 * len(names))
