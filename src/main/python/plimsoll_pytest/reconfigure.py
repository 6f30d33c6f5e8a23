"""The part of `pytest_configure`, `pytest_sessionstart` and `pytest_unconfigure` that is meant for workers, in a forked
worker.

The first two ran once, in the controller, before there were workers. A plugin that does something else in a worker of
pytest-xdist there (pytest-metadata fills `workeroutput`, a conftest opens a log for each worker) must be asked again.
Which ones those are is seen in their code: they name `workerinput`, a variable of the environment, and the like. All
others would only do again what the fork has inherited.
"""

from __future__ import annotations

import contextlib
import logging
import traceback
from types import CodeType
from typing import Any, Iterator, List, Set

import pytest

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

WORDS = frozenset({
    "workerinput", "workeroutput", "is_xdist_worker", "is_xdist_controller", "is_xdist_master", "get_xdist_worker_id",
    "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID",
})
#: Modules that know by themselves what a worker is.
KNOWN = ("_pytest.", "plimsoll_pytest.", "xdist.", "pytest_cov.")


class OwnPart:
    """What a forked worker configures itself and has to undo; the host undoes what it configured."""

    def __init__(self, session: pytest.Session) -> None:
        config: Any = session.config
        self._hook = config.hook
        self._values = {"config": config, "session": session}
        self._plugins_of_host = config.pluginmanager.get_plugins()
        self._configured: Set[Any] = set()
        self._undo = contextlib.ExitStack()
        config.add_cleanup = self._undo.callback

    def begin(self, told: int) -> None:
        """Call them again. Errors are reported like a stack, and do not keep the worker from its tests."""
        with _as_before_the_loop():
            for hook in (self._hook.pytest_configure, self._hook.pytest_sessionstart):
                for impl in reversed(hook.get_hookimpls()):
                    if not _is_projects(impl) or not is_for_workers(impl.function):
                        continue
                    if hook is self._hook.pytest_configure:
                        self._configured.add(impl.plugin)
                    try:
                        impl.function(*self._arguments(impl))
                    except Exception:
                        os.write(told, traceback.format_exc().encode("utf-8", "replace"))

    def end(self) -> None:
        """Call `pytest_unconfigure` of what was configured here, then cleanups that were added here."""
        for impl in self._hook.pytest_unconfigure.get_hookimpls():
            own = impl.plugin in self._configured or impl.plugin not in self._plugins_of_host
            if _is_projects(impl) and (own or is_for_workers(impl.function)):
                self._undo.callback(impl.function, *self._arguments(impl))
        self._undo.close()

    def _arguments(self, impl: Any) -> List[Any]:
        return [self._values[name] for name in impl.argnames]


@contextlib.contextmanager
def _as_before_the_loop() -> Iterator[None]:
    """Without the handlers that pytest puts on the root logger while tests run: `logging.basicConfig` does nothing
    when there are any."""
    root = logging.getLogger()
    pytests = [handler for handler in root.handlers if type(handler).__module__.startswith("_pytest.")]
    root.handlers[:] = [handler for handler in root.handlers if handler not in pytests]
    try:
        yield
    finally:
        root.handlers[:0] = pytests


def _is_projects(impl: Any) -> bool:
    """A function, not a wrapper, of a plugin or conftest that does not check for workers itself."""
    module = getattr(impl.function, "__module__", None) or ""
    return not (impl.hookwrapper or getattr(impl, "wrapper", False) or f"{module}.".startswith(KNOWN))


def is_for_workers(function: Any) -> bool:
    return bool(named(function) & WORDS)


def named(function: Any) -> Set[str]:
    """The names and texts in the code of a function, and of functions of the same file that it calls."""
    code = getattr(function, "__code__", None)
    if code is None:
        return set()
    found = set(_names(code))
    space = getattr(function, "__globals__", {})
    for helper in [space.get(name) for name in found]:
        if getattr(helper, "__module__", None) == function.__module__ and hasattr(helper, "__code__"):
            found |= set(_names(helper.__code__))
    return found


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _names(constant)
