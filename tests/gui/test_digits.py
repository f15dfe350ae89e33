"""The digits that the status bar asks for: in every panel, and kept for the next start."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from math import exp
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.frame import Frame
from engine.gradient_check import check_gradients
from engine.optimizers import GRADIENT as OF_OPTIMIZER
from engine.quantities import LOSS, Quantity, parse
from engine.watching import Watched
from engine.ways import ways
from gui.controller import Controller
from gui.digits import Digits, WithDigits
from gui.main_window import MainWindow
from gui.panels import PANELS
from gui.panels.data import DataTable
from gui.panels.function import FunctionPanel
from gui.panels.gradient_check import GradientCheck
from gui.panels.loss import LossPlot
from gui.panels.operations import Operations
from gui.panels.parameters import ParametersTable
from gui.parameters_model import CHANGE, GRADIENT, NEW, VALUE
from gui.reading_table import ReadingTable
from tests.gui.conftest import OpenWindow, Source, penalized_session, softmax_session
from tests.gui.recording import drawn_by

COLUMNS = (VALUE, GRADIENT, CHANGE, NEW)


def table_of(window: MainWindow) -> ParametersTable:
    panel = window.panels["parameters"]
    assert isinstance(panel, ParametersTable)
    return panel


def written(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def read(text: str) -> float:
    return float(text.replace("−", "-").replace(" · 10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))


@pytest.mark.parametrize("digits", [2, 5, 12, 17])
def test_parameters_and_listing_write_the_digits_asked_for(open_window: OpenWindow, digits: int) -> None:
    window = open_window()
    window.controller.to_iteration_end()
    window.show_digits(digits)
    model, frame = table_of(window).model, window.controller.frame
    for row in range(1, 6):
        for column in COLUMNS:
            shown = read(str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole)))
            value = model.number_at(row, column)
            assert value is not None
            assert shown == written(value, digits)
    listing = window.panels["operations"]
    assert isinstance(listing, Operations)
    spoken = str(listing.model().index(1, 0).data(Qt.ItemDataRole.DisplayRole))
    assert read(spoken.split("  ")[-1]) == written(frame.narrator.describe(0).value, digits)


@pytest.mark.parametrize("digits", [5, 12, 17])
def test_every_number_of_the_table_ends_before_the_next_column(open_window: OpenWindow, digits: int) -> None:
    window = open_window(width=2400)
    window.controller.seek(46, 32)
    window.show_digits(digits)
    table = table_of(window).table
    window.resizeDocks([window.docks[1]], [1000], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    edges = [table.columnViewportPosition(column) for column in COLUMNS]
    ends = dict(zip(edges, [*edges[1:], table.viewport().width()], strict=True))
    numbers = [item for item in drawn_by(table.viewport()) if item.text[-1:].isdigit() and item.x > edges[0]]
    assert len(numbers) > 20
    for number in numbers:
        start = max(edge for edge in edges if edge <= number.x)
        assert number.x + number.width <= ends[start] + 1, number


def test_they_are_kept_for_the_next_start(application: object, qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    for expected, chosen in ((5, 9), (9, 17), (17, 17)):
        window = MainWindow(Controller(open_session("seed-003")), settings)
        qtbot.addWidget(window)
        window.controller.show()
        field = window.findChild(Digits)
        assert isinstance(field, Digits)
        assert field.value() == expected
        field.setValue(chosen)
        assert table_of(window).model.digits == chosen


# All panels

W5, ITERATION, OPERATION = parse("w[2,1,1]"), 2, 24
"""What is looked at, and where: in the second iteration, after the gradients of the second layer."""


def value(frame: Frame, name: str | Quantity) -> float:
    found = frame.value(parse(name) if isinstance(name, str) else name)
    assert found is not None
    return found


def checked(frame: Frame) -> list[float]:
    """Gradient and difference quotient of w5, and how far they are apart."""
    row = next(row for row in check_gradients(frame.trace) if row.quantity == W5)
    return [frame.trace.new(OF_OPTIMIZER, W5), row.numeric, row.difference]


def on_ways(frame: Frame) -> list[float]:
    """The gradient of w1, which is that of its only way, and the factors of this way."""
    (way,) = ways(frame.narrator, parse("dL/dw[1,1,1]"), 0).largest_first()
    return [value(frame, "dL/dw[1,1,1]"), way.product, *(factor.value for factor in way.factors)]


def of_neuron(frame: Frame) -> list[float]:
    """z, a and the slope of the first neuron."""
    a = 1 / (1 + exp(-value(frame, "z[1,1]")))
    return [value(frame, "z[1,1]"), a, a * (1 - a)]


def of_runs(frame: Frame) -> list[float]:
    """The loss of the run, and w5 at the end of the iteration, the last that both have."""
    stepper = Stepper(frame.session)
    stepper.seek(ITERATION + 1, 0)
    return [float(frame.losses[-1]), value(stepper.frame, W5)]


WRITTEN: Mapping[str, Callable[[Frame], list[float]]] = {
    "operations": lambda frame: [value(frame, "z[1,1]"), value(frame, "a[2,1]"), value(frame, "dL/dw[2,1,1]")],
    "parameters": lambda frame: [value(frame, W5), value(frame, "dL/dw[2,1,1]")],
    "data": lambda frame: [1 / 3],
    "gradient_check": checked,
    "paths": on_ways,
    "prediction": lambda frame: [value(frame, "a[2,1]"), value(frame, LOSS)],
    "function": of_neuron,
    "runs": of_runs,
    "watch": lambda frame: [value(frame, W5)],
    "loss": lambda frame: [float(frame.losses[ITERATION - 1])],
}
"""Values that each panel writes."""
AS_GIVEN = {"compare", "stops", "settings", "algorithm"}
"""These write figures as a source prints them, what was typed, or no numbers."""


def text_of(value: float, digits: int) -> str:
    """As Python writes it with so many digits, in a table's short form."""
    figures, _, exponent = f"{value:#.{digits}g}".partition("e")
    return f"{figures}e{int(exponent)}" if exponent else figures


