"""Quitting in the midst of something: the process ends by itself, well, and says nothing."""

from pathlib import Path

import pytest

from engine import open_session
from engine.files import writing
from tests.gui.quitting import quit_all

QUITS, GROUPS = 40, 2  # in groups, so that several processes share them


@pytest.mark.parametrize("group", range(GROUPS))
def test_quit_at_a_random_moment(tmp_path: Path, group: int) -> None:
    """Of a run, of pauses, of a long way, of saving, of an export."""
    seeds = range(group, QUITS, GROUPS)
    ends, errors = quit_all(tmp_path, seeds)
    assert [end for end in ends if end.code != 0] == []
    assert [end.seed for end in ends] == list(seeds)
    assert errors == ""
    check_left(tmp_path)


def check_left(folder: Path) -> None:
    """Every file that is left is whole; an export that was not finished has left none."""
    for path in folder.rglob("*.chainstep.json"):
        open_session(path)
    assert not [*folder.rglob("*.csv"), *folder.rglob(f"{writing.PREFIX}*"), *folder.rglob("recovery/*")]
