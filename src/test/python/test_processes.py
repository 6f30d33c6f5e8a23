"""A signal reaches the process that is meant, and no other that has its number."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Iterator

import pytest

from plimsoll_pytest import processes


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "print(flush=True); import time; time.sleep(600)"], stdout=subprocess.PIPE,
                          start_new_session=True) as process:
        assert process.stdout is not None and process.stdout.readline()
        yield process
        process.kill()


SIGNALS = [processes.signal_one, processes.signal_group, processes.signal_tree]


@pytest.mark.parametrize("send", SIGNALS)
def test_a_process_that_began_at_another_moment_gets_no_signal(child: "subprocess.Popen[bytes]", send) -> None:
    known = processes.entry(child.pid)
    assert known is not None
    send(known._replace(start=known.start - 1), signal.SIGKILL)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(0.2)
    send(known, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL


@pytest.mark.parametrize("send", SIGNALS)
def test_a_kernel_without_pidfd(child: "subprocess.Popen[bytes]", send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(processes.os, "pidfd_open", raising=False)
    known = processes.entry(child.pid)
    assert known is not None
    send(known, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL


def test_descendants_are_not_older_than_their_parent(child: "subprocess.Popen[bytes]") -> None:
    known = processes.entry(child.pid)
    assert known is not None
    parent = processes.entry(known.parent)
    assert parent is not None
    assert child.pid in [each.pid for each in processes.descendants(parent)]
    assert processes.descendants(parent._replace(start=parent.start + 1)) == []
