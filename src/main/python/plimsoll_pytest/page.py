"""The shared page in which each worker notes what it runs, so that the host knows it without a message."""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import time
from typing import NamedTuple, Optional

PHASES = (None, "setup", "call", "teardown")
SLOTS = 1024


class Running(NamedTuple):
    """The test that a worker runs: its index, its phase, and when it and its phase began."""

    item: int
    phase: Optional[str]
    since: float
    phase_since: float


class Page:
    """A file of slots without a name, mapped by the host and all its workers. Integers and doubles of eight bytes are
    written whole, and `item` last, so a reader never sees a test with another's start."""

    SLOT = struct.Struct("<qqdd")
    ITEM = struct.Struct("<q")
    REST = struct.Struct("<qdd")
    PHASE = struct.Struct("<q")
    PHASE_SINCE = struct.Struct("<d")

    def __init__(self, fd: Optional[int] = None) -> None:
        size = SLOTS * self.SLOT.size
        if fd is None:
            fd = anonymous_file("plimsoll-page")
            os.ftruncate(fd, size)
        self.fd = fd
        self._map = mmap.mmap(fd, size)

    def clear(self, slot: int) -> None:
        self.ITEM.pack_into(self._map, slot * self.SLOT.size, -1)

    def begin(self, slot: int, item: int) -> float:
        now = time.time()
        at = slot * self.SLOT.size
        self.REST.pack_into(self._map, at + 8, 0, now, now)
        self.ITEM.pack_into(self._map, at, item)
        return now

    def phase(self, slot: int, number: int) -> None:
        at = slot * self.SLOT.size
        self.PHASE_SINCE.pack_into(self._map, at + 24, time.time())
        self.PHASE.pack_into(self._map, at + 8, number)

    def running(self, slot: int) -> Optional[Running]:
        item, phase, since, phase_since = self.SLOT.unpack_from(self._map, slot * self.SLOT.size)
        return None if item < 0 else Running(item, PHASES[phase], since, phase_since)


def anonymous_file(name: str) -> int:
    """Return a descriptor of a file in memory (in the temporary folder where there is no memfd), closed on exec."""
    if hasattr(os, "memfd_create"):
        try:
            return os.memfd_create(name)
        except OSError:
            pass  # forbidden by a sandbox
    with tempfile.TemporaryFile(prefix=name) as file:
        return os.dup(file.fileno())


def tail(fd: int, limit: int) -> str:
    """Return the last bytes of a file as text, without moving its offset; empty when it cannot be read."""
    try:
        size = os.fstat(fd).st_size
        return os.pread(fd, limit, max(0, size - limit)).decode("utf-8", "replace")
    except OSError:
        return ""
