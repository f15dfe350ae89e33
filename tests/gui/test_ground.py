"""The window on the screen, before and around its contents."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from engine import open_session
from gui.controller import Controller
from gui.ground import Ground
from gui.main_window import MainWindow


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def ground(application: QApplication, qtbot: QtBot, settings: QSettings) -> Ground:
    ground = Ground(settings)
    qtbot.addWidget(ground)
    ground.appear()
    return ground


class Contents(QMainWindow):
    """Whether it may be left is said by `may_leave`."""

    may_leave = True

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.may_leave)


def window_in(ground: Ground, settings: QSettings) -> MainWindow:
    window = MainWindow(Controller(open_session("seed-003")), settings, ground)
    window.controller.show()
    window.show()
    return window


def test_it_is_there_empty_and_is_not_closed_before_its_contents_are(ground: Ground) -> None:
    assert ground.isVisible()
    assert not ground.close()
    ground.hold(Contents())
    assert ground.close()


def test_it_closes_only_where_its_contents_may_be_left(ground: Ground) -> None:
    contents = Contents()
    ground.hold(contents)
    contents.may_leave = False
    assert not ground.close()
    assert ground.isVisible()
    contents.may_leave = True
    assert ground.close()


def test_it_has_its_contents_title_and_gives_them_all_its_room(ground: Ground, settings: QSettings) -> None:
    window = window_in(ground, settings)
    assert ground.windowTitle() == window.windowTitle() == "Two inputs, two hidden neurons, one output – Chainstep"
    window.controller.edit("w[2,1,1]", 0.9)
    assert "*" in ground.windowTitle()
    assert window.geometry() == ground.rect()
    ground.resize(1100, 700)
    QApplication.processEvents()
    assert window.geometry() == QRect(0, 0, 1100, 700)
    window.controller.undo()
    assert ground.close()


def test_the_keyboard_is_in_its_contents_at_once(ground: Ground, settings: QSettings, qtbot: QtBot) -> None:
    window = window_in(ground, settings)
    qtbot.waitUntil(window.canvas.hasFocus)
    QTest.keyClick(window.canvas, Qt.Key.Key_Right)
    assert window.controller.frame.cursor.operation == 1
    assert ground.close()


def test_it_is_where_it_was_the_last_time(ground: Ground, settings: QSettings) -> None:
    ground.hold(Contents())
    ground.setGeometry(20, 40, 700, 560)
    QApplication.processEvents()
    assert ground.close()
    assert Ground(settings).geometry() == QRect(20, 40, 700, 560)


def test_a_presentation_fills_the_screen_and_gives_it_back(ground: Ground, settings: QSettings) -> None:
    window = window_in(ground, settings)
    ground.resize(1200, 780)
    QApplication.processEvents()
    before = ground.geometry()
    window.present()
    assert ground.isFullScreen()
    QApplication.processEvents()
    assert window.geometry() == ground.rect()
    window.present()
    QApplication.processEvents()
    assert (ground.isFullScreen(), ground.geometry()) == (False, before)
    assert ground.close()
