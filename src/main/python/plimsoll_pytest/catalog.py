"""The messages to Java about the collected tests."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Sequence, Set

import pytest

from plimsoll_pytest import reports, terminal
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

CHUNK = 500
UNITTEST_CLASS = ("_unittest_setUpClass_fixture_", "unittest_setUpClass_fixture_")


def item_messages(config: pytest.Config, items: Sequence[pytest.Item]) -> Iterator[Dict[str, Any]]:
    """The `items` messages for these tests, in chunks."""
    root = str(config.rootpath)
    paths: Dict[Any, str] = {}
    for at in range(0, len(items), CHUNK):
        told = []
        for index, item in enumerate(items[at : at + CHUNK], at):
            path = getattr(item, "path", None)
            if path not in paths:
                paths[path] = _relative(path, root)
            told.append(_told(index, item, paths[path]))
        yield {"type": "items", "items": told}


class Deselected:
    """The tests that were left out: how many, and the marks of them in each file, since a file with some of its tests
    belongs to the same group as with all."""

    def __init__(self) -> None:
        self.count = 0
        self._marks: Dict[Any, Set[str]] = {}

    def add(self, items: Sequence[Any]) -> None:
        self.count += len(items)
        for item in items:
            marks = self._marks.setdefault(getattr(item, "path", None), set())
            marks.update(mark.name for mark in item.iter_markers())

    def marks(self, config: pytest.Config, items: Sequence[pytest.Item]) -> Dict[str, List[str]]:
        """The marks, for the files of these tests."""
        paths = {getattr(item, "path", None) for item in items} & self._marks.keys() - {None}
        return {_relative(path, str(config.rootpath)): sorted(self._marks[path]) for path in paths}


def _relative(path: Any, root: str) -> str:
    return "" if path is None else os.path.relpath(path, root).replace(os.sep, "/")


def uncollected_message(config: pytest.Config, report: Any) -> Optional[Dict[str, Any]]:
    """The `uncollected` message for a file, folder or class that could not be collected or skipped itself."""
    if report.outcome == "passed":
        return None
    failed = report.outcome == "failed"
    return {
        "type": "uncollected", "id": report.nodeid, "outcome": "error" if failed else "skipped",
        "text": terminal.failure_text(config, report) if failed else "",
        "reason": "" if failed else reports.skip_reason(report)}


def wishes(config: pytest.Config) -> Dict[str, Any]:
    """What was asked of the session, for its `collected` message."""
    option = config.option
    return {"collect_only": option.collectonly,
            "verbose": getattr(option, "verbose", 0) > 0}  # without the terminal plugin there is none


def _told(index: int, item: pytest.Item, path: str) -> Dict[str, Any]:
    marks = list(item.iter_markers())
    return {
        "index": index, "id": item.nodeid, "path": path, "unit": _unit(item), "group": _group(marks),
        "marks": list(dict.fromkeys(mark.name for mark in marks)), "limits": _limits(marks),
    }


def _group(marks: Sequence[Any]) -> Optional[str]:
    """The group of a test; the names of several marks are joined, whatever their order, as pytest-xdist does."""
    names = {str(mark.args[0] if mark.args else mark.kwargs.get("name", "default"))
             for mark in marks if mark.name == "xdist_group"}
    return "_".join(sorted(names)) or None


def _limits(marks: Sequence[Any]) -> Dict[str, Any]:
    limits: Dict[str, Any] = {}
    for mark in marks:
        if mark.name == "plimsoll":
            for name, value in mark.kwargs.items():
                limits.setdefault(name, value)
    return limits


def _unit(item: pytest.Item) -> Optional[str]:
    """The node id of the module or class whose fixtures this test uses; a module's holds its classes' too."""
    scopes = _scopes(item)
    if "module" in scopes:
        node: Any = item.getparent(pytest.Module) or item.getparent(pytest.File)  # type: ignore[type-abstract]
    elif "class" in scopes:
        node = item.getparent(pytest.Class)
    else:
        return None
    return node.nodeid if node is not None else None


def _scopes(item: pytest.Item) -> List[str]:
    info = getattr(item, "_fixtureinfo", None)
    scopes = []
    for name, definitions in getattr(info, "name2fixturedefs", {}).items():
        scope = definitions[-1].scope
        if scope == "class" and name.startswith(UNITTEST_CLASS) and not _sets_up_class(item):
            continue
        scopes.append(scope)
    return scopes


def _sets_up_class(item: pytest.Item) -> bool:
    """Whether a unittest class has a setup of its own: pytest gives each of them a fixture for it."""
    import unittest

    kind = getattr(item, "cls", None)
    for name in ("setUpClass", "tearDownClass"):
        own = getattr(getattr(kind, name, None), "__func__", None)
        if own is not getattr(unittest.TestCase, name).__func__:
            return True
    return False
