"""Where the keyboard goes: into a panel, and from one panel to the next."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

REASON = Qt.FocusReason.TabFocusReason


def enter(panel: QWidget) -> None:
    """Give the keyboard to a panel: to itself, or to the first of its parts that Tab comes to."""
    if not _taken(panel):
        QTimer.singleShot(0, panel, lambda: _taken(panel))  # parts that it made only now are shown then


def _taken(panel: QWidget) -> bool:
    """Whether there was a part to take the keyboard; with it comes its window, if the panel has one of its own."""
    part = first_part(panel)
    if part is not None:
        part.activateWindow()
        part.setFocus(REASON)
    return part is not None


def first_part(panel: QWidget) -> QWidget | None:
    """The first that takes the keyboard; None where nothing does. The chain of Tab is not walked: PySide6 would take
    each widget for the owner of the next, and with a row of a list the whole window for deleted."""
    return next((part for part in (panel, *panel.findChildren(QWidget)) if _takes_keyboard(part)), None)


def go_around(panels: Sequence[QWidget], step: int) -> None:
    """The keyboard to the next panel (step 1) or the one before (-1), of those in sight, if there are any."""
    present = [panel for panel in panels if _is_in_sight(panel) and first_part(panel)]
    focus = QApplication.focusWidget()
    here = next((i for i, panel in enumerate(present) if focus and (panel is focus or panel.isAncestorOf(focus))), -1)
    if present:
        enter(present[(here + step) % len(present)])


def in_reading_order(panels: Iterable[QWidget]) -> list[QWidget]:
    """By their places in the window, from the top, and from the left."""
    corners = {panel: panel.mapTo(panel.window(), QPoint(0, 0)) for panel in panels}
    return sorted(corners, key=lambda panel: (corners[panel].y(), corners[panel].x()))


def _is_in_sight(panel: QWidget) -> bool:
    """Not behind another's tab; its parts count too, as they may cover it."""
    return any(not part.visibleRegion().isEmpty() for part in (panel, *panel.findChildren(QWidget)))


def _takes_keyboard(part: QWidget) -> bool:
    return bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.isEnabled() and part.isVisible()
