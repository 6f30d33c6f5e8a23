"""A worker forked from the host: from the fork to its end."""

from __future__ import annotations

import dataclasses
import gc
import io
from traceback import format_exception
from typing import Any, Callable, FrozenSet, Iterator, List

import pytest

from plimsoll_pytest import coverage_data, identity, orphan, output, reconfigure, stack, terminal, xdist_options
from plimsoll_pytest.fork_hazards import descriptor_of
from plimsoll_pytest.gc_freeze import FREEZE
from plimsoll_pytest.host_priority import HOST_PRIORITY
from plimsoll_pytest.interrupts import INTERRUPTS
from plimsoll_pytest.leaving import LEAVING
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.reopened_files import REOPENED
from plimsoll_pytest.seeds import SEEDS
from plimsoll_pytest.wire import WorkerEnd
from plimsoll_pytest.worker import Place, Worker
from plimsoll_pytest.worker_spec import WorkerSpec
from plimsoll_pytest.written import WRITTEN

#: Modules whose plugin objects write what one process alone may write.
HOST_ONLY = frozenset({
    "_pytest.junitxml", "_pytest.pastebin", "plimsoll_pytest.host", "plimsoll_pytest.junit_cases",
    "plimsoll_pytest.stepwise", "pytest_bdd.cucumber_json", "pytest_html.html_report", "pytest_html.report",
    "pytest_html.report_self_contained", "pytest_html.selfcontained_report", "pytest_reportlog.plugin",
})
#: The same, but they stop the session when a test fails, and a worker must know that at once.
HOST_ONLY_AT_FINISH = frozenset({"_pytest.stepwise"})


@dataclasses.dataclass(frozen=True)
class Parent:
    """What a forked worker must know of the host that it was: how to leave it, and what it had switched off."""

    lifeline: orphan.Lifeline
    collecting: bool
    leave: Callable[[], None]


def live(session: pytest.Session, spec: WorkerSpec, parent: Parent) -> None:
    """Be a worker, then end the process. Never returns."""
    status = 1
    try:
        parent.lifeline.take()
        wire = _prepare(session, spec, parent)
        own = reconfigure.OwnPart(session)
        own.begin(spec.stacks)
        place = Place(spec.name, spec.slot, spec.page, wire)
        status = stack.with_room(lambda: work(session, place, own))
        LEAVING.end(lambda threads: wire.send(("leaving", threads)))
    except BaseException as problem:  # nothing above may see it: the stack above is the host's
        _last_words(spec.stacks, problem)
    finally:
        WRITTEN.flush()
        os._exit(status)


def _last_words(fd: int, problem: BaseException) -> None:
    if isinstance(problem, (EOFError, BrokenPipeError, ConnectionResetError)):
        return  # the host is gone
    os.write(fd, "".join(format_exception(type(problem), problem, problem.__traceback__)).encode())


def _prepare(session: pytest.Session, spec: WorkerSpec, parent: Parent) -> WorkerEnd:
    FREEZE.renew()  # what the host made since its own freeze: its files are not ours to flush
    os.setpgid(0, 0)
    INTERRUPTS.take_again()
    parent.leave()
    HOST_PRIORITY.take_again()
    orphan.prefer_for_oom_kill()
    output.write_stacks_to(spec.stacks)
    LEAVING.take_up()
    REOPENED.take_again()
    config = session.config
    output.separate(config)
    leave_to_host(config, HOST_ONLY)
    terminal.replace_with_mute(config, spec.stacks)
    identity.assume(config, spec.input)
    xdist_options.forget(config)
    coverage_data.take_up(config)
    SEEDS.take_up()
    identity.own_base(config, spec.base, spec.name)
    if parent.collecting:
        gc.enable()
    return WorkerEnd(spec.theirs)


def leave_to_host(config: pytest.Config, modules: FrozenSet[str]) -> None:
    for plugin in _plugins_of_host(config, modules):
        config.pluginmanager.unregister(plugin)


def files_of_host(config: pytest.Config) -> Iterator[int]:
    """Descriptors of plugins that forked workers do not have."""
    for plugin in _plugins_of_host(config, HOST_ONLY):
        for held in vars(plugin).values():
            if isinstance(held, io.IOBase):
                yield from descriptor_of(held)


def _plugins_of_host(config: pytest.Config, modules: FrozenSet[str]) -> List[Any]:
    return [plugin for plugin in config.pluginmanager.get_plugins()
            if not terminal.is_module(plugin) and type(plugin).__module__ in modules]


def begin(session: pytest.Session, place: Place) -> Worker:
    """Announce the worker to the host, with copies of the files that its output is captured in."""
    worker = Worker(session, place)
    session.config.pluginmanager.register(worker, "plimsoll-worker")
    worker.listening = True
    files: List[int] = output.captured_files(session.config)
    place.wire.send(("ready", os.getpid(), len(files)), files)
    return worker


def work(session: pytest.Session, place: Place, own: reconfigure.OwnPart) -> int:
    """Run tests, then finish the session as a process of its own would; returns the exit status."""
    config: Any = session.config
    worker = begin(session, place)
    worker.run()
    coverage_data.save(config)
    leave_to_host(config, HOST_ONLY_AT_FINISH)
    session.exitstatus = 1 if session.testsfailed else 0
    identity.tell_end(session)
    worker.guard_finish(lambda: config.hook.pytest_sessionfinish(session=session, exitstatus=session.exitstatus))
    worker.guard_finish(own.end)
    place.wire.send(("finished", config.workeroutput, worker.warnings, LEAVING.waits))
    while LEAVING.waits and ("leave",) not in place.wire.receive(wait=True):
        pass
    return 0
