"""The memory that one test allocates, read from the kernel's own peak counter.

Writing `5` to `/proc/self/clear_refs` sets `VmHWM` back to the resident size, so its next reading is the peak since
then (proc(5)). Writes to pages inherited by fork do not show in it, and heap that an earlier test freed is used again:
in a reused worker the figure is a lower bound.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

STATUS = re.compile(rb"VmHWM:\s+(\d+) kB\nVmRSS:\s+(\d+) kB")


class Reading(NamedTuple):
    peak: int
    resident: int


class Measure(NamedTuple):
    """Bytes above what the process held, and how the figure was taken."""

    peak: int
    source: str


class PeakMeter:
    """Measures test after test in this process. The descriptors stay open: 9 microseconds a test."""

    def __init__(self) -> None:
        self._fresh = True
        self._clear = self._open("/proc/self/clear_refs", os.O_WRONLY)
        self._status = self._open("/proc/self/status", os.O_RDONLY)
        self._before: Optional[Reading] = None

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

    def begin(self) -> None:
        try:
            os.pwrite(self._clear, b"5", 0)
            self._before = self._read()
        except OSError:
            self._before = None

    def end(self) -> Measure:
        """The peak since `begin`; zeros from `none` where the kernel does not tell."""
        before, after = self._before, self._read()
        if before is None or after is None:
            return Measure(0, "none")
        source = "hwm-fresh" if self._fresh else "hwm-reused"
        self._fresh = False
        return Measure(max(0, after.peak - before.resident), source)
