"""A neuron's function as a picture: heading, curves or bars, formulas with its numbers, and what to know of it."""

from functools import partial
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.expressions import plain
from engine.frame import Frame
from gui import text
from gui.brush import Brush, advance
from gui.digits import USUAL
from gui.focus import Focus
from gui.function.bars import BarsPainting, height_of, least_width
from gui.function.curves import CurvePainting
from gui.function.formulas import Equation, equation
from gui.function.subject import Subject, neuron_shown
from gui.theme import theme_of, ui_font

MARGIN, LEFT, HEADING, BELOW = 12.0, 44.0, 40.0, 46.0
LOWEST_PLOT, HIGHEST_PLOT = 110.0, 240.0
LEAST = QSize(240, 320)
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
Sentence = tuple[str, str]
"""A word in semibold, which may be empty, and what is said behind it."""


class FunctionView(QWidget):
    """Paints the function of the neuron looked at, at the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._focus, self._digits = Focus(), USUAL
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(LEAST)
        self.setAccessibleName(text.FUNCTION)

    def sizeHint(self) -> QSize:
        return QSize(376, 440)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._fit()

    def show_focus(self, focus: Focus) -> None:
        self._focus = focus
        self._fit()

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        self._fit()

    def _fit(self) -> None:
        """With more digits than usual it is as large as they ask for; then it is scrolled."""
        subject, size = self.subject(), LEAST
        if subject is not None and self._digits > USUAL:
            size = least_size(subject, self._digits, self.width())
        self.setMinimumSize(size)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width formulas take other room."""
        super().resizeEvent(event)
        self._fit()

    def subject(self) -> Subject | None:
        """What is shown."""
        if self._frame is None:
            return None
        return Subject(self._frame, *neuron_shown(self._frame, self._focus))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, subject = theme_of(self.palette()), self.subject()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.surface))
            if subject is not None:
                _draw(Brush(painter, theme), subject, float(self.width()), float(self.height()), self._digits)
        if subject is not None:
            self.setAccessibleDescription(spoken(subject))


def equations(subject: Subject, width: float, digits: int = USUAL) -> list[Equation]:
    """The formulas of value and derivative; of a Jacobian those of its two kinds of entry."""
    of = partial(equation, width=width, digits=digits)
    found = [of(subject.value_parts()), of(subject.derivative_parts())]
    if not subject.function.is_elementwise:
        other = next((neuron for neuron in subject.neurons if neuron != subject.neuron), subject.neuron)
        found = [found[0], *(of(subject.jacobian_parts(n)) for n in {subject.neuron: 0, other: 0})]
    return [one for one in found if len(one.parts) > 1]


def sentences(subject: Subject, digits: int = USUAL) -> list[Sentence]:
    """What is not computed yet; whether the neuron is saturated or dead; constants; what to know of the function."""
    found, derivative = list[Sentence](), subject.derivative
    for kind in ("z", "a"):
        if subject.value(kind) is None:
            found.append(("", text.not_computed(plain(subject.symbol(kind)))))
            break
    if subject.is_flat and derivative is not None:
        found.append(text.flat(subject.function.when_flat, derivative))
    if subject.constants:
        found.append(("", text.constants(subject.constants, digits)))
    if not subject.function.is_elementwise:
        found.append(("", text.JACOBIAN_ROW))
    if subject.function.note:
        found.append(("", subject.function.note))
    return found


def spoken(subject: Subject) -> str:
    """All of it as text, for a screen reader."""
    name, neuron = text.neuron_function(subject.layer, subject.neuron, subject.name)
    parts = [" = ".join(map(plain, parts)) for parts in (subject.value_parts(), subject.derivative_parts())]
    said = [f"{word} {words}".strip() for word, words in sentences(subject)]
    return "\n".join(part for part in (f"{name}, {neuron}", *parts, *said) if part)


def least_size(subject: Subject, digits: int, width: float) -> QSize:
    """The room that numbers of so many digits ask for, where the picture has a width."""
    wide = max((one.least_width for one in equations(subject, width, digits)), default=0.0) + 2 * MARGIN
    if not subject.function.is_elementwise:
        wide = max(wide, least_width(digits))
    wide = max(wide, LEAST.width())
    room = max(width, wide) - 2 * MARGIN
    high = HEADING + _lowest(subject) + _needed(equations(subject, room, digits), sentences(subject, digits), room)
    return QSize(ceil(wide), max(ceil(high), LEAST.height()))


def _lowest(subject: Subject) -> float:
    """How high the plot or the bars are at least, with what stands below them."""
    return LOWEST_PLOT + BELOW + 8 if subject.function.is_elementwise else height_of(subject)


def _needed(formulas: list[Equation], said: list[Sentence], room: float) -> float:
    """How high formulas and sentences are in a width."""
    return sum(one.height for one in formulas) + sum(_height(sentence, room) for sentence in said)


def _draw(brush: Brush, subject: Subject, width: float, height: float, digits: int) -> None:
    """Formulas and sentences take what they need; the plot has the rest."""
    room = width - 2 * MARGIN
    formulas, said = equations(subject, room, digits), sentences(subject, digits)
    name, neuron = text.neuron_function(subject.layer, subject.neuron, subject.name)
    x = brush.words(name, MARGIN, 24, ui_font(13, 600), brush.theme.ink)
    brush.words(neuron, x + 8, 24, ui_font(12), brush.theme.ink_2)
    if subject.function.is_elementwise:
        spare = height - HEADING - _lowest(subject) - _needed(formulas, said, room)
        high = min(LOWEST_PLOT + max(spare, 0.0), HIGHEST_PLOT)
        CurvePainting(brush, subject, QRectF(LEFT, HEADING, width - LEFT - MARGIN - 4, high)).draw()
        y = HEADING + high + BELOW
    else:
        BarsPainting(brush, subject, QRectF(MARGIN, HEADING - 4, room, height_of(subject)), digits).draw()
        y = HEADING + height_of(subject)
    for one in formulas:
        y = one.draw(brush, MARGIN, y)
    for sentence in said:
        y = _say(brush, sentence, y, room)


def _say(brush: Brush, sentence: Sentence, top: float, width: float) -> float:
    """A sentence on as many lines as it needs; returns where it ends."""
    (word, said), x = sentence, MARGIN
    if word:
        x = brush.words(word, MARGIN, top + 13, ui_font(12, 600), brush.theme.ink) + 5
    height = _height(sentence, width)
    brush.painter.setFont(ui_font(12))
    brush.painter.setPen(QColor(brush.theme.ink_2))
    brush.painter.drawText(QRectF(x, top, width - (x - MARGIN), height), int(WRAP), said)
    return top + height


def _height(sentence: Sentence, width: float) -> float:
    word, said = sentence
    beside = advance(word, ui_font(12, 600)) + 5 if word else 0.0
    room = QRectF(0, 0, width - beside, 1000)
    return QFontMetricsF(ui_font(12)).boundingRect(room, int(WRAP), said).height() + 5
