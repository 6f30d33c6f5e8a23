"""The shared page in which each worker notes what it runs, so that the host knows it without a message."""

from __future__ import annotations

import mmap
import tempfile
from typing import NamedTuple, Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, time

PHASES = (None, "setup", "call", "teardown")
SLOTS = 1024


class Running(NamedTuple):
    """The test that a worker runs: its index, its phase, and when it and its phase began."""

    item: int
    phase: Optional[str]
    since: float
    phase_since: float


class StatusPage:
    """A file of slots without a name, mapped by the host and all its workers. A slot is six words of eight bytes: item,
    phase, since, phase since, claim, recall. `item` is written last, so a reader never sees a test with another's start.

    A word is written whole by an assignment to a cast memoryview. `struct.pack_into` will not do: it fills with zeros
    before it writes, and readers in other processes see them.

    Moments are those of the monotonic clock: all processes and Java read the same one, it never jumps, and a test that
    stops or sets the clock of its process (`mock.patch("time.time")`, freezegun, time-machine) does not change it.

    `claim` and `recall` take tests back that a worker has not begun while it is busy with another. The worker claims a
    test before it begins it, then looks for a recall. The host recalls, waits until no write can be under way, then
    looks for the claim: what is behind it in the worker's queue, or all when there is none, does not begin any more,
    since a worker that sees a recall waits to be told which tests that were."""

    WORDS, WORD = 6, 8
    PHASE, SINCE, PHASE_SINCE, CLAIM, RECALL = 1, 2, 3, 4, 5
    #: Longer than a write of one processor can stay unseen by another, by far, in seconds.
    UNSEEN = 0.001

    #: A name that no test replaces: those of modules are what freezegun looks for.
    _monotonic = staticmethod(time.monotonic)

    def __init__(self, fd: Optional[int] = None) -> None:
        size = SLOTS * self.WORDS * self.WORD
        if fd is None:
            fd = anonymous_file("plimsoll-page")
            os.ftruncate(fd, size)
        self.fd = fd
        page = memoryview(mmap.mmap(fd, size))
        self._whole, self._real = page.cast("q"), page.cast("d")

    def now(self) -> float:
        """The moment by the clock that host, workers and Java share: it never jumps, whatever becomes of the time of day."""
        return self._monotonic()

    def vacate(self, slot: int) -> None:
        """Make a slot ready for its next worker."""
        at = slot * self.WORDS
        self._whole[at] = self._whole[at + self.CLAIM] = -1
        self._whole[at + self.RECALL] = 0

    def clear(self, slot: int) -> None:
        self._whole[slot * self.WORDS] = -1

    def claim(self, slot: int, item: int) -> int:
        """In a worker: say that the test is about to begin; returns the number of the last recall."""
        at = slot * self.WORDS
        self._whole[at + self.CLAIM] = item
        number: int = self._whole[at + self.RECALL]
        return number

    def recall(self, slot: int, number: int) -> int:
        """In the host: keep the worker from beginning another test; returns the last one that it claimed, or -1."""
        at = slot * self.WORDS
        self._whole[at + self.RECALL] = number
        time.sleep(self.UNSEEN)
        claimed: int = self._whole[at + self.CLAIM]
        return claimed

    def begin(self, slot: int, item: int) -> float:
        now = self.now()
        at = slot * self.WORDS
        self._whole[at + self.PHASE] = 0
        self._real[at + self.SINCE] = self._real[at + self.PHASE_SINCE] = now
        self._whole[at] = item
        return now

    def phase(self, slot: int, number: int) -> None:
        at = slot * self.WORDS
        self._real[at + self.PHASE_SINCE] = self.now()
        self._whole[at + self.PHASE] = number

    def running(self, slot: int) -> Optional[Running]:
        at = slot * self.WORDS
        item: int = self._whole[at]
        if item < 0:
            return None
        return Running(item, PHASES[self._whole[at + self.PHASE]], self._real[at + self.SINCE],
                       self._real[at + self.PHASE_SINCE])


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
