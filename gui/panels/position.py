"""Where we are, as a ribbon of the iteration's phases and in words."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.frame import Frame
from gui import text
from gui.brush import Brush, advance
from gui.scaled import Scaled
from gui.theme import theme_of, ui_font

Segment = tuple[str, QRectF, float]
SMALLEST_SEGMENT, GAP, TOP, BAR = 44.0, 2.0, 12.0, 24.0
WORDS, LEFT, HEIGHT, WIDE = 300.0, 16.0, 48, 60.0


class Position(Scaled):
    """Four segments sized by their operations and filled up to the cursor; beside them the position in words."""

    seek_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._pointer: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Position")

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self.setAccessibleDescription(self.words())
        self.update()

    def rescale(self, scale: float) -> None:
        super().rescale(scale)
        self.setFixedHeight(round(HEIGHT * scale))

    def words(self) -> str:
        """The position in words."""
        return "" if self._frame is None else text.position(self._frame)

    def segments(self) -> list[Segment]:
        """Each phase with its rectangle and the share of its operations that is done."""
        if self._frame is None:
            return []
        phases = self._frame.program.phases()
        room = self.room().width() - WORDS - 32 - GAP * (len(phases) - 1)
        least = [max(SMALLEST_SEGMENT, advance(text.PHASES[phase], ui_font(12, 600)) + 10) for phase, _, _ in phases]
        widths = segment_widths([stop - start for _, start, stop in phases], least, room)
        x, result = LEFT, []
        for (phase, start, stop), width in zip(phases, widths, strict=True):
            done = (self._frame.cursor.operation - start) / (stop - start)
            result.append((phase, QRectF(x, TOP, width, BAR), min(max(done, 0.0), 1.0)))
            x += width + GAP
        return result

    def place_at(self, x: float) -> tuple[str, int] | None:
        """The phase whose segment the pointer is on, and how many operations are done there; None beside them."""
        if self._frame is None:
            return None
        for (phase, rect, _), (_, start, stop) in zip(self.segments(), self._frame.program.phases(), strict=True):
            if rect.left() - GAP <= x <= rect.right():
                return phase, start + max(round((x - rect.left()) / rect.width() * (stop - start)), 0)
        return None

    def operation_at(self, x: float) -> int | None:
        """How many operations are done where the pointer is; None beside the segments."""
        place = self.place_at(x)
        return place and place[1]

    @property
    def edited(self) -> str:
        """What was edited at the start of the iteration shown, which a mark at the left end stands for."""
        return "" if self._frame is None else text.edited_at_start(self._frame, self._frame.cursor.iteration)

    def words_at(self, x: float) -> str:
        """What is below the pointer: an operation, or the mark of edits."""
        place = self.place_at(x)
        if self._frame is None or place is None:
            return self.edited if x < LEFT - GAP else ""
        return text.operation_below(self._frame, *place)

    def tip_of_selection(self) -> tuple[QPoint, str]:
        """What the pointer would tell at the cursor, and at the mark of edits, where there is one."""
        if self._frame is None:
            return QPoint(), ""
        x = self._head(self.segments())
        return QPointF(x, TOP + BAR).toPoint() * self.scale, "\n".join(filter(None, (self.words_at(x), self.edited)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = self.in_units(event.position()).x()
        self._point_at(x if self.operation_at(x) is not None else None)
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(x), self)
        self._seek(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What lay below the pointer has moved; the system tells of no leaving where the pointer itself stood still."""
        self._point_at(None)
        super().resizeEvent(event)

    def _point_at(self, x: float | None) -> None:
        """A thin line stands below the pointer."""
        self._pointer = x
        self.update()

    def _seek(self, event: QMouseEvent) -> None:
        x = self.in_units(event.position()).x()
        operation = 0 if self.edited and x < LEFT - GAP else self.operation_at(x)
        if event.buttons() & Qt.MouseButton.LeftButton and operation is not None:
            self.seek_requested.emit(operation)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frame is None:
            return
        theme = theme_of(self.palette())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.surface))
            painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(theme.border))
            painter.scale(self.scale, self.scale)
            segments = self.segments()
            for segment in segments:
                self._segment(painter, *segment)
            if self.edited:
                painter.setFont(ui_font(11))
                painter.setPen(QColor(theme.ink_2))
                painter.drawText(QRectF(0, TOP, LEFT, BAR), Qt.AlignmentFlag.AlignCenter, text.EDIT_MARK)
            if self._pointer is not None:
                painter.setPen(QPen(QColor(theme.ink), 1))
                painter.drawLine(round(self._pointer), round(TOP) - 4, round(self._pointer), round(TOP + BAR) + 4)
            self._cursor(painter, self._head(segments), theme.ink)
            self._words(painter, self._frame)
            if self.hasFocus():
                painter.resetTransform()
                Brush(painter, theme).outline(QRectF(self.rect()).adjusted(1, 1, -1, -2), 0)

    @staticmethod
    def _head(segments: Sequence[Segment]) -> float:
        """Where the cursor stands: at the end of what is done."""
        return max((rect.left() + rect.width() * done for _, rect, done in segments if done > 0), default=LEFT)

    def _segment(self, painter: QPainter, phase: str, rect: QRectF, done: float) -> None:
        """A phase, filled as far as it is done; its word is painted on either ground in that ground's colour."""
        colors, is_wide = theme_of(self.palette()).phases[phase], rect.width() > WIDE
        filled = QRectF(rect.left(), rect.top(), rect.width() * done, rect.height())
        where = rect.adjusted(10, 0, -4, 0) if is_wide else rect
        side = Qt.AlignmentFlag.AlignLeft if is_wide else Qt.AlignmentFlag.AlignHCenter
        grounds = ((rect, colors.tint, colors.text), (filled, colors.fill, "#FFFFFF"))
        for clip, ground, ink in grounds:
            painter.save()
            painter.setClipRect(clip)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(rect, 5, 5)
            painter.setFont(ui_font(12, 600))
            painter.setPen(QColor(ink))
            painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter, text.PHASES[phase])
            painter.restore()

    def _words(self, painter: QPainter, frame: Frame) -> None:
        """Where we are, in two lines at the right."""
        theme = theme_of(self.palette())
        right = QRectF(self.room().width() - WORDS, 6, WORDS - 16, 18)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.ink))
        painter.setFont(ui_font(13, 600))
        painter.drawText(right, side, text.progress(frame))
        painter.setPen(QColor(theme.ink_2))
        painter.setFont(ui_font(12))
        painter.drawText(right.translated(0, 18), side, text.where(frame))

    def _cursor(self, painter: QPainter, x: float, ink: str) -> None:
        painter.setPen(QPen(QColor(ink), 2))
        painter.drawLine(round(x), round(TOP) - 2, round(x), round(TOP + BAR) + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        corners = ((-5.5, -8), (5.5, -8), (5.5, -3), (0, 1), (-5.5, -3))
        painter.drawPolygon(QPolygonF([QRectF(x + dx, TOP + dy, 0, 0).topLeft() for dx, dy in corners]))


def segment_widths(counts: list[int], least: list[float], room: float) -> list[float]:
    """Widths in proportion to the counts, none below the least that holds its word."""
    shares = list(zip(counts, least, strict=True))
    is_small = [count * room / sum(counts) < width for count, width in shares]
    fixed = sum(width for width, small in zip(least, is_small, strict=True) if small)
    rest = sum(count for count, small in zip(counts, is_small, strict=True) if not small)
    return [
        width if small else count * (room - fixed) / rest
        for (count, width), small in zip(shares, is_small, strict=True)
    ]
