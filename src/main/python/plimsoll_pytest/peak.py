"""The memory that one test allocates, by the kernel's own peak counter, its processor time, and how long it had no processor.

Writing `5` to `/proc/self/clear_refs` sets `VmHWM` back to the resident size, so its next reading is the peak since
then (proc(5)). Writes to pages inherited by fork do not show in it, and heap that an earlier test freed is used again:
in a reused worker the figure is a lower bound.

The second field of `schedstat` is the time that a thread was ready to run and had no processor (Linux,
Documentation/scheduler/sched-stats.rst). A machine that does other things makes a test longer by that time.

Processor time is that of all threads of the worker, and of children since they were waited for (getrusage(2)).
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, resource

STATUS = re.compile(rb"VmHWM:\s+(\d+) kB\nVmRSS:\s+(\d+) kB")


class Reading(NamedTuple):
    peak: int
    resident: int


class Measure(NamedTuple):
    """Bytes above what the process held, how the figure was taken, and microseconds: without a processor, and of one."""

    peak: int
    source: str
    waited: int
    cpu: int


NO_MEASURE = Measure(0, "none", 0, 0)


class PeakMeter:
    """Measures test after test in this process. The descriptors stay open: 14 microseconds a test."""

    def __init__(self) -> None:
        self._fresh = True
        self._clear = self._open("/proc/self/clear_refs", os.O_WRONLY)
        self._status = self._open("/proc/self/status", os.O_RDONLY)
        self._schedule = self._open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._before: Optional[Reading] = None
        self._waited = 0
        self._computed = 0.0

    @staticmethod
    def _open(path: str, flags: int) -> int:
        try:
            return os.open(path, flags)
        except OSError:
            return -1

    def _read(self) -> Optional[Reading]:
        try:
            found = STATUS.search(os.pread(self._status, 4096, 0))
        except OSError:
            return None
        return Reading(*(int(group) << 10 for group in found.groups())) if found else None

    def _waiting(self) -> int:
        """Nanoseconds that this thread has waited for a processor so far; 0 where the kernel does not count them."""
        try:
            return int(os.pread(self._schedule, 128, 0).split()[1])
        except (OSError, IndexError, ValueError):
            return 0

    @staticmethod
    def _computing() -> float:
        """Seconds of processor time so far."""
        used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in used)

    def begin(self) -> None:
        self._computed = self._computing()
        self._waited = self._waiting()
        try:
            os.pwrite(self._clear, b"5", 0)
            self._before = self._read()
        except OSError:
            self._before = None

    def end(self) -> Measure:
        """The figures since `begin`; zeros, the peak's from `none`, where the kernel does not tell."""
        before, after = self._before, self._read()
        waited = max(0, self._waiting() - self._waited) // 1000
        cpu = int(max(0.0, self._computing() - self._computed) * 1e6)
        if before is None or after is None:
            return NO_MEASURE._replace(waited=waited, cpu=cpu)
        source = "hwm-fresh" if self._fresh else "hwm-reused"
        self._fresh = False
        return Measure(max(0, after.peak - before.resident), source, waited, cpu)
