"""The window: canvas and equation in the middle, panels docked around, menus and toolbar from the table of actions."""

from PySide6.QtCore import QChildEvent, QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QMainWindow, QSplitter, QTabBar, QWidget

from engine.frame import Frame
from engine.notation import NOTATIONS
from engine.quantities import Quantity
from gui import keyboard, status, text
from gui.actions import ACTIONS, UNIT_KEYS, ActionRecord
from gui.appearance import show_theme
from gui.arranging import Arranging
from gui.canvas.view import Canvas
from gui.controller import SPEEDS, Controller
from gui.digits import kept_digits, show_digits
from gui.docks import docks_of, first_sizes, retitle
from gui.documents import Documents
from gui.equation.view import Equation
from gui.go_to import GoTo
from gui.ground import Ground
from gui.help import HelpSheet
from gui.menus import fill
from gui.panels import PANELS
from gui.panels.data import DataTable
from gui.panels.position import Position
from gui.presentation import Presentation
from gui.scrolling import Scrolling
from gui.sizes import Sizes
from gui.theme import theme_of
from gui.toolbar import Ribbon, StepBar

LAYOUT_VERSION = 1


class MainWindow(QMainWindow):
    """Shows the frames of a controller and hands it what the user wants. `settings` keep where docks were; `ground` is
    the window on the screen if that is there already."""

    def __init__(self, controller: Controller, settings: QSettings | None = None, ground: Ground | None = None) -> None:
        super().__init__()
        if ground is not None:
            ground.hold(self)
        self.setDocumentMode(True)
        self.controller: Controller = controller
        self._settings, self._is_restored = settings, False
        self.documents: Documents = Documents(controller, settings, self)
        self.canvas: Canvas = Canvas()
        self.equation, self.position = Equation(), Position()
        self.panels = {record.name: record.make() for record in PANELS}
        self.actions_by_name: dict[str, QAction] = {record.name: self._action(record) for record in ACTIONS}
        self._toolbar()
        self._middle()
        self.docks = docks_of(self, self.panels)
        self._menus()
        middle, bars = (self.canvas, self.equation, self.position), (self.menuBar(), self.bar, self.statusBar())
        self.presentation: Presentation = Presentation(self, bars, self.split, *middle)
        self.sizes: Sizes = Sizes(self, {self.canvas: 3.0, self.equation: 3.0, self.position: 1.5}, settings)
        self.arranging: Arranging = Arranging(self, self.docks, self.split)
        self.arranging.said.connect(controller.say)
        self._canvas_keys()
        self._connect()
        self._restore()
        self.canvas.setFocus()

    def show_frame(self, frame: Frame) -> None:
        """Show another frame in every panel."""
        for panel in (self.canvas, self.equation, self.position, self.notice):
            panel.show_frame(frame)
        self.presentation.fit_equation()
        changed = " *" if self.controller.is_changed else ""
        self.setWindowTitle(f"{text.title(frame)}{changed} – Chainstep")
        if self.heading.text() != text.title(frame):
            self.heading.setText(text.title(frame))
            self.menuBar().setCornerWidget(self.heading)  # it takes its width only now
        at_start = frame.cursor == (1, 0, 0)
        for name in ("start", "previous"):
            self.actions_by_name[name].setEnabled(not at_start)
        for name, change in (("undo", self.controller.to_undo), ("redo", self.controller.to_redo)):
            self.actions_by_name[name].setEnabled(bool(change))
            self.actions_by_name[name].setText(text.command(name.capitalize(), change))
        for name in NOTATIONS:
            self.actions_by_name[f"symbols_{name}"].setChecked(name == frame.session.notation)
        self.coming.setText(text.coming(frame))
        if not at_start and self.said.text() == text.FIRST_HINT:
            self.said.clear()  # it has been followed

    def go_to(self) -> None:
        """Ask where to go, and go there."""
        self.controller.pause()
        dialog = GoTo(self.controller.frame, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.controller.seek(dialog.iteration.value(), dialog.operation.value())
        dialog.deleteLater()

    def show_help(self) -> None:
        """All keys on one sheet."""
        HelpSheet(self).exec()

    def change_theme(self) -> None:
        """From light to dark or back."""
        current = theme_of(self.palette()).name
        show_theme("light" if current == "dark" else "dark")

    def change_size(self, by: int) -> None:
        """Everything larger (1) or smaller (-1)."""
        if self.presentation.is_on:
            self.controller.say(text.SIZE_OF_PRESENTATION)
            return
        self.sizes.step(by)
        self.controller.say(text.size(self.sizes.size, self.sizes.is_whole, self.sizes.has_room))

    def present(self) -> None:
        """Canvas and equation alone, or the window as it was."""
        if self.presentation.is_on:
            self.presentation.leave()
        else:
            self.presentation.begin()
        self.actions_by_name["presentation"].setChecked(self.presentation.is_on)
        self.canvas.setFocus()

    def _say(self, words: str) -> None:
        """In the status bar, which is there for it even in a presentation."""
        self.said.setText(words)
        self.coming.give_back()
        if self.presentation.is_on:
            self.statusBar().setVisible(bool(words))

    def show_digits(self, count: int) -> None:
        """Write numbers with so many digits that count wherever there is room for them."""
        show_digits(count, (self.canvas, self.equation, *self.panels.values()), self._settings)

    def _escape(self) -> None:
        """Back to the canvas, and out of a presentation."""
        self._leave_presentation()
        self.activateWindow()  # the keyboard may be in a panel's own
        self.canvas.take_keyboard()

    def _leave_presentation(self) -> None:
        if self.presentation.is_on:
            self.present()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.presentation.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_leave():
            event.ignore()
            return
        self.controller.pause()
        self._leave_presentation()
        if self._settings is not None:
            self._settings.setValue("docks", self.saveState(LAYOUT_VERSION))
            self._settings.setValue("theme", theme_of(self.palette()).name)
            self._settings.setValue("source", self.controller.source)
            self._settings.setValue("pictures", self.actions_by_name["pictures"].isChecked())
        event.accept()

    def childEvent(self, event: QChildEvent) -> None:
        """The tabs of docks keep their names whole; where they are too many they scroll."""
        super().childEvent(event)
        if event.polished() and isinstance(tabs := event.child(), QTabBar):
            tabs.setElideMode(Qt.TextElideMode.ElideNone)
            tabs.setUsesScrollButtons(True)

    def showEvent(self, event: QShowEvent) -> None:
        """Docks take their first sizes when the window is shown the first time."""
        super().showEvent(event)
        if not self._is_restored:
            self._is_restored = True
            first_sizes(self, self.docks)
        if not event.spontaneous():
            self.arranging.show_windows()

    def _action(self, record: ActionRecord) -> QAction:
        action = QAction(record.text, self)
        keys = " / ".join((*record.keys, *record.canvas_keys))
        action.setToolTip(f"{record.tip} ({keys})" if keys else record.tip)
        action.setCheckable(record.is_choice)
        action.setShortcuts([QKeySequence(key) for key in record.keys])
        action.triggered.connect(lambda: record.call(self))
        self.addAction(action)
        return action

    def _canvas_keys(self) -> None:
        """Arrows, space and digits work where the canvas, the ribbon or the listing has the focus."""
        for widget in (self.canvas, self.position, self.panels["operations"]):
            for record in ACTIONS:
                for key in record.canvas_keys:
                    self._shortcut(widget, key).activated.connect(self.actions_by_name[record.name].trigger)
            for unit, key in UNIT_KEYS.items():
                self._shortcut(widget, key).activated.connect(lambda unit=unit: self.controller.choose_unit(unit))
        QShortcut(QKeySequence("Escape"), self).activated.connect(self._escape)

    def _shortcut(self, widget: QWidget, key: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        return shortcut

    def _menus(self) -> None:
        fill(self.menuBar(), self.actions_by_name, self.docks, self.documents.menus(), self.canvas)
        self.heading = QLabel()
        self.heading.setContentsMargins(0, 0, 16, 0)

    def _toolbar(self) -> None:
        controller = self.controller
        self.bar = StepBar(self.actions_by_name, SPEEDS, self)
        self.bar.units.setCurrentText(controller.unit.value.capitalize())
        self.bar.speed.setValue(SPEEDS.index(controller.speed))
        self.bar.unit_chosen.connect(controller.choose_unit)
        self.bar.speed_chosen.connect(controller.choose_speed)
        self.bar.limit_chosen.connect(controller.choose_limit)
        self.bar.units.activated.connect(lambda place: self.canvas.setFocus())
        self.bar.limit.lineEdit().returnPressed.connect(self.canvas.setFocus)
        self.bar.show_running(controller.is_running)
        self.addToolBar(self.bar)

    def _middle(self) -> None:
        self.split = split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.canvas)
        area = Scrolling(self.equation, is_sideways=True)  # only where it is shown larger than there is room
        area.setMinimumWidth(self.canvas.minimumWidth())
        split.addWidget(area)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.setStretchFactor(0, 1)
        self.setCentralWidget(split)
        said, digits = self.controller.said, kept_digits(self._settings)
        self.said, self.notice, self.coming = status.fill(self.statusBar(), said, digits, self.show_digits)
        self.show_digits(digits)
        self.addToolBarBreak()
        self.addToolBar(Ribbon(self.position, self))

    def _retitle(self, _: object) -> None:
        retitle(self, self.docks)

    def _go(self, quantity: Quantity) -> None:
        """To the operation that writes a quantity; to the data for what is given there."""
        data = self.panels["data"]
        if quantity.kind in ("x", "y") and isinstance(data, DataTable):
            self.show_panel("data")
            data.go_to(quantity, self.controller.frame.sample)
        else:
            self.controller.go_to(quantity)

    def show_panel(self, name: str, has_keyboard: bool = True) -> None:
        """In front of what is beside it, not in a presentation; with the keyboard, unless that is to stay."""
        self._leave_presentation()
        dock = next(dock for dock in self.docks if dock.objectName() == name)
        dock.show()
        dock.raise_()
        if has_keyboard:
            keyboard.enter(self.panels[name])

    def go_around(self, step: int) -> None:
        """The keyboard to the next panel in sight (1) or the one before (-1)."""
        middle = [self.position, self.panels["operations"], self.canvas, self.equation]
        others = keyboard.in_reading_order([panel for panel in self.panels.values() if panel not in middle])
        keyboard.go_around([*middle, *others], step)

    def _connect(self) -> None:
        controller = self.controller
        controller.frame_changed.connect(self.show_frame)
        controller.message.connect(self._say)
        controller.unit_changed.connect(lambda unit: self.bar.units.setCurrentText(unit.value.capitalize()))
        controller.running_changed.connect(self.bar.show_running)
        for record, dock in zip(PANELS, self.docks, strict=True):
            record.connect(dock, controller)
            for signal in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged):
                signal.connect(self._retitle)
            dock.toggleViewAction().triggered.connect(lambda is_shown, dock=dock: is_shown and dock.raise_())
        controller.frame_changed.connect(lambda _: self.canvas.announce(controller.is_running))
        self.position.seek_requested.connect(controller.seek_operation)
        self.notice.seek_requested.connect(controller.seek)
        self.canvas.go_requested.connect(self._go)
        self.canvas.select_requested.connect(controller.select)
        for panel in (self.canvas, self.equation):
            panel.hover_requested.connect(controller.hover)
            panel.said.connect(controller.say)
            controller.focus_changed.connect(panel.show_focus)

    def _restore(self) -> None:
        """Docks and pictures as they were the last time."""
        if self._settings is not None:
            if self._settings.value("pictures", False, bool):
                self.actions_by_name["pictures"].trigger()
            docks = self._settings.value("docks")
            if docks is not None:
                self._is_restored = self.restoreState(docks, LAYOUT_VERSION)
