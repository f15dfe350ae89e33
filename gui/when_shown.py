"""Spares a panel that nobody sees: what comes meanwhile waits until it is shown, and only the last of each kind."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDockWidget


class WhenShown(QObject):
    """Stands before the methods of a dock's panel that take what the controller emits."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._panel, self._is_shown = dock.widget(), False
        self._waiting: dict[str, object] = {}
        dock.visibilityChanged.connect(self._change)  # a panel behind another's tab counts as visible itself

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
        self._is_shown = is_shown
        if is_shown:
            waiting, self._waiting = self._waiting, {}
            for method, value in waiting.items():
                getattr(self._panel, method)(value)
