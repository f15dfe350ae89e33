"""The docks around the middle: one for each panel of the table, with its heading, place and first size."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from gui.panels import PANELS, PanelRecord
from gui.widgets import DockTitle


def docks_of(window: QMainWindow, panels: Mapping[str, QWidget]) -> list[QDockWidget]:
    """The docks, in the order of the table. The listing has the full height at the left; the loss lies under canvas and
    parameters; those not shown at the first start wait as tabs."""
    window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
    window.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
    docks = [_dock(window, record, panels[record.name]) for record in PANELS]
    for record, dock in zip(PANELS, docks, strict=True):
        if not record.is_first:
            first = [d for r, d in zip(PANELS, docks, strict=True) if r.is_first and r.area is record.area]
            window.tabifyDockWidget(first[0], dock)
            dock.hide()
    return docks


def first_sizes(window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
    """Give the docks the sizes of the table, as the window is shown the first time."""
    for orientation in Qt.Orientation:
        is_bottom = orientation is Qt.Orientation.Vertical
        sized = [dock for record, dock in zip(PANELS, docks, strict=True) if record.is_bottom == is_bottom]
        window.resizeDocks(sized, [record.size for record in PANELS if record.is_bottom == is_bottom], orientation)


def _dock(window: QMainWindow, record: PanelRecord, panel: QWidget) -> QDockWidget:
    dock = QDockWidget(record.title, window)
    dock.setObjectName(record.name)
    title = DockTitle(record.title, getattr(panel, "header", None))
    title.close_requested.connect(dock.close)
    dock.setTitleBarWidget(title)
    dock.setWidget(panel)
    window.addDockWidget(record.area, dock)
    return dock


def retitle(window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
    """A dock beside others has a tab, which says its title already."""
    for dock in docks:
        title = dock.titleBarWidget()
        beside = [other for other in window.tabifiedDockWidgets(dock) if other.toggleViewAction().isChecked()]
        if isinstance(title, DockTitle):
            title.show_as_tab(bool(beside) and not dock.isFloating())
