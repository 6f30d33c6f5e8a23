"""What a pytest team relies on, compared with plain pytest in the same project."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

from driver import Message, Run
from outfit import LOADED
from test_fork import OUTCOMES, last_line, serial, write

FAILING = """
import pytest, time
@pytest.mark.parametrize("x", range(20))
def test_x(x):
    time.sleep(0.01)
    assert x not in (3, 9, 15)
"""
HAS_XDIST = importlib.util.find_spec("xdist") is not None


def test_the_first_failure_stops_a_single_worker_as_in_serial_pytest(project: Path, engine: str) -> None:
    write(project, test_a=FAILING)
    run = Run(project, ["-x"], workers=1, batch=20, engine=engine).complete()
    plain = serial(project, "-x")
    assert run.status == plain.returncode == 1
    assert last_line(run.printed) == last_line(plain.stdout) == "1 failed, 3 passed"
    assert "stopping after 1 failures" in run.printed
    assert run.of("stop")[0]["reason"] == "stopping after 1 failures"
    assert run.of("dropped")[0]["items"] == list(range(4, 20))


def test_failures_are_counted_over_all_workers(project: Path) -> None:
    write(project, test_a=FAILING.replace("x not in (3, 9, 15)", "x % 2"))
    run = Run(project, ["--maxfail=3"], workers=2, batch=2).complete()
    assert run.status == 1 and "stopping after 3 failures" in run.printed
    assert 3 <= list(run.outcomes.values()).count("failed") <= 4  # the other worker may be in one


def test_a_repeated_test_is_seen_once(project: Path, engine: str) -> None:
    write(project, test_a="""
        import pathlib
        def test_later():
            seen = pathlib.Path("seen")
            if not seen.exists():
                seen.touch()
                raise ValueError
        def test_never(): assert 0
        def test_green(): pass
    """, conftest="""
        seen = []
        def pytest_runtest_logreport(report):
            if report.when == "call":
                seen.append((report.nodeid.split("::")[1], report.outcome))
        def pytest_sessionfinish(session):
            if not hasattr(session.config, "workerinput"):
                open("reports", "w").write(repr(sorted(seen)))
    """)
    run = Run(project, ["--junitxml=own.xml", "-x"], workers=1, engine=engine, retries=1).complete()
    assert run.status == 1, run.printed
    assert last_line(run.printed) == "1 failed, 2 passed, 2 rerun"
    assert eval((project / "reports").read_text()) == [
        ("test_green", "passed"), ("test_later", "passed"), ("test_never", "failed")]
    assert 'tests="3"' in (project / "own.xml").read_text()
    assert list(cached(project)["lastfailed"]) == ["test_a.py::test_never"]


def cached(project: Path) -> Dict[str, Any]:
    found = {}
    for path in (project / ".pytest_cache/v").rglob("*"):
        if path.is_file() and path.name != "stepwise":
            found[path.name] = json.loads(path.read_text())
    return found


def test_the_cache_is_that_of_a_serial_run(project: Path, engine: str) -> None:
    write(project, test_a=FAILING, test_b=OUTCOMES)
    serial(project)
    expected = cached(project)
    for path in sorted((project / ".pytest_cache").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    Run(project, engine=engine).complete()
    assert cached(project) == expected
    assert expected["lastfailed"] and expected["nodeids"]


def names(run: Run) -> List[str]:
    return [item["id"] for item in run.items]


def test_last_failed_failed_first_new_first(project: Path) -> None:
    write(project, test_a=FAILING)
    Run(project).complete()
    again = Run(project, ["--lf"]).complete()
    assert sorted(again.outcomes) == [f"test_a.py::test_x[{x}]" for x in (15, 3, 9)]
    assert names(Run(project, ["--ff"]).complete())[:3] == [f"test_a.py::test_x[{x}]" for x in (3, 9, 15)]
    write(project, test_new="def test_new(): pass\n")
    assert names(Run(project, ["--nf"]).complete())[0] == "test_new.py::test_new"


def test_stepwise(project: Path, engine: str) -> None:
    write(project, test_a=FAILING)
    first = Run(project, ["--sw"], workers=1, batch=20, engine=engine).complete()
    assert len(first.outcomes) == 4 and first.status == 2
    second = Run(project, ["--sw"], workers=1, batch=20, engine=engine).complete()
    assert list(second.outcomes)[0] == "test_a.py::test_x[3]"


@pytest.mark.parametrize("option, first, skipped", [("--sw", "a", 0), ("--sw-skip", "b", 1)])
def test_stepwise_goes_on_at_the_first_failure_of_several_workers(
        project: Path, engine: str, option: str, first: str, skipped: int) -> None:
    for name, other in ("ab", "ba"):
        write(project, **{f"test_{name}": f"""
            import pathlib, time
            def test_failing():
                pathlib.Path({name!r}).touch()
                while not pathlib.Path({other!r}).exists(): time.sleep(0.01)
                if {name!r} != {first!r}: time.sleep(0.3)
                assert 0
            def test_next(): pass
        """})
    run = Run(project, [option], workers=2, batch=1, engine=engine).complete()
    assert list(run.outcomes.values()).count("failed") == 2
    left = [name for name in names(run)[skipped:] if run.outcomes.get(name) != "passed"]
    assert names(Run(project, ["--sw", "--co"]).complete())[0] == left[0]


def test_stepwise_passes_over_no_test_that_has_not_run(project: Path, engine: str) -> None:
    write(project, test_a="""
        import os, time
        def test_waits():
            while not os.path.exists("failed"): time.sleep(0.01)
        def test_next(): assert 0
    """, test_b="def test_failing(): open('failed', 'w').close(); assert 0\n")
    Run(project, ["--sw"], workers=2, batch=1, engine=engine).complete()
    assert names(Run(project, ["--sw", "--co"]).complete()) == ["test_a.py::test_next", "test_b.py::test_failing"]


def test_without_the_terminal_plugin(project: Path, engine: str) -> None:
    write(project, test_a=OUTCOMES)
    run = Run(project, ["-p", "no:terminal"], engine=engine).complete()
    assert run.status == 1 and len(run.outcomes) == 15
    text = next(message["text"] for message in run.of("done") if message["outcome"] == "failed")
    assert "assert [1, 2, 3] == [1, 2, 4]" in text


@pytest.mark.parametrize("args", [
    ["-q"], ["-v"], ["-rA"], ["--tb=line"], ["--tb=no"], ["--color=yes"], ["--setup-show"], ["-p", "no:cacheprovider"],
    ["--capture=sys"], ["--capture=tee-sys"], ["-p", "no:capture"], ["-p", "no:junitxml"], ["-p", "no:tmpdir"],
    ["-p", "no:warnings"], ["-p", "no:faulthandler"], ["-W", "error"], ["--strict-markers"], ["-s"],
    ["--durations=3"], ["-p", "no:logging"], ["-o", "log_cli=true"], ["-o", "faulthandler_timeout=100"],
], ids=" ".join)
def test_options(project: Path, args: List[str]) -> None:
    write(project, test_a=OUTCOMES)
    plain, run = serial(project, *args), Run(project, args).complete()
    assert run.status == plain.returncode == 1
    assert sorted(last_line(run.printed).split(", ")) == sorted(last_line(plain.stdout).split(", "))


def test_a_failure_in_one_line_says_where(project: Path, engine: str) -> None:
    write(project, test_a="""
        def test_a():
            print("what it printed")
            assert False, "fourth fails"
    """)
    done, = Run(project, ["--tb=line"], engine=engine).complete().of("done")
    assert done["text"].startswith(f"{project / 'test_a.py'}:4: AssertionError: fourth fails\n")
    assert "what it printed" in done["text"] and "____" not in done["text"]


def test_java_is_told_whether_each_test_is_to_be_shown(project: Path) -> None:
    write(project, test_a="def test_a(): pass\n")
    for args, verbose in ([], False), (["-v"], True), (["-vv", "-q"], True), (["-v", "-q"], False):
        assert Run(project, args).complete().of("collected")[0]["verbose"] is verbose


def test_colour_is_that_of_the_reporter(project: Path) -> None:
    write(project, test_a=OUTCOMES)
    for option, coloured in (("--color=yes", True), ("--color=no", False)):
        texts = [message["text"] for message in Run(project, [option]).complete().of("done")]
        assert any("\x1b[" in text for text in texts) is coloured


def test_without_capture_output_is_shown(project: Path, engine: str) -> None:
    write(project, test_a="def test_a(): print('seen by all')\n")
    assert "seen by all" in Run(project, ["-s"], engine=engine).complete().printed


@pytest.mark.parametrize("addopts, dist, processes", [
    ("-n 4 --dist loadfile", "loadfile", 4), ("-nauto", None, "auto"), ("--dist=loadgroup", "loadgroup", None),
    ("-d --tx 2*popen", "load", None), ("-n 2 --maxprocesses=1", None, 2)])
def test_options_of_xdist_are_reported_and_do_nothing(
        project: Path, engine: str, addopts: str, dist: Any, processes: Any) -> None:
    (project / "pytest.ini").write_text(f"[pytest]\naddopts = {addopts}\n")
    write(project, test_a="import pytest\n@pytest.mark.xdist_group('one')\ndef test_a(worker_id): assert worker_id\n")
    run = Run(project, ["--strict-markers"], engine=engine, workers=1).complete()
    collected = run.of("collected")[0]
    assert (collected["dist"], collected["numprocesses"]) == (dist, processes)
    assert run.outcomes == {"test_a.py::test_a": "passed"} and run.items[0]["group"] == "one"
    assert {message["worker"] for message in run.of("worker")} == {"gw0"}


@pytest.mark.parametrize("args", [["-n", "2"], ["-k", "not project"]], ids=" ".join)
def test_nothing_above_the_project_counts(project: Path, engine: str, args: List[str]) -> None:
    (project.parent / "conftest.py").write_text("import pytest\n@pytest.fixture\ndef outer(): pass\n")
    write(project, tests__test_a="def test_a(): pass\ndef test_outer(outer): pass\n")
    run = Run(project, ["-p", "no:xdist", *args], engine=engine).complete()
    plain = serial(project, "-p", "no:xdist", *(arg for arg in args if arg not in ("-n", "2")))
    assert run.status == plain.returncode == 1 and last_line(run.printed) == last_line(plain.stdout)
    assert run.outcomes["tests/test_a.py::test_outer"] == "error"


REORDERS = """
    def pytest_collection_modifyitems(items): items.reverse()
