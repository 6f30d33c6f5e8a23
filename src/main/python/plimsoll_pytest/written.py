"""The standard streams, and files that the project writes to and does not close: Python writes what their buffers hold
when it takes its objects apart at its end, and our processes end without that.
"""

from __future__ import annotations

import contextlib
import io
import sys
import weakref
from gc import get_objects
from typing import Any, Callable, Iterable, Iterator, List, Tuple, Type

from plimsoll_pytest.primitives import BUILTINS as __builtins__

WRITERS: Tuple[Type[Any], ...] = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)


class Written:
    """The open files of a process: those that were open before its objects were frozen, and those made since."""

    def __init__(self) -> None:
        self._before: List["weakref.ref[Any]"] = []
        self._revealed: List["weakref.ref[Any]"] = []

    def note(self) -> None:
        """Before `gc.freeze`, which hides objects from `gc.get_objects`."""
        self._before = [weakref.ref(file) for file in _writers()]

    def flush_noted(self) -> None:
        """Leave nothing in a buffer of which a worker would get a copy."""
        _flush([sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__])
        _flush(ref() for ref in self._before)

    def reveal(self, unfreeze: Callable[[], Any]) -> None:
        """End the freeze, and remember which files were hidden by it: in a forked worker they are the host's."""
        seen = {id(file) for file in _writers()}
        unfreeze()
        self._revealed = [weakref.ref(file) for file in _writers() if id(file) not in seen]

    def flush(self) -> None:
        self.flush_noted()
        revealed = {id(ref()) for ref in self._revealed}
        _flush(file for file in _writers() if id(file) not in revealed)


def _writers() -> Iterator[Any]:
    return (thing for thing in get_objects() if _is_writer(thing))


def _is_writer(thing: Any) -> bool:
    """Asks nothing of the object itself, as `isinstance` would: a proxy may load what it stands for, or raise."""
    return issubclass(type(thing), WRITERS)


def _flush(files: Iterable[Any]) -> None:
    for file in files:
        # Anything may have been put in a stream's place; of a full disk or a pipe without a reader nobody is left to be told.
        with contextlib.suppress(Exception):
            if not _is_writer(file) or file.writable():
                file.flush()


WRITTEN = Written()
