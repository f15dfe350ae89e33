"""The notice in the status bar that values are not finite, which leads to the first one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from engine.frame import Frame
from gui import text
from gui.theme import ui_font


class NotFiniteNotice(QToolButton):
    """A button that is there only where the cursor stands behind the first value that is not finite."""

    seek_requested = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self.setAutoRaise(True)
        self.setFont(ui_font(12, 600))
        self.setFixedHeight(18)  # no higher than the words beside it, or the bar would grow for it
        self.hide()
        self.clicked.connect(self._go)

    def show_frame(self, frame: Frame) -> None:
        self._frame, bad = frame, frame.not_finite
        self.setVisible(bad is not None and frame.cursor > bad)
        if bad is not None:
            self.setText(text.go_to_not_finite(bad))
            self.setToolTip(text.not_finite_tip(bad))

    def _go(self) -> None:
        if self._frame is not None and self._frame.not_finite is not None:
            self.seek_requested.emit(*self._frame.not_finite[:2])
