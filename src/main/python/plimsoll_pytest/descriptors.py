"""The open descriptors of this process, as `/proc` shows them."""

from __future__ import annotations

import _socket
import os
from typing import Any, Dict, NamedTuple, Optional, Tuple


class Descriptor(NamedTuple):
    """An open descriptor as `/proc` shows it."""

    fd: int
    target: str
    status: os.stat_result
    flags: int
    offset: int
    locked: bool

    @property
    def identity(self) -> Tuple[str, int, int]:
        return self.target, self.status.st_dev, self.status.st_ino

    @property
    def access(self) -> int:
        return self.flags & os.O_ACCMODE


def descriptors() -> Dict[int, Descriptor]:
    """All open descriptors; none where there is no `/proc`."""
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        return {}
    seen = (_described(number) for number in sorted(numbers))
    return {one.fd: one for one in seen if one is not None}


def _described(fd: int) -> Optional[Descriptor]:
    try:
        with open(f"/proc/self/fdinfo/{fd}", encoding="ascii", errors="replace") as file:
            lines = [line.split(":", 1) for line in file if ":" in line]
        told = {name: value.strip() for name, value in lines}
        return Descriptor(fd, os.readlink(f"/proc/self/fd/{fd}"), os.fstat(fd), int(told["flags"], 8),
                          int(told["pos"]), "lock" in told)
    except (OSError, KeyError, ValueError):
        return None  # closed meanwhile: that of the listing itself


def is_still_there(one: Descriptor) -> bool:
    try:
        there = os.stat(one.target)
    except OSError:
        return False
    same = (there.st_dev, there.st_ino) == (one.status.st_dev, one.status.st_ino)
    return same and os.access(one.target, os.R_OK, effective_ids=True)


def socket_text(fd: int) -> str:
    opened = _socket.socket(fileno=os.dup(fd))  # not `socket.socket`, which plugins replace
    try:
        return f"a connection to {_address(opened.getpeername())}"
    except OSError:
        pass  # it listens, or is not connected yet
    try:
        address = _address(opened.getsockname())
        return f"a socket at {address}" if address else "a socket"
    except OSError:
        return "a socket"
    finally:
        opened.close()


def _address(address: Any) -> str:
    if isinstance(address, tuple):
        return f"{address[0]}:{address[1]}" if len(address) > 1 and address[1] else ""
    return str(address or "another socket")
