"""The field in the listing's heading in which a filter is typed."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gui import text
from gui.theme import ui_font


class FilterField(QLineEdit):
    """Down and Return lead into the list; Escape clears it, before the window gives the focus to the canvas."""

    left = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFont(ui_font(12))
        self.setFixedHeight(24)
        self.setPlaceholderText(text.FILTER_HINT)
        self.setToolTip(text.FILTER_TIP)
        self.setAccessibleName(text.FILTER)
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """The window takes Escape as its shortcut, so that no press of it arrives here."""
        is_shortcut = event.type() is QEvent.Type.ShortcutOverride
        if is_shortcut and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.clear()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()
