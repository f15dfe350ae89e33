"""Where the keyboard goes: into a panel, and from one panel to the next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

REASON = Qt.FocusReason.TabFocusReason


def enter(panel: QWidget) -> None:
    """Give the keyboard to a panel: to itself, or to the first of its parts that Tab comes to."""
    part = first_part(panel)
    if part is not None:
        part.setFocus(REASON)


def first_part(panel: QWidget) -> QWidget | None:
    """The first that takes the keyboard; None where nothing does."""
    if _takes_keyboard(panel):
        return panel
    part: QWidget | None = panel.nextInFocusChain()
    while part is not None and panel.isAncestorOf(part):
        if _takes_keyboard(part):
            return part
        part = part.nextInFocusChain()
    return None


def go_around(panels: Sequence[QWidget], step: int) -> None:
    """The keyboard to the next panel (step 1) or the one before (-1), of those in sight."""
    present = [panel for panel in panels if not panel.visibleRegion().isEmpty() and first_part(panel)]
    focus = QApplication.focusWidget()
    here = next((i for i, panel in enumerate(present) if focus and (panel is focus or panel.isAncestorOf(focus))), -1)
    enter(present[(here + step) % len(present)])


def _takes_keyboard(part: QWidget) -> bool:
    return bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.isEnabled() and part.isVisible()
