"""File > New from example: a picture and a sentence for every example, and the way to it by mouse and by keyboard."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.activations import Array
from engine.files.examples import example, names
from engine.files.gallery import GALLERY
from gui import text
from gui.controller import Controller
from gui.gallery import Card, Gallery
from gui.main_window import MainWindow
from gui.panels.loss import LossPlot
from gui.theme import DARK, LIGHT, Theme, palette_of
from gui.valley import contour, is_valley, valley
from tests.gui.conftest import OpenWindow

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
OpenGallery = Callable[..., Gallery]
By = Callable[[Callable[[Gallery], object]], None]


@pytest.fixture
def open_gallery(application: QApplication, qtbot: QtBot) -> OpenGallery:
    """Opens the dialog in a theme and waits until its pictures are drawn."""

    def opened(theme: Theme = LIGHT, size: QSize | None = None) -> Gallery:
        application.setPalette(palette_of(theme))
        dialog = Gallery(Controller.preview)
        qtbot.addWidget(dialog)
        if size is not None:
            dialog.resize(size)
        with qtbot.waitActive(dialog):
            dialog.show()
        qtbot.waitUntil(lambda: all(card.picture.miniature is not None for card in dialog.cards))
        return dialog

    return opened


def pixels(widget: QWidget) -> Array:
    """The grey levels of a widget as it is drawn."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(float)


# What stands there


def test_every_example_is_there_in_the_order_of_the_table(open_gallery: OpenGallery) -> None:
    dialog = open_gallery()
    assert [card.name for card in dialog.cards] == names()
    assert [len(group) for group in dialog.groups] == [6, 4, 7]
    shown = [label.text() for label in dialog.findChildren(QLabel)]
    for group in GALLERY:
        assert group.title in shown
    for card in dialog.cards:
        assert example(card.name).title in shown
        assert card.sentence in shown
        assert card.accessibleName() == example(card.name).title
        assert card.accessibleDescription() == card.sentence


def test_every_sentence_is_one_sentence() -> None:
    for group in GALLERY:
        for sentence in group.sentences.values():
            assert sentence.endswith(".")
            assert ". " not in sentence
            assert len(sentence) < 140
            assert "!" not in sentence


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_example_has_a_picture_of_its_own(open_gallery: OpenGallery, theme: Theme) -> None:
    pictures = [pixels(card.picture) for card in open_gallery(theme).cards]
    for picture in pictures:
        assert picture[:-2].std() > 4
    for place, picture in enumerate(pictures):
        assert all((picture != other).any() for other in pictures[:place] if picture.shape == other.shape)


def test_pictures_follow_the_theme(open_gallery: OpenGallery, application: QApplication) -> None:
    dialog = open_gallery(LIGHT)
    before = [pixels(card.picture).mean() for card in dialog.cards]
    application.setPalette(palette_of(DARK))
    application.processEvents()
    for light, card in zip(before, dialog.cards, strict=True):
        assert pixels(card.picture).mean() < 100 < light
    application.setPalette(palette_of(LIGHT))


# Pictures come one by one


def test_the_dialog_is_there_before_its_pictures(application: QApplication, qtbot: QtBot) -> None:
    dialog = Gallery(Controller.preview)
    qtbot.addWidget(dialog)
    dialog.show()
    assert all(card.picture.miniature is None for card in dialog.cards)
    dialog.grab()  # without a picture it can be drawn too


def test_pictures_are_made_one_at_a_time(application: QApplication, qtbot: QtBot) -> None:
    dialog = Gallery(Controller.preview)
    qtbot.addWidget(dialog)
    for made in range(1, len(dialog.cards) + 1):
        dialog._draw_next()
        assert sum(card.picture.miniature is not None for card in dialog.cards) == made


# The valley


def test_contour_lines_lie_where_the_loss_is_the_same() -> None:
    """Of x² + 4 y², a bowl: at 1 an ellipse with the half axes 1 and 1/2."""
    x, y = np.linspace(-2, 2, 41), np.linspace(-1, 1, 41)
    pieces = contour(x, y, x[None, :] ** 2 + 4 * y[:, None] ** 2, 1.0)
    assert pieces.shape[1:] == (2, 2)
    assert np.abs(pieces[..., 0] ** 2 + 4 * pieces[..., 1] ** 2 - 1).max() < 0.02
    lengths = np.hypot(*np.moveaxis(pieces[:, 1] - pieces[:, 0], -1, 0))
    assert lengths.sum() == pytest.approx(4.844, abs=0.01)  # the ellipse's perimeter, by Ramanujan's formula


