"""The one way a file is written: whole or not at all.

The content goes to a temporary file in the same folder, is forced to the disk, read back and compared, and only then
takes the place of what was there. Whatever fails before that, the old file stays as it was.
"""

import contextlib
import errno
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PREFIX, SUFFIX = ".chainstep-", ".part"
BLOCK = 2**20
HOUR = 3600
"""Seconds after which a temporary file is nobody's any more."""


def write_text(
    path: Path, pieces: Iterable[str], encoding: str = "utf-8", before: Callable[[Path], object] | None = None
) -> None:
    """Write pieces of text one after another as the file `path`; the rest is as with bytes."""
    bare = encoding.removesuffix("-sig")
    encoded = (piece.encode(bare if number else encoding) for number, piece in enumerate(pieces))
    write_bytes(path, encoded, before)


def write_bytes(path: Path, pieces: Iterable[bytes], before: Callable[[Path], object] | None = None) -> None:
    """Write the pieces one after another as the file `path`, or leave it untouched; OSError says what failed.

    before(path) is called when all is well and the old file is about to be replaced.
    """
    from hashlib import sha256  # only what writes waits for it, not the start of the window

    path = _target(path)
    _sweep(path.parent)
    handle, temporary = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=path.parent)
    try:
        digest = sha256()
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if _digest_of(temporary) != digest.digest():
            raise OSError(errno.EIO, "what was written does not read back the same")
        _take_over_rights(path, temporary)
        if before is not None:
            before(path)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _force_folder(path.parent)


def _sweep(folder: Path) -> None:
    """Remove the temporary files of processes that were killed while they wrote into a folder, where that can be."""
    oldest = time.time() - HOUR
    for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if left.lstat().st_mtime < oldest:
                left.unlink()


def keep_backup(path: Path) -> None:
    """The file as it is now stays under its name with ~ behind it, where the file system can do that."""
    with contextlib.suppress(OSError):
        backup = path.with_name(path.name + "~")
        if path.exists():
            backup.unlink(missing_ok=True)
            os.link(path, backup)


def _target(path: Path) -> Path:
    """What is replaced: a link stays a link, what it points to is. OSError for what is no ordinary file."""
    try:
        path = path.resolve()
        is_circle = path.is_symlink()
    except RuntimeError:  # what Python before 3.13 says of a circle of links
        is_circle = True
    except ValueError as error:
        raise OSError(errno.EINVAL, "no file can have this name") from error
    if is_circle:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "this is a folder")
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "this is a device or a pipe, no ordinary file")
    return path


def _digest_of(name: str) -> bytes:
    """The digest of a file's content, read block by block."""
    from hashlib import sha256

    digest = sha256()
    with open(name, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.digest()


def _take_over_rights(path: Path, temporary: str) -> None:
    """The rights of the file that is replaced, or what the process gives a new one; some file systems have none."""
    try:
        mode = path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with contextlib.suppress(OSError):
        os.chmod(temporary, mode)


def _force_folder(folder: Path) -> None:
    """Force the new name to the disk too, where folders can be opened; the file itself is safe already."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
