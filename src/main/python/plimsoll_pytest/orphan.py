"""What ties a worker's life to its host's, and marks it as the kernel's first choice when memory runs out."""

from __future__ import annotations

import signal
from typing import Any, Callable, Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

PR_SET_PDEATHSIG = 1
OOM_SCORE = 500


def _load_prctl() -> Optional[Callable[..., Any]]:
    try:
        import ctypes

        return ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return None  # a Python without ctypes, or no Linux


class Lifeline:
    """Prepared in the host, where it may import; taken in the worker."""

    def __init__(self, host: int) -> None:
        self._prctl = _load_prctl()
        self._host = host

    def take(self) -> None:
        """Have the kernel kill this process when the host's main thread ends, even while it is stuck in C code."""
        if self._prctl is not None:
            self._prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != self._host:
            os._exit(1)  # the host ended before the call


def prefer_for_oom_kill() -> None:
    """Raise the score of this process, unless it is higher already."""
    try:
        with open("/proc/self/oom_score_adj", "r+b", buffering=0) as file:
            if int(file.read()) < OOM_SCORE:
                file.seek(0)
                file.write(b"%d" % OOM_SCORE)
    except (OSError, ValueError):
        pass  # no Linux, or a sandbox without it: the kernel then chooses by size alone
