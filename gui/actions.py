"""One table of everything the user can do: name, text, tooltip, what it calls, keys. Menus and toolbar come from it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt

from engine.notation import NOTATIONS
from engine.program import Unit
from gui import text
from gui.panels.operations import Operations
from gui.telling import tell

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class ActionRecord(NamedTuple):
    """One command; `is_choice` if it can be checked. `keys` work anywhere in the window,
    `canvas_keys` only where canvas or listing have the focus, so that no arrow or space is taken from a table or a
    field."""

    name: str
    text: str
    tip: str
    call: Callable[["MainWindow"], object]
    menu: str
    keys: tuple[str, ...] = ()
    canvas_keys: tuple[str, ...] = ()
    is_choice: bool = False


def _symbols(notation: str) -> ActionRecord:
    """Chooses a notation."""
    tip = f"Write weights and neurons in {notation} symbols"
    return ActionRecord(
        f"symbols_{notation}", f"Symbols: {notation}", tip, lambda w: w.controller.show_in(notation), "View",
        is_choice=True,
    )  # fmt: skip


def _watch(window: "MainWindow") -> None:
    """Watch what is selected, and show it."""
    window.controller.watch_selected()
    window.show_panel("watch", has_keyboard=False)


def _tell(window: "MainWindow") -> None:
    """What the pointer would tell of the part that has the keyboard."""
    part = window.focusWidget()
    if part is None or not tell(part):
        window.controller.say(text.NOTHING_TO_TELL)


def _filter(window: "MainWindow") -> None:
    """To the filter of the listing."""
    window.show_panel("operations", has_keyboard=False)
    listing = window.panels["operations"]
    if isinstance(listing, Operations):
        listing.filter.setFocus()
        listing.filter.selectAll()


ACTIONS = (
    ActionRecord("new", "New…", "Enter a network of your own", lambda w: w.documents.new(), "File", ("Ctrl+N",)),
    ActionRecord(
        "gallery", "New from example…", "Choose among the examples by their pictures",
        lambda w: w.documents.new_from_example(), "File", ("Ctrl+Shift+N",),
    ),
    ActionRecord("open", "Open…", "Open a session file", lambda w: w.documents.ask_and_open(), "File", ("Ctrl+O",)),
    ActionRecord("save", "Save", "Save the session", lambda w: w.documents.save(), "File", ("Ctrl+S",)),
    ActionRecord(
        "save_as", "Save as…", "Save as another file", lambda w: w.documents.save_as(), "File", ("Ctrl+Shift+S",)
    ),
    ActionRecord(
        "export", "Export…", "Values, parameters or losses as CSV",
        lambda w: w.documents.export(), "File", ("Ctrl+E",),
    ),
    ActionRecord(
        "export_picture", "Export picture…", "The network as it is shown, as SVG or PNG",
        lambda w: w.documents.export_picture(w.canvas), "File", ("Ctrl+Shift+E",),
    ),
    ActionRecord("quit", "Quit", "Close the window", lambda w: w.window().close(), "File", ("Ctrl+Q",)),
    ActionRecord("undo", "Undo", "Take the last change back", lambda w: w.controller.undo(), "Edit", ("Ctrl+Z",)),
    ActionRecord(
        "redo", "Redo", "Do again what was undone last", lambda w: w.controller.redo(), "Edit", ("Ctrl+Shift+Z",)
    ),
    ActionRecord(
        "settings", "Settings…", "Network, data, loss, optimizer: everything that can be chosen",
        lambda w: w.show_panel("settings"), "Edit", ("Ctrl+,",),
    ),
    ActionRecord(
        "start", "Start of session", "To the start of the session",
        lambda w: w.controller.to_start(), "Step", ("Ctrl+Home",),
    ),
    ActionRecord(
        "previous", "Previous", "One step back", lambda w: w.controller.previous(), "Step", ("F9",), ("Left",)
    ),
    ActionRecord("next", "Next", "One step forward", lambda w: w.controller.next(), "Step", ("F10",), ("Right",)),
    ActionRecord(
        "end", "End of iteration", "Finish this iteration",
        lambda w: w.controller.to_iteration_end(), "Step", (), ("End",),
    ),
    ActionRecord(
        "iteration_start", "Start of iteration", "To the start of this iteration",
        lambda w: w.controller.to_iteration_start(), "Step", (), ("Home",),
    ),
    ActionRecord(
        "previous_phase", "Previous phase", "Back to the start of the phase",
        lambda w: w.controller.previous(Unit.PHASE), "Step", ("Shift+F11",),
    ),
    ActionRecord(
        "next_phase", "Next phase", "To the end of the phase", lambda w: w.controller.next(Unit.PHASE), "Step", ("F11",)
    ),
    ActionRecord(
        "previous_iteration", "Previous iteration", "To the start of this iteration, then to that of the one before",
        lambda w: w.controller.previous(Unit.ITERATION), "Step", (), ("PgUp",),
    ),
    ActionRecord(
        "next_iteration", "Next iteration", "To the end of the iteration",
        lambda w: w.controller.next(Unit.ITERATION), "Step", (), ("PgDown",),
    ),
    ActionRecord("go_to", "Go to…", "To any operation of any iteration", lambda w: w.go_to(), "Step", ("Ctrl+G",)),
    ActionRecord(
        "watch", "Watch", "Watch the selected quantity over the iterations", _watch, "Step", ("Ctrl+D",)
    ),
    ActionRecord("run", "Run", "Run until paused", lambda w: w.controller.run_or_pause(), "Step", ("F5",), ("Space",)),
    ActionRecord(
        "breakpoint", "Breakpoint here", "Let runs stop at the operation shown, or no longer",
        lambda w: w.controller.stop_here(), "Step", ("Ctrl+B",),
    ),
    *map(_symbols, NOTATIONS),
    ActionRecord(
        "larger", "Larger", "Show everything larger, up to 300 %", lambda w: w.change_size(1), "View",
        ("Ctrl++", "Ctrl+="),
    ),
    ActionRecord(
        "smaller", "Smaller", "Show everything smaller, down to 100 %", lambda w: w.change_size(-1), "View", ("Ctrl+-",)
    ),
    ActionRecord(
        "zoom_in", "Zoom in", "Part of the network in more detail", lambda w: w.canvas.larger(), "View", (), ("+", "=")
    ),
    ActionRecord("zoom_out", "Zoom out", "More of the network", lambda w: w.canvas.smaller(), "View", (), ("-",)),
    ActionRecord("fit", "Fit", "Show the whole network", lambda w: w.canvas.fit(), "View", (), ("F",)),
    ActionRecord(
        "pictures", "Pictures in neurons", "In each neuron its activation over one or two inputs; blue is the largest",
        lambda w: w.canvas.show_pictures(w.actions_by_name["pictures"].isChecked()), "View", is_choice=True,
    ),
    ActionRecord(
        "filter", "Filter operations", "Show only some operations: w5, backward, layer 2", _filter, "View", ("Ctrl+F",)
    ),
    ActionRecord(
        "presentation", "Presentation", "Network and equation alone, large enough for a room; Escape leaves it",
        lambda w: w.present(), "View", ("Ctrl+Shift+P",), is_choice=True,
    ),
    ActionRecord(
        "next_panel", "Next panel", "The keyboard to the next panel in sight", lambda w: w.go_around(1), "Panel",
        ("F6",),
    ),
    ActionRecord(
        "previous_panel", "Previous panel", "The keyboard to the panel before", lambda w: w.go_around(-1), "Panel",
        ("Shift+F6",),
    ),
    ActionRecord(
        "panel_left", "To the left", "The panel with the keyboard to the left side",
        lambda w: w.arranging.move(Qt.DockWidgetArea.LeftDockWidgetArea), "Panel",
    ),
    ActionRecord(
        "panel_right", "To the right", "The panel with the keyboard to the right side",
        lambda w: w.arranging.move(Qt.DockWidgetArea.RightDockWidgetArea), "Panel",
    ),
    ActionRecord(
        "panel_bottom", "To the bottom", "The panel with the keyboard below network and equation",
        lambda w: w.arranging.move(Qt.DockWidgetArea.BottomDockWidgetArea), "Panel",
    ),
    ActionRecord(
        "panel_alone", "Into a window", "The panel with the keyboard into a window of its own",
        lambda w: w.arranging.move(None), "Panel",
    ),
    ActionRecord(
        "panel_larger", "Larger panel", "More room for the panel with the keyboard",
        lambda w: w.arranging.enlarge(1), "Panel", ("Alt++", "Alt+="),
    ),
    ActionRecord(
        "panel_smaller", "Smaller panel", "Less room for the panel with the keyboard",
        lambda w: w.arranging.enlarge(-1), "Panel", ("Alt+-",),
    ),
    ActionRecord(
        "tell", "Show tip", "The tip of what has the keyboard, without the pointer", _tell, "Help",
        ("Shift+F1",),
    ),
    ActionRecord("theme", "Light or dark", "Change between light and dark", lambda w: w.change_theme(), "View"),
    ActionRecord("help", "Keys", "Show all keys", lambda w: w.show_help(), "Help", ("F1", "?")),
)  # fmt: skip
TOOLBAR = (
    "start", "previous", "next", "end", "units", "run", "speed", "limit", "go_to",
    "stretch", "undo", "redo", "theme", "help",
)  # fmt: skip
"""Names of actions, and the toolbar's own: units, speed, limit, stretch."""
UNIT_KEYS = {unit: str(number) for number, unit in enumerate(Unit, 1)}
