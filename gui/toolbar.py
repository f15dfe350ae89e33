"""The toolbar: steps, what a step covers, running and its speed. Clicking it never takes the focus."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QToolBar, QToolButton, QWidget

from engine.program import Unit
from gui import text
from gui.actions import TOOLBAR
from gui.icons import icon
from gui.theme import theme_of
from gui.widgets import PrimaryButton

HEIGHT = 32


class StepBar(QToolBar):
    """Buttons of the actions in TOOLBAR, and between them the choices of unit and speed."""

    unit_chosen = Signal(Unit)
    speed_chosen = Signal(int)

    def __init__(self, actions: Mapping[str, QAction], speeds: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__("Steps", parent)
        self.setObjectName("steps")
        self.setMovable(False)
        self._actions, self._is_running = actions, False
        self.units = self._combo("Step by", [unit.value.capitalize() for unit in Unit])
        self.speeds = self._combo("Speed", [text.speed(speed) for speed in speeds])
        self.units.activated.connect(lambda place: self.unit_chosen.emit(list(Unit)[place]))
        self.speeds.activated.connect(lambda place: self.speed_chosen.emit(speeds[place]))
        for name in TOOLBAR:
            if name == "run":
                label = QLabel("Step by")
                label.setContentsMargins(16, 0, 8, 0)
                self.addWidget(label)
                self.addWidget(self.units)
            self.addWidget(self._button(name))
            if name == "run":
                self.addWidget(self.speeds)

    def show_running(self, is_running: bool) -> None:
        """Icons in the theme's ink; the button of running says what it does now."""
        self._is_running = is_running
        theme = theme_of(self.palette())
        self._actions["run"].setText(text.PAUSE if is_running else text.RUN)
        for name in TOOLBAR:
            shown = "pause" if name == "run" and is_running else name
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
        elif name != "next":
            button.setFixedWidth(HEIGHT + 2)
        return button

    def _combo(self, name: str, choices: list[str]) -> QComboBox:
        combo = QComboBox()
        combo.addItems(choices)
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        combo.setAccessibleName(name)
        combo.setFixedHeight(HEIGHT)
        return combo
