"""Every operation of four sessions, one after the other in one window: the text of every panel against the frame."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.cursor import Cursor
from engine.descriptions import Narrator
from engine.expressions import Sum, plain
from engine.frame import Frame
from engine.operations import Operation
from engine.program import Unit
from engine.quantities import Quantity
from gui.main_window import MainWindow
from gui.operations.model import OperationsModel
from gui.panels.data import DataTable
from gui.panels.loss import LossPlot
from gui.panels.operations import Operations
from gui.panels.parameters import ParametersTable
from tests.gui import expected
from tests.gui.checks import check_canvas, check_equation, check_position
from tests.gui.conftest import OpenWindow, Source, penalized_session, softmax_session
from tests.gui.expected import spelled
from tests.gui.recording import Drawn, Expected, drawn_by, mismatch, parsed, reading, says

Panel = TypeVar("Panel", bound=QWidget)
MOST_TERMS = 6
LISTED, NEAR = 24, 5
ROOMY = (1900, 960)
"""Room enough for the canvas to show z and a of four neurons."""
PHASES = {"forward": "Forward", "loss": "Loss", "backward": "Backward", "update": "Update"}


def panel(window: MainWindow, kind: type[Panel]) -> Panel:
    return next(panel for panel in window.panels.values() if isinstance(panel, kind))


def rows_of(drawn: Sequence[Drawn], top: int, height: int) -> list[list[Drawn]]:
    """What a table has drawn, row by row from above; each row in the order of drawing."""

    def place(item: Drawn) -> int:
        return int((item.y - 4 - top) // height)

    return [list(row) for _, row in groupby(sorted(drawn, key=place), key=place)]


class Told:
    """What the operations of one iteration say, each described once."""

    def __init__(self, narrator: Narrator) -> None:
        self.operations = [narrator.describe(k) for k in range(narrator.program.count)]
        self.writers = {operation.quantity: operation for operation in self.operations}
        self.formulas = [listed(operation) for operation in self.operations]

    def written(self, quantity: Quantity, done: int) -> float | None:
        """What the first operations have written, where only one writes it."""
        writer = self.writers.get(quantity)
        return writer.value if writer is not None and writer.number <= done else None


def listed(operation: Operation) -> list[Expected]:
    """The texts of an operation in the listing."""
    formula = operation.formula
    if isinstance(formula, Sum) and len(formula.terms) > MOST_TERMS:
        formula = Sum(formula.terms[:MOST_TERMS])
    sign = "←" if operation.phase == "update" else "="
    return [*reading(operation.symbol, slashed=True), sign, *reading(formula, slashed=True)]


def check_listing(window: MainWindow, frame: Frame, told: Told) -> None:
    """The rows around the cursor's: headings with their counts, operations with number, formula, value or dash."""
    listing = panel(window, Operations)
    height = listing.viewport().height()
    model = listing.model()
    assert isinstance(model, OperationsModel)
    y = listing.rowViewportPosition(model.row_of(max(frame.cursor.operation - 1, 0)))
    assert 0 <= y <= height - LISTED, (frame.cursor, y)
    area = QRect(0, y - NEAR * LISTED, listing.viewport().width(), (2 * NEAR + 1) * LISTED)
    rows: list[list[Drawn]] = []
    for item in drawn_by(listing.viewport(), area.intersected(listing.viewport().rect())):
        is_sample = item.text.startswith("sample ") or item.text == "all samples"
        if is_sample or item.text in PHASES.values() or (item.pixels == 11 and item.text.isdigit()):
            rows.append([])
        rows[-1].append(item)
    numbers = [check_listed(row, frame, told) for row in rows]
    found = [number for number in numbers if number is not None]
    assert found == list(range(found[0], found[-1] + 1)), (frame.cursor, found)
    assert max(frame.cursor.operation, 1) in found, (frame.cursor, found)


