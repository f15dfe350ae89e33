"""The stops that the user has set. They belong to the workspace: they stay when another session is opened, and no
session file keeps them."""

from PySide6.QtCore import QObject, Signal

from engine.stops import Stop, Stops


class HoldsStops(QObject):
    """Keeps the stops and whether each is on; `stops` are those that a run has to mind."""

    stops_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[Stop, bool] = {}
        self.stops = Stops()

    def add_stop(self, stop: Stop) -> None:
        """Set a stop; one that is there already is on again."""
        self._keep(self.held | {stop: True})

    def switch_stop(self, stop: Stop, is_on: bool) -> None:
        """Turn a stop on, or off without losing it."""
        if stop in self.held:
            self._keep(self.held | {stop: is_on})

    def remove_stop(self, stop: Stop) -> None:
        self._keep({other: is_on for other, is_on in self.held.items() if other != stop})

    def toggle_stop(self, stop: Stop) -> None:
        """Set it, or take it away if it is there."""
        if stop in self.held:
            self.remove_stop(stop)
        else:
            self.add_stop(stop)

    def _keep(self, held: dict[Stop, bool]) -> None:
        """A run that is going on minds them at once."""
        self.held = held
        self.stops.change(stop for stop, is_on in held.items() if is_on)
        self.stops_changed.emit(held)
