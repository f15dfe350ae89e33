"""The worked examples that come with the application: session files in resources, opened by name."""

import difflib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from engine.files.session_file import SessionFileError, from_mapping, from_text, load
from engine.session import Session
from engine.spec import SpecError

SUFFIX = ".chainstep.json"


def names() -> list[str]:
    """The names of all examples, in order."""
    found = (entry.name for entry in files("resources").joinpath("examples").iterdir())
    return sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX))


def example(name: str) -> Session:
    """The example of that name."""
    return from_text(files("resources").joinpath("examples", name + SUFFIX).read_text(encoding="utf-8"))


def open_session(source: str | Path | Mapping[str, Any]) -> Session:
    """The session that `source` names: an example, a file, or a mapping in the form of a session file.

    SessionFileError says in one sentence what is wrong.
    """
    if isinstance(source, Mapping):
        try:
            return from_mapping(source)
        except SpecError as error:
            raise SessionFileError(str(error)) from error
    if isinstance(source, str) and source in names():
        return example(source)
    path = Path(source)
    if not path.exists():
        closest = difflib.get_close_matches(str(source), names(), 1)
        hint = f"did you mean '{closest[0]}'?" if closest else f"examples are {', '.join(names())}"
        raise SessionFileError(f"{source}: no such file, and no example of that name; {hint}")
    return load(path)
