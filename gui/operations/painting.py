"""How a row of the listing is painted."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.stops import PhaseStart
from gui import formula, text
from gui.breakpoints import breakpoint_at, margin, mark
from gui.brush import Brush, advance
from gui.operations.model import Index, OperationsModel
from gui.theme import theme_of, ui_font

ROW = 24


class OperationDelegate(QStyledItemDelegate):
    """Paints a row: number, formula, value at the right edge; the current one on the accent's tint."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, OperationsModel)
        theme = theme_of(option.palette)
        brush, rect = Brush(painter, theme), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        k = model.operation_at(index.row())
        if k is None:
            self._heading(brush, rect, model, index.row())
        else:
            self._operation(brush, rect, model, k)
            if option.state & QStyle.StateFlag.State_HasFocus:
                brush.outline(rect.adjusted(1, 1, -1, -1), 3, 1)
        self._hidden_current(brush, rect, model, index.row())
        painter.restore()

    def _hidden_current(self, brush: Brush, rect: QRectF, model: OperationsModel, row: int) -> None:
        """A line between rows where the filter hides the operation shown."""
        accent = QColor(brush.theme.accent)
        if model.current_is_before(row):
            brush.painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 2), accent)
        elif row == model.rowCount() - 1 and model.current_is_before(row + 1):
            brush.painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), accent)

    def _heading(self, brush: Brush, rect: QRectF, model: OperationsModel, row: int) -> None:
        phase, words, done, count = model.heading_at(row)
        theme, baseline = brush.theme, rect.top() + 16
        if phase:
            brush.painter.fillRect(rect, QColor(theme.header))
            is_on = model.stops.get(PhaseStart(phase))
            if is_on is not None:
                mark(brush, QRectF(rect.left() + 2, rect.top() + 8, 8, 8), is_on)
            end = brush.words(words, rect.left() + 12, baseline, ui_font(12, 600), theme.phases[phase].text)
            if row == 0 and model.edited:
                brush.words(text.EDITED_HERE, end + 10, baseline, ui_font(11), theme.ink_2)
        else:
            brush.words(words, rect.left() + 12, baseline, ui_font(11), theme.ink_2)
        part, font = text.done_of(done, count), ui_font(11)
        brush.words(part, rect.right() - 8 - advance(part, font), baseline, font, theme.ink_3)

    def _operation(self, brush: Brush, rect: QRectF, model: OperationsModel, k: int) -> None:
        assert model.frame is not None
        theme, frame = brush.theme, model.frame
        quantity, sample, result = frame.narrator.result(k)
        is_of_sample = sample in (None, frame.sample)
        done = k < frame.cursor.operation
        if k == model.current:
            brush.painter.fillRect(rect, QColor(theme.accent_tint))
            brush.painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(theme.accent))
        elif is_of_sample and quantity in model.focus.hovered:
            brush.painter.fillRect(rect, QColor(theme.hover))
        if is_of_sample and quantity == model.focus.selected:
            brush.outline(rect.adjusted(4, 1, -5, -1), 5, 1, dashed=True)
        ink, number, small = theme.ink if done else theme.ink_3, str(k + 1), ui_font(11)
        left, width = rect.left() + margin(frame), advance(number, small)
        is_on = model.stops.get(breakpoint_at(quantity, sample, model.stops, frame))
        if is_on is not None:
            mark(brush, QRectF(left - width - 5, rect.top() + 4, width + 10, 16), is_on)
        brush.words(number, left - width, rect.top() + 16, small, theme.surface if is_on else theme.ink_3)
        value = text.number(result, model.digits) if done else text.DASH
        right = rect.right() - 8 - advance(value, ui_font(12))
        brush.words(value, right, rect.top() + 16, ui_font(12), ink)
        room = QRectF(left + 10, rect.top(), right - left - 18, rect.height())
        self._formula(brush, model.box_of(k), room, ink)

    def _formula(self, brush: Brush, box: formula.Box, rect: QRectF, ink: str) -> None:
        """What is too long ends in dots."""
        dots = box.width > rect.width()
        brush.painter.setClipRect(rect.adjusted(0, 0, -14 if dots else 0, 0))
        formula.paint(brush.painter, box, rect.left(), rect.top() + 16, QColor(ink))
        brush.painter.setClipping(False)
        if dots:
            brush.words("…", rect.right() - 12, rect.top() + 16, ui_font(12), ink)
