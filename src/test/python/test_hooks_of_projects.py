"""Hooks with which a project makes, chooses, runs and judges its tests have the effect that they have in plain pytest."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List

import pytest
from driver import Run
from test_fork import last_line, serial, write
from test_situations import told

MAKES = {
    "conftest": """
        import pytest

        def pytest_addoption(parser):
            parser.addoption("--many", type=int, default=2)

        class Lines(pytest.File):
            def collect(self):
                if self.name == "broken.lines":
                    raise ValueError("not lines")
                for number, line in enumerate(self.path.read_text().split()):
                    yield Line.from_parent(self, name=line, number=number)

            def repr_failure(self, excinfo): return "a broken file"

        class Line(pytest.Item):
            def __init__(self, *, number, **words):
                super().__init__(**words)
                self.number = number
            def setup(self):
                if self.name == "three": pytest.skip("no three")
            def runtest(self): assert self.name != "two" and self.number < 6
            def teardown(self):
                if self.name == "five": raise OSError("down")
            def repr_failure(self, excinfo): return f"line {self.number} failed"
            def reportinfo(self): return self.path, None, f"line: {self.name}"

        def pytest_collect_file(parent, file_path):
            if file_path.suffix == ".lines": return Lines.from_parent(parent, path=file_path)

        class First(pytest.Module):
            def collect(self): return list(super().collect())[:1]

        def pytest_pycollect_makemodule(module_path, parent):
            if module_path.name == "test_first.py": return First.from_parent(parent, path=module_path)

        def pytest_pycollect_makeitem(collector, name, obj):
            if name.startswith("check_"):
                return [pytest.Function.from_parent(collector, name=name),
                        pytest.Function.from_parent(collector, name=name + "_again", callobj=obj)]

        def pytest_ignore_collect(collection_path):
            return True if "ignored" in collection_path.name else None

        def pytest_generate_tests(metafunc):
            if "many" in metafunc.fixturenames:
                metafunc.parametrize("many", range(metafunc.config.getoption("many")), ids=lambda n: f"n{n}", scope="module")

        def pytest_itemcollected(item):
            told = getattr(getattr(item, "obj", None), "__doc__", None)
            if told: item._nodeid = told

        @pytest.hookimpl(hookwrapper=True)
        def pytest_make_collect_report(collector):
            outcome = yield
            report = outcome.get_result()
            if collector.name == "test_skips.py":
                report.outcome, report.longrepr, report.result = "skipped", ("test_skips.py", 1, "Skipped: by a hook"), []
            if collector.name == "test_breaks.py":
                report.outcome, report.longrepr, report.result = "failed", "made to fail", []
    """,
    "test_made": """
        def check_twice(): pass
        def test_many(many): assert many != 3
        def test_other(many): pass
        def test_told(): "A name with spaces / and more"
        def test_told_again():
            "A name with spaces / and more"
            assert 0
    """,
    "test_first": "def test_1(): pass\ndef test_2(): assert 0\n",
    "test_skips": "def test_a(): pass\n",
    "test_breaks": "def test_a(): pass\n",
    "test_ignored": "raise ValueError\n",
}

CHOOSES = {
    "conftest": """
        import pytest

        @pytest.fixture
        def boom(): raise OSError("boom")

        def pytest_collection_modifyitems(config, items):
            out = [item for item in items if item.name == "test_out"]
            config.hook.pytest_deselected(items=out)
            items[:] = sorted((item for item in items if item not in out), key=lambda item: item.name[::-1])
            for item in list(items):
                if item.name == "test_twice": items.append(item)
                if item.name == "test_copied":
                    items.append(pytest.Function.from_parent(item.parent, name=item.name, callobj=item.obj))
                if item.name == "test_renamed": item._nodeid = item.nodeid.replace("test_renamed", "spec renamed")
                if item.name == "test_skipped": item.add_marker(pytest.mark.skip(reason="by a hook"))
                if item.name == "test_expected": item.add_marker(pytest.mark.xfail(strict=True))
                if item.name == "test_boom": item.add_marker(pytest.mark.usefixtures("boom"))

        def pytest_collection_finish(session):
            session.items[:] = [item for item in session.items if item.name != "test_late"]
    """,
    "test_chosen": "".join(f"def test_{name}(): {body}\n" for name, body in (
        ("out", "assert 0"), ("twice", "pass"), ("copied", "assert 0"), ("renamed", "assert 0"), ("skipped", "assert 0"),
        ("expected", "pass"), ("boom", "pass"), ("late", "assert 0"))),
}

RUNS = {
    "conftest": """
        import asyncio, inspect
        import pytest
        from _pytest.runner import runtestprotocol

        def made(item, number, when, text=None):
            return pytest.TestReport(
                nodeid=f"{item.nodeid}[{number}]", location=item.location, keywords={}, when=when, longrepr=text,
                outcome="failed" if text else "passed")

        def pytest_runtest_protocol(item, nextitem):
            log = item.ihook.pytest_runtest_logreport
            if item.name == "test_silent": return True
            if item.name == "test_own":
                item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
                for report in runtestprotocol(item, nextitem=nextitem, log=False):
                    if report.when == "call": report.outcome, report.longrepr = "failed", "by the protocol"
                    log(report=report)
                item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
                return True
            if item.name == "test_third":
                for _ in range(3): reports = runtestprotocol(item, nextitem=nextitem, log=False)
                for report in reports: log(report=report)
                return True
            if item.name == "test_several":
                for number in range(3):
                    for when in ("setup", "call", "teardown"):
                        log(report=made(item, number, when, "made" if (number, when) == (1, "call") else None))
                return True

        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            if inspect.iscoroutinefunction(pyfuncitem.obj):
                asyncio.run(pyfuncitem.obj())
                return True
            if pyfuncitem.name == "test_not_called": return True
            if pyfuncitem.name == "test_skipped": pytest.skip("by a hook")

        def pytest_runtest_setup(item):
            if item.name == "test_hook_skips": pytest.skip("before it")

        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            report = outcome.get_result()
            changes = {
                ("test_to_skipped", "call"): ("skipped", ("f", 1, "Skipped: flipped")),
                ("test_to_passed", "call"): ("passed", None),
                ("test_to_failed", "call"): ("failed", "flipped"),
                ("test_odd", "call"): ("failed", {"odd": 1}),
                ("test_torn", "teardown"): ("failed", "torn"),
                ("test_not_set_up", "setup"): ("skipped", ("f", 2, "Skipped: at setup"))}
            if (item.name, call.when) in changes: report.outcome, report.longrepr = changes[item.name, call.when]
            if item.name == "test_expected" and call.when == "call": report.outcome, report.wasxfail = "skipped", "known"
            if item.name == "test_more": report.sections.append(("Own", "section")); report.extra = object()
    """,
    "test_run": "COUNT = []\nasync def test_coroutine(): assert 0\n" + "".join(
        f"def test_{name}(): {body}\n" for name, body in (
            ("own", "pass"), ("silent", "assert 0"), ("third", "COUNT.append(1); assert len(COUNT) == 3"), ("several", "pass"),
            ("not_called", "assert 0"), ("skipped", "assert 0"), ("hook_skips", "assert 0"), ("to_skipped", "assert 0"),
            ("to_passed", "assert 0"), ("to_failed", "pass"), ("expected", "assert 0"), ("odd", "pass"), ("torn", "pass"),
            ("not_set_up", "pass"), ("more", "pass"))),
}

#: What ends a session otherwise than its tests do.
ENDS = {
    "an error while tests are chosen": "def pytest_collection_modifyitems(): raise ValueError('chosen')",
    "an exit while tests are chosen": "import pytest\ndef pytest_collection_modifyitems(): pytest.exit('now', returncode=9)",
    "no test is left": "def pytest_collection_modifyitems(items): items.clear()",
    "an error while a report is made": "def pytest_runtest_makereport(item): raise ValueError('made')",
    "an error in the summary": "def pytest_terminal_summary(): raise ValueError('summary')",
    "an exit in the summary": "import sys\ndef pytest_terminal_summary(): sys.exit(4)",
    "an error at the end": "def pytest_sessionfinish(): raise ValueError('at the end')",
    "a stop": "def pytest_runtest_makereport(item): item.session.shouldstop = 'enough'",
    "a failure of the session": "def pytest_runtest_makereport(item): item.session.shouldfail = 'enough'",
}


def compare(project: Path, engine: str, files: Dict[str, str], *args: str) -> Run:
    """Run the project with plain pytest and here; the outcomes, the counts and the exit code are the same."""
    write(project, **files)
    options: List[str] = ["-p", "no:cacheprovider", *args]
    plain = serial(project, *options, "--junitxml=plain.xml")
    run = Run(project, [*options, "--junitxml=ours.xml"], engine=engine).complete()
    expected, found = told(project / "plain.xml"), told(project / "ours.xml")
    assert {name: (expected.get(name), found.get(name)) for name in {*expected, *found}
            if sorted(expected.get(name, [])) != sorted(found.get(name, []))} == {}
    assert last_line(run.printed) == last_line(plain.stdout) and run.status == plain.returncode
    return run


def test_tests_that_hooks_make(project: Path, engine: str) -> None:
    (project / "some.lines").write_text("one two three four five same same same")
    (project / "broken.lines").write_text("one")
    compare(project, engine, MAKES, "--continue-on-collection-errors", "--many=5")


def test_tests_that_hooks_choose(project: Path, engine: str) -> None:
    compare(project, engine, CHOOSES)


def test_tests_that_hooks_run_and_judge(project: Path, engine: str) -> None:
    compare(project, engine, RUNS)


@pytest.mark.parametrize("conftest", ENDS.values(), ids=[name.replace(" ", "_") for name in ENDS])
def test_a_session_that_hooks_end_has_the_exit_code_of_plain_pytest(project: Path, engine: str, conftest: str) -> None:
    write(project, conftest=conftest, test_a="def test_a(): pass\ndef test_b(): pass\n")
    run = Run(project, ["-p", "no:cacheprovider"], engine=engine, workers=1).complete()
    assert run.status == run.of("bye")[0]["exitstatus"] == serial(project, "-p", "no:cacheprovider").returncode


@pytest.mark.parametrize("body", ["pytest.exit('now')", "raise KeyboardInterrupt"])
def test_a_test_that_was_cut_short_is_not_in_the_file_of_pytest(project: Path, engine: str, body: str) -> None:
    write(project, test_a=f"import pytest\ndef test_a(): pass\ndef test_b(): {body}\n")
    run = Run(project, ["--junitxml=ours.xml"], engine=engine, workers=1).complete()
    assert run.status == serial(project, "--junitxml=plain.xml").returncode
    assert set(told(project / "ours.xml")) == {"test_a::test_a"}
    assert set(told(project / "plain.xml")) == {"test_a::test_a", "None::None"}
