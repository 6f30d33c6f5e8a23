"""The host's part of a collection that a worker does for it: it waits for the tests, and repeats what was said of them."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, Callable, Dict, List

import pytest

from plimsoll_pytest import reports, terminal
from plimsoll_pytest.orders import Orders
from plimsoll_pytest.remote_collection import RemoteTest
from plimsoll_pytest.run import Run, interruption
from plimsoll_pytest.worker_events import LEAVING

FIRST = "gw0"


class NotCollected(Exception):
    """The worker could not collect: how that ended for it, as pytest would raise it here, and in one line."""

    def __init__(self, cause: BaseException, text: str) -> None:
        super().__init__(text)
        self.cause = cause


def tests_of(run: Run, orders: Orders, workers: int, traces: bool) -> Dict[str, Any]:
    """Start the first worker and wait until it has collected. The tests are `run.tests` then."""
    session = run.session
    run.pool.begin(FIRST, workers, "trace" if traces else "tell")
    while run.collection is None and run.cause is None:
        turn(run, orders)
    run.raise_cause()
    assert run.collection is not None
    kind, data = run.collection
    if kind == "died":
        raise NotCollected(_death(data), _last_line(data["stack"]) or "it ended while it collected")
    if kind == "not_collected":
        _repeat(run, data)
        raise NotCollected(*_ended(session, data))
    run.tests[:] = [RemoteTest(session.config, *test) for test in data["tests"]]
    return dict(data)


def turn(run: Run, orders: Orders) -> None:
    """Wait for the next thing that happens, and deal with it."""
    run.pool.turn(run.link.wait())
    run.link.tick()
    for message in run.link.messages():
        orders.obey(message)


def accept(run: Run, data: Dict[str, Any]) -> None:
    """Make this session one that has collected: its hooks, its counts, and what its plugins keep of all tests."""
    config: Any = run.session.config
    _repeat(run, data)
    run.session.testscollected = len(run.tests)
    reporter = terminal.reporter_of(config)
    if reporter is not None and data["deselected"]:
        # plugins look at the attributes of all that is in there
        reporter.stats["deselected"] = [SimpleNamespace() for _ in range(data["deselected"])]
    newest = config.pluginmanager.get_plugin("nfplugin")
    if newest is not None:
        newest.cached_nodeids.update(test.nodeid for test in run.tests)


def tell(run: Run, deselected: int) -> None:
    """Print how many tests there are, as pytest does when it has collected them itself."""
    reporter = terminal.reporter_of(run.session.config)
    if reporter is not None:
        reporter._numcollected = len(run.tests) + deselected
        reporter.report_collect(True)


def release(run: Run, orders: Orders) -> None:
    """Let the worker end that nothing is to be run in."""
    for handle in run.pool.handles.values():
        handle.retire()
        handle.leave_by = time.monotonic() + LEAVING
    while run.pool.handles:
        turn(run, orders)


def _repeat(run: Run, data: Dict[str, Any]) -> None:
    config: Any = run.session.config
    run.replay.warnings(data["warnings"])
    for sent in data["reports"]:
        config.hook.pytest_collectreport(report=reports.from_wire(config, sent, FIRST, run.link.run))


def _ended(session: Any, data: Dict[str, Any]) -> Any:
    what: Any = data["what"]
    makers: Dict[str, Callable[[], BaseException]] = {
        "usage": lambda: pytest.UsageError(*what), "failed": lambda: session.Failed(what),
        "interrupted": lambda: session.Interrupted(what), "stopped": lambda: interruption(what),
        "error": lambda: RuntimeError(f"{FIRST} failed while it collected:\n{what}")}
    cause = makers[data["ended"]]()
    return cause, _last_line(str(cause))


def _death(gone: Dict[str, Any]) -> BaseException:
    if gone["signal"] is not None:
        return RuntimeError(f"{FIRST} was ended by signal {gone['signal']} while it collected\n{gone['stack']}")
    return pytest.exit.Exception(f"{FIRST} ended while it collected\n{gone['stack']}", gone["status"] or 1)


def _last_line(text: str) -> str:
    lines: List[str] = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
