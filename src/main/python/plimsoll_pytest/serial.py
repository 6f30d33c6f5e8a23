"""Everything in one process, run by pytest itself: what a debugger needs."""

from __future__ import annotations

from typing import Any, Generator

import pytest

from plimsoll_pytest import reports
from plimsoll_pytest.listening import Listening
from plimsoll_pytest.peak import PeakMeter
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os


class Serial(Listening):
    """Tells of a session that runs in this process, on its terminal."""

    WORKER = "gw0"
    _running = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        self._link.watch_ends()
        self._meter = PeakMeter()
        self.tell_items(session)
        self._link.send({"type": "worker", "worker": self.WORKER, "pid": os.getpid(), "took": None})

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, None]:
        self._running = item.nodeid
        self._meter.begin()
        self.begin(self.WORKER)
        outcome = yield
        if outcome.excinfo is None:
            self._measured[self.WORKER] = self._meter.end()
            self.end(self.WORKER, item.nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.keep(self.WORKER, report)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """The debugger was left, in a test that has failed by then, or another has been interrupted."""
        self._stop(str(getattr(excinfo.value, "msg", "")) or "interrupted")
        if reports.verdict(self._reports.get(self.WORKER, [])).failures:
            self.end(self.WORKER, self._running)
