"""The engines in which pytest runs the tests itself and Plimsoll listens: in one process, or under pytest-xdist."""

from __future__ import annotations

import os
import time
from typing import Any, Dict, Generator, List, Optional, Sequence, Tuple

import pytest

from plimsoll_pytest import catalog, reports, terminal
from plimsoll_pytest.link import Link
from plimsoll_pytest.peak import PeakMeter
from plimsoll_pytest.wire import micros

#: The attribute under which a report carries a test's memory from an xdist worker to the controller.
SIDE = "plimsoll_peak"


class Listening:
    """Tells Java what pytest's own hooks say. Each test's reports are kept until its `logfinish`."""

    def __init__(self, link: Link, config: pytest.Config, collected: Dict[str, Any]) -> None:
        self._link = link
        self._config = config
        self._collected = collected
        self._index: Dict[str, int] = {}
        self._reports: Dict[Tuple[str, str], List[Any]] = {}
        self._since: Dict[Tuple[str, str], float] = {}
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
        self._link.send({"type": "stop", "reason": reason, "item": None})

    def tell_collected(self, messages: Sequence[Dict[str, Any]], errors: int) -> None:
        if self._told:
            return
        self._told = True
        for message in messages:
            self._link.send(message)
            for item in message["items"]:
                self._index.setdefault(item["id"], item["index"])
        self._link.send({
            "type": "collected", "count": len(self._index), "deselected": self._deselected, "errors": errors,
            "maxfail": self._config.getvalue("maxfail"), "collect_only": self._config.option.collectonly,
            **self._collected})

    def begin(self, worker: str, nodeid: str) -> None:
        self._since.setdefault((worker, nodeid), time.time())

    def keep(self, worker: str, report: Any) -> None:
        self._reports.setdefault((worker, report.nodeid), []).append(report)

    def end(self, worker: str, nodeid: str, outcome: Optional[str] = None) -> None:
        """Send `done` for a test whose reports are complete."""
        told = self._reports.pop((worker, nodeid), [])
        since = self._since.pop((worker, nodeid), time.time())
        index = self._index.get(nodeid)
        if index is None or not told:
            return
        verdict = reports.verdict(told)
        peak, base, source = next((report.__dict__[SIDE] for report in told if SIDE in report.__dict__), (0, 0, "none"))
        start = min((getattr(report, "start", 0) or since for report in told), default=since)
        self._link.send({
            "type": "done", "worker": worker, "item": index, "outcome": outcome or verdict.outcome,
            "start": micros(start), "duration": micros(verdict.took), "peak": peak, "base": base, "source": source,
            "text": "".join(terminal.failure_text(self._config, report, told) for report in verdict.failures),
            "reason": verdict.reason})


class Serial(Listening):
    """Everything in this process: what `--pdb` and `--trace` need."""

    WORKER = "gw0"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        self._link.watch_ends()
        self._meter = PeakMeter(forked=False)
        self.tell_collected(list(catalog.item_messages(session.config, session.items)), session.testsfailed)
        self._link.send({"type": "worker", "worker": self.WORKER, "pid": os.getpid()})

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._meter.begin()
        self.begin(self.WORKER, nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.keep(self.WORKER, report)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        kept = self._reports.get((self.WORKER, nodeid))
        if kept:
            kept[-1].__dict__[SIDE] = tuple(self._meter.end())
        self.end(self.WORKER, nodeid)
        if kept:
            del kept[-1].__dict__[SIDE]

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """The debugger was left, in a test that has failed by then, or another has been interrupted."""
        self._stop(str(getattr(excinfo.value, "msg", "")) or "interrupted")
        for (worker, nodeid), kept in list(self._reports.items()):
            if reports.verdict(kept).failures:
                self.end(worker, nodeid)


class XdistController(Listening):
    """In the controller of a real pytest-xdist run. Tests are known once the first worker has collected."""

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, Any, None]:
        if session.config.option.collectonly:  # then it collects here
            self.tell_collected(list(catalog.item_messages(session.config, session.items)), session.testsfailed)
        with terminal.muted(session.config):
            yield
        self.tell_collected([], session.testsfailed)

    def pytest_testnodeready(self, node: Any) -> None:
        self._link.send({"type": "worker", "worker": node.gateway.id, "pid": _pid_of(node)})

    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        items = [_item_of(index, nodeid) for index, nodeid in enumerate(ids)]
        chunks = [{"type": "items", "items": items[at : at + catalog.CHUNK]}
                  for at in range(0, len(items), catalog.CHUNK)]
        self.tell_collected(chunks, 0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._since[("", nodeid)] = time.time()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> Generator[None, Any, None]:
        measure = report.__dict__.pop(SIDE, None)
        yield
        worker = getattr(report, "worker_id", None) or getattr(getattr(report, "node", None), "gateway", None)
        name = worker if isinstance(worker, str) else getattr(worker, "id", "gw0")
        if report.when not in ("setup", "call", "teardown"):
            return  # a crash, which `pytest_handlecrashitem` tells
        self.begin(name, report.nodeid)
        self.keep(name, report)
        if report.when == "teardown":
            if measure is not None:
                report.__dict__[SIDE] = measure
            self.end(name, report.nodeid)
            report.__dict__.pop(SIDE, None)

    def pytest_handlecrashitem(self, crashitem: str, report: Any) -> None:
        name = getattr(getattr(report, "node", None), "gateway", None)
        worker = getattr(name, "id", "gw0")
        for key in [key for key in self._reports if key[1] == crashitem]:
            worker = key[0]
            del self._reports[key]
        self.keep(worker, report)
        self.end(worker, crashitem, outcome="crashed")

    @pytest.hookimpl(trylast=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        self._link.send({
            "type": "gone", "worker": node.gateway.id, "pid": _pid_of(node), "signal": None, "status": None,
            "item": None, "phase": None, "since": None, "stack": "", "output": str(error or ""),
            "expected": not error})


def _pid_of(node: Any) -> Optional[int]:
    """The process behind execnet's gateway, where it is one of this machine."""
    popen = getattr(getattr(getattr(node.gateway, "_io", None), "popen", None), "pid", None)
    return popen if isinstance(popen, int) else None


def _item_of(index: int, nodeid: str) -> Dict[str, Any]:
    """What a node id alone tells. With `--dist loadgroup` xdist ends it with the name of its group."""
    name, at, group = nodeid.rpartition("@")
    grouped = bool(at) and "]" not in group and "::" not in group and "/" not in group
    return {"index": index, "id": nodeid, "path": nodeid.split("::", 1)[0], "lineno": None, "unit": None,
            "group": group if grouped and name else None, "marks": []}


class XdistWorker:
    """In a worker of a real pytest-xdist run: measures each test, and sends the figure along with its last report."""

    def __init__(self) -> None:
        self._meter = PeakMeter(forked=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._meter.begin()

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Generator[None, Any, None]:
        outcome = yield
        if call.when == "teardown" and not outcome.excinfo:
            outcome.get_result().__dict__[SIDE] = list(self._meter.end())
