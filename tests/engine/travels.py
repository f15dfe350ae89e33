"""A user who travels through a session at random; after every move all that stands there is compared."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from random import Random
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine import Unit, open_session
from engine.cursor import Cursor
from engine.edits import DataEdit, Edit, Entry, LearningRateEdit, ParameterEdit
from engine.quantities import Quantity, parse
from tests.engine import reference
from tests.engine.elsewhere import run_elsewhere
from tests.engine.networks import SessionMapping, activation_name, random_session
from tests.engine.plain_loop import Plain, assert_as_fresh, assert_stands, bits, tight_stepper
from tests.engine.textbook_order import operations

FURTHEST = 24  # moves that would lead further are left out
SHUFFLED: dict[str, Any] = {"batch": "smaller_last", "shuffle": True, "held_back": 2}
SLOPES: dict[str, Any] = {"hidden": "prelu", "layers": 2, "loss": "huber"}
NETS: dict[str, Callable[[], SessionMapping]] = {
    "gradient descent, all samples": lambda: small(3, optimizer="gradient_descent", batch="all"),
    "adam, one sample": lambda: small(4, optimizer="adam", batch="one", layers=2),
    "adam, smaller last batch": lambda: small(5, optimizer="adam", batch="smaller_last", hidden="tanh", bias="shared"),
    "adam, softmax": lambda: small(6, optimizer="adam", batch="smaller_last", loss="cross_entropy", layers=2),
    "momentum, shuffled, l1": lambda: small(7, optimizer="momentum", penalty="l1", **SHUFFLED, layers=2),
    "nesterov, slopes, l2": lambda: small(8, optimizer="nesterov", penalty="l2", batch="one", **SLOPES),
    "adagrad, shuffled, slopes": lambda: small(9, optimizer="adagrad", penalty="none", **SHUFFLED, **SLOPES),
    "rmsprop, all samples": lambda: small(10, optimizer="rmsprop", batch="all", penalty="both", held_back=2, layers=2),
    "adamw, shuffled, slopes, both": lambda: small(11, optimizer="adamw", penalty="both", **SHUFFLED, **SLOPES),
}
BUDGETS = {name: (8, 2, 4)[place % 3] for place, name in enumerate(NETS)}
"""How many states the checkpoints may hold."""


def small(number: int, **fixed: Any) -> SessionMapping:
    """A random session with at most 90 operations, and several neurons in a layer an iteration."""
    rng = Random(number)
    while len(operations(session := random_session(rng, **fixed), 1)) > 90 or widest(session) == 1:
        pass
    return session


def widest(session: SessionMapping) -> int:
    """The neurons of the largest layer."""
    return max(layer["neurons"] for layer in session["network"]["layers"])


# Other settings.


def folded(session: SessionMapping, edits: Iterable[Edit]) -> SessionMapping:
    """The session with the edits of iteration 1 written into it."""
    session = deepcopy(session)
    initial, data = session["initial"], session["data"]
    first = [edit for edit in edits if edit.iteration == 1]
    if initial["kind"] == "scheme" and any(isinstance(edit, ParameterEdit) for edit in first):
        drawn = reference.initial_parameters(session)
        weights, biases = ([array.tolist() for array in arrays] for arrays in (drawn.weights, drawn.biases))
        initial = session["initial"] = {"kind": "values", "weights": weights, "biases": biases}
    for edit in first:
        match edit:
            case ParameterEdit(_, Quantity("w", (l, j, i)), value):
                initial["weights"][l - 1][j - 1][i - 1] = value
            case ParameterEdit(_, Quantity("b", (l, *j)), value):
                initial["biases"][l - 1][j[0] - 1 if j else 0] = value
            case ParameterEdit(_, Quantity("slope", (l,)), value):
                initial.setdefault("slopes", [None] * len(session["network"]["layers"]))[l - 1] = value
            case DataEdit(_, sample, Quantity(kind, (i,)), value):
                data["inputs" if kind == "x" else "targets"][sample - 1][i - 1] = value
            case LearningRateEdit(_, value):
                session["optimizer"]["learning_rate"] = value
    return session


def other_optimizer(session: SessionMapping, rng: Random) -> None:
    rate = session["optimizer"]["learning_rate"]
    session["optimizer"] = {"name": rng.choice(list(reference.OPTIMIZERS)), "learning_rate": rate}


def _other_activation(session: SessionMapping, rng: Random) -> None:
    """Of a hidden layer without a trained slope, if there is one."""
    hidden = [layer for layer in session["network"]["layers"][:-1] if activation_name(layer) != "prelu"]
    if hidden:
        rng.choice(hidden)["activation"] = rng.choice(("tanh", "sigmoid", "relu", "softplus", "swish", "softmax"))


def _other_batch(session: SessionMapping, rng: Random) -> None:
    session["batch"]["size"] = rng.randint(1, min(3, reference.samples(session)))


def _other_shuffle(session: SessionMapping, rng: Random) -> None:
    session["batch"]["shuffle"] = not session["batch"]["shuffle"]


def _other_seed(session: SessionMapping, rng: Random) -> None:
    session["seed"] = rng.randrange(100)


def _other_frozen(session: SessionMapping, rng: Random) -> None:
    names = reference.names(session)
    session["frozen"] = rng.sample(names, rng.randrange(len(names)))


def _other_penalty(session: SessionMapping, rng: Random) -> None:
    session["penalty"] = {rate: rng.choice((0.0, 0.01, 0.1)) for rate in ("l1", "l2")}


SETTINGS = (
    other_optimizer, _other_activation, _other_batch, _other_shuffle, _other_seed, _other_frozen, _other_penalty,
)  # fmt: skip


# The travels.


class Place(NamedTuple):
    """Where undo and redo lead: settings, edits and cursor."""

    plain: Plain
    edits: list[Edit]
    cursor: Cursor


class Travels(RuleBasedStateMachine):
    """A user who moves, edits, changes the settings, undoes and redoes; the model beside it keeps settings, edits,
    stacks and cursor in plain lists."""

    session: SessionMapping
    states: int

    def __init__(self) -> None:
        super().__init__()
        self.stepper = tight_stepper(self.session, self.states)
        self.plain, self.edits = Plain(self.session), list[Edit]()
        self.undone, self.done = list[tuple[Place, Place]](), list[tuple[Place, Place]]()
        self.furthest = 0

    @property
    def cursor(self) -> Cursor:
        return self.stepper.cursor

    def passed(self) -> int:
        """Iterations whose batch loss is computed at or before the cursor."""
        t, k, _ = self.cursor
        last_loss = max(number for number, row in enumerate(self.plain.operations(t), 1) if row.phase == "loss")
        return t if k >= last_loss else t - 1

    def moved(self) -> None:
        self.furthest = max(self.furthest, self.passed())

    @precondition(lambda self: self.cursor.iteration < FURTHEST)
    @rule(unit=st.sampled_from(Unit), times=st.integers(1, 4))
    def go_on(self, unit: Unit, times: int) -> None:
        for _ in range(times):
            self.stepper.next(unit)
        self.moved()

    @rule(unit=st.sampled_from(Unit), times=st.integers(1, 4))
    def go_back(self, unit: Unit, times: int) -> None:
        for _ in range(times):
            self.stepper.previous(unit)

    @rule(t=st.integers(1, FURTHEST), share=st.floats(0, 1), of_parts=st.floats(0, 1, exclude_max=True))
    def seek(self, t: int, share: float, of_parts: float) -> None:
        rows = self.plain.operations(t)
        k = round(share * len(rows))
        factor = int(of_parts * rows[k].parts) if k < len(rows) else 0
        self.stepper.seek(t, k, factor)
        assert self.cursor == (t, k, factor)
        self.moved()

    @precondition(lambda self: self.cursor.iteration < FURTHEST)
    @rule(iterations=st.integers(1, 9))
    def run(self, iterations: int) -> None:
        self.stepper.run(iterations)
        self.moved()

    @precondition(lambda self: self.cursor.iteration < FURTHEST)
    @rule(iterations=st.integers(1, 9), drawn=st.integers(0, 10_000))
    def run_elsewhere(self, iterations: int, drawn: int) -> None:
        """Behind an iteration that is finished here, as another process computes it, up to what is not finite."""
        self.stepper.run(1)
        if self.stepper.stopped_by is None:
            last = self.cursor.iteration + iterations
            run_elsewhere(self.stepper, last, Random(drawn))
            end = Cursor(last, len(self.plain.operations(last)))
            assert self.cursor == (self.stepper.frame.not_finite if self.stepper.stopped_by else end)
        self.moved()

    @precondition(lambda self: self.cursor.iteration < FURTHEST - 12)
    @rule(taken=st.integers(0, 5))
    def begin_a_long_seek_and_stop(self, taken: int) -> None:
        """What the window does when the user cancels: the cursor stays, unless all was done in fewer slices."""
        before, goal = self.cursor, Cursor(self.cursor.iteration + 12)
        moves = self.stepper.seeking(goal)
        finished = taken > 0 and any(next(moves, None) is None for _ in range(taken))
        del moves
        assert self.cursor == (goal if finished else before)
        self.moved()

    @rule(share=st.floats(0, 1, exclude_max=True), value=st.floats(-1, 1), of_next=st.booleans())
    def edit_a_parameter(self, share: float, value: float, of_next: bool) -> None:
        self._edit([self._parameter(share, value)], of_next)

    @rule(kind=st.sampled_from("xy"), share=st.floats(0, 1, exclude_max=True), value=st.sampled_from([0.0, 0.5, 1.0]))
    def edit_data(self, kind: str, share: float, value: float) -> None:
        self._edit([self._datum(kind, share, value)])

    @rule(value=st.floats(0.001, 0.5))
    def edit_the_learning_rate(self, value: float) -> None:
        self._edit([Entry("learning_rate", value)])

    @rule(shares=st.tuples(*[st.floats(0, 1, exclude_max=True)] * 3), rate=st.floats(0.001, 0.5), of_next=st.booleans())
    def edit_several_as_one(self, shares: tuple[float, float, float], rate: float, of_next: bool) -> None:
        first, second, third = shares
        entries = [self._parameter(first, -0.0), self._parameter(second, third), self._datum("x", third, 0.25)]
        self._edit([*entries, Entry("learning_rate", rate)], of_next)

    def _parameter(self, share: float, value: float) -> Entry:
        names = reference.names(self.plain.session)
        return Entry(parse(names[int(share * len(names))]), value)

    def _datum(self, kind: str, share: float, value: float) -> Entry:
        return Entry(parse(f"{kind}[1]"), value, 1 + int(share * len(self.plain.spec.data.inputs)))

    def _edit(self, entries: list[Entry], of_next: bool = False) -> None:
        before = self._place()
        at = Cursor(self.cursor.iteration + 1) if of_next else self.cursor
        for _ in self.stepper.editing(entries, of_next):
            pass
        for entry in entries:
            edit = as_edit(entry, at.iteration)
            self.edits = [*(other for other in self.edits if target(other) != target(edit)), edit]
        self._did(before, Place(self.plain, self.edits, at))

    @rule(change=st.sampled_from(SETTINGS), drawn=st.integers(0, 10_000))
    def change_the_settings(self, change: Callable[[SessionMapping, Random], None], drawn: int) -> None:
        """A new run with other settings; the edits of iteration 1 go with it."""
        before, wanted, expected = self._place(), deepcopy(self.plain.session), folded(self.plain.session, self.edits)
        for session in (wanted, expected):
            change(session, Random(drawn))
        self.stepper.change(open_session(wanted).spec)
        self._did(before, Place(Plain(expected), [], Cursor()))

    @rule()
    def undo(self) -> None:
        self.stepper.undo()
        if self.done:
            self.undone.append(self.done.pop())
            self._stands_at(self.undone[-1][0])

    @rule()
    def redo(self) -> None:
        self.stepper.redo()
        if self.undone:
            self.done.append(self.undone.pop())
            self._stands_at(self.done[-1][1])

    @precondition(lambda self: bool(self.done))
    @rule(taken=st.integers(1, 4))
    def begin_to_undo_and_stop(self, taken: int) -> None:
        """The change is taken back; the cursor stands where it belongs, or at some start of an iteration before."""
        moves = self.stepper.undoing()
        finished = any(next(moves, None) is None for _ in range(taken))
        del moves
        self.undone.append(self.done.pop())
        plain, edits, goal = self.undone[-1][0]
        assert self.cursor in ([goal] if finished else map(Cursor, range(1, goal.iteration + 1)))
        self._stands_at(Place(plain, edits, self.cursor))

    def _place(self) -> Place:
        return Place(self.plain, self.edits, self.cursor)

    def _did(self, before: Place, after: Place) -> None:
        self.done.append((before, after))
        self.undone.clear()
        self._stands_at(after)

    def _stands_at(self, place: Place) -> None:
        self.plain, self.edits, cursor = place
        assert self.cursor == cursor
        self.furthest = self.passed()

    @invariant()
    def everything_is_as_if_replayed(self) -> None:
        session = self.stepper.session
        assert session.spec == self.plain.spec
        assert sorted(session.edits, key=repr) == sorted(self.edits, key=repr)
        assert (self.stepper.to_undo is not None) == bool(self.done)
        assert (self.stepper.to_redo is not None) == bool(self.undone)
        assert_stands(self.stepper, self.plain, self.edits, self.furthest)

    def teardown(self) -> None:
        """At the end name by name, too, with a stepper that knows nothing but the session."""
        assert_as_fresh(self.stepper, self.plain.session)


def as_edit(entry: Entry, iteration: int) -> Edit:
    """The edit that an entry makes."""
    if not isinstance(entry.quantity, Quantity):
        return LearningRateEdit(iteration, entry.value)
    if entry.sample is not None:
        return DataEdit(iteration, entry.sample, entry.quantity, entry.value)
    return ParameterEdit(iteration, entry.quantity, entry.value)


def target(edit: Edit) -> tuple[object, ...]:
    """What an edit sets, and when."""
    return edit.iteration, getattr(edit, "quantity", "learning_rate"), getattr(edit, "sample", None)


def check_travels(name: str, examples: int, steps: int, begun: int | None = None) -> None:
    """Some journeys through one of NETS. begun: the seed of other ones than those of every push."""
    machine = type("TravelsOfANet", (Travels,), {"session": NETS[name](), "states": BUDGETS[name]})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a failure is shown at once: making it smaller takes minutes
    )
    run_state_machine_as_test(machine if begun is None else seed(begun)(machine), settings=chosen)


def check_far_seeks(session: SessionMapping, states: int, iterations: int, is_elsewhere: bool = False) -> None:
    """Some of the iterations in any order; then again with an edit in the middle, unknown to earlier ones.

    is_elsewhere: another process has computed them.
    """
    plain, stepper = Plain(session), tight_stepper(session, states)
    expected = plain.run([], iterations)
    stepper.run(1 if is_elsewhere else iterations)
    if is_elsewhere:
        run_elsewhere(stepper, iterations, Random(states), distances=(1,))
        assert stepper.cursor.iteration == iterations
    assert [loss.hex() for loss in stepper.losses()] == [computed.loss for computed in expected]
    for t in Random(states).sample(range(1, iterations + 1), min(iterations, 60)):
        stepper.seek(t, 3)
        assert bits(stepper.frame.trace) == expected[t - 1].arrays
    middle = iterations // 2
    stepper.seek(middle)
    name = reference.names(session)[0]
    stepper.edit(name, 0.25)
    again = plain.run([ParameterEdit(middle, parse(name), 0.25)], iterations)
    for t in (iterations, middle - 1, middle + 1, middle, 1, iterations - 1):
        stepper.seek(t)
        assert bits(stepper.frame.trace) == again[t - 1].arrays
    assert again[middle - 1].arrays != expected[middle - 1].arrays


def check_other_settings(session: SessionMapping, change: Callable[[SessionMapping, Random], None]) -> None:
    """What is edited in iteration 1 goes into a new run, what is edited later does not."""
    stepper = tight_stepper(session, 2)
    first, later = reference.names(session)[:2]
    stepper.edit(first, 0.25)
    stepper.seek(3)
    stepper.edit(later, -0.5)
    stepper.run(5)
    wanted, expected = deepcopy(session), folded(session, stepper.session.edits)
    for each in (wanted, expected):
        change(each, Random(1))
    stepper.change(open_session(wanted).spec)
    assert stepper.session.edits == ()
    stepper.run(5)
    for t, computed in enumerate(Plain(expected).run([], 5), 1):
        stepper.seek(t)
        assert bits(stepper.frame.trace) == computed.arrays
