"""What stands in the settings, as data: sections of rows of controls, each with what it asks for when it is used."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from engine.edits import Entry
from engine.spec import Spec


class InNotation(NamedTuple):
    """Asks for other symbols."""

    notation: str


@dataclass(frozen=True)
class FromFile:
    """Asks for data from a CSV file."""


NARROW, SMALL = 44, 24
"""Widths of a field for a count, and of a button with a × only."""

Request: TypeAlias = Spec | list[Entry] | InNotation | FromFile
"""Another spec, edits on the way, other symbols, or a file to be read."""


class Option(NamedTuple):
    """One of several: its name, in words, what it is, and why it cannot be chosen, if it cannot."""

    name: str
    words: str
    tip: str = ""
    problem: str = ""


class Choice(NamedTuple):
    """One of several by name."""

    key: str
    name: str
    options: tuple[Option, ...]
    chosen: str
    ask: Callable[[str], Request]


class Number(NamedTuple):
    """A number; a whole one, or one that may be left empty. shown: what stands there; ask raises SpecError."""

    key: str
    name: str
    shown: str
    ask: Callable[[float], Request]
    is_whole: bool = False
    empty: str = ""
    ask_empty: Callable[[], Request] | None = None
    tip: str = ""
    is_narrow: bool = False


class Tick(NamedTuple):
    key: str
    name: str
    is_on: bool
    ask: Callable[[bool], Request]


class Button(NamedTuple):
    """Does one thing. is_small: it shows a × only."""

    key: str
    name: str
    words: str
    ask: Callable[[], Request]
    is_small: bool = False


class Words(NamedTuple):
    """A short text in a row; width: in pixels, 0 where it takes what it needs."""

    key: str
    words: str
    width: int = 0


Control: TypeAlias = Choice | Number | Tick | Button | Words


class Row(NamedTuple):
    """Controls in one line behind a label, and a quiet sentence below, if any."""

    label: str
    controls: tuple[Control, ...]
    note: str = ""


class Section(NamedTuple):
    """Rows under a heading; `effect` says quietly what a change here does."""

    title: str
    effect: str
    rows: tuple[Row, ...]

    @property
    def shape(self) -> tuple[object, ...]:
        """Which controls there are: as long as this stays, only what they show has changed."""
        return tuple((row.label, bool(row.note), tuple((type(c), c.key) for c in row.controls)) for row in self.rows)
