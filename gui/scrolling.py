"""The area that shows a part of what is larger than it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QWidget


class Scrolling(QScrollArea):
    """An area that scrolls a panel up and down, and sideways where it is told to. While there is more than it shows it
    takes the keyboard, whose arrows scroll it."""

    def __init__(self, widget: QWidget, is_sideways: bool = False) -> None:
        super().__init__()
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        if not is_sideways:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(widget.minimumSize())
        self.setAccessibleName(widget.accessibleName())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.rangeChanged.connect(self._take_keyboard)

    def _take_keyboard(self) -> None:
        bars = [self.verticalScrollBar(), self.horizontalScrollBar()]
        has_more = any(bar.maximum() and self._is_shown(bar) for bar in bars)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if has_more else Qt.FocusPolicy.NoFocus)

    def _is_shown(self, bar: QScrollBar) -> bool:
        is_across = bar is self.horizontalScrollBar()
        return not is_across or self.horizontalScrollBarPolicy() is not Qt.ScrollBarPolicy.ScrollBarAlwaysOff
