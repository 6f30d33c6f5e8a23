"""One pytest session of the host, from its first message to its last."""

from __future__ import annotations

import atexit
import contextlib
import sys
import uuid
from typing import Any, Dict, Generator, List, Optional

import pytest

from plimsoll_pytest import benchmarks, coverage_data, identity, nodes, selection, summaries, terminal, xdist_options
from plimsoll_pytest.host import Host
from plimsoll_pytest.junit_cases import JunitCases
from plimsoll_pytest.link import Link
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.serial import Serial
from plimsoll_pytest.settings import Settings
from plimsoll_pytest.written import WRITTEN
from plimsoll_pytest.xdist_run import XdistController


class Session:
    """Connects to Java, says hello, registers the engine, and says goodbye with pytest's exit status."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        testrun = getattr(config.option, "testrunuid", None) or uuid.uuid4().hex
        self._config = config
        self._is_beside_pytest = settings.output == "pytest"
        self._link = Link(settings.socket, testrun)
        self._is_successor = bool(settings.successor)
        if settings.shard:
            coverage_data.require_nothing(config)
        if not self._is_successor:
            self._link.send(_hello(config))
        engine = self._engine(config, settings)
        self._is_host = isinstance(engine, Host)
        self._before_hooks: Optional[int] = None
        config.pluginmanager.register(engine, "plimsoll-host")
        config.pluginmanager.register(self, "plimsoll-session")
        if settings.junit and config.pluginmanager.has_plugin("junitxml"):
            config.pluginmanager.register(JunitCases(config, settings.junit, self._warn), "plimsoll-junit")

    def _warn(self, text: str) -> None:
        self._link.send({"type": "note", "level": "warning", "text": text})

    def _engine(self, config: pytest.Config, settings: Settings) -> Any:
        files, omitted = selection.read(settings.files), selection.read(settings.omitted)
        if settings.engine == "xdist":
            if not has_xdist(config):
                self._link.bye(pytest.ExitCode.USAGE_ERROR, False)
                raise SystemExit(int(pytest.ExitCode.USAGE_ERROR))  # Java says why
            asked = xdist_options.asked(config)
            return XdistController(
                self._link, config, {"engine": "xdist", "why": "", **asked}, files, omitted,
                settings.output == "pytest")
        selection.omit(config, omitted)
        identity.prepare(config)
        asked = _asked(config)
        if settings.engine == "serial" or config.getoption("usepdb", False) or config.getoption("trace", False):
            selection.register(config, files)
            why = settings.successor.get("why", "") if settings.engine == "serial" else (
                "`--pdb` and `--trace` run all tests in one process; given after `--` they have the terminal as well")
            return Serial(self._link, config, {"engine": "serial", "why": why, **asked})
        xdist_options.pose_as_controller(config, asked)
        benchmarks.switch_off(config)
        return Host(config, self._link, settings, asked)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Generator[None, None, None]:
        """A program that has taken another's place does not repeat what that one has printed."""
        with terminal.silent(session.config) if self._is_successor else contextlib.nullcontext():
            yield
        summaries.close_once(terminal.reporter_of(session.config), self._is_beside_pytest)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """Say at once that Ctrl-C was heard: Java passes on what it believes was not."""
        if type(excinfo.value) is KeyboardInterrupt:  # not one of those that pytest makes of a limit
            self._link.send({"type": "stop", "reason": "interrupted"})

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> Generator[None, Any, None]:
        """Note how the session ends before any hook decides that it ends otherwise."""
        self._before_hooks = int(exitstatus)
        yield

    def end(self, outcome: Any) -> None:
        """Tell Java how pytest ended."""
        problem = outcome.excinfo[1] if outcome.excinfo else None
        if isinstance(problem, pytest.UsageError):
            status = pytest.ExitCode.USAGE_ERROR
        elif isinstance(problem, KeyboardInterrupt):
            status = pytest.ExitCode.INTERRUPTED  # Ctrl-C again, while the session was finishing
        elif isinstance(problem, SystemExit):
            status = problem.code if isinstance(problem.code, int) else int(problem.code is not None)
        elif problem is not None:
            status = pytest.ExitCode.TESTS_FAILED  # Python ends with 1 when nobody catches an exception
        else:
            status = outcome.get_result()
        chosen = problem is None and self._before_hooks is not None and int(status or 0) != self._before_hooks
        self._link.bye(int(status or 0), chosen, summaries.other_counts(terminal.reporter_of(self._config)))
        if problem is None and self._is_host:
            atexit.register(leave, int(status or 0))


def leave(status: int) -> None:
    """End this process without taking its objects apart one by one: with half a gigabyte of them that takes 3 seconds.
    All else that is to be done at its end is done first."""
    atexit.unregister(leave)
    atexit._run_exitfuncs()
    WRITTEN.flush()
    os._exit(status)


def _asked(config: pytest.Config) -> Dict[str, Any]:
    asked = xdist_options.neutralise(config)
    if asked["numprocesses"] in ("auto", "logical"):
        asked["numprocesses"] = nodes.workers_wanted(config) or asked["numprocesses"]
    return asked


def has_xdist(config: pytest.Config) -> bool:
    """Whether pytest-xdist works here: it may be installed, and blocked."""
    return bool(config.pluginmanager.has_plugin("xdist"))


def _reports(config: pytest.Config) -> List[str]:
    """The options, of pytest and well-known plugins, that have a file written which one session fills."""
    option = config.option
    asked = {"--junitxml": "xmlpath", "--report-log": "report_log", "--html": "htmlpath", "--cov": "cov_source"}
    return [name for name, key in asked.items() if getattr(option, key, None)
            and not (name == "--cov" and option.cov_append)]


def _hello(config: pytest.Config) -> Dict[str, Any]:
    versions = {dist.project_name: dist.version for _, dist in config.pluginmanager.list_plugin_distinfo()}
    return {
        "type": "hello", "xdist": versions.get("pytest-xdist") if has_xdist(config) else None,
        "rootdir": str(config.rootpath), "reports": _reports(config),
        "environment": {"python": sys.version.split()[0], "pytest": pytest.__version__, **versions},
    }
