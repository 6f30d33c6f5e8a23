"""Run Plimsoll in containers as users have them: does doctor tell the truth, is the budget the container's, are deaths proven
or said to be unproven?

Each setting is bubblewrap (namespaces, mounts, seccomp) in control groups that this program makes. --table writes
docs/reference/container-results.md from the run. The exit status is 1 when something was wrong once.

usage: bin/container-test [--setting NAME ...] [--runs N] [--installed FILE] [--table]
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(1, str(HERE.parent / "torture"))

import runners  # noqa: E402
import seccomp  # noqa: E402
import suites  # noqa: E402
from cage import Cage, KernelLog, NoCage  # noqa: E402

HOME = HERE.parents[1]
TABLE = HOME / "docs" / "reference" / "container-results.md"
LIMIT = 700
UID = 54321
TIME_LIMIT = 180.0
NONE, WRITABLE = "none", "writable"

KILLED = '''
import os, pathlib, signal
def test_killed_once():
    once = pathlib.Path(__file__).with_name("once")
    if not once.exists():
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
'''


@dataclass(frozen=True)
class Setting:
    """One way in which programs are kept in a container.

    groups: how the memory group is mounted, `ro`, `rw`, or `no` for not at all
    pids: the most processes and threads
    options: of bubblewrap, added
    """

    name: str
    words: str
    groups: str = "ro"
    pids: int = 0
    denied: tuple = ()
    refusal: int = errno.EPERM
    options: tuple = ()
    contained: str = NONE
    limited: bool = True
    faults: List[str] = field(default_factory=list)


CALLS = ("pidfd_open", "pidfd_send_signal", "process_vm_writev", "process_vm_readv")
SETTINGS = (
    Setting("limit", "a memory limit, control groups read-only (Docker, Kubernetes)"),
    Setting("limit-writable", "a memory limit, control groups writable (CI images, privileged)", groups="rw", contained=WRITABLE),
    Setting("limit-hidden", "a memory limit, no control groups mounted", groups="no", limited=False),
    Setting("pids-limit", "at most 150 processes and threads", pids=150),
    Setting("nameless", "read-only root, uid without a name, no home", options=("--unshare-user", "--uid", str(UID), "--gid", str(UID), "--unsetenv", "HOME")),
    Setting("seccomp", "seccomp denies pidfds and foreign memory (EPERM), /proc read-only", denied=CALLS, options=("--remount-ro", "/proc")),
    Setting("seccomp-old", "the same calls unknown (ENOSYS), as on Linux before 5.3", denied=CALLS, refusal=errno.ENOSYS),
    Setting("read-only-project", "the project read-only as well", options=("--ro-bind", "{project}", "{project}")),
)


class Pids:
    """A control group that limits processes and threads, where the machine has one."""

    def __init__(self, most: int) -> None:
        own = next((line.split(":", 2)[2] for line in Path("/proc/self/cgroup").read_text().splitlines() if "pids" in line.split(":")[1]), None)
        base = Path("/sys/fs/cgroup/pids" + own) if own else None
        if base is None or not base.is_dir():
            raise NoCage("no pids controller of version 1 is mounted")
        self.dir = base / f"containers-{os.getpid()}"
        self.dir.mkdir()
        (self.dir / "pids.max").write_text(str(most))

    def enter(self) -> None:
        (self.dir / "cgroup.procs").write_text(str(os.getpid()))

    def refused(self) -> int:
        """How often a process or thread was refused."""
        return int((self.dir / "pids.events").read_text().split()[1])

    def close(self) -> None:
        self.dir.rmdir()


class Container:
    """A setting made real; one project in it."""

    def __init__(self, setting: Setting, cage: Cage, work: Path) -> None:
        self.setting, self.cage, self.work = setting, cage, work
        self.project = work / "project"
        self.pids = Pids(setting.pids) if setting.pids else None

    def command(self, line: List[str]) -> List[str]:
        """bubblewrap around a command line: the machine's files read-only, the work folder writable."""
        wrapped = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--bind", str(self.work), str(self.work)]
        # the program and its tests may lie below /tmp
        wrapped += ["--ro-bind", str(HOME), str(HOME), "--unshare-pid", "--unshare-ipc", "--die-with-parent"]
        wrapped += ["--tmpfs", "/sys/fs/cgroup"]
        if self.setting.groups != "no":
            point = "/sys/fs/cgroup/memory" if self.cage.version == 1 else "/sys/fs/cgroup"
            wrapped += ["--bind" if self.setting.groups == "rw" else "--ro-bind", str(self.cage.dir), point]
        wrapped += [part.format(project=self.project) for part in self.setting.options]
        if self.setting.denied:
            self.filter = tempfile.TemporaryFile()
            self.filter.write(seccomp.deny(self.setting.denied, self.setting.refusal))
            self.filter.seek(0)
            wrapped += ["--seccomp", str(self.filter.fileno())]
        return [*wrapped, "--chdir", str(self.project), "--", *line]

    def run(self, line: List[str]) -> "subprocess.CompletedProcess[str]":
        def enter() -> None:
            self.cage.enter()
            if self.pids:
                self.pids.enter()

        command = self.command(line)
        kept = (self.filter.fileno(),) if self.setting.denied else ()
        environment = {k: v for k, v in runners.environment(self.work).items() if k != "XDG_CACHE_HOME"}
        environment.pop("XDG_RUNTIME_DIR")
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, preexec_fn=enter, pass_fds=kept, timeout=TIME_LIMIT)

    def close(self) -> None:
        self.cage.clear()
        if self.pids:
            self.pids.close()


