"""Run one command and measure wall time, CPU time and peak memory of it with all it starts.

Memory is the peak of a memory cgroup made for this run (v2, or v1) where this process may make
one; else the largest sampled sum of proportional set sizes (PSS). Never a sum of RSS, which counts
pages that forked processes share once for each of them. CPU is that of a cgroup, else what the
kernel adds up for ended children.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

V2 = Path("/sys/fs/cgroup")
SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class Usage:
    """What a run took: seconds, bytes, the exit status and how memory was taken.

    memory: the peak
    java: the largest PSS of the Java process
    after: what the run's processes still hold when it has ended (None without a cgroup)
    start: the monotonic clock when the run began
    """

    wall: float
    cpu: float
    memory: int
    java: int
    after: int | None
    source: str
    status: int
    start: float


def own_group(controller: str) -> Path | None:
    """The folder of this process's cgroup for a controller."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        number, controllers, path = line.split(":", 2)
        if number == "0" and controller == "":
            return V2 / path.lstrip("/")
        if controller and controller in controllers.split(","):
            return Path("/sys/fs/cgroup") / controllers / path.lstrip("/")
    return None


class Group:
    """A cgroup of our own below the one we are in, for one controller."""

    def __init__(self, parent: Path, name: str) -> None:
        self.path = parent / name
        self.path.mkdir()

    def read(self, file: str) -> str:
        return (self.path / file).read_text()

    def enter(self) -> None:
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def close(self) -> None:
        for _ in range(100):
            for pid in self.read("cgroup.procs").split():
                os.kill(int(pid), signal.SIGKILL)
            try:
                self.path.rmdir()
                return
            except OSError:
                time.sleep(0.05)


def held(group: Group, kinds: tuple[str, ...]) -> int:
    """Bytes of these kinds that a memory cgroup holds now, without file cache."""
    stat = dict(line.split() for line in group.read("memory.stat").splitlines())
    return sum(int(stat[kind]) for kind in kinds)


Figures = tuple[int, float | None, int | None]


def open_groups(name: str) -> tuple[list[Group], Callable[[], Figures], str]:
    """Cgroups for a run, what reads its peak, its CPU and what it holds now from them, and how that is called."""
    memory = own_group("memory")
    if memory is None or not os.access(memory, os.W_OK):
        # In some containers the paths of /proc/self/cgroup are those of the outer system.
        memory = Path("/sys/fs/cgroup/memory")
    if os.access(memory, os.W_OK) and (memory / "memory.max_usage_in_bytes").exists():
        groups = [Group(memory, name)]
        account = own_group("cpuacct")
        if account is None or not os.access(account, os.W_OK):
            account = Path("/sys/fs/cgroup/cpuacct")
        if os.access(account, os.W_OK) and account.resolve() != memory.resolve():
            groups.append(Group(account, name))

        def read_v1() -> Figures:
            peak = int(groups[0].read("memory.max_usage_in_bytes"))
            cpu = int(groups[-1].read("cpuacct.usage")) / 1e9 if len(groups) > 1 else None
            return peak, cpu, held(groups[0], ("total_rss", "total_shmem"))

        return groups, read_v1, "cgroup v1"
    unified = own_group("")
    if unified is not None and os.access(unified, os.W_OK):
        group = Group(unified, name)
        if (group.path / "memory.peak").exists():

            def read_v2() -> Figures:
                stat = dict(line.split() for line in group.read("cpu.stat").splitlines())
                peak, cpu = int(group.read("memory.peak")), int(stat["usage_usec"]) / 1e6
                return peak, cpu, held(group, ("anon", "shmem"))

            return [group], read_v2, "cgroup v2"
        group.close()
    return [], lambda: (0, None, None), "PSS"


def descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue.extend(children.get(pid, []))
    return found


def pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def is_java(pid: int) -> bool:
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "java"
    except OSError:
        return False


class Sampler(threading.Thread):
    """Samples PSS: of Java alone where a cgroup measures the rest, of the whole tree otherwise."""

    def __init__(self, pid: int, whole: bool) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._whole = whole
        self._ended = threading.Event()
        self.java = 0
        self.tree = 0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            pids = descendants(self._pid)
            self.java = max(self.java, sum(pss(pid) for pid in pids if is_java(pid)))
            if self._whole:
                self.tree = max(self.tree, sum(pss(pid) for pid in pids))

    def finish(self) -> None:
        self._ended.set()
        self.join()


def run(command: list[str], folder: Path, log: Path, environment: dict[str, str]) -> Usage:
    """Run a command to its end and measure it; its output goes to a file."""
    groups, read, source = open_groups(f"bench-{os.getpid()}-{time.monotonic_ns()}")

    def enter() -> None:
        for group in groups:
            group.enter()

    try:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        with open(log, "wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=enter,
            )
            sampler = Sampler(process.pid, whole=not groups)
            sampler.start()
            status = process.wait()
            wall = time.monotonic() - start
            sampler.finish()
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak, cpu, after = read()
        if cpu is None:
            cpu = ended.ru_utime + ended.ru_stime - before.ru_utime - before.ru_stime
        return Usage(wall, cpu, peak or sampler.tree, sampler.java, after, source, status, start)
    finally:
        for group in groups:
            group.close()
