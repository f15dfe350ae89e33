"""What has to stand in the panels for a frame, in the order of drawing."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import floor, isfinite, log10, prod
from weakref import WeakKeyDictionary

from engine.descriptions import Narrator
from engine.expressions import Application, Expression, Fraction, Number, Product, Sum, negative, plain
from engine.frame import Frame
from engine.operations import Factor, Operation, Term, product_of
from engine.paths import Chain, Link, path_count
from engine.program import Program
from engine.quantities import BATCH_LOSS, LOSS, Quantity
from gui import text
from tests.gui.recording import Expected, joined, name_of, reading

MOST_WAYS = 6
_PHASES: WeakKeyDictionary[Program, Sequence[str]] = WeakKeyDictionary()
Cell = tuple[list[Expected], list[Expected]]


def equation(frame: Frame) -> list[list[Expected]]:
    """All texts of the equation. There are several readings: a narrow panel leaves the local rules out, then it sets
    symbols and numbers in one chip and leaves the sums so far out; and the sum over a few ways from the loss is written
    out or counted."""
    operation = frame.operation
    if operation is None:
        return [["Equation", "Nothing is computed yet in this iteration.", text.FIRST_HINT]]
    chain = frame.chain
    totals = (True, False) if len(operation.terms) > 1 else ()
    ways: list[list[Expected]] = [[]] if chain is None or not chain.branches else _ways(frame, chain)
    return [
        [*above, *way, *_sentence(frame, operation)]
        for above in (
            *(_above(frame, operation, has_rules) for has_rules in (True, False)),
            *(_above_in_lines(frame, operation, has_totals) for has_totals in totals),
        )
        for way in ways
    ]


def _above(frame: Frame, operation: Operation, has_rules: bool) -> list[Expected]:
    """Head, left side, cells, result; of an operation begun no result, and of a factor to come the symbol only."""
    chain, walked = frame.chain, frame.cursor.factor
    sign = "←" if operation.phase == "update" else "="
    cells = _cells(frame, operation, has_rules)
    written = _numbers(frame, operation)
    equals = nearly(written)
    texts: list[Expected] = ["Equation", text.WHAT[operation.kind], *reading(operation.symbol), sign, equals]
    for place, (symbol, numbers) in enumerate(cells):
        texts += symbol
        texts += numbers if not walked or place < walked else []
    if not walked:
        texts += [nearly([*written, operation.value]), operation.value]
    is_product = len(operation.terms) == 1 or (chain is not None and not chain.branches)
    if len(cells) > 1:
        texts.append("product so far" if is_product else "sum so far")
    return texts


def _above_in_lines(frame: Frame, operation: Operation, has_totals: bool) -> list[Expected]:
    """The same with symbols and numbers in one chip: signs stand once, and sums so far below or not at all."""
    walked = frame.cursor.factor
    sign = "←" if operation.phase == "update" else "="
    texts: list[Expected] = ["Equation", text.WHAT[operation.kind], *reading(operation.symbol), sign]
    totals: list[Expected] = []
    for place in range(len(operation.terms)):
        (_, joint, *symbol), (*numbers, total) = _term(operation.terms, place)
        texts += [joint, *symbol]
        if not walked or place < walked:
            texts += [*numbers, total] if has_totals else numbers
            totals.append(total)
    if not walked:
        texts += [nearly([*_numbers(frame, operation), operation.value]), operation.value]
    if has_totals:
        return [*texts, "sum so far"]
    return [*texts, "sum so far", totals[-1]] if walked else texts


def nearly(numbers: Sequence[float]) -> str:
    """The sign before numbers: ≈ where one has more than five digits, of the twelve that a float has for sure."""
    counting = [len(Decimal(f"{number:.12g}").normalize().as_tuple().digits) for number in numbers if isfinite(number)]
    return "≈" if any(count > 5 for count in counting) else "="


def _numbers(frame: Frame, operation: Operation) -> list[float]:
    """The numbers in the cells."""
    chain = frame.chain
    if operation.is_application:
        return [item for item in reading(operation.substitution) if isinstance(item, float)]
    if chain is not None and not chain.branches:
        return [link.factor.value for link in chain.links]
    return [factor.value for term in operation.terms for factor in term]


def exp(z: float) -> Expression:
    return Application("exp", (Number(z),))


def largest(number: float) -> Expression:
    return Application("max", (Number(0), Number(number)))


WRITTEN_OUT: dict[str, Callable[..., Expression]] = {
    "sigmoid": lambda z: Fraction(Number(1), Sum((Number(1), exp(-z)))),
    "tanh": lambda z: Fraction(Sum((exp(z), negative(exp(-z)))), Sum((exp(z), exp(-z)))),
    "relu": largest,
    "prelu": lambda z, slope: Sum(
        (largest(z), Product((Number(slope), Application("min", (Number(0), Number(z))))))
    ),
    "swish": lambda z: Product((Number(z), Application("sigmoid", (Number(z),)))),
}


def _sentence(frame: Frame, operation: Operation) -> list[Expected]:
    name, sentence = text.rule(frame, operation)
    chain = frame.chain
    if chain is not None and not chain.branches and len(chain.links) > len(operation.terms[0]):
        return [f"{name}.", sentence, "Computed as", *reading(operation.formula, slashed=True)]
    if operation.kind == "activation" and (written := WRITTEN_OUT.get(plain(operation.formula).partition("(")[0])):
        z = frame.value(Quantity("z", operation.quantity.indices), operation.sample)
        assert z is not None
        slope = frame.trace.constants(operation.layer or 0).values()
        return [f"{name}.", sentence, "Written out:", *reading(written(z, *slope), slashed=True)]
    return [f"{name}.", sentence]


def _ways(frame: Frame, chain: Chain) -> list[list[Expected]]:
    count = path_count(frame.session.spec.network, chain.quantity)
    counted: list[Expected] = ["chain", f"the sum over {count} ways from the loss"]
    readings = [counted, [*counted, *_with_sign(_by_branches(chain))]]
    if count <= MOST_WAYS:
        readings.append(["chain", *reading(chain.symbols), *_with_sign(chain.numbers)])
    return readings


def _by_branches(chain: Chain) -> Expression:
    """What each branch contributes, added, times what all have in common."""
    total = Sum([Number(sum_of(branch)) for branch in chain.branches])
    return Product((total, *(Number(link.factor.value) for link in chain.links))) if chain.links else total


def sum_of(chain: Chain) -> float:
    """The value of a chain, from its factors alone."""
    return sum(map(sum_of, chain.branches)) * product(_factors(chain)) if chain.branches else product(_factors(chain))


def _factors(chain: Chain) -> Term:
    return tuple(link.factor for link in chain.links)


def _with_sign(numbers: Expression) -> list[Expected]:
    written = reading(numbers)
    return [nearly([number for number in written if isinstance(number, float)]), *written]


def _cells(frame: Frame, operation: Operation, has_rules: bool) -> list[Cell]:
    """Each cell: what joins it (to symbols and to numbers) and its symbol; then rule and place, number, product or sum
    so far, and its name."""
    chain = frame.chain
    if operation.is_application:
        return [(reading(operation.formula), reading(operation.substitution))]
    if chain is not None and not chain.branches:
        return [_link(frame, chain.links[i], i, has_rules) for i in range(len(chain.links))]
    if len(operation.terms) == 1:
        return [
            ([*("··" if i else ""), *reading(factor.symbol)], [factor.value, product(operation.terms[0][: i + 1])])
            for i, factor in enumerate(operation.terms[0])
        ]
    return [_term(operation.terms, i) for i in range(len(operation.terms))]


def _link(frame: Frame, link: Link, i: int, has_rules: bool) -> Cell:
    rule = reading(link.rule, slashed=True) if has_rules else []
    name = reading(frame.narrator.symbol(link.reached), slashed=True)
    symbol = [*("··" if i else ""), *reading(link.factor.symbol)]
    return symbol, [*rule, str(i + 1), link.factor.value, link.product, *name]


def _term(terms: Sequence[Term], i: int) -> Cell:
    is_negative = any(factor.is_negative for factor in terms[i])
    sign = ("−" if is_negative else "+") if i else ""
    carried = [f for f in terms[i] if not (f.is_negative and f.value == -1 and len(terms[i]) > 1)]
    symbols = joined([bracketed(factor) for factor in carried], "·")
    numbers = joined([[abs(f.value) if f.is_negative else f.value] for f in carried], "·")
    return [sign, sign, *symbols], [*numbers, sum(product(terms[k]) for k in range(i + 1))]


def bracketed(factor: Factor) -> list[Expected]:
    inner = reading(factor.symbol)
    return ["(", *inner, ")"] if type(factor.symbol).__name__ == "Sum" else inner


def product(term: Term) -> float:
    return prod(factor.value for factor in term)


def position(frame: Frame) -> list[str]:
    """The four phases, each once on the fill and once on the tint, and the position in words."""
    operation, (iteration, _, factor) = frame.operation, frame.cursor
    texts = [phase.capitalize() for phase in dict.fromkeys(phases(frame.narrator)) for _ in range(2)]
    part = f", part {factor} of {frame.parts}" if factor else ""
    if operation is None:
        texts.append(f"Start, {frame.program.count} operations to come")
    else:
        texts.append(f"{operation.phase.capitalize()}, operation {operation.number} of {frame.program.count}{part}")
    sample = f", sample {operation.sample}" if operation and operation.sample else ""
    return [*texts, f"epoch {frame.epoch}, iteration {iteration}{sample}"]


def phases(narrator: Narrator) -> Sequence[str]:
    """The phase of each operation; one program's operations are described once."""
    if narrator.program not in _PHASES:
        _PHASES[narrator.program] = [narrator.describe(k).phase for k in range(narrator.program.count)]
    return _PHASES[narrator.program]


