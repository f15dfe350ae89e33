"""Questions are answered here as in the tests of the window."""

from tests.gui.conftest import questions_answered

__all__ = ["questions_answered"]