def test_seven_examples_show_one_valley_with_the_same_lines_and_another_way() -> None:
    specs = [example(name).spec for name in names() if name.startswith("valley")]
    assert len(specs) == 7
    assert all(is_valley(spec) for spec in specs)
    assert sum(is_valley(example(name).spec) for name in names()) == 7
    valleys = [valley(spec) for spec in specs]
    for place, one in enumerate(valleys):
        assert one.way.shape == (41, 2)
        assert one.way[0].tolist() == [1.0, -1.5]
        assert (np.abs(one.way) <= one.half).all()
        assert (one.lines == valleys[0].lines).all()
        assert all((one.way != other.way).any() for other in valleys[:place])


# Choosing


def centre(card: Card) -> QPoint:
    return card.rect().center()


def test_one_is_chosen_from_the_beginning_and_has_the_focus(open_gallery: OpenGallery) -> None:
    dialog = open_gallery()
    assert dialog.chosen == names()[0]
    assert dialog.cards[0].hasFocus()
    assert [card.name for card in dialog.cards if card.focusPolicy() & Qt.FocusPolicy.TabFocus] == [names()[0]]


def test_arrows_reach_every_example_and_keep_it_in_sight(open_gallery: OpenGallery, qtbot: QtBot) -> None:
    dialog, reached = open_gallery(size=QSize(760, 560)), []
    for _ in dialog.cards:
        reached.append(dialog.chosen)
        card = next(card for card in dialog.cards if card.name == dialog.chosen)
        assert card.hasFocus()
        assert card.visibleRegion().boundingRect().contains(centre(card))
        qtbot.keyClick(card, Key.Key_Right)
    assert reached == names()
    assert dialog.chosen == names()[-1]
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Home)
    assert dialog.chosen == names()[0]
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Left)
    assert dialog.chosen == names()[0]
    qtbot.keyClick(dialog.focusWidget(), Key.Key_End)
    assert dialog.chosen == names()[-1]


def test_up_and_down_stay_in_their_column(open_gallery: OpenGallery, qtbot: QtBot) -> None:
    """Three columns: 6 examples in two rows, 4 in two, 7 in three; a shorter row gives its last."""
    dialog = open_gallery(size=QSize(760, 560))
    places = [names().index(dialog.chosen)]
    for _ in range(7):
        qtbot.keyClick(dialog.focusWidget(), Key.Key_Down)
        places.append(names().index(dialog.chosen))
    assert places == [0, 3, 6, 9, 10, 13, 16, 16]
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Up)
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Right)
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Right)
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Down)
    assert dialog.chosen == names()[-1]


@pytest.mark.parametrize("size", [(560, 400), (760, 560), (1080, 720), (1700, 1000)])
def test_nothing_is_cut_off_sideways(open_gallery: OpenGallery, size: tuple[int, int]) -> None:
    dialog = open_gallery(size=QSize(*size))
    room = dialog.area.viewport().width()
    for card in dialog.cards:
        left = card.mapTo(dialog.area.viewport(), QPoint(0, 0)).x()
        assert left >= 0
        assert left + card.width() <= room
        for label in card.findChildren(QLabel):
            assert label.height() >= label.heightForWidth(label.width())
    assert len({card.width() for card in dialog.cards}) == 1


def test_tab_leads_to_the_buttons_and_back(open_gallery: OpenGallery, qtbot: QtBot) -> None:
    dialog = open_gallery()
    seen = []
    for _ in range(3):
        qtbot.keyClick(dialog.focusWidget(), Key.Key_Tab)
        seen.append(dialog.focusWidget())
    assert dialog.buttons.accepting in seen
    assert seen[-1] is dialog.cards[0]


# Opening


@pytest.fixture
def by(application: QApplication, qtbot: QtBot) -> By:
    """Lets a hand do something with the dialog once it has been opened; it stays open no longer than that."""

    def handed(hand: Callable[[Gallery], object]) -> None:
        def when_open() -> None:
            dialog = application.activeModalWidget()
            assert isinstance(dialog, Gallery)
            try:
                qtbot.waitUntil(dialog.isActiveWindow)
                hand(dialog)
            finally:
                dialog.done(dialog.result())

        QTimer.singleShot(0, when_open)

    return handed


def to(dialog: Gallery, name: str, qtbot: QtBot) -> None:
    """Arrows to an example."""
    for _ in range(names().index(name)):
        qtbot.keyClick(dialog.focusWidget(), Key.Key_Right)


