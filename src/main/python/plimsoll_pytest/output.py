"""Where a worker's output goes: a capture of its own, readable by the host after the worker's death."""

from __future__ import annotations

import faulthandler
import os
import signal
from typing import Any, List, Optional

import pytest

#: Makes a worker write the stacks of all its threads; far from the signals that test suites use.
DUMP_SIGNAL = signal.SIGRTMIN + 5 if hasattr(signal, "SIGRTMIN") else signal.SIGUSR2


def manager_of(config: pytest.Config) -> Optional[Any]:
    return config.pluginmanager.get_plugin("capturemanager")


def separate(config: pytest.Config) -> None:
    """In a forked worker: leave the host's capture and terminal. With `-s` output stays where the host's goes."""
    manager = manager_of(config)
    capturing: Any = getattr(manager, "_global_capturing", None)
    if manager is not None and capturing is not None:
        capturing.stop_capturing()
        manager._global_capturing = None
    null = os.open(os.devnull, os.O_RDWR)
    shown = getattr(manager, "_method", "no") == "no"
    for fd in (0,) if shown else (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    if manager is not None:
        manager.start_global_capturing()
        manager.suspend_global_capture()


def captured_files(config: pytest.Config) -> List[int]:
    """Descriptors of the files that stdout and stderr are captured in; empty unless captured by descriptor."""
    capturing = getattr(manager_of(config), "_global_capturing", None)
    files = []
    streams: List[Any] = [getattr(capturing, "out", None), getattr(capturing, "err", None)]
    for stream in streams:
        if hasattr(stream, "targetfd_save"):
            files.append(stream.tmpfile.fileno())
    return files


def write_stacks_to(fd: int) -> None:
    """Have faulthandler write there when the process crashes, and on the dump signal."""
    faulthandler.enable(file=fd)
    faulthandler.register(DUMP_SIGNAL, file=fd, all_threads=True, chain=False)
