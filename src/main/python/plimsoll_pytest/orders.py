"""Obeys Java: one method for each message. Its parameters are the message's fields, as `protocol.json` has them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from plimsoll_pytest.run import Run
from plimsoll_pytest.worker_handle import WorkerHandle


class Orders:
    """Carries out what Java decides. An order for a worker that has ended is answered or ignored, never an error."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def obey(self, message: Dict[str, Any]) -> None:
        handler = getattr(self, "do_" + message.pop("type"))
        handler(**message)

    def _handle(self, worker: str) -> Optional[WorkerHandle]:
        return self._run.pool.handles.get(worker)

    def do_start(self, worker: str, count: int, isolated: bool) -> None:
        try:
            self._run.pool.start(worker, count, isolated)
        except OSError as problem:
            self._run.could_not_start(worker, problem)

    def do_spawn(self) -> None:
        self._run.pool.forks = False

    def do_run(self, worker: str, items: List[int], repeat: List[int]) -> None:
        handle = self._handle(worker)
        if handle is None:
            return  # the batch and `gone` passed each other: Java has taken the tests back
        if self._run.stopped or handle.retired:
            self._run.dropped(worker, items)
        else:
            handle.give(items, repeat)

    def do_drop(self, worker: str) -> None:
        handle = self._handle(worker)
        if handle is not None:
            self._run.take_back(handle)

    def do_retire(self, worker: str) -> None:
        handle = self._handle(worker)
        if handle is not None:
            handle.retire()

    def do_kill(self, worker: str, item: int, signal: int) -> None:
        handle = self._handle(worker)
        if handle is not None and item in handle.given:  # else it has ended meanwhile: another is not to suffer for it
            handle.kill(signal)

    def do_dump(self, worker: str, item: Optional[int], text: str) -> None:
        handle = self._handle(worker)
        if handle is None or item is not None and item not in handle.given:
            return
        handle.overdue = (item, text) if item is not None else None
        handle.dump()

    def do_crashed(self, worker: str, item: int, text: str) -> None:
        self._run.replay.crashed(worker, item, text)
        self._run.stop_if_pytest_wants()

    def do_finish(self) -> None:
        run = self._run
        run.finishing = run.stopped = True
        run.drop_all()
        for handle in run.pool.handles.values():
            handle.retire()

    def do_abort(self, reason: str) -> None:
        run = self._run
        run.cause = run.session.Interrupted(reason)
        run.finishing = run.stopped = True
        run.pool.kill_all()
