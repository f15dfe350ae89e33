"""Tells by key what the pointer would tell: the tip of what has the keyboard."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget


@runtime_checkable
class WithTip(Protocol):
    """A part with a tip for what is selected in it."""

    def tip_of_selection(self) -> tuple[QPoint, str]:
        """Where the selection lies in the part, and its tip; no words where there is none."""
        ...


def tell(part: QWidget) -> str:
    """Show the tip of the part with the keyboard, of a table that of the current cell, as where the pointer rests, and
    have a screen reader say it; returns its words, none where there is nothing to tell."""
    words = _shown(part)
    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(part, words))
    return words


def _shown(part: QWidget) -> str:
    if isinstance(part, WithTip):
        place, words = part.tip_of_selection()
        QToolTip.showText(part.mapToGlobal(place), words, part)
        return words
    target, place = part, part.rect().center()
    if isinstance(part, QAbstractItemView):
        target, place = part.viewport(), part.visualRect(part.currentIndex()).center()
    resting = QHelpEvent(QEvent.Type.ToolTip, place, target.mapToGlobal(place))
    return QToolTip.text() if QApplication.sendEvent(target, resting) and resting.isAccepted() else ""
