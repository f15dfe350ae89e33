"""Spares a panel that nobody sees: what comes meanwhile waits until it is shown, and only the last of each kind.
Meanwhile it takes no keyboard, which Tab would bring into a panel behind another's tab."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDockWidget

from gui.focus import Focus

FRAME, FOCUS = "show_frame", "show_focus"


class WhenShown(QObject):
    """Stands before the methods of a dock's panel that take what the controller emits."""

    changed = Signal(bool)
    """Whether the panel is in sight, which one behind another's tab does not know itself."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._panel, self._is_shown = dock.widget(), False
        self._panel.setEnabled(False)
        self._waiting: dict[str, object] = {}
        dock.visibilityChanged.connect(self._change)
        dock.topLevelChanged.connect(self._change_window)
        dock.destroyed.connect(self._end)

    def taking(self, method: str) -> Callable[[object], None]:
        """What takes in place of the panel's method."""

        def take(value: object) -> None:
            if self._is_shown:
                getattr(self._panel, method)(value)
            else:
                self._waiting.pop(method, None)  # so that what came last also comes last
                self._waiting[method] = value

        return take

    def _change(self, is_shown: bool) -> None:
        """What waits is about the frame, which therefore comes first; but what the panel has selected may be of another
        network, so that it lets go of it before."""
        self._is_shown = is_shown
        self._panel.setEnabled(is_shown)
        if is_shown:
            waiting, self._waiting = self._waiting, {}
            if FOCUS in waiting:
                getattr(self._panel, FOCUS)(Focus())
            for method in sorted(waiting, key=lambda method: method != FRAME):
                getattr(self._panel, method)(waiting[method])
        self.changed.emit(is_shown)

    def _change_window(self, is_own: bool) -> None:
        """A panel in a window of its own is in sight; where it was behind a tab before, Qt does not say so."""
        if is_own and not self._panel.isHidden():
            self._change(True)

    def _end(self) -> None:
        """While a window goes, the controller may still tell of what the pointer leaves."""
        self._is_shown = False
