"""Which samples form an iteration's batch: a pure function of the iteration's number.

Because nothing else decides it, no state has to be stored to go back in time. Shuffled, every epoch has an order of its
own, drawn from a stream of numpy that is frozen across its versions.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from engine.spec import Spec


def batches_per_epoch(spec: Spec) -> int:
    """How many iterations one pass over the data takes; the last, smaller batch is kept."""
    return -(-spec.samples // batch_size(spec))


def batch_size(spec: Spec) -> int:
    """The size of a full batch."""
    return spec.batch_size or spec.samples


def epoch_of(spec: Spec, iteration: int) -> int:
    """The epoch, from 1, that an iteration, from 1, belongs to."""
    return (iteration - 1) // batches_per_epoch(spec) + 1


def rows_of(spec: Spec, iteration: int) -> Sequence[int]:
    """The rows of the data, from 0, that form the batch of an iteration, from 1; a range unless they are shuffled."""
    batches = _batches(spec.samples, batch_size(spec))
    places = batches[(iteration - 1) % len(batches)]
    if not spec.shuffle:
        return places
    return _order(spec.seed, epoch_of(spec, iteration), spec.samples)[places.start : places.stop]


def samples_of(spec: Spec, iteration: int) -> int:
    """How many samples the batch of an iteration has."""
    batches = _batches(spec.samples, batch_size(spec))
    return len(batches[(iteration - 1) % len(batches)])


@lru_cache(maxsize=16)
def _batches(samples: int, size: int) -> tuple[range, ...]:
    """The places in an epoch's order that each of its batches takes."""
    return tuple(range(start, min(start + size, samples)) for start in range(0, samples, size))


@cache
def _stream() -> "np.random.RandomState":
    """One for all, seeded anew for each epoch: a new one asks the system for a seed first, ten times as long. Numpy
    imports its generators when they are first named, which a session that draws nothing is spared."""
    return np.random.RandomState()


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, samples: int) -> tuple[int, ...]:
    stream = _stream()
    stream.seed([seed, epoch])
    return tuple(stream.permutation(samples).tolist())
