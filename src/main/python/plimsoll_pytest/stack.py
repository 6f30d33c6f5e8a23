"""Room on the interpreter's own stack.

From 3.11 on CPython keeps the frames of Python functions in chunks of 16 KB, gets a further one from the kernel when a
call does not fit any more, and gives it back when that call returns. A loop whose calls just do not fit pays for this
with two system calls each time. Where that happens depends on how deep pytest's own calls are at that moment; decision
61 has what it cost. A chunk that is made for one call of a large frame has room for all the calls below it; what of it is
not used is never touched, and takes no memory.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, TypeVar

T = TypeVar("T")

IN_CHUNKS = sys.implementation.name == "cpython" and sys.version_info >= (3, 11)

#: Size of the large frame in words of 8 bytes. The chunk is the next power of two, in bytes; half of it, 512 KiB, is left
#: for the frames below: over a thousand of 60 words each.
WORDS = 1 << 16


def with_room(work: Callable[[], T]) -> T:
    """Do this with room for its calls."""
    return _large(work) if IN_CHUNKS else work()


def _large(work: Callable[[], Any]) -> Any:
    return work()


if IN_CHUNKS:
    _large.__code__ = _large.__code__.replace(co_stacksize=WORDS)
