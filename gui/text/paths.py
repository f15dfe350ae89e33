"""What is said of the ways from the loss to a quantity."""

from math import isnan

from engine.expressions import plain
from engine.ways import Way, Ways
from gui.text.numbers import DASH, number, times

NO_WAYS = "Every way from the loss to a gradient stands here, the largest first."
NO_WAYS_HOW = "Step into the backward phase, or click a weight whose gradient is computed."
NOT_YET_HOW = "Step on in the backward phase; its ways are then listed here."
MORE_WAYS = "20 more"
MORE_WAYS_TIP = "List the next 20 ways"
WAY_HEADS = ("Way and its factors", "Product, share of the sum")
TIMES = " ·\N{NO-BREAK SPACE}"
"""Between factors; where they take several lines, each begins with its point."""
WAYS_NAME = "Ways from the loss, the largest first"


def no_ways(name: str) -> tuple[str, str]:
    """Why none are listed, and how to get them; `name` is the gradient that was asked for, if any was."""
    return (f"{name} is not yet computed in this iteration.", NOT_YET_HOW) if name else (NO_WAYS, NO_WAYS_HOW)


def ways_counted(count: int) -> str:
    """the sum over 12 ways."""
    return "one way" if count == 1 else f"the sum over {count:,} ways"


def ways_from_the_loss(count: int) -> str:
    """the sum over 12 ways from the loss."""
    return f"{ways_counted(count)} from the loss"


def sum_of_ways(left: str, count: int) -> str:
    """dL/dw1 is the sum over 12 ways from the loss."""
    return f"{left} is {ways_from_the_loss(count)}"


def percent(share: float, digits: int = 3) -> str:
    """A share in per cent, one of more than all in whole ones; a dash where it means nothing."""
    if isnan(share):
        return DASH
    is_large = 1 <= abs(share) < 1e6
    return f"{100 * share:,.0f} %".replace("-", "−") if is_large else f"{number(100 * share, digits)} %"


def ways_covered(listed: int, ways: Ways, share: float) -> str:
    """20 of 4,096 ways cover 63 % of the magnitudes; all of them, all of it."""
    if listed == ways.count:
        return "" if listed == 1 else "Both ways are listed." if listed == 2 else f"All {listed:,} ways are listed."
    if isnan(share):
        return f"{listed:,} of {ways.count:,} ways."
    return f"{listed:,} of {ways.count:,} ways cover {percent(min(share, 0.999))} of the magnitudes."


def ways_cancel(ways: Ways, digits: int = 5) -> str:
    """That ways of unlike sign take from one another, where they do; else nothing."""
    if isnan(ways.magnitude) or ways.magnitude <= abs(ways.total) * (1 + 1e-9):
        return ""
    magnitudes = number(ways.magnitude, digits)
    return f"Ways of unlike sign cancel: the magnitudes add up to {magnitudes}, so shares may pass 100 %."


def way_said(rank: int, way: Way, names: str, digits: int = 5) -> str:
    """A way in words: its rank, its neurons, its product in symbols and numbers, and its share."""
    symbols = "·".join(plain(factor.symbol) for factor in way.factors)
    numbers = times(number(factor.value, digits) for factor in way.factors)
    share = percent(way.share)
    return f"{rank}. {names}\n{symbols}\n= {numbers} = {number(way.product, digits)}\n{share} of the sum"
