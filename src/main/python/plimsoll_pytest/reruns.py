"""Failed attempts that do not count, as pytest's terminal tells of them."""

from __future__ import annotations

import copy
from typing import Any, Sequence

import pytest


def count(config: pytest.Config, told: Sequence[Any], failure: Any) -> None:
    """Have the summary count an attempt as a rerun, in the word of pytest-rerunfailures, beside those of that plugin."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        rerun = copy.copy(failure)
        rerun.outcome = "rerun"
        own = [report for report in told if report.outcome == "rerun"]
        reporter.stats.setdefault("rerun", []).extend([*own, rerun])


class Failures:
    """What a session has counted towards `-x` and `--maxfail` before a test whose failure may not count."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._failed = session.testsfailed
        self._limit = session.shouldfail

    def restore(self) -> None:
        self._session.testsfailed = self._failed
        if hasattr(self._session, "_shouldfail"):  # since pytest 8 the attribute cannot be unset
            self._session._shouldfail = self._limit
        else:
            self._session.shouldfail = self._limit
