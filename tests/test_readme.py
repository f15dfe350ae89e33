"""The README shows the pictures that a command makes, and its commands and lines of Python do what it says."""

import re
from pathlib import Path

import pytest

from engine import commands
from gui.screenshots import PICTURES

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LOOK = (ROOT / "docs" / "look.md").read_text(encoding="utf-8")


def test_its_pictures_are_those_that_are_made() -> None:
    shown = {*re.findall(r"\]\(docs/(.+?)\.png\)", README), *re.findall(r"\]\((.+?)\.png\)", LOOK)}
    assert sorted(shown) == sorted(PICTURES) == sorted(file.stem for file in (ROOT / "docs").glob("*.png"))


def test_its_lines_of_python_print_what_stands_beside_them(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"print\(.+\)  # (.+)", block)


@pytest.mark.parametrize("line", re.findall(r"^\./run ((?:examples|show|compare|check).*?)  ", README, re.MULTILINE))
def test_its_commands_work(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main([word.strip('"') for word in line.split()]) == 0
    assert capsys.readouterr().out
