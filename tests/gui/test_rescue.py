"""An error that nobody caught: the session stays, a copy of it is saved, and one line says so."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths

from engine import open_session
from gui import app
from gui.theme import THEMES, Theme, palette_of
from tests.gui.conftest import OpenWindow


def fail() -> None:
    raise RuntimeError("planted")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The application's folder, empty."""
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "data"))
    return tmp_path / "data"


def test_an_error_nobody_caught_saves_a_copy_and_says_so(
    open_window: OpenWindow, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window = open_window()
    window.controller.next()
    window.controller._stepper.edit("w[2,1,1]", 0.125)
    before = window.controller.frame.session
    with pytest.raises(RuntimeError, match="planted") as caught:
        fail()
    app.report(window, RuntimeError, caught.value, caught.tb)
    assert "planted" in window.statusBar().currentMessage()
    assert window.controller.frame.session == before
    assert open_session(str(home / "rescued.chainstep.json")) == before
    assert "RuntimeError: planted" in (home / "errors.log").read_text(encoding="utf-8")
    assert "RuntimeError: planted" in capsys.readouterr().err
    window.controller.undo()


def test_where_no_copy_can_be_saved_that_is_said(
    open_window: OpenWindow, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_text("a file where a folder should be")
    window = open_window()
    with pytest.raises(RuntimeError, match="planted") as caught:
        fail()
    app.report(window, RuntimeError, caught.value, caught.tb)
    assert "no copy could be saved" in window.statusBar().currentMessage()


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
