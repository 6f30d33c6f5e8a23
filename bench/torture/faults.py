"""Injected faults, each with what exactly must come of it.

A trial runs a small suite (one of its tests leaves a child in a session of its own, as a browser
does) and injects one fault or several: a siege kills workers, host and Java again and again and
resumes the run each time, a bad suite has several tests that kill their worker. None of it is for
want of memory, so a verdict that says "out of memory" is false wherever it stands; all verdicts on
all deaths are read from the journals and counted.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator

import judge
import runners
from cage import Cage

QUICK = 150
WORKERS = 3
KILLS = 12
LIMIT = 180.0
SUITE = f"""
import os, pathlib, subprocess, time, pytest
def test_leaves_a_child():
    subprocess.Popen(["sleep", "600"], start_new_session=True)
@pytest.mark.parametrize("i", range({QUICK}))
def test_quick(i):
    with open(pathlib.Path(__file__).with_name("ran"), "a") as ran:
        ran.write(f"{{i}} ")
    time.sleep(0.06)
"""
SPARED = 40
"""Kills end while so many tests have not begun: a victim that runs again alone, at the end of the
run, is not hit a second time, so that every outcome is certain."""

BAD = {
    "exit 137": "def test_exit_137(): os._exit(137)\n",
    "exit 0": "def test_exit_0(): os._exit(0)\n",
    "segfault": "def test_segfault(): ctypes.string_at(0)\n",
    "kill -9 of itself": "def test_kill(): os.kill(os.getpid(), signal.SIGKILL)\n",
    "SIGSTOP": "def test_stopped(): os.kill(os.getpid(), signal.SIGSTOP)\n",
}
QUIET = {"test_suite.py::test_leaves_a_child"} | {f"test_suite.py::test_quick[{i}]" for i in range(QUICK)}


@dataclass
class Trial:
    """A project, the commands run in it, what was injected, what the journals say of each death, and what was found wrong."""

    cage: Cage
    work: Path
    python: str
    dice: random.Random
    wrong: list[str] = field(default_factory=list)
    injected: list[str] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)

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
            (self.project / "test_bad.py").write_text("import ctypes, os, signal\n" + bad)

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
        self.read_journals()
        lines = [*(said + out).splitlines(), *(verdict.partition("\n")[0] for verdict in self.verdicts)]
        false = [line for line in lines if judge.blames_memory(line)]
        self.expect(not false, f"a false out of memory: {false[:3]}")
        return said

    def read_journals(self) -> None:
        for journal in (self.project / ".plimsoll" / "runs").glob("*.jsonl"):
            for line in journal.read_text(errors="replace").splitlines():
                if '"event":"died"' in line and line.endswith("}"):
                    self.verdicts.append(json.loads(line)["verdict"])

    def nothing_is_left(self, groups: bool) -> None:
        left, dirs = runners.leftovers(self.cage, self.work, groups)
        self.expect(not left, f"still alive after 2 s: {left}")
        self.expect(not (groups and dirs), f"control groups left: {dirs}")

    def begun(self) -> int:
        """How many of the quick tests have begun, in this run and in those that it resumes."""
        try:
            return len(set((self.project / "ran").read_text().split()))
        except FileNotFoundError:
            return 0

    def await_test(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the run has begun a test, and then a random moment; whether kills go on."""
        before, end = self.begun(), time.monotonic() + LIMIT
        while self.begun() == before and process.poll() is None:
            if time.monotonic() > end:
                raise RuntimeError("no test ran")
            time.sleep(0.005)
        time.sleep(self.dice.random() * 0.3)
        return self.begun() <= QUICK - SPARED and process.poll() is None

    def members(self, ending: str) -> list[int]:
        """Processes of the groups whose name begins so: `host`, or a worker's."""
        pids: list[int] = []
        for group in self.cage.below():
            if ending in group.name.rpartition("plimsoll-")[2]:
                try:
                    pids += map(int, (group / "cgroup.procs").read_text().split())
                except OSError:
                    continue
        return pids


def passed(*more: tuple[str, str]) -> dict[str, str]:
    return {**dict.fromkeys(QUIET, "passed"), **dict(more)}


def siege(trial: Trial) -> None:
    """Workers, host and Java are killed at random moments, and the run is resumed each time; in the
    end every test has passed."""
    trial.prepare()
    process = trial.start()
    while len(trial.injected) < KILLS and trial.await_test(process):
        victim = trial.dice.choice(["worker", "worker", "host", "Java"])
        if victim == "worker":
            kill_worker(trial)
        else:
            (kill_host if victim == "host" else kill_java)(trial, process)
            process = trial.start("--resume")
    trial.end(process, 0, passed())


