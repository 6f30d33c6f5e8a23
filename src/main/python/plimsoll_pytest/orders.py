"""Obeys Java: one method for each message."""

from __future__ import annotations

from typing import Any, Dict, Optional

from plimsoll_pytest.run import FreshSlot, Run
from plimsoll_pytest.worker_handle import WorkerHandle


class Orders:
    """Carries out what Java decides. An order for a worker that has ended is answered or ignored, never an error."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def obey(self, message: Dict[str, Any]) -> None:
        handler = getattr(self, "_do_" + str(message.get("type")), None)
        if handler is None:
            self._run.note("warning", f"the message {message.get('type')!r} is unknown to this plugin")
        else:
            handler(message)

    def _handle(self, message: Dict[str, Any]) -> Optional[WorkerHandle]:
        return self._run.pool.handles.get(message["worker"])

    def _do_start(self, message: Dict[str, Any]) -> None:
        name, count = message["worker"], message["count"]
        if message.get("fresh"):
            self._run.fresh[name] = FreshSlot(count)
            self._run.isolated = True
        self._run.pool.start(name, count)

    def _do_spawn(self, _message: Dict[str, Any]) -> None:
        self._run.pool.forks = False

    def _do_run(self, message: Dict[str, Any]) -> None:
        handle, items = self._handle(message), message["items"]
        if handle is None:
            return  # the batch and `gone` passed each other: Java has taken the tests back
        if self._run.stopped:
            self._run.dropped(handle.name, items)
            return
        slot = self._run.fresh.get(handle.name)
        if slot is None and not handle.retired:
            handle.give(items)
        elif slot is None or slot.retired:
            self._run.dropped(handle.name, items)
        elif handle.retired:
            slot.waiting.append(items)
        else:
            handle.give(items)
            handle.retire()

    def _do_drop(self, message: Dict[str, Any]) -> None:
        self._run.drop_waiting(message["worker"])
        handle = self._handle(message)
        if handle is not None:
            self._run.take_back(handle)

    def _do_retire(self, message: Dict[str, Any]) -> None:
        handle, slot = self._handle(message), self._run.fresh.get(message["worker"])
        if slot is not None:
            slot.retired = True
        if handle is not None:
            handle.retire()

    def _do_kill(self, message: Dict[str, Any]) -> None:
        handle = self._handle(message)
        if handle is not None and _runs(handle, message):
            handle.kill(message["signal"])

    def _do_dump(self, message: Dict[str, Any]) -> None:
        handle = self._handle(message)
        if handle is not None and _runs(handle, message):
            handle.overdue = (message["item"], message["text"]) if "item" in message else None
            handle.dump()

    def _do_crashed(self, message: Dict[str, Any]) -> None:
        self._run.replay.crashed(message["worker"], message["item"], message["text"])
        self._run.stop_if_pytest_wants()

    def _do_retrying(self, message: Dict[str, Any]) -> None:
        """Nothing of a test is fired before it is done, so there is nothing to take back."""

    def _do_finish(self, _message: Dict[str, Any]) -> None:
        run = self._run
        run.finishing = run.stopped = True
        run.drop_all()
        for name, handle in run.pool.handles.items():
            if name in run.fresh:
                run.fresh[name].retired = True
            handle.retire()

    def _do_abort(self, message: Dict[str, Any]) -> None:
        run = self._run
        run.cause = run.session.Interrupted(message["reason"])
        run.finishing = run.stopped = True
        run.pool.kill_all()


def _runs(handle: WorkerHandle, message: Dict[str, Any]) -> bool:
    """Whether the test that is meant, if one is, has not ended meanwhile: another is not to suffer for it."""
    return "item" not in message or message["item"] in handle.given
