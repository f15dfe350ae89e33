"""Where running stops by itself: at the start of a phase, at an operation, where a condition holds.

Each is one line of text: "backward", "z[1,2] of sample 3", "abs dL/dw[1,1,1] < 1e-6", "not finite".
"""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple, TypeAlias

from engine import quantities
from engine.cursor import Cursor
from engine.frame import check_quantity
from engine.program import PHASES, Program
from engine.quantities import Quantity
from engine.values import Values

BECOMES_BAD = "not finite"
COMPARATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    BECOMES_BAD: lambda value, _: not isfinite(value),
}
"""How a condition holds its quantity against its number; only the last needs no number."""
_WRITTEN_OTHERWISE = {"≤": "<=", "≥": ">=", "==": "=", "−": "-"}


@dataclass(frozen=True)
class PhaseStart:
    """Stops before the first operation of a phase."""

    phase: str

    def __str__(self) -> str:
        return self.phase


@dataclass(frozen=True)
class Breakpoint:
    """Stops after an operation that writes `quantity`, of `sample` (row of the data, from 1) or, if None, of any."""

    quantity: Quantity
    sample: int | None = None

    def __str__(self) -> str:
        return f"{self.quantity}{_of_sample(self.sample)}"


@dataclass(frozen=True)
class Condition:
    """Stops after an operation that gives `quantity` a value of which the comparator holds: "loss < 0.01".

    is_absolute: the value without its sign is compared. quantity: None for any, which only "not finite" takes.
    """

    quantity: Quantity | None
    comparator: str
    number: float = 0.0
    is_absolute: bool = False

    def __str__(self) -> str:
        number = "" if self.comparator == BECOMES_BAD else f" {self.number!r}".removesuffix(".0")
        sign = "abs " if self.is_absolute else ""
        return f"{sign}{self.quantity or ''} {self.comparator}{number}".strip()

    def holds(self, value: float) -> bool:
        """Whether a value of the quantity is one to stop at."""
        return COMPARATORS[self.comparator](abs(value) if self.is_absolute else value, self.number)


Stop: TypeAlias = PhaseStart | Breakpoint | Condition
NOT_FINITE = Condition(None, BECOMES_BAD)
"""The stop that every run has."""


def parse(
    text: str,
    quantity_of: Callable[[str], Quantity] = quantities.parse,
    number_of: Callable[[str], float] = float,
) -> Stop:
    """The stop that `text` names; ValueError with the reason if it names none.

    quantity_of, number_of: read a quantity and a number, and raise ValueError for what is none.
    """
    words = " ".join(text.split())
    for other, ours in _WRITTEN_OTHERWISE.items():
        words = words.replace(other, ours)
    if not words:
        raise ValueError("write a condition, for example loss < 0.01")
    if words in PHASES:
        return PhaseStart(words)
    match = re.fullmatch(rf"(.*?)({'|'.join(sorted(COMPARATORS, key=len, reverse=True))})(.*)", words)
    if match:
        left, comparator, right = (part.strip() for part in match.groups())
        return _condition(left, comparator, right, quantity_of, number_of)
    name, is_of_sample, row = words.partition(" of sample ")
    if is_of_sample and not re.fullmatch("[1-9][0-9]{0,8}", row):
        raise ValueError(f"'{row}' is no sample; samples are whole numbers from 1")
    return Breakpoint(quantity_of(name), int(row) if is_of_sample else None)


def _condition(
    left: str,
    comparator: str,
    right: str,
    quantity_of: Callable[[str], Quantity],
    number_of: Callable[[str], float],
) -> Condition:
    absolute = re.fullmatch(r"abs\b(.*)|\|(.*)\|", left)
    name = (absolute[1] or absolute[2] or "").strip() if absolute else left
    if comparator == BECOMES_BAD:
        if right:
            raise ValueError(f"'{right}' stands behind '{comparator}', where nothing is expected")
        return Condition(quantity_of(name) if name else None, comparator, is_absolute=bool(absolute and name))
    if not name:
        raise ValueError(f"which quantity? Write for example loss {comparator} 0.01")
    quantity = quantity_of(name)
    if not right:
        raise ValueError(f"a number is missing behind '{comparator}'")
    return Condition(quantity, comparator, _number(right, number_of), bool(absolute))


def _number(text: str, number_of: Callable[[str], float]) -> float:
    try:
        number = number_of(text)
    except ValueError as error:
        # float's own words would not help anybody.
        raise ValueError(f"'{text}' is no number" if number_of is float else str(error)) from error
    if not isfinite(number):
        raise ValueError(f"'{text}' is no finite number")
    return number


def _of_sample(sample: int | None) -> str:
    return f" of sample {sample}" if sample else ""


