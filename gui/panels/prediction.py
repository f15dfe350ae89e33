"""What the network answers at the cursor, for all inputs and for one that is tried; nothing of the session changes."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.expressions import plain
from engine.frame import Frame
from engine.prediction import classes
from engine.quantities import Quantity
from engine.spec import Spec
from gui import text
from gui.digits import USUAL
from gui.prediction.answers import Question
from gui.prediction.plot import PredictionPlot, shown_inputs
from gui.prediction.trying import Trying
from gui.theme import ui_font
from gui.widgets import hairline


class PredictionPanel(QWidget):
    """The picture, above it what is drawn of several outputs and inputs, beneath it the input to try."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._digits = USUAL
        self._offered: tuple[Spec, str] | None = None
        self.plot, self.trying = PredictionPlot(), Trying()
        self.output, self.across, self.up = (QComboBox() for _ in range(3))
        self.held = QLabel()
        self.held.setFont(ui_font(11))
        self.held.setContentsMargins(12, 4, 12, 0)
        self.held.setWordWrap(True)
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(12, 8, 12, 0)
        self._labels = []
        for combo, name in ((self.output, text.OUTPUT), (self.across, text.ACROSS), (self.up, text.UP)):
            label = QLabel(name)
            label.setBuddy(combo)
            combo.setAccessibleName(name)
            combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(2)
            combo.activated.connect(self._ask)
            self._labels.append(label)
            row.addWidget(label)
            row.addWidget(combo, 5 if combo is self.output else 4)
        self.plot.point_chosen.connect(self.trying.try_inputs)
        self.trying.inputs_changed.connect(self.plot.show_tried)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._choices, self.held):
            column.addWidget(widget)
        column.addWidget(self.plot, 1)
        column.addWidget(hairline())
        column.addWidget(self.trying)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName(text.PREDICTION)

    def sizeHint(self) -> QSize:
        return QSize(376, 560)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        self.plot.show_digits(count)
        self.trying.show_digits(count)
        self._ask()

    def show_frame(self, frame: Frame) -> None:
        """The predictions at the frame's cursor."""
        self._frame = frame
        self._offer(frame)
        self._ask()
        self.trying.show_frame(frame)

    def question(self) -> Question:
        """What is asked for in the choices."""
        return Question(self.output.currentData(), self.across.currentData(), self.up.currentData())

    def _offer(self, frame: Frame) -> None:
        """The network's outputs and inputs; what was chosen stays where there still is such a one."""
        spec, notation = frame.session.spec, frame.session.notation
        if self._offered is not None and self._offered[0] is spec and self._offered[1] == notation:
            return
        self._offered = (spec, notation)
        network, symbol = spec.network, frame.narrator.symbol
        outputs = [plain(symbol(Quantity("a", (network.last, k)))) for k in range(1, network.sizes[-1] + 1)]
        inputs = [plain(symbol(Quantity("x", (i,)))) for i in range(1, network.inputs + 1)]
        is_class = len(outputs) > 1 and network.inputs > 1 and _has_classes(spec.data.targets)
        offered = [(name, k) for k, name in enumerate(outputs, 1)] + ([(text.LARGEST_OUTPUT, 0)] if is_class else [])
        _refill(self.output, offered, 0)
        _refill(self.across, [(name, i) for i, name in enumerate(inputs, 1)], 0)
        _refill(self.up, [(name, i) for i, name in enumerate(inputs, 1)], min(1, len(inputs) - 1))
        shown = (len(outputs) > 1, len(inputs) > 2, len(inputs) > 2)
        for combo, label, is_shown in zip((self.output, self.across, self.up), self._labels, shown, strict=True):
            combo.setVisible(is_shown)
            label.setVisible(is_shown)
        self._choices.setVisible(any(shown))

    def _ask(self, _: int = 0) -> None:
        """Hand the question on, and say what the inputs without an axis are held at."""
        if self._frame is None:
            return
        question, frame = self.question(), self._frame
        names = enumerate(shown_inputs(frame), 1)
        others = [(i, value) for i, value in names if i not in (question.across, question.up)]
        self.held.setVisible(bool(others))
        named = [(plain(frame.narrator.symbol(Quantity("x", (i,)))), value) for i, value in others]
        self.held.setText(text.held_fixed(named, self._digits))
        self.plot.show_frame(frame, question)


def _has_classes(targets: Sequence[Sequence[float]]) -> bool:
    return classes(np.array(targets)) is not None


def _refill(combo: QComboBox, entries: Sequence[tuple[str, int]], first: int) -> None:
    """Other entries; the one chosen stays chosen where it is still there."""
    chosen = combo.currentIndex() if combo.count() == len(entries) else first
    combo.clear()
    for words, value in entries:
        combo.addItem(words, value)
    combo.setCurrentIndex(chosen)
