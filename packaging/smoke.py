"""Tries a Chainstep out as it is installed: python packaging/smoke.py PROGRAM [WORDS...].

In a home of its own and without a display, PROGRAM must describe an operation, walk through one iteration in its window
and export the values, each with exit code 0 and nothing on stderr. The values are held against the figures that the
document of the first example prints. The exit code is 0 where all of that holds; else 1, and a line says what does not.
"""

import csv
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

OPERATIONS = 32
FIGURES = {
    "z[1,1]": "0.3775", "z[1,2]": "0.3925", "a[1,1]": "0.5933", "a[1,2]": "0.5969", "z[2,1]": "1.1059",
    "a[2,1]": "0.7514", "loss": "0.2748", "dL/da[2,1]": "0.7414", "dL/dw[2,1,1]": "0.0822", "dL/dw[2,1,2]": "0.0827",
}  # fmt: skip
"""As the document 003 prints them."""
PATIENCE = 120
"""Seconds for one call; a window that has met an error stays open."""


class SmokeError(Exception):
    """What does not hold, in one sentence."""


def main(program: list[str]) -> int:
    """Try a program out; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            described = output_of([*program, "show", "seed-003", "--operation", "20"], Path(folder))
            expect("dL/dw1" in described, f"operation 20 is not described as the gradient of w1: {described!r}")
            for name, words in {"window": ["--smoke"], "command": ["export", "seed-003", "--values"]}.items():
                path = Path(folder, f"{name}.csv")
                said = output_of([*program, *words, str(path)], Path(folder))
                expect(path.is_file(), f"nothing was exported: {said!r}")
                check_values(path)
            check_runner(program, Path(folder))
        except SmokeError as error:
            print(f"smoke test: {error}", file=sys.stderr)
            return 1
    print(f"smoke test: {program[0]} steps, exports and quits")
    return 0


def check_runner(program: list[str], home: Path) -> None:
    """The process that computes long runs is there, says so and ends with its orders, of which it gets none."""
    said = bytes_of([*program, "--runner"], home)
    expect(pickle.loads(said[8:]) is None, f"the runner said {said!r}")


def output_of(command: list[str], home: Path) -> str:
    """What a command prints; SmokeError where it fails, complains or does not end."""
    return bytes_of(command, home).decode("utf-8")


def bytes_of(command: list[str], home: Path) -> bytes:
    """The same as it is."""
    own = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    try:
        done = subprocess.run(
            command, env=os.environ | own | {"QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SmokeError(str(error)) from error
    complaints = done.stderr.decode("utf-8", "replace")
    expect(done.returncode == 0, f"{command} ended with {done.returncode}: {complaints}")
    expect(not complaints, f"{command} complained: {complaints}")
    return done.stdout


def check_values(path: Path) -> None:
    """Hold exported values against the document's figures."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expect(len(rows) == OPERATIONS, f"{path.name}: {OPERATIONS} operations expected, {len(rows)} found")
    computed = {row["quantity"]: row["value"] for row in rows}
    for quantity, printed in FIGURES.items():
        found = f"{float(computed[quantity]):.4f}"
        expect(found == printed, f"{path.name}: {quantity} is {found}, the document prints {printed}")


def expect(holds: bool, otherwise: str) -> None:
    """SmokeError with that sentence where something does not hold."""
    if not holds:
        raise SmokeError(otherwise)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
