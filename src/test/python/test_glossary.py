"""The names that docs/glossary.md retires stay out of the plugin and out of the keys of internal JSON messages."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Iterator, Set

import pytest

ROOT = Path(__file__).parents[3]
PLUGIN = sorted((ROOT / "src/main/python/plimsoll_pytest").glob("*.py"))
#: Java that writes or reads messages and files that only Plimsoll itself reads.
INTERNAL_JAVA = sorted(ROOT.glob("src/main/java/dev/plimsoll/engine/**/*.java")) + sorted(
    ROOT.glob("src/main/java/dev/plimsoll/run/**/Journal*.java"))


def retired() -> Set[str]:
    """The first column of the table under "Retired names", without names that only Java may not use."""
    table = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").partition("## Retired names")[2]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `") and "(Java)" not in line]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Dict):
            for key in node.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def test_the_table_is_read() -> None:
    assert {"Floor", "crew", "hand", "sightings"} <= retired()
    assert "Session" not in retired()


@pytest.mark.parametrize("source", PLUGIN, ids=lambda path: path.name)
def test_no_name_of_the_plugin_is_retired(source: Path) -> None:
    used = {source.stem} | {name.lstrip("_") for name in names(ast.parse(source.read_text(encoding="utf-8")))}
    assert not used & retired()


def test_no_key_of_an_internal_message_is_retired() -> None:
    keys = {(key, path.name) for path in INTERNAL_JAVA for key in re.findall(r'"(\w+)"', path.read_text(encoding="utf-8"))}
    assert len(keys) > 50
    assert not [(key, name) for key, name in keys if key in retired()]
