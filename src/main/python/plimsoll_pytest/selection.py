"""The files whose tests run, where pytest or pytest-xdist schedules and Java cannot leave any out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import pytest

#: The keys under which pytest-xdist carries to its workers the files that run, and those that need no import.
INPUT = "plimsoll_files"
OMITTED = "plimsoll_omitted"

#: The hooks with which a plugin makes tests of a file in a way of its own, perhaps of another file's.
MAKERS = ("pytest_collect_file", "pytest_pycollect_makemodule")


class Selection:
    """Leaves the tests of other files out when all that selects and sorts is done, so that arguments, the root folder,
    `-k` and `--lf` mean what they mean to pytest."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = set(map(_place, files))
        self._known: Dict[str, bool] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        kept = [item for item in session.items if self._has(str(item.path))]
        others = [item for item in session.items if not self._has(str(item.path))]
        if others:
            session.items[:] = kept
            session.config.hook.pytest_deselected(items=others)

    def _has(self, path: str) -> bool:
        if path not in self._known:
            self._known[path] = _place(path) in self._files
        return self._known[path]


class Omission:
    """Keeps pytest from importing files of which it is known beforehand that no test of them runs."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = set(map(_place, files))

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> Optional[bool]:
        return True if _place(str(collection_path)) in self._files else None


def _place(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def read(path: str) -> Optional[List[str]]:
    """The files that Java has written down, each ended by a NUL but the last; None when it has not chosen any."""
    if not path:
        return None
    with open(path, "rb") as file:
        return [os.fsdecode(name) for name in file.read().split(b"\0") if name]


def omit(config: Any, files: Optional[Sequence[str]]) -> None:
    """Leave these files out. With `--lf` pytest itself imports only files with failures, and takes all where it knows of
    none; a plugin that makes tests of files in a way of its own may need those of others."""
    if files and not config.getoption("lf", False) and not _has_maker(config):
        config.pluginmanager.register(Omission(files), "plimsoll-omission")


def _has_maker(config: Any) -> bool:
    functions = [made.function for name in MAKERS for made in getattr(config.pluginmanager.hook, name).get_hookimpls()]
    return not all(function.__module__.startswith("_pytest.") for function in functions)


def register(config: Any, files: Optional[Sequence[str]]) -> None:
    if files is not None:
        config.pluginmanager.register(Selection(files), "plimsoll-selection")
