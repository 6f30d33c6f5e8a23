"""Injected faults, each with what exactly must come of it.

Every trial runs a small suite (one of its tests leaves a child in a session of its own, as a
browser does) and does one thing to it. None of it is for want of memory, so a verdict that says
"out of memory" is false wherever it stands.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator

import runners
from cage import Cage

QUICK = 48
WORKERS = 3
LIMIT = 120.0
SUITE = f"""
import os, pathlib, subprocess, time, pytest
def test_leaves_a_child():
    subprocess.Popen(["sleep", "600"], start_new_session=True)
@pytest.mark.parametrize("i", range({QUICK}))
def test_quick(i):
    pathlib.Path(__file__).with_name("ran").touch()
    time.sleep(0.06)
"""
BAD = {
    "exit 137": "import os\ndef test_bad(): os._exit(137)\n",
    "exit 0": "import os\ndef test_bad(): os._exit(0)\n",
    "segfault": "import ctypes\ndef test_bad(): ctypes.string_at(0)\n",
    "kill -9 of itself": "import os, signal\ndef test_bad(): os.kill(os.getpid(), signal.SIGKILL)\n",
    "stopped": "import os, signal\ndef test_bad(): os.kill(os.getpid(), signal.SIGSTOP)\n",
}
QUIET = {"test_suite.py::test_leaves_a_child"} | {f"test_suite.py::test_quick[{i}]" for i in range(QUICK)}


@dataclass
class Trial:
    """A project, the commands run in it, and what was found wrong."""

    cage: Cage
    work: Path
    python: str
    dice: random.Random
    wrong: list[str] = field(default_factory=list)

    @property
    def project(self) -> Path:
        return self.work / "project"

    def prepare(self, bad: str = "") -> None:
        if self.project.exists():
            shutil.rmtree(self.project)
        self.project.mkdir()
        (self.project / "pytest.ini").write_text("[pytest]\n")
        (self.project / "test_suite.py").write_text(SUITE)
        if bad:
            (self.project / "test_bad.py").write_text(BAD[bad])

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        line = runners.plimsoll(self.work, self.python, WORKERS, *more)
        return runners.start(line, self.project, self.cage, self.work)

    def expect(self, true: bool, otherwise: str) -> None:
        if not true:
            self.wrong.append(otherwise)

    def end(self, process: subprocess.Popen[bytes], status: int, outcomes: dict[str, str]) -> str:
        """Wait for the end of a run and compare all that it says; answer what it wrote for people."""
        try:
            got: int | None = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            got = None
        said = (self.work / "err").read_text(errors="replace")
        self.expect(got == status, f"exit status {got} instead of {status}: {said[-1500:]}")
        self.nothing_is_left(groups=True)
        tests = runners.plimsoll_tests(self.work / "out")
        found = {test: outcome for test, (outcome, _) in tests.items()}
        odd = {t: (found.get(t), outcomes.get(t)) for t in found.keys() | outcomes.keys()}
        odd = {test: pair for test, pair in odd.items() if pair[0] != pair[1]}
        self.expect(not odd, f"{len(odd)} outcomes (got, expected): {dict(list(odd.items())[:5])}")
        out = (self.work / "out").read_text(errors="replace")
        self.expect(out.count('"id"') == len(tests), "a test stands in the result twice")
        self.expect("out of memory" not in out + said, f"a false out of memory: {said[-1500:]}")
        return said

    def nothing_is_left(self, groups: bool) -> None:
        left, dirs = runners.leftovers(self.cage, self.work, groups)
        self.expect(not left, f"still alive after 2 s: {left}")
        self.expect(not (groups and dirs), f"control groups left: {dirs}")

    def await_first_test(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + LIMIT
        while not (self.project / "ran").exists() and process.poll() is None:
            if time.monotonic() > end:
                raise RuntimeError("no test ran")
            time.sleep(0.005)
        time.sleep(self.dice.random() * 0.5)

    def members(self, ending: str) -> list[int]:
        """Processes of the groups whose name begins so: `host`, or a worker's."""
        groups = [g for g in self.cage.below() if ending in g.name.rpartition("plimsoll-")[2]]
        return [int(p) for g in groups for p in (g / "cgroup.procs").read_text().split()]


def passed(*more: tuple[str, str]) -> dict[str, str]:
    return {**dict.fromkeys(QUIET, "passed"), **dict(more)}


def kill_worker(trial: Trial) -> None:
    """The test that ran is run again, alone; nobody fails."""
    trial.prepare()
    process = trial.start()
    trial.await_first_test(process)
    victims = [pid for pid in trial.members("-gw") if _is_python(pid)]
    if victims:
        _kill(trial.dice.choice(victims))
    trial.end(process, 0, passed())


