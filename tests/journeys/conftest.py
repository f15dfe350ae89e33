"""Windows open, and questions are answered, as in the tests of the window."""

from tests.gui.conftest import application, open_window, questions_answered

__all__ = ["application", "open_window", "questions_answered"]
