"""Computes the parameters of two runs at the end of the last iteration that both have, some milliseconds at a time."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QObject

from engine.activations import Array
from engine.cursor import START, Cursor
from engine.network import Network
from engine.notation import notation_of
from engine.optimizers import PARAMETER
from engine.session import Session
from engine.stepper import Stepper
from gui.gradually import Gradually
from gui.runs.differences import Common, Differences, common
from gui.runs.run import Compared, Pair, Run

BUDGET = 2**20
"""Bytes for the checkpoints of a run that is computed again."""


class Replays:
    """Runs that were left are computed again, each by a stepper of its own; the present one is at hand.

    take: gets what sets the two apart, and while that is being computed the iteration last done.
    """

    def __init__(self, take: Callable[[Differences | int], None], parent: QObject) -> None:
        self._hand_on = take
        self._gradually: Gradually[Differences | int] = Gradually(self._take, parent)
        self._steppers: dict[Run, Stepper] = {}
        self._networks: tuple[Network, Network] | None = None
        self._wanted: object = None

    def compare(self, pair: Pair, present: Stepper) -> None:
        """Compute it for a pair, None in it being the present run; nothing is done where it is known already."""
        held, iteration = present.session, min(len(run.losses if run else present.losses()) for run in pair)
        wanted = pair, iteration, held.spec, held.edits, held.notation  # a move within what is computed changes none
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._steppers = {run: stepper for run, stepper in self._steppers.items() if run in pair}
        known: dict[Compared, Array] = {None: _parameters(present, iteration)} if None in pair else {}
        self._gradually.begin(self._computing(pair, known, held, iteration))

    def stop(self) -> None:
        """Compute no more, and forget what is there."""
        self._gradually.stop()
        self._wanted, self._steppers = None, {}

    def _take(self, items: list[Differences | int]) -> None:
        if items:
            self._hand_on(items[-1])

    def _computing(
        self, pair: Pair, known: dict[Compared, Array], present: Session, iteration: int
    ) -> Iterator[Differences | int]:
        """Each iteration on the way, and in the end what sets the two apart."""
        for run in filter(None, pair):
            if run not in self._steppers:
                self._steppers[run] = Stepper(replace(run.session, cursor=START), BUDGET)
            yield from self._steppers[run].seeking(Cursor(max(iteration, 1)))
            known[run] = _parameters(self._steppers[run], iteration)
        first, second = (run.session.spec.network if run else present.spec.network for run in pair)
        shared = self._shared(first, second)
        # Numbers in sequence count what lies before, which is not the same in two networks.
        notation = notation_of("layered" if shared.left_out else present.notation, first.shape)
        values = known[pair[0]][shared.first], known[pair[1]][shared.second]
        yield Differences(pair, iteration, shared.names, *values, notation, shared.left_out)

    def _shared(self, first: Network, second: Network) -> Common:
        """What two networks have in common; kept, as it takes some time in a large one."""
        if (first, second) != self._networks:
            self._networks, self._common = (first, second), common(first, second)
        return self._common


def _parameters(stepper: Stepper, iteration: int) -> Array:
    """The flat vector at the end of an iteration; 0: at the start."""
    trace = stepper.frame_of(max(iteration, 1)).trace
    return trace.flat("new" if iteration else "old", PARAMETER)
