"""Random sessions of every kind: what stands there does not depend on the way, and stepping shows what running has
stored."""

from random import Random

import pytest

from tests.engine import reference
from tests.engine.networks import BATCHES, PENALTIES, SessionMapping, random_session
from tests.engine.wandering import check_stepping, check_wanderings

SESSIONS, NETS, GROUPS = 2000, 200, 10  # in groups, so that several processes share them


def net(seed: int) -> SessionMapping:
    """Optimizers, batches, penalties and shuffling take turns; every third network has trained slopes."""
    optimizers = list(reference.OPTIMIZERS)
    return random_session(
        Random(seed),
        optimizer=optimizers[seed % len(optimizers)],
        batch=BATCHES[seed % len(BATCHES)],
        penalty=list(PENALTIES)[seed % len(PENALTIES)],
        shuffle=seed % 5 < 3,
        hidden="prelu" if seed // 5 % 3 == 1 else None,
        layers=2 + (seed % 11 == 0),
    )


@pytest.mark.parametrize("group", range(GROUPS))
def test_sessions_wander_and_come_back(group: int) -> None:
    check_wanderings(range(group, SESSIONS, GROUPS))


@pytest.mark.parametrize("group", range(GROUPS))
def test_stepping_shows_what_running_has_stored(group: int) -> None:
    for seed in range(group, NETS, GROUPS):
        check_stepping(net(seed))
