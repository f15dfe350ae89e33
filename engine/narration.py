"""One operation in words and numbers, as plain text for a person: what it is, its formula, its numbers, its chain."""

from collections.abc import Iterator, Sequence
from unicodedata import combining

from engine.expressions import plain
from engine.frame import Frame
from engine.operations import Operation
from engine.paths import Chain
from engine.quantities import Quantity

WAYS_SHOWN = 4

_SLOTS = {
    "velocity": "velocity", "square_sum": "sum of squared gradients", "square_average": "average of squared gradients",
    "first_moment": "first moment", "second_moment": "second moment",
    "first_moment_hat": "corrected first moment", "second_moment_hat": "corrected second moment",
}  # fmt: skip


def told(frame: Frame) -> Iterator[str]:
    """The operation of the frame (the one last done, or begun), line by line; ValueError at an iteration's start."""
    operation = frame.operation
    if operation is None:
        raise ValueError(f"at the start of iteration {frame.cursor.iteration} no operation is done yet")
    yield from _heading(frame, operation)
    yield ""
    yield from _equation(operation)
    chain = frame.chain
    if chain is not None and not operation.is_application:  # the derivative of the loss is the chain's first link
        yield ""
        yield from _whole_chain(frame, chain)


def meaning(quantity: Quantity) -> str:
    """What a quantity is, in words: the gradient of the weight from input 1 to neuron 2 of layer 1."""
    kind, indices, parameter = quantity
    if parameter is not None:
        name = "gradient" if kind == "grad" else _SLOTS[kind]
        return f"the {name} of {meaning(parameter)}"
    match kind, indices:
        case ("x" | "y"), (i,):
            return f"{'input' if kind == 'x' else 'target'} {i}"
        case "w", (l, j, i):
            source = f"neuron {i} of layer {l - 1}" if l > 1 else f"input {i}"
            return f"the weight from {source} to neuron {j} of layer {l}"
        case "b", (l, j):
            return f"the bias of neuron {j} of layer {l}"
        case "b", (l,):
            return f"the bias that layer {l} shares"
        case "slope", (l,):
            return f"the slope that layer {l} trains"
        case ("dL/dw" | "dL/db" | "dL/dslope"), _:
            return f"the gradient of {meaning(Quantity(kind.removeprefix('dL/d'), indices))}"
        case ("z" | "a" | "dL/da" | "da/dz" | "dL/dz"), (l, j):
            return f"the {_OF_NEURONS[kind]} of neuron {j} of layer {l}"
    return _OF_LOSS.get(kind, str(quantity))


_OF_LOSS = {
    "loss": "the loss of the sample",
    "penalty": "the penalty for large weights",
    "batch_loss": "the loss of the batch",
}


_OF_NEURONS = {
    "z": "pre-activation",
    "a": "activation",
    "dL/da": "derivative of the loss by the activation",
    "da/dz": "derivative of the activation function",
    "dL/dz": "delta (the derivative of the loss by the pre-activation)",
}


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Rows as lines of aligned columns; the columns whose numbers stand in `right` are aligned to the right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - _width(cell))
            cells.append(padding + cell if number in right else cell + padding)
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(not combining(letter) for letter in text)


def _heading(frame: Frame, operation: Operation) -> Iterator[str]:
    sample = f", sample {operation.sample}" if operation.sample else ""
    yield (
        f"Iteration {operation.iteration}, operation {operation.number} of {frame.program.count}: "
        f"{operation.phase}{sample}"
    )
    new = "the new value of " if operation.quantity.is_parameter else ""
    yield f"{operation.quantity}: {new}{meaning(operation.quantity)}"


def _equation(operation: Operation) -> Iterator[str]:
    """Formula, numbers and value under one another; what says the same is written once."""
    symbol = plain(operation.symbol)
    lines = dict.fromkeys((plain(operation.formula), plain(operation.substitution), repr(operation.value)))
    for number, right in enumerate(lines):
        yield f"  {symbol if number == 0 else ' ' * _width(symbol)} = {right}"


def _whole_chain(frame: Frame, chain: Chain) -> Iterator[str]:
    branches = chain.branches
    if not branches:
        yield "Its chain, from the loss on:"
        yield from _links(frame, chain)
        return
    yield f"Its chain, from the loss on, a sum over {len(branches)} ways:"
    for number in range(min(WAYS_SHOWN, len(branches))):
        yield f"way {number + 1}"
        yield from _links(frame, branches[number], "a part of ")
    if len(branches) > WAYS_SHOWN:
        yield f"… and {len(branches) - WAYS_SHOWN} more ways"
    if chain.links:
        yield "together"
        yield from _links(frame, chain)


def _links(frame: Frame, chain: Chain, of_the_last: str = "") -> Iterator[str]:
    """A line a factor: how it is written, what it is, its value, and the product so far with its name.

    of_the_last: what stands before the last name, where the product is only one way's.
    """
    rows = [("factor", "is", "value", "product so far", "")]
    if chain.branches:
        summed = chain.branches[0].quantity
        value = repr(frame.narrator.stored(summed, frame.position(chain.sample)))
        rows.append((_symbol(frame, summed), f"sum over {len(chain.branches)} ways", value, value, ""))
    for link in chain.links:
        factor = link.factor
        name = (of_the_last if link is chain.links[-1] else "") + _symbol(frame, link.reached)
        rows.append((plain(factor.symbol), plain(link.rule), repr(factor.value), repr(link.product), name))
    for line in table(rows):
        yield f"  {line}"


def _symbol(frame: Frame, quantity: Quantity) -> str:
    return plain(frame.narrator.symbol(quantity))
