"""Says what the colours and the marks of the predictions mean."""

from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from gui import formula, text
from gui.brush import Brush, advance
from gui.prediction.answers import Answer
from gui.prediction.images import field_image
from gui.prediction.marks import RADIUS, draw_mark, draw_shown_ring, draw_wrong_ring
from gui.theme import Theme, ui_font

CAPTION, RAMP = 11, 96.0
MOST_CLASSES = 6
TEETH_APART, TOOTH = 16.0, 5.0
"""Of a border: how far its teeth, which stand on the side of 1, are from one another, and how long they are."""

Entry = tuple[str, Callable[[QPointF], None]]
"""What a mark means, and what draws it at a point."""


def fill_of(answer: Answer, theme: Theme, row: int) -> QColor:
    """The colour of a sample's mark: of one of two classes an end of the ramp, of more the class's own, else where its
    target stands on the ramp."""
    if answer.meant is not None:
        return class_fill(answer, theme, int(answer.meant[row]))
    if answer.is_line:
        return QColor(theme.ink_3)
    value = float(answer.targets[row, max(answer.question.output, 1) - 1])
    return theme.weight(value / (answer.limits.high or 1.0))


def class_fill(answer: Answer, theme: Theme, kind: int) -> QColor:
    return theme.class_mark(kind) if answer.targets.shape[1] > 1 else theme.weight(2.0 * kind - 1.0)


def draw_legend(brush: Brush, answer: Answer, output: formula.Box, rect: QRectF) -> None:
    """The ramp in the first line; below it the marks, in one line or two."""
    has_ramp = not answer.is_line and answer.question.output > 0
    if has_ramp:
        _ramp(brush, answer, output, rect)
    x, baseline, font = rect.left(), rect.top() + (34 if has_ramp else 12), ui_font(CAPTION)
    for words, draw in _entries(brush.painter, brush.theme, answer):
        width = 14 + advance(words, font)
        if x > rect.left() and x + width > rect.right():
            x, baseline = rect.left(), baseline + 18
        draw(QPointF(x + RADIUS, baseline - 4))
        x = brush.words(words, x + 14, baseline, font, brush.theme.ink_2) + 14


def _ramp(brush: Brush, answer: Answer, output: formula.Box, rect: QRectF) -> None:
    """The output's symbol, the smallest value, the colours, the largest; the border's line, where there is one."""
    limits, font, theme, baseline = answer.limits, ui_font(CAPTION), brush.theme, rect.top() + 12
    formula.paint(brush.painter, output, rect.left(), baseline, QColor(theme.ink))
    x = brush.words(text.number(limits.low, 3), rect.left() + output.width + 10, baseline, font, theme.ink_3) + 6
    brush.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    image = field_image(np.linspace(limits.low, limits.high, 64)[None], limits, theme)
    brush.painter.drawImage(QRectF(x, rect.top() + 2, RAMP, 12), image)
    x = brush.words(text.number(limits.high, 3), x + RAMP + 6, baseline, font, theme.ink_3) + 16
    if answer.meant is not None:
        border = QLineF(x, rect.top() + 10, x + TEETH_APART + 4, rect.top() + 10)
        feet = (x + 2, x + 2 + TEETH_APART)
        for line in (border, *(QLineF(at, border.y1(), at, border.y1() - TOOTH) for at in feet)):
            brush.line(line, theme.ink, 1.5)
        brush.words(text.BORDER, border.x2() + 6, baseline, font, theme.ink_2)


def _entries(painter: QPainter, theme: Theme, answer: Answer) -> Iterator[Entry]:
    """The marks that are there."""

    def mark(kind: int, fill: QColor, is_held: bool = False) -> Callable[[QPointF], None]:
        return lambda at: draw_mark(painter, theme, kind, at, fill, is_held)

    def ring(draw: Callable[[QPainter, Theme, QPointF, float], None]) -> Callable[[QPointF], None]:
        return lambda at: draw(painter, theme, at, RADIUS + 0.5)

    if answer.meant is None:
        yield text.TARGET, mark(0, fill_of(answer, theme, 0))
    else:
        for kind in range(min(max(2, answer.targets.shape[1]), MOST_CLASSES)):
            yield answer.names[kind], mark(kind, class_fill(answer, theme, kind))
    if answer.held:
        yield text.HELD_OUT, mark(0, QColor(theme.ink_3), True)
    if len(answer.wrong):
        yield text.WRONG, ring(draw_wrong_ring)
    if answer.shown >= 0 and answer.rows > 1:
        yield text.SHOWN, ring(draw_shown_ring)