def seats(frame: Frame) -> list[Quantity]:
    """What the canvas shows at a place of its own in every frame: inputs, z, a, and the loss."""
    sizes = frame.session.spec.network.sizes
    inputs = [Quantity("x", (i,)) for i in range(1, sizes[0] + 1)]
    neurons = [(l, j) for l in range(1, len(sizes)) for j in range(1, sizes[l] + 1)]
    return [*inputs, *(Quantity(kind, place) for place in neurons for kind in "za"), loss_shown(frame)]


def loss_shown(frame: Frame) -> Quantity:
    """The batch's loss where the operation belongs to no sample, else the sample's."""
    operation = frame.operation
    has_no_sample = operation is not None and operation.sample is None
    return BATCH_LOSS if has_no_sample and frame.trace.has_means else LOSS


def biases(frame: Frame) -> list[Quantity]:
    return [name for name in frame.parameters() if name.kind == "b"]


def slopes(frame: Frame) -> list[Quantity]:
    return [name for name in frame.parameters() if name.kind == "slope"]


def weights(frame: Frame) -> list[Quantity]:
    return [name for name in frame.parameters() if name.kind == "w"]


def deltas(frame: Frame) -> list[Quantity]:
    """The deltas that are written."""
    neurons = [q for q in seats(frame) if q.kind == "z"]
    all_deltas = [Quantity("dL/dz", q.indices) for q in neurons]
    return [quantity for quantity in all_deltas if frame.value(quantity) is not None]