def kill_worker(trial: Trial) -> None:
    """The test that ran is run again, alone; nobody fails."""
    victims = [pid for pid in trial.members("-gw") if _is_python(pid)]
    if victims and _kill(trial.dice.choice(victims)):
        trial.injected.append("kill -9 of a worker")


def kill_host(trial: Trial, process: subprocess.Popen[bytes]) -> None:
    """The run ends with the status of a broken engine, and nothing of it is left."""
    hosts = trial.members("host")[:1]
    trial.expect(bool(hosts), "the host has no control group")
    if hosts and _kill(hosts[0]):
        trial.injected.append("kill -9 of the host")
    status = process.wait(LIMIT)
    trial.expect(status not in (0, 1), f"exit status {status} although its host was killed")
    trial.nothing_is_left(groups=True)


def kill_java(trial: Trial, process: subprocess.Popen[bytes]) -> None:
    """Nothing of the run is left two seconds later; or it is resumed at once, which must go, too."""
    if _kill(process.pid):
        trial.injected.append("kill -9 of Java")
    process.wait()
    if trial.dice.random() < 0.5:
        trial.nothing_is_left(groups=False)


def bad_tests(trial: Trial) -> None:
    """Tests that kill their worker whenever they run: crashed, or failed at the time limit."""
    kinds = trial.dice.sample(list(BAD), trial.dice.randint(1, len(BAD)))
    trial.prepare("".join(BAD[kind] for kind in kinds))
    trial.injected += [f"a test that does {kind}" for kind in kinds]
    outcomes = []
    for kind in kinds:
        name = BAD[kind].partition("(")[0].removeprefix("def ")
        outcomes.append((f"test_bad.py::{name}", "failed" if kind == "SIGSTOP" else "crashed"))
    trial.end(trial.start("--timeout", "10s"), 1, passed(*outcomes))


def full_disk(trial: Trial) -> None:
    """The run goes on without its journal, and says so."""
    trial.prepare()
    trial.injected.append("a full disk")
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
    """A damaged history is moved aside with a warning, and the run continues."""
    trial.prepare()
    trial.injected.append("a broken history")
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
    trial.injected.append("an unreadable /proc")
    empty = trial.work / "empty"
    empty.touch()
    hide = "; ".join(f"mount --bind {empty} {file}" for file in trial.dice.choice(UNREADABLE))
    line = runners.plimsoll(trial.work, trial.python, WORKERS)
    hidden = ["unshare", "-m", "sh", "-c", hide + '; exec "$@"', "sh", *line]
    trial.end(runners.start(hidden, trial.project, trial.cage, trial.work), 0, passed())


FAULTS: tuple[Callable[[Trial], None], ...] = (bad_tests, full_disk, broken_history, unreadable_proc)


def inject(cage: Cage, work: Path, python: str, seed: int) -> dict[str, object]:
    """One trial: the faults of this seed at the moments of this seed. Every other one is a siege."""
    dice = random.Random(f"fault {seed}")
    trial = Trial(cage, work, python, dice)
    began = time.monotonic()
    try:
        (siege if seed % 2 else FAULTS[seed // 2 % len(FAULTS)])(trial)
    finally:
        cage.clear()
    return {
        "seed": seed,
        "injected": trial.injected,
        "verdicts": trial.verdicts,
        "seconds": time.monotonic() - began,
        "faults": trial.wrong,
    }


def _is_python(pid: int) -> bool:
    try:
        return b"pytest" in Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return False


def _kill(pid: int) -> bool:
    """Whether there still was such a process."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


CAUSES = {
    "out of memory": "out of memory, proven or strong",
    "likely by the kernel for memory": "likely for memory",
    "SIGKILL of unknown origin": "SIGKILL of unknown origin",
    "exceeded its time limit": "time limit",
    "ended by": "another signal",
    "exited": "exit status",
}


def total(rows: list[dict[str, object]]) -> dict[str, object]:
    """How often each fault was injected, how often it went wrong, and what was said of all deaths."""
    injected = Counter(fault for row in rows for fault in row["injected"])
    first = [verdict.partition("\n")[0] for row in rows for verdict in row["verdicts"]]
    causes = Counter(next((name for part, name in CAUSES.items() if part in v), v) for v in first)
    return {
        "trials": sum(injected.values()),
        "runs": len(rows),
        "wrongRuns": sum(bool(row["faults"]) for row in rows),
        "injected": dict(injected),
        "deaths": len(first),
        "falseOutOfMemory": causes["out of memory, proven or strong"],
        "verdicts": dict(causes),
    }


def describe(row: dict[str, object]) -> str:
    faults = ", ".join(f"{count} x {fault}" for fault, count in Counter(row["injected"]).items())
    head = f"seed {row['seed']}: {faults}; {len(row['verdicts'])} deaths judged; {row['seconds']:.1f} s"
    return "".join([head, *(f"\n  WRONG: {json.dumps(fault)}" for fault in row["faults"])])
