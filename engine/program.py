"""The program of one iteration: how many operations, which one is number k, where units begin and end.

Nothing is listed. An iteration is a handful of sections (forward, sample losses, batch loss, backward, mean gradients,
update); a section repeats its blocks for every sample; a block is a regular run of items. So operation k is found by
dividing, at the same cost for 32 operations or for 600,000. The order is that of a textbook: see `_sections`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from engine.network import frozen_parameters
from engine.optimizers import OPTIMIZERS, PARAMETER
from engine.parameters import Parameters
from engine.quantities import BATCH_LOSS, LOSS, PENALTY, Quantity, gradient_of, mean_gradient_of
from engine.spec import Spec
from engine.trace import has_means

PHASES = ("forward", "loss", "backward", "update")


class Unit(Enum):
    """What one step covers, from small to large."""

    FACTOR = "factor"
    OPERATION = "operation"
    NEURON = "neuron"
    LAYER = "layer"
    SAMPLE = "sample"
    PHASE = "phase"
    ITERATION = "iteration"
    EPOCH = "epoch"


@dataclass(frozen=True)
class Block:
    """A regular run of operations in one layer: `items` neurons, weights or parameters, each with all of `kinds`.

    `per_neuron` operations together form a unit NEURON: z with a, a row of dL/dw, a parameter with its stages.
    """

    layer: int | None
    kinds: tuple[str, ...]
    items: int
    per_neuron: int

    @property
    def count(self) -> int:
        return self.items * len(self.kinds)


@dataclass(frozen=True)
class Section:
    """Blocks that are worked through once for each of `repeats` samples, or once if they belong to no sample."""

    phase: str
    blocks: tuple[Block, ...]
    repeats: int = 1
    of_samples: bool = False

    @cached_property
    def starts(self) -> list[int]:
        """Where each block begins within a repeat, and last the length of a repeat."""
        return list(accumulate((block.count for block in self.blocks), initial=0))

    @property
    def length(self) -> int:
        return self.starts[-1]

    @property
    def count(self) -> int:
        return self.length * self.repeats


class Location(NamedTuple):
    """Where operation k stands: section, position s of its sample in the batch (None outside the samples), block, and
    item and kind within the block. `block_start` is the block's first operation."""

    section: Section
    s: int | None
    block: Block
    item: int
    kind: str
    repeat_start: int
    block_start: int


KINDS_OF_QUANTITY = {
    "z": "pre_activation", "a": "activation",
    "loss": "sample_loss", "penalty": "penalty", "batch_loss": "batch_loss",
    "da/dz": "activation_derivative", "dL/dz": "delta",
    "dL/dw": "weight_gradient", "dL/db": "bias_gradient", "dL/dslope": "slope_gradient", "grad": "mean_gradient",
}  # fmt: skip
"""The kind of operation that writes a quantity; dL/da, parameters and the optimizer's stages are told apart below."""


