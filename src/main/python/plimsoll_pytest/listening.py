"""A run to which Plimsoll only listens, since pytest or pytest-xdist schedules it."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Sequence

import pytest

from plimsoll_pytest import catalog, reports, terminal
from plimsoll_pytest.link import Link
from plimsoll_pytest.peak import NO_MEASURE
from plimsoll_pytest.primitives import BUILTINS as __builtins__, time
from plimsoll_pytest.wire import micros, steady


class Listening:
    """Tells Java what pytest's own hooks say. What a worker reports is kept until its test ends: it is that test's,
    whatever node id a report names."""

    def __init__(self, link: Link, config: pytest.Config, collected: Dict[str, Any]) -> None:
        self._link = link
        self._config = config
        self._collected = collected
        self._index: Dict[str, int] = {}
        self._reports: Dict[str, List[Any]] = {}
        self._since: Dict[str, float] = {}
        self._measured: Dict[str, Sequence[Any]] = {}
        self._deselected = 0
        self._told = False

    def pytest_deselected(self, items: Sequence[Any]) -> None:
        self._deselected += len(items)

    def pytest_collectreport(self, report: Any) -> None:
        told = catalog.uncollected_message(self._config, report)
        if told is not None:
            self._link.send(told)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        wanted = session.shouldfail or session.shouldstop
        if wanted:
            self._stop(str(wanted))

    def _stop(self, reason: str) -> None:
        self._link.send({"type": "stop", "reason": reason})

    def tell_collected(self, messages: Iterable[Dict[str, Any]], ids: Iterable[str], errors: int) -> None:
        """Tell of these tests once; `ids` are their names in the reports."""
        if self._told:
            return
        self._told = True
        for message in messages:
            self._link.send(message)
        for index, nodeid in enumerate(ids):
            self._index.setdefault(nodeid, index)
        terminal.flush(self._config)  # before what Plimsoll prints of the tests
        self._link.send({
            "type": "collected", "count": len(self._index), "deselected": self._deselected, "marks": {},
            "errors": errors, "arranged": False, **catalog.wishes(self._config), **self._collected})

    def tell_items(self, session: pytest.Session) -> None:
        """Tell of the tests that this process has collected."""
        messages = catalog.item_messages(session.config, session.items)
        self.tell_collected(messages, [item.nodeid for item in session.items], session.testsfailed)

    def begin(self, worker: str) -> None:
        self._since.setdefault(worker, time.monotonic())

    def keep(self, worker: str, report: Any) -> None:
        self._reports.setdefault(worker, []).append(report)

    def end(self, worker: str, nodeid: str, outcome: Optional[str] = None) -> None:
        """Send `done` for a test whose reports are complete."""
        told = self._reports.pop(worker, [])
        since = self._since.pop(worker, time.monotonic())
        peak, source, waited, cpu = self._measured.pop(worker, NO_MEASURE)
        index = self._index.pop(nodeid, None)  # xdist may run one again whose worker crashed, or run it in each worker
        if index is None:
            return
        verdict = reports.verdict(told)
        start = min((steady(getattr(report, "start", 0)) or since for report in told), default=since)
        self._link.send({
            "type": "done", "worker": worker, "item": index, "outcome": outcome or verdict.outcome,
            "start": micros(start), "duration": micros(verdict.took), "waited": waited,
            "cpu": cpu, "peak": peak, "source": source,
            "text": "".join(terminal.failure_text(self._config, report, told) for report in verdict.failures),
            "reason": verdict.reason, "repeat": False})
