"""Where we are: iteration, operation within it, factor within that operation; and where a step leads."""

from collections.abc import Callable
from typing import NamedTuple

from engine.batches import batches_per_epoch, epoch_of
from engine.program import Program, Unit

ProgramOf = Callable[[int], Program]
PartsOf = Callable[[int, int], int]


class Cursor(NamedTuple):
    """`iteration` counts from 1; `operation` says how many of its operations are done, `factor` how many parts of the
    next one are walked already. (t, N, 0) is the finished iteration, (t + 1, 0, 0) the start of the next one."""

    iteration: int = 1
    operation: int = 0
    factor: int = 0


START = Cursor()


def after(cursor: Cursor, unit: Unit, program_of: ProgramOf, parts_of: PartsOf) -> Cursor:
    """The end of the unit that holds the next operation.

    program_of(iteration) gives its program; parts_of(iteration, k) how many parts FACTOR walks in operation k, from 0.
    """
    t, k, factor = cursor
    if k == program_of(t).count:
        t, k = t + 1, 0
        if unit in (Unit.FACTOR, Unit.OPERATION):
            return Cursor(t)
    if unit is Unit.FACTOR and factor + 1 < parts_of(t, k):
        return Cursor(t, k, factor + 1)
    if unit is Unit.EPOCH:
        spec = program_of(t).spec
        t = epoch_of(spec, t) * batches_per_epoch(spec)
        return Cursor(t, program_of(t).count)
    return Cursor(t, program_of(t).span(k, unit)[1])


def before(cursor: Cursor, unit: Unit, program_of: ProgramOf, parts_of: PartsOf) -> Cursor:
    """The start of the unit that holds the last operation done (or begun); at the very start the cursor stays."""
    t, k, factor = cursor
    if unit is Unit.FACTOR and factor:
        return Cursor(t, k, factor - 1)
    if k == 0 and not factor:
        if t == 1:
            return cursor
        t -= 1
        k = program_of(t).count
        if unit in (Unit.FACTOR, Unit.OPERATION):
            return Cursor(t, k)
    last = k if factor else k - 1
    if unit is Unit.FACTOR:
        return Cursor(t, last, parts_of(t, last) - 1)
    if unit is Unit.EPOCH:
        spec = program_of(t).spec
        return Cursor((epoch_of(spec, t) - 1) * batches_per_epoch(spec) + 1)
    return Cursor(t, program_of(t).span(last, unit)[0])
