"""A monkey at the window: keys, clicks, drags, the wheel, docks, dialogs and typing, also while it runs.

Nothing may reach the exception hook, no Qt warning may be printed, and at the end the window shows what a fresh stepper
computes for its session. The same seed does the same, but for what running does meanwhile.
"""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QSpinBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import Stepper
from engine.files.session_file import save
from engine.frame import Frame
from gui.actions import ACTIONS, UNIT_KEYS
from gui.controller import SPEEDS
from gui.main_window import MainWindow
from tests.engine.networks import random_session
from tests.gui.conftest import OpenWindow, Source, softmax_session

EVENTS, REMEMBERED = 1000, 15
MOST_NEURONS, MOST_ITERATIONS, MOST_COMPARED = 8, 300, 2000
KEYS = (
    *(key for action in ACTIONS for key in (*action.keys, *action.canvas_keys)), *UNIT_KEYS.values(),
    "Escape", "Up", "Down", "Left", "Right", "Tab", "Shift+Tab", "Return", "Backspace", "Delete", "Space", "Ctrl+V",
    "Ctrl+A", "Ctrl+C", "F2", "F9", "F10", "F10", "F11", "F5", "Alt+F", "a", "e", "x", "0", "7", "-", ".", ",", "/",
)  # fmt: skip
TYPED = (
    "0.25", "-1", "1/3", "-0.5*2", "0,5", "1e-3", "0", "abc", "", "nan", "inf", "1e999", "1e308", "1/0", "1_000", "--",
    "(((((", "٣", "0x10", "999999999999999999999", "-1e6", " 2 ", "\u2212\u0033", "true", "1" * 300,
)  # fmt: skip
PASTED = ("0.1\t0.2\n0.3\t0.4", "0.1\n0.2\n0.3", "1\tx", "", "\n\n", "1\t2\t3\t4\t5\t6\t7\t8", "\ufeff0.5", "0.5\r\n")


