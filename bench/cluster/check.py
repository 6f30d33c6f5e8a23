"""A suite on a real Slurm: `plimsoll launch slurm --submit`, faults in the middle, and the outcomes of serial pytest in the end.

usage: check.py [--fault NAME]... [--seed N] [--python PATH] [--keep] -- PLIMSOLL...

Needs root, and slurmctld, slurmd, munged, redis-server and ip. The controller, the store and two nodes with unequal memory are network
namespaces (machines.py). Each test writes its id to a file of its node when it starts, beside all reports.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]
from machines import Machine, Network
from outcomes import RECORDER, differences, serial, write_suite
from slurm import Slurm

CONFTEST = '''
import json, os

def pytest_runtest_protocol(item):
    with open(os.environ["STARTED"], "a") as file:
        file.write(item.nodeid + "\\n")
''' + RECORDER
MODULE = '''
import os, time

import pytest

PAUSE = float(os.environ["PAUSE"])

class TestTogether:
    @pytest.fixture(scope="class")
    def shared(self):
        yield []

    @pytest.mark.parametrize("x", range({few}))
    def test_shares_the_class(self, shared, x):
        time.sleep(PAUSE)

@pytest.mark.parametrize("x", range({many}))
def test_free(x):
    time.sleep(PAUSE * (x % 8) / 2)

def test_fills():
    if "FILL" in os.environ and {number} == 3:
        held = [b"x" * (1 << 20) for _ in range(8 << 10)]

@pytest.mark.skip(reason="not now")
def test_skipped(): pass

@pytest.mark.xfail
def test_expected_to_fail(): assert False
'''
FILLING = "tests/test_3.py::test_fills"
FAULTS = ["none", "node", "controller", "link", "term", "late", "fill", "static", "own", "own-node"]
# Task 1 has the store.
OWN = ("own", "own-node")
PASSWORD = "of this check alone"


class Cluster:
    def __init__(self, root: Path, python: str, plimsoll: List[str]) -> None:
        self.root, self.python = root, python
        source = root / "source"
        write_suite(source, CONFTEST, MODULE, lambda number: 16 + 4 * number)
        self.serial = serial(python, source, root / "serial.json", STARTED=os.devnull, PAUSE="0")
        shutil.copytree(source, root / "project")
        (root / "bin").mkdir()
        program = root / "bin" / "plimsoll"
        program.write_text("#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in plimsoll) + ' "$@"\n')
        program.chmod(0o755)
        self.network = Network()
        self.store = Machine(self.network, root, 4, "store")
        nodes = [Machine(self.network, root, 2 + index, f"node{index + 1}", memory, source)
                 for index, memory in enumerate([3 << 30, 2 << 30])]
        self.nodes = nodes
        self.slurm = Slurm(root, Machine(self.network, root, 1, "controller"), {nodes[0]: 2900, nodes[1]: 1900})
        (root / "data").mkdir()
        self.store.up("redis-server", "--bind", self.store.address, "--dir", str(root / "data"), "--appendonly", "yes", "--save", "",
                      "--requirepass", PASSWORD)

    def url(self, run: str) -> str:
        return f"redis://{self.store.address}/{run}"

    def plimsoll(self, *words: str, **variables: str) -> Any:
        """What a user does on the machine of the controller."""
        environ = {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "HOME": f"{self.root}/home", "NO_COLOR": "1",
                   "XDG_RUNTIME_DIR": f"{self.root}/runtime", "STARTED": f"{self.root}/home/started", "PAUSE": "0.3",
                   "PLIMSOLL_BOARD_PASSWORD": PASSWORD, **variables}
        return self.slurm.ask("plimsoll", *words, **environ)

    def submit(self, machines: int, what: List[str], more: List[str], **variables: str) -> None:
        done = self.plimsoll("launch", "slurm", "-N", str(machines), "--machine", "2c 1800m", "--submit", *what, "-C",
                             f"{self.root}/project", "--", "--python", self.python, *more, **variables)
        assert done.returncode == 0, done.stderr

    def own(self) -> "Dict[str, str]":
        """Where the store of task 1 is, and its password, as the tasks know them."""
        files = sorted(self.root.glob("shared/plimsoll-*/board"))
        return {"url": files[0].read_text().split()[0], "password": str(files[0].with_name("password"))} if files else {}

    def status(self, url: str, **variables: str) -> Dict[str, Any]:
        done = self.plimsoll("board", "status", url, "--json", **variables)
        return json.loads(done.stdout) if done.returncode == 0 else {"done": 0, "machines": []}

    def settled(self, run: str) -> int:
        if run.endswith(OWN):
            own = self.own()
            return self.status(own["url"], PLIMSOLL_BOARD_PASSWORD_FILE=own["password"])["done"] if own else 0
        done = self.store.run("redis-cli", "-h", self.store.address, "-a", PASSWORD, "HGET", f"plimsoll:{{{run}}}:meta", "settled")
        return int(done.stdout.strip() or 0)

    def machine_states(self, run: str) -> List[str]:
        return [machine["state"] for machine in self.status(self.url(run))["machines"]]

    def starts(self) -> "Dict[str, List[str]]":
        files = sorted(self.root.glob("node*-*/home/started"))
        return {file.parents[1].name: file.read_text().splitlines() for file in files}

    def until(self, condition: Any, limit: float = 600) -> None:
        end = time.monotonic() + limit
        while not condition():
            assert time.monotonic() < end, "\n".join(["nothing happened for too long", *self.slurm.states()])
            time.sleep(0.2)

    def ended(self) -> bool:
        return all("COMPLET" in line or "FAIL" in line or "CANCEL" in line for line in self.slurm.states())

    def close(self) -> None:
        self.slurm.close()
        self.store.down()
        self.network.close()


def reported(cluster: Cluster) -> "Tuple[str, int]":
    """What task 1 left: only its user can read it, and the store has ended."""
    folder = next(cluster.root.glob("shared/plimsoll-*"))
    modes = {file.name: oct(file.stat().st_mode & 0o77) for file in [folder, *folder.iterdir()]}
    assert set(modes.values()) == {"0o0"}, modes
    assert (folder / "report.xml").exists()
    host, port = cluster.own()["url"].split("/")[2].split(":")
    answer = cluster.store.run("redis-cli", "-h", host, "-p", port, "PING")
    assert "refused" in answer.stderr, answer
    return (folder / "report.json").read_text(), int((folder / "exit").read_text())


def play(cluster: Cluster, fault: str, draw: random.Random) -> str:
    for folder in cluster.root.glob("node*-*/home/started"):
        folder.unlink()
    run, expected, variables, code = f"run-{fault}", dict(cluster.serial), {}, 0
    point = draw.randint(20, len(expected) // 2)
    finish = ["finish", cluster.url(run), "--json"]
    where, more = ["--join", cluster.url(run)], []
    if fault == "static":
        plan, records = str(cluster.root / "plan.json"), str(cluster.root / "records")
        made = cluster.plimsoll("plan", "-C", f"{cluster.root}/project", "--shards", "2", "--output", plan)
        assert made.returncode == 0, made.stderr
        where, more = ["--plan", plan], ["--record", records]
        finish = ["merge", records, "--plan", plan, "--json"]
    if fault in OWN:
        where = ["--shared", str(cluster.root / "shared")]
    if fault == "fill":
        variables, code = {"FILL": "1"}, 1
        expected[FILLING] = "crashed"
    begun = time.monotonic()
    cluster.submit(1 if fault == "late" else 2, where, more, **variables)
    if fault == "static":
        cluster.until(lambda: sum(map(len, cluster.starts().values())) >= point)
    else:
        cluster.until(lambda: cluster.settled(run) >= point)
    victim = draw.choice(cluster.nodes)
    if fault == "own-node":
        first = next(line for line in cluster.slurm.states() if line.startswith("1 "))
        victim = next(node for node in cluster.nodes if first.endswith(node.name))
    said = ""
    if fault in ("node", "static", "own-node"):
        victim.down()
        lost = time.monotonic()
        if fault == "node":
            cluster.until(lambda: "lost" in cluster.machine_states(run))
            said = f"; the others have the tests of {victim.name} {time.monotonic() - lost:.0f} s after its end"
        cluster.until(lambda: any(" 1" in line[-3:] or " 1 " in line for line in cluster.slurm.states()))
        cluster.slurm.start(victim)
    elif fault == "controller":
        cluster.slurm.controller.down()
        time.sleep(5)
        cluster.slurm.start_controller()
    elif fault == "link":
        cluster.network.link(victim.number, "down")
        time.sleep(30)
        cluster.network.link(victim.number, "up")
    elif fault == "term":
        cluster.slurm.ask("scancel", "--batch", "--signal=TERM", "1_1")
    elif fault == "late":
        cluster.submit(1, where, more)
    cluster.until(cluster.ended)
    wall = time.monotonic() - begun
    states = cluster.slurm.states()
    if fault in OWN:
        report, status = reported(cluster)
    else:
        done = cluster.plimsoll(*finish, "-C", f"{cluster.root}/project")
        assert done.stdout, done.stderr
        report, status = done.stdout, done.returncode
    document: Dict[str, Any] = json.loads(report)
    found = {test["id"]: test["outcome"] for test in document["tests"]}
    assert len(found) == len(document["tests"]), "a test has two verdicts"
    assert found == expected, differences(found, expected)
    assert status == code, (status, states)
    starts = collections.Counter(sum(cluster.starts().values(), []))
    assert set(starts) >= set(expected), "a test has a verdict and never started"
    assert fault == "static" or max(starts.values()) <= 3, starts.most_common(3)
    again = sum(count > 1 for count in starts.values())
    return f"{fault:10} after {point:3} of {len(expected)} tests, {wall:.0f} s: {again} tests started again; {', '.join(states)}{said}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fault", action="append", choices=FAULTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--keep", action="store_true", help="keep the folder of a run that fails")
    parser.add_argument("plimsoll", nargs="+")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    draw = random.Random(options.seed)
    faults = options.fault or FAULTS
    for fault in faults:
        root = Path(tempfile.mkdtemp(prefix="cluster"))
        kept = options.keep
        cluster = Cluster(root, options.python, options.plimsoll)
        try:
            print(play(cluster, fault, draw), flush=True)
            kept = False
        finally:
            cluster.close()
            print(f"kept: {root}" if kept else "", end="\n" if kept else "", flush=True)
            if not kept:
                shutil.rmtree(root, ignore_errors=True)
    print(f"{len(faults)} of {len(faults)} runs on Slurm: each test has one verdict, that of serial pytest", flush=True)


if __name__ == "__main__":
    main()
