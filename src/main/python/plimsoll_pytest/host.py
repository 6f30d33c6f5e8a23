"""The host: a genuine pytest session whose tests run in workers, as Java decides."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional, Sequence, Tuple

import pytest

from plimsoll_pytest import benchmarks, catalog, inherited, numbered, terminal, threads
from plimsoll_pytest.arrangement import Arrangement
from plimsoll_pytest.gc_freeze import FREEZE
from plimsoll_pytest.hook_replay import HookReplay
from plimsoll_pytest.host_priority import HOST_PRIORITY
from plimsoll_pytest.import_reads import IMPORT_READS
from plimsoll_pytest.interrupts import INTERRUPTS
from plimsoll_pytest.link import ORPHANED, JavaGone, Link
from plimsoll_pytest.nodes import Nodes, ignored_hooks
from plimsoll_pytest.orders import Orders
from plimsoll_pytest.run import Run
from plimsoll_pytest.seeds import SEEDS
from plimsoll_pytest.settings import Settings
from plimsoll_pytest.spawning import Spawner
from plimsoll_pytest.stepwise import Stepwise
from plimsoll_pytest.worker_events import WorkerEvents
from plimsoll_pytest.worker_pool import WorkerPool


class Host:
    """Takes over the run loop. Each message of Java and each frame of a worker is handled on the main thread."""

    def __init__(self, config: pytest.Config, link: Link, settings: Settings, asked: Dict[str, Any]) -> None:
        self._config = config
        self._link = link
        self._settings = settings
        self._asked = asked
        self._deselected = catalog.Deselected()
        self._arrangement = Arrangement()
        config.pluginmanager.register(self._arrangement, "plimsoll-arrangement")
        if getattr(config.option, "stepwise", False) or getattr(config.option, "stepwise_skip", False):
            config.pluginmanager.register(Stepwise(), "plimsoll-stepwise")

    def pytest_deselected(self, items: Sequence[Any]) -> None:
        self._deselected.add(items)

    def pytest_collectreport(self, report: Any) -> None:
        told = catalog.uncollected_message(self._config, report)
        if told is not None:
            self._link.send(told)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Optional[bool]:
        self._link.watch_ends()
        SEEDS.note()
        engine, why, found = self._choose()
        self._tell_collected(session, {"engine": engine, "why": why, "threads": found})
        if session.config.option.collectonly or not session.items:
            return None  # pytest's own loop says what is to be said
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            return None
        FREEZE.begin()
        with terminal.muted(session.config), INTERRUPTS.ignored(), HOST_PRIORITY.giving_way():
            run = self._run(session, engine)
        run.raise_cause()
        return True

    def _choose(self) -> Tuple[str, str, Sequence[str]]:
        """The engine that will be used, why it is not the one asked for, and the threads that speak against forking."""
        wanted, found = self._settings.engine, threads.hazards()
        if wanted == "fork" and found:
            return "spawn", "forking is not safe here: after collection there is " + ", ".join(found), found
        read = IMPORT_READS.note()
        if wanted == "fork" and read:
            return "spawn", (f"forking is not right here: {read} while it is imported, and forked workers share what is"
                             " imported. To keep forking, read it in a fixture or a function"), found
        if wanted == "fork" and not hasattr(os, "fork"):
            return "spawn", "this system cannot fork", found
        return wanted, "", found

    def _tell_collected(self, session: pytest.Session, engine: Dict[str, Any]) -> None:
        for message in catalog.item_messages(session.config, session.items):
            self._link.send(message)
        self._link.send({
            "type": "collected", "count": len(session.items), "deselected": self._deselected.count,
            "marks": self._deselected.marks(session.config, session.items), "errors": session.testsfailed,
            "arranged": self._arrangement.is_chosen(session.items),
            **catalog.wishes(session.config), **engine, **self._asked})

    def _run(self, session: pytest.Session, engine: str) -> Run:
        spawner = Spawner(session, self._settings, self._link.run)
        nodes = Nodes(session, self._link.run)
        pool = WorkerPool(session, self._link.selector, nodes, self._link.abandon, spawner, engine == "fork")
        run = Run(session, self._link, pool, HookReplay(session, nodes))
        told = benchmarks.notice(session)
        if told is not None:
            run.note("warning", told)
        if self._asked["dist"] == "each":
            run.note("warning", "--dist=each is not done: each test runs once, in one of the workers. For several"
                                " environments start Plimsoll once in each of them")
        for hook in ignored_hooks(session.config):
            run.note("warning", f"{hook} is not called: Plimsoll schedules the tests and starts the workers")
        if engine == "fork":
            shared = inherited.notice(self._link.descriptors), numbered.notice(session.config.rootpath)
            for text in filter(None, shared):
                run.note("warning", text)
        pool.listener = WorkerEvents(run)
        orders = Orders(run)
        try:
            while not run.finishing or pool.handles:
                pool.turn(self._link.wait())
                self._link.tick()
                for message in self._link.messages():
                    orders.obey(message)
        except JavaGone:
            pool.kill_all()
            os._exit(ORPHANED)
        finally:
            pool.kill_all()
        run.tell_cost_of_isolation()
        return run
