"""Generated data sets: the same for the same arguments, exact without noise, classes in turn.

The figures are checked by their geometry: distances, angles and lines, not the formulas of the engine.
"""

from itertools import pairwise
from math import atan2, hypot, isclose, pi, sin, sqrt, tau

import numpy as np
import pytest

from engine.datasets import DATASETS, MOST_SAMPLES, generated

TABLES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0)}
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
IN_TURN = {"linear": 2, "circles": 2, "moons": 2, "spiral": 2, "clusters": 3}


def exact(name, samples=200):
    return list(zip(*generated(name, samples, 0.0, seed=3), strict=True))


def of_class(name, label, samples=200):
    """The inputs of the rows whose target is (label,), without noise."""
    return [x for x, y in exact(name, samples) if y == (label,)]


def widest_gap(values, length):
    """The widest stretch without a value on a circle of that length."""
    ordered = sorted(value % length for value in values)
    return max(b - a for a, b in pairwise([*ordered, ordered[0] + length]))


def test_the_names_are_those_of_the_file_format() -> None:
    assert set(DATASETS) == {*TABLES, *IN_TURN, "sine", "plane"}


@pytest.mark.parametrize("name", TABLES)
def test_truth_tables(name: str) -> None:
    inputs, targets = generated(name, 4, 0.0, seed=1)
    assert inputs == CORNERS
    assert targets == tuple((y,) for y in TABLES[name])
    inputs, targets = generated(name, 10, 0.0, seed=1)
    assert inputs == (*CORNERS, *CORNERS, *CORNERS[:2])
    assert [y for (y,) in targets] == [*TABLES[name], *TABLES[name], *TABLES[name][:2]]
    assert (DATASETS[name].samples, DATASETS[name].noise) == (4, 0.0)


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("samples", [1, 2, 5, 301])
def test_sizes_and_plain_floats(name: str, samples: int) -> None:
    inputs, targets = generated(name, samples, 0.5, seed=2)
    assert (len(inputs), {len(x) for x in inputs}) == (samples, {DATASETS[name].inputs})
    assert (len(targets), {len(y) for y in targets}) == (samples, {DATASETS[name].targets})
    assert {type(value) for row in inputs + targets for value in row} == {float}


@pytest.mark.parametrize("name", DATASETS)
def test_the_seed_decides_the_noise_and_nothing_else(name: str) -> None:
    assert generated(name, 50, 0.1, seed=7) == generated(name, 50, 0.1, seed=7)
    assert generated(name, 50, 0.1, seed=7) != generated(name, 50, 0.1, seed=8)
    assert generated(name, 50, 0.0, seed=7) == generated(name, 50, 0.0, seed=2**32 - 1)


@pytest.mark.parametrize("name", DATASETS)
def test_noise_is_normal_of_that_deviation_and_moves_one_side_only(name: str) -> None:
    still, moved = generated(name, 5000, 0.0, seed=5), generated(name, 5000, 0.25, seed=5)
    noisy, other = (0, 1) if DATASETS[name].is_classes else (1, 0)
    assert moved[other] == still[other]
    by = np.subtract(moved[noisy], still[noisy])
    assert abs(by.mean()) < 5 * 0.25 / sqrt(by.size)
    assert abs(by.std() - 0.25) < 5 * 0.25 / sqrt(2 * by.size)
    within = np.mean(np.abs(by) < 0.25)  # of a normal distribution 68.27 % lie within one deviation
    assert abs(within - 0.6827) < 5 * sqrt(0.6827 * 0.3173 / by.size)


def test_noise_is_drawn_from_the_frozen_stream() -> None:
    """The first normal numbers of RandomState(0), as printed in many a tutorial of numpy: 1.76405235, 0.40015721."""
    (x,), _ = generated("and", 1, 1.0, seed=0)
    assert x == pytest.approx((1.76405235, 0.40015721), abs=5e-9)


@pytest.mark.parametrize("name", DATASETS)
def test_inputs_are_of_order_one_and_fill_it(name: str) -> None:
    values = np.abs([x for x, _ in exact(name)])
    assert 0.8 < values.max() <= 1


@pytest.mark.parametrize("name", [name for name in DATASETS if DATASETS[name].is_classes])
def test_targets_of_classes_are_0_or_1(name: str) -> None:
    assert {value for _, y in exact(name) for value in y} == {0.0, 1.0}


