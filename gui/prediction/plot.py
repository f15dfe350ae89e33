"""The picture of the predictions as a widget. It computes when it is painted, so never while it is hidden."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.expressions import Expression
from engine.frame import Frame
from engine.quantities import Quantity
from gui import text
from gui.axes import Axes
from gui.brush import Brush
from gui.digits import USUAL
from gui.prediction.answers import Answer, Answers, Question
from gui.prediction.painting import Painting, axes_of, score_lines
from gui.theme import theme_of


class PredictionPlot(QWidget):
    """Draws the answer to a question at the frame's cursor; a click asks to try that point."""

    point_chosen = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._question, self._tried = Question(), tuple[float, ...]()
        self._answers, self._digits = Answers(), USUAL
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 300)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(text.PREDICTION)

    def sizeHint(self) -> QSize:
        return QSize(376, 460)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        self.update()

    def show_frame(self, frame: Frame, question: Question) -> None:
        self._frame, self._question = frame, question
        self.update()

    def show_tried(self, inputs: Sequence[float]) -> None:
        """Mark the input that is tried; none for none."""
        if tuple(inputs) != self._tried:
            self._tried = tuple(inputs)
            self.update()

    def answer(self) -> Answer | None:
        """What is drawn, computed where it is not known yet."""
        return None if self._frame is None else self._answers.of(self._frame, self._question)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, answer, frame = theme_of(self.palette()), self.answer(), self._frame
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.surface))
            if answer is None or frame is None:
                return
            axes, score = self._axes(answer), score_lines(answer, float(self.width()), self._digits)
            across, up = (self._input(place) for place in (self._question.across, self._question.up))
            Painting(Brush(painter, theme), answer, score, axes, across, up, self._output(), self._tried).draw()
        self.setAccessibleDescription(text.score(answer, self._digits))

    def _axes(self, answer: Answer) -> Axes:
        return axes_of(answer, float(self.width()), float(self.height()), self._digits)

    def _input(self, place: int) -> Expression:
        assert self._frame is not None
        inputs = self._frame.session.spec.network.inputs
        return self._frame.narrator.symbol(Quantity("x", (min(place, inputs),)))

    def _output(self) -> Expression:
        assert self._frame is not None
        last = self._frame.session.spec.network.last
        return self._frame.narrator.symbol(Quantity("a", (last, max(self._question.output, 1))))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Try the point pressed, the other inputs as they are in the sample shown."""
        answer = self.answer()
        if answer is None or self._frame is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        axes = self._axes(answer)
        if axes.rect.contains(event.position()):
            x, y = (float(f"{value:.3g}") for value in axes.values(event.position()))
            inputs = shown_inputs(self._frame)
            inputs[self._question.across - 1] = x
            if not answer.is_line:
                inputs[self._question.up - 1] = y
            self.point_chosen.emit(inputs)


def shown_inputs(frame: Frame) -> list[float]:
    """The inputs of the sample shown, as they stand in this iteration."""
    names = (Quantity("x", (i,)) for i in range(1, frame.session.spec.network.inputs + 1))
    return [value for name in names if (value := frame.value(name)) is not None]
