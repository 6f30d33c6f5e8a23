"""Obeys Java: one method for each message."""

from __future__ import annotations

from typing import Any, Dict, Optional

from plimsoll_pytest.hand import Hand
from plimsoll_pytest.run import FreshSlot, Run


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

    def _hand(self, message: Dict[str, Any]) -> Optional[Hand]:
        return self._run.crew.hands.get(message["worker"])

    def _do_start(self, message: Dict[str, Any]) -> None:
        name, count = message["worker"], message["count"]
        if message.get("fresh"):
            self._run.fresh[name] = FreshSlot(count)
            self._run.isolated = True
        self._run.crew.start(name, count)

    def _do_spawn(self, _message: Dict[str, Any]) -> None:
        self._run.crew.forks = False

    def _do_run(self, message: Dict[str, Any]) -> None:
        hand, items = self._hand(message), message["items"]
        if hand is None:
            return  # the batch and `gone` passed each other: Java has taken the tests back
        if self._run.stopped:
            self._run.dropped(hand.name, items)
            return
        slot = self._run.fresh.get(hand.name)
        if slot is None and not hand.retired:
            hand.give(items)
        elif slot is None or slot.retired:
            self._run.dropped(hand.name, items)
        elif hand.retired:
            slot.waiting.append(items)
        else:
            hand.give(items)
            hand.retire()

    def _do_drop(self, message: Dict[str, Any]) -> None:
        self._run.drop_waiting(message["worker"])
        hand = self._hand(message)
        if hand is not None:
            self._run.take_back(hand)

    def _do_retire(self, message: Dict[str, Any]) -> None:
        hand, slot = self._hand(message), self._run.fresh.get(message["worker"])
        if slot is not None:
            slot.retired = True
        if hand is not None:
            hand.retire()

    def _do_kill(self, message: Dict[str, Any]) -> None:
        hand = self._hand(message)
        if hand is not None and _runs(hand, message):
            hand.kill(message["signal"])

    def _do_dump(self, message: Dict[str, Any]) -> None:
        hand = self._hand(message)
        if hand is not None and _runs(hand, message):
            hand.overdue = (message["item"], message["text"]) if "item" in message else None
            hand.dump()

    def _do_crashed(self, message: Dict[str, Any]) -> None:
        self._run.firing.crashed(message["worker"], message["item"], message["text"])
        self._run.stop_if_pytest_wants()

    def _do_retrying(self, message: Dict[str, Any]) -> None:
        """Nothing of a test is fired before it is done, so there is nothing to take back."""

    def _do_finish(self, _message: Dict[str, Any]) -> None:
        run = self._run
        run.finishing = run.stopped = True
        run.drop_all()
        for name, hand in run.crew.hands.items():
            if name in run.fresh:
                run.fresh[name].retired = True
            hand.retire()

    def _do_abort(self, message: Dict[str, Any]) -> None:
        run = self._run
        run.cause = run.session.Interrupted(message["reason"])
        run.finishing = run.stopped = True
        run.crew.kill_all()


def _runs(hand: Hand, message: Dict[str, Any]) -> bool:
    """Whether the test that is meant, if one is, has not ended meanwhile: another is not to suffer for it."""
    return "item" not in message or message["item"] in hand.given