class Program:
    """The operations of one iteration over a batch of `samples` samples, numbered from 0."""

    def __init__(self, spec: Spec, parameters: Parameters, samples: int) -> None:
        self.spec, self.parameters, self.samples = spec, parameters, samples
        self.has_means = has_means(spec, samples)
        self.stages = tuple(stage.name for stage in OPTIMIZERS[spec.optimizer.name].stages)
        frozen = {parameters.number(name) for entry in spec.frozen for name in frozen_parameters(spec.network, entry)}
        self._updated: Sequence[int] = [n for n in range(parameters.count) if n not in frozen]
        self.sections = self._sections()
        self._starts = list(accumulate((section.count for section in self.sections), initial=0))
        self.count = self._starts[-1]

    def _sections(self) -> tuple[Section, ...]:
        network, m = self.spec.network, self.samples
        forward: list[Block] = []
        backward: list[Block] = []
        for l, layer in enumerate(network.layers, 1):
            n, sources = layer.neurons, network.sizes[l - 1]
            if layer.function.is_elementwise:
                forward.append(Block(l, ("pre_activation", "activation"), n, 2))
            else:
                forward += [Block(l, ("pre_activation",), n, 1), Block(l, ("activation",), n, 1)]
            dA = "loss_derivative" if l == network.last else "activation_gradient"
            if layer.function.is_elementwise:
                deltas = [Block(l, (dA, "activation_derivative", "delta"), n, 3)]
            else:
                deltas = [Block(l, (dA,), n, 1), Block(l, ("delta",), n, 1)]
            gradients = [
                Block(l, ("weight_gradient",), n * sources, sources),
                Block(l, ("bias_gradient",), layer.bias_count, 1),
                Block(l, ("slope_gradient",), int(layer.has_slope), 1),
            ]
            backward = [*deltas, *gradients, *backward]
        sections = [
            Section("forward", tuple(forward), m, True),
            Section("loss", (Block(None, ("sample_loss",), 1, 1),), m, True),
            Section("loss", self._losses_of_batch()),
            Section("backward", tuple(block for block in backward if block.count), m, True),
            Section("backward", self._mean_gradients() if self.has_means else ()),
            Section("update", self._updates()),
        ]
        return tuple(section for section in sections if section.count)

    def _losses_of_batch(self) -> tuple[Block, ...]:
        kinds = ("penalty", "batch_loss") if self.spec.penalty else ("batch_loss",) if self.has_means else ()
        return tuple(Block(None, (kind,), 1, 1) for kind in kinds)

    def _mean_gradients(self) -> tuple[Block, ...]:
        first = self.parameters.first
        layers = range(1, self.spec.network.last + 1)
        return tuple(Block(l, ("mean_gradient",), first(l + 1) - first(l), 1) for l in layers)

    def _updates(self) -> tuple[Block, ...]:
        kinds = tuple("parameter_update" if name == PARAMETER else name for name in self.stages)
        blocks = []
        for l in range(1, self.spec.network.last + 1):
            count = self._rank(self.parameters.first(l + 1)) - self._rank(self.parameters.first(l))
            if count:
                blocks.append(Block(l, kinds, count, len(kinds)))
        return tuple(blocks)

    def _rank(self, number: int) -> int:
        """How many of the parameters before `number` are updated."""
        return bisect_right(self._updated, number - 1)

    def updated(self, done: int) -> int:
        """How many parameters, in their order, have passed their update (frozen: none) after `done` operations."""
        before_update = self.count - len(self._updated) * len(self.stages)
        finished = max(done - before_update, 0) // len(self.stages)
        return self._updated[finished] if finished < len(self._updated) else self.parameters.count

    def phases(self) -> list[tuple[str, int, int]]:
        """Each phase of this iteration with its first operation and the one after its last."""
        spans: dict[str, tuple[int, int]] = {}
        for section, start in zip(self.sections, self._starts, strict=False):
            first = spans.get(section.phase, (start, start))[0]
            spans[section.phase] = (first, start + section.count)
        return [(phase, *span) for phase, span in spans.items()]

    def locate(self, k: int) -> Location:
        """Where operation k stands; IndexError beyond the iteration's operations."""
        if not 0 <= k < self.count:
            raise IndexError(f"operation {k} of {self.count}")
        number = bisect_right(self._starts, k) - 1
        section = self.sections[number]
        repeat, rest = divmod(k - self._starts[number], section.length)
        b = bisect_right(section.starts, rest) - 1
        block = section.blocks[b]
        item, kind = divmod(rest - section.starts[b], len(block.kinds))
        repeat_start = self._starts[number] + repeat * section.length
        s = repeat if section.of_samples else None
        return Location(section, s, block, item, block.kinds[kind], repeat_start, repeat_start + section.starts[b])

    def span(self, k: int, unit: Unit) -> tuple[int, int]:
        """The first operation of the unit (NEURON to PHASE; OPERATION: itself) that holds k, and the one after its
        last. A unit is a run of operations that agree in phase, sample, layer and part, as far as it asks for them."""
        if unit in (Unit.ITERATION, Unit.EPOCH):
            return 0, self.count
        here = self.locate(k)
        block, section = here.block, here.section
        match unit:
            case Unit.NEURON:
                start = here.block_start + (k - here.block_start) // block.per_neuron * block.per_neuron
                return start, start + block.per_neuron
            case Unit.LAYER:
                same = [i for i, other in enumerate(section.blocks) if other.layer == block.layer]
                return here.repeat_start + section.starts[same[0]], here.repeat_start + section.starts[same[-1] + 1]
            case Unit.SAMPLE:
                return here.repeat_start, here.repeat_start + section.length
            case Unit.PHASE:
                return next((start, stop) for phase, start, stop in self.phases() if phase == section.phase)
            case _:
                return k, k + 1

    def quantity(self, here: Location) -> Quantity:
        """What the operation at a location writes."""
        l, item = here.block.layer or 0, here.item
        match here.kind:
            case "sample_loss":
                return LOSS
            case "penalty":
                return PENALTY
            case "batch_loss":
                return BATCH_LOSS
            case "weight_gradient":
                row, column = divmod(item, self.spec.network.sizes[l - 1])
                return Quantity("dL/dw", (l, row + 1, column + 1))
            case "bias_gradient":
                shared = self.spec.network.layers[l - 1].bias == "shared"
                return Quantity("dL/db", (l,) if shared else (l, item + 1))
            case "slope_gradient":
                return Quantity("dL/dslope", (l,))
            case "mean_gradient":
                return mean_gradient_of(self.parameters.name(self.parameters.first(l) + item))
            case kind if here.section.phase == "update":
                name = self.parameters.name(self._updated[self._rank(self.parameters.first(l)) + item])
                return name if kind == "parameter_update" else Quantity(kind, (), name)
            case kind:
                return Quantity(_WRITES[kind], (l, item + 1))

    def writer(self, quantity: Quantity, s: int | None) -> int | None:
        """The operation that writes `quantity` of the sample at position s; None if none of this iteration does.

        With a batch of one sample and no penalty, batch_loss and grad[..] are the sample's own loss and gradients,
        under other names.
        """
        if not self.has_means and quantity == BATCH_LOSS:
            quantity, s = LOSS, 0
        if not self.has_means and quantity.kind == "grad" and quantity.parameter:
            quantity, s = gradient_of(quantity.parameter), 0
        kind = self._kind_of(quantity)
        item = self._item_of(quantity)
        layer = quantity.layer
        for section, start in zip(self.sections, self._starts, strict=False):
            for block, offset in zip(section.blocks, section.starts, strict=False):
                if kind not in block.kinds or block.layer != layer or item is None:
                    continue
                if section.of_samples and s is None:
                    return None
                repeat = (s or 0) * section.length if section.of_samples else 0
                return start + repeat + offset + item * len(block.kinds) + block.kinds.index(kind)
        return None

    def _kind_of(self, quantity: Quantity) -> str:
        if quantity.kind == "dL/da":
            return "loss_derivative" if quantity.layer == self.spec.network.last else "activation_gradient"
        if quantity.is_parameter:
            return "parameter_update"
        return KINDS_OF_QUANTITY.get(quantity.kind, quantity.kind)

    def _item_of(self, quantity: Quantity) -> int | None:
        """The quantity's place within its block; None if it is not written."""
        kind, indices, parameter = quantity
        match kind, indices:
            case "dL/dw", (l, j, i):
                return (j - 1) * self.spec.network.sizes[l - 1] + i - 1
            case "dL/db", (l, *j):
                return j[0] - 1 if j else 0
            case ("loss" | "penalty" | "batch_loss"), ():
                return 0
            case "dL/dslope", _:
                return 0
            case ("z" | "a" | "dL/da" | "da/dz" | "dL/dz"), (l, j):
                return j - 1
        name = quantity if quantity.is_parameter else parameter
        if name is None:
            return None
        number, first = self.parameters.number(name), self.parameters.first(name.indices[0])
        if kind == "grad":
            return number - first
        rank = self._rank(number)
        is_updated = rank < len(self._updated) and self._updated[rank] == number
        return rank - self._rank(first) if is_updated else None


_WRITES = {
    "pre_activation": "z", "activation": "a",
    "loss_derivative": "dL/da", "activation_gradient": "dL/da", "activation_derivative": "da/dz", "delta": "dL/dz",
}  # fmt: skip
