"""Prepares what the next step may show, while nothing else is to be done."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

AHEAD = 500
"""Milliseconds without a start after which it is prepared."""


def preparing(owner: QObject, prepare: Callable[[], object]) -> QTimer:
    """A timer of the owner that prepares some time after it was last started."""
    timer = QTimer(owner, interval=AHEAD, singleShot=True)
    timer.timeout.connect(prepare)
    return timer