def suite(setting: Setting) -> suites.Suite:
    """Small tests, hogs that fit one or two at a time, and one that never fits where a limit can be seen."""
    tests = [suites.Test(f"test_small_{n}", f"test_part{n % 3}.py", "small", 5, 1.0, 0.02) for n in range(20)]
    tests += [suites.Test(f"test_hog_{n}", f"test_part{n % 3}.py", "hog", 220, 1.0, 0.2) for n in range(4)]
    if setting.limited:
        tests += [suites.Test("test_oversize", "test_part1.py", "oversize", LIMIT + 300, 1.0, 0.2)]
    return suites.Suite(1, LIMIT, tests)


def check_doctor(setting: Setting, said: "subprocess.CompletedProcess[str]") -> List[str]:
    faults = [] if said.returncode == 0 else [f"doctor: exit {said.returncode}: {said.stderr[-800:]}"]
    limit = re.search(r"has a limit of ([\d.]+) MiB", said.stdout)
    if setting.limited != bool(limit and abs(float(limit[1]) - LIMIT) < 1):
        faults.append(f"doctor: the limit of {LIMIT} MiB is {'not ' if setting.limited else ''}shown\n{said.stdout}")
    budget = re.search(r"a run may use ([\d.]+) (MiB|GiB) now", said.stdout)
    if setting.limited and (not budget or budget[2] != "MiB" or float(budget[1]) > LIMIT):
        faults.append(f"doctor: the budget is not the container's: {budget and budget[0]}")
    works = re.search(r"ok +a (writable|cgroup)", said.stdout)
    if (setting.contained == WRITABLE) != bool(works):
        faults.append(f"doctor: containment should be {setting.contained}:\n{said.stdout}")
    return faults


def check_run(setting: Setting, run: "subprocess.CompletedProcess[str]", kills: list, cage: Cage) -> List[str]:
    try:
        document = json.loads(run.stdout)
        tests = {test["id"]: test for test in document["tests"]}
    except (ValueError, KeyError):
        return [f"run: exit {run.returncode}, no document: {run.stderr[-1500:]}"]
    faults = []
    for test in suite(setting).tests:
        got = tests.get(test.id, {"outcome": "no outcome"})
        text = json.dumps(got)
        if (got["outcome"] == "passed") != (test.kind != "oversize") or got["outcome"] == "no outcome":
            faults.append(f"run: {test.id}: {text[:600]}")
    killed = tests.get("test_killed.py::test_killed_once", {"outcome": "no outcome", "notes": []})
    if killed["outcome"] != "passed" or "unknown origin" not in json.dumps(killed["notes"]):
        faults.append(f"run: a SIGKILL that nobody proved: {json.dumps(killed)[:600]}")
    faults += [f"run: the kernel killed {k.task} in {k.of}" for k in kills if not k.is_contained_worker()]
    return faults


