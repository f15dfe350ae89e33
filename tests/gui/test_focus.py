"""One selection for all panels: a click on the canvas marks the quantity everywhere, a double click goes there."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from engine.quantities import Quantity, parse
from gui.canvas.geometry import Geometry
from gui.main_window import MainWindow
from gui.panels.operations import Operations
from gui.panels.parameters import ParametersTable
from tests.gui.conftest import OpenWindow

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
    assert operations._model.operation_at(operations.currentIndex().row()) == 29  # the update of w5 is operation 30
    QTest.mouseClick(window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    assert not parameters.table.selectedIndexes()
    assert not operations.selectedIndexes()


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
