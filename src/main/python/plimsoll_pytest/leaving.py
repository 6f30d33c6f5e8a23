"""The end of a worker is that of a Python process: threads that are no daemons end first, then functions that were
registered with `atexit` run, then streams are flushed.

A fork inherits what the host has registered. Of that a worker runs what the project itself registered while it was
imported: each process of pytest-xdist would. What pytest, the standard library and installed packages registered is the
host's to do, and so is what a function of the standard library removes: other workers still use it. A forked worker waits
with it until no test runs any more; with `--isolate` it cannot, as each batch of tests has a worker.
"""

from __future__ import annotations

import atexit
import logging
import sys
import weakref
from typing import Any, Callable, Iterator, List, NamedTuple, Set

from plimsoll_pytest.fork_hazards import Hazard
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, threading
from plimsoll_pytest.project_code import is_projects

#: What they remove is made once, in the host.
REMOVERS = frozenset({"os", "pathlib", "posix", "shutil", "tempfile", "weakref"})


class Registered(NamedTuple):
    function: Callable[..., Any]
    args: Any
    kwargs: Any
    place: str


class Leaving:
    """Notes what the project registers until its tests are collected, and ends the process of a worker."""

    def __init__(self) -> None:
        self._register, self._unregister = atexit.register, atexit.unregister
        self._run, self._clear = atexit._run_exitfuncs, atexit._clear
        self._join: Callable[[], Any] = threading._shutdown  # type: ignore[attr-defined]
        self._threads, self._main = threading.enumerate, threading.main_thread
        self._noted: List[Registered] = []
        self._isolated = False
        self._logs: Set[int] = set()

    def watch(self, isolated: bool) -> None:
        """Before the project is imported, in the process that imports it."""
        self._isolated = isolated

        def register(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
            caller = sys._getframe(1)
            if is_projects(caller.f_code.co_filename) and not _removes(func):
                place = f"{os.path.relpath(caller.f_code.co_filename)}:{caller.f_lineno}"
                self._noted.append(Registered(func, args, kwargs, place))
            return self._register(func, *args, **kwargs)

        def unregister(func: Callable[..., Any]) -> None:
            self._noted = [one for one in self._noted if one.function != func]
            self._unregister(func)

        for function in (register, unregister):
            original = getattr(atexit, function.__name__)
            function.__qualname__, function.__module__ = original.__qualname__, original.__module__
            function.__doc__ = original.__doc__
            setattr(atexit, function.__name__, function)

    @property
    def waits(self) -> bool:
        """Whether a forked worker has to wait for the others: what it is about to do may end what they all use."""
        return bool(self._noted)

    def hazards(self) -> Iterator[Hazard]:
        """What the first of many short-lived workers would end for all that are forked after it."""
        for one in self._noted if self._isolated else ():
            name = getattr(one.function, "__name__", type(one.function).__name__)
            yield Hazard(f"what the atexit handler {name} ({one.place}) ends after each isolated test", "handler", one.place)

    def take_up(self) -> None:
        """In a forked worker, before anything of the project runs: what is the host's to end is not ours."""
        self._clear()
        for finalizer in list(weakref.finalize._registry):  # type: ignore[attr-defined]
            finalizer.atexit = False
        processes = sys.modules.get("multiprocessing.process")
        getattr(processes, "_children", set()).clear()
        self._logs = {id(handler) for handler in logging._handlerList}  # type: ignore[attr-defined]
        self._register(self._close_logs)
        if weakref.finalize._registered_with_atexit:  # type: ignore[attr-defined]
            self._register(weakref.finalize._exitfunc)  # type: ignore[attr-defined]
        util: Any = sys.modules.get("multiprocessing.util")
        if util is not None:
            self._register(util._exit_function)
        for one in self._noted:
            self._register(one.function, *one.args, **one.kwargs)

    def _close_logs(self) -> None:
        """Flush and close the handlers of logs that were made since: the others are the host's."""
        logging.shutdown([one for one in logging._handlerList if id(one) not in self._logs])  # type: ignore[attr-defined]

    def end(self, tell: Callable[[List[str]], None]) -> None:
        """Do what Python does before it takes its objects apart; tells which threads it waits for."""
        waited = [thread.name for thread in self._threads() if thread is not self._main() and not thread.daemon]
        if waited:
            tell(waited)
        for work in (self._join, self._run):
            try:
                work()
            except BaseException:  # Python prints such problems, and goes on
                sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        if waited:
            tell([])


def _removes(function: Any) -> bool:
    inner = getattr(function, "func", function)  # of a `functools.partial`
    owner = getattr(inner, "__self__", None)
    module = getattr(inner, "__module__", None) or getattr(type(owner), "__module__", "")
    return str(module).split(".")[0] in REMOVERS


LEAVING = Leaving()
