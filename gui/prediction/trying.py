"""Fields for one input each, and what the network answers, without training."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from engine.expressions import plain
from engine.frame import Frame
from engine.prediction import classes, decided
from engine.quantities import Quantity
from gui import text
from gui.digits import USUAL
from gui.entries import EntryError, parse_number
from gui.prediction.answers import Predictors, Rows
from gui.prediction.plot import shown_inputs
from gui.theme import ui_font
from gui.widgets import color_words

MOST_FIELDS, COLUMNS = 12, 3


class Trying(QWidget):
    """A row of fields that follow the sample shown until one of them is typed into."""

    inputs_changed = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._digits = USUAL
        self._is_own, self._shown = False, tuple[object, ...]()
        self._rows, self._predictors = Rows(), Predictors()
        self._targets, self._are_classes = np.zeros((0, 0)), False
        self.fields: list[QLineEdit] = []
        self.names: list[QLabel] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        heading = QLabel(text.TRY)
        heading.setFont(ui_font(12, 600))
        heading.setToolTip(text.TRY_TIP)
        self.as_shown = QToolButton()
        self.as_shown.setText(text.AS_SHOWN)
        self.as_shown.setToolTip(text.AS_SHOWN_TIP)
        self.as_shown.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.as_shown.clicked.connect(self._follow)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        head.addWidget(self.as_shown)
        self.result = QLabel()
        self.result.setFont(ui_font(13, 500))
        self.result.setWordWrap(True)
        self.result.setMinimumHeight(36)
        self.result.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.result.setAccessibleName(text.PREDICTION)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addWidget(self.result)

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        if self._frame is not None:
            self.predict()

    def show_frame(self, frame: Frame) -> None:
        """Predict at the frame's parameters; the inputs are those of the sample shown, or the user's own."""
        network, old = frame.session.spec.network, self._frame
        names = [plain(frame.narrator.symbol(Quantity("x", (i,)))) for i in range(1, network.inputs + 1)]
        if old is None or old.session.spec is not frame.session.spec:
            self._is_own = self._is_own and len(names) == len(self.fields)
        self._frame = frame
        if names != [label.text() for label in self.names]:
            self._build(names)
        if not self._is_own:
            self._fill(shown_inputs(frame))
        self.predict()

    def try_inputs(self, inputs: Sequence[float]) -> None:
        """Take inputs that were chosen elsewhere."""
        self._is_own = bool(self.fields)
        self._fill(inputs)
        self.predict()

    def _follow(self) -> None:
        self._is_own = False
        if self._frame is not None:
            self.show_frame(self._frame)

    def _own(self) -> None:
        self._is_own = True
        self.predict()

    def _build(self, names: Sequence[str]) -> None:
        for widget in (*self.fields, *self.names):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        few = names if len(names) <= MOST_FIELDS else ()
        self.names = [QLabel(name, self) for name in names]  # without a parent they would show as windows
        self.fields = [QLineEdit() for _ in few]
        for label in self.names:
            label.setVisible(bool(few))
        for place, (label, field) in enumerate(zip(self.names, self.fields, strict=False)):
            field.setAccessibleName(label.text())
            field.setMinimumWidth(56)
            field.textEdited.connect(self._own)
            label.setBuddy(field)
            row, column = divmod(place, COLUMNS)
            self._grid.addWidget(label, row, 2 * column)
            self._grid.addWidget(field, row, 2 * column + 1)
            self._grid.setColumnStretch(2 * column + 1, 1)

    def _fill(self, inputs: Sequence[float]) -> None:
        for field, value in zip(self.fields, inputs, strict=False):
            if field.text() != text.typed(value):
                field.setText(text.typed(value))
                field.setCursorPosition(0)

    def changeEvent(self, event: QEvent) -> None:
        """In another theme a refused entry is red in that theme's colours."""
        if event.type() == QEvent.Type.PaletteChange and self._frame is not None:
            for widget in (*self.fields, self.result):
                widget.setProperty("is_right", None)
            self.predict()
        super().changeEvent(event)

    def inputs(self) -> list[float]:
        """The numbers typed, or of the sample shown where there are no fields; EntryError where one is none."""
        if not self.fields and self._frame is not None:
            return shown_inputs(self._frame)
        return [parse_number(field.text()) for field in self.fields]

    def predict(self) -> None:
        """Say what the network answers; a field that is no number is red, and a sentence says why."""
        refused = ""
        self.as_shown.setEnabled(self._is_own)
        for field in self.fields:
            try:
                parse_number(field.text())
                self._color(field, True)
            except EntryError as error:
                refused = refused or str(error)
                self._color(field, False)
        self._color(self.result, not refused)
        self.result.setText(refused or self._answer(self.inputs()))
        self.inputs_changed.emit(self.inputs() if self._is_own and not refused else [])

    def _color(self, widget: QWidget, is_right: bool) -> None:
        if widget.property("is_right") != is_right:
            widget.setProperty("is_right", is_right)
            color_words(widget, is_right, self.palette())

    def _has_classes(self, frame: Frame) -> bool:
        """Whether the targets are classes; looked at again only when they are others."""
        _, targets = self._rows.of(frame)
        if targets is not self._targets:
            self._targets, self._are_classes = targets, classes(targets) is not None
        return self._are_classes

    def _answer(self, inputs: Sequence[float]) -> str:
        """ŷ1 = 0.2, ŷ2 = 0.7, and the class that this says."""
        frame = self._frame
        if frame is None:
            return ""
        spec = frame.session.spec
        one = self._predictors.of(spec.network, frame.trace.parameters, 1)
        found = one.activations(frame.parameter_vector, np.array([inputs]))[-1]
        outputs = (Quantity("a", (spec.network.last, k)) for k in range(1, spec.network.sizes[-1] + 1))
        values = zip((plain(frame.narrator.symbol(name)) for name in outputs), found[0].tolist(), strict=True)
        written = ", ".join(text.answered(name, value, self._digits) for name, value in values)
        if self._has_classes(frame):
            written += ("\n" if found.shape[1] > 1 else ": ") + text.said_class(spec, int(decided(found)[0]))
        too_many = "" if self.fields else f"\n{text.too_many_inputs(len(inputs))}"
        return written + too_many
