"""The host's connection to Java."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from plimsoll_pytest.link import LINGER, Link


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
