"""The fork engine, end to end against real pytest."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, Dict

import pytest

from driver import Run

OUTCOMES = """
    import pytest, warnings

    @pytest.mark.parametrize("x", range(8))
    def test_many(x):
        print("number", x)

    def test_failing():
        print("before")
        assert [1, 2, 3] == [1, 2, 4]

    @pytest.mark.skip(reason="because")
    def test_skipped(): pass

    @pytest.mark.xfail(reason="known")
    def test_xfailed(): assert 0

    @pytest.mark.xfail
    def test_xpassed(): pass

    @pytest.fixture
    def broken_late():
        yield
        raise ValueError("in teardown")

    def test_teardown(broken_late): pass

    @pytest.fixture
    def broken(): raise ValueError("in setup")

    def test_setup(broken): pass

    def test_warning(): warnings.warn("careful")
"""


def write(project: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = project / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


def serial(project: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "pytest", *args], cwd=project, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def last_line(text: str) -> str:
    """The status line without its time."""
    return text.rstrip().splitlines()[-1].split(" in ")[0].strip("= ")


def cases(path: Path) -> Dict[str, Any]:
    found = {}
    for case in ElementTree.parse(path).iter("testcase"):
        found[f"{case.get('classname')}::{case.get('name')}"] = sorted(child.tag for child in case)
    return found


def test_outcomes_and_summary_are_those_of_serial_pytest(project: Path) -> None:
    write(project, test_all=OUTCOMES)
    plain = serial(project, "--junitxml=plain.xml")
    run = Run(project, ["--junitxml=ours.xml"]).complete()
    assert run.status == plain.returncode == 1
    assert last_line(run.printed) == last_line(plain.stdout)
    assert cases(project / "ours.xml") == cases(project / "plain.xml")
    assert run.outcomes == {
        **{f"test_all.py::test_many[{x}]": "passed" for x in range(8)},
        "test_all.py::test_failing": "failed", "test_all.py::test_skipped": "skipped",
        "test_all.py::test_xfailed": "xfailed", "test_all.py::test_xpassed": "xpassed",
        "test_all.py::test_teardown": "error", "test_all.py::test_setup": "error",
        "test_all.py::test_warning": "passed"}


def test_a_failure_is_told_at_once_and_not_repeated(project: Path) -> None:
    write(project, test_all=OUTCOMES)
    run = Run(project, output="").complete()
    text = next(message["text"] for message in run.of("done") if message["outcome"] == "failed")
    assert "assert [1, 2, 3] == [1, 2, 4]" in text and "Captured stdout call" in text and "before" in text
    assert "= FAILURES =" not in run.printed and "= ERRORS =" not in run.printed
    assert "= warnings summary =" in run.printed and "careful" in run.printed
    assert "FAILED test_all.py::test_failing" not in run.printed
    assert "FAILED test_all.py::test_failing" in Run(project, ["-ra"], output="").complete().printed
    assert " in " not in run.printed.strip().splitlines()[-1]  # Java counts the tests


def test_reasons(project: Path) -> None:
    write(project, test_all=OUTCOMES)
    reasons = {message["outcome"]: message["reason"] for message in Run(project).complete().of("done")}
    assert reasons["skipped"] == "because"
    assert reasons["xfailed"] == "known"
    assert reasons["failed"] == "assert [1, 2, 3] == [1, 2, 4]" and reasons["passed"] == ""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exception groups came with Python 3.11")
@pytest.mark.parametrize("option", ["--tb=auto", "--tb=native", "--tb=no"])
def test_the_reason_of_a_failure_is_what_it_says(project: Path, option: str) -> None:
    write(project, test_a="def test_a(): raise ExceptionGroup('many', [ValueError('one'), TypeError('two')])\n")
    done, = Run(project, [option]).complete().of("done")
    assert done["reason"] == "ExceptionGroup: many (2 sub-exceptions)"


def test_workers_keep_the_contract_of_xdist(project: Path) -> None:
    write(project, test_contract="""
        import os, threading
        def test_one(worker_id, testrun_uid, tmp_path, pytestconfig):
            given = pytestconfig.workerinput
            assert worker_id == given["workerid"] == os.environ["PYTEST_XDIST_WORKER"] == "gw0"
            assert os.environ["PYTEST_XDIST_WORKER_COUNT"] == "1" and given["workercount"] == 1
            assert testrun_uid == given["testrunuid"] == os.environ["PYTEST_XDIST_TESTRUNUID"]
            assert given["mainargv"]
            assert tmp_path.parent.name == "popen-gw0"
            assert threading.current_thread() is threading.main_thread()
            assert "_PLIMSOLL_SOCKET" not in os.environ and "main/python" not in os.environ.get("PYTHONPATH", "")
            assert os.environ["_PLIMSOLL_RUN"] == "run-of-test"
    """, conftest="""
        import os
        os.register_at_fork(after_in_child=lambda: os.environ["PYTEST_XDIST_WORKER"])
        def pytest_sessionfinish(session):
            if hasattr(session.config, "workerinput"):
                open(f"finished-{os.environ['PYTEST_XDIST_WORKER']}", "w").close()
    """)
    run = Run(project, workers=1)
    assert run.complete().outcomes == {"test_contract.py::test_one": "passed"}
    assert (project / "finished-gw0").exists()


def test_wider_fixtures_are_torn_down_once_each(project: Path) -> None:
    write(project, conftest="""
        import pytest, os
        def note(text): open(f"log-{os.getpid()}", "a").write(text + "\\n")
        @pytest.fixture(scope="session")
        def whole():
            note("+session"); yield; note("-session")
        @pytest.fixture(scope="module")
        def module(request, whole):
            note("+" + request.node.name); yield; note("-" + request.node.name)
    """, **{f"test_{letter}": """
        import pytest
        @pytest.fixture(scope="class")
        def kind(): yield
        @pytest.mark.parametrize("x", range(3))
        def test_x(module, x): pass
        class TestC:
            def test_y(self, kind): pass
            def test_z(self, kind): pass
    """ for letter in "abcd"})
    run = Run(project, batch=1).complete()
    assert set(run.outcomes.values()) == {"passed"} and len(run.outcomes) == 20
    for path in project.glob("log-*"):
        lines = path.read_text().split()
        assert lines[0] == "+session" and lines[-1] == "-session"
        for opened, closed in zip(lines[1:-1:2], lines[2:-1:2]):
            assert opened[1:] == closed[1:]
        assert len(lines) == len(set(lines))


def test_the_end_of_wider_fixtures_is_told_as_in_serial_pytest(project: Path) -> None:
    write(project, conftest="""
        import pytest
        @pytest.fixture(scope="module")
        def module():
            yield
            print("end of the module")
        @pytest.fixture(scope="class")
        def kind():
            yield
            raise ValueError("end of the class")
        @pytest.fixture(scope="session")
        def whole():
            yield
            raise ValueError("end of all")
    """, test_a="""
        def test_fine(module): pass
        def test_failing(module): assert 0
    """, test_b="""
        class TestB:
            def test_one(self, kind): pass
            def test_two(self, kind): pass
    """, test_c="def test_whole(whole): pass\n")
    options = ["-o", "junit_logging=all"]
    plain = serial(project, "--junitxml=plain.xml", *options)
    run = Run(project, ["--junitxml=ours.xml", *options], workers=1).complete()
    assert run.outcomes["test_b.py::TestB::test_two"] == "error" and run.outcomes["test_c.py::test_whole"] == "passed+late"
    texts = [message["text"] for message in run.of("done") + run.of("late") if message["text"]]
    assert len(texts) == 3 and [text for text in texts if text not in plain.stdout] == []
    assert "- Captured stdout teardown -" in texts[0] and "end of the module" in (project / "ours.xml").read_text()
    assert "plimsoll" not in (project / "ours.xml").read_text()


def test_an_error_when_a_session_fixture_ends_is_late(project: Path) -> None:
    write(project, test_late="""
        import pytest
        @pytest.fixture(scope="session")
        def whole():
            yield
            raise ValueError("too late")
        def test_one(whole): pass
    """)
    run = Run(project, workers=1).complete()
    assert run.outcomes == {"test_late.py::test_one": "passed+late"}
    assert "too late" in run.of("late")[0]["text"]
    assert run.status == 1 and last_line(run.printed) == "1 passed, 1 error"


def test_only_long_tests_are_announced(project: Path) -> None:
    write(project, test_long="""
        import os, time
        def test_short(): pass
        def test_long():
            while not os.path.exists("heard"): time.sleep(0.01)
    """)

    def hear(_run: Run, message: Dict[str, Any]) -> None:
        if message["type"] == "started":
            (project / "heard").touch()

    run = Run(project, workers=1, hook=hear).complete()
    assert [run.items[message["item"]]["id"] for message in run.of("started")] == ["test_long.py::test_long"]


def test_a_peak_is_what_the_test_allocates(project: Path) -> None:
    write(project, test_peak="""
        def test_small(): pass
        def test_large(): bytearray(64 << 20)
    """)
    peaks = {run_id: message["peak"] for run_id, message in zip("sl", Run(project, workers=1).complete().of("done"))}
    assert peaks["s"] < 8 << 20
    assert 63 << 20 <= peaks["l"] < 72 << 20  # the kernel counts in batches of pages


def test_nothing_runs_for_collect_only(project: Path) -> None:
    write(project, test_all=OUTCOMES)
    for option in ("--collect-only", "--fixtures", "--markers", "--version", "--help"):
        run = Run(project, [option]).complete()
        plain = serial(project, option)
        assert run.status == plain.returncode == 0
        assert run.of("worker") == []
        assert len(run.of("bye")) == len(run.of("hello"))  # pytest 9.1 answers --version before it starts
    only = Run(project, ["--collect-only"]).complete()
    assert "<Function test_failing>" in only.printed and only.of("collected")[0]["collect_only"] is True


def test_exit_statuses_of_sessions_without_tests(project: Path) -> None:
    write(project, test_a="def test_a(): pass\n")
    assert Run(project, ["-k", "nothing"]).complete().status == 5
    assert Run(project, ["nowhere"]).complete().status == 4
    write(project, test_bad="import missing_module\n")
    broken = Run(project).complete()
    assert broken.status == 2 and "No module named 'missing_module'" in broken.printed
    assert broken.of("collected")[0]["errors"] == 1
    told = broken.of("uncollected")[0]
    assert (told["id"], told["outcome"]) == ("test_bad.py", "error") and "ERROR collecting test_bad.py" in told["text"]
    going_on = Run(project, ["--continue-on-collection-errors"]).complete()
    assert going_on.status == 1 and going_on.outcomes == {"test_a.py::test_a": "passed"}
    assert "No module named 'missing_module'" in going_on.printed
    write(project, conftest="def broken(:\n")
    assert Run(project).complete().status == 4