def words_of(panel: QWidget) -> set[str]:
    """The numbers that a panel draws, that stand in its labels, or in cells drawn by Qt."""
    words = [label.text() for label in panel.findChildren(QLabel)]
    if isinstance(panel, LossPlot):
        words += [panel.readout.text()]
    elif isinstance(panel, DataTable):
        words += [str(panel.model.index(0, column).data()) for column in range(panel.model.columnCount())]
    else:
        words += [drawn.text for drawn in drawn_by(panel)]
    return set(re.findall(r"-?\d+\.\d+(?:e-?\d+)?", " ".join(words).replace("−", "-")))


def is_written(panel: QWidget, expected: set[str]) -> bool:
    """Whether a panel writes all these numbers; some compute in slices."""
    return expected <= words_of(panel)


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """With a run left behind and w5 watched, where no number is exact in few digits."""
    window = open_window(width=2600)
    controller = window.controller
    controller.seek(3, 0)
    controller.seek(1, 0)
    controller.edit("x[1]", 1 / 3, 1)
    controller.watch(Watched(W5))
    controller.choose_run(controller.runs.left[0])
    controller.seek(ITERATION, OPERATION)
    controller.select(parse("dL/dw[1,1,1]"))
    return window


def test_every_panel_stands_in_the_table(window: MainWindow) -> None:
    assert {record.name for record in PANELS} == WRITTEN.keys() | AS_GIVEN
    assert {name for name, panel in window.panels.items() if isinstance(panel, WithDigits)} == set(WRITTEN)


@pytest.mark.parametrize("digits", [2, 17])
def test_every_panel_writes_the_digits_that_were_chosen_before_it_opened(
    window: MainWindow, qtbot: QtBot, digits: int
) -> None:
    window.show_digits(digits)
    for name, values in WRITTEN.items():
        window.show_panel(name, has_keyboard=False)
        dock = next(dock for dock in window.docks if dock.objectName() == name)
        window.resizeDocks([dock], [1000], Qt.Orientation.Horizontal)
        expected = {text_of(value, digits) for value in values(window.controller.frame)}
        panel = window.panels[name]
        qtbot.waitUntil(partial(is_written, panel, expected), timeout=3000)


# Many digits in a narrow panel


def narrow(window: MainWindow, name: str, digits: int = 17) -> QWidget:
    """A panel as wide as it is at first."""
    window.show_panel(name, has_keyboard=False)
    dock = next(dock for dock in window.docks if dock.objectName() == name)
    window.resizeDocks([dock], [376], Qt.Orientation.Horizontal)
    window.show_digits(digits)
    QApplication.processEvents()
    assert dock.width() < 400
    return window.panels[name]


