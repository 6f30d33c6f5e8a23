"""An interpreter that starts before it is known what for: it loads pytest, waits for its order, and then is what
`python -m pytest ARGUMENTS` is.

PYTEST_DONT_REWRITE: it asserts nothing about tests.
"""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from typing import List

from plimsoll_pytest.bytecode import kept


def wait() -> None:
    """Become pytest when the order comes; end when it never does."""
    if sys.path[:1] == [""]:
        sys.path[0] = os.getcwd()  # as `-m` has it
    _load()
    order = _order()
    if not order:
        os._exit(1)
    count = int(order[0]) + 1
    sys.argv = ["-m", *order[1:count]]
    if hasattr(sys, "orig_argv"):  # Python 3.10
        sys.orig_argv = [sys.orig_argv[0], "-m", "pytest", *order[1:count]]
    os.environ.update(variable.split("=", 1) for variable in order[count:])
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    runpy._run_module_as_main("pytest")  # type: ignore[attr-defined]


def _load() -> None:
    """What any session of pytest loads. What cannot be loaded is said when pytest itself is."""
    try:
        config = importlib.import_module("_pytest.config")
        for name in getattr(config, "default_plugins", ()):
            importlib.import_module(f"_pytest.{name}")
        with kept():
            for name in ("session", "host", "forked"):
                importlib.import_module(f"plimsoll_pytest.{name}")
    except Exception:
        return


def _order() -> List[str]:
    """The number of arguments, these, and variables. Read without a buffer: standard input is pytest's afterwards."""
    text = b""
    while True:
        part = os.read(0, 1 << 16)
        if not part:
            return [os.fsdecode(word) for word in text.split(b"\0")[:-1]]
        text += part
