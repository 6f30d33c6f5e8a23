"""What pytest itself would write into a JUnit file about each test, for Plimsoll's own file.

pytest's own writer makes it, so that the `junit_*` settings, `record_property` and every pytest version mean what they
mean there. It goes to a file of Plimsoll's, one JSON line for each `testcase`, and is complete for the tests that have
ended, however the session ends.
"""

from __future__ import annotations

import contextlib
import copy
from typing import Any, Callable, Dict, Iterator, List

import pytest
from _pytest.junitxml import LogXML, _NodeReporter, xml_key

from plimsoll_pytest.primitives import BUILTINS as __builtins__, JSONEncoder, os
from plimsoll_pytest.terminal import TEXT_LIMIT, shortened

#: What `junit_logging` is where the project does not set it: the output of failed tests. pytest's own file has none then.
OUTPUT_OF_FAILURES = "all"
encode = JSONEncoder().encode


class JunitCases:
    """Appends to the file what the reports of this session amount to."""

    def __init__(self, config: pytest.Config, path: str, warn: Callable[[str], None]) -> None:
        self._path = path
        self._warn = warn
        self.late = False
        self._writer = writer_of(config)
        self._write({"suite": config.getini("junit_suite_name")})

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        self._writer.pytest_runtest_logreport(_short(report))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        for case in self._writer.take(lambda one, finished: finished or one == nodeid):
            self._write({**case, "late": True} if self.late and case["id"] == nodeid else case)

    def pytest_collectreport(self, report: Any) -> None:
        self._writer.pytest_collectreport(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        for case in self._writer.take(lambda one, finished: True):
            self._write(case)

    def _write(self, line: Dict[str, Any]) -> None:
        if not self._path:
            return
        data = encode(line).encode("ascii") + b"\n"
        try:
            fd = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            try:
                while data:
                    data = data[os.write(fd, data):]
            finally:
                os.close(fd)
        except OSError as problem:
            self._warn(f"`{self._path}` cannot be written ({problem.strerror}): the JUnit report has the outcomes, but not"
                       " the captured output and properties of all tests")
            self._path = ""


@contextlib.contextmanager
def late(config: pytest.Config, report: Any) -> Iterator[None]:
    """The report of a teardown comes after the test was done. pytest's writers, its own and ours, take it for another test
    case then, and have one case for both in a serial run."""
    pytests: Any = config.stash.get(xml_key, None)
    case = _open_again(pytests, report) if pytests is not None else None
    own: Any = config.pluginmanager.get_plugin("plimsoll-junit")
    if own is not None:
        own.late = True
    yield
    if own is not None:
        own.late = False
    if case is not None:
        _put_in_order(case.to_xml())


def _open_again(writer: Any, report: Any) -> Any:
    """Have pytest's writer go on with the case of this test, or open another one where the test itself failed, as it does
    in one process. Returns what writes the case, or None."""
    reporter: Any = _NodeReporter(report.nodeid, writer)
    reporter.record_testreport(report)
    told = reporter.to_xml()
    ordered = writer.node_reporters_ordered
    for at in reversed(range(len(ordered))):
        case = ordered[at].to_xml()
        if all(case.get(name) == told.get(name) for name in ("classname", "name", "file", "line")):
            reporter.nodes = [part for part in case if part.tag != "properties"]  # the report has these
            reporter.duration = float(case.get("time"))
            ordered[at] = writer.node_reporters[report.nodeid, getattr(report, "node", None)] = reporter
            if case.find("failure") is not None:
                writer.open_reports.append(copy.copy(report))
            return reporter
    return None


def _put_in_order(case: Any) -> None:
    """What was captured comes last, each stream once."""
    captured: Dict[str, Any] = {}
    for part in [part for part in case if part.tag in ("system-out", "system-err")]:
        case.remove(part)
        first = captured.setdefault(part.tag, part)
        if first is not part:
            first.text = f"{first.text or ''}{part.text or ''}"
    case.extend(captured.values())


class CaseWriter(LogXML):
    """pytest's writer, which gives away what it has made of a test."""

    def __init__(self, *args: Any, output_of_failures: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self._output_of_failures = output_of_failures
        self._ids: List[str] = []

    def node_reporter(self, report: Any) -> Any:
        reporter: Any = super().node_reporter(report)
        if len(self._ids) < len(self.node_reporters_ordered):
            self._ids.append(str(reporter.id))
            if self._output_of_failures:
                _only_of_failures(reporter)
        return reporter

    def take(self, wanted: Callable[[str, bool], bool]) -> Iterator[Dict[str, Any]]:
        """Give away the test cases that are wanted by their node id, and by whether all reports of them are there."""
        known, self._ids = list(zip(self._ids, self.node_reporters_ordered)), []
        self.node_reporters_ordered.clear()
        unfinished = {id(reporter) for reporter in self.node_reporters.values()}
        for nodeid, reporter in known:
            if wanted(nodeid, id(reporter) not in unfinished):
                yield _case(nodeid, reporter.to_xml())
            else:
                self._ids.append(nodeid)
                self.node_reporters_ordered.append(reporter)


def writer_of(config: Any) -> CaseWriter:
    unset = not _is_set(config, "junit_logging")
    return CaseWriter(
        os.devnull, config.option.junitprefix, config.getini("junit_suite_name"),
        OUTPUT_OF_FAILURES if unset else config.getini("junit_logging"), config.getini("junit_duration_report"),
        config.getini("junit_family"), config.getini("junit_log_passing_tests") or unset, output_of_failures=unset)


def _is_set(config: Any, name: str) -> bool:
    overrides = [text.partition("=")[0] for text in config.getoption("override_ini", None) or []]
    return name in config.inicfg or name in overrides


def _only_of_failures(reporter: Any) -> None:
    write = reporter.write_captured_output

    def written(report: Any) -> None:
        failed = any(node.tag in ("failure", "error") for node in reporter.nodes)
        if failed and (report.capstdout or report.capstderr or report.caplog):
            write(report)

    reporter.write_captured_output = written


def _short(report: Any) -> Any:
    """The report with long output as its list has it: its beginning and end, with a line that counts what is left out."""
    short = copy.copy(report)
    short.sections = list(list.__iter__(report.sections))
    return short


def _case(nodeid: str, testcase: Any) -> Dict[str, Any]:
    properties = testcase.find("properties")
    pairs = [] if properties is None else [[one.get("name"), one.get("value")] for one in properties]
    return {
        "id": nodeid, "attributes": dict(testcase.attrib), "properties": pairs,
        "elements": [{"tag": one.tag, "attributes": dict(one.attrib), "text": shortened(one.text or "", TEXT_LIMIT)}
                     for one in testcase if one is not properties]}
