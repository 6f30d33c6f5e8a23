"""Puts another program in this one's place: a pytest that has imported nothing of the project's tests.

A host that has collected holds what the tests' modules made when they were imported: their ports, locks and children. A
worker that is to make its own cannot. So the session ends here as far as it has begun, what it has started is ended too,
and the same command runs again in this process, over the same connection.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import threading
import traceback
from typing import Any, Dict

import pytest

from plimsoll_pytest import processes
from plimsoll_pytest.fork_hazards import BASELINE, TIMERS, children
from plimsoll_pytest.link import Link
from plimsoll_pytest.settings import Settings
from plimsoll_pytest.spawning import interpreter_flags
from plimsoll_pytest.written import WRITTEN

#: How long what the project does at its end may wait for its children, in seconds.
PATIENCE = 10.0


def take_over(config: pytest.Config, link: Link, settings: Settings, told: Dict[str, Any]) -> None:
    """Run the command again with this engine and its reason. Does not return."""
    environment = dict(
        settings.environ, _PLIMSOLL_SOCKET=link.pass_on(), _PLIMSOLL_ENGINE=told["engine"],
        _PLIMSOLL_SUCCESSOR=json.dumps(told))
    folder = str(config.invocation_params.dir)
    arguments = [str(arg) for arg in config.invocation_params.args]
    _end(config)
    _end_children()
    _be_as_at_start(link)
    os.chdir(folder)
    os.execve(sys.executable, [sys.executable, *interpreter_flags(), "-m", "pytest", *arguments], environment)


def _end(config: Any) -> None:
    """What pytest, its plugins and the project do when a session ends that has run no test."""
    late = threading.Timer(PATIENCE, _end_children)
    late.daemon = True
    late.start()
    try:
        config._ensure_unconfigure()
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    WRITTEN.flush()
    late.cancel()


def _end_children() -> None:
    for pid in children() - BASELINE.children:
        child = processes.entry(pid)
        if child is not None and child.parent == os.getpid():
            processes.signal_tree(child, signal.SIGKILL)
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            pass  # the project's own handler was faster


def _be_as_at_start(link: Link) -> None:
    """Signals that are ignored, timers and open descriptors would outlive this program."""
    for timer in TIMERS:
        signal.setitimer(timer, 0)
    for number in signal.valid_signals() - BASELINE.ignored:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, BASELINE.mask)
    kept = {0, 1, 2, *BASELINE.inheritable, *link.descriptors}
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            try:
                os.set_inheritable(int(name), False)
            except OSError:
                continue  # that of the listing
