"""The workers of a host: starts them, hears them, notices their deaths."""

from __future__ import annotations

import functools
import gc
import math
import selectors
import warnings
from _socket import socket, socketpair
from typing import Any, Callable, Dict, List, Optional, Protocol, Sequence

import pytest

from plimsoll_pytest import forked, identity, orphan
from plimsoll_pytest.nodes import Nodes
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, time
from plimsoll_pytest.spawning import Spawner
from plimsoll_pytest.spool import Incoming, Spool
from plimsoll_pytest.standstill import Standstills
from plimsoll_pytest.status_page import SLOTS, StatusPage, anonymous_file
from plimsoll_pytest.wire import WorkerWire
from plimsoll_pytest.worker_handle import WorkerHandle
from plimsoll_pytest.worker_spec import WorkerSpec
from plimsoll_pytest.written import WRITTEN

#: A test that runs longer is announced to Java.
LONG = 0.5
#: How often the page is looked at while tests run, and the living are counted where the kernel does not tell.
TICK = 0.25
TICK_BLIND = 0.05


class Listener(Protocol):
    """Who hears of the workers."""

    def received(self, handle: WorkerHandle, frame: Sequence[Any]) -> None: ...

    def started(self, handle: WorkerHandle, item: int, since: float) -> None: ...

    def stuck(self, handle: WorkerHandle, item: int) -> None: ...

    def lingers(self, handle: WorkerHandle) -> None: ...

    def died(self, handle: WorkerHandle, gone: Dict[str, Any]) -> None: ...


class WorkerPool:
    """Worker processes by name. A slot of the page is a worker's while it lives."""

    def __init__(self, session: pytest.Session, selector: selectors.BaseSelector, nodes: Nodes,
                 close_hosts: Callable[[], None], spawner: Spawner, forks: bool) -> None:
        self.handles: Dict[str, WorkerHandle] = {}
        self.page = StatusPage()
        self._session = session
        self._selector = selector
        self.nodes = nodes
        self.listener: Listener
        self._close_hosts = close_hosts
        self._spawner = spawner
        self.forks = forks
        self._standstills = Standstills()
        self._spool = Spool()
        self._base = identity.base_of(session.config)
        self._lifeline = orphan.Lifeline(os.getpid())
        self._collecting = gc.isenabled()
        self._count = 0

    def start(self, name: str, count: int, isolated: bool) -> None:
        """Start a worker, as a copy of this process or as one of its own; one that has collected is there already."""
        waiting = self.handles.get(name)
        if waiting is not None and waiting.collects:
            waiting.collects = False
            if waiting.ready is not None:
                self.listener.received(waiting, waiting.ready)
        else:
            self.begin(name, self._count or count)
        self.handles[name].isolated = isolated

    def begin(self, name: str, count: int, collects: str = "") -> None:
        """Begin the process of a worker. `collects`: it is to say what it has collected, see `Spawner.spawn`."""
        asked = time.monotonic()
        if collects:
            self._count = count  # the same number that the other workers see
        node = self.nodes.configure(name, count)
        ours, theirs = socketpair()
        spec = WorkerSpec(name, count, self.nodes.testrunuid, node.workerinput, self._free_slot(), self.page, theirs,
                      anonymous_file("plimsoll-stacks"), self._base)
        pid = self._fork(spec, ours) if self.forks else self._spawner.spawn(spec, collects)
        theirs.close()
        handle = WorkerHandle(name, spec.slot, pid, spec.stacks, Incoming(self._spool), self._selector)
        handle.forked, handle.born, handle.collects = self.forks, asked, bool(collects)
        wire = WorkerWire(ours, self._selector, functools.partial(self._wire_ready, handle))
        handle.watch(wire, functools.partial(self._perhaps_died, handle))
        self.handles[name] = handle

    def _fork(self, spec: WorkerSpec, ours: socket) -> int:
        parent = forked.Parent(self._lifeline, self._collecting, functools.partial(self._leave, ours))
        environment = identity.environment(spec.name, spec.count, spec.testrun)
        WRITTEN.flush_noted()
        gc.disable()
        os.environ.update(environment)
        try:
            pid = _fork()
            if pid == 0:
                forked.live(self._session, spec, parent)
            return pid
        finally:
            for variable in environment:
                os.environ.pop(variable, None)
            if self._collecting:
                gc.enable()

    def _leave(self, ours: socket) -> None:
        ours.close()
        self._close_hosts()
        for handle in self.handles.values():
            handle.abandon()

    def _free_slot(self) -> int:
        taken = {handle.slot for handle in self.handles.values()}
        slot = next(slot for slot in range(SLOTS) if slot not in taken)
        self.page.vacate(slot)
        return slot

    def _wire_ready(self, handle: WorkerHandle, mask: int) -> None:
        wire = handle.wire
        if wire is None or not wire.open:
            return
        if mask & selectors.EVENT_WRITE:
            wire.flush()
        if mask & selectors.EVENT_READ:
            alive = wire.fill()
            self._hear(handle)
            if not alive:
                wire.close()

    def _hear(self, handle: WorkerHandle) -> None:
        assert handle.wire is not None
        for frame in handle.wire.frames():
            self.listener.received(handle, frame)

    def _perhaps_died(self, handle: WorkerHandle, _mask: int) -> None:
        ended = handle.reap()
        if ended is None or self.handles.get(handle.name) is not handle:
            return
        if handle.wire is not None and handle.wire.open:
            handle.wire.fill()
            self._hear(handle)  # what it sent before its death counts
        del self.handles[handle.name]
        running = self.page.running(handle.slot)
        if running is not None and running.item not in handle.given:
            running = None
        gone = {
            "type": "gone", "worker": handle.name, "pid": handle.pid, "signal": ended[0], "status": ended[1],
            "item": running.item if running else None, "phase": running.phase if running else None,
            "expected": handle.finished, **handle.last_words(),
        }
        handle.close()
        self.listener.died(handle, gone)

    def turn(self, longest: Optional[float]) -> None:
        """Wait for something to happen, no longer than these seconds, and handle it."""
        busy = any(handle.given or handle.finished for handle in self.handles.values())
        blind = any(handle.pidfd < 0 for handle in self.handles.values())
        waits = [longest, TICK_BLIND if blind else TICK if busy else None]
        for key, mask in self._selector.select(min((wait for wait in waits if wait is not None), default=None)):
            key.data(mask)
        now = self.page.now()
        due = self._standstills.due(now)
        for handle in list(self.handles.values()):
            if handle.pidfd < 0:
                self._perhaps_died(handle, 0)
            if time.monotonic() > handle.leave_by:
                handle.leave_by = math.inf
                self.listener.lingers(handle)
                handle.kill_at_once()
            running = self.page.running(handle.slot)
            if running and running.item != handle.announced and now - running.since > LONG:
                handle.announced = running.item
                self.listener.started(handle, running.item, running.since)
            if running and due and self._standstills.proved(handle.pid, running.item, running.since, now):
                self.listener.stuck(handle, running.item)

    def kill_all(self) -> None:
        """Kill every worker with its group, and collect what is left of them."""
        handles: List[WorkerHandle] = list(self.handles.values())
        self.handles.clear()
        for handle in handles:
            handle.kill_at_once()
        for handle in handles:
            try:
                os.waitpid(handle.pid, 0)
            except ChildProcessError:
                pass  # reaped by the project's own handler
            handle.close()


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of threads in the process: which threads live here has been looked at.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
