"""What is drawn of a network's predictions: its answers over a grid of inputs, and for the data, at the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.edits import DataEdit, data_at
from engine.frame import Frame
from engine.network import Network
from engine.parameters import Parameters
from engine.prediction import Predictor, accuracy, classes, decided
from gui.axes import Span
from gui.text import class_names, rounded_up

SIDE, SMALLEST_SIDE, CURVE = 48, 16, 241
MULTIPLICATIONS = 4_000_000
"""What a surface may cost: a large network is drawn on a coarser grid."""
MOST_SAMPLES = 2000
"""More samples are neither drawn nor counted; the panel says so."""
FARTHEST = 1e300
"""The largest input, either way, that an axis shows."""
MARGIN = 0.15


class Question(NamedTuple):
    """What the user wants to see: an output, from 1 (0: the largest), over one or two inputs, from 1."""

    output: int = 1
    across: int = 1
    up: int = 2


@dataclass(frozen=True)
class Answer:
    """Everything that a picture of the predictions shows.

    inputs (rows, inputs), targets and predictions (rows, outputs); losses (rows,); the last `held` rows are held out;
    `shown`: the row whose values are shown elsewhere, from 0. grid: all outputs over the plane (outputs, side, side), y
    upwards, or over the line (outputs, 1, points). names: of the classes.
    """

    question: Question
    inputs: Array
    targets: Array
    predictions: Array
    losses: Array
    held: int
    rows: int
    shown: int
    x: Span
    y: Span
    grid: Array
    names: Sequence[str]

    @cached_property
    def meant(self) -> NDArray[np.intp] | None:
        """The class of each row; None where targets are no classes."""
        return classes(self.targets)

    @cached_property
    def wrong(self) -> NDArray[np.intp]:
        """The rows, from 0, whose prediction says another class than their target."""
        return np.flatnonzero(decided(self.predictions) != self.meant) if self.meant is not None else np.zeros(0, int)

    @property
    def trained(self) -> slice:
        """The rows that are trained on."""
        return slice(0, len(self.inputs) - self.held)

    @property
    def is_line(self) -> bool:
        """Whether there is one input, so that a curve is drawn."""
        return len(self.surface) == 1

    @property
    def surface(self) -> Array:
        """The chosen output over the plane (side, side), or over the line (1, points)."""
        return np.asarray(self.grid[max(self.question.output, 1) - 1])

    @cached_property
    def limits(self) -> Span:
        """What the two ends of the colour ramp stand for: 0 and 1 for classes, else the same below 0 as above it."""
        if self.meant is not None:
            return Span(0.0, 1.0)
        column = self.targets[:, max(self.question.output, 1) - 1]
        sizes = np.abs(np.concatenate((self.surface.ravel(), column)))
        largest = rounded_up(float(sizes[np.isfinite(sizes)].max(initial=0.0)))
        return Span(-largest, largest)

    def correct(self, rows: slice) -> tuple[int, int] | None:
        """How many of these rows are predicted right; None where targets are no classes."""
        return accuracy(self.targets[rows], self.predictions[rows]) if self.meant is not None else None

    def mean_loss(self, rows: slice) -> float:
        return float(self.losses[rows].mean())


class Answers:
    """Answers to one question after another; computed anew only where parameters, data or question have changed."""

    def __init__(self) -> None:
        self._at: tuple[object, ...] = ()
        self._kept: object = None  # what `_at` names by identity, so that nothing else gets its identity
        self._rows, self._predictors = Rows(), Predictors()
        self._answer: Answer | None = None

    def of(self, frame: Frame, question: Question) -> Answer:
        inputs, targets = self._rows.of(frame)
        shown = min(frame.sample, len(frame.session.spec.data.inputs)) - 1
        flat = frame.parameter_vector
        at = (id(inputs), id(frame.session.spec), question, shown, flat.tobytes())
        if self._answer is None or at != self._at:
            self._at, self._kept = at, (inputs, frame.session.spec)
            self._answer = self._computed(frame, question, inputs, targets, shown)
        return self._answer

    def _computed(self, frame: Frame, question: Question, inputs: Array, targets: Array, shown: int) -> Answer:
        spec, flat = frame.session.spec, frame.parameter_vector
        network, places = spec.network, frame.trace.parameters
        kept = drawn_rows(len(inputs), spec.data.held_back)
        x, y = (span_of(inputs[:, place - 1]) for place in (question.across, min(question.up, network.inputs)))
        plane = _plane(network, x, y, question, inputs[shown])
        predictor = self._predictors.of(network, places, len(plane))
        found = predictor.activations(flat, plane)[-1]
        height = 1 if network.inputs == 1 else round(sqrt(len(plane)))
        grid = found.T.reshape(network.sizes[-1], height, -1).copy()
        rows = self._predictors.of(network, places, len(kept))
        predictions = rows.activations(flat, inputs[kept])[-1].copy()
        losses = rows.losses(spec.loss, targets[kept])
        held = int((kept >= spec.samples).sum())
        where = int(np.searchsorted(kept, shown))
        return Answer(
            question, inputs[kept], targets[kept], predictions, losses, held, len(inputs),
            where if where < len(kept) and kept[where] == shown else -1, x, y, grid, class_names(spec),
        )  # fmt: skip


class Rows:
    """The data in a frame's iteration as arrays, made anew only when they are others."""

    def __init__(self) -> None:
        self._at: tuple[object, ...] = ()
        self._arrays = (np.zeros((0, 0)), np.zeros((0, 0)))

    def of(self, frame: Frame) -> tuple[Array, Array]:
        """Inputs (rows, inputs) and targets (rows, outputs)."""
        spec, iteration = frame.session.spec, frame.cursor.iteration
        edits = tuple(
            edit for edit in frame.session.edits if isinstance(edit, DataEdit) and edit.iteration <= iteration
        )
        # The data are compared by identity, since they may be long.
        if not self._at or self._at[0] is not spec.data or self._at[1] != edits:
            self._at = (spec.data, edits)
            self._arrays = data_at(spec, edits, iteration)
        return self._arrays


