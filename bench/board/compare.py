"""The board beside ci-queue's Python client on the same suite and store, beside a plain run, and beside xdist's --tx.

usage: compare.py [--rounds N] [--nodes N] [--only NAME]... --ciqueue CHECKOUT -- PLIMSOLL...

Needs redis-server, /usr/bin/python3 with pytest and pytest-xdist, and a checkout of github.com/Shopify/ci-queue, whose client runs
unmodified; apt-get brings what it imports. All nodes are processes of this machine, and the tests sleep, so that its processors
decide little. Rounds alternate; the figures are medians.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from check import Store, until

PYTHON = "/usr/bin/python3"
PACKAGES = ["dill", "tblib", "uritools", "future", "redis"]
MODULE = '''
import time
import pytest

@pytest.fixture(scope="module")
def service():
    time.sleep(0.3)
    yield

@pytest.mark.parametrize("x", range(5))
def test_a(x, service): time.sleep(PAUSE)

@pytest.mark.parametrize("x", range(5))
def test_b(x): time.sleep(PAUSE * (x % 3) / 2)
'''
# A module with a fixture stays on one worker: more modules than workers of all nodes.
MODULES = 64
LOST = 20


class Suite:
    def __init__(self, root: Path, plimsoll: List[str], ciqueue: Optional[Path], pause: float) -> None:
        self.root, self.plimsoll = root, plimsoll
        self.source = root / "source"
        self.source.mkdir()
        (self.source / ".git").mkdir()
        for number in range(MODULES):
            (self.source / f"test_{number}.py").write_text(MODULE.replace("PAUSE", str(pause)))
        self.store = Store(root / "store")
        self.tests = MODULES * 10
        self.path = ""
        self.runs = 0
        if ciqueue:
            debs = root / "debs"
            debs.mkdir()
            subprocess.run(["apt-get", "download", "-q", *(f"python3-{name}" for name in PACKAGES)], cwd=debs, check=True,
                           capture_output=True)
            for deb in debs.glob("*.deb"):
                subprocess.run(["dpkg", "-x", str(deb), str(debs)], check=True)
            self.path = f"{ciqueue}/python:{debs}/usr/lib/python3/dist-packages"

    def start(self, name: str, command: List[str], **variables: str) -> "subprocess.Popen[bytes]":
        """A node, with a checkout of its own."""
        folder = self.root / name
        shutil.copytree(self.source, folder)
        (folder / ".runtime").mkdir(mode=0o700)
        environ = {**os.environ, "XDG_RUNTIME_DIR": str(folder / ".runtime"), "NO_COLOR": "1", **variables}
        environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
        with open(folder / "log", "w") as log:
            return subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                    start_new_session=True)

    def ours(self, name: str, run: str, workers: int) -> "subprocess.Popen[bytes]":
        return self.start(name, [*self.plimsoll, "run", "--join", f"redis://127.0.0.1:{self.store.port}/{run}", "-q", "--python",
                                 PYTHON, "--workers", str(workers)])

    def theirs(self, name: str, run: str) -> "subprocess.Popen[bytes]":
        queue = f"redis://127.0.0.1:{self.store.port}/0?worker={name}&build={run}&timeout={LOST}"
        return self.start(name, [PYTHON, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "ciqueue.pytest",
                                 "--queue", queue], PYTHONPATH=self.path)

    def settled(self, run: str) -> int:
        board = self.store.settled(run)
        return board or self.number("ZCARD", f"build:{run}:processed") or self.number("SCARD", f"build:{run}:processed")

    def number(self, *words: str) -> int:
        reply = self.store.ask(*words).strip().lstrip(":")
        return int(reply) if reply.isdigit() else 0

    def wall(self, nodes: int, start: Callable[[str, str], "subprocess.Popen[bytes]"], killed: bool) -> float:
        """Until all nodes have ended, or all that were not killed; no test is missing."""
        self.runs += 1
        run = f"run{self.runs}"
        begun = time.monotonic()
        processes = [start(f"{run}-{node}", run) for node in range(nodes)]
        if killed:
            until(lambda: self.settled(run) >= self.tests // 3, 300)
            os.killpg(processes[0].pid, signal.SIGKILL)
        codes = [process.wait(timeout=600) for process in processes]
        wall = time.monotonic() - begun
        logs = [(self.root / f"{run}-{node}" / "log").read_text() for node in range(nodes)]
        assert codes == [0] * nodes or killed and codes == [-signal.SIGKILL] + [0] * (nodes - 1), (codes, logs)
        assert self.settled(run) == self.tests, (self.settled(run), self.tests)
        return wall


def nodes(suite: Suite, options: argparse.Namespace, killed: bool) -> None:
    walls: Dict[str, List[float]] = {"ours": [], "theirs": []}
    for _ in range(options.rounds):
        walls["ours"].append(suite.wall(options.nodes, lambda name, run: suite.ours(name, run, options.workers), killed))
        walls["theirs"].append(suite.wall(options.nodes, suite.theirs, killed))
    mine, other = statistics.median(walls["ours"]), statistics.median(walls["theirs"])
    print(f"{options.nodes} nodes{', one killed' if killed else ''}: board with {options.workers} workers each {mine:.1f} s, "
          f"ci-queue {other:.1f} s: {mine / other:.2f}  {walls}", flush=True)


def plain(suite: Suite, options: argparse.Namespace) -> None:
    walls: Dict[str, List[float]] = {"board": [], "plain": []}
    command = [*suite.plimsoll, "run", "-q", "--python", PYTHON, "--workers", str(options.workers)]
    for index in range(options.rounds):
        walls["board"].append(suite.wall(1, lambda name, run: suite.ours(name, run, options.workers), False))
        begun = time.monotonic()
        assert suite.start(f"plain{index}", command).wait() == 0
        walls["plain"].append(time.monotonic() - begun)
    mine, other = statistics.median(walls["board"]), statistics.median(walls["plain"])
    print(f"one node through the board {mine:.1f} s, a plain run {other:.1f} s: {mine / other:.2f}  {walls}", flush=True)


def stopped(suite: Suite, options: argparse.Namespace) -> None:
    """A node that hangs in the middle: xdist waits for it as long as one looks, the board gives its tests away."""
    begun = time.monotonic()
    run = suite.start("tx", [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--dist", "load", "--tx", "4*popen"])
    log = suite.root / "tx" / "log"
    until(lambda: log.read_text().count(".") >= suite.tests // 4, 300)
    children = subprocess.run(["pgrep", "-P", str(run.pid)], capture_output=True, text=True).stdout.split()
    os.kill(int(random.Random(1).choice(children)), signal.SIGSTOP)
    try:
        run.wait(timeout=240)
        print(f"xdist --tx with a stopped node ended after {time.monotonic() - begun:.0f} s with {run.returncode}", flush=True)
    except subprocess.TimeoutExpired:
        told = log.read_text().count(".") - len("...")
        print(f"xdist --tx with a stopped node had not ended after {time.monotonic() - begun:.0f} s, with {told} of {suite.tests} tests",
              flush=True)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    begun = time.monotonic()
    machines = [suite.ours(f"stop{node}", "stop", 1) for node in range(4)]
    until(lambda: suite.settled("stop") >= suite.tests // 4, 300)
    os.killpg(machines[-1].pid, signal.SIGSTOP)
    codes = [machine.wait(timeout=600) for machine in machines[:-1]]
    os.killpg(machines[-1].pid, signal.SIGKILL)
    machines[-1].wait()
    assert codes == [0, 0, 0] and suite.settled("stop") == suite.tests, codes
    print(f"the board with a stopped node ended after {time.monotonic() - begun:.0f} s with every test", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nodes", type=int, default=8)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--pause", type=float, default=1.5, help="how long a test sleeps: long, against the start of nodes that share processors")
    parser.add_argument("--ciqueue", type=Path)
    parser.add_argument("--only", action="append", choices=["nodes", "killed", "plain", "stopped"])
    parser.add_argument("plimsoll", nargs="+")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="compare"))
    suite: Any = None
    try:
        suite = Suite(folder, options.plimsoll, options.ciqueue.resolve() if options.ciqueue else None,
                      options.pause)
        print(f"{suite.tests} tests; load of the machine at the beginning: {os.getloadavg()[0]:.1f}", flush=True)
        for name in options.only or ["nodes", "killed", "plain", "stopped"]:
            if name in ("nodes", "killed"):
                assert options.ciqueue, "`--ciqueue` names a checkout of Shopify/ci-queue"
                nodes(suite, options, name == "killed")
            else:
                (plain if name == "plain" else stopped)(suite, options)
        print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    finally:
        if suite:
            suite.store.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
