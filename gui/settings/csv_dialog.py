"""Data from a CSV file: how it is read, which columns are inputs and targets, and its first rows."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QPushButton, QVBoxLayout, QWidget

from engine.checks import SpecError
from engine.files.csv_reading import SEPARATORS, CsvError, Table, guess, reading
from engine.spec import Columns, Data, Spec
from gui import text
from gui.gradually import Gradually
from gui.number_grid import NumberGrid, NumberModel
from gui.settings import specs
from gui.settings.columns import ColumnTicks
from gui.settings.form import Quiet
from gui.widgets import Choices

FIRST_ROWS = 6
PATIENCE = 200
"""In milliseconds: what is read sooner than this shows no progress."""

Step = int | Table | CsvError


def steps(path: Path, separator: str, decimal_comma: bool) -> Iterator[Step]:
    """How many rows are read, again and again, at last the table or why there is none."""
    try:
        yield (yield from reading(path, separator, decimal_comma))
    except CsvError as error:
        yield error


class CsvDialog(QDialog):
    """Reads a file again at every choice, a large one little by little; only what can be trained on can be taken:
    result_spec."""

    def __init__(self, path: Path, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.CSV_TITLE)
        self._path, self._spec = path, spec
        self._offers: dict[str, str | bool] = {}
        self.table: Table | None = None
        self.result_spec: Spec | None = None
        self._reader: Gradually[Step] = Gradually(self._take_steps, self)
        self._late = QTimer(self, singleShot=True, interval=PATIENCE)
        self._late.timeout.connect(self._show_progress)
        self._rows_read = 0
        self.separator, self.comma = QComboBox(), QCheckBox(text.DECIMAL_COMMA)
        for mark, words in SEPARATORS.items():
            self.separator.addItem(words, mark)
        self.separator.setAccessibleName(text.SEPARATOR)
        self.separator.activated.connect(self._read)
        self.comma.clicked.connect(self._read)
        self.problem, self.note, self.fix = Quiet(is_error=True), Quiet(), QPushButton()
        self.fix.clicked.connect(self._take_offer)
        self.ticks = ColumnTicks()
        self.ticks.changed.connect(self._choose)
        self.model = NumberModel(lambda cells: None, self)
        self.rows = NumberGrid(self.model, text.FIRST_ROWS)
        self.rows.setEditTriggers(NumberGrid.EditTrigger.NoEditTriggers)
        self.buttons = Choices(self, text.CSV_OPEN)
        self._arrange()
        self._read()

    def _arrange(self) -> None:
        """From the choices down to the buttons; without a table its place stays empty, so that nothing jumps."""
        form, whole, below = QFormLayout(), QVBoxLayout(self), QVBoxLayout()
        form.addRow(text.CSV_FILE, Quiet(self._path.name))
        form.addRow(text.SEPARATOR, self.separator)
        form.addRow("", self.comma)
        whole.addLayout(form)
        whole.addWidget(self.problem)
        whole.addWidget(self.fix, 0, Qt.AlignmentFlag.AlignLeft)
        self.page = QWidget()
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.ticks, 1)
        below.addWidget(self.rows, 1)
        self.page.setLayout(below)
        policy = self.page.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.page.setSizePolicy(policy)
        whole.addWidget(self.page, 1)
        whole.addWidget(self.note)
        whole.addWidget(self.buttons)
        self.resize(600, 620)

    def done(self, result: int) -> None:
        """However the dialog ends, no more is read."""
        self._reader.stop()
        self._late.stop()
        super().done(result)

    def _read(self) -> None:
        """Read the file as chosen."""
        self.table, self.result_spec, self._offers, self._rows_read = None, None, {}, 0
        self.buttons.accepting.setEnabled(False)
        self._late.start()
        self._reader.begin(steps(self._path, self.separator.currentData(), self.comma.isChecked()))

    def _take_steps(self, taken: list[Step]) -> None:
        """A table or an error is the last step there is."""
        last = taken[-1] if taken else None
        if isinstance(last, int):
            self._rows_read = last
            if not self._late.isActive():
                self._show_progress()
        elif last is not None:
            self._late.stop()
            self._show_read(last)

    def _show_progress(self) -> None:
        self.fix.hide()
        self.page.hide()
        self._tell("", text.csv_rows_read(self._rows_read))

    def _show_read(self, read: Table | CsvError) -> None:
        """The table with a first choice of columns; or what is wrong, with a button for what would help."""
        if isinstance(read, CsvError):
            self._offers = dict(read.offers)
            self.fix.setText(text.csv_offer(self._offers, SEPARATORS))
            self._tell(text.csv_problem(read, self._path), "")
        else:
            self.table = read
            first = read.rows[:FIRST_ROWS]
            self.model.show(first, read.names, [str(row) for row in range(1, len(first) + 1)])
            self.ticks.show_columns(read.names, *guess(read))
            self._choose()
        self.fix.setVisible(bool(self._offers))
        self.page.setVisible(self.table is not None)

    def _take_offer(self) -> None:
        """Read the file the way that the error has offered."""
        if "separator" in self._offers:
            self.separator.setCurrentIndex(self.separator.findData(self._offers["separator"]))
        if "decimal_comma" in self._offers:
            self.comma.setChecked(bool(self._offers["decimal_comma"]))
        self._read()

    def _choose(self) -> None:
        """The spec with the columns ticked, or why there is none."""
        if self.table is None:
            return
        inputs, targets = self.ticks.chosen()
        self.result_spec = None
        if not inputs or not targets:
            self._tell(text.CSV_NEEDS, "")
            return
        source = Columns(self._path.name, inputs, targets)
        share = self._spec.data.test_fraction
        try:
            data = Data(self.table.columns(inputs), self.table.columns(targets), source, share)
            self.result_spec = specs.with_data(self._spec, data)
        except SpecError as error:
            self._tell(f"{error}.", "")
            return
        words = [text.csv_taken(len(self.table.rows), len(inputs), len(targets))]
        if self.result_spec.loss != self._spec.loss:
            words.append(text.csv_loss(self._spec.loss, self.result_spec.loss))
        self._tell("", "\n".join((*words, *(text.sentence(note) for note in self.table.notes))))

    def _tell(self, problem: str, note: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.note.setText(note)
        self.buttons.accepting.setEnabled(self.result_spec is not None)
