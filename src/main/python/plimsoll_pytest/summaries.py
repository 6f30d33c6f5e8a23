"""What pytest's terminal reporter shows of the tests at its end."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Tuple

import pytest

#: What `-r` lists when nobody asks: failures and errors.
DEFAULT_LIST = "fE"
#: The sections in which the reporter shows whole reports; versions of pytest differ in which they have.
SUMMARIES = ("summary_errors", "summary_failures", "summary_passes", "summary_xfailures", "summary_xpasses")

#: The outcomes of tests, which Java counts itself.
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed", "")


def close_once(reporter: Any, by_pytest: bool) -> None:
    """Have either pytest count the tests at its end, with the crashes among the failures, or Java."""
    if reporter is None:
        return
    if by_pytest:
        reporter.build_summary_stats_line = _with_crashes(reporter)
    elif not reporter.config.option.collectonly:
        reporter.summary_stats = lambda: None


def _with_crashes(reporter: Any) -> Any:
    whole = reporter.build_summary_stats_line

    def build_summary_stats_line() -> Tuple[List[Tuple[str, Any]], str]:
        parts, color = whole()
        crashed = sum(getattr(report, "plimsoll_crashed", False) for report in reporter.stats.get("failed", []))
        beside = f" ({crashed} crashed)" if crashed else ""
        return [(text + beside if text.endswith(" failed") else text, markup) for text, markup in parts], color

    return build_summary_stats_line


def other_counts(reporter: Any) -> Dict[str, int]:
    """What pytest and plugins count at the end beside the outcomes: warnings, deselected tests, reruns."""
    if reporter is None or reporter.config.option.collectonly:
        return {}
    counts = {name: sum(getattr(one, "count_towards_summary", True) for one in entries)
              for name, entries in reporter.stats.items() if name not in OUTCOMES}
    return {name: count for name, count in counts.items() if count}


def as_in_one_process(reporter: Any, tests: Sequence[Any]) -> None:
    """Failures come in the order of the tests, and without the line that names the worker."""
    places = {item.nodeid: place for place, item in enumerate(tests)}
    for reports in reporter.stats.values():
        reports.sort(key=lambda report: places.get(getattr(report, "nodeid", ""), -1))
    for name in [name for name in SUMMARIES if hasattr(reporter, name)]:
        setattr(reporter, name, _without_workers(reporter, getattr(reporter, name)))


def _without_workers(reporter: Any, summary: Any) -> Any:
    def without_workers() -> None:
        nodes = {id(report): (report, report.__dict__.pop("node"))
                 for reports in reporter.stats.values() for report in reports if "node" in getattr(report, "__dict__", {})}
        try:
            summary()
        finally:
            for report, node in nodes.values():
                report.node = node

    return without_workers


def leave_out_shown(reporter: Any, config: pytest.Config) -> None:
    reporter.summary_failures = lambda: None
    reporter.summary_errors = _collection_errors_only(reporter)
    if config.option.reportchars == DEFAULT_LIST:
        reporter.reportchars = reporter.reportchars.strip(DEFAULT_LIST)  # Java lists what failed


def _collection_errors_only(reporter: Any) -> Any:
    whole = reporter.summary_errors

    def summary_errors() -> None:
        errors = reporter.stats.get("error", [])
        reporter.stats["error"] = [report for report in errors if getattr(report, "when", None) == "collect"]
        try:
            whole()
        finally:
            reporter.stats["error"] = errors
            if not errors:
                del reporter.stats["error"]

    return summary_errors
