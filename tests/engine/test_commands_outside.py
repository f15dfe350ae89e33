"""The commands as a shell sees them: bytes, exit status, pipes, a full disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words: str) -> subprocess.CompletedProcess[bytes]:
    """`python -m gui` with these words, in a plain C locale; its output as bytes."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "gui", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)


def test_from_the_outside_text_is_utf_8() -> None:
    done = run("show", "seed-003", "--operation", "6")
    assert done.returncode == 0
    assert done.stderr == b""
    assert "ŷ = sigmoid(z_out)" in done.stdout.decode("utf-8")


def test_from_the_outside_an_error_is_one_line() -> None:
    done = run("check", "seed-03")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().splitlines() == [
        "chainstep: seed-03: no such file, and no example of that name; did you mean 'seed-003'?"
    ]


def test_commands_need_no_qt() -> None:
    code = "import sys; from engine.commands import main; main(['examples']); print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == b"False"


def test_a_reader_that_leaves_early() -> None:
    command = [sys.executable, "-m", "gui", "compare", "seed-003"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(timeout=60) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_stdout_on_a_full_disk() -> None:
    script = f'"{sys.executable}" -m gui compare seed-003 > /dev/full'
    done = subprocess.run(["sh", "-c", script], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == "chainstep: output: no space left on device\n"
