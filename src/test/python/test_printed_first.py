"""What pytest prints and what Plimsoll prints of the tests reach the terminal on two ways; pytest's comes first."""

from __future__ import annotations

import fcntl
import os
import sys
import termios
import threading
import time

import pytest
from _pytest.terminal import TerminalReporter

from plimsoll_pytest import terminal


class Reporting:
    """A configuration whose reporter writes into a pipe."""

    def __init__(self, config: pytest.Config, fd: int) -> None:
        self._reporter = TerminalReporter(config, os.fdopen(fd, "w"))
        self.pluginmanager = self

    def get_plugin(self, name: str) -> TerminalReporter:
        assert name == "terminalreporter"
        self._reporter.write_line("collected 3 items")
        return self._reporter


def test_a_message_waits_until_what_was_printed_is_read(pytestconfig: pytest.Config) -> None:
    reader, writer = os.pipe()

    def read_late() -> None:
        time.sleep(0.2)
        os.read(reader, 100)

    late = threading.Thread(target=read_late)
    late.start()
    terminal.flush(Reporting(pytestconfig, writer))  # type: ignore[arg-type]
    unread = int.from_bytes(fcntl.ioctl(reader, termios.FIONREAD, bytes(4)), sys.byteorder)
    late.join()
    os.close(reader)
    assert unread == 0


def test_nobody_waits_for_a_reader_that_never_comes(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "READING", 0.05)
    reader, writer = os.pipe()
    terminal.flush(Reporting(pytestconfig, writer))  # type: ignore[arg-type]
    assert os.read(reader, 100) == b"collected 3 items\n"
    os.close(reader)
