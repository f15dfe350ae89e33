"""Random sessions of every kind: what stands there does not depend on the way, and stepping shows what running has
stored."""

import pytest

from tests.engine.wandering import check_steppings, check_wanderings

SESSIONS, NETS, GROUPS = 2000, 200, 10  # in groups, so that several processes share them


@pytest.mark.parametrize("group", range(GROUPS))
def test_sessions_wander_and_come_back(group: int) -> None:
    check_wanderings(range(group, SESSIONS, GROUPS))


@pytest.mark.parametrize("group", range(GROUPS))
def test_stepping_shows_what_running_has_stored(group: int) -> None:
    check_steppings(range(group, NETS, GROUPS))
