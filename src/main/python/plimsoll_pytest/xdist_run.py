"""A run of the project's own pytest-xdist: its controller, and its workers."""

from __future__ import annotations

from typing import Any, Dict, Generator, List, Optional, Sequence

import pytest

from plimsoll_pytest import catalog, selection, terminal
from plimsoll_pytest.link import Link
from plimsoll_pytest.listening import Listening
from plimsoll_pytest.peak import PeakMeter
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, time
from plimsoll_pytest.wire import micros

#: The attribute under which a report carries a test's memory from an xdist worker to the controller.
SIDE = "plimsoll_peak"
#: The key under which a worker of xdist tells what it could not collect of what was asked for.
USAGE = "plimsoll_usage"


class XdistController(Listening):
    """In the controller of a real pytest-xdist run. Tests are known once the first worker has collected."""

    def __init__(self, link: Link, config: pytest.Config, collected: Dict[str, Any],
                 files: Optional[Sequence[str]], omitted: Optional[Sequence[str]], repeats: bool) -> None:
        super().__init__(link, config, collected)
        self._files = files
        self._omitted = omitted
        self._repeats = repeats
        self._seen: Dict[str, bool] = {}
        self._refused = ""
        self._ids: List[str] = []

    def pytest_configure_node(self, node: Any) -> None:
        if self._files is not None:
            node.workerinput[selection.INPUT] = list(self._files)
            node.workerinput[selection.OMITTED] = list(self._omitted or ())

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, Any, None]:
        self._hear(session.config.pluginmanager.get_plugin("dsession"))
        if session.config.option.collectonly:  # then it collects here
            self.tell_items(session)
        with terminal.muted(session, self._repeats):
            yield
        self.tell_collected([], [], session.testsfailed)

    def _hear(self, scheduler: Any) -> None:
        """The hooks that tell of a test's start and end do not tell the worker, and a project may keep them from being
        called; the scheduler receives both."""
        tell = getattr(scheduler, "worker_logstart", None)
        complete = getattr(scheduler, "worker_runtest_protocol_complete", None)

        def worker_logstart(node: Any, nodeid: str, **more: Any) -> None:
            if nodeid in self._index:
                self._link.send({"type": "started", "worker": node.gateway.id, "item": self._index[nodeid],
                                 "time": micros(time.monotonic())})
            tell(node, nodeid=nodeid, **more)

        def worker_runtest_protocol_complete(node: Any, item_index: int, **more: Any) -> None:
            complete(node, item_index=item_index, **more)
            self.end(node.gateway.id, self._ids[item_index])

        if tell is not None:
            scheduler.worker_logstart = worker_logstart
        if complete is not None:
            scheduler.worker_runtest_protocol_complete = worker_runtest_protocol_complete

    def pytest_testnodeready(self, node: Any) -> None:
        self._link.send({"type": "worker", "worker": node.gateway.id, "pid": _pid_of(node), "took": None})

    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        grouped = self._collected["dist"] == "loadgroup"
        items = [{**told, "path": self._path_of(told["id"])}
                 for told in (_item_of(index, nodeid, grouped) for index, nodeid in enumerate(ids))]
        chunks = [{"type": "items", "items": items[at : at + catalog.CHUNK]}
                  for at in range(0, len(items), catalog.CHUNK)]
        self._ids = self._ids or list(ids)
        self.tell_collected(chunks, ids, 0)

    def _path_of(self, nodeid: str) -> str:
        """The part of a node id that is a file's path, which may hold a `::` itself."""
        parts = nodeid.split("::")
        paths = ["::".join(parts[:count]) for count in range(1, len(parts))] if len(parts) > 2 else []
        return next((path for path in paths if self._is_file(path)), parts[0])

    def _is_file(self, path: str) -> bool:
        if path not in self._seen:
            self._seen[path] = os.path.isfile(self._config.rootpath / path)
        return self._seen[path]

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> Generator[None, Any, None]:
        measure = report.__dict__.pop(SIDE, None)
        yield
        worker = getattr(report, "worker_id", None) or getattr(getattr(report, "node", None), "gateway", None)
        name = worker if isinstance(worker, str) else getattr(worker, "id", "gw0")
        if report.when not in ("setup", "call", "teardown"):
            return  # a crash, which `pytest_handlecrashitem` tells
        self.begin(name)
        self.keep(name, report)
        if measure is not None:
            self._measured[name] = measure

    def pytest_handlecrashitem(self, crashitem: str, report: Any) -> None:
        name = getattr(getattr(report, "node", None), "gateway", None)
        worker = getattr(name, "id", "gw0")
        self._reports.pop(worker, None)
        report.plimsoll_crashed = True
        self.keep(worker, report)
        self.end(worker, crashitem, outcome="crashed")

    @pytest.hookimpl(trylast=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        self._refused = (getattr(node, "workeroutput", None) or {}).get(USAGE, self._refused)
        self._link.send({
            "type": "gone", "worker": node.gateway.id, "pid": _pid_of(node), "signal": None, "status": None,
            "item": None, "phase": None, "stack": "", "output": str(error or ""),
            "expected": not error})

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.tell_collected([], [], session.testsfailed)
        if self._refused:  # pytest-xdist only sees that there are no tests
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
            self._stop(self._refused)
        super().pytest_sessionfinish(session)


def _pid_of(node: Any) -> Optional[int]:
    """The process behind execnet's gateway, where it is one of this machine."""
    popen = getattr(getattr(getattr(node.gateway, "_io", None), "popen", None), "pid", None)
    return popen if isinstance(popen, int) else None


def _item_of(index: int, nodeid: str, grouped: bool) -> Dict[str, Any]:
    """What a node id alone tells. With `--dist loadgroup` xdist ends that of a grouped test with its group's name."""
    name, _, group = nodeid.rpartition("@") if grouped else ("", "", "")
    if not name or "]" in group or "::" in group or "/" in group:
        name, group = nodeid, ""
    return {"index": index, "id": name, "path": name.split("::", 1)[0], "unit": None,
            "group": group or None, "marks": [], "limits": {}}


class XdistWorker:
    """In a worker of a real pytest-xdist run: measures each test, and sends the figure along with its last report."""

    def __init__(self) -> None:
        self._meter = PeakMeter()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, Any, None]:
        outcome = yield
        problem = outcome.excinfo[1] if outcome.excinfo else None
        if isinstance(problem, pytest.UsageError):
            session.config.workeroutput[USAGE] = str(problem.args[0]).partition("\n")[0]  # type: ignore[attr-defined]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._meter.begin()

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Generator[None, Any, None]:
        outcome = yield
        if call.when == "teardown" and not outcome.excinfo:
            outcome.get_result().__dict__[SIDE] = list(self._meter.end())
