"""Real plugins under the fork and spawn engines, compared with a serial run or with pytest-xdist itself."""

from __future__ import annotations

import functools
import json
import os
import sqlite3
import subprocess
import textwrap
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

import outfit
from driver import Run
from outfit import Outfit
from test_fork import last_line, write


PROGRAM = Path(__file__).resolve().parents[3] / "plimsoll"


@functools.lru_cache(maxsize=None)
def made(make: Callable[[], Outfit]) -> Any:
    try:
        return make()
    except outfit.Missing as missing:
        return missing


def needed(make: Callable[[], Outfit], module: str) -> Outfit:
    found = made(make)
    if not isinstance(found, Outfit) or not outfit.has(found, module):
        pytest.skip(f"no registry of this machine has {module}: {found if isinstance(found, Exception) else ''}")
    return found


def plain(project: Path, kit: Outfit, *args: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([kit.python, "-m", "pytest", *args], cwd=project, capture_output=True, text=True,
                          env={**os.environ, **kit.environ})


def ours(project: Path, kit: Outfit, engine: str, *args: str, **options: Any) -> Run:
    run = Run(project, args, engine=engine, python=kit.python, environ=kit.environ, **options).complete()
    asked = run.of("collected")
    assert not asked or asked[0]["engine"] == engine, asked[0]["why"]
    return run


LIBRARY = """
    def kind(number):
        if number % 2:
            return "odd"
        elif number > 100:
            return "large"
        return "even"
    def with_child(number):
        return number if number else None
    def never():
        return 1
    if __name__ == "__main__":
        never()
"""
COVERED = """
    import pytest, library
    @pytest.fixture(scope="session")
    def once():
        yield library.with_child(1)
        library.with_child(0)
    @pytest.mark.parametrize("x", range(12))
    def test_x(x, once): assert library.kind(x)
"""


def coverage_of(project: Path) -> Dict[str, Any]:
    found = json.loads((project / "coverage.json").read_text())["files"]
    return {name: {part: file[part] for part in ("executed_lines", "missing_lines", "executed_branches",
                                                 "missing_branches") if part in file}
            for name, file in found.items()}


@pytest.mark.parametrize("settings", ["", "parallel = true\n"], ids=["plain", "parallel"])
def test_cov_is_that_of_a_serial_run_line_for_line(project: Path, engine: str, settings: str) -> None:
    kit = needed(outfit.from_pip, "pytest_cov")
    write(project, library=LIBRARY, test_a=COVERED)
    (project / ".coveragerc").write_text("[run]\nbranch = true\n" + settings)
    args = ["--cov=.", "--cov-report=json"]
    plain(project, kit, *args)
    expected = coverage_of(project)
    assert expected["library.py"]["missing_lines"] and expected["test_a.py"]["executed_lines"]
    run = ours(project, kit, engine, *args, workers=3, batch=2)
    assert run.status == 0 and coverage_of(project) == expected
    assert [path.name for path in project.glob(".coverage*") if path.name not in (".coverage", ".coveragerc")] == []


def test_cov_of_merged_shards_is_that_of_a_serial_run(project: Path) -> None:
    kit = needed(outfit.from_pip, "pytest_cov")
    write(project, library=LIBRARY, test_a=COVERED, test_b="import library\ndef test_large(): assert library.kind(102)\n")
    (project / ".git").mkdir()
    (project / ".coveragerc").write_text("[run]\nbranch = true\n")
    plain(project, kit, "--cov=.", "--cov-report=json")
    expected = coverage_of(project)
    assert expected["library.py"]["missing_lines"]
    for name in (".coverage", "coverage.json"):
        (project / name).unlink()

    def program(*args: str) -> None:
        ended = subprocess.run([str(PROGRAM), *args, "--python", kit.python], cwd=project, capture_output=True, text=True,
                               env={**os.environ, **kit.environ})
        assert ended.returncode == 0, ended.stdout + ended.stderr

    for shard in (1, 2, 3):
        program("run", "--shard", f"{shard}/3", "--cov=.", "--cov-report=")
    program("merge", "plimsoll-shards", "--shards", "3", "--cov", "--cov-fail-under", "50")
    subprocess.run([kit.python, "-m", "coverage", "json", "-q"], cwd=project, check=True)
    assert coverage_of(project) == expected


def test_cov_contexts_name_the_tests(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_cov")
    write(project, library=LIBRARY, test_a=COVERED)
    ours(project, kit, engine, "--cov=library", "--cov-context=test", "--cov-report=")
    with sqlite3.connect(project / ".coverage") as data:
        contexts = {row[0] for row in data.execute("select context from context")}
    assert {f"test_a.py::test_x[{x}]|run" for x in range(12)} <= contexts


def test_cov_says_which_worker_crashed_and_keeps_the_rest(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_cov")
    write(project, library=LIBRARY, test_a=COVERED, test_b="import os\ndef test_exit(): os._exit(3)\n")
    run = ours(project, kit, engine, "--cov=library", workers=2, batch=2)
    assert run.outcomes.pop("test_b.py::test_exit") == "crashed" and set(run.outcomes.values()) == {"passed"}
    crashed = next(gone["worker"] for gone in run.of("gone") if not gone["expected"])
    assert "failed to return coverage data" in run.printed
    assert crashed in run.printed.split("failed to return coverage data")[1].split("Name")[0]


def test_cov_fails_under_its_limit(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_cov")
    write(project, library=LIBRARY, test_a=COVERED)
    run = ours(project, kit, engine, "--cov=library", "--cov-fail-under=99")
    assert run.status == 1 and "Required test coverage of 99" in run.printed


def test_timeout_by_signal_fails_the_test(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_timeout")
    write(project, test_a="import time\ndef test_slow(): time.sleep(60)\ndef test_fast(): pass\n")
    run = ours(project, kit, engine, "--timeout=1", "--timeout-method=signal")
    assert run.outcomes == {"test_a.py::test_slow": "failed", "test_a.py::test_fast": "passed"}
    assert "Timeout" in next(done["text"] for done in run.of("done") if done["outcome"] == "failed")


def test_timeout_by_thread_ends_the_worker_and_its_stacks_are_told(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_timeout")
    write(project, test_a="import time\ndef test_slow(): time.sleep(60)\ndef test_fast(): pass\n")
    run = ours(project, kit, engine, "--timeout=1", "--timeout-method=thread")
    assert run.outcomes == {"test_a.py::test_slow": "crashed", "test_a.py::test_fast": "passed"}
    gone = next(gone for gone in run.of("gone") if not gone["expected"])
    assert gone["status"] == 1 and gone["phase"] == "call" and run.items[gone["item"]]["id"].endswith("test_slow")
    assert "Timeout" in gone["output"] + gone["stack"] and "test_slow" in gone["output"] + gone["stack"]


def test_asyncio_mock_and_hypothesis(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_asyncio")
    needed(outfit.from_pip, "pytest_mock")
    needed(outfit.from_pip, "hypothesis")
    write(project, test_a="""
        import asyncio, os, pytest, pytest_asyncio
        from hypothesis import given, strategies
        @pytest_asyncio.fixture
        async def value():
            await asyncio.sleep(0)
            yield 3
        @pytest.mark.asyncio
        @pytest.mark.parametrize("x", range(3))
        async def test_async(value, x): assert await asyncio.sleep(0.01, value) == 3
        @pytest.mark.asyncio(loop_scope="module")
        async def test_wider_loop(): await asyncio.to_thread(int)
        def test_mock(mocker):
            mocker.patch("os.getcwd", return_value="elsewhere")
            assert os.getcwd() == "elsewhere"
        def test_unmocked(): assert os.getcwd() != "elsewhere"
        @given(strategies.integers())
        def test_holds(x): assert x == x
        @given(strategies.integers())
        def test_falsified(x): assert x < 1000
    """)
    run = ours(project, kit, engine, "-p", "no:warnings")
    assert last_line(run.printed) == last_line(plain(project, kit, "-p", "no:warnings").stdout) == "1 failed, 7 passed"
    assert "x=1000" in next(done["text"] for done in run.of("done") if done["outcome"] == "failed")


def test_benchmarks_run_unmeasured_and_that_is_said(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_benchmark")
    write(project, test_a="def test_a(benchmark): assert benchmark(lambda: 3) == 3\ndef test_b(): pass\n")
    run = ours(project, kit, engine, "-W", "error")
    assert run.status == 0 and set(run.outcomes.values()) == {"passed"}
    assert [note["text"] for note in run.of("note")] == [
        "1 benchmark ran once and unmeasured: figures taken beside other tests mean nothing."
        " Measure with: python -m pytest --benchmark-only"]
    assert "OPS" not in run.printed


def test_the_api_of_an_installed_xdist(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "xdist")
    write(project, conftest="""
        import xdist
        def pytest_sessionfinish(session):
            with open(f"seen-{xdist.get_xdist_worker_id(session)}", "w") as file:
                print(xdist.is_xdist_worker(session), xdist.is_xdist_controller(session), file=file)
    """, test_a="""
        import xdist
        def test_a(request, worker_id, testrun_uid):
            assert xdist.is_xdist_worker(request) and not xdist.is_xdist_controller(request)
            assert xdist.get_xdist_worker_id(request) == worker_id and testrun_uid
    """)
    run = ours(project, kit, engine, "-n2", workers=1)
    assert set(run.outcomes.values()) == {"passed"}
    assert (project / "seen-master").read_text() == "False True\n"
    assert (project / "seen-gw0").read_text() == "True False\n"
    assert "workers" not in run.printed, "pytest-xdist's own session must stay out"


def django_project(project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\nDJANGO_SETTINGS_MODULE = settings\npythonpath = .\n")
    (project / "app").mkdir()
    (project / "app/__init__.py").write_text("")
    write(project, settings="""
        SECRET_KEY = "x"
        INSTALLED_APPS = ["app"]
        USE_TZ = True
        DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "live.db",
                                 "TEST": {"NAME": "test.db"}}}
    """, test_db="""
        import pytest
        from django.db import connection
        from app.models import Thing
        @pytest.mark.django_db
        @pytest.mark.parametrize("x", range(6))
        def test_alone(x, worker_id):
            assert Thing.objects.count() == 0
            Thing.objects.create(name=str(x))
            assert str(connection.settings_dict["NAME"]).endswith(f"test.db_{worker_id}")
    """)
    (project / "app/models.py").write_text(
        "from django.db import models\nclass Thing(models.Model):\n    name = models.CharField(max_length=9)\n")


def test_django_has_a_database_for_each_worker(project: Path, engine: str) -> None:
    kit = needed(outfit.from_debian, "pytest_django")
    django_project(project)
    run = ours(project, kit, engine, workers=2, batch=1)
    assert len(run.outcomes) == 6 and set(run.outcomes.values()) == {"passed"}, run.printed
    assert list(project.glob("*.db*")) == []
    reused = ours(project, kit, engine, "--reuse-db", workers=2, batch=1)
    assert set(reused.outcomes.values()) == {"passed"}
    kept = {path.name for path in project.glob("test.db*")}
    assert kept and kept <= {"test.db_gw0", "test.db_gw1"}
    again = ours(project, kit, engine, "--reuse-db", workers=2, batch=1)
    assert set(again.outcomes.values()) == {"passed"}


def test_forked_runs_each_test_in_a_child(project: Path, engine: str) -> None:
    kit = needed(outfit.from_debian, "pytest_forked")
    write(project, test_a="""
        import os
        HERE = os.getpid()
        def test_own(): assert os.getpid() != os.getpgrp()
        def test_fails(): assert 0
        def test_dies(): os.kill(os.getpid(), 11)
        def test_after(): pass
    """)
    run = ours(project, kit, engine, "--forked", workers=1)
    assert run.outcomes == {
        f"test_a.py::test_{name}": outcome for name, outcome in (
            ("own", "passed"), ("fails", "failed"), ("dies", "failed"), ("after", "passed"))}
    assert run.status == 1, run.printed


def test_rerunfailures(project: Path, engine: str) -> None:
    kit = needed(outfit.from_debian, "pytest_rerunfailures")
    write(project, test_a="""
        import os, pytest
        @pytest.mark.parametrize("x", range(3))
        def test_flaky(x):
            if not os.path.exists(f"tried-{x}"):
                open(f"tried-{x}", "w").close()
                raise ValueError
        def test_steady(): pass
        def test_never(): assert 0
    """)
    run = ours(project, kit, engine, "--reruns=2")
    assert last_line(run.printed) == "1 failed, 4 passed, 5 rerun"
    assert sorted(run.outcomes.values()) == ["failed"] + ["passed"] * 4


def test_rerunfailures_and_retries_multiply(project: Path, engine: str) -> None:
    kit = needed(outfit.from_debian, "pytest_rerunfailures")
    write(project, test_a="""
        def test_never():
            with open("tries", "a") as file:
                file.write("x")
            assert 0
    """)
    run = ours(project, kit, engine, "--reruns=1", retries=1)
    assert last_line(run.printed) == "1 failed, 3 rerun"
    assert run.outcomes == {"test_a.py::test_never": "failed"}
    assert (project / "tries").read_text() == "xxxx"


def test_subtests_bdd_repeat_order_and_instafail(project: Path, engine: str) -> None:
    kit = needed(outfit.from_debian, "pytest_subtests")
    (project / "sum.feature").write_text(
        "Feature: sums\n  Scenario: two\n    Given a number\n    When doubled\n    Then it is four\n")
    write(project, test_bdd="""
        from pytest_bdd import given, scenarios, then, when
        scenarios("sum.feature")
        @given("a number", target_fixture="number")
        def number(): return [2]
        @when("doubled")
        def doubled(number): number.append(number[0] * 2)
        @then("it is four")
        def four(number): assert number[-1] == 4
    """, test_a="""
        import pytest
        def test_parts(subtests):
            for x in range(4):
                with subtests.test(msg="part", x=x): assert x != 2
        @pytest.mark.repeat(3)
        def test_again(): pass
        @pytest.mark.order(1)
        def test_first(): pass
    """)
    run = ours(project, kit, engine, "--instafail")
    expected = plain(project, kit)
    assert sorted(last_line(run.printed).split(", ")) == sorted(last_line(expected.stdout).split(", "))
    assert run.items[0]["id"] == "test_a.py::test_first" and run.status == expected.returncode == 1
    assert "part" in next(done["text"] for done in run.of("done") if done["outcome"] == "failed")


def test_the_contract_of_randomly(project: Path, engine: str) -> None:
    """pytest-randomly hands its seed to workers, shuffles by it, and seeds before each test."""
    kit = needed(outfit.from_pip, "xdist")
    write(project, conftest="""
        import os, random
        SEED = int.from_bytes(os.urandom(4), "big")
        class Nodes:
            def pytest_configure_node(self, node): node.workerinput["randomly_seed"] = node.config.seed
        def pytest_configure(config):
            config.seed = getattr(config, "workerinput", {}).get("randomly_seed", SEED)
            if config.pluginmanager.hasplugin("xdist"):
                config.pluginmanager.register(Nodes())
        def pytest_collection_modifyitems(config, items): random.Random(config.seed).shuffle(items)
        def pytest_runtest_setup(item): random.seed(item.config.seed)
    """, test_a="""
        import pytest, random
        @pytest.mark.parametrize("x", range(12))
        def test_x(x, request, record_property):
            assert request.config.workerinput["randomly_seed"] == request.config.seed
            with open(f"drawn-{x}", "w") as file: print(request.config.seed, random.random(), file=file)
    """)
    run = ours(project, kit, engine, batch=2)
    assert list(run.outcomes.values()) == ["passed"] * 12, run.printed
    assert len({path.read_text() for path in project.glob("drawn-*")}) == 1


def test_the_contract_of_html_and_json_report(project: Path, engine: str) -> None:
    """They write one file when the session ends, from the reports that came to the process that is no worker. Under
    fork they live in workers as well, for they asked before the fork; the controller writes last."""
    write(project, conftest="""
        import json, pytest
        class Writer:
            def __init__(self): self.rows = []
            def pytest_runtest_logreport(self, report):
                node = getattr(report, "node", None)
                self.rows.append([report.nodeid, report.when, report.outcome, report.capstdout, report.extras,
                                  dict(report.user_properties), node and node.gateway.id])
            def pytest_sessionfinish(self, session):
                with open("report.json", "w") as file: json.dump(self.rows, file)
        def pytest_configure(config):
            if not hasattr(config, "workerinput"):
                config.pluginmanager.register(Writer(), "writer")
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            outcome.get_result().extras = [{"name": item.name}]
    """, test_a="""
        def test_a(record_property):
            record_property("key", 3)
            print("said")
        def test_b(): assert 0
    """)
    run = Run(project, engine=engine, workers=1).complete()
    assert len(run.outcomes) == 2
    rows = json.loads((project / "report.json").read_text())
    assert sorted(row[:3] for row in rows) == sorted(
        [f"test_a.py::test_{name}", when, "failed" if (name, when) == ("b", "call") else "passed"]
        for name in "ab" for when in ("setup", "call", "teardown"))
    assert ["test_a.py::test_a", "call", "passed", "said\n", [{"name": "test_a"}], {"key": 3}, "gw0"] in rows


def test_the_contract_of_reportlog(project: Path, engine: str) -> None:
    """pytest-reportlog opens its file when it is configured, and writes a line for each report at once."""
    (project / "pytest_reportlog").mkdir()
    (project / "pytest_reportlog/plugin.py").write_text(textwrap.dedent("""
        def pytest_configure(config):
            if not hasattr(config, "workerinput"):
                config.pluginmanager.register(ReportLogPlugin(), "report-log-plugin")
        class ReportLogPlugin:
            def __init__(self): self.file = open("report.log", "w", buffering=1)
            def pytest_runtest_logreport(self, report): self.file.write(f"{report.nodeid} {report.when}\\n")
            def pytest_sessionfinish(self): self.file.write("end\\n")
    """))
    (project / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = -p pytest_reportlog.plugin\n")
    write(project, test_a="def test_a(): pass\ndef test_b(): pass\n")
    chosen = engine.replace("fork", "auto")  # workers do not have its file
    run = Run(project, engine=chosen, environ={"PYTHONPATH": str(project)}).complete()
    assert len(run.outcomes) == 2 and run.of("collected")[0]["engine"] == engine, run.printed
    lines = (project / "report.log").read_text().splitlines()
    assert len(lines) == 7 and lines[-1] == "end"


def test_bdd_writes_one_report(project: Path, engine: str) -> None:
    kit = needed(outfit.from_debian, "pytest_bdd")
    (project / "sum.feature").write_text(
        "Feature: sums\n  Scenario: one\n    Given a number\n  Scenario: two\n    Given a number\n")
    write(project, test_bdd="""
        from pytest_bdd import given, scenarios
        scenarios("sum.feature")
        @given("a number")
        def number(): return 2
    """)
    run = ours(project, kit, engine, "--cucumberjson=report.json", batch=1)
    assert len(run.outcomes) == 2, run.printed
    feature, = json.loads((project / "report.json").read_text())
    assert sorted(element["name"] for element in feature["elements"]) == ["one", "two"]