def check_listed(row: Sequence[Drawn], frame: Frame, told: Told) -> int | None:
    """One row; returns its operation's number."""
    first, second, *rest = [item.text for item in row]
    done = frame.cursor.operation
    if not rest and first not in PHASES.values():
        assert second in counts_of_sample(first, told.operations, done), (frame.cursor, first, second)
        return None
    if not rest:
        phases = expected.phases(frame.narrator)
        name = next(name for name, shown in PHASES.items() if shown == first)
        start = phases.index(name)
        counts = min(max(done - start, 0), phases.count(name)), phases.count(name)
        assert second == "{} of {}".format(*counts), (frame.cursor, first, second)
        return None
    texts, value = told.formulas[int(first) - 1], told.operations[int(first) - 1].value
    assert says(second, value if int(first) <= done else None), (frame.cursor, first, second, value)
    wrong = mismatch(rest[:-1] if rest[-1] == "…" else rest, texts)
    assert wrong == "", (frame.cursor, first, wrong)
    return int(first)


def counts_of_sample(heading: str, operations: Sequence[Operation], done: int) -> set[str]:
    """What may stand beside a sample's heading, or that of the batch: of each phase, how much is done."""
    sample = None if heading == "all samples" else int(heading.removeprefix("sample "))
    own = [(o.phase, o.number) for o in operations if o.sample == sample]
    counts = {phase: [number for other, number in own if other == phase] for phase, _ in own}
    return {f"{sum(n <= done for n in numbers)} of {len(numbers)}" for numbers in counts.values()}


def in_table(text: str, value: float | None) -> bool:
    """Whether a cell says a value: as everywhere, or in the table's short form with four digits that count."""
    match = re.fullmatch(r"(−?\d\.\d{3})e(−?|\+?)(\d\d+)", text)
    if match is None or value is None:
        return says(text, value)
    return f"{value:.3e}" == text.replace("−", "-")


def check_parameters(window: MainWindow, frame: Frame, told: Told) -> set[Quantity | str]:
    """What is in sight: a heading a layer, parameters with symbol, value, gradient, change, new; the one written last
    among them."""
    table = panel(window, ParametersTable).table
    first = table.rowAt(0)
    names = table_rows(frame)
    drawn = rows_of(drawn_by(table.viewport()), table.rowViewportPosition(first), 28)
    shown = names[first : first + len(drawn)]
    for row, name in zip(drawn, shown, strict=True):
        if isinstance(name, str):
            assert " ".join(item.text for item in row) == name, frame.cursor
        else:
            check_parameter(row, frame, told, name)
    operation = frame.operation
    if operation is not None and operation.quantity in names:
        assert operation.quantity in shown, frame.cursor
    return set(shown)


def table_rows(frame: Frame) -> list[Quantity | str]:
    """The rows of the table: headings as their words."""
    rows: list[Quantity | str] = []
    layers = frame.session.spec.network.layers
    for number, layer in enumerate(layers, 1):
        role = "output" if number == len(layers) else "hidden"
        rows.append(f"Layer {number} {role} · {spelled(layer.activation)}")
        rows += [name for name in frame.parameters() if name.indices[0] == number]
    return rows


def check_parameter(row: Sequence[Drawn], frame: Frame, told: Told, name: Quantity) -> None:
    *symbol, value, gradient, change, new = [item.text for item in row]
    assert mismatch(symbol, reading(frame.narrator.symbol(name))) == "", (frame.cursor, str(name), symbol)
    old, done = frame.trace.old("parameter", name), frame.cursor.operation
    kind = Quantity("grad", (), name) if frame.trace.has_means else Quantity(f"dL/d{name.kind}", name.indices)
    slope, after = told.written(kind, done), told.written(name, done)
    numbers = (old, slope, None if after is None else after - old, after)
    for text, number in zip((value, gradient, change, new), numbers, strict=True):
        assert in_table(text, number), (frame.cursor, str(name), row, numbers)


def check_data(window: MainWindow, frame: Frame) -> None:
    """Inputs and targets of every sample, in front of the parameters for a moment."""
    front(window, "data")
    data, model = frame.session.spec.data, panel(window, DataTable).model
    rows = [[*x, *y] for x, y in zip(data.inputs, data.targets, strict=True)]
    shown = [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]
    assert [[parsed(text) for text in row] for row in shown] == rows
    front(window, "parameters")


