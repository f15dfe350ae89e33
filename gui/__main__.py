"""The entry point. A command of the engine runs without Qt; anything else is a session to open in the window."""

import sys
from collections.abc import Sequence

USAGE = """chainstep [FILE | EXAMPLE]     the window, on that session
chainstep COMMAND ...          one of: {commands}; chainstep COMMAND --help says more
"""
NO_WINDOW = 3
"""Exit code where there can be no window, as where there is no display."""


def main() -> int:
    """Run what the command line says; returns the exit code."""
    from engine import commands

    words = sys.argv[1:]
    if words and words[0] in commands.COMMANDS:
        return commands.main(words)
    if words and words[0] in ("-h", "--help"):
        print(USAGE.format(commands=", ".join(commands.COMMANDS)), end="")
        return 0
    if len(words) > 1 or (words and words[0].startswith("-")):
        said = " ".join(words)
        print(f"chainstep: '{said}' is neither a session nor a command; see chainstep --help", file=sys.stderr)
        return 2
    try:
        from gui import app
    except ImportError:
        from gui.system_packages import QT, missing, needed

        if not missing(QT):
            raise
        return _refuse(missing(needed()))
    return app.run(words[0] if words else None)


def _refuse(packages: Sequence[str]) -> int:
    """Say which packages keep the window away; returns the exit code."""
    from gui import text

    print(f"chainstep: {text.needs_packages(packages)}", file=sys.stderr)
    return NO_WINDOW


if __name__ == "__main__":
    sys.exit(main())
