"""Where a worker's output goes: a capture of its own, readable by the host after the worker's death."""

from __future__ import annotations

import faulthandler
import signal
import tempfile
from typing import Any, List, Optional

import pytest

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

#: Makes a worker write the stacks of all its threads; far from the signals that test suites use.
DUMP_SIGNAL = signal.SIGRTMIN + 5 if hasattr(signal, "SIGRTMIN") else signal.SIGUSR2


def manager_of(config: pytest.Config) -> Optional[Any]:
    return config.pluginmanager.get_plugin("capturemanager")


def separate(config: pytest.Config) -> None:
    """In a forked worker: leave the host's terminal and the files of its capture. With `-s` output stays where the
    host's goes. The streams themselves stay, since what was imported may hold them, as handlers of logs do."""
    manager = manager_of(config)
    null = os.open(os.devnull, os.O_RDWR)
    shown = getattr(manager, "_method", "no") == "no"
    for fd in (0,) if shown else (0, 1, 2):
        os.dup2(null, fd)
    for stream in _captured_by_descriptor(config):
        os.dup2(null, stream.targetfd_save)
        stream.tmpfile.flush()
        with tempfile.TemporaryFile(buffering=0) as own:
            os.dup2(own.fileno(), stream.tmpfile.fileno(), inheritable=False)
    os.close(null)


def captured_files(config: pytest.Config) -> List[int]:
    """Descriptors of the files that stdout and stderr are captured in; empty unless captured by descriptor."""
    return [stream.tmpfile.fileno() for stream in _captured_by_descriptor(config)]


def _captured_by_descriptor(config: pytest.Config) -> List[Any]:
    capturing = getattr(manager_of(config), "_global_capturing", None)
    streams: List[Any] = [getattr(capturing, "out", None), getattr(capturing, "err", None)]
    return [stream for stream in streams if hasattr(stream, "targetfd_save")]


def write_stacks_to(fd: int) -> None:
    """Have faulthandler write there when the process crashes, and on the dump signal."""
    faulthandler.enable(file=fd)
    faulthandler.register(DUMP_SIGNAL, file=fd, all_threads=True, chain=False)
