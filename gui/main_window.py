"""The window: position, canvas and equation, driven by the table of actions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QMainWindow,
    QSplitter,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from engine.frame import Frame
from engine.program import Unit
from gui import text
from gui.actions import ACTIONS, TOOLBAR, UNIT_KEYS, ActionRecord
from gui.canvas.view import Canvas
from gui.controller import Controller
from gui.panels.equation import Equation
from gui.panels.position import Position
from gui.theme import THEMES, palette_of, theme_of, ui_font


class MainWindow(QMainWindow):
    """Shows the frames of a controller and hands it what the user wants."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.controller: Controller = controller
        self.canvas, self.equation, self.position = Canvas(), Equation(), Position()
        self.actions_by_name = {record.name: self._action(record) for record in ACTIONS}
        self._menus()
        self._toolbar()
        self._layout()
        self._unit_keys()
        controller.frame_changed.connect(self.show_frame)
        controller.unit_changed.connect(lambda unit: self.units.setCurrentText(unit.value.capitalize()))
        controller.message.connect(self.statusBar().showMessage)
        self.resize(1280, 800)
        self.canvas.setFocus()

    def show_frame(self, frame: Frame) -> None:
        """Show another frame in every panel."""
        for panel in (self.canvas, self.equation, self.position):
            panel.show_frame(frame)
        self.setWindowTitle(f"{text.title(frame)} – Chainstep")
        self.heading.setText(text.title(frame))
        start = frame.cursor == (1, 0, 0)
        for name in ("start", "previous"):
            self.actions_by_name[name].setEnabled(not start)
        self.coming.setText(text.coming(frame))

    def ask_and_open(self) -> None:
        """Ask for a session file and open it."""
        path, _ = QFileDialog.getOpenFileName(self, text.OPEN_TITLE, "", text.SESSION_FILTER)
        if path:
            self.controller.open(path)

    def change_theme(self) -> None:
        """From light to dark or back."""
        current = theme_of(self.palette()).name
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(palette_of(THEMES["light" if current == "dark" else "dark"]))

    def quit(self) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()

    def _action(self, record: ActionRecord) -> QAction:
        action = QAction(record.text, self)
        keys = " / ".join((*record.keys, *record.canvas_keys))
        action.setToolTip(f"{record.tip} ({keys})" if keys else record.tip)
        action.setStatusTip(record.tip)
        action.setShortcuts([QKeySequence(key) for key in record.keys])
        action.triggered.connect(lambda: record.call(self))
        for key in record.canvas_keys:
            shortcut = QShortcut(QKeySequence(key), self.canvas)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(action.trigger)
        self.addAction(action)
        return action

    def _unit_keys(self) -> None:
        """On the canvas 1 to 8 choose the unit."""
        for unit, key in UNIT_KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self.canvas)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda unit=unit: self.controller.choose_unit(unit))

    def _menus(self) -> None:
        for menu in dict.fromkeys(record.menu for record in ACTIONS):
            actions = [self.actions_by_name[record.name] for record in ACTIONS if record.menu == menu]
            self.menuBar().addMenu(menu).addActions(actions)
        self.heading = QLabel()
        self.heading.setContentsMargins(0, 0, 16, 0)
        self.menuBar().setCornerWidget(self.heading)

    def _toolbar(self) -> None:
        bar = QToolBar("Steps", self)
        bar.setMovable(False)
        self.addToolBar(bar)
        for name in TOOLBAR:
            bar.addAction(self.actions_by_name[name])
            button = bar.widgetForAction(self.actions_by_name[name])
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        label = QLabel("Step by")
        label.setContentsMargins(16, 0, 8, 0)
        bar.addWidget(label)
        self.units = QComboBox()
        self.units.addItems([unit.value.capitalize() for unit in Unit])
        self.units.setCurrentText(self.controller.unit.value.capitalize())
        self.units.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.units.setAccessibleName("Step by")
        self.units.activated.connect(lambda place: self.controller.choose_unit(list(Unit)[place]))
        self.units.activated.connect(lambda place: self.canvas.setFocus())
        bar.addWidget(self.units)

    def _layout(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.canvas)
        split.addWidget(self.equation)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.position)
        column.addWidget(split, 1)
        self.setCentralWidget(middle)
        self.coming = QLabel()
        self.coming.setFont(ui_font(12))
        self.statusBar().addPermanentWidget(self.coming)
