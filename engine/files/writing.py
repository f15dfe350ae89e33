"""The one way a file is written: whole or not at all.

The text goes to a temporary file in the same folder, is forced to the disk and checked for its length, and only then
takes the place of what was there. Whatever fails, the old file stays as it was.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_text(path: Path, pieces: Iterable[str], encoding: str = "utf-8") -> None:
    """Write the pieces one after another as the file `path`, or leave it untouched; OSError says what failed."""
    path = path.resolve()  # a link stays a link: what it points to is replaced
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        length = 0
        with os.fdopen(handle, "wb") as file:
            for number, piece in enumerate(pieces):
                data = piece.encode(encoding if number == 0 else encoding.removesuffix("-sig"))
                length += len(data)
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        written = os.path.getsize(temporary)
        if written != length:
            raise OSError(f"only {written} of {length} bytes were written to {path.parent}")
        os.chmod(temporary, _mode_of(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _mode_of(path: Path) -> int:
    """The rights of the file that is replaced; for a new one what the process gives by default."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
