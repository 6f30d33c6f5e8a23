"""The hooks of pytest-xdist, specified here for where it is absent, so that plugins and conftests that implement them
load, also those that do not mark them as optional. Plimsoll fires those that say what happens to a worker, and asks a
project's own scheduler for its scopes; gateways and the copying of files have no counterpart here."""

from __future__ import annotations

from typing import Any

import pytest

#: Known, and never called.
NOT_FIRED = (
    "pytest_xdist_getremotemodule", "pytest_xdist_newgateway", "pytest_xdist_rsyncstart",
    "pytest_xdist_rsyncfinish",
)


@pytest.hookspec()
def pytest_xdist_setupnodes(config: Any, specs: Any) -> None:
    """Called once, before the first worker is started."""


@pytest.hookspec()
def pytest_configure_node(node: Any) -> None:
    """Called before a worker is started; what is put into `node.workerinput` is its `config.workerinput`."""


@pytest.hookspec()
def pytest_testnodeready(node: Any) -> None:
    """Called when a worker is ready for tests."""


@pytest.hookspec()
def pytest_testnodedown(node: Any, error: Any) -> None:
    """Called when a worker has ended; `node.workeroutput` holds its `config.workeroutput` if it ended in order."""


@pytest.hookspec()
def pytest_xdist_node_collection_finished(node: Any, ids: Any) -> None:
    """Called when the tests of a worker are known."""


@pytest.hookspec(firstresult=True)
def pytest_xdist_auto_num_workers(config: Any) -> Any:
    """Return the number of workers for `-n auto`."""


@pytest.hookspec(firstresult=True)
def pytest_handlecrashitem(crashitem: Any, report: Any, sched: Any) -> Any:
    """Called with the report of a test whose worker died; may change it."""


@pytest.hookspec(firstresult=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """Return a scheduler; of one with scopes Plimsoll asks which tests belong together."""


@pytest.hookspec(firstresult=True)
def pytest_xdist_getremotemodule() -> Any:
    """Not called."""


@pytest.hookspec()
def pytest_xdist_newgateway(gateway: Any) -> None:
    """Not called."""


@pytest.hookspec()
def pytest_xdist_rsyncstart(source: Any, gateways: Any) -> None:
    """Not called."""


@pytest.hookspec()
def pytest_xdist_rsyncfinish(source: Any, gateways: Any) -> None:
    """Not called."""
