"""What an activation function is in terms of a pocket calculator, against the textbook's function."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.expressions import Number
from tests.engine import reference
from tests.engine.evaluation import evaluate

NAMED = [name for name, entry in ACTIVATIONS.items() if entry.written_out is not None]
CONSTANTS = {"leaky_relu": {"slope": 0.1}, "prelu": {"slope": 0.25}, "elu": {"alpha": 1.5}}


def test_every_function_that_is_only_named_is_written_out() -> None:
    assert set(NAMED) == set(reference.ACTIVATIONS) - {"identity", "softmax"}


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("z", [-3.25, -0.5, -0.0, 0.0, 5e-324, 0.3775, 2.0])
def test_it_has_the_functions_value(name: str, z: float) -> None:
    write, constants = ACTIVATIONS[name].written_out, CONSTANTS.get(name, {})
    assert write is not None
    textbook = reference.ACTIVATIONS[name](np.array([z]), **constants)[0]
    written = write(Number(z), {name: Number(value) for name, value in constants.items()})
    assert evaluate(written) == pytest.approx(textbook, rel=1e-14, abs=1e-15)
