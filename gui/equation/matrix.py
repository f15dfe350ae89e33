"""The matrix form of a layer's operation: z = W x + b, δ = (Wᵀ δ) ⊙ f'(z), dW = δ xᵀ, with the cells at work lit.

`matrix_form` says what stands there as a pure function of the frame.
"""

from collections.abc import Callable, Mapping
from math import inf
from typing import NamedTuple

from engine.expressions import Expression, Symbol
from engine.frame import Frame
from engine.operations import Operation
from engine.optimizers import PARAMETER
from engine.quantities import Quantity, gradient_of, mean_gradient_of
from gui import formula, text
from gui.equation.cells import FOLDED

Cells = list[list[float | None]]
Lit = Mapping[tuple[int, int], int | None]


class Grid(NamedTuple):
    """A matrix or vector: its symbol, its numbers (None not yet computed), and the cells at work, from 0, with the
    colour of their factor or term on the canvas; None for what is written. coming: those of them that a walk by FACTOR
    has not come to."""

    symbol: Expression
    cells: Cells
    lit: Lit
    mark: str = ""
    coming: frozenset[tuple[int, int]] = frozenset()


class Operator(NamedTuple):
    """What stands between grids: in the row of symbols, and between the numbers."""

    symbols: str
    numbers: str


Part = Grid | Operator
EQUALS, TIMES, PLUS, ARROW, BY_CELL = (Operator(sign, sign) for sign in "=·+←⊙")


def matrix_form(frame: Frame, digits: int = 5) -> list[Part]:
    """The parts of the matrix form in a row, grids and the operators between them; empty where there is none. The
    learning rate is written with so many digits."""
    operation = frame.operation
    rule = None if operation is None else FORMS.get(operation.kind)
    if operation is None or rule is None:
        return []
    numbers = _Numbers(frame, operation.sample, digits)
    return [numbers.walked(part) if isinstance(part, Grid) else part for part in rule(numbers, operation)]


class _Numbers(NamedTuple):
    """Columns and matrices of the frame's values for one sample."""

    frame: Frame
    sample: int | None
    digits: int

    def column(self, kind: str, l: int) -> Cells:
        """The values of a layer's quantities as a column."""
        return [[self.value(name)] for name in self.names(kind, l)]

    def value(self, quantity: Quantity) -> float | None:
        return self.frame.value(quantity, self.sample)

    def names(self, kind: str, l: int) -> list[Quantity]:
        count = range(1, self.frame.session.spec.network.sizes[l] + 1)
        return [Quantity("x", (j,)) if kind == "a" and l == 0 else Quantity(kind, (l, j)) for j in count]

    def colors(self) -> tuple[int, int]:
        """Of the two operands of a product: along a chain the second is its last factor, the first all those before."""
        chain = self.frame.chain
        if chain is None or chain.branches or len(chain.links) < 2:
            return 0, 1
        last = len(chain.links) - 1
        return (FOLDED if last > 1 else 0), last

    def walked(self, grid: Grid) -> Grid:
        """A grid on a walk by FACTOR: what is to be written is to come, like all that the walk has not reached."""
        walked = self.frame.cursor.factor
        if not walked:
            return grid
        return grid._replace(coming=frozenset(at for at, color in grid.lit.items() if self._place(color) >= walked))

    def _place(self, color: int | None) -> float:
        """Which factor or term of the walk, from 0, completes what has a colour."""
        return inf if color is None else self.colors()[1] - 1 if color == FOLDED else color

    def weights(self, l: int) -> Cells:
        """W of a layer before its update."""
        trace = self.frame.trace
        rows: list[list[float]] = trace.parameters.weights(trace.flat("old", PARAMETER), l).tolist()
        return [list(row) for row in rows]

    def biases(self, l: int) -> Cells:
        trace = self.frame.trace
        return [[float(b)] for b in trace.parameters.matrix(trace.flat("old", PARAMETER), l)[:, -1]]


def _symbol(letter: str, l: int, accent: str = "") -> Symbol:
    return Symbol(letter, "", "" if letter == "x" else f"[{l}]", accent)


def _source(l: int) -> Symbol:
    return _symbol("a", l) if l else _symbol("x", 0)


def _transposed(cells: Cells) -> Cells:
    return [list(row) for row in zip(*cells, strict=True)]


def _one(color: int | None, j: int, i: int = 0) -> Lit:
    return {(j, i): color}


def _all(cells: Cells, color: int) -> Lit:
    return {(i, j): color for i, row in enumerate(cells) for j in range(len(row))}


def _pre_activation(n: _Numbers, operation: Operation) -> list[Part]:
    l, j = operation.quantity.indices
    z, W, a = n.column("z", l), n.weights(l), n.column("a", l - 1)
    terms = range(len(a))
    parts: list[Part] = [
        Grid(_symbol("z", l), z, _one(None, j - 1)), EQUALS,
        Grid(_symbol("W", l), W, {(j - 1, i): i for i in terms}), TIMES,
        Grid(_source(l - 1), a, {(i, 0): i for i in terms}),
    ]  # fmt: skip
    if n.frame.session.spec.network.layers[l - 1].bias == "none":
        return parts
    return [*parts, PLUS, Grid(_symbol("b", l), n.biases(l), _one(len(a), j - 1))]


