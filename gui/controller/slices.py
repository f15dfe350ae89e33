"""Follows runs and long ways in slices of some milliseconds, so that the window stays alive without a thread."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from gui import text

AT_ONCE, SLICE, REFRESH, MOST_WORK = 0.03, 0.008, 0.05, 0.5
RESTS = 4
"""In a run that rests without being paced, from one picture to the next."""
SHARE = 0.85
"""How much of the time a run has for itself where drawing takes long: then it is shown less often, but never after more
than MOST_WORK seconds of its own."""
Moves = Iterator[int | None]
"""Yields each iteration as it is reached, and None for a rest."""


class _Followed(NamedTuple):
    """moves, and what is done when they come to their end. interval: seconds from one rest to the next; is_paced: the
    first one comes before the first move. is_way: a long way to one place, of which only the end is shown, or where it
    was stopped."""

    moves: Moves
    arrived: Callable[[], None]
    interval: float = REFRESH / RESTS
    is_paced: bool = False
    is_way: bool = False


class Slices(QObject):
    """Follows one thing at a time, in the window's own thread."""

    running_changed = Signal(bool)
    shown = Signal()
    message = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._followed: _Followed | None = None
        self._due, self._shown, self._worked, self._reached = 0.0, 0.0, 0.0, 0
        self._is_rest = self._is_news = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_active(self) -> bool:
        return self._followed is not None

    @property
    def is_on_a_run(self) -> bool:
        return self._followed is not None and not self._followed.is_way

    def run(self, moves: Moves, arrived: Callable[[], None]) -> None:
        """Follow a run and show it on the way, at its rests and where it has none as often as is good."""
        self._begin(_Followed(moves, arrived))

    def pace(self, moves: Moves, arrived: Callable[[], None], interval: float) -> None:
        """Follow a run that rests before and after each move. interval: seconds from one rest to the next."""
        self._begin(_Followed(moves, arrived, interval, is_paced=True))

    def travel(self, moves: Moves, arrived: Callable[[], None]) -> None:
        """Go to a place: at once if that is near, else in slices that can be stopped. ValueError where there is no such
        place. arrived() is called where the way was stopped, too."""
        if self._part(moves, AT_ONCE):
            self._begin(_Followed(moves, arrived, is_way=True))
        else:
            arrived()
        self.shown.emit()

    def pause(self) -> None:
        """Stop a run where it is, or a long way where it has come."""
        followed = self._stop()
        if followed is None:
            return
        if followed.is_way:
            followed.arrived()
            self.message.emit(text.stopped(self._reached))
        self.shown.emit()

    def _begin(self, followed: _Followed) -> None:
        self._shown, self._worked = perf_counter(), 0.0
        delay = followed.interval if followed.is_paced else 0.0
        self._followed, self._due = followed, self._shown + delay
        self._timer.start(round(1000 * delay))
        self.running_changed.emit(True)

    def _stop(self) -> _Followed | None:
        followed, self._followed = self._followed, None
        self._timer.stop()
        if followed is not None:
            self.running_changed.emit(False)
        return followed

    def _go_on(self) -> None:
        """As much as fits into a slice, or up to the next rest."""
        if self._followed is None:
            return
        try:
            is_more = self._part(self._followed.moves, SLICE)
        except ValueError as error:
            self._stop()
            self.message.emit(str(error))
            is_more = True
        followed = self._followed
        if followed is None or not is_more:
            self._end()
        else:
            self._timer.start(self._delay(followed.interval))
            self._tell(followed)

    def _end(self) -> None:
        followed = self._stop()
        if followed is not None:
            if followed.is_way:
                self.message.emit(text.reached(self._reached))
            followed.arrived()
        self.shown.emit()

    def _part(self, moves: Moves, seconds: float) -> bool:
        """Go on with a move for some time or to its next rest; False where it has come to its end."""
        start, self._is_rest = perf_counter(), False
        try:
            for reached in moves:
                if reached is None:
                    self._is_rest = True
                    return True
                self._reached, self._is_news = reached, True
                if perf_counter() >= start + seconds:
                    return True
            return False
        finally:
            self._worked += perf_counter() - start

    def _delay(self, interval: float) -> int:
        """Milliseconds until the next part: none within a move, after a rest what is left of the interval."""
        if not self._is_rest:
            return 0
        now = perf_counter()
        self._due = max(self._due + interval, now)
        return round(1000 * (self._due - now))

    def _is_time(self, elapsed: float) -> bool:
        """Whether so many seconds after it was shown last a run is shown again."""
        return elapsed >= REFRESH and self._worked >= min(SHARE * elapsed, MOST_WORK)

    def _tell(self, followed: _Followed) -> None:
        """Show what a run has come to, or say how far a way has; but not more often than the eye follows."""
        now = perf_counter()
        if not self._is_news or (not self._is_rest and not self._is_time(now - self._shown)):
            return
        self._shown, self._worked, self._is_news = now, 0.0, False
        if followed.is_way:
            self.message.emit(text.on_the_way(self._reached))
        else:
            self.shown.emit()
