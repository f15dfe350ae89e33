"""What the user looks at: one thing for all panels."""

from dataclasses import dataclass

from engine.quantities import PARAMETER_GRADIENTS, Quantity
from engine.ways import Way


@dataclass(frozen=True)
class Focus:
    """The quantity selected, the ones under the pointer, and the sample (row of the data, from 1) chosen to be shown;
    None for the sample of the operation. way: a way from the loss, which the canvas lights in place of the
    operation."""

    selected: Quantity | None = None
    hovered: tuple[Quantity, ...] = ()
    sample: int | None = None
    way: Way | None = None


def parameter_of(quantity: Quantity) -> Quantity | None:
    """A parameter itself, or the one that a gradient or slot belongs to."""
    if quantity.kind in PARAMETER_GRADIENTS:
        return Quantity(quantity.kind.removeprefix("dL/d"), quantity.indices)
    return quantity if quantity.is_parameter else quantity.parameter
