"""The state of a run in the host, shared by what obeys Java and what hears the workers."""

from __future__ import annotations

import errno
from typing import Any, Dict, List, Optional, Sequence

import pytest

from plimsoll_pytest.hook_replay import HookReplay
from plimsoll_pytest.link import Link
from plimsoll_pytest.worker_handle import WorkerHandle
from plimsoll_pytest.worker_pool import WorkerPool

#: What to raise or free when the system refuses a worker.
LIMITS = {
    errno.EMFILE: ": this process may open no more files; raise the limit (`ulimit -n`)",
    errno.ENFILE: ": this system may open no more files (`sysctl fs.file-max`)",
    errno.EAGAIN: ": this user may start no more processes; raise the limit (`ulimit -u`)",
    errno.ENOMEM: ": there is no memory for another process; raise the limit (`ulimit -v`)",
    errno.ENOSPC: ": the folder for temporary files is full; free some space, or set TMPDIR",
}


class Run:
    """What is under way, and why it will end."""

    def __init__(self, session: Any, link: Link, pool: WorkerPool, replay: HookReplay, tests: Sequence[Any]) -> None:
        self.session = session
        self.tests = tests
        self.link = link
        self.pool = pool
        self.replay = replay
        self.collection: Optional[Sequence[Any]] = None  # what the worker says that collects
        self.stopped = False
        self.finishing = False
        self.cause: Optional[BaseException] = None
        self._limit: Any = False

    def stop_if_pytest_wants(self) -> None:
        """Stop when a limit is reached; failures of tests that were running then do not change the reason."""
        session = self.session
        wanted = session.shouldfail or session.shouldstop
        if wanted and not self.stopped:
            self._limit = session.shouldfail
            self.stop(str(wanted))
        elif session.shouldfail and self._limit:
            session.shouldfail = self._limit

    def stop(self, reason: str) -> None:
        """Start no further test, and tell Java."""
        if self.stopped:
            return
        self.stopped = True
        self.link.send({"type": "stop", "reason": reason})
        self.drop_all()

    def repeats(self, handle: WorkerHandle, done: Sequence[Any]) -> bool:
        """Whether the test runs again if it has failed: it has an attempt left, and nobody wants the run to end."""
        asked = done[1] in handle.repeat
        handle.repeat.discard(done[1])
        return asked and not (self.stopped or any(done[-1]))

    def drop_all(self) -> None:
        for handle in self.pool.handles.values():
            self.take_back(handle)

    def could_not_start(self, worker: str, problem: OSError) -> None:
        """Report a worker that the system has no room for."""
        limit = LIMITS.get(problem.errno or 0, "")
        self.link.send({
            "type": "gone", "worker": worker, "pid": 0, "signal": None, "status": None, "item": None, "phase": None,
            "expected": False, "output": "", "stack": f"{problem.strerror or problem}{limit}"})

    def take_back(self, handle: WorkerHandle) -> None:
        self.dropped(handle.name, handle.take_back(self.pool.page))

    def dropped(self, worker: str, items: List[int]) -> None:
        self.link.send({"type": "dropped", "worker": worker, "items": items})

    def note(self, level: str, text: str) -> None:
        self.link.send({"type": "note", "level": level, "text": text})

    def raise_cause(self) -> None:
        """Leave the run loop as pytest's own does."""
        if self.cause is not None:
            raise self.cause
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)
        if self.session.shouldstop:
            raise self.session.Interrupted(self.session.shouldstop)


def interruption(stop: Dict[str, Any]) -> BaseException:
    """What `pytest.exit` or Ctrl-C in a test raises in the host."""
    if stop["exit"]:
        return pytest.exit.Exception(stop["text"], stop["returncode"])
    return _raised_at(*stop["place"], KeyboardInterrupt(*filter(None, [stop["text"]])))


def _raised_at(path: str, line: int, problem: BaseException) -> BaseException:
    """Give the exception the traceback of one raised in that line of a file, as pytest tells the user where."""
    code = compile("raise problem", path, "exec").replace(co_firstlineno=line)
    try:
        exec(code, {"problem": problem})
    except BaseException as raised:
        return raised
    return problem
