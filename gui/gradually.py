"""Takes the items of a long iterator some milliseconds at a time, so that the window stays alive without a thread."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

SLICE, MOST = 0.008, 200
"""A slice ends after so many seconds or items, whichever comes first."""
T = TypeVar("T")


class Gradually(Generic[T]):
    """Hands what one iterator gives to take(items), slice by slice; the first slice at once."""

    def __init__(self, take: Callable[[list[T]], None], parent: QObject) -> None:
        self._take = take
        self._items: Iterator[T] | None = None
        self._timer = QTimer(parent, singleShot=True)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_active(self) -> bool:
        """Whether there may be more to take."""
        return self._items is not None

    def begin(self, items: Iterator[T]) -> None:
        """Take these items, and no more of the ones before."""
        self._items = items
        self._go_on()

    def finish(self) -> None:
        """Take all that is left now."""
        if self._items is not None:
            items, self._items = [*self._items], None
            self._timer.stop()
            self._take(items)

    def stop(self) -> None:
        self._items = None
        self._timer.stop()

    def _go_on(self) -> None:
        """One slice; the rest when the window has had its turn."""
        items = self._items
        if items is None:
            return
        end, taken, is_more = perf_counter() + SLICE, list[T](), False
        for item in items:
            taken.append(item)
            if len(taken) == MOST or perf_counter() >= end:
                is_more = True
                break
        if is_more:
            self._timer.start(0)
        else:
            self.stop()
        self._take(taken)
