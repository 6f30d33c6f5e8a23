"""Reports, warnings and interruptions on their way from a worker to the host, and what a test's reports amount to."""

from __future__ import annotations

import sys
import warnings
from traceback import format_exception
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

import pytest
from _pytest.reports import CollectErrorRepr

from plimsoll_pytest.pickling import packed, unpacked
from plimsoll_pytest.primitives import BUILTINS as __builtins__
from plimsoll_pytest.terminal import TEXT_LIMIT, shortened

Sections = Callable[[Sequence[Any]], List[Any]]


def to_wire(config: pytest.Config, report: Any, sections: Sections = list) -> bytes:
    """Return the report as bytes, with its sections as they travel; one that cannot be told in plain values keeps its outcome and says why."""
    try:
        data = config.hook.pytest_report_to_serializable(config=config, report=report)
        if data is None:
            raise TypeError(f"no plugin can serialize a {type(report).__name__}")
        if data.get("sections"):
            data["sections"] = sections(data["sections"])
        return packed(data)
    except Exception as problem:
        return packed(_told_plainly(report, problem))


def _told_plainly(report: Any, problem: Exception) -> Dict[str, Any]:
    text = None
    if report.longrepr is not None:
        text = f"the report of this failure could not be serialized: {type(problem).__name__}: {problem}"
    return {
        "$report_type": "TestReport", "nodeid": report.nodeid, "location": report.location, "keywords": {},
        "outcome": report.outcome, "longrepr": text, "when": report.when, "sections": [],
        "duration": report.duration, "user_properties": [],
    }


def from_wire(config: pytest.Config, data: bytes, worker: str, testrun: str, sections: Sections = list) -> Any:
    """Make a report of these bytes, marked with its worker as pytest-xdist does."""
    values = unpacked(data)
    travelled = values.get("sections") or []
    is_long = any(len(section) > 2 for section in travelled)
    if is_long:
        values["sections"] = [section[:2] for section in travelled]
    report = config.hook.pytest_report_from_serializable(config=config, data=values)
    if report is None:
        raise ValueError("no plugin can read a report that a worker sent")
    if is_long:
        report.sections = sections(travelled)
    if isinstance(report, pytest.CollectReport) and isinstance(report.longrepr, str):
        report.longrepr = CollectErrorRepr(report.longrepr)  # it was one before it travelled: the summary skips its text
    report.worker_id = worker
    report.testrun_uid = testrun
    return report


def crash_report(item: pytest.Item, text: str) -> Any:
    """A failed report for a test whose worker died."""
    return pytest.TestReport(
        nodeid=item.nodeid, location=item.location, keywords={name: 1 for name in item.keywords},
        outcome="failed", longrepr=text, when="call")


def interruption(stop: BaseException) -> Dict[str, Any]:
    """Tell what a test raised to stop the run in plain values, and the line of the file where it did."""
    if isinstance(stop, pytest.exit.Exception):
        return {"exit": True, "text": str(stop.msg), "returncode": stop.returncode}
    raised: Any = pytest.ExceptionInfo.from_exc_info((type(stop), stop, stop.__traceback__))
    place = raised.getrepr(style="native").reprcrash
    return {"exit": False, "text": str(stop), "place": (place.path, place.lineno)}


def traceback_of(config: pytest.Config, problem: BaseException) -> str:
    return "".join(format_exception(type(problem), problem, problem.__traceback__))


class Verdict(NamedTuple):
    """What a test's reports amount to, in Plimsoll's words."""

    outcome: str
    reason: str
    failures: Tuple[Any, ...]
    took: float


def verdict(reports: Sequence[Any]) -> Verdict:
    """Judge a test by all its reports: a failure over an error, either over the rest. A test without any has no outcome:
    pytest does not count it."""
    outcome, reason = "passed" if reports else "unreported", ""
    failures: List[Any] = []
    took = 0.0
    for report in reports:
        if report.when in ("setup", "call", "teardown"):
            took += getattr(report, "duration", 0.0)
        if report.outcome == "failed":
            failures.append(report)
            outcome = "error" if report.when in ("setup", "teardown") and outcome != "failed" else "failed"
        elif not failures and not _is_of_subtest(report):
            outcome, reason = _milder(report, outcome, reason)
    return Verdict(outcome, _cause(failures[0]) if failures else reason, tuple(failures), took)


def _is_of_subtest(report: Any) -> bool:
    """A test goes on after a subtest was skipped, or failed as expected. pytest and pytest-subtests have a class each."""
    return hasattr(report, "context") and type(report) is not pytest.TestReport


def _cause(report: Any) -> str:
    """The first line of what a failure says; empty where only its text tells."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return shortened(str(crash.message).split("\n", 1)[0], TEXT_LIMIT) if crash is not None else ""


def _milder(report: Any, outcome: str, reason: str) -> Tuple[str, str]:
    if hasattr(report, "wasxfail"):
        word = "xfailed" if report.skipped else "xpassed"
        return word, _without(str(report.wasxfail), "reason: ")
    if report.skipped and outcome == "passed":
        return "skipped", skip_reason(report)
    return outcome, reason


def skip_reason(report: Any) -> str:
    longrepr = report.longrepr
    told = longrepr[2] if isinstance(longrepr, (tuple, list)) and len(longrepr) == 3 else longrepr
    return _without(str(told or ""), "Skipped: ")


def _without(text: str, prefix: str) -> str:
    return text[len(prefix):] if text.startswith(prefix) else text


def warning_to_wire(message: Any, when: str, nodeid: str, location: Any) -> Dict[str, Any]:
    """Tell a recorded warning in plain values; arguments that do not travel become text."""
    raised = message.message
    known = isinstance(raised, Warning)
    return {
        "when": when, "nodeid": nodeid, "location": location, "text": str(raised),
        "class": _class_name(type(raised)) if known else None, "args": packed(raised.args) if known else None,
        "category": _class_name(message.category) if message.category else None,
        "filename": message.filename, "lineno": message.lineno, "line": message.line,
    }


def warning_from_wire(data: Dict[str, Any]) -> Dict[str, Any]:
    """The keyword arguments of `pytest_warning_recorded` for a warning that a worker sent."""
    category = _found(data["category"]) or UserWarning
    raised: Any = data["text"]
    kind = _found(data["class"])
    if kind is not None:
        try:
            raised = kind(*unpacked(data["args"]))
        except Exception:  # a warning class may want anything
            raised = data["text"]
    if str(raised) != data["text"]:
        raised = data["text"]
    message = warnings.WarningMessage(
        raised, category, data["filename"], data["lineno"], None, data["line"], None)
    return {"warning_message": message, "when": data["when"], "nodeid": data["nodeid"], "location": data["location"]}


def _class_name(kind: type) -> Tuple[str, str]:
    return kind.__module__, kind.__qualname__


def _found(name: Optional[Tuple[str, str]]) -> Optional[type]:
    if name is None:
        return None
    found: Any = sys.modules.get(name[0])
    for part in name[1].split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) and issubclass(found, Warning) else None
