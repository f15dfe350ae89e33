"""Figures that a source prints beside those that are computed, rounded to the same digits."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from math import isfinite
from typing import NamedTuple

from engine.cursor import START, Cursor
from engine.expressions import plain
from engine.frame import Frame
from engine.session import Published, Session
from engine.stepper import Stepper

DIGITS = 800
"""Enough for every float to be rounded exactly."""
REPLAY_BYTES = 8 * 2**20
"""For checkpoints on the way to the figures of later iterations."""


class Comparison(NamedTuple):
    """A published figure, the symbol of its quantity, and the value computed for it; None where there is none.

    operation: the one, from 1, of the figure's iteration that writes it; None where it is given.
    """

    figure: Published
    symbol: str
    value: float | None
    operation: int | None = None

    @property
    def computed(self) -> str:
        """The computed value with the digits of the published one; a dash without a value."""
        return "—" if self.value is None else rounded(self.value, self.figure.value)

    @property
    def agrees(self) -> bool:
        """Whether rounding to the published digits gives the published figure."""
        if self.value is None or not isfinite(self.value):
            return False
        return Decimal(self.computed) == Decimal(self.figure.value)

    @property
    def is_explained(self) -> bool:
        """Whether it agrees, or a note says why it does not."""
        return self.agrees or bool(self.figure.note)

    @property
    def marks(self) -> str:
        """A ^ beneath every digit of `computed` that differs from the published one, the last digits aligned."""
        published, computed = self.figure.value, self.computed
        width = max(len(published), len(computed))
        pairs = zip(published.rjust(width), computed.rjust(width), strict=True)
        return "".join("^" if left != right else " " for left, right in pairs)[-len(computed) :]


def rounded(value: float, like: str) -> str:
    """The value with as many decimals as the text `like` has; the last digit is the nearest to the exact value."""
    if not isfinite(value):
        return repr(value)
    with localcontext() as context:
        context.prec = DIGITS
        exact = Decimal(value).quantize(Decimal(1).scaleb(int(Decimal(like).as_tuple().exponent)))
    unsigned = exact if exact else abs(exact)  # no -0.00
    return f"{unsigned:e}" if "e" in like.lower() else f"{unsigned:f}"


def compare(stepper: Stepper) -> Iterator[Comparison]:
    """Every published figure of the session, in its order, beside the value that its iteration has at its end.

    A figure of something that this network or its data does not have stands there without a value.
    """
    return (compared(figure, stepper.frame_of(figure.iteration)) for figure in stepper.session.published)


def comparing(session: Session) -> Iterator[Comparison | None]:
    """The same in slices, wherever the session stands: a None for each iteration computed on the way to a figure."""
    stepper = Stepper(replace(session, cursor=START), REPLAY_BYTES)
    for figure in session.published:
        for _ in stepper.seeking(Cursor(figure.iteration)):
            yield None
        yield compared(figure, stepper.frame_of(figure.iteration))


def compared(figure: Published, frame: Frame) -> Comparison:
    """A figure beside the value that the frame of its finished iteration has."""
    try:
        value = frame.value(figure.quantity, figure.sample)
    except ValueError:
        return Comparison(figure, "", None)
    k = frame.program.writer(figure.quantity, frame.position(figure.sample))
    symbol = plain(frame.narrator.symbol(figure.quantity))
    return Comparison(figure, symbol, value, None if k is None else k + 1)