def _activation(n: _Numbers, operation: Operation) -> list[Part]:
    l, j = operation.quantity.indices
    layer, z = n.frame.session.spec.network.layers[l - 1], n.column("z", l)
    name = formula.FUNCTION_LETTERS.get(layer.activation, layer.activation)
    lit = _one(0, j - 1) if layer.function.is_elementwise else _all(z, 0)
    a = Grid(_symbol("a", l), n.column("a", l), _one(None, j - 1))
    return [a, EQUALS, Operator(f"{name} of", f"{name} of"), Grid(_symbol("z", l), z, lit)]


def _activation_gradient(n: _Numbers, operation: Operation) -> list[Part]:
    l, j = operation.quantity.indices
    W, delta = _transposed(n.weights(l + 1)), n.column("dL/dz", l + 1)
    terms = range(len(delta))
    before, last = n.colors() if len(delta) == 1 else (None, None)
    return [
        Grid(_derivative("a", l), n.column("dL/da", l), _one(None, j - 1)), EQUALS,
        Grid(_symbol("W", l + 1), W, {(j - 1, k): k if last is None else last for k in terms}, "T"), TIMES,
        Grid(_symbol("δ", l + 1), delta, {(k, 0): k if before is None else before for k in terms}),
    ]  # fmt: skip


def _delta(n: _Numbers, operation: Operation) -> list[Part]:
    l, j = operation.quantity.indices
    if not n.frame.session.spec.network.layers[l - 1].function.is_elementwise:
        return []
    before, last = n.colors()
    slope = Symbol(f"{formula.italic('f')}′({formula.italic('z')})", "", f"[{l}]")
    return [
        Grid(_symbol("δ", l), n.column("dL/dz", l), _one(None, j - 1)), EQUALS,
        Grid(_derivative("a", l), n.column("dL/da", l), _one(before, j - 1)), BY_CELL,
        Grid(slope, n.column("da/dz", l), _one(last, j - 1)),
    ]  # fmt: skip


def _weight_gradient(n: _Numbers, operation: Operation) -> list[Part]:
    l, j, i = operation.quantity.indices
    sizes = n.frame.session.spec.network.sizes
    name = operation.quantity.kind
    dW = [
        [n.value(Quantity(name, (l, row, column))) for column in range(1, sizes[l - 1] + 1)]
        for row in range(1, sizes[l] + 1)
    ]
    before, last = n.colors()
    return [
        Grid(_derivative("W", l), dW, _one(None, j - 1, i - 1)), EQUALS,
        Grid(_symbol("δ", l), n.column("dL/dz", l), _one(before, j - 1)), TIMES,
        Grid(_source(l - 1), _transposed(n.column("a", l - 1)), _one(last, 0, i - 1), "T"),
    ]  # fmt: skip


def _update(n: _Numbers, operation: Operation) -> list[Part]:
    """W ← W − η·∂L/∂W, by plain gradient descent."""
    spec = n.frame.session.spec
    if spec.optimizer.name != "gradient_descent" or operation.quantity.kind != "w":
        return []
    l, j, i = operation.quantity.indices
    old = n.weights(l)
    names = [[Quantity("w", (l, row + 1, column + 1)) for column in range(len(old[0]))] for row in range(len(old))]
    new = [[n.value(name) if n.frame.is_written(name) else None for name in row] for row in names]
    has_means = n.frame.trace.has_means
    gradient = [[n.value(mean_gradient_of(name) if has_means else gradient_of(name)) for name in row] for row in names]
    step = Operator(f"− {formula.italic('η')} ·", f"− {text.number(n.frame.learning_rate, n.digits)} ·")
    return [
        Grid(_symbol("W", l), new, _one(None, j - 1, i - 1)), ARROW,
        Grid(_symbol("W", l), old, _one(0, j - 1, i - 1)), step,
        Grid(_derivative("W", l, "mean " if has_means else ""), gradient, _one(1, j - 1, i - 1)),
    ]  # fmt: skip


def _derivative(letter: str, l: int, word: str = "") -> Symbol:
    """What stands above the gradient of a whole layer: ∂L/∂a."""
    return Symbol(f"{word}∂{formula.italic('L')}/∂{formula.italic(letter)}", "", f"[{l}]")


FORMS: Mapping[str, Callable[[_Numbers, Operation], list[Part]]] = {
    "pre_activation": _pre_activation,
    "activation": _activation,
    "activation_gradient": _activation_gradient,
    "delta": _delta,
    "weight_gradient": _weight_gradient,
    "parameter_update": _update,
}
"""The kinds of operation that a textbook writes with vectors."""