def kill_host(trial: Trial) -> None:
    """The run ends with the status of a broken engine, and can be resumed at once."""
    trial.prepare()
    process = trial.start()
    trial.await_first_test(process)
    hosts = trial.members("host")[:1]
    trial.expect(bool(hosts), "the host has no control group")
    for pid in hosts:
        _kill(pid)
    status = process.wait(LIMIT)
    trial.expect(status not in (0, 1), f"exit status {status} although its host was killed")
    trial.nothing_is_left(groups=True)
    trial.end(trial.start("--resume"), 0, passed())


def kill_java(trial: Trial) -> None:
    """Nothing of the run is left two seconds later, and it can be resumed at once."""
    trial.prepare()
    process = trial.start()
    trial.await_first_test(process)
    _kill(process.pid)
    process.wait()
    if trial.dice.random() < 0.5:
        trial.nothing_is_left(groups=False)
    trial.end(trial.start("--resume"), 0, passed())


def bad_test(kind: str) -> Callable[[Trial], None]:
    """A test that kills its worker whenever it runs: crashed, or failed at its time limit."""

    def inject(trial: Trial) -> None:
        trial.prepare(kind)
        stopped = kind == "stopped"
        process = trial.start(*(["--timeout", "3s"] if stopped else []))
        trial.end(process, 1, passed(("test_bad.py::test_bad", "failed" if stopped else "crashed")))

    return inject


def full_disk(trial: Trial) -> None:
    """The run goes on without its journal, and says so."""
    trial.prepare()
    folder = trial.project / ".plimsoll"
    folder.mkdir()
    with _small_disk(folder):
        with open(folder / "filler", "wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        said = trial.end(trial.start(), 0, passed())
    trial.expect("journal" in said, f"nothing was said about the journal: {said[-1500:]}")


def broken_history(trial: Trial) -> None:
    """A damaged history is set aside, which is said, and the run goes on."""
    trial.prepare()
    folder = trial.project / ".plimsoll"
    folder.mkdir()
    (folder / "history.db").write_bytes(trial.dice.randbytes(8192))
    said = trial.end(trial.start(), 0, passed())
    trial.expect("history" in said, f"nothing was said about the history: {said[-1500:]}")


UNREADABLE = (
    ("/proc/meminfo",),
    ("/proc/vmstat", "/proc/stat"),
    ("/proc/self/cgroup", "/proc/self/mountinfo"),
    ("/proc/meminfo", "/proc/vmstat", "/proc/stat", "/proc/self/cgroup", "/proc/self/mountinfo"),
)


def unreadable_proc(trial: Trial) -> None:
    """What the kernel does not tell is done without, whichever files of /proc are empty."""
    trial.prepare()
    empty = trial.work / "empty"
    empty.touch()
    hide = "; ".join(f"mount --bind {empty} {file}" for file in trial.dice.choice(UNREADABLE))
    line = runners.plimsoll(trial.work, trial.python, WORKERS)
    hidden = ["unshare", "-m", "sh", "-c", hide + '; exec "$@"', "sh", *line]
    trial.end(runners.start(hidden, trial.project, trial.cage, trial.work), 0, passed())


FAULTS: dict[str, Callable[[Trial], None]] = {
    "kill -9 of a worker": kill_worker,
    "kill -9 of the host": kill_host,
    "kill -9 of Java": kill_java,
    **{f"a test that is {kind}" if kind == "stopped" else f"a test that does {kind}": bad_test(kind) for kind in BAD},
    "a full disk": full_disk,
    "a broken history": broken_history,
    "an unreadable /proc": unreadable_proc,
}


def inject(cage: Cage, work: Path, python: str, seed: int) -> dict[str, object]:
    """One trial: the fault of this seed at the moment of this seed. The three kills come most often."""
    dice = random.Random(f"fault {seed}")
    names = list(FAULTS)
    name = names[seed % len(names)] if dice.random() < 0.5 else dice.choice(names[:3])
    trial = Trial(cage, work, python, dice)
    began = time.monotonic()
    try:
        FAULTS[name](trial)
    finally:
        cage.clear()
    return {"seed": seed, "fault": name, "seconds": time.monotonic() - began, "faults": trial.wrong}


def _is_python(pid: int) -> bool:
    try:
        return b"pytest" in Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def total(rows: list[dict[str, object]]) -> dict[str, object]:
    """How often each fault was injected, and how often it went wrong."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["fault"]] = counts.get(row["fault"], 0) + 1
    wrong = sum(bool(row["faults"]) for row in rows)
    return {"trials": len(rows), "wrongTrials": wrong, "injected": counts}


def describe(row: dict[str, object]) -> str:
    head = f"trial {row['seed']}: {row['fault']}, {row['seconds']:.1f} s"
    return "".join([head, *(f"\n  WRONG: {json.dumps(fault)}" for fault in row["faults"])])
