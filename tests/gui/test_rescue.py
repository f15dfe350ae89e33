"""What nobody caught: the window lives on, the session has a copy, the log has it, and each new one is told once."""

import faulthandler
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine import open_session
from gui.errors import Errors
from gui.log import LOG, keep_log, take_message
from gui.main_window import MainWindow
from gui.recovery import Recovery
from gui.theme import THEMES, Theme, palette_of
from tests.gui.conftest import OpenWindow
from tests.gui.driven import Driven

Fail = Callable[[], None]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The application's folder, with a log in it."""
    monkeypatch.setattr(faulthandler, "enable", lambda file: file.close())  # the one of pytest stays
    before = list(LOG.handlers)
    keep_log(tmp_path / "data")
    yield tmp_path / "data"
    for handler in set(LOG.handlers) - set(before):
        LOG.removeHandler(handler)
        handler.close()


@pytest.fixture
def window(open_window: OpenWindow, data: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window with an edit, served as the application's start does it."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # they are put back in the end
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    opened = open_window()
    errors = Errors(data)
    errors.install()
    errors.serve(opened, Recovery(opened.controller, data / "recovery"))
    opened.controller.next()
    opened.controller.edit("w[2,1,1]", 0.125)
    return opened


def fail() -> None:
    raise RuntimeError("planted")


def fail_elsewhere() -> None:
    raise LookupError("planted elsewhere")


def in_a_slot(window: MainWindow, fail: Fail) -> None:
    button = QPushButton(window)
    button.clicked.connect(fail)
    button.click()


def while_painting(window: MainWindow, fail: Fail) -> None:
    class Broken(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            QTimer.singleShot(0, self.hide)
            fail()

    Broken(window).show()


def in_a_thread(window: MainWindow, fail: Fail) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def in_a_timer(window: MainWindow, fail: Fail) -> None:
    QTimer.singleShot(0, window, fail)


PLACES = [in_a_slot, while_painting, in_a_thread, in_a_timer]


def dialogs(window: MainWindow) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def log(data: Path) -> str:
    path = data / "chainstep.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize("somewhere", PLACES)
def test_the_window_lives_on_and_the_user_is_told_once(
    window: MainWindow, data: Path, qtbot: QtBot, somewhere: Callable[[MainWindow, Fail], None]
) -> None:
    session = window.controller.frame.session
    somewhere(window, fail)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    assert "RuntimeError: planted" in window.said.text()
    assert log(data).count("Traceback") == 1
    somewhere(window, fail)
    qtbot.waitUntil(lambda: "again: RuntimeError: planted" in log(data))
    somewhere(window, fail_elsewhere)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 2)
    assert log(data).count("Traceback") == 2
    (copy,) = (data / "recovery").glob("*.chainstep.json")
    assert open_session(copy) == session == window.controller.frame.session
    first, second = dialogs(window)
    assert (first.text().count("RuntimeError"), second.text().count("LookupError")) == (1, 1)
    assert str(copy) in first.informativeText()
    assert str(data / "chainstep.log") in first.informativeText()
    assert "in fail\n" in first.detailedText()
    assert not first.isModal()
    first.close()
    second.close()
    window.controller.next()
    assert window.controller.frame.cursor.operation == session.cursor.operation + 1


def test_the_copy_is_of_the_cursor_too(window: MainWindow, data: Path, qtbot: QtBot) -> None:
    """Copies of edits alone would be one step behind."""
    qtbot.waitUntil(lambda: bool(list((data / "recovery").glob("*.chainstep.json"))))
    window.controller.seek(7, 5)
    in_a_timer(window, fail)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    (copy,) = (data / "recovery").glob("*.chainstep.json")
    assert open_session(copy).cursor == (7, 5, 0)


def test_messages_and_depths_that_differ_are_not_another_error(window: MainWindow, data: Path, qtbot: QtBot) -> None:
    def deep(levels: int) -> None:
        if levels == 0:
            raise ValueError("planted at the end")
        deep(levels - 1)

    def with_number(number: int) -> None:
        raise IndexError(number)

    for number in range(5):
        in_a_slot(window, lambda number=number: with_number(number))  # type: ignore[misc]
        in_a_slot(window, lambda number=number: deep(number + 1))  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(dialogs(window)) == 2)
    qtbot.waitUntil(lambda: log(data).count("again: ") == 8)
    assert len(dialogs(window)) == 2