@pytest.mark.parametrize(("name", "numbers"), [("gradient_check", (1, 2, 3)), ("runs", (1, 2, 3))])
def test_columns_of_numbers_widen_and_the_table_scrolls(
    window: MainWindow, qtbot: QtBot, name: str, numbers: tuple[int, ...]
) -> None:
    panel = narrow(window, name)
    table = panel.findChild(ReadingTable)
    assert isinstance(table, ReadingTable)
    qtbot.waitUntil(lambda: not table.isHidden() and table.model().rowCount() > 0)
    bar = table.horizontalScrollBar()
    assert bar.maximum() > 0
    for aside in (0, bar.maximum()):
        bar.setValue(aside)
        edges = [table.columnViewportPosition(column) for column in (*numbers, numbers[-1])]
        edges[-1] += table.columnWidth(numbers[-1])
        drawn = [item for item in drawn_by(table.viewport()) if edges[0] <= item.x < edges[-1] and "." in item.text]
        assert drawn
        for item in drawn:
            assert item.x + item.width <= min(edge for edge in edges if edge > item.x), item
    window.show_digits(5)
    QApplication.processEvents()
    assert bar.maximum() == 0


@pytest.mark.parametrize("name", ["paths", "watch", "prediction", "data"])
def test_nothing_is_cut_off(window: MainWindow, name: str) -> None:
    panel = narrow(window, name)
    expected = {text_of(value, 17) for value in WRITTEN[name](window.controller.frame)}
    assert expected <= words_of(panel)
    if isinstance(panel, DataTable):
        metrics, shown = panel.table.fontMetrics(), panel.model.index(0, 0).data()
        assert panel.table.columnWidth(0) > metrics.horizontalAdvance(shown)
    else:
        view = panel.findChild(QAbstractItemView) or panel
        assert all(item.x + item.width <= view.width() for item in drawn_by(view))


@pytest.mark.parametrize(("source", "is_wider"), [("seed-003", False), (softmax_session(), True)])
def test_the_function_is_scrolled_where_its_numbers_need_more_room(
    open_window: OpenWindow, qtbot: QtBot, source: Source, is_wider: bool
) -> None:
    """By the keyboard, too, which it takes only then."""
    window = open_window(source)
    window.controller.seek(2, 14)
    panel = narrow(window, "function")
    assert isinstance(panel, FunctionPanel)
    subject = panel.view.subject()
    assert subject is not None
    assert subject.z is not None
    assert subject.a is not None
    assert {text_of(subject.z, 17), text_of(subject.a, 17)} <= words_of(panel.view)
    bar = panel.area.horizontalScrollBar()
    assert (bar.maximum() > 0) == is_wider
    panel.area.setFocus()
    qtbot.keyClick(panel.area, Qt.Key.Key_Right)
    assert (bar.value() > 0) == is_wider
    assert panel.area.focusPolicy() is (Qt.FocusPolicy.TabFocus if is_wider else Qt.FocusPolicy.NoFocus)
    assert all(item.x + item.width <= panel.view.width() for item in drawn_by(panel.view))
    window.show_digits(5)
    QApplication.processEvents()
    assert panel.area.horizontalScrollBar().maximum() == 0


def test_both_losses_are_read_in_a_small_window(open_window: OpenWindow) -> None:
    window = open_window(penalized_session(), width=1000)
    window.controller.seek(5, 0)
    window.controller.seek(4, 0)
    window.show_digits(17)
    QApplication.processEvents()
    loss = window.panels["loss"]
    assert isinstance(loss, LossPlot)
    assert "test" in loss.readout.text()
    assert loss.readout.width() >= loss.readout.sizeHint().width() > 300
    assert 0 < loss.known.width() < loss.known.sizeHint().width()


def test_copies_are_in_full_with_two_digits(window: MainWindow) -> None:
    panel = narrow(window, "gradient_check", digits=2)
    assert isinstance(panel, GradientCheck)
    row = [name for name in range(panel.model.rowCount()) if panel.model.parameter_at(name) == W5]
    panel.table.setCurrentIndex(panel.model.index(row[0], 1))
    QTest.keySequence(panel.table, QKeySequence.StandardKey.Copy)
    assert float(QApplication.clipboard().text()) == window.controller.frame.trace.new(OF_OPTIMIZER, W5)
