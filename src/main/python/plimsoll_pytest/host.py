"""The host: a genuine pytest session whose tests run in workers, as Java decides."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from typing import Any, Dict, Iterator, Optional, Sequence

import pytest

from plimsoll_pytest import catalog, terminal
from plimsoll_pytest.crew import Crew
from plimsoll_pytest.firing import Firing
from plimsoll_pytest.hand import Hand
from plimsoll_pytest.link import ORPHANED, JavaGone, Link


class Host:
    """Takes over the run loop. Each message of Java and each frame of a worker is handled on the main thread."""

    def __init__(self, config: pytest.Config, link: Link, asked: Dict[str, Any]) -> None:
        self._config = config
        self._link = link
        self._asked = asked
        self._deselected = 0
        self._stopped = False
        self._finishing = False
        self._cause: Optional[BaseException] = None
        self._crew: Crew
        self._firing: Firing
        self._session: Any = None

    def pytest_deselected(self, items: Sequence[Any]) -> None:
        self._deselected += len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Optional[bool]:
        self._link.watch_ends()
        self._tell_collected(session)
        if session.config.option.collectonly or not session.items:
            return None  # pytest's own loop says what is to be said
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            return None
        self._session = session
        self._firing = Firing(session, self._link.run)
        gc.collect()
        gc.freeze()
        with terminal.muted(session.config), self._deaf_to_interrupts():
            self._crew = Crew(session, self._link.selector, self._link.run, self, self._link.abandon)
            try:
                self._loop()
            except JavaGone:
                self._crew.kill_all()
                os._exit(ORPHANED)
            finally:
                self._crew.kill_all()
        self._end()
        return True

    @contextlib.contextmanager
    def _deaf_to_interrupts(self) -> Iterator[None]:
        """Ctrl-C reaches all processes of a terminal; Java decides what it means."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _tell_collected(self, session: pytest.Session) -> None:
        for message in catalog.item_messages(session.config, session.items):
            self._link.send(message)
        self._link.send({
            "type": "collected", "count": len(session.items), "deselected": self._deselected,
            "errors": session.testsfailed, "threads": [], "maxfail": session.config.getvalue("maxfail"),
            "engine": "fork", "why": "", **self._asked,
        })

    def _loop(self) -> None:
        while not self._finishing or self._crew.hands:
            self._crew.turn()
            for message in self._link.messages():
                self._obey(message)

    def _end(self) -> None:
        """Leave the loop as pytest's own does."""
        session = self._session
        if self._cause is not None:
            raise self._cause
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)

    def _obey(self, message: Dict[str, Any]) -> None:
        handler = getattr(self, "_do_" + message["type"], None)
        if handler is None:
            self._note("warning", f"the message {message['type']!r} is unknown to this plugin")
            return
        handler(message)

    def _hand(self, message: Dict[str, Any]) -> Optional[Hand]:
        return self._crew.hands.get(message["worker"])

    def _do_start(self, message: Dict[str, Any]) -> None:
        self._crew.fork(message["worker"], message["count"])

    def _do_run(self, message: Dict[str, Any]) -> None:
        hand = self._hand(message)
        if hand is None or hand.retired or self._stopped:
            self._link.send({"type": "dropped", "worker": message["worker"], "items": message["items"]})
        else:
            hand.give(message["items"])

    def _do_drop(self, message: Dict[str, Any]) -> None:
        hand = self._hand(message)
        if hand is not None:
            hand.send("drop")

    def _do_retire(self, message: Dict[str, Any]) -> None:
        hand = self._hand(message)
        if hand is not None:
            hand.retire()

    def _do_kill(self, message: Dict[str, Any]) -> None:
        hand = self._hand(message)
        if hand is not None:
            hand.kill(message["signal"])

    def _do_dump(self, message: Dict[str, Any]) -> None:
        hand = self._hand(message)
        if hand is not None:
            hand.dump()

    def _do_crashed(self, message: Dict[str, Any]) -> None:
        self._firing.crashed(message["worker"], message["item"], message["text"])
        self._stop_if_pytest_wants()

    def _do_retrying(self, message: Dict[str, Any]) -> None:
        """Nothing of a test is fired before it is done, so there is nothing to take back."""

    def _do_finish(self, _message: Dict[str, Any]) -> None:
        self._finishing = True
        for hand in self._crew.hands.values():
            hand.send("drop")
            hand.retire()

    def _do_abort(self, message: Dict[str, Any]) -> None:
        self._cause = self._session.Interrupted(message["reason"])
        self._crew.kill_all()
        self._finishing = True

    def told(self, hand: Hand, frame: Sequence[Any]) -> None:
        getattr(self, "_told_" + frame[0])(hand, frame)

    def _told_ready(self, hand: Hand, _frame: Sequence[Any]) -> None:
        self._link.send({"type": "worker", "worker": hand.name, "pid": hand.pid})

    def _told_done(self, hand: Hand, frame: Sequence[Any]) -> None:
        hand.given.remove(frame[1])
        message = self._firing.done(hand.name, frame)
        self._link.send(message)
        shouldstop, shouldfail = frame[-1]
        if shouldstop and not self._session.shouldstop:
            self._session.shouldstop = shouldstop
        if shouldfail and not self._session.shouldfail:
            self._session.shouldfail = shouldfail
        self._stop_if_pytest_wants()

    def _told_late(self, hand: Hand, frame: Sequence[Any]) -> None:
        self._link.send(self._firing.late(hand.name, frame))
        self._stop_if_pytest_wants()

    def _told_dropped(self, hand: Hand, frame: Sequence[Any]) -> None:
        hand.given = [item for item in hand.given if item not in frame[1]]
        self._link.send({"type": "dropped", "worker": hand.name, "items": frame[1]})

    def _told_interrupt(self, hand: Hand, frame: Sequence[Any]) -> None:
        _, index, stop = frame
        if stop["exit"]:
            self._cause = pytest.exit.Exception(stop["text"], stop["returncode"])
        else:
            self._cause = KeyboardInterrupt(stop["text"])
        self._give_up(hand, index, stop["text"] or "KeyboardInterrupt")

    def _told_internal_error(self, hand: Hand, frame: Sequence[Any]) -> None:
        self._cause = RuntimeError(f"{hand.name} failed outside of a test:\n{frame[2]}")
        self._give_up(hand, frame[1], f"internal error in {hand.name}")

    def _give_up(self, hand: Hand, index: int, reason: str) -> None:
        if index in hand.given:
            hand.given.remove(index)
            self._link.send({"type": "dropped", "worker": hand.name, "items": [index]})
        self._stop(reason, index)

    def _told_finished(self, hand: Hand, frame: Sequence[Any]) -> None:
        hand.finished = True
        self._firing.warnings(frame[2])

    def started(self, hand: Hand, item: int, since: float) -> None:
        self._link.send({"type": "started", "worker": hand.name, "item": item, "time": since})

    def died(self, hand: Hand, gone: Dict[str, Any]) -> None:
        self._link.send(gone)

    def _stop_if_pytest_wants(self) -> None:
        wanted = self._session.shouldfail or self._session.shouldstop
        if wanted:
            self._stop(str(wanted), None)

    def _stop(self, reason: str, index: Optional[int]) -> None:
        if self._stopped:
            return
        self._stopped = True
        self._link.send({"type": "stop", "reason": reason, "item": index})
        for hand in self._crew.hands.values():
            hand.send("drop")

    def _note(self, level: str, text: str) -> None:
        self._link.send({"type": "note", "level": level, "text": text})
