"""What a project leaves in its process before the tests run, and what forked workers make of it."""

from __future__ import annotations

import importlib.util
import json
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

import outfit
from driver import Run
from test_fork import write
from test_plugins import needed

DRAWS = """
    import json, pytest
    {header}
    @pytest.mark.parametrize("x", range(2))
    def test_draw(x):
        with open(f"drawn-{{x}}", "w") as file: json.dump({draw}, file)
"""


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


@pytest.mark.parametrize("engine", ["auto", "fork"])
def test_what_was_opened_at_import_spawns_and_a_fork_that_is_asked_for_warns(project: Path, engine: str) -> None:
    write(project, test_a="""
        import asyncio, pytest, socket, sqlite3
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        held = sqlite3.connect("held.db"); held.execute("create table if not exists t (x)"); held.commit()
        loop = asyncio.new_event_loop()
        @pytest.mark.parametrize("x", range(2))
        def test_own_loop(x): assert asyncio.run(asyncio.sleep(0, x)) == x
    """)
    run = Run(project, engine=engine).complete()
    collected = run.of("collected")[0]
    told = collected["why"] if engine == "auto" else " ".join(note["text"] for note in run.of("note"))
    assert collected["engine"] == {"auto": "spawn", "fork": "fork"}[engine]
    assert set(run.outcomes.values()) == {"passed"}
    made_at = {"auto": " (test_a.py:{})", "fork": ""}[engine]
    for what, line in (("a connection to 127.0.0.1:", 4), ("a connection to the SQLite database held.db", 5)):
        assert what in told and made_at.format(line) in told, told


@pytest.mark.parametrize("header, seed", [
    ("own = random.Random()", None), ("own = random.Random(3)", 3), ("own = random.Random(); own.seed(3)", 3),
    ("own = random.Random(3); own.seed()", None), ("own = random.Random(); own.setstate(random.Random(3).getstate())", 3),
    ("class Own(random.Random): __hash__ = None\n    own = Own()", None)])
def test_a_generator_of_the_module_differs_between_workers_unless_it_is_seeded(
        project: Path, engine: str, header: str, seed: Optional[int]) -> None:
    one, two = drawn(project, engine, f"import random\n    {header}", "own.random()")
    assert one != two if seed is None else one == two == random.Random(seed).random()


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="this environment has no numpy")
def test_a_generator_of_numpy_is_copied_by_a_fork(project: Path, engine: str) -> None:
    one, two = drawn(project, engine, "import numpy; own = numpy.random.default_rng()", "own.random()")
    assert (one == two) is (engine == "fork")


def test_a_generator_of_a_plugin_differs_between_workers(project: Path, engine: str) -> None:
    """Plugins that are installed are loaded first of all."""
    package = project / "site-packages"
    (package / "names-1.dist-info").mkdir(parents=True)
    (package / "names-1.dist-info/METADATA").write_text("Name: names\nVersion: 1\n")
    (package / "names-1.dist-info/entry_points.txt").write_text("[pytest11]\nnames = names\n")
    (package / "names.py").write_text("import random\nown = random.Random()\n")
    write(project, test_a=DRAWS.format(header="from names import own", draw="own.random()"))
    environ = {"PYTHONPATH": str(package), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""}
    run = Run(project, engine=engine, workers=1, batch=1, fresh=True, environ=environ).complete()
    assert list(run.outcomes.values()) == ["passed"] * 2, run.printed
    one, two = ((project / f"drawn-{x}").read_text() for x in range(2))
    assert one != two


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_start_method_that_was_set_at_import_stays(project: Path, method: str) -> None:
    write(project, test_a=f"""
        import multiprocessing
        multiprocessing.set_start_method("{method}", force=True)
        def test_pool():
            assert multiprocessing.get_start_method() == "{method}"
            with multiprocessing.Pool(1) as pool: assert pool.map(abs, [-1]) == [1]
    """)
    assert Run(project, workers=1).complete().outcomes == {"test_a.py::test_pool": "passed"}


