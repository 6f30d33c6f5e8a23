"""What makes a process a worker in the eyes of plugins and tests: the contract of pytest-xdist."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Dict

import pytest

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

MARKER = "plimsoll(memory, timeout, workers): limits of a test under Plimsoll"


def environment(name: str, count: int, testrun: str) -> Dict[str, str]:
    return {
        "PYTEST_XDIST_WORKER": name,
        "PYTEST_XDIST_WORKER_COUNT": str(count),
        "PYTEST_XDIST_TESTRUNUID": testrun,
    }


def worker_input(name: str, count: int, testrun: str) -> Dict[str, Any]:
    return {"workerid": name, "workercount": count, "testrunuid": testrun, "mainargv": sys.argv}


def assume(config: Any, given: Dict[str, Any]) -> None:
    """Give the configuration a worker's input and output."""
    config.workerinput = given
    config.workeroutput = {}
    config.option.usepdb = False


def tell_end(session: Any) -> None:
    """Put into the output how the session of this worker ends."""
    session.config.workeroutput.update(
        exitstatus=int(session.exitstatus), shouldfail=session.shouldfail, shouldstop=session.shouldstop)


def base_of(config: Any) -> str:
    """The folder under which each worker has its own for temporary files; empty without pytest's tmpdir plugin."""
    factory = getattr(config, "_tmp_path_factory", None)
    return "" if factory is None else str(factory.getbasetemp())


def own_base(config: Any, shared: str, name: str) -> None:
    """Move the temporary files of this process under the shared folder; a successor of the same name goes on there."""
    factory = getattr(config, "_tmp_path_factory", None)
    if factory is None or not shared:
        return
    path = Path(shared) / f"popen-{name}"
    os.makedirs(path, mode=0o700, exist_ok=True)
    factory._given_basetemp = path
    factory._basetemp = path


class WorkerFixtures:
    """The fixtures of pytest-xdist, for where it is absent."""

    @pytest.fixture(scope="session")
    def worker_id(self, request: pytest.FixtureRequest) -> str:
        """The id of the current worker ('gw0', 'gw1', ...), or 'master' in any other process."""
        return str(getattr(request.config, "workerinput", {}).get("workerid", "master"))

    @pytest.fixture(scope="session")
    def testrun_uid(self, request: pytest.FixtureRequest) -> str:
        """The id of the current run, shared by all its workers."""
        import uuid

        return str(getattr(request.config, "workerinput", {}).get("testrunuid") or uuid.uuid4().hex)


def prepare(config: pytest.Config) -> None:
    """Make our marker known, and the fixtures of pytest-xdist where it is absent."""
    config.addinivalue_line("markers", MARKER)
    if not config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(WorkerFixtures(), "plimsoll-fixtures")
