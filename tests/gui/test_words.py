"""Every sentence that a person reads stands in gui/text, or in the tables of commands, panels and pictures."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GUI = Path(__file__).resolve().parents[2] / "gui"
TABLES = ("__main__.py", "actions.py", "panels/__init__.py", "screenshots.py")
"""A command, a panel, a picture of the README is one record, its words among the rest."""
NO_SENTENCES = {"could not connect to display", "Could not load the Qt platform plugin", "initial seed", "data seed"}
"""What Qt says, and keys of fields."""
TWO_WORDS = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
FILES = [
    file for file in sorted(GUI.rglob("*.py"))
    if file.parent.name != "text" and file.relative_to(GUI).as_posix() not in TABLES
]  # fmt: skip


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string that reads like words and is neither a docstring nor unread."""
    tree = ast.parse(source)
    unread = {id(part) for node in ast.walk(tree) if _is_unread(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unread:
            said = "" if node.value in NO_SENTENCES else node.value
            yield from [(node.lineno, said)] if TWO_WORDS.search(said) else []


def _is_unread(node: ast.AST) -> bool:
    """An exception raised here, a line of the log, or a docstring."""
    if isinstance(node, ast.Raise):
        return True
    return isinstance(node, ast.Expr) and (
        isinstance(node.value, ast.Constant) or ast.unparse(node.value).startswith("LOG.")
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(GUI).as_posix())
def test_no_sentence_stands_elsewhere(file: Path) -> None:
    assert list(sentences(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    ['label.setText("No run yet")', 'say(f"Nothing pasted: {error}, so try again")', 'A = {"x": "two words here"}'],
)
def test_a_sentence_elsewhere_is_found(source: str) -> None:
    assert list(sentences(source))
