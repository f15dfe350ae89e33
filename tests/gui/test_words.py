"""Every sentence that a person reads stands in gui/text, or in the tables of commands, panels and pictures."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GUI = Path(__file__).resolve().parents[2] / "gui"
TABLES = ("actions.py", "panels/__init__.py", "screenshots.py")
"""A command, a panel, a picture of the README is one record, its words among the rest."""
UNREAD = ("raise", "LOG")
"""What stands there is for the one who writes the program."""
TWO_WORDS = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
FILES = [
    file for file in sorted(GUI.rglob("*.py"))
    if file.parent.name != "text" and file.relative_to(GUI).as_posix() not in TABLES
]  # fmt: skip


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string that reads like words and is neither a docstring nor unread."""
    unread: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        is_unread = isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and _is_unread(node.value))
        if is_unread:
            unread.update(map(id, ast.walk(node)))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TWO_WORDS.search(node.value):
            yield node.lineno, node.value


def _is_unread(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) or ast.unparse(value).startswith(UNREAD)