"""


@pytest.mark.parametrize("args, conftest, arranged", [
    ([], "", False), (["-k", "not two"], "", False), (["--ff"], "", True), (["--lf"], "", False), ([], REORDERS, True),
    (["-k", "two", "--deselect", "test_a.py::test_two[2]"], REORDERS, False)])
def test_whether_somebody_has_put_the_tests_in_their_order(
        project: Path, args: List[str], conftest: str, arranged: bool) -> None:
    write(project, conftest=conftest, test_a="""
        import pytest
        @pytest.fixture(scope="module", params=[1, 2])
        def number(request): return request.param
        def test_one(number): pass
        def test_two(number): assert number == 1
    """)
    serial(project)
    assert Run(project, args).complete().of("collected")[0]["arranged"] is arranged


def test_marks_of_deselected_tests_are_told(project: Path) -> None:
    (project / "test_a.py").write_text(
        "import pytest\n@pytest.mark.slow\ndef test_s(): pass\ndef test_l(): pass\n")
    (project / "test_b.py").write_text("import pytest\n@pytest.mark.slow\ndef test_s(): pass\n")
    assert Run(project, ["-k", "test_l"]).complete().of("collected")[0]["marks"] == {"test_a.py": ["slow"]}
    assert Run(project, []).complete().of("collected")[0]["marks"] == {}


def test_units_groups_and_limits(project: Path) -> None:
    write(project, test_a="""
        import pytest, unittest
        @pytest.fixture(scope="module")
        def module(): pass
        @pytest.fixture(scope="class")
        def kind(): pass
        def test_free(): pass
        def test_module(module): pass
        class TestC:
            def test_class(self, kind): pass
            def test_class_free(self): pass
        class TestPlain(unittest.TestCase):
            def test_plain(self): pass
        class TestSetUp(unittest.TestCase):
            @classmethod
            def setUpClass(cls): pass
            def test_set_up(self): pass
        @pytest.mark.xdist_group(name="g")
        @pytest.mark.plimsoll(memory="2g", timeout=30)
        def test_marked(): pass
    """)
    run = Run(project, ["-m", "not nothing"]).complete()
    units = {item["id"].split("::", 1)[1]: item["unit"] for item in run.items}
    assert units == {
        "test_free": None, "test_module": "test_a.py", "TestC::test_class": "test_a.py::TestC",
        "TestC::test_class_free": None, "TestPlain::test_plain": None,
        "TestSetUp::test_set_up": "test_a.py::TestSetUp", "test_marked": None}
    marked = run.items[-1]
    assert marked["limits"] == {"memory": "2g", "timeout": 30} and marked["group"] == "g"
    assert marked["marks"] == ["plimsoll", "xdist_group"] and marked["path"] == "test_a.py"
    assert set(run.outcomes.values()) == {"passed"}


def test_warnings_of_classes_that_the_host_does_not_know(project: Path) -> None:
    write(project, test_a="""
        import warnings
        def test_a():
            class Local(UserWarning): pass
            warnings.warn(Local(object()))
            warnings.warn("plain", DeprecationWarning)
    """)
    run = Run(project).complete()
    assert last_line(run.printed) == "1 passed, 2 warnings" and "DeprecationWarning: plain" in run.printed


def test_a_debugger_gets_one_process(project: Path) -> None:
    write(project, test_a="def test_a(): pass\ndef test_b(): assert 0\n")
    run = Run(project, ["--pdb"]).complete()
    assert run.of("collected")[0]["engine"] == "serial" and "one process" in run.of("collected")[0]["why"]
    assert run.outcomes == {"test_a.py::test_a": "passed", "test_a.py::test_b": "failed"} and "(Pdb)" in run.printed
    assert [stop["reason"] for stop in run.of("stop")] == ["Quitting debugger"]  # at the end of standard input
    assert Run(project, ["--pdb"], engine="serial").complete().of("collected")[0]["why"] == ""


@pytest.mark.skipif(not HAS_XDIST, reason="this environment has no pytest-xdist")
def test_names_under_xdist_are_those_without_their_groups(project: Path) -> None:
    write(project, test_a="""
        import os, pytest
        @pytest.mark.xdist_group("g")
        def test_grouped(): pass
        @pytest.mark.parametrize("name", ["a@b"])
        def test_at(name): assert 0
        @pytest.mark.xdist_group("g")
        def test_exit(): os._exit(3)
    """)
    run = Run(project, ["-n2", "--dist=loadgroup"], engine="xdist", environ=LOADED).complete()
    assert run.outcomes == {"test_a.py::test_grouped": "passed", "test_a.py::test_at[a@b]": "failed",
                            "test_a.py::test_exit": "crashed"}
    assert {item["id"].split("::")[1]: item["group"] for item in run.items} == {
        "test_grouped": "g", "test_at[a@b]": None, "test_exit": "g"}
    told = Run(project, ["-n2", "--collect-only"], engine="xdist", environ=LOADED).complete().of("collected")[0]
    assert (told["count"], told["collect_only"]) == (3, True)


@pytest.mark.skipif(not HAS_XDIST, reason="this environment has no pytest-xdist")
def test_listening_to_xdist(project: Path) -> None:
    write(project, test_a=OUTCOMES, test_b="def test_large(): bytearray(64 << 20)\n",
          test_c="import os\ndef test_exit(): os._exit(3)\n")
    run = Run(project, ["-n2", "--junitxml=ours.xml"], engine="xdist", environ=LOADED).complete()
    assert run.outcomes.pop("test_c.py::test_exit") == "crashed"
    outcomes = {name: word for name, word in run.outcomes.items()}
    ours = Run(project, ["--deselect", "test_c.py"]).complete()
    assert outcomes == ours.outcomes and run.status == 1
    large: Message = next(one for one in run.of("done") if "large" in run.items[one["item"]]["id"])
    assert 63 << 20 <= large["peak"] < 80 << 20 and large["source"].startswith("hwm")
    assert any(not gone["expected"] for gone in run.of("gone")) and run.of("collected")[0]["engine"] == "xdist"
    assert "plimsoll" not in (project / "ours.xml").read_text()
