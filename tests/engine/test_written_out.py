"""What an activation function is in terms of a pocket calculator, against the textbook's function."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.expressions import Number
from tests.engine import reference
from tests.engine.evaluation import evaluate

NAMED = [name for name, entry in ACTIVATIONS.items() if entry.written_out is not None]


def test_every_function_that_is_only_named_is_written_out() -> None:
    assert NAMED == ["sigmoid", "tanh", "relu"]


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("z", [-3.25, -0.5, 0.0, 0.3775, 2.0])
def test_it_has_the_functions_value(name: str, z: float) -> None:
    write = ACTIVATIONS[name].written_out
    assert write is not None
    textbook = reference.ACTIVATIONS[name](np.array([z]))[0]
    assert evaluate(write(Number(z))) == pytest.approx(textbook, rel=1e-14, abs=1e-15)
