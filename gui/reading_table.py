"""A table that is read, not edited: rows of one height, columns that fit its width, and the row under the pointer.

Where more digits are asked for than usual, its numbers take more room, and what is too wide is scrolled to.
"""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView, QWidget

from gui.copying import copies
from gui.digits import USUAL, more_room

ROW, SCROLL_BAR, LEAST = 28, 16, 312
"""Heights and widths in pixels; in less than LEAST, numbers of neighbouring columns would touch."""


class ReadingModel(QAbstractTableModel):
    """What such a table shows; of its numbers `digits` digits count."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digits = USUAL


class ReadingTable(QTableView):
    """The table. widths: of the columns where there is room for all; in less they shrink together. numbers: the columns
    that are wider where more digits are asked for."""

    left = Signal()

    def __init__(
        self, model: QAbstractTableModel, delegate: QStyledItemDelegate, widths: Sequence[int], name: str,
        numbers: Sequence[int] = (), parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._widths, self._numbers, self._more = widths, numbers, 0
        self.setModel(model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
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

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        model = self.model()
        assert isinstance(model, ReadingModel)
        model.digits, self._more = count, more_room(count)
        self._fit_columns()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """The last column takes the rest. In less room they shrink, but with more digits than usual the table scrolls
        sideways, so that none is left out."""
        more, room = self._more, self.viewport().width()
        widths = [width + more * (column in self._numbers) for column, width in enumerate(self._widths)]
        share = 1.0 if more else min(room / sum(widths), 1.0)
        self.horizontalHeader().setStretchLastSection(room >= int(sum(widths) * share))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, int(width * share))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not copies(self, event):
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has left the table."""
        super().leaveEvent(event)
        self.left.emit()
