"""Proof that a worker can never go on: each of its threads waits, without a limit, for one of its own threads.

A fork copies the memory of all threads but only the thread that forks. A lock that another one held stays locked in the
child, and a pool waits for threads that are not there: `futex(2)` on an address that is private to the process and
without a time limit. Only a thread of the same process can end such a wait, or the handler of a signal. So when every
thread waits like this, no unusual signal has a handler, and no thread was given the processor between two looks, the
process stands still for ever. A test that sleeps, waits for a child, a socket, a file or a lock with a time limit, or
computes, never looks like this, however long it takes.
"""

from __future__ import annotations

import platform
import re
import signal
from typing import Dict, Optional, Tuple

from plimsoll_pytest.output import DUMP_SIGNAL
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

#: A test must run for so long before it is looked at, and stand still for so long, in seconds.
PATIENCE = 2.0
STILL = 3.0
FUTEX = {"x86_64": {202}, "aarch64": {98}, "riscv64": {98}, "i686": {240, 422}, "armv7l": {240, 422}}
#: FUTEX_WAIT and FUTEX_WAIT_BITSET, with the flag that makes them private and perhaps the one for the clock.
PRIVATE_WAITS = {0x80, 0x89, 0x189}
#: Signals with handlers that wake nobody: Ctrl-C (which the host takes), readline's, faulthandler's, the C library's.
HARMLESS = {signal.SIGINT, signal.SIGWINCH, signal.SIGSEGV, signal.SIGFPE, signal.SIGABRT, signal.SIGBUS, signal.SIGILL,
            DUMP_SIGNAL, 32, 33}
CAUGHT = re.compile(r"^SigCgt:\s+([0-9a-f]+)", re.MULTILINE)
SWITCHES = re.compile(r"^(?:non)?voluntary_ctxt_switches:\s+(\d+)", re.MULTILINE)

Stand = Tuple[Tuple[str, ...], ...]


def stand_of(pid: int) -> Optional[Stand]:
    """Where each thread of the process waits, and how often it was given the processor; None when one may go on."""
    found = []
    try:
        for task in sorted(os.listdir(f"/proc/{pid}/task")):
            with open(f"/proc/{pid}/task/{task}/syscall", encoding="ascii") as file:
                call = file.read()
            with open(f"/proc/{pid}/task/{task}/status", encoding="utf-8", errors="replace") as file:
                status = file.read()
            if not _waits_for_ever(call) or _may_be_woken(status):
                return None
            found.append((task, call, *SWITCHES.findall(status)))
    except OSError:
        return None  # it ended, or the kernel does not tell: nothing is proved
    return tuple(found) or None


def _waits_for_ever(call: str) -> bool:
    """Whether this line of `/proc/PID/task/TID/syscall` is a private futex wait without a limit."""
    number, *arguments = call.split()
    if not number.isdigit() or int(number) not in FUTEX.get(platform.machine(), ()):
        return False  # it runs, or waits for something else
    return int(arguments[1], 16) in PRIVATE_WAITS and int(arguments[3], 16) == 0


def _may_be_woken(status: str) -> bool:
    caught = CAUGHT.search(status)
    mask = int(caught.group(1), 16) if caught else -1
    return bool(mask & ~sum(1 << (number - 1) for number in HARMLESS))


class Standstills:
    """Looks at workers whose test takes long, about once a second."""

    def __init__(self) -> None:
        self._seen: Dict[Tuple[int, int], Tuple[Stand, float]] = {}
        self._next = 0.0

    def due(self, now: float) -> bool:
        if now < self._next:
            return False
        self._next = now + 1
        return True

    def proved(self, pid: int, item: int, since: float, now: float) -> bool:
        """Whether this worker stands still for ever in this test; says so once."""
        stand = stand_of(pid) if now - since > PATIENCE else None
        known = self._seen.get((pid, item))
        if stand is None:
            self._seen.pop((pid, item), None)
        elif known is None or known[0] != stand:
            self._seen[pid, item] = (stand, now)
        elif now - known[1] > STILL:
            self._seen[pid, item] = (stand, float("inf"))
            return True
        return False