@pytest.mark.parametrize("used, expected", [("", "fork"), ("channel = grpc.insecure_channel('127.0.0.1:1');"
                                            " grpc.channel_ready_future(channel)", "spawn")], ids=["imported", "used"])
def test_grpc_leads_to_spawn_once_it_has_threads(project: Path, used: str, expected: str) -> None:
    kit = needed(outfit.from_pip, "grpc")
    write(project, test_a=DRAWS.format(header=f"import grpc; {used}", draw="[]"))
    run = Run(project, python=kit.python, environ=kit.environ).complete()
    collected = run.of("collected")[0]
    assert collected["engine"] == expected and set(run.outcomes.values()) == {"passed"}, collected


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="this environment has no numpy")
def test_openblas_that_has_worked_is_no_reason_against_forks(project: Path) -> None:
    header = "import numpy; work = lambda: float((numpy.ones((300, 300)) @ numpy.ones((300, 300)))[0, 0]); work()"
    assert drawn(project, "fork", header, "work()") == [300.0, 300.0]


def test_a_folder_made_at_import_outlives_all_workers_but_not_the_run(project: Path) -> None:
    write(project, test_a="""
        import os, pytest, tempfile
        folder = tempfile.TemporaryDirectory(dir=".")
        @pytest.mark.parametrize("x", range(4))
        def test_there(x):
            with open(f"{folder.name}/{x}", "w"): pass
    """)
    run = Run(project, engine="fork", batch=1).complete()
    assert set(run.outcomes.values()) == {"passed"} and list(project.glob("tmp*")) == []


def test_an_asyncio_loop_of_the_module_is_not_the_workers(project: Path, engine: str) -> None:
    write(project, test_a="""
        import asyncio, pytest
        asyncio.run(asyncio.sleep(0))
        @pytest.mark.parametrize("x", range(4))
        def test_loop(x): assert asyncio.run(asyncio.sleep(0.01, x)) == x
    """)
    assert set(Run(project, engine=engine, batch=1).complete().outcomes.values()) == {"passed"}


@pytest.mark.parametrize("header, told", [
    ("PID = os.getpid()", "test_a.PID since"), ("NAME = f'db_{os.getpid()}.sqlite'", "test_a.NAME since"),
    ("HERE = Path(f'/tmp/{os.getpid()}/x')", "test_a.HERE since"), ("def own(): return os.getpid()", ""),
    ("LATER = multiprocessing.Process(target=print)", "test_a.LATER._parent_pid since"),
    ("class TestA: LATER = multiprocessing.Process(target=print)", "test_a.TestA.LATER._parent_pid since"),
    ("OWN = multiprocessing.Process", ""), ("class TestA: __doc__ = str(os.getpid())", ""),
    ("class Rapids: COUNT = os.getpid()", ""),
    ("OTHER = f'1{os.getpid()}'", "")])
def test_the_number_of_the_process_that_was_kept_at_import_spawns(project: Path, header: str, told: str) -> None:
    write(project, test_a=f"""
        import multiprocessing, os
        from pathlib import Path
        {header}
        def test_a(): pass
    """)
    run = Run(project).complete()
    collected = run.of("collected")[0]
    assert run.outcomes == {"test_a.py::test_a": "passed"}
    if run.process.pid < 1000 and not header.startswith("PID") and "_pid" not in told:
        told = ""  # such a number in a text may be any other
    assert (collected["engine"], told in collected["why"]) == ("spawn" if told else "fork", True)


@pytest.mark.parametrize("conftest, told", [
    ("NAME = 'db-' + os.environ.get('PYTEST_XDIST_WORKER', 'none')", "conftest.py:2 reads PYTEST_XDIST_WORKER"),
    ("NAME = 'db-' + os.getenv('PYTEST_XDIST_WORKER', 'none')", "conftest.py:2 reads PYTEST_XDIST_WORKER"),
    ("""def name():
    return 'db-gw0' if 'PYTEST_XDIST_WORKER_COUNT' not in os.environ else 'db-' + os.environ['PYTEST_XDIST_WORKER']
class Settings:
    NAME = name()
NAME = Settings.NAME""", "conftest.py:4 reads PYTEST_XDIST_WORKER_COUNT"),
    ("NAME = None\ndef pytest_configure():\n    global NAME\n"
     "    NAME = 'db-' + os.environ.get('PYTEST_XDIST_WORKER', 'none')",
     "pytest_configure in conftest.py:3 asks which worker it runs in"),
    ("import colorsys, site_package\nNAME = None", "")])
