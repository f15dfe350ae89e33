"""What stands in the equation of an operation, as a pure function of the frame: a cell a factor or term."""

from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import NamedTuple

from engine.descriptions import constants_written
from engine.expressions import Expression, Number, Product, Sum, Symbol, latex, plain, sign_and_rest
from engine.frame import Frame
from engine.operations import Operation, Term, number_of, product_of, symbol_of, value_of
from engine.paths import Chain, path_count
from engine.quantities import Quantity
from gui import text

MOST_CELLS, ENDS, MOST_UNFOLDED = 12, 2, 60
"""How many terms a sum has at most without a fold; how many are shown at either end of one that folds, and of one that
is unfolded."""
MOST_SUMMED = 1000
"""How many terms are added up for their sums so far."""
MOST_PATHS = 6
FOLDED = -1
"""The colour of what several terms or factors have become."""


class Cell(NamedTuple):
    """One factor or term: what joins it to the one before, its symbol, its numbers, its colour (from 0), what it reads,
    its local rule, its number in the chain, and the product or sum so far with the name it has. places: which factors
    or terms of the operation it stands for, from 0; several where they are folded."""

    joint: str
    symbol: Expression
    numbers: Expression
    color: int
    reads: tuple[Quantity, ...]
    rule: Expression | None = None
    number: int | None = None
    so_far: float | None = None
    so_far_name: Expression | None = None
    places: range = range(1)

    @property
    def is_fold(self) -> bool:
        """Whether it stands for several terms."""
        return len(self.places) > 1


def cells_of(frame: Frame, ends: int | None = None) -> list[Cell]:
    """The cells of the operation shown, those too that a walk by FACTOR has not come to. Of a sum only `ends` terms at
    either end, its bias, and the term that the walk has come to stand alone; by default all do."""
    operation, chain = frame.operation, frame.chain
    if operation is None:
        return []
    if operation.is_application:
        cells = [Cell("", operation.formula, operation.substitution, 0, _reads(operation.terms[0]))]
    elif chain is not None and not chain.branches:
        cells = _of_chain(frame, chain)
    elif len(operation.terms) == 1:
        cells = _of_factors(operation.terms[0])
    else:
        cells = _of_terms(operation, ends, frame.cursor.factor)
    return cells


def _of_chain(frame: Frame, chain: Chain) -> list[Cell]:
    return [
        Cell(
            "·" if place else "", link.factor.symbol, Number(link.factor.value), place, _reads((link.factor,)),
            link.rule, place + 1, link.product, frame.narrator.symbol(link.reached), range(place, place + 1),
        )
        for place, link in enumerate(chain.links)
    ]  # fmt: skip


def _of_factors(term: Term) -> list[Cell]:
    return [
        Cell(
            "·" if place else "", factor.symbol, Number(factor.value), place, _reads((factor,)),
            so_far=value_of(term[: place + 1]), places=range(place, place + 1),
        )
        for place, factor in enumerate(term)
    ]  # fmt: skip


def _reads(term: Term) -> tuple[Quantity, ...]:
    """The quantities that a term's factors read, each once."""
    return tuple(dict.fromkeys(read.quantity for factor in term for read in factor.reads))


def _of_terms(operation: Operation, ends: int | None, walked: int) -> list[Cell]:
    """One cell a term; with `ends` the middle folds."""
    terms = operation.terms
    count = len(terms)
    values = [value_of(term) for term in terms] if count <= MOST_SUMMED else []
    totals = list(accumulate(values))
    lit = {walked - 1} if walked else set()
    ranges = [range(i, i + 1) for i in range(count)] if ends is None else shown(count, ends, _tail(terms, ends), lit)
    return [
        _of_fold(places, values, totals) if len(places) > 1 else _of_term(terms[places[0]], places[0], totals)
        for places in ranges
    ]


def _tail(terms: Sequence[Term], ends: int) -> int:
    """How many terms are shown at the end: a bias beside the others."""
    return ends + any(read.quantity.kind == "b" for factor in terms[-1] for read in factor.reads)


