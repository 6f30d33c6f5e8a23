"""Everything in one process, run by pytest itself: what a debugger needs."""

from __future__ import annotations

import os
from typing import Any

import pytest

from plimsoll_pytest import reports
from plimsoll_pytest.listening import Listening
from plimsoll_pytest.peak import PeakMeter


class Serial(Listening):
    """Tells of a session that runs in this process, on its terminal."""

    WORKER = "gw0"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        self._link.watch_ends()
        self._meter = PeakMeter(forked=False)
        self.tell_items(session)
        self._link.send({"type": "worker", "worker": self.WORKER, "pid": os.getpid()})

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._meter.begin()
        self.begin(self.WORKER, nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.keep(self.WORKER, report)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._measured[self.WORKER, nodeid] = self._meter.end()
        self.end(self.WORKER, nodeid)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """The debugger was left, in a test that has failed by then, or another has been interrupted."""
        self._stop(str(getattr(excinfo.value, "msg", "")) or "interrupted")
        for (worker, nodeid), kept in list(self._reports.items()):
            if reports.verdict(kept).failures:
                self.end(worker, nodeid)
