"""The examples that come with the application: session files in resources, opened by name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.checks import SpecError, did_you_mean
from engine.files.gallery import GALLERY
from engine.files.json_strict import parsed
from engine.files.session_file import Opened, SessionFileError, load_with_witness, opened
from engine.session import Session
from resources import FOLDER

SUFFIX = ".chainstep.json"
EXAMPLES = FOLDER / "examples"


def names() -> list[str]:
    """The names of all examples, in the order of the gallery."""
    return [name for group in GALLERY for name in group.sentences]


def example(name: str) -> Session:
    """The example of that name."""
    return _example(name).session


def open_session(source: str | Path | Mapping[str, Any]) -> Session:
    """The session that `source` names: an example, a file, or a mapping in the form of a session file.

    SessionFileError says in one sentence what is wrong.
    """
    return open_with_witness(source).session


def open_with_witness(source: str | Path | Mapping[str, Any]) -> Opened:
    """What `source` names, with the witness of the machine that saved it. Raises as `open_session` does."""
    if isinstance(source, Mapping):
        try:
            return opened(source)
        except SpecError as error:
            raise SessionFileError(str(error)) from error
    if isinstance(source, str) and source in names():
        return _example(source)
    try:
        return load_with_witness(Path(source))
    except SessionFileError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        hint = _hint(str(source))
        raise SessionFileError(f"{source}: no such file, and no example of that name; {hint}") from error


def _example(name: str) -> Opened:
    return opened(parsed((EXAMPLES / f"{name}{SUFFIX}").read_text(encoding="utf-8")), EXAMPLES)


def _hint(name: str) -> str:
    return did_you_mean(name, names()) or f"examples are {', '.join(names())}"
