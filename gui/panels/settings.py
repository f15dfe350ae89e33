"""All settings of the session: network, initial values, loss, optimizer, batches, data, symbols."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.edits import Entry
from engine.frame import Frame
from engine.spec import Spec
from gui import text
from gui.settings import specs
from gui.settings.controls import FromFile, InNotation, Request
from gui.settings.form import SectionView
from gui.settings.sections import sections


class Settings(QScrollArea):
    """The settings as a panel. It paints what the frame says and emits what the user wants."""

    change_requested = Signal(Spec)
    edit_requested = Signal(list)
    notation_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._spec: Spec | None = None
        self._at: object = None
        self.views: list[SectionView] = []
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 0, 12)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Settings")

    def sizeHint(self) -> QSize:
        return QSize(376, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def widget_of(self, key: str) -> QWidget:
        """The control of that key."""
        return next(view.widgets[key] for view in self.views if key in view.widgets)

    def problem_of(self, key: str) -> str:
        """What stands below the control of that key; empty where nothing was refused."""
        label = next(view for view in self.views if key in view.widgets).problems.get(key)
        return label.text() if label is not None and not label.isHidden() else ""

    def show_frame(self, frame: Frame) -> None:
        """The settings as they stand in the frame's iteration; nothing is made while nobody sees them."""
        self._frame = frame
        session = frame.session
        at = (session.edits, frame.learning_rate, session.notation)
        if not self.isVisible() or (self._spec is session.spec and self._at == at):
            return
        self._spec, self._at = session.spec, at
        shown = sections(frame)
        while len(self.views) < len(shown):
            view = SectionView()
            view.asked.connect(self._pass_on)
            self._column.insertWidget(len(self.views), view)
            self.views.append(view)
        for view, section in zip(self.views, shown, strict=True):
            view.show_section(section)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._frame is not None:
            self.show_frame(self._frame)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is of use in the first control."""
        super().focusInEvent(event)
        controls = (widget for view in self.views for widget in view.widgets.values())
        first = next((widget for widget in controls if widget.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if first is not None:
            first.setFocus()

    def _pass_on(self, request: Request) -> None:
        """What a control asks for, to whoever can do it."""
        match request:
            case Spec():
                if self._frame is not None and request != self._frame.session.spec:
                    self.change_requested.emit(request)
            case InNotation(notation):
                self.notation_requested.emit(notation)
            case FromFile():
                self._open_file()
            case [Entry(), *_]:
                self.edit_requested.emit(request)

    def _open_file(self) -> None:
        """Ask for a CSV file and for its columns, and take its rows; the reader is imported once it is needed."""
        from gui.settings.csv_dialog import CsvDialog

        path, _ = QFileDialog.getOpenFileName(self, text.CSV_TITLE, "", text.CSV_FILTER_OPEN)
        if not path or self._frame is None:
            return
        spec = specs.begun_with(self._frame.session)
        dialog = CsvDialog(Path(path), spec, self)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.result_spec is not None:
            self.change_requested.emit(dialog.result_spec)
        dialog.deleteLater()
