"""The help sheet: every key in groups, from the table of actions."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import text
from gui.actions import ACTIONS, UNIT_KEYS, ActionRecord
from gui.scrolling import Scrolling
from gui.theme import ui_font

COLUMNS = (
    (text.STEP_KEYS, text.RUN_KEYS, text.GO_KEYS),
    (text.VIEW_KEYS, text.PANEL_KEYS, text.FILE_KEYS),
    tuple(text.OTHER_KEYS),
)
"""Headings of the groups, column by column."""
GROUP_OF_MENU = {
    "Step": text.STEP_KEYS, "View": text.VIEW_KEYS, "Help": text.VIEW_KEYS, "File": text.FILE_KEYS,
    "Edit": text.FILE_KEYS, "Panel": text.PANEL_KEYS,
}  # fmt: skip
GROUP_OF_ACTION = {
    "run": text.RUN_KEYS, "breakpoint": text.RUN_KEYS, "watch": text.RUN_KEYS, "start": text.GO_KEYS,
    "go_to": text.GO_KEYS, "iteration_start": text.GO_KEYS, "end": text.GO_KEYS, "filter": text.GO_KEYS,
}  # fmt: skip
"""Where an action does not stand with its menu."""
Lines = Sequence[tuple[str, str]]


def key_groups() -> dict[str, Lines]:
    """Keys and what they do, by the heading that they stand below."""
    groups: dict[str, list[tuple[str, str]]] = {heading: [] for column in COLUMNS for heading in column}
    for action in ACTIONS:
        if keys := _keys(action):
            groups[GROUP_OF_ACTION.get(action.name) or GROUP_OF_MENU[action.menu]].append((keys, action.text))
    units = [(key, f"{text.STEP_BY} {unit.value}") for unit, key in UNIT_KEYS.items()]
    groups[text.STEP_KEYS] += units
    for heading, lines in text.OTHER_KEYS.items():
        groups[heading] += lines
    return dict(groups)


def _keys(action: ActionRecord) -> str:
    return text.either((*action.canvas_keys, *action.keys))


class HelpSheet(QDialog):
    """Keys in three columns of groups; scrolled where the screen is too small for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.HELP_TITLE)
        sheet, groups = QWidget(), key_groups()
        row = QHBoxLayout(sheet)
        row.setContentsMargins(16, 12, 16, 4)
        row.setSpacing(28)
        for headings in COLUMNS:
            row.addLayout(_column({heading: groups[heading] for heading in headings}))
        note = QLabel(text.HELP_NOTE)
        note.setFont(ui_font(12))
        note.setContentsMargins(16, 0, 16, 0)
        note.setWordWrap(True)
        closing = QDialogButtonBox()
        closing.addButton(text.CLOSE, QDialogButtonBox.ButtonRole.RejectRole)
        closing.setContentsMargins(16, 0, 16, 12)
        closing.rejected.connect(self.reject)
        self._area = Scrolling(sheet)
        self._area.setAccessibleName(text.HELP_TITLE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._area, note, closing):
            column.addWidget(widget, 1 if widget is self._area else 0)
        self.resize(self._fitting(sheet.sizeHint()))

    def _fitting(self, needed: QSize) -> QSize:
        """As large as all keys need, and no larger than the window they belong to."""
        whole = needed + QSize(self._area.verticalScrollBar().sizeHint().width(), 110)
        parent = self.parentWidget()
        return whole if parent is None else whole.boundedTo(parent.window().size() - QSize(32, 48))


def _column(groups: dict[str, Lines]) -> QGridLayout:
    """Headings, and below each its keys in bold with their meanings beside them."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    for heading, lines in groups.items():
        title = QLabel(heading)
        title.setFont(ui_font(13, 600))
        title.setContentsMargins(0, 8 if grid.rowCount() > 1 else 0, 0, 2)
        grid.addWidget(title, grid.rowCount(), 0, 1, 2)
        for keys, what in lines:
            row = grid.rowCount()
            for place, words in enumerate((keys, what)):
                label = QLabel(words)
                label.setFont(ui_font(12, 500 if place == 0 else 400))
                grid.addWidget(label, row, place)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid
