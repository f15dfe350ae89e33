"""The comparison as a panel: every published figure of the examples, what differs, and where a figure leads."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import Stepper, open_session
from engine.comparison import Comparison, compare, comparing
from engine.quantities import parse
from gui import text
from gui.main_window import MainWindow
from gui.panels.compare import COMPUTED, PUBLISHED, SYMBOL, VERDICT, Compare
from gui.theme import DARK, palette_of
from tests.gui.conftest import OpenWindow, softmax_session
from tests.gui.recording import drawn_by

LEFT = Qt.MouseButton.LeftButton


def shown(window: MainWindow) -> Compare:
    """The panel, opened as from the View menu."""
    dock = next(dock for dock in window.docks if dock.objectName() == "compare")
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    panel = window.panels["compare"]
    assert isinstance(panel, Compare)
    return panel


def wait(qtbot: QtBot, window: MainWindow, panel: Compare) -> None:
    count = len(window.controller.frame.session.published)
    qtbot.waitUntil(lambda: len(panel.model.rows) == count, timeout=30_000)


@pytest.mark.parametrize(
    ("source", "headline"),
    [
        ("seed-003", "37 figures: 29 agree, 8 differ with a note"),
        ("seed-000", "16 figures: 15 agree, 1 differs with a note"),
    ],
)
def test_the_examples_figures(open_window: OpenWindow, qtbot: QtBot, source: str, headline: str) -> None:
    window = open_window(source)
    panel = shown(window)
    wait(qtbot, window, panel)
    assert panel.headline.text() == headline
    for row, figure in enumerate(window.controller.frame.session.published):
        cells = [str(panel.model.index(row, column).data()) for column in range(5)]
        assert cells[PUBLISHED] == figure.value.replace("-", "−")
        assert len(cells[COMPUTED]) == len(cells[PUBLISHED])
        assert (cells[COMPUTED] == cells[PUBLISHED]) == (cells[VERDICT] == "agrees")
        assert cells[VERDICT] == "agrees" or (cells[VERDICT] == "see note" and figure.note)


def test_what_is_computed_in_slices_is_what_is_computed_at_once() -> None:
    """Also where the figures go back and forth between iterations."""
    session = open_session(later_figures())
    assert [row for row in comparing(session) if row] == list(compare(Stepper(session)))


def later_figures() -> dict[str, Any]:
    """Figures of iterations 1, 300 and 2, one of them of a sample, one of nothing in this network."""
    published = [
        {"iteration": 1, "quantity": "w[2,1,1]", "value": "0.4"},
        {"iteration": 300, "quantity": "dL/dw[1,2,3]", "value": "0.000"},
        {"iteration": 2, "quantity": "z[1,1]", "value": "1.5", "sample": 3},
        {"iteration": 1, "quantity": "b[2,2]", "value": "0.11", "note": "Not ours."},
        {"iteration": 1, "quantity": "x[1]", "value": "0.5", "sample": 1},
    ]
    return softmax_session() | {"published": published}


def test_figures_of_later_iterations_come_in_slices_and_the_cursor_stays(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.gradually.MOST", 20)
    window = open_window(later_figures())
    seen: list[int] = []
    window.controller.compared_changed.connect(lambda rows: seen.append(len(rows)))
    panel = shown(window)
    assert len(panel.model.rows) < 5
    assert panel.headline.text() == f"5 figures: {len(panel.model.rows)} compared …"
    wait(qtbot, window, panel)
    assert len(seen) >= 300 // 20
    assert sorted(seen) == seen
    assert window.controller.frame.cursor == (1, 0, 0)
    assert "without one" in panel.headline.text()
    assert [row.operation is None for row in panel.model.rows] == [False, False, False, False, True]


def test_it_computes_only_while_someone_looks(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    asked: list[bool] = []
    panel = window.panels["compare"]
    assert isinstance(panel, Compare)
    panel.compare_requested.connect(asked.append)
    window.controller.seek(2, 5)
    assert asked == []
    shown(window)
    window.controller.seek(1, 7)
    window.controller.seek(4)
    assert asked == [True]
    window.controller.edit("w[2,1,1]", 0.5)
    assert asked == [True, True]
    panel.hide()
    window.controller.undo()
    assert asked == [True, True]
    panel.show()
    assert asked == [True, True, True]


def test_closing_it_on_the_way_stops_the_way(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.gradually.MOST", 20)
    window = open_window(later_figures())
    shown(window)
    assert window.controller._comparing.is_active
    next(dock for dock in window.docks if dock.objectName() == "compare").close()
    assert not window.controller._comparing.is_active


def test_a_double_click_goes_to_the_operation_that_wrote_it(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window)
    wait(qtbot, window, panel)
    row = next(k for k, row in enumerate(panel.model.rows) if str(row.figure.quantity) == "dL/dw[2,1,1]")
    window.controller.seek(3)
    place = panel.table.visualRect(panel.model.index(row, PUBLISHED)).center()
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=place)
    assert window.controller.focus.selected == parse("dL/dw[2,1,1]")
    qtbot.mouseDClick(panel.table.viewport(), LEFT, pos=place)
    operation = window.controller.frame.operation
    assert operation is not None
    assert (operation.iteration, operation.quantity) == (1, parse("dL/dw[2,1,1]"))


def test_a_figure_of_a_sample_leads_to_that_samples_operation(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(later_figures())
    panel = shown(window)
    wait(qtbot, window, panel)
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.model.index(2, SYMBOL))
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    operation = window.controller.frame.operation
    assert operation is not None
    assert (operation.iteration, operation.sample, str(operation.quantity)) == (2, 3, "z[1,1]")


def test_the_note_of_the_current_figure_stands_below(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window)
    wait(qtbot, window, panel)
    assert panel.note.text() == text.NO_FIGURE_CHOSEN
    for row, figure in enumerate(window.controller.frame.session.published):
        panel.table.setCurrentIndex(panel.model.index(row, SYMBOL))
        assert panel.note.text() == (figure.note or text.AS_PUBLISHED)
        assert panel.model.index(row, VERDICT).data(Qt.ItemDataRole.ToolTipRole) == panel.note.text()


def test_a_quantity_selected_elsewhere_is_the_current_one(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window("seed-003")
    panel = shown(window)
    wait(qtbot, window, panel)
    window.controller.select(parse("b[1]"))
    assert panel.row_at(panel.table.currentIndex()).figure.quantity == parse("b[1]")


def test_without_figures_it_says_what_will_be_here_and_how(open_window: OpenWindow) -> None:
    panel = shown(open_window(softmax_session()))
    assert panel.empty.isVisible()
    assert panel.empty.text() == f"{text.NO_FIGURES}\n{text.NO_FIGURES_HOW}"


def test_a_difference_without_a_note_is_said() -> None:
    session = open_session(later_figures())
    rows = [row for row in comparing(session) if row]
    assert {text.note(row) for row in rows if not row.agrees} <= {text.NOT_EXPLAINED, "Not ours."}
    nothing = Comparison(session.published[0], "", None)
    assert text.note(nothing) == text.NO_SUCH_FIGURE
    assert text.agreement(nothing) == "differs"


def test_differing_digits_are_marked_in_both_themes(
    open_window: OpenWindow, application: QApplication, qtbot: QtBot
) -> None:
    """Document 003 prints 0.0555 once, where 0.0554 is computed: its last digit has a line below, the others none."""
    window = open_window("seed-003", 1280, 800)
    panel = shown(window)
    wait(qtbot, window, panel)
    row = next(k for k, row in enumerate(panel.model.rows) if row.figure.value == "0.0555")
    panel.table.scrollTo(panel.model.index(row, COMPUTED))
    for _ in range(2):
        place = panel.table.visualRect(panel.model.index(row, COMPUTED))
        drawn = drawn_by(panel.table.viewport(), place)
        figure = [item for item in drawn if place.contains(int(item.x) + 1, int(item.y))]
        assert "".join(item.text for item in figure[-6:]) == "0.0554"
        image = panel.table.viewport().grab().toImage()
        below = [image.pixelColor(int(item.x + item.width / 2), place.top() + 22) for item in figure[-6:]]
        assert below[-1] not in below[:-1]
        assert len({color.name() for color in below[:-1]}) == 1
        application.setPalette(palette_of(DARK))
