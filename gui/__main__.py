"""The entry point. A command of the engine runs without Qt; anything else is a session to open in the window."""

import gc
import sys

USAGE = """chainstep [FILE | EXAMPLE]     the window, on that session
chainstep COMMAND ...          one of: {commands}; chainstep COMMAND --help says more
"""


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
    gc.disable()  # nothing that the start makes is garbage, and looking for it would be a fifth of it
    from gui import app

    return app.run(words[0] if words else None)


if __name__ == "__main__":
    sys.exit(main())
