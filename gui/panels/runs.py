"""Runs that edits and new runs have ended: their curves, two of them compared, and the way back to one."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.frame import Frame
from engine.network import has_parameter
from engine.quantities import Quantity
from gui import text
from gui.focus import Focus
from gui.reading_table import LEAST, SCROLL_BAR, ReadingTable
from gui.runs.differences import Differences
from gui.runs.listing import ROW, RunDelegate, RunsModel
from gui.runs.run import Runs
from gui.runs.table import DIFFERENCE, FIRST, SECOND, WIDTHS, DifferencesDelegate, DifferencesModel
from gui.theme import ui_font
from gui.widgets import as_list, choosing_rows, hairline

MOST_ROWS = 5
"""As many runs are in sight while two are compared; the others are scrolled to."""


class _List(QTableView):
    """The runs; Space ticks the current one, Return goes back to it."""

    return_pressed = Signal()

    def __init__(self, model: RunsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(RunDelegate(self))
        as_list(self, ROW)
        choosing_rows(self)
        self.setAccessibleName(text.RUNS_NAME)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.return_pressed.emit()
        else:
            super().keyPressEvent(event)


class RunsPanel(QWidget):
    """The list as a panel, and below it the parameters of the two runs that are ticked."""

    choose_requested = Signal(object)
    return_requested = Signal(object)
    compare_requested = Signal(bool)
    select_requested = Signal(object)
    hover_requested = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: Differences | None = None
        self.model, self.differences = RunsModel(self), DifferencesModel(self)
        self.model.choose_requested.connect(self.choose_requested)
        self.list = _List(self.model)
        self.list.selectionModel().currentRowChanged.connect(self._offer)
        self.list.return_pressed.connect(self._return)
        self.back = QPushButton(text.RETURN)
        self.back.setToolTip(text.RETURN_TIP)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self._return)
        self.said = _label()
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.by_size = QCheckBox(text.LARGEST_FIRST)
        self.by_size.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.by_size.toggled.connect(self.differences.sort_by_size)
        numbers = FIRST, SECOND, DIFFERENCE
        self.table = ReadingTable(self.differences, DifferencesDelegate(), WIDTHS, text.DIFFERENCES_NAME, numbers)
        self.table.clicked.connect(lambda index: self.select_requested.emit(next(iter(self._here(index)), None)))
        self.table.entered.connect(lambda index: self.hover_requested.emit(self._here(index)))
        self.table.left.connect(lambda: self.hover_requested.emit(()))
        self.table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.empty = _label(f"{text.NO_RUNS}\n{text.NO_RUNS_HOW}")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._lay_out()
        self._offer()
        self._fit()
        self._show_pair()
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName(text.RUNS_NAME)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addWidget(self.by_size)
        foot.addStretch(1)
        foot.addWidget(self.back)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, stretch in ((self.list, 1), (hairline(), 0), (self.said, 0), (self.table, 1)):
            column.addWidget(part, stretch)
        column.addLayout(foot)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(filled)
        self.setFocusProxy(self.list)

    def sizeHint(self) -> QSize:
        return QSize(sum(WIDTHS) + SCROLL_BAR, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, 160)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self.model.digits = count
        self.list.viewport().update()
        self.table.show_digits(count)
        self._fit()

    def show_frame(self, frame: Frame) -> None:
        """The present run goes on."""
        self.model.show_frame(frame)
        self._fit()

    def show_focus(self, focus: Focus) -> None:
        """Mark the parameter selected; tint what is under the pointer."""
        self.differences.focus = focus
        self.table.viewport().update()

    def show_runs(self, runs: Runs) -> None:
        """Other runs, or others of them ticked; the current one stays."""
        current = self.model.run_at(max(self.list.currentIndex().row(), 0))
        self.model.show_runs(runs)
        if current in runs.left:
            self.list.setCurrentIndex(self.model.index(runs.left.index(current) + 1))
        self._pages.setCurrentIndex(1 if runs.left else 0)
        self._offer()
        self._fit()
        self._show_pair()

    def show_differences(self, differences: Differences | int) -> None:
        """What sets the two apart; a number: while it is computed, the iteration last done."""
        if isinstance(differences, int):
            self.said.setText(text.computing_parameters(differences))
        else:
            self._known = differences
            self._show_pair()

    def _show_pair(self) -> None:
        """What is known of the two that are ticked."""
        pair, known = self.model.runs.pair, self._known
        if known is None or known.pair != pair:
            known = None
        names = [text.PRESENT_RUN if run is None else run.name for run in pair or (None, None)]
        self.differences.heads = ("", names[0], names[1], text.DIFFERENCE)
        self.differences.show_differences(known)
        self.said.setText(_said(pair is not None, known))
        for part in (self.table, self.by_size):
            part.setVisible(pair is not None)

    def _here(self, index: QModelIndex) -> tuple[Quantity, ...]:
        """The parameter of a row of the table, where the present network has it."""
        frame, parameter = self.model.frame, self.differences.parameter_at(index.row())
        is_here = frame is not None and has_parameter(frame.session.spec.network, parameter)
        return (parameter,) if is_here else ()

    def _fit(self) -> None:
        """The list leaves the table its room where two are compared."""
        height = self.model.height(self.list.viewport().width())
        self.list.verticalHeader().setDefaultSectionSize(height)
        rows = min(self.model.rowCount(), MOST_ROWS) if self.model.runs.pair else self.model.rowCount()
        self.list.setMaximumHeight(height * rows)

    def _offer(self) -> None:
        """There is a way back to a run that was left, not to the present one."""
        self.back.setEnabled(self.list.currentIndex().row() > 0)

    def _return(self) -> None:
        if self.back.isEnabled():
            self.return_requested.emit(self.model.run_at(self.list.currentIndex().row()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width the words take other room."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.compare_requested.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: parameters need not be computed."""
        super().hideEvent(event)
        self.compare_requested.emit(False)


def _said(is_pair: bool, known: Differences | None) -> str:
    """What stands above the table, or in its place."""
    if known is not None:
        return text.compared_at(known.iteration, known.left_out)
    return "" if is_pair else text.CHOOSE_TWO


def _label(words: str = "") -> QLabel:
    label = QLabel(words)
    label.setFont(ui_font(12))
    label.setWordWrap(True)
    label.setContentsMargins(12, 8, 12, 8)
    return label
