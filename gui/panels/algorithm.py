"""The training loop in ten lines, the one at work lit, and beneath it the numbered steps of the phase at work."""


from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.frame import Frame
from gui import formula, text
from gui.brush import Brush, advance, wrapped
from gui.text import algorithm
from gui.theme import theme_of, ui_font

ROW, HEADING, SIZE, MARGIN, INDENT, FORMULA, STEP, LINE, GAP = 28, 40, 14, 12, 14, 156, 30, 16, 8
Index = QModelIndex | QPersistentModelIndex


class Row(NamedTuple):
    """A line of the pseudocode, a heading or a step. lead: the step's number; note: what stands at the right end."""

    words: str
    formula: algorithm.Formula = ()
    depth: int = 0
    lead: str = ""
    note: str = ""
    is_heading: bool = False
    is_current: bool = False
    is_in_use: bool = True


def rows_of(frame: Frame) -> list[Row]:
    """What the panel shows of a frame."""
    current, in_use = algorithm.line_at_work(frame), algorithm.lines_in_use(frame)
    rows = [
        Row(
            line.words, algorithm.formula_of(place, frame), line.depth, is_current=place == current,
            note=algorithm.in_turn(frame) if place == algorithm.LOOP else "", is_in_use=place in in_use,
        )
        for place, line in enumerate(algorithm.ALGORITHM)
    ]  # fmt: skip
    name, step = algorithm.steps_at_work(frame)
    steps = enumerate(algorithm.STEPS[name], 1)
    rows.append(Row(name, is_heading=True))
    return rows + [Row(words, lead=str(number), is_current=number == step) for number, words in steps]


class AlgorithmModel(QAbstractListModel):
    """The rows, each as a sentence for who cannot see them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show_frame(self, frame: Frame) -> None:
        """There are always as many rows, so what is current stays."""
        is_first, rows = not self.rows, rows_of(frame)
        if rows == self.rows:
            return
        if is_first:
            self.beginResetModel()
        self.rows = rows
        if is_first:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and not row.is_in_use:
            return algorithm.NOT_HERE
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        said = f"{row.lead}. {row.words}" if row.lead else row.words
        said += f" {algorithm.spoken_formula(row.formula)}" if row.formula else ""
        said += "" if row.is_in_use else f" ({algorithm.NOT_HERE})"
        return f"{algorithm.AT_WORK}: {said}" if row.is_current else said


class AlgorithmDelegate(QStyledItemDelegate):
    """Paints a row; lines have their words at the left and their formula in a column of its own."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model, view = index.model(), self.parent()
        assert isinstance(model, AlgorithmModel)
        assert isinstance(view, QListView)
        row, width = model.rows[index.row()], view.viewport().width()
        if row.is_heading:
            return QSize(width, HEADING)
        return QSize(width, 10 + LINE * len(_lines_of(row.words, width)) if row.lead else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, AlgorithmModel)
        row, rect, theme = model.rows[index.row()], QRectF(option.rect), theme_of(option.palette)
        brush = Brush(painter, theme)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.is_current:
            painter.fillRect(rect, QColor(theme.accent_tint))
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(theme.accent))
        if row.is_heading:
            brush.words(row.words, rect.left() + MARGIN, rect.bottom() - 10, ui_font(12, 600), theme.ink)
            painter.fillRect(QRectF(rect.left(), rect.top() + 8, rect.width(), 1), QColor(theme.border))
        elif row.lead:
            self._step(brush, rect, row)
        else:
            self._line(brush, rect, row)
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -1, -1), 3, 1)
        painter.restore()

    def _line(self, brush: Brush, rect: QRectF, row: Row) -> None:
        theme, baseline = brush.theme, rect.top() + 18
        ink = (theme.ink if row.is_current else theme.ink_2) if row.is_in_use else theme.ink_3
        end = brush.words(row.words, rect.left() + MARGIN + row.depth * INDENT, baseline, ui_font(12), ink)
        left = rect.right() - MARGIN - advance(row.note, ui_font(11))
        if left > end + GAP:
            brush.words(row.note, left, baseline, ui_font(11), theme.ink_3)
        box, room = _box_of(row.formula), rect.width() - FORMULA
        brush.painter.setClipRect(rect.adjusted(0, 0, -14 if box.width > room else 0, 0))
        formula.paint(brush.painter, box, rect.left() + FORMULA, baseline, QColor(ink))
        brush.painter.setClipping(False)
        if box.width > room:
            brush.words("…", rect.right() - 12, baseline, ui_font(12), ink)

    def _step(self, brush: Brush, rect: QRectF, row: Row) -> None:
        theme = brush.theme
        ink = theme.ink if row.is_current else theme.ink_2
        brush.words(row.lead, rect.left() + MARGIN + 2, rect.top() + 17, ui_font(11), theme.ink_3)
        for number, line in enumerate(_lines_of(row.words, rect.width())):
            brush.words(line, rect.left() + STEP, rect.top() + 17 + number * LINE, ui_font(12), ink)


def _box_of(parts: algorithm.Formula) -> formula.Box:
    """Symbols and what joins them, on one line."""
    return formula.row(
        [
            formula.text_box(part, SIZE) if isinstance(part, str)
            else formula.layout(part, SIZE, text.number, slashed=True)
            for part in parts
        ]
    )  # fmt: skip


def _lines_of(words: str, width: float) -> list[str]:
    """A step's sentence where the panel is so wide."""
    return wrapped(words, ui_font(12), width - STEP - MARGIN)


class Algorithm(QListView):
    """The list as a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = AlgorithmModel(self)
        self.setModel(self._model)
        self.setItemDelegate(AlgorithmDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Algorithm")

    def sizeHint(self) -> QSize:
        return QSize(376, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width sentences take other room; the list's own way is to wait before it sees to that."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def show_frame(self, frame: Frame) -> None:
        """Light the line and the step of the operation shown; the line is brought into sight."""
        before = self._current()
        self._model.show_frame(frame)
        line = self._current()
        if line != before and line is not None:
            self.scrollTo(self._model.index(line))

    def _current(self) -> int | None:
        return next((place for place, row in enumerate(self._model.rows) if row.is_current), None)
