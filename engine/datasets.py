"""Generated data sets: points of an exact figure, moved by noise.

Row i belongs to class i mod (number of classes), so mini-batches and a held-out tail are balanced. Where on the figure
a row stands comes from an evenly spread sequence, not from chance: without noise the rows are the same for every seed,
and every stretch of rows covers the whole figure.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Row: TypeAlias = tuple[float, ...]
Rows: TypeAlias = tuple[Row, ...]

MOST_SAMPLES = 100_000
MOST_NOISE = 10.0
GOLDEN = (1 + 5**0.5) / 2
PLASTIC = 1.324717957244746
"""The real root of g³ = g + 1."""


class Dataset(NamedTuple):
    """One data set.

    points(samples): exact inputs (samples, inputs) and targets (samples, targets).
    is_classes: the targets are 0 or 1 and noise moves the inputs; otherwise they are real and noise moves the targets.
    samples, noise: defaults.
    """

    description: str
    inputs: int
    targets: int
    is_classes: bool
    points: Callable[[int], tuple[Array, Array]]
    samples: int = 200
    noise: float = 0.1

    def generate(self, samples: int, noise: float, random: "np.random.RandomState") -> tuple[Array, Array]:
        """Inputs (samples, inputs) and targets (samples, targets); noise is a standard deviation."""
        inputs, targets = self.points(samples)
        moved = inputs if self.is_classes else targets
        moved += noise * random.standard_normal(moved.shape)
        return inputs, targets


def generated(name: str, samples: int, noise: float, seed: int) -> tuple[Rows, Rows]:
    """Inputs and targets of the data set of that name, one row a sample: a pure function of its arguments.

    1 <= samples <= MOST_SAMPLES and 0 <= noise <= MOST_NOISE are the caller's to check; KeyError for an unknown name.
    """
    inputs, targets = DATASETS[name].generate(samples, noise, np.random.RandomState(seed))
    return _rows(inputs), _rows(targets)


def _rows(array: Array) -> Rows:
    return tuple(map(tuple, array.tolist()))


def _spread(k: Array) -> Array:
    """t_k = fraction of 1/2 + k/g, g the golden ratio: (samples,) in [0, 1), even over any stretch of k."""
    return (0.5 + k / GOLDEN) % 1.0


def _spread_square(k: Array) -> tuple[Array, Array]:
    """The same in two dimensions: fractions of 1/2 + k/g and 1/2 + k/g², g the plastic number (Roberts 2018)."""
    return (0.5 + k / PLASTIC) % 1.0, (0.5 + k / PLASTIC**2) % 1.0


def _dealt(samples: int, classes: int) -> tuple[Array, Array]:
    """The class of each row, and the row's number k within its class; both (samples,)."""
    k, label = np.divmod(np.arange(samples, dtype=np.float64), classes)
    return label, k


def _truth_table(*outputs: float) -> Callable[[int], tuple[Array, Array]]:
    """The rows (0, 0), (0, 1), (1, 0), (1, 1) with these targets, again and again."""

    def points(samples: int) -> tuple[Array, Array]:
        row = np.arange(samples) % 4
        return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)[row], np.array(outputs, float)[row, None]

    return points


def _linear(samples: int) -> tuple[Array, Array]:
    """x = ((v + u) / 2, (v - u) / 2) with -1 <= u < 1 along the line x1 + x2 = 0 and 0.1 <= |v| < 1 across it;
    the target is 1 where v = x1 + x2 > 0."""
    label, k = _dealt(samples, 2)
    along, across = _spread_square(k)
    u, v = 2 * along - 1, (2 * label - 1) * (0.1 + 0.9 * across)
    return np.column_stack(((v + u) / 2, (v - u) / 2)), label[:, None]


def _circles(samples: int) -> tuple[Array, Array]:
    """x = r (cos 2πt, sin 2πt), r = 1 for target 0 and 0.5 for target 1."""
    label, k = _dealt(samples, 2)
    return _polar(1.0 - 0.5 * label, 2 * np.pi * _spread(k)), label[:, None]


def _moons(samples: int) -> tuple[Array, Array]:
    """(cos πt, sin πt) for target 0, (1 - cos πt, 1/2 - sin πt) for target 1; then x = (that - (1/2, 1/4)) / 1.5."""
    label, k = _dealt(samples, 2)
    arc = _polar(1.0, np.pi * _spread(k))
    second = label[:, None] == 1
    return (np.where(second, np.array([1.0, 0.5]) - arc, arc) - np.array([0.5, 0.25])) / 1.5, label[:, None]


def _spiral(samples: int) -> tuple[Array, Array]:
    """x = r (cos φ, sin φ) with r = 0.1 + 0.9 t and φ = 3.5 πt, half a turn further for target 1."""
    label, k = _dealt(samples, 2)
    t = _spread(k)
    return _polar(0.1 + 0.9 * t, np.pi * (3.5 * t + label)), label[:, None]


def _clusters(samples: int) -> tuple[Array, Array]:
    """Discs of radius 0.3 about three centres, 0.65 from the origin at 90, 210 and 330 degrees; target k is 1 for the
    rows of disc k."""
    label, k = _dealt(samples, 3)
    area, turn = _spread_square(k)
    centres = _polar(0.65, np.pi * (1 / 2 + 2 / 3 * label))
    return centres + _polar(0.3 * np.sqrt(area), 2 * np.pi * turn), np.eye(3)[label.astype(int)]


def _sine(samples: int) -> tuple[Array, Array]:
    """y = sin πx for -1 <= x < 1: one whole wave."""
    x = 2 * _spread(np.arange(samples, dtype=np.float64)) - 1
    return x[:, None], np.sin(np.pi * x)[:, None]


def _plane(samples: int) -> tuple[Array, Array]:
    """y = 0.6 x1 - 0.3 x2 + 0.1 for -1 <= x1, x2 < 1."""
    first, second = _spread_square(np.arange(samples, dtype=np.float64))
    x1, x2 = 2 * first - 1, 2 * second - 1
    return np.column_stack((x1, x2)), (0.6 * x1 - 0.3 * x2 + 0.1)[:, None]


def _polar(radius: Array | float, angle: Array) -> Array:
    """Points (samples, 2) by radius and angle in radians."""
    return np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))


DATASETS: Mapping[str, Dataset] = {
    "and": Dataset("1 where both inputs are 1", 2, 1, True, _truth_table(0, 0, 0, 1), 4, 0.0),
    "or": Dataset("1 where at least one input is 1", 2, 1, True, _truth_table(0, 1, 1, 1), 4, 0.0),
    "xor": Dataset("1 where exactly one input is 1", 2, 1, True, _truth_table(0, 1, 1, 0), 4, 0.0),
    "linear": Dataset("Two classes on either side of a line", 2, 1, True, _linear),
    "circles": Dataset("Two classes on two circles, one within the other", 2, 1, True, _circles),
    "moons": Dataset("Two classes on two half circles that reach into each other", 2, 1, True, _moons),
    "spiral": Dataset("Two classes on two arms of a spiral", 2, 1, True, _spiral, noise=0.02),
    "clusters": Dataset("Three classes in three discs, one target each", 2, 3, True, _clusters),
    "sine": Dataset("One wave of a sine", 1, 1, False, _sine),
    "plane": Dataset("A plane over two inputs", 2, 1, False, _plane),
}
