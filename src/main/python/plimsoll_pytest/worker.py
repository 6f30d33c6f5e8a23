"""A worker's loop: runs the tests that it receives, in this process, and sends the reports of each at its end."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Set

import pytest

from plimsoll_pytest import reports, reruns
from plimsoll_pytest.fixture_teardown import FixtureTeardown
from plimsoll_pytest.peak import PeakMeter
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.spool import Sender
from plimsoll_pytest.status_page import StatusPage
from plimsoll_pytest.wire import WorkerEnd


class Place(NamedTuple):
    """What a worker is given: its name, its slot of the page, and its wire."""

    name: str
    slot: int
    page: StatusPage
    wire: WorkerEnd


class Stopped(Exception):
    """The session must not go on in this worker."""


class Worker:
    """Registered as a plugin: its hooks note the phase and keep the reports of the test that runs."""

    def __init__(self, session: pytest.Session, place: Place) -> None:
        self.session = session
        self.config = session.config
        self.place = place
        self.queue: Deque[int] = deque()
        self.repeat: Set[int] = set()  # tests that run again if they fail: the failure does not count for `-x`
        self.retiring = False
        self.reports: List[Any] = []
        self.warnings: List[Dict[str, Any]] = []
        self.meter = PeakMeter()
        self.output = Sender(place.wire.send)
        self.teardown = FixtureTeardown(session, self.successor, self.send_late)
        self._item = -1
        self._recalled = 0
        self.listening = False  # pytest replays earlier warnings, which the host has, to a new plugin

    def run(self) -> None:
        """Run tests until told to retire, then tear down what is left. Ends early when the session must stop."""
        try:
            while self._next_ready():
                self._run_one(self.queue.popleft())
                if self.stopping:
                    self._give_back()
            self._guarded(lambda: self.teardown.settle(None))
        except Stopped:
            pass
        finally:
            self.teardown.release()

    @property
    def stopping(self) -> bool:
        return bool(self.session.shouldfail or self.session.shouldstop)

    def _next_ready(self) -> bool:
        while True:
            self._take_commands(wait=not self.queue and not self.retiring)
            if not self.queue:
                if self.retiring:
                    return False
            elif self._may_begin():
                return True

    def _may_begin(self) -> bool:
        """Whether the next test was not taken back; the host names those that were soon after it recalls them."""
        recalled = self.place.page.claim(self.place.slot, self.queue[0])
        if recalled == self._recalled:
            return True
        while self._recalled < recalled:
            self._take_commands(wait=True)
        return False

    def _take_commands(self, wait: bool) -> None:
        for command, *values in self.place.wire.receive(wait):
            if command == "run":
                self.queue.extend(values[0])
                self.repeat = self.repeat.difference(values[0]).union(values[1])
                if self.stopping:
                    self._give_back()
            elif command == "drop":
                self._recalled, dropped = values[0], set(values[1])
                self.queue = deque(item for item in self.queue if item not in dropped)
            elif command == "retire":
                self.retiring = True

    def _give_back(self) -> None:
        self.place.wire.send(("dropped", list(self.queue)))
        self.queue.clear()

    def successor(self) -> Optional[pytest.Item]:
        """The test that runs next, as far as it is known now; none in a child that a plugin forked for a test."""
        if self._is_child:
            return None
        self._take_commands(wait=False)
        return self.session.items[self.queue[0]] if self.queue else None

    @property
    def _is_child(self) -> bool:
        return os.getpid() != self.place.wire.pid

    @property
    def is_last(self) -> bool:
        return self._is_child or (self.retiring and not self.queue)

    def _run_one(self, index: int) -> None:
        item = self.session.items[index]
        self._guarded(lambda: self.teardown.settle(item))
        self._item = index
        self.reports = []
        self.output.begin()
        self.meter.begin()
        start = self.place.page.begin(self.place.slot, index)
        self.teardown.begin(item, lambda: self.is_last)
        nextitem = self.session.items[self.queue[0]] if self.queue else None
        failures = reruns.Failures(self.session)
        self._guarded(lambda: self.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem))
        if index in self.repeat:
            self.repeat.discard(index)
            failures.restore()
        self._send_done(index, start)

    def _guarded(self, work: Callable[[], Any]) -> None:
        """Do a part of a test's run; what pytest lets through ends the session here, and the worker reports it."""
        try:
            work()
        except (KeyboardInterrupt, pytest.exit.Exception) as stop:
            self._stop(("interrupt", self._item, reports.interruption(stop)))
        except BaseException as problem:
            self._stop(("internal_error", self._item, reports.traceback_of(self.config, problem)))

    def guard_finish(self, finish: Callable[[], Any]) -> None:
        """Finish the session, and report errors to the host."""
        self._item = -1
        try:
            self._guarded(finish)
        except Stopped:
            pass

    def _stop(self, message: Any) -> None:
        self.place.wire.send(message)
        self.place.page.clear(self.place.slot)
        self._give_back()
        raise Stopped

    def _send_done(self, index: int, start: float) -> None:
        took = self.place.page.now() - start
        self.place.wire.send((
            "done", index, start, took, tuple(self.meter.end()),
            [reports.to_wire(self.config, report, self.output.sections) for report in self.reports],
            self.warnings, (self.session.shouldstop, self.session.shouldfail),
        ))
        self.warnings = []
        self.place.page.clear(self.place.slot)

    def send_late(self, report: Any) -> None:
        self.place.wire.send(("late", self._item, reports.to_wire(self.config, report, self.output.sections)))

    def _enter(self, phase: int) -> None:
        if os.getpid() == self.place.wire.pid:
            self.place.page.phase(self.place.slot, phase)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._enter(1)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self) -> None:
        self._enter(2)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self) -> None:
        self._enter(3)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        self.reports.append(report)

    def pytest_warning_recorded(self, warning_message: Any, when: str, nodeid: str, location: Any) -> None:
        if self.listening:
            self.warnings.append(reports.warning_to_wire(warning_message, when, nodeid, location))
