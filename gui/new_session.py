"""File > New: a person's own worked example in one dialog, with a drawing that follows every change."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from engine.checks import SpecError
from engine.frame import Frame
from engine.notation import NOTATIONS
from engine.optimizers import OPTIMIZERS
from engine.session import Session
from gui import text
from gui.canvas.view import Canvas
from gui.draft import Draft, DraftLayer
from gui.entries import EntryError, parse_number
from gui.layer_row import LayerRow, chooser, counter, fill
from gui.new_grids import data_page, weights_grid
from gui.widgets import Choices

MOST_LAYERS = 6
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


class NewSession(QDialog):
    """Enters a network with its numbers. preview(session) gives the frame that the drawing shows."""

    def __init__(self, preview: Callable[[Session], Frame], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.NEW_TITLE)
        self.draft, self._first, self._preview, self._wrong_rate = Draft(), Draft(), preview, ""
        self.canvas, self.problem = Canvas(), QLabel()
        self.problem.setWordWrap(True)
        self.layers, self.tabs, self.form = QVBoxLayout(), QTabWidget(), QFormLayout()
        self.buttons = Choices(self, text.BEGIN)
        self._fields()
        self._arrange()
        self._rebuild()
        self.resize(1080, 680)

    def reject(self) -> None:
        """Cancel and Escape; what was entered is not lost without a question."""
        button = QMessageBox.StandardButton
        if self.draft == self._first or button.Discard == QMessageBox.question(
            self, text.NEW_TITLE, text.LEAVE_NEW, button.Discard | button.Cancel, button.Cancel
        ):
            super().reject()

    def session(self) -> Session:
        """The session entered; SpecError while something does not fit."""
        return self.draft.session()

    def _fields(self) -> None:
        self.title = QLineEdit()
        self.title.textEdited.connect(self._set_title)
        self.inputs = counter(self.draft.inputs, self._set_inputs)
        self.loss, self.optimizer = QComboBox(), chooser(OPTIMIZERS, self.draft.optimizer, self._set_optimizer)
        self.loss.activated.connect(lambda place: self._set_loss(self.loss.itemData(place)))
        self.rate = QLineEdit(text.typed(self.draft.learning_rate))
        self.rate.textEdited.connect(self._set_rate)
        self.form.addRow(text.TITLE, self.title)
        self.form.addRow(text.INPUTS, self.inputs)
        self.form.addRow(text.LAYERS, self.layers)
        self.form.addRow(text.LOSS, self.loss)
        self.form.addRow(text.TRAINING, self.optimizer)
        self.form.addRow(text.LEARNING_RATE, self.rate)
        self.form.addRow(text.SYMBOL_KIND, chooser(NOTATIONS, self.draft.notation, self._set_notation))

    def _arrange(self) -> None:
        left, right, both, whole = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        left.addLayout(self.form)
        left.addStretch(1)
        right.addWidget(self.canvas, 3)
        right.addWidget(self.tabs, 2)
        both.addLayout(left)
        both.addLayout(right, 1)
        whole.addLayout(both, 1)
        whole.addWidget(self.problem)
        whole.addWidget(self.buttons)

    def _rebuild(self, chosen: int | None = None) -> None:
        """Another number of layers: their rows are made anew, and all that depends on them. The keyboard goes on in the
        row of the layer chosen, from 0."""
        _clear(self.layers)
        for number, layer in enumerate(self.draft.layers, 1):
            self.layers.addWidget(self._layer_row(number, layer))
        add = QPushButton(text.ADD_LAYER)
        add.setEnabled(len(self.draft.layers) < MOST_LAYERS)
        add.clicked.connect(self._add_layer)
        self.layers.addWidget(add)
        self._refit()
        if chosen is not None:
            _stops(_widgets(self.layers)[chosen])[0].setFocus()

    def _refit(self) -> None:
        """The same rows with another choice in one of them, which keeps the focus: losses, grids and drawing follow."""
        self.draft.fit()
        fill(self.loss, self.draft.allowed_losses(), self.draft.loss)
        self._grids()
        self._show()

    def _layer_row(self, number: int, layer: DraftLayer) -> LayerRow:
        row = LayerRow(number, layer, is_only=len(self.draft.layers) == 1)
        row.reshaped.connect(self._refit)
        row.changed.connect(self._show)
        row.remove_requested.connect(lambda: self._remove_layer(number - 1))
        return row

    def _grids(self) -> None:
        """A tab for each layer's weights and biases, and one for the data."""
        current = self.tabs.currentIndex()
        while self.tabs.count():
            page = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if page is not None:
                page.deleteLater()
        answers = self._show, self.problem.setText
        for number in range(1, len(self.draft.layers) + 1):
            self.tabs.addTab(weights_grid(self.draft, number, *answers), text.layer_tab(number))
        self.tabs.addTab(data_page(self.draft, *answers), text.DATA)
        self.tabs.setCurrentIndex(max(min(current, self.tabs.count() - 1), 0))
        self._order_keys()

    def _order_keys(self) -> None:
        """Tab goes down the fields, then through the grid to the buttons; what is made anew would come last."""
        pages = (self.tabs.widget(place) for place in range(self.tabs.count()))
        for way in (
            [self.inputs, *_stops(*_widgets(self.layers)), self.loss],
            [self.tabs.tabBar(), *_stops(*pages, self.buttons)],
        ):
            for before, after in pairwise(way):
                QWidget.setTabOrder(before, after)

    def _show(self) -> None:
        """Draw what the draft describes, or say what does not fit; only what fits can be begun."""
        rows = (widget for widget in _widgets(self.layers) if isinstance(widget, LayerRow))
        problem = self._wrong_rate or next(filter(None, (row.problem for row in rows)), "")
        try:
            self.canvas.show_frame(self._preview(self.draft.session()))
        except SpecError as error:
            problem = problem or str(error)
        self.problem.setText(problem)
        self.buttons.accepting.setEnabled(not problem)

    def _set_title(self, words: str) -> None:
        self.draft.title = words

    def _set_inputs(self, value: int) -> None:
        self.draft.inputs = value
        self._refit()

    def _set_loss(self, name: str) -> None:
        self.draft.loss = name
        self._show()

    def _set_optimizer(self, name: str) -> None:
        self.draft.optimizer = name
        self._show()

    def _set_notation(self, name: str) -> None:
        self.draft.notation = name
        self._show()

    def _set_rate(self, typed: str) -> None:
        """A wrong entry is said while it stands there, and nothing is begun with it."""
        try:
            self.draft.learning_rate, self._wrong_rate = parse_number(typed), ""
        except EntryError as error:
            self._wrong_rate = str(error)
        self._show()

    def _add_layer(self) -> None:
        """One more hidden layer before the output."""
        self.draft.layers.insert(-1, DraftLayer(2))
        self._rebuild(len(self.draft.layers) - 2)

    def _remove_layer(self, place: int) -> None:
        del self.draft.layers[place]
        self._rebuild(min(place, len(self.draft.layers) - 1))


def _widgets(layout: QVBoxLayout) -> list[QWidget]:
    """The widgets of a layout, in order."""
    items = (layout.itemAt(place) for place in range(layout.count()))
    return [widget for item in items if item is not None and (widget := item.widget()) is not None]


def _stops(*widgets: QWidget | None) -> list[QWidget]:
    """Where Tab stops in some widgets: at themselves, or at what they hold."""
    stops: list[QWidget] = []
    for widget in filter(None, widgets):
        held = [widget] if _is_stop(widget) else widget.findChildren(QWidget, options=DIRECT)
        stops += filter(_is_stop, held)
    return stops


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _clear(layout: QVBoxLayout) -> None:
    """Take all widgets out; they are deleted only later, so they are hidden now."""
    for widget in _widgets(layout):
        layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()
