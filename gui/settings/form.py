"""Shows a section of settings: widgets are made once for its shape and only updated while that stays."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.checks import SpecError
from gui import text
from gui.entries import EntryError, parse_number, shown
from gui.settings.controls import NARROW, SMALL, Button, Choice, Control, Number, Request, Row, Section, Tick, Words
from gui.theme import theme_of, ui_font

LABELS, GAP, INDENT = 96, 6, 6
OPENING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Quiet(QLabel):
    """A sentence in small grey letters, or in the colour of an error."""

    def __init__(self, words: str = "", is_error: bool = False) -> None:
        super().__init__(words)
        self._is_error = is_error
        self.setFont(ui_font(12))
        self.setWordWrap(True)
        self._color()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._color()
        super().changeEvent(event)

    def _color(self) -> None:
        """The theme's, which the application's palette tells."""
        theme, palette, role = theme_of(self.palette()), QPalette(), QPalette.ColorRole.WindowText
        color = QColor(theme.error if self._is_error else theme.ink_3)
        if self.palette().color(role) != color:
            palette.setColor(role, color)
            self.setPalette(palette)


class Combo(QComboBox):
    """One of several by name. The wheel scrolls the panel, and arrows open the list, so that nothing is changed on the
    way to a choice."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda place: self.chosen.emit(self.itemData(place)))

    def show_choice(self, choice: Choice) -> None:
        """The options in words; one that cannot be chosen says why."""
        names = [option.name for option in choice.options]
        if [self.itemData(place) for place in range(self.count())] != names:
            self.clear()
            for option in choice.options:
                self.addItem(option.words, option.name)
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for place, option in enumerate(choice.options):
            item = model.item(place)
            item.setEnabled(not option.problem)
            item.setToolTip(option.problem or option.tip)
        self.setCurrentIndex(names.index(choice.chosen))
        self.setToolTip(choice.options[self.currentIndex()].tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OPENING:
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Field(QLineEdit):
    """A number; it is taken at Enter and when the field is left."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(NARROW)

    def show_number(self, number: Number) -> None:
        """What is being typed stays while frames come and go."""
        self.setToolTip(number.tip)
        self.setPlaceholderText(number.empty)
        if not (self.hasFocus() and self.isModified()):
            self.setText(number.shown)


class SectionView(QWidget):
    """A section with its heading. What its controls ask for is emitted; what they refuse stands below the control."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.widgets: dict[str, QWidget] = {}
        self.problems: dict[str, Quiet] = {}
        self._below: dict[str, tuple[QGridLayout, int, list[str]]] = {}
        self._controls: dict[str, Control] = {}
        self._notes: list[Quiet] = []
        self._shape: object = None
        self._body: QWidget | None = None
        self.heading, self.effect = QLabel(), Quiet()
        self.heading.setFont(ui_font(12, 600))
        self.effect.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addWidget(self.effect, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 4)
        self._column.setSpacing(8)
        self._column.addLayout(head)

    def show_section(self, section: Section) -> None:
        self.heading.setText(section.title)
        self.effect.setText(section.effect)
        self._controls = {control.key: control for row in section.rows for control in row.controls}
        if section.shape != self._shape:
            self._build(section)
        notes = [row.note for row in section.rows if row.note]
        for label, note in zip(self._notes, notes, strict=True):
            label.setText(note)
        for problem in self.problems.values():
            problem.hide()
        for key, control in self._controls.items():
            self._update(self.widgets[key], control)

    def _build(self, section: Section) -> None:
        """All rows anew; the keyboard goes on in the control that it was in, or at the first."""
        held = next((key for key, widget in self.widgets.items() if widget.hasFocus()), None)
        for widget in self.widgets.values():
            widget.blockSignals(True)  # what is gone asks for nothing, not even when it loses the keyboard
        self.widgets, self.problems, self._below, self._notes = {}, {}, {}, []
        old, self._body, self._shape = self._body, QWidget(), section.shape
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        wide = max((len(row.controls) for row in section.rows), default=1) > 2
        grid.setColumnMinimumWidth(0, 0 if wide else LABELS)
        for number, row in enumerate(section.rows):
            self._row(grid, 3 * number, row)
        self._column.addWidget(self._body)
        if old is not None:
            old.hide()
            old.deleteLater()
        if held is not None:
            (self.widgets.get(held) or next(iter(self.widgets.values()))).setFocus()

    def _row(self, grid: QGridLayout, place: int, row: Row) -> None:
        """The controls at a place of the grid; below it there is room for the note and for what is refused."""
        line = QHBoxLayout()
        line.setSpacing(GAP)
        for control in row.controls:
            widget = self._made(control)
            self.widgets[control.key] = widget
            is_wide = isinstance(control, Choice) or (isinstance(control, Number) and not control.is_narrow)
            line.addWidget(widget, 1 if is_wide else 0)
        if all(isinstance(control, (Button, Words, Tick)) for control in row.controls):
            line.addStretch(1)
        if row.label:
            label = QLabel(row.label)
            label.setBuddy(self.widgets[row.controls[0].key])
            grid.addWidget(label, place, 0)
        grid.addLayout(line, place, 1)
        if row.note:
            note = Quiet(row.note)
            self._notes.append(note)
            grid.addWidget(note, place + 1, 1)
        keys = [control.key for control in row.controls]
        self._below |= dict.fromkeys(keys, (grid, place + 2, keys))

    def _made(self, control: Control) -> QWidget:
        """The widget for a control; what it does is looked up when it is used, as frames bring other controls."""
        key = control.key
        if isinstance(control, Words):
            quiet = Quiet(control.words)
            if control.width:
                quiet.setFixedWidth(control.width)
                quiet.setIndent(INDENT)
            return quiet
        widget: QWidget
        if isinstance(control, Choice):
            combo = Combo()
            combo.chosen.connect(lambda name: self._ask(key, name))
            widget = combo
        elif isinstance(control, Number):
            field = Field()
            if control.is_narrow:
                field.setFixedWidth(NARROW)
            field.editingFinished.connect(lambda: self._typed(key, field))
            widget = field
        elif isinstance(control, Tick):
            tick = QCheckBox(control.name)
            tick.clicked.connect(lambda is_on: self._ask(key, is_on))
            widget = tick
        elif control.is_small:
            small = QToolButton()
            small.setText(control.words)
            small.setAutoRaise(True)
            small.setFixedWidth(SMALL)
            small.setToolTip(control.name)
            small.clicked.connect(lambda: self._ask(key))
            small.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            widget = small
        else:
            button = QPushButton(control.words)
            button.clicked.connect(lambda: self._ask(key))
            widget = button
        widget.setAccessibleName(control.name)
        return widget

    def _update(self, widget: QWidget, control: Control) -> None:
        if isinstance(widget, Combo) and isinstance(control, Choice):
            widget.show_choice(control)
        elif isinstance(widget, Field) and isinstance(control, Number):
            widget.show_number(control)
        elif isinstance(widget, QCheckBox) and isinstance(control, Tick):
            widget.setChecked(control.is_on)
        elif isinstance(widget, QLabel) and isinstance(control, Words):
            widget.setText(control.words)

    def _typed(self, key: str, field: Field) -> None:
        """Ask for the number typed; a wrong one is refused below the field and the old one stays."""
        control = self._controls[key]
        if not isinstance(control, Number) or not field.isModified():
            return
        typed = field.text()
        field.setModified(False)
        field.setText(control.shown)
        if typed.strip() == control.shown:
            return
        if not typed.strip() and control.ask_empty is not None:
            self._emit(key, control.ask_empty)
            return
        try:
            value = parse_number(typed)
            if control.is_whole and value != int(value):
                raise EntryError(text.not_whole(shown(typed)))
        except EntryError as error:
            self._refuse(key, error)
            return
        self._emit(key, lambda: control.ask(value))

    def _ask(self, key: str, *chosen: str | bool) -> None:
        ask: Callable[..., Request] | None = getattr(self._controls[key], "ask", None)
        if ask is not None:
            self._emit(key, lambda: ask(*chosen))

    def _emit(self, key: str, ask: Callable[[], Request]) -> None:
        try:
            request = ask()
        except SpecError as error:
            self._refuse(key, error)
            self._update(self.widgets[key], self._controls[key])
            return
        if key in self.problems:
            self.problems[key].hide()
        self.asked.emit(request)

    def _refuse(self, key: str, error: ValueError) -> None:
        control = self._controls[key]
        old = _shown_by(control)
        if key not in self.problems:
            grid, place, keys = self._below[key]
            problem = Quiet(is_error=True)
            grid.addWidget(problem, place, 1)
            self.problems |= dict.fromkeys(keys, problem)
        self.problems[key].setText(text.still(error, old) if old else f"{error}.")
        self.problems[key].show()


def _shown_by(control: Control) -> str:
    """What holds on where something is refused."""
    if isinstance(control, Choice):
        return next(option.words for option in control.options if option.name == control.chosen)
    return (control.shown or control.empty) if isinstance(control, Number) else ""