def front(window: MainWindow, name: str) -> None:
    """Bring a dock in front of those that share its place."""
    dock = next(dock for dock in window.docks if dock.objectName() == name)
    dock.show()
    dock.raise_()
    QApplication.processEvents()


def check_words(window: MainWindow, frame: Frame) -> None:
    """Title, status bar, and what is said of the loss."""
    sizes = "-".join(map(str, frame.session.spec.network.sizes))
    title = frame.session.title or f"A network of {sizes}"
    assert window.windowTitle() == f"{title} – Chainstep"
    assert window.heading.text() == title
    k, iteration = frame.cursor.operation, frame.cursor.iteration
    if k == frame.program.count:
        assert window.coming.text() == f"Next: iteration {iteration + 1}"
    else:
        coming = frame.narrator.describe(k)
        name, formula = plain(coming.symbol), plain(coming.formula)
        assert window.coming.text() in (f"Next: {name} = {formula}", f"Next: {name}"), frame.cursor
    check_loss(panel(window, LossPlot), frame)


def check_loss(loss: LossPlot, frame: Frame) -> None:
    iteration, known = frame.cursor.iteration, len(frame.losses)
    words = ["no iteration computed yet", "iteration 1 computed", f"iterations 1 to {known} computed"]
    lines = "; solid: batch, dashed: test" if known and frame.session.spec.data.held_back else ""
    assert loss.known.text() == words[min(known, 2)] + lines
    if iteration > known:
        assert loss.readout.text() == ""
    else:
        name, _, numbers = loss.readout.text().partition(": ")
        number, *tests = numbers.split(", test (dashed) ")
        assert name == f"iteration {iteration}"
        assert says(number, frame.trace.batch_loss), (frame.cursor, number)
        assert len(tests) == (frame.session.spec.data.held_back > 0)
        assert all(says(test, frame.test_losses[iteration - 1]) for test in tests), (frame.cursor, tests)


def check_everything(window: MainWindow, told: Told) -> set[Quantity | str]:
    """All panels; returns the rows of the parameters that were in sight."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    frame = window.controller.frame
    for check in (check_position, check_canvas, check_equation, check_words):
        check(window, frame)
    check_listing(window, frame, told)
    return check_parameters(window, frame, told)


@pytest.mark.parametrize(
    ("source", "iterations"),
    [("seed-003", 2), ("seed-000", 1), (softmax_session(), 2), (penalized_session(), 1)],
    ids=["seed-003", "seed-000", "softmax", "penalized"],
)
def test_every_panel_is_the_frames_at_every_operation(
    open_window: OpenWindow, qtbot: QtBot, source: Source, iterations: int
) -> None:
    """The program of a smaller batch is shorter; every parameter comes in sight in each iteration."""
    window = open_window(source, *(ROOMY if isinstance(source, dict) else (1280, 800)))
    front(window, "parameters")
    for iteration in range(1, iterations + 1):
        told, seen = Told(window.controller.frame.narrator), set[Quantity | str]()
        for operation in range(len(told.operations) + 1):
            assert window.controller.frame.cursor == Cursor(iteration, operation)
            seen |= check_everything(window, told)
            names = set(window.controller.frame.parameters())
            qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
        assert seen >= names
        check_data(window, window.controller.frame)


@pytest.mark.parametrize(
    "source", ["seed-003", softmax_session(), penalized_session()], ids=["seed-003", "softmax", "penalized"]
)
def test_every_panel_is_the_frames_at_every_factor_of_some_operations(
    open_window: OpenWindow, qtbot: QtBot, source: Source
) -> None:
    """Of each kind of operation one: within it, its value is not yet written."""
    window = open_window(source, *(ROOMY if isinstance(source, dict) else (1280, 800)))
    told = Told(window.controller.frame.narrator)
    kinds = {operation.kind: operation.number - 1 for operation in told.operations}
    window.controller.choose_unit(Unit.FACTOR)
    for k in sorted(kinds.values()):
        window.controller.seek(1, k)
        for factor in range(1, 20):
            qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
            check_everything(window, told)
            if window.controller.frame.cursor == Cursor(1, k + 1):
                break
            assert window.controller.frame.cursor == Cursor(1, k, factor)
        else:
            pytest.fail(f"operation {k + 1} has no end")
