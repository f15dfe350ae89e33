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
        iterations = np.arange(1, len(losses) + 1, dtype=float)
    else:
        iterations, losses = _extremes(losses, -(-len(losses) // (most // 2)))
    has_place = ~np.isnan(losses)
    return iterations[has_place], losses[has_place]


def _extremes(losses: Array, size: int) -> Curve:
    """Two points for each run of `size` iterations, in its middle: the largest and the smallest loss."""
    runs = np.arange(0, len(losses), size)
    middle = np.minimum(runs + size / 2, len(losses) - 1) + 1
    highest, lowest = np.fmax.reduceat(losses, runs), np.fmin.reduceat(losses, runs)
    return np.repeat(middle, 2), np.column_stack((highest, lowest)).ravel()


def highest_of(losses: Array) -> float:
    """The largest of the losses drawn; 0 where there is none."""
    return float(losses.max(initial=0.0))
