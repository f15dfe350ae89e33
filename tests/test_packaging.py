"""What is handed out: the program as it is installed, the wheel, and what desktops read."""

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
DESKTOP, METAINFO = PACKAGING / "chainstep.desktop", PACKAGING / "arpa.home.chainstep.metainfo.xml"
PACKAGES = ("engine", "gui", "resources")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def smoke(*program: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, PACKAGING / "smoke.py", *program)


def test_the_smoke_test_holds_here() -> None:
    result = smoke(sys.executable, "-W", "error", "-m", "gui")
    assert result.returncode == 0, result.stderr


def test_the_smoke_test_notices_a_program_that_exports_nothing() -> None:
    result = smoke(sys.executable, "-c", "print('dL/dw1')")
    assert result.returncode == 1
    assert result.stderr.startswith("smoke test: nothing was exported")


def test_the_smoke_test_notices_a_wrong_figure() -> None:
    """A digit is changed in what the program has written."""
    code = """
import sys
from engine.commands import main
status = main(sys.argv[1:] if sys.argv[1] != "--smoke" else ["export", "seed-003", "--values", sys.argv[2]])
if sys.argv[1] != "show":
    path = sys.argv[-1]
    text = open(path, encoding="utf-8").read()
    open(path, "w", encoding="utf-8").write(text.replace("0.392", "0.398"))
sys.exit(status)
"""
    result = smoke(sys.executable, "-c", code)
    assert result.returncode == 1
    assert "z[1,2] is 0.3985, the document prints 0.3925" in result.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    result = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as opened:
        yield opened


def test_the_wheel_holds_every_file_of_the_packages_and_none_besides(wheel: zipfile.ZipFile) -> None:
    here = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    there = {name for name in wheel.namelist() if ".dist-info/" not in name and ".data/" not in name}
    assert there == here


def test_the_wheel_brings_what_desktops_read(wheel: zipfile.ZipFile) -> None:
    shared = {name.partition(".data/data/share/")[2]: name for name in wheel.namelist() if ".data/" in name}
    assert {place: wheel.read(name) for place, name in shared.items()} == {
        "applications/chainstep.desktop": DESKTOP.read_bytes(),
        "metainfo/arpa.home.chainstep.metainfo.xml": METAINFO.read_bytes(),
        "icons/hicolor/scalable/apps/chainstep.svg": (ROOT / "resources" / "icons" / "chainstep.svg").read_bytes(),
    }
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel.namelist())


def test_desktop_file_and_metainfo_name_the_same_program() -> None:
    reader = configparser.ConfigParser(interpolation=None)
    reader.read(DESKTOP, encoding="utf-8")
    entry, component = reader["Desktop Entry"], ElementTree.parse(METAINFO).getroot()
    assert entry["Exec"].split()[0] == component.findtext("provides/binary") == "chainstep"
    assert entry["Icon"] == component.findtext("icon") == "chainstep"
    assert component.findtext("launchable") == DESKTOP.name
    assert (entry["Name"], entry["Comment"]) == (component.findtext("name"), component.findtext("summary"))
    assert METAINFO.name == f"{component.findtext('id')}.metainfo.xml"


@pytest.mark.parametrize(
    ("words", "path"),
    [(["desktop-file-validate"], DESKTOP), (["appstreamcli", "validate", "--no-net"], METAINFO)],
    ids=["desktop-file-validate", "appstreamcli"],
)
def test_desktops_accept_them(words: list[str], path: Path) -> None:
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed; on Debian: apt-get install desktop-file-utils appstream")
    result = run(*words, path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "hint" not in result.stdout + result.stderr


def needed(requirements: list[str]) -> Iterator[str]:
    """The names of packages that are required, and of all that these require in turn."""
    for requirement in requirements:
        if "extra ==" not in requirement:
            name = re.split(r"[^\w-]", requirement)[0].lower()
            yield name
            yield from needed(metadata.requires(name) or [])


def test_the_notice_names_every_package_of_others_that_the_bundle_holds() -> None:
    """The dependencies and what these need: the notice says their licence, the recipe takes their texts along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = set(needed(project["dependencies"]))
    notice = (PACKAGING / "licenses" / "NOTICE.txt").read_text().lower()
    recipe = ast.parse((PACKAGING / "chainstep.spec").read_text())
    taken = {node.value for node in ast.walk(recipe) if isinstance(node, ast.Constant)}
    assert "pyqtgraph" in packages
    assert "shiboken6" in packages
    for package in packages:
        assert package.removesuffix("-essentials") in notice
        assert package in taken, "its metadata"
    assert {"packaging", "licenses"} <= taken


@pytest.mark.parametrize(("name", "title"), [("LGPL-3.0", "GNU LESSER GENERAL"), ("GPL-3.0", "GNU GENERAL")])
def test_the_texts_that_qts_licence_asks_for_are_whole(name: str, title: str) -> None:
    words = (PACKAGING / "licenses" / f"{name}.txt").read_text()
    assert words.split("\n")[0].strip() == f"{title} PUBLIC LICENSE"
    assert "Version 3, 29 June 2007" in words
    assert words.count("\n") == {"LGPL-3.0": 165, "GPL-3.0": 674}[name]
