"""A deadlocked worker is distinguished from a slow one, and workers are spawned from then on."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from driver import Message, Run
from plimsoll_pytest import processes, standstill
from test_fork import write
from test_life import until

FOR_EVER = {
    "a lock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "an event": "threading.Event().wait()",
    "two threads": "threading.Thread(target=threading.Event().wait).start(); threading.Event().wait()",
    "a queue": "queue.Queue().get()",
}
IN_TIME = {
    "a sleep": "time.sleep(600)",
    "a lock with a limit": "lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=600)",
    "a child": "subprocess.run(['sleep', '600'])",
    "a socket": "socket.socketpair()[0].recv(1)",
    "a thread that may set it": "threading.Thread(target=time.sleep, args=(600,)).start(); threading.Event().wait()",
    "a signal that may come": "signal.signal(signal.SIGALRM, print); signal.alarm(600); threading.Event().wait()",
    "another process's lock": "lock = multiprocessing.Lock(); lock.acquire(); lock.acquire()",
}
BEFORE = "import multiprocessing, queue, signal, socket, subprocess, sys, threading, time; print('x', flush=True); "


def stands(pid: int) -> bool:
    """Whether two looks see the same; one look alone reads thread after thread while they go on."""
    first = standstill.stand_of(pid)
    time.sleep(0.1)
    return first is not None and standstill.stand_of(pid) == first


def stood(code: str, still: float) -> bool:
    """Whether the looks say that this program can never go on, once it has begun to wait."""
    process = subprocess.Popen([sys.executable, "-c", BEFORE + code], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None and process.stdout.readline() == b"x\n"
        return until(lambda: stands(process.pid), still)
    finally:
        known = processes.entry(process.pid)
        assert known is not None
        processes.signal_tree(known, signal.SIGKILL)
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("code", FOR_EVER.values(), ids=list(FOR_EVER))
def test_what_can_never_go_on_is_seen(code: str) -> None:
    assert stood(code, 20)


@pytest.mark.parametrize("code", IN_TIME.values(), ids=list(IN_TIME))
def test_what_waits_for_something_is_left_alone(code: str) -> None:
    assert not stood(code, 1)


def test_a_stand_must_last_without_a_thread_having_run(monkeypatch: pytest.MonkeyPatch) -> None:
    stands = iter([("one",), ("two",), ("two",), None, ("two",), ("two",), ("two",)])
    monkeypatch.setattr(standstill, "stand_of", lambda _pid: next(stands))
    seen = standstill.Standstills()
    told = [seen.proved(1, 7, since=0, now=now) for now in (1, 10, 12, 14, 16, 18, 20, 22)]
    assert told == [False] * 7 + [True]  # the first look is too early to look at all


#: A library whose handlers of a fork forget the child: its lock stays locked there.
FORGETFUL = """
    import os, pytest, threading
    lock = threading.Lock()
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release)
    @pytest.mark.parametrize("x", range(4))
    def test_locks(x):
        with lock: pass
"""


def test_a_forked_worker_that_can_never_go_on_is_told_and_the_next_is_no_fork(project: Path) -> None:
    write(project, test_a=FORGETFUL)

    def react(run: Run, message: Message) -> None:
        if message["type"] == "stuck":
            run.send(type="spawn")
            run.send(type="kill", worker=message["worker"], item=message["item"], signal=9)

    run = Run(project, workers=1, batch=1, hook=react).complete()
    stuck, = run.of("stuck")
    assert stuck == {"type": "stuck", "worker": "gw0", "item": 0, "forked": True}
    assert sorted(run.outcomes.values()) == ["crashed", "passed", "passed", "passed"]  # Java runs the first one again
    assert run.of("collected")[0]["engine"] == "fork"
