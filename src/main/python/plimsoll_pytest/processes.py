"""Signals to a process with all that it started."""

from __future__ import annotations

from typing import Dict, List

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os


def signal_group(pid: int, number: int) -> None:
    """Signal the process and its group, if it leads one."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        _signal(pid, number)
    except PermissionError:
        _signal(pid, number)  # something in the group belongs to another user


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass  # ended already, or belongs to another user


def signal_tree(pid: int, number: int) -> None:
    """Signal the process, its group, and every descendant that has left the group."""
    strays = descendants(pid)
    signal_group(pid, number)
    for stray in strays:
        _signal(stray, number)


def descendants(pid: int) -> List[int]:
    children: Dict[int, List[int]] = {}
    for entry in _pids():
        children.setdefault(_parent(entry), []).append(entry)
    found: List[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _pids() -> List[int]:
    try:
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    except OSError:
        return []


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # the name in parentheses may hold anything; the parent is the second field after it
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
