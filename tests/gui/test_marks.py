"""What is lit on the canvas is what the operation reads and writes: nothing more, nothing less."""

from random import Random

import pytest

from engine import Stepper, open_session
from engine.frame import Frame
from engine.quantities import Quantity, parse
from gui.canvas.marks import Marks, Place, marks_of, place_of
from tests.engine.networks import random_session
from tests.gui.conftest import frame_at, softmax_session

SEED_003 = range(1, 33)


def seat(quantity: Quantity, last: int) -> Place | None:
    """Where a quantity is to be found: weights and their gradients on the edge, and so on."""
    kind, indices, parameter = quantity
    if parameter is not None:
        return seat(parameter, last)
    one, two, three = (*indices, 0, 0, 0)[:3]
    if kind in ("w", "dL/dw"):
        return "edge", one, two, three
    if kind in ("b", "dL/db"):
        return "bias", one, two or 1, 0
    if kind == "dL/da":
        return ("loss_edge" if one == last else "a"), one, two, 0
    seats: dict[str, Place] = {
        "x": ("node", 0, one, 0), "y": ("target", 0, 0, 0), "z": ("z", one, two, 0), "a": ("a", one, two, 0),
        "da/dz": ("node", one, two, 0), "dL/dz": ("delta", one, two, 0), "loss": ("loss", 0, 0, 0),
        "batch_loss": ("loss", 0, 0, 0), "penalty": ("loss", 0, 0, 0), "slope": ("slope", one, 0, 0),
        "dL/dslope": ("slope", one, 0, 0),
    }  # fmt: skip
    return seats[kind]


def lit_places(marks: Marks) -> list[Place]:
    return [lit.place for lit in marks.read]


def is_one_way(frame: Frame) -> bool:
    """Whether the operation is a gradient with one way from the loss, which is lit as a path."""
    return frame.chain is not None and bool(frame.chain.links) and not frame.chain.branches and not is_first(frame)


def is_first(frame: Frame) -> bool:
    """Whether it is the derivative of the loss itself: the first part of every path, which reads as any function."""
    return frame.operation is not None and frame.operation.kind == "loss_derivative"


def check_reads(frame: Frame) -> None:
    """Every place read is lit, no other is, and none twice in one colour; the written place is that of the result."""
    operation, last = frame.operation, frame.session.spec.network.last
    assert operation is not None
    marks = marks_of(frame)
    assert marks.written == seat(operation.quantity, last)
    assert (marks.quantity, marks.value) == (operation.quantity, operation.value)
    assert marks.backward == (operation.phase == "backward")
    if is_one_way(frame):
        check_path(frame, marks)
        return
    way = {seat(operation.quantity, last)} if is_first(frame) else set()
    assert set(lit_places(marks)) == way | {seat(read.quantity, last) for read in operation.reads(64)}
    if len(operation.terms) == 1:
        assert len(set(lit_places(marks))) == len(marks.read)


def check_path(frame: Frame, marks: Marks) -> None:
    """The links are numbered from the loss, each with its value; a weight's edge shares the last one."""
    chain, last = frame.chain, frame.session.spec.network.last
    assert chain is not None
    numbered = {lit.number: lit for lit in marks.read if lit.number is not None}
    assert list(numbered) == list(range(1, len(chain.links) + 1))
    for number, link in enumerate(chain.links, 1):
        lit = numbered[number]
        assert (lit.color, lit.value) == (number - 1, link.factor.value)
        quantity = link.factor.reads[0].quantity if link.factor.reads else chain.quantity
        expected = seat(quantity, last)
        assert expected is not None
        # On a path a neuron is lit as a whole, not its half for the activation.
        assert lit.place == (("node", *expected[1:]) if quantity.kind == "a" else expected)
    if chain.quantity.kind == "dL/dw":
        edge = seat(chain.quantity, last)
        assert [(lit.place, lit.color) for lit in marks.read if lit.number is None] == [(edge, len(chain.links) - 1)]


@pytest.mark.parametrize("operation", SEED_003)
def test_each_operation_of_seed_003_lights_what_it_reads(operation: int) -> None:
    check_reads(frame_at("seed-003", operation))


def test_each_operation_of_a_softmax_batch_lights_what_it_reads() -> None:
    stepper = Stepper(open_session(softmax_session()))
    for operation in range(1, stepper.frame.program.count + 1):
        stepper.seek(1, operation)
        check_reads(stepper.frame)


@pytest.mark.parametrize("seed", range(20))
def test_each_operation_of_a_random_network_lights_what_it_reads(seed: int) -> None:
    stepper = Stepper(open_session(random_session(Random(seed))))
    for operation in range(1, stepper.frame.program.count + 1, 3):
        stepper.seek(1, operation)
        check_reads(stepper.frame)