def is_in_sight(widget: QWidget) -> bool:
    """Not without room, behind another's tab or out of what is scrolled to."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


class Monkey:
    """Does one thing after the other; `last` are those done last."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.rng, self.last = window, Random(seed), deque[str](maxlen=REMEMBERED)
        self.timer = QTimer(window)
        self.timer.timeout.connect(self.leave_dialog)
        self.timer.start(5)
        self.doings: list[tuple[int, Callable[[], object]]] = [
            (40, self.key), (20, self.click), (8, self.drag), (8, self.wheel), (6, self.type_into_table),
            (3, self.paste), (3, self.resize), (5, self.dock), (1, self.theme), (4, self.speed), (2, self.rate),
            (3, self.sample),
        ]  # fmt: skip

    def do(self) -> None:
        """One event, and what follows from it."""
        weights, doings = zip(*self.doings, strict=True)
        doing = self.rng.choices(doings, weights)[0]
        self.say(doing.__name__)
        doing()
        QApplication.processEvents()
        popup = QApplication.activePopupWidget()
        if popup is not None and self.rng.random() < 0.7:
            self.say(f"in {type(popup).__name__}")
            QTest.keyClick(popup, self.rng.choice((Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape)))
        if not self.window.isVisible():
            self.window.show()
            self.window.resize(1000, 700)  # without a window manager it would have one pixel

    def say(self, what: str) -> None:
        self.last.append(what)

    def widget(self) -> QWidget:
        """Any widget that can be seen."""
        chosen = self.rng.choice([widget for widget in self.window.findChildren(QWidget) if is_in_sight(widget)])
        self.say(f"{type(chosen).__name__} {chosen.objectName() or chosen.accessibleName()}")
        return chosen

    def point(self, widget: QWidget) -> QPoint:
        return QPoint(self.rng.randrange(widget.width()), self.rng.randrange(widget.height()))

    def key(self) -> None:
        """Where the keyboard is, or on the canvas. Without a window manager it can stay with a list that has closed."""
        focused = QApplication.focusWidget() if self.rng.random() < 0.5 else None
        target = focused if focused is not None and focused.isVisible() else self.window.canvas
        keys = self.rng.choice(KEYS)
        self.say(keys)
        pressed = QKeySequence(keys)[0]  # type: ignore[index]  # the stubs lack it
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())

    def click(self) -> None:
        widget = self.widget()
        act = self.rng.choice((QTest.mouseClick, QTest.mouseClick, QTest.mouseDClick))
        button = self.rng.choices((Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton), (9, 1))[0]
        act(widget, button, Qt.KeyboardModifier.NoModifier, self.point(widget))

    def drag(self) -> None:
        chosen = (self.window.canvas, self.window.position, self.widget())
        widget = self.rng.choice([*filter(is_in_sight, chosen)])
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.point(widget))
        for _ in range(self.rng.randrange(4)):
            QTest.mouseMove(widget, self.point(widget))
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.point(widget))

    def wheel(self) -> None:
        widget = self.rng.choice([*filter(is_in_sight, (self.window.canvas, self.widget()))])
        at, turn = QPointF(self.point(widget)), QPoint(0, self.rng.choice((-480, -120, 120, 480)))
        where = QPointF(widget.mapToGlobal(at.toPoint()))
        none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, where, QPoint(), turn, Qt.MouseButton.NoButton, none, phase, False)
        QApplication.sendEvent(widget, event)

    def tables(self) -> list[QTableView]:
        """Those of numbers that can be seen, in any order; one behind a tab that was never in front is empty."""
        views = [view for view in self.window.findChildren(QTableView) if view.isVisible() and view.model().rowCount()]
        tables = [view for view in views if view.accessibleName() in ("Parameters", "Data")]
        return self.rng.sample(tables, len(tables))

    def cell(self, table: QTableView) -> QModelIndex:
        model = table.model()
        table.activateWindow()
        table.setFocus()
        index = model.index(self.rng.randrange(model.rowCount()), self.rng.randrange(model.columnCount()))
        table.setCurrentIndex(index)
        return index

    def type_into_table(self) -> None:
        """Into a cell, if it can be edited; at the end Return, Escape, a step, or the focus goes elsewhere."""
        for table in self.tables()[:1]:
            self.cell(table)
            QTest.keyClick(table, Qt.Key.Key_F2)
            for editor in [field for field in table.viewport().findChildren(QLineEdit) if field.isVisible()]:
                self.type_into(editor)
            QApplication.processEvents()  # an editor takes its leave in two steps
            if self.rng.random() < 0.3:
                self.window.canvas.setFocus()

    def type_into(self, field: QLineEdit) -> None:
        words = self.rng.choice(TYPED)
        self.say(repr(words[:20]))
        field.setFocus()
        field.selectAll()
        for letter in words:
            if letter.isascii():
                QTest.keyClicks(field, letter)
            else:
                field.insert(letter)
        key = Qt.Key
        QTest.keyClick(field, self.rng.choice((key.Key_Return, key.Key_Return, key.Key_Escape, key.Key_F10)))

    def rate(self) -> None:
        fields = [f for f in self.window.findChildren(QLineEdit) if f.accessibleName() == "Learning rate"]
        if fields[0].isVisible():
            self.type_into(fields[0])

    def paste(self) -> None:
        QApplication.clipboard().setText(self.rng.choice(PASTED))
        for table in self.tables()[:1]:
            self.cell(table)
            QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def sample(self) -> None:
        """A row of the data added, removed or chosen."""
        controller = self.window.controller
        controller.choose_sample(self.rng.randint(1, controller.frame.session.spec.samples))

    def resize(self) -> None:
        """Not of a presentation: nobody can pull at its edges, and Qt would forget that it takes the whole screen."""
        size = self.rng.randint(700, 1200), self.rng.randint(400, 800)
        if not self.window.isFullScreen():
            self.window.resize(*size)

    def dock(self) -> None:
        dock = self.rng.choice(self.window.docks)
        act = self.rng.choice(("show", "close", "float", "dock", "raise"))
        self.say(f"{act} {dock.objectName()}")
        if act == "show":
            dock.show()
        elif act == "close":
            dock.close()
        elif act == "raise":
            dock.raise_()
        else:
            dock.setFloating(act == "float")

    def theme(self) -> None:
        self.window.change_theme()

    def speed(self) -> None:
        """Another speed, and it runs or pauses."""
        self.window.controller.choose_speed(self.rng.choice(SPEEDS))
        self.window.controller.run_or_pause()

    def leave_dialog(self) -> None:
        """Some clicks and letters in a dialog that is open, then out of it."""
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            return
        self.timer.stop()
        self.say(f"in {type(dialog).__name__}")
        for _ in range(self.rng.randrange(4)):
            inside = [widget for widget in dialog.findChildren(QWidget) if is_in_sight(widget)]
            if not inside or not dialog.isVisible():
                break
            widget = self.rng.choice(inside)
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.point(widget))
            if isinstance(widget, QLineEdit):
                QTest.keyClicks(widget, self.rng.choice(("2", "3", "x", "0.5")))
        for spin in dialog.findChildren(QSpinBox):  # nothing so large that it takes minutes
            spin.setValue(min(spin.value(), MOST_ITERATIONS if spin.maximum() > 1000 else MOST_NEURONS))
        dialog.done(self.rng.choice((QDialog.DialogCode.Accepted, QDialog.DialogCode.Rejected)))
        self.timer.start(5)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Random]:
    """What the system's dialogs answer: files that are there, that are bad, that cannot be, or none."""
    rng = Random(5)
    bad, good = tmp_path / "bad.chainstep.json", tmp_path / "good.chainstep.json"
    bad.write_text('{"format": "chainstep-session", "version": 1}', encoding="utf-8")
    places = ["", str(good), str(tmp_path / "other"), str(tmp_path / "nowhere" / "x.chainstep.json"), str(tmp_path)]
    button = QMessageBox.StandardButton

    def asked_for_file(*_: object) -> tuple[str, str]:
        return rng.choice([*places, str(bad)]), ""

    def asked_where(*_: object) -> tuple[str, str]:
        return rng.choice(places), ""

    def asked(*_: object) -> QMessageBox.StandardButton:
        return rng.choice((button.Save, button.Discard, button.Discard, button.Cancel))

    monkeypatch.setattr(QFileDialog, "getOpenFileName", asked_for_file)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", asked_where)
    monkeypatch.setattr(QMessageBox, "question", asked)
    yield rng
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button.Discard)


