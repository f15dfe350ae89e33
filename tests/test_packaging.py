"""What is handed out: the program as it is installed, the wheel, and what desktops read."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SMOKE = ROOT / "packaging" / "smoke.py"


def smoke(*program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SMOKE), *program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_smoke_test_holds_here() -> None:
    result = smoke(sys.executable, "-W", "error", "-m", "gui")
    assert result.returncode == 0, result.stderr


def test_the_smoke_test_notices_a_program_that_does_not_work(tmp_path: Path) -> None:
    """It answers every call with 0, and does nothing."""
    result = smoke(sys.executable, "-c", "print('dL/dw1')")
    assert result.returncode == 1
    assert result.stderr.startswith("smoke test: nothing was exported")
