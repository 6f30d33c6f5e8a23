"""Where the project makes what forked workers could not share: noted while a process of its own collects.

Only the collection that follows upon the finding of such a thing is watched: the interpreter's audit hook costs a little
for every file that is opened, and cannot be taken away again. What it is not told of is wrapped while tests are collected.
"""

from __future__ import annotations

import _multiprocessing
import functools
import os
import select
import selectors
import signal
import sys
import threading
import weakref
from types import FrameType
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from plimsoll_pytest.fork_hazards import Hazard, without_note
from plimsoll_pytest.project_code import LIBRARY, OURS, is_installed

STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"})
STARTS_THREAD = ("_start_new_thread", "_start_joinable_thread")
#: Functions that tell no audit hook, with what they make.
SILENT = ((os, "pipe"), (os, "pipe2"), (os, "eventfd"), (os, "memfd_create"), (os, "pidfd_open"), (select, "epoll"),
          (getattr(selectors, "EpollSelector", None), "_selector_cls"), (signal, "setitimer"),
          (signal, "alarm"), (signal, "signal"), (_multiprocessing, "SemLock"),
          *((threading, name) for name in STARTS_THREAD))


class Places:
    """The lines of the project at which things were made, by kind and name."""

    def __init__(self, root: str) -> None:
        self._root = root + os.sep
        self._made: Dict[Tuple[str, Any], str] = {}
        self._sockets: List[Tuple[Any, str]] = []
        self._wrapped: List[Tuple[Any, str, Any]] = []
        self._watching = False

    def watch(self) -> None:
        """From now on until `stop`."""
        self._watching = True
        sys.addaudithook(self._audit)
        for owner, name in SILENT:
            if hasattr(owner, name):
                self._wrap(owner, name)

    def stop(self) -> None:
        self._watching = False
        for owner, name, original in self._wrapped:
            setattr(owner, name, original)

    def of(self, hazard: Hazard) -> str:
        """The line that made it: `conftest.py:3`; empty when it is not known."""
        if hazard.kind == "fd":
            told = next((place for one, place in self._sockets if _number(one) == hazard.name), "")
            return told or self._made.get(("fd", hazard.name), "")
        if hazard.kind == "file":
            path = os.path.realpath(without_note(hazard.name))  # a file without a name is opened by its folder's
            return self._made.get(("file", path), "") or self._made.get(("file", os.path.dirname(path)), "")
        return self._made.get((hazard.kind, hazard.name), "") or self._made.get((hazard.kind, None), "")

    def _audit(self, event: str, args: Tuple[Any, ...]) -> None:
        if not self._watching:
            return
        if event == "open":
            self._opened(args[0])
        elif event == "sqlite3.connect":
            self._opened(args[0])
        elif event in STARTS:
            self._note("child", None)
        elif event == "socket.__new__":
            place = self._place()
            if place:
                self._sockets.append((_weak(args[0]), place))
        elif event == "mmap.__new__":
            self._note("mapping", None)
        elif event in ("fcntl.flock", "fcntl.lockf"):
            self._locked(args[0])

    def _opened(self, path: Any) -> None:
        if isinstance(path, (str, bytes, os.PathLike)):
            place = self._place()
            if place:
                self._made["file", os.path.realpath(os.fsdecode(path))] = place

    def _locked(self, fd: Any) -> None:
        try:
            self._note("file", os.path.realpath(f"/proc/self/fd/{fd}"))
        except (OSError, ValueError):
            return

    def _note(self, kind: str, name: Any) -> None:
        place = self._place()
        if place:
            self._made[kind, name] = place

    def _wrap(self, owner: Any, name: str) -> None:
        original = getattr(owner, name)

        @functools.wraps(original, updated=())
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            made = original(*args, **kwargs)
            for kind, key in _kinds(name, args, made):
                self._note(kind, key)
            return made

        for attribute in dir(original):
            if not attribute.startswith("__"):
                setattr(wrapped, attribute, getattr(original, attribute))
        self._wrapped.append((owner, name, original))
        setattr(owner, name, staticmethod(wrapped) if isinstance(owner, type) else wrapped)

    def _place(self) -> str:
        """The innermost line of the project itself, else of what is installed."""
        frame: Optional[FrameType] = sys._getframe(1)
        installed = ""
        while frame is not None:
            file = frame.f_code.co_filename
            if os.path.isabs(file) and not file.startswith((OURS, LIBRARY)):
                if file.startswith(self._root) and not is_installed(file):
                    return f"{file[len(self._root):]}:{frame.f_lineno}"
                installed = installed or f"{os.path.basename(file)}:{frame.f_lineno}"
            frame = frame.f_back
        return "" if "_pytest" in installed else installed


def _kinds(name: str, args: Tuple[Any, ...], made: Any) -> Iterator[Tuple[str, Any]]:
    if name in ("setitimer", "alarm"):
        yield "timer", ""
    elif name == "signal":
        yield "handler", ""
    elif name in STARTS_THREAD:
        yield "thread", getattr(getattr(args[0], "__self__", None), "name", None)
        yield "thread", None
    elif name == "SemLock":
        yield "mapping", None
    else:
        for one in made if isinstance(made, tuple) else (made,):
            yield "fd", _number(one)


def _weak(thing: Any) -> Callable[[], Any]:
    try:
        return weakref.ref(thing)
    except TypeError:
        return lambda: None


def _number(thing: Any) -> int:
    thing = thing() if callable(thing) else thing
    try:
        return thing if isinstance(thing, int) else int(thing.fileno())
    except (AttributeError, OSError, ValueError):
        return -1


def with_places(hazards: Sequence[Hazard], places: Optional[Places]) -> List[str]:
    """The hazards in words, one for each line that made some."""
    told: Dict[str, str] = {}
    for hazard in hazards:
        place = places.of(hazard) if places is not None else ""
        told.setdefault(place or hazard.text, f"{hazard.text} ({place})" if place else hazard.text)
    return list(told.values())
