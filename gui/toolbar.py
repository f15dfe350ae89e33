"""The toolbar: steps, what a step covers, running, its speed and its end. Its buttons never take the focus."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QSpinBox, QToolBar, QToolButton, QWidget

from engine.program import Unit
from gui import text
from gui.actions import TOOLBAR
from gui.icons import icon
from gui.theme import theme_of
from gui.widgets import Pace, PrimaryButton

HEIGHT, MOST_ITERATIONS, ROOM_FOR_ALL = 32, 10_000_000, 1080


class StepBar(QToolBar):
    """What TOOLBAR names: buttons of actions, and between them the choices of unit, speed and limit."""

    unit_chosen = Signal(Unit)
    speed_chosen = Signal(int)
    limit_chosen = Signal(int)

    def __init__(self, actions: Mapping[str, QAction], speeds: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__("Steps", parent)
        self.setObjectName("steps")
        self.setMovable(False)
        self._actions, self._is_running = actions, False
        self.units, self.speed, self.limit = self._units(), self._speed(speeds), self._limit()
        self._pace = _label("", 0, 12)
        self._pace.setFixedWidth(self._pace.fontMetrics().horizontalAdvance(text.speed(0)) + 16)
        stretch, loose = QWidget(), (_label(text.STEP_BY, 8, 8), _label("", 8, 8), _label("", 8, 0))
        stretch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        others = {
            "units": [_label("", 8, 0), loose[0], self.units, loose[1]],
            "speed": [_label("", 8, 0), self.speed, self._pace],
            "limit": [self.limit, loose[2]],
            "stretch": [stretch],
        }
        self._loose: list[QAction] = []
        for name in TOOLBAR:
            for widget in others.get(name) or [self._button(name)]:
                added = self.addWidget(widget)
                if widget in loose:
                    self._loose.append(added)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, what is only beside a control gives way, so that every control is there."""
        for added in self._loose:
            added.setVisible(event.size().width() >= ROOM_FOR_ALL)
        super().resizeEvent(event)

    def show_running(self, is_running: bool) -> None:
        """Icons in the theme's ink; the button of running says what it does now."""
        self._is_running = is_running
        theme = theme_of(self.palette())
        self._actions["run"].setText(text.PAUSE if is_running else text.RUN)
        for name in TOOLBAR:
            shown = "pause" if name == "run" and is_running else name
            if name in self._actions:
                self._actions[name].setIcon(icon(shown, theme.ink, theme.faint))

    def changeEvent(self, event: QEvent) -> None:
        """The bar gets its palette after the window, so it draws its icons itself."""
        if event.type() == QEvent.Type.PaletteChange:
            self.show_running(self._is_running)
        super().changeEvent(event)

    def _button(self, name: str) -> QToolButton:
        button = PrimaryButton() if name == "next" else QToolButton()
        button.setDefaultAction(self._actions[name])
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setFixedHeight(HEIGHT)
        if name == "run":
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFixedWidth(84)  # as wide as its longer word, so that nothing beside it moves
        elif name != "next":
            button.setFixedWidth(HEIGHT + 2)
        return button

    def _units(self) -> QComboBox:
        combo = QComboBox()
        combo.addItems([unit.value.capitalize() for unit in Unit])
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        combo.setAccessibleName(text.STEP_BY)
        combo.setFixedHeight(HEIGHT)
        combo.activated.connect(lambda place: self.unit_chosen.emit(list(Unit)[place]))
        return combo

    def _speed(self, speeds: Sequence[int]) -> Pace:
        slider = Pace()
        slider.setRange(0, len(speeds) - 1)
        slider.setAccessibleName(text.SPEED)
        slider.setToolTip(text.SPEED_TIP)
        slider.setFixedSize(112, HEIGHT)
        slider.valueChanged.connect(lambda place: self._pace.setText(text.speed(speeds[place])))
        slider.valueChanged.connect(lambda place: self.speed_chosen.emit(speeds[place]))
        return slider

    def _limit(self) -> QSpinBox:
        spin = QSpinBox()
        spin.setRange(0, MOST_ITERATIONS)
        spin.setSpecialValueText(text.NO_LIMIT)
        spin.setPrefix(text.LIMIT_BEFORE)
        spin.setSuffix(text.LIMIT_AFTER)
        spin.setGroupSeparatorShown(True)
        spin.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        spin.setAccessibleName(text.LIMIT)
        spin.setToolTip(text.LIMIT_TIP)
        spin.setFixedSize(148, HEIGHT)
        spin.valueChanged.connect(self.limit_chosen)
        return spin


class Ribbon(QToolBar):
    """The bar below, which has only the position in it, without a margin."""

    def __init__(self, position: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("Position", parent)
        self.setObjectName("position")
        self.setMovable(False)
        self.addWidget(position)
        if (frame := self.layout()) is not None:
            frame.setContentsMargins(0, 0, 0, 0)


def _label(words: str, left: int, right: int) -> QLabel:
    """Words, or only room, between two controls."""
    label = QLabel(words)
    label.setContentsMargins(left, 0, right, 0)
    return label
