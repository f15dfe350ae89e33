"""The window, drawn offscreen: key to pixels, running with everything on screen, the loss plot, the start."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine import Stepper, open_session
from gui.ahead import AHEAD
from gui.controller import Controller
from gui.controller.moves import FASTEST
from gui.main_window import MainWindow
from gui.panels.loss import LossPlot
from gui.start import make_application
from tests.benchmarks.measuring import Row, at_least, at_most, percentile, short, sigmoid_network, title

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = {(2, 2, 1): 1, (8, 8, 8, 8): 8, (64, 64, 64, 10): 32}
"""Sizes, and samples a batch."""
SECONDS = 2
"""Of a run, so that its beginning and end count little."""
SAMPLE = 250
"""Of more operations than these so many are drawn."""


class Painted(QObject):
    """Knows whether a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def application() -> QApplication:
    """The one application of this process."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else make_application()


def opened(sizes: tuple[int, ...], samples: int) -> MainWindow:
    """The window as at the first start, 1280 x 800, painted and with the keyboard; the plot, which is made before it is
    needed, is there."""
    application()
    window = MainWindow(Controller(open_session(sigmoid_network(sizes, samples))))
    window.resize(1280, 800)
    window.controller.show()
    window.show()
    gc.collect()
    gc.freeze()  # as gui.app does
    window.activateWindow()
    settle(lambda: window.isActiveWindow())
    QTest.qWait(2 * AHEAD)
    window.canvas.setFocus()
    return window


def settle(is_done: Callable[[], bool]) -> None:
    """Let Qt work until something holds, and until it has nothing more to do at once."""
    end = perf_counter() + 10
    while not is_done():
        QApplication.processEvents()
        assert perf_counter() < end, "the window does not come to rest"
    QApplication.processEvents()


def pixels() -> Iterator[Row]:
    """From the key F10 until canvas, table, plot and equation are painted: 95 of 100 steps through an iteration."""
    for sizes, samples in NETWORKS.items():
        window = opened(sizes, samples)
        count = window.controller.frame.program.count
        places = range(count) if count <= SAMPLE else sorted(Random(4).sample(range(count), SAMPLE))
        canvas = Painted(window.canvas)
        times = [_step(window, canvas, k) for k in places]
        beside = f"median {short(1e3 * median(times))}, worst {short(1e3 * max(times))} ms, {len(times)} of {count:,}"
        yield at_most(f"{title(sizes)}: key to pixels", 16.7, 1e3 * percentile(times, 0.95), beside, " ms")
        close(window)


def _step(window: MainWindow, canvas: Painted, k: int) -> float:
    """Seconds of the step over operation k, from 0."""
    if window.controller.frame.cursor.operation != k:
        window.controller.seek(1, k)
    QApplication.processEvents()
    before, begun = canvas.count, perf_counter()
    QTest.keyClick(window.canvas, Qt.Key.Key_F10)
    assert window.controller.frame.cursor.operation == k + 1
    settle(lambda: canvas.count > before)
    return perf_counter() - begun


def running() -> Iterator[Row]:
    """Iterations a second at full speed, everything shown, against the engine alone; by turns."""
    for sizes, samples in NETWORKS.items():
        window = opened(sizes, samples)
        stepper = Stepper(open_session(sigmoid_network(sizes, samples)))
        alone, shown, refreshes = [], [], []
        for _ in range(3):
            alone.append(_alone(stepper))
            per_second, frames = _shown(window)
            shown.append(per_second)
            refreshes.append(frames)
        beside = f"{short(median(shown))} of {short(median(alone))} a second, {short(median(refreshes))} refreshes"
        yield at_least(f"{title(sizes)}: running, all on screen", 0.8, median(shown) / median(alone), beside)
        close(window)


def _alone(stepper: Stepper) -> float:
    first, begun = stepper.cursor.iteration, perf_counter()
    for _ in stepper.running(10**9):
        if perf_counter() - begun > SECONDS:
            break
    return (stepper.cursor.iteration - first) / (perf_counter() - begun)


def _shown(window: MainWindow) -> tuple[float, float]:
    """Iterations and frames a second."""
    controller, frames = window.controller, [0]

    def count() -> None:
        frames[0] += 1

    controller.frame_changed.connect(count)
    first = controller.frame.cursor.iteration
    controller.choose_speed(FASTEST)
    begun = perf_counter()
    controller.run()
    while perf_counter() - begun < SECONDS:
        QApplication.processEvents()
    controller.pause()
    taken = perf_counter() - begun
    controller.frame_changed.disconnect(count)
    return (controller.frame.cursor.iteration - first) / taken, frames[0] / taken


def plot() -> Iterator[Row]:
    """A curve of a million points, from the data to the pixels, each time with a thousand more."""
    application()
    losses = 1.0 / np.sqrt(np.arange(1, 1_000_001)) + np.random.default_rng(5).uniform(0, 0.01, 1_000_000)
    frame = Stepper(open_session("seed-003")).frame
    own, plain = LossPlot(), pg.PlotWidget()
    curve = plain.plot()
    for widget in (own, plain):
        widget.resize(1280, 108)
        widget.show()
    own.show_frame(replace(frame, losses=losses[:979_000]))
    times: dict[str, list[float]] = {"own": [], "plain": []}
    for count in range(980_000, 1_000_001, 1000):
        known = losses[:count]
        times["own"].append(_drawn(own, partial(own.show_frame, replace(frame, losses=known))))
        times["plain"].append(_drawn(plain, partial(curve.setData, known)))
    ours, theirs = median(times["own"]), median(times["plain"])
    beside = f"{short(1e3 * ours)} ms, setData {short(1e3 * theirs)} ms"
    yield at_least("loss plot, 1,000,000 points: times plain setData", 20, theirs / ours, beside)
    for widget in (own, plain):
        close(widget)


def _drawn(widget: QWidget, draw: Callable[[], object]) -> float:
    QApplication.processEvents()
    begun = perf_counter()
    draw()
    widget.grab()
    return perf_counter() - begun


def close(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


# Each begins a process with a home of its own: the machine's clock is one for all of them.
BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
"""
EMPTY = """
import gc
gc.disable()  # as gui.__main__ does
from gui.start import start
application, settings, _, ground = start()
"""
CONTENTS = EMPTY + """
from gui import app
window = app.MainWindow(app.Controller(app.open_session("seed-003")), settings, ground)
window.controller.show()
"""
ALL_PANELS = CONTENTS + "for dock in window.docks: dock.show()\n"
PAINTED = """
from PySide6.QtCore import QEvent, QObject
class Painted(QObject):
    is_done = False
    def eventFilter(self, watched, event):
        self.is_done |= event.type() == QEvent.Type.Paint
        return False
painted = Painted()
window.installEventFilter(painted)
window.show()
while not painted.is_done:
    application.processEvents()
"""
TOLD = """
import os, time
kibibytes = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(time.monotonic(), kibibytes, flush=True)
os._exit(0)
"""
STARTS = {"bare": BARE + PAINTED, "empty": EMPTY, "contents": CONTENTS + PAINTED, "all": ALL_PANELS + PAINTED}