def test_a_worker_name_that_is_read_at_import_spawns(project: Path, conftest: str, told: str) -> None:
    library = project / "site-packages"
    library.mkdir()
    (library / "site_package.py").write_text("import os\nos.environ.get('PYTEST_XDIST_WORKER')\n")
    (project / "pytest.ini").write_text("[pytest]\npythonpath = site-packages\n")
    write(project, conftest="import os\n" + conftest, test_a="""
        import os, conftest
        def test_a(worker_id): assert conftest.NAME in (None, f"db-{worker_id}")
        def test_b(worker_id): assert "PYTEST_XDIST_WORKER" in os.environ and "_PLIMSOLL_NO" not in os.environ
    """)
    run = Run(project).complete()
    assert set(run.outcomes.values()) == {"passed"}
    collected = run.of("collected")[0]
    assert (collected["engine"], told in collected["why"]) == ("spawn" if told else "fork", True)


@pytest.mark.parametrize("stop", [
    "mock.patch('time.time', side_effect=[1.0, 2.0, 3.0])", "mock.patch('time.time', side_effect=OSError)",
    "mock.patch('time.monotonic', return_value=1.0)", "mock.patch('time.time', return_value=1326499200.0)"])
def test_a_clock_that_a_module_stops_is_not_the_workers(project: Path, engine: str, stop: str) -> None:
    write(project, test_a=f"""
        import pytest, time
        from unittest import mock
        @pytest.fixture(scope="module", autouse=True)
        def clock():
            with {stop} as it: yield it
        def test_1(clock): clock.call_count == 0 or pytest.fail(str(clock.call_args_list))
        def test_2(clock): clock.call_count == 0 or pytest.fail(str(clock.call_args_list))
    """)
    run = Run(project, engine=engine, batch=1).complete()
    assert run.outcomes == {"test_a.py::test_1": "passed", "test_a.py::test_2": "passed"}
    assert all(0 <= done["duration"] < 60_000_000 for done in run.of("done"))
    assert all(abs(done["start"] / 1e6 - time.monotonic()) < 600 for done in run.of("done"))


def test_ctrl_c_that_a_test_sends_itself_or_a_program(project: Path, engine: str) -> None:
    write(project, test_a="""
        import pytest, signal, subprocess, sys
        def test_itself():
            assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
            with pytest.raises(KeyboardInterrupt): signal.raise_signal(signal.SIGINT)
        def test_program():
            with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=-3) as program:
                program.send_signal(signal.SIGINT)
                assert program.wait(20) == -signal.SIGINT
    """)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it starts by `&`
    try:
        run = Run(project, engine=engine, workers=1).complete()
    finally:
        signal.signal(signal.SIGINT, before)
    assert run.outcomes == {"test_a.py::test_itself": "passed", "test_a.py::test_program": "passed"}, run.printed


@pytest.mark.parametrize("handler", ["lambda *_: None", "signal.SIG_IGN"])
def test_what_the_project_does_on_ctrl_c_is_done_in_workers(project: Path, engine: str, handler: str) -> None:
    write(project, conftest=f"""
        import signal
        signal.signal(signal.SIGINT, {handler})
    """, test_a="""
        import conftest, signal
        def test_heard(): assert signal.getsignal(signal.SIGINT) not in (signal.SIG_DFL, signal.default_int_handler)
    """)
    assert set(Run(project, engine=engine, workers=1).complete().outcomes.values()) == {"passed"}


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


