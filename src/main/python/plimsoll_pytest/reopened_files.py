"""Files that the project opened at import and only reads: each forked worker opens them again.

A file that is inherited has one position for all processes. Opened anew through `/proc`, it is the same file with a
position of its own, which begins where the host's stood: what a reader's buffer holds was read up to there, and the
worker has a copy of that buffer. Descriptors that share a position in one process (`os.dup`) go on sharing it.
"""

from __future__ import annotations

import os
from typing import Dict, List, Sequence

from plimsoll_pytest.fork_hazards import OpenFile


class ReopenedFiles:
    """The groups of descriptors that share one position."""

    def __init__(self) -> None:
        self._groups: List[List[OpenFile]] = []

    def note(self, files: Sequence[OpenFile]) -> None:
        """In the host, before workers are forked."""
        self._groups = []
        for file in files:
            group = next((group for group in self._groups if _shares_position(group[0].fd, file.fd)), None)
            if group is None:
                self._groups.append([file])
            else:
                group.append(file)

    def take_again(self) -> None:
        """In a forked worker, before the project's code runs there."""
        for first, *others in self._groups:
            flags = os.O_RDONLY | os.O_CLOEXEC
            anew = os.open(f"/proc/self/fd/{first.fd}", flags)
            os.lseek(anew, first.offset, os.SEEK_SET)
            for file in (first, *others):
                os.dup2(anew, file.fd, inheritable=os.get_inheritable(file.fd))
            os.close(anew)


def _shares_position(one: int, other: int) -> bool:
    """Whether a move of one descriptor moves the other."""
    before: Dict[int, int] = {fd: os.lseek(fd, 0, os.SEEK_CUR) for fd in (one, other)}
    if before[one] != before[other] or not os.path.sameopenfile(one, other):
        return False
    os.lseek(one, before[one] + 1, os.SEEK_SET)
    moved = os.lseek(other, 0, os.SEEK_CUR) != before[other]
    os.lseek(one, before[one], os.SEEK_SET)
    return moved


REOPENED = ReopenedFiles()
