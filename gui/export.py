"""File > Export: values, parameters or losses as CSV, with progress and a way out; never half a file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressDialog,
    QSpinBox,
    QWidget,
)

from engine.files.csv_export import loss_rows, parameter_rows, value_rows, write_csv
from engine.session import Session
from gui import text
from gui.go_to import LAST_ITERATION
from gui.widgets import Choices

KINDS: dict[str, Callable[[Session, int, int], Iterator[str]]] = {
    text.VALUES_EXPORT: value_rows,
    text.PARAMETERS_EXPORT: parameter_rows,
    text.LOSSES_EXPORT: loss_rows,
}
REFRESH = 0.05


class ExportCancelledError(Exception):
    """The user has stopped an export; the file is as it was."""


class ExportDialog(QDialog):
    """What to export, and from which iteration to which, each whole."""

    def __init__(self, iteration: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.EXPORT_TITLE)
        self.kind, self.first, self.last = QComboBox(), QSpinBox(), QSpinBox()
        self.kind.addItems(list(KINDS))
        for spin, value, name in ((self.first, 1, text.FIRST), (self.last, iteration, text.LAST)):
            spin.setRange(1, LAST_ITERATION)
            spin.setGroupSeparatorShown(True)
            spin.setKeyboardTracking(False)
            spin.setValue(value)
            spin.setAccessibleName(name)
        self.first.valueChanged.connect(self.last.setMinimum)
        iterations = QHBoxLayout()
        for widget in (self.first, QLabel(text.TO), self.last):
            iterations.addWidget(widget)
        iterations.addStretch(1)
        self.mark = QCheckBox(text.FOR_SPREADSHEETS)
        self.mark.setChecked(True)
        form = QFormLayout(self)
        form.addRow(text.EXPORT_WHAT, self.kind)
        form.addRow(text.EXPORT_FROM, iterations)
        form.addRow(self.mark)
        form.addRow(Choices(self, text.EXPORT))


def export(session: Session, dialog: ExportDialog, path: Path, parent: QWidget) -> str:
    """Write what the dialog asks for; returns the sentence to show. The window stays alive meanwhile."""
    progress = QProgressDialog(text.EXPORTING, text.CANCEL, 0, 0, parent)
    progress.setWindowModality(Qt.WindowModality.WindowModal)
    progress.setMinimumDuration(400)
    rows = KINDS[dialog.kind.currentText()](session, dialog.last.value(), dialog.first.value())
    try:
        write_csv(path, _watched(rows, progress, parent), dialog.mark.isChecked())
    except ExportCancelledError:
        return text.EXPORT_CANCELLED
    except OSError as error:
        return text.not_exported(error.strerror or error)
    finally:
        progress.close()
        progress.deleteLater()
    return text.exported(path)


def _watched(rows: Iterator[str], progress: QProgressDialog, window: QWidget) -> Iterator[str]:
    """The rows, with a look at the window now and then; ExportCancelledError where the user wants out, or has closed
    the window: nobody would see it go on."""
    shown, written = perf_counter(), 0
    for row in rows:
        written += bool(row)
        if perf_counter() - shown > REFRESH:
            progress.setLabelText(text.exporting(written))
            QApplication.processEvents()
            shown = perf_counter()
            if progress.wasCanceled() or not window.isVisible():
                raise ExportCancelledError
        yield row
