"""The sigmoid calculator, for every function: type any z, see f(z) and f'(z) at once."""

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.activations import ACTIVATIONS
from engine.calculator import values
from gui import text
from gui.digits import USUAL
from gui.entries import EntryError, parse_number
from gui.theme import ui_font
from gui.widgets import color_words


class Calculator(QWidget):
    """A function of the registry, its constants, z, and what comes out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel(text.CALCULATOR)
        heading.setFont(ui_font(12, 600))
        heading.setToolTip(text.CALCULATOR_TIP)
        self.functions = QComboBox()
        self.functions.setAccessibleName(text.CALCULATOR_FUNCTION)
        self.functions.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for name in ACTIVATIONS:
            self.functions.addItem(text.words(name), name)
        self.functions.currentIndexChanged.connect(self._chosen)
        self.functions.activated.connect(self._keep)
        self.z = QLineEdit("0")
        self.z.setAccessibleName("z")
        self.z.setToolTip(text.Z_TIP)
        self.z.textChanged.connect(self.calculate)
        self.constants: dict[str, QLineEdit] = {}
        self.result = QLabel()
        self.result.setFont(ui_font(13, 500))
        self.result.setWordWrap(True)
        self.result.setMinimumHeight(40)
        self.result.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.result.setAccessibleName(text.CALCULATOR)
        self._is_kept, self._digits = False, USUAL
        self._row = QGridLayout()
        row = QHBoxLayout()
        label = QLabel("z")
        label.setBuddy(self.z)
        row.addWidget(self.functions, 1)
        row.addWidget(label)
        row.addWidget(self.z, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(heading)
        column.addLayout(row)
        column.addLayout(self._row)
        column.addWidget(self.result)
        self._chosen()

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count, 2 to 17."""
        self._digits = count
        self.calculate()

    def offer(self, name: str) -> None:
        """The function looked at elsewhere, until the user has chosen one."""
        place = self.functions.findData(name)
        if not self._is_kept and place != self.functions.currentIndex():
            self.functions.setCurrentIndex(place)

    def _keep(self, _: int) -> None:
        self._is_kept = True

    def _chosen(self, _: int = 0) -> None:
        """Fields for the constants of the function chosen, with their usual values."""
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.constants = {}
        for place, (name, value) in enumerate(ACTIVATIONS[self.functions.currentData()].constants.items()):
            label, field = QLabel(name), QLineEdit(text.typed(value))
            label.setBuddy(field)
            field.setAccessibleName(name)
            field.textChanged.connect(self.calculate)
            self._row.addWidget(label, 0, 2 * place)
            self._row.addWidget(field, 0, 2 * place + 1)
            self.constants[name] = field
        self.calculate()

    def changeEvent(self, event: QEvent) -> None:
        """In another theme what is refused is said in that theme's red."""
        if event.type() == QEvent.Type.PaletteChange:
            self.calculate()
        super().changeEvent(event)

    def calculate(self, _: str = "") -> None:
        """Say f(z) and f'(z), or why not."""
        function = ACTIVATIONS[self.functions.currentData()]
        try:
            typed = self.z.text().split(";") if not function.is_elementwise else [self.z.text()]
            z = np.array([parse_number(part) for part in typed])
            constants = {name: parse_number(field.text()) for name, field in self.constants.items()}
        except EntryError as error:
            self._say(str(error), False)
            return
        a, derivatives = values(function, z, constants)
        self._say(text.calculated(a.tolist(), derivatives.tolist(), function.is_elementwise, self._digits), True)

    def _say(self, words: str, is_right: bool) -> None:
        color_words(self.result, is_right, self.palette())
        self.result.setText(words)
