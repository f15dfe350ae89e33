"""The table of parameters as a model: a heading a layer, a row a parameter; what is in each cell, what edits ask."""

from bisect import bisect_right

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from engine.edits import Entry
from engine.expressions import plain
from engine.frame import Frame
from engine.network import frozen_parameters
from engine.optimizers import PARAMETER
from engine.quantities import Quantity, gradient_of, mean_gradient_of
from gui import text
from gui.copying import FULL
from gui.digits import USUAL
from gui.entries import EntryError, parse_number
from gui.focus import Focus, is_elsewhere, operations_since, parameter_of

FROZEN, SYMBOL, VALUE, GRADIENT, CHANGE, NEW = range(6)
HEADS = ("", "", "Value", "Gradient", "Change", "New")
WIDTHS = (22, 28, 72, 82, 84, 72)
ROW, MOST_TOLD = 28, 64
READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
TICKED, EDITED = READ | Qt.ItemFlag.ItemIsUserCheckable, READ | Qt.ItemFlag.ItemIsEditable
Index = QModelIndex | QPersistentModelIndex


class ParametersModel(QAbstractTableModel):
    """A heading a layer, and under it a row for every parameter in parameter order."""

    edit_requested = Signal(list)
    edit_next_requested = Signal(list)
    freeze_requested = Signal(object, bool)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.focus, self.digits = Focus(), USUAL
        self._headings: list[int] = []
        self._frozen: set[Quantity] = set()

    def show_frame(self, frame: Frame) -> None:
        """Take another frame; rows are built anew only for another spec, and others told to be seen only where they
        are."""
        before, since = self.frame, operations_since(self.frame, frame)
        anew = self.frame is None or self.frame.session.spec is not frame.session.spec
        if anew:
            self.beginResetModel()
            spec, parameters = frame.session.spec, frame.program.parameters
            self._headings = [parameters.first(l) + l - 1 for l in range(1, spec.network.last + 1)]
            self._frozen = {name for entry in spec.frozen for name in frozen_parameters(spec.network, entry)}
        self.frame = frame
        if anew:
            self.endResetModel()
        elif since is None or len(since) > MOST_TOLD:
            is_same = before is not None and _is_beside_same(before, frame)
            self.dataChanged.emit(self.index(0, VALUE if is_same else 0), self.index(self.rowCount() - 1, NEW))
        else:
            self._tell(since)

    def _tell(self, operations: range) -> None:
        """The rows of the parameters that these operations are about have changed."""
        assert self.frame is not None
        program = self.frame.program
        names = {parameter_of(program.quantity(program.locate(k))) for k in operations}
        for row in sorted(self.row_of(name) for name in names if name is not None):
            self.dataChanged.emit(self.index(row, 0), self.index(row, NEW))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self.frame is None:
            return 0
        return self.frame.program.parameters.count + len(self._headings)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADS)

    def layer_at(self, row: int) -> int | None:
        """The layer that a heading's row names; None for a parameter's row."""
        return self._headings.index(row) + 1 if row in self._headings else None

    def parameter_at(self, row: int) -> Quantity:
        assert self.frame is not None
        return self.frame.program.parameters.name(row - bisect_right(self._headings, row))

    def row_of(self, parameter: Quantity) -> int:
        assert self.frame is not None
        number = self.frame.program.parameters.number(parameter)
        return number + parameter.indices[0]

    def quantity_at(self, index: Index) -> Quantity | None:
        """The quantity that a cell shows: the parameter, or its gradient; None in a heading, and for an index of rows
        that are no more."""
        if not index.isValid() or self.layer_at(index.row()) is not None:
            return None
        name = self.parameter_at(index.row())
        return self._gradient_of(name) if index.column() == GRADIENT else name

    def _gradient_of(self, parameter: Quantity) -> Quantity:
        """What the optimizer gets: of a single sample its own gradient."""
        assert self.frame is not None
        return mean_gradient_of(parameter) if self.frame.trace.has_means else gradient_of(parameter)

    def number_at(self, row: int, column: int) -> float | None:
        """The number in a cell; None where there is none yet."""
        assert self.frame is not None
        frame, name = self.frame, self.parameter_at(row)
        if column == VALUE:
            return frame.trace.old(PARAMETER, name)
        if column == GRADIENT:
            return frame.value(self._gradient_of(name), frame.trace.rows[0] + 1)
        new = frame.trace.new(PARAMETER, name) if frame.is_written(name) else None
        if column == CHANGE and new is not None:
            return new - frame.trace.old(PARAMETER, name)
        return new

    def is_frozen(self, row: int) -> bool:
        return self.parameter_at(row) in self._frozen

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if self.frame is None or self.layer_at(row) is not None:
            layer = self.layer_at(row) if self.frame else None
            return text.layer_tab(layer) if layer and column == SYMBOL and role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.CheckStateRole and column == FROZEN:
            return Qt.CheckState.Checked if self.is_frozen(row) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.EditRole and column in (VALUE, NEW):
            return repr(self.number_at(row, column))
        if role in (FULL, Qt.ItemDataRole.ToolTipRole) and column > SYMBOL:
            number = self.number_at(row, column)
            if role == FULL:
                return None if number is None else repr(number)
            return text.PARAMETER_TIPS[column] if number is None else f"{number!r}\n{text.PARAMETER_TIPS[column]}"
        if role != Qt.ItemDataRole.DisplayRole or column == FROZEN:
            return None
        if column == SYMBOL:
            return plain(self.frame.narrator.symbol(self.parameter_at(row)))
        return text.number(self.number_at(row, column), self.digits)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return text.PARAMETER_TIPS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.layer_at(index.row()) is not None:
            return Qt.ItemFlag.NoItemFlags
        if index.column() == FROZEN:
            return TICKED
        is_new = index.column() == NEW and self.number_at(index.row(), NEW) is not None
        return EDITED if is_new or index.column() == VALUE else READ

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for what was typed or ticked; a wrong entry is refused in a sentence and the old value stays."""
        name = self.parameter_at(index.row())
        if role == Qt.ItemDataRole.CheckStateRole:
            self.freeze_requested.emit(name, Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        old = self.number_at(index.row(), index.column())
        try:
            number = parse_number(str(value))
        except EntryError as error:
            self.refused.emit(f"{error} Still {text.number(old)}.")
            return False
        if number != old:
            request = self.edit_next_requested if index.column() == NEW else self.edit_requested
            request.emit([Entry(name, number)])
        return True

    def paste(self, row: int, block: str) -> None:
        """The numbers of a spreadsheet's block, row by row, into the parameters from `row` on in their order; nothing
        is set unless all of them are numbers and find a place."""
        assert self.frame is not None
        rows = [r for r in range(row, self.rowCount()) if self.layer_at(r) is None]
        try:
            numbers = [parse_number(cell) for line in block.splitlines() for cell in line.split("\t") if cell.strip()]
        except EntryError as error:
            self.refused.emit(text.not_pasted(error))
            return
        if len(numbers) > len(rows):
            self.refused.emit(text.too_many_pasted(len(numbers), len(rows)))
            return
        places = zip(rows, numbers, strict=False)
        changed = [Entry(self.parameter_at(r), number) for r, number in places if number != self.number_at(r, VALUE)]
        if changed:
            self.edit_requested.emit(changed)


def _is_beside_same(before: Frame, frame: Frame) -> bool:
    """Whether what stands beside the numbers looks the same: symbols, ticks, and the row of the operation shown."""
    is_here = not is_elsewhere(before, frame) and before.cursor.factor == frame.cursor.factor
    return is_here and before.session.notation == frame.session.notation
