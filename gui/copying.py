"""Copying from a table: a number in full, however few of its digits are shown."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication

FULL = Qt.ItemDataRole.UserRole
"""What a model answers for this role is copied in place of what it shows."""


def copies(view: QAbstractItemView, event: QKeyEvent) -> bool:
    """Whether a key asks for the current cell, which then lies on the clipboard."""
    index = view.currentIndex()
    if not event.matches(QKeySequence.StandardKey.Copy) or not index.isValid():
        return False
    full = index.data(FULL)
    words = index.data() if full is None else full
    if words is not None:
        QApplication.clipboard().setText(str(words))
    return True
