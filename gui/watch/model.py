"""The watched quantities as a model, a row each: what is known of it at the frame shown."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.activations import Array
from engine.frame import Frame
from engine.watching import Watched, check_watched, written_after
from gui import text
from gui.digits import USUAL
from gui.focus import Focus
from gui.watch.curves import Curves
from gui.watch.painting import RowShown

Index = QModelIndex | QPersistentModelIndex


def reason_not_there(frame: Frame, one: Watched) -> str:
    """Why the frame's network gives it no value; empty where it does."""
    try:
        check_watched(frame.program, one)
    except ValueError as error:
        return str(error)
    return ""


def last_known(frame: Frame, one: Watched) -> int:
    """The last iteration whose value of it is known at the frame: the furthest computed, but the frame's own only once
    its operation is done."""
    here = frame.cursor.iteration
    if here < len(frame.losses):
        return len(frame.losses)
    return here if is_written(frame, one) else here - 1


def is_written(frame: Frame, one: Watched) -> bool:
    """Whether the frame's iteration has given it its value already."""
    return written_after(frame.program, frame.trace.rows, one) <= frame.cursor.operation


class WatchModel(QAbstractListModel):
    """The rows; their curves grow by themselves."""

    def __init__(self, curves: Curves, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._curves = curves
        self.frame: Frame | None = None
        self.focus, self.digits = Focus(), USUAL
        self.rows: Sequence[Watched] = ()
        self.hovered: tuple[int, int] | None = None
        self._reasons: list[str] = []
        curves.grown.connect(self._tell)

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self._look()
        self._tell()

    def show_rows(self, rows: Sequence[Watched]) -> None:
        """Other quantities are watched."""
        self.beginResetModel()
        self.rows, self.hovered = rows, None
        self._look()
        self.endResetModel()

    def _look(self) -> None:
        self._reasons = [reason_not_there(self.frame, one) if self.frame else "" for one in self.rows]

    def _tell(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def there(self) -> list[Watched]:
        """Those that the network has."""
        return [one for one, reason in zip(self.rows, self._reasons, strict=True) if not reason]

    def known(self, one: Watched) -> Array:
        """The values of the iterations known at the frame, as far as they are computed."""
        assert self.frame is not None
        return self._curves.values(one)[: last_known(self.frame, one)]

    def shown(self, row: int) -> RowShown:
        """What is drawn of a row."""
        assert self.frame is not None
        one, reason = self.rows[row], self._reasons[row]
        if reason:
            return RowShown(self.frame, one, reason)
        values, (over, at) = self.known(one), self.hovered or (-1, 0)
        hovered = at if over == row and at <= len(values) else None
        is_selected = self.focus.selected == one.quantity
        return RowShown(self.frame, one, "", values, last_known(self.frame, one), hovered, is_selected, self.digits)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.frame is None or role != Qt.ItemDataRole.DisplayRole:
            return None
        one, reason = self.rows[index.row()], self._reasons[index.row()]
        return text.watched_row(self.frame, one, reason, 0 if reason else len(self.known(one)), self.digits)
