"""Where a library of the system cannot be loaded, one line names the package that brings it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.gui.test_start import NO_DISPLAY, ROOT, environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring what Qt loads")
NO_SUCH_DISPLAY = ":4711"


def spoiled(folder: Path, library: str) -> dict[str, str]:
    """An environment whose loader finds an empty file first where it looks for that library."""
    libraries = folder / "libraries"
    libraries.mkdir()
    (libraries / library).touch()
    return {"LD_LIBRARY_PATH": str(libraries)}


def run(variables: dict[str, str], home: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=environment(home, None) | variables,
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("library", "package", "variables"),
    [
        ("libEGL.so.1", "libegl1", {"QT_QPA_PLATFORM": "offscreen"}),
        ("libfontconfig.so.1", "libfontconfig1", {}),
        ("libxcb-cursor.so.0", "libxcb-cursor0", {"DISPLAY": NO_SUCH_DISPLAY}),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": NO_SUCH_DISPLAY}),
    ],
)
def test_a_start_without_a_library_names_its_package(
    tmp_path: Path, library: str, package: str, variables: dict[str, str]
) -> None:
    result = run(spoiled(tmp_path, library) | variables, tmp_path, ["gui", "seed-003"])
    assert (result.returncode, result.stdout) == (NO_DISPLAY, "")
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith("chainstep: Qt needs system packages that are missing")
    assert package in result.stderr.split()


def test_a_command_does_not_need_them(tmp_path: Path) -> None:
    result = run(spoiled(tmp_path, "libEGL.so.1"), tmp_path, ["gui", "show", "seed-003"])
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(("variables", "is_named"), [({"DISPLAY": ":0"}, True), ({}, False)], ids=["X11", "no display"])
def test_packages_of_x11_are_named_where_there_is_a_display(
    tmp_path: Path, variables: dict[str, str], is_named: bool
) -> None:
    result = run(spoiled(tmp_path, "libxcb-cursor.so.0") | variables, tmp_path, ["gui.system_packages"])
    assert result.returncode == 0
    assert ("libxcb-cursor0" in result.stdout.split()) is is_named


def test_another_failure_to_import_is_not_taken_for_a_missing_package(tmp_path: Path) -> None:
    """Qt's libraries are all there; what is missing is a module of Python."""
    code = """
import sys
sys.modules["gui.app"] = None
sys.argv = ["chainstep"]
from gui.__main__ import main
main()
"""
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path, "offscreen"),
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert "gui.app" in result.stderr.splitlines()[-1], result.stderr
    assert "system packages" not in result.stderr
