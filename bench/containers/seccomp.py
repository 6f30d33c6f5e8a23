"""A seccomp filter that denies system calls, as the bytes that bubblewrap reads."""

from __future__ import annotations

import platform
import struct
from typing import Iterable

#: linux/filter.h and linux/seccomp.h
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NUMBERS = {
    "x86_64": {"pidfd_open": 434, "pidfd_send_signal": 424, "process_vm_writev": 311, "process_vm_readv": 310},
    "aarch64": {"pidfd_open": 434, "pidfd_send_signal": 424, "process_vm_writev": 271, "process_vm_readv": 270},
}


def deny(names: Iterable[str], errno: int) -> bytes:
    """Each of these calls fails with this number; all others are allowed."""
    numbers = [NUMBERS[platform.machine()][name] for name in names]
    program = [(LOAD, 0, 0, 0)]
    program += [(JUMP_EQUAL, len(numbers) - index, 0, number) for index, number in enumerate(numbers)]
    program += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ERRNO | errno)]
    return b"".join(struct.pack("HBBI", *line) for line in program)
