"""Hears the workers: one method for each frame, and their deaths."""

from __future__ import annotations

import tempfile
from typing import Any, Dict, Sequence

from plimsoll_pytest.primitives import BUILTINS as __builtins__, time
from plimsoll_pytest.run import Run, interruption
from plimsoll_pytest.spawning import difference
from plimsoll_pytest.wire import micros
from plimsoll_pytest.worker_handle import WorkerHandle


#: How long a worker may take to end its process when its session is finished, in seconds (execnet gives xdist's as much).
LEAVING = 10.0


class WorkerEvents:
    """Turns what workers send into pytest's hooks and messages to Java."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def received(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        getattr(self, "_on_" + frame[0])(handle, frame)

    def _on_collected(self, _handle: WorkerHandle, frame: Sequence[Any]) -> None:
        self._run.collection = frame

    def _on_not_collected(self, _handle: WorkerHandle, frame: Sequence[Any]) -> None:
        self._run.collection = frame

    def _on_ready(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        if handle.collects:
            handle.ready = frame
            return
        self._run.pool.nodes.ready(handle.name, handle.pid)
        took = micros(time.monotonic() - handle.born)
        self._run.link.send({"type": "worker", "worker": handle.name, "pid": handle.pid, "took": took})

    def _on_done(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        handle.given.remove(frame[1])
        repeats = self._run.repeats(handle, frame)
        done = self._run.replay.done(handle.name, frame, handle.overdue_text(frame[1]), handle.output, repeats)
        handle.output.begin()
        # Java gives the next batch before the last test of this one, and a failure is shown at once.
        self._run.link.send(done, soon=len(handle.given) > 1 and not done["text"])
        session = self._run.session
        shouldstop, shouldfail = frame[-1]
        session.shouldstop = session.shouldstop or shouldstop
        session.shouldfail = session.shouldfail or shouldfail
        self._run.stop_if_pytest_wants()

    def _on_output(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        try:
            handle.output.add(frame[1])
        except OSError as problem:
            self._run.note("warning", f"a test of {handle.name} printed more than can be kept in {tempfile.gettempdir()}"
                                      f" ({problem.strerror}): reports have its beginning and its end")

    def _on_late(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        self._run.link.send(self._run.replay.late(handle.name, frame, handle.output))
        self._run.stop_if_pytest_wants()

    def _on_dropped(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        dropped = set(frame[1])  # some may have been taken back meanwhile
        self._run.dropped(handle.name, [item for item in handle.given if item in dropped])
        handle.given = [item for item in handle.given if item not in dropped]

    def _on_interrupt(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        _, index, stop = frame
        self._run.cause = interruption(stop)
        self._give_up(handle, index, stop["text"] or "KeyboardInterrupt")

    def _on_internal_error(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        self._run.cause = RuntimeError(f"{handle.name} failed outside of a test:\n{frame[2]}")
        self._give_up(handle, frame[1], f"internal error in {handle.name}")

    def _give_up(self, handle: WorkerHandle, index: int, reason: str) -> None:
        self._run.stop(reason)
        if index in handle.given:
            handle.given.remove(index)
            self._run.dropped(handle.name, [index])

    def _on_differs(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        handle.finished = True
        handle.leave_by = time.monotonic() + LEAVING
        text = frame[2] or difference([item.nodeid for item in self._run.tests], frame[1])
        self._run.link.send({"type": "unit_error", "worker": handle.name, "text": text})

    def _on_finished(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        _, output, warned, handle.waits = frame
        handle.finished = True
        if not handle.waits:
            handle.leave_by = time.monotonic() + LEAVING
        self._run.pool.nodes.of(handle.name).workeroutput = output
        self._run.replay.warnings(warned)
        self._let_go()

    def _on_leaving(self, handle: WorkerHandle, frame: Sequence[Any]) -> None:
        handle.kept_by = frame[1]

    def _let_go(self) -> None:
        """Have workers that wait for the others end when no test runs any more. An isolated one does not wait."""
        handles = self._run.pool.handles.values()
        over = all(handle.finished for handle in handles)
        for handle in handles:
            if handle.waits and (over or handle.isolated):
                handle.waits = False
                handle.leave_by = time.monotonic() + LEAVING
                handle.send("leave")

    def started(self, handle: WorkerHandle, item: int, since: float) -> None:
        self._run.link.send({"type": "started", "worker": handle.name, "item": item, "time": micros(since)})

    def lingers(self, handle: WorkerHandle) -> None:
        kept_by = "thread " + ", ".join(map(repr, handle.kept_by)) if handle.kept_by else "a function of `atexit`"
        self._run.note("warning", f"{handle.name} had not ended {LEAVING:.0f} s after its session was finished, and was"
                                  f" killed: {kept_by} keeps it. All its results are here")

    def stuck(self, handle: WorkerHandle, item: int) -> None:
        self._run.link.send({"type": "stuck", "worker": handle.name, "item": item, "forked": handle.forked})

    def died(self, handle: WorkerHandle, gone: Dict[str, Any]) -> None:
        self._run.pool.nodes.down(handle.name, None if gone["expected"] else _cause_of(gone))
        if handle.collects:
            self._run.collection = self._run.collection or ("died", gone)
            return
        self._run.link.send(gone)
        self._let_go()


def _cause_of(gone: Dict[str, Any]) -> str:
    if gone["signal"] is not None:
        return f"Not properly terminated: signal {gone['signal']}"
    return f"Not properly terminated: exit status {gone['status']}"
