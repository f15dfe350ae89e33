"""A session: a small immutable value of which everything on screen is a pure function."""

from dataclasses import dataclass
from typing import NamedTuple

from engine.checks import SpecError, check_name
from engine.cursor import START, Cursor
from engine.edits import Edits, check_edit
from engine.notation import NOTATIONS
from engine.quantities import Quantity
from engine.spec import Spec


class Published(NamedTuple):
    """A figure that a source prints, as text with the source's digits; `note` says where the source slips."""

    iteration: int
    quantity: Quantity
    value: str
    sample: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Session:
    """Spec, edits and cursor, and how it is shown: title, source, notation, published figures."""

    spec: Spec
    edits: Edits = ()
    cursor: Cursor = START
    title: str = ""
    source: str = ""
    notation: str = "sequential"
    published: tuple[Published, ...] = ()

    def __post_init__(self) -> None:
        """Raises SpecError where edits, cursor or notation do not fit the spec."""
        check_name("notation", self.notation, NOTATIONS)
        for edit in self.edits:
            check_edit(self.spec, edit)
        if self.cursor.iteration < 1 or min(self.cursor) < 0:
            raise SpecError("cursor", f"iteration from 1, operation and factor from 0 expected, {self.cursor} found")


class Change(NamedTuple):
    """One change that can be undone: the session just before it and just after it."""

    before: Session
    after: Session
