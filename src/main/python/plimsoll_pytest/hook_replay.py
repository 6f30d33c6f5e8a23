"""Fires pytest's hooks in the host for what workers send, and tells Java what became of each test."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

import pytest

from plimsoll_pytest import failed_subtests, junit_cases, reports, reruns, terminal
from plimsoll_pytest.nodes import Nodes, Scheduler
from plimsoll_pytest.spool import Incoming
from plimsoll_pytest.wire import micros


class HookReplay:
    """Makes the host's session see each test as if it had run here."""

    def __init__(self, session: pytest.Session, nodes: Nodes, tests: Sequence[Any]) -> None:
        self._tests = tests
        self._config = session.config
        self._nodes = nodes
        self._repeated: Dict[int, List[Any]] = {}  # reports of tests that failed and run again

    def done(self, worker: str, frame: Sequence[Any], overdue: str, output: Incoming, repeats: bool) -> Dict[str, Any]:
        """Fire the hooks of a finished test, which failed when it is overdue; returns its `done` message. Those of a
        failed one that is to run again are kept: pytest sees each test once, and counts the attempt as a rerun."""
        _, index, start, took, measure, sent, warned, _ = frame
        item = self._tests[index]
        self.warnings(warned)
        told = self._reports(item, sent, worker, output)
        if overdue:
            ended = bool(told) and told[-1].when == "teardown"
            told.insert(len(told) - ended, self._failed(item, overdue, worker))
        verdict = reports.verdict(told)
        repeat = repeats and bool(verdict.failures)
        if repeat:
            self._repeated[index] = told
            reruns.count(self._config, told, verdict.failures[0])
        else:
            self._repeated.pop(index, None)
            self._fire(item, told)
        peak, source, waited, cpu = measure
        return {
            "type": "done", "worker": worker, "item": index, "outcome": verdict.outcome,
            "start": micros(start), "duration": micros(took), "waited": waited,
            "cpu": cpu, "peak": peak, "source": source,
            "text": self._text(verdict.failures, told), "reason": verdict.reason, "repeat": repeat,
        }

    def settle(self) -> None:
        """Fire the hooks of tests that failed and will not run again after all."""
        for index, told in self._repeated.items():
            self._fire(self._tests[index], told)
        self._repeated.clear()

    def late(self, worker: str, frame: Sequence[Any], output: Incoming) -> Dict[str, Any]:
        """Fire the report of a teardown that failed after its test was done; returns the `late` message."""
        _, index, data = frame
        item = self._tests[index]
        told = self._reports(item, [data], worker, output)
        with junit_cases.late(self._config, told[0]):
            self._fire(item, told)
        return {"type": "late", "worker": worker, "item": index, "text": self._text(told, told)}

    def crashed(self, worker: str, index: int, text: str) -> None:
        """Report a test as failed because its worker died, as pytest-xdist does."""
        item = self._tests[index]
        self._repeated.pop(index, None)
        report = self._failed(item, text, worker)
        report.plimsoll_crashed = True
        crashitem: Any = getattr(self._config.hook, "pytest_handlecrashitem", None)
        if crashitem is not None:
            crashitem(crashitem=item.nodeid, report=report, sched=Scheduler())
        self._fire(item, [report])

    def _failed(self, item: pytest.Item, text: str, worker: str) -> Any:
        report = reports.crash_report(item, text)
        report.worker_id = worker
        report.testrun_uid = self._nodes.testrunuid
        report.node = self._nodes.of(worker)
        return report

    def warnings(self, warned: Sequence[Dict[str, Any]]) -> None:
        for data in warned:
            kwargs = reports.warning_from_wire(data)
            self._config.hook.pytest_warning_recorded.call_historic(kwargs=kwargs)

    def _reports(self, item: pytest.Item, sent: Sequence[bytes], worker: str, output: Incoming) -> List[Any]:
        told = []
        for data in sent:
            try:
                report = reports.from_wire(self._config, data, worker, self._nodes.testrunuid, output.sections)
            except Exception as problem:
                text = f"the report that {worker} sent cannot be read: {type(problem).__name__}: {problem}"
                report = reports.crash_report(item, text)
            report.node = self._nodes.of(worker)
            told.append(report)
        return told

    def _fire(self, item: pytest.Item, told: Sequence[Any]) -> None:
        hook: Any = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in told:
            failed_subtests.count(item, report)
            hook.pytest_runtest_logreport(report=report)
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    def _text(self, failures: Sequence[Any], told: Sequence[Any]) -> str:
        return "".join(self._text_of(report, told) for report in failures)

    def _text_of(self, report: Any, told: Sequence[Any]) -> str:
        node = report.__dict__.pop("node")  # pytest would add a line on the worker's Python, which is the host's
        try:
            return terminal.failure_text(self._config, report, told)
        finally:
            report.node = node
