"""The session file (.chainstep.json, version 1): reading with one clear sentence for whatever is wrong, and writing.

JSON is read strictly, its form is checked by msgspec, its sense by the spec. Numbers are written by repr, so nothing is
lost on the way, and a file that was written here is written again without a changed byte.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from engine.checks import SpecError
from engine.files.json_strict import decoded, parsed, pretty
from engine.files.reading import content_of
from engine.files.session_form import (
    FORMAT,
    VERSION,
    form_of,
)
from engine.files.session_parts import (
    data_from_csv,
    data_mapping,
    edit_mapping,
    initial_mapping,
    layer_mapping,
    published_mapping,
    session_of,
)
from engine.files.writing import keep_backup, write_text
from engine.session import Session
from engine.spec import Columns, Data


class SessionFileError(ValueError):
    """Why a session could not be opened: one sentence with the file, the place in it and the cause."""


class Witness(NamedTuple):
    """The batch loss that the machine which saved a session had computed for the cursor's iteration."""

    iteration: int
    batch_loss: float

    def difference(self, batch_loss: float) -> str | None:
        """By how much this machine's batch loss of that iteration differs, in a sentence; None where it does not."""
        if batch_loss == self.batch_loss:
            return None
        return (
            f"Iteration {self.iteration} has the batch loss {batch_loss!r} on this machine and had {self.batch_loss!r} "
            f"where the session was saved, a difference of {abs(batch_loss - self.batch_loss):.1e}."
        )


class Opened(NamedTuple):
    """What a session file holds. The witness is no part of the session: it says something about a machine."""

    session: Session
    witness: Witness | None = None


def load(path: Path) -> Session:
    """The session in a file. SessionFileError says what is wrong with it or why it cannot be read."""
    return load_with_witness(path).session


def load_with_witness(path: Path) -> Opened:
    """The session in a file and, where it has one, its witness. Raises as `load` does."""
    try:
        return opened(parsed(decoded(content_of(path, "a session file", SessionFileError))), path.parent)
    except OSError as error:
        raise SessionFileError(f"{path}: {_reason(error)}") from error
    except SpecError as error:
        raise SessionFileError(f"{path}: {error}") from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def from_text(text: str, folder: Path | None = None) -> Session:
    """The session that JSON text describes; SpecError says the place and what is wrong there. `folder`: where a CSV
    file that it names lies."""
    return from_mapping(parsed(text), folder)


def from_mapping(mapping: Mapping[str, Any], folder: Path | None = None) -> Session:
    """The session that a mapping in the form of the file describes; SpecError says what is wrong."""
    return opened(mapping, folder).session


def opened(mapping: Mapping[str, Any], folder: Path | None = None) -> Opened:
    """Session and witness of a mapping; a witness of another iteration than the cursor's is left out."""
    form = form_of(mapping)
    session, saved = session_of(form, folder or Path()), form.witness
    if saved is None or saved.iteration != session.cursor.iteration or not isfinite(saved.batch_loss):
        return Opened(session)
    return Opened(session, Witness(saved.iteration, saved.batch_loss))


def save(session: Session, path: Path, batch_loss: float | None = None) -> None:
    """Write the session; what stood there before stays as a backup, its name followed by ~.

    Rows that came from a CSV file are written as the name of that file only where it lies beside `path` and still holds
    them. batch_loss: that of the cursor's iteration, for later machines to compare with. Raises OSError where writing
    fails, ValueError where the text would not read back as the same session; the old file then stays as it was.
    """
    session = with_rows(session, path.parent)
    text = to_text(session, batch_loss)
    if from_text(text, path.parent) != session:
        raise ValueError("the session could not be written so that it reads back the same; nothing was changed")
    write_text(path, [text], before=keep_backup)


def to_text(session: Session, batch_loss: float | None = None) -> str:
    """The session as JSON text, one short list or object a line."""
    spec = session.spec
    choice = spec.optimizer
    file = {
        "format": FORMAT,
        "version": VERSION,
        "title": session.title,
        "source": session.source,
        "network": {"inputs": spec.network.inputs, "layers": [layer_mapping(layer) for layer in spec.network.layers]},
        "notation": session.notation,
        "initial": initial_mapping(spec.initial),
        "loss": spec.loss,
        "penalty": {"l1": spec.penalty.l1, "l2": spec.penalty.l2},
        "optimizer": {"name": choice.name, "learning_rate": choice.learning_rate, **choice.hyperparameters},
        "data": data_mapping(spec.data),
        "batch": {"size": spec.batch_size or "all", "shuffle": spec.shuffle},
        "seed": spec.seed,
        "frozen": spec.frozen,
        "edits": [edit_mapping(edit) for edit in session.edits],
        "cursor": session.cursor._asdict(),
        "published": [published_mapping(figure) for figure in session.published],
    }
    if batch_loss is not None and isfinite(batch_loss):
        file["witness"] = {"iteration": session.cursor.iteration, "batch_loss": batch_loss}
    return pretty(file) + "\n"


def with_rows(session: Session, folder: Path | None = None) -> Session:
    """The session with its rows written out if they came from a CSV file, unless `folder` still holds them in it."""
    data = session.spec.data
    if not isinstance(data.source, Columns) or (folder and _holds(folder, data)):
        return session
    return replace(session, spec=replace(session.spec, data=data._replace(source=None)))


def _holds(folder: Path, data: Data) -> bool:
    """Whether the CSV file that the rows came from lies there and still says the same."""
    if not isinstance(data.source, Columns):
        return False
    try:
        return data_from_csv(data.source, folder, data.test_fraction) == data
    except SpecError:
        return False
