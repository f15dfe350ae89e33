"""The help sheet: every key, from the table of actions, in groups."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui import text
from gui.actions import ACTIONS, UNIT_KEYS
from gui.theme import ui_font

Line = tuple[str, str]
COLUMNS = (
    ("Step", text.UNITS), ("File", "View", "Edit"), (text.IN_THE_NETWORK, text.IN_LISTS, text.IN_THE_PLOT, "Help")
)  # fmt: skip
"""Which groups stand below one another."""
MARGIN, BESIDE, KEYS, LARGEST = 24, 32, 104, 0.94
"""Around the sheet, between its columns, the width of the keys, and the share of the screen that it may take."""


def groups() -> dict[str, list[Line]]:
    """Keys and what they do: by the menu that has the command, and what only one part of the window knows."""
    found: dict[str, list[Line]] = {}
    for record in ACTIONS:
        if keys := (*record.keys, *record.canvas_keys):
            found.setdefault(record.menu, []).append((" / ".join(keys), record.text.removesuffix("…")))
    found[text.UNITS] = [(key, unit.value.capitalize()) for unit, key in UNIT_KEYS.items()]
    return found | {text.IN_THE_NETWORK: [*text.CANVAS_KEYS], text.IN_THE_PLOT: [*text.PLOT_KEYS],
                    text.IN_LISTS: [("B", text.BREAKPOINT_AT_ROW)]}  # fmt: skip


def key_lines() -> list[Line]:
    """All keys and what they do."""
    return [line for lines in groups().values() for line in lines]


class HelpSheet(QDialog):
    """Keys in groups, no larger than the screen; it scrolls where they have no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.HELP_TITLE)
        self.sheet = sheet = QWidget()
        found = groups()
        columns = QHBoxLayout()
        columns.setSpacing(BESIDE)
        for names in COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(8)
            for name in names:
                column.addWidget(_group(name, found[name]))
            column.addStretch(1)
            columns.addLayout(column)
        whole = QVBoxLayout(sheet)
        whole.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        whole.addLayout(columns)
        whole.addWidget(QLabel(text.HELP_NOTE))
        area = QScrollArea()
        area.setWidget(sheet)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(text.HELP_TITLE)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
        room = self.screen().availableSize() * LARGEST
        self.resize((sheet.sizeHint().grownBy(self.contentsMargins())).boundedTo(room))


def _group(name: str, lines: Sequence[Line]) -> QWidget:
    """A heading, and below it keys beside what they do."""
    group = QWidget()
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, 12)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    grid.addWidget(_label(name, 600), 0, 0, 1, 2)
    for row, (keys, what) in enumerate(lines, 1):
        grid.addWidget(_label(keys), row, 0)
        grid.addWidget(_label(what), row, 1)
    grid.setColumnMinimumWidth(0, KEYS)
    grid.setColumnStretch(1, 1)
    group.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return group


def _label(words: str, weight: int = 400) -> QLabel:
    label = QLabel(words)
    label.setFont(ui_font(13, weight))
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label
