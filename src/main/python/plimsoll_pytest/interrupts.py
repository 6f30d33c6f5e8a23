"""What Ctrl-C does to the host and to its workers."""

from __future__ import annotations

import contextlib
import signal
from typing import Any, Iterator, Tuple


class Interrupts:
    """The handler of SIGINT that pytest's process began with.

    Ctrl-C reaches all processes of a terminal, and Java decides what it means: the host does not hear it while tests
    run. A worker is in no terminal's group and hears it as pytest would, since a test may send it to itself or to a
    program that it starts, which ignores what its parent ignores.
    """

    def __init__(self) -> None:
        self._before: Any = signal.SIG_DFL

    @contextlib.contextmanager
    def ignored(self) -> Iterator[None]:
        self._before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            yield
        finally:
            self.take_again()

    def take_again(self) -> None:
        """Hear it as before: in the host when its workers have ended, in a forked worker when it begins."""
        # None stands for a handler that was not set from Python: it cannot be set again from there.
        signal.signal(signal.SIGINT, signal.SIG_DFL if self._before is None else self._before)

    def heard_by_spawned(self) -> Tuple[signal.Signals, ...]:
        """The signals that a worker which is a program of its own is to begin with as any program does."""
        return () if self._before is signal.SIG_IGN else (signal.SIGINT,)


INTERRUPTS = Interrupts()
