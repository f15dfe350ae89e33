"""What every test runs under: no display, and the same generated examples on every push."""
import os

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("push", derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=10_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "push"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Other seeds for the monkey at the window than those of a push."""
    parser.addoption("--seeds", default="0:6", metavar="FIRST:LAST", help="seeds of tests/gui/test_monkey.py")
