"""Data from a CSV file: how it is read, which columns are inputs and targets, and its first rows."""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from engine.checks import SpecError
from engine.files.csv_reading import SEPARATORS, CsvError, Table, guess, read_table
from engine.spec import Columns, Data, Spec
from gui import text
from gui.number_grid import NumberModel
from gui.settings import specs
from gui.settings.columns import ColumnTicks
from gui.settings.form import Quiet
from gui.widgets import Choices

FIRST_ROWS = 6
OFFERED = ("separator", "decimal_comma")


class CsvDialog(QDialog):
    """Reads a file again at every choice; only what can be trained on can be taken: result_spec."""

    def __init__(self, path: Path, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.CSV_TITLE)
        self._path, self._spec = path, spec
        self._offers: dict[str, str | bool] = {}
        self.table: Table | None = None
        self.result_spec: Spec | None = None
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
        self.rows = QTableView()
        self.rows.setModel(self.model)
        self.rows.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.rows.setAccessibleName(text.FIRST_ROWS)
        self.rows.setTabKeyNavigation(False)
        self.buttons = Choices(self, text.CSV_OPEN)
        form = QFormLayout()
        form.addRow(text.SEPARATOR, self.separator)
        form.addRow("", self.comma)
        whole = QVBoxLayout(self)
        whole.addWidget(Quiet(str(path.name)))
        whole.addLayout(form)
        for widget in (self.problem, self.fix, self.ticks, self.rows, self.note, self.buttons):
            whole.addWidget(widget)
        self.resize(560, 520)
        self._read()

    def _read(self) -> None:
        """Read the file as chosen; what is wrong stands here, with a button for what would help."""
        self.table, self.result_spec, self._offers = None, None, {}
        problem = ""
        try:
            self.table = read_table(self._path, self.separator.currentData(), self.comma.isChecked())
        except CsvError as error:
            problem, self._offers = str(error), dict(error.offers)
        self.fix.setVisible(bool(self._offers))
        self.fix.setText(text.csv_offer(self._offers, SEPARATORS))
        for widget in (self.ticks, self.rows):
            widget.setVisible(self.table is not None)
        if self.table is None:
            self._tell(f"{problem}.", "")
            return
        first = self.table.rows[:FIRST_ROWS]
        self.model.show(first, self.table.names, [str(row) for row in range(1, len(first) + 1)])
        self.ticks.show_columns(self.table.names, *guess(self.table))
        self._choose()

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
        words = text.csv_taken(len(self.table.rows), len(inputs), len(targets))
        self._tell("", "\n".join((words, *(f"{note}." for note in self.table.notes))))

    def _tell(self, problem: str, note: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.note.setText(note)
        self.buttons.accepting.setEnabled(self.result_spec is not None)
