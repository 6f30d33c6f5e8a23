"""The part of `pytest_configure` and `pytest_sessionstart` that is meant for workers, in a forked worker.

Both ran once, in the controller, before there were workers. A plugin that does something else in a worker of
pytest-xdist there (pytest-metadata fills `workeroutput`, a conftest opens a log for each worker) must be asked again.
Which ones those are is seen in their code: they name `workerinput`, a variable of the environment, and the like. All
others would only do again what the fork has inherited.
"""

from __future__ import annotations

import contextlib
import logging
import os
import traceback
from types import CodeType
from typing import Any, Iterator

import pytest

WORDS = frozenset({
    "workerinput", "workeroutput", "is_xdist_worker", "is_xdist_controller", "is_xdist_master", "get_xdist_worker_id",
    "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID",
})
#: Modules that know by themselves what a worker is.
KNOWN = ("_pytest.", "plimsoll_pytest.", "xdist.", "pytest_cov.")


def as_worker(session: pytest.Session, told: int) -> None:
    """Call them again; what goes wrong is told like a stack, and does not keep the worker from its tests."""
    values = {"config": session.config, "session": session}
    with _as_before_the_loop():
        for hook in (session.config.hook.pytest_configure, session.config.hook.pytest_sessionstart):
            for impl in reversed(hook.get_hookimpls()):
                if _is_wrapper(impl) or not _is_for_workers(impl.function):
                    continue
                try:
                    impl.function(*(values[name] for name in impl.argnames))
                except Exception:
                    os.write(told, traceback.format_exc().encode("utf-8", "replace"))


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


def _is_wrapper(impl: Any) -> bool:
    return bool(impl.hookwrapper or getattr(impl, "wrapper", False))


def _is_for_workers(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    module = getattr(function, "__module__", None) or ""
    if code is None or f"{module}.".startswith(KNOWN):
        return False
    named = set(_names(code))
    space = getattr(function, "__globals__", {})
    for helper in [space.get(name) for name in named]:  # a function of the same file that asks on its behalf
        if getattr(helper, "__module__", None) == module and hasattr(helper, "__code__"):
            named |= set(_names(helper.__code__))
    return bool(named & WORDS)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _names(constant)
