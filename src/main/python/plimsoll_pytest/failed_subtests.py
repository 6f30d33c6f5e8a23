"""pytest 9 fails a test whose subtests failed, by a count that it keeps in the process that ran them."""

from __future__ import annotations

from typing import Any

import pytest


def count(item: pytest.Item, report: Any) -> None:
    """Count a failed subtest in the host as pytest does: those of the fixture, not those of unittest."""
    if report.outcome != "failed":
        return
    try:
        from _pytest.subtests import SubtestReport, failed_subtests_key
    except ImportError:
        return  # an older pytest
    from _pytest.unittest import TestCaseFunction

    if isinstance(report, SubtestReport) and not (isinstance(item, TestCaseFunction) or getattr(item, "of_unittest", False)):
        item.config.stash[failed_subtests_key][item.nodeid] += 1
