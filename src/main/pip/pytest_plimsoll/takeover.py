"""Let Plimsoll run the tests: become it where pytest is the program of this process, else start it and return its exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import Dict, Iterator, Sequence

import pytest

from pytest_plimsoll import command


def take_over(config: pytest.Config, program: str) -> int:
    """Run the tests. Returns, with the exit code, only where Plimsoll was started as a child."""
    arguments = [os.fspath(argument) for argument in config.invocation_params.args]
    start = command.start_of(command.process_line(), arguments)
    quiet = getattr(config.known_args_namespace, "verbose", 0) < 0  # no such option with `-p no:terminal`
    line = command.command(program, start, arguments, quiet)
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    sys.stdout.flush()
    sys.stderr.flush()
    if start is not None and threading.current_thread() is threading.main_thread():
        # Python ignores these, and what a process ignores stays ignored.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        os.chdir(config.invocation_params.dir)
        os.execve(program, line, _environment())
    try:
        with _ctrl_c_left_to_child():
            return subprocess.call(line, cwd=config.invocation_params.dir, env=_environment())
    finally:
        if capture is not None:
            capture.resume_global_capture()


def do_nothing_more(config: pytest.Config, parser: pytest.Parser, args: Sequence[str]) -> None:
    """Leave this pytest, whose tests have run, without options, plugins of options and conftests."""
    args[:] = []  # type: ignore[index] # pytest's own list
    config.known_args_namespace = parser.parse_known_args([])
    config.known_args_namespace.noconftest = True


def _environment() -> Dict[str, str]:
    """Without what pytest has set for itself."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"}


@contextlib.contextmanager
def _ctrl_c_left_to_child() -> Iterator[None]:
    """Ctrl-C in a terminal reaches both processes: the child ends in its own way and says how."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