def test_what_a_worker_configures_it_undoes(project: Path, engine: str) -> None:
    says = """
        import os
        def say(what):
            with open("said", "a") as file: file.write(f"{os.getpid()} {what}\\n")
    """
    write(project, conftest=says + """
        pytest_plugins = ["other"]
        def pytest_configure(config):
            side = "worker" if hasattr(config, "workerinput") else "host"
            say(f"start in the {side}")
            config.add_cleanup(lambda: say(f"clean up after the {side}"))
        def pytest_unconfigure(): say("stop")
    """, other=says + """
        def pytest_configure(): say("start others")
        def pytest_unconfigure(): say("stop others")
    """, test_a="def test_a(): pass\n", test_b="def test_b(): pass\n")
    run = Run(project, engine=engine, batch=1, workers=1, fresh=True).complete()
    assert run.status == 0, run.printed
    said: Dict[str, List[str]] = {}
    for line in (project / "said").read_text().splitlines():
        pid, what = line.split(" ", 1)
        said.setdefault(pid, []).append(what)
    host = said.pop(str(run.process.pid))
    assert host == ["start others", "start in the host", "stop others", "stop", "clean up after the host"]
    others = engine == "spawn"
    worker = ["start others"] * others + ["start in the worker"] + ["stop others"] * others + [
        "stop", "clean up after the worker"]
    assert len(said) >= 2 and all(told == worker for told in said.values()), said


def test_an_error_of_unconfigure_in_a_forked_worker_is_told(project: Path) -> None:
    write(project, conftest="""
        def pytest_unconfigure(config):
            if hasattr(config, "workerinput"): raise ValueError("not stopped")
    """, test_a="def test_a(): pass\n")
    run = Run(project, workers=1).complete()
    assert run.outcomes == {"test_a.py::test_a": "passed"}
    assert run.status == 3 and "ValueError: not stopped" in run.printed


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


@pytest.mark.parametrize("engine", ["auto", "spawn"])
def test_a_lock_of_the_module_that_remembers_its_process(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "filelock")
    write(project, test_a="""
        import filelock, pytest
        LOCK = filelock.FileLock("held.lock")
        @pytest.fixture(autouse=True)
        def alone():
            with LOCK: yield
        @pytest.mark.parametrize("x", range(4))
        def test_alone(x):
            with open("held", "x"): pass
            __import__("os").unlink("held")
    """)
    run = Run(project, engine=engine, workers=2, batch=1, python=kit.python, environ=kit.environ).complete()
    assert set(run.outcomes.values()) == {"passed"}, run.printed


OPENMP = """
int work(int n) {
    int sum = 0;
    #pragma omp parallel for reduction(+:sum) num_threads(%d)
    for (int i = 0; i < n; i++) sum += i;
    return sum;
}
"""


def compiled(project: Path, threads: int) -> None:
    (project / "pool.c").write_text(OPENMP % threads)
    try:
        subprocess.run(["gcc", "-fopenmp", "-shared", "-fPIC", "-o", "pool.so", "pool.c"], cwd=project, check=True)
    except OSError:
        pytest.skip("this machine has no gcc")


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="this environment has no numpy")
@pytest.mark.parametrize("spins", ["300000", "5000000", "INFINITY"])
def test_an_openmp_pool_is_not_taken_for_that_of_openblas(project: Path, spins: str) -> None:
    """OpenBLAS ends its threads when somebody forks: then there are no more threads than it might have. Those of OpenMP
    spin after their work, and wait in no call of the system then."""
    compiled(project, 2)
    write(project, test_a=f"""
        import ctypes, numpy, os
        os.environ["GOMP_SPINCOUNT"] = "{spins}"
        numpy.ones((300, 300)) @ numpy.ones((300, 300))
        child = os.fork() or os._exit(0)
        os.waitpid(child, 0)
        pool = ctypes.CDLL("./pool.so")
        assert pool.work(100) == 4950
        def test_pool(): assert pool.work(10) == 45
    """)
    run = Run(project, workers=1).complete()
    collected = run.of("collected")[0]
    assert collected["engine"] == "spawn" and "an OpenMP pool: libgomp" in collected["why"], collected
    assert run.outcomes == {"test_a.py::test_pool": "passed"}


def test_an_openmp_pool_that_has_worked_leads_to_spawn_and_is_named(project: Path) -> None:
    compiled(project, 3)
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