class Predictors:
    """Predictors of one network, one for each number of samples."""

    def __init__(self) -> None:
        self._network: Network | None = None
        self._made: dict[int, Predictor] = {}

    def of(self, network: Network, places: Parameters, samples: int) -> Predictor:
        if network is not self._network:
            self._network, self._made = network, {}
        if samples not in self._made:
            self._made[samples] = Predictor(network, places, samples)
        return self._made[samples]


def drawn_rows(rows: int, held: int) -> NDArray[np.intp]:
    """The rows, from 0, that are drawn and counted: all, or evenly many of those trained on and of those held out."""
    if rows <= MOST_SAMPLES:
        return np.arange(rows)
    step = -(-rows // MOST_SAMPLES)
    return np.concatenate((np.arange(0, rows - held, step), np.arange(rows - held, rows, step)))


def side_of(network: Network) -> int:
    """How many points a surface has along each side."""
    sizes = network.sizes
    cost = sum(below * above for below, above in pairwise(sizes))
    return int(min(max(sqrt(MULTIPLICATIONS / cost), SMALLEST_SIDE), SIDE))


def plane_of(x: Span, y: Span, side: int) -> tuple[Array, Array]:
    """The two coordinates (side²,) of a grid's points, row by row from the lowest y."""
    columns, rows = np.meshgrid(np.linspace(x.low, x.high, side), np.linspace(y.low, y.high, side))
    return columns.ravel(), rows.ravel()


def _plane(network: Network, x: Span, y: Span, question: Question, held: Array) -> Array:
    """The inputs (points, inputs) of a surface or curve; what lies on no axis has the value of the sample shown."""
    if network.inputs == 1:
        return np.linspace(x.low, x.high, CURVE)[:, None]
    side = side_of(network)
    inputs = np.tile(held, (side * side, 1))
    inputs[:, question.across - 1], inputs[:, question.up - 1] = plane_of(x, y, side)
    return inputs


def span_of(values: Array) -> Span:
    """What an axis shows of an input: all its values, and a margin, as far as its width is still a float."""
    held = np.clip(values, -FARTHEST, FARTHEST)
    return Span(float(held.min()), float(held.max())).wider(MARGIN)
