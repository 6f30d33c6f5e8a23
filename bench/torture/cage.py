"""A memory control group with a hard limit, version 1 or 2, and what the kernel killed in it."""

from __future__ import annotations

import errno
import os
import pwd
import re
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

RECORD = re.compile(
    r"oom-kill:constraint=(?P<constraint>\w+),.*?"
    r"(?:oom_memcg=(?P<by>[^,]*),)?task_memcg=(?P<of>[^,]*),task=(?P<task>.*),pid=(?P<pid>\d+),"
)
RUN = re.compile(r"/plimsoll-\d+-\d+[^/]*(/|$)")
WORKER = re.compile(r"/plimsoll-\d+-\d+[^/]*/plimsoll-\d+-\d+[^/]*-(gw\d+-\d+|probe)$")


class NoCage(Exception):
    """Memory control groups cannot be made here; the text says why."""


@dataclass(frozen=True)
class Kill:
    """One kill by the kernel for memory.

    by: the group whose limit was passed, empty when the whole machine was short
    of: the group of the process that was killed
    """

    by: str
    of: str
    task: str
    pid: int

    def is_contained_worker(self) -> bool:
        return bool(WORKER.search(self.of))


class KernelLog:
    """The kernel's records of kills for memory since this was opened.

    A thread reads it all the time: its buffer is small, and other programs on the machine write to it too.
    """

    EVERY = 0.2  # seconds

    def __init__(self) -> None:
        try:
            self.file = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
            os.lseek(self.file, 0, os.SEEK_END)
        except OSError as e:
            raise NoCage(f"the kernel's log cannot be read: {e}") from e
        self._found: list[Kill] = []
        self._lost = False
        self._lock = threading.Lock()
        threading.Thread(target=self._follow, daemon=True).start()

    def kills(self) -> list[Kill]:
        """The kills since the last call; a RuntimeError where the buffer was overwritten before it was read."""
        with self._lock:
            self._read()
            found, self._found = self._found, []
            lost, self._lost = self._lost, False
        if lost:
            raise RuntimeError("the kernel's log overran: kills may be missing")
        return found

    def _follow(self) -> None:
        while True:
            time.sleep(self.EVERY)
            with self._lock:
                self._read()

    def _read(self) -> None:
        while True:
            try:
                record = os.read(self.file, 8192).decode("utf-8", "replace")
            except BlockingIOError:
                return
            except OSError as e:
                if e.errno != errno.EPIPE:
                    raise
                self._lost = True
                continue
            match = RECORD.search(record.partition(";")[2])
            if match:
                by = match["by"] or ""
                self._found.append(Kill(by, match["of"], match["task"], int(match["pid"])))


def _own() -> tuple[Path, str, int]:
    """Directory, path in the hierarchy, and version of this process's memory group."""
    groups = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    for mount in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, options, *_ = mount.split()
        if kind == "cgroup" and "memory" in options.split(","):
            path = next(p for _, names, p in groups if "memory" in names.split(","))
            return Path(where + path), path, 1
    for mount in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, *_ = mount.split()
        if kind == "cgroup2" and "memory" in Path(where, "cgroup.controllers").read_text().split():
            path = next(p for number, _, p in groups if number == "0")
            return Path(where + path), path, 2
    raise NoCage("no control groups with a memory controller are mounted")


