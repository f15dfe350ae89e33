"""Tick boxes for the columns of a table: each is an input, a target, or not used."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from gui import text


class ColumnTicks(QScrollArea):
    """A line a column: its name, and whether it is an input or a target, never both."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, tuple[QCheckBox, QCheckBox]] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_columns(self, names: Sequence[str], inputs: Sequence[str], targets: Sequence[str]) -> None:
        """Another table's columns, with a first choice; the same columns keep what is ticked."""
        if list(names) == list(self.boxes):
            return
        self.boxes = {}
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        for place, name in enumerate(names):
            label = QLabel(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            pair = QCheckBox(text.CSV_INPUT), QCheckBox(text.CSV_TARGET)
            grid.addWidget(label, place, 0)
            for column, (box, chosen) in enumerate(zip(pair, (inputs, targets), strict=True), 1):
                box.setChecked(name in chosen)
                box.setAccessibleName(f"{name}: {box.text()}")
                other = pair[2 - column]
                box.clicked.connect(lambda is_on, other=other: self._clicked(is_on, other))
                grid.addWidget(box, place, column)
            self.boxes[name] = pair
        grid.setRowStretch(len(names), 1)
        self.setWidget(page)

    def chosen(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the inputs and of the targets, in the table's order."""
        inputs = tuple(name for name, (box, _) in self.boxes.items() if box.isChecked())
        return inputs, tuple(name for name, (_, box) in self.boxes.items() if box.isChecked())

    def _clicked(self, is_on: bool, other: QCheckBox) -> None:
        if is_on:
            other.setChecked(False)
        self.changed.emit()
