"""What pytest itself would write into a JUnit file about each test, for Plimsoll's own file.

pytest's own writer makes it, so that the `junit_*` settings, `record_property` and every pytest version mean what they
mean there. It goes to a file of Plimsoll's, one JSON line for each `testcase`, and is complete for the tests that have
ended, however the session ends.
"""

from __future__ import annotations

import copy
from typing import Any, Callable, Dict, Iterator, List

import pytest
from _pytest.junitxml import LogXML

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
        self._writer = writer_of(config)
        self._write({"suite": config.getini("junit_suite_name")})

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        self._writer.pytest_runtest_logreport(_short(report))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        for case in self._writer.take(lambda one, finished: finished or one == nodeid):
            self._write(case)

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
