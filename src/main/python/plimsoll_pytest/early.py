"""An interpreter that starts before it is known what for: it loads pytest, waits for its order, and then is what
`python -m pytest ARGUMENTS` is.

PYTEST_DONT_REWRITE: it asserts nothing about tests.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import runpy
import signal
import sys
from typing import List, Tuple

from plimsoll_pytest.bytecode import kept


def wait() -> None:
    """Become pytest when the order comes; end when it never does."""
    _be_as_from_java()
    if sys.path[:1] == [""]:
        sys.path[0] = os.getcwd()  # as `-m` has it
    _load()
    arguments, variables = _order()
    sys.argv = ["-m", *arguments]
    if hasattr(sys, "orig_argv"):  # Python 3.10
        sys.orig_argv = [sys.orig_argv[0], "-m", "pytest", *arguments]
    os.environ.update(variable.split("=", 1) for variable in variables)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    runpy._run_module_as_main("pytest")  # type: ignore[attr-defined]


def _be_as_from_java() -> None:
    """What Java starts has none of its descriptors, and its limit of open files, which is the highest allowed; and it
    minds the signals of the keyboard, which a shell makes those ignore that it puts in the background."""
    for name in os.listdir("/proc/self/fd"):
        _close_inherited(int(name))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    ignored = _ignored_by(os.getppid())
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN and not ignored >> (number - 1) & 1:
            signal.signal(number, handler)


def _close_inherited(fd: int) -> None:
    """What Python itself has opened by now is not inherited by programs that it starts."""
    with contextlib.suppress(OSError):
        if fd > 2 and os.get_inheritable(fd):
            os.close(fd)


def _ignored_by(pid: int) -> int:
    """The signals that a process ignores, a bit each, from the first; none when they are not told."""
    with contextlib.suppress(OSError, StopIteration):
        with open(f"/proc/{pid}/status", "rb") as status:
            return next(int(line.split()[1], 16) for line in status if line.startswith(b"SigIgn:"))
    return 0


def _load() -> None:
    """Load what any session of pytest loads. Errors appear when pytest itself is loaded."""
    try:
        config = importlib.import_module("_pytest.config")
        for name in getattr(config, "default_plugins", ()):
            importlib.import_module(f"_pytest.{name}")
        with kept():
            for name in ("session", "host", "forked"):
                importlib.import_module(f"plimsoll_pytest.{name}")
    except Exception:
        return


def _order() -> Tuple[List[str], List[str]]:
    """Arguments and variables: the number of each, then they. Read without a buffer: standard input is pytest's
    afterwards. The pipe need not end after them: one that Java has inherited stays open."""
    text = b""
    while True:
        words = [os.fsdecode(word) for word in text.split(b"\0")[:-1]]
        if len(words) > 1 and len(words) == 2 + int(words[0]) + int(words[1]):
            first = 2 + int(words[0])
            return words[2:first], words[first:]
        part = os.read(0, 1 << 16)
        if not part:
            os._exit(1)
        text += part
