"""The bytes of a file that a user names, which may be anything."""

from collections.abc import Callable
from pathlib import Path

LARGEST_FILE = 64 * 2**20


def content_of(path: Path, what: str, refusal: Callable[[str], Exception]) -> bytes:
    """The bytes of an ordinary file that is not too large; a device or a pipe is not even opened.

    what: what the file should be, as "a session file". Raises `refusal` with one sentence, or OSError.
    """
    try:
        size = path.stat().st_size
    except ValueError as error:
        raise refusal(f"{path}: no file can have this name") from error
    if path.is_dir():
        raise refusal(f"{path}: this is a folder, not {what}")
    if not path.is_file():
        raise refusal(f"{path}: this is a device or a pipe, not {what}")
    if size > LARGEST_FILE:
        raise refusal(f"{path}: larger than {LARGEST_FILE >> 20} MiB, which is too much for {what}")
    return path.read_bytes()
