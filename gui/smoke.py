"""chainstep --smoke FILE: the window walks through the first example's iteration by itself, writes the values to FILE
and closes. So a bundle or an installation is tried out where nobody sits before it; packaging/smoke.py does, in a home
of its own, for this window too remembers its panels."""

from pathlib import Path

from PySide6.QtCore import QTimer

from gui import app
from gui.controller import FIRST_EXAMPLE
from gui.export import ExportDialog, export
from gui.main_window import MainWindow
from gui.panels import PANELS
from gui.start import Started


def run(started: Started, path: str) -> int:
    """Open the window for the walk; returns the exit code."""
    return app.run(started, FIRST_EXAMPLE, lambda window: walk(window, Path(path)))


def walk(window: MainWindow, path: Path) -> None:
    """Take a step whenever the last one is drawn, each with the next panel in front; export and close at the end."""
    frame = window.controller.frame
    done = frame.cursor.operation
    if done == frame.program.count:
        print(export(frame.session, ExportDialog(1, window), path, window))
        window.window().close()
        return
    window.show_panel(PANELS[done % len(PANELS)].name, has_keyboard=False)
    window.actions_by_name["next"].trigger()
    QTimer.singleShot(0, lambda: walk(window, path))
