"""The entry point. A command of the engine runs without Qt; anything else is a session to open in the window."""

import gc
import sys
from pathlib import Path

USAGE = """chainstep [FILE | EXAMPLE]     the window, on that session
chainstep COMMAND ...          one of: {commands}; chainstep COMMAND --help says more
chainstep --smoke FILE         the window walks through an iteration by itself, writes its values to FILE and closes
"""
REFUSED, NO_WINDOW = 2, 3
"""Exit codes for words that mean nothing, and where there can be no window, as where there is no display."""


def main() -> int:
    """Run what the command line says; returns the exit code."""
    words = sys.argv[1:]
    match words:
        case []:
            return _open_window(None)
        case [path] if path.endswith(".json") and Path(path).is_file():
            return _open_window(path)

    from engine import commands  # no window waits for the engine
    from engine.files.examples import open_session
    from engine.files.session_file import SessionFileError

    match words:
        case [command, *_] if command in commands.COMMANDS:
            return commands.main(words)
        case ["-h" | "--help", *_]:
            print(USAGE.format(commands=", ".join(commands.COMMANDS)), end="")
            return 0
        case ["--runner"]:  # the bundle's engine in a process of its own, see gui.controller.remote
            from engine import runner

            runner.main()
            return 0
        case ["--smoke", path]:
            return _open_window(None, path)
        case [source] if not source.startswith("-"):
            try:
                open_session(source)
            except SessionFileError as error:  # before there is a window for it
                return _refused(str(error))
            return _open_window(source)
    said = " ".join(words)
    return _refused(f"'{said}' is neither a session nor a command; see chainstep --help")


def _refused(why: str) -> int:
    print(f"chainstep: {why}", file=sys.stderr)
    return REFUSED


def _open_window(source: str | None, smoke_test: str | None = None) -> int:
    """The window, on a session or for the smoke test; where Qt cannot be loaded, one line names the packages."""
    gc.disable()  # nothing that the start makes is garbage, and looking for it would be a fifth of it
    try:
        from gui.start import start

        started = start()
        from gui import app, smoke
    except ImportError:
        from gui import system_packages, text

        if not system_packages.missing(system_packages.QT):
            raise
        packages = system_packages.missing(system_packages.needed())
        print(f"chainstep: {text.needs_packages(packages)}", file=sys.stderr)
        return NO_WINDOW
    return app.run(started, source) if smoke_test is None else smoke.run(started, smoke_test)


if __name__ == "__main__":
    sys.exit(main())
