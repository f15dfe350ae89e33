"""How numpy calculates here: inf and nan are results, not warnings."""

from math import inf, isnan

import numpy as np

from engine.activations import Array


def array(number: float) -> Array:
    return np.array([number])


def test_results_that_are_not_finite_are_no_warnings() -> None:
    assert (2.0 * array(np.finfo(float).max)).tolist() == [inf]
    assert (1.0 / array(0.0)).tolist() == [inf]
    assert isnan(np.log(array(-1.0)).item())
