"""A layer of File > New: neurons, activation with its constants, bias; and the fields that the dialog is made of."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from engine.activations import ACTIVATIONS
from engine.network import BIASES
from gui import text
from gui.draft import DraftLayer
from gui.entries import EntryError, parse_number
from gui.settings.form import Quiet

MOST_NEURONS = 64


def counter(value: int, changed: Callable[[int], object]) -> QSpinBox:
    """A field for the neurons of a layer or the inputs."""
    spin = QSpinBox()
    spin.setRange(1, MOST_NEURONS)
    spin.setValue(value)
    spin.setKeyboardTracking(False)
    spin.valueChanged.connect(changed)
    return spin


def chooser(names: Iterable[str], chosen: str, changed: Callable[[str], object]) -> QComboBox:
    """One of several names."""
    combo = QComboBox()
    fill(combo, names, chosen)
    combo.activated.connect(lambda place: changed(combo.itemData(place)))
    return combo


def fill(combo: QComboBox, names: Iterable[str], chosen: str) -> None:
    """The names in words, one of them chosen."""
    combo.clear()
    for name in names:
        combo.addItem(text.words(name), name)
    combo.setCurrentIndex(combo.findData(chosen))


class LayerRow(QWidget):
    """Writes into a layer of the draft what is chosen. problem: why what stands in it cannot be begun, if so."""

    reshaped, changed, remove_requested = Signal(), Signal(), Signal()

    def __init__(self, number: int, layer: DraftLayer, is_only: bool) -> None:
        super().__init__()
        self._number, self._layer = number, layer
        self._problems: dict[str, str] = {}
        self._below: list[QWidget] = []
        column, line = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        neurons = counter(layer.neurons, self._set_neurons)
        activation = chooser(ACTIVATIONS, layer.activation, self._set_activation)
        bias = chooser(BIASES, layer.bias, self._set_bias)
        remove = QPushButton("Remove")
        remove.setEnabled(not is_only)
        remove.clicked.connect(self.remove_requested)
        for widget, what in ((neurons, "neurons"), (activation, "activation"), (bias, "bias"), (remove, "remove")):
            widget.setAccessibleName(text.of_layer(number, what))
            line.addWidget(widget)
        self.constants = QHBoxLayout()
        self.note = Quiet()
        for part in (line, self.constants):
            column.addLayout(part)
        column.addWidget(self.note)
        self._show_activation()

    @property
    def problem(self) -> str:
        return next(filter(None, self._problems.values()), "")

    def _show_activation(self) -> None:
        """Fields for the constants of the activation, and what a learner should know of it."""
        for widget in self._below:
            self.constants.removeWidget(widget)
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        self._below, self._problems = [], {}
        for name, value in self._layer.all_constants.items():
            field = QLineEdit(text.typed(value))
            field.setAccessibleName(text.of_layer(self._number, text.words(name)))
            field.textEdited.connect(lambda typed, name=name: self._set_constant(name, typed))
            self._below += [QLabel(text.words(name)), field]
        for widget in self._below:
            self.constants.addWidget(widget)
        note = ACTIVATIONS[self._layer.activation].note
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _set_neurons(self, neurons: int) -> None:
        self._layer.neurons = neurons
        self.reshaped.emit()

    def _set_activation(self, name: str) -> None:
        """Another activation begins with its own constants."""
        if name != self._layer.activation:
            self._layer.activation, self._layer.constants = name, {}
            self._show_activation()
            self.reshaped.emit()

    def _set_bias(self, name: str) -> None:
        self._layer.bias = name
        self.reshaped.emit()

    def _set_constant(self, name: str, typed: str) -> None:
        """A wrong entry is said while it stands there."""
        self._problems[name] = ""
        try:
            self._layer.constants[name] = parse_number(typed)
        except EntryError as error:
            self._problems[name] = str(error)
        self.changed.emit()
