"""Tests that a worker has collected for a host that imports none of them, as pytest-xdist's controller imports none."""

from __future__ import annotations

import os
from typing import Any, Dict, Generator, List, Optional, Sequence, Tuple

import pytest

from plimsoll_pytest import catalog, engine_choice, reports
from plimsoll_pytest.arrangement import Arrangement
from plimsoll_pytest.creation_places import Places
from plimsoll_pytest.import_reads import IMPORT_READS, WorkersEnvironment
from plimsoll_pytest.leaving import LEAVING
from plimsoll_pytest.temporary_names import TEMPORARY_NAMES
from plimsoll_pytest.wire import WorkerEnd


class RemoteTest:
    """What the host knows of a test: what its reports need."""

    def __init__(self, config: pytest.Config, nodeid: str, location: Tuple[str, Optional[int], str], of_unittest: bool,
                 fixturenames: Sequence[str]) -> None:
        self.config = config
        self.ihook = config.hook
        self.nodeid = nodeid
        self.location = location
        self.of_unittest = of_unittest
        self.fixturenames = fixturenames
        self.keywords: Dict[str, Any] = {}


class CollectionReport:
    """In a worker: keeps the output of collection and sends it to the host with the tests."""

    def __init__(self, config: pytest.Config, wire: WorkerEnd, traces: bool) -> None:
        self._config = config
        self._wire = wire
        self._reports: List[bytes] = []
        self._warnings: List[Dict[str, Any]] = []
        self._deselected = catalog.Deselected()
        self._arrangement = Arrangement()
        self._places = PLACES if traces else None
        config.pluginmanager.register(self._arrangement, "plimsoll-arrangement")

    def pytest_deselected(self, items: Sequence[Any]) -> None:
        self._deselected.add(items)

    def pytest_collectreport(self, report: Any) -> None:
        self._reports.append(reports.to_wire(self._config, report))

    def pytest_warning_recorded(self, warning_message: Any, when: str, nodeid: str, location: Any) -> None:
        if when == "collect":
            self._warnings.append(reports.warning_to_wire(warning_message, when, nodeid, location))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection(self) -> Generator[None, Any, None]:
        outcome = yield
        if outcome.excinfo is not None:
            ended = self._ended(outcome.excinfo[1])
            self._wire.send(("not_collected", {"reports": self._reports, "warnings": self._warnings, **ended}))

    def _ended(self, problem: BaseException) -> Dict[str, Any]:
        if isinstance(problem, pytest.UsageError):
            return {"ended": "usage", "what": [str(arg) for arg in problem.args]}
        if isinstance(problem, pytest.Session.Failed):
            return {"ended": "failed", "what": str(problem)}
        if isinstance(problem, pytest.Session.Interrupted):
            return {"ended": "interrupted", "what": str(problem)}
        if isinstance(problem, (KeyboardInterrupt, pytest.exit.Exception)):
            return {"ended": "stopped", "what": reports.interruption(problem)}
        return {"ended": "error", "what": reports.traceback_of(self._config, problem)}

    def send(self, session: pytest.Session) -> None:
        """Send the tests, and whether this worker could have been forked."""
        if self._places is not None:
            self._places.stop()
        messages = list(catalog.item_messages(self._config, session.items))
        self._wire.send(("collected", {
            "messages": messages, "tests": [_test(item) for item in session.items],
            "deselected": self._deselected.count, "marks": self._deselected.marks(self._config, session.items),
            "arranged": self._arrangement.is_chosen(session.items), "reports": self._reports,
            "warnings": self._warnings, "errors": session.testsfailed,
            "why": engine_choice.seen_by_worker(self._config, (), self._places)}))


def _test(item: Any) -> Tuple[Any, ...]:
    from _pytest.unittest import TestCaseFunction

    used = [name for name in getattr(item, "fixturenames", ()) if name == "benchmark"]
    return item.nodeid, tuple(item.location), isinstance(item, TestCaseFunction), used


#: Looks at what is imported from here on.
PLACES = Places(os.getcwd())


def watch(collects: str, isolates: bool) -> None:
    """In the worker that collects for the host, before anything of the project is imported."""
    IMPORT_READS.watch(WorkersEnvironment)
    TEMPORARY_NAMES.watch()
    LEAVING.watch(isolates)
    if collects == "trace":
        PLACES.watch()
