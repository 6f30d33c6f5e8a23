"""Signals to a process with all that it started.

A number may be another process's by now, so each process is known by its number and the moment at which it began.
"""

from __future__ import annotations

import signal
from typing import Dict, List, NamedTuple, Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os


class Entry(NamedTuple):
    """What `/proc/PID/stat` says of a process."""

    pid: int
    parent: int
    start: int  # in clock ticks since boot


def entry(pid: int) -> Optional[Entry]:
    """None when there is no such process, or no /proc."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # the name in parentheses may hold anything; the parent is field 4 of the line, the start is field 22
            fields = file.read().rpartition(b")")[2].split()
        return Entry(pid, int(fields[1]), int(fields[19]))
    except (OSError, ValueError, IndexError):
        return None


def _is_still(known: Entry) -> bool:
    now = entry(known.pid)
    return now is not None and now.start == known.start


def signal_group(known: Entry, number: int) -> None:
    """Signal a child of this process and its group, if it leads one. A child keeps its number until it is waited for."""
    if not _is_still(known):
        return
    try:
        os.killpg(known.pid, number)
    except (ProcessLookupError, PermissionError):
        signal_one(known, number)  # it leads no group, or something in the group belongs to another user


def signal_one(known: Entry, number: int) -> None:
    """Signal a process, and no other that has its number meanwhile: a pidfd stays with the process for which it was made."""
    try:
        descriptor = os.pidfd_open(known.pid)
    except (AttributeError, OSError):
        descriptor = -1  # ended, an old kernel, or a sandbox
    try:
        if _is_still(known):
            _send(known.pid, descriptor, number)
    except (ProcessLookupError, PermissionError):
        pass  # ended already, or belongs to another user
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _send(pid: int, descriptor: int, number: int) -> None:
    if descriptor >= 0:
        try:
            signal.pidfd_send_signal(descriptor, number)
            return
        except ProcessLookupError:
            return
        except (AttributeError, OSError):
            pass  # a sandbox without the call: the start was the same some microseconds ago
    os.kill(pid, number)


def signal_tree(known: Entry, number: int) -> None:
    """Signal the process, its group, and every descendant that has left the group."""
    strays = descendants(known)
    signal_group(known, number)
    for stray in strays:
        signal_one(stray, number)


def descendants(known: Entry) -> List[Entry]:
    if not _is_still(known):
        return []
    children: Dict[int, List[Entry]] = {}
    for each in filter(None, map(entry, _pids())):
        children.setdefault(each.parent, []).append(each)
    found: List[Entry] = []
    waiting = [known]
    while waiting:
        parent = waiting.pop()
        below = [child for child in children.get(parent.pid, []) if child.start >= parent.start]
        found += below
        waiting += below
    return found


def _pids() -> List[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
