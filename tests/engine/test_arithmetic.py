"""How numpy calculates here: inf and nan are results, not warnings."""

import numpy as np

import engine


def test_results_that_are_not_finite_are_no_warnings() -> None:
    largest = np.array([np.finfo(float).max])
    assert (2.0 * largest).tolist() == [np.inf]
    assert np.isnan(np.log(np.array([-1.0]))).all()
    assert (1.0 / np.zeros(1)).tolist() == [np.inf]
