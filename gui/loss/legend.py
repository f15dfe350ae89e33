"""Which of the two curves is which run, while two are compared."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import text
from gui.loss.plot import DASHES
from gui.runs.run import Runs
from gui.theme import theme_of, ui_font

LINE, GAP = 26, 16


class Legend(QWidget):
    """A piece of each line and its run's name; what is too long ends in dots, and the tip says all."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self.setFont(ui_font(12))

    def sizeHint(self) -> QSize:
        return QSize(0, 20)

    def show_runs(self, runs: Runs) -> None:
        """The names of the two that are compared."""
        self._names = [text.PRESENT_RUN if run is None else run.name for run in runs.pair or ()]
        self.setToolTip("\n".join(self._names))
        self.setAccessibleName(text.compared_curves(*self._names) if self._names else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, metrics, middle = theme_of(self.palette()), QFontMetrics(self.font()), self.height() / 2
        room, left = self.width() // 2 - LINE - GAP, 0
        with QPainter(self) as painter:
            for place, name in enumerate(self._names):
                painter.setPen(QPen(theme.compared(place), 2, DASHES[place]))
                painter.drawLine(left, round(middle), left + LINE - 6, round(middle))
                words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
                painter.setPen(theme.ink_2)
                painter.drawText(left + LINE, round(middle + metrics.capHeight() / 2), words)
                left += LINE + metrics.horizontalAdvance(words) + GAP