def test_the_derivative_of_the_loss_lights_what_it_reads_and_the_way_to_the_prediction() -> None:
    """Document 003: dL/dŷ = ŷ - y; its value stands in the badge of what is written, and on no chip beside it."""
    marks = marks_of(frame_at("seed-003", 8))
    assert {lit.place for lit in marks.read} == {("a", 2, 1, 0), ("target", 0, 0, 0), ("loss_edge", 2, 1, 0)}
    assert {lit.color for lit in marks.read} == {0}
    assert [lit.label for lit in marks.read] == [None] * 3
    assert marks.written == ("loss_edge", 2, 1, 0)
    assert marks.backward


def test_the_path_of_w1_goes_from_the_loss_to_x1() -> None:
    """Document 003: dL/dw1 has five factors."""
    marks = marks_of(frame_at("seed-003", 20))
    assert [(lit.number, lit.place) for lit in marks.read] == [
        (1, ("loss_edge", 2, 1, 0)), (2, ("node", 2, 1, 0)), (3, ("edge", 2, 1, 1)), (4, ("node", 1, 1, 0)),
        (5, ("node", 0, 1, 0)), (None, ("edge", 1, 1, 1)),
    ]  # fmt: skip
    assert marks.written == ("edge", 1, 1, 1)


def test_a_weighted_sum_has_one_colour_for_each_term() -> None:
    marks = marks_of(frame_at("seed-003", 1))
    assert [(lit.color, lit.place) for lit in marks.read] == [
        (0, ("edge", 1, 1, 1)), (0, ("node", 0, 1, 0)), (1, ("edge", 1, 1, 2)), (1, ("node", 0, 2, 0)),
        (2, ("bias", 1, 1, 0)),
    ]  # fmt: skip


def test_nothing_is_lit_before_the_first_operation() -> None:
    assert marks_of(frame_at("seed-003", 0)) == Marks()


@pytest.mark.parametrize(
    ("factor", "place", "product"),
    [
        (1, None, 0.7414), (2, ("delta", 2, 1, 0), 0.1385), (3, ("a", 1, 1, 0), 0.0554),
        (4, ("delta", 1, 1, 0), 0.0134), (0, ("edge", 1, 1, 1), 0.00067),
    ],
)  # fmt: skip
def test_the_product_so_far_stands_where_a_walk_has_come_to(factor: int, place: Place | None, product: float) -> None:
    """dL/dw1 of document 003 with its printed products; the first is the first factor itself."""
    marks = marks_of(walking_w1(factor))
    assert [lit.number for lit in marks.read if lit.number] == list(range(1, (factor or 5) + 1))
    assert marks.written == place
    if place is not None:
        assert marks.value == pytest.approx(product, abs=0.00005)


def walking_w1(factor: int) -> Frame:
    """Within the gradient of w1, operation 20 of document 003, or behind it."""
    stepper = Stepper(open_session("seed-003"))
    stepper.seek(1, 19 if factor else 20, factor)
    return stepper.frame


def test_what_is_still_to_come_on_a_walk_is_marked() -> None:
    way = [("loss_edge", 2, 1, 0), ("node", 2, 1, 0), ("edge", 2, 1, 1), ("node", 1, 1, 0), ("node", 0, 1, 0)]
    for factor in range(1, 5):
        assert marks_of(walking_w1(factor)).coming == (*way[factor:], ("edge", 1, 1, 1))
    assert marks_of(walking_w1(0)).coming == ()


def test_terms_still_to_come_are_marked() -> None:
    """z_h1 = w1 x1 + w2 x2 + b1 after its first term."""
    stepper = Stepper(open_session("seed-003"))
    stepper.seek(1, 0, 1)
    marks = marks_of(stepper.frame)
    assert lit_places(marks) == [("edge", 1, 1, 1), ("node", 0, 1, 0)]
    assert marks.coming == (("edge", 1, 1, 2), ("node", 0, 2, 0), ("bias", 1, 1, 0))
    assert marks.written is None


def test_only_the_first_terms_of_a_long_sum_are_lit() -> None:
    frame = frame_at("seed-003", 1)
    assert {lit.color for lit in marks_of(frame, most_terms=2).read} == {0, 1}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("x[2]", ("node", 0, 2, 0)), ("y[1]", ("target", 0, 0, 0)), ("w[2,1,2]", ("edge", 2, 1, 2)),
        ("dL/dw[2,1,2]", ("edge", 2, 1, 2)), ("grad[w[2,1,2]]", ("edge", 2, 1, 2)),
        ("first_moment[b[1]]", ("bias", 1, 1, 0)), ("b[1,2]", ("bias", 1, 2, 0)), ("dL/dz[1,2]", ("delta", 1, 2, 0)),
        ("dL/da[2,1]", ("loss_edge", 2, 1, 0)), ("dL/da[1,1]", ("a", 1, 1, 0)), ("loss", ("loss", 0, 0, 0)),
    ],
)  # fmt: skip
def test_every_kind_of_quantity_has_its_place(name: str, place: Place) -> None:
    assert place_of(parse(name), open_session("seed-003").spec.network) == place
