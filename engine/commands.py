"""What Chainstep does without a window: examples, show, export, check, compare.

Every error is one line on stderr that names the file, the place in it and the cause; the status is then 2. A status of
1 says that something was looked at and is not as it should be.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import TextIOWrapper
from math import inf, isfinite
from pathlib import Path
from typing import Any, NoReturn

from engine.comparison import Comparison, compare
from engine.files.csv_export import loss_rows, parameter_rows, value_rows, write_csv
from engine.files.examples import example, names, open_session, open_with_witness
from engine.files.session_file import SessionFileError
from engine.gradient_check import GradientRow, check_gradients, nudge
from engine.narration import table, told
from engine.quantities import parse
from engine.session import Session
from engine.stepper import Stepper
from engine.trace import Trace

GOOD, OFF, FAILED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141

COMMANDS = {
    "examples": "list the examples, a line each: name and title",
    "show": "show one operation in words and numbers",
    "export": "write operations, parameters or losses as CSV files",
    "check": "check every gradient against central differences",
    "compare": "compare the figures that the source prints with the computed ones",
}


class CommandError(Exception):
    """Why a command could not be done, in one sentence."""


def main(arguments: list[str]) -> int:
    """Do one of the COMMANDS; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return _done(arguments)
    except BrokenPipeError:
        _leave_stdout()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CommandError, SessionFileError) as error:
        return _failed(str(error))
    except OSError as error:  # stdout itself, for instance on a full disk
        _leave_stdout()
        return _failed(f"output: {_reason(error)}")


def _done(arguments: list[str]) -> int:
    try:
        chosen = _parser().parse_args(arguments)
    except SystemExit as request:  # after --help
        return int(request.code or 0)
    status = _DO[chosen.command](chosen)
    sys.stdout.flush()
    return status


def _failed(message: str) -> int:
    on_one_line = re.sub(r"[\x00-\x1f\x7f]", lambda control: repr(control[0])[1:-1], message)
    print("chainstep:", on_one_line, file=sys.stderr)
    return FAILED


