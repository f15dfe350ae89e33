"""Where the keyboard goes: into a panel, and from one panel to the next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

REASON = Qt.FocusReason.TabFocusReason


def enter(panel: QWidget) -> None:
    """Give the keyboard to a panel: to the first of its parts that Tab comes to, or to itself where it says what that
    means, or has none yet."""
    (first_part(panel) or panel).setFocus(REASON)


def first_part(panel: QWidget) -> QWidget | None:
    """The first that takes the keyboard; None where nothing does."""
    if panel.focusProxy() or panel.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return panel
    part: QWidget | None = panel.nextInFocusChain()
    while part is not None and panel.isAncestorOf(part):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled() and part.isVisibleTo(panel):
            return part
        part = part.nextInFocusChain()
    return None


def go_around(panels: Sequence[QWidget], step: int) -> None:
    """The keyboard to the next panel (step 1) or the one before (-1), of those in sight."""
    present = [panel for panel in panels if _is_in_sight(panel) and first_part(panel)]
    focus = QApplication.focusWidget()
    here = next((i for i, panel in enumerate(present) if focus and (panel is focus or panel.isAncestorOf(focus))), -1)
    enter(present[(here + step) % len(present)])


def _is_in_sight(panel: QWidget) -> bool:
    """Whether something of it is seen: behind another's tab it counts as visible, covered by its parts it does not."""
    return any(not part.visibleRegion().isEmpty() for part in (panel, *panel.findChildren(QWidget)))
