"""A table that is read, not edited: rows of one height, columns that fit its width, and the row under the pointer."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView, QWidget

from gui.copying import copies

ROW, SCROLL_BAR, LEAST = 28, 16, 312
"""Heights and widths in pixels; in less than LEAST, numbers of neighbouring columns would touch."""


class ReadingTable(QTableView):
    """The table. widths: of the columns where there is room for all; in less they shrink together."""

    left = Signal()

    def __init__(
        self, model: QAbstractTableModel, delegate: QStyledItemDelegate, widths: Sequence[int], name: str,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._widths = widths
        self.setModel(model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(20)
        head.setStretchLastSection(True)

    def stand_in(self, row: int) -> None:
        """Make a row the current one, which brings it into sight."""
        if self.currentIndex().row() != row:
            self.setCurrentIndex(self.model().index(row, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        share = min(self.viewport().width() / sum(self._widths), 1.0)
        for column, width in enumerate(self._widths):
            self.setColumnWidth(column, int(width * share))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not copies(self, event):
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has left the table."""
        super().leaveEvent(event)
        self.left.emit()
