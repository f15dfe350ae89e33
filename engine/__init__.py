"""The engine of Chainstep: training of a small network, one operation at a time, forwards and backwards in time."""

import numpy as np

from engine.files.examples import open_session
from engine.program import Unit
from engine.stepper import Stepper

__all__ = ["Stepper", "Unit", "open_session"]

# A value that is not finite is a result like any other: it is shown, and named by its operation, never warned of.
np.seterr(all="ignore")
