"""What a project leaves in its process before the tests run, and what forked workers make of it."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
from pathlib import Path
from typing import Any, List

import pytest

from driver import Run
from test_fork import write

DRAWS = """
    import json, pytest
    {header}
    @pytest.mark.parametrize("x", range(2))
    def test_draw(x):
        with open(f"drawn-{{x}}", "w") as file: json.dump({draw}, file)
"""


@pytest.fixture(params=["fork", "spawn"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def drawn(project: Path, engine: str, header: str, draw: str) -> List[Any]:
    """What the first draws of two workers are."""
    write(project, test_a=DRAWS.format(header=header, draw=draw))
    run = Run(project, engine=engine, workers=1, batch=1, fresh=True).complete()
    assert list(run.outcomes.values()) == ["passed"] * 2, run.printed
    return [json.loads((project / f"drawn-{x}").read_text()) for x in range(2)]


def test_random_differs_between_workers(project: Path, engine: str) -> None:
    one, two = drawn(project, engine, "import random; random.random()", "random.random()")
    assert one != two


def test_random_that_is_seeded_at_import_is_the_same_in_all_workers(project: Path, engine: str) -> None:
    one, two = drawn(project, engine, "import random; random.seed(3)", "random.random()")
    assert one == two == random.Random(3).random()


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="this environment has no numpy")
def test_numpy_differs_between_workers(project: Path, engine: str) -> None:
    one, two = drawn(project, engine, "import numpy; numpy.random.random()", "numpy.random.random()")
    assert one != two


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="this environment has no numpy")
def test_numpy_that_is_seeded_at_import_is_the_same_in_all_workers(project: Path, engine: str) -> None:
    import numpy

    one, two = drawn(project, engine, "import numpy; numpy.random.seed(3)", "numpy.random.random()")
    assert one == two == numpy.random.RandomState(3).random()


@pytest.mark.parametrize("header, named", [
    ("import logging.handlers, queue\n    listener = logging.handlers.QueueListener(queue.Queue()); listener.start()",
     "Python thread"),
    ("import concurrent.futures as f\n    pool = f.ThreadPoolExecutor(1); pool.submit(int).result()", "Python thread"),
], ids=["queue listener", "thread pool"])
def test_threads_at_import_lead_to_spawn_and_are_named(project: Path, header: str, named: str) -> None:
    write(project, test_a=DRAWS.format(header=header, draw="[]"))
    run = Run(project).complete()
    collected = run.of("collected")[0]
    assert collected["engine"] == "spawn" and named in collected["why"] and set(run.outcomes.values()) == {"passed"}


def test_a_sqlite_connection_of_the_module_reads_what_was_committed(project: Path, engine: str) -> None:
    write(project, test_a="""
        import pytest, sqlite3
        held = sqlite3.connect("held.db")
        held.execute("create table if not exists t (x)"); held.execute("delete from t")
        held.execute("insert into t values (3)"); held.commit()
        @pytest.mark.parametrize("x", range(4))
        def test_reads(x): assert held.execute("select x from t").fetchall() == [(3,)]
    """)
    assert set(Run(project, engine=engine, batch=1).complete().outcomes.values()) == {"passed"}


def test_a_folder_made_at_import_outlives_all_workers_but_not_the_run(project: Path) -> None:
    write(project, test_a="""
        import os, pytest, tempfile
        folder = tempfile.TemporaryDirectory(dir=".")
        @pytest.mark.parametrize("x", range(4))
        def test_there(x):
            with open(f"{folder.name}/{x}", "w"): pass
    """)
    run = Run(project, batch=1).complete()
    assert set(run.outcomes.values()) == {"passed"} and list(project.glob("tmp*")) == []


def test_an_asyncio_loop_of_the_module_is_not_the_workers(project: Path, engine: str) -> None:
    write(project, test_a="""
        import asyncio, pytest
        asyncio.run(asyncio.sleep(0))
        @pytest.mark.parametrize("x", range(4))
        def test_loop(x): assert asyncio.run(asyncio.sleep(0.01, x)) == x
    """)
    assert set(Run(project, engine=engine, batch=1).complete().outcomes.values()) == {"passed"}


def test_multiprocessing_in_a_test(project: Path, engine: str) -> None:
    write(project, test_a="""
        import multiprocessing, pytest
        @pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
        def test_pool(method):
            with multiprocessing.get_context(method).Pool(1) as pool: assert pool.map(abs, [-1, 2]) == [1, 2]
    """)
    assert set(Run(project, engine=engine, batch=1).complete().outcomes.values()) == {"passed"}


def test_configure_and_sessionstart_run_once_under_fork_and_in_each_worker_under_spawn(
        project: Path, engine: str) -> None:
    write(project, conftest="""
        def say(what):
            with open("said", "a") as file: file.write(what + " ")
        def pytest_configure(config): say("configure")
        def pytest_sessionstart(session): say("start")
        def pytest_sessionfinish(session): say("finish")
    """, test_a="def test_a(): pass\n")
    Run(project, engine=engine, workers=1).complete()
    said = (project / "said").read_text().split()
    times = 1 if engine == "fork" else 2
    assert [said.count(what) for what in ("configure", "start", "finish")] == [times, times, 2]


def test_a_session_fixture_made_once_by_the_filelock_recipe(project: Path, engine: str) -> None:
    write(project, test_a="""
        import fcntl, json, os, pytest
        @pytest.fixture(scope="session")
        def data(tmp_path_factory, worker_id):
            place = tmp_path_factory.getbasetemp().parent / "data.json"
            with open(str(place) + ".lock", "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not place.exists():
                    with open("made", "a") as file: file.write("x")
                    place.write_text(json.dumps({"by": worker_id}))
                return json.loads(place.read_text())
        @pytest.mark.parametrize("x", range(6))
        def test_shared(data, x, tmp_path, worker_id):
            assert data["by"].startswith("gw") and f"popen-{worker_id}" in str(tmp_path)
    """)
    run = Run(project, engine=engine, workers=3, batch=1).complete()
    assert set(run.outcomes.values()) == {"passed"} and (project / "made").read_text() == "x"


OPENMP = """
int work(int n) {
    int sum = 0;
    #pragma omp parallel for reduction(+:sum) num_threads(3)
    for (int i = 0; i < n; i++) sum += i;
    return sum;
}
"""


def test_an_openmp_pool_that_has_worked_leads_to_spawn_and_is_named(project: Path) -> None:
    (project / "pool.c").write_text(OPENMP)
    try:
        subprocess.run(["gcc", "-fopenmp", "-shared", "-fPIC", "-o", "pool.so", "pool.c"], cwd=project, check=True)
    except OSError:
        pytest.skip("this machine has no gcc")
    write(project, test_a="""
        import ctypes, pytest
        pool = ctypes.CDLL("./pool.so")
        assert pool.work(100) == 4950
        @pytest.mark.parametrize("x", range(4))
        def test_pool(x): assert pool.work(10) == 45
    """)
    run = Run(project).complete()
    collected = run.of("collected")[0]
    assert collected["engine"] == "spawn" and "an OpenMP pool: libgomp" in collected["why"]
    assert list(run.outcomes.values()) == ["passed"] * 4