@pytest.mark.parametrize("name", IN_TURN)
def test_classes_stand_in_turn(name: str) -> None:
    classes = IN_TURN[name]
    labels = [y.index(1.0) if classes > 2 else int(y[0]) for _, y in exact(name)]
    assert labels == [i % classes for i in range(200)]


def test_linear_is_split_by_its_line_with_room_on_both_sides() -> None:
    for (x1, x2), (y,) in exact("linear"):
        assert (x1 + x2 > 0) == (y == 1)
        assert 0.1 - 1e-12 <= abs(x1 + x2) <= 1


def test_circles_have_their_radii_and_are_closed() -> None:
    for label, radius in ((0, 1.0), (1, 0.5)):
        points = of_class("circles", label)
        assert all(isclose(hypot(*x), radius, rel_tol=1e-12) for x in points)
        assert widest_gap([atan2(x2, x1) for x1, x2 in points], tau) < 3 * tau / len(points)


def test_moons_are_half_circles_of_the_same_radius() -> None:
    """Centres 1 apart across and 1/2 up, radius 1; then everything by 1.5."""
    for label, (c1, c2), side in ((0, (-1 / 3, -1 / 6), 1), (1, (1 / 3, 1 / 6), -1)):
        points = of_class("moons", label)
        assert all(isclose(hypot(x1 - c1, x2 - c2), 2 / 3, rel_tol=1e-12) for x1, x2 in points)
        assert all(side * (x2 - c2) > -1e-12 for _, x2 in points)
        assert min(x1 for x1, _ in points) < c1 - 0.66
        assert max(x1 for x1, _ in points) > c1 + 0.66


def test_the_arms_of_the_spiral_are_one_arm_turned_by_half() -> None:
    first, second = of_class("spiral", 0), of_class("spiral", 1)
    assert np.allclose(first, np.negative(second), atol=1e-12)
    for x1, x2 in first:
        turns = (hypot(x1, x2) - 0.1) / 0.9 * 1.75
        assert abs((atan2(x2, x1) / tau - turns + 0.5) % 1 - 0.5) < 1e-12
    radii = sorted(hypot(*x) for x in first)
    assert radii[0] < 0.12
    assert radii[-1] > 0.98
    assert max(b - a for a, b in pairwise(radii)) < 3 * 0.9 / len(radii)


def test_clusters_are_three_discs_apart() -> None:
    centres = ((0, 0.65), (-0.65 * sqrt(3) / 2, -0.325), (0.65 * sqrt(3) / 2, -0.325))
    distances = [
        hypot(x[0] - centres[y.index(1.0)][0], x[1] - centres[y.index(1.0)][1]) for x, y in exact("clusters", 300)
    ]
    assert all(sum(y) == 1 for _, y in exact("clusters"))
    assert 0.28 < max(distances) <= 0.3 + 1e-12
    assert abs(np.mean(np.square(distances)) - 0.3**2 / 2) < 0.002  # as of an evenly filled disc


def test_sine_and_plane() -> None:
    waves = exact("sine")
    assert all(isclose(y, sin(pi * x), abs_tol=1e-12) for (x,), (y,) in waves)
    assert widest_gap([x for (x,), _ in waves], 2.0) < 3 * 2 / len(waves)
    for (x1, x2), (y,) in exact("plane"):
        assert isclose(y, 0.6 * x1 - 0.3 * x2 + 0.1, abs_tol=1e-12)


@pytest.mark.parametrize("name", ["linear", "clusters", "plane"])
def test_every_stretch_of_rows_covers_the_figure(name: str) -> None:
    """A held-out tail of 60 rows has the mean and the spread of all, to a fifth of the spread."""
    inputs = np.array(generated(name, 300, 0.0, seed=1)[0])
    tail, spread = inputs[-60:], inputs.std(axis=0)
    assert np.all(np.abs(tail.mean(axis=0) - inputs.mean(axis=0)) < spread / 5)
    assert np.all(np.abs(tail.std(axis=0) - spread) < spread / 5)


@pytest.mark.parametrize("name", DATASETS)
def test_the_largest_is_finite(name: str) -> None:
    inputs, targets = DATASETS[name].generate(MOST_SAMPLES, 10.0, np.random.RandomState(1))
    assert len(inputs) == len(targets) == MOST_SAMPLES
    assert np.isfinite(inputs).all()
    assert np.isfinite(targets).all()
