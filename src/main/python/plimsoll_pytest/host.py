"""The host: a genuine pytest session whose tests run in workers, as Java decides."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

import pytest

from plimsoll_pytest import benchmarks, catalog, engine_choice, host_collection, project_scheduler, successor, terminal
from plimsoll_pytest.arrangement import Arrangement
from plimsoll_pytest.engine_choice import Choice
from plimsoll_pytest.gc_freeze import FREEZE
from plimsoll_pytest.hook_replay import HookReplay
from plimsoll_pytest.host_collection import NotCollected
from plimsoll_pytest.host_priority import HOST_PRIORITY
from plimsoll_pytest.interrupts import INTERRUPTS
from plimsoll_pytest.link import ORPHANED, JavaGone, Link
from plimsoll_pytest.nodes import Nodes, ignored_hooks
from plimsoll_pytest.orders import Orders
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.remembered_choice import RememberedChoice
from plimsoll_pytest.run import Run
from plimsoll_pytest.seeds import SEEDS
from plimsoll_pytest.settings import Settings
from plimsoll_pytest.spawning import Spawner
from plimsoll_pytest.stepwise import Stepwise
from plimsoll_pytest.worker_events import WorkerEvents
from plimsoll_pytest.worker_pool import WorkerPool


class Host:
    """Takes over the run loop, and the collection where workers are spawned. Each message of Java and each frame of a
    worker is handled on the main thread."""

    def __init__(self, config: pytest.Config, link: Link, settings: Settings, asked: Dict[str, Any]) -> None:
        self._config = config
        self._link = link
        self._settings = settings
        self._asked = asked
        self._tests: List[Any] = []
        self._uncollected: List[Dict[str, Any]] = []
        self._run: Optional[Run] = None
        self._deselected = catalog.Deselected()
        self._arrangement = Arrangement()
        invocation = config.invocation_params
        self._remembered = RememberedChoice(
            settings.choices, [str(invocation.dir), *map(str, invocation.args), *["isolated"] * settings.isolates])
        config.pluginmanager.register(self._arrangement, "plimsoll-arrangement")
        if getattr(config.option, "stepwise", False) or getattr(config.option, "stepwise_skip", False):
            config.pluginmanager.register(Stepwise(self._tests), "plimsoll-stepwise")

    def pytest_deselected(self, items: Sequence[Any]) -> None:
        self._deselected.add(items)

    def pytest_collectreport(self, report: Any) -> None:
        told = catalog.uncollected_message(self._config, report)
        if told is not None:
            self._uncollected.append(told)

    def pytest_collection(self, session: pytest.Session) -> Optional[bool]:
        """Have a worker collect, where it is known already that workers are spawned."""
        if session.config.option.collectonly:
            return None
        choice = self._known_choice()
        if choice.engine != "spawn":
            return None
        self._link.watch_ends()
        self._run = run = self._new_run(session, forks=False)
        orders = Orders(run)
        try:
            data = host_collection.tests_of(run, orders, self._settings.workers, bool(self._settings.successor))
            if data["errors"] > self._settings.successor.get("errors", data["errors"]):
                raise NotCollected(RuntimeError(), "its tests cannot be imported a second time")
        except JavaGone:
            os._exit(ORPHANED)
        except NotCollected as problem:
            run.pool.kill_all()
            self._run_alone(str(problem))
            raise problem.cause from None
        except BaseException:
            run.pool.kill_all()
            raise
        host_collection.accept(run, data)
        if not self._settings.successor:  # the process before this one has told
            host_collection.tell(run, data["deselected"])
        if self._settings.engine == "auto" or self._settings.successor:
            self._remembered.keep(data["why"])
            if self._settings.successor and data["why"]:
                choice = choice._replace(why=data["why"])
        self._tell_collected(data["messages"], choice, data["deselected"], data["marks"], data["arranged"])
        return True

    def _known_choice(self) -> Choice:
        if self._settings.successor:
            return Choice("spawn", self._settings.successor["why"])
        choice = engine_choice.before_collection(self._config, self._settings.engine)
        why = self._remembered.why() if self._settings.engine == "auto" and choice.engine == "fork" else ""
        return Choice("spawn", why) if why else choice

    def _run_alone(self, problem: str) -> None:
        """Where this process could collect, and a worker beside it cannot: one process for all that is left."""
        if self._settings.successor:
            why = f"one process runs all tests: a worker cannot import them beside another process ({problem})"
            told = {"engine": "serial", "why": why, "errors": 0}
            successor.take_over(self._config, self._link, self._settings, told)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Optional[bool]:
        config: Any = session.config
        stopped = session.testsfailed and not config.option.continue_on_collection_errors
        if self._run is None:
            choice = self._choose(session, idle=bool(stopped or config.option.collectonly or not session.items))
            self._run = self._new_run(session, choice.engine == "fork")
            if choice.warning:
                self._run.note("warning", choice.warning)
        run, orders = self._run, Orders(self._run)
        if stopped or config.option.collectonly or not self._tests:
            host_collection.release(run, orders)
            return None  # pytest's own loop says what is to be said
        FREEZE.begin()
        repeats = self._settings.output == "pytest"
        with terminal.muted(session, repeats, self._tests), INTERRUPTS.ignored(), HOST_PRIORITY.giving_way():
            self._work(run, orders)
        run.raise_cause()
        return True

    def _choose(self, session: pytest.Session, idle: bool) -> Choice:
        """Choose the engine for tests that were collected here, and tell Java of both; does not return where the tests
        are to be collected by workers."""
        self._link.watch_ends()
        SEEDS.note()
        choice = engine_choice.after_collection(session.config, self._settings.engine, self._link.descriptors)
        if choice.engine == "spawn" and not idle:
            told = {"engine": "spawn", "why": choice.why, "errors": session.testsfailed}
            successor.take_over(session.config, self._link, self._settings, told)
        self._tests[:] = session.items
        self._tell_collected(
            catalog.item_messages(session.config, session.items), choice, self._deselected.count,
            self._deselected.marks(session.config, session.items), self._arrangement.is_chosen(session.items))
        return choice

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self._tell_uncollected()

    def _tell_uncollected(self) -> None:
        for message in self._uncollected:
            self._link.send(message)
        self._uncollected.clear()

    def _tell_collected(self, items: Any, choice: Choice, deselected: int, marks: Any, arranged: bool) -> None:
        self._tell_uncollected()
        scheduler = project_scheduler.of_project(self._config)
        for message in scheduler.grouped(items):
            self._link.send(message)
        if scheduler.warning:
            self._link.send({"type": "note", "level": "warning", "text": scheduler.warning})
        failed = self._config.pluginmanager.get_plugin("session").testsfailed
        terminal.flush(self._config)  # before what Plimsoll prints of the tests
        self._link.send({
            "type": "collected", "count": len(self._tests), "deselected": deselected, "marks": marks,
            "errors": failed, "arranged": arranged, **catalog.wishes(self._config), "engine": choice.engine,
            "why": choice.why, **self._asked, **scheduler.dist()})

    def _new_run(self, session: pytest.Session, forks: bool) -> Run:
        tests = self._tests
        spawner = Spawner(session.config, self._settings, self._link.run, tests)
        nodes = Nodes(session, self._link.run, tests)
        pool = WorkerPool(session, self._link.selector, nodes, self._link.abandon, spawner, forks)
        run = Run(session, self._link, pool, HookReplay(session, nodes, tests), tests)
        pool.listener = WorkerEvents(run)
        return run

    def _work(self, run: Run, orders: Orders) -> None:
        told = benchmarks.notice(self._config, self._tests)
        if told is not None:
            run.note("warning", told)
        if self._asked["dist"] == "each":
            run.note("warning", "--dist=each is not done: each test runs once, in one of the workers. For several"
                                " environments start Plimsoll once in each of them")
        for hook in ignored_hooks(self._config):
            run.note("warning", f"{hook} is not called: Plimsoll schedules the tests and starts the workers")
        try:
            while not run.finishing or run.pool.handles:
                host_collection.turn(run, orders)
            run.replay.settle()
        except JavaGone:
            run.pool.kill_all()
            os._exit(ORPHANED)
        finally:
            run.pool.kill_all()
