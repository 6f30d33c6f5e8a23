"""The engines in which pytest or pytest-xdist schedules."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Dict, List

import pytest
from driver import Run
from test_fork import write

needs_xdist = pytest.mark.skipif(importlib.util.find_spec("xdist") is None, reason="this environment has no pytest-xdist")


@pytest.fixture(autouse=True)
def xdist(monkeypatch: pytest.MonkeyPatch, only_plugins_that_were_asked_for: None) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)


def chosen(project: Path, *files: str) -> Dict[str, str]:
    """What names these files to the host."""
    path = project.parent / "chosen"
    path.write_bytes(b"\0".join(os.fsencode(project / file) for file in files))
    return {"_PLIMSOLL_FILES": str(path)}


def two_files(project: Path) -> None:
    write(project, test_a="import os\ndef test_a(): assert '_PLIMSOLL_FILES' not in os.environ\n")
    (project / "odd[1]::x").mkdir()
    (project / "odd[1]::x" / "test_b.py").write_text("def test_b(): pass\n")


@needs_xdist
def test_xdist_runs_the_files_that_were_chosen(project: Path) -> None:
    two_files(project)
    one = Run(project, ["-n2"], engine="xdist", environ=chosen(project, "test_a.py")).complete()
    assert one.outcomes == {"test_a.py::test_a": "passed"} and one.status == 0
    odd = Run(project, ["-n2"], engine="xdist", environ=chosen(project, "odd[1]::x/test_b.py")).complete()
    assert list(odd.outcomes.values()) == ["passed"] and odd.items[0]["path"] == "odd[1]::x/test_b.py"
    named = Run(project, ["-n2", "test_a.py"], engine="xdist", environ=chosen(project)).complete()
    assert named.outcomes == {} and named.status == 5


@needs_xdist
def test_xdist_runs_tests_of_classes(project: Path) -> None:
    write(project, test_a="class TestA:\n    def test_in(self): pass\n    class TestB:\n        def test_deep(self): pass\n")
    run = Run(project, ["-n2"], engine="xdist").complete()
    assert run.outcomes == {"test_a.py::TestA::test_in": "passed", "test_a.py::TestA::TestB::test_deep": "passed"}
    assert {item["path"] for item in run.items} == {"test_a.py"}


@needs_xdist
def test_xdist_selects_what_failed_last_among_all(project: Path) -> None:
    write(project, test_a="def test_a(): pass\n", test_b="def test_b(): assert 0\n")
    Run(project, ["-n2"], engine="xdist").complete()
    last = Run(project, ["-n2", "--lf"], engine="xdist", environ=chosen(project, "test_a.py")).complete()
    assert last.outcomes == {}


def test_a_debugger_runs_the_files_that_were_chosen(project: Path) -> None:
    two_files(project)
    run = Run(project, ["--pdb"], environ=chosen(project, "test_a.py")).complete()
    assert run.outcomes == {"test_a.py::test_a": "passed"} and run.of("collected")[0]["deselected"] == 1


def test_without_xdist_no_test_runs(project: Path) -> None:
    write(project, test_a="def test_a(): open('ran', 'w')\n")
    run = Run(project, ["-p", "no:xdist"], engine="xdist").complete()
    assert run.of("hello")[0]["xdist"] is None and run.status == 4
    assert run.outcomes == {} and not (project / "ran").exists()


@needs_xdist
def test_xdist_says_what_cannot_be_found(project: Path) -> None:
    write(project, test_a="def test_a(): pass\n")
    run = Run(project, ["-n2", "test_a.py::test_none"], engine="xdist").complete()
    assert run.status == 4 and "not found" in run.of("stop")[0]["reason"]


@needs_xdist
def test_xdist_tells_what_begins(project: Path) -> None:
    write(project, test_a="def test_a(): pass\n")
    run = Run(project, ["-n1"], engine="xdist").complete()
    assert [(one["worker"], one["item"]) for one in run.of("started")] == [("gw0", 0)] and run.status == 0


REPORTS_OF_OTHER_NAMES = """
    import pytest

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(item, nextitem):
        if item.name == "test_silent":
            return True
        if item.name == "test_parts":
            for part in ("one", "two"):
                for when in ("setup", "call", "teardown"):
                    item.ihook.pytest_runtest_logreport(report=pytest.TestReport(
                        nodeid=f"{item.nodeid}::{part}", location=item.location, keywords={}, outcome="passed",
                        longrepr=None, when=when))
            return True
"""


@pytest.mark.parametrize("arguments, engine", [
    (["--pdb"], "fork"), ([], "fork"), ([], "spawn"), pytest.param(["-n2"], "xdist", marks=needs_xdist)])
def test_a_test_has_one_outcome_whatever_its_reports_are_called(
        project: Path, arguments: List[str], engine: str) -> None:
    write(project, conftest=REPORTS_OF_OTHER_NAMES,
          test_a="def test_silent(): assert 0\ndef test_parts(): assert 0\ndef test_plain(): pass\n")
    run = Run(project, arguments, engine=engine).complete()
    assert run.outcomes == {
        "test_a.py::test_silent": "unreported", "test_a.py::test_parts": "passed", "test_a.py::test_plain": "passed"}
    assert run.status == 0 and "3 passed" in run.printed
