"""A run that is computed in another process: what it sets out from, and what it hands back on the way.

Only numbers go to and fro. Whoever takes a passage computes its last iteration again, and so has all that can be shown
of it, with the same bits.
"""

from typing import NamedTuple, TypeAlias

import numpy as np

from engine.activations import Array
from engine.course import Course, Stretch
from engine.cursor import Cursor
from engine.notation import notation_of
from engine.session import Session
from engine.stops import ENTERED, Stop, Stops
from engine.values import Values


class Departure(NamedTuple):
    """From where a run sets out: behind the finished iteration at the session's cursor, with the state that it left.

    last: the iteration at whose end it is over. number: tells its passages from those of another run.
    """

    session: Session
    state: Array
    last: int
    stops: Stops
    stride: int
    number: int = 0


class Report(NamedTuple):
    """Asks for a passage. stride: every so many iterations a state is wanted from now on."""

    stride: int


class Halt(NamedTuple):
    """Asks to compute no more."""


Order: TypeAlias = Departure | Report | Halt


class Passage(NamedTuple):
    """What a run has computed since the last passage, and where it stands: in the iteration after the stretch.

    held: the conditions that hold where it stands, see Stops. is_over: it ends there, at `stopped_by` if that is one.
    """

    number: int
    stretch: Stretch
    cursor: Cursor
    held: frozenset[Stop]
    stopped_by: Stop | None
    is_over: bool


class Runner:
    """Computes a run, iteration after iteration."""

    def __init__(self, departure: Departure) -> None:
        session = departure.session
        self._departure, self._stride = departure, departure.stride
        self._course = Course(session.spec, session.edits)
        self._course.stand_at(session.cursor.iteration + 1, departure.state)
        self._notation = notation_of(session.notation, session.spec.network.shape)
        self._cursor = session.cursor
        self._stopped_by: Stop | None = None
        self._begin()

    @property
    def is_over(self) -> bool:
        return bool(self._stopped_by) or self._cursor.iteration >= self._departure.last

    def go_on(self) -> None:
        """One iteration, or as far in it as nothing stops."""
        course = self._course
        self._losses += (course.run(), course.test_loss)
        t, program = course.held, course.program(course.held)
        bad = None if course.is_finite else course.first_not_finite()
        start, end = Cursor(t, ENTERED), Cursor(t, program.count)
        self._cursor, self._stopped_by = self._departure.stops.halt(start, end, program, self._values, bad)
        if t % self._stride == 0:
            self._kept.append(t + 1)
            self._states.append(course.state.copy())

    def passage(self, stride: int) -> Passage:
        """What was computed since the last passage: at least one iteration."""
        if not self._losses:
            self.go_on()
        t = self._cursor.iteration
        losses, states = np.array(self._losses[:-2]).reshape(-1, 2).T, np.array(self._states)
        stretch = Stretch(t - losses.shape[1], losses, self._kept, states, self._course.began.copy())
        held = self._departure.stops.held
        passage = Passage(self._departure.number, stretch, self._cursor, held, self._stopped_by, self.is_over)
        self._stride = stride
        self._begin()
        return passage

    def _begin(self) -> None:
        """What the next passage hands back."""
        self._losses, self._kept, self._states = list[float](), list[int](), list[Array]()

    def _values(self, _: int) -> Values:
        return Values(self._course.glance(), self._notation)
