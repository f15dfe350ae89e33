"""What is lit: which places of the canvas the operation shown has read and written, in the colours of its factors.

A place names a quantity's seat on the canvas. No kind of operation is special: everything follows from what its terms,
or the links of its chain, read.
"""

from math import inf
from typing import NamedTuple

from engine.expressions import Expression, Symbol
from engine.frame import Frame
from engine.network import Network
from engine.operations import Factor, Operation, Term, product_of, symbol_of, value_of
from engine.paths import Chain
from engine.quantities import Quantity
from engine.ways import Way

Place = tuple[str, int, int, int]


class Lit(NamedTuple):
    """A place in the colour of factor or term `color` (from 0); label and value stand on a chip beside it."""

    place: Place
    color: int
    label: Expression | None = None
    value: float | None = None
    number: int | None = None


class Marks(NamedTuple):
    """What was read, each place once, and what was written; on a walk along the chain of a gradient instead of it the
    product so far, where the walk has come to. coming: places that the rest of the walk will read."""

    read: tuple[Lit, ...] = ()
    coming: tuple[Place, ...] = ()
    written: Place | None = None
    quantity: Quantity | None = None
    symbol: Expression | None = None
    value: float | None = None
    backward: bool = False


def place_of(quantity: Quantity, network: Network) -> Place | None:
    """Where a quantity sits on the canvas; None if it is not drawn."""
    kind, indices, parameter = quantity
    if parameter:
        return place_of(parameter, network)
    match kind.removeprefix("dL/d"), indices:
        case "z", (l, j) if kind == "dL/dz":
            return "delta", l, j, 0
        case "x", (i,):
            return "node", 0, i, 0
        case "y", _:
            return "target", 0, 0, 0
        case "w", (l, j, i):
            return "edge", l, j, i
        case "b", (l, *j):
            return "bias", l, j[0] if j else 1, 0
        case "slope", (l,):
            return "slope", l, 0, 0
        case "z", (l, j):
            return "z", l, j, 0
        case "a", (l, j):
            is_loss_edge = kind == "dL/da" and l == network.last
            return ("loss_edge", l, j, 0) if is_loss_edge else ("a", l, j, 0)
        case "da/dz", (l, j):
            return "node", l, j, 0
        case ("loss" | "penalty" | "batch_loss"), ():
            return "loss", 0, 0, 0
    return None


def marks_of(frame: Frame, most_terms: int = 64) -> Marks:
    """What the operation shown lights; only the first `most_terms` terms of a long sum. Nothing where the values shown
    are those of another sample."""
    operation, network = frame.operation, frame.session.spec.network
    if operation is None or operation.sample not in (None, frame.sample):
        return Marks()
    chain = frame.chain
    is_way = chain is not None and bool(chain.links) and not chain.branches and not operation.is_application
    lit = _of_chain(chain, network) if chain and is_way else _of_terms(operation, network, most_terms)
    if chain is not None and operation.is_application:  # the first step of every way, from the loss to a prediction
        lit += [Lit(place, 0) for place in [place_of(operation.quantity, network)] if place is not None]
    walked = frame.cursor.factor or inf
    read = [each for each in lit if each.color < walked]
    if not is_way and len(operation.terms) == 1:
        read = list({each.place: each for each in read}.values())
    passed = {each.place for each in read}
    return Marks(
        tuple(read),
        tuple(each.place for each in lit if each.place not in passed),
        *_written(frame, operation, chain if is_way else None),
        operation.phase == "backward",
    )


def _written(
    frame: Frame, operation: Operation, chain: Chain | None
) -> tuple[Place | None, Quantity, Expression, float]:
    """Where it stands, the quantity, its symbol and value: what was written, or on a walk the product so far, if it is
    one: the first factor's chip says its value already."""
    network, walked = frame.session.spec.network, frame.cursor.factor
    if walked > 1 and chain is not None:
        link = chain.links[walked - 1]
        return place_of(link.reached, network), link.reached, frame.narrator.symbol(link.reached), link.product
    place = None if walked else place_of(operation.quantity, network)
    return place, operation.quantity, operation.symbol, operation.value


def marks_of_way(frame: Frame, way: Way) -> Marks:
    """One way from the loss to a quantity, one colour a factor; nothing is written."""
    network = frame.session.spec.network
    read: list[Lit] = []
    for number, factor in enumerate(way.factors):
        quantities = [each.quantity for each in factor.reads] or [way.quantity]
        symbol = frame.narrator.symbol(quantities[0])
        label = symbol if isinstance(symbol, Symbol) and len(factor.reads) == 1 else factor.symbol
        first, *others = _seats(quantities, network)
        read.append(Lit(first, number, label, factor.value, number + 1))
        read += [Lit(place, number) for place in others]
    if way.quantity.kind == "dL/dw":
        read.append(Lit(("edge", *_three(way.quantity)), len(way.factors) - 1))
    return Marks(tuple(read), backward=True)


def _seats(quantities: list[Quantity], network: Network) -> list[Place]:
    """Where quantities sit on a way; of an activation it lights the whole neuron."""
    places = (place_of(quantity, network) for quantity in quantities)
    return [("node", *place[1:]) if place[0] == "a" else place for place in places if place is not None]


def _of_chain(chain: Chain, network: Network) -> list[Lit]:
    """The way from the loss to the quantity, one colour a link."""
    lit = []
    for number, link in enumerate(chain.links, 1):
        quantity = link.factor.reads[0].quantity if link.factor.reads else chain.quantity
        place = place_of(quantity, network)
        if place is not None:
            if place[0] == "a" and quantity.kind == "a":
                place = ("node", *place[1:])
            label = link.rule if isinstance(link.rule, Symbol) else link.factor.symbol
            lit.append(Lit(place, number - 1, label, link.factor.value, number))
        if link.reached.kind == "dL/dw":
            # What the weight carries and the weight's own line are one factor.
            lit.append(Lit(("edge", *_three(link.reached)), number - 1))
    return lit


def _three(weight: Quantity) -> tuple[int, int, int]:
    layer, neuron, source = weight.indices
    return layer, neuron, source


def _of_terms(operation: Operation, network: Network, most: int) -> list[Lit]:
    """One colour a term of a sum, one a factor of a single product; an application's operands share one."""
    terms = operation.terms[:most]
    if len(terms) > 1:
        return [lit for color, term in enumerate(terms) for lit in _of_term(term, color, network)]
    return [
        Lit(place, color, None if operation.is_application else factor.symbol, factor.value)
        for color, factor in enumerate(terms[0])
        for place in _places(factor, network)
    ]


def _of_term(term: Term, color: int, network: Network) -> list[Lit]:
    """All places of one term in its colour; the chip with the product stands at its line, if it has one."""
    places = [place for factor in term for place in _places(factor, network)]
    symbol, value = product_of(term, symbol_of), value_of(term)
    return [Lit(place, color, *((symbol, value) if "edge" in place[0] else ())) for place in places]


def _places(factor: Factor, network: Network) -> list[Place]:
    places = [place_of(read.quantity, network) for read in factor.reads]
    return [place for place in places if place is not None]
