"""The controller: drives the stepper for the window."""

from gui.controller.controller import FIRST_EXAMPLE, Controller
from gui.controller.moves import FASTEST, SPEEDS

__all__ = ["FASTEST", "FIRST_EXAMPLE", "SPEEDS", "Controller"]
