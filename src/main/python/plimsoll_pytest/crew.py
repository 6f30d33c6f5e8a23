"""The workers of a host: starts them, hears them, notices their deaths."""

from __future__ import annotations

import functools
import gc
import math
import os
import selectors
import socket
import time
import warnings
from typing import Any, Callable, Dict, List, Optional, Protocol, Sequence

import pytest

from plimsoll_pytest import forked, identity, orphan
from plimsoll_pytest.birth import Birth
from plimsoll_pytest.hand import Hand
from plimsoll_pytest.nodes import Nodes
from plimsoll_pytest.page import SLOTS, Page, anonymous_file
from plimsoll_pytest.spawning import Spawner
from plimsoll_pytest.standstill import Standstills
from plimsoll_pytest.wire import WorkerWire, micros
from plimsoll_pytest.written import WRITTEN

#: A test that runs longer is announced to Java.
LONG = 0.5
#: How often the page is looked at while tests run, and the living are counted where the kernel does not tell.
TICK = 0.25
TICK_BLIND = 0.05


class Listener(Protocol):
    """Who hears of the workers."""

    def told(self, hand: Hand, frame: Sequence[Any]) -> None: ...

    def started(self, hand: Hand, item: int, since: float) -> None: ...

    def stuck(self, hand: Hand, item: int) -> None: ...

    def lingers(self, hand: Hand) -> None: ...

    def died(self, hand: Hand, gone: Dict[str, Any]) -> None: ...


class Crew:
    """Worker processes by name. A slot of the page is a worker's while it lives."""

    def __init__(self, session: pytest.Session, selector: selectors.BaseSelector, nodes: Nodes,
                 close_hosts: Callable[[], None], spawner: Spawner, forks: bool) -> None:
        self.hands: Dict[str, Hand] = {}
        self.page = Page()
        self.page.tell_time()
        self._session = session
        self._selector = selector
        self.nodes = nodes
        self.listener: Listener
        self._close_hosts = close_hosts
        self._spawner = spawner
        self.forks = forks
        self._standstills = Standstills()
        self._base = identity.base_of(session.config)
        self._lifeline = orphan.Lifeline(os.getpid())
        self._collecting = gc.isenabled()

    def start(self, name: str, count: int) -> None:
        """Start a worker, as a copy of this process or as one of its own."""
        asked = time.monotonic()
        node = self.nodes.configure(name, count)
        ours, theirs = socket.socketpair()
        birth = Birth(name, count, self.nodes.testrunuid, node.workerinput, self._free_slot(), self.page, theirs,
                      anonymous_file("plimsoll-stacks"), self._base)
        pid = self._fork(birth, ours) if self.forks else self._spawner.spawn(birth)
        theirs.close()
        hand = Hand(name, birth.slot, pid, birth.stacks, self._selector)
        hand.forked, hand.born = self.forks, asked
        wire = WorkerWire(ours, self._selector, functools.partial(self._wire_ready, hand))
        hand.watch(wire, functools.partial(self._perhaps_died, hand))
        self.hands[name] = hand

    def _fork(self, birth: Birth, ours: socket.socket) -> int:
        parent = forked.Parent(self._lifeline, self._collecting, functools.partial(self._leave, ours))
        environment = identity.environment(birth.name, birth.count, birth.testrun)
        WRITTEN.flush_noted()
        gc.disable()
        os.environ.update(environment)
        try:
            pid = _fork()
            if pid == 0:
                forked.live(self._session, birth, parent)
            return pid
        finally:
            for variable in environment:
                os.environ.pop(variable, None)
            if self._collecting:
                gc.enable()

    def _leave(self, ours: socket.socket) -> None:
        ours.close()
        self._close_hosts()
        for hand in self.hands.values():
            hand.abandon()

    def _free_slot(self) -> int:
        taken = {hand.slot for hand in self.hands.values()}
        slot = next(slot for slot in range(SLOTS) if slot not in taken)
        self.page.vacate(slot)
        return slot

    def _wire_ready(self, hand: Hand, mask: int) -> None:
        wire = hand.wire
        if wire is None or not wire.open:
            return
        if mask & selectors.EVENT_WRITE:
            wire.flush()
        if mask & selectors.EVENT_READ:
            alive = wire.fill()
            self._hear(hand)
            if not alive:
                wire.close()

    def _hear(self, hand: Hand) -> None:
        assert hand.wire is not None
        for frame in hand.wire.frames():
            self.listener.told(hand, frame)

    def _perhaps_died(self, hand: Hand, _mask: int) -> None:
        ended = hand.reap()
        if ended is None or self.hands.get(hand.name) is not hand:
            return
        if hand.wire is not None and hand.wire.open:
            hand.wire.fill()
            self._hear(hand)  # what it sent before its death counts
        del self.hands[hand.name]
        running = self.page.running(hand.slot)
        if running is not None and running.item not in hand.given:
            running = None
        gone = {
            "type": "gone", "worker": hand.name, "pid": hand.pid, "signal": ended[0], "status": ended[1],
            "item": running.item if running else None, "phase": running.phase if running else None,
            "since": micros(running.since) if running else None, "expected": hand.finished, **hand.last_words(),
        }
        hand.close()
        self.listener.died(hand, gone)

    def turn(self, longest: Optional[float]) -> None:
        """Wait for something to happen, no longer than these seconds, and handle it."""
        busy = any(hand.given or hand.finished for hand in self.hands.values())
        blind = any(hand.pidfd < 0 for hand in self.hands.values())
        waits = [longest, TICK_BLIND if blind else TICK if busy else None]
        for key, mask in self._selector.select(min((wait for wait in waits if wait is not None), default=None)):
            key.data(mask)
        now = self.page.tell_time()
        due = self._standstills.due(now)
        for hand in list(self.hands.values()):
            if hand.pidfd < 0:
                self._perhaps_died(hand, 0)
            if time.monotonic() > hand.leave_by:
                hand.leave_by = math.inf
                self.listener.lingers(hand)
                hand.kill_at_once()
            running = self.page.running(hand.slot)
            if running and running.item != hand.announced and now - running.since > LONG:
                hand.announced = running.item
                self.listener.started(hand, running.item, running.since)
            if running and due and self._standstills.proved(hand.pid, running.item, running.since, now):
                self.listener.stuck(hand, running.item)

    def kill_all(self) -> None:
        """Kill every worker with its group, and collect what is left of them."""
        hands: List[Hand] = list(self.hands.values())
        self.hands.clear()
        for hand in hands:
            hand.kill_at_once()
        for hand in hands:
            try:
                os.waitpid(hand.pid, 0)
            except ChildProcessError:
                pass  # reaped by the project's own handler
            hand.close()


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of threads in the process: which threads live here has been looked at.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
