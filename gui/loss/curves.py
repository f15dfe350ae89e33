"""Losses as curves of few points that give the same picture as all of them."""

import numpy as np

from engine.activations import Array

MOST_POINTS = 4000
Curve = tuple[Array, Array]
"""Iterations, and the loss of each."""


def placed(losses: Array, is_log: bool) -> Array:
    """The losses with nan for what has no place on the scale: what is not finite, and 0 on a logarithmic one."""
    has_place = np.isfinite(losses)
    if is_log:
        has_place &= losses > 0
    return losses if has_place.all() else np.where(has_place, losses, np.nan)


def thinned(losses: Array, most: int = MOST_POINTS) -> Curve:
    """A curve of at most `most` points that gives the same picture: of each run of iterations the largest and the
    smallest loss, in order. What is nan stays out."""
    if len(losses) <= most:
        return _with_place(np.arange(1, len(losses) + 1, dtype=float), losses)
    size = -(-len(losses) // (most // 2))
    runs = np.arange(0, len(losses), size)
    return _pairs(np.fmax.reduceat(losses, runs), np.fmin.reduceat(losses, runs), size, len(losses))


def _pairs(highest: Array, lowest: Array, size: int, count: int) -> Curve:
    """Two points for each run of `size` of `count` iterations, in its middle: the largest and the smallest loss."""
    middle = np.minimum(np.arange(0, count, size) + size / 2, count - 1) + 1
    return _with_place(np.repeat(middle, 2), np.column_stack((highest, lowest)).ravel())


def _with_place(iterations: Array, losses: Array) -> Curve:
    has_place = ~np.isnan(losses)
    return iterations[has_place], losses[has_place]


class Thinning:
    """Draws one run's losses over and over while more are added: each is looked at once, as the extremes of runs of
    iterations are kept; a run is twice as long once there are too many."""

    def __init__(self, is_log: bool = False, most: int = MOST_POINTS) -> None:
        self._is_log, self._most = is_log, most
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._losses, self._size = np.empty(0), 1
        self._highest, self._lowest = np.empty(0), np.empty(0)

    def curve(self, losses: Array) -> Curve:
        """The same picture as `thinned` gives."""
        if not is_continued(self._losses, losses):
            self._begin_anew()
        self._losses = losses
        if len(losses) <= self._most:
            return thinned(placed(losses, self._is_log), self._most)
        while -(-len(losses) // self._size) > self._most // 2:
            self._double()
        whole = len(losses) // self._size * self._size
        self._highest, self._lowest = self._with(losses[len(self._highest) * self._size : whole], self._size)
        rest = losses[whole:]
        highest, lowest = self._with(rest, len(rest)) if len(rest) else (self._highest, self._lowest)
        return _pairs(highest, lowest, self._size, len(losses))

    def _double(self) -> None:
        """Two runs become one; a last one without a partner is looked at again."""
        even = len(self._highest) // 2 * 2
        self._highest = np.fmax(self._highest[:even:2], self._highest[1:even:2])
        self._lowest = np.fmin(self._lowest[:even:2], self._lowest[1:even:2])
        self._size *= 2

    def _with(self, losses: Array, size: int) -> Curve:
        """The extremes kept, and behind them those of more runs of one size."""
        runs = placed(losses, self._is_log).reshape(-1, size)
        highest, lowest = np.fmax.reduce(runs, axis=1), np.fmin.reduce(runs, axis=1)
        return np.concatenate((self._highest, highest)), np.concatenate((self._lowest, lowest))


def is_continued(before: Array, after: Array) -> bool:
    """Whether losses are earlier ones with perhaps more behind them: the timeline writes each loss once into an array
    that the views of frames share, and begins another one after an edit."""
    return before.ctypes.data == after.ctypes.data and len(before) <= len(after)


def highest_of(losses: Array) -> float:
    """The largest of the losses drawn; 0 where there is none."""
    return float(losses.max(initial=0.0))