def values_of(frame: Frame) -> list[str]:
    """Every quantity of the iteration with its value at the cursor, some only where there are very many."""
    count = frame.program.count
    operations = (frame.narrator.describe(k) for k in range(0, count, 1 + count // MOST_COMPARED))
    return [f"{o.quantity} {o.sample}: {frame.value(o.quantity, o.sample)!r}" for o in operations]


def sources() -> list[Source]:
    """Whose seeds take turns."""
    return ["seed-003", softmax_session(), random_session(Random(11), batch="smaller_last", layers=3)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each of the seeds asked for."""
    first, last = map(int, metafunc.config.getoption("seeds").split(":"))
    metafunc.parametrize("seed", range(first, last))


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)
def test_a_thousand_events_leave_the_window_well(
    open_window: OpenWindow, qtbot: QtBot, qtlog: Any, answers: Random, tmp_path: Path, seed: int
) -> None:
    window = open_window(sources()[seed % 3], 1000, 700)
    save(window.controller.frame.session, tmp_path / "good.chainstep.json")
    monkey = Monkey(window, seed)
    with qtbot.captureExceptions() as exceptions:
        for number in range(EVENTS):
            monkey.do()
            warnings = [record.message for record in qtlog.records if not record.ignored]
            assert not exceptions, f"event {number}, after {', '.join(monkey.last)}: {exceptions}"
            assert not warnings, f"event {number}, after {', '.join(monkey.last)}: {warnings}"
    monkey.timer.stop()
    window.controller.pause()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    frame = window.controller.frame
    fresh = Stepper(frame.session).frame
    assert values_of(frame) == values_of(fresh)
    known = min(len(frame.losses), len(fresh.losses))
    assert [*map(repr, frame.losses[:known].tolist())] == [*map(repr, fresh.losses[:known].tolist())]