class Cage:
    """A group that is made with a limit, left empty between runs, and removed in the end.

    can_be_closed: whether who runs in it could make groups of their own, unless they are mounted read-only
    """

    can_be_closed = True

    def __init__(self, name: str) -> None:
        own, path, self.version = _own()
        parent = own if self.version == 1 else own.parent
        self.dir = parent / name
        self.path = f"{path if self.version == 1 else os.path.dirname(path)}/{name}".replace("//", "/")
        try:
            self.dir.mkdir()
        except OSError as e:
            raise NoCage(f"no control group can be made in {parent}: {e}") from e
        if not (self.dir / self._file("limit")).exists():
            self.dir.rmdir()
            raise NoCage(f"groups in {parent} have no memory limits")

    def _file(self, what: str) -> str:
        names = {
            "limit": ("memory.limit_in_bytes", "memory.max"),
            "usage": ("memory.usage_in_bytes", "memory.current"),
        }
        return names[what][self.version - 1]

    def limit(self, size: int) -> None:
        """Set the hard limit in bytes; swap counts as none."""
        if self.version == 2:
            (self.dir / "memory.swap.max").write_text("0")
            (self.dir / "memory.max").write_text(str(size))
            return
        both = self.dir / "memory.memsw.limit_in_bytes"
        files = [self.dir / "memory.limit_in_bytes", *([both] if both.exists() else [])]
        for file in reversed(files):
            file.write_text("-1")
        for file in files:
            file.write_text(str(size))

    def command(self, line: list[str], folder: Path, environment: dict[str, str]) -> list[str]:
        """The command line that runs `line` in the cage; this one moves the process that it starts."""
        return line

    def hand_over(self, folder: Path) -> None:
        """Give a folder to who runs in the cage; here it is the same user."""

    def enter(self) -> None:
        """Move the calling process in."""
        (self.dir / "cgroup.procs").write_text(str(os.getpid()))

    def below(self) -> list[Path]:
        """Groups below this one, the innermost first."""
        return [Path(folder) for folder, _, _ in os.walk(self.dir, topdown=False)][:-1]

    def pids(self) -> list[int]:
        found: list[int] = []
        for group in [self.dir, *self.below()]:
            try:
                found += map(int, (group / "cgroup.procs").read_text().split())
            except OSError:
                continue
        return found

    def owns(self, kill: Kill) -> bool:
        return kill.of == self.path or kill.of.startswith(self.path + "/")

    def clear(self) -> None:
        """Kill what is inside and remove the groups below."""
        end = time.monotonic() + 10
        while (pids := self.pids()) and time.monotonic() < end:
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            time.sleep(0.01)
        for group in self.below():
            _remove(group)

    def close(self) -> None:
        self.clear()
        _remove(self.dir)


class UserCage(Cage):
    """The slice that systemd made for an ordinary user: what they start gets the limit, in a login session of their own."""

    can_be_closed = False

    def __init__(self, user: str, session: bool) -> None:
        self.session = session
        entry = pwd.getpwnam(user)
        self.user, self.uid, self.gid, self.version = user, entry.pw_uid, entry.pw_gid, 2
        self.path = f"/user.slice/user-{entry.pw_uid}.slice"
        self.dir = Path("/sys/fs/cgroup" + self.path)
        if os.geteuid() or not (self.dir / "memory.max").exists():
            raise NoCage(f"{self.dir} needs root, systemd with cgroup v2, and `loginctl enable-linger {user}`")

    def command(self, line: list[str], folder: Path, environment: dict[str, str]) -> list[str]:
        kept = {k: v for k, v in environment.items() if k not in ("HOME", "USER", "LOGNAME", "SHELL", "XDG_RUNTIME_DIR")}
        unit = ["systemd-run", "--quiet", "--pipe", "--wait", "--collect", f"--uid={self.user}"]
        # without a session: a service of the system, in the same slice
        unit += ["-pPAMName=login"] if self.session else [f"--slice=user-{self.uid}.slice", "-pOOMPolicy=continue"]
        return [*unit, f"--working-directory={folder}", *(f"--setenv={k}={v}" for k, v in kept.items()), "--", *line]

    def hand_over(self, folder: Path) -> None:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def enter(self) -> None:
        """systemd starts the command in its place."""

    def below(self) -> list[Path]:
        """Groups of runs; the user's own units are not ours."""
        return [group for group in super().below() if RUN.search(str(group))]

    def clear(self) -> None:
        """Kill what is inside; systemd removes its scopes."""
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def pids(self) -> list[int]:
        found: list[int] = []
        for group in self.below():
            try:
                found += map(int, (group / "cgroup.procs").read_text().split())
            except OSError:
                continue
        return found

    def close(self) -> None:
        self.clear()
        (self.dir / "memory.max").write_text("max")


def _remove(group: Path) -> None:
    for _ in range(200):
        try:
            group.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{group} cannot be removed")
