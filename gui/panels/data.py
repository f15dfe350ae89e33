"""Inputs and targets, a row a sample: editable from the iteration shown on; rows are added and removed."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.edits import DataEdit, Entry
from engine.expressions import plain
from engine.frame import Frame
from engine.quantities import Quantity
from gui import text
from gui.number_grid import Cell, NumberGrid, NumberModel


class DataTable(QWidget):
    """The data as a panel."""

    edit_requested = Signal(list)
    sample_requested = Signal(int)
    add_requested = Signal()
    remove_requested = Signal(int)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[Quantity] = []
        self._shown: object = None
        self._trained = 0
        self.model = NumberModel(self._set, self)
        self.model.refused.connect(self.refused)
        self.table = NumberGrid(self.model, "Data")
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.add, self.remove = QPushButton(text.ADD_DATA_ROW), QPushButton(text.REMOVE_DATA_ROW)
        self.add.clicked.connect(self.add_requested)
        self.remove.clicked.connect(lambda: self.remove_requested.emit(self.table.currentIndex().row() + 1))
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        for button in (self.add, self.remove):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            foot.addWidget(button)
        foot.addStretch(1)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.addWidget(self.table, 1)
        parts.addLayout(foot)

    def sizeHint(self) -> QSize:
        return QSize(384, 480)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.table.show_digits(count)

    def show_frame(self, frame: Frame) -> None:
        """The data as they stand in the frame's iteration."""
        spec, edits = frame.session.spec, frame.session.edits
        self.model.mark(frame.sample - 1 if spec.samples > 1 else None)
        at = (spec.data, edits, frame.cursor.iteration if edits else 0, frame.session.notation)
        if at == self._shown:
            return
        self._shown, self._trained = at, spec.samples
        inputs = [Quantity("x", (i,)) for i in range(1, spec.network.inputs + 1)]
        self._names = inputs + [Quantity("y", (k,)) for k in range(1, spec.network.sizes[-1] + 1)]
        rows = [[*x, *y] for x, y in zip(spec.data.inputs, spec.data.targets, strict=True)]
        for edit in edits:
            if isinstance(edit, DataEdit) and edit.iteration <= frame.cursor.iteration:
                rows[edit.sample - 1][self._names.index(edit.quantity)] = edit.value
        columns = [plain(frame.narrator.symbol(name)) for name in self._names]
        self.model.show(rows, columns, [text.row_name(row, spec.samples) for row in range(1, len(rows) + 1)])
        self.remove.setEnabled(len(rows) > 1)

    def go_to(self, quantity: Quantity, sample: int) -> None:
        """Stand in the cell of an input or target of a sample."""
        self.table.setCurrentIndex(self.model.index(sample - 1, self._names.index(quantity)))
        self.table.setFocus()

    def _set(self, cells: list[Cell]) -> None:
        self.edit_requested.emit([Entry(self._names[column], value, row + 1) for row, column, value in cells])

    def _choose(self, current: QModelIndex) -> None:
        """The row gone to is the one whose values are shown."""
        if current.isValid() and current.row() < self._trained:
            self.sample_requested.emit(current.row() + 1)
