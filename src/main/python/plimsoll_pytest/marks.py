"""The pytest marks that a file's text puts on its tests, found by parsing it.

A name stands for what the file assigns to it, adds to it, or imports as it. What comes from another file (a mark in a
helper, a base class) is not followed: only pytest, which imports, knows that.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple


#: The methods of a list that add to it.
GROWS = ("append", "extend", "insert")


class UnreadableMarks(Exception):
    """The file cannot be parsed."""


def marks_of(path: Path) -> List[str]:
    """Return the sorted names of the marks in decorators and ``pytestmark`` assignments of this file."""
    try:
        source = path.read_bytes()
    except OSError as problem:
        raise UnreadableMarks(f"it cannot be read ({problem.strerror})") from problem
    if path.suffix != ".py" or b"mark" not in source:
        return []
    try:
        tree = ast.parse(source)
    except SyntaxError as problem:
        raise UnreadableMarks(f"syntax error in line {problem.lineno}") from problem
    except (ValueError, RecursionError, MemoryError) as problem:
        raise UnreadableMarks(f"it cannot be parsed ({problem})") from problem
    return sorted(_Text(tree).marks())


class _Text:
    """What a file's text says of marks."""

    def __init__(self, tree: ast.AST) -> None:
        self._decorators: List[ast.AST] = []
        #: What each name stands for, all values that are ever assigned or added to it.
        self._values: Dict[str, List[ast.AST]] = {}
        #: The names of `pytest.mark` itself.
        self._mark = {"mark"}
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self._decorators += node.decorator_list
            elif isinstance(node, ast.ImportFrom):
                self._mark.update(one.asname for one in node.names if one.name == "mark" and one.asname)
            for name, value in _assigned(node):
                self._values.setdefault(name, []).append(value)
                if self._is_mark(value):
                    self._mark.add(name)

    def marks(self) -> Set[str]:
        names: Set[str] = set()
        seen: Set[str] = set()
        waiting = [*self._decorators, *self._values.get("pytestmark", ())]
        while waiting:
            for node in ast.walk(waiting.pop()):
                if isinstance(node, ast.Attribute) and self._is_mark(node.value):
                    names.add(node.attr)
                elif isinstance(node, ast.Name) and node.id not in seen:
                    seen.add(node.id)
                    waiting += self._values.get(node.id, ())
        return names

    def _is_mark(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr == "mark"
        return isinstance(node, ast.Name) and node.id in self._mark


def _assigned(node: ast.AST) -> Iterator[Tuple[str, ast.AST]]:
    """The names that a statement assigns or adds something to, with what."""
    targets: List[ast.expr] = []
    values: List[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets, values = node.targets, [node.value]
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value:
        targets, values = [node.target], [node.value]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GROWS:
        targets, values = [node.func.value], node.args
    for target in targets:
        if isinstance(target, ast.Name):
            for value in values:
                yield target.id, value