@pytest.mark.parametrize("name", names())
def test_every_example_opens_by_the_keyboard_alone(open_window: OpenWindow, qtbot: QtBot, by: By, name: str) -> None:
    window = open_window()

    def hand(dialog: Gallery) -> None:
        to(dialog, name, qtbot)
        qtbot.keyClick(dialog.focusWidget(), Key.Key_Return)

    by(hand)
    qtbot.keyClick(window.canvas, Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.controller.source == name
    assert window.controller.frame.session == open_session(name)
    assert open_session(name).title in window.windowTitle()
    assert window.controller.to_undo == ""
    assert not window.controller.is_changed


def test_a_double_click_opens(open_window: OpenWindow, qtbot: QtBot, by: By) -> None:
    window = open_window()
    by(lambda dialog: qtbot.mouseDClick(dialog.cards[1], LEFT, pos=centre(dialog.cards[1])))
    window.actions_by_name["gallery"].trigger()
    assert window.controller.source == names()[1]


def test_a_click_chooses_and_the_button_opens(open_window: OpenWindow, qtbot: QtBot, by: By) -> None:
    window = open_window()

    def hand(dialog: Gallery) -> None:
        qtbot.mouseClick(dialog.cards[2], LEFT, pos=centre(dialog.cards[2]))
        assert dialog.chosen == names()[2]
        assert dialog.result() == QDialog.DialogCode.Rejected
        assert dialog.buttons.accepting.text() == text.OPEN_EXAMPLE
        qtbot.mouseClick(dialog.buttons.accepting, LEFT)

    by(hand)
    window.actions_by_name["gallery"].trigger()
    assert window.controller.source == names()[2]


def test_escape_leaves_everything_as_it_was(open_window: OpenWindow, qtbot: QtBot, by: By) -> None:
    window = open_window()
    window.controller.edit("w[2,1,1]", 0.75)
    session = window.controller.frame.session
    by(lambda dialog: qtbot.keyClick(dialog.focusWidget(), Key.Key_Escape))
    window.actions_by_name["gallery"].trigger()
    assert window.controller.frame.session == session


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard])
def test_it_asks_before_work_is_lost(
    open_window: OpenWindow,
    qtbot: QtBot,
    by: By,
    monkeypatch: pytest.MonkeyPatch,
    answer: QMessageBox.StandardButton,
) -> None:
    window, asked = open_window(), list[str]()
    window.controller.edit("w[2,1,1]", 0.75)
    session = window.controller.frame.session
    discard = QMessageBox.StandardButton.Discard

    def question(_: object, title: str, words: str, *rest: object) -> QMessageBox.StandardButton:
        asked.append(words)
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    by(lambda dialog: qtbot.mouseDClick(dialog.cards[1], LEFT, pos=centre(dialog.cards[1])))
    window.actions_by_name["gallery"].trigger()
    assert asked == [text.LEAVE]
    assert (window.controller.frame.session == session) == (answer != discard)
    assert (window.controller.source == names()[1]) == (answer == discard)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: discard)  # on closing


# One valley, several optimizers


def beside(window: MainWindow) -> dict[str, int]:
    """The faint lines of other optimizers, by name, with their lengths."""
    panel = window.panels["loss"]
    assert isinstance(panel, LossPlot)
    return {run.name: len(run.losses) for run in panel._runs.left}


def is_computed(window: MainWindow, iterations: int) -> bool:
    return len(window.controller.frame.losses) == iterations


def test_losses_of_optimizers_opened_one_after_the_other_stay_as_faint_lines(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window("valley-adam")
    for name, iterations in (("adam", 30), ("momentum", 40), ("gradient-descent", 20)):
        assert window.controller.open(f"valley-{name}")
        window.controller.seek(iterations, window.controller.frame.program.count)
        qtbot.waitUntil(partial(is_computed, window, iterations))
    assert beside(window) == {"Adam": 30, "momentum": 40}
    panel = window.panels["loss"]
    assert isinstance(panel, LossPlot)
    assert panel.known.text().endswith(text.DOTTED)
    by_hand = {}
    for name in ("adam", "momentum"):
        other = Stepper(open_session(f"valley-{name}"))
        other.run(20)
        by_hand[name] = f"{other.frame.losses[19]:#.5g}"
    assert panel._plot is not None
    assert panel._plot.widget.toolTip().splitlines() == [
        "In iteration 20", f"momentum: {by_hand['momentum']}", f"Adam: {by_hand['adam']}"
    ]  # fmt: skip
    drawn = [item.getOriginalDataset()[1] for item in panel._plot.widget.getPlotItem().listDataItems()]
    assert {30, 40, 20} <= {len(losses) for losses in drawn if losses is not None}
    for _ in range(2):
        panel.log.click()
        window.grab()
    window.controller.open("valley-adam")
    assert beside(window) == {"momentum": 40, "gradient descent": 20}


def test_no_line_stays_where_more_than_the_optimizer_differs(open_window: OpenWindow) -> None:
    window = open_window("valley-adam")
    window.controller.seek(10, 0)
    window.controller.open("seed-003")
    assert beside(window) == {}
    window.controller.open("valley-momentum")
    assert beside(window) == {}
    window.controller.seek(10, 0)
    window.controller.edit("w[1,1,1]", 0.5)
    window.controller.open("valley-adam")
    assert beside(window) == {"momentum, edited": 9}
