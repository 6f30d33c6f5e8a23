"""What this process holds that workers forked from it could not have for themselves.

A forked worker shares open files, sockets and shared memory with its siblings, has none of its parent's children, locks
of `fcntl` and timers, and cannot tell any of that from its own. Looked at is what is there at the fork, whoever made it;
what pytest and Plimsoll opened, and what was open when the interpreter started, is left out. Harmless are devices that
keep no state, files that are only appended to, and regular files that are only read: workers open those again (see
`reopened_files`). Files of `.coverage` are dealt with by pytest-cov.
"""

from __future__ import annotations

import os
import re
import signal
import stat
from typing import Any, Collection, Iterator, List, NamedTuple, Optional, Set, Tuple

import pytest

from plimsoll_pytest.descriptors import Descriptor, descriptors, is_still_there, socket_text

SQLITE = b"SQLite format 3\0"
OWNED = (".coverage",)
DEVICES = re.compile(r"/dev/(null|zero|full|u?random|tty|pts/\d+)$")
ANONYMOUS = {"eventpoll": "an event loop (epoll)", "inotify": "a watch on files (inotify)", "pidfd": "a handle of a process"}
#: Shared memory that a fork may have: by which OpenMP finds a second copy of itself, and Plimsoll's own.
SHARABLE = re.compile(r".*/__KMP_REGISTERED_LIB|/memfd:plimsoll-")
DELETED = " (deleted)"
TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)


class Hazard(NamedTuple):
    """Something that forked workers cannot share: in words, and as what the line that made it is looked up by."""

    text: str
    kind: str
    name: Any


class OpenFile(NamedTuple):
    """A regular file that is only read: its descriptor, and where the next read begins."""

    fd: int
    offset: int


class Found(NamedTuple):
    hazards: List[Hazard]
    readable: List[OpenFile]


class Baseline:
    """What was there before the project was loaded."""

    def __init__(self) -> None:
        self.open: Set[Tuple[str, int, int]] = {one.identity for one in descriptors().values()}
        self.inheritable = [fd for fd in descriptors() if fd > 2 and os.get_inheritable(fd)]
        self.children = children()
        self.mapped = set(_shared_and_writable())
        self.child_handler = signal.getsignal(signal.SIGCHLD)
        self.ignored = {number for number in signal.valid_signals() if signal.getsignal(number) is signal.SIG_IGN}
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())


def found(config: pytest.Config, ours: Collection[int]) -> Found:
    """Look at everything but threads, which `threads` knows. `ours` are descriptors of Plimsoll's own."""
    hazards = [Hazard(f"the process {_command(pid)}", "child", pid) for pid in sorted(children() - BASELINE.children)]
    readable: List[OpenFile] = []
    every = descriptors()
    known = BASELINE.open | {every[fd].identity for fd in {0, 1, 2, *ours, *_pytests(config)} & every.keys()}
    mapped = {one.file for one in _shared()}
    for one in every.values():
        if one.identity in known or DEVICES.match(one.target):
            continue
        told = _hazard_of(one, mapped)
        if told is not None:
            hazards.append(told)
        elif stat.S_ISREG(one.status.st_mode) and one.access == os.O_RDONLY:
            readable.append(OpenFile(one.fd, one.offset))
    hazards += [Hazard(f"shared memory{' ' + name if name else ''}", "mapping", name)
                for name in sorted(set(_shared_and_writable()) - BASELINE.mapped)]
    return Found(hazards + list(_timers()), readable)


def children() -> Set[int]:
    """The children of this process, those that have ended and were not waited for too."""
    pids: Set[int] = set()
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children", encoding="ascii") as file:
                pids.update(int(pid) for pid in file.read().split())
    except (OSError, ValueError):
        pass  # a kernel without it, or a thread that ended meanwhile
    return pids