def on_canvas(frame: Frame) -> dict[str, set[float | None]]:
    """What each name on the canvas may say: quantities at the cursor, and of the operation shown its factors, its
    terms, its links, its result, on a walk the product so far."""
    names: dict[str, set[float | None]] = {}
    targets = [Quantity("y", (k,)) for k in range(1, frame.session.spec.network.sizes[-1] + 1)]
    for quantity in (
        *seats(frame), *biases(frame), *slopes(frame), *weights(frame), *deltas(frame), *targets,
    ):
        names.setdefault(name_of(frame.narrator.symbol(quantity)), set()).add(frame.value(quantity))
    operation = frame.operation
    if operation is None:
        return names
    names.setdefault(name_of(operation.symbol), set()).add(operation.value)
    for term in operation.terms:
        written = name_of(product_of(term, lambda factor: factor.symbol))
        names.setdefault(written, set()).add(product(term))
        for factor in term:
            names.setdefault(name_of(factor.symbol), set()).add(factor.value)
    for link in frame.chain.links if frame.chain else ():
        for expression in (link.factor.symbol, link.rule):
            names.setdefault(name_of(expression), set()).add(link.factor.value)
    if frame.cursor.factor and frame.chain and frame.chain.links:
        reached = frame.chain.links[frame.cursor.factor - 1].reached
        names.setdefault(name_of(frame.narrator.symbol(reached)), set()).add(frame.value(reached))
    return names


def largest_weight(frame: Frame) -> float:
    """The largest weight at the iteration's start, rounded up to one digit."""
    largest = max(abs(frame.trace.old("parameter", name)) for name in weights(frame))
    unit = 10.0 ** floor(log10(largest))
    return next(d * unit for d in range(1, 11) if d * unit >= largest * (1 - 1e-12))


SPELLED = {
    "relu": "ReLU", "leaky_relu": "leaky ReLU", "prelu": "PReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU",
    "huber": "Huber", "nesterov": "Nesterov", "adagrad": "AdaGrad", "rmsprop": "RMSProp", "adam": "Adam",
    "adamw": "AdamW", "xavier_uniform": "Xavier uniform", "xavier_normal": "Xavier normal",
    "he_uniform": "He uniform", "he_normal": "He normal",
}  # fmt: skip
"""As the papers that these names come from spell them; every other name is written in small letters."""


def spelled(name: str) -> str:
    """A name of the file format as a person reads it."""
    return SPELLED.get(name, name.replace("_", " "))
