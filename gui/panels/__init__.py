"""One file a panel; PANELS says which there are, where they dock, what they follow and what they ask for."""

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDockWidget, QWidget

from gui.panels.algorithm import Algorithm
from gui.panels.compare import Compare
from gui.panels.data import DataTable
from gui.panels.function import FunctionPanel
from gui.panels.gradient_check import GradientCheck
from gui.panels.loss import LossPlot
from gui.panels.operations import Operations
from gui.panels.parameters import ParametersTable
from gui.panels.paths import Paths
from gui.panels.prediction import PredictionPanel
from gui.panels.runs import RunsPanel
from gui.panels.settings import Settings
from gui.panels.stops import StopsPanel
from gui.panels.watch import Watch
from gui.when_shown import FOCUS, FRAME, WhenShown

FRAMES = {"frame_changed": FRAME}


class PanelRecord(NamedTuple):
    """A panel in a dock: name, title, class, area, and its first size (width at the sides, height at the bottom).

    follows: signals of the controller and the panel's methods that take them. requests: signals of the panel and the
    controller's methods that take them. is_first: shown at the first start; the others open as tabs when asked for. A
    panel with a method `see` is told whether it is in sight, which one behind another's tab does not know itself.
    """

    name: str
    title: str
    make: type[QWidget]
    area: Qt.DockWidgetArea
    size: int
    requests: Mapping[str, str]
    follows: Mapping[str, str] = FRAMES
    is_first: bool = True

    def connect(self, dock: QDockWidget, controller: QObject) -> None:
        """The panel in its dock asks the controller, and follows it while it is shown."""
        for signal, method in self.requests.items():
            getattr(dock.widget(), signal).connect(getattr(controller, method))
        shown = WhenShown(dock)
        for signal, method in self.follows.items():
            getattr(controller, signal).connect(shown.taking(method))
        if see := getattr(dock.widget(), "see", None):
            shown.changed.connect(see)

    @property
    def is_bottom(self) -> bool:
        return self.area is Qt.DockWidgetArea.BottomDockWidgetArea


PANELS = (
    PanelRecord(
        "operations", "Operations", Operations, Qt.DockWidgetArea.LeftDockWidgetArea, 252,
        {"seek_requested": "seek_operation", "hover_requested": "hover", "stop_requested": "toggle_stop"},
        {**FRAMES, "focus_changed": FOCUS, "stops_changed": "show_stops"},
    ),
    PanelRecord(
        "parameters", "Parameters", ParametersTable, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {
            "edit_requested": "enter", "edit_next_requested": "enter_next", "freeze_requested": "freeze",
            "select_requested": "select", "hover_requested": "hover", "refused": "say",
        },
        {**FRAMES, "focus_changed": FOCUS},
    ),
    PanelRecord(
        "data", "Data", DataTable, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {
            "edit_requested": "enter", "sample_requested": "choose_sample",
            "add_requested": "add_row", "remove_requested": "remove_row", "refused": "say",
        },
        is_first=False,
    ),
    PanelRecord("algorithm", "Algorithm", Algorithm, Qt.DockWidgetArea.RightDockWidgetArea, 376, {}, is_first=False),
    PanelRecord(
        "gradient_check", "Gradient check", GradientCheck, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {"select_requested": "select", "hover_requested": "hover", "refused": "say"},
        {**FRAMES, "focus_changed": FOCUS}, is_first=False,
    ),
    PanelRecord(
        "compare", "Compare", Compare, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {
            "compare_requested": "compare", "go_requested": "seek",
            "select_requested": "select", "hover_requested": "hover",
        },
        {**FRAMES, "focus_changed": FOCUS, "compared_changed": "show_rows"}, is_first=False,
    ),
    PanelRecord(
        "paths", "Paths", Paths, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {"way_requested": "light"}, {**FRAMES, "focus_changed": FOCUS}, is_first=False,
    ),
    PanelRecord(
        "prediction", "Prediction", PredictionPanel, Qt.DockWidgetArea.RightDockWidgetArea, 376, {}, is_first=False
    ),
    PanelRecord(
        "function", "Function at work", FunctionPanel, Qt.DockWidgetArea.RightDockWidgetArea, 376, {},
        {**FRAMES, "focus_changed": FOCUS}, is_first=False,
    ),
    PanelRecord(
        "runs", "Runs", RunsPanel, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {
            "choose_requested": "choose_run", "return_requested": "return_to", "compare_requested": "compare_runs",
            "select_requested": "select", "hover_requested": "hover",
        },
        {
            **FRAMES, "focus_changed": FOCUS, "runs_changed": "show_runs",
            "differences_changed": "show_differences",
        },
        is_first=False,
    ),
    PanelRecord(
        "watch", "Watch", Watch, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {
            "watch_requested": "watch", "unwatch_requested": "unwatch", "seek_requested": "seek",
            "select_requested": "select", "said": "say",
        },
        {
            **FRAMES, "focus_changed": FOCUS, "watched_changed": "show_watched",
            "running_changed": "show_running",
        },
        is_first=False,
    ),
    PanelRecord(
        "stops", "Stops", StopsPanel, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {"add_requested": "add_stop", "switch_requested": "switch_stop", "remove_requested": "remove_stop"},
        {**FRAMES, "focus_changed": FOCUS, "stops_changed": "show_stops"}, is_first=False,
    ),
    PanelRecord(
        "settings", "Settings", Settings, Qt.DockWidgetArea.RightDockWidgetArea, 376,
        {"change_requested": "change", "edit_requested": "enter", "notation_requested": "show_in"},
        is_first=False,
    ),
    PanelRecord(
        "loss", "Loss", LossPlot, Qt.DockWidgetArea.BottomDockWidgetArea, 108,
        {"seek_requested": "seek_iteration"},
        {**FRAMES, "runs_changed": "show_runs"},
    ),
)  # fmt: skip
