"""Teardown of fixtures wider than a test when tests arrive in batches.

pytest tears down what the next test does not share, and takes the absence of a next test for the end of the session.
A worker often does not know yet what comes next. Then everything below the session and its packages is torn down, and
these stay; what the next test turns out not to share is torn down before it starts, and the rest when the worker
retires. An error in that is too late for the report of the test it belongs to: it is sent on its own.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any, Callable, List, Optional

import pytest

from plimsoll_pytest.primitives import BUILTINS as __builtins__

OUTER = tuple(getattr(pytest, name) for name in ("Session", "Package", "Directory") if hasattr(pytest, name))


class Outer:
    """Stands for an unknown next test: it shares the session and the packages of the last one."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def listchain(self) -> List[Any]:
        chain = []
        for node in self._item.listchain():
            if not isinstance(node, OUTER):
                break
            chain.append(node)
        return chain


class FixtureTeardown:
    """Stands before the session's `teardown_exact`, and chooses how far it goes."""

    def __init__(self, session: pytest.Session, successor: Callable[[], Optional[pytest.Item]],
                 late: Callable[[Any], None]) -> None:
        self._session = session
        self._state: Any = session._setupstate
        self._exactly: Callable[[Any], None] = self._state.teardown_exact
        self._successor = successor
        self._late = late
        self._item: Optional[pytest.Item] = None
        self._is_last: Callable[[], bool] = lambda: True
        self._tore_down = False
        self._state.teardown_exact = self._teardown  # type: ignore[method-assign]

    def begin(self, item: pytest.Item, is_last: Callable[[], bool]) -> None:
        self._item = item
        self._is_last = is_last
        self._tore_down = False

    def release(self) -> None:
        """Leave the session's state as it was, for its finish."""
        del self._state.teardown_exact

    def _teardown(self, nextitem: Optional[pytest.Item]) -> None:
        __tracebackhide__ = True  # pytest leaves our frames out of a failure
        self._tore_down = True
        target: Any = nextitem
        stopping = self._session.shouldfail or self._session.shouldstop
        if nextitem is None and self._item is not None and not stopping:
            target = self._successor()
            if target is None and not self._is_last():
                target = Outer(self._item)
        self._exactly(target)

    def settle(self, nextitem: Optional[pytest.Item]) -> None:
        """Tear down what is left over from the last test and not shared by this one. Where its own teardown never came so
        far, what is left is left as in a plain session."""
        needed = nextitem.listchain() if nextitem is not None else []
        if self._item is None or not self._tore_down or list(self._state.stack) == needed[: len(self._state.stack)]:
            return
        item = self._item
        call = pytest.CallInfo.from_call(
            functools.partial(self._captured, item, nextitem), when="teardown", reraise=(pytest.exit.Exception, KeyboardInterrupt))
        if call.excinfo is not None:
            self._late(_report(item, call))

    def _captured(self, item: pytest.Item, nextitem: Optional[pytest.Item]) -> None:
        __tracebackhide__ = True
        item._report_sections.clear()
        plugins = item.config.pluginmanager
        capture: Any = plugins.get_plugin("capturemanager")
        warnings: Any = plugins.get_plugin("warnings")
        with contextlib.ExitStack() as around:
            if warnings is not None:  # otherwise the project's filters have no effect, and nobody sees the warning
                around.enter_context(warnings.catch_warnings_for_item(item.config, item.ihook, "runtest", item=item))
            if capture is not None:
                around.enter_context(capture.item_capture("teardown", item))
            self._exactly(nextitem)


def _report(item: pytest.Item, call: Any) -> Any:
    try:
        return item.ihook.pytest_runtest_makereport(item=item, call=call)
    except Exception:  # hooks of a project may count on a test that still has its arguments
        return pytest.TestReport.from_item_and_call(item, call)