def start() -> Iterator[Row]:
    """From the start of the process to the first paint: of the empty window, of its contents, of all panels; and the
    most memory until then, as Linux tells it; the median of five by turns."""
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in STARTS}
    for script in STARTS.values():
        _started(script)  # modules are compiled once and files read
    for _ in range(5):
        for name, script in STARTS.items():
            runs[name].append(_started(script))
    times = {name: median(t for t, _ in measured) for name, measured in runs.items()}
    memory = {name: median(m for _, m in measured) for name, measured in runs.items()}
    took = {name: f"{short(1e3 * seconds)} ms" for name, seconds in times.items()}
    beside = f"empty {took['empty']}, its contents {took['contents']}, bare {took['bare']}"
    yield at_most("first window: times a bare window", 2, times["empty"] / times["bare"], beside)
    beside = f"{took['all']}, bare {took['bare']}"
    yield at_most("first window, all panels: times a bare window", 4, times["all"] / times["bare"], beside)
    beside = f"{memory['contents']:.0f} MiB, bare {memory['bare']:.0f} MiB, all panels {memory['all']:.0f} MiB"
    yield at_most("first window: times a bare window's memory", 2.5, memory["contents"] / memory["bare"], beside)


def _started(script: str) -> tuple[float, float]:
    """Seconds to the first paint, and MiB at most."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as home:
        environment |= {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        command, begun = [sys.executable, "-c", script + TOLD], monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    shown, kibibytes = map(float, done.stdout.split())
    return shown - begun, kibibytes / 1024
