"""Runs on a board with faults against serial pytest: each test has exactly one verdict, and no machine is green when the run is not.

usage: check.py [--runs N] [--seed N] [--fault NAME] [--results FILE] [--python PATH] -- PLIMSOLL...

Each run is added to the file of results, with what it was and whether it was right.

Needs redis-server. Machines are processes with a checkout and a runtime folder of their own. Each test writes `id machine` to a
file of its machine when it starts, beside all reports.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from outcomes import RECORDER, differences, serial, write_suite

CONFTEST = '''
import json, os, signal, time

import pytest

def pytest_runtest_protocol(item):
    with open(os.environ["STARTED"], "a") as file:
        file.write(item.nodeid + "\\n")
    if os.environ.get("POISON") and item.nodeid.endswith(os.environ["POISON"]):
        with open(os.environ["STARTED"] + ".pid") as file:
            os.killpg(int(file.read()), signal.SIGKILL)
        time.sleep(30)
''' + RECORDER
MODULE = '''
import os, time

import pytest

class TestTogether:
    @pytest.fixture(scope="class")
    def shared(self):
        yield []
        assert {number} != 3 or os.environ.get("GREEN"), "the teardown fails"

    @pytest.mark.parametrize("x", range({few}))
    def test_shares_the_class(self, shared, x):
        time.sleep(0.02)

@pytest.mark.parametrize("x", range({many}))
def test_free(x):
    time.sleep(0.01 * (x % 8))
    assert os.environ.get("GREEN") or x % 11 != {number}

@pytest.mark.skip(reason="not now")
def test_skipped(): pass

@pytest.mark.xfail
def test_expected_to_fail(): assert False
'''
# The class whose teardown fails.
TORN = "test_3.py::TestTogether"
FAULTS = ["none", "late", "kill", "stop", "term", "store", "pause", "filler", "loss"]


class Store:
    """A redis-server of its own; it writes to the disk once a second, as stores do."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "",
                 "--appendonly", "yes"], stdout=log, stderr=log)
        while "PONG" not in self.ask("PING"):
            time.sleep(0.02)

    def ask(self, *words: str) -> str:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                line = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
                connection.sendall(f"*{len(words)}\r\n{line}".encode())
                return connection.recv(1 << 16).decode()
        except OSError:
            return ""

    def settled(self, run: str) -> int:
        reply = self.ask("HGET", f"plimsoll:{{{run}}}:meta", "settled").split("\r\n")
        return int(reply[1]) if len(reply) > 2 and reply[1].isdigit() else 0

    def suspects(self, run: str) -> "List[int]":
        """The tests that a machine had when it died, by their places in the collection."""
        return [int(line) for line in self.ask("HKEYS", f"plimsoll:{{{run}}}:deaths").split("\r\n") if line.isdigit()]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Machine:
    """A process that joins a run, with its own checkout."""

    def __init__(self, project: "Project", run: str, number: int, **variables: str) -> None:
        self.root = project.checkout(number)
        self.started = self.root / "started"
        self.log = open(self.root / "log", "w")
        runtime = self.root / "runtime"
        runtime.mkdir(mode=0o700)
        environ = {**os.environ, "NO_COLOR": "1", "STARTED": str(self.started), "XDG_RUNTIME_DIR": str(runtime),
                   "_PLIMSOLL_BOARD_PATIENCE": str(project.patience), **variables}
        for name in ("CI", "GITHUB_ACTIONS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
            environ.pop(name, None)
        self.process = subprocess.Popen(
            [*project.plimsoll, "run", "--join", f"redis://127.0.0.1:{project.store.port}/{run}", "-q", "--python", project.python,
             "--workers", "2"],
            cwd=self.root, env=environ, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        Path(str(self.started) + ".pid").write_text(str(self.process.pid))

    def signal(self, number: int) -> None:
        """To all its processes: a machine loses power, or hangs."""
        os.killpg(self.process.pid, number)

    def wait(self) -> int:
        code = self.process.wait(timeout=180)
        self.log.close()
        return code

    def starts(self) -> List[str]:
        return self.started.read_text().splitlines() if self.started.exists() else []


class Project:
    def __init__(self, root: Path, python: str, plimsoll: List[str], patience: int = 4000) -> None:
        self.root, self.python, self.plimsoll, self.patience = root, python, plimsoll, patience
        source = root / "source"
        write_suite(source, CONFTEST, MODULE, lambda number: 8 + 4 * number)
        self.store = Store(root / "store")

    def checkout(self, number: int) -> Path:
        folder = self.root / f"machine{number}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.root / "source", folder)
        return folder

    def serial(self, **variables: str) -> Dict[str, str]:
        return serial(self.python, self.root / "source", self.root / "serial.json",
                      STARTED=str(self.root / "serial"), **variables)

    def finish(self, run: str) -> "subprocess.CompletedProcess[str]":
        return self.command(run, "finish", "--json")

    def command(self, run: str, *words: str) -> "subprocess.CompletedProcess[str]":
        environ = {**os.environ, "NO_COLOR": "1"}
        environ.pop("GITHUB_ACTIONS", None)
        return subprocess.run([*self.plimsoll, *words, f"redis://127.0.0.1:{self.store.port}/{run}"],
                              cwd=self.root / "source", env=environ, text=True, capture_output=True)


def outcomes(finished: "subprocess.CompletedProcess[str]") -> Dict[str, str]:
    document: Dict[str, Any] = json.loads(finished.stdout)
    ids = [test["id"] for test in document["tests"]]
    assert len(ids) == len(set(ids)), "a test has two verdicts"
    return {test["id"]: test["outcome"] for test in document["tests"]}


def until(condition: Any, limit: float = 120) -> None:
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "nothing happened for too long"
        time.sleep(0.02)


def play(project: Project, run: str, fault: str, draw: random.Random, green: bool, serial: Dict[str, str],
         said: Dict[str, Any]) -> None:
    """:param said: gets what the run was"""
    variables = {"GREEN": "1"} if green else {}
    machines = [Machine(project, run, 0, **variables)]
    lost: Optional[Machine] = None
    store = project.store
    total = len(serial)
    point = draw.randint(1, total * 3 // 4)
    said.update(fault=fault, after=point, tests=total, green=green)
    if fault == "filler":
        time.sleep(draw.random() * 4)
        lost = machines[0]
        lost.signal(signal.SIGKILL)
    machines.append(Machine(project, run, 1, **variables))
    if fault != "late":
        machines.append(Machine(project, run, 2, **variables))
    if fault != "filler":
        until(lambda: store.settled(run) >= point)
    victim = draw.choice(machines)
    if fault == "late":
        machines.append(Machine(project, run, 3, **variables))
    elif fault == "kill":
        lost = victim
        victim.signal(signal.SIGKILL)
    elif fault == "stop":
        victim.signal(signal.SIGSTOP)
        time.sleep(project.patience / 1000 * (0.5 + draw.random()))
        victim.signal(signal.SIGCONT)
    elif fault == "term":
        lost = victim
        victim.process.terminate()
    elif fault == "store":
        store.kill()
        time.sleep(draw.random() * 2)
        store.start()
    elif fault == "loss":
        # The machine whose last results the store may have forgotten is there to tell them again.
        store.kill()
        store.start()
    elif fault == "pause":
        store.ask("CLIENT", "PAUSE", str(draw.randint(500, 8000)))
    codes = [machine.wait() for machine in machines]
    finished = project.finish(run)
    assert finished.stdout, finished.stderr
    found = outcomes(finished)
    starts = collections.Counter(test for machine in machines for test in machine.starts())
    # A test that runs alone tears its class down, and so does the last one that a machine ran before its end, where serial
    # pytest does so after the last test of the class. A lost machine's workers may have had a test that did not start.
    alone = {list(serial)[place] for place in store.suspects(run)}
    parted = [test for test in found if TORN in test and (test in alone or starts[test] > 1 or fault == "term")]
    torn = {test: "error" for test in parted if not green and found[test] == "error"}
    assert found == {**serial, **torn}, differences(found, serial)
    expected = 0 if green else 1
    assert finished.returncode == expected, (finished.returncode, finished.stderr)
    for machine, code in zip(machines, codes):
        assert code == expected or machine is lost, (code, (machine.root / "log").read_text())
        assert green or code != 0, "a machine is green and the run is not"
    assert set(starts) >= set(serial), "a test has a verdict and never started"
    most = max(starts.values())
    assert most <= 3, starts.most_common(3)
    again = sum(count > 1 for count in starts.values())
    said.update(machines=len(machines), again=again, verdicts=len(found))


def poison(project: Project, serial: Dict[str, str]) -> None:
    """A test that kills its machine costs two of four, and is named. Mended, it runs again."""
    test = next(name for name in serial if "test_2.py::test_free[5]" in name)
    machines = [Machine(project, "poison", number, GREEN="1", POISON="test_2.py::test_free[5]") for number in range(4)]
    codes = [machine.wait() for machine in machines]
    finished = project.finish("poison")
    found = outcomes(finished)
    assert found == {**serial, test: "crashed"}, differences(found, serial)
    assert sum(code < 0 for code in codes) == 2 and all(code in (1, -9) for code in codes), codes
    assert "its machine died twice" in finished.stdout, finished.stdout
    status = json.loads(project.command("poison", "board", "status", "--json").stdout)
    assert status["poison"] == [test] and status["finished"], status
    assert sorted(machine["state"] for machine in status["machines"]) == ["left", "left", "lost", "lost"], status
    back = project.command("poison", "board", "requeue")
    assert back.stdout == test + "\n", back
    mended = Machine(project, "poison", 4, GREEN="1")
    assert mended.wait() == 0, (mended.root / "log").read_text()
    assert mended.starts() == [test], mended.starts()
    again = project.finish("poison")
    assert again.returncode == 0 and outcomes(again) == serial, again.stdout
    print("a test that kills its machine cost 2 of 4 machines, and is named; mended, it ran again and passed", flush=True)


def record(project: Project, index: int, fault: str, draw: random.Random, serial: "Dict[bool, Dict[str, str]]", file: Optional[Path]) -> None:
    green = draw.random() < 0.4
    said: Dict[str, Any] = {"date": time.strftime("%Y-%m-%d"), "right": False}
    try:
        play(project, f"run{index}", fault, draw, green, serial[green], said)
        said["right"] = True
    finally:
        if file:
            with open(file, "a") as lines:
                lines.write(json.dumps(said) + "\n")
    print(f"run {index + 1}: {fault:6} after {said['after']:3} of {said['tests']}, {said['machines']} machines, "
          f"{'green' if green else 'red'}: {said['again']} tests started again", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--fault", choices=[*FAULTS, "poison"])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--keep", action="store_true", help="keep the folder of a run that fails")
    parser.add_argument("plimsoll", nargs="+")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="board"))
    project = Project(folder, options.python, options.plimsoll)
    kept = False
    try:
        serial = {green: project.serial(**({"GREEN": "1"} if green else {})) for green in (True, False)}
        draw = random.Random(options.seed)
        for index in range(0 if options.fault == "poison" else options.runs):
            fault = options.fault or FAULTS[index % len(FAULTS)]
            record(project, index, fault, draw, serial, options.results)
        if options.fault in (None, "poison"):
            poison(project, serial[True])
    except BaseException:
        kept = options.keep
        if kept:
            print(f"kept: {folder}", flush=True)
        raise
    finally:
        project.store.kill()
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.runs} of {options.runs} runs: each test has one verdict, and no machine was green when the run was not", flush=True)


if __name__ == "__main__":
    main()
