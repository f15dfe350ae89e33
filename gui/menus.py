"""The menus of the window: actions from their table, and the panels in groups."""

from collections.abc import Mapping, Sequence
from itertools import chain

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMenu, QMenuBar, QWidget

from gui.actions import ACTIONS
from gui.widgets import give_back

PANEL_GROUPS = (
    ("operations", "parameters", "loss"),
    ("data", "settings"),
    ("algorithm", "function", "paths", "prediction"),
    ("runs", "compare", "watch", "stops", "gradient_check"),
)
"""Panels that go together: the first view, what is given, what is computed, what is looked into."""


def fill(
    bar: QMenuBar,
    actions: Mapping[str, QAction],
    docks: Sequence[QDockWidget],
    submenus: Sequence[QMenu],
    canvas: QWidget,
) -> None:
    """Add all menus to a bar; `submenus` go into File, and the canvas takes the keyboard from a menu closed."""
    for name in dict.fromkeys(record.menu for record in ACTIONS):
        menu = bar.addMenu(f"&{name}")
        give_back(bar, menu, canvas)
        menu.addActions([actions[record.name] for record in ACTIONS if record.menu == name])
        if name == "File":
            for submenu in submenus:
                menu.insertMenu(actions["save"], submenu)
        if name == "View":
            _separate(menu, actions)
            _add_panels(menu, docks)


def _separate(menu: QMenu, actions: Mapping[str, QAction]) -> None:
    """A line before what begins another subject."""
    for name in ("larger", "zoom_in", "presentation"):
        menu.insertSeparator(actions[name])


def _add_panels(menu: QMenu, docks: Sequence[QDockWidget]) -> None:
    by_name = {dock.objectName(): dock.toggleViewAction() for dock in docks}
    assert sorted(by_name) == sorted(chain(*PANEL_GROUPS))
    for group in PANEL_GROUPS:
        menu.addSeparator()
        menu.addActions([by_name[name] for name in group])
