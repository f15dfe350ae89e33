"""What a panel may draw: the values of everything at the cursor. A frame is immutable; every move makes a new one."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.activations import Array
from engine.batches import epoch_of
from engine.cursor import Cursor
from engine.descriptions import Narrator
from engine.edits import data_value
from engine.network import Network, has_parameter
from engine.operations import Operation
from engine.optimizers import OPTIMIZERS, PARAMETER
from engine.paths import GRADIENTS, Chain, chain, parts
from engine.program import Program
from engine.quantities import Quantity
from engine.session import Session
from engine.trace import Trace


@dataclass(frozen=True)
class Frame:
    """The session, the trace and program of its iteration, and the batch losses that are known.

    losses, test_losses: of iterations 1 to the furthest computed (iterations,), read-only; test_losses are empty where
    no sample is held back. chosen: the sample (row of the data, from 1) that the user wants to see, if any. not_finite:
    just after the first operation whose value is not finite, of all that are computed.
    """

    session: Session
    trace: Trace
    program: Program
    narrator: Narrator
    losses: Array
    test_losses: Array
    chosen: int | None = None
    not_finite: Cursor | None = None

    @property
    def cursor(self) -> Cursor:
        return self.session.cursor

    @property
    def epoch(self) -> int:
        return epoch_of(self.session.spec, self.cursor.iteration)

    @property
    def learning_rate(self) -> float:
        """As it stands in this iteration, edits included."""
        return self.trace.hyperparameters["learning_rate"]

    @cached_property
    def operation(self) -> Operation | None:
        """The operation last done, or the one begun where the cursor stands within it; None at an iteration's start."""
        k = self.cursor.operation if self.cursor.factor else self.cursor.operation - 1
        return self.narrator.describe(k) if k >= 0 else None

    @cached_property
    def next_operation(self) -> Operation | None:
        """The operation that comes next; None at the iteration's end."""
        k = self.cursor.operation
        return self.narrator.describe(k) if k < self.program.count else None

    @cached_property
    def parts(self) -> int:
        """How many parts FACTOR walks through in the operation shown; 0 without one."""
        return parts(self.narrator, self.operation.number - 1) if self.operation else 0

    @cached_property
    def chain(self) -> Chain | None:
        """The chain of the gradient that the operation shown writes; None for any other operation."""
        operation = self.operation
        if operation is None or operation.sample is None or operation.quantity.kind not in GRADIENTS:
            return None
        return chain(self.narrator, operation.quantity, self.trace.rows.index(operation.sample - 1))

    @cached_property
    def sample(self) -> int:
        """The sample whose values are shown, as a row of the data from 1: the chosen one, or that of the operation
        shown; where that has none, the last one passed in this iteration; at its start the batch's first."""
        if self.chosen is not None:
            return self.chosen
        if self.operation is None:
            return self.trace.rows[0] + 1
        return self.operation.sample or self.trace.rows[-1] + 1

    def position(self, sample: int | None = None) -> int | None:
        """The position within the batch, from 0, of a row of the data; None outside the batch."""
        row = (sample or self.sample) - 1
        return self.trace.rows.index(row) if row in self.trace.rows else None

    def is_written(self, quantity: Quantity, sample: int | None = None) -> bool:
        """Whether an operation of this iteration that lies before the cursor has written the quantity."""
        k = self.program.writer(quantity, self.position(sample))
        return k is not None and k < self.cursor.operation

    def value(self, quantity: Quantity, sample: int | None = None) -> float | None:
        """The value at the cursor, of `sample` (row of the data, from 1) where it has one, by default the one shown.

        None where it is not yet written; parameters and slots have their old value until their update. ValueError for
        a quantity that this network does not have.
        """
        spec = self.session.spec
        check_quantity(spec.network, quantity)
        rows = len(spec.data.inputs)
        if sample is not None and not 1 <= sample <= rows:
            raise ValueError(f"the data has no sample {sample}; samples are 1 to {rows}")
        if quantity.kind in ("x", "y"):
            return data_value(spec, self.session.edits, self.cursor.iteration, sample or self.sample, quantity)
        if self.is_written(quantity, sample):
            return self.narrator.stored(quantity, self.position(sample))
        if quantity.is_parameter:
            return self.trace.old(PARAMETER, quantity)
        if quantity.parameter and quantity.kind in OPTIMIZERS[spec.optimizer.name].slots:
            return self.trace.old(quantity.kind, quantity.parameter)
        return None

    @cached_property
    def parameter_vector(self) -> Array:
        """All parameters at the cursor as the flat vector of `Parameters`, read-only."""
        trace, places = self.trace, self.trace.parameters
        is_new = places.numbers < self.program.updated(self.cursor.operation)
        flat = np.where(is_new, trace.flat("new", PARAMETER), trace.flat("old", PARAMETER))
        flat.flags.writeable = False
        return flat

    def parameters(self) -> dict[Quantity, float]:
        """All parameters at the cursor, in parameter order."""
        places = self.trace.parameters
        return dict(zip(places.names(), self.parameter_vector[places.order].tolist(), strict=True))


def check_quantity(network: Network, quantity: Quantity) -> None:
    """ValueError unless the network has the quantity."""
    sizes, (kind, indices, parameter) = network.sizes, quantity
    match kind, indices:
        case "x", (i,):
            known = i <= sizes[0]
        case "y", (k,):
            known = k <= sizes[-1]
        case ("w" | "b" | "slope"), _:
            known = has_parameter(network, quantity)
        case ("dL/dw" | "dL/db" | "dL/dslope"), _:
            known = has_parameter(network, Quantity(kind.removeprefix("dL/d"), indices))
        case ("z" | "a" | "dL/da" | "da/dz" | "dL/dz"), (l, j):
            known = l <= network.last and j <= sizes[l]
        case _:
            known = parameter is None or has_parameter(network, parameter)
    if not known:
        raise ValueError(f"the network has no {quantity}")
