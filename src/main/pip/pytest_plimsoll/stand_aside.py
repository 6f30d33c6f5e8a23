"""When pytest must stay what it is, although `--plimsoll` is there: it is a part of another run, shows something, or somebody looks
into its process.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Optional

import pytest

#: Variables of processes that run tests for somebody: Plimsoll, pytest-xdist, a test that starts pytest.
_NESTED = ("_PLIMSOLL_RUN", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")
#: Options with which pytest shows something, or talks to the user.
_SHOWING = ("collectonly", "usepdb", "trace", "version", "help", "markers", "showfixtures", "show_fixtures_per_test", "setupplan",
            "cacheshow")


def is_nested() -> bool:
    return any(name in os.environ for name in _NESTED)


def shows_only(options: Any) -> bool:
    return any(getattr(options, name, None) for name in _SHOWING)


def watcher(config: pytest.Config) -> Optional[str]:
    """Who looks into this process and would see nothing of another one: an IDE, a debugger, coverage, a profiler."""
    return _ide(config) or _measurement() or _debugger()


def _ide(config: pytest.Config) -> Optional[str]:
    if config.pluginmanager.has_plugin("vscode_pytest") or "vscode_pytest" in sys.modules or "TEST_RUN_PIPE" in os.environ:
        return "VS Code runs the tests"
    if "_jb_runner_tools" in sys.modules or os.path.basename(sys.argv[0]).startswith("_jb_"):
        return "PyCharm runs the tests"
    return None


def _measurement() -> Optional[str]:
    coverage = sys.modules.get("coverage")
    current = getattr(getattr(coverage, "Coverage", None), "current", None)
    if current is not None and current() is not None:
        return "`coverage run` measures this process alone (pytest-cov's `--cov` measures the workers)"
    if sys.getprofile() is not None or _monitors("PROFILER_ID"):
        return "a profiler measures this process"
    return None


def _debugger() -> Optional[str]:
    if sys.gettrace() is not None or _monitors("DEBUGGER_ID"):
        return "a debugger or tracer watches this process"
    return None


def _monitors(tool: str) -> bool:
    """Whether a tool of this kind uses `sys.monitoring` (Python 3.12)."""
    monitoring = getattr(sys, "monitoring", None)
    return monitoring is not None and monitoring.get_tool(getattr(monitoring, tool)) is not None
