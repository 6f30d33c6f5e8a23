"""Which files of the project ask for the worker's name while they are imported.

Under pytest-xdist each worker imports the project itself, and `os.environ["PYTEST_XDIST_WORKER"]` in a module or in Django's settings
gives each worker its own database. Forked workers share what the host has imported, where there was no worker yet: each
would take the name that is meant for a run without workers, and all the same database. So the workers are spawned then.
"""

from __future__ import annotations

import contextlib
import os
import sys
from types import FrameType
from typing import Any, List, Optional, Type

from plimsoll_pytest.project_code import is_projects

WORKER = frozenset({b"PYTEST_XDIST_WORKER", b"PYTEST_XDIST_WORKER_COUNT"})


class Environment(dict):  # type: ignore[type-arg]
    """The variables behind `os.environ`: as fast as before for those that are set, and only the others are looked at."""

    def __init__(self, variables: Any, asked: List[str]) -> None:
        super().__init__(variables)
        self.asked: Optional[List[str]] = asked

    def __missing__(self, key: Any) -> Any:
        if self.asked is not None and key in WORKER:
            place = _imported_place(sys._getframe(1))
            if place:
                self.asked.append(f"{place} reads {os.fsdecode(key)}")
        raise KeyError(key)


class WorkersEnvironment(Environment):
    """The same in a worker, where these variables are set."""

    def __getitem__(self, key: Any) -> Any:
        if key in WORKER and key in self:
            with contextlib.suppress(KeyError):
                self.__missing__(key)
        return super().__getitem__(key)


class ImportReads:
    """Notes the reads from when the plugin is loaded until all tests are collected."""

    def __init__(self) -> None:
        self._asked: List[str] = []

    def watch(self, kind: Type[Environment] = Environment) -> None:
        variables = getattr(os.environ, "_data", None)
        if type(variables) is dict:
            os.environ._data = kind(variables, self._asked)  # type: ignore[attr-defined]
            if hasattr(os, "environb"):
                os.environb._data = os.environ._data  # type: ignore[attr-defined]

    def so_far(self) -> str:
        """What was read until now, empty when nothing was."""
        return self._asked[0] if self._asked else ""

    def note(self) -> str:
        """What was read, empty when nothing was; from now on reads are not looked at."""
        variables = getattr(os.environ, "_data", None)
        if isinstance(variables, Environment):
            variables.asked = None
        return self._asked[0] if self._asked else ""


def _imported_place(frame: Optional[FrameType]) -> str:
    """File and line of the module that is being imported, if it is the project's own: `tests/conftest.py:3`."""
    while frame is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    file = frame.f_code.co_filename if frame is not None else ""
    return f"{os.path.relpath(file)}:{frame.f_lineno}" if frame is not None and is_projects(file) else ""


IMPORT_READS = ImportReads()
