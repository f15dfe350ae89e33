"""One selection for all panels: a click on the canvas marks the quantity everywhere, a double click goes there."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine import Stepper, open_session
from engine.edits import fitted
from engine.quantities import Quantity, parse
from engine.ways import ways
from gui.brush import Brush
from gui.canvas.geometry import Geometry
from gui.canvas.marks import marks_of
from gui.equation.cells import FOLDED
from gui.equation.matrix import Grid, matrix_form
from gui.focus import Focus
from gui.main_window import MainWindow
from gui.panels.data import DataTable
from gui.panels.operations import Operations
from gui.panels.parameters import ParametersTable
from gui.parameters_model import FROZEN, GRADIENT, VALUE
from gui.widgets import DockTitle
from tests.benchmarks.measuring import sigmoid_network
from tests.gui.conftest import OpenWindow, frame_at, softmax_session

LEFT = Qt.MouseButton.LeftButton


def point_of(window: MainWindow, quantity: Quantity) -> QPoint:
    """A point of the canvas where a quantity is drawn."""
    canvas = window.canvas
    geometry = Geometry(window.controller.frame.session.spec.network, canvas.width(), canvas.height())
    layer, neuron, *source = quantity.indices
    if source:
        return geometry.edge(layer, neuron, source[0]).pointAt(0.25).toPoint()
    half = geometry.z_half if quantity.kind == "z" else geometry.a_half
    return half(layer, neuron).center().toPoint()


@pytest.mark.parametrize("name", ["z[1,1]", "a[1,2]", "w[2,1,1]", "w[1,2,1]"])
def test_a_point_of_the_canvas_names_the_quantity_drawn_there(open_window: OpenWindow, name: str) -> None:
    window = open_window()
    assert window.canvas.quantity_at(QPointF(point_of(window, parse(name)))) == parse(name)


def test_a_click_selects_in_listing_and_table(open_window: OpenWindow) -> None:
    window = open_window()
    operations, parameters = window.panels["operations"], window.panels["parameters"]
    assert isinstance(operations, Operations)
    assert isinstance(parameters, ParametersTable)
    QTest.mouseClick(window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, point_of(window, parse("w[2,1,1]")))
    assert parameters.table.currentIndex().row() == parameters.model.row_of(parse("w[2,1,1]"))
    row = operations._model.index(operations._model.row_of(29))  # the update of w5 is operation 30
    assert operations.viewport().rect().contains(operations.visualRect(row))
    assert len(outlines(operations)) == 1
    assert len(outlines(parameters)) == 1
    QTest.mouseClick(window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    assert outlines(operations) == outlines(parameters) == []


def test_a_click_moves_nothing(open_window: OpenWindow) -> None:
    window = open_window()
    before = window.controller.frame.session
    QTest.mouseClick(window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, point_of(window, parse("z[1,1]")))
    assert window.controller.frame.session == before


def test_a_double_click_goes_to_the_operation_that_writes(open_window: OpenWindow) -> None:
    window = open_window()
    QTest.mouseDClick(window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, point_of(window, parse("a[1,2]")))
    operation = window.controller.frame.operation
    assert operation is not None
    assert (operation.number, operation.quantity) == (4, parse("a[1,2]"))


def test_zooming_keeps_the_point_and_fit_shows_all(open_window: OpenWindow) -> None:
    window = open_window()
    at = QPointF(point_of(window, parse("z[1,1]")))
    window.canvas.zoom(3.0, at)
    seen = window.canvas._offset + at
    assert (seen.x(), seen.y()) == pytest.approx((3 * at.x(), 3 * at.y()))
    window.canvas.fit()
    assert window.canvas.quantity_at(at) == parse("z[1,1]")


# Hovering


def move(widget: QWidget, point: QPoint) -> None:
    """The pointer over a point of a widget, with no button pressed."""
    none = Qt.MouseButton.NoButton
    at = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def equation_point(window: MainWindow, place: int) -> QPoint:
    """The middle of a chip of the equation, counted from 0."""
    block = window.equation._layout().block
    return block.chip(block.placed[place]).center().toPoint()


def test_the_pointer_over_a_chip_lights_what_it_reads(open_window: OpenWindow) -> None:
    """dL/dw1: the third factor is w5, the fifth x1."""
    window = open_window()
    window.controller.seek(1, 20)
    for place, name in ((2, "w[2,1,1]"), (4, "x[1]"), (0, "dL/da[2,1]")):
        move(window.equation, equation_point(window, place))
        assert window.controller.focus.hovered == (parse(name),)
    move(window.equation, QPoint(window.equation.width() - 5, window.equation.height() - 5))
    assert window.controller.focus.hovered == ()


def test_a_term_lights_its_weight_and_what_it_carries(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 1)
    move(window.equation, equation_point(window, 1))
    assert set(window.controller.focus.hovered) == {parse("w[1,1,2]"), parse("x[2]")}


@pytest.mark.parametrize(("name", "places"), [("w[2,1,1]", [2]), ("x[1]", [4]), ("x[2]", [])])
def test_the_pointer_on_the_canvas_outlines_the_chips_that_read_it(
    open_window: OpenWindow, name: str, places: list[int]
) -> None:
    window = open_window()
    window.controller.seek(1, 20)
    without = outlines(window.equation)
    window.controller.hover((parse(name),))
    block = window.equation._layout().block
    chips = [block.chip(block.placed[place]).adjusted(-3, -3, 3, 3) for place in places]
    assert [outline for outline in outlines(window.equation) if outline not in without] == chips


def test_the_table_outlines_what_was_written_and_no_dash(open_window: OpenWindow) -> None:
    """Of several samples the column of gradients shows their mean: a single sample's is not written there."""
    window = open_window(softmax_session())
    program, narrator = window.controller.frame.program, window.controller.frame.narrator
    kinds = {narrator.describe(k).kind: k for k in range(program.count)}
    for kind, expected in (("weight_gradient", 0), ("mean_gradient", 1), ("parameter_update", 1)):
        window.controller.seek(1, kinds[kind] + 1)
        assert len(outlines(window.panels["parameters"])) == expected, kind


