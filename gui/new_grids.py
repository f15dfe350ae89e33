"""The tables of File > New: the weights and biases of a layer, and the data."""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui import text
from gui.draft import Draft
from gui.number_grid import Cell, NumberGrid, NumberModel

Changed: TypeAlias = Callable[[], object]
Refused: TypeAlias = Callable[[str], object]


def weights_grid(draft: Draft, number: int, changed: Changed, refused: Refused) -> NumberGrid:
    """Rows: the neurons of a layer; columns: their sources, then the bias. A shared bias stands in every row."""
    layer, sources = draft.layers[number - 1], draft.sizes[number - 1]
    source = "x" if number == 1 else "a"
    columns = [f"w from {source}{i}" for i in range(1, sources + 1)] + ["bias"] * (layer.bias != "none")

    def set_numbers(cells: list[Cell]) -> None:
        for row, column, value in cells:
            if column < sources:
                layer.weights[row][column] = value
            else:
                layer.biases[row if layer.bias == "per_neuron" else 0] = value
        fill()
        changed()

    def fill() -> None:
        biases = layer.biases * layer.neurons if layer.bias == "shared" else layer.biases
        rows = [[*weights, *biases[j : j + 1]] for j, weights in enumerate(layer.weights)]
        model.show(rows, columns, [f"neuron {j}" for j in range(1, layer.neurons + 1)])

    model = NumberModel(set_numbers)
    fill()
    return _grid(model, text.weights_of_layer(number), refused)


def data_page(draft: Draft, changed: Changed, refused: Refused) -> QWidget:
    """A row a sample, with buttons for one more and one less."""
    inputs, outputs = draft.inputs, draft.sizes[-1]
    columns = [f"x{i}" for i in range(1, inputs + 1)] + [f"target {k}" for k in range(1, outputs + 1)]

    def set_numbers(cells: list[Cell]) -> None:
        for row, column, value in cells:
            draft.samples[row][column] = value
        fill()
        changed()

    def fill() -> None:
        model.show(draft.samples, columns, [str(s) for s in range(1, len(draft.samples) + 1)])

    def change_rows(add: bool) -> None:
        samples = draft.samples
        draft.samples = [*samples, list(samples[-1])] if add else samples[:-1] or samples
        fill()
        changed()

    model = NumberModel(set_numbers)
    fill()
    page, parts, buttons = QWidget(), QVBoxLayout(), QHBoxLayout()
    parts.setContentsMargins(0, 0, 0, 0)
    parts.addWidget(_grid(model, text.DATA, refused))
    for words, add in ((text.ADD_ROW, True), (text.REMOVE_LAST_ROW, False)):
        button = QPushButton(words)
        button.clicked.connect(lambda _=False, add=add: change_rows(add))
        buttons.addWidget(button)
    buttons.addStretch(1)
    parts.addLayout(buttons)
    page.setLayout(parts)
    return page


def _grid(model: NumberModel, name: str, refused: Refused) -> NumberGrid:
    """The table of a model, which lives as long as it."""
    grid = NumberGrid(model, name)
    model.setParent(grid)
    model.refused.connect(refused)
    return grid
