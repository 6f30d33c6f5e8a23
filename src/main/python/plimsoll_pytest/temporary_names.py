"""Temporary files and folders that the project makes while it is imported and configured.

A worker that is a process of its own makes its own, and two workers never meet in it. Forked workers would all write into
the host's. What has gone again when the tests are collected is nobody's.
"""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from typing import Any, Callable, Dict, Iterator, List, Tuple

from plimsoll_pytest.fork_hazards import Hazard
from plimsoll_pytest.project_code import calling_line

#: With what they make; `TemporaryDirectory` calls the first of them.
MAKERS = {"mkdtemp": "the temporary folder", "mkstemp": "the temporary file", "NamedTemporaryFile": "the temporary file",
          "mktemp": "the name of a temporary file"}


class TemporaryNames:
    """Notes each of them, with the line of the project that asked for it."""

    def __init__(self) -> None:
        self._made: Dict[str, Tuple[str, str]] = {}
        self._originals: Dict[str, Callable[..., Any]] = {}

    def watch(self) -> None:
        """Before the project is imported, which may keep the functions."""
        for maker in MAKERS:
            self._originals[maker] = original = getattr(tempfile, maker)
            setattr(tempfile, maker, self._noting(maker, original))

    def stop(self) -> None:
        """When the tests are collected: what they make themselves is theirs."""
        for maker, original in self._originals.items():
            setattr(tempfile, maker, original)
        self._originals = {}

    def hazards(self) -> Iterator[Hazard]:
        """Those that are there, or may be made under their name."""
        for path, (maker, place) in self._made.items():
            if maker == "mktemp" or os.path.lexists(path):
                yield Hazard(f"{MAKERS[maker]} {path} ({place})", "temporary", path)

    def _noting(self, maker: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def noting(*args: Any, **kwargs: Any) -> Any:
            made = original(*args, **kwargs)
            place = calling_line(sys._getframe(1)) if self._originals else ""
            if place:
                self._made[os.path.abspath(os.fsdecode(_path_of(made)))] = maker, place
            return made

        return noting


def _path_of(made: Any) -> Any:
    return made[1] if isinstance(made, tuple) else getattr(made, "name", made)


TEMPORARY_NAMES = TemporaryNames()
