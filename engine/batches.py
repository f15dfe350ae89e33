"""Which samples form an iteration's batch: a pure function of the iteration's number.

Because nothing else decides it, no state has to be stored to go back in time.
"""

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


def rows_of(spec: Spec, iteration: int) -> range:
    """The rows of the data, from 0, that form the batch of an iteration, from 1."""
    size = batch_size(spec)
    start = (iteration - 1) % batches_per_epoch(spec) * size
    return range(start, min(start + size, spec.samples))
