"""Random sessions that wander off and come back, and that are stepped through beside running."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import Any

from engine import Stepper, Unit, open_session
from engine.cursor import Cursor
from engine.quantities import Quantity
from engine.spec import OptimizerChoice
from engine.trace import Trace
from tests.engine import reference
from tests.engine.checks import hexed, losses_of, test_losses_of
from tests.engine.elsewhere import run_elsewhere
from tests.engine.networks import BATCHES, PENALTIES, SessionMapping, random_session
from tests.engine.plain_loop import bits, named, tight_stepper
from tests.engine.textbook_order import cells


def standing(stepper: Stepper) -> tuple[Any, ...]:
    """What stands at the cursor, and the losses up to its iteration."""
    t, parameters = stepper.cursor.iteration, stepper.parameters()
    return (
        stepper.cursor,
        stepper.session.edits,
        bits(stepper.frame.trace),
        stepper.frame.learning_rate.hex(),
        {name: value.hex() for name, value in parameters.items()},
        losses_of(stepper)[:t],
        test_losses_of(stepper)[:t],
    )


def check_wanderings(seeds: Iterable[int]) -> None:
    """Sessions of these seeds, one after the other."""
    for seed in seeds:
        check_wandering(seed)


def check_wandering(seed: int) -> None:
    """A random session runs for some iterations. Another stepper, with few checkpoints, wanders about and comes back to
    each of them in any order: there stands what stood there when it ran."""
    rng = Random(seed)
    session = random_session(rng)
    straight, seen = Stepper(open_session(session)), {}
    for t in range(1, rng.randint(3, 9)):
        straight.run(1)
        seen[t] = standing(straight)
    stepper = tight_stepper(session, rng.choice((2, 4, 8)))
    for t in rng.sample(sorted(seen), len(seen)):
        rng.choice(WAYS)(stepper, rng, len(seen))
        stepper.seek(*seen[t][0])
        assert standing(stepper)[:5] == seen[t][:5], seed
    stepper.seek(*straight.cursor)
    *stands, losses, test_losses = standing(stepper)
    *stood, known, tests_known = standing(straight)  # where it blew up, the other one may have gone on
    assert (stands, losses[: len(known)], test_losses[: len(tests_known)]) == (stood, known, tests_known), seed


def _step(stepper: Stepper, rng: Random, furthest: int) -> None:
    move = rng.choice((stepper.next, stepper.previous))
    for _ in range(rng.randint(1, 5)):
        move(rng.choice(list(Unit)))


def _seek(stepper: Stepper, rng: Random, furthest: int) -> None:
    t = rng.randint(1, 2 * furthest)
    stepper.seek(t, rng.randint(0, stepper.program(t).count))


def _begin_a_long_way(stepper: Stepper, rng: Random, furthest: int) -> None:
    """And stop on it."""
    moves = stepper.seeking(Cursor(2 * furthest))
    for _ in range(rng.randint(0, 3)):
        next(moves, None)


def _run(stepper: Stepper, rng: Random, furthest: int) -> None:
    stepper.run(rng.randint(1, 4))


def _run_elsewhere(stepper: Stepper, rng: Random, furthest: int) -> None:
    stepper.run(1)
    run_elsewhere(stepper, stepper.cursor.iteration + rng.randint(1, 2 * furthest), rng)


def _edit_and_undo(stepper: Stepper, rng: Random, furthest: int) -> None:
    """An edit or two, a move in the other future, and back."""
    spec = stepper.session.spec
    edits: list[Callable[[], None]] = [
        lambda: stepper.edit("learning_rate", rng.uniform(0.01, 0.5), of_next=rng.random() < 0.5),
        lambda: stepper.edit("x[1]", rng.uniform(-1, 1), sample=rng.randint(1, len(spec.data.inputs))),
        lambda: stepper.edit(rng.choice(list(stepper.parameters())), rng.uniform(-1, 1)),
    ]
    count = rng.randint(1, 2)
    for edit in rng.choices(edits, k=count):
        edit()
        rng.choice((_step, _seek, _run, _run_elsewhere))(stepper, rng, furthest)
    for _ in range(count):
        stepper.undo()


def _begin_anew_and_undo(stepper: Stepper, rng: Random, furthest: int) -> None:
    """Another optimizer, the data in another order, a move, and back."""
    spec = stepper.session.spec
    optimizer = OptimizerChoice(rng.choice(list(reference.OPTIMIZERS)), spec.optimizer.learning_rate)
    stepper.change(replace(spec, optimizer=optimizer, shuffle=not spec.shuffle))
    rng.choice((_step, _seek, _run, _run_elsewhere))(stepper, rng, furthest)
    stepper.undo()


WAYS = (_step, _step, _seek, _begin_a_long_way, _run, _run_elsewhere, _edit_and_undo, _begin_anew_and_undo)


def net(seed: int) -> SessionMapping:
    """Optimizers, batches, penalties and shuffling take turns; every third network has trained slopes."""
    optimizers = list(reference.OPTIMIZERS)
    return random_session(
        Random(seed),
        optimizer=optimizers[seed % len(optimizers)],
        batch=BATCHES[seed % len(BATCHES)],
        penalty=list(PENALTIES)[seed % len(PENALTIES)],
        shuffle=seed % 5 < 3,
        hidden="prelu" if seed // 5 % 3 == 1 else None,
        layers=2 + (seed % 11 == 0),
    )


def check_steppings(seeds: Iterable[int]) -> None:
    """Networks of these seeds, one after the other."""
    for seed in seeds:
        check_stepping(net(seed))


def check_stepping(session: SessionMapping, iterations: int = 2) -> None:
    """Operation by operation: each shows what running has stored; at the end both stand at the same."""
    running, stepping = Stepper(open_session(session)), Stepper(open_session(session))
    for t in range(1, iterations + 1):
        running.run(1)
        trace = running.frame.trace
        expected = {(name, sample): stored(trace, named(name), sample) for name, sample in cells(session, t)}
        found = {}
        stepping.seek(t)
        while stepping.cursor != running.cursor:
            stepping.next(Unit.OPERATION)
            operation = stepping.operation
            assert operation is not None
            found[str(operation.quantity), operation.sample] = operation.value
            assert hexed(stepping.value(operation.quantity, operation.sample)) == hexed(operation.value)
        assert found.keys() == expected.keys()
        for cell, value in expected.items():
            assert value is None or hexed(found[cell]) == hexed(value), cell
        assert standing(stepping) == standing(running)


def stored(trace: Trace, quantity: Quantity, sample: int | None) -> float | None:
    """Where running has put a value; None for the sums over neurons that it never makes for one sample of several."""
    kind, indices, _ = quantity
    if sample is None:
        of_batch = {"batch_loss": trace.batch_loss, "penalty": trace.penalty}
        return of_batch[kind] if kind in of_batch else of_parameter(trace, quantity)
    s, layer = trace.rows.index(sample - 1), indices[0] if indices else 0
    if kind == "loss":
        return float(trace.losses[s])
    if kind in ("z", "a", "dL/da", "da/dz", "dL/dz"):
        arrays = {"z": trace.Z, "a": trace.A, "dL/da": trace.dA, "da/dz": trace.D, "dL/dz": trace.dZ}
        return float(arrays[kind](layer)[s, indices[1] - 1])
    if not trace.has_means:
        return trace.new("gradient", Quantity(kind.removeprefix("dL/d"), indices))
    if len(indices) == 1:
        return None
    source = float(trace.A(layer - 1)[s, indices[2] - 1]) if kind == "dL/dw" else 1.0
    return float(trace.dZ(layer)[s, indices[1] - 1]) * source


def of_parameter(trace: Trace, quantity: Quantity) -> float:
    """The new value of a parameter, or of what the optimizer keeps or makes of it, or its mean gradient."""
    kind, _, parameter = quantity
    if parameter is None:
        return trace.new("parameter", quantity)
    return trace.new("gradient" if kind == "grad" else kind, parameter)