def _leave_stdout() -> None:
    """Nobody reads any more: what is still buffered goes nowhere, also when Python ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class _Parser(argparse.ArgumentParser):
    """Usage errors in one line, like all others; -1e-3 is a number as -0.001 is, no option."""

    def __init__(self, *words: Any, **names: Any) -> None:
        super().__init__(*words, **names)
        self._negative_number_matcher = re.compile(r"-\.?\d")

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message} (chainstep {self.prog.partition(' ')[2]} --help tells more)".replace("  ", " "))


def _whole(low: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` on."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", text, re.ASCII) or int(text) < low:
            raise argparse.ArgumentTypeError(f"a whole number from {low} expected, '{text[:24]}' found")
        return int(text)

    return read


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="chainstep", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {name: commands.add_parser(name, help=text, description=text, allow_abbrev=False)
            for name, text in COMMANDS.items()}  # fmt: skip
    for name in ("show", "export", "check", "compare"):
        made[name].add_argument("session", metavar="SESSION", help="a session file, or the name of an example")
    for name in ("show", "check"):
        made[name].add_argument("--iteration", type=_whole(1), metavar="T", help="default: where the session stands")
    made["check"].add_argument(
        "--nudge", nargs=2, metavar=("QUANTITY", "STEP"), help="instead: what a step of one parameter does to the loss"
    )
    made["show"].add_argument("--operation", type=_whole(1), metavar="K", help="its number within the iteration")
    export = made["export"]
    export.add_argument("--iterations", type=_whole(1), default=1, metavar="N", help="how many to run; default 1")
    export.add_argument("--values", metavar="FILE", help="every operation with formula and value")
    export.add_argument("--parameters", metavar="FILE", help="the parameters after every iteration")
    export.add_argument("--losses", metavar="FILE", help="the loss of every iteration")
    export.add_argument("--bom", action="store_true", help="begin with a byte-order mark, for spreadsheets")
    return parser


def _stepper(source: str) -> Stepper:
    """A stepper on a session, where it stands; says on stderr if this machine computes other numbers than its own."""
    session, witness = open_with_witness(source)
    try:
        stepper = Stepper(session)
    except ValueError as error:
        raise CommandError(f"{source}: cursor: {error}") from error
    difference = witness.difference(stepper.frame.trace.batch_loss) if witness else None
    if difference:
        print("chainstep:", difference, file=sys.stderr)
    return stepper


def _examples(chosen: argparse.Namespace) -> int:
    for line in table([(name, example(name).title) for name in names()]):
        print(line)
    return GOOD


def _show(chosen: argparse.Namespace) -> int:
    stepper = _stepper(chosen.session)
    iteration, done, factor = stepper.cursor
    here = done + (factor > 0) if chosen.iteration in (None, iteration) else 0
    try:
        stepper.seek(chosen.iteration or iteration, chosen.operation or max(here, 1))
    except ValueError as error:
        raise CommandError(f"{chosen.session}: {error}") from error
    if stepper.session.title:
        print(stepper.session.title)
    for line in told(stepper.frame):
        print(line)
    return GOOD


def _export(chosen: argparse.Namespace) -> int:
    outputs = {name: Path(file) for name in _ROWS if (file := getattr(chosen, name)) is not None}
    if not outputs:
        raise CommandError("export: nothing to write; give --values, --parameters or --losses with a file")
    _refuse_shared_outputs(chosen.session, list(outputs.values()))
    session = open_session(chosen.session)
    for name, path in outputs.items():
        try:
            write_csv(path, _ROWS[name](session, chosen.iterations), chosen.bom)
        except OSError as error:
            raise CommandError(f"{path}: {_reason(error)}") from error
        print(f"{name}: {path}")
    return GOOD


def _refuse_shared_outputs(source: str, paths: list[Path]) -> None:
    """CommandError where an export would overwrite the session or another export."""
    taken = {} if source in names() else {os.path.realpath(source): "the session itself"}
    for path in paths:
        place = os.path.realpath(path)
        if place in taken:
            raise CommandError(f"{path}: here stands {taken[place]}; choose another file")
        taken[place] = "another export"


_ROWS: dict[str, Callable[[Session, int], Iterator[str]]] = {
    "values": value_rows,
    "parameters": parameter_rows,
    "losses": loss_rows,
}


def _check(chosen: argparse.Namespace) -> int:
    stepper = _stepper(chosen.session)
    trace = stepper.frame_of(chosen.iteration or stepper.cursor.iteration).trace
    if chosen.nudge:
        print(_nudged(trace, *chosen.nudge))
        return GOOD
    rows = list(check_gradients(trace))
    heading = ("parameter", "gradient", "by differences", "apart by", "")
    lines = [(str(row.quantity), repr(row.analytic), repr(row.numeric), f"{row.difference:.1e}", _verdict(row))
             for row in rows]  # fmt: skip
    for line in table([heading, *lines]):
        print(line)
    off, left_out = sum(not row.is_close for row in rows), sum(row.kink is not None for row in rows)
    at_kinks = f", {left_out} at a kink and not judged" if left_out else ""
    print(f"{len(rows)} gradients: {len(rows) - off - left_out} agree, {off} are off{at_kinks}")
    return OFF if off else GOOD


def _nudged(trace: Trace, quantity: str, step: str) -> str:
    """What a step of one parameter is predicted to do to the loss, and what it does."""
    try:
        length = float(step)
    except ValueError:
        length = inf
    if not isfinite(length):
        raise CommandError(f"--nudge: a number expected as the step, '{step[:24]}' found")
    try:
        found = nudge(trace, parse(quantity), length)
    except ValueError as error:
        raise CommandError(f"--nudge: {error}") from error
    sign, length = ("-" if found.step < 0 else "+"), abs(found.step)
    return (
        f"{found.quantity} {sign} {length!r}: the gradient predicts {found.predicted!r}, "
        f"the loss moves by {found.moved!r}, {abs(found.difference):.1e} apart."
    )


def _verdict(row: GradientRow) -> str:
    if row.kink is not None:
        return f"{row.kink} lies at a kink"
    return "" if row.is_close else "off"


def _compare(chosen: argparse.Namespace) -> int:
    stepper = _stepper(chosen.session)
    compared = list(compare(stepper))
    if not compared:
        print("The session holds no published figures.")
        return GOOD
    for line in _comparison_lines(compared):
        print(line)
    differing = [row for row in compared if not row.agrees]
    unexplained = sum(not row.is_explained for row in compared)
    print(
        f"{len(compared)} published figures: {len(compared) - len(differing)} agree, "
        f"{len(differing) - unexplained} differ with a note, {unexplained} differ without one"
    )
    return OFF if unexplained else GOOD


def _comparison_lines(compared: list[Comparison]) -> Iterator[str]:
    """A line a figure; beneath one that differs, marks under the digits and the note."""
    heading = ("iteration", "sample", "quantity", "symbol", "published", "computed")
    rows = [(str(row.figure.iteration), str(row.figure.sample or ""), str(row.figure.quantity), row.symbol,
             row.figure.value, row.computed) for row in compared]  # fmt: skip
    first, *lines = table([heading, *rows], right=(0, 1, 4, 5))
    yield first
    for line, row in zip(lines, compared, strict=True):
        yield line
        if not row.agrees or row.figure.note:
            marks = row.marks if not row.agrees else ""
            yield f"{marks.rjust(len(line))}  {row.figure.note or 'differs, and no note says why'}"


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


_DO: dict[str, Callable[[argparse.Namespace], int]] = {
    "examples": _examples,
    "show": _show,
    "export": _export,
    "check": _check,
    "compare": _compare,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
