"""Moving through a session: step, seek, run, pause, and what the user looks at."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from time import perf_counter

from PySide6.QtCore import Signal

from engine.cursor import Cursor
from engine.frame import Frame
from engine.program import Unit
from engine.quantities import Quantity
from engine.running import Passage
from engine.stepper import Stepper
from engine.watching import Watched, check_watched, watched
from engine.ways import Way
from gui import text
from gui.breakpoints import breakpoint_at
from gui.controller.remote import Remote
from gui.controller.slices import RESTS, Slices
from gui.controller.stops import HoldsStops
from gui.focus import Focus

FASTEST = 0
SPEEDS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, FASTEST)
"""Units a second; FASTEST runs whole iterations as fast as they go."""
FOR_EVER = 10**12
LONG = 0.05
"""Seconds after which a run is one for the engine's own process."""


class Moves(HoldsStops):
    """Moves the cursor of a stepper; every move ends in a frame."""

    frame_changed = Signal(Frame)
    unit_changed = Signal(Unit)
    running_changed = Signal(bool)
    focus_changed = Signal(Focus)
    watched_changed = Signal(tuple)
    message = Signal(str)

    def __init__(self, stepper: Stepper) -> None:
        super().__init__()
        self._stepper = stepper
        self.said = ""
        self.unit, self.speed, self.limit = Unit.OPERATION, 4, 0
        self.focus = Focus()
        self.watched: tuple[Watched, ...] = ()
        self._slices = Slices(self)
        self._slices.shown.connect(self.show)
        self._slices.running_changed.connect(self.running_changed)
        self._slices.message.connect(self.say)
        self._remote = Remote(self)
        self._remote.lost.connect(lambda: self.say(text.RUNS_HERE))
        self.running_changed.connect(self._halt_elsewhere)

    @property
    def frame(self) -> Frame:
        """What the panels show: the stepper's frame, of the sample chosen."""
        frame = self._stepper.frame
        return frame if self.focus.sample is None else replace(frame, chosen=self.focus.sample)

    @property
    def is_running(self) -> bool:
        """Whether a run or a long way is going on."""
        return self._slices.is_active

    def show(self) -> None:
        """Emit the frame at the cursor; a way that was lit was one of the frame before."""
        self._look_at(self.focus._replace(way=None))
        self.frame_changed.emit(self.frame)

    def say(self, message: str) -> None:
        """Tell the user something in one line."""
        self.said = message
        self.message.emit(message)

    def choose_unit(self, unit: Unit) -> None:
        """What next, previous and run cover from now on."""
        if unit is not self.unit:
            self.unit = unit
            self.unit_changed.emit(unit)

    def choose_speed(self, speed: int) -> None:
        """One of SPEEDS; takes effect at once while running."""
        self.speed = speed
        if self._slices.is_on_a_run:
            self.run()

    def choose_limit(self, iterations: int) -> None:
        """After how many iterations a run stops by itself; 0: it goes on until paused."""
        self.limit = iterations

    def next(self, unit: Unit | None = None) -> None:
        """To the end of a unit, by default the chosen one."""
        self._move(lambda: self._stepper.after(unit or self.unit))

    def previous(self, unit: Unit | None = None) -> None:
        """To the start of a unit, by default the chosen one."""
        self._move(lambda: self._stepper.before(unit or self.unit))

    def to_start(self) -> None:
        """The start of the session."""
        self.seek(1)

    def to_iteration_start(self) -> None:
        self.seek(self._stepper.cursor.iteration)

    def to_iteration_end(self) -> None:
        self.seek(self._stepper.cursor.iteration, self.frame.program.count)

    def seek_operation(self, operation: int) -> None:
        """The end of an operation, from 1, of this iteration."""
        self.seek(self._stepper.cursor.iteration, operation)

    def seek(self, iteration: int, operation: int = 0) -> None:
        self._move(lambda: Cursor(iteration, operation))

    def seek_iteration(self, iteration: int) -> None:
        """The same place as now in another iteration, as far as it has one."""
        if iteration != self._stepper.cursor.iteration:
            self.seek(iteration, min(self._stepper.cursor.operation, self._stepper.program(iteration).count))

    def go_to(self, quantity: Quantity) -> None:
        """The operation of this iteration that writes a quantity, if there is one."""
        k = self.frame.program.writer(quantity, self.frame.position())
        if k is not None:
            self.seek_operation(k + 1)

    def select(self, quantity: Quantity | None) -> None:
        """The quantity that every panel marks; None for none."""
        self._look_at(self.focus._replace(selected=quantity))

    def hover(self, quantities: tuple[Quantity, ...]) -> None:
        """The quantities under the pointer, which every panel lights."""
        self._look_at(self.focus._replace(hovered=quantities))

    def light(self, way: Way | None) -> None:
        """One way from the loss for the canvas to light, until the next frame; None for none."""
        self._look_at(self.focus._replace(way=way))

    def choose_sample(self, sample: int) -> None:
        """The sample (row of the data, from 1) whose values are shown until the next move."""
        if sample != self.frame.sample:
            self._look_at(self.focus._replace(sample=sample))
            self.show()

    def watch(self, one: Watched) -> None:
        """Watch a quantity over the iterations, in this session and in others, until that is no more wanted."""
        if one not in self.watched:
            self.watched = (*self.watched, one)
            self.watched_changed.emit(self.watched)

    def watch_selected(self) -> None:
        """Watch the quantity selected, or else what the operation shown writes; of the sample shown."""
        frame = self.frame
        quantity = self.focus.selected or (frame.operation.quantity if frame.operation else None)
        if quantity is None:
            self.say(text.NOTHING_TO_WATCH)
            return
        one = watched(quantity, frame.sample)
        try:
            check_watched(frame.program, one)
        except ValueError as error:
            self.say(text.not_there(str(error)))
        else:
            self.watch(one)
            self.say(text.is_watched(text.watched_name(frame, one)))

    def unwatch(self, one: Watched) -> None:
        self.watched = tuple(other for other in self.watched if other != one)
        self.watched_changed.emit(self.watched)

    def _look_at(self, focus: Focus) -> None:
        """Look at what there is: a row or a layer may be gone, and a panel may name what only another run has."""
        focus = focus.within(self._stepper.session.spec)
        if focus != self.focus:
            self.focus = focus
            self.focus_changed.emit(focus)

    def run_or_pause(self) -> None:
        if self.is_running:
            self.pause()
        else:
            self.run()

    def run(self) -> None:
        """Go on by the chosen unit at the chosen speed until paused, or for as many iterations as the limit says."""
        self._move_on()
        end = self._stepper.after(Unit.ITERATION).iteration + (self.limit or FOR_EVER)
        self._stepper.stopped_by = None
        self._stepper.mind(self.stops)
        if self.speed == FASTEST:
            self._slices.run(self._running(end - 1), self._say_why_it_ended)
        else:
            self._slices.pace(self._pacing(end), self._say_why_it_ended, 1 / self.speed)

    def _running(self, last: int) -> Iterator[int | None]:
        """To the end of iteration `last` or to where a run stops: in the window's own time, and when that has become
        long in the engine's own process, as soon and as long as that is there."""
        stepper, long = self._stepper, perf_counter() + LONG
        goal = Cursor(last, stepper.program(last).count)
        while stepper.cursor < goal and not stepper.stopped_by:
            for t in stepper.advancing(goal, self.stops):
                yield t
                if perf_counter() >= long and self._remote.is_ready():
                    break
            yield from self._following_elsewhere(last)

    def _following_elsewhere(self, last: int) -> Iterator[int | None]:
        """Stand where the engine's own process has come to, again and again. Other stops, and it begins anew here."""
        stepper, remote = self._stepper, self._remote
        while (departure := stepper.departing(last, self.stops)) and remote.is_ready():
            minded = self.held
            remote.depart(departure)
            while passage := (yield from self._passage(minded)):
                stepper.arrive(passage)
                self.stops.held = passage.held
                yield passage.cursor.iteration
                if passage.is_over:
                    return

    def _passage(self, minded: object) -> Generator[None, None, Passage | None]:
        """The next one, asked for just before a picture is due; None where none is to come: the process has ended, or
        `minded` are no more the stops that are held."""
        yield from (None,) * (RESTS - 1)
        self._remote.ask(self._stepper.stride)
        while self.held is minded and self._remote.is_ready():
            if passage := self._remote.taken():
                return passage
            yield None
        return None

    def _halt_elsewhere(self, is_running: bool) -> None:
        if not is_running:
            self._remote.halt()

    def _pacing(self, end: int) -> Iterator[int | None]:
        """Unit by unit with a rest after each, up to the start of iteration `end` or to where a run stops."""
        cursor = self._stepper.after(self.unit)
        while cursor.iteration < end:
            yield from self._stepper.advancing(cursor, self.stops)
            if self._stepper.stopped_by:
                return
            yield None
            cursor = self._stepper.after(self.unit)

    def pause(self) -> None:
        """Stop running, at the end of an iteration where it runs fastest, or a long way where it has come."""
        self._slices.pause()

    def _say_why_it_ended(self) -> None:
        if self._stepper.stopped_by:
            self.say(text.stopped_by(self._stepper.frame, self._stepper.stopped_by))
        elif self.limit:
            self.say(text.ran(self._stepper.cursor.iteration))

    def stop_here(self) -> None:
        """Set a breakpoint at the operation shown, or take it away."""
        frame = self._stepper.frame
        if frame.operation is None:
            self.say(text.NO_OPERATION_TO_STOP_AT)
            return
        stop = breakpoint_at(frame.operation.quantity, frame.operation.sample, self.held, frame)
        self.toggle_stop(stop)
        self.say(text.breakpoint_changed(frame, stop, stop in self.held))

    def _move_on(self) -> None:
        """What is shown from now on is the sample of the operation."""
        self.pause()
        if self.said:
            self.say("")
        self._look_at(self.focus._replace(sample=None))

    def _move(self, goal: Callable[[], Cursor]) -> None:
        self._move_on()
        try:
            self._slices.travel(self._stepper.seeking(goal()), lambda: None)
        except ValueError as error:
            self.say(str(error))