def outlines(widget: QWidget) -> list[QRectF]:
    """The rectangles that a widget outlines in the accent."""
    drawn: list[QRectF] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Brush, "outline", lambda self, rect, *_, **__: drawn.append(QRectF(rect)))
        widget.grab()
    return drawn


def test_the_pointer_on_canvas_listing_and_table_is_one_thing(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 32)
    operations, parameters = window.panels["operations"], window.panels["parameters"]
    assert isinstance(operations, Operations)
    assert isinstance(parameters, ParametersTable)
    move(window.canvas, point_of(window, parse("z[1,1]")))
    assert window.controller.focus.hovered == (parse("z[1,1]"),)
    operations._hover(operations._model.index(operations._model.row_of(11)))
    # dL/dw6 is delta of the output times the activation of the second hidden neuron.
    assert set(window.controller.focus.hovered) == {parse("dL/dw[2,1,2]"), parse("dL/dz[2,1]"), parse("a[1,2]")}
    assert len(outlines(window.canvas)) == len(outlines_without_focus(window)) + 2  # the weight is a line
    parameters._hover(parameters.model.index(parameters.model.row_of(parse("b[2]")), VALUE))
    assert window.controller.focus.hovered == (parse("b[2]"),)
    assert len(outlines(window.canvas)) == len(outlines_without_focus(window)) + 1


def outlines_without_focus(window: MainWindow) -> list[QRectF]:
    hovered = window.controller.focus.hovered
    window.controller.hover(())
    without = outlines(window.canvas)
    window.controller.hover(hovered)
    return without


def test_a_click_in_the_table_selects_everywhere(open_window: OpenWindow) -> None:
    window = open_window()
    window.controller.seek(1, 32)
    parameters, operations = window.panels["parameters"], window.panels["operations"]
    assert isinstance(parameters, ParametersTable)
    assert isinstance(operations, Operations)
    for column, name in ((VALUE, "w[1,2,1]"), (GRADIENT, "dL/dw[1,2,1]")):
        parameters.table.clicked.emit(parameters.model.index(parameters.model.row_of(parse("w[1,2,1]")), column))
        assert window.controller.focus.selected == parse(name)
        k = window.controller.frame.program.writer(parse(name), 0)
        assert k is not None
        row = operations._model.index(operations._model.row_of(k))
        assert operations.viewport().rect().contains(operations.visualRect(row))
        assert len(outlines(operations)) == 1


def test_a_tick_that_freezes_selects_nothing(open_window: OpenWindow) -> None:
    """The tick begins a new run, and the rows are built anew before the click arrives."""
    window = open_window()
    parameters = window.panels["parameters"]
    assert isinstance(parameters, ParametersTable)
    index = parameters.model.index(parameters.model.row_of(parse("w[2,1,1]")), FROZEN)
    at = parameters.table.visualRect(index).center()
    QTest.mouseClick(parameters.table.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, QPoint(at.x() - 3, at.y()))
    assert window.controller.frame.session.spec.frozen == ("w[2,1,1]",)
    assert window.controller.focus.selected is None
    parameters.table.clicked.emit(parameters.model.index(-1, -1))
    assert window.controller.focus.selected is None


# The sample chosen


def test_a_row_of_the_data_shows_its_sample_until_the_next_move(open_window: OpenWindow) -> None:
    """The second sample's loss is written by operation 30; before it is a dash, the first one's stands."""
    window = open_window(softmax_session())
    window.show_panel("data")
    data = window.panels["data"]
    assert isinstance(data, DataTable)
    window.controller.seek(1, 29)
    assert window.controller.frame.sample == 1
    plain = Stepper(window.controller.frame.session)
    data.table.setCurrentIndex(data.model.index(1, 0))
    frame = window.controller.frame
    assert frame.sample == 2
    for name in ("x[1]", "z[1,1]", "a[2,3]", "loss"):
        assert frame.value(parse(name)) == plain.value(name, sample=2)
    assert frame.value(parse("loss")) is None
    assert not marks_of(frame).read, "what operation 29 reads are values of the other sample"
    assert data.model.data(data.model.index(1, 0), Qt.ItemDataRole.BackgroundRole) is not None
    assert data.model.data(data.model.index(0, 0), Qt.ItemDataRole.BackgroundRole) is None
    window.controller.next()
    assert window.controller.frame.sample == 2
    window.controller.previous()
    assert window.controller.frame.sample == 1


