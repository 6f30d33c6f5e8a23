"""What this process has open that forked workers would share with it and with each other.

A connection is one stream: two processes that use it get each other's answers. An event loop's descriptors are the same
in all of them, and SQLite asks never to carry a connection over a fork. Opened while the project was collected or
configured, such a thing looks like one that only the controller uses, so the plugin warns and does not forbid it.
"""

from __future__ import annotations

import _socket
import os
from typing import Collection, Iterator, List

SQLITE = b"SQLite format 3\0"
#: Databases that are dealt with: pytest-cov's.
OWNED = (".coverage",)


def shared(ours: Collection[int]) -> List[str]:
    """Describe connections, databases and event loops among the open descriptors that are not ours."""
    return list(dict.fromkeys(_descriptions(set(ours) | {0, 1, 2})))


def _descriptions(ours: Collection[int]) -> Iterator[str]:
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        return  # no Linux: nothing is known
    for number in sorted(number for number in numbers if number not in ours):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
            if target.startswith("socket:"):
                yield from _connection(number)
            elif target == "anon_inode:[eventpoll]":
                yield "an event loop (epoll)"
            elif target.startswith("/") and os.pread(number, len(SQLITE), 0) == SQLITE:
                if not os.path.basename(target).startswith(OWNED):
                    yield f"a connection to the SQLite database {os.path.basename(target)}"
        except OSError:
            continue  # closed meanwhile, or not readable


def _connection(number: int) -> Iterator[str]:
    opened = _socket.socket(fileno=os.dup(number))  # not `socket.socket`, which plugins replace
    try:
        peer = opened.getpeername()  # OSError when it is not connected: it only listens, or is not used yet
    finally:
        opened.close()
    if isinstance(peer, tuple):
        yield f"a connection to {peer[0]}:{peer[1]}"
    elif peer:
        yield f"a connection to {peer!r}"


def notice(ours: Collection[int]) -> str:
    """The warning for the user; empty if there is nothing to warn about."""
    found = shared(ours)
    if not found:
        return ""
    return ("before its tests this project opened " + ", ".join(found) + ". Forked workers share it: open it in a"
            " fixture (pytest_configure runs once, in the controller), or use `--engine spawn`")
