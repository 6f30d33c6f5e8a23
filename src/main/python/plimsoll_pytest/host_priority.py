"""The host's place among the processes that want to run."""

from __future__ import annotations

import contextlib
from typing import Iterator

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os


class HostPriority:
    """Whether this process, when something arrives for it, waits for a free core or the end of another's turn.

    What workers send to the host would otherwise interrupt them after each test. A policy that the user chose stays, in
    the host and in its workers, which begin with the host's.
    """

    def __init__(self, gives_way: bool = False) -> None:
        self.gives_way = gives_way

    @contextlib.contextmanager
    def giving_way(self) -> Iterator[None]:
        with contextlib.suppress(AttributeError, OSError):  # no Linux, or a sandbox without it
            if os.sched_getscheduler(0) == os.SCHED_OTHER:
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
                self.gives_way = True
        try:
            yield
        finally:
            self.take_again()

    def take_again(self) -> None:
        """Be as before: in the host when its workers have ended, in a worker when it begins."""
        if self.gives_way:
            self.gives_way = False
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


HOST_PRIORITY = HostPriority()
