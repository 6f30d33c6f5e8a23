"""A worker that is a process of its own: its session, from the first line to its end."""

from __future__ import annotations

import base64
import sys
from _socket import socket
from typing import Any, Dict, Generator, Optional

import pytest

from plimsoll_pytest import benchmarks, forked, identity, orphan, output, remote_collection, selection, stack, terminal
from plimsoll_pytest import xdist_options
from plimsoll_pytest.gc_freeze import FREEZE
from plimsoll_pytest.host_priority import HostPriority
from plimsoll_pytest.identity import prepare
from plimsoll_pytest.pickling import unpacked
from plimsoll_pytest.leaving import LEAVING
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.spawning import digest
from plimsoll_pytest.status_page import StatusPage
from plimsoll_pytest.wire import WorkerEnd
from plimsoll_pytest.worker import Place, Worker
from plimsoll_pytest.written import WRITTEN


def live(orders: Dict[str, Any]) -> None:
    """Be a worker, then end the process."""
    orphan.Lifeline(orders["host"]).take()
    HostPriority(orders["gives_way"]).take_again()
    orphan.prefer_for_oom_kill()
    for fd in (orders["page"], orders["wire"], orders["stacks"]):
        os.set_inheritable(fd, False)
    output.write_stacks_to(orders["stacks"])
    sys.argv[:] = orders["argv"]
    os.chdir(orders["dir"])
    FREEZE.watch()
    if orders["collects"]:
        remote_collection.watch(orders["collects"], orders["isolates"])
    place = Place(orders["name"], orders["slot"], StatusPage(orders["page"]), WorkerEnd(socket(fileno=orders["wire"])))
    status = 1
    try:
        plugins = [SpawnedSession(orders, place)]
        status = int(stack.with_room(lambda: pytest.main(list(orders["args"]), plugins=plugins)))
        LEAVING.end(lambda threads: place.wire.send(("leaving", threads)))
    finally:
        WRITTEN.flush()
        os._exit(status)


class SpawnedSession:
    """Makes a plain pytest session that of a worker."""

    def __init__(self, orders: Dict[str, Any], place: Place) -> None:
        self._orders = orders
        self._place = place
        self._worker: Optional[Worker] = None
        self._collection: Optional[remote_collection.CollectionReport] = None

    @pytest.hookimpl(hookwrapper=True)
    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> Generator[None, Any, None]:
        # pytest-cov would erase the data of workers that have ended
        early_config.known_args_namespace.cov_append = True
        yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> Generator[None, Any, None]:
        orders = self._orders
        xdist_options.neutralise(config)
        selection.omit(config, selection.read(orders["omitted"]))
        identity.assume(config, unpacked(base64.b64decode(orders["input"])))
        prepare(config)
        benchmarks.switch_off(config)
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        terminal.replace_with_mute(session.config, self._orders["stacks"])
        forked.leave_to_host(session.config, forked.HOST_ONLY)
        identity.own_base(session.config, self._orders["base"], self._place.name)
        collects = self._orders["collects"]
        if collects:
            self._collection = remote_collection.CollectionReport(session.config, self._place.wire, collects == "trace")
            session.config.pluginmanager.register(self._collection, "plimsoll-collection")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        output.write_stacks_to(self._orders["stacks"])  # pytest's own plugin had it write elsewhere
        ids = [item.nodeid for item in session.items]
        if self._collection is not None:
            self._collection.send(session)
        elif digest(ids) != self._orders["digest"]:
            self._place.wire.send(("differs", ids, ""))
            return True
        FREEZE.begin()
        self._worker = forked.begin(session, self._place)
        self._worker.run()
        forked.leave_to_host(session.config, forked.HOST_ONLY_AT_FINISH)
        return True

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: Any) -> Generator[None, Any, None]:
        identity.tell_end(session)
        yield
        if self._worker is not None:
            self._place.wire.send(("finished", session.config.workeroutput, self._worker.warnings, False))
