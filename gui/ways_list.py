"""The ways from the loss listed so far, as a model, and how a row of them is painted."""

from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.expressions import Expression, plain
from engine.frame import Frame
from engine.quantities import LOSS, Quantity
from engine.ways import Way, Ways
from gui import formula, text
from gui.brush import Brush, advance, in_lines
from gui.digits import USUAL
from gui.theme import theme_of, ui_font

ROW, LINE, MOST_LINES, SIZE, PAGE = 56, 16, 6, 14, 20
LEFT, GAP, SHARE, EDGE = 38, 12, 54, 12
"""Where a way begins, how far it stays from its product, what the share takes at the right, and how far it stays from
the edge."""
Index = QModelIndex | QPersistentModelIndex


def symbols_of(frame: Frame, way: Way) -> list[Expression]:
    """L, the activations that a way takes, and where it ends; a softmax layer has its z too."""
    names = [LOSS]
    for place, (l, j) in enumerate(way.neurons):
        is_second = place > 0 and way.neurons[place - 1][0] == l
        names.append(Quantity("z" if is_second else "a", (l, j)))
    end = Quantity(way.quantity.kind.removeprefix("dL/d"), way.quantity.indices)
    if end != names[-1]:
        names.append(end)
    return [frame.narrator.symbol(name) for name in names]


class PathsModel(QAbstractListModel):
    """The ways listed so far, a row each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.ways: Ways | None = None
        self.listed: list[Way] = []
        self.digits = USUAL
        self._coming: Iterator[Way] = iter(())
        self._boxes: dict[int, formula.Box] = {}

    def show_ways(self, frame: Frame, found: Ways | None) -> None:
        """Begin a list with the first ways."""
        self.beginResetModel()
        self.frame, self.ways, self.listed, self._boxes = frame, found, [], {}
        self._coming = found.largest_first() if found else iter(())
        self.listed += islice(self._coming, PAGE)
        self.endResetModel()

    def more(self) -> None:
        """List as many again."""
        ways = list(islice(self._coming, PAGE))
        if ways:
            first = len(self.listed)
            self.beginInsertRows(QModelIndex(), first, first + len(ways) - 1)
            self.listed += ways
            self.endInsertRows()

    def factors(self, row: int, width: float) -> list[str]:
        """What a way multiplies, in lines of a list so wide; what has no room in them ends in dots."""
        numbers = (text.cell(factor.value, self.digits) for factor in self.listed[row].factors)
        return in_lines(text.times(numbers, text.TIMES), ui_font(11), width - LEFT - SHARE - EDGE, MOST_LINES)

    def product(self, row: int) -> str:
        """A way's product in a table's short form."""
        return text.cell(self.listed[row].product, self.digits)

    def room(self, row: int, width: float) -> float:
        """What a way has beside its product in a list so wide."""
        return width - LEFT - GAP - advance(self.product(row), ui_font(12)) - EDGE

    def drop(self, row: int, width: float) -> int:
        """How far all else stands below a way: by a line where it has no room beside its product."""
        return 0 if self.box_of(row).width <= self.room(row, width) else LINE

    def height(self, row: int, width: float) -> int:
        """How high a row is in a list so wide."""
        return ROW + LINE * (len(self.factors(row, width)) - 1) + self.drop(row, width)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.listed)

    def box_of(self, row: int) -> formula.Box:
        """L ← ŷ ← a_h1 ← w1 on one line, laid out once."""
        assert self.frame is not None
        if row not in self._boxes:
            boxes: list[formula.Box] = []
            for symbol in symbols_of(self.frame, self.listed[row]):
                arrow = [formula.text_box(" ← ", SIZE)] if boxes else []
                boxes += [*arrow, formula.layout(symbol, SIZE, text.number, True)]
            self._boxes[row] = formula.row(boxes)
        return self._boxes[row]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.frame is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        way = self.listed[index.row()]
        return text.way_said(index.row() + 1, way, " ← ".join(map(plain, symbols_of(self.frame, way))), self.digits)


class WayDelegate(QStyledItemDelegate):
    """Paints a way: neurons and factors on two lines, product and share right, below the share its bar."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(300, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PathsModel)
        theme, rect, way = theme_of(option.palette), QRectF(option.rect), model.listed[index.row()]
        brush = Brush(painter, theme)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flags = QStyle.StateFlag
        brush.row(rect, bool(option.state & flags.State_Selected), bool(option.state & flags.State_MouseOver))
        rank, small = str(index.row() + 1), ui_font(11)
        brush.words(rank, rect.left() + LEFT - 10 - advance(rank, small), rect.top() + 19, small, theme.ink_3)
        right, font = rect.right() - EDGE, ui_font(12)
        row, width = index.row(), rect.width()
        drop, left = model.drop(row, width), rect.left() + LEFT
        room = rect.width() - LEFT - EDGE if drop else model.room(row, width)
        self._way(brush, model.box_of(row), QRectF(left, rect.top(), room, rect.height()))
        top = rect.top() + drop
        for words, y, ink in ((model.product(row), 19, theme.ink), (text.percent(way.share), 37, theme.ink_2)):
            brush.words(words, right - advance(words, font), top + y, font, ink)
        for place, line in enumerate(model.factors(row, width)):
            brush.words(line, left, top + 37 + LINE * place, small, theme.ink_2)
        bar = QRectF(right - SHARE + 4, top + 43, SHARE - 4, 4)
        self._bar(brush, way, abs(model.listed[0].product), bar)
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -1, -2), 3, 1)
        painter.restore()

    def _way(self, brush: Brush, box: formula.Box, rect: QRectF) -> None:
        """What is too long ends in dots; the tip says all of it."""
        dots = box.width > rect.width()
        brush.painter.setClipRect(rect.adjusted(0, 0, -14 if dots else 0, 0))
        formula.paint(brush.painter, box, rect.left(), rect.top() + 19, QColor(brush.theme.ink))
        brush.painter.setClipping(False)
        if dots:
            brush.words("…", rect.right() - 12, rect.top() + 19, ui_font(12), brush.theme.ink)

    def _bar(self, brush: Brush, way: Way, largest: float, rect: QRectF) -> None:
        """As long as the product is large beside the largest one; that of a negative share is hollow."""
        size = abs(way.product) / largest if largest else 0.0
        brush.fill(rect, 2, QColor(brush.theme.border))
        if not size > 0:
            return
        bar = QRectF(rect.left(), rect.top(), max(rect.width() * min(size, 1.0), 3), rect.height())
        if way.share < 0:
            brush.box(bar.adjusted(0.5, 0.5, -0.5, -0.5), 2, brush.theme.surface, brush.theme.ink_2, 1)
        else:
            brush.fill(bar, 2, QColor(brush.theme.ink_2))
