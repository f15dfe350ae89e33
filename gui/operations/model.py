"""The listing as a model: every operation with its formula and, up to the cursor, its value.

Rows are found by arithmetic and described when they are painted, so 300,000 cost what 32 cost.
"""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.expressions import Expression, Sum, plain
from engine.frame import Frame
from engine.operations import Operation
from engine.program import Program
from engine.stops import PhaseStart, Stop
from gui import formula, text
from gui.breakpoints import breakpoint_at
from gui.copying import FULL
from gui.digits import USUAL
from gui.focus import Focus
from gui.operations.filtering import Entry, Filter, matching
from gui.operations.rows import Part, Rows

SIZE, MOST_TERMS, MOST_FORMULAS = 14, 6, 2000
Index = QModelIndex | QPersistentModelIndex


class OperationsModel(QAbstractListModel):
    """The rows of a frame's program that the filter lets through, under their headings."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.focus, self.digits = Focus(), USUAL
        self.stops: dict[Stop, bool] = {}
        self.filter = Filter()
        self.rows: Rows | None = None
        self._entries: list[Entry] = []
        self._made_for: object = None
        self._formulas: dict[int, formula.Box] = {}
        self._written: object = None

    def show_frame(self, frame: Frame) -> None:
        """Take another frame; rows are built anew only where the program is another. The view then repaints what is in
        sight: a signal for every one of 300,000 rows would take a second."""
        self.frame = frame
        if self._made_for != self._rows_depend_on(frame):
            self._make_rows(frame)
        written = frame.program, frame.session.notation, frame.trace.rows
        if written != self._written or len(self._formulas) > MOST_FORMULAS:
            self._written, self._formulas = written, {}

    def show_filter(self, wanted: Filter, entries: list[Entry]) -> None:
        """Let through what a filter wants of the operations whose entries are known."""
        self.filter, self._entries = wanted, entries
        if self.frame is not None:
            self._make_rows(self.frame)

    def _rows_depend_on(self, frame: Frame) -> tuple[Program, tuple[int, ...]]:
        return frame.program, tuple(frame.trace.rows) if self.filter.samples else ()

    def _make_rows(self, frame: Frame) -> None:
        self.beginResetModel()
        shown = None
        if self.filter != Filter():
            shown = matching(frame.program, frame.trace.rows, self._entries, self.filter)
        self.rows, self._made_for = Rows(frame.program, shown), self._rows_depend_on(frame)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.rows is None else self.rows.count

    def row_of(self, k: int) -> int:
        """The row of operation k, from 0, or of the next one that the filter lets through."""
        return self.rows.row_of(k) if self.rows else 0

    def operation_at(self, row: int) -> int | None:
        """The operation, from 0, in a row; None for a heading."""
        return self.rows.operation_at(row) if self.rows else None

    def heading_at(self, row: int) -> tuple[str, str, int, int]:
        """Of a heading's row: its phase, or nothing where it stands for a sample; its words; how many of its operations
        are done, and how many there are."""
        assert self.frame is not None
        assert self.rows is not None
        part, phase, s, start, stop = self.rows.heading_at(row)
        done = min(max(self.frame.cursor.operation - start, 0), stop - start)
        if part is Part.PHASE:
            return phase, text.PHASES[phase], done, stop - start
        sample = self.frame.trace.rows[s] + 1 if part is Part.SAMPLE else None
        return "", text.sample_heading(sample), done, stop - start

    def headings(self, first: int, last: int) -> list[int]:
        """The headings among some rows."""
        return self.rows.headings(first, last) if self.rows else []

    @property
    def current(self) -> int | None:
        """The operation shown, from 0."""
        return self.frame.operation.number - 1 if self.frame is not None and self.frame.operation else None

    @property
    def edited(self) -> str:
        """What was edited at the iteration's start."""
        return "" if self.frame is None else text.edited_at_start(self.frame, self.frame.cursor.iteration)

    def current_is_before(self, row: int) -> bool:
        """Whether the filter hides the operation shown, and it would stand just before this row."""
        k = self.current
        return k is not None and self.rows is not None and not self.rows.shows(k) and self.row_of(k) == row

    def stop_at(self, row: int) -> Stop | None:
        """The stop of a row: that of a phase for its heading, else the operation's breakpoint, set or not; None for a
        sample's heading."""
        k = self.operation_at(row)
        if k is None or self.frame is None:
            phase = self.heading_at(row)[0]
            return PhaseStart(phase) if phase else None
        quantity, sample, _ = self.frame.narrator.result(k)
        return breakpoint_at(quantity, sample, self.stops, self.frame)

    def describe(self, k: int) -> Operation:
        assert self.frame is not None
        return self.frame.narrator.describe(k)

    def box_of(self, k: int) -> formula.Box:
        """Operation k in symbols on one line. It is the same at every cursor, so it is laid out once."""
        if k not in self._formulas:
            operation = self.describe(k)
            sign = " ← " if operation.phase == "update" else " = "
            left = formula.layout(operation.symbol, SIZE, text.number, slashed=True)
            right = formula.layout(beginning(operation.formula), SIZE, text.number, slashed=True)
            self._formulas[k] = formula.row([left, formula.text_box(sign, SIZE), right])
        return self._formulas[k]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.frame is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, FULL):
            return None
        k = self.operation_at(index.row())
        if role == FULL:
            return None if k is None or k >= self.frame.cursor.operation else repr(self.describe(k).value)
        if k is None:
            if role == Qt.ItemDataRole.ToolTipRole and index.row() == 0 and self.edited:
                return self.edited
            _, words, done, count = self.heading_at(index.row())
            return f"{words}  {text.done_of(done, count)}"
        operation = self.describe(k)
        is_tip = role == Qt.ItemDataRole.ToolTipRole
        value = repr(operation.value) if is_tip else text.number(operation.value, self.digits)
        value = value if k < self.frame.cursor.operation else text.DASH
        return f"{k + 1}  {plain(operation.symbol)} = {plain(operation.formula)}  {value}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_operation = self.operation_at(index.row()) is not None
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if is_operation else Qt.ItemFlag.NoItemFlags


def beginning(expression: Expression) -> Expression:
    """As much of a long sum as a row can show; the rest would only be clipped."""
    if isinstance(expression, Sum) and len(expression.terms) > MOST_TERMS:
        return Sum(expression.terms[:MOST_TERMS])
    return expression
