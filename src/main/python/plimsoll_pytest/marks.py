"""The pytest marks that a file's text puts on its tests, found by parsing it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator, List, Set


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
    names: Set[str] = set()
    for expression in _marking_expressions(tree):
        names.update(_mark_names(expression))
    return sorted(names)


def _marking_expressions(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from node.decorator_list
        elif isinstance(node, ast.Assign):
            if any(_is_pytestmark(target) for target in node.targets):
                yield node.value
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and _is_pytestmark(node.target) and node.value:
            yield node.value


def _is_pytestmark(target: ast.AST) -> bool:
    return isinstance(target, ast.Name) and target.id == "pytestmark"


def _mark_names(expression: ast.AST) -> Iterator[str]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and _is_mark(node.value):
            yield node.attr


def _is_mark(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "mark"
    return isinstance(node, ast.Name) and node.id == "mark"