def check_stop(stop: Stop, program: Program) -> None:
    """ValueError unless operations of such a program can reach the stop."""
    match stop:
        case Breakpoint(quantity, sample):
            _check_written(quantity, program)
            rows = program.spec.samples
            if sample and sample > rows:
                raise ValueError(f"no sample {sample} is trained; samples are 1 to {rows}")
            if sample and program.has_means and not _is_of_sample(quantity, program):
                raise ValueError(f"{quantity} belongs to no sample")
        case Condition(Quantity() as quantity):
            _check_written(quantity, program)


def _check_written(quantity: Quantity, program: Program) -> None:
    check_quantity(program.spec.network, quantity)
    if program.writer(quantity, 0) is None:
        raise ValueError(f"no operation writes {quantity} here")


def _is_of_sample(quantity: Quantity, program: Program) -> bool:
    k = program.writer(quantity, 0)
    return k is not None and program.locate(k).s is not None


class Place(NamedTuple):
    """Where a stop may hold: once `done` operations are done, with the value of the sample at position s of the batch;
    s is None where the quantity belongs to no sample."""

    done: int
    stop: Stop
    s: int | None = None


class Halt(NamedTuple):
    """How far a run goes in an iteration, and what stops it there, if anything does."""

    cursor: Cursor
    stop: Stop | None = None


ENTERED = -1
"""How many operations are done where an iteration is entered anew: fewer than none, so that its start counts."""


class Stops:
    """The stops of a run. Where in an iteration they may hold is found once a program. A run that begins where a
    condition has just held is stopped by it again only after it has not held in between."""

    def __init__(self, stops: Iterable[Stop] = ()) -> None:
        self.change(stops)

    def change(self, stops: Iterable[Stop]) -> None:
        """Take other stops, also while a run is going on."""
        self._stops = tuple(stops)
        self._places: dict[Program, list[Place]] = {}
        self.held: frozenset[Stop] = frozenset()

    def __getstate__(self) -> dict[str, object]:
        """Where they may hold is found anew in another process."""
        return vars(self) | {"_places": {}}

    def begin(self, cursor: Cursor, program: Program, values: Values) -> None:
        """A run begins at a cursor, perhaps just where one of the conditions has stopped the last one."""
        here = [place for place in self._places_in(program) if place.done == cursor.operation]
        held = (place.stop for place in here if isinstance(place.stop, Condition) and _holds(place, values))
        self.held = frozenset(held)

    def halt(
        self, start: Cursor, end: Cursor, program: Program, values_of: Callable[[int], Values], bad: Cursor | None
    ) -> Halt:
        """The first thing that stops a run on its way from `start` to `end` in one iteration, or `end` itself.

        values_of(iteration): what it has computed. bad: just after the first operation of the session whose value is
        not finite; a run that begins beyond it goes on to the end of an iteration and no further.
        """
        if not bad and not self._stops:
            return Halt(end)
        if bad and bad <= start:
            bad = end if end.operation == program.count else None
        halts = [Halt(bad, NOT_FINITE)] if bad and bad <= end else []
        if self._stops and (place := self.first(values_of(end.iteration), program, start.operation, end.operation)):
            halts.append(Halt(Cursor(end.iteration, place.done), place.stop))
        return min(halts, key=lambda halt: halt.cursor, default=Halt(end))

    def first(self, values: Values, program: Program, after: int, upto: int) -> Place | None:
        """The first place of an iteration at which a stop holds, where more than `after` and at most `upto` operations
        are done; `after` is ENTERED where the start of its first phase counts."""
        places = (place for place in self._places_in(program) if after < place.done <= upto)
        for place in places:
            if not _holds(place, values):
                self.held -= {place.stop}
            elif place.stop not in self.held:
                return place
        return None

    def _places_in(self, program: Program) -> list[Place]:
        if program not in self._places:
            places = (place for stop in self._stops for place in _places(stop, program))
            self._places[program] = sorted(places, key=lambda place: place.done)
        return self._places[program]


def _places(stop: Stop, program: Program) -> Iterator[Place]:
    """Everywhere in an iteration where a stop may hold; nowhere if it does not fit the network. That every run stops at
    what is not finite needs no place."""
    try:
        check_stop(stop, program)
    except ValueError:
        return
    match stop:
        case PhaseStart(phase):
            yield from (Place(start, stop) for name, start, _ in program.phases() if name == phase)
        case Breakpoint(quantity) | Condition(Quantity() as quantity):
            samples = range(program.samples) if _is_of_sample(quantity, program) else (None,)
            for s in samples:
                k = program.writer(quantity, s)
                if k is not None:
                    yield Place(k + 1, stop, s)


def _holds(place: Place, values: Values) -> bool:
    match place.stop:
        case Breakpoint(_, int() as sample):
            return values.row(place.s or 0) == sample
        case Condition(Quantity() as quantity) as condition:
            return condition.holds(values.stored(quantity, place.s))
    return True


NO_STOPS = Stops()
