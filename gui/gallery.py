"""File > New from example: all examples with a picture and a sentence each, to choose one of them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.files.examples import example
from engine.files.gallery import GALLERY
from engine.frame import Frame
from engine.session import Session
from gui import text
from gui.brush import Brush
from gui.miniatures import Miniature, miniature
from gui.theme import theme_of, ui_font
from gui.widgets import Choices

GAP, PADDING, PICTURE, NARROWEST, RADIUS = 16, 12, 132, 216, 8
LEFT, RIGHT = 4, 12
Key = Qt.Key
SIDEWAYS = {Key.Key_Left: -1, Key.Key_Right: 1}
UPRIGHT = {Key.Key_Up: -1, Key.Key_Down: 1}


class Picture(QWidget):
    """A miniature, drawn once it is known."""

    def __init__(self) -> None:
        super().__init__()
        self.miniature: Miniature | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(NARROWEST - 4, PICTURE)

    def show_miniature(self, miniature: Miniature) -> None:
        self.miniature = miniature
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, room = theme_of(self.palette()), QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            within = QPainterPath()
            within.addRoundedRect(room.adjusted(0, 0, 0, RADIUS), RADIUS - 2, RADIUS - 2)
            painter.setClipPath(within)
            if self.miniature is not None:
                self.miniature(Brush(painter, theme), room)
            painter.fillRect(QRectF(0, room.height() - 1, room.width(), 1), QColor(theme.border))


class Card(QWidget):
    """One example: picture, title and sentence. The one chosen has the accent's outline."""

    pressed = Signal()
    opened = Signal()

    def __init__(self, name: str, session: Session, sentence: str) -> None:
        super().__init__()
        self.name, self.session, self.sentence, self.picture = name, session, sentence, Picture()
        self._is_chosen = False
        self.setAccessibleName(session.title)
        self.setAccessibleDescription(sentence)
        words = QVBoxLayout()
        words.setContentsMargins(PADDING, 10, PADDING, PADDING)
        words.setSpacing(4)
        for line, weight in ((session.title, 600), (sentence, 400)):
            label = QLabel(line)
            label.setFont(ui_font(13 if weight == 600 else 12, weight))
            label.setWordWrap(True)
            words.addWidget(label)
        words.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(self.picture)
        column.addLayout(words, 1)
        self.choose(False)

    def choose(self, is_chosen: bool) -> None:
        """Only the one chosen is reached by Tab; arrows go from it to the others."""
        self._is_chosen = is_chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        width = 2.0 if self._is_chosen else 1.0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
            outline = theme.accent if self._is_chosen else theme.border
            Brush(painter, theme).box(rect, RADIUS, theme.surface, outline, width)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.pressed.emit()
        super().focusInEvent(event)


class Shelves(QScrollArea):
    """Scrolls up and down, never sideways; it leaves keys to the dialog, which scrolls with the choice."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


class Gallery(QDialog):
    """All examples in their groups. preview(session) gives the frame that a picture shows."""

    def __init__(self, preview: Callable[[Session], Frame], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text.GALLERY_TITLE)
        self._preview, self._columns = preview, 0
        self.groups = [
            [Card(name, example(name), sentence) for name, sentence in group.sentences.items()] for group in GALLERY
        ]
        self.cards = [card for group in self.groups for card in group]
        self._grids = [QGridLayout() for _ in GALLERY]
        self.area = self._shelves()
        self.buttons = Choices(self, text.OPEN_EXAMPLE)
        self.buttons.accepting.setDefault(True)
        column = QVBoxLayout(self)
        column.addWidget(self.area, 1)
        column.addWidget(self.buttons)
        for card in self.cards:
            card.pressed.connect(lambda card=card: self._choose(card))
            card.opened.connect(self.accept)
        self._waiting = list(self.cards)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._draw_next)
        self._timer.start(0)
        self.setMinimumSize(560, 400)
        self.resize(1080, 720)
        self._arrange(self.width())  # so that the cards are in the dialog and take the focus
        self._choose(self.cards[0])
        self.cards[0].setFocus()

    @property
    def chosen(self) -> str:
        """The name of the example chosen."""
        return self._chosen.name

    def _shelves(self) -> Shelves:
        """The groups one below the other."""
        shelves = QWidget()
        column = QVBoxLayout(shelves)
        column.setContentsMargins(LEFT, 0, RIGHT, 8)
        column.setSpacing(8)
        for group, grid in zip(GALLERY, self._grids, strict=True):
            heading = QLabel(group.title)
            heading.setFont(ui_font(15, 600))
            heading.setContentsMargins(0, 12, 0, 0)
            grid.setSpacing(GAP)
            column.addWidget(heading)
            column.addLayout(grid)
        column.addStretch(1)
        area = Shelves(shelves)
        area.viewport().installEventFilter(self)
        return area

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self._arrange(event.size().width() - LEFT - RIGHT)
        return False

    def _arrange(self, room: int) -> None:
        """As many columns as there is room for, all of one width."""
        columns = max((room + GAP) // (NARROWEST + GAP), 1)
        width = (room - (columns - 1) * GAP) // columns
        for grid, group in zip(self._grids, self.groups, strict=True):
            for place, card in enumerate(group):
                card.setFixedWidth(width)
                if columns != self._columns:
                    grid.addWidget(card, place // columns, place % columns)
            grid.setColumnStretch(self._columns, 0)
            grid.setColumnStretch(columns, 1)
        self._columns = columns

    def _draw_next(self) -> None:
        """One picture a time, so that the dialog is there at once."""
        if self._waiting:
            card = self._waiting.pop(0)
            card.picture.show_miniature(miniature(card.session, self._preview))
        else:
            self._timer.stop()

    def _choose(self, card: Card) -> None:
        for other in self.cards:
            other.choose(other is card)
        self._chosen = card

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End choose among the examples; Enter opens the one chosen."""
        key, here = Key(event.key()), self.cards.index(self._chosen)
        if not self._chosen.hasFocus():
            super().keyPressEvent(event)
        elif key in SIDEWAYS:
            self._go_to(self.cards[min(max(here + SIDEWAYS[key], 0), len(self.cards) - 1)])
        elif key in UPRIGHT:
            self._go_to(self._beside(UPRIGHT[key]))
        elif key in (Key.Key_Home, Key.Key_End):
            self._go_to(self.cards[0 if key == Key.Key_Home else -1])
        else:
            super().keyPressEvent(event)

    def _beside(self, step: int) -> Card:
        """The card above (-1) or below (1) the one chosen, the last of a shorter row; the same where there is none."""
        rows = self._rows()
        row = next(number for number, cards in enumerate(rows) if self._chosen in cards)
        beside = rows[min(max(row + step, 0), len(rows) - 1)]
        return beside[min(rows[row].index(self._chosen), len(beside) - 1)]

    def _rows(self) -> Sequence[Sequence[Card]]:
        """The cards row by row, over all groups."""
        width = max(self._columns, 1)
        return [group[start : start + width] for group in self.groups for start in range(0, len(group), width)]

    def _go_to(self, card: Card) -> None:
        card.setFocus()
        self.area.ensureWidgetVisible(card, 0, GAP)
