"""The engine of Chainstep: training of a small network, one operation at a time, forwards and backwards in time."""

from engine.files.examples import open_session
from engine.program import Unit
from engine.stepper import Stepper

__all__ = ["Stepper", "Unit", "open_session"]
