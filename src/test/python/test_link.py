"""The host's connections, to Java and to its workers."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from plimsoll_pytest.link import LINGER, Link
from plimsoll_pytest.wire import WorkerEnd, frame


class Java:
    """The other end."""

    def __init__(self, path: Path) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        self.link = Link(str(path), "run")
        self.link.watch_ends()
        self._sock, _ = self._server.accept()
        self._sock.setblocking(False)

    def heard(self) -> List[Dict[str, Any]]:
        try:
            return [json.loads(line) for line in self._sock.recv(1 << 16).splitlines()]
        except BlockingIOError:
            return []

    def close(self) -> None:
        self.link.abandon()
        self._sock.close()
        self._server.close()


@pytest.fixture
def java(tmp_path: Path) -> Iterator[Java]:
    java = Java(tmp_path / "s")
    yield java
    java.close()


def test_a_message_that_may_wait_goes_with_the_next_and_before_it(java: Java) -> None:
    java.link.send({"n": 1}, soon=True)
    java.link.send({"n": 2}, soon=True)
    assert java.heard() == []
    java.link.send({"n": 3})
    assert java.heard() == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert java.link.wait() is None


def test_it_waits_no_longer_than_a_moment(java: Java, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("plimsoll_pytest.link.time.monotonic", lambda: now[0])
    java.link.send({"n": 1}, soon=True)
    assert java.link.wait() == pytest.approx(LINGER)
    java.link.tick()
    assert java.heard() == []
    now[0] += LINGER
    assert java.link.wait() == 0
    java.link.tick()
    assert java.heard() == [{"n": 1}]


@pytest.mark.parametrize("comes_back_to", [lambda end: end.receive(wait=False), lambda end: end.send(("done",))])
def test_a_child_that_a_test_forked_neither_takes_the_workers_commands_nor_speaks_for_it(comes_back_to: Any) -> None:
    host, theirs = socket.socketpair()
    end = WorkerEnd(theirs)
    host.sendall(frame(("run", [1])))
    child = os.fork()
    if child == 0:
        comes_back_to(end)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert end.receive(wait=False) == [("run", [1])]
    with pytest.raises(BlockingIOError):
        host.recv(1, socket.MSG_DONTWAIT)
    host.close()
    theirs.close()
