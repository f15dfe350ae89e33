"""The filter of the listing: what it understands, which rows it leaves, and how it is reached and left."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.frame import Frame
from engine.operations import Operation
from gui import formula
from gui.main_window import MainWindow
from gui.operations.filtering import Filter, entries, matching, parse
from gui.operations.model import OperationsModel
from gui.operations.painting import ROW
from gui.operations.rows import Part, Rows
from gui.panels.operations import Operations
from tests.gui.conftest import OpenWindow, Source, frame_at, penalized_session, softmax_session
from tests.gui.recording import drawn_by

Key = Qt.Key
SOURCES = ["seed-003", softmax_session(), penalized_session()]


def described(frame: Frame) -> list[Operation]:
    return [frame.narrator.describe(k) for k in range(frame.program.count)]


def found(frame: Frame, typed: str) -> list[int]:
    """The operations, from 1, that a filter lets through."""
    kept = matching(frame.program, frame.trace.rows, list(entries(frame)), parse(typed))
    return [int(k) + 1 for k in kept]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("w5", [11, 30]),  # dL/dw5 and the update: the listing of document 003
        ("dL/dw5", [11]),
        ("∂L/∂w", [11, 12, 20, 21, 22, 23]),
        ("W[1,2,1]", [22, 27]),
        ("forward layer 2", [5, 6]),
        ("layer 1 neuron 2 backward", [17, 18, 19, 22, 23]),
        ("loss", [7]),
        ("loss update", [7, *range(25, 33)]),
        ("sample 1 update", []),
        ("sample 2", []),
        ("gradient weight", [11, 12, 20, 21, 22, 23]),
        ("w50", []),
        ("layer", []),  # without its number it is text to look for
    ],
)
def test_what_a_filter_finds_in_document_003(typed: str, numbers: Sequence[int]) -> None:
    assert found(frame_at("seed-003", 0), typed) == numbers


@pytest.mark.parametrize("source", SOURCES, ids=["003", "soft", "penalty"])
def test_a_filter_finds_what_a_look_at_every_operation_finds(source: Source) -> None:
    for iteration in (1, 2):
        frame = frame_at(source, 0, iteration)
        operations = described(frame)
        for phase in ("forward", "loss", "backward", "update"):
            assert found(frame, phase) == [o.number for o in operations if o.phase == phase]
        for number in (1, 2, 3):
            assert found(frame, f"layer {number}") == [o.number for o in operations if o.layer == number]
            assert found(frame, f"sample {number}") == [o.number for o in operations if o.sample == number]
            both = [o.number for o in operations if o.sample == number and o.layer == 1 and o.phase == "backward"]
            assert found(frame, f"backward sample {number} layer 1") == both


@pytest.mark.parametrize("source", SOURCES, ids=["003", "soft", "penalty"])
@pytest.mark.parametrize("typed", ["", "backward", "sample 2", "w", "nothing"])
def test_rows_are_the_operations_kept_below_headings_that_hold_them(source: Source, typed: str) -> None:
    frame = frame_at(source, 0)
    kept = [number - 1 for number in found(frame, typed)] if typed else list(range(frame.program.count))
    rows = Rows(frame.program, matching(frame.program, frame.trace.rows, list(entries(frame)), parse(typed)))
    assert [k for row in range(rows.count) if (k := rows.operation_at(row)) is not None] == kept
    assert [rows.operation_at(rows.row_of(k)) for k in kept] == kept
    assert [k for k in range(frame.program.count) if rows.shows(k)] == kept
    operations, phase, sample = described(frame), "", 0
    for row in range(rows.count):
        k = rows.operation_at(row)
        if k is None:
            heading = rows.heading_at(row)
            phase, sample = heading.phase, heading.s if heading.part is Part.SAMPLE else 0
            assert any(heading.start <= k < heading.stop for k in kept)
        else:
            of = operations[k].sample
            assert operations[k].phase == phase
            assert of is None or of == frame.trace.rows[sample] + 1
    assert rows.headings(0, rows.count) == [row for row in range(rows.count) if rows.operation_at(row) is None]


def test_an_operation_that_is_hidden_stands_before_the_next_one_kept() -> None:
    frame = frame_at("seed-003", 0)
    rows = Rows(frame.program, matching(frame.program, [0], list(entries(frame)), parse("w5")))
    assert [rows.operation_at(row) for row in range(rows.count)] == [None, 10, None, 29]
    assert [rows.row_of(k) for k in (0, 10, 11, 29, 30)] == [1, 1, 3, 3, 4]


# In the window


def listing_of(window: MainWindow) -> Operations:
    listing = window.panels["operations"]
    assert isinstance(listing, Operations)
    return listing


def shown(window: MainWindow) -> list[int]:
    """The operations, from 1, that have rows."""
    model = listing_of(window).model()
    assert isinstance(model, OperationsModel)
    kept = [model.operation_at(row) for row in range(model.rowCount())]
    return [k + 1 for k in kept if k is not None]


def words_in(window: MainWindow) -> str:
    viewport = listing_of(window).viewport()
    return " ".join(item.text for item in drawn_by(viewport, viewport.rect()))


def test_ctrl_f_filters_and_escape_shows_all_and_gives_the_focus_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    field = listing_of(window).filter
    qtbot.keyClick(window.canvas, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert field.hasFocus()
    qtbot.keyClicks(field, "w5")
    assert shown(window) == [11, 30]
    qtbot.keyClick(field, Key.Key_Escape)
    assert field.text() == ""
    assert shown(window) == list(range(1, 33))
    assert window.canvas.hasFocus()


def test_from_the_field_into_the_list_and_to_the_operation(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    listing = listing_of(window)
    listing.filter.setFocus()
    qtbot.keyClicks(listing.filter, "w5")
    qtbot.keyClick(listing.filter, Key.Key_Down)
    assert listing.hasFocus()
    for keys, operation in (((Key.Key_Return,), 11), ((Key.Key_Down, Key.Key_Return), 30)):
        for key in keys:
            qtbot.keyClick(listing, key)
        assert window.controller.frame.cursor.operation == operation


def test_where_nothing_matches_the_list_says_so_and_what_helps(open_window: OpenWindow) -> None:
    window = open_window()
    listing_of(window).filter.setText("w77")
    assert shown(window) == []
    assert "No operation matches “w77”." in words_in(window)
    assert "Escape shows all operations" in words_in(window)
    listing_of(window).filter.clear()
    assert "No operation" not in words_in(window)


def test_the_filter_stays_over_moves_other_batches_and_other_symbols(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(softmax_session())
    listing_of(window).filter.setText("dL/dz sample 3 layer 1")
    controller, batches = window.controller, set()
    for iteration in (1, 2, 3):
        controller.seek(iteration, 5)
        own = [o for o in described(controller.frame) if (o.sample, o.layer) == (3, 1)]
        wanted = [o.number for o in own if o.quantity.kind == "dL/dz"]
        assert shown(window) == wanted
        batches.add(bool(wanted))
    assert batches == {True, False}
    controller.show_in("indexed")
    assert shown(window) == wanted


def test_a_filter_of_a_large_network_is_answered_in_slices(open_window: OpenWindow, qtbot: QtBot) -> None:
    """The names are read on some hundred at a time; what was found of the first is shown at once, the rest follows."""
    window = open_window(softmax_session())
    listing = listing_of(window)
    count = sum(1 for _ in entries(window.controller.frame))
    listing._entries, listing._read_for = [], None
    listing.filter.setText("a")
    qtbot.waitUntil(lambda: not listing._reading.is_active)
    assert len(listing._entries) == count
    assert shown(window) == found(window.controller.frame, "a")


def test_the_formulas_of_the_next_page_are_laid_out_before_they_are_in_sight(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out = set[int]()
    right = OperationsModel.box_of

    def noted(self: OperationsModel, k: int) -> formula.Box:
        laid_out.add(k)
        return right(self, k)

    monkeypatch.setattr(OperationsModel, "box_of", noted)
    window = open_window(width=1280, height=700)
    in_sight = listing_of(window).viewport().height() // ROW
    assert max(laid_out) < in_sight < 30
    qtbot.waitUntil(lambda: set(range(32)) <= laid_out)


def test_a_text_without_words_filters_nothing(application: QApplication) -> None:
    assert parse("   ") == Filter()
