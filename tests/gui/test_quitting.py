"""Quitting in the midst of something: the process ends by itself, well, and says nothing."""

from pathlib import Path

import pytest

from tests.gui.quitting import check_quits

QUITS, GROUPS = 40, 2  # in groups, so that several processes share them


@pytest.mark.parametrize("group", range(GROUPS))
def test_quit_at_a_random_moment(tmp_path: Path, group: int) -> None:
    """Of a run, of pauses, of a long way, of saving, of an export."""
    check_quits(tmp_path, range(group, QUITS, GROUPS))
