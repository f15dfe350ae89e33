"""PySide6 6.12.0 on Python 3.10 and 3.11 loses a reference to None or True at each void call or emit, until it aborts.

Run as a program, this file prints how many references each kind of call loses, and fails if any does: so it can be
tried with another PySide6 than the pinned one.
"""
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

CALLS = 10_000
TOLERANCE = 100
KEPT = [None, True] * (4 * CALLS)  # so many references that what is lost can be counted before Python aborts
ROOT = Path(__file__).resolve().parents[2]


def references_lost(call: Callable[[], object]) -> int:
    """How many references to None and True many calls lose, whichever loses more."""
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        call()
    after = sys.getrefcount(None), sys.getrefcount(True)
    return max(before[0] - after[0], before[1] - after[1])


def losses() -> dict[str, int]:
    """References lost by a void call and by emits, with and without a connected slot."""
    from PySide6.QtCore import QObject, Signal, Slot

    class Sender(QObject):
        alone = Signal()
        heard = Signal(object)

        @Slot(object)
        def hear(self, _value: object) -> None:
            pass

    sender = Sender()
    sender.heard.connect(sender.hear)
    return {
        "void call": references_lost(lambda: sender.setObjectName("sender")),
        "emit": references_lost(sender.alone.emit),
        "emit to a slot": references_lost(lambda: sender.heard.emit(None)),
    }


def main() -> int:
    found = losses()
    print(found)
    return int(max(found.values()) > TOLERANCE)


def test_calls_and_emits_lose_no_reference():
    """In a process of its own, which a loss may abort."""
    result = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_requirement_admits_no_6_12():
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pyside = next(r for r in map(Requirement, project["dependencies"]) if r.name == "PySide6-Essentials")
    assert pyside.specifier.contains("6.11.3")
    assert not any(pyside.specifier.contains(version) for version in ("6.9.1", "6.12.0", "6.12.1", "6.13.0", "7.0.0"))


def test_our_folder_packaging_does_not_shadow_the_library():
    """From the project's root, where `python -c` searches first."""
    code = "import packaging.version; print(packaging.version.__file__)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert Path(result.stdout.strip()).parent != ROOT / "packaging"


if __name__ == "__main__":
    sys.exit(main())
