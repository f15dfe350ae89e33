"""How the rows of the parameters are painted and edited."""

from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.frame import Frame
from engine.quantities import Quantity
from gui import formula, text
from gui.brush import Brush
from gui.entries import EntryError, parse_number
from gui.focus import parameter_of
from gui.parameters_model import FROZEN, GRADIENT, NEW, ROW, SYMBOL, VALUE, Index, ParametersModel
from gui.theme import theme_of, ui_font


class ParameterDelegate(QStyledItemDelegate):
    """Paints rows with digits aligned at the decimal point; colours a wrong entry while it is typed."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ParametersModel)
        assert model.frame is not None
        theme = theme_of(option.palette)
        brush, rect = Brush(painter, theme), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layer = model.layer_at(index.row())
        if layer is not None:
            if index.column() == FROZEN:
                self._heading(brush, rect, model.frame, layer)
        else:
            self._cell(brush, rect, model, index, option)
        painter.restore()

    def _heading(self, brush: Brush, rect: QRectF, frame: Frame, layer: int) -> None:
        network = frame.session.spec.network
        brush.painter.setClipping(False)
        x = brush.words(text.layer_tab(layer), rect.left() + 12, rect.top() + 19, ui_font(12, 600), brush.theme.ink)
        words = text.layer_is(layer == network.last, network.layers[layer - 1].activation)
        brush.words(words, x + 8, rect.top() + 19, ui_font(12), brush.theme.ink_3)

    def _cell(
        self, brush: Brush, rect: QRectF, model: ParametersModel, index: Index, option: QStyleOptionViewItem
    ) -> None:
        assert model.frame is not None
        theme, column = brush.theme, index.column()
        operation, name = model.frame.operation, model.parameter_at(index.row())
        written = operation.quantity if operation and not model.frame.cursor.factor else None
        is_row = written is not None and name == parameter_of(written)
        focus = model.focus
        if is_row:
            brush.painter.fillRect(rect, QColor(theme.accent_tint))
        elif name in map(parameter_of, focus.hovered):
            brush.painter.fillRect(rect, QColor(theme.hover))
        brush.painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(theme.border))
        if column == FROZEN:
            super().paint(brush.painter, option, index)
        elif column == SYMBOL:
            box = _symbol(model.frame, name)
            formula.paint(brush.painter, box, rect.left() + 4, rect.top() + 19, QColor(theme.ink))
            if focus.selected is not None and name == parameter_of(focus.selected):
                brush.outline(rect.adjusted(0, 3, -2, -3), 5, 1, dashed=True)
        else:
            if column in (GRADIENT, NEW) and written is not None and written == model.quantity_at(index):
                brush.outline(rect.adjusted(1, 3, -2, -3), 5)
            ink = theme.ink_3 if column == VALUE and model.is_frozen(index.row()) else theme.ink
            brush.number(model.number_at(index.row(), column), rect, ink, range(model.digits, 1, -1))
        if option.state & QStyle.StateFlag.State_HasFocus:
            brush.outline(rect.adjusted(1, 1, -2, -1), 3, 1)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFont(ui_font(12))
        editor.textEdited.connect(lambda typed: self._check(editor, typed))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What is being typed stays while frames come and go."""
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def _check(self, editor: QLineEdit, typed: str) -> None:
        """Red ink, a line below and the reason as a tooltip while the entry is no number."""
        palette, theme, font, reason = editor.palette(), theme_of(editor.palette()), editor.font(), ""
        try:
            parse_number(typed)
        except EntryError as error:
            reason = str(error)
        palette.setColor(palette.ColorRole.Text, QColor(theme.error if reason else theme.ink))
        font.setUnderline(bool(reason))
        editor.setPalette(palette)
        editor.setFont(font)
        editor.setToolTip(reason)


def _symbol(frame: Frame, name: Quantity) -> formula.Box:
    return formula.layout(frame.narrator.symbol(name), 14, text.number)


def widest_symbol(frame: Frame) -> int:
    """The width of the widest symbol in pixels: numbers grow through the network, so the last ones of layers tell."""
    parameters = frame.trace.parameters
    last = [parameters.first(l + 1) - 1 for l in range(1, parameters.network.last + 1)]
    names = (*map(parameters.name, last), parameters.weight(parameters.weight_count - 1))
    return ceil(max(_symbol(frame, name).width for name in names))