def test_a_sample_outside_the_batch_has_no_computed_values(open_window: OpenWindow) -> None:
    window = open_window(softmax_session())
    window.controller.seek(1, 200)
    window.controller.choose_sample(3)
    frame = window.controller.frame
    assert [frame.value(parse(name)) for name in ("x[1]", "x[2]", "x[3]")] == [-0.3, 0.8, 1.1]
    assert [frame.value(parse(name)) for name in ("z[1,1]", "a[2,1]", "loss", "dL/dw[1,1,1]")] == [None] * 4


def test_the_matrix_form_shows_the_operations_sample(open_window: OpenWindow) -> None:
    window = open_window(softmax_session())
    window.controller.seek(1, 1)
    before = matrix_form(window.controller.frame)
    window.controller.choose_sample(2)
    assert matrix_form(window.controller.frame) == before


@pytest.mark.parametrize(
    ("operation", "colors"),
    [
        (1, [None, 0, 1, 0, 1, 2]),  # z_h1: a colour a term, and the bias the last
        (9, []),  # da/dz has no matrix form
        (10, [None, 0, 1]),  # delta_out = dL/dy * dy/dz
        (11, [None, FOLDED, 2]),  # dL/dw5: delta_out has become of two factors
        (20, [None, FOLDED, 4]),  # dL/dw1: x1 is the fifth factor
    ],
)
def test_the_matrix_form_has_the_colours_of_the_canvas(
    open_window: OpenWindow, operation: int, colors: list[int | None]
) -> None:
    window = open_window()
    window.controller.seek(1, operation)
    grids = [part for part in matrix_form(window.controller.frame) if isinstance(part, Grid)]
    assert [color for grid in grids for color in grid.lit.values()] == colors
    lit = {lit.color for lit in marks_of(window.controller.frame).read}
    assert {color for color in colors if color not in (None, FOLDED)} <= lit


def test_a_sample_that_is_taken_away_is_chosen_no_more(open_window: OpenWindow) -> None:
    window = open_window(softmax_session())
    window.controller.choose_sample(3)
    window.controller.remove_row(3)
    assert window.controller.focus.sample is None
    assert window.controller.frame.sample == 1


def test_a_double_click_on_an_input_goes_to_its_cell(open_window: OpenWindow) -> None:
    window = open_window()
    data = window.panels["data"]
    assert isinstance(data, DataTable)
    geometry = Geometry(window.controller.frame.session.spec.network, window.canvas.width(), window.canvas.height())
    QTest.mouseDClick(
        window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, geometry.node(0, 2).center().toPoint()
    )
    assert data.isVisible()
    assert (data.table.currentIndex().row(), data.table.currentIndex().column()) == (0, 1)
    assert data.table.hasFocus()


def test_a_panel_is_closed_by_its_heading_and_comes_back_by_the_menu(open_window: OpenWindow) -> None:
    window = open_window()
    dock = next(dock for dock in window.docks if dock.widget() is window.panels["loss"])
    title = dock.titleBarWidget()
    assert isinstance(title, DockTitle)
    title._close.click()
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    assert dock.isVisible()


@pytest.mark.parametrize(
    ("name", "is_kept"), [("b[2,3]", False), ("w[2,1,4]", False), ("dL/dz[2,1]", False), ("w[1,3,1]", True)]
)
def test_what_a_smaller_network_lacks_is_no_longer_selected(open_window: OpenWindow, name: str, is_kept: bool) -> None:
    """The canvas, whose frame is the new one, cannot outline it."""
    window = open_window(softmax_session())
    controller = window.controller
    controller.select(parse(name))
    controller.hover((parse(name),))
    spec = controller.frame.session.spec
    network = replace(spec.network, layers=spec.network.layers[-1:])
    controller.change(replace(spec, network=network, initial=fitted(spec.initial, network, spec.seed)))
    assert controller.frame.session.spec.network == network
    kept = parse(name) if is_kept else None
    assert (controller.focus.selected, controller.focus.hovered) == (kept, (kept,) if kept else ())
    controller.select(parse(name))  # as a list of other runs may ask
    assert controller.focus.selected == kept
    window.canvas.grab()


@pytest.mark.parametrize(
    ("sizes", "is_kept"),
    [((2, 2, 1), True), ((2, 3, 1), True),
     ((2, 1, 1), False), ((2, 1), False), ((2, 2, 2, 1), False), ((1, 2, 1), False)],
)
def test_a_way_that_another_network_does_not_have_is_let_go(sizes: tuple[int, ...], is_kept: bool) -> None:
    """The way to w4 of document 003 goes through the second hidden neuron to the second input."""
    frame = frame_at("seed-003", 24)
    (way,) = ways(frame.narrator, parse("dL/dw[1,2,2]"), 0).largest_first()
    spec = open_session(sigmoid_network(sizes, 1)).spec
    assert (Focus(way=way).within(spec).way is not None) == is_kept
