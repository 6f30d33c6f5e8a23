"""`pytest -n auto` with pytest-xdist: no more workers than the memory allows.

PYTEST_DONT_REWRITE: it asserts nothing about tests.
"""

from __future__ import annotations

import os
import subprocess
from typing import Any, Generator, List, Optional, Tuple

import pytest

from pytest_plimsoll import program, stand_aside

#: Set by those who want a number of their own for `auto`; pytest-xdist reads it.
_CHOSEN = "PYTEST_XDIST_AUTO_NUM_WORKERS"
_SECONDS = 30


class AutoWorkers:
    """Lowers the number that pytest-xdist answers, and keeps the reason."""

    def __init__(self) -> None:
        self.notice: Optional[str] = None

    @pytest.hookimpl(hookwrapper=True, optionalhook=True)
    def pytest_xdist_auto_num_workers(self, config: pytest.Config) -> Generator[None, Any, None]:
        outcome = yield
        usual = outcome.get_result()
        if isinstance(usual, int) and usual > 1 and not self._is_chosen(config):
            outcome.force_result(self._lowered(usual, [str(config.rootpath)]))

    def _is_chosen(self, config: pytest.Config) -> bool:
        """Whether the project, the user or another plugin has a number of its own, or this is a part of another run."""
        hooks = config.hook.pytest_xdist_auto_num_workers.get_hookimpls()
        others = [hook for hook in hooks if hook.plugin is not self and not hook.plugin_name.startswith("xdist")]
        return bool(others) or _CHOSEN in os.environ or stand_aside.is_nested()

    def _lowered(self, usual: int, folder: List[str]) -> int:
        found = program.find()
        if found is None:
            return usual
        answer = _ask([found, "workers", "-C", *folder])
        if answer is None or answer[0] >= usual:
            return usual
        self.notice = (f"plimsoll: `-n auto` starts {answer[0]} of {usual} workers, because of memory: {answer[1]} "
                       f"(PLIMSOLL=0 switches this off)")
        return answer[0]


def _ask(line: List[str]) -> Optional[Tuple[int, str]]:
    """The number and its reason; None when the program has no answer, which is no reason not to test."""
    try:
        done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS)
        return max(1, int(done.stdout)), (done.stderr.strip().splitlines() or [""])[-1]
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