def test_where_no_copy_can_be_written_that_is_said(window: MainWindow, data: Path, qtbot: QtBot) -> None:
    qtbot.waitUntil((data / "recovery").exists)
    shutil.rmtree(data / "recovery")
    (data / "recovery").write_text("a file where a folder should be")
    in_a_timer(window, fail)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    assert "No copy of the session could be written: File exists" in dialogs(window)[0].informativeText()
    assert "FileExistsError" in log(data)


def test_an_error_while_telling_is_not_told_without_end(window: MainWindow, data: Path, qtbot: QtBot) -> None:
    told: list[str] = []

    def listen(message: str) -> None:
        told.append(message)
        raise LookupError("planted in the telling")

    window.controller.message.connect(listen)
    in_a_slot(window, fail)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    in_a_timer(window, fail_elsewhere)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 2)
    window.controller.message.disconnect(listen)
    assert [message for message in told if "planted" in message] == told
    assert len(told) == 2
    assert log(data).count("planted in the telling") >= 2


def test_an_error_while_copying_is_not_told_without_end(
    window: MainWindow, data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Recovery) -> Path:
        raise ZeroDivisionError("planted in the copying")

    monkeypatch.setattr(Recovery, "save_now", broken)
    in_a_slot(window, fail)
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    assert "planted in the copying" in dialogs(window)[0].informativeText()
    assert "RuntimeError: planted" in dialogs(window)[0].text()


def test_a_thread_that_ends_itself_is_no_error(window: MainWindow, data: Path) -> None:
    in_a_thread(window, lambda: sys.exit(1))
    assert log(data) == ""


def test_the_log_stays_small(data: Path) -> None:
    for _ in range(100):
        LOG.error("x" * 100_000)
    sizes = [path.stat().st_size for path in data.glob("chainstep.log*")]
    assert len(sizes) == 3
    assert sum(sizes) < 4 * 2**20


@pytest.mark.parametrize(("kind", "level"), [(QtMsgType.QtWarningMsg, "WARNING"), (QtMsgType.QtCriticalMsg, "ERROR")])
def test_messages_of_qt_are_logged(data: Path, capsys: pytest.CaptureFixture[str], kind: QtMsgType, level: str) -> None:
    take_message(kind, QMessageLogContext(), "planted by Qt")
    take_message(kind, QMessageLogContext(), "This plugin does not support propagateSizeHints()")
    assert log(data).endswith(f"{level} Qt: planted by Qt\n")
    assert capsys.readouterr().err == "chainstep: planted by Qt\n"


def test_without_a_folder_for_the_log_the_rest_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    before = list(LOG.handlers)
    keep_log(tmp_path / "data")
    assert before == LOG.handlers
    assert "no log can be written" in capsys.readouterr().err


def test_the_real_start_takes_what_nobody_caught(tmp_path: Path) -> None:
    data = tmp_path / "data" / "Chainstep"
    with Driven(tmp_path) as window:
        assert window.ask("edit") == "1"
        window.tell("fail")
        while not (said := window.ask("asked")):
            pass
        assert "RuntimeError: planted" in said
        assert "RuntimeError: planted" in log(data)
        assert window.ask("press Close") == "pressed"
        assert window.ask("edit") == "2"
        window.tell("close")
        status, errors = window.end()
        assert status == 0
        assert errors.count("RuntimeError: planted") == 1


def test_a_crash_of_the_process_says_where(tmp_path: Path) -> None:
    with Driven(tmp_path) as window:
        window.tell("abort")
        assert window.end()[0] < 0
    crashed = (tmp_path / "data" / "Chainstep" / "crash.log").read_text(encoding="utf-8")
    assert "Fatal Python error: Aborted" in crashed
    assert "in abort" in crashed


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_icons_take_the_ink_of_the_bar_s_own_palette(open_window: OpenWindow, theme: Theme) -> None:
    """They stayed dark on dark once: the bar gets its palette after the window."""
    window = open_window()
    for name in (*THEMES, theme.name):
        window.bar.setPalette(palette_of(THEMES[name]))
    image = window.actions_by_name["end"].icon().pixmap(16, 16).toImage()
    colors = [image.pixelColor(x, y) for x in range(16) for y in range(16)]
    assert theme.ink.lower() in {color.name() for color in colors if color.alpha() == 255}


def test_symbols_change_at_once_and_the_run_goes_on(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.next()
    value = window.controller.frame.value
    window.actions_by_name["symbols_indexed"].trigger()
    assert "w11·x1" in window.equation.text()
    assert window.controller.frame.cursor == (1, 1, 0)
    assert window.controller.frame.operation is not None
    assert value(window.controller.frame.operation.quantity) == pytest.approx(0.3775, abs=5e-5)
