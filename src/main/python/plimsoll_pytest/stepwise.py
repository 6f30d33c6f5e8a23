"""What `--stepwise` remembers when several tests run at once.

pytest remembers the failure that it heard of last, and takes all tests before it for passed. With workers a failure may
be heard before the tests in front of it have run. The next run has to begin at the first test that has failed or has no
outcome; with `--stepwise-skip` the first failure is passed over, as in one process.
"""

from __future__ import annotations

from typing import Any, Sequence, Set

import pytest

from plimsoll_pytest.reports import crash_report


class Stepwise:
    """Registered as a plugin in the host: notes what became of the tests, and tells pytest's own where to go on."""

    def __init__(self, tests: Sequence[Any]) -> None:
        self._tests = tests
        self._failed: Set[str] = set()
        self._ended: Set[str] = set()

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._failed.add(report.nodeid)
        elif report.when == "teardown":
            self._ended.add(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        pytests: Any = session.config.pluginmanager.get_plugin("stepwiseplugin")
        if pytests is None:
            return
        skipped = int(session.config.option.stepwise_skip)
        if len(self._failed) <= skipped:
            return
        failed = [item for item in self._tests if item.nodeid in self._failed]
        done = (self._ended - self._failed) | {item.nodeid for item in failed[:skipped]}
        first = next(item for item in self._tests if item.nodeid not in done)
        pytests.pytest_runtest_logreport(crash_report(first, "the next run begins here"))
