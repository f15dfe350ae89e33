"""What an operation is: a sum of products, or the application of a function.

Terms and factors are lazy: the sum over 64 sources is made when someone reads it, and nothing is stored.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod
from typing import Generic, NamedTuple, TypeAlias, TypeVar, overload

from engine.expressions import LONGEST_SUM, MINUS_ONE, Expression, Number, Product, Sum
from engine.quantities import Quantity

T = TypeVar("T", covariant=True)


class Lazy(Sequence[T], Generic[T]):
    """A sequence whose items are made when they are first asked for."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._count, self._make = count, cache(make)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            chosen = range(self._count)[index]
            return Lazy(len(chosen), lambda i: self._make(chosen[i]))
        return self._make(range(self._count)[index])

    def __iter__(self) -> Iterator[T]:
        return map(self._make, range(self._count))


class Read(NamedTuple):
    """A quantity that a factor reads; `sample` is the row of the data, from 1, None where it belongs to no sample."""

    quantity: Quantity
    sample: int | None = None


class Factor(NamedTuple):
    """One factor of a term: how it is written, its value, and what it reads. A constant reads nothing; a negative one
    carries its sign in `value`, while `symbol` is that of the positive number."""

    symbol: Expression
    value: float
    reads: tuple[Read, ...] = ()
    is_negative: bool = False


Term: TypeAlias = tuple[Factor, ...]
ONE = Factor(Number(1), 1)
MINUS = Factor(Number(1), -1, is_negative=True)


@dataclass(frozen=True)
class Operation:
    """One operation of an iteration.

    number: from 1. sample: the row of the data, from 1, or None. quantity: what it writes. terms: a sum of products;
    an application has one term of one factor, and `substituted`, its formula with numbers for symbols.
    """

    iteration: int
    number: int
    phase: str
    kind: str
    layer: int | None
    sample: int | None
    quantity: Quantity
    symbol: Expression
    value: float
    terms: Sequence[Term]
    substituted: Expression | None = None

    @property
    def is_application(self) -> bool:
        return self.substituted is not None

    @cached_property
    def formula(self) -> Expression:
        """The right side in symbols: w1·x1 + w2·x2 + b1."""
        return _sum(self.terms, symbol_of)

    @cached_property
    def substitution(self) -> Expression:
        """The right side in numbers: 0.15·0.05 + 0.2·0.1 + 0.35."""
        return self.substituted or _sum(self.terms, number_of)

    def reads(self, most: int | None = None) -> list[Read]:
        """What it reads, each once, in order; of the first `most` terms only, if that is given."""
        terms = self.terms if most is None else self.terms[:most]
        return list(dict.fromkeys(read for term in terms for factor in term for read in factor.reads))


def symbol_of(factor: Factor) -> Expression:
    """How a factor is written, without the sign of a negative constant."""
    return factor.symbol


def number_of(factor: Factor) -> Number:
    """Its value as it is written, without the sign of a negative constant."""
    return Number(-factor.value if factor.is_negative else factor.value)


def value_of(term: Term) -> float:
    """The product of a term's values."""
    return prod(factor.value for factor in term)


def product_of(factors: Term, write: Callable[[Factor], Expression]) -> Expression:
    """A term as an expression: the sign of a negative constant leads, a 1 that only carries it is left out."""
    if len(factors) == 1 and not factors[0].is_negative:
        return write(factors[0])
    signs = [MINUS_ONE for factor in factors if factor.is_negative]
    if not signs:
        return Product(tuple([write(factor) for factor in factors]))
    return Product((*signs, *[write(factor) for factor in factors if factor is not MINUS or len(factors) == 1]))


def _sum(terms: Sequence[Term], write: Callable[[Factor], Expression]) -> Expression:
    if len(terms) == 1:
        return product_of(terms[0], write)
    if len(terms) <= LONGEST_SUM:
        return Sum(tuple([product_of(term, write) for term in terms]))
    return Sum(Lazy(len(terms), lambda i: product_of(terms[i], write)))
