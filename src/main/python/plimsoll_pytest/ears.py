"""Hears the workers: one method for each frame, and their deaths."""

from __future__ import annotations

import time
from typing import Any, Dict, Sequence

from plimsoll_pytest.hand import Hand
from plimsoll_pytest.run import Run, interruption
from plimsoll_pytest.spawning import difference
from plimsoll_pytest.wire import micros


#: How long a worker may take to end its process when its session is finished, in seconds (execnet gives xdist's as much).
LEAVING = 10.0


class Ears:
    """Turns what workers send into pytest's hooks and messages to Java."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def told(self, hand: Hand, frame: Sequence[Any]) -> None:
        getattr(self, "_told_" + frame[0])(hand, frame)

    def _told_ready(self, hand: Hand, _frame: Sequence[Any]) -> None:
        self._run.births.append(time.monotonic() - hand.born)
        self._run.crew.nodes.ready(hand.name, hand.pid)
        self._run.link.send({"type": "worker", "worker": hand.name, "pid": hand.pid})

    def _told_done(self, hand: Hand, frame: Sequence[Any]) -> None:
        hand.given.remove(frame[1])
        done = self._run.firing.done(hand.name, frame, hand.overdue_text(frame[1]))
        # Java gives the next batch before the last test of this one, and a failure is shown at once.
        self._run.link.send(done, soon=len(hand.given) > 1 and not done["text"])
        session = self._run.session
        shouldstop, shouldfail = frame[-1]
        session.shouldstop = session.shouldstop or shouldstop
        session.shouldfail = session.shouldfail or shouldfail
        self._run.stop_if_pytest_wants()

    def _told_late(self, hand: Hand, frame: Sequence[Any]) -> None:
        self._run.link.send(self._run.firing.late(hand.name, frame))
        self._run.stop_if_pytest_wants()

    def _told_dropped(self, hand: Hand, frame: Sequence[Any]) -> None:
        dropped = set(frame[1])  # some may have been taken back meanwhile
        self._run.dropped(hand.name, [item for item in hand.given if item in dropped])
        hand.given = [item for item in hand.given if item not in dropped]

    def _told_interrupt(self, hand: Hand, frame: Sequence[Any]) -> None:
        _, index, stop = frame
        self._run.cause = interruption(stop)
        self._give_up(hand, index, stop["text"] or "KeyboardInterrupt")

    def _told_internal_error(self, hand: Hand, frame: Sequence[Any]) -> None:
        self._run.cause = RuntimeError(f"{hand.name} failed outside of a test:\n{frame[2]}")
        self._give_up(hand, frame[1], f"internal error in {hand.name}")

    def _give_up(self, hand: Hand, index: int, reason: str) -> None:
        self._run.stop(reason, index if index >= 0 else None)
        if index in hand.given:
            hand.given.remove(index)
            self._run.dropped(hand.name, [index])

    def _told_differs(self, hand: Hand, frame: Sequence[Any]) -> None:
        hand.finished = True
        text = frame[2] or difference([item.nodeid for item in self._run.session.items], frame[1])
        self._run.link.send({"type": "unit_error", "worker": hand.name, "text": text})

    def _told_finished(self, hand: Hand, frame: Sequence[Any]) -> None:
        hand.finished = True
        hand.leave_by = time.monotonic() + LEAVING
        self._run.crew.nodes.of(hand.name).workeroutput = frame[1]
        self._run.firing.warnings(frame[2])

    def started(self, hand: Hand, item: int, since: float) -> None:
        self._run.link.send({"type": "started", "worker": hand.name, "item": item, "time": micros(since)})

    def lingers(self, hand: Hand) -> None:
        self._run.note("warning", f"{hand.name} had not ended {LEAVING:.0f} s after its session was finished, and was"
                                  " killed: a function of `atexit` or a thread keeps it. All its results are here")

    def stuck(self, hand: Hand, item: int) -> None:
        self._run.link.send({"type": "stuck", "worker": hand.name, "item": item, "forked": hand.forked})

    def died(self, hand: Hand, gone: Dict[str, Any]) -> None:
        self._run.crew.nodes.down(hand.name, None if gone["expected"] else _cause_of(gone))
        slot = self._run.fresh.get(hand.name)
        if slot is None:
            self._run.link.send(gone)
        elif gone["expected"] and (slot.waiting or not slot.retired) and not self._run.finishing:
            self._run.crew.start(hand.name, slot.count)
            if slot.waiting:
                fresh = self._run.crew.hands[hand.name]
                fresh.give(slot.waiting.pop(0))
                fresh.retire()
        else:
            del self._run.fresh[hand.name]
            self._run.link.send(gone)


def _cause_of(gone: Dict[str, Any]) -> str:
    if gone["signal"] is not None:
        return f"Not properly terminated: signal {gone['signal']}"
    return f"Not properly terminated: exit status {gone['status']}"
