"""What the user looks at: one thing for all panels."""


from typing import NamedTuple

from engine.frame import Frame, check_quantity
from engine.network import Network
from engine.quantities import PARAMETER_GRADIENTS, Quantity
from engine.spec import Spec
from engine.ways import Way


class Focus(NamedTuple):
    """The quantity selected, the ones under the pointer, and the sample (row of the data, from 1) chosen to be shown;
    None for the sample of the operation. way: a way from the loss, which the canvas lights in place of the
    operation."""

    selected: Quantity | None = None
    hovered: tuple[Quantity, ...] = ()
    sample: int | None = None
    way: Way | None = None

    def within(self, spec: Spec) -> "Focus":
        """What of it there is in a run of this spec."""
        selected = self.selected if self.selected is not None and _has(spec.network, self.selected) else None
        hovered = tuple(quantity for quantity in self.hovered if _has(spec.network, quantity))
        sample = self.sample if self.sample is not None and self.sample <= spec.samples else None
        way = self.way if self.way is not None and _leads(spec.network, self.way) else None
        return Focus(selected, hovered, sample, way)


def _leads(network: Network, way: Way) -> bool:
    """Whether a network has a way: from its last layer through neurons that it has."""
    last, _ = way.neurons[0]
    is_there = last == network.last and all(neuron <= network.sizes[layer] for layer, neuron in way.neurons)
    return is_there and _has(network, way.quantity)


def _has(network: Network, quantity: Quantity) -> bool:
    try:
        check_quantity(network, quantity)
    except ValueError:
        return False
    return True


def parameter_of(quantity: Quantity) -> Quantity | None:
    """A parameter itself, or the one that a gradient or slot belongs to."""
    if quantity.kind in PARAMETER_GRADIENTS:
        return Quantity(quantity.kind.removeprefix("dL/d"), quantity.indices)
    return quantity if quantity.is_parameter else quantity.parameter


def operations_since(before: Frame | None, frame: Frame) -> range | None:
    """The operations, from 0, that look different in `frame`: done or taken back since `before`, and the two shown;
    None where all may look different, as in another iteration, after an edit, or in other symbols."""
    if before is None or before.trace is not frame.trace or before.sample != frame.sample:
        return None
    if before.session.notation != frame.session.notation:
        return None
    ends = [before.cursor.operation, frame.cursor.operation]
    for shown in (before.operation, frame.operation):
        ends += [shown.number - 1, shown.number] if shown else []
    return range(min(ends), max(ends))


def is_elsewhere(before: Frame | None, frame: Frame) -> bool:
    """Whether a list brings what is shown into sight: not where it shows the same operation as `before`, perhaps of
    another iteration, or nobody could look at another row during a run."""
    if before is None or before.program is not frame.program:
        return True
    numbers = [shown.operation.number if shown.operation else 0 for shown in (before, frame)]
    return numbers[0] != numbers[1]
