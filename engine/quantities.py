"""The names of values: z[1,2], w[1,2,1], dL/dz[2,1], grad[w[1,2,1]].

A quantity is only a name; its value lives in a trace. Everything that is read, written, shown or exported has one.
"""

import re
from typing import NamedTuple

INDICES = {
    "x": (1,), "y": (1,),
    "w": (3,), "b": (1, 2), "slope": (1,),
    "z": (2,), "a": (2,),
    "loss": (0,), "penalty": (0,), "batch_loss": (0,),
    "dL/da": (2,), "da/dz": (2,), "dL/dz": (2,),
    "dL/dw": (3,), "dL/db": (1, 2), "dL/dslope": (1,),
}  # fmt: skip
"""How many indices each kind of quantity may carry; (1, 2) for a bias: shared by layer l, or of neuron (l, j)."""

PARAMETERS = ("w", "b", "slope")
"""Kinds that training changes."""
PARAMETER_GRADIENTS = ("dL/dw", "dL/db", "dL/dslope")

OF_PARAMETER = (
    "grad", "velocity", "square_sum", "square_average",
    "first_moment", "second_moment", "first_moment_hat", "second_moment_hat",
)  # fmt: skip
"""Kinds that belong to a parameter, which stands in their brackets."""


class Quantity(NamedTuple):
    """The name of a value, such as w[1,2,1] (layer 1, neuron 2, source neuron 1); all indices count from 1."""

    kind: str
    indices: tuple[int, ...] = ()
    parameter: "Quantity | None" = None

    def __str__(self) -> str:
        inside = str(self.parameter) if self.parameter else ",".join(map(str, self.indices))
        return f"{self.kind}[{inside}]" if inside else self.kind

    @property
    def is_parameter(self) -> bool:
        return self.kind in PARAMETERS

    @property
    def is_of_sample(self) -> bool:
        """Whether every sample has a value of its own; mean gradients, and what belongs to the batch, are of none."""
        return not (self.is_parameter or self.parameter or self.kind in ("penalty", "batch_loss"))

    @property
    def layer(self) -> int | None:
        """The layer it belongs to, 0 for inputs; None for losses and targets."""
        if self.parameter:
            return self.parameter.layer
        if self.kind == "x":
            return 0
        return self.indices[0] if self.indices and self.kind != "y" else None


LOSS = Quantity("loss")
PENALTY = Quantity("penalty")
BATCH_LOSS = Quantity("batch_loss")
LEARNING_RATE = "learning_rate"


def gradient_of(parameter: Quantity) -> Quantity:
    """One sample's derivative of the loss by a parameter: dL/dw[1,2,1]."""
    return Quantity(f"dL/d{parameter.kind}", parameter.indices)


def mean_gradient_of(parameter: Quantity) -> Quantity:
    """What the optimizer gets for a parameter: grad[w[1,2,1]]."""
    return Quantity("grad", (), parameter)


def parse(text: str) -> Quantity:
    """The quantity that `text` names; ValueError with the reason if it names none."""
    match = re.fullmatch(r"([A-Za-z_/]+)(?:\[(.+)\])?", text.strip())
    if not match:
        raise ValueError(f"'{text}' is no quantity; write for example z[1,2] or w[1,2,1]")
    kind, inside = match.groups()
    if kind in OF_PARAMETER:
        parameter = parse(inside or "")
        if not parameter.is_parameter:
            raise ValueError(f"'{text}': {kind} belongs to a parameter, for example {kind}[w[1,1,1]]")
        return Quantity(kind, (), parameter)
    if kind not in INDICES:
        raise ValueError(f"'{text}' is no quantity: known are {', '.join((*INDICES, *OF_PARAMETER))}")
    if inside and not re.fullmatch(r"[1-9][0-9]{0,8}(,[1-9][0-9]{0,8})*", inside):
        raise ValueError(f"'{text}': indices are whole numbers from 1, separated by commas")
    indices = tuple(int(index) for index in inside.split(",")) if inside else ()
    if len(indices) not in INDICES[kind]:
        wanted = " or ".join(map(str, INDICES[kind]))
        raise ValueError(f"'{text}': {kind} has {wanted} indices, {len(indices)} found")
    return Quantity(kind, indices)
