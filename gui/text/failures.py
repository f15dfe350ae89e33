"""What is said where something went wrong, and of the work that was kept."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from engine.session import Session
from gui.text.frames import session_title

WENT_WRONG_TITLE, CLOSE = "Something went wrong", "Close"


def needs_packages(packages: Sequence[str]) -> str:
    """Why there is no window, and what to do about it."""
    return f"Qt needs system packages that are missing; on Debian: apt-get install {' '.join(packages)}"


def went_wrong(summary: str) -> str:
    """What an error that nobody caught means to the user."""
    return f"Something went wrong, but you can go on: {summary}"


def copy_kept(copy: str, log: str) -> str:
    """Where the session and the error are found afterwards."""
    return f"A copy of the session is kept in\n{copy}\nuntil you save or close. What happened is in\n{log}"


def no_copy_kept(reason: str, log: str) -> str:
    """The same where no copy could be written."""
    return f"No copy of the session could be written: {reason}. Better save it now. What happened is in\n{log}"


def no_log(reason: object) -> str:
    """Why errors are not written down."""
    return f"no log can be written: {reason}"


CONTINUE, DISCARD, NOT_NOW = "Continue", "Discard", "Not Now"
NO_LOCK = "the recovery folder cannot be used"
NOT_THE_SAME = "the session would not read back the same"


def left(session: Session) -> str:
    """What a crash has left."""
    return f"“{session_title(session)}” has changes that were not saved when Chainstep last stopped. Continue with it?"


def left_from(source: str, when: datetime) -> str:
    """Where that belongs and from when it is."""
    origin = f"From {source}" if source else "Not saved as a file yet"
    return f"{origin}, last changed on {when:%Y-%m-%d} at {when:%H:%M}."


def no_copy(error: Exception) -> str:
    """Why work that is not saved has no copy."""
    return f"No recovery copy can be written: {reason(error)}. Save from time to time."


def unreadable(error: Exception, path: Path) -> str:
    """What has become of a copy that cannot be read."""
    return f"A recovery copy could not be read and is kept as {path} ({reason(error)})."


def reason(error: Exception) -> str:
    """Why something failed, as a part of a sentence."""
    return ((error.strerror if isinstance(error, OSError) else None) or str(error)).rstrip(".")


NO_DISPLAY = "no display to show a window on; the commands work without one, see chainstep --help"


def no_window(display: str) -> str:
    """Why there is no window although no package is missing."""
    return f"no window can be shown on display {display}: is it there?"


def no_picture(name: str) -> str:
    """Why a picture was not written to a file of this name."""
    return f"Not exported: a picture's name ends in .svg or .png, not as {name} does."
