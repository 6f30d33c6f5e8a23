"""What our processes do besides running tests: their stack, their place among others, and their end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from driver import Run
from test_fork import write


@pytest.mark.skipif(sys.version_info < (3, 11), reason="older interpreters keep frames elsewhere")
def test_no_depth_of_calls_asks_the_kernel_for_memory_again_and_again(project: Path, engine: str) -> None:
    write(project, test_deep="""
        import resource

        def leaf(a=1, b=2, c=3, d=4): return a + b + c + d

        def faults():
            return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

        def descend(depth, found):
            before = faults()
            for _ in range(300): leaf()
            found.append(faults() - before)
            if depth: descend(depth - 1, found)

        def test_deep():
            descend(300, [])
            found = []
            descend(300, found)
            assert max(found) < 100, found
    """)
    run = Run(project, engine=engine).complete()
    assert run.outcomes == {"test_deep.py::test_deep": "passed"}, run.of("done")


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="Linux has it")
def test_the_host_stands_back_and_workers_do_not(project: Path, engine: str) -> None:
    write(project, test_policy="""
        import os

        def test_policy():
            policies = os.sched_getscheduler(os.getppid()), os.sched_getscheduler(0)
            assert policies == (os.SCHED_BATCH, os.SCHED_OTHER)
    """)
    run = Run(project, engine=engine).complete()
    assert list(run.outcomes.values()) == ["passed"], run.of("done")


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="Linux has it")
def test_a_policy_that_the_user_chose_stays(project: Path, engine: str) -> None:
    write(project, test_policy="""
        import os

        def test_policy():
            assert os.sched_getscheduler(os.getppid()) == os.sched_getscheduler(0) == os.SCHED_BATCH
    """)
    before = os.sched_getscheduler(0)
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    try:
        run = Run(project, engine=engine).complete()
    finally:
        os.sched_setscheduler(0, before, os.sched_param(0))
    assert list(run.outcomes.values()) == ["passed"], run.of("done")


def test_objects_that_answer_nothing_are_left_alone(project: Path, engine: str) -> None:
    write(project, test_proxy="""
        class Proxy:
            @property
            def __class__(self): raise RuntimeError("working outside of a request")

        PROXY = Proxy()

        def test_one():
            global LATE
            LATE = Proxy()
    """)
    run = Run(project, engine=engine).complete()
    assert (run.status, list(run.outcomes.values())) == (0, ["passed"]), run.printed


def test_what_files_still_buffer_is_written_once(project: Path, engine: str) -> None:
    write(project, conftest="""
        import os
        HOST = open("host.log", "a")
        HOST.write("imported\\n")

        def pytest_runtest_logreport(report):
            if "PYTEST_XDIST_WORKER" not in os.environ and report.when == "call":
                HOST.write("reported\\n")
    """, test_files="""
        import os
        BEFORE = open("before.log", "a")

        def test_one():
            BEFORE.write("one\\n")

        def test_two():
            global LATE
            LATE = open("late.log", "a")
            LATE.write("two\\n")
    """)
    run = Run(project, engine=engine, batch=1).complete()
    assert sorted(run.outcomes.values()) == ["passed", "passed"]
    host = (project / "host.log").read_text().splitlines()
    assert host.count("reported") == 2
    assert host.count("imported") == (1 if engine == "fork" else 1 + len(run.of("worker")))
    assert (project / "before.log").read_text() == "one\n"
    assert (project / "late.log").read_text() == "two\n"


def test_the_host_ends_as_pytest_does(project: Path) -> None:
    write(project, conftest="""
        import atexit, threading, time

        def told(text):
            with open("end.log", "a") as file: file.write(text + "\\n")

        def late():
            time.sleep(0.3)
            told("thread")

        def pytest_unconfigure():
            if "PYTEST_XDIST_WORKER" in __import__("os").environ: return
            threading.Thread(target=late).start()
            told("unconfigure")
            atexit.register(told, "exit 2")

        if "PYTEST_XDIST_WORKER" not in __import__("os").environ:
            atexit.register(told, "exit 1")
    """, test_one="def test_one(): assert 0")
    run = Run(project).complete()
    assert run.status == 1
    assert (project / "end.log").read_text().split("\n") == ["unconfigure", "thread", "exit 2", "exit 1", ""]
    assert "1 failed" in run.printed
