"""What stands in the equation of an operation, as a pure function of the frame: a cell a factor or term."""

from dataclasses import dataclass

from engine.descriptions import constants_written
from engine.expressions import Expression, Number, latex, plain, sign_and_rest
from engine.frame import Frame
from engine.operations import Operation, Term, number_of, product_of, symbol_of, value_of
from engine.paths import Chain, path_count
from engine.quantities import Quantity

MOST_CELLS, FIRST_CELLS = 12, 8
MOST_PATHS = 6


@dataclass(frozen=True)
class Cell:
    """One factor or term: what joins it to the one before, its symbol, its numbers, its colour (from 0), what it reads,
    its local rule, its number in the chain, and the product or sum so far with the name it has."""

    joint: str
    symbol: Expression
    numbers: Expression
    color: int
    reads: tuple[Quantity, ...]
    rule: Expression | None = None
    number: int | None = None
    so_far: float | None = None
    so_far_name: Expression | None = None


def cells_of(frame: Frame) -> list[Cell]:
    """The cells of the operation shown, those too that a walk by FACTOR has not come to."""
    operation, chain = frame.operation, frame.chain
    if operation is None:
        return []
    if chain is not None and not chain.branches:
        cells = _of_chain(frame, chain)
    elif operation.is_application:
        cells = [Cell("", operation.formula, operation.substitution, 0, _reads(operation.terms[0]))]
    elif len(operation.terms) == 1:
        cells = _of_factors(operation.terms[0])
    else:
        cells = _of_terms(operation)
    return cells


def _of_chain(frame: Frame, chain: Chain) -> list[Cell]:
    return [
        Cell(
            "·" if place else "", link.factor.symbol, Number(link.factor.value), place, _reads((link.factor,)),
            link.rule, place + 1, link.product, frame.narrator.symbol(link.reached),
        )
        for place, link in enumerate(chain.links)
    ]  # fmt: skip


def _of_factors(term: Term) -> list[Cell]:
    return [
        Cell(
            "·" if place else "", factor.symbol, Number(factor.value), place, _reads((factor,)),
            so_far=value_of(term[: place + 1]),
        )
        for place, factor in enumerate(term)
    ]  # fmt: skip


def _reads(term: Term) -> tuple[Quantity, ...]:
    """The quantities that a term's factors read, each once."""
    return tuple(dict.fromkeys(read.quantity for factor in term for read in factor.reads))


def _of_terms(operation: Operation) -> list[Cell]:
    """One cell a term; a long sum folds its middle, and with it the running total."""
    count = len(operation.terms)
    if count <= MOST_CELLS:
        totals = [sum(map(value_of, operation.terms[: i + 1])) for i in range(count)]
        return [_of_term(operation.terms[i], i, totals[i]) for i in range(count)]
    first = [_of_term(operation.terms[i], i) for i in range(FIRST_CELLS)]
    last = _of_term(operation.terms[count - 1], FIRST_CELLS, dots=f"+ … {count - FIRST_CELLS - 1} more … ")
    return [*first, last]


def _of_term(term: Term, place: int, total: float | None = None, dots: str = "") -> Cell:
    symbol, numbers = product_of(term, symbol_of), product_of(term, number_of)
    sign, rest = sign_and_rest(symbol)
    if sign == "-" and place:
        return Cell(dots + "−", rest, sign_and_rest(numbers)[1], place, _reads(term), so_far=total)
    return Cell(dots + ("+" if place else ""), symbol, numbers, place, _reads(term), so_far=total)


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
    """The chain of a gradient in full as plain text; where there are too many ways they are counted."""
    chain = frame.chain
    if chain is None:
        return ""
    left = plain(frame.narrator.symbol(chain.quantity))
    ways = path_count(frame.session.spec.network, chain.quantity)
    if ways > MOST_PATHS:
        return f"{left} is the sum over {ways:,} ways from the loss"
    return f"{left} = {plain(chain.symbols)} = {plain(chain.numbers)} = {chain.value!r}"


def equation_latex(frame: Frame) -> str:
    """The equation as LaTeX; of a gradient its chain."""
    operation, chain = frame.operation, frame.chain
    if operation is None:
        return ""
    left, value = latex(operation.symbol), repr(operation.value)
    if chain is not None and path_count(frame.session.spec.network, chain.quantity) <= MOST_PATHS:
        return f"{left} = {latex(chain.symbols)} = {latex(chain.numbers)} = {value}"
    return f"{left} = {latex(operation.formula)} = {latex(operation.substitution)} = {value}"