def _command(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read().replace(b"\0", b" ").decode("utf-8", "replace").split()
    except OSError:
        words = []
    text = " ".join(words)
    return f"`{text[:57] + '...' if len(text) > 60 else text}`" if text else str(pid)


def _pytests(config: pytest.Config) -> Iterator[int]:
    """Descriptors of pytest's own: its capture, its log file."""
    manager: Any = config.pluginmanager
    capturing = getattr(manager.get_plugin("capturemanager"), "_global_capturing", None)
    for stream in (getattr(capturing, name, None) for name in ("in_", "out", "err")):
        yield from (fd for fd in (getattr(stream, "targetfd_save", None),) if isinstance(fd, int))
        yield from descriptor_of(getattr(stream, "tmpfile", None))
    yield from descriptor_of(getattr(getattr(manager.get_plugin("logging-plugin"), "log_file_handler", None), "stream", None))


def descriptor_of(file: Any) -> Iterator[int]:
    try:
        yield file.fileno()
    except (AttributeError, OSError, ValueError):
        return


def _hazard_of(one: Descriptor, mapped: Set[Tuple[str, str]]) -> Optional[Hazard]:
    mode, name = one.status.st_mode, os.path.basename(without_note(one.target))
    if stat.S_ISREG(mode):
        return _hazard_of_file(one, name, mapped)
    if stat.S_ISDIR(mode):
        return None
    if stat.S_ISSOCK(mode):
        return Hazard(socket_text(one.fd), "fd", one.fd)
    if stat.S_ISFIFO(mode):
        return Hazard("a pipe", "fd", one.fd)
    if one.target.startswith("anon_inode:"):
        word = one.target.partition(":")[2].strip("[]")
        return Hazard(ANONYMOUS.get(word, f"a descriptor of the kernel ({word})"), "fd", one.fd)
    return Hazard(f"the device {one.target}", "file", one.target)


def _hazard_of_file(one: Descriptor, name: str, mapped: Set[Tuple[str, str]]) -> Optional[Hazard]:
    if name.startswith(OWNED):
        return None
    if one.locked:
        return Hazard(f"a lock on {name}", "file", one.target)
    device = f"{os.major(one.status.st_dev):02x}:{os.minor(one.status.st_dev):02x}"
    if (device, str(one.status.st_ino)) in mapped:
        return Hazard(f"{name}, mapped into memory", "file", one.target)
    if one.access != os.O_RDONLY:
        if one.access == os.O_WRONLY and one.flags & os.O_APPEND:
            return None
        sqlite = one.access == os.O_RDWR and os.pread(one.fd, len(SQLITE), 0) == SQLITE
        return Hazard(f"a connection to the SQLite database {name}" if sqlite else f"{name}, open for writing",
                      "file", one.target)
    if not is_still_there(one) or one.target.startswith("/proc/"):
        return Hazard(f"the open file {name}, which its path no longer names", "file", one.target)
    return None


class Mapping(NamedTuple):
    """Memory that is shared with whoever maps the same."""

    writable: bool
    file: Tuple[str, str]
    name: str


def _shared() -> Iterator[Mapping]:
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
            lines = [line.split(None, 5) for line in file]
    except OSError:
        return
    for _, access, _, device, inode, *name in lines:
        if access[3] == "s":
            yield Mapping(access[1] == "w", (device, inode), without_note("".join(name).rstrip("\n")))


def _shared_and_writable() -> List[str]:
    """Their names, with anonymous memory as ''."""
    return [one.name.replace("/dev/zero", "") for one in _shared() if one.writable and not SHARABLE.match(one.name)]


def without_note(path: str) -> str:
    """A path without what `/proc` adds when the file has been removed."""
    return path[: -len(DELETED)] if path.endswith(DELETED) else path


def _timers() -> Iterator[Hazard]:
    if any(signal.getitimer(timer)[0] > 0 for timer in TIMERS):
        yield Hazard("a timer that runs", "timer", "")
    handler = signal.getsignal(signal.SIGCHLD)
    if handler not in (BASELINE.child_handler, signal.SIG_DFL, None):
        yield Hazard("a handler of SIGCHLD, which would wait for Plimsoll's workers", "handler", "")


BASELINE = Baseline()