def shown(count: int, first: int, last: int, lit: Collection[int] = ()) -> list[range]:
    """The terms of a sum of `count` in order: the first, the last and those `lit` alone, and what is between folded."""
    alone = sorted({*range(min(first, count)), *range(max(count - last, 0), count), *lit})
    ranges: list[range] = []
    for place in alone:
        before = ranges[-1].stop if ranges else 0
        if place > before:
            ranges.append(range(before, place))
        ranges.append(range(place, place + 1))
    return ranges


def _of_fold(places: range, values: Sequence[float], totals: Sequence[float]) -> Cell:
    """The box of folded terms: how many, and their sum."""
    symbol = Symbol(text.folded_terms(len(places)))
    if not values:
        return Cell("+", symbol, Symbol(text.FOLD_DOTS), FOLDED, (), places=places)
    together = Number(sum(values[places.start : places.stop]))
    return Cell("+", symbol, together, FOLDED, (), so_far=totals[places[-1]], places=places)


def _of_term(term: Term, place: int, totals: Sequence[float]) -> Cell:
    symbol, numbers = product_of(term, symbol_of), product_of(term, number_of)
    sign, rest = sign_and_rest(symbol)
    joint, total = "+" if place else "", totals[place] if totals else None
    if sign == "-" and place:
        joint, symbol, numbers = "−", rest, sign_and_rest(numbers)[1]
    return Cell(joint, symbol, numbers, place, _reads(term), so_far=total, places=range(place, place + 1))


def over_branches(chain: Chain) -> Expression:
    """The numbers of a chain whose ways are too many to be written: what each branch contributes, times the rest."""
    total = Sum([Number(branch.value) for branch in chain.branches])
    return Product((total, *(Number(link.factor.value) for link in chain.links))) if chain.links else total


def written_out(frame: Frame) -> Expression | None:
    """An activation function's value in terms that a pocket calculator knows, with this neuron's number."""
    operation = frame.operation
    if operation is None or operation.kind != "activation" or operation.layer is None:
        return None
    narrator, s = frame.narrator, frame.position(operation.sample)
    write = narrator.layer(operation.layer).function.written_out

    def number(leaf: Quantity) -> Expression:
        return Number(narrator.factor(leaf, s).value)

    z = Quantity("z", operation.quantity.indices)
    return None if write is None else write(number(z), constants_written(narrator, operation.layer, number))


def equation_text(frame: Frame) -> str:
    """The equation as plain text in full precision: symbols, numbers, result."""
    operation = frame.operation
    if operation is None:
        return ""
    left = plain(operation.symbol)
    return f"{left} = {plain(operation.formula)} = {plain(operation.substitution)} = {operation.value!r}"


def chain_text(frame: Frame) -> str:
    """The chain of a gradient in full as plain text; where there are too many ways they are counted. Empty where there
    is none, as at its first link, which is the derivative of the loss itself."""
    operation, chain = frame.operation, frame.chain
    if chain is None or operation is None or operation.is_application:
        return ""
    left = plain(frame.narrator.symbol(chain.quantity))
    ways = path_count(frame.session.spec.network, chain.quantity)
    if ways > MOST_PATHS:
        return text.sum_of_ways(left, ways)
    return f"{left} = {plain(chain.symbols)} = {plain(chain.numbers)} = {chain.value!r}"


def equation_latex(frame: Frame) -> str:
    """The equation as LaTeX; of a gradient its chain."""
    operation, chain = frame.operation, frame.chain
    if operation is None:
        return ""
    left, value = latex(operation.symbol), repr(operation.value)
    if chain is None or operation.is_application or path_count(frame.session.spec.network, chain.quantity) > MOST_PATHS:
        return f"{left} = {latex(operation.formula)} = {latex(operation.substitution)} = {value}"
    return f"{left} = {latex(chain.symbols)} = {latex(chain.numbers)} = {value}"
