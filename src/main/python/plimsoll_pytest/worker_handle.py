"""The host's view of one worker process."""

from __future__ import annotations

import math
import selectors
import signal as signals
from typing import Any, Dict, List, Optional, Set, Tuple

from plimsoll_pytest import processes
from plimsoll_pytest.output import DUMP_SIGNAL
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.spool import Incoming
from plimsoll_pytest.status_page import StatusPage, tail
from plimsoll_pytest.wire import WorkerWire, frame

OUTPUT_LIMIT = 64 << 10
STACK_LIMIT = 256 << 10


class WorkerHandle:
    """A worker: its process, its wire, and the tests it was given and has not ended."""

    def __init__(self, name: str, slot: int, pid: int, stacks: int, output: Incoming,
                 selector: selectors.BaseSelector) -> None:
        self.name = name
        self.slot = slot
        self.pid = pid
        self._known = processes.entry(pid)  # just started: nobody has waited for it yet
        self.stacks = stacks
        self.wire: Optional[WorkerWire] = None
        self.given: List[int] = []
        self.repeat: Set[int] = set()  # tests that run again if they fail
        self._recalls = 0
        self.retired = False
        self.output = output
        self.finished = False
        self.waits = False  # to be let go, before it ends what the others may use
        self.kept_by: List[str] = []  # names of the threads for which it waits to end
        self.leave_by = math.inf  # on the monotonic clock; what is left for its process to do counts for nothing
        self.forked = False
        self.isolated = False
        self.collects = False  # it was started to collect, and Java does not know it yet
        self.ready: Optional[Any] = None  # what it said then
        self.born = 0.0
        self.announced = -1
        self.overdue: Optional[Tuple[int, str]] = None
        self.pidfd = -1
        self._selector = selector

    def watch(self, wire: WorkerWire, died: Any) -> None:
        """Wake the selector when the worker writes, and when it dies (a child of its own may keep the wire open)."""
        self.wire = wire
        try:
            self.pidfd = os.pidfd_open(self.pid)
            self._selector.register(self.pidfd, selectors.EVENT_READ, died)
        except (AttributeError, OSError):
            self.pidfd = -1  # an old kernel: the loop asks now and then

    def send(self, *command: Any) -> None:
        if self.wire is not None:
            self.wire.send(frame(command))

    def give(self, items: List[int], repeat: List[int]) -> None:
        self.given += items
        self.repeat = self.repeat.difference(items).union(repeat)
        self.send("run", items, repeat)

    def take_back(self, page: StatusPage) -> List[int]:
        """Take the tests from the worker that it has not begun, also while one runs."""
        self._recalls += 1
        claimed = page.recall(self.slot, self._recalls)
        kept = self.given.index(claimed) + 1 if claimed in self.given else 0
        items, self.given = self.given[kept:], self.given[:kept]
        self.send("drop", self._recalls, items)
        return items

    def retire(self) -> None:
        if not self.retired:
            self.retired = True
            self.send("retire")

    def kill(self, number: int) -> None:
        if self._known:
            processes.signal_tree(self._known, number)

    def dump(self) -> None:
        """Have the worker write the stacks of all its threads, which `last_words` tells."""
        if self._known:
            processes.signal_one(self._known, DUMP_SIGNAL)

    def overdue_text(self, item: int) -> str:
        """Why a test that is done has failed all the same: it ended when it was about to be ended. The signal for its
        stack may have woken it."""
        if self.overdue is None or self.overdue[0] != item:
            return ""
        text = self.overdue[1]
        self.overdue = None
        return f"--- stack when the limit was over ---\n{self.last_words()['stack']}\n{text}"

    def kill_at_once(self) -> None:
        """Kill the worker and its group without looking for strays."""
        if self._known:
            processes.signal_group(self._known, signals.SIGKILL)

    def reap(self) -> Optional[Tuple[Optional[int], Optional[int]]]:
        """The signal and the exit status with which the process ended, None while it lives."""
        try:
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return None
            if not self.finished:
                self.kill_at_once()  # what it left behind; its own number is not free before it is waited for
            _, status = os.waitpid(self.pid, 0)
        except ChildProcessError:
            return None, None  # the project ignores SIGCHLD: nobody knows
        code = os.waitstatus_to_exitcode(status)
        return (-code, None) if code < 0 else (None, code)

    def last_words(self) -> Dict[str, str]:
        """What faulthandler wrote, and the end of what was captured."""
        captured = self.wire.descriptors if self.wire is not None else []
        texts = [tail(fd, OUTPUT_LIMIT) for fd in captured]
        return {"stack": tail(self.stacks, STACK_LIMIT), "output": "".join(texts)}

    def abandon(self) -> None:
        """In a freshly forked sibling: close this process's copies of what belongs to the host."""
        if self.pidfd >= 0:
            os.close(self.pidfd)
        if self.wire is not None:
            self.wire.sock.close()
            for fd in self.wire.descriptors:
                os.close(fd)
        os.close(self.stacks)

    def close(self) -> None:
        if self.pidfd >= 0:
            self._selector.unregister(self.pidfd)
            os.close(self.pidfd)
        if self.wire is not None:
            self.wire.close()
            for fd in self.wire.descriptors:
                os.close(fd)
        os.close(self.stacks)
