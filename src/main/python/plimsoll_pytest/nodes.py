"""Workers as the hooks of pytest-xdist show them: node objects with a gateway, an input and an output."""

from __future__ import annotations

import platform
import sys
from typing import Any, Dict, List, Optional, Sequence

import pytest

from plimsoll_pytest import identity, xdist_hooks
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os


class Spec:
    """What kind of process a worker is. As an execnet spec has, it has no value for what it does not know."""

    popen = True

    def __init__(self, name: str) -> None:
        self.id = name

    def __getattr__(self, name: str) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        return None

    def __str__(self) -> str:
        return "popen"

    __repr__ = __str__


class Machine:
    """What a worker runs on: what the host runs on."""

    def __init__(self, pid: Optional[int]) -> None:
        self.executable = sys.executable
        self.cwd = os.getcwd()
        self.platform = sys.platform
        self.version_info = tuple(sys.version_info)
        self.pid = pid


class Gateway:
    def __init__(self, name: str) -> None:
        self.id = name
        self.spec = Spec(name)
        self.pid: Optional[int] = None

    def _rinfo(self, update: bool = False) -> Machine:
        return Machine(self.pid)

    def __repr__(self) -> str:
        return f"<Gateway {self.id}>"


class Node:
    """One worker process. It gets a `workeroutput` when it ends in order."""

    workeroutput: Dict[str, Any]

    def __init__(self, nodes: Nodes, name: str, count: int, testrun: str) -> None:
        self.config = nodes.config
        self.nodemanager = nodes
        self.gateway = Gateway(name)
        self.workerinput = identity.worker_input(name, count, testrun)
        self.workerinfo: Optional[Dict[str, Any]] = None

    @property
    def shutting_down(self) -> bool:
        return self.gateway.pid is None

    def __repr__(self) -> str:
        return f"<WorkerController {self.gateway.id}>"


class Scheduler:
    """Stands where xdist hands its scheduler to `pytest_handlecrashitem`: Java decides which tests run again."""

    def mark_test_pending(self, item: str) -> None:
        """Do nothing: Plimsoll decides which crashed tests run again."""


class Nodes:
    """The node objects of a run, and the hooks that show them."""

    def __init__(self, session: Any, testrun: str, tests: Sequence[Any]) -> None:
        self.config = session.config
        self.testrunuid = testrun
        self.roots: List[Any] = []
        self.specs: List[Spec] = []
        self._tests = tests
        self._ids: List[str] = []
        self._nodes: Dict[str, Node] = {}

    def configure(self, name: str, count: int) -> Node:
        """Make the node of a worker that is about to start."""
        if not self.specs:
            self.specs = [Spec(f"gw{number}") for number in range(count)]
            self._fire("pytest_xdist_setupnodes", config=self.config, specs=self.specs)
        node = self._nodes[name] = Node(self, name, count, self.testrunuid)
        self._fire("pytest_configure_node", node=node)
        return node

    def of(self, name: str) -> Node:
        return self._nodes[name]

    def ready(self, name: str, pid: int) -> None:
        node = self._nodes[name]
        node.gateway.pid = pid
        node.workerinfo = {
            "version": sys.version, "version_info": tuple(sys.version_info), "sysplatform": sys.platform,
            "platform": platform.platform(), "executable": sys.executable, "cwd": os.getcwd(),
            "id": name, "spec": node.gateway.spec}
        self._fire("pytest_testnodeready", node=node)
        if not self._ids:
            self._ids = [item.nodeid for item in self._tests]
        self._fire("pytest_xdist_node_collection_finished", node=node, ids=self._ids)

    def down(self, name: str, error: Optional[str]) -> None:
        node = self._nodes[name]
        node.gateway.pid = None
        self._fire("pytest_testnodedown", node=node, error=error)

    def _fire(self, hook: str, **arguments: Any) -> None:
        getattr(self.config.hook, hook)(**arguments)


def ignored_hooks(config: pytest.Config) -> List[str]:
    """Hooks of pytest-xdist that this project implements and nobody calls."""
    found = []
    for name in xdist_hooks.NOT_FIRED:
        hook = getattr(config.hook, name, None)
        owners = [impl.plugin_name for impl in hook.get_hookimpls()] if hook is not None else []
        found += [f"{name} of {owner}" for owner in owners if not owner.startswith("xdist")]
    return found


def workers_wanted(config: pytest.Config) -> Optional[int]:
    """What the project says that `-n auto` means: by its own `pytest_xdist_auto_num_workers`, or by the environment."""
    hook: Any = config.hook
    impls = hook.pytest_xdist_auto_num_workers.get_hookimpls()
    wanted = None
    if not all(impl.plugin_name.startswith("xdist") for impl in impls):
        wanted = hook.pytest_xdist_auto_num_workers(config=config)
    if wanted is None:
        wanted = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS", "")
    return int(wanted) if str(wanted).isdigit() else None
