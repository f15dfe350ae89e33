"""The help sheet: every key, from the table of actions."""

from math import ceil

from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from gui import text
from gui.actions import ACTIONS, UNIT_KEYS
from gui.theme import ui_font

COLUMNS = 3


def key_lines() -> list[tuple[str, str]]:
    """Keys and what they do."""
    actions = [(" or ".join((*a.keys, *a.canvas_keys)), a.tip) for a in ACTIONS if a.keys or a.canvas_keys]
    units = [(key, f"{text.STEP_BY} {unit.value}") for unit, key in UNIT_KEYS.items()]
    return [*actions, *units, ("B", text.BREAKPOINT_AT_ROW), *text.CANVAS_KEYS]


class HelpSheet(QDialog):
    """Keys in columns; arrows, Space and digits work on canvas and listing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.HELP_TITLE)
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(16)
        lines = key_lines()
        rows = ceil(len(lines) / COLUMNS)
        for place, (keys, what) in enumerate(lines):
            row, column = place % rows, 2 * (place // rows)
            key = QLabel(keys)
            key.setFont(ui_font(13, 600))
            grid.addWidget(key, row, column)
            grid.addWidget(QLabel(what), row, column + 1)
        grid.addWidget(QLabel(text.HELP_NOTE), rows, 0, 1, -1)
