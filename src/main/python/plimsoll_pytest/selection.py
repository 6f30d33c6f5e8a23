"""The files whose tests run, where pytest or pytest-xdist schedules and Java cannot leave any out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import pytest

#: The key under which pytest-xdist carries the files to its workers.
INPUT = "plimsoll_files"


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


def omit(config: Any, path: str) -> None:
    """Leave out the files that Java has written down there."""
    files = read(path)
    if files:
        config.pluginmanager.register(Omission(files), "plimsoll-omission")


def register(config: Any, files: Optional[Sequence[str]]) -> None:
    if files is not None:
        config.pluginmanager.register(Selection(files), "plimsoll-selection")