def check_left(cage: Cage, work: Path) -> List[str]:
    left, groups = runners.leftovers(cage, work)
    return [f"left: {what}" for what in left + groups]


def try_out(setting: Setting, work: Path, log: KernelLog, python: str) -> Dict[str, object]:
    cage = Cage(f"containers-{os.getpid()}")
    cage.limit(LIMIT * suites.MB)
    container: Optional[Container] = None
    try:
        container = Container(setting, cage, work)
        suites.write(suite(setting), container.project, declared=False)
        (container.project / "test_killed.py").write_text(KILLED)
        if setting.name == "read-only-project":
            (container.project / "test_killed.py").write_text(KILLED.replace('pathlib.Path(__file__).with_name("once")', 'pathlib.Path("/tmp/once")'))
        program = str(work / "program" / "plimsoll")
        doctor = container.run([program, "doctor", "--python", python])
        log.kills()
        more = [] if setting.limited else ["--memory", f"{LIMIT * 7 // 10}m"]
        run = container.run([program, "run", "--python", python, "--workers", "4", "--mode", "packed", "--json", *more])
        kills = [kill for kill in log.kills() if cage.owns(kill) or not kill.by]
        faults = check_doctor(setting, doctor) + check_run(setting, run, kills, cage) + check_left(cage, work)
        note = [line for line in run.stderr.splitlines() if line.startswith("warning")]
        refused = container.pids.refused() if container.pids else 0
        return {"setting": setting.name, "faults": faults, "kills": len(kills), "notes": note, "refused": refused, "doctor": doctor.stdout}
    except subprocess.TimeoutExpired as e:
        return {"setting": setting.name, "faults": [f"hung: {e.stderr!r:.1500}"], "kills": 0, "notes": [], "refused": 0, "doctor": ""}
    finally:
        if container:
            container.close()
        cage.close()


def write_table(rows: List[Dict[str, object]]) -> None:
    lines = ["# Results in containers", "", "`bin/container-test --table` ran this and wrote it: bubblewrap in a control group with a memory limit of"]
    lines += [f"{LIMIT} MiB. Each run has 26 tests: 20 small ones, 4 that hold 220 MB, one that never fits, and one whose worker gets a SIGKILL.", ""]
    lines += ["| setting | what | containment | runs | kernel kills | refused starts | wrong |", "| --- | --- | --- | ---: | ---: | ---: | ---: |"]
    for setting in SETTINGS:
        of = [row for row in rows if row["setting"] == setting.name]
        if of:
            kills, refused = sum(row["kills"] for row in of), sum(row["refused"] for row in of)
            lines.append(f"| `{setting.name}` | {setting.words} | {setting.contained} | {len(of)} | {kills} | {refused} | {sum(bool(row['faults']) for row in of)} |")
    TABLE.write_text("\n".join(lines) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/container-test", description=__doc__.split("usage:")[0])
    parser.add_argument("--setting", nargs="+", choices=[setting.name for setting in SETTINGS])
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="runs of each setting (default: 1)")
    parser.add_argument("--installed", type=Path, metavar="FILE", help="the plimsoll of a package, instead of this checkout's")
    parser.add_argument("--table", action="store_true", help="write the table in the documentation")
    parser.add_argument("-v", action="store_true", help="print doctor's page of each setting")
    options = parser.parse_args()
    if not shutil.which("bwrap") or os.geteuid():
        runners.say("needs root and bubblewrap (apt-get install bubblewrap)")
        return 3
    rows = []
    log = KernelLog()
    for setting in SETTINGS:
        if options.setting and setting.name not in options.setting:
            continue
        for _ in range(options.runs):
            with tempfile.TemporaryDirectory(prefix="containers-") as work:
                try:
                    runners.build(Path(work), options.installed)
                    row = try_out(setting, Path(work), log, sys.executable)
                except NoCage as e:
                    runners.say(f"{setting.name}: skipped: {e}")
                    continue
            rows.append(row)
            print(f"{setting.name}: {'WRONG' if row['faults'] else 'right'}, {row['kills']} kernel kills, {row['refused']} refused starts")
            print("".join(f"  {line}\n" for line in [*row["faults"], *row["notes"]]), end="")
            if options.v:
                print(row["doctor"])
    if options.table:
        write_table(rows)
    return 1 if any(row["faults"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
