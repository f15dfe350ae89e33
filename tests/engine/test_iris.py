"""The iris data that come with the application, against the means that Fisher printed in 1936 (his table II)."""

from importlib.resources import files

import numpy as np
import pytest

CONTENT = files("resources").joinpath("examples", "iris.csv").read_text(encoding="utf-8").splitlines()
ROWS = np.array([[float(cell) for cell in line.split(",")] for line in CONTENT[1:]])

MEANS = {
    "setosa": (5.006, 3.428, 1.462, 0.246),
    "versicolor": (5.936, 2.770, 4.260, 1.326),
    "virginica": (6.588, 2.974, 5.552, 2.026),
}


def test_the_header() -> None:
    assert CONTENT[0] == "sepal_length,sepal_width,petal_length,petal_width,setosa,versicolor,virginica"


def test_150_rows_with_the_classes_in_turn() -> None:
    assert ROWS.shape == (150, 7)
    assert np.array_equal(ROWS[:, 4:], np.tile(np.eye(3), (50, 1)))


@pytest.mark.parametrize("name", MEANS)
def test_the_means_of_a_class(name: str) -> None:
    chosen = ROWS[ROWS[:, 4 + list(MEANS).index(name)] == 1]
    assert len(chosen) == 50
    assert chosen[:, :4].mean(axis=0) == pytest.approx(MEANS[name], abs=1e-9)


def test_the_two_rows_that_the_file_of_the_uci_has_wrong() -> None:
    """Setosa 35 and 38, as the UCI's own note on the data corrects them."""
    setosa = ROWS[ROWS[:, 4] == 1][:, :4].tolist()
    assert setosa[34] == [4.9, 3.1, 1.5, 0.2]
    assert setosa[37] == [4.9, 3.6, 1.4, 0.1]
